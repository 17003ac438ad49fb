#include "kb/json.h"

#include "kb/escape.h"
#include "kb/value.h"

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

/* What JSON, a script element, a terminal or a CI server's log would not take as text. */
static void put_escape(kb_buf *out, uint32_t c)
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
	case 0xFFFD:
		kb_buf_utf8(out, c);
		break;
	default:
		if (c > 0xFFFF)
			kb_buf_fmt(out, "\\u%04x\\u%04x", 0xD7C0 + (c >> 10),
				0xDC00 + (c & 0x3FF));
		else
			kb_buf_fmt(out, "\\u%04x", c);
	}
}

static bool needs_escape(const struct kb_json *json, uint32_t c, kb_str before)
{
	if (c == '<')
		return json->in_script;
	return c == '"' || c == '\\' || c == 0xFFFD || kb_char_kind(c) != KB_CHAR_PLAIN ||
	       (c == '[' && kb_opens_command(before));
}

static void quoted(const struct kb_json *json, kb_str s)
{
	size_t done = 0;

	kb_buf_putc(json->out, '"');
	for (size_t at = 0; (at = kb_byte_find(s, at, KB_BYTE_JSON)) < s.len;) {
		size_t from = at;
		uint32_t c = kb_utf8_next(s, &at);

		if (!needs_escape(json, c, kb_str_sub(s, 0, from)))
			continue;
		kb_buf_add(json->out, s.data + done, from - done);
		put_escape(json->out, c);
		done = at;
	}
	kb_buf_add(json->out, s.data ? s.data + done : "", s.len - done);
	kb_buf_putc(json->out, '"');
}

void kb_json_key_str(struct kb_json *json, kb_str key)
{
	item(json);
	quoted(json, key);
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
	quoted(json, value);
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

static void put_value(struct kb_json *json, const struct kb_value *value)
{
	switch ((enum kb_value_type)value->type) {
	case KB_VALUE_NULL:
	case KB_VALUE_NUMBER:
		item(json);
		kb_buf_str(json->out, value->type == KB_VALUE_NULL
					      ? KB_STR("null")
					      : kb_value_text(value));
		break;
	case KB_VALUE_STR:
		kb_json_str(json, kb_value_text(value));
		break;
	case KB_VALUE_BOOL:
		kb_json_bool(json, value->truth);
		break;
	case KB_VALUE_LIST:
		kb_json_array(json);
		for (uint32_t i = 0; i < value->len; i++)
			put_value(json, value->items[i]);
		kb_json_array_end(json);
		break;
	case KB_VALUE_MAP:
		kb_json_object(json);
		for (uint32_t i = 0; i < value->len; i++) {
			kb_json_key_str(json, value->members[i].key);
			put_value(json, value->members[i].value);
		}
		kb_json_object_end(json);
		break;
	}
}

void kb_value_json(const struct kb_value *value, enum kb_json_style style, kb_buf *out)
{
	struct kb_json json;

	kb_json_init(&json, out, style == KB_JSON_PRETTY);
	json.in_script = style == KB_JSON_SCRIPT;
	put_value(&json, value);
}
