/* Is a file the UTF-8 that kb reads, with one kind of line ends? */
#include "front.h"
#include "kb/unicode.h"

/* The end of the line that is at *at, which then is the next one; false at the text's
 * end. */
static bool line_end_take(kb_str text, size_t *at, kb_range *end)
{
	size_t from = kb_line_end(text, *at);

	*at = kb_line_next(text, from);
	*end = (kb_range){(uint32_t)from, (uint32_t)(*at - from)};
	return end->len > 0;
}

static bool is_end(kb_str text, kb_range end, kb_str kind)
{
	return kb_str_eq(kb_str_sub(text, end.off, (size_t)end.off + end.len), kind);
}

/* The line ends that are not of the kind that most of them are become LF or CRLF. */
static void fix_line_ends(struct kb_diags *diags, struct kb_diag *diag, kb_str text)
{
	size_t count = 0, others = 0;
	kb_range end;
	kb_str most;

	for (size_t at = 0; line_end_take(text, &at, &end);) {
		count += is_end(text, end, KB_STR("\r\n"));
		others += is_end(text, end, KB_STR("\n"));
	}
	most = count > others ? KB_STR("\r\n") : KB_STR("\n");
	for (size_t at = 0; line_end_take(text, &at, &end);)
		if (!is_end(text, end, most))
			kb_diag_edit(diags, diag, end, most);
}

static const char *end_name(kb_str text, kb_range end)
{
	if (end.len == 2)
		return "CRLF";
	return text.data[end.off] == '\n' ? "LF" : "CR";
}

/* The first line end that is of another kind than those before it, or a CR alone, at
 * which other programs see no line end. */
static void check_line_ends(kb_str path, kb_str text, struct kb_diags *diags)
{
	kb_range first, end;
	struct kb_diag *diag;
	size_t at = 0;

	if (kb_str_chr(text, '\r') == SIZE_MAX || !line_end_take(text, &at, &first))
		return;
	end = first;
	while (end.len == first.len && text.data[end.off] == text.data[first.off] &&
		!is_end(text, end, KB_STR("\r")))
		if (!line_end_take(text, &at, &end))
			return;
	if (is_end(text, end, KB_STR("\r")))
		diag = kb_diag_add(diags, KB_RULE_ENCODING_LINE_ENDS, path,
			(kb_range){end.off, 0},
			"this line ends with a CR only, which most programs do not "
			"treat as the end of a line");
	else
		diag = kb_diag_add(diags, KB_RULE_ENCODING_LINE_ENDS, path,
			(kb_range){end.off, 0},
			"this line ends with %s, but the lines before it end with %s",
			end_name(text, end), end_name(text, first));
	kb_diag_hint(
		diags, diag, "save the file with one kind of line ending, preferably LF");
	fix_line_ends(diags, diag, text);
}

bool kb_encoding_check(kb_str path, kb_str text, struct kb_diags *diags)
{
	size_t nul = kb_str_chr(text, '\0'), bad = kb_utf8_invalid(text);

	if (kb_str_starts(text, KB_STR("\xEF\xBB\xBF"))) {
		struct kb_diag *diag = kb_diag_add(diags, KB_RULE_ENCODING_BOM, path,
			(kb_range){0, 3}, "the file begins with a byte order mark");

		kb_diag_hint(
			diags, diag, "save it as UTF-8 without a byte order mark (BOM)");
		kb_diag_edit(diags, diag, (kb_range){0, 3}, KB_STR(""));
	}
	if (nul != SIZE_MAX)
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ENCODING_NUL, path,
				(kb_range){(uint32_t)nul, 1},
				"the file contains a NUL byte"),
			"save it as UTF-8; a UTF-16 file contains many such bytes");
	else if (bad != SIZE_MAX)
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ENCODING_UTF8, path,
				(kb_range){(uint32_t)bad, 1},
				"the file is not valid UTF-8 here"),
			"save it as UTF-8; old Windows files often use Windows-1252");
	else
		check_line_ends(path, text, diags);
	return nul == SIZE_MAX && bad == SIZE_MAX;
}
