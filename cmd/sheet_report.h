/* Where a report made of sheets goes: --format, --output. */
#ifndef KB_CMD_SHEET_REPORT_H
#define KB_CMD_SHEET_REPORT_H

#include "cmd.h"
#include "sheet.h"

/* text, markdown, html, json, csv */
extern const char *const kb_sheet_formats[];
/* MEMBER: kb_strs; FORMATS: kb_sheet_formats, or a command's own, HELP names them. */
#define KB_SHEET_OPTIONS(type, member, formats, help)                                    \
	{0, "format", KB_OPT_PAIRS, offsetof(type, member), "FORMAT", help, formats},    \
	{                                                                                \
		'o', "output", KB_OPT_PAIRS, offsetof(type, member), "FILE",             \
			"write the format named before it to FILE; - is standard "       \
			"output",                                                        \
			NULL                                                             \
	}
#define KB_SHEET_FORMATS_HELP                                                            \
	"print text (default), markdown, html, json or csv; may be repeated, each with " \
	"--output"

/* Writes a format that is the command's own, as json is. False: the sheet writes it. */
typedef bool kb_sheet_own_fn(void *ctx, kb_str format, kb_buf *out);

/* Writes each report where it goes. */
int kb_sheet_report(const struct kb_cli *cli, const kb_strs *reports,
	const struct kb_sheet *sheet, kb_sheet_own_fn *own, void *ctx,
	struct kb_error *err);

#endif
