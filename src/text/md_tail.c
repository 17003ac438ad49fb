/*
 * What is directly below a block that is not for everybody.
 *
 * To a writer, such a block ends at an empty line; to Markdown it may end before that,
 * with a heading, a table's row, a fence. So what begins below its last line with '>' is
 * withheld up to the next empty line, and so is the whole of each paragraph, table,
 * fenced code, list item or quote that begins there, however far it goes.
 */
#include <limits.h>

#include "md_tree.h"

/* Is LINE empty, but for the '>' of the quotes around NODE that go on there? */
static bool is_blank(struct kb_md *md, cmark_node *node, int line)
{
	kb_str s = md_line(md, line);
	int depth = 0;

	while ((node = cmark_node_parent(node)))
		depth += cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE &&
			 cmark_node_get_end_line(node) >= line;
	md_skip_quotes(&s, depth);
	return !s.len;
}

static void tail_add(struct kb_md *md, cmark_node *block, int line)
{
	*kb_vec_add(&md->tails) = (struct md_tail){block, line};
}

void md_tail_read(struct kb_md *md, cmark_node *block)
{
	cmark_node_type type = cmark_node_get_type(block);
	int line = md_last_line(md, block) + 1;
	kb_str text = md_line(md, line);

	md_skip_quotes(&text, INT_MAX);
	if (type == CMARK_NODE_TABLE_ROW ||
		(type == CMARK_NODE_ITEM && cmark_node_next(block)) ||
		(type == CMARK_NODE_FOOTNOTE_DEFINITION &&
			kb_str_starts(text, KB_STR("[^"))))
		return; /* what follows is another one */
	if (!is_blank(md, block, line))
		tail_add(md, block, line);
}

/* The innermost audience's quote that NODE is in, or NULL. */
static cmark_node *audience_quote(cmark_node *node)
{
	while ((node = cmark_node_parent(node))) {
		struct md_block *block = md_block_of(node);

		if (block && block->kind == MD_AUDIENCE)
			return node;
	}
	return NULL;
}

void md_lazy_read(struct kb_md *md, cmark_node *paragraph)
{
	cmark_node *quote = audience_quote(paragraph);
	int last = cmark_node_get_end_line(paragraph), depth = 0;

	for (cmark_node *node = quote; node; node = cmark_node_parent(node))
		depth += cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
	for (int i = md_first_line(paragraph) + 1; depth && i <= last; i++) {
		kb_str line = md_line(md, i);

		if (md_skip_quotes(&line, depth) == depth)
			continue;
		tail_add(md, quote, i);
		return;
	}
}

/* What is withheld */

struct tails {
	struct kb_md *md;
	int count;	 /* of lines, which count from 1 */
	uint8_t *marked; /* those below such a block */
	int *ends;	 /* where the last block ends that begins in a line */
};

/* A block that is withheld whole when it begins below. */
static bool is_unit(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return md_is_leaf(node) || type == CMARK_NODE_ITEM || type == CMARK_NODE_TABLE ||
	       type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_FOOTNOTE_DEFINITION;
}

static void ends_read(struct tails *t)
{
	struct md_walk w = {.root = t->md->root};

	while (md_walk_next(&w)) {
		int first, last;

		w.skip = md_is_leaf(w.node);
		if (!w.entering || !is_unit(w.node))
			continue;
		first = md_first_line(w.node);
		last = md_last_line(t->md, w.node);
		if (first > 0 && first <= t->count && last > t->ends[first])
			t->ends[first] = last;
	}
}

/* Marks the lines of a tail; where it ends. */
static int mark(struct tails *t, const struct md_tail *tail)
{
	int last = tail->line;

	for (int i = tail->line; i <= t->count && !t->marked[i]; i++) {
		if (i > last && is_blank(t->md, tail->block, i))
			break;
		t->marked[i] = 1;
		last = i > last ? i : last;
		last = t->ends[i] > last ? t->ends[i] : last;
	}
	return last;
}

static void tail_withhold(struct tails *t, const struct md_tail *tail)
{
	bool audience = md_block_of(tail->block)->kind == MD_AUDIENCE;
	int last;

	if (tail->line > t->count || t->marked[tail->line])
		return;
	last = mark(t, tail);
	md_find(t->md, KB_RULE_CALLOUT_LAZY, md_lines_range(t->md, tail->line, last),
		audience ? KB_STR("put an empty line before it, or begin it with '>'")
			 : KB_STR("put an empty line before it"),
		"this is directly below %s, so kb withholds it, too",
		audience ? "an audience block" : "a block that is withheld");
}

static bool is_marked(struct kb_md *md, cmark_node *node)
{
	int first = md_first_line(node), count = (int)md_line_count(md);
	int last = md_is_leaf(node) ? md_last_line(md, node) : first;

	for (int i = first; i > 0 && i <= last && i <= count; i++)
		if (md->below[i])
			return true;
	return false;
}

uint8_t *md_below(struct kb_md *md)
{
	if (!md->below)
		md->below = kb_arena_alloc(md->arena, (size_t)md_line_count(md) + 2);
	md->withholds = true;
	return md->below;
}

void md_below_withhold(struct kb_md *md)
{
	struct md_walk w = {.root = md->root};

	while (md_walk_next(&w)) {
		w.skip = md_is_leaf(w.node);
		if (w.entering && is_unit(w.node) && is_marked(md, w.node))
			md_withhold(md, w.node);
	}
}

void md_tails_withhold(struct kb_md *md)
{
	struct tails t = {.md = md, .count = (int)md_line_count(md)};

	if (!md->tails.len)
		return;
	t.marked = md_below(md);
	t.ends = kb_arena_array(md->arena, int, (size_t)t.count + 2);
	ends_read(&t);
	for (size_t i = 0; i < md->tails.len; i++)
		tail_withhold(&t, &md->tails.items[i]);
	md_below_withhold(md);
}
