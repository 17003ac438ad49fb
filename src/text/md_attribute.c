/* Attributes, addresses and escaped text of the HTML that is rendered. */
#include "html.h"
#include "kb/char.h"
#include "md_html.h"

static void put_escaped(kb_buf *out, kb_str s, bool code)
{
	size_t from = 0, at;

	while ((at = kb_byte_find(s, from, KB_BYTE_ODD | KB_BYTE_MARKUP)) < s.len) {
		const char *entity = kb_char_entity((unsigned char)s.data[at]);

		kb_buf_add(out, s.data + from, at - from);
		from = at;
		kb_utf8_next(s, &from);
		if (entity)
			kb_buf_puts(out, entity);
		else
			md_text_add(out, kb_str_sub(s, at, from), code);
	}
	kb_buf_str(out, kb_str_sub(s, from, s.len));
}

void md_escape(struct md_render *r, kb_str s, bool code)
{
	put_escaped(&r->body, s, code);
}

void kb_md_put_text(kb_buf *out, kb_str text)
{
	put_escaped(out, text, false);
}

void md_attribute(struct md_render *r, const char *name, kb_str value)
{
	kb_buf_putc(&r->body, ' ');
	kb_buf_puts(&r->body, name);
	kb_buf_puts(&r->body, "=\"");
	md_escape(r, value, false);
	kb_buf_putc(&r->body, '"');
}

kb_str md_expanded(struct md_render *r, kb_str s)
{
	_cleanup_buf_ kb_buf out = {.max = 1 << 20};

	if (r->md->syntax->literal)
		md_text_add(&out, s, false);
	else
		md_expand(s, MD_MARK_ESCAPE, r->hooks, &out);
	return kb_arena_str(r->arena, kb_buf_view(&out));
}

kb_str md_id_new(struct md_render *r, kb_str id, bool number)
{
	kb_str unused = id;

	for (uint32_t n = 1; kb_map_has(&r->ids, unused); n++) {
		if (!number)
			return KB_STR_NULL;
		unused = kb_arena_fmt(r->arena, "%.*s-%u", KB_ARG(id), n);
	}
	unused = kb_arena_str(r->arena, unused);
	kb_map_put(&r->ids, unused, r);
	return unused;
}

bool md_href(struct md_render *r, kb_str dest, bool image, struct kb_md_href *out)
{
	*out = (struct kb_md_href){.href = dest};
	if (r->hooks && r->hooks->link &&
		!r->hooks->link(r->hooks->ctx, dest, image, out))
		return false;
	return kb_url_is_safe(out->href);
}

void kb_md_put_url(kb_buf *out, kb_str url)
{
	size_t from = 0, at;

	for (; (at = kb_byte_find(url, from, KB_BYTE_NO_URL)) < url.len; from = at + 1) {
		unsigned char c = (unsigned char)url.data[at];

		kb_buf_add(out, url.data + from, at - from);
		if (c == '&')
			kb_buf_puts(out, "&amp;");
		else if (c == '\'')
			kb_buf_puts(out, "&#39;");
		else
			kb_buf_fmt(out, "%%%02X", c);
	}
	kb_buf_str(out, kb_str_sub(url, from, url.len));
}

static void md_url_attribute(struct md_render *r, const char *name, kb_str url)
{
	kb_buf_putc(&r->body, ' ');
	kb_buf_puts(&r->body, name);
	kb_buf_puts(&r->body, "=\"");
	kb_md_put_url(&r->body, url);
	kb_buf_putc(&r->body, '"');
}

void md_href_attributes(struct md_render *r, const struct kb_md_href *href, kb_str title)
{
	md_url_attribute(r, "href", href->href);
	if (href->lang.len)
		md_attribute(r, "hreflang", href->lang);
	if (href->cls.len)
		md_attribute(r, "class", href->cls);
	if (href->title.len)
		title = href->title;
	if (title.len)
		md_attribute(r, "title", title);
	if (href->external)
		kb_buf_puts(&r->body, " rel=\"noopener\"");
}

bool md_image_tag(struct md_render *r, const struct kb_md_href *href, kb_str alt)
{
	kb_buf_puts(&r->body, "<img");
	md_url_attribute(r, "src", href->href);
	md_attribute(r, "alt", alt);
	if (href->width)
		kb_buf_fmt(&r->body, " width=\"%u\"", href->width);
	if (href->height)
		kb_buf_fmt(&r->body, " height=\"%u\"", href->height);
	if (href->cls.len)
		md_attribute(r, "class", href->cls);
	if (href->title.len)
		md_attribute(r, "title", href->title);
	kb_buf_puts(&r->body, " loading=\"lazy\">");
	return true;
}
