/* What changed, for people. */
#include "changes.h"
#include "kb/render.h"
#include "kb/unicode.h"

kb_str changes_title(const struct changes_report *report, const struct kb_news_item *item)
{
	kb_str title = kb_library_expand(
		report->lib, report->arena, item->title, item->docs[0]->locale);

	if (item->variable.len && report->trusted)
		return kb_arena_fmt(
			report->arena, "The variable %.*s", KB_ARG(item->variable));
	if (item->snippet && report->trusted)
		return kb_arena_fmt(report->arena, "The snippet '%.*s'",
			KB_ARG(item->snippet->facts->title.len
					? item->snippet->facts->title
					: item->snippet->id));
	if ((item->snippet || item->variable.len) && item->ndocs > 1)
		return KB_STR("What several documents say");
	if (item->ndocs > 1)
		return kb_arena_fmt(report->arena, "%.*s (and %u more)", KB_ARG(title),
			item->ndocs - 1);
	return title;
}

kb_str changes_url(const struct changes_report *report, const struct kb_document *doc)
{
	bool here = kb_library_by_path(report->lib, doc->path) == doc;

	return here && doc->family ? kb_public_url(report->lib, report->arena,
					     doc->family, doc->locale, KB_STR_NULL)
				   : KB_STR_NULL;
}

kb_str changes_day(const struct changes_report *report, time_t t)
{
	return kb_day_format(report->arena, report->lib->config->timezone, t);
}

/* "2026-11-25, shown in 24 documents, such as Descale your machine; …" */
static void put_users(const struct changes_report *report, struct kb_report *sheet,
	const struct kb_news_item *item)
{
	enum { NAMED = 3 };
	_cleanup_buf_ kb_buf names = {0};

	for (uint32_t i = 0; i < item->ndocs && i < NAMED; i++)
		kb_buf_fmt(&names, "%s%.*s", i ? "; " : "",
			KB_ARG(kb_library_expand(report->lib, report->arena,
				item->docs[i]->facts->title, item->docs[i]->locale)));
	kb_report_paragraph(sheet, "%.*s, shown in %u document%s%s%s",
		KB_ARG(changes_day(report, item->updated)), item->ndocs,
		item->ndocs == 1 ? ": " : "s",
		item->ndocs == 1      ? ""
		: item->ndocs > NAMED ? ", such as "
				      : ": ",
		names.data);
}

static void put_place(const struct changes_report *report, struct kb_report *sheet,
	const struct kb_news_item *item)
{
	const struct kb_document *doc = item->docs[0];
	kb_str url = changes_url(report, doc);
	kb_str owner = report->trusted ? doc->facts->owner : KB_STR_NULL;

	kb_report_paragraph(sheet, "%.*s, %.*s, %.*s%s%.*s",
		KB_ARG(changes_day(report, item->updated)),
		KB_ARG(report->lib->config->locales[doc->locale].code), KB_ARG(doc->path),
		owner.len ? ", " : "", KB_ARG(owner));
	if (url.len) {
		kb_report_text(sheet, KB_ROLE_PLAIN, KB_STR(", "));
		kb_report_text(sheet, KB_ROLE_LINK, url);
	}
}

void changes_sheet(const struct changes_report *report, struct kb_report *sheet)
{
	const struct kb_news *news = report->news;

	kb_report_heading(sheet, 2, "%u thing%s to know since %.*s", news->len,
		news->len == 1 ? "" : "s", KB_ARG(report->since));
	for (uint32_t i = 0; i < news->len; i++) {
		const struct kb_news_item *item = &news->items[i];
		bool shared = item->variable.len || item->snippet;

		kb_report_heading(sheet, 3, "%.*s", KB_ARG(changes_title(report, item)));
		kb_report_paragraph(sheet, "%.*s", KB_ARG(item->text));
		(shared ? put_users : put_place)(report, sheet, item);
	}
}
