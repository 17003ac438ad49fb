/* Running text with its places: kb/passage.h. */
#include "kb/passage.h"

#include <stdlib.h>

#include "kb/unicode.h"
#include "md_place.h"

struct around { /* a list item that the walk is in */
	cmark_node *node;
	uint32_t number;
};

struct passages {
	struct kb_md *md;
	struct kb_arena *arena;
	bool places; /* are wanted */
	struct {
		KB_VEC(struct kb_passage);
	} items;
	struct {
		KB_VEC(struct around);
	} stack;
	uint32_t section, heading, block, item;
	uint32_t row, col;
};

struct leaf { /* a passage that is being read */
	struct passages *p;
	struct md_cursor cur;
	struct md_pieces pieces;
	kb_buf text;
	struct {
		KB_VEC(struct kb_span);
	} spans;
	struct {
		KB_VEC(struct kb_run);
	} runs;
	bool soft_break;	/* one is due before the next text */
	cmark_node *skip_until; /* of a call-out's marker: what ends its line */
};

/* Runs */

static void run_add(struct leaf *leaf, size_t content, size_t len)
{
	uint32_t text = (uint32_t)leaf->text.len;
	struct kb_run *last =
		leaf->runs.len ? &leaf->runs.items[leaf->runs.len - 1] : NULL;
	kb_range range;

	if (leaf->cur.lost || !len)
		return;
	range = md_cursor_range(&leaf->cur, content, content + len);
	if (range.len != len) { /* \| is one byte of the content */
		for (size_t i = 0; i < len; i++) {
			range = md_cursor_range(&leaf->cur, content + i, content + i + 1);
			kb_vec_push(&leaf->runs, ((struct kb_run){text + (uint32_t)i,
							 range.off + range.len - 1, 1}));
		}
		return;
	}
	if (last && last->text + last->len == text && last->file + last->len == range.off)
		last->len += range.len;
	else
		kb_vec_push(&leaf->runs, ((struct kb_run){text, range.off, range.len}));
}

/* Characters of scripts in which a line break is not a space. */
static bool is_cjk(uint32_t cp)
{
	return (cp >= 0x2E80 && cp <= 0xA4CF) || (cp >= 0xF900 && cp <= 0xFAFF) ||
	       (cp >= 0xFF00 && cp <= 0xFFEF) || (cp >= 0x20000 && cp <= 0x3FFFF);
}

static uint32_t last_character(kb_str s)
{
	size_t at = s.len;

	while (at && ((unsigned char)s.data[at - 1] & 0xC0) == 0x80)
		at--;
	if (!at)
		return 0;
	at--;
	return kb_utf8_next(s, &at);
}

/* Makes the break that is due a space, but for two CJK characters. */
static void break_settle(struct leaf *leaf, kb_str next)
{
	size_t at = 0;

	if (!leaf->soft_break || !next.len)
		return;
	leaf->soft_break = false;
	if (!leaf->text.len)
		return;
	if (!is_cjk(last_character(kb_buf_view(&leaf->text))) ||
		!is_cjk(kb_utf8_next(next, &at)))
		kb_buf_putc(&leaf->text, ' ');
}

/* Text */

/* Bytes of a node that may hold the guard's marks, from CONTENT on (SIZE_MAX: they have
 * no place). */
static void bytes_add(struct leaf *leaf, kb_str s, size_t content)
{
	for (size_t i = 0; i < s.len;) {
		size_t from = i;

		while (i < s.len &&
			((unsigned char)s.data[i] > 0x1f ||
				strchr("\n\t\r", s.data[i])) &&
			s.data[i])
			i++;
		if (content != SIZE_MAX)
			run_add(leaf, content + from, i - from);
		kb_buf_add(&leaf->text, s.data + from, i - from);
		if (i == s.len)
			break;
		if (md_mark_sign(s.data[i]))
			kb_buf_putc(&leaf->text, md_mark_sign(s.data[i]));
		else if (s.data[i] != MD_MARK_ESCAPE)
			kb_buf_puts(&leaf->text, "\xef\xbf\xbd");
		i++;
	}
}

static void text_add(struct leaf *leaf, kb_str literal)
{
	size_t done = 0;

	break_settle(leaf, literal);
	for (size_t i = 0; i < leaf->pieces.len && !leaf->cur.lost; i++) {
		const struct md_piece *piece = &leaf->pieces.items[i];

		bytes_add(leaf, kb_str_sub(literal, done, piece->text), SIZE_MAX);
		done = piece->text + piece->len;
		bytes_add(leaf, kb_str_sub(literal, piece->text, done), piece->content);
	}
	bytes_add(leaf, kb_str_sub(literal, done, literal.len), SIZE_MAX);
}

/* Code between ticks: cmark makes line ends spaces and drops one at each end. */
static void code_add(struct leaf *leaf, kb_str literal, size_t from, size_t to)
{
	kb_str raw = kb_str_sub(leaf->cur.s, from, to);
	size_t ticks = 0, at;

	break_settle(leaf, literal);
	while (ticks < raw.len && raw.data[ticks] == '`')
		ticks++;
	raw = kb_str_sub(raw, ticks, raw.len - (ticks < raw.len ? ticks : 0));
	at = raw.len > literal.len ? 1 : 0;
	if (leaf->cur.lost || raw.len < literal.len || raw.len > literal.len + 2) {
		bytes_add(leaf, literal, SIZE_MAX);
		return;
	}
	for (size_t i = 0; i < literal.len;) {
		size_t start = i;

		while (i < literal.len && raw.data[at + i] == literal.data[i])
			i++;
		bytes_add(leaf, kb_str_sub(literal, start, i), from + ticks + at + start);
		if (i < literal.len)
			bytes_add(leaf, kb_str_sub(literal, i, i + 1), SIZE_MAX);
		i++;
	}
}

/* Spans */

static uint32_t span_open(struct leaf *leaf, enum kb_span_kind kind)
{
	if (leaf->soft_break && leaf->text.len) {
		kb_buf_putc(&leaf->text, ' ');
		leaf->soft_break = false;
	}
	kb_vec_push(&leaf->spans, ((struct kb_span){.kind = (uint8_t)kind,
					  .from = (uint32_t)leaf->text.len,
					  .to = (uint32_t)leaf->text.len}));
	return (uint32_t)leaf->spans.len - 1;
}

/* The innermost span of the kind that is open ends here. */
static void span_close(struct leaf *leaf, const uint32_t *open, size_t depth)
{
	if (depth)
		leaf->spans.items[open[depth - 1]].to = (uint32_t)leaf->text.len;
}

static int span_kind(cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	return type == CMARK_NODE_EMPH		  ? KB_SPAN_EMPH
	       : type == CMARK_NODE_STRONG	  ? KB_SPAN_STRONG
	       : type == CMARK_NODE_LINK	  ? KB_SPAN_LINK
	       : type == CMARK_NODE_IMAGE	  ? KB_SPAN_IMAGE
	       : type == CMARK_NODE_STRIKETHROUGH ? KB_SPAN_STRIKE
						  : -1;
}

static void point_add(struct leaf *leaf, enum kb_span_kind kind, kb_str dest)
{
	uint32_t span = span_open(leaf, kind);

	leaf->spans.items[span].dest = md_text_of(leaf->p->arena, dest, true);
}

static void raw_add(struct leaf *leaf, cmark_node *node, size_t from)
{
	kb_str name, literal = md_literal(node);
	uint32_t span;

	switch (md_ref_of(node, &name)) {
	case MD_REF_VARIABLE:
		break_settle(leaf, literal);
		span = span_open(leaf, KB_SPAN_VARIABLE);
		leaf->spans.items[span].dest = kb_arena_str(leaf->p->arena, name);
		bytes_add(leaf, literal, from);
		leaf->spans.items[span].to = (uint32_t)leaf->text.len;
		break;
	case MD_REF_INCLUDE:
		break_settle(leaf, literal);
		bytes_add(leaf, literal, from);
		break;
	case MD_REF_ID:
		break;
	default:
		point_add(leaf, KB_SPAN_HTML, literal);
	}
}

static void inline_enter(struct leaf *leaf, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	size_t from = leaf->cur.pos;

	leaf->pieces.len = 0;
	md_cursor_enter(&leaf->cur, node);
	if (leaf->skip_until)
		return;
	if (type == CMARK_NODE_TEXT) {
		text_add(leaf, md_literal(node));
	} else if (type == CMARK_NODE_CODE) {
		break_settle(leaf, md_literal(node));
		uint32_t span = span_open(leaf, KB_SPAN_CODE);

		code_add(leaf, md_literal(node), from, leaf->cur.pos);
		leaf->spans.items[span].to = (uint32_t)leaf->text.len;
	} else if (type == CMARK_NODE_SOFTBREAK) {
		leaf->soft_break = true;
	} else if (type == CMARK_NODE_LINEBREAK) {
		kb_buf_putc(&leaf->text, '\n');
	} else if (type == CMARK_NODE_HTML_INLINE) {
		raw_add(leaf, node, from);
	} else if (type == CMARK_NODE_FOOTNOTE_REFERENCE) {
		point_add(leaf, KB_SPAN_FOOTNOTE,
			leaf->cur.lost
				? md_literal(node)
				: kb_str_sub(leaf->cur.s, from + 2, leaf->cur.pos - 1));
	}
}

enum { OPEN_MAX = 32 }; /* spans in one another; deeper ones are not told apart */

static void inlines_read(struct leaf *leaf, cmark_node *block)
{
	struct md_walk w = {.root = block};
	uint32_t open[OPEN_MAX];
	size_t from[OPEN_MAX] = {0}, depth = 0, below = 0;

	while (md_walk_next(&w)) {
		int kind = w.node == block ? -1 : span_kind(w.node);
		size_t pos = leaf->cur.pos;

		if (w.node == block)
			continue;
		if (w.entering) {
			inline_enter(leaf, w.node);
			if (w.node == leaf->skip_until) {
				leaf->skip_until = NULL;
				leaf->soft_break = false;
			}
			if (kind < 0)
				continue;
			if (depth == OPEN_MAX) {
				below++;
				continue;
			}
			from[depth] = pos;
			open[depth++] = span_open(leaf, (enum kb_span_kind)kind);
			struct kb_span *span = &leaf->spans.items[open[depth - 1]];
			if (kind == KB_SPAN_LINK || kind == KB_SPAN_IMAGE) {
				span->dest = md_text_of(leaf->p->arena,
					kb_str_of(cmark_node_get_url(w.node)), true);
				span->title = md_text_of(leaf->p->arena,
					kb_str_of(cmark_node_get_title(w.node)), true);
			}
		} else if (kind >= 0 && below) {
			below--;
			leaf->cur.lost = true;
		} else {
			md_cursor_leave(
				&leaf->cur, w.node, kind >= 0 ? from[depth - 1] : 0);
			if (kind >= 0)
				span_close(leaf, open, depth--);
		}
	}
}

/* A cursor that is lost gives no places, and costs nothing. */
static void leaf_begin(struct leaf *leaf, cmark_node *node)
{
	if (leaf->p->places)
		md_cursor_init(&leaf->cur, leaf->p->md, node);
	else
		leaf->cur.lost = true;
}

/* Blocks */

static kb_range block_range(struct kb_md *md, cmark_node *node)
{
	kb_range range = md_lines_range(
		md, cmark_node_get_start_line(node), cmark_node_get_end_line(node));
	int column = cmark_node_get_start_column(node);
	uint32_t skip = column > 1 ? (uint32_t)column - 1 : 0;

	if (skip > range.len)
		skip = range.len;
	return (kb_range){range.off + skip, range.len - skip};
}

static bool is_task(cmark_node *item)
{
	return strcmp(cmark_node_get_type_string(item), "tasklist") == 0;
}

static bool is_item(cmark_node *node)
{
	cmark_node *parent = cmark_node_parent(node);

	return parent && cmark_node_get_type(parent) == CMARK_NODE_LIST;
}

static bool is_callout(const struct md_block *block)
{
	return block && block->marker.len && block->kind != MD_PLAIN &&
	       block->kind != MD_UNKNOWN;
}

static void context_read(struct passages *p, cmark_node *node, struct kb_passage *out)
{
	out->item = p->stack.len ? p->stack.items[p->stack.len - 1].number : KB_NONE;
	for (cmark_node *up = node; up; up = cmark_node_parent(up)) {
		cmark_node_type type = cmark_node_get_type(up);
		const struct md_block *block = md_is_inline(up) ? NULL : md_block_of(up);

		if (type == CMARK_NODE_LIST) {
			if (!out->depth)
				out->ordered = cmark_node_get_list_type(up) ==
					       CMARK_ORDERED_LIST;
			if (out->depth < UINT8_MAX)
				out->depth++;
		} else if (type == CMARK_NODE_BLOCK_QUOTE) {
			if (!out->marker.len && is_callout(block))
				out->marker = kb_arena_str(p->arena, block->marker);
			out->quote = true;
		}
	}
	if (node && is_item(cmark_node_parent(node))) {
		cmark_node *item = cmark_node_parent(node);

		out->opens_item = cmark_node_first_child(item) == node;
		out->task = is_task(item);
		out->done = out->task && md_task_is_done(p->md, item);
	}
}

static struct kb_passage *passage_add(
	struct passages *p, cmark_node *node, enum kb_passage_kind kind)
{
	struct kb_passage *out = kb_vec_add(&p->items);

	*out = (struct kb_passage){.kind = (uint8_t)kind,
		.audience = md_audience_of(p->md, node),
		.heading = p->heading,
		.section = p->section,
		.block = p->block,
		.range = block_range(p->md, node)};
	context_read(p, node, out);
	return out;
}

static kb_str trimmed(struct leaf *leaf, struct kb_passage *out)
{
	kb_str text = kb_str_trim(kb_buf_view(&leaf->text));
	uint32_t cut = text.len ? (uint32_t)(text.data - leaf->text.data) : 0;
	uint32_t len = (uint32_t)text.len, n = 0;

	for (size_t i = 0; i < leaf->runs.len; i++) {
		struct kb_run run = leaf->runs.items[i];
		uint32_t skip = run.text < cut ? cut - run.text : 0;

		if (skip >= run.len)
			continue;
		run = (struct kb_run){
			run.text + skip - cut, run.file + skip, run.len - skip};
		if (run.text >= len)
			continue;
		if (run.text + run.len > len)
			run.len = len - run.text;
		leaf->runs.items[n++] = run;
	}
	leaf->runs.len = n;
	for (size_t i = 0; i < leaf->spans.len; i++) {
		struct kb_span *span = &leaf->spans.items[i];

		span->from = span->from < cut ? 0 : span->from - cut;
		span->to = span->to < cut ? 0 : span->to - cut;
		span->from = span->from > len ? len : span->from;
		span->to = span->to > len ? len : span->to;
	}
	out->text = kb_arena_str(leaf->p->arena, text);
	return out->text;
}

static void leaf_close(struct leaf *leaf, struct kb_passage *out)
{
	struct kb_arena *arena = leaf->p->arena;

	trimmed(leaf, out);
	out->nspans = (uint32_t)leaf->spans.len;
	out->nruns = (uint32_t)leaf->runs.len;
	out->spans = kb_vec_freeze(&leaf->spans, arena);
	out->runs = kb_vec_freeze(&leaf->runs, arena);
	kb_buf_dispose(&leaf->text);
	kb_vec_dispose(&leaf->pieces);
	md_cursor_dispose(&leaf->cur);
}

static void leaf_read(struct passages *p, cmark_node *node, enum kb_passage_kind kind)
{
	struct leaf leaf = {.p = p};
	cmark_node *marker = md_marker_end(node);

	if (marker && marker == cmark_node_last_child(node))
		return; /* nothing behind it */
	struct kb_passage *out = passage_add(p, node, kind);
	if (kind == KB_PASSAGE_HEADING)
		out->level = (uint8_t)cmark_node_get_heading_level(node);
	if (kind == KB_PASSAGE_CELL) {
		cmark_node *row = cmark_node_parent(node);

		out->header = cmark_gfm_extensions_get_table_row_is_header(row);
		out->row = p->row;
		out->col = p->col;
	}
	leaf_begin(&leaf, node);
	leaf.cur.pieces = &leaf.pieces;
	leaf.skip_until = marker;
	inlines_read(&leaf, node);
	leaf_close(&leaf, out);
	if (kind == KB_PASSAGE_CELL && out->nruns) { /* cmark's columns are wrong */
		const struct kb_run *last = &out->runs[out->nruns - 1];

		out->range = (kb_range){
			out->runs[0].file, last->file + last->len - out->runs[0].file};
	}
}

/* Lines of a block whose text is shown as it is written; LITERAL begins at line FIRST. */
static void lines_read(
	struct passages *p, struct kb_passage *out, kb_str literal, int first)
{
	struct leaf leaf = {.p = p};
	kb_str rest = literal, line;

	for (int n = first; kb_str_next(&rest, '\n', &line); n++) {
		kb_str source = md_line(p->md, n);

		if (leaf.text.len || line.data != literal.data)
			kb_buf_putc(&leaf.text, '\n');
		if (p->places && line.len && kb_str_ends(source, line)) {
			uint32_t file =
				p->md->offset + (uint32_t)(source.data + source.len -
							   line.len - p->md->text.data);

			kb_vec_push(&leaf.runs, ((struct kb_run){(uint32_t)leaf.text.len,
							file, (uint32_t)line.len}));
		}
		kb_buf_str(&leaf.text, line);
	}
	while (leaf.text.len && leaf.text.data[leaf.text.len - 1] == '\n')
		leaf.text.len--;
	out->text = md_text_of(p->arena, kb_buf_view(&leaf.text), true);
	/* A mark turned back to another number of bytes moves all behind it. */
	out->nruns = out->text.len == leaf.text.len ? (uint32_t)leaf.runs.len : 0;
	out->runs = kb_vec_freeze(&leaf.runs, p->arena);
	kb_buf_dispose(&leaf.text);
}

static void code_read(struct passages *p, cmark_node *node)
{
	struct kb_passage *out = passage_add(p, node, KB_PASSAGE_CODE);
	int length, offset, first = cmark_node_get_start_line(node);
	char mark;

	out->info = md_text_of(
		p->arena, kb_str_trim(kb_str_of(cmark_node_get_fence_info(node))), false);
	lines_read(p, out, md_literal(node),
		first + (cmark_node_get_fenced(node, &length, &offset, &mark) ? 1 : 0));
}

/* The text between tags; scripts and the like have none. */
static void html_read(struct passages *p, cmark_node *node)
{
	struct kb_passage *out = passage_add(p, node, KB_PASSAGE_HTML);
	struct leaf leaf = {.p = p};
	kb_str s = md_literal(node);
	struct md_tag tag;

	leaf_begin(&leaf, node);
	for (size_t i = 0; i < s.len;) {
		size_t skip = md_tag_skip(s, i);

		if (!skip && md_tag_read(s, i, &tag)) {
			point_add(&leaf, KB_SPAN_HTML, kb_str_sub(s, i, i + tag.len));
			skip = tag.len;
			if (!tag.closing && md_tag_is_code(tag.name))
				skip += md_tag_code(s, i + tag.len, tag.name);
		}
		if (!skip) {
			size_t from = i++;
			bool end = s.data[from] == '\n';

			while (!end && i < s.len && s.data[i] != '<' && s.data[i] != '\n')
				i++;
			bytes_add(&leaf, kb_str_sub(s, from, i), end ? SIZE_MAX : from);
		}
		i += skip;
	}
	leaf_close(&leaf, out);
}

static void item_enter(struct passages *p, cmark_node *node)
{
	kb_vec_push(&p->stack, ((struct around){node, p->item++}));
}

static void block_enter(struct passages *p, struct md_walk *w)
{
	cmark_node_type type = cmark_node_get_type(w->node);
	kb_str name;

	if (is_item(w->node)) {
		item_enter(p, w->node);
	} else if (type == CMARK_NODE_TABLE) {
		p->row = UINT32_MAX;
	} else if (type == CMARK_NODE_TABLE_ROW) {
		p->row++;
		p->col = 0;
	} else if (type == CMARK_NODE_TABLE_CELL) {
		leaf_read(p, w->node, KB_PASSAGE_CELL);
		p->col++;
		w->skip = true;
	} else if (type == CMARK_NODE_HEADING) {
		p->heading = md_block_of(w->node)->heading;
		leaf_read(p, w->node, KB_PASSAGE_HEADING);
		w->skip = true;
	} else if (type == CMARK_NODE_CODE_BLOCK) {
		code_read(p, w->node);
	} else if (type == CMARK_NODE_HTML_BLOCK) {
		html_read(p, w->node);
	} else if (type == CMARK_NODE_THEMATIC_BREAK) {
		passage_add(p, w->node, KB_PASSAGE_RULE);
	} else if (md_include_of(w->node, &name)) {
		passage_add(p, w->node, KB_PASSAGE_INCLUDE)->text =
			kb_arena_str(p->arena, name);
		w->skip = true;
	} else if (type == CMARK_NODE_PARAGRAPH) {
		leaf_read(p, w->node, KB_PASSAGE_PARAGRAPH);
		w->skip = true;
	}
}

static void tree_read(struct passages *p, cmark_node *node)
{
	struct md_walk w = {.root = node};

	while (md_walk_next(&w)) {
		if (w.entering)
			block_enter(p, &w);
		else if (p->stack.len && p->stack.items[p->stack.len - 1].node == w.node)
			p->stack.len--;
	}
	p->block++;
}

/* "[^label]: text" */
static kb_str footnote_label(struct kb_md *md, cmark_node *node)
{
	kb_str line = md_line(md, cmark_node_get_start_line(node));
	size_t from = kb_str_find(line, KB_STR("[^")), to;

	if (from == SIZE_MAX)
		return KB_STR("");
	line = kb_str_sub(line, from + 2, line.len);
	to = kb_str_chr(line, ']');
	return kb_str_sub(line, 0, to == SIZE_MAX ? 0 : to);
}

/* Definitions are at the end of the tree, but belong to where they were written. */
static void footnote_read(struct passages *p, cmark_node *node)
{
	int line = cmark_node_get_start_line(node);
	size_t first = p->items.len;

	p->heading = KB_NONE;
	p->section = 0;
	for (uint32_t i = 0; i < p->md->headings.len; i++)
		if (cmark_node_get_start_line(p->md->headings.items[i].node) < line)
			p->heading = i;
	for (uint32_t i = 1; i < p->md->sections.len; i++)
		if (cmark_node_get_start_line(p->md->sections.items[i].first) < line)
			p->section = i;
	tree_read(p, node);
	for (size_t i = first; i < p->items.len; i++)
		p->items.items[i].info =
			kb_arena_str(p->arena, footnote_label(p->md, node));
}

static int passage_cmp(const void *pa, const void *pb)
{
	const struct kb_passage *a = pa, *b = pb;

	if (a->range.off != b->range.off)
		return a->range.off < b->range.off ? -1 : 1;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->col < b->col ? -1 : a->col > b->col;
}

static void read_passages(
	struct kb_md *md, struct kb_arena *arena, bool places, struct kb_passages *out)
{
	struct passages p = {
		.md = md, .arena = arena, .places = places, .heading = KB_NONE};

	for (size_t i = 0; i < md->sections.len; i++) {
		const struct md_section *s = &md->sections.items[i];

		p.section = (uint32_t)i;
		for (cmark_node *node = s->first; node && node != s->end;
			node = cmark_node_next(node))
			tree_read(&p, node);
	}
	for (size_t i = 0; i < md->footnotes.len; i++)
		footnote_read(&p, md->footnotes.items[i].node);
	if (md->footnotes.len && p.items.len)
		qsort(p.items.items, p.items.len, sizeof(*p.items.items), passage_cmp);
	out->len = (uint32_t)p.items.len;
	out->items = kb_vec_freeze(&p.items, arena);
	kb_vec_dispose(&p.stack);
}

void kb_md_passages(struct kb_md *md, struct kb_arena *arena, struct kb_passages *out)
{
	read_passages(md, arena, true, out);
}

void kb_md_texts(struct kb_md *md, struct kb_arena *arena, struct kb_passages *out)
{
	read_passages(md, arena, false, out);
}

/* The place of the first byte at or behind FROM that has one; UINT32_MAX: none. */
static uint32_t place_from(const struct kb_passage *passage, uint32_t from)
{
	for (uint32_t i = 0; i < passage->nruns; i++) {
		const struct kb_run *run = &passage->runs[i];

		if (from < run->text)
			return run->file;
		if (from < run->text + run->len)
			return run->file + from - run->text;
	}
	return UINT32_MAX;
}

/* The end of the last byte before TO that has a place. */
static uint32_t place_to(const struct kb_passage *passage, uint32_t to)
{
	for (uint32_t i = passage->nruns; i > 0; i--) {
		const struct kb_run *run = &passage->runs[i - 1];

		if (run->text < to)
			return to - run->text < run->len ? run->file + to - run->text
							 : run->file + run->len;
	}
	return UINT32_MAX;
}

kb_range kb_passage_range(const struct kb_passage *passage, uint32_t from, uint32_t to)
{
	uint32_t start = place_from(passage, from), end = place_to(passage, to);

	if (start == UINT32_MAX || end == UINT32_MAX || (to > from && end <= start))
		return passage->range;
	return (kb_range){start, to > from ? end - start : 0};
}

struct kb_passage kb_passage_of_value(
	struct kb_arena *arena, kb_str value, kb_str file, kb_range range)
{
	struct kb_passage out = {.kind = KB_PASSAGE_PARAGRAPH,
		.heading = KB_NONE,
		.item = KB_NONE,
		.range = range,
		.text = kb_arena_str(arena, value)};
	kb_str written = kb_str_sub(file, range.off, range.off + range.len);
	size_t at = kb_str_find(written, value);
	struct kb_ref *refs;

	if (value.len && at != SIZE_MAX) {
		out.runs = kb_arena_new_of(arena, struct kb_run);
		out.runs[0] =
			(struct kb_run){0, range.off + (uint32_t)at, (uint32_t)value.len};
		out.nruns = 1;
	}
	out.nspans = (uint32_t)kb_md_refs(arena, value, 0, &refs);
	out.spans = kb_arena_array(arena, struct kb_span, out.nspans);
	for (uint32_t i = 0; i < out.nspans; i++)
		out.spans[i] = (struct kb_span){.kind = KB_SPAN_VARIABLE,
			.from = refs[i].range.off,
			.to = refs[i].range.off + refs[i].range.len,
			.dest = refs[i].name};
	return out;
}
