#include "html.h"
#include "md_html.h"

kb_str md_label(struct md_render *r, kb_str key, const char *otherwise)
{
	const struct kb_md_hooks *hooks = r->options->hooks;
	kb_str label =
		hooks && hooks->label ? hooks->label(hooks->ctx, key) : KB_STR_NULL;

	return label.len ? label : kb_str_of(otherwise);
}

/* Nodes */

/* The links that are open, by whether they were written; deeper nesting does not occur.
 */
struct inline_state {
	bool link_written;
	cmark_node *skip_to; /* in a dropped <script>: its end */
};

static void variable(struct md_render *r, cmark_node *node, kb_str name)
{
	const struct kb_md_hooks *hooks = r->hooks;
	bool placeholder = false;
	kb_str value;

	if (!hooks || !hooks->variable ||
		!hooks->variable(hooks->ctx, name, &value, &placeholder)) {
		md_escape(r, md_literal(node), false);
		return;
	}
	if (placeholder) {
		kb_buf_puts(&r->body, "<span class=\"kb-ph\"");
		md_attribute(r, "data-ph", name);
		kb_buf_putc(&r->body, '>');
	}
	md_escape(r, value, false);
	if (placeholder)
		kb_buf_puts(&r->body, "</span>");
}

static bool in_autolink(cmark_node *text)
{
	return cmark_node_get_type(cmark_node_parent(text)) == CMARK_NODE_LINK &&
	       kb_str_find(md_literal(text), KB_STR("{{")) != SIZE_MAX;
}

static void text(struct md_render *r, cmark_node *node)
{
	cmark_node *next = cmark_node_next(node);
	kb_str s = md_literal(node), id;

	if (in_autolink(node))
		s = md_expanded(r, s);
	else if (next && md_ref_of(next, &id) == MD_REF_ID)
		while (s.len && s.data[s.len - 1] == ' ')
			s.len--;
	md_escape(r, s, false);
}

static void link_enter(struct md_render *r, cmark_node *node, struct inline_state *s)
{
	struct kb_md_href href;
	kb_str dest = md_expanded(r, kb_str_of(cmark_node_get_url(node)));

	s->link_written = md_href(r, dest, false, &href);
	if (!s->link_written)
		return;
	kb_buf_puts(&r->body, "<a");
	md_href_attributes(
		r, &href, md_expanded(r, kb_str_of(cmark_node_get_title(node))));
	kb_buf_putc(&r->body, '>');
}

static void image(struct md_render *r, cmark_node *node)
{
	_cleanup_buf_ kb_buf plain = {0};
	struct kb_md_href href;
	kb_str alt, title = md_expanded(r, kb_str_of(cmark_node_get_title(node)));
	cmark_node *parent = cmark_node_parent(node);

	md_plain_add(&plain, r->md, node);
	alt = md_expanded(r, kb_buf_view(&plain));
	if (!md_href(r, md_expanded(r, kb_str_of(cmark_node_get_url(node))), true,
		    &href)) {
		md_escape(r, alt, false);
		return;
	}
	if (!href.title.len)
		href.title = title;
	if (href.title.len && cmark_node_get_type(parent) == CMARK_NODE_PARAGRAPH &&
		!cmark_node_next(node) && !cmark_node_previous(node))
		href.title = KB_STR_NULL; /* the figure's caption */
	md_image_tag(r, &href, alt);
}

static uint32_t note_number(struct md_render *r, const struct md_footnote *footnote)
{
	for (size_t i = 0; i < r->notes.len; i++)
		if (r->notes.items[i].footnote == footnote)
			return (uint32_t)i + 1;
	*kb_vec_add(&r->notes) =
		(struct md_note){.md = r->md, .hooks = r->hooks, .footnote = footnote};
	return (uint32_t)r->notes.len;
}

static void footnote_reference(struct md_render *r, cmark_node *node)
{
	const struct md_footnote *footnote = md_footnote_of(r->md, node);
	kb_str prefix = r->options->id_prefix;
	struct md_note *note;
	uint32_t n;

	if (!footnote || footnote->place > r->options->audience)
		return;
	n = note_number(r, footnote);
	note = &r->notes.items[n - 1];
	note->references++;
	kb_buf_fmt(&r->body, "<sup class=\"kb-fnref\"><a id=\"%.*sfnref-%u",
		KB_ARG(prefix), n);
	if (note->references > 1)
		kb_buf_fmt(&r->body, "-%u", note->references);
	kb_buf_fmt(&r->body, "\" href=\"#%.*sfn-%u\">%u</a></sup>", KB_ARG(prefix), n, n);
}

static void html_inline(struct md_render *r, cmark_node *node, struct inline_state *s)
{
	kb_str name;

	switch (md_ref_of(node, &name)) {
	case MD_REF_VARIABLE:
		variable(r, node, name);
		break;
	case MD_REF_INCLUDE:
		md_escape(r, md_literal(node), false);
		break;
	case MD_REF_ID:
		break;
	case MD_REF_NONE:
		s->skip_to = md_tag_code_end(node);
		if (!s->skip_to)
			md_raw(r, md_literal(node), &r->raw_inlines);
	}
}

static const char *span_name(cmark_node_type type)
{
	if (type == CMARK_NODE_EMPH)
		return "em";
	if (type == CMARK_NODE_STRONG)
		return "strong";
	return type == CMARK_NODE_STRIKETHROUGH ? "del" : NULL;
}

static void span(struct md_render *r, const char *name, bool entering)
{
	r->inline_depth += entering ? 1 : 0;
	if (r->inline_depth <= MD_INLINE_DEPTH_MAX) {
		kb_buf_puts(&r->body, entering ? "<" : "</");
		kb_buf_puts(&r->body, name);
		kb_buf_putc(&r->body, '>');
	}
	r->inline_depth -= entering ? 0 : 1;
}

static void enter(struct md_render *r, struct md_walk *w, struct inline_state *s)
{
	cmark_node_type type = cmark_node_get_type(w->node);

	if (type == CMARK_NODE_TEXT) {
		text(r, w->node);
	} else if (type == CMARK_NODE_SOFTBREAK) {
		kb_buf_putc(&r->body, '\n');
	} else if (type == CMARK_NODE_LINEBREAK) {
		kb_buf_puts(&r->body, "<br>\n");
	} else if (type == CMARK_NODE_CODE) {
		kb_buf_puts(&r->body, "<code>");
		md_escape(r, md_literal(w->node), true);
		kb_buf_puts(&r->body, "</code>");
	} else if (type == CMARK_NODE_LINK) {
		link_enter(r, w->node, s);
	} else if (type == CMARK_NODE_IMAGE) {
		image(r, w->node);
		w->skip = true;
	} else if (type == CMARK_NODE_FOOTNOTE_REFERENCE) {
		footnote_reference(r, w->node);
	} else if (type == CMARK_NODE_HTML_INLINE) {
		html_inline(r, w->node, s);
	} else if (span_name(type)) {
		span(r, span_name(type), true);
	}
}

static void leave(struct md_render *r, cmark_node *node, const struct inline_state *s)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (type == CMARK_NODE_LINK && s->link_written)
		kb_buf_puts(&r->body, "</a>");
	else if (span_name(type))
		span(r, span_name(type), false);
}

void md_inlines(struct md_render *r, cmark_node *first)
{
	uint32_t open = r->raw_inlines.len;
	struct inline_state s = {.link_written = false};

	for (; first; first = cmark_node_next(first)) {
		struct md_walk w = {.root = first};

		while (md_walk_next(&w)) {
			if (s.skip_to) {
				if (w.node == s.skip_to)
					s.skip_to = NULL;
				w.skip = w.entering;
			} else if (w.entering) {
				enter(r, &w, &s);
			} else {
				leave(r, w.node, &s);
			}
		}
	}
	md_raw_close(r, &r->raw_inlines, open);
}
