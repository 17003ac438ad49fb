/*
 * Exact places of inline elements.
 *
 * cmark's own columns are wrong in a dozen cases. What is right is a block's string
 * content (its lines without prefixes, escapes and all), which survives parsing. So
 * a cursor goes through that content beside the walk through the inline tree, each
 * node telling how much of it it took, and a map leads from the content to the file.
 */
#ifndef MD_PLACE_H
#define MD_PLACE_H

#include "md_tree.h"

struct md_map_line {
	size_t content; /* offset of the line's first byte that is not blank */
	size_t source;	/* the same byte in md->text */
};

/* A part of a text node that is in the content byte for byte. */
struct md_piece {
	size_t text; /* offset in the node's literal */
	size_t content;
	size_t len;
};
struct md_pieces {
	KB_VEC(struct md_piece);
};

struct md_cursor {
	struct kb_md *md;
	cmark_node *block;
	kb_str s; /* the block's content */
	size_t pos;
	bool lost;  /* the content did not agree with the tree: places are the block's */
	bool pipes; /* \| stands for | */
	struct {
		KB_VEC(struct md_map_line);
	} map;
	struct md_pieces *pieces; /* where a text node's go; NULL: nowhere */
	/* Of the link or image that was left last, in the content. */
	bool has_dest;
	size_t dest_from, dest_to;
	kb_str label; /* of a link by reference */
};

/* BLOCK: one with inline content, or raw HTML. */
void md_cursor_init(struct md_cursor *cur, struct kb_md *md, cmark_node *block);
void md_cursor_dispose(struct md_cursor *cur);
void md_cursor_enter(struct md_cursor *cur, cmark_node *node);
/* FROM: where the cursor stood when it entered the node. */
void md_cursor_leave(struct md_cursor *cur, cmark_node *node, size_t from);
/* The range in the file of a part of the content. */
kb_range md_cursor_range(const struct md_cursor *cur, size_t from, size_t to);
/* The label that is defined and differs a little from this one, as it is written; empty:
 * none does. A footnote's begins with '^'. */
kb_str md_definition_near(struct kb_md *md, kb_str label);
/* Finds footnotes that no text refers to, and labels that are defined twice. */
void md_definitions_check(struct kb_md *md);
/* Where the definition that a link's label names has its destination. */
bool md_definition_find(struct kb_md *md, kb_str label, kb_range *dest);

#endif
