#include "md_tree.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* The end of the tag that is open at OFF, its '>' included, or 0. */
static size_t tag_end(kb_str s, size_t off)
{
	char quote = 0;

	for (; off < s.len; off++) {
		char c = s.data[off];

		if (quote) {
			if (c == quote)
				quote = 0;
		} else if (c == '>') {
			return off + 1;
		} else if (c == '"' || c == '\'') {
			quote = c;
		}
	}
	return 0;
}

bool md_tag_read(kb_str s, size_t off, struct md_tag *tag)
{
	size_t at = off + 1, n = 0, end;

	*tag = (struct md_tag){.len = 0};
	if (off + 2 >= s.len || s.data[off] != '<')
		return false;
	tag->closing = s.data[at] == '/';
	at += tag->closing;
	if (!is_letter(s.data[at]))
		return false;
	for (; at < s.len && !is_space(s.data[at]) && !strchr("/>", s.data[at]);
		at++, n++)
		if (n < sizeof(tag->name) - 1)
			tag->name[n] = lower(s.data[at]);
	if (n >= sizeof(tag->name))
		tag->name[0] = '\0';
	end = tag_end(s, at);
	tag->unclosed = !end;
	if (!end)
		return false;
	tag->len = end - off;
	tag->attributes = kb_str_sub(s, at, end - 1);
	tag->self_closing = tag->attributes.len &&
			    tag->attributes.data[tag->attributes.len - 1] == '/';
	return true;
}

static void skip(kb_str *s, size_t n)
{
	*s = kb_str_sub(*s, n, s->len);
}

static kb_str attribute_value(kb_str *rest)
{
	size_t n = 0;
	kb_str value;

	while (rest->len && is_space(*rest->data))
		skip(rest, 1);
	if (rest->len && (*rest->data == '"' || *rest->data == '\'')) {
		char quote = *rest->data;

		skip(rest, 1);
		n = kb_str_chr(*rest, quote);
		if (n == SIZE_MAX)
			n = rest->len;
		value = kb_str_sub(*rest, 0, n);
		skip(rest, n + 1);
		return value;
	}
	while (n < rest->len && !is_space(rest->data[n]))
		n++;
	value = kb_str_sub(*rest, 0, n);
	skip(rest, n);
	return value;
}

bool md_attribute_next(kb_str *rest, kb_str *name, kb_str *value)
{
	size_t n = 0, space = 0;

	while (rest->len && (is_space(*rest->data) || strchr("/=", *rest->data)))
		skip(rest, 1);
	if (!rest->len)
		return false;
	while (n < rest->len && !is_space(rest->data[n]) && !strchr("/=", rest->data[n]))
		n++;
	*name = kb_str_sub(*rest, 0, n);
	*value = KB_STR_NULL;
	while (n + space < rest->len && is_space(rest->data[n + space]))
		space++;
	skip(rest, n);
	if (space < rest->len && rest->data[space] == '=') {
		skip(rest, space + 1);
		*value = attribute_value(rest);
	}
	return true;
}

bool md_tag_attribute(const struct md_tag *tag, const char *name, kb_str *value)
{
	kb_str rest = tag->attributes, key, candidate;

	while (md_attribute_next(&rest, &key, &candidate))
		if (kb_str_eq_nocase(key, kb_str_of(name))) {
			*value = candidate;
			return true;
		}
	return false;
}

static size_t skip_to(kb_str s, size_t off, const char *end)
{
	size_t at = kb_str_find(kb_str_sub(s, off, s.len), kb_str_of(end));

	return at == SIZE_MAX ? s.len - off : at + strlen(end);
}

size_t md_tag_skip(kb_str s, size_t off)
{
	kb_str rest = kb_str_sub(s, off, s.len);

	if (kb_str_starts(rest, KB_STR("<!--")))
		return skip_to(s, off, "-->");
	if (kb_str_starts(rest, KB_STR("<![CDATA[")))
		return skip_to(s, off, "]]>");
	if (kb_str_starts(rest, KB_STR("<?")))
		return skip_to(s, off, "?>");
	if (kb_str_starts(rest, KB_STR("<!")))
		return skip_to(s, off, ">");
	return 0;
}

bool md_tag_breaks(const struct md_tag *tag)
{
	static const char *const names[] = {"br", "p", "div", "li", "tr", "summary",
		"details", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
		"ul", "ol", "table"};

	for (size_t i = 0; i < KB_LEN(names); i++)
		if (strcmp(names[i], tag->name) == 0)
			return true;
	return false;
}

bool md_tag_is_code(const char *name)
{
	static const char *const names[] = {"script", "style", "iframe", "object",
		"embed", "applet", "noscript", "noembed", "noframes", "template", "svg",
		"math", "textarea", "select", "title", "xmp", "plaintext", "audio",
		"video", "canvas", "frameset", "head"};

	for (size_t i = 0; i < KB_LEN(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

size_t md_tag_code(kb_str s, size_t off, const char *name)
{
	struct md_tag tag;

	for (size_t i = off; i < s.len; i++) {
		if (s.data[i] != '<')
			continue;
		if (md_tag_read(s, i, &tag) && tag.closing && strcmp(tag.name, name) == 0)
			return i + tag.len - off;
		if (tag.unclosed)
			break;
	}
	return s.len - off;
}

/* How far the end is looked for: each of many that nothing closes looks for its own. */
enum { CODE_SIBLINGS_MAX = 1000 };

cmark_node *md_tag_code_end(cmark_node *node)
{
	kb_str literal = md_literal(node);
	struct md_tag open, tag;
	cmark_node *next;
	unsigned n = 0;

	if (!md_tag_read(literal, 0, &open) || open.closing || open.self_closing ||
		!md_tag_is_code(open.name))
		return NULL;
	for (next = cmark_node_next(node); next && n < CODE_SIBLINGS_MAX;
		next = cmark_node_next(next), n++)
		if (cmark_node_get_type(next) == CMARK_NODE_HTML_INLINE &&
			md_tag_read(md_literal(next), 0, &tag) && tag.closing &&
			strcmp(tag.name, open.name) == 0)
			return next;
	return NULL;
}

/* The character of an entity at the beginning of S, and its length; 0: none known. */
static uint32_t entity(kb_str s, size_t *len)
{
	static const struct {
		const char *name;
		char c;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'},
		{"&apos;", '\''}};
	char digits[12] = "";
	bool hex;
	char *end;
	unsigned long cp;

	for (size_t i = 0; i < KB_LEN(known); i++)
		if (kb_str_starts(s, kb_str_of(known[i].name))) {
			*len = strlen(known[i].name);
			return (uint32_t)known[i].c;
		}
	if (!kb_str_starts(s, KB_STR("&#")))
		return 0;
	hex = s.len > 2 && (s.data[2] == 'x' || s.data[2] == 'X');
	for (size_t i = hex ? 3 : 2, n = 0; i < s.len && n < sizeof(digits) - 1; i++, n++)
		digits[n] = s.data[i];
	if (!*digits || strchr("+- \t\n", *digits))
		return 0;
	cp = strtoul(digits, &end, hex ? 16 : 10);
	if (end == digits || *end != ';' || !cp || cp > 0x10ffff)
		return 0;
	*len = (size_t)(end - digits) + (hex ? 4 : 3);
	return (uint32_t)cp;
}

kb_str md_unescape(struct kb_arena *arena, kb_str value)
{
	kb_buf out = {0};
	kb_str copy;

	if (kb_str_chr(value, '&') == SIZE_MAX)
		return md_text_of(arena, value, true);
	for (size_t i = 0; i < value.len;) {
		size_t len = 0;
		uint32_t cp = entity(kb_str_sub(value, i, value.len), &len);

		if (cp)
			kb_buf_utf8(&out, cp);
		else
			kb_buf_putc(&out, value.data[i]);
		i += cp ? len : 1;
	}
	copy = md_text_of(arena, kb_buf_view(&out), true);
	kb_buf_dispose(&out);
	return copy;
}
