/*
 * What the writers of plain text and of Markdown share: lines, and where they are.
 */
#ifndef MD_TEXT_H
#define MD_TEXT_H

#include "md_tree.h"

enum { MD_PREFIX_MAX = 400 };

struct md_text_note { /* a footnote that the text refers to, in the text's order */
	struct kb_md *md;
	const struct kb_md_hooks *hooks;
	const struct md_footnote *footnote;
};

struct md_output {
	const struct kb_md_options *options;
	bool markdown;
	struct kb_md *md; /* the text, or the snippet, being written */
	const struct kb_md_hooks *hooks;
	kb_buf out, line;
	char prefix[MD_PREFIX_MAX]; /* what lines begin with */
	char first[MD_PREFIX_MAX]; /* and the next one, which may hold an item's marker */
	size_t prefix_len;
	bool gap; /* an empty line is due before the next text */
	uint32_t callouts, includes;
	cmark_node *skip_to;	/* in a dropped <script>: its end */
	struct kb_md_href href; /* of the link that is open */
	bool linked, auto_link; /* it is written; as <address> */
	bool in_table, in_heading, in_raw;
	struct {
		KB_VEC(int);
	} numbers; /* of the next item of each list that is open */
	struct {
		KB_VEC(struct md_text_note);
	} notes;
};

/* md_lines.c */
/* ONCE and THEN have one length. Returns the former length of the prefix. */
size_t md_prefix_push(struct md_output *t, const char *once, const char *then);
/* Adds the empty line that is due, before the prefix changes. */
void md_gap_add(struct md_output *t);
void md_line_add(struct md_output *t, kb_str line);
/* Adds each line of S, but not its last one if that is empty. */
void md_lines_add(struct md_output *t, kb_str s);
/* S, of a destination or title, with its {{…}} expanded. */
kb_str md_output_expanded(struct md_output *t, kb_str s, kb_buf *out);
/* Resolves a destination; false when there must be no link. DEST keeps what it holds. */
bool md_output_href(struct md_output *t, cmark_node *node, bool image, kb_buf *dest,
	struct kb_md_href *href);
/* A call-out's label by its marker. */
kb_str md_output_label(struct md_output *t, kb_str marker);
/* The number of the footnote of this reference; 0: readers do not get it. */
size_t md_output_note(struct md_output *t, cmark_node *reference);

/* md_markdown.c: what Markdown has in the places of plain text. */
void md_markdown_text(struct md_output *t, kb_str s, kb_buf *out);
/* Lines of text, which stay lines. */
void md_markdown_lines(struct md_output *t, kb_str s);
void md_markdown_enter(
	struct md_output *t, struct md_walk *w, cmark_node_type type, kb_buf *out);
void md_markdown_leave(struct md_output *t, cmark_node_type type, kb_buf *out);
/* "## ", or nothing if NODE is not a heading. */
void md_markdown_head(struct md_output *t, cmark_node *node, kb_buf *out);
/* The line below a table's head. */
void md_markdown_rule(struct md_output *t, cmark_node *row);
void md_markdown_code(struct md_output *t, cmark_node *node);
/* The first line of a call-out, whose quote is open. */
void md_markdown_callout(struct md_output *t, cmark_node *quote);

#endif
