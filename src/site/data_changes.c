#include "data.h"
#include "news.h"

#include "kb/recent.h"
#include "kb/unicode.h"

/* The page of changes as data: what is new in a locale, newest first. */

static kb_str day_of(struct job *job, time_t t)
{
	return kb_day_format(job->arena, job->site->config->timezone, t);
}

static void add_section(
	struct job *job, struct kb_value *list, const struct kb_value *part)
{
	static const char *const keys[][2] = {{"title", "text"}, {"detail", "detail"}};
	kb_str href = kb_value_text(kb_value_get(part, KB_STR("href")));
	size_t hash = kb_str_chr(href, '#');
	struct kb_value *map = kb_value_push_map(job->arena, list);

	if (hash != SIZE_MAX)
		v_str(job, map, "id", kb_str_sub(href, hash + 1, href.len));
	for (size_t i = 0; i < KB_LEN(keys); i++)
		kb_value_set_opt(job->arena, map, keys[i][0],
			kb_value_text(kb_value_get(part, kb_str_of(keys[i][1]))));
}

static void add_sections(struct job *job, struct kb_value *map, struct rows parts)
{
	struct kb_value *list =
		parts.n ? kb_value_set_list(job->arena, map, "sections") : NULL;

	for (uint32_t i = 0; i < parts.n; i++)
		add_section(job, list, parts.list->items[i]);
}

/* The other documents that show what changed. */
static void add_others(struct job *job, struct kb_value *map,
	const struct site_news_item *item, const struct page *first)
{
	struct kb_value *list = kb_value_list(job->arena);

	for (uint32_t i = 0; i < item->ndocs; i++) {
		const struct page *page = news_page_of(job, item->docs[i], KB_NONE);

		if (page && page != first)
			kb_value_push_str(job->arena, list, page->doc->id);
	}
	if (list->len)
		v_set(job, map, "others", list);
}

static struct kb_value *change_value(
	struct job *job, const struct site_news_item *item, const struct page *page)
{
	const struct kb_recent_item *recent = item->recent;
	struct kb_value *map = data_record(job, page);

	v_str(job, map, "date", day_of(job, item->updated));
	v_str(job, map, "change",
		!recent			      ? KB_STR("notice")
		: recent->deed == KB_NEWS_NEW ? KB_STR("new")
					      : KB_STR("changed"));
	kb_value_set_opt(job->arena, map, "text", news_text(job, item, page));
	add_sections(job, map, news_parts(job, item, page));
	add_others(job, map, item, page);
	return map;
}

kb_str data_changes_path(struct job *job)
{
	return job->site->api ? kb_arena_fmt(job->arena, DATA_FOLDER "changes.%.*s.json",
					KB_ARG(job->locale->code))
			      : KB_STR("");
}

struct kb_value *data_changes(struct job *job)
{
	const struct site_news *news = job->site->news;
	struct kb_value *root = v_map(job), *list;
	uint32_t more;

	v_set(job, root, "version", kb_value_int(job->arena, DATA_VERSION));
	v_str(job, root, "locale", job->locale->code);
	v_str(job, root, "address", job->page->address);
	kb_value_set_opt(job->arena, root, "url", data_url(job, job->page));
	v_str(job, root, "feed", news_feed(job, KB_NONE));
	v_str(job, root, "history",
		news->without ? KB_STR("none")
		: news->cut   ? KB_STR("part")
			      : KB_STR("whole"));
	if (news->begins)
		v_str(job, root, "since", day_of(job, news->begins));
	list = kb_value_set_list(job->arena, root, "changes");
	for (uint32_t i = 0; i < news->n; i++) {
		const struct page *page = news_page(job, &news->items[i], KB_NONE, &more);

		if (page)
			kb_value_push(job->arena, list,
				change_value(job, &news->items[i], page));
	}
	return root;
}
