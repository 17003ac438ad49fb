#include "data.h"
#include "feedback.h"
#include "text.h"

enum { CHANGES_MAX = 3, SECTION_ITEMS = 8 };

/* A topic: its articles for customers; all that a case needs for agents. */

struct workflow_item {
	const struct page *page;
	struct kb_value *value;
};

struct topic {
	struct job *job;
	uint32_t issue;
	struct rows items[KB_TYPE_COUNT];
	kb_map regions;	  /* codes that an item distinguishes */
	kb_map languages; /* codes of the locales of replies, to their documents */
	struct {
		KB_VEC(const struct page *);
	} shown;
	struct {
		KB_VEC(struct workflow_item);
	} workflows;
	bool below; /* has subtopics */
	int failed;
};

static void note_regions(struct topic *topic, const struct kb_document *doc)
{
	for (size_t i = 0; i < doc->facts->regions.len; i++)
		kb_map_put(&topic->regions, doc->facts->regions.items[i], topic);
}

/* The reply in each language that has it. */
static struct kb_value *versions_of(struct topic *topic, const struct page *page)
{
	struct job *job = topic->job;
	const struct site *site = job->site;
	struct rows rows = {0};

	for (uint32_t i = 0; i < site->config->nlocales; i++) {
		const struct kb_document *doc = page->doc->family->by_locale[i];
		const struct page *own =
			doc && plan_visible(site, doc) ? plan_original(site, doc) : NULL;
		struct kb_value *version;

		if (!own || !doc->reply || own->kind == PAGE_KEPT)
			continue;
		version = v_map(job);
		if (reply_put_parts(job, version, doc) < 0) {
			topic->failed = -1;
			return kb_value_list(job->arena);
		}
		v_str(job, version, "lang", site->config->locales[i].code);
		v_str(job, version, "dir", locale_dir(site, i));
		v_str(job, version, "name", site->config->locales[i].name);
		v_str(job, version, "title", title_of(job, doc));
		v_str(job, version, "href", href_to(job, own, KB_STR("")));
		v_bool(job, version, "current", doc == page->doc);
		rows_add(job, &rows, version);
		kb_map_put(&topic->languages, site->config->locales[i].code,
			(void *)(uintptr_t)(i + 1));
	}
	return rows.list ? rows.list : kb_value_list(job->arena);
}

static void add_item(struct topic *topic, const struct page *page, uint32_t from)
{
	struct job *job = topic->job;
	struct kb_value *item;

	kb_vec_push(&topic->shown, page);
	item = item_value(job, page);
	if (from != topic->issue && from != KB_NONE)
		v_str(job, item, "from",
			message(job, "from_issue", issue_label(job, from), KB_STR("")));
	if (page->doc->facts->type == KB_REPLY)
		v_set(job, item, "versions", versions_of(topic, page));
	if (page->doc->facts->type == KB_WORKFLOW)
		kb_vec_push(&topic->workflows, ((struct workflow_item){page, item}));
	note_regions(topic, page->doc);
	rows_add(job, &topic->items[page->doc->facts->type], item);
}

static void collect(struct topic *topic)
{
	struct topic_items items = {0};

	topic_collect(topic->job, topic->issue, &items);
	for (size_t i = 0; i < items.len; i++)
		add_item(topic, items.items[i].page, items.items[i].from);
	kb_vec_dispose(&items);
}

/* Can the case note be in this locale: is it one of a reply, and not the page's own? */
static const struct site_locale *note_locale(const struct topic *topic, uint32_t locale)
{
	const struct site *site = topic->job->site;
	kb_str code = site->config->locales[locale].code;

	return locale != topic->job->locale->index &&
			       site->published[locale] != KB_NONE &&
			       kb_map_has(&topic->languages, code)
		       ? &site->locales[site->published[locale]]
		       : NULL;
}

/* The words of the case note in the languages of the replies. */
static void put_note_languages(struct topic *topic, struct kb_value *map)
{
	struct job *job = topic->job;
	struct rows rows = {0};

	for (uint32_t i = 0; i < job->site->config->nlocales; i++) {
		const struct site_locale *locale = note_locale(topic, i);
		struct kb_value *row;

		if (!locale)
			continue;
		row = v_map(job);
		v_str(job, row, "lang", locale->code);
		kb_value_set_parent(row, locale->shared);
		rows_add(job, &rows, row);
	}
	v_list(job, map, "note_languages", rows);
}

/* Where a workflow is in these languages. */
static struct rows note_workflows(struct topic *topic, const struct page *own)
{
	struct job *job = topic->job;
	struct rows rows = {0};

	for (uint32_t i = 0; i < job->site->config->nlocales; i++) {
		const struct site_locale *locale = note_locale(topic, i);
		const struct page *page =
			locale ? plan_in(job->site, own, job->site->published[i]) : NULL;
		struct kb_value *row;

		if (!page || !flow_is_of(page) ||
			!plan_same_language(job->site, locale, page->doc))
			continue;
		row = v_map(job);
		v_str(job, row, "lang", locale->code);
		v_str(job, row, "href", href_to(job, page, KB_STR("")));
		rows_add(job, &rows, row);
	}
	return rows;
}

static void put_regions(struct topic *topic, struct kb_value *map)
{
	struct job *job = topic->job;
	const struct kb_config *config = job->site->config;
	struct rows rows = {0};

	for (uint32_t i = 0; i < config->nregions; i++) {
		struct kb_value *row;

		if (!kb_map_has(&topic->regions, config->regions[i].id))
			continue;
		row = v_map(job);
		v_str(job, row, "code", config->regions[i].id);
		v_str(job, row, "label", region_label(job, config->regions[i].id));
		rows_add(job, &rows, row);
	}
	v_block(job, map, "regions", rows);
}

static void put_languages(struct topic *topic, struct kb_value *map)
{
	struct job *job = topic->job;
	const struct kb_config *config = job->site->config;
	struct rows rows = {0};
	uint32_t current = KB_NONE;

	for (uint32_t i = job->locale->index, n = 0;
		i != KB_NONE && n <= config->nlocales; n++) {
		if (current == KB_NONE &&
			kb_map_has(&topic->languages, config->locales[i].code))
			current = i;
		i = config->locales[i].fallback;
	}
	for (uint32_t i = 0; i < config->nlocales && topic->languages.len > 1; i++) {
		struct kb_value *row;

		if (!kb_map_has(&topic->languages, config->locales[i].code))
			continue;
		row = v_map(job);
		v_str(job, row, "lang", config->locales[i].code);
		v_str(job, row, "name", config->locales[i].name);
		v_bool(job, row, "current", i == current);
		rows_add(job, &rows, row);
	}
	v_block(job, map, "reply_languages", rows);
}

/* What changed last among the documents of the case, with what its notice says. */
static void put_changes(struct topic *topic, struct kb_value *map)
{
	struct job *job = topic->job;
	const struct page *latest[CHANGES_MAX] = {0};
	struct rows rows = {0};

	for (size_t i = 0; i < topic->shown.len; i++) {
		const struct page *page = topic->shown.items[i];

		for (size_t k = 0; k < CHANGES_MAX && page; k++) {
			const struct page *other = latest[k];

			if (other && changed_on(job->site, other->doc) >=
					     changed_on(job->site, page->doc))
				continue;
			latest[k] = page;
			page = other;
		}
	}
	for (size_t k = 0; k < CHANGES_MAX && latest[k]; k++) {
		const struct kb_document *doc = latest[k]->doc;
		const struct kb_notice *notice = &doc->facts->notice;
		struct kb_value *row = v_map(job);

		if (!changed_on(job->site, doc))
			break;
		v_str(job, row, "title", title_of(job, doc));
		v_str(job, row, "href", href_to(job, latest[k], KB_STR("")));
		v_set(job, row, "date", date_value(job, changed_on(job->site, doc)));
		v_opt(job, row, "text",
			notice->given && notice->audience <= job->site->audience &&
					notice->date <= job->site->lib->now
				? expanded(job, doc, notice->text)
				: KB_STR(""));
		put_language(job, row, doc);
		rows_add(job, &rows, row);
	}
	v_block(job, map, "changes", rows);
}

/* About the issue, or a document that its page shows. */
static void put_feedback(struct topic *topic, struct kb_value *map)
{
	const struct site *site = topic->job->site;
	struct feedback_pick pick = {0};

	feedback_of_issue(site, &site->lib->taxonomy->issues[topic->issue], &pick);
	for (size_t i = 0; i < topic->shown.len; i++)
		feedback_of_family(site, topic->shown.items[i]->doc->family, &pick);
	feedback_put(topic->job, map, &pick, true);
}

/* Where to go from a case that has nothing. */
static void put_empty(struct topic *topic, struct kb_value *map)
{
	struct job *job = topic->job;
	uint32_t up = plan_parent(job->site, job->locale, topic->issue);
	const struct page *search = plan_at(job->site,
		kb_arena_fmt(job->arena, "%.*s/search", KB_ARG(job->locale->code)));
	struct kb_value *value = NULL;

	if (topic->shown.len == 0 && !topic->below) {
		value = v_map(job);
		v_set(job, value, "parent", up == KB_NONE ? NULL : topic_link(job, up));
		v_opt(job, value, "search", href_to(job, search, KB_STR("")));
	}
	v_set(job, map, "empty", value);
}

static struct kb_value *case_value(struct topic *topic)
{
	struct job *job = topic->job;
	const struct kb_issue *issue = &job->site->lib->taxonomy->issues[topic->issue];
	struct kb_value *value = v_map(job);

	v_set(job, value, "owner", person_value(job, issue->owner, true));
	v_opt(job, value, "tier",
		issue->tier && job->site->trusted
			? kb_arena_fmt(job->arena, "%u", issue->tier)
			: KB_STR(""));
	put_regions(topic, value);
	put_languages(topic, value);
	put_note_languages(topic, value);
	for (size_t i = 0; i < topic->workflows.len; i++)
		v_list(job, topic->workflows.items[i].value, "in_languages",
			note_workflows(topic, topic->workflows.items[i].page));
	v_block(job, value, "workflows", topic->items[KB_WORKFLOW]);
	v_block(job, value, "replies", topic->items[KB_REPLY]);
	v_block(job, value, "articles", topic->items[KB_ARTICLE]);
	v_block(job, value, "reference", topic->items[KB_REFERENCE]);
	v_bool(job, value, "desk",
		topic->items[KB_WORKFLOW].n && topic->items[KB_REPLY].n);
	put_changes(topic, value);
	put_feedback(topic, value);
	put_empty(topic, value);
	return value;
}

static void add_section_items(struct job *job, struct rows *rows, kb_map *seen,
	const struct page_list *list, enum kb_type type)
{
	for (uint32_t i = 0; i < list->n && rows->n < SECTION_ITEMS; i++) {
		const struct page *page = list->items[i];
		struct kb_value *item;

		if (page->doc->facts->type != type ||
			kb_map_put(seen, page->address, job))
			continue;
		item = item_value(job, page);
		put_type_badge(job, item, page);
		rows_add(job, rows, item);
	}
}

/* The first documents of an issue and of those below it: what a case begins with first.
 */
static struct rows section_items(struct job *job, uint32_t issue)
{
	static const enum kb_type order[] = {
		KB_WORKFLOW, KB_REPLY, KB_ARTICLE, KB_REFERENCE};
	uint32_t end = job->site->lib->taxonomy->issues[issue].end;
	struct rows rows = {0};
	kb_map seen = {0};

	for (size_t k = 0; k < KB_LEN(order); k++)
		for (uint32_t i = issue; i < end; i++)
			add_section_items(
				job, &rows, &seen, &job->locale->by_issue[i], order[k]);
	kb_map_dispose(&seen);
	return rows;
}

static struct kb_value *section_value(struct job *job, uint32_t issue)
{
	struct kb_value *section = topic_value(job, issue, UINT32_MAX);
	uint32_t n = job->locale->issue_count[issue];

	v_block(job, section, "articles", section_items(job, issue));
	v_opt(job, section, "more",
		n > SECTION_ITEMS
			? message_count(job,
				  job->site->open ? "articles_all" : "documents_all", n)
			: KB_STR(""));
	return section;
}

static struct rows subtopics(struct job *job, uint32_t issue)
{
	const struct kb_issue *it = &job->site->lib->taxonomy->issues[issue];
	struct rows rows = {0};

	for (uint32_t i = issue + 1; i < it->end; i++)
		if (job->locale->issue_shown[i] &&
			plan_parent(job->site, job->locale, i) == issue)
			rows_add(job, &rows, section_value(job, i));
	return rows;
}

static struct rows own_items(struct job *job, uint32_t issue)
{
	const struct page_list *list = &job->locale->by_issue[issue];
	struct rows rows = {0};

	for (uint32_t i = 0; i < list->n; i++)
		rows_add(job, &rows, item_value(job, list->items[i]));
	return rows;
}

static struct kb_value *put_case(
	struct job *job, uint32_t issue, bool below, struct frame *frame, int *failed)
{
	struct topic topic = {.job = job, .issue = issue, .below = below};
	struct kb_value *value;

	collect(&topic);
	value = case_value(&topic);
	frame->guide = topic.items[KB_WORKFLOW].n > 0;
	frame->reply = topic.items[KB_REPLY].n > 0;
	*failed = topic.failed;
	kb_map_dispose(&topic.regions);
	kb_map_dispose(&topic.languages);
	kb_vec_dispose(&topic.shown);
	kb_vec_dispose(&topic.workflows);
	return value;
}

int page_topic(struct job *job, struct kb_value *map, struct frame *frame)
{
	uint32_t issue = job->page->issue;
	struct rows below = subtopics(job, issue), items = {0};
	struct kb_value *topic = v_map(job), *case_of = NULL;
	int failed = 0;

	frame->kind = "topic";
	frame->title = issue_label(job, issue);
	frame->description = issue_description(job, issue);
	crumb(frame, plan_at(job->site, job->locale->code));
	crumb_topics(job, frame, issue, false);
	frame->jsonld = jsonld(job, frame, NULL, NULL, 0);
	v_str(job, topic, "label", frame->title);
	v_opt(job, topic, "description", frame->description);
	if (job->site->open)
		items = own_items(job, issue);
	else
		case_of = put_case(job, issue, below.n > 0, frame, &failed);
	v_set(job, map, "topic", topic);
	v_block(job, map, "subtopics", below);
	v_block(job, map, "articles", items);
	v_set(job, map, "case", case_of);
	v_set(job, map, "data", job->site->api ? data_case(job, issue) : NULL);
	v_bool(job, map, "empty", !case_of && !below.n && !items.n);
	return failed;
}
