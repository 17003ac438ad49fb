/*
 * kb's own documentation for the terminal and for mdoc.
 *
 * Manual pages and rules are explained in plain Markdown: headings, paragraphs,
 * lists of one level, tables, fenced or indented code, and in text `code`,
 * **strong** and [links](to). This reads that much, block by block; content is
 * never read by it.
 */
#ifndef KB_CMD_PROSE_H
#define KB_CMD_PROSE_H

#include "kb/buf.h"

enum prose_kind { PROSE_HEADING, PROSE_PARAGRAPH, PROSE_ITEM, PROSE_CODE, PROSE_TABLE };

struct prose_block {
	enum prose_kind kind;
	unsigned level; /* of a heading */
	kb_str marker;	/* of an item: "-", "1." */
	kb_str text;	/* lines joined by spaces; code and tables as they are */
};

/* Takes a block off the front of *rest; false at the end. */
bool prose_next(kb_str *rest, struct kb_arena *arena, struct prose_block *block);

/* Appends TEXT for a terminal, wrapped at 78 cells. */
void prose_terminal(kb_buf *out, kb_str text, unsigned indent, bool color);
/* Appends TEXT as the body of an mdoc page: level-2 headings become sections. */
void prose_mdoc(kb_buf *out, kb_str text);
/* A line of text with what mdoc would take for markup escaped. */
void prose_mdoc_line(kb_buf *out, kb_str text);
/* Appends words, wrapped between LEFT and 78 cells; the cursor stands at AT. */
void prose_wrap(kb_buf *out, kb_str text, unsigned at, unsigned left, bool color);

#endif
