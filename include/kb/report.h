/*
 * Reports: a value for programs and a page for people. Each is built once; each format
 * has one writer.
 *
 *	const struct kb_report_style style = {0};
 *	struct kb_report report;
 *	kb_report_init(&report, "Who owns what");
 *	kb_report_table(&report, "Owner|Documents>");
 *	kb_report_cell(&report, KB_STR("logistics"));
 *	kb_report_cell_fmt(&report, "%u", 12);
 *	kb_report_write(&report, KB_STR("markdown"), &style, &out, &err);
 *	kb_report_dispose(&report);
 *
 * JSON comes from DATA, which follows a schema of schemas/output; JSON Lines and CSV
 * come from lists in it (kb_report_rows); all else comes from the page. A page is a
 * list of blocks: headings, paragraphs, items, code, tables, figures. Text is added to
 * the last block, in runs that have a role each, and writers escape it. All text is
 * copied, but strings in DATA are borrowed. Building never fails.
 */
#ifndef KB_REPORT_H
#define KB_REPORT_H

#include <time.h>

#include "kb/error.h"
#include "kb/value.h"

struct kb_page_block;

struct kb_report {
	struct kb_arena *arena; /* Owns blocks and data; free to use for more. */
	kb_str title;		/* Of the page; text leaves it out. */
	unsigned level;		/* Of the title in Markdown: 1 unless set. */
	kb_str lang;		/* The language of the page: "en" unless set. */
	bool rtl;		/* It is written from right to left. */
	struct kb_value *data;	/* A map that holds "version": 1. */
	struct {
		KB_VEC(struct kb_page_block *);
	} blocks;
	struct {
		KB_VEC(struct kb_report_rows);
	} rows; /* See kb_report_rows. */
};

enum kb_role {
	KB_ROLE_PLAIN,
	KB_ROLE_STRONG,
	KB_ROLE_FAINT,
	KB_ROLE_CODE,
	KB_ROLE_MARK,	 /* What was looked for, and in blocks a change. */
	KB_ROLE_ADDED,	 /* Words that a change brought, */
	KB_ROLE_REMOVED, /* words that it took away, */
	KB_ROLE_KEPT,  /* and those beside them, of which text and Markdown show the ends.
			*/
	KB_ROLE_MOVED, /* Only of blocks. */
	KB_ROLE_ERROR,
	KB_ROLE_WARNING,
	KB_ROLE_NOTE,
	KB_ROLE_LINK,  /* A web address. */
	KB_ROLE_BREAK, /* A new line in the same block. */
};

/* Begins an empty report with an arena of its own. TITLE is copied. */
void kb_report_init(struct kb_report *report, const char *title);
/* Frees the report, its data and all that is in its arena. */
void kb_report_dispose(struct kb_report *report);

/* Each of these begins a block, some with text of the role KB_ROLE_PLAIN. */
/* LEVEL: 2 or more; the title is level 1. */
void kb_report_heading(struct kb_report *report, unsigned level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void kb_report_paragraph(struct kb_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A line of a list. DEPTH is how far it is indented; MARK is before it in text: "-",
 * "1.",
 * "!", or "" for none. */
void kb_report_item(struct kb_report *report, unsigned depth, const char *mark);
/* An item without a mark, with text. */
void kb_report_line(struct kb_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* An entry of a list of terms; the text that comes next explains TERM. Spaces before it
 * indent it in text. */
void kb_report_term(struct kb_report *report, kb_str term);
/* Lines as they are, each behind MARK in text. */
void kb_report_code(
	struct kb_report *report, unsigned depth, const char *mark, kb_str code);
/* COLUMNS: the names, between '|'. One that ends in '>' holds numbers, at the right; one
 * that ends in '*' takes what width is left in a terminal. A table with the same columns
 * under another heading continues it in CSV. */
void kb_report_table(struct kb_report *report, const char *columns);
/* A row of a table of which only parts are shown: cells, but no columns. */
void kb_report_row(struct kb_report *report);
/* Safe HTML, as kb_render_html makes it, or an SVG, with a CAPTION that may be empty.
 * Other formats leave it out. */
void kb_report_markup(struct kb_report *report, kb_str html, kb_str caption);
/* A part of the page whose heading is the text that comes next. It holds what is added
 * until it ends; parts do not nest. */
void kb_report_part(struct kb_report *report);
void kb_report_part_end(struct kb_report *report);

/* Adds the blocks of a text in Markdown that is kb's own: headings, paragraphs, lists,
 * tables and code. Links keep their text alone. */
void kb_report_prose(struct kb_report *report, kb_str markdown);

/* The next cell of the last table or row. A table's row ends with its last column. */
void kb_report_cell(struct kb_report *report, kb_str text);
void kb_report_cell_fmt(struct kb_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* These add to the last block, or to its last cell. */
void kb_report_text(struct kb_report *report, enum kb_role role, kb_str text);
void kb_report_fmt(struct kb_report *report, enum kb_role role, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* With the role KB_ROLE_PLAIN. */
void kb_report_add(struct kb_report *report, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Indents the last block. */
void kb_report_indent(struct kb_report *report, unsigned depth);
/* What happened to the last block in a change: one of KB_ROLE_MARK, _ADDED, _REMOVED,
 * _MOVED and _KEPT. */
void kb_report_changed(struct kb_report *report, enum kb_role how);
/* The language of the last block, and of a part's blocks, when it is not the page's. */
void kb_report_language(struct kb_report *report, kb_str lang, bool rtl);

/* Maps of LIST, a part of DATA, are a table for programs. CSV writes the keys that
 * COLUMNS names, as in kb_report_table, and nothing else if a report has rows; without
 * rows, CSV writes the tables of the page. JSON Lines writes the maps of the first list.
 */
void kb_report_rows(
	struct kb_report *report, const struct kb_value *list, const char *columns);

struct kb_report_style {
	bool color;    /* Changes in text have colors, and not {+…+} and [-…-]. */
	size_t width;  /* Text wraps after so many columns; 0: it does not. */
	size_t indent; /* Columns before each line of text but a heading's. */
};

/* Appends REPORT in a FORMAT of text, markdown, html, json, jsonl, csv or mdoc. Text may
 * hold the styles of kb/escape.h and is printed by kb_buf_text. Returns -1 for any other
 * format. */
int kb_report_write(const struct kb_report *report, kb_str format,
	const struct kb_report_style *style, kb_buf *out, struct kb_error *err);

struct kb_mail {
	kb_str from, to; /* Mailboxes: "Név <a@b>, c@d". */
	kb_str subject;
	time_t date;
};
/* Appends a message for 'sendmail -t' with the page as text and as HTML. Returns -1 if an
 * address is missing or wrong. */
int kb_report_mail(const struct kb_report *report, const struct kb_mail *mail,
	kb_buf *out, struct kb_error *err);

#endif
