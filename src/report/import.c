#include "kb/pages.h"

static void add_files(struct kb_report *report, const struct kb_import *import)
{
	uint64_t bots = 0, others = 0, unknown = 0;

	kb_report_table(report,
		"File*|Kind|Lines>|Views>|Votes>|Searches>|Tickets>|Counted "
		"before>|Left out>|Faults>");
	for (size_t i = 0; i < import->files.len; i++) {
		const struct kb_import_file *file = &import->files.items[i];
		const uint64_t counts[] = {file->lines, file->views, file->votes,
			file->searches, file->tickets, file->known,
			file->bots + file->others + file->unknown, file->faults};

		bots += file->bots;
		others += file->others;
		unknown += file->unknown;
		kb_report_cell(report, file->name);
		kb_report_cell(report, kb_str_of(file->kind));
		for (size_t k = 0; k < KB_LEN(counts); k++)
			kb_report_cell_fmt(report, "%llu", (unsigned long long)counts[k]);
	}
	if (bots + others + unknown)
		kb_report_paragraph(report,
			"Left out: robots %llu, files and errors %llu, pages that show no "
			"document %llu.",
			(unsigned long long)bots, (unsigned long long)others,
			(unsigned long long)unknown);
}

static uint64_t faults_left(const struct kb_import *import)
{
	uint64_t n = 0;

	for (size_t i = 0; i < import->files.len; i++)
		n += import->files.items[i].faults;
	return n - import->faults.len;
}

static void add_faults(struct kb_report *report, const struct kb_import *import)
{
	kb_report_heading(report, 2, "Not imported");
	for (size_t i = 0; i < import->faults.len; i++) {
		const struct kb_import_fault *fault = &import->faults.items[i];

		kb_report_item(report, 1, "-");
		if (fault->line)
			kb_report_fmt(report, KB_ROLE_STRONG,
				"%.*s:%zu: ", KB_ARG(fault->file), fault->line);
		else
			kb_report_fmt(
				report, KB_ROLE_STRONG, "%.*s: ", KB_ARG(fault->file));
		kb_report_text(report, KB_ROLE_PLAIN, fault->message);
	}
	if (faults_left(import))
		kb_report_paragraph(report, "And %llu more.",
			(unsigned long long)faults_left(import));
}

static bool was_known(const struct kb_import *import)
{
	for (size_t i = 0; i < import->files.len; i++)
		if (import->files.items[i].known)
			return true;
	return false;
}

void kb_report_import(struct kb_report *report, const struct kb_import *import)
{
	kb_report_init(report, "Imported statistics");
	kb_import_value(import, report->arena, report->data);
	add_files(report, import);
	for (size_t i = 0; i < import->notes.len; i++) {
		kb_report_paragraph(report, "%s", "");
		kb_report_text(report, KB_ROLE_NOTE, KB_STR("Note: "));
		kb_report_text(report, KB_ROLE_PLAIN, import->notes.items[i]);
	}
	if (import->faults.len)
		add_faults(report, import);
	if (!import->rewrites.len) {
		kb_report_paragraph(report, "%s: no file changes.",
			was_known(import)    ? "Nothing new"
			: import->faults.len ? "Nothing was imported"
					     : "Nothing to import");
		return;
	}
	kb_report_paragraph(report, "Changed:");
	for (size_t i = 0; i < import->rewrites.len; i++) {
		kb_report_item(report, 1, "-");
		kb_report_text(report, KB_ROLE_CODE, import->rewrites.items[i].path);
	}
}
