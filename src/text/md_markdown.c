/* Markdown in which text says what it said, and nothing in it is markup. */
#include "kb/escape.h"
#include "md_text.h"

/* Text */

static bool is_alnum(kb_str s, size_t i)
{
	unsigned char c = i < s.len ? (unsigned char)s.data[i] : 0;

	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	       c >= 0x80;
}

static bool is_blank(kb_str s, size_t i)
{
	return i >= s.len || strchr(" \t\n", s.data[i]);
}

/* Would the byte at I begin or end markup there? */
static bool is_markup(struct md_output *t, kb_str s, size_t i)
{
	switch (s.data[i]) {
	case '\\':
	case '`':
	case '[':
	case ']':
	case '~':
		return true;
	case '*':
		return !(is_blank(s, i + 1) && i > 0 && is_blank(s, i - 1));
	case '_':
		return !(i > 0 && is_alnum(s, i - 1) && is_alnum(s, i + 1));
	case '<':
		return is_alnum(s, i + 1) ||
		       (i + 1 < s.len && strchr("/!?", s.data[i + 1]));
	case '&':
		return is_alnum(s, i + 1) || (i + 1 < s.len && s.data[i + 1] == '#');
	case '|':
		return t->in_table;
	case '#':
		return t->in_heading && i + 1 == s.len;
	default:
		return false;
	}
}

/* The byte of S that would make its beginning more than text where a line begins, or
 * SIZE_MAX: a heading, an item, a quote, a rule. */
static size_t opening(kb_str s)
{
	size_t i = 0;

	if (s.len && strchr("#+-=>:", s.data[0]))
		return 0;
	while (i < s.len && i < 9 && s.data[i] >= '0' && s.data[i] <= '9')
		i++;
	return i && i < s.len && strchr(".)", s.data[i]) && is_blank(s, i + 1) ? i
									       : SIZE_MAX;
}

void md_markdown_text(struct md_output *t, kb_str s, kb_buf *out)
{
	bool begins = !out->len || out->data[out->len - 1] == '\n';
	size_t first = begins ? opening(s) : SIZE_MAX;

	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		size_t next = kb_byte_find(s, i, KB_BYTE_MARKDOWN);

		if (i <= first && first < next)
			next = first;
		i = next;
		if (i == s.len || (i != first && !is_markup(t, s, i)))
			continue;
		kb_buf_add(out, s.data + from, i - from);
		kb_buf_putc(out, '\\');
		from = i;
	}
	kb_buf_add(out, s.data + from, s.len - from);
}

void md_markdown_lines(struct md_output *t, kb_str s)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str line;

	while (kb_str_next(&s, '\n', &line)) {
		kb_buf_clear(&out);
		md_markdown_text(t, kb_str_trim(line), &out);
		if (!out.len)
			continue;
		kb_buf_puts(&out, s.len ? "\\" : "");
		md_line_add(t, kb_buf_view(&out));
	}
}

void kb_md_put_markdown(kb_buf *out, kb_str text)
{
	struct md_output none = {0};

	md_markdown_text(&none, text, out);
}

/* How many of C stand together at most. */
static size_t longest_run(kb_str s, char c)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < s.len; i++) {
		run = s.data[i] == c ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest;
}

static void put_times(kb_buf *out, char c, size_t n)
{
	while (n--)
		kb_buf_putc(out, c);
}

void kb_md_put_code(kb_buf *out, kb_str text)
{
	size_t ticks = longest_run(text, '`') + 1;

	ticks = ticks < 3 ? 3 : ticks;
	put_times(out, '`', ticks);
	kb_buf_fmt(out, "\n%.*s\n", KB_ARG(text));
	put_times(out, '`', ticks);
	kb_buf_putc(out, '\n');
}

static void code_span(struct md_output *t, kb_str literal, kb_buf *out)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_str s, part;
	size_t ticks;
	bool inner;

	md_text_add(&text, literal, true);
	s = kb_buf_view(&text);
	ticks = longest_run(s, '`') + 1;
	inner = ticks > 1 || (s.len && s.data[0] == ' ');
	put_times(out, '`', ticks);
	kb_buf_puts(out, inner ? " " : "");
	while (t->in_table && kb_str_chr(s, '|') != SIZE_MAX) {
		part = kb_str_sub(s, 0, kb_str_chr(s, '|'));
		kb_buf_str(out, part);
		kb_buf_puts(out, "\\|");
		s = kb_str_sub(s, part.len + 1, s.len);
	}
	kb_buf_str(out, s);
	kb_buf_puts(out, inner ? " " : "");
	put_times(out, '`', ticks);
}

/* Links */

/* A '!' before it would make an image of the link. */
static void put_bracket(kb_buf *out)
{
	bool image = out->len && out->data[out->len - 1] == '!';

	out->len -= image;
	kb_buf_puts(out, image ? "\\![" : "[");
}

static void put_address(kb_buf *out, const struct kb_md_href *href, kb_str title)
{
	kb_buf_puts(out, "](");
	kb_buf_url(out, href->href);
	kb_buf_puts(out, title.len ? " \"" : ")");
	for (size_t i = 0; i < title.len; i++) {
		if (strchr("\"\\&<", title.data[i]))
			kb_buf_putc(out, '\\');
		kb_buf_putc(out, title.data[i]);
	}
	kb_buf_puts(out, title.len ? "\")" : "");
}

/* The address of another site, which is the link's text as well. */
static bool is_auto(cmark_node *node, const struct kb_md_href *href)
{
	cmark_node *text = cmark_node_first_child(node);

	return href->external && text && !cmark_node_next(text) &&
	       cmark_node_get_type(text) == CMARK_NODE_TEXT &&
	       kb_str_eq(md_literal(text), kb_str_of(cmark_node_get_url(node)));
}

static void link_enter(struct md_output *t, struct md_walk *w, kb_buf *out)
{
	_cleanup_buf_ kb_buf dest = {0};

	t->linked = md_output_href(t, w->node, false, &dest, &t->href);
	if (!t->linked)
		return;
	if (!is_auto(w->node, &t->href)) {
		put_bracket(out);
		t->href.href = kb_arena_str(t->md->arena, t->href.href);
		return;
	}
	kb_buf_putc(out, '<');
	kb_buf_url(out, t->href.href);
	kb_buf_putc(out, '>');
	t->linked = false;
	w->skip = true;
}

static void image(struct md_output *t, cmark_node *node, kb_buf *out)
{
	_cleanup_buf_ kb_buf plain = {0}, alt = {0}, dest = {0}, title = {0};
	struct kb_md_href href;

	md_plain_add(&plain, t->md, node);
	md_output_expanded(t, kb_buf_view(&plain), &alt);
	if (!md_output_href(t, node, true, &dest, &href)) {
		md_markdown_text(t, kb_buf_view(&alt), out);
		return;
	}
	kb_buf_puts(out, "![");
	md_markdown_text(t, kb_buf_view(&alt), out);
	md_output_expanded(t, kb_str_of(cmark_node_get_title(node)), &title);
	put_address(out, &href, kb_buf_view(&title));
}

/* Inlines */

static void put_span(kb_buf *out, cmark_node_type type)
{
	if (type == CMARK_NODE_EMPH)
		kb_buf_putc(out, '*');
	else if (type == CMARK_NODE_STRONG)
		kb_buf_puts(out, "**");
	else if (type == CMARK_NODE_STRIKETHROUGH)
		kb_buf_puts(out, "~~");
}

void md_markdown_enter(
	struct md_output *t, struct md_walk *w, cmark_node_type type, kb_buf *out)
{
	if (type == CMARK_NODE_CODE) {
		code_span(t, md_literal(w->node), out);
	} else if (type == CMARK_NODE_LINK) {
		link_enter(t, w, out);
	} else if (type == CMARK_NODE_IMAGE) {
		image(t, w->node, out);
		w->skip = true;
	} else {
		put_span(out, type);
	}
}

void md_markdown_leave(struct md_output *t, cmark_node_type type, kb_buf *out)
{
	if (type == CMARK_NODE_LINK && t->linked)
		put_address(out, &t->href, KB_STR_NULL);
	else
		put_span(out, type);
}

/* Blocks */

void md_markdown_head(struct md_output *t, cmark_node *node, kb_buf *out)
{
	int level;

	if (cmark_node_get_type(node) != CMARK_NODE_HEADING)
		return;
	level = cmark_node_get_heading_level(node) + t->options->heading_shift;
	put_times(out, '#', (size_t)(level < 2 ? 2 : level > 6 ? 6 : level));
	kb_buf_putc(out, ' ');
}

void md_markdown_rule(struct md_output *t, cmark_node *row)
{
	cmark_node *table = cmark_node_parent(row);
	int n = cmark_gfm_extensions_get_table_columns(table);
	const uint8_t *alignments = cmark_gfm_extensions_get_table_alignments(table);
	_cleanup_buf_ kb_buf line = {0};

	for (int i = 0; i < n; i++)
		kb_buf_puts(&line, alignments[i] == 'l'	  ? "| :-- "
				   : alignments[i] == 'c' ? "| :-: "
				   : alignments[i] == 'r' ? "| --: "
							  : "| --- ");
	kb_buf_putc(&line, '|');
	md_line_add(t, kb_buf_view(&line));
}

/* What is drawn leaves its title: its code may say more than the drawing. */
static bool is_drawn(kb_str lang)
{
	return kb_str_is(lang, "dot") || kb_str_is(lang, "journey");
}

static void drawn(struct md_output *t, kb_str title)
{
	_cleanup_buf_ kb_buf plain = {0}, line = {0};

	md_output_expanded(t, title, &plain);
	if (!kb_str_trim(kb_buf_view(&plain)).len)
		return;
	kb_buf_putc(&line, '*');
	md_markdown_text(t, kb_str_trim(kb_buf_view(&plain)), &line);
	kb_buf_putc(&line, '*');
	md_line_add(t, kb_buf_view(&line));
}

void md_markdown_code(struct md_output *t, cmark_node *node)
{
	_cleanup_buf_ kb_buf text = {0}, fence = {0};
	kb_str info = kb_str_trim(kb_str_of(cmark_node_get_fence_info(node)));
	size_t end = 0, ticks;

	while (end < info.len && !strchr(" \t`", info.data[end]))
		end++;
	if (is_drawn(kb_str_sub(info, 0, end))) {
		drawn(t, kb_str_sub(info, end, info.len));
		return;
	}
	md_text_add(&text, md_literal(node), true);
	ticks = longest_run(kb_buf_view(&text), '`') + 1;
	put_times(&fence, '`', ticks < 3 ? 3 : ticks);
	ticks = fence.len;
	md_text_add(&fence, kb_str_sub(info, 0, end), true);
	md_line_add(t, kb_buf_view(&fence));
	md_lines_add(t, kb_buf_view(&text));
	md_line_add(t, kb_str_sub(kb_buf_view(&fence), 0, ticks));
}

void md_markdown_callout(struct md_output *t, cmark_node *quote)
{
	const struct md_block *block = md_block_of(quote);
	_cleanup_buf_ kb_buf line = {0};

	if (block->kind == MD_ALERT) {
		kb_buf_fmt(&line, "[!%.*s]", KB_ARG(block->marker));
		md_line_add(t, kb_buf_view(&line));
		return;
	}
	kb_buf_puts(&line, "**");
	md_markdown_text(t, md_output_label(t, block->marker), &line);
	kb_buf_puts(&line, "**");
	md_line_add(t, kb_buf_view(&line));
	t->gap = true;
}
