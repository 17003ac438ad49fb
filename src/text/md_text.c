/*
 * A document as plain text, as one pastes it into a chat, or as Markdown with all that
 * it includes.
 */
#include "html.h"
#include "kb/escape.h"
#include "md_text.h"

enum { OUTPUT_MAX = 16 << 20, INCLUDES_MAX = 16 };

/* Inlines */

/* Adds text that is not in the tree. */
static void put_text(struct md_output *t, kb_str s, kb_buf *out)
{
	if (t->markdown)
		md_markdown_text(t, s, out);
	else
		kb_buf_str(out, s);
}

/* Adds a literal of the tree. */
static void literal(struct md_output *t, kb_str s, kb_buf *out)
{
	_cleanup_buf_ kb_buf plain = {0};

	if (!t->markdown) {
		md_text_add(out, s, false);
		return;
	}
	if (out->len && kb_byte_find(s, 0, KB_BYTE_ODD | KB_BYTE_MARKDOWN) == s.len &&
		out->data[out->len - 1] != '\n') {
		kb_buf_str(out, s);
		return;
	}
	if (kb_byte_find(s, 0, KB_BYTE_ODD) < s.len) {
		md_text_add(&plain, s, false);
		s = kb_buf_view(&plain);
	}
	md_markdown_text(t, s, out);
}

static void variable(struct md_output *t, cmark_node *node, kb_str name, kb_buf *out)
{
	bool placeholder = false;
	kb_str value;

	if (t->hooks && t->hooks->variable &&
		t->hooks->variable(t->hooks->ctx, name, &value, &placeholder))
		put_text(t, value, out);
	else
		literal(t, md_literal(node), out);
}

static bool is_same_address(kb_str text, kb_str href)
{
	static const char *const prefixes[] = {
		"", "mailto:", "tel:", "http://", "https://"};

	for (size_t i = 0; i < KB_LEN(prefixes); i++) {
		kb_str prefix = kb_str_of(prefixes[i]);

		if (kb_str_starts(href, prefix) &&
			kb_str_eq(kb_str_sub(href, prefix.len, href.len), text))
			return true;
	}
	return false;
}

/* Adds the address of a link whose text OUT holds from FROM on. */
static void link_leave(struct md_output *t, cmark_node *node, kb_buf *out, size_t from)
{
	_cleanup_buf_ kb_buf dest = {0};
	struct kb_md_href href;

	if (!md_output_href(t, node, false, &dest, &href) ||
		is_same_address(kb_str_sub(kb_buf_view(out), from, out->len), href.href))
		return;
	if (out->len == from)
		kb_buf_str(out, href.href);
	else
		kb_buf_fmt(out, " (%.*s)", KB_ARG(href.href));
}

static void line_break(struct md_output *t, kb_buf *out)
{
	if (t->in_table || t->in_heading)
		kb_buf_putc(out, ' ');
	else
		kb_buf_puts(out, t->markdown && !t->in_raw ? "\\\n" : "\n");
}

/* Where a tag ends a line, or words. */
static void raw_tag(struct md_output *t, const struct md_tag *tag, kb_buf *out)
{
	if (md_tag_breaks(tag) && out->len && out->data[out->len - 1] != '\n')
		line_break(t, out);
	if (tag->closing &&
		(strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0))
		kb_buf_putc(out, ' ');
}

static void html_inline(struct md_output *t, struct md_walk *w, kb_buf *out)
{
	struct md_tag tag;
	kb_str name;

	switch (md_ref_of(w->node, &name)) {
	case MD_REF_VARIABLE:
		variable(t, w->node, name, out);
		break;
	case MD_REF_INCLUDE:
		literal(t, md_literal(w->node), out);
		break;
	case MD_REF_ID:
		break;
	case MD_REF_NONE:
		t->skip_to = md_tag_code_end(w->node);
		if (!t->skip_to && md_tag_read(md_literal(w->node), 0, &tag))
			raw_tag(t, &tag, out);
	}
}

static void text(struct md_output *t, cmark_node *node, kb_buf *out)
{
	_cleanup_buf_ kb_buf more = {0};
	kb_str s = md_literal(node);

	if (kb_str_find(s, KB_STR("{{")) != SIZE_MAX &&
		cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_LINK)
		put_text(t, md_output_expanded(t, s, &more), out);
	else
		literal(t, s, out);
}

/* True: that is all there is to write of the node. */
static bool inline_enter(
	struct md_output *t, struct md_walk *w, cmark_node_type type, kb_buf *out)
{
	size_t note;

	if (type == CMARK_NODE_TEXT) {
		text(t, w->node, out);
	} else if (type == CMARK_NODE_CODE && !t->markdown) {
		md_text_add(out, md_literal(w->node), true);
	} else if (type == CMARK_NODE_SOFTBREAK) {
		kb_buf_putc(out, ' ');
	} else if (type == CMARK_NODE_LINEBREAK) {
		line_break(t, out);
	} else if (type == CMARK_NODE_HTML_INLINE) {
		html_inline(t, w, out);
	} else if (type == CMARK_NODE_FOOTNOTE_REFERENCE) {
		note = md_output_note(t, w->node);
		if (note)
			kb_buf_fmt(out, t->markdown ? "[^%zu]" : "[%zu]", note);
	} else {
		return false;
	}
	return true;
}

static void inline_step(struct md_output *t, struct md_walk *w, size_t *from, kb_buf *out)
{
	cmark_node_type type = cmark_node_get_type(w->node);

	if (w->entering && inline_enter(t, w, type, out))
		return;
	if (t->markdown && w->entering)
		md_markdown_enter(t, w, type, out);
	else if (t->markdown)
		md_markdown_leave(t, type, out);
	else if (type == CMARK_NODE_LINK && w->entering)
		*from = out->len;
	else if (type == CMARK_NODE_LINK)
		link_leave(t, w->node, out, *from);
}

static void inlines(struct md_output *t, cmark_node *first, kb_buf *out)
{
	size_t from = 0;

	for (; first; first = cmark_node_next(first)) {
		struct md_walk w = {.root = first};

		while (md_walk_next(&w)) {
			if (!t->skip_to) {
				inline_step(t, &w, &from, out);
				continue;
			}
			if (w.node == t->skip_to && !w.entering)
				t->skip_to = NULL;
			w.skip = w.entering;
		}
	}
}

/* Blocks */

static bool is_callout(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE &&
	       md_block_of(node)->kind != MD_PLAIN;
}

static bool is_left_out(struct md_output *t, cmark_node *node)
{
	const struct md_block *block = md_block_of(node);

	if (cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION)
		return true;
	if (block && block->audience > t->options->audience)
		return true;
	return t->options->no_callouts && is_callout(node);
}

static void tree_add(struct md_output *t, cmark_node *node);

static void include(struct md_output *t, kb_str name)
{
	const struct kb_md_hooks *hooks = t->hooks, *inner = NULL;
	struct kb_md *outer = t->md, *md = NULL;

	if (!hooks || !hooks->include || t->includes == INCLUDES_MAX ||
		!hooks->include(hooks->ctx, name, &md, &inner) || !md)
		return;
	t->includes++;
	t->md = md;
	t->hooks = inner ? inner : hooks;
	tree_add(t, md->root);
	t->md = outer;
	t->hooks = hooks;
	t->includes--;
}

static bool is_tight(cmark_node *node)
{
	cmark_node *item = cmark_node_parent(node);
	cmark_node *list = item ? cmark_node_parent(item) : NULL;

	return list && cmark_node_get_type(list) == CMARK_NODE_LIST &&
	       cmark_node_get_list_tight(list);
}

static void paragraph(struct md_output *t, cmark_node *node)
{
	cmark_node *marker = md_marker_end(node);
	kb_buf *line = &t->line;
	kb_str name;

	kb_buf_clear(line);

	if (md_include_of(node, &name)) {
		include(t, name);
		return;
	}
	if (t->markdown)
		md_markdown_head(t, node, line);
	t->in_heading = t->markdown && line->len;
	inlines(t, marker ? cmark_node_next(marker) : cmark_node_first_child(node), line);
	t->in_heading = false;
	md_lines_add(t, kb_str_trim(kb_buf_view(line)));
	t->gap |= !is_tight(node);
}

static void row(struct md_output *t, cmark_node *node)
{
	kb_buf *line = &t->line;

	kb_buf_clear(line);
	t->in_table = t->markdown;
	for (cmark_node *cell = cmark_node_first_child(node); cell;
		cell = cmark_node_next(cell)) {
		if (t->markdown)
			kb_buf_puts(line, line->len ? " | " : "| ");
		else if (line->len)
			kb_buf_puts(line, " | ");
		inlines(t, cmark_node_first_child(cell), line);
	}
	t->in_table = false;
	if (t->markdown)
		kb_buf_puts(line, " |");
	md_lines_add(t, kb_buf_view(line));
	if (t->markdown && cmark_gfm_extensions_get_table_row_is_header(node))
		md_markdown_rule(t, node);
}

static void code(struct md_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf text = {0};

	if (t->markdown) {
		md_markdown_code(t, node);
	} else {
		md_text_add(&text, md_literal(node), true);
		md_lines_add(t, kb_buf_view(&text));
	}
	t->gap = !(t->markdown && is_tight(node));
}

/* The text of raw HTML, its tags left out. */
static void raw(struct md_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_str s = md_literal(node);
	struct md_tag tag;

	t->in_raw = true;
	for (size_t i = 0, skip; i < s.len; i += skip) {
		skip = md_tag_skip(s, i);
		if (skip)
			continue;
		if (md_tag_read(s, i, &tag)) {
			skip = tag.len;
			if (!tag.closing && !tag.self_closing && md_tag_is_code(tag.name))
				skip += md_tag_code(s, i + skip, tag.name);
			else
				raw_tag(t, &tag, &text);
		} else {
			skip = tag.unclosed ? s.len - i : 1;
			if (!tag.unclosed)
				md_text_add(&text, kb_str_sub(s, i, i + 1), true);
		}
	}
	t->in_raw = false;
	s = kb_str_trim(kb_buf_view(&text));
	if (!s.len)
		return;
	if (t->markdown)
		md_markdown_lines(t, s);
	else
		md_lines_add(t, s);
	t->gap = true;
}

static bool leaf(struct md_output *t, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_PARAGRAPH) {
		paragraph(t, node);
	} else if (type == CMARK_NODE_HEADING) {
		t->gap = true;
		paragraph(t, node);
	} else if (type == CMARK_NODE_CODE_BLOCK) {
		code(t, node);
	} else if (type == CMARK_NODE_HTML_BLOCK) {
		raw(t, node);
	} else if (type == CMARK_NODE_THEMATIC_BREAK) {
		md_line_add(t, t->markdown ? KB_STR("***") : KB_STR("---"));
		t->gap = true;
	} else if (type == CMARK_NODE_TABLE_ROW) {
		row(t, node);
	} else {
		return false;
	}
	return true;
}

static void item(struct md_output *t, cmark_node *node, bool entering)
{
	cmark_node *list = cmark_node_parent(node);
	bool task = strcmp(cmark_node_get_type_string(node), "tasklist") == 0;
	char marker[24] = "- ", blank[24];
	int *n = &t->numbers.items[t->numbers.len - 1];

	if (cmark_node_get_list_type(list) == CMARK_ORDERED_LIST) {
		snprintf(marker, sizeof(marker), "%d. ", *n);
		*n += !entering;
	} else if (task) {
		strcpy(marker, md_task_is_done(t->md, node) ? "- [x] " : "- [ ] ");
	}
	memset(blank, ' ', strlen(marker));
	blank[strlen(marker)] = '\0';
	if (entering) {
		md_prefix_push(t, marker, blank);
		return;
	}
	if (!cmark_node_first_child(node))
		md_line_add(t, KB_STR_NULL);
	if (t->prefix_len >= strlen(blank))
		t->prefix_len -= strlen(blank);
	if (t->markdown)
		t->gap = !cmark_node_get_list_tight(list);
	else
		t->gap |= !cmark_node_get_list_tight(list);
}

static void quote(struct md_output *t, cmark_node *node, bool entering)
{
	const struct md_block *block = md_block_of(node);
	bool quoted = block->kind == MD_PLAIN || t->markdown;

	t->gap = !(t->markdown && is_tight(node));
	if (t->markdown && entering)
		md_gap_add(t);
	if (quoted && entering)
		md_prefix_push(t, "> ", "> ");
	else if (quoted && t->prefix_len >= 2)
		t->prefix_len -= 2;
	if (block->kind == MD_PLAIN || !entering)
		return;
	if (t->markdown)
		md_markdown_callout(t, node);
	else
		md_line_add(t, md_output_label(t, block->marker));
}

/* Two lists in a row would be one. */
static void list_part(struct md_output *t, cmark_node *list)
{
	cmark_node *before = cmark_node_previous(list);

	if (!before || cmark_node_get_type(before) != CMARK_NODE_LIST || !t->out.len)
		return;
	md_line_add(t, KB_STR("<!-- -->"));
	t->gap = true;
}

static void container(struct md_output *t, cmark_node *node, bool entering)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_LIST && entering && t->markdown)
		list_part(t, node);
	if (type == CMARK_NODE_LIST && entering)
		kb_vec_push(&t->numbers, cmark_node_get_list_start(node));
	else if (type == CMARK_NODE_LIST)
		t->numbers.len--;
	if (type == CMARK_NODE_ITEM)
		item(t, node, entering);
	else if (type == CMARK_NODE_BLOCK_QUOTE)
		quote(t, node, entering);
	else if (type == CMARK_NODE_TABLE || (type == CMARK_NODE_LIST && !is_tight(node)))
		t->gap = true;
}

static void tree_add(struct md_output *t, cmark_node *node)
{
	struct md_walk w = {.root = node};

	while (md_walk_next(&w) && !t->out.overflow) {
		bool callout = is_callout(w.node);

		if (is_left_out(t, w.node)) {
			w.skip = w.entering;
			continue;
		}
		if (callout && w.entering)
			t->callouts++;
		if (!t->callouts && t->options->only_callouts)
			w.skip = w.entering && md_is_leaf(w.node);
		else if (w.entering && leaf(t, w.node))
			w.skip = true;
		else
			container(t, w.node, w.entering);
		if (callout && !w.entering)
			t->callouts--;
	}
}

/* The whole */

static void footnotes_add(struct md_output *t)
{
	char marker[24], blank[24];

	for (size_t i = 0; i < t->notes.len && !t->out.overflow; i++) {
		struct md_text_note note = t->notes.items[i];
		cmark_node *node = cmark_node_first_child(note.footnote->node);
		size_t before;

		snprintf(marker, sizeof(marker), t->markdown ? "[^%zu]: " : "[%zu] ",
			i + 1);
		memset(blank, ' ', strlen(marker));
		blank[strlen(marker)] = '\0';
		before = md_prefix_push(t, marker, blank);
		t->gap = i == 0 || t->markdown;
		t->md = note.md;
		t->hooks = note.hooks;
		for (; node; node = cmark_node_next(node))
			tree_add(t, node);
		t->prefix_len = before;
	}
}

static void section_add(struct md_output *t, const struct md_section *s)
{
	cmark_node *list = t->options->no_list ? md_last_list(s) : NULL;
	cmark_node *title = t->options->no_title ? md_opening_heading(t->md) : NULL;
	cmark_node *node = s->first;

	if (node && t->options->no_heading && s->heading != KB_NONE)
		node = cmark_node_next(node);
	for (; node && node != s->end; node = cmark_node_next(node))
		if (node != list && node != title)
			tree_add(t, node);
}

static int output(struct kb_md *md, const struct kb_md_options *options, bool markdown,
	kb_buf *out, struct kb_error *err)
{
	struct md_output t = {.options = options,
		.markdown = markdown,
		.md = md,
		.hooks = options->hooks};
	int status = 0;

	t.out.max = options->max_output ? options->max_output : OUTPUT_MAX;
	for (size_t i = 0; i < md->sections.len; i++)
		if (options->section == KB_MD_ALL || (size_t)options->section == i) {
			section_add(&t, &md->sections.items[i]);
			if (options->section_end && i + 1 < md->sections.len)
				kb_buf_putc(&t.out, options->section_end);
		}
	footnotes_add(&t);
	if (t.out.overflow)
		status = kb_error_set(err, KB_E_REFUSED,
			"the text makes more than %zu bytes", t.out.max);
	else
		kb_buf_add(out, t.out.data, t.out.len ? t.out.len - 1 : 0);
	kb_buf_dispose(&t.out);
	kb_buf_dispose(&t.line);
	kb_vec_dispose(&t.notes);
	kb_vec_dispose(&t.numbers);
	return status;
}

int kb_md_text(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err)
{
	return output(md, options, false, out, err);
}

int kb_md_markdown(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err)
{
	return output(md, options, true, out, err);
}
