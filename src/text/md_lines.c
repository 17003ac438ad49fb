#include "md_text.h"

size_t md_prefix_push(struct md_output *t, const char *once, const char *then)
{
	size_t len = strlen(then), before = t->prefix_len;

	if (before + len > MD_PREFIX_MAX)
		return before;
	memcpy(t->prefix + before, then, len);
	memcpy(t->first + before, once, len);
	t->prefix_len += len;
	return before;
}

/* An empty line, which in Markdown keeps the quotes that it is in open. */
void md_gap_add(struct md_output *t)
{
	if (!t->gap || !t->out.len)
		return;
	size_t len = t->markdown ? t->prefix_len : 0;

	while (len && t->prefix[len - 1] == ' ')
		len--;
	kb_buf_add(&t->out, t->prefix, len);
	kb_buf_putc(&t->out, '\n');
	t->gap = false;
}

void md_line_add(struct md_output *t, kb_str line)
{
	size_t len = t->prefix_len;

	md_gap_add(t);
	t->gap = false;
	while (!line.len && len && t->first[len - 1] == ' ')
		len--;
	kb_buf_add(&t->out, t->first, len);
	kb_buf_str(&t->out, line);
	kb_buf_putc(&t->out, '\n');
	memcpy(t->first, t->prefix, t->prefix_len);
}

void md_lines_add(struct md_output *t, kb_str s)
{
	kb_str line;

	while (kb_str_next(&s, '\n', &line))
		if (s.data || line.len)
			md_line_add(t, line);
}

kb_str md_output_expanded(struct md_output *t, kb_str s, kb_buf *out)
{
	if (t->md->syntax->literal)
		md_text_add(out, s, false);
	else
		md_expand(s, MD_MARK_ESCAPE, t->hooks, out);
	return kb_buf_view(out);
}

bool md_output_href(struct md_output *t, cmark_node *node, bool image, kb_buf *dest,
	struct kb_md_href *href)
{
	*href = (struct kb_md_href){0};
	href->href = md_output_expanded(t, kb_str_of(cmark_node_get_url(node)), dest);
	if (t->hooks && t->hooks->link &&
		!t->hooks->link(t->hooks->ctx, kb_buf_view(dest), image, href))
		return false;
	return kb_url_is_safe(href->href) && href->href.len;
}

size_t md_output_note(struct md_output *t, cmark_node *reference)
{
	const struct md_footnote *note = md_footnote_of(t->md, reference);
	size_t n = 0;

	if (!note || note->place > t->options->audience)
		return 0;
	while (n < t->notes.len && t->notes.items[n].footnote != note)
		n++;
	if (n == t->notes.len)
		kb_vec_push(&t->notes, ((struct md_text_note){t->md, t->hooks, note}));
	return n + 1;
}

kb_str md_output_label(struct md_output *t, kb_str marker)
{
	const struct kb_md_hooks *hooks = t->options->hooks;
	kb_str label =
		hooks && hooks->label ? hooks->label(hooks->ctx, marker) : KB_STR_NULL;

	return label.len ? label : marker;
}
