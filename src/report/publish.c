#include <limits.h>
#include <stdlib.h>

#include "kb/left_out.h"
#include "kb/pages.h"
#include "kb/unicode.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static kb_str moment(struct kb_report *report, const struct kb_published *p)
{
	return kb_time_format(report->arena, p->lib->config->timezone, p->turns[0].at);
}

static void add_files(struct kb_report *report, const struct kb_published *p)
{
	for (size_t i = 0; p->options->arena && i < p->report.nfiles; i++) {
		const struct kb_publish_file *file = &p->report.files[i];

		kb_report_line(report, "%s %.*s%s%.*s",
			file->removed ? "remove" : "write ", KB_ARG(file->path),
			p->reasons ? ": " : "",
			KB_ARG(p->reasons ? file->reason : KB_STR_NULL));
	}
}

static void add_counts(struct kb_report *report, const struct kb_published *p)
{
	const struct kb_publish_report *r = &p->report;
	int any = 0;

	kb_report_line(report, "Validated %u document%s: %zu error%s, %zu warning%s.",
		p->lib->ndocs, plural(p->lib->ndocs), p->counts[KB_ERROR],
		plural(p->counts[KB_ERROR]), p->counts[KB_WARNING],
		plural(p->counts[KB_WARNING]));
	kb_report_line(report,
		"%s for '%.*s': %u page%s in %u locale%s, %u redirect%s, %u image%s and "
		"other files, %.1f MB.",
		p->options->dry_run ? "Would publish" : "Published",
		KB_ARG(p->lib->config->audiences[p->options->audience]), r->pages,
		plural(r->pages), r->locales, plural(r->locales), r->redirects,
		plural(r->redirects), r->assets, plural(r->assets),
		(double)r->bytes / 1e6);
	kb_report_line(report, "Documents:");
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		if (r->documents[type])
			kb_report_add(report, "%s %s %u", any++ ? "," : "",
				kb_type_name((enum kb_type)type), r->documents[type]);
	kb_report_add(report, any ? "." : " none.");
	kb_report_line(report, "Files: %u written, %u unchanged, %u removed.", r->written,
		r->unchanged, r->removed);
}

/* Documents that are not on the site as they are now. */
static void add_others(struct kb_report *report, const struct kb_published *p)
{
	_cleanup_buf_ kb_buf left_out = {0};
	uint32_t kept = p->report.kept, renewed = p->report.renewed;

	kb_left_out(&left_out, p->lib, p->options);
	if (left_out.len)
		kb_report_line(
			report, "%.*s", KB_ARG(kb_str_trim(kb_buf_view(&left_out))));
	if (kept)
		kb_report_line(report,
			kept == 1 ? "%u document with errors: the last published "
				    "page stays, and its place in lists."
				  : "%u documents with errors: their last published "
				    "pages stay, and their places in lists.",
			kept);
	if (renewed)
		kb_report_line(report,
			"%u document%s with errors: the new text is published, because "
			"the last page shows what it withholds.",
			renewed, plural(renewed));
}

static void add_address(struct kb_report *report, const char *folder)
{
	char path[PATH_MAX];
	_cleanup_buf_ kb_buf url = {0};

	if (!realpath(folder, path))
		return;
	kb_buf_url_path(&url, kb_str_of(path));
	kb_report_line(report, "file://%.*s/index.html", KB_ARG(kb_buf_view(&url)));
}

void kb_report_published(struct kb_report *report, const struct kb_published *p)
{
	kb_report_init(report, "Published");
	kb_published_value(p, true, report->arena, report->data);
	add_files(report, p);
	add_counts(report, p);
	add_others(report, p);
	if (p->nturns) {
		kb_report_line(report, "Next change: %.*s, %.*s %s",
			KB_ARG(moment(report, p)), KB_ARG(p->turns[0].doc->path),
			kb_turn_kind_words(p->turns[0].kind));
		if (p->nturns > 1)
			kb_report_add(report, " (and %zu more)", p->nturns - 1);
		kb_report_add(report, ".");
	}
	if (!p->options->dry_run)
		add_address(report, p->options->out);
}

void kb_report_turns(struct kb_report *report, const struct kb_published *p)
{
	kb_report_init(report, "Next change");
	kb_published_value(p, false, report->arena, report->data);
	for (size_t i = 0; i < p->nturns; i++)
		kb_report_line(report, "%.*s %.*s %s", KB_ARG(moment(report, p)),
			KB_ARG(p->turns[i].doc->path),
			kb_turn_kind_words(p->turns[i].kind));
	if (!p->nturns)
		kb_report_line(
			report, "Nothing on this site appears or expires by itself.");
}
