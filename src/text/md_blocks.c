#include "kb/map.h"
#include "kb/unicode.h"
#include "md_tree.h"

/* Headings */

/* The id of an <a id="x"></a> before the heading's text. */
static bool anchor_id(cmark_node *heading, kb_str *id)
{
	cmark_node *first = cmark_node_first_child(heading);
	struct md_tag tag;
	kb_str name;

	if (!first || cmark_node_get_type(first) != CMARK_NODE_HTML_INLINE ||
		md_ref_of(first, &name))
		return false;
	if (!md_tag_read(md_literal(first), 0, &tag) || tag.closing ||
		strcmp(tag.name, "a") != 0)
		return false;
	return md_tag_attribute(&tag, "id", id) && id->len;
}

static bool explicit_id(cmark_node *heading, kb_str *id)
{
	cmark_node *last = cmark_node_last_child(heading);

	if (last && md_ref_of(last, id) == MD_REF_ID)
		return true;
	return anchor_id(heading, id);
}

static void heading_add(struct kb_md *md, cmark_node *node)
{
	md_block_new(md, node)->heading = (uint32_t)md->headings.len;
	*kb_vec_add(&md->headings) = (struct md_heading){.node = node};
}

/* Once it is known who sees it. */
static void heading_read(struct kb_md *md, struct md_heading *h)
{
	_cleanup_buf_ kb_buf text = {0};

	h->audience = md_audience_of(md, h->node);
	md_audience_set(md, md_block_of(h->node), h->audience);
	if (h->audience != KB_AUDIENCE_WITHHELD) /* neither its words nor an id of them */
		md_plain_add(&text, md, h->node);
	h->text = md_text_of(md->arena, kb_str_trim(kb_buf_view(&text)), true);
	h->explicit_id = explicit_id(h->node, &h->id);
	h->id = h->explicit_id ? kb_nfc(md->arena, kb_arena_str(md->arena, h->id))
			       : kb_slug_heading(md->arena, h->text);
}

/* "setup" -> "setup-1", "setup-2", as GitHub counts. */
static kb_str id_unused(struct kb_md *md, const kb_map *taken, kb_map *counts, kb_str id)
{
	size_t n = (size_t)kb_map_get(counts, id);
	kb_str candidate;

	do {
		candidate = kb_arena_fmt(md->arena, "%.*s-%zu", KB_ARG(id), ++n);
	} while (kb_map_has(taken, candidate));
	kb_map_put(counts, id, (void *)n);
	return candidate;
}

static void id_taken_twice(struct kb_md *md, const struct md_heading *h)
{
	md_find(md, KB_RULE_HEADING_DUPLICATE_ID,
		md_lines_range(md, cmark_node_get_start_line(h->node),
			cmark_node_get_start_line(h->node)),
		KB_STR("give one of the headings a different id"),
		"another heading already has the id '%.*s'", KB_ARG(h->id));
}

/* Explicit ids stand as they are; others give way to them and to each other. */
static void ids_settle(struct kb_md *md)
{
	kb_map taken = {0}, counts = {0};

	for (size_t i = 0; i < md->headings.len; i++) {
		struct md_heading *h = &md->headings.items[i];

		if (!h->explicit_id)
			continue;
		if (kb_map_put(&taken, h->id, h)) {
			id_taken_twice(md, h);
			h->id = id_unused(md, &taken, &counts, h->id);
			kb_map_put(&taken, h->id, h);
		}
	}
	for (size_t i = 0; i < md->headings.len; i++) {
		struct md_heading *h = &md->headings.items[i];

		if (h->explicit_id)
			continue;
		if (!h->id.len)
			h->id = KB_STR("section");
		if (kb_map_has(&taken, h->id))
			h->id = id_unused(md, &taken, &counts, h->id);
		kb_map_put(&taken, h->id, h);
	}
	kb_map_dispose(&taken);
	kb_map_dispose(&counts);
}

/* Sections */

static void sections_read(struct kb_md *md)
{
	cmark_node *node = cmark_node_first_child(md->root);
	struct md_section *s = kb_vec_add(&md->sections);

	*s = (struct md_section){.first = node, .heading = KB_NONE};
	for (; node; node = cmark_node_next(node)) {
		cmark_node_type type = cmark_node_get_type(node);

		if (type == CMARK_NODE_FOOTNOTE_DEFINITION)
			break;
		if (type != CMARK_NODE_HEADING || cmark_node_get_heading_level(node) != 2)
			continue;
		s->end = node;
		s = kb_vec_add(&md->sections);
		*s = (struct md_section){
			.first = node, .heading = md_block_of(node)->heading};
	}
	s->end = node;
}

/* Has the heading nothing but words? */
static bool is_words(cmark_node *heading)
{
	struct md_walk w = {.root = heading};

	while (md_walk_next(&w)) {
		cmark_node_type type = cmark_node_get_type(w.node);

		if (type == CMARK_NODE_IMAGE || type == CMARK_NODE_LINK ||
			type == CMARK_NODE_FOOTNOTE_REFERENCE)
			return false;
	}
	return true;
}

cmark_node *md_opening_heading(const struct kb_md *md)
{
	cmark_node *node = cmark_node_first_child(md->root);

	while (node && cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK &&
		kb_str_starts(md_literal(node), KB_STR("<!--")))
		node = cmark_node_next(node);
	return node && cmark_node_get_type(node) == CMARK_NODE_HEADING && is_words(node)
		       ? node
		       : NULL;
}

cmark_node *md_last_list(const struct md_section *s)
{
	cmark_node *list = NULL;

	for (cmark_node *node = s->first; node && node != s->end;
		node = cmark_node_next(node))
		if (cmark_node_get_type(node) == CMARK_NODE_LIST)
			list = node;
	return list;
}

/* cmark takes any [x] in the line for the box. */
bool md_task_is_done(struct kb_md *md, cmark_node *item)
{
	kb_str line = md_line(md, cmark_node_get_start_line(item));
	size_t at = (size_t)cmark_node_get_start_column(item) - 1;

	while (at < line.len && line.data[at] != '[')
		at++;
	return at + 1 < line.len &&
	       (line.data[at + 1] == 'x' || line.data[at + 1] == 'X');
}

/* Footnotes */

struct md_footnote *md_footnote_of(struct kb_md *md, cmark_node *reference)
{
	int n = atoi(cmark_node_get_literal(reference));

	return n > 0 && (size_t)n <= md->footnotes.len ? &md->footnotes.items[n - 1]
						       : NULL;
}

/* The audience of each line, from the quotes around it: cmark moves definitions to the
 * end of the tree, but their audience is that of their place in the source. */
static void places_read(struct kb_md *md)
{
	uint32_t nlines = md_line_count(md);
	uint8_t *audiences = kb_arena_alloc(md->arena, nlines + 2);
	struct md_walk w = {.root = md->root};

	while (md_walk_next(&w)) {
		struct md_block *block = md_block_of(w.node);

		w.skip = md_is_leaf(w.node);
		if (!w.entering || !block ||
			cmark_node_get_type(w.node) == CMARK_NODE_FOOTNOTE_DEFINITION)
			continue;
		for (int i = cmark_node_get_start_line(w.node);
			block->audience && i <= cmark_node_get_end_line(w.node); i++)
			if ((uint32_t)i <= nlines && audiences[i] < block->audience)
				audiences[i] = block->audience;
	}
	for (size_t i = 0; i < md->footnotes.len; i++) {
		struct md_footnote *note = &md->footnotes.items[i];
		int line = cmark_node_get_start_line(note->node);

		note->place = line > 0 && (uint32_t)line <= nlines &&
					      md_block_of(note->node)->kind == MD_PLAIN
				      ? audiences[line]
				      : KB_AUDIENCE_WITHHELD;
	}
}

static bool footnote_lower(struct kb_md *md, struct md_footnote *note, uint8_t audience)
{
	if (audience < note->place)
		audience = note->place;
	if (audience >= note->audience)
		return false;
	note->audience = audience;
	md_audience_set(md, md_block_of(note->node), audience);
	return true;
}

/* Lowers audiences by the references in one pass; false when nothing changed. */
static bool footnotes_lower(struct kb_md *md)
{
	struct md_walk w = {.root = md->root};
	bool changed = false;

	while (md_walk_next(&w)) {
		struct md_footnote *note;

		if (!w.entering ||
			cmark_node_get_type(w.node) != CMARK_NODE_FOOTNOTE_REFERENCE)
			continue;
		note = md_footnote_of(md, w.node);
		if (note && footnote_lower(md, note, md_audience_of(md, w.node)))
			changed = true;
	}
	return changed;
}

static void footnotes_read(struct kb_md *md)
{
	enum { PASSES_MAX = 8 }; /* a longer chain of footnotes stays withheld */
	cmark_node *node = cmark_node_first_child(md->root);

	for (; node; node = cmark_node_next(node)) {
		if (cmark_node_get_type(node) != CMARK_NODE_FOOTNOTE_DEFINITION)
			continue;
		*kb_vec_add(&md->footnotes) = (struct md_footnote){
			.node = node, .audience = KB_AUDIENCE_WITHHELD};
		md_audience_set(md, md_block_new(md, node), KB_AUDIENCE_WITHHELD);
	}
	if (!md->footnotes.len)
		return;
	places_read(md);
	for (int pass = 0; pass < PASSES_MAX; pass++)
		if (!footnotes_lower(md))
			break;
}

void md_blocks_read(struct kb_md *md)
{
	struct md_walk w = {.root = md->root};

	while (md_walk_next(&w)) {
		cmark_node_type type = cmark_node_get_type(w.node);
		uint8_t around;

		if (!w.entering)
			continue;
		w.skip = md_is_leaf(w.node);
		around = md_audience_of(md, cmark_node_parent(w.node));
		if (type == CMARK_NODE_BLOCK_QUOTE)
			md_callout_read(md, w.node, around);
		else
			md_leaf_read(md, w.node, around);
		if (type == CMARK_NODE_HEADING)
			heading_add(md, w.node);
	}
	md_tails_withhold(md);
	md_source_withhold(md);
	for (size_t i = 0; i < md->headings.len; i++)
		heading_read(md, &md->headings.items[i]);
	ids_settle(md);
	sections_read(md);
	footnotes_read(md);
}
