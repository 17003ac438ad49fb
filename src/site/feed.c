/* The news of a locale, or of one of its topics, as an Atom feed. */
#include "kb/atom.h"
#include "kb/recent.h"
#include "news.h"
#include "pages.h"

/* The address of a page on the public site, or from the feed. */
static kb_str address_of(struct job *job, const struct page *page, kb_str fragment)
{
	kb_str at = absolute_to(job, page);

	return at.len && !fragment.len ? at : href_to(job, page, fragment);
}

/* "Step 2: 5 days → 7 days; Step 3" */
static kb_str parts_in_words(struct job *job, const struct rows *parts)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t i = 0; i < parts->n; i++) {
		const struct kb_value *part = parts->list->items[i];
		kb_str text = kb_value_text(kb_value_get(part, KB_STR("text")));
		kb_str detail = kb_value_text(kb_value_get(part, KB_STR("detail")));

		kb_buf_puts(&out, out.len ? "; " : "");
		kb_buf_str(&out, text);
		kb_buf_puts(&out, text.len && detail.len ? ": " : "");
		kb_buf_str(&out, detail);
	}
	return kb_arena_str(job->arena, kb_buf_view(&out));
}

static kb_str entry_text(
	struct job *job, const struct site_news_item *item, const struct page *page)
{
	bool is_new = item->recent && item->recent->deed == KB_NEWS_NEW;
	struct rows parts = news_parts(job, item, page);
	kb_str text = news_text(job, item, page);

	if (!text.len)
		text = parts_in_words(job, &parts);
	if (text.len)
		return text;
	return string(job, is_new ? "changes_new" : "changes_updated");
}

/* A URI that stays the same when the document moves. */
static kb_str id_of(
	struct job *job, const struct site_news_item *item, const struct page *page)
{
	const struct kb_config *config = job->site->config;
	kb_str stamp = kb_news_stamp(job->arena, item->updated);
	kb_str key = item->recent
			     ? item->recent->key
			     : kb_arena_fmt(job->arena, "%.*s/%.*s/notice",
				       KB_ARG(config->locales[page->doc->locale].code),
				       KB_ARG(page->doc->id));
	_cleanup_buf_ kb_buf id = {0};

	kb_buf_fmt(
		&id, "tag:%.*s,%.10s:", KB_ARG(kb_news_host(job->site->lib)), stamp.data);
	kb_buf_url_path(&id, key);
	return kb_arena_str(job->arena, kb_buf_view(&id));
}

static void put_entry(kb_buf *out, struct job *job, const struct site_news_item *item,
	const struct page *page)
{
	struct kb_atom_entry entry = {.id = id_of(job, item, page),
		.title = title_of(job, page->doc),
		.updated = kb_news_stamp(job->arena, item->updated),
		.page = address_of(job, page, KB_STR("")),
		.summary = entry_text(job, item, page)};

	if (page->top != KB_NONE) {
		entry.category = job->site->lib->taxonomy->issues[page->top].id;
		entry.label = issue_label(job, page->top);
	}
	kb_atom_entry(out, &entry);
}

static void put_head(kb_buf *out, struct job *job, uint32_t top, time_t updated)
{
	const struct site *site = job->site;
	kb_str name = kb_l10n_get(site->config, &site->config->name, job->locale->index);
	kb_str path = news_feed(job, top);
	const struct page *page = top == KB_NONE ? job->page : topic_page(job, top);
	struct kb_atom_feed feed = {
		.id = kb_arena_fmt(job->arena, "tag:%.*s,2026:%.*s/%.*s",
			KB_ARG(kb_news_host(site->lib)),
			KB_ARG(site->config->audiences[site->audience]), KB_ARG(path)),
		.title = message(job, "page_title", string(job, "changes_title"), name),
		.lang = job->locale->code,
		.updated = kb_news_stamp(job->arena, updated),
		.author = name,
		.self = absolute_at(site, job->arena, path),
		.page = address_of(job, page, KB_STR(""))};

	if (top != KB_NONE)
		feed.title =
			message(job, "page_title", issue_label(job, top), feed.title);
	kb_atom_head(out, &feed);
}

static int write_feed(struct job *job, uint32_t top, struct kb_error *err)
{
	const struct site_news *news = job->site->news;
	_cleanup_buf_ kb_buf out = {0}, entries = {0};
	time_t updated = 0;
	uint32_t more;
	kb_str path = news_feed(job, top);

	/* Links are from the feed where they are not absolute. */
	job->root = top == KB_NONE ? KB_STR("../../") : KB_STR("../../../");
	for (uint32_t i = 0; i < news->n; i++) {
		const struct page *page = news_page(job, &news->items[i], top, &more);

		if (!page)
			continue;
		updated = updated ? updated : news->items[i].updated;
		put_entry(&entries, job, &news->items[i], page);
	}
	if (!updated)
		updated = news->begins;
	put_head(&out, job, top, updated);
	kb_buf_str(&out, kb_buf_view(&entries));
	kb_atom_tail(&out);
	return output_write(
		job->site->out, path, kb_buf_view(&out), OUTPUT_PAGE, KB_STR(""), err);
}

static int write_locale(struct site *site, uint32_t at, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct site_locale *locale = &site->locales[at];
	struct job job = {.site = site, .arena = arena, .locale = locale};

	job.page =
		plan_at(site, kb_arena_fmt(arena, "%.*s/changes", KB_ARG(locale->code)));
	if (!job.page || job.page->kind != PAGE_CHANGES)
		return 0;
	if (write_feed(&job, KB_NONE, err) < 0)
		return -1;
	for (uint32_t i = 0; i < site->lib->taxonomy->len; i++)
		if (locale->issue_shown[i] && plan_parent(site, locale, i) == KB_NONE &&
			write_feed(&job, i, err) < 0)
			return -1;
	return 0;
}

int feeds_write(struct site *site, struct kb_error *err)
{
	for (uint32_t i = 0; i < site->nlocales; i++)
		if (write_locale(site, i, err) < 0)
			return -1;
	return 0;
}
