#include "data.h"

#include "kb/next_change.h"
#include "kb/recent.h"
#include "kb/unicode.h"
#include "feedback.h"
#include "news.h"
#include "text.h"

/* A document's page, whatever its type. */

enum { DAY = 86400, TOC_MIN = 3 };

static struct kb_value *toc_entry(
	struct job *job, const struct kb_document *doc, const struct kb_heading *heading)
{
	struct kb_value *entry = v_map(job);

	v_str(job, entry, "id", heading->id);
	v_str(job, entry, "text", expanded(job, doc, heading->text));
	return entry;
}

/* Headings of level 2 (and 1, which become 2) with those of level 3 below them. */
static void put_toc(struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	struct rows top = {0}, below = {0};
	struct kb_value *parent = NULL;
	uint32_t n = 0;

	for (uint32_t i = doc->title_again; i < doc->facts->body.nheadings; i++) {
		const struct kb_heading *heading = &doc->facts->body.headings[i];

		if (heading->audience > job->site->audience || heading->level > 3)
			continue;
		n++;
		if (heading->level == 3 && parent) {
			rows_add(job, &below, toc_entry(job, doc, heading));
			continue;
		}
		if (parent)
			v_block(job, parent, "children", below);
		below = (struct rows){0};
		parent = toc_entry(job, doc, heading);
		rows_add(job, &top, parent);
	}
	if (parent)
		v_block(job, parent, "children", below);
	v_block(job, map, "toc", n >= TOC_MIN ? top : (struct rows){0});
}

static struct kb_value *notice(
	struct job *job, const char *kind, kb_str title, kb_str text)
{
	struct kb_value *value = v_map(job);

	v_str(job, value, "kind", kb_str_of(kind));
	v_opt(job, value, "title", title);
	v_str(job, value, "text", text);
	v_bool(job, value, "lang", false);
	v_bool(job, value, "dir", false);
	v_bool(job, value, "href", false);
	v_bool(job, value, "link", false);
	v_bool(job, value, "parts", false);
	v_bool(job, value, "history", false);
	return value;
}

static void add_fallback_notice(
	struct job *job, struct rows *rows, const struct kb_document *doc)
{
	const struct site *site = job->site;
	const struct page *original = plan_original(site, doc);
	kb_str code = site->config->locales[doc->locale].code;
	struct kb_value *value = notice(job, "fallback", KB_STR(""),
		message(job, "notice_fallback",
			kb_locale_name_in(
				job->arena, job->locale->code, job->locale->code),
			kb_locale_name_in(job->arena, job->locale->code, code)));

	if (original && original != job->page) {
		v_str(job, value, "href", href_to(job, original, KB_STR("")));
		v_str(job, value, "link", site->config->locales[doc->locale].name);
	}
	rows_add(job, rows, value);
}

static kb_str changes_href(struct job *job)
{
	const struct page *page = plan_at(job->site,
		kb_arena_fmt(job->arena, "%.*s/changes", KB_ARG(job->locale->code)));

	return page && page->kind == PAGE_CHANGES ? href_to(job, page, KB_STR(""))
						  : KB_STR("");
}

/* "What changed on ...", with the way to all that is new. */
static struct kb_value *change_notice(struct job *job, time_t date, kb_str text)
{
	struct kb_value *value = notice(job, "change",
		message(job, "notice_change",
			kb_date_format(job->arena, job->locale->code,
				job->site->config->timezone, date),
			KB_STR("")),
		text);

	v_opt(job, value, "href", changes_href(job));
	v_str(job, value, "link", string(job, "changes_all"));
	return value;
}

/* Agents see what changed in substance, for as long as a notice is shown. */
static void add_change(struct job *job, struct rows *rows, const struct kb_document *doc)
{
	const struct site_news_item *item = news_banner(job->site, doc);
	struct rows parts;
	struct kb_value *value;

	if (!item)
		return;
	parts = news_parts(job, item, job->page);
	value = change_notice(job, item->updated, news_text(job, item, job->page));
	v_block(job, value, "parts", parts);
	v_opt(job, value, "history", url_of(job, doc, job->site->config->history_url));
	rows_add(job, rows, value);
}

static void add_behind(struct job *job, struct rows *rows, const struct kb_document *doc)
{
	const struct kb_document *source = news_source(job->site, doc);
	struct kb_value *value;
	kb_str code;

	if (!source)
		return;
	code = job->site->config->locales[source->locale].code;
	value = notice(job, "behind", KB_STR(""),
		message(job, "notice_behind",
			kb_locale_name_in(job->arena, job->locale->code, code),
			KB_STR("")));
	v_str(job, value, "href",
		href_to(job, plan_original(job->site, source), KB_STR("")));
	v_str(job, value, "link", job->site->config->locales[source->locale].name);
	rows_add(job, rows, value);
}

static void put_notices(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	static const char *const kinds[][2] = {[KB_DRAFT] = {"draft", "notice_draft"},
		[KB_REVIEW] = {"review", "notice_review"},
		[KB_ARCHIVED] = {"archived", "notice_archived"}};
	const struct kb_notice *change = &doc->facts->notice;
	time_t now = job->site->lib->now;
	struct rows rows = {0};

	if (!plan_same_language(job->site, job->locale, doc))
		add_fallback_notice(job, &rows, doc);
	add_behind(job, &rows, doc);
	if (doc->facts->status != KB_PUBLISHED)
		rows_add(job, &rows,
			notice(job, kinds[doc->facts->status][0], KB_STR(""),
				string(job, kinds[doc->facts->status][1])));
	if (change->given && change->audience <= job->site->audience &&
		change->date <= now &&
		now - change->date < (time_t)KB_NOTICE_DAYS * DAY) {
		struct kb_value *value = change_notice(
			job, change->date, expanded(job, doc, change->text));

		put_language(job, value, doc);
		rows_add(job, &rows, value);
	} else {
		add_change(job, &rows, doc);
	}
	v_list(job, map, "notices", rows);
}

static void put_issues(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	struct rows rows = {0};

	for (size_t i = 0; i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->facts->issues.items[i]);
		uint32_t at = issue ? kb_taxonomy_index(taxonomy, issue) : KB_NONE;

		if (at != KB_NONE && job->locale->issue_shown[at])
			rows_add(job, &rows, topic_link(job, at));
	}
	v_block(job, map, "issues", rows);
}

static void put_translations(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	const struct site *site = job->site;
	struct rows rows = {0};

	for (uint32_t i = 0; i < site->nlocales; i++) {
		const struct site_locale *locale = &site->locales[i];
		const struct kb_document *other = doc->family->by_locale[locale->index];
		const struct page *page =
			other && other != doc && plan_visible(site, other)
				? plan_document(site, locale, other)
				: NULL;
		struct kb_value *row;

		if (!page)
			continue;
		row = v_map(job);
		v_str(job, row, "lang", locale->code);
		v_str(job, row, "dir", locale->dir);
		v_str(job, row, "name", site->config->locales[locale->index].name);
		v_str(job, row, "href", href_to(job, page, KB_STR("")));
		rows_add(job, &rows, row);
	}
	v_block(job, map, "translations", rows);
}

static void put_related(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	const struct site *site = job->site;
	struct rows rows = {0};

	for (size_t i = 0; i < doc->facts->related.len; i++) {
		const struct kb_family *family =
			kb_library_family(site->lib, doc->facts->related.items[i]);
		const struct kb_document *other =
			family ? plan_find(site, family, job->locale->index) : NULL;
		const struct page *page =
			other && other != doc ? plan_document(site, job->locale, other)
					      : NULL;

		if (page && other->facts->status != KB_ARCHIVED)
			rows_add(job, &rows, item_value(job, page));
	}
	v_block(job, map, "related", rows);
}

/* The line above the title about its audience and regions. */
static void put_badges(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	static const char *const others[] = {
		"type_badge", "status", "lang_name", "count"};
	kb_str audience = audience_mark(job, doc);
	kb_str regions = regions_in_words(job, &doc->facts->regions);
	struct kb_value *badges = NULL;

	if (audience.len || regions.len) {
		badges = v_map(job);
		for (size_t i = 0; i < KB_LEN(others); i++)
			v_bool(job, badges, others[i], false);
		v_opt(job, badges, "audience", audience);
		v_opt(job, badges, "regions", regions);
	}
	v_set(job, map, "badges", badges);
}

static void put_vote(struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	static const char *const reasons[] = {
		"wrong", "outdated", "unclear", "missing", "other"};
	kb_str href = vote_href(job, doc);
	struct kb_value *vote = href.len ? v_map(job) : NULL;
	struct rows rows = {0};

	for (size_t i = 0; vote && i < KB_LEN(reasons); i++) {
		struct kb_value *row = v_map(job);

		v_str(job, row, "value", kb_str_of(reasons[i]));
		v_str(job, row, "label",
			string(job,
				kb_arena_fmt(job->arena, "reason_%s", reasons[i]).data));
		rows_add(job, &rows, row);
	}
	if (vote) {
		v_str(job, vote, "href", href);
		v_list(job, vote, "reasons", rows);
		v_bool(job, vote, "text", statistics_takes_text(job->site));
	}
	v_set(job, map, "vote", vote);
}

static void put_contact(struct job *job, struct kb_value *map)
{
	if (job->site->open)
		put_ways(job, map, "contact", job->locale);
	else
		v_bool(job, map, "contact", false);
}

static void put_feedback(
	struct job *job, struct kb_value *map, const struct kb_document *doc)
{
	struct feedback_pick pick = {0};

	feedback_of_family(job->site, doc->family, &pick);
	feedback_put(job, map, &pick, false);
}

static struct kb_value *doc_value(struct job *job, const struct kb_document *doc)
{
	const struct kb_config *config = job->site->config;
	struct kb_value *value = v_map(job);

	v_str(job, value, "id", doc->id);
	v_str(job, value, "title", title_of(job, doc));
	v_opt(job, value, "anchor",
		kb_document_title_id(job->site->lib, job->arena, doc));
	v_opt(job, value, "summary", summary_of(job, doc));
	put_language(job, value, doc);
	v_bool(job, value, "html", false);
	v_bool(job, value, "toc", false);
	put_notices(job, value, doc);
	v_set(job, value, "changed", date_value(job, changed_on(job->site, doc)));
	v_set(job, value, "reviewed", date_value(job, doc->facts->reviewed));
	put_badges(job, value, doc);
	v_opt(job, value, "regions", regions_in_words(job, &doc->facts->regions));
	v_opt(job, value, "products", products_in_words(job, &doc->facts->products));
	v_set(job, value, "owner", person_value(job, doc->facts->owner, false));
	put_issues(job, value, doc);
	put_translations(job, value, doc);
	put_related(job, value, doc);
	v_opt(job, value, "edit", url_of(job, doc, config->edit_url));
	v_opt(job, value, "report", url_of(job, doc, config->report_url));
	v_opt(job, value, "history", url_of(job, doc, config->history_url));
	put_feedback(job, value, doc);
	put_vote(job, value, doc);
	if (job->site->api)
		v_set(job, value, "record", data_record(job, job->page));
	put_contact(job, value);
	return value;
}

/* As Markdown, and where it leads; what the page's HTML says, too. */
static void put_markdown(struct job *job, struct kb_value *value, struct site_text *text)
{
	const struct text_options all = {0};
	const kb_strs *links;
	struct kb_value *list;
	kb_map seen = {0};

	v_str(job, value, "markdown", text_markdown(text, &all));
	links = text_links(text);
	list = kb_value_set_list(job->arena, value, "links");
	for (size_t i = 0; i < links->len; i++)
		if (!kb_map_put(&seen, links->items[i], list))
			kb_value_push_str(job->arena, list, links->items[i]);
	kb_map_dispose(&seen);
}

int page_put_html(struct job *job, struct kb_value *value)
{
	_cleanup_text_ struct site_text *text = NULL;
	struct text_options all = {0};

	if (text_open(job, job->page->doc, TEXT_PAGE, &text) < 0)
		return -1;
	v_opt(job, value, "html", text_html(text, &all));
	if (!job->signing && (job->site->api || job->site->markdown))
		put_markdown(job, value, text);
	return 0;
}

static int put_text(
	struct job *job, struct kb_value *value, const struct kb_document *doc)
{
	if (page_put_html(job, value) < 0)
		return -1;
	put_toc(job, value, doc);
	job->text = value;
	return 0;
}

static void put_crumbs(
	struct job *job, struct frame *frame, const struct kb_document *doc)
{
	static const char *const lists[] = {
		"articles", "workflows", "replies", "reference"};
	uint32_t issue = job->page->issue;
	const struct page *list;

	crumb(frame, plan_at(job->site, job->locale->code));
	if (issue != KB_NONE) {
		crumb_topics(job, frame, issue, true);
		return;
	}
	list = plan_at(
		job->site, kb_arena_fmt(job->arena, "%.*s/%s", KB_ARG(job->locale->code),
				   lists[doc->facts->type]));
	if (list && list != job->page && list->kind != PAGE_ALIAS)
		crumb(frame, list);
}

int page_document(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct kb_document *doc = job->page->doc;
	struct kb_value *value = doc_value(job, doc);
	int failed = 0;

	frame->kind = kb_type_name(doc->facts->type);
	frame->title = title_of(job, doc);
	frame->description = summary_of(job, doc);
	if (!frame->description.len)
		frame->description = kb_truncate(job->arena, doc->facts->body.lead, 160);
	frame->article = true;
	if (doc->locale != job->locale->index)
		frame->canonical = plan_original(job->site, doc);
	put_crumbs(job, frame, doc);
	frame->jsonld =
		jsonld(job, frame, doc->facts->type == KB_ARTICLE ? doc : NULL, NULL, 0);
	frame->guide =
		doc->facts->type == KB_WORKFLOW && doc->workflow && doc->workflow->nsteps;
	frame->reply = doc->facts->type == KB_REPLY && doc->reply;
	if (doc->facts->type == KB_WORKFLOW && doc->workflow)
		failed = flow_put(job, map, doc);
	else if (doc->facts->type == KB_REPLY && doc->reply)
		failed = reply_put(job, map, doc);
	else
		failed = put_text(job, value, doc);
	v_set(job, map, "doc", value);
	return failed;
}
