#include "html.h"

#include "kb/escape.h"
#include "kb/markdown.h"

#include <gumbo.h>

enum { BODY_MAX = 8 << 20, DEPTH_MAX = 400 };

static bool is_in(const char *const *names, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return true;
	return false;
}

#define IS_IN(names, s) is_in(names, KB_LEN(names), (s).data, (s).len)

/* Of content. */
static const char *const allowed[] = {"a", "abbr", "b", "bdi", "bdo", "big", "blockquote",
	"br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
	"details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2",
	"h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p",
	"picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small",
	"span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
	"thead", "time", "tr", "u", "ul", "var", "wbr"};

bool kb_html_allows(const char *name)
{
	return is_in(allowed, KB_LEN(allowed), name, strlen(name));
}

bool kb_html_is_void(const char *name)
{
	static const char *const names[] = {"br", "hr", "img", "col", "wbr", "input"};

	return is_in(names, KB_LEN(names), name, strlen(name));
}

bool kb_html_allows_attribute(const char *name, kb_str attribute)
{
	static const char *const everywhere[] = {"id", "title", "lang", "dir"};
	static const struct {
		const char *element, *attribute;
	} special[] = {{"a", "href"}, {"img", "src"}, {"img", "alt"}, {"img", "width"},
		{"img", "height"}, {"td", "colspan"}, {"td", "rowspan"},
		{"th", "colspan"}, {"th", "rowspan"}, {"th", "scope"}, {"ol", "start"},
		{"ol", "reversed"}, {"li", "value"}, {"details", "open"}, {"col", "span"},
		{"colgroup", "span"}, {"time", "datetime"}};

	if (IS_IN(everywhere, attribute))
		return true;
	for (size_t i = 0; i < KB_LEN(special); i++)
		if (strcmp(special[i].element, name) == 0 &&
			kb_str_is(attribute, special[i].attribute))
			return true;
	return false;
}

/* The scheme of URL as a browser reads it, in lower case; false when it has none. */
static bool scheme_of(kb_str url, char scheme[16])
{
	size_t n = 0;

	for (size_t i = 0; i < url.len; i++) {
		char c = url.data[i];

		if (c == '\t' || c == '\n' || c == '\r' ||
			(n == 0 && (unsigned char)c <= ' '))
			continue;
		if (c == ':') {
			scheme[n < 16 ? n : 0] = '\0';
			return true;
		}
		if (c >= 'A' && c <= 'Z')
			c = (char)(c + 'a' - 'A');
		if (!(c >= 'a' && c <= 'z') &&
			(n == 0 || (!strchr("+-.", c) && !(c >= '0' && c <= '9'))))
			return false;
		if (n < 15)
			scheme[n] = c;
		n++;
	}
	return false;
}

bool kb_url_is_safe(kb_str url)
{
	static const char *const safe[] = {"http", "https", "mailto", "tel", "sms", "ftp",
		"ftps", "geo", "irc", "ircs", "xmpp", "sip", "sips", "matrix", "whatsapp",
		"tg", "callto", "news", "sftp", "ssh", "git", "webcal", "magnet"};
	char scheme[16];

	return !scheme_of(url, scheme) ||
	       is_in(safe, KB_LEN(safe), scheme, strlen(scheme));
}

/* From gumbo's tree to text */

static void *tree_alloc(void *arena, size_t size)
{
	return kb_arena_alloc(arena, size);
}

static void tree_free(void *arena, void *p)
{
	(void)arena;
	(void)p;
}

static void text_add(kb_buf *out, const char *s, bool attribute)
{
	const char *special = attribute ? "&<>\"" : "&<>";
	_cleanup_buf_ kb_buf clean = {0};

	kb_buf_wanted(&clean, kb_str_of(s)); /* of character references, too */
	s = clean.len ? clean.data : "";
	for (;;) {
		size_t n = strcspn(s, special);

		kb_buf_add(out, s, n);
		s += n;
		if (!*s)
			return;
		kb_buf_puts(out, *s == '&'   ? "&amp;"
				 : *s == '<' ? "&lt;"
				 : *s == '>' ? "&gt;"
					     : "&quot;");
		s++;
	}
}

/* The renderer's own attributes, which content cannot write. */
static bool is_own_attribute(kb_str name)
{
	static const char *const own[] = {"class", "role", "tabindex", "type", "checked",
		"disabled", "rel", "loading", "hreflang", "scope", "open"};

	return IS_IN(own, name) || kb_str_starts(name, KB_STR("data-")) ||
	       kb_str_starts(name, KB_STR("aria-"));
}

static void tag_open(kb_buf *out, const GumboElement *element, const char *name)
{
	kb_buf_putc(out, '<');
	kb_buf_puts(out, name);
	for (unsigned i = 0; i < element->attributes.length; i++) {
		const GumboAttribute *a = element->attributes.data[i];
		kb_str key = kb_str_of(a->name);

		if (!kb_html_allows_attribute(name, key) && !is_own_attribute(key))
			continue;
		if ((kb_str_is(key, "href") || kb_str_is(key, "src")) &&
			!kb_url_is_safe(kb_str_of(a->value)))
			continue;
		kb_buf_putc(out, ' ');
		kb_buf_puts(out, a->name);
		if (!*a->value && !kb_str_is(key, "alt") && !kb_str_is(key, "href"))
			continue;
		kb_buf_puts(out, "=\"");
		text_add(out, a->value, true);
		kb_buf_putc(out, '"');
	}
	kb_buf_putc(out, '>');
}

static const GumboVector *children_of(const GumboNode *node)
{
	return node->type == GUMBO_NODE_ELEMENT || node->type == GUMBO_NODE_TEMPLATE
		       ? &node->v.element.children
		       : NULL;
}

static bool is_written(const GumboNode *node)
{
	const char *name;

	if (node->type != GUMBO_NODE_ELEMENT ||
		node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML)
		return false;
	name = gumbo_normalized_tagname(node->v.element.tag);
	return kb_html_allows(name) || strcmp(name, "input") == 0;
}

static void node_enter(kb_buf *out, const GumboNode *node)
{
	if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
		node->type == GUMBO_NODE_CDATA)
		text_add(out, node->v.text.text, false);
	else if (is_written(node))
		tag_open(out, &node->v.element,
			gumbo_normalized_tagname(node->v.element.tag));
}

static void node_leave(kb_buf *out, const GumboNode *node)
{
	const char *name;

	if (!is_written(node))
		return;
	name = gumbo_normalized_tagname(node->v.element.tag);
	if (kb_html_is_void(name))
		return;
	kb_buf_puts(out, "</");
	kb_buf_puts(out, name);
	kb_buf_putc(out, '>');
}

/* Nodes below ROOT, without recursion; false when they are nested too deep. */
static bool tree_write(const GumboNode *root, kb_buf *out)
{
	struct {
		const GumboNode *node;
		unsigned next;
	} stack[DEPTH_MAX] = {{root, 0}};
	size_t depth = 1;

	while (depth && !out->overflow) {
		const GumboVector *children = children_of(stack[depth - 1].node);
		const GumboNode *child;

		if (!children || stack[depth - 1].next == children->length) {
			depth--;
			if (depth)
				node_leave(out, stack[depth].node);
			continue;
		}
		child = children->data[stack[depth - 1].next++];
		if (depth == DEPTH_MAX)
			return false;
		node_enter(out, child);
		stack[depth].node = child;
		stack[depth++].next = 0;
	}
	return true;
}

static const GumboNode *parse(struct kb_arena *arena, kb_str body)
{
	GumboOptions options = kGumboDefaultOptions;

	options.allocator = tree_alloc;
	options.deallocator = tree_free;
	options.userdata = arena;
	options.max_errors = 0;
	options.fragment_context = GUMBO_TAG_DIV;
	return gumbo_parse_with_options(&options, body.data ? body.data : "", body.len)
		->root;
}

void kb_html_unescape(kb_str text, kb_buf *out)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const GumboVector *children = children_of(parse(arena, text));

	for (unsigned i = 0; i < children->length; i++) {
		const GumboNode *child = children->data[i];

		if (!children_of(child))
			kb_buf_puts(out, child->v.text.text);
	}
}

int kb_html_balance(kb_str body, kb_buf *out, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = NULL;

	if (body.len > BODY_MAX)
		return kb_error_set(err, KB_E_REFUSED,
			"the text contains raw HTML and makes a page larger than %d MiB",
			BODY_MAX >> 20);
	arena = kb_arena_new();
	if (!tree_write(parse(arena, body), out))
		return kb_error_set(err, KB_E_REFUSED,
			"HTML elements are nested more than %d levels deep", DEPTH_MAX);
	return 0;
}
