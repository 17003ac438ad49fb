/*
 * Findings for programs: one function a format.
 *
 * Paths lead from the repository's root (PREFIX: the content root's place in it), since
 * that is where forges and editors stand; in text and JSON they lead from the content
 * root. Fingerprints are made of the rule, the path and what the line says, so that they
 * stay when lines move, and of a number where two findings would have the same.
 */
#ifndef KB_CMD_FORMAT_H
#define KB_CMD_FORMAT_H

#include "print.h"

struct kb_format {
	const struct kb_findings *findings;
	struct kb_arena *arena;
	kb_str prefix;	    /* "content-example", or empty */
	char (*prints)[41]; /* a fingerprint a finding, in hex */
};

void kb_format_init(
	struct kb_format *format, const struct kb_findings *findings, kb_str prefix);
void kb_format_dispose(struct kb_format *format);
/* "content-example/en/a.md" */
kb_str kb_format_path(const struct kb_format *format, kb_str path);
/* Message and hint in one string. */
kb_str kb_format_message(const struct kb_format *format, const struct kb_diag *diag);
/* Has it edits that lines and columns can say? A byte order mark stands in no column. */
bool kb_format_mends(const struct kb_diag *diag);

/* JSON Lines: a finding a line, as in kb_print_json. */
void kb_format_jsonl(const struct kb_format *format, kb_buf *out);
/* OASIS SARIF 2.1.0. */
void kb_format_sarif(const struct kb_format *format, kb_buf *out);
/* GitHub Actions' workflow commands. GitHub shows ten of each level a step: the worst
 * stand first, and the first notice says how many more there are. */
void kb_format_github(const struct kb_format *format, kb_buf *out);
/* GitLab's code quality report, a subset of Code Climate's format. */
void kb_format_gitlab(const struct kb_format *format, kb_buf *out);
/* JUnit's XML as CI servers read it: a test case a finding. */
void kb_format_junit(const struct kb_format *format, kb_buf *out);
/* Checkstyle's XML. */
void kb_format_checkstyle(const struct kb_format *format, kb_buf *out);
/* reviewdog's diagnostic format, with suggestions. */
void kb_format_rdjson(const struct kb_format *format, kb_buf *out);

#endif
