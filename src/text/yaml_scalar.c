/* Scalars as they are written, and trees compared by what they say. */
#include "yaml_private.h"

#include "kb/unicode.h"

static bool is_breaking(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0xfeff;
}

static bool has_breaking(kb_str s)
{
	for (size_t at = 0; at < s.len;)
		if (is_breaking(kb_utf8_next(s, &at)))
			return true;
	return false;
}

/* Words that YAML, or a reader of YAML 1.1, takes for something else than text. */
static bool is_word(kb_str s)
{
	static const char *const words[] = {
		"true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"};

	for (size_t i = 0; i < KB_LEN(words); i++)
		if (kb_str_eq_nocase(s, kb_str_of(words[i])))
			return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool begins_plain(kb_str s, bool in_flow)
{
	bool lone = s.len == 1 || is_blank(s.data[1]);

	/* libyaml takes '?' and ':' for signs within brackets, whatever follows. */
	return !strchr(" \t,[]{}#&*!|>'\"%@`", s.data[0]) &&
	       !(strchr("-?:", s.data[0]) && lone) &&
	       !(strchr("?:", s.data[0]) && in_flow) &&
	       !kb_str_starts(s, KB_STR("---")) && !kb_str_starts(s, KB_STR("..."));
}

static bool is_plain(kb_str s, bool in_flow)
{
	if (!s.len || !begins_plain(s, in_flow) || is_blank(s.data[s.len - 1]) ||
		is_word(s) || has_breaking(s))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];
		bool last = i + 1 == s.len;

		if (c == ':' && (last || is_blank(s.data[i + 1]) ||
					(in_flow && strchr(",[]{}", s.data[i + 1]))))
			return false;
		if (c == '#' && i > 0 && is_blank(s.data[i - 1]))
			return false;
		if (in_flow && strchr(",[]{}", c))
			return false;
	}
	return true;
}

static void put_double(kb_buf *out, kb_str s)
{
	kb_buf_putc(out, '"');
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = kb_utf8_next(s, &at);

		if (is_breaking(cp))
			kb_buf_fmt(out, cp > 0xff ? "\\u%04x" : "\\x%02x", (unsigned)cp);
		else if (cp == '"' || cp == '\\')
			kb_buf_fmt(out, "\\%c", (char)cp);
		else
			kb_buf_utf8(out, cp);
	}
	kb_buf_putc(out, '"');
}

static void put_single(kb_buf *out, kb_str s)
{
	kb_buf_putc(out, '\'');
	for (size_t i = 0; i < s.len; i++) {
		kb_buf_putc(out, s.data[i]);
		if (s.data[i] == '\'')
			kb_buf_putc(out, '\'');
	}
	kb_buf_putc(out, '\'');
}

void kb_yaml_put_quoted(kb_buf *out, kb_str value, char quote)
{
	if (quote == '\'' && !has_breaking(value))
		put_single(out, value);
	else
		put_double(out, value);
}

void kb_yaml_put_scalar(kb_buf *out, kb_str value, char quote, bool in_flow)
{
	if (is_plain(value, in_flow))
		kb_buf_str(out, value);
	else
		kb_yaml_put_quoted(out, value, quote);
}

void kb_yaml_put_key(kb_buf *out, const char *key, kb_str value)
{
	if (!value.len)
		return;
	kb_buf_fmt(out, "%s: ", key);
	kb_yaml_put_scalar(out, value, '"', true);
	kb_buf_putc(out, '\n');
}

static bool same_pairs(const struct kb_node *a, const struct kb_node *b)
{
	for (uint32_t i = 0; i < a->len; i++)
		if (!kb_node_same(a->pairs[i].key, b->pairs[i].key) ||
			!kb_node_same(a->pairs[i].value, b->pairs[i].value))
			return false;
	return true;
}

bool kb_node_same(const struct kb_node *a, const struct kb_node *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == KB_NODE_SCALAR)
		return kb_str_eq(a->value, b->value) &&
		       kb_node_is_null(a) == kb_node_is_null(b);
	if (a->len != b->len)
		return false;
	if (a->kind == KB_NODE_MAP)
		return same_pairs(a, b);
	for (uint32_t i = 0; i < a->len; i++)
		if (!kb_node_same(a->items[i], b->items[i]))
			return false;
	return true;
}
