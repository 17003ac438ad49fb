/*
 * Plain text of a document, as one pastes it into a chat.
 */
#include "html.h"
#include "md_tree.h"

enum { OUTPUT_MAX = 16 << 20, PREFIX_MAX = 400, INCLUDES_MAX = 16 };

struct text_output {
	const struct kb_md_options *options;
	struct kb_md *md;
	const struct kb_md_hooks *hooks;
	kb_buf out;
	char prefix[PREFIX_MAX]; /* what lines begin with */
	char first[PREFIX_MAX];	 /* and the next one, which may hold an item's marker */
	size_t prefix_len;
	bool gap; /* an empty line is due before the next text */
	uint32_t callouts, includes;
	cmark_node *skip_to; /* in a dropped <script>: its end */
	struct {
		KB_VEC(int);
	} numbers; /* of the next item of each list that is open */
	struct {
		KB_VEC(const struct md_footnote *);
	} notes;
};

/* Lines */

/* ONCE and THEN have one length. Returns the former length of the prefix. */
static size_t prefix_push(struct text_output *t, const char *once, const char *then)
{
	size_t len = strlen(then), before = t->prefix_len;

	if (before + len > PREFIX_MAX)
		return before;
	memcpy(t->prefix + before, then, len);
	memcpy(t->first + before, once, len);
	t->prefix_len += len;
	return before;
}

static void line_add(struct text_output *t, kb_str line)
{
	size_t len = t->prefix_len;

	if (t->gap && t->out.len)
		kb_buf_putc(&t->out, '\n');
	t->gap = false;
	while (!line.len && len && t->first[len - 1] == ' ')
		len--;
	kb_buf_add(&t->out, t->first, len);
	kb_buf_str(&t->out, line);
	kb_buf_putc(&t->out, '\n');
	memcpy(t->first, t->prefix, t->prefix_len);
}

static void lines_add(struct text_output *t, kb_str s)
{
	kb_str line;

	while (kb_str_next(&s, '\n', &line))
		if (s.data || line.len)
			line_add(t, line);
}

/* Inlines */

static kb_str expanded(struct text_output *t, kb_str s, kb_buf *out)
{
	if (t->md->syntax->literal)
		md_text_add(out, s, false);
	else
		md_expand(s, MD_MARK_ESCAPE, t->hooks, out);
	return kb_buf_view(out);
}

static void variable(struct text_output *t, cmark_node *node, kb_str name, kb_buf *out)
{
	bool placeholder = false;
	kb_str value;

	if (t->hooks && t->hooks->variable &&
		t->hooks->variable(t->hooks->ctx, name, &value, &placeholder))
		kb_buf_str(out, value);
	else
		md_text_add(out, md_literal(node), false);
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
static void link_leave(struct text_output *t, cmark_node *node, kb_buf *out, size_t from)
{
	_cleanup_buf_ kb_buf dest = {0};
	struct kb_md_href href = {0};

	expanded(t, kb_str_of(cmark_node_get_url(node)), &dest);
	href.href = kb_buf_view(&dest);
	if (t->hooks && t->hooks->link &&
		!t->hooks->link(t->hooks->ctx, kb_buf_view(&dest), false, &href))
		return;
	if (!kb_url_is_safe(href.href) || !href.href.len ||
		is_same_address(kb_str_sub(kb_buf_view(out), from, out->len), href.href))
		return;
	if (out->len == from)
		kb_buf_str(out, href.href);
	else
		kb_buf_fmt(out, " (%.*s)", KB_ARG(href.href));
}

static void footnote_reference(struct text_output *t, cmark_node *node, kb_buf *out)
{
	const struct md_footnote *note = md_footnote_of(t->md, node);
	size_t n = 0;

	if (!note || note->place > t->options->audience || t->includes)
		return;
	while (n < t->notes.len && t->notes.items[n] != note)
		n++;
	if (n == t->notes.len)
		kb_vec_push(&t->notes, note);
	kb_buf_fmt(out, "[%zu]", n + 1);
}

/* Where a tag ends a line, or words. */
static void raw_tag(const struct md_tag *tag, kb_buf *out)
{
	if (md_tag_breaks(tag) && out->len && out->data[out->len - 1] != '\n')
		kb_buf_putc(out, '\n');
	if (tag->closing &&
		(strcmp(tag->name, "td") == 0 || strcmp(tag->name, "th") == 0))
		kb_buf_putc(out, ' ');
}

static void html_inline(struct text_output *t, struct md_walk *w, kb_buf *out)
{
	struct md_tag tag;
	kb_str name;

	switch (md_ref_of(w->node, &name)) {
	case MD_REF_VARIABLE:
		variable(t, w->node, name, out);
		break;
	case MD_REF_INCLUDE:
		md_text_add(out, md_literal(w->node), false);
		break;
	case MD_REF_ID:
		break;
	case MD_REF_NONE:
		t->skip_to = md_tag_code_end(w->node);
		if (!t->skip_to && md_tag_read(md_literal(w->node), 0, &tag))
			raw_tag(&tag, out);
	}
}

static void inline_enter(struct text_output *t, struct md_walk *w, kb_buf *out)
{
	_cleanup_buf_ kb_buf more = {0};
	cmark_node *node = w->node;

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		if (kb_str_find(md_literal(node), KB_STR("{{")) != SIZE_MAX &&
			cmark_node_get_type(cmark_node_parent(node)) == CMARK_NODE_LINK)
			kb_buf_str(out, expanded(t, md_literal(node), &more));
		else
			md_text_add(out, md_literal(node), false);
		break;
	case CMARK_NODE_CODE:
		md_text_add(out, md_literal(node), true);
		break;
	case CMARK_NODE_SOFTBREAK:
		kb_buf_putc(out, ' ');
		break;
	case CMARK_NODE_LINEBREAK:
		kb_buf_putc(out, '\n');
		break;
	case CMARK_NODE_HTML_INLINE:
		html_inline(t, w, out);
		break;
	case CMARK_NODE_FOOTNOTE_REFERENCE:
		footnote_reference(t, node, out);
		break;
	default:
		break;
	}
}

static void inlines(struct text_output *t, cmark_node *first, kb_buf *out)
{
	size_t from = 0;

	for (; first; first = cmark_node_next(first)) {
		struct md_walk w = {.root = first};

		while (md_walk_next(&w)) {
			bool link = cmark_node_get_type(w.node) == CMARK_NODE_LINK;

			if (t->skip_to) {
				if (w.node == t->skip_to && !w.entering)
					t->skip_to = NULL;
				w.skip = w.entering;
			} else if (link && w.entering)
				from = out->len;
			else if (link)
				link_leave(t, w.node, out, from);
			else if (w.entering)
				inline_enter(t, &w, out);
		}
	}
}

/* Blocks */

static bool is_callout(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE &&
	       md_block_of(node)->kind != MD_PLAIN;
}

static bool is_left_out(struct text_output *t, cmark_node *node)
{
	const struct md_block *block = md_block_of(node);

	if (cmark_node_get_type(node) == CMARK_NODE_FOOTNOTE_DEFINITION)
		return true;
	if (block && block->audience > t->options->audience)
		return true;
	return t->options->no_callouts && is_callout(node);
}

static void tree_add(struct text_output *t, cmark_node *node);

static void include(struct text_output *t, kb_str name)
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

static void paragraph(struct text_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf line = {0};
	cmark_node *marker = md_marker_end(node);
	kb_str name;

	if (md_include_of(node, &name)) {
		include(t, name);
		return;
	}
	inlines(t, marker ? cmark_node_next(marker) : cmark_node_first_child(node),
		&line);
	lines_add(t, kb_str_trim(kb_buf_view(&line)));
	t->gap |= !is_tight(node);
}

static void row(struct text_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf line = {0};

	for (cmark_node *cell = cmark_node_first_child(node); cell;
		cell = cmark_node_next(cell)) {
		if (line.len)
			kb_buf_puts(&line, " | ");
		inlines(t, cmark_node_first_child(cell), &line);
	}
	lines_add(t, kb_buf_view(&line));
}

static void code(struct text_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf text = {0};

	md_text_add(&text, md_literal(node), true);
	lines_add(t, kb_buf_view(&text));
	t->gap = true;
}

/* The text of raw HTML, its tags left out. */
static void raw(struct text_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_str s = md_literal(node);
	struct md_tag tag;

	for (size_t i = 0, skip; i < s.len; i += skip) {
		skip = md_tag_skip(s, i);
		if (skip)
			continue;
		if (md_tag_read(s, i, &tag)) {
			skip = tag.len;
			if (!tag.closing && !tag.self_closing && md_tag_is_code(tag.name))
				skip += md_tag_code(s, i + skip, tag.name);
			else
				raw_tag(&tag, &text);
		} else {
			skip = tag.unclosed ? s.len - i : 1;
			if (!tag.unclosed)
				md_text_add(&text, kb_str_sub(s, i, i + 1), true);
		}
	}
	if (!kb_str_trim(kb_buf_view(&text)).len)
		return;
	lines_add(t, kb_str_trim(kb_buf_view(&text)));
	t->gap = true;
}

static bool leaf(struct text_output *t, cmark_node *node)
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
		line_add(t, KB_STR("---"));
		t->gap = true;
	} else if (type == CMARK_NODE_TABLE_ROW) {
		row(t, node);
	} else {
		return false;
	}
	return true;
}

static void item(struct text_output *t, cmark_node *node, bool entering)
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
		prefix_push(t, marker, blank);
		return;
	}
	if (!cmark_node_first_child(node))
		line_add(t, KB_STR_NULL);
	if (t->prefix_len >= strlen(blank))
		t->prefix_len -= strlen(blank);
	t->gap |= !cmark_node_get_list_tight(list);
}

static void quote(struct text_output *t, cmark_node *node, bool entering)
{
	const struct md_block *block = md_block_of(node);
	kb_str label = block->marker;
	const struct kb_md_hooks *hooks = t->options->hooks;

	t->gap = true;
	if (block->kind == MD_PLAIN) {
		if (entering)
			prefix_push(t, "> ", "> ");
		else if (t->prefix_len >= 2)
			t->prefix_len -= 2;
	} else if (entering) {
		if (hooks && hooks->label && hooks->label(hooks->ctx, label).len)
			label = hooks->label(hooks->ctx, label);
		line_add(t, label);
	}
}

static void container(struct text_output *t, cmark_node *node, bool entering)
{
	cmark_node_type type = cmark_node_get_type(node);

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

static void tree_add(struct text_output *t, cmark_node *node)
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

static void footnotes_add(struct text_output *t)
{
	char marker[24], blank[24];

	for (size_t i = 0; i < t->notes.len && !t->out.overflow; i++) {
		cmark_node *node = cmark_node_first_child(t->notes.items[i]->node);
		size_t before;

		snprintf(marker, sizeof(marker), "[%zu] ", i + 1);
		memset(blank, ' ', strlen(marker));
		blank[strlen(marker)] = '\0';
		before = prefix_push(t, marker, blank);
		t->gap = i == 0;
		for (; node; node = cmark_node_next(node))
			tree_add(t, node);
		t->prefix_len = before;
	}
}

static void section_add(struct text_output *t, const struct md_section *s)
{
	cmark_node *list = t->options->no_list ? md_last_list(s) : NULL;
	cmark_node *node = s->first;

	if (node && t->options->no_heading && s->heading != KB_NONE)
		node = cmark_node_next(node);
	for (; node && node != s->end; node = cmark_node_next(node))
		if (node != list)
			tree_add(t, node);
}

int kb_md_text(struct kb_md *md, const struct kb_md_options *options, kb_buf *out,
	struct kb_error *err)
{
	struct text_output t = {.options = options, .md = md, .hooks = options->hooks};
	int status = 0;

	t.out.max = options->max_output ? options->max_output : OUTPUT_MAX;
	for (size_t i = 0; i < md->sections.len; i++)
		if (options->section == KB_MD_ALL || (size_t)options->section == i)
			section_add(&t, &md->sections.items[i]);
	footnotes_add(&t);
	if (t.out.overflow)
		status = kb_error_set(err, KB_E_REFUSED,
			"the text makes more than %zu bytes", t.out.max);
	else
		kb_buf_add(out, t.out.data, t.out.len ? t.out.len - 1 : 0);
	kb_buf_dispose(&t.out);
	kb_vec_dispose(&t.notes);
	kb_vec_dispose(&t.numbers);
	return status;
}
