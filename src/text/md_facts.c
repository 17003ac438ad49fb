#include "md_facts.h"

enum { LEAD_MAX = 300 };

static kb_str plain_copy(struct md_facts *f, cmark_node *node, size_t max)
{
	_cleanup_buf_ kb_buf text = {0};

	md_plain_add(&text, f->md, node);
	return md_fact_text(f->arena, kb_buf_view(&text), max);
}

static kb_range block_range(struct kb_md *md, cmark_node *node)
{
	int column = cmark_node_get_start_column(node);
	kb_range range = md_lines_range(
		md, cmark_node_get_start_line(node), cmark_node_get_end_line(node));
	uint32_t skip = column > 1 ? (uint32_t)column - 1 : 0;

	if (skip > range.len)
		skip = range.len;
	range = (kb_range){range.off + skip, range.len - skip};
	while (range.len &&
		strchr(" \t\r\n", md->text.data[range.off + range.len - 1 - md->offset]))
		range.len--;
	return range;
}

/* References */

static void ref_read(struct md_facts *f, enum md_ref ref, kb_str name, kb_range range)
{
	if (ref == MD_REF_ID)
		return;
	f->has_text = true;
	if (ref == MD_REF_VARIABLE)
		md_fact_ref(f, KB_REF_VARIABLE, name, range);
	else
		md_find(f->md, KB_RULE_INCLUDE_UNKNOWN, range,
			KB_STR("put it in its own paragraph, with empty lines around it"),
			"{{> %.*s}} is not alone in its paragraph, so it "
			"includes nothing",
			KB_ARG(name));
}

/* Leaves */

static bool is_placed(cmark_node_type type)
{
	return type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE ||
	       type == CMARK_NODE_HTML_INLINE;
}

/* Is there anything in LEAF whose place matters? LEFT: or that may be left over? */
static bool has_placed(struct md_facts *f, cmark_node *leaf, bool *left)
{
	struct md_walk w = {.root = leaf};
	bool placed = false, may = md_leftover_may_any(leaf);

	*left = md_foreign_may(kb_str_of(cmark_node_get_string_content(leaf)));
	while (md_walk_next(&w)) {
		cmark_node_type type;

		if (!w.entering)
			continue;
		type = cmark_node_get_type(w.node);
		placed |= is_placed(type);
		if (type == CMARK_NODE_TEXT) {
			f->has_text = f->has_text || kb_str_trim(md_literal(w.node)).len;
			*left = *left || (may && md_leftover_may(leaf, w.node));
		} else if (type == CMARK_NODE_CODE || type == CMARK_NODE_IMAGE) {
			f->has_text = true;
		}
	}
	return placed;
}

static void link_place(
	struct md_facts *f, struct md_cursor *cur, struct kb_link *link, size_t from)
{
	link->range = md_cursor_range(cur, from, cur->pos);
	if (cur->lost)
		return;
	if (cur->has_dest) {
		link->range = md_cursor_range(cur, cur->dest_from, cur->dest_to);
		if (link->kind == KB_LINK_LINK && cur->s.data[from] != '[')
			link->kind = KB_LINK_AUTOLINK;
		md_fact_refs(f, md_cursor_range(cur, cur->dest_from, cur->pos));
	} else if (md_definition_find(f->md, cur->label, &link->range)) {
		md_fact_refs(f, link->range);
	}
}

static void link_leave(struct md_facts *f, struct md_cursor *cur, cmark_node *node,
	uint32_t i, size_t from)
{
	struct kb_link *link = &f->links.items[i];
	bool is_image = link->kind == KB_LINK_IMAGE;

	md_cursor_leave(cur, node, from);
	link_place(f, cur, link, from);
	link->dest = md_text_of(f->arena, kb_str_of(cmark_node_get_url(node)), true);
	if (is_image || f->md->syntax->steps)
		link->text = plain_copy(f, node, MD_FACT_TEXT_MAX);
	link->has_alt = is_image && link->text.len > 0;
}

struct open_links {
	struct {
		uint32_t link;
		size_t from;
	} at[32]; /* images in alternative texts; deeper ones are not told apart */
	uint32_t depth;
	bool bare;  /* the outermost is an address without brackets */
	char *mask; /* where leftover markup may be, or NULL */
};

static void inline_enter(struct md_facts *f, struct md_cursor *cur,
	struct open_links *open, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	size_t from = cur->pos;
	enum md_ref ref;
	kb_str name;

	md_cursor_enter(cur, node);
	if (type == CMARK_NODE_TEXT) {
		if (open->mask && (!open->depth || open->bare))
			md_leftover_text(open->mask, cur->s, from, cur->pos);
	} else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
		if (!open->depth)
			open->bare = from == cur->pos;
		if (open->depth < KB_LEN(open->at)) {
			open->at[open->depth].link = (uint32_t)f->links.len;
			open->at[open->depth].from = from;
			md_fact_link(f,
				type == CMARK_NODE_IMAGE ? KB_LINK_IMAGE : KB_LINK_LINK,
				node);
		}
		open->depth++;
	} else if ((ref = md_ref_of(node, &name))) {
		ref_read(f, ref, name, md_cursor_range(cur, from, cur->pos));
	} else if (type == CMARK_NODE_HTML_INLINE && !cur->lost) {
		md_fact_raw(f, cur, node, from, cur->pos);
	}
}

static void leaf_read(struct md_facts *f, cmark_node *leaf)
{
	struct md_walk w = {.root = leaf};
	struct open_links open = {.depth = 0};
	struct md_cursor cur;
	bool left, placed = has_placed(f, leaf, &left);

	if (!placed && !left)
		return;
	md_cursor_init(&cur, f->md, leaf);
	if (left)
		open.mask = md_leftover_mask(f, cur.s);
	while (md_walk_next(&w)) {
		cmark_node_type type = cmark_node_get_type(w.node);

		if (w.node == leaf)
			continue;
		if (w.entering) {
			inline_enter(f, &cur, &open, w.node);
		} else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE) {
			if (--open.depth < KB_LEN(open.at))
				link_leave(f, &cur, w.node, open.at[open.depth].link,
					open.at[open.depth].from);
			else
				cur.lost = true;
		} else {
			md_cursor_leave(&cur, w.node, 0);
		}
	}
	if (left) {
		md_leftover_read(f, &cur, open.mask);
		if (!cur.lost)
			md_foreign_read(f, &cur, open.mask);
	}
	md_cursor_dispose(&cur);
}

static void html_block_read(struct md_facts *f, cmark_node *block)
{
	struct md_cursor cur;

	md_cursor_init(&cur, f->md, block);
	md_fact_raw_block(f, &cur, block);
	md_cursor_dispose(&cur);
}

/* Blocks */

static void heading_read(struct md_facts *f, cmark_node *node)
{
	const struct md_heading *h = &f->md->headings.items[md_block_of(node)->heading];

	f->heading = (uint32_t)f->headings.len;
	*kb_vec_add(&f->headings) =
		(struct kb_heading){.level = (uint8_t)cmark_node_get_heading_level(node),
			.audience = f->audience,
			.explicit_id = h->explicit_id,
			.text = kb_arena_str(f->arena, h->text),
			.id = kb_arena_str(f->arena, h->id),
			.range = block_range(f->md, node)};
}

static void callout_read(struct md_facts *f, cmark_node *node)
{
	const struct md_block *block = md_block_of(node);

	if (block->kind == MD_PLAIN || block->kind == MD_UNKNOWN)
		return;
	*kb_vec_add(&f->callouts) =
		(struct kb_callout){.audience = md_audience_of(f->md, node),
			.alert = block->kind == MD_ALERT,
			.region = block->kind == MD_REGION,
			.marker = kb_arena_str(f->arena, block->marker),
			.range = block_range(f->md, node)};
}

static void fence_read(struct md_facts *f, cmark_node *node)
{
	struct kb_md *md = f->md;
	kb_str info = kb_str_of(cmark_node_get_fence_info(node)), lang = info, title,
	       line;
	int first = cmark_node_get_start_line(node), last = cmark_node_get_end_line(node);
	int lines = 0, length, offset;
	kb_str rest = md_literal(node), part;
	char mark;
	size_t at;

	f->has_text |= rest.len > 0;
	if (!cmark_node_get_fenced(node, &length, &offset, &mark))
		return;
	lang.len = 0;
	while (lang.len < info.len && !strchr(" \t", info.data[lang.len]))
		lang.len++;
	title = kb_str_trim(kb_str_sub(info, lang.len, info.len));
	if (!kb_str_is(lang, "dot") && !kb_str_is(lang, "journey"))
		return;
	while (kb_str_next(&rest, '\n', &part))
		lines += rest.data != NULL;
	if (first + lines < last)
		last = first + lines;
	line = md_line(md, first);
	at = kb_str_chr(line, mark);
	while (at < line.len && line.data[at] == mark)
		at++;
	*kb_vec_add(&f->fences) = (struct kb_fence){.lang = kb_arena_str(f->arena, lang),
		.title = md_text_of(f->arena, title, false),
		.code = md_text_of(f->arena, md_literal(node), true),
		.audience = f->audience,
		.range = md_lines_range(md, first + 1, last),
		.info_range = md_lines_range(md, first, first)};
	if (at <= line.len) {
		kb_range *range = &f->fences.items[f->fences.len - 1].info_range;

		range->off += (uint32_t)at;
		range->len -= (uint32_t)at;
	}
}

static void block_enter(struct md_facts *f, struct md_walk *w)
{
	cmark_node_type type = cmark_node_get_type(w->node);
	kb_str name;

	f->audience = md_audience_of(f->md, w->node);
	if (type == CMARK_NODE_BLOCK_QUOTE) {
		callout_read(f, w->node);
	} else if (type == CMARK_NODE_CODE_BLOCK) {
		fence_read(f, w->node);
		md_leftover_fence(f, w->node);
	} else if (type == CMARK_NODE_HTML_BLOCK) {
		html_block_read(f, w->node);
	} else if (md_include_of(w->node, &name)) {
		f->has_text = true;
		md_fact_ref(f, KB_REF_INCLUDE, name, block_range(f->md, w->node));
		w->skip = true;
	} else if (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING ||
		   type == CMARK_NODE_TABLE_CELL) {
		if (type == CMARK_NODE_HEADING)
			heading_read(f, w->node);
		leaf_read(f, w->node);
		w->skip = true;
	}
}

static void tree_read(struct md_facts *f, cmark_node *node)
{
	struct md_walk w = {.root = node};

	while (md_walk_next(&w))
		if (w.entering)
			block_enter(f, &w);
	if (!f->lead.len && cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH &&
		md_audience_of(f->md, node) == 0)
		f->lead = plain_copy(f, node, LEAD_MAX);
}

/* Sections */

/* The link that an item begins with, emphasis around it left out of account. */
static cmark_node *item_link(cmark_node *item)
{
	cmark_node *node = cmark_node_first_child(item);

	if (!node || cmark_node_get_type(node) != CMARK_NODE_PARAGRAPH)
		return NULL;
	for (node = cmark_node_first_child(node); node;
		node = cmark_node_first_child(node)) {
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_LINK)
			return node;
		if (type != CMARK_NODE_EMPH && type != CMARK_NODE_STRONG)
			return NULL;
	}
	return NULL;
}

static kb_str without_dash(kb_str s)
{
	static const char *const dashes[] = {
		"-", "\xe2\x80\x93", "\xe2\x80\x94", " ", "\t"};

	for (size_t i = 0; i < KB_LEN(dashes); i++)
		if (kb_str_starts(s, kb_str_of(dashes[i]))) {
			s = kb_str_sub(s, strlen(dashes[i]), s.len);
			i = (size_t)-1;
		}
	return s;
}

/* What follows the link in its paragraph. */
static kb_str item_note(struct md_facts *f, cmark_node *link)
{
	_cleanup_buf_ kb_buf text = {0};
	cmark_node *node = link;

	while (md_is_inline(cmark_node_parent(node)))
		node = cmark_node_parent(node);
	for (node = cmark_node_next(node); node; node = cmark_node_next(node))
		md_plain_add(&text, f->md, node);
	return md_text_of(f->arena, kb_str_trim(without_dash(kb_buf_view(&text))), true);
}

/* The blocks of an item that are below its first one. */
static kb_range item_below(struct md_facts *f, cmark_node *item)
{
	cmark_node *first = cmark_node_first_child(item);
	kb_range from, to;

	if (!first || !cmark_node_next(first))
		return (kb_range){0, 0};
	from = block_range(f->md, cmark_node_next(first));
	to = block_range(f->md, cmark_node_last_child(item));
	return (kb_range){from.off, to.off + to.len - from.off};
}

/* What an item that begins with no link says, up to the first one. */
static kb_str item_text(struct md_facts *f, cmark_node *item)
{
	_cleanup_buf_ kb_buf text = {0};
	cmark_node *node = cmark_node_first_child(item);

	if (!node || cmark_node_get_type(node) != CMARK_NODE_PARAGRAPH)
		return KB_STR_NULL;
	for (node = cmark_node_first_child(node);
		node && cmark_node_get_type(node) != CMARK_NODE_LINK;
		node = cmark_node_next(node))
		md_plain_add(&text, f->md, node);
	return md_text_of(f->arena, kb_str_trim(kb_buf_view(&text)), true);
}

static void items_read(struct md_facts *f, struct kb_section *section, cmark_node *list)
{
	uint32_t next = section->links_from, n = 0;
	cmark_node *item;

	for (item = cmark_node_first_child(list); item; item = cmark_node_next(item))
		section->nitems++;
	section->items = kb_arena_array(f->arena, struct kb_item, section->nitems);
	for (item = cmark_node_first_child(list); item; item = cmark_node_next(item)) {
		struct kb_item *out = &section->items[n++];
		cmark_node *link = item_link(item);

		*out = (struct kb_item){
			.link = KB_NONE, .range = block_range(f->md, item)};
		if (md_audience_of(f->md, item) == KB_AUDIENCE_WITHHELD)
			continue;
		if (!link) {
			out->text = item_text(f, item);
			continue;
		}
		while (next < section->links_to && f->link_nodes.items[next] != link)
			next++;
		if (next == section->links_to)
			break;
		out->link = next;
		out->note = item_note(f, link);
		out->below = item_below(f, item);
	}
}

static void section_close(struct md_facts *f, const struct md_section *s)
{
	struct kb_section *section = &f->sections.items[f->section];
	cmark_node *list = md_last_list(s);

	section->links_to = (uint32_t)f->links.len;
	if (list && f->md->syntax->steps)
		items_read(f, section, list);
}

static void section_read(struct md_facts *f, const struct md_section *s)
{
	cmark_node *node = s->first;

	f->section = (uint32_t)f->sections.len;
	*kb_vec_add(&f->sections) = (struct kb_section){.heading = s->heading,
		.links_from = (uint32_t)f->links.len,
		.empty = true};
	for (; node && node != s->end; node = cmark_node_next(node)) {
		if (node != s->first || s->heading == KB_NONE)
			f->sections.items[f->section].empty = false;
		tree_read(f, node);
	}
	section_close(f, s);
}

/* Definitions are at the end of the tree, but belong to where they were written. */
static void footnote_read(struct md_facts *f, cmark_node *node)
{
	int line = cmark_node_get_start_line(node);

	f->heading = KB_NONE;
	f->section = 0;
	for (uint32_t i = 0; i < f->headings.len; i++)
		if (cmark_node_get_start_line(f->md->headings.items[i].node) < line)
			f->heading = i;
	for (uint32_t i = 1; i < f->sections.len; i++)
		if (cmark_node_get_start_line(f->md->sections.items[i].first) < line)
			f->section = i;
	tree_read(f, node);
}

static void findings_tell(struct kb_md *md, kb_str path, struct kb_diags *diags)
{
	for (size_t i = 0; i < md->findings.len; i++) {
		struct md_finding *m = &md->findings.items[i];
		struct kb_diag *d = kb_diag_add(
			diags, m->rule, path, m->range, "%.*s", KB_ARG(m->message));

		if (d && m->hint.len)
			kb_diag_hint(diags, d, "%.*s", KB_ARG(m->hint));
		if (d && m->edit.len)
			kb_diag_edit(diags, d, m->edit, m->text);
	}
}

#define FREEZE(out, f, arena, field)                                                     \
	((out)->n##field = (uint32_t)(f)->field.len,                                     \
		(out)->field = kb_vec_freeze(&(f)->field, arena))

void kb_md_facts(struct kb_md *md, struct kb_arena *arena, struct kb_md_facts *out,
	kb_str path, struct kb_diags *diags)
{
	struct md_facts f = {.md = md, .arena = arena, .heading = KB_NONE};
	size_t findings = md->findings.len;

	for (size_t i = 0; i < md->sections.len; i++)
		section_read(&f, &md->sections.items[i]);
	for (size_t i = 0; i < md->footnotes.len; i++)
		footnote_read(&f, md->footnotes.items[i].node);
	md_foreign_tell(&f);
	if (!findings && kb_str_find(md->text, KB_STR("]:")) != SIZE_MAX)
		md_definitions_check(md);
	*out = (struct kb_md_facts){.lead = f.lead,
		.raw_html = md->raw_html,
		.empty = !f.has_text,
		.opens = md_opening_heading(md) != NULL};
	FREEZE(out, &f, arena, headings);
	FREEZE(out, &f, arena, links);
	FREEZE(out, &f, arena, anchors);
	FREEZE(out, &f, arena, refs);
	FREEZE(out, &f, arena, callouts);
	FREEZE(out, &f, arena, fences);
	FREEZE(out, &f, arena, sections);
	kb_vec_dispose(&f.link_nodes);
	findings_tell(md, path, diags);
	md->findings.len = findings;
}
