#include "kb/pages.h"

static void add_document(struct kb_report *report, const struct kb_log_document *document)
{
	kb_report_heading(report, 2, "%.*s: %.*s", KB_ARG(document->doc->path),
		KB_ARG(document->doc->facts->title));
	kb_report_table(report, "Date|Commit|Author|What changed*");
	for (size_t i = 0; i < document->len; i++) {
		const struct kb_log_entry *entry = &document->entries[i];

		kb_report_cell(report, entry->known ? entry->day : KB_STR("unknown"));
		kb_report_cell_fmt(
			report, "%.8s", entry->known ? entry->version.commit.id : "");
		kb_report_cell(
			report, entry->known ? entry->message.author : KB_STR_NULL);
		kb_report_cell(report, entry->summary);
	}
}

void kb_report_log(
	struct kb_report *report, const struct kb_library *lib, const struct kb_log *log)
{
	kb_report_init(report, "Versions");
	kb_log_value(lib, log, report->arena, report->data);
	for (size_t i = 0; i < log->len; i++)
		if (log->items[i].len)
			add_document(report, &log->items[i]);
	if (!log->entries)
		kb_report_paragraph(report,
			"No version found: kb shows only what is committed to Git.");
}
