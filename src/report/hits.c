#include "kb/pages.h"

static void add_passage(struct kb_report *report, const struct kb_value *passage)
{
	kb_report_item(report, 2, "");
	for (uint32_t i = 0; i < passage->len; i++) {
		const struct kb_value *part = passage->items[i];
		bool mark = kb_value_get(part, KB_STR("mark"))->truth;

		kb_report_text(report, mark ? KB_ROLE_MARK : KB_ROLE_PLAIN,
			kb_value_text(kb_value_get(part, KB_STR("text"))));
	}
}

static kb_str text_of(const struct kb_value *hit, const char *key)
{
	return kb_value_text(kb_value_get(hit, kb_str_of(key)));
}

static void add_hit(struct kb_report *report, const struct kb_value *hit)
{
	const struct kb_value *passage = kb_value_get(hit, KB_STR("passage"));

	kb_report_item(report, 0, "");
	kb_report_text(report, KB_ROLE_STRONG, text_of(hit, "title"));
	kb_report_add(report, "  (%.*s, %.*s)", KB_ARG(text_of(hit, "id")),
		KB_ARG(text_of(hit, "type")));
	kb_report_item(report, 2, "");
	kb_report_text(report, KB_ROLE_FAINT, text_of(hit, "path"));
	if (passage->len)
		add_passage(report, passage);
}

void kb_report_hits(struct kb_report *report, const struct kb_library *lib,
	const struct kb_search_query *query, const struct kb_search_hit *hits, size_t n)
{
	const struct kb_value *list;

	kb_report_init(report, "Search");
	kb_search_value(lib, query, hits, n, report->arena, report->data);
	list = kb_value_get(report->data, KB_STR("hits"));
	for (uint32_t i = 0; i < list->len; i++)
		add_hit(report, list->items[i]);
}
