#include "page.h"

static void put_jsonl(const struct kb_report *report, kb_buf *out)
{
	const struct kb_value *list =
		report->rows.len ? report->rows.items[0].list : NULL;

	for (uint32_t i = 0; list && i < list->len; i++) {
		kb_value_json(list->items[i], KB_JSON_LINE, out);
		kb_buf_putc(out, '\n');
	}
}

int kb_report_write(const struct kb_report *report, kb_str format,
	const struct kb_report_style *style, kb_buf *out, struct kb_error *err)
{
	if (kb_str_is(format, "text"))
		kb_write_text(report, style, out);
	else if (kb_str_is(format, "markdown"))
		kb_write_markdown(report, out);
	else if (kb_str_is(format, "html"))
		kb_write_html(report, out);
	else if (kb_str_is(format, "json"))
		kb_value_json(report->data, KB_JSON_PRETTY, out);
	else if (kb_str_is(format, "jsonl"))
		put_jsonl(report, out);
	else if (kb_str_is(format, "csv"))
		kb_write_csv(report, out);
	else if (kb_str_is(format, "mdoc"))
		kb_write_mdoc(report, out);
	else
		return kb_error_set(
			err, KB_E_USAGE, "a report has no format '%.*s'", KB_ARG(format));
	return 0;
}
