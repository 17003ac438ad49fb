#include "yaml_private.h"

#include "kb/unicode.h"

/* Mistakes that libyaml lets pass, and bytes that are not text. */

void kb_yaml_find_sign(const struct kb_yaml_input *in, size_t at, const char *meaning)
{
	struct kb_yaml_line line = kb_yaml_line_at(in->text, at);
	kb_str value = kb_str_sub(in->text, at, line.value_end);
	struct kb_diag *diag = kb_yaml_find(in, KB_RULE_YAML_SYNTAX, at, line.value_end,
		"a value that begins with '%c' is read as %s", in->text.data[at],
		meaning);

	if (at == line.value) {
		kb_yaml_fix_quote(in, diag, at, line.value_end, value);
		value = kb_yaml_line_quoted(in, &line, value);
	} else {
		value = kb_yaml_quote(in, value);
	}
	kb_diag_hint(
		in->diags, diag, "if it is text, put it in quotes: %.*s", KB_ARG(value));
}

void kb_yaml_check_cut(const struct kb_yaml_input *in, size_t start, size_t end)
{
	struct kb_yaml_line line;
	size_t at = end;
	struct kb_diag *diag;
	kb_str value;

	while (at < in->text.len &&
		(in->text.data[at] == ' ' || in->text.data[at] == '\t'))
		at++;
	if (at == end || at + 1 >= in->text.len || in->text.data[at] != '#' ||
		strchr(" \t\r\n#", in->text.data[at + 1]))
		return;
	line = kb_yaml_line_at(in->text, at);
	if (start == end)
		start = at;
	diag = kb_yaml_find(in, KB_RULE_YAML_COMMENT_CUT, at, line.value_end,
		"the text after '#' is a comment, not a part of the value");
	value = kb_str_sub(in->text, start, line.value_end);
	if (start == line.value)
		kb_yaml_fix_quote(in, diag, start, line.value_end, value);
	value = start == line.value ? kb_yaml_line_quoted(in, &line, value)
				    : kb_yaml_quote(in, value);
	kb_diag_hint(in->diags, diag,
		"if it belongs to the value, use quotes: %.*s; if it is a comment, put a "
		"space after '#'",
		KB_ARG(value));
}

static struct kb_diag *find_indent(
	const struct kb_yaml_input *in, const struct kb_yaml_line *line, size_t need)
{
	struct kb_diag *diag;

	if (line->content > line->start + line->indent) {
		diag = kb_yaml_find(in, KB_RULE_YAML_TAB, line->start + line->indent,
			line->content,
			"this line is indented with a tab; YAML requires spaces");
		kb_diag_hint(in->diags, diag, "replace the tab with at least %zu spaces",
			need);
		return diag;
	}
	diag = kb_yaml_find(in, KB_RULE_YAML_INDENT, line->content, line->value_end,
		"this line continues the text in quotes above, but is not indented "
		"enough");
	kb_diag_hint(in->diags, diag, "put at least %zu space%s before it", need,
		need == 1 ? "" : "s");
	return diag;
}

static void fix_indent(const struct kb_yaml_input *in, struct kb_diag *diag,
	const struct kb_yaml_line *line, size_t need)
{
	_cleanup_buf_ kb_buf spaces = {0};

	for (size_t i = 0; i < need; i++)
		kb_buf_putc(&spaces, ' ');
	kb_yaml_fix(in, diag, line->start, line->content, kb_buf_view(&spaces));
}

bool kb_yaml_check_lines(const struct kb_yaml_input *in, kb_range quote, size_t need)
{
	size_t end = quote.off + quote.len, at = kb_line_next(in->text, quote.off);
	struct kb_yaml_line line;
	struct kb_diag *diag = NULL;
	bool found = false;

	while (at < end && kb_yaml_line_take(in->text, &at, &line)) {
		if (kb_yaml_line_blank(&line) || line.indent >= need)
			continue;
		if (line.indent + 1 == need && kb_yaml_line_is_key(in->text, &line)) {
			if (found)
				return true;
			kb_yaml_explain(
				in, &(struct kb_yaml_fault){.at = end, .quote = quote});
			return false;
		}
		if (!found)
			diag = find_indent(in, &line, need);
		fix_indent(in, diag, &line, need);
		found = true;
	}
	return true;
}

void kb_yaml_explain_bytes(
	const struct kb_yaml_input *in, size_t at, int value, bool control)
{
	struct kb_diag *diag;

	if (control && value == 0) {
		diag = kb_yaml_find(
			in, KB_RULE_ENCODING_NUL, at, at + 1, "there is a NUL byte here");
		kb_diag_hint(
			in->diags, diag, "delete it, or save the file as UTF-8 text");
	} else if (control) {
		diag = kb_yaml_find(in, KB_RULE_YAML_SYNTAX, at,
			at + (value < 0x80	     ? 1
				     : value < 0x800 ? 2
						     : 3),
			"there is an invisible control character (U+%04X) here",
			(unsigned)value);
		kb_diag_hint(in->diags, diag, "delete it");
	} else {
		if (kb_utf8_invalid(in->text) <
			at) /* libyaml names the last byte of several */
			at = kb_utf8_invalid(in->text);
		diag = kb_yaml_find(
			in, KB_RULE_ENCODING_UTF8, at, at + 1, "this is not UTF-8 text");
		kb_diag_hint(in->diags, diag, "save the file with UTF-8 encoding");
	}
}
