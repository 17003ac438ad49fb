#include "kb/pages.h"

/* "2026-11-25, shown in 24 documents, such as Descale your machine; …" */
static void put_users(struct kb_report *report, const struct kb_news_report *told,
	const struct kb_news_item *item)
{
	enum { NAMED = 3 };
	_cleanup_buf_ kb_buf names = {0};

	for (uint32_t i = 0; i < item->ndocs && i < NAMED; i++)
		kb_buf_fmt(&names, "%s%.*s", i ? "; " : "",
			KB_ARG(kb_library_expand(told->lib, report->arena,
				item->docs[i]->facts->title, item->docs[i]->locale)));
	kb_report_paragraph(report, "%.*s, shown in %u document%s%s%s",
		KB_ARG(kb_news_day(told, report->arena, item->updated)), item->ndocs,
		item->ndocs == 1 ? ": " : "s",
		item->ndocs == 1      ? ""
		: item->ndocs > NAMED ? ", such as "
				      : ": ",
		names.data);
}

static void put_place(struct kb_report *report, const struct kb_news_report *told,
	const struct kb_news_item *item)
{
	const struct kb_document *doc = item->docs[0];
	kb_str url = kb_news_url(told, report->arena, doc);
	kb_str owner = told->trusted ? doc->facts->owner : KB_STR_NULL;

	kb_report_paragraph(report, "%.*s, %.*s, %.*s%s%.*s",
		KB_ARG(kb_news_day(told, report->arena, item->updated)),
		KB_ARG(told->lib->config->locales[doc->locale].code), KB_ARG(doc->path),
		owner.len ? ", " : "", KB_ARG(owner));
	if (url.len) {
		kb_report_add(report, ", ");
		kb_report_text(report, KB_ROLE_LINK, url);
	}
}

void kb_report_news(struct kb_report *report, const struct kb_news_report *told)
{
	const struct kb_news *news = told->news;

	kb_report_init(report, "What changed");
	kb_news_value(told, report->arena, report->data);

	kb_report_heading(report, 2, "%u change%s to know about since %.*s", news->len,
		news->len == 1 ? "" : "s", KB_ARG(told->since));
	for (uint32_t i = 0; i < news->len; i++) {
		const struct kb_news_item *item = &news->items[i];
		bool shared = item->variable.len || item->snippet;

		kb_report_heading(report, 3, "%.*s",
			KB_ARG(kb_news_title(told, report->arena, item)));
		kb_report_paragraph(report, "%.*s", KB_ARG(item->text));
		(shared ? put_users : put_place)(report, told, item);
	}
}
