/* A report's rows, or its page's tables, as CSV (RFC 4180). */
#include "kb/escape.h"
#include "page.h"

struct csv {
	kb_buf *out;
	kb_str names; /* Of the columns of the table before. */
	bool any;
};

/* A table with other columns than the one before begins after an empty line. */
static void put_names(
	struct csv *csv, kb_str names, const struct kb_page_column *columns, size_t n)
{
	if (csv->any && kb_str_eq(csv->names, names))
		return;
	kb_buf_puts(csv->out, csv->any ? "\r\n" : "");
	csv->any = true;
	csv->names = names;
	for (size_t c = 0; c < n; c++) {
		kb_buf_puts(csv->out, c ? "," : "");
		kb_buf_csv(csv->out, columns[c].name, false);
	}
	kb_buf_puts(csv->out, "\r\n");
}

static kb_str text_of(const struct kb_value *value)
{
	if (value && value->type == KB_VALUE_BOOL)
		return value->truth ? KB_STR("1") : KB_STR("0");
	return kb_value_text(value);
}

static void put_rows(struct csv *csv, const struct kb_report_rows *rows)
{
	put_names(csv, rows->names, rows->columns, rows->ncolumns);
	for (uint32_t i = 0; i < rows->list->len; i++)
		for (size_t c = 0; c < rows->ncolumns; c++) {
			const struct kb_page_column *column = &rows->columns[c];

			kb_buf_puts(csv->out, c ? "," : "");
			kb_buf_csv(csv->out,
				text_of(kb_value_get(rows->list->items[i], column->name)),
				column->number);
			kb_buf_puts(csv->out, c + 1 == rows->ncolumns ? "\r\n" : "");
		}
}

static void put_table(
	struct csv *csv, const struct kb_page_block *table, struct kb_arena *arena)
{
	put_names(csv, table->names, table->columns, table->ncolumns);
	for (size_t i = 0; i < table->cells.len; i++) {
		size_t c = i % table->ncolumns;

		kb_buf_puts(csv->out, c ? "," : "");
		kb_buf_csv(csv->out, kb_page_cell_text(table, arena, i),
			table->columns[c].number);
		kb_buf_puts(csv->out, c + 1 == table->ncolumns ? "\r\n" : "");
	}
}

void kb_write_csv(const struct kb_report *report, kb_buf *out)
{
	struct csv csv = {.out = out};

	for (size_t i = 0; i < report->rows.len; i++)
		put_rows(&csv, &report->rows.items[i]);
	for (size_t i = 0; !report->rows.len && i < report->blocks.len; i++)
		if (report->blocks.items[i]->kind == KB_PAGE_TABLE)
			put_table(&csv, report->blocks.items[i], report->arena);
}
