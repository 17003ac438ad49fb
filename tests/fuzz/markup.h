/*
 * Markup that kb wrote for a page, read strictly: tags are closed in order, attributes
 * are in double quotes, elements and attributes are of kinds that can run nothing, and no
 * address has a scheme that a page must not hold.
 */
#ifndef FUZZ_MARKUP_H
#define FUZZ_MARKUP_H

#include "fuzz.h"
#include "text/html.h"

static inline bool markup_is_name(char c)
{
	return (unsigned char)c > ' ' && !strchr("\"'<>/=&`", c);
}

static inline kb_str markup_name(kb_str *rest)
{
	size_t n = 0;
	kb_str name;

	while (n < rest->len && markup_is_name(rest->data[n]))
		n++;
	name = kb_str_sub(*rest, 0, n);
	*rest = kb_str_sub(*rest, n, rest->len);
	return name;
}

static inline bool markup_take(kb_str *rest, const char *mark)
{
	if (!kb_str_starts(*rest, kb_str_of(mark)))
		return false;
	*rest = kb_str_sub(*rest, strlen(mark), rest->len);
	return true;
}

/* The address as a browser reads it begins with a scheme that runs something. */
static inline bool markup_runs(kb_str url)
{
	static const char *const schemes[] = {
		"javascript:", "vbscript:", "data:text", "data:,", "data:;", "data:app"};
	char start[16] = "";
	size_t n = 0;

	for (size_t i = 0; i < url.len && n < sizeof(start) - 1; i++) {
		char c = url.data[i];

		if (c != '\t' && c != '\n' && c != '\r' &&
			(n > 0 || (unsigned char)c > ' '))
			start[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
	}
	for (size_t i = 0; i < KB_LEN(schemes); i++)
		if (strncmp(start, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

/* A style that loads something, or is written so that one cannot tell. */
static inline bool markup_loads(kb_str style)
{
	static const char *const signs[] = {"url(h", "url(/", "url('", "url(&", "@import",
		"expression(", "javascript:", "\\", "src(", "/*"};

	for (size_t i = 0; i < KB_LEN(signs); i++)
		if (kb_str_find(style, kb_str_of(signs[i])) != SIZE_MAX)
			return true;
	return false;
}

static inline void markup_attribute(kb_str element, kb_str name, kb_str value)
{
	must(name.len, "no name of an attribute");
	must(name.len < 2 || (name.data[0] | 0x20) != 'o' || (name.data[1] | 0x20) != 'n',
		"a handler: %.*s", KB_ARG(name));
	must(!kb_str_is(name, "srcdoc") && !kb_str_is(name, "formaction"),
		"attribute %.*s", KB_ARG(name));
	must(!kb_str_is(name, "style") || !markup_loads(value), "style %.*s",
		KB_ARG(value));
	must(kb_str_chr(value, '<') == SIZE_MAX, "'<' in %.*s", KB_ARG(name));
	if (!kb_str_is(name, "href") && !kb_str_ends(name, KB_STR(":href")) &&
		!kb_str_is(name, "src"))
		return;
	must(!markup_runs(value), "%.*s in %.*s", KB_ARG(value), KB_ARG(element));
	for (size_t i = 0; i < value.len; i++)
		must(value.data[i] != '&' || value.data[i + 1] != '#' ||
				value.data[i + 2] == '3',
			"a character by its number in %.*s", KB_ARG(value));
}

static inline void markup_tag(kb_str *rest, kb_str element)
{
	while (!kb_str_starts(*rest, KB_STR(">")) &&
		!kb_str_starts(*rest, KB_STR("/>"))) {
		kb_str name, value = {"", 0};

		must(markup_take(rest, " "), "no space before an attribute of %.*s",
			KB_ARG(element));
		name = markup_name(rest);
		if (markup_take(rest, "=\"")) {
			size_t end = kb_str_chr(*rest, '"');

			must(end != SIZE_MAX, "no end of %.*s", KB_ARG(name));
			value = kb_str_sub(*rest, 0, end);
			*rest = kb_str_sub(*rest, end + 1, rest->len);
		}
		markup_attribute(element, name, value);
	}
}

/* Elements that pages may have. */
static inline bool markup_html_allows(kb_str element)
{
	char name[16] = "";

	if (element.len < sizeof(name))
		memcpy(name, element.data, element.len);
	/* The renderer's own: the box of a task. */
	return kb_html_allows(name) || strcmp(name, "input") == 0;
}

static inline bool markup_html_is_void(kb_str element)
{
	char name[16] = "";

	memcpy(name, element.data, element.len);
	return kb_html_is_void(name);
}

typedef bool markup_allows(kb_str element);
typedef bool markup_is_void(kb_str element);

static inline void markup_check(
	kb_str rest, markup_allows *allows, markup_is_void *is_void)
{
	struct {
		KB_VEC(kb_str);
	} open = {0};

	for (;;) {
		size_t at = kb_str_chr(rest, '<');
		kb_str name;
		bool closing;

		if (at == SIZE_MAX)
			break;
		rest = kb_str_sub(rest, at + 1, rest.len);
		closing = markup_take(&rest, "/");
		name = markup_name(&rest);
		must(allows(name), "element '%.*s'", KB_ARG(name));
		if (closing) {
			must(open.len && kb_str_eq(open.items[open.len - 1], name),
				"'%.*s' ends another element", KB_ARG(name));
			open.len--;
			must(markup_take(&rest, ">"), "no end of a tag");
			continue;
		}
		markup_tag(&rest, name);
		if (!markup_take(&rest, "/>") && markup_take(&rest, ">") &&
			!is_void(name))
			kb_vec_push(&open, name);
	}
	must(open.len == 0, "'%.*s' is left open", KB_ARG(open.items[open.len - 1]));
	kb_vec_dispose(&open);
}

#endif
