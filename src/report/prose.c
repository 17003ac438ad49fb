/* kb's own texts, which are Markdown, as pages. */
#include <stdio.h>

#include "page.h"

#include "kb/passage.h"

static void put_text(struct kb_report *report, const struct kb_passage *passage)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < passage->nspans; i++) {
		const struct kb_span *span = &passage->spans[i];
		bool code = span->kind == KB_SPAN_CODE;

		if (span->from < at || (!code && span->kind != KB_SPAN_STRONG))
			continue;
		kb_report_text(
			report, KB_ROLE_PLAIN, kb_str_sub(passage->text, at, span->from));
		kb_report_text(report, code ? KB_ROLE_CODE : KB_ROLE_STRONG,
			kb_str_sub(passage->text, span->from, span->to));
		at = span->to;
	}
	kb_report_text(
		report, KB_ROLE_PLAIN, kb_str_sub(passage->text, at, passage->text.len));
}

/* All columns are wide: texts are in them. */
static void begin_table(
	struct kb_report *report, const struct kb_passages *passages, uint32_t first)
{
	_cleanup_buf_ kb_buf columns = {0};

	for (uint32_t i = first; i < passages->len && passages->items[i].header; i++)
		kb_buf_fmt(&columns, "%s%.*s*", i > first ? "|" : "",
			KB_ARG(passages->items[i].text));
	kb_report_table(report, columns.data);
}

static void begin_item(
	struct kb_report *report, const struct kb_passage *passage, unsigned *number)
{
	char mark[16] = "-";

	if (passage->ordered)
		snprintf(mark, sizeof(mark), "%u.", ++*number);
	kb_report_item(report, passage->depth - 1u, mark);
}

static void put_passage(struct kb_report *report, const struct kb_passages *passages,
	uint32_t i, unsigned *number)
{
	const struct kb_passage *passage = &passages->items[i];

	if (passage->kind == KB_PASSAGE_CODE) {
		kb_report_code(report, 2, "", passage->text);
		return;
	}
	if (passage->kind == KB_PASSAGE_CELL && passage->header) {
		if (!passage->col)
			begin_table(report, passages, i);
		return;
	}
	if (passage->kind == KB_PASSAGE_CELL)
		kb_report_cell(report, KB_STR_NULL);
	else if (passage->kind == KB_PASSAGE_HEADING)
		kb_report_heading(report, passage->level, "%s", "");
	else if (passage->opens_item)
		begin_item(report, passage, number);
	else
		kb_report_paragraph(report, "%s", "");
	put_text(report, passage);
}

void kb_report_prose(struct kb_report *report, kb_str markdown)
{
	const struct kb_md_syntax syntax = {.literal = true};
	struct kb_md *md = kb_md_parse(markdown, 0, &syntax);
	struct kb_passages passages;
	uint32_t block = KB_NONE;
	unsigned number = 0;

	kb_md_texts(md, report->arena, &passages);
	for (uint32_t i = 0; i < passages.len; i++) {
		if (passages.items[i].block != block)
			number = 0;
		block = passages.items[i].block;
		put_passage(report, &passages, i, &number);
	}
	kb_md_free(md);
}
