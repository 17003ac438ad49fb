/* Exports as tables, such as those of surveys and ticket systems. */
#include "feedback_export.h"

#include "kb/csv.h"
#include "kb/unicode.h"

/* A table in an encoding of Windows, which is what spreadsheets save. */
static kb_str as_utf8(struct feedback_export *e)
{
	_cleanup_buf_ kb_buf out = {0};
	const char *charset = "windows-1252";

	if (kb_str_starts(e->text, KB_STR("\xff\xfe")) ||
		kb_str_starts(e->text, KB_STR("\xfe\xff")))
		charset = "utf-16";
	else if (kb_utf8_invalid(e->text) == SIZE_MAX)
		return e->text;
	kb_charset_decode(e->text, kb_str_of(charset), &out);
	return kb_arena_str(e->arena, kb_buf_view(&out));
}

int export_read_csv(struct feedback_export *e, struct kb_error *err)
{
	struct kb_csv table = {0};
	int failed = kb_csv_open(&table, as_utf8(e), err);

	while (!failed && kb_csv_row(&table)) {
		struct kb_feedback_given it = {
			.origin = kb_arena_fmt(e->arena, "line %zu", table.line)};

		if (table.fault) {
			export_fault(e, it.origin, "%s", table.fault);
			continue;
		}
		for (size_t i = 0; i < table.names.len; i++)
			export_take(e, &it, table.names.items[i], table.fields.items[i]);
		it.text = export_read_lines(e, &it, it.text);
		kb_vec_push(&e->out->given, it);
	}
	kb_csv_dispose(&table);
	return failed;
}
