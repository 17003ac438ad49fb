/*
 * Reports: headings, paragraphs and tables, written once and printed as text for a
 * terminal, Markdown, an HTML page that stands alone, or CSV (RFC 4180).
 *
 *	struct kb_sheet sheet;
 *	kb_sheet_init(&sheet, "Who owns what");
 *	kb_sheet_table(&sheet, "Owner|Documents>");
 *	kb_sheet_cell(&sheet, KB_STR("logistics"));
 *	kb_sheet_cell_fmt(&sheet, "%u", 12);
 *	kb_sheet_markdown(&sheet, &out);
 *	kb_sheet_dispose(&sheet);
 *
 * All strings are copied. JSON is each command's own affair, since its readers
 * want values and not sentences.
 */
#ifndef KB_CMD_SHEET_H
#define KB_CMD_SHEET_H

#include "kb/buf.h"
#include "kb/vec.h"

struct kb_sheet_part;

struct kb_sheet {
	struct kb_arena *arena;
	kb_str title;
	kb_str lang; /* of the HTML page; "en" */
	struct {
		KB_VEC(struct kb_sheet_part *);
	} parts;
};

void kb_sheet_init(struct kb_sheet *sheet, const char *title);
void kb_sheet_dispose(struct kb_sheet *sheet);

/* Level 2 or 3; the title is level 1. */
void kb_sheet_heading(struct kb_sheet *sheet, int level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void kb_sheet_paragraph(struct kb_sheet *sheet, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The last paragraph ends with an address, which is a link where there are links. */
void kb_sheet_address(struct kb_sheet *sheet, kb_str url);
/* Begins a table. COLUMNS: the names, between '|'; one that ends in '>' holds numbers, at
 * the right; one that ends in '*' takes what width is left in a terminal. A table of
 * the same columns under another heading continues it in CSV. */
void kb_sheet_table(struct kb_sheet *sheet, const char *columns);
/* The next cell of the last table; a row ends with its last column. */
void kb_sheet_cell(struct kb_sheet *sheet, kb_str text);
void kb_sheet_cell_fmt(struct kb_sheet *sheet, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Text is printed by kb_put. WIDTH: the terminal's columns, past which long cells wrap;
 * 0: they do not. A table of several wide columns that would wrap has its cells below one
 * another instead; so it has on a phone. */
void kb_sheet_text(const struct kb_sheet *sheet, size_t width, kb_buf *out);
void kb_sheet_markdown(const struct kb_sheet *sheet, kb_buf *out);
void kb_sheet_html(const struct kb_sheet *sheet, kb_buf *out);
/* The tables alone; those with other columns than the first one follow after an empty
 * line. */
void kb_sheet_csv(const struct kb_sheet *sheet, kb_buf *out);

#endif
