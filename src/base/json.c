#include "kb/json.h"

void kb_json_init(struct kb_json *json, kb_buf *out, bool pretty)
{
	*json = (struct kb_json){.out = out, .pretty = pretty};
}

static void newline(struct kb_json *json)
{
	if (!json->pretty)
		return;
	kb_buf_putc(json->out, '\n');
	for (unsigned i = 0; i < json->depth; i++)
		kb_buf_puts(json->out, "  ");
}

/* What stands between the item before and the one to come. */
static void item(struct kb_json *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	if (json->comma)
		kb_buf_putc(json->out, ',');
	if (json->depth)
		newline(json);
	json->comma = true;
}

static void open(struct kb_json *json, char bracket)
{
	item(json);
	kb_buf_putc(json->out, bracket);
	json->depth++;
	json->comma = false;
}

static void close(struct kb_json *json, char bracket)
{
	json->depth--;
	if (json->comma)
		newline(json);
	kb_buf_putc(json->out, bracket);
	json->comma = true;
	if (json->depth == 0 && json->pretty)
		kb_buf_putc(json->out, '\n');
}

void kb_json_object(struct kb_json *json)
{
	open(json, '{');
}

void kb_json_object_end(struct kb_json *json)
{
	close(json, '}');
}

void kb_json_array(struct kb_json *json)
{
	open(json, '[');
}

void kb_json_array_end(struct kb_json *json)
{
	close(json, ']');
}

/* Length of the UTF-8 sequence at P, or 0 when it is not valid. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
	size_t n = *p < 0x80		     ? 1
		   : *p >= 0xC2 && *p < 0xE0 ? 2
		   : *p >= 0xE0 && *p < 0xF0 ? 3
		   : *p >= 0xF0 && *p < 0xF5 ? 4
					     : 0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) ||
		(*p == 0xF0 && p[1] < 0x90) || (*p == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

static void escape(kb_buf *out, unsigned char c)
{
	switch (c) {
	case '"':
		kb_buf_puts(out, "\\\"");
		break;
	case '\\':
		kb_buf_puts(out, "\\\\");
		break;
	case '\n':
		kb_buf_puts(out, "\\n");
		break;
	case '\r':
		kb_buf_puts(out, "\\r");
		break;
	case '\t':
		kb_buf_puts(out, "\\t");
		break;
	default:
		kb_buf_fmt(out, "\\u%04x", c);
	}
}

static void quoted(kb_buf *out, kb_str s)
{
	const unsigned char *p = (const unsigned char *)s.data;
	size_t i = 0;

	kb_buf_putc(out, '"');
	while (i < s.len) {
		size_t n = utf8_sequence(p + i, s.len - i);

		if (n == 0) {
			kb_buf_utf8(out, 0xFFFD);
			n = 1;
		} else if (p[i] < 0x20 || p[i] == '"' || p[i] == '\\' || p[i] == 0x7F) {
			escape(out, p[i]);
		} else {
			kb_buf_add(out, p + i, n);
		}
		i += n;
	}
	kb_buf_putc(out, '"');
}

void kb_json_key_str(struct kb_json *json, kb_str key)
{
	item(json);
	quoted(json->out, key);
	kb_buf_puts(json->out, json->pretty ? ": " : ":");
	json->after_key = true;
}

void kb_json_key(struct kb_json *json, const char *key)
{
	kb_json_key_str(json, kb_str_of(key));
}

void kb_json_str(struct kb_json *json, kb_str value)
{
	item(json);
	quoted(json->out, value);
}

void kb_json_int(struct kb_json *json, long long value)
{
	item(json);
	kb_buf_fmt(json->out, "%lld", value);
}

void kb_json_number(struct kb_json *json, double value)
{
	long long mille = value > 0 ? (long long)(value * 1000 + 0.5) : 0;

	item(json);
	kb_buf_fmt(json->out, "%lld.%03lld", mille / 1000, mille % 1000);
}

void kb_json_bool(struct kb_json *json, bool value)
{
	item(json);
	kb_buf_puts(json->out, value ? "true" : "false");
}

void kb_json_pair(struct kb_json *json, const char *key, kb_str value)
{
	kb_json_key(json, key);
	kb_json_str(json, value);
}
