#include "kb/escape.h"
#include "kb/value.h"

struct json_writer {
	kb_buf *out;
	enum kb_json_style style;
	unsigned depth;
};

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

static bool needs_escape(const struct json_writer *w, uint32_t c, kb_str before)
{
	if (c == '<')
		return w->style == KB_JSON_SCRIPT;
	return c == '"' || c == '\\' || c == 0xFFFD || kb_char_kind(c) != KB_CHAR_PLAIN ||
	       (c == '[' && kb_opens_command(before));
}

static void put_string(const struct json_writer *w, kb_str s)
{
	size_t done = 0;

	kb_buf_putc(w->out, '"');
	for (size_t at = 0; (at = kb_byte_find(s, at, KB_BYTE_JSON)) < s.len;) {
		size_t from = at;
		uint32_t c = kb_utf8_next(s, &at);

		if (!needs_escape(w, c, kb_str_sub(s, 0, from)))
			continue;
		kb_buf_add(w->out, s.data + done, from - done);
		put_escape(w->out, c);
		done = at;
	}
	kb_buf_add(w->out, s.data ? s.data + done : "", s.len - done);
	kb_buf_putc(w->out, '"');
}

static void new_line(const struct json_writer *w)
{
	if (w->style != KB_JSON_PRETTY)
		return;
	kb_buf_putc(w->out, '\n');
	for (unsigned i = 0; i < w->depth; i++)
		kb_buf_puts(w->out, "  ");
}

static void put_value(struct json_writer *w, const struct kb_value *value);

/* The items of a list, or the keys and values of a map. */
static void put_items(struct json_writer *w, const struct kb_value *value)
{
	bool map = value->type == KB_VALUE_MAP;

	kb_buf_putc(w->out, map ? '{' : '[');
	w->depth++;
	for (uint32_t i = 0; i < value->len; i++) {
		if (i)
			kb_buf_putc(w->out, ',');
		new_line(w);
		if (map) {
			put_string(w, value->members[i].key);
			kb_buf_puts(w->out, w->style == KB_JSON_PRETTY ? ": " : ":");
		}
		put_value(w, map ? value->members[i].value : value->items[i]);
	}
	w->depth--;
	if (value->len)
		new_line(w);
	kb_buf_putc(w->out, map ? '}' : ']');
}

static void put_value(struct json_writer *w, const struct kb_value *value)
{
	switch ((enum kb_value_type)value->type) {
	case KB_VALUE_NULL:
		kb_buf_puts(w->out, "null");
		break;
	case KB_VALUE_STR:
		put_string(w, kb_value_text(value));
		break;
	case KB_VALUE_BOOL:
		kb_buf_puts(w->out, value->truth ? "true" : "false");
		break;
	case KB_VALUE_NUMBER:
		kb_buf_str(w->out, kb_value_text(value));
		break;
	case KB_VALUE_LIST:
	case KB_VALUE_MAP:
		put_items(w, value);
	}
}

void kb_value_json(const struct kb_value *value, enum kb_json_style style, kb_buf *out)
{
	struct json_writer w = {.out = out, .style = style};

	put_value(&w, value);
	if (style == KB_JSON_PRETTY)
		kb_buf_putc(out, '\n');
}
