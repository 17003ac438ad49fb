/*
 * Findings in the formats that kb prints.
 *
 * Text is for people: the place, what is wrong, the line with the place underlined,
 * and the hint. Long lines are cut to a window around the place.
 */
#ifndef KB_CMD_PRINT_H
#define KB_CMD_PRINT_H

#include "output.h"

#include "kb/buf.h"
#include "kb/diag.h"
#include "kb/json.h"

/* What is to be printed: finished findings, those that the user asked for. */
struct kb_findings {
	const struct kb_diag **items;
	size_t len, cap;
	size_t counts[KB_ERROR + 1]; /* by severity */
	size_t documents;	     /* that were checked */
	bool fresh;		     /* only what a change brought was asked for */
	kb_str prefix; /* of the content root in its repository, for what forges read */
};

void kb_findings_add(struct kb_findings *findings, const struct kb_diag *diag);
/* "2 errors and 1 warning in 40 documents" */
void kb_findings_summary(kb_buf *out, const struct kb_findings *findings);

void kb_print_text(kb_buf *out, const struct kb_findings *findings, bool quiet);
void kb_print_json(kb_buf *out, const struct kb_findings *findings);
void kb_print_json_finding(struct kb_json *json, const struct kb_diag *diag);

/* Options of commands that print findings. */
struct kb_report_values {
	kb_strs reports; /* pairs of "format" or "output" and the value */
	int fail_level;
};
extern const char *const kb_report_formats[], *const kb_fail_levels[];
#define KB_REPORT_OPTIONS(type, member)                                                  \
	{0, "format", KB_OPT_PAIRS, offsetof(type, member.reports), "FORMAT",            \
		"print findings as text (default), json, jsonl, sarif, github, gitlab, " \
		"junit, checkstyle or rdjson; may be repeated, each with --output",      \
                                                                                         \
		kb_report_formats},                                                      \
		{'o', "output", KB_OPT_PAIRS, offsetof(type, member.reports), "FILE",    \
			"write the format named before it to FILE; - is standard "       \
			"output",                                                        \
			NULL},                                                           \
	{                                                                                \
		0, "fail-level", KB_OPT_CHOICE, offsetof(type, member.fail_level),       \
			"LEVEL",                                                         \
			"end with status 1 on findings of this severity or worse: "      \
			"error "                                                         \
			"(default), warning, info or none",                              \
			kb_fail_levels                                                   \
	}

int kb_report_findings(const struct kb_cli *cli, const struct kb_report_values *values,
	const struct kb_findings *findings, struct kb_error *err);
/* KB_EXIT_OK or KB_EXIT_FOUND. */
int kb_report_status(
	const struct kb_report_values *values, const struct kb_findings *findings);

#endif
