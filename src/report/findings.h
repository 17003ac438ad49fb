/* Findings in one format each. */
#ifndef KB_REPORT_FINDINGS_H
#define KB_REPORT_FINDINGS_H

#include "kb/escape.h"
#include "kb/findings.h"
#include "kb/report.h"

struct findings_run {
	const struct kb_findings *findings;
	struct kb_arena *arena;
	char (*prints)[41]; /* A fingerprint for each finding, in hex. */
};

/* "content-example/en/a.md" */
kb_str findings_path(const struct findings_run *run, kb_str path);
/* Message and hint in one string. */
kb_str findings_message(const struct findings_run *run, const struct kb_diag *diag);
kb_str findings_rule(const struct kb_diag *diag);
/* Can lines and columns say its edits? A byte order mark is in no column. */
bool findings_has_fix(const struct kb_diag *diag);
/* Sets a map KEY of two numbers. */
void findings_set_place(const struct findings_run *run, struct kb_value *map,
	const char *key, uint32_t line, uint32_t column);

/* For people. */
void findings_page(const struct kb_findings *findings, struct kb_report *report);
/* schemas/output/findings.json */
void findings_value(const struct kb_findings *findings, struct kb_report *report);
/* OASIS SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */
struct kb_value *findings_sarif(const struct findings_run *run);
/* GitLab's code quality report, a subset of Code Climate's format. */
struct kb_value *findings_gitlab(const struct findings_run *run);
/* reviewdog's diagnostic format (rdf.DiagnosticResult), with suggestions. Its columns
 * count bytes. */
struct kb_value *findings_rdjson(const struct findings_run *run);
/* GitHub Actions' workflow commands. GitHub shows ten of each level in a step: the worst
 * come first, and the first notice says how many more there are. */
void findings_github(const struct findings_run *run, kb_buf *out);
/* JUnit's XML as CI servers read it, with a test case for each finding, and Checkstyle's.
 */
void findings_junit(const struct findings_run *run, kb_buf *out);
void findings_checkstyle(const struct findings_run *run, kb_buf *out);

#endif
