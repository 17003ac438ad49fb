#include "kb/recent.h"
#include "kb/unicode.h"
#include "data.h"
#include "news.h"
#include "pages.h"

/* What is new: the news of a locale by day, and the feeds. */

static struct kb_value *item_of(struct job *job, const struct site_news_item *news,
	const struct page *page, uint32_t more)
{
	struct kb_value *item = item_value(job, page);

	v_bool(job, item, "summary", false);
	v_bool(job, item, "new", news->recent && news->recent->deed == KB_NEWS_NEW);
	v_opt(job, item, "text", news_text(job, news, page));
	v_block(job, item, "parts", news_parts(job, news, page));
	v_opt(job, item, "more",
		more ? message_count(job, "changes_more", more) : KB_STR(""));
	return item;
}

static void put_days(struct job *job, struct kb_value *map)
{
	const struct site_news *news = job->site->news;
	kb_str zone = job->site->config->timezone, last = KB_STR("");
	struct rows days = {0}, items = {0};
	struct kb_value *day = NULL;

	for (uint32_t i = 0; i < news->n; i++) {
		uint32_t more;
		const struct page *page = news_page(job, &news->items[i], KB_NONE, &more);
		kb_str date = kb_day_format(job->arena, zone, news->items[i].updated);

		if (!page)
			continue;
		if (!kb_str_eq(date, last)) {
			if (day)
				v_list(job, day, "items", items);
			day = v_map(job);
			items = (struct rows){0};
			v_set(job, day, "date", date_value(job, news->items[i].updated));
			rows_add(job, &days, day);
			last = date;
		}
		rows_add(job, &items, item_of(job, &news->items[i], page, more));
	}
	if (day)
		v_list(job, day, "items", items);
	v_block(job, map, "days", days);
}

static void put_feeds(struct job *job, struct kb_value *map)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	struct rows feeds = {0};

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		struct kb_value *row;

		if (!job->locale->issue_shown[i] ||
			plan_parent(job->site, job->locale, i) != KB_NONE)
			continue;
		row = v_map(job);
		v_str(job, row, "label", issue_label(job, i));
		v_str(job, row, "href", href_at(job, news_feed(job, i)));
		rows_add(job, &feeds, row);
	}
	v_str(job, map, "feed", href_at(job, news_feed(job, KB_NONE)));
	v_block(job, map, "feeds", feeds);
}

void page_changes(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct site_news *news = job->site->news;

	frame->kind = "changes";
	frame->title = string(job, "changes_title");
	crumb(frame, plan_at(job->site, job->locale->code));
	frame->jsonld = jsonld(job, frame, NULL, NULL, 0);
	put_days(job, map);
	put_feeds(job, map);
	v_set(job, map, "data", job->site->api ? data_changes(job) : NULL);
	v_opt(job, map, "limits",
		news->without ? string(job, "changes_without")
		: news->cut   ? string(job, "changes_cut")
			      : KB_STR(""));
}
