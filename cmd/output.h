/*
 * Where what a command reports goes: --format and --output, each of which may be
 * repeated. What people read (text, Markdown, CSV) is printed by kb_put, all else as it
 * is.
 */
#ifndef KB_CMD_OUTPUT_H
#define KB_CMD_OUTPUT_H

#include "cmd.h"

#include "kb/findings.h"
#include "kb/report.h"

struct kb_output {
	kb_str format, file;
	bool to_file; /* Otherwise to standard output. */
};
/* Writes what is reported in the output's format. */
typedef int kb_output_write_fn(
	void *ctx, const struct kb_output *output, kb_buf *out, struct kb_error *err);
/* Writes each output that the WORDS of --format and --output ask for. */
int kb_outputs_write(const struct kb_cli *cli, const kb_strs *words,
	kb_output_write_fn *write, void *ctx, struct kb_error *err);

/* Writes a format that only this command has. Returns 1 for any other format. */
typedef int kb_output_own_fn(void *ctx, kb_str format, kb_buf *out, struct kb_error *err);
/* Writes REPORT to each output; text wraps at the terminal's width. OWN may be NULL. */
int kb_output_report(const struct kb_cli *cli, const kb_strs *words,
	const struct kb_report *report, kb_output_own_fn *own, void *ctx,
	struct kb_error *err);

/* text, markdown, html, json, csv */
extern const char *const kb_output_formats[];
/* MEMBER: kb_strs; FORMATS: kb_output_formats, or a command's own, and HELP names them.
 */
#define KB_OUTPUT_OPTIONS(type, member, formats, help)                                   \
	{0, "format", KB_OPT_PAIRS, offsetof(type, member), "FORMAT", help, formats},    \
	{                                                                                \
		'o', "output", KB_OPT_PAIRS, offsetof(type, member), "FILE",             \
			"write the format before it to FILE; - is standard "             \
			"output",                                                        \
			NULL                                                             \
	}
#define KB_OUTPUT_HELP                                                                   \
	"print text (default), markdown, html, json or csv; may be repeated, each with " \
	"--output"

/* Options of commands that print findings. */
struct kb_findings_values {
	kb_strs reports; /* Pairs of "format" or "output" and the value. */
	int fail_level;
};
extern const char *const kb_fail_levels[];
#define KB_FAIL_LEVEL_OPTION(type, member)                                               \
	{                                                                                \
		0, "fail-level", KB_OPT_CHOICE, offsetof(type, member), "LEVEL",         \
			"exit with status 1 on findings of this severity or worse: "     \
			"error (default), warning, info or none",                        \
			kb_fail_levels                                                   \
	}
#define KB_FINDINGS_OPTIONS(type, member)                                                \
	KB_OUTPUT_OPTIONS(type, member.reports, kb_findings_formats,                     \
		"print findings as text (default), json, jsonl, sarif, github, gitlab, " \
		"junit, checkstyle or rdjson; may be repeated, each with --output"),     \
		KB_FAIL_LEVEL_OPTION(type, member.fail_level)
int kb_output_findings(const struct kb_cli *cli, const kb_strs *words,
	const struct kb_findings *findings, struct kb_error *err);
/* Prints those of this severity and worse as text on standard error, without a summary.
 */
void kb_output_complain(
	const struct kb_cli *cli, const struct kb_diags *diags, enum kb_severity least);
/* KB_EXIT_OK or KB_EXIT_FOUND: is there a finding of LEVEL (of kb_fail_levels) or worse?
 */
int kb_output_status(int level, const struct kb_findings *findings);

#endif
