/* News as data: schemas/output/changes.json. */
#include "kb/news.h"
#include "kb/render.h"
#include "kb/unicode.h"

kb_str kb_news_title(const struct kb_news_report *report, struct kb_arena *arena,
	const struct kb_news_item *item)
{
	kb_str title =
		kb_library_expand(report->lib, arena, item->title, item->docs[0]->locale);

	if (item->variable.len && report->trusted)
		return kb_arena_fmt(arena, "The variable %.*s", KB_ARG(item->variable));
	if (item->snippet && report->trusted)
		return kb_arena_fmt(arena, "The snippet '%.*s'",
			KB_ARG(item->snippet->facts->title.len
					? item->snippet->facts->title
					: item->snippet->id));
	if ((item->snippet || item->variable.len) && item->ndocs > 1)
		return KB_STR("Text shared by several documents");
	if (item->ndocs > 1)
		return kb_arena_fmt(
			arena, "%.*s (and %u more)", KB_ARG(title), item->ndocs - 1);
	return title;
}

kb_str kb_news_url(const struct kb_news_report *report, struct kb_arena *arena,
	const struct kb_document *doc)
{
	bool here = kb_library_by_path(report->lib, doc->path) == doc;

	return here && doc->family ? kb_public_url(report->lib, arena, doc->family,
					     doc->locale, KB_STR_NULL)
				   : KB_STR_NULL;
}

kb_str kb_news_day(const struct kb_news_report *report, struct kb_arena *arena, time_t t)
{
	return kb_day_format(arena, report->lib->config->timezone, t);
}

/* "2026-11-25T00:00:00Z" */
kb_str kb_news_stamp(struct kb_arena *arena, time_t t)
{
	char text[32];
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return kb_arena_str(arena, kb_str_of(text));
}

/* The name that its ids belong to: the public site's, or one that is nobody's. */
kb_str kb_news_host(const struct kb_library *lib)
{
	kb_str url = lib->config->base_url;
	size_t at = kb_str_find(url, KB_STR("://")), end;

	if (at == SIZE_MAX)
		return KB_STR("kb.invalid");
	url = kb_str_sub(url, at + 3, url.len);
	for (end = 0; end < url.len && !strchr("/:?#", url.data[end]);)
		end++;
	return kb_str_sub(url, 0, end);
}

/* A tag: URI (RFC 4151) that stays. */
static kb_str tag(const struct kb_news_report *report, struct kb_arena *arena,
	const struct kb_news_item *item)
{
	_cleanup_buf_ kb_buf key = {0};

	kb_buf_url_path(&key, item->key);
	return kb_arena_fmt(arena, "tag:%.*s,%.10s:%.*s",
		KB_ARG(kb_news_host(report->lib)),
		kb_news_stamp(arena, item->updated).data, KB_ARG(kb_buf_view(&key)));
}

static void add_document(const struct kb_news_report *report, struct kb_arena *arena,
	struct kb_value *list, const struct kb_document *doc)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "path", doc->path);
	kb_value_set_str(arena, map, "id", doc->id);
	kb_value_set_str(
		arena, map, "locale", report->lib->config->locales[doc->locale].code);
	kb_value_set_str(arena, map, "title",
		kb_library_expand(report->lib, arena, doc->facts->title, doc->locale));
	kb_value_set_opt(arena, map, "url", kb_news_url(report, arena, doc));
}

static void add_item(const struct kb_news_report *report, struct kb_arena *arena,
	struct kb_value *list, const struct kb_news_item *item)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "id", tag(report, arena, item));
	kb_value_set_name(arena, map, "kind", kb_news_kind_name(item->kind));
	kb_value_set_str(arena, map, "updated", kb_news_stamp(arena, item->updated));
	kb_value_set_str(arena, map, "title", kb_news_title(report, arena, item));
	kb_value_set_str(arena, map, "text", item->text);
	kb_value_set_str(
		arena, map, "audience", report->lib->config->audiences[item->audience]);
	kb_value_set_opt(arena, map, "commit", item->commit);
	if (report->trusted)
		kb_value_set_opt(arena, map, "variable", item->variable);
	if (item->snippet && report->trusted)
		kb_value_set_str(arena, map, "snippet", item->snippet->id);
	list = kb_value_set_list(arena, map, "documents");
	for (uint32_t i = 0; i < item->ndocs; i++)
		add_document(report, arena, list, item->docs[i]);
}

void kb_news_value(const struct kb_news_report *report, struct kb_arena *arena,
	struct kb_value *root)
{
	struct kb_value *list;

	kb_value_set_str(arena, root, "since", report->since);
	list = kb_value_set_list(arena, root, "items");
	for (uint32_t i = 0; i < report->news->len; i++)
		add_item(report, arena, list, &report->news->items[i]);
}
