#include "news.h"

#include "kb/hash.h"
#include "kb/next_change.h"
#include "kb/outdated.h"
#include "kb/recent.h"
#include "pages.h"

enum { DAY = 86400 };

static int by_time(const void *pa, const void *pb)
{
	const struct site_news_item *a = pa, *b = pb;

	if (a->updated != b->updated)
		return a->updated > b->updated ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

struct collecting {
	struct site *site;
	struct {
		KB_VEC(struct site_news_item);
	} items;
};

static void collect(struct collecting *c, struct site_news_item item)
{
	item.order = (uint32_t)c->items.len;
	kb_vec_push(&c->items, item);
}

/* The document that a file is, unless it was edited since. */
static const struct kb_document *same_document(
	const struct site *site, const struct kb_recent_file *file)
{
	const struct kb_document *doc = kb_library_by_path(site->lib, file->path);

	return doc && !doc->facts->broken &&
			       kb_str_eq(kb_str_of(doc->facts->blob), file->blob)
		       ? doc
		       : NULL;
}

/* What is edited and not committed may withhold what the news says. */
static void collect_recent(
	struct collecting *c, const struct kb_recent_item *recent, bool edited)
{
	struct site *site = c->site;
	struct site_news_item item = {.recent = recent, .updated = recent->updated};

	if (recent->updated > site->lib->now || (recent->variable && edited) ||
		(recent->snippet.path.len && !same_document(site, &recent->snippet)))
		return;
	item.docs =
		kb_arena_array(site->arena, const struct kb_document *, recent->ndocs);
	for (uint32_t i = 0; i < recent->ndocs; i++) {
		const struct kb_document *doc = same_document(site, &recent->docs[i]);

		if (doc && plan_visible(site, doc))
			item.docs[item.ndocs++] = doc;
	}
	if (item.ndocs)
		collect(c, item);
}

static bool has_notice(const struct site *site, const struct kb_document *doc)
{
	const struct kb_notice *notice = &doc->facts->notice;

	return notice->given && notice->audience <= site->audience &&
	       notice->date <= site->lib->now && plan_visible(site, doc);
}

/* Without a history the newest notice says what is recent. */
static time_t recent_since(const struct site *site)
{
	time_t newest = 0;

	if (kb_history_commits(site->history))
		newest = kb_history_commit(site->history, 0).committed;
	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];

		if (has_notice(site, doc) && doc->facts->notice.date > newest)
			newest = doc->facts->notice.date;
	}
	return newest - (time_t)KB_RECENT_DAYS * DAY;
}

static void collect_notices(struct collecting *c, time_t since)
{
	struct site *site = c->site;

	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];
		struct site_news_item item = {.updated = doc->facts->notice.date};

		if (!has_notice(site, doc) || item.updated < since)
			continue;
		item.docs = kb_arena_array(site->arena, const struct kb_document *, 1);
		item.docs[item.ndocs++] = doc;
		collect(c, item);
	}
}

static void set_newest(struct site *site)
{
	struct site_news *news = site->news;

	news->of = kb_arena_array(
		site->arena, const struct site_news_item *, site->lib->ndocs);
	for (uint32_t i = 0; i < news->n; i++)
		for (uint32_t k = 0; news->items[i].recent && k < news->items[i].ndocs;
			k++) {
			uint32_t number = news->items[i].docs[k]->number;

			if (!news->of[number])
				news->of[number] = &news->items[i];
		}
}

/* The document that a translation of another language is of, or NULL. */
const struct kb_document *news_source(
	const struct site *site, const struct kb_document *doc)
{
	const struct kb_document *source = site->news->behind[doc->number]
						   ? kb_document_source(site->lib, doc)
						   : NULL;

	return source && plan_original(site, source) ? source : NULL;
}

static bool is_translation(const struct site *site, const struct kb_document *doc)
{
	const struct kb_config *config = site->config;
	const struct kb_document *source =
		plan_visible(site, doc) && site->published[doc->locale] != KB_NONE
			? kb_document_source(site->read, doc)
			: NULL;
	kb_str a, b;

	if (!source)
		return false;
	a = config->locales[doc->locale].code;
	b = config->locales[source->locale].code;
	return !kb_str_eq(kb_str_sub(a, 0, kb_str_chr(a, '-')),
		kb_str_sub(b, 0, kb_str_chr(b, '-')));
}

static int find_behind(struct site *site, struct kb_error *err)
{
	const struct kb_library *lib = site->read;
	kb_str name = kb_arena_fmt(site->arena, "behind-%u", site->audience), path;
	struct kb_reader *reader = kb_reader_new(lib->source);
	struct kb_memo *memo;
	int failed = 0;
	bool own;

	site->news->behind = kb_arena_array(site->arena, bool, lib->ndocs);
	path = kb_source_cache(lib->source, site->arena, name.data, &own);
	memo = lib->stored && own ? kb_memo_open(path.data) : NULL;
	for (uint32_t i = 0; i < lib->ndocs && !failed; i++)
		if (is_translation(site, lib->docs[i]))
			failed = kb_outdated_behind_for(&site->news->behind[i], lib,
				reader, site->history, lib->docs[i], site->audience, memo,
				err);
	kb_memo_close(memo);
	kb_reader_free(reader);
	return failed;
}

/* Is kb.yaml other than in the last commit? */
static bool is_edited(const struct site *site)
{
	struct kb_history_version *versions;
	kb_str path = site->config->path;
	size_t n = kb_history_versions(site->history, site->arena, path, &versions);
	char id[41];

	kb_blob_id(kb_library_config_text(site->read), id);
	return !n || strcmp(versions[0].blob, id) != 0;
}

int news_load(struct site *site, struct kb_error *err)
{
	struct collecting c = {.site = site};
	struct kb_recent *recent = kb_arena_new_of(site->arena, struct kb_recent);
	struct site_news *news = kb_arena_new_of(site->arena, struct site_news);
	size_t commits = kb_history_commits(site->history);

	if (kb_recent_find(recent, site->arena, site->read, site->history, site->audience,
		    site->options->threads, err) < 0)
		return -1;
	collect_notices(&c, recent_since(site));
	bool edited = recent->n && is_edited(site);
	for (uint32_t i = 0; i < recent->n; i++)
		collect_recent(&c, &recent->items[i], edited);
	if (c.items.len)
		qsort(c.items.items, c.items.len, sizeof(*c.items.items), by_time);
	news->n = (uint32_t)c.items.len;
	news->items = kb_vec_freeze(&c.items, site->arena);
	news->begins = recent->from;
	news->without = !commits;
	news->cut = kb_history_shallow(site->history) || recent->lacking;
	news->banner = commits ? kb_history_commit(site->history, 0).committed -
					 (time_t)KB_NOTICE_DAYS * DAY
			       : 0;
	site->news = news;
	set_newest(site);
	return find_behind(site, err);
}

const struct page *news_page_of(
	const struct job *job, const struct kb_document *doc, uint32_t top)
{
	const struct page *page = job->locale->shown[doc->number];

	return page && page->doc == doc && page->kind == PAGE_DOCUMENT &&
			       (top == KB_NONE || page->top == top)
		       ? page
		       : NULL;
}

const struct page *news_page(const struct job *job, const struct site_news_item *item,
	uint32_t top, uint32_t *more)
{
	const struct page *first = NULL;

	*more = 0;
	for (uint32_t i = 0; i < item->ndocs; i++) {
		const struct page *page = news_page_of(job, item->docs[i], top);

		if (!page)
			continue;
		*more += first != NULL;
		first = first ? first : page;
	}
	return first;
}

/* The heading of that text that the page shows, or NULL. */
static const struct kb_heading *heading_of(
	const struct job *job, const struct kb_document *doc, kb_str text)
{
	const struct kb_md_facts *body = &doc->facts->body;

	for (uint32_t i = 0; text.len && i < body->nheadings; i++)
		if (body->headings[i].audience <= job->site->audience &&
			kb_str_eq(body->headings[i].text, text))
			return &body->headings[i];
	return NULL;
}

/* What it was and is: for the most trusted readers, as a phrase where they read kb's. */
static kb_str detail_of(struct job *job, const struct kb_recent_part *part)
{
	if (!job->site->trusted)
		return KB_STR("");
	if (kb_str_is(job->locale->language, "en"))
		return part->phrase;
	if (part->before.len && part->after.len)
		return kb_arena_fmt(job->arena, "%.*s → %.*s", KB_ARG(part->before),
			KB_ARG(part->after));
	return KB_STR("");
}

struct rows news_parts(
	struct job *job, const struct site_news_item *item, const struct page *page)
{
	const struct kb_recent_item *recent = item->recent;
	struct rows rows = {0};
	const struct kb_heading *last = NULL;

	for (uint32_t i = 0; recent && !recent->snippet.path.len && i < recent->nparts;
		i++) {
		const struct kb_heading *heading =
			heading_of(job, page->doc, recent->parts[i].section);
		kb_str detail = detail_of(job, &recent->parts[i]);
		struct kb_value *row;

		if ((!heading || heading == last) && !detail.len)
			continue;
		row = v_map(job);
		v_opt(job, row, "text",
			heading ? expanded(job, page->doc, heading->text) : KB_STR(""));
		v_opt(job, row, "href",
			heading ? href_to(job, page, heading->id) : KB_STR(""));
		v_opt(job, row, "detail", detail);
		rows_add(job, &rows, row);
		last = heading;
	}
	return rows;
}

kb_str news_text(
	struct job *job, const struct site_news_item *item, const struct page *page)
{
	const struct kb_recent_item *recent = item->recent;

	if (!recent)
		return expanded(job, page->doc, page->doc->facts->notice.text);
	if (recent->kind == KB_NEWS_TRAILER)
		return recent->text;
	/* A variable's text is its values, a snippet's is kb's own English. */
	if (job->site->trusted &&
		(recent->variable || (recent->snippet.path.len &&
					     kb_str_is(job->locale->language, "en"))))
		return recent->text;
	return KB_STR("");
}

kb_str news_feed(const struct job *job, uint32_t top)
{
	if (top == KB_NONE)
		return kb_arena_fmt(
			job->arena, "%.*s/changes/feed.xml", KB_ARG(job->locale->code));
	return kb_arena_fmt(job->arena, "%.*s/changes/%.*s/feed.xml",
		KB_ARG(job->locale->code),
		KB_ARG(job->site->lib->taxonomy->issues[top].id));
}

const struct site_news_item *news_banner(
	const struct site *site, const struct kb_document *doc)
{
	const struct site_news_item *item = site->news->of[doc->number];

	return site->open || !item || item->updated < site->news->banner ||
			       item->recent->deed == KB_NEWS_NEW
		       ? NULL
		       : item;
}

uint64_t news_mark(const struct site *site, const struct kb_document *doc)
{
	const struct site_news_item *item = news_banner(site, doc);

	return (item ? kb_recent_hash(item->recent) : 0) ^
	       (news_source(site, doc) != NULL);
}
