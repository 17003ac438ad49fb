#include "md_html.h"
#include "html.h"

enum { OUTPUT_MAX = 16 << 20 };

/* Blocks that are left out */

static bool is_callout(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE &&
	       md_block_of(node)->kind != MD_PLAIN;
}

static bool is_left_out(struct md_render *r, cmark_node *node)
{
	const struct md_block *block = md_block_of(node);

	if (cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION)
		return true;
	if (block && block->audience > r->options->audience)
		return true;
	return r->options->no_callouts && is_callout(node);
}

/* Headings */

/* The first child that is text: behind an <a id="x"></a> that was the id. */
static cmark_node *heading_text(cmark_node *heading, const struct md_heading *h)
{
	cmark_node *node = cmark_node_first_child(heading);
	struct md_tag tag;
	kb_str name;

	if (!h->explicit_id || !node || md_ref_of(node, &name) ||
		!md_tag_read(md_literal(node), 0, &tag) || strcmp(tag.name, "a") != 0)
		return node;
	node = cmark_node_next(node);
	if (node && kb_str_eq_nocase(md_literal(node), KB_STR("</a>")))
		node = cmark_node_next(node);
	return node;
}

static void heading(struct md_render *r, cmark_node *node)
{
	const struct md_heading *h = &r->md->headings.items[md_block_of(node)->heading];
	int level = cmark_node_get_heading_level(node) + r->options->heading_shift;
	kb_str id = h->id;

	level = level < 2 ? 2 : level > 6 ? 6 : level;
	if (r->includes)
		id = md_id_new(r, id, true);
	kb_buf_puts(&r->body, "<h");
	kb_buf_putc(&r->body, (char)('0' + level));
	md_attribute(r, "id", id);
	kb_buf_putc(&r->body, '>');
	md_inlines(r, heading_text(node, h));
	kb_buf_puts(&r->body, "</h");
	kb_buf_putc(&r->body, (char)('0' + level));
	kb_buf_puts(&r->body, ">\n");
}

/* Paragraphs */

static bool is_tight(cmark_node *paragraph)
{
	cmark_node *item = cmark_node_parent(paragraph);
	cmark_node *list = item ? cmark_node_parent(item) : NULL;

	return list && cmark_node_get_type(list) == CMARK_NODE_LIST &&
	       cmark_node_get_list_tight(list);
}

/* An image alone in its paragraph, with a title, is a figure with a caption. */
static bool is_figure(cmark_node *first)
{
	return first && !cmark_node_next(first) && !cmark_node_previous(first) &&
	       cmark_node_get_type(first) == CMARK_NODE_IMAGE &&
	       *cmark_node_get_title(first);
}

static void figure(struct md_render *r, cmark_node *image)
{
	kb_buf_puts(&r->body, "<figure>");
	md_inlines(r, image);
	kb_buf_puts(&r->body, "<figcaption>");
	md_escape(r, md_expanded(r, kb_str_of(cmark_node_get_title(image))), false);
	kb_buf_puts(&r->body, "</figcaption></figure>\n");
}

static void render_tree(struct md_render *r, cmark_node *node);

static void include(struct md_render *r, kb_str name)
{
	const struct kb_md_hooks *hooks = r->hooks, *inner = NULL;
	struct kb_md *outer = r->md, *md = NULL;
	struct md_raw_stack raw = r->raw_blocks;

	if (!hooks || !hooks->include || r->includes == MD_INCLUDE_DEPTH_MAX ||
		!hooks->include(hooks->ctx, name, &md, &inner) || !md)
		return;
	r->includes++;
	r->md = md;
	r->hooks = inner ? inner : hooks;
	r->raw_blocks.len = 0;
	render_tree(r, md->root);
	md_raw_close(r, &r->raw_blocks, 0);
	r->raw_blocks = raw;
	r->md = outer;
	r->hooks = hooks;
	r->includes--;
}

static void paragraph(struct md_render *r, cmark_node *node)
{
	cmark_node *first = cmark_node_first_child(node), *marker = md_marker_end(node);
	kb_str name;

	if (md_include_of(node, &name)) {
		include(r, name);
		return;
	}
	if (marker) {
		first = cmark_node_next(marker);
		if (!first)
			return;
	}
	if (is_figure(first)) {
		figure(r, first);
	} else if (is_tight(node)) {
		md_inlines(r, first);
		if (cmark_node_next(node))
			kb_buf_putc(&r->body, '\n');
	} else {
		kb_buf_puts(&r->body, "<p>");
		md_inlines(r, first);
		kb_buf_puts(&r->body, "</p>\n");
	}
}

/* Code */

static void slot(struct md_render *r, kb_str html)
{
	*kb_vec_add(&r->slots) = kb_arena_str(r->arena, html);
	kb_buf_fmt(&r->body, "<hr data-kb-slot=\"%zu\">\n", r->slots.len - 1);
}

static bool fence_by_hook(
	struct md_render *r, cmark_node *node, kb_str lang, kb_str title)
{
	_cleanup_buf_ kb_buf html = {0};
	kb_str code = md_text_of(r->arena, md_literal(node), true);

	if (!r->hooks || !r->hooks->fence || !lang.len ||
		!r->hooks->fence(r->hooks->ctx, lang, title, code, &html))
		return false;
	slot(r, kb_buf_view(&html));
	return true;
}

static void code_block(struct md_render *r, cmark_node *node)
{
	kb_str info = kb_str_trim(kb_str_of(cmark_node_get_fence_info(node))),
	       lang = info;
	size_t end = 0;

	while (end < info.len && !strchr(" \t", info.data[end]))
		end++;
	lang.len = end;
	if (fence_by_hook(r, node, lang,
		    md_expanded(r, kb_str_trim(kb_str_sub(info, end, info.len)))))
		return;
	kb_buf_puts(&r->body, "<pre tabindex=\"0\"><code");
	if (lang.len) {
		kb_buf_puts(&r->body, " class=\"language-");
		md_escape(r, lang, false);
		kb_buf_putc(&r->body, '"');
	}
	kb_buf_putc(&r->body, '>');
	md_escape(r, md_literal(node), true);
	kb_buf_puts(&r->body, "</code></pre>\n");
}

/* Lists */

static bool is_task(cmark_node *item)
{
	return strcmp(cmark_node_get_type_string(item), "tasklist") == 0;
}

static void list_enter(struct md_render *r, cmark_node *list)
{
	int start = cmark_node_get_list_start(list);
	cmark_node *first = cmark_node_first_child(list);

	if (cmark_node_get_list_type(list) == CMARK_BULLET_LIST)
		kb_buf_puts(&r->body, "<ul");
	else
		kb_buf_puts(&r->body, "<ol");
	if (first && is_task(first))
		kb_buf_puts(&r->body, " class=\"kb-tasks\"");
	if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST && start != 1)
		kb_buf_fmt(&r->body, " start=\"%d\"", start);
	kb_buf_puts(&r->body, ">\n");
}

static void item_enter(struct md_render *r, cmark_node *item)
{
	bool checked;

	if (!is_task(item)) {
		kb_buf_puts(&r->body, "<li>");
		return;
	}
	checked = md_task_is_done(r->md, item);
	kb_buf_puts(&r->body, "<li class=\"kb-task\"><input type=\"checkbox\" disabled");
	if (checked)
		kb_buf_puts(&r->body, " checked");
	md_attribute(r, "aria-label",
		checked ? md_label(r, KB_STR("task_done"), "done")
			: md_label(r, KB_STR("task_open"), "not done"));
	kb_buf_puts(&r->body, "> ");
}

/* Quotes */

static void quote_enter(struct md_render *r, cmark_node *quote)
{
	const struct md_block *block = md_block_of(quote);
	char name[16] = "";

	if (block->kind == MD_PLAIN) {
		kb_buf_puts(&r->body, "<blockquote>\n");
		return;
	}
	if (block->kind == MD_ALERT)
		for (size_t i = 0; i < block->marker.len && i < sizeof(name) - 1; i++)
			name[i] = (char)(block->marker.data[i] - 'A' + 'a');
	else
		strcpy(name, block->kind == MD_REGION ? "region" : "audience");
	kb_buf_fmt(&r->body, "<div class=\"kb-callout kb-%s\" role=\"note\"", name);
	if (block->kind == MD_REGION)
		md_attribute(r, "data-region", block->marker);
	kb_buf_puts(&r->body, "><p class=\"kb-callout-title\">");
	md_escape(r,
		md_label(r, block->marker, kb_arena_str(r->arena, block->marker).data),
		false);
	kb_buf_puts(&r->body, "</p>\n");
}

/* Tables */

static const char *alignment_of(cmark_node *cell)
{
	cmark_node *table = cmark_node_parent(cmark_node_parent(cell)), *node = cell;
	const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(table);
	int column = 0;

	while ((node = cmark_node_previous(node)))
		column++;
	switch (column < cmark_gfm_extensions_get_table_columns(table)
			? alignments[column]
			: 0) {
	case 'l':
		return " class=\"kb-left\"";
	case 'c':
		return " class=\"kb-center\"";
	case 'r':
		return " class=\"kb-right\"";
	default:
		return "";
	}
}

static void cell(struct md_render *r, cmark_node *node)
{
	cmark_node *first = cmark_node_first_child(node);
	bool header = first && cmark_gfm_extensions_get_table_row_is_header(
				       cmark_node_parent(node));

	kb_buf_puts(&r->body, header ? "<th scope=\"col\"" : "<td");
	kb_buf_puts(&r->body, alignment_of(node));
	kb_buf_putc(&r->body, '>');
	md_inlines(r, first);
	kb_buf_puts(&r->body, header ? "</th>" : "</td>");
}

static void table_enter(struct md_render *r)
{
	kb_buf_puts(&r->body, "<div class=\"kb-table\" role=\"group\" tabindex=\"0\"");
	md_attribute(r, "aria-label", md_label(r, KB_STR("table"), "Table"));
	kb_buf_puts(&r->body, "><table>\n");
}

static void table_leave(struct md_render *r)
{
	kb_buf_puts(&r->body,
		r->in_tbody ? "</tbody>\n</table></div>\n" : "</table></div>\n");
	r->in_tbody = false;
}

static void row(struct md_render *r, cmark_node *node, bool entering)
{
	bool header = cmark_gfm_extensions_get_table_row_is_header(node);

	if (!entering) {
		kb_buf_puts(&r->body, header ? "</tr></thead>\n" : "</tr>\n");
		return;
	}
	if (header) {
		kb_buf_puts(&r->body, "<thead>");
	} else if (!r->in_tbody) {
		kb_buf_puts(&r->body, "<tbody>\n");
		r->in_tbody = true;
	}
	kb_buf_puts(&r->body, "<tr>");
}

/* The walk */

static void container(struct md_render *r, cmark_node *node, bool entering)
{
	cmark_node_type type = cmark_node_get_type(node);
	bool ordered;

	if (type == CMARK_NODE_LIST) {
		ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
		if (entering)
			list_enter(r, node);
		else
			kb_buf_puts(&r->body, ordered ? "</ol>\n" : "</ul>\n");
	} else if (type == CMARK_NODE_ITEM) {
		if (entering)
			item_enter(r, node);
		else
			kb_buf_puts(&r->body, "</li>\n");
	} else if (type == CMARK_NODE_BLOCK_QUOTE) {
		if (entering)
			quote_enter(r, node);
		else
			kb_buf_puts(&r->body,
				is_callout(node) ? "</div>\n" : "</blockquote>\n");
	} else if (type == CMARK_NODE_TABLE) {
		if (entering)
			table_enter(r);
		else
			table_leave(r);
	} else if (type == CMARK_NODE_TABLE_ROW) {
		row(r, node, entering);
	}
}

/* True when NODE is a leaf, written whole. */
static bool leaf(struct md_render *r, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_PARAGRAPH)
		paragraph(r, node);
	else if (type == CMARK_NODE_HEADING)
		heading(r, node);
	else if (type == CMARK_NODE_CODE_BLOCK)
		code_block(r, node);
	else if (type == CMARK_NODE_HTML_BLOCK)
		md_raw(r, md_literal(node), &r->raw_blocks);
	else if (type == CMARK_NODE_THEMATIC_BREAK)
		kb_buf_puts(&r->body, "<hr>\n");
	else if (type == CMARK_NODE_TABLE_CELL)
		cell(r, node);
	else
		return false;
	return true;
}

static void node_write(struct md_render *r, struct md_walk *w)
{
	if (w->entering && leaf(r, w->node))
		w->skip = true;
	else
		container(r, w->node, w->entering);
}

static void render_tree(struct md_render *r, cmark_node *node)
{
	struct md_walk w = {.root = node};

	while (md_walk_next(&w) && !r->body.overflow) {
		bool callout = is_callout(w.node);

		if (is_left_out(r, w.node)) {
			w.skip = w.entering;
			continue;
		}
		if (callout && w.entering)
			r->callouts++;
		if (r->callouts || !r->options->only_callouts)
			node_write(r, &w);
		else
			w.skip = w.entering && md_is_leaf(w.node);
		if (callout && !w.entering)
			r->callouts--;
	}
}

/* Sections */

static void section(struct md_render *r, const struct md_section *s)
{
	cmark_node *list = r->options->no_list ? md_last_list(s) : NULL;
	cmark_node *title = r->options->no_title ? md_opening_heading(r->md) : NULL;
	cmark_node *node = s->first;

	if (node && r->options->no_heading && s->heading != KB_NONE)
		node = cmark_node_next(node);
	for (; node && node != s->end; node = cmark_node_next(node))
		if (node != list && node != title)
			render_tree(r, node);
}

static void sections(struct md_render *r)
{
	int wanted = r->options->section;

	for (size_t i = 0; i < r->md->sections.len; i++)
		if (wanted == KB_MD_ALL || (size_t)wanted == i)
			section(r, &r->md->sections.items[i]);
	md_raw_close(r, &r->raw_blocks, 0);
}

/* Footnotes */

static void back_links(struct md_render *r, uint32_t n)
{
	enum { LINKS_MAX = 20 };
	kb_str prefix = r->options->id_prefix;
	uint32_t references = r->notes.items[n - 1].references;

	for (uint32_t i = 1; i <= references && i <= LINKS_MAX; i++) {
		kb_buf_fmt(&r->body, " <a class=\"kb-fnback\" href=\"#%.*sfnref-%u",
			KB_ARG(prefix), n);
		if (i > 1)
			kb_buf_fmt(&r->body, "-%u", i);
		kb_buf_putc(&r->body, '"');
		md_attribute(r, "aria-label",
			md_label(r, KB_STR("footnote_back"), "Back to the text"));
		kb_buf_puts(&r->body, ">\xe2\x86\xa9</a>");
	}
}

static void footnote(struct md_render *r, uint32_t n)
{
	struct md_note note = r->notes.items[n - 1];
	cmark_node *node = cmark_node_first_child(note.footnote->node);
	cmark_node *last = cmark_node_last_child(note.footnote->node);
	bool in_paragraph = last && cmark_node_get_type(last) == CMARK_NODE_PARAGRAPH &&
			    !is_left_out(r, last);

	r->md = note.md;
	r->hooks = note.hooks;
	kb_buf_fmt(&r->body, "<li id=\"%.*sfn-%u\">", KB_ARG(r->options->id_prefix), n);
	for (; node; node = cmark_node_next(node))
		if (node != last || !in_paragraph)
			render_tree(r, node);
	kb_buf_puts(&r->body, "<p>");
	if (in_paragraph)
		md_inlines(r, cmark_node_first_child(last));
	back_links(r, n);
	kb_buf_puts(&r->body, "</p>");
	md_raw_close(r, &r->raw_blocks, 0);
	kb_buf_puts(&r->body, "</li>\n");
}

static void footnotes(struct md_render *r)
{
	kb_str label = r->options->footnotes_label;

	if (!r->notes.len)
		return;
	if (!label.len)
		label = md_label(r, KB_STR("footnotes"), "Footnotes");
	kb_buf_puts(&r->body, "<section class=\"kb-footnotes\"");
	md_attribute(r, "aria-label", label);
	kb_buf_puts(&r->body, "><ol>\n");
	for (uint32_t n = 1; n <= r->notes.len && !r->body.overflow; n++)
		footnote(r, n);
	kb_buf_puts(&r->body, "</ol></section>\n");
}

/* The whole */

/* Adds BODY with what the fence hook made in its places. */
static void slots_fill(struct md_render *r, kb_str body, kb_buf *out)
{
	static const kb_str mark = {"<hr data-kb-slot=\"", 18};
	size_t at;

	while (r->slots.len && (at = kb_str_find(body, mark)) != SIZE_MAX) {
		size_t n = strtoul(body.data + at + mark.len, NULL, 10);
		size_t end = at + kb_str_chr(kb_str_sub(body, at, body.len), '>') + 1;

		kb_buf_add(out, body.data, at);
		if (n < r->slots.len)
			kb_buf_str(out, r->slots.items[n]);
		body = kb_str_sub(body, end, body.len);
	}
	kb_buf_str(out, body);
}

static int finish(struct md_render *r, kb_buf *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf balanced = {.max = r->body.max},
			     filled = {.max = r->body.max};
	kb_str body = kb_buf_view(&r->body);

	if (!r->body.overflow && r->raw) {
		if (kb_html_balance(body, &balanced, err))
			return -1;
		body = kb_buf_view(&balanced);
	}
	if (!r->body.overflow && !balanced.overflow)
		slots_fill(r, body, &filled);
	if (r->body.overflow || balanced.overflow || filled.overflow)
		return kb_error_set(err, KB_E_REFUSED,
			"the text makes a page of more than %zu bytes", r->body.max);
	kb_buf_str(out, kb_buf_view(&filled));
	return 0;
}

static void ids_reserve(struct md_render *r)
{
	for (size_t i = 0; i < r->md->headings.len; i++)
		kb_map_put(&r->ids, r->md->headings.items[i].id, r);
}

int kb_md_html(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err)
{
	struct md_render r = {.options = options, .md = md, .hooks = options->hooks};
	int status;

	r.arena = kb_arena_new();
	r.body.max = options->max_output ? options->max_output : OUTPUT_MAX;
	ids_reserve(&r);
	sections(&r);
	footnotes(&r);
	status = finish(&r, out, err);
	kb_buf_dispose(&r.body);
	kb_vec_dispose(&r.notes);
	kb_vec_dispose(&r.slots);
	kb_map_dispose(&r.ids);
	kb_arena_free(r.arena);
	return status;
}
