/*
 * Audiences' quotes as the source has them.
 *
 * To a writer, the lines from "> [!AGENTS]" to the next line that has no '>' and is empty
 * are one block, whatever Markdown makes of them: code or a comment that nothing closes,
 * a note, or a paragraph that continues. So kb looks in the source for each line of a
 * quote that opens with an audience's marker. Once the tree has said who sees which text,
 * everything on those lines must be for that audience. If it is not, nobody sees the
 * lines. In code with an end, the line is not a marker.
 */
#include <limits.h>

#include "kb/char.h"
#include "kb/unicode.h"
#include "md_opening.h"

enum { DEPTH_MAX = 100 };			       /* of the guard */
enum { CODE = 1, OPEN_CODE = 2, PLAIN = 4, LEAF = 8 }; /* what a line is in */

struct source_block { /* as a writer sees it */
	int first, last;
	int depth; /* in quotes */
	int open;  /* its last line in code that nothing closes */
	uint8_t audience;
	kb_str marker;
};

struct source {
	struct kb_md *md;
	int count;	   /* of lines, which count from 1 */
	uint8_t *audience; /* of each line: the least trusted that sees something of it */
	uint8_t *quoted;   /* of each line: the most trusted that a quote on it is for */
	uint8_t *kind;	   /* of each line */
	struct source_block *seen;		 /* the last block for each audience */
	struct source_block ends[DEPTH_MAX + 1]; /* and of each depth, mentioned or not */
	bool any;
};

void md_source_note(struct kb_md *md, int line, kb_str text)
{
	char c = text.len ? *text.data | 0x20 : 'a';

	if ((c >= 'a' && c <= 'z') ||
		(kb_str_chr(text, '!') == SIZE_MAX && kb_str_chr(text, '&') == SIZE_MAX &&
			kb_byte_find(text, 0, KB_BYTE_HIGH) == text.len))
		return;
	*kb_vec_add(&md->quoted) = line;
}

/* The lines of the tree */

static bool is_text(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return md_is_leaf(node) &&
	       (cmark_node_first_child(node) || type == CMARK_NODE_CODE_BLOCK ||
		       type == CMARK_NODE_HTML_BLOCK);
}

static bool is_below(cmark_node *node, cmark_node_type type)
{
	while (node && cmark_node_get_type(node) != type)
		node = cmark_node_parent(node);
	return node != NULL;
}

/* Code and comments may contain a text that only looks like a marker. */
static uint8_t kind_of(struct kb_md *md, cmark_node *leaf)
{
	cmark_node_type type = cmark_node_get_type(leaf);
	bool top = cmark_node_parent(leaf) == md->root;
	int length, offset;
	char mark;

	if (type == CMARK_NODE_HTML_BLOCK)
		return top && kb_str_starts(kb_str_trim(md_literal(leaf)), KB_STR("<!--"))
			       ? PLAIN
			       : 0;
	if (type != CMARK_NODE_CODE_BLOCK ||
		!cmark_node_get_fenced(leaf, &length, &offset, &mark))
		return 0;
	if (top)
		return PLAIN;
	return md_fence_is_closed(md, leaf) ? CODE : OPEN_CODE;
}

/* Notes are for whom their place in the source is. */
static void leaf_read(struct source *s, cmark_node *leaf)
{
	int first = md_first_line(leaf), last = md_last_line(s->md, leaf);
	bool note = is_below(leaf, CMARK_NODE_FOOTNOTE_DEFINITION);
	uint8_t audience = md_audience_of(s->md, leaf), kind = kind_of(s->md, leaf);

	for (int i = first < 1 ? 1 : first; i <= last && i <= s->count; i++) {
		uint8_t here = note && s->quoted[i] > audience ? s->quoted[i] : audience;

		if (here < s->audience[i])
			s->audience[i] = here;
		s->kind[i] |= kind | LEAF;
	}
}

static void quote_read(struct source *s, cmark_node *quote)
{
	int last = md_last_line(s->md, quote);
	uint8_t audience = md_block_of(quote)->audience;

	for (int i = md_first_line(quote); audience && i <= last && i <= s->count; i++)
		if (i > 0 && s->quoted[i] < audience)
			s->quoted[i] = audience;
}

static void tree_read(struct source *s)
{
	struct md_walk w = {.root = s->md->root};

	while (md_walk_next(&w)) {
		w.skip = md_is_leaf(w.node);
		if (!w.entering)
			continue;
		if (cmark_node_get_type(w.node) == CMARK_NODE_BLOCK_QUOTE)
			quote_read(s, w.node);
		else if (is_text(w.node))
			leaf_read(s, w.node);
	}
}

/* The blocks of the source */

/* The end of the code that LINE has at OFF, or 0. */
static size_t code_end(kb_str line, size_t off, size_t *ticks)
{
	size_t n = 0;

	while (off + n < line.len && line.data[off + n] == '`')
		n++;
	*ticks = n;
	for (size_t at = off + n, run; at < line.len; at += run ? run : 1) {
		for (run = 0; at + run < line.len && line.data[at + run] == '`'; run++)
			;
		if (run == n)
			return at + n;
	}
	return 0;
}

/* The '!' of an image marks nothing. */
static void text_add(struct md_opening *o, kb_str text)
{
	size_t at;

	while ((at = kb_str_find(text, KB_STR("!["))) != SIZE_MAX) {
		md_opening_raw(o, kb_str_sub(text, 0, at));
		text = kb_str_sub(text, at + 1, text.len);
	}
	md_opening_raw(o, text);
}

/* Does TEXT open with an audience's marker? One in code is only mentioned. */
static bool opens(struct kb_md *md, kb_str text, struct source_block *b)
{
	struct md_opening o = {.md = md};
	size_t at, ticks;

	while ((at = kb_str_chr(text, '`')) != SIZE_MAX) {
		text_add(&o, kb_str_sub(text, 0, at));
		if (code_end(text, at, &ticks) && !o.square)
			break;
		text = kb_str_sub(text, at + ticks, text.len);
	}
	if (at == SIZE_MAX)
		text_add(&o, text);
	md_opening_line(&o);
	b->marker = o.nearest;
	return o.found == MD_OPENS_AUDIENCE && o.nearest.len &&
	       md_marker_kind(md, o.nearest, &b->audience) == MD_AUDIENCE;
}

/* Where B ends; blocks of one depth that overlap end together. */
static void block_end(struct source *s, struct source_block *b)
{
	struct source_block *known =
		&s->ends[b->depth < DEPTH_MAX ? b->depth : DEPTH_MAX];

	if (known->depth == b->depth && known->last >= b->first) {
		b->last = known->last;
		b->open = known->open;
		return;
	}
	while (b->last < s->count) {
		kb_str text = md_line(s->md, b->last + 1);
		int depth = md_skip_quotes(&text, INT_MAX);

		if (!text.len && depth < b->depth)
			break;
		b->last++;
		if (s->kind[b->last] & OPEN_CODE)
			b->open = b->last;
	}
	*known = *b;
}

/* The block that LINE opens, with what is directly below it. */
static bool block_read(struct source *s, int line, struct source_block *b)
{
	kb_str text = md_line(s->md, line);
	size_t at = 0;

	*b = (struct source_block){.first = line, .last = line};
	while (at < text.len && strchr(" \t>-+*.)0123456789", text.data[at]))
		b->depth += text.data[at++] == '>';
	if (!opens(s->md, kb_str_sub(text, at, text.len), b))
		return false;
	if (s->seen[b->audience].last >= line && s->seen[b->audience].depth <= b->depth)
		return false;
	block_end(s, b);
	return true;
}

static bool is_mentioned(const struct source *s, const struct source_block *b)
{
	if (s->kind[b->first] & PLAIN)
		return true;
	return s->kind[b->first] & CODE && b->open < b->first;
}

/* A definition is in no leaf, but for whom its quote is. */
static bool is_line_withheld(const struct source *s, int line, uint8_t audience)
{
	kb_str text = md_line(s->md, line);

	if (s->kind[line] & LEAF)
		return s->audience[line] >= audience;
	while (text.len && strchr(" \t>-+*.)0123456789", *text.data))
		text = kb_str_sub(text, 1, text.len);
	return !text.len || *text.data != '[' || s->quoted[line] >= audience ||
	       (s->md->below && s->md->below[line]);
}

static bool is_withheld(const struct source *s, const struct source_block *b)
{
	for (int i = b->first; i <= b->last; i++)
		if (!is_line_withheld(s, i, b->audience))
			return false;
	return true;
}

static void block_withhold(struct source *s, const struct source_block *b)
{
	uint8_t *below;

	if (is_mentioned(s, b))
		return;
	s->seen[b->audience] = *b;
	if (is_withheld(s, b))
		return;
	below = md_below(s->md);
	memset(below + b->first, 1, (size_t)b->last - (size_t)b->first + 1);
	s->any = true;
	md_find(s->md, KB_RULE_CALLOUT_UNKNOWN, md_lines_range(s->md, b->first, b->last),
		KB_STR("put empty lines before and after the block, and begin each of its "
		       "lines with '> '"),
		"text before or inside this [!%.*s] block splits it, so the whole "
		"block is withheld",
		KB_ARG(b->marker));
}

void md_source_withhold(struct kb_md *md)
{
	struct source s = {.md = md, .count = (int)md_line_count(md)};
	size_t lines = (size_t)s.count + 2;
	struct source_block b;

	if (!md->quoted.len)
		return;
	s.audience = kb_arena_alloc(md->arena, lines);
	memset(s.audience, UINT8_MAX, lines);
	s.quoted = kb_arena_alloc(md->arena, lines);
	s.kind = kb_arena_alloc(md->arena, lines);
	s.seen = kb_arena_array(
		md->arena, struct source_block, md->syntax->naudiences + 1);
	tree_read(&s);
	for (size_t i = 0; i < md->quoted.len; i++)
		if (md->quoted.items[i] <= s.count &&
			block_read(&s, md->quoted.items[i], &b))
			block_withhold(&s, &b);
	if (s.any)
		md_below_withhold(md);
}
