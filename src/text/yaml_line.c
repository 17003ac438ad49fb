#include "yaml_private.h"

#include "kb/buf.h"

/* Longer values are not repeated in hints. */
#define QUOTED_MAX 200

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void line_key(kb_str text, struct kb_yaml_line *line)
{
	size_t at = line->value;
	char quote = at < line->value_end ? text.data[at] : 0;

	if (quote == '"' || quote == '\'') {
		for (at++; at < line->value_end && text.data[at] != quote; at++)
			;
	}
	for (; at < line->value_end; at++) {
		if (text.data[at] != ':' ||
			(at + 1 < line->value_end && !is_blank(text.data[at + 1])))
			continue;
		line->key = line->value;
		line->key_end = at;
		for (at++; at < line->value_end && is_blank(text.data[at]); at++)
			;
		line->value = at;
		return;
	}
}

struct kb_yaml_line kb_yaml_line_at(kb_str text, size_t off)
{
	struct kb_yaml_line line = {0};
	size_t at;

	at = line.start = kb_line_start(text, off);
	line.end = line.start + kb_line_at(text, line.start, &line.next).len;
	for (; at < line.end && text.data[at] == ' '; at++)
		;
	line.indent = at - line.start;
	for (; at < line.end && is_blank(text.data[at]); at++)
		;
	line.content = at;
	while (at + 1 < line.end && text.data[at] == '-' && is_blank(text.data[at + 1]))
		for (at++; at < line.end && is_blank(text.data[at]); at++)
			;
	line.value = line.key = line.key_end = at;
	for (at = line.end; at > line.value && is_blank(text.data[at - 1]); at--)
		;
	line.value_end = at;
	line_key(text, &line);
	return line;
}

bool kb_yaml_line_take(kb_str text, size_t *at, struct kb_yaml_line *line)
{
	if (*at >= text.len)
		return false;
	*line = kb_yaml_line_at(text, *at);
	*at = line->next;
	return true;
}

bool kb_yaml_line_blank(const struct kb_yaml_line *line)
{
	return line->content == line->end;
}

bool kb_yaml_line_before(
	kb_str text, const struct kb_yaml_line *line, struct kb_yaml_line *before)
{
	size_t start = line->start;

	while (start > 0) {
		*before = kb_yaml_line_at(text, start - 1);
		if (!kb_yaml_line_blank(before))
			return true;
		start = before->start;
	}
	return false;
}

bool kb_yaml_line_is_key(kb_str text, const struct kb_yaml_line *line)
{
	if (line->key == line->key_end || text.data[line->key] < 'a' ||
		text.data[line->key] > 'z')
		return false;
	for (size_t i = line->key; i < line->key_end; i++) {
		char c = text.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'))
			return false;
	}
	return true;
}

kb_str kb_yaml_quote(const struct kb_yaml_input *in, kb_str value)
{
	_cleanup_buf_ kb_buf buf = {0};
	bool twice =
		kb_str_chr(value, '"') == SIZE_MAX && kb_str_chr(value, '\\') == SIZE_MAX;

	kb_buf_putc(&buf, twice ? '"' : '\'');
	for (size_t i = 0; i < value.len; i++) {
		if (!twice && value.data[i] == '\'')
			kb_buf_putc(&buf, '\'');
		kb_buf_putc(&buf, value.data[i]);
	}
	kb_buf_putc(&buf, twice ? '"' : '\'');
	return kb_arena_str(in->diags->arena, kb_buf_view(&buf));
}

kb_str kb_yaml_line_quoted(
	const struct kb_yaml_input *in, const struct kb_yaml_line *line, kb_str value)
{
	kb_str lead = kb_str_sub(in->text, line->content, line->value);

	if (lead.len + value.len > QUOTED_MAX)
		return KB_STR("quotes at its beginning and its end");
	value = kb_yaml_quote(in, value);
	return kb_arena_fmt(in->diags->arena, "%.*s%.*s", KB_ARG(lead), KB_ARG(value));
}

void kb_yaml_fix(const struct kb_yaml_input *in, struct kb_diag *diag, size_t from,
	size_t to, kb_str text)
{
	kb_diag_edit(in->diags, diag,
		(kb_range){in->base + (uint32_t)from, (uint32_t)(to - from)}, text);
}

void kb_yaml_fix_quote(const struct kb_yaml_input *in, struct kb_diag *diag, size_t from,
	size_t to, kb_str value)
{
	if (diag)
		diag->guess = kb_str_find(value, KB_STR(" #")) != SIZE_MAX;
	kb_yaml_fix(in, diag, from, to, kb_yaml_quote(in, value));
}

uint32_t kb_yaml_line_number(const struct kb_yaml_input *in, size_t off)
{
	uint32_t line = in->line;

	if (!line)
		return 0;
	for (size_t at = kb_line_next(in->text, 0); at <= off && at < in->text.len;)
		at = kb_line_next(in->text, at), line++;
	return line;
}

struct kb_diag *kb_yaml_find(const struct kb_yaml_input *in, enum kb_rule rule,
	size_t from, size_t to, const char *fmt, ...)
{
	kb_range range = {
		in->base + (uint32_t)from, to > from ? (uint32_t)(to - from) : 0};
	struct kb_diag *diag;
	va_list ap;

	va_start(ap, fmt);
	diag = kb_diag_add(in->diags, rule, in->path, range, "%s", "");
	if (diag)
		diag->message = kb_arena_vfmt(in->diags->arena, fmt, ap);
	va_end(ap);
	return diag;
}
