/* Writes raw HTML again. Each allowed tag of the content becomes a tag of kb's with the
 * allowed attributes; everything else becomes text or nothing. So the body that the HTML
 * parser reads has no byte of markup that kb did not write, and content cannot forge kb's
 * own classes and attributes. */
#include "html.h"
#include "md_html.h"
#include "kb/unicode.h"

/* Is there an entity such as &copy; at the beginning of S? */
static bool is_entity(kb_str s)
{
	size_t n = 1;

	if (n < s.len && s.data[n] == '#')
		n++;
	while (n < s.len && n < 34 &&
		((s.data[n] >= '0' && s.data[n] <= '9') ||
			(s.data[n] >= 'a' && s.data[n] <= 'z') ||
			(s.data[n] >= 'A' && s.data[n] <= 'Z')))
		n++;
	return n > 1 && n < s.len && s.data[n] == ';';
}

/* Text with its entities left to the HTML parser. */
static void text_add(struct md_render *r, kb_str s)
{
	size_t from = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] != '&' || !is_entity(kb_str_sub(s, i, s.len)))
			continue;
		md_escape(r, kb_str_sub(s, from, i), true);
		kb_buf_putc(&r->body, '&');
		from = i + 1;
	}
	md_escape(r, kb_str_sub(s, from, s.len), true);
}

static kb_str lower_name(struct md_render *r, kb_str name)
{
	char *copy = kb_arena_copy(r->arena, name.data, name.len);

	for (size_t i = 0; i < name.len; i++)
		if (copy[i] >= 'A' && copy[i] <= 'Z')
			copy[i] = (char)(copy[i] + 'a' - 'A');
	return (kb_str){copy, name.len};
}

static bool is_number(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return s.len > 0 && s.len < 7;
}

static bool is_one_of(kb_str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq_nocase(s, kb_str_of(words[i])))
			return true;
	return false;
}

/* Is VALUE one that the attribute may have in valid HTML? */
static bool is_valid(kb_str key, kb_str value)
{
	static const char *const numbers[] = {
		"width", "height", "colspan", "rowspan", "span", "start", "value"};
	static const char *const dirs[] = {"ltr", "rtl", "auto"};
	static const char *const scopes[] = {"row", "col", "rowgroup", "colgroup"};

	if (is_one_of(key, numbers, KB_LEN(numbers)))
		return is_number(value);
	if (kb_str_is(key, "dir"))
		return is_one_of(value, dirs, KB_LEN(dirs));
	if (kb_str_is(key, "scope"))
		return is_one_of(value, scopes, KB_LEN(scopes));
	return true;
}

static void attribute_add(
	struct md_render *r, const struct md_tag *tag, kb_str key, kb_str value)
{
	if (kb_str_is(key, "id") ||
		(kb_str_is(key, "name") && strcmp(tag->name, "a") == 0)) {
		kb_str id = kb_nfc(r->arena, md_unescape(r->arena, value));

		if (!id.len || strcspn(id.data, " \t\r\n") < id.len)
			return;
		id = md_id_new(r, id, false);
		if (id.len)
			md_attribute(r, "id", id);
		return;
	}
	if (!kb_html_allows_attribute(tag->name, key) || kb_str_is(key, "href") ||
		!is_valid(key, value))
		return;
	kb_buf_fmt(&r->body, " %.*s=\"", KB_ARG(key));
	text_add(r, value);
	kb_buf_putc(&r->body, '"');
}

static bool attribute_value(
	const struct md_tag *tag, const char *name, struct kb_arena *arena, kb_str *value)
{
	if (!md_tag_attribute(tag, name, value))
		return false;
	*value = md_unescape(arena, *value);
	return true;
}

static void raw_image(struct md_render *r, const struct md_tag *tag)
{
	struct kb_md_href href = {0};
	kb_str src, alt = KB_STR(""), number;

	attribute_value(tag, "alt", r->arena, &alt);
	if (!attribute_value(tag, "src", r->arena, &src) ||
		!md_href(r, src, true, &href)) {
		md_escape(r, alt, true);
		return;
	}
	if (md_tag_attribute(tag, "width", &number) && is_number(number))
		href.width = (uint32_t)atoi(kb_arena_str(r->arena, number).data);
	if (md_tag_attribute(tag, "height", &number) && is_number(number))
		href.height = (uint32_t)atoi(kb_arena_str(r->arena, number).data);
	attribute_value(tag, "title", r->arena, &href.title);
	md_image_tag(r, &href, alt);
}

/* Cells say how they are aligned in a class. */
static void alignment_add(struct md_render *r, const struct md_tag *tag)
{
	static const char *const sides[] = {"left", "center", "right"};
	kb_str align;

	if ((strcmp(tag->name, "td") != 0 && strcmp(tag->name, "th") != 0) ||
		!md_tag_attribute(tag, "align", &align))
		return;
	for (size_t i = 0; i < KB_LEN(sides); i++)
		if (kb_str_eq_nocase(align, kb_str_of(sides[i])))
			kb_buf_fmt(&r->body, " class=\"kb-%s\"", sides[i]);
}

static void tag_add(struct md_render *r, const struct md_tag *tag)
{
	kb_str rest = tag->attributes, key, value, seen[16];
	struct kb_md_href href = {0};
	size_t nseen = 0;

	kb_buf_fmt(&r->body, "<%s", tag->name);
	if (strcmp(tag->name, "a") == 0 &&
		attribute_value(tag, "href", r->arena, &value) &&
		md_href(r, value, false, &href))
		md_href_attributes(r, &href, KB_STR_NULL);
	alignment_add(r, tag);
	while (nseen < KB_LEN(seen) && md_attribute_next(&rest, &key, &value)) {
		bool again = href.title.len && kb_str_eq_nocase(key, KB_STR("title"));

		key = lower_name(r, key);
		for (size_t i = 0; i < nseen; i++)
			again |= kb_str_eq(seen[i], key);
		seen[nseen++] = key;
		if (!again)
			attribute_add(r, tag, key, value);
	}
	kb_buf_putc(&r->body, '>');
}

/* The stack of open elements */

static bool is_any(const char *name, const char *names)
{
	size_t len = strlen(name);

	for (const char *p = names; (p = strstr(p, name)); p += len)
		if ((p == names || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

/* Which open elements the opening of another ends. */
static const char *ended_by(const char *name)
{
	static const char *const table[][2] = {{"p", "p"}, {"li", "li"}, {"td", "td th"},
		{"th", "td th"}, {"tr", "td th tr"}, {"tbody", "td th tr tbody thead"},
		{"thead", "td th tr tbody thead"}, {"tfoot", "td th tr tbody thead"},
		{"dt", "dt dd"}, {"dd", "dt dd"}};

	for (size_t i = 0; i < KB_LEN(table); i++)
		if (strcmp(table[i][0], name) == 0)
			return table[i][1];
	return "";
}

void md_raw_close(struct md_render *r, struct md_raw_stack *open, uint32_t down_to)
{
	while (open->len > down_to)
		kb_buf_fmt(&r->body, "</%s>", open->names[--open->len]);
}

static void element_open(
	struct md_render *r, const struct md_tag *tag, struct md_raw_stack *open)
{
	const char *ends = ended_by(tag->name);

	while (open->len && is_any(open->names[open->len - 1], ends))
		md_raw_close(r, open, open->len - 1);
	if (open->len == MD_RAW_OPEN_MAX)
		return;
	tag_add(r, tag);
	if (tag->self_closing)
		kb_buf_fmt(&r->body, "</%s>", tag->name);
	else
		memcpy(open->names[open->len++], tag->name, sizeof(tag->name));
}

static void element_close(
	struct md_render *r, const struct md_tag *tag, struct md_raw_stack *open)
{
	for (uint32_t i = open->len; i; i--)
		if (strcmp(open->names[i - 1], tag->name) == 0) {
			md_raw_close(r, open, i - 1);
			return;
		}
}

static void element(
	struct md_render *r, const struct md_tag *tag, struct md_raw_stack *open)
{
	if (!kb_html_allows(tag->name))
		return;
	if (kb_html_is_void(tag->name)) {
		if (strcmp(tag->name, "img") == 0)
			raw_image(r, tag);
		else if (!tag->closing || strcmp(tag->name, "br") == 0)
			tag_add(r, tag);
	} else if (tag->closing) {
		element_close(r, tag, open);
	} else {
		element_open(r, tag, open);
	}
}

void md_raw(struct md_render *r, kb_str s, struct md_raw_stack *open)
{
	r->raw = true;
	for (size_t i = 0; i < s.len;) {
		size_t text = kb_str_chr(kb_str_sub(s, i, s.len), '<'), skip;
		struct md_tag tag;

		if (text == SIZE_MAX)
			text = s.len - i;
		text_add(r, kb_str_sub(s, i, i + text));
		i += text;
		if (i >= s.len)
			break;
		skip = md_tag_skip(s, i);
		if (!skip && md_tag_read(s, i, &tag)) {
			skip = tag.len;
			if (!tag.closing && md_tag_is_code(tag.name))
				skip += tag.self_closing
						? 0
						: md_tag_code(s, i + skip, tag.name);
			else
				element(r, &tag, open);
		} else if (!skip) {
			skip = tag.unclosed ? s.len - i : 1;
			text_add(r, kb_str_sub(s, i, i + skip));
		}
		i += skip;
	}
}
