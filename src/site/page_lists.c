#include "pages.h"

#include "kb/file.h"
#include "kb/unicode.h"

/* Pages that list others: home, topics, documents of a type, questions, contact. */

enum { HOME_CHILDREN = 4, HOME_RECENT = 6, HOME_PROMOTED = 12 };

static const struct page *home_of(const struct job *job)
{
	return plan_at(job->site, job->locale->code);
}

struct rows top_topics(struct job *job, uint32_t children)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	struct rows rows = {0};

	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (job->locale->issue_shown[i] &&
			plan_parent(job->site, job->locale, i) == KB_NONE)
			rows_add(job, &rows, topic_value(job, i, children));
	return rows;
}

struct recent {
	const struct page *page;
	time_t changed;
};

/* The documents changed last, in the reader's language, but for those that are promoted;
 * ties stay in listed order. */
static struct rows recent_items(struct job *job)
{
	struct recent last[HOME_RECENT] = {0};
	struct rows rows = {0};

	for (uint32_t i = 0; i < job->locale->listed.n; i++) {
		const struct page *page = job->locale->listed.items[i];
		struct recent it = {page, changed_on(job->site, page->doc)};

		if (!plan_same_language(job->site, job->locale, page->doc) ||
			page->doc->facts->promoted)
			continue;
		for (int k = 0; k < HOME_RECENT; k++)
			if (it.changed > last[k].changed) {
				struct recent moved = last[k];

				last[k] = it;
				it = moved;
			}
	}
	for (int k = 0; k < HOME_RECENT && last[k].page; k++) {
		struct kb_value *item = item_value(job, last[k].page);

		v_set(job, item, "date", date_value(job, last[k].changed));
		put_type_badge(job, item, last[k].page);
		rows_add(job, &rows, item);
	}
	return rows;
}

void page_home(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct kb_config *config = job->site->config;
	struct rows promoted = {0};

	frame->kind = "home";
	frame->bare_title = true;
	frame->title = kb_l10n_get(config, &config->name, job->locale->index);
	frame->description =
		kb_l10n_get(config, &config->description, job->locale->index);
	for (uint32_t i = 0; i < job->locale->listed.n && promoted.n < HOME_PROMOTED; i++)
		if (job->locale->listed.items[i]->doc->facts->promoted)
			rows_add(job, &promoted,
				item_value(job, job->locale->listed.items[i]));
	v_block(job, map, "topics", top_topics(job, HOME_CHILDREN));
	v_block(job, map, "promoted", promoted);
	v_block(job, map, "recent", recent_items(job));
}

void page_topics(struct job *job, struct kb_value *map, struct frame *frame)
{
	frame->kind = "list";
	frame->title = string(job, "nav_topics");
	crumb(frame, home_of(job));
	frame->jsonld = jsonld(job, frame, NULL, NULL, 0);
	v_bool(job, map, "lead", false);
	v_block(job, map, "topics", top_topics(job, UINT32_MAX));
	v_bool(job, map, "groups", false);
}

static void add_group(struct job *job, struct rows *groups, kb_str label, kb_str href,
	struct rows items)
{
	struct kb_value *group = v_map(job);

	if (!items.n)
		return;
	v_opt(job, group, "label", label);
	v_opt(job, group, "href", href);
	v_block(job, group, "articles", items);
	rows_add(job, groups, group);
}

/* The documents of a type that belong to a top-level topic (KB_NONE: to none). */
static struct rows items_of(struct job *job, enum kb_type type, uint32_t top)
{
	struct rows items = {0};

	for (uint32_t i = 0; i < job->locale->listed.n; i++) {
		const struct page *page = job->locale->listed.items[i];

		if (page->doc->facts->type == type && page->top == top)
			rows_add(job, &items, item_value(job, page));
	}
	return items;
}

static void group_by_topic(struct job *job, struct rows *groups, enum kb_type type)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;

	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (job->locale->issue_shown[i] &&
			plan_parent(job->site, job->locale, i) == KB_NONE)
			add_group(job, groups, issue_label(job, i),
				href_to(job, topic_page(job, i), KB_STR("")),
				items_of(job, type, i));
	add_group(job, groups, KB_STR(""), KB_STR(""), items_of(job, type, KB_NONE));
}

static kb_str folder_of(const struct page *page)
{
	kb_str address = page->doc->address;

	if (address.len)
		address.len--;
	return kb_path_dir(address);
}

/* A folder's own page names it; else its last part does. */
static void folder_label(struct job *job, kb_str folder, kb_str *label, kb_str *href)
{
	const struct page *page =
		plan_at(job->site, kb_arena_fmt(job->arena, "%.*s/%.*s",
					   KB_ARG(job->locale->code), KB_ARG(folder)));

	*href = KB_STR("");
	if (page && page->doc) {
		*label = title_of(job, page->doc);
		*href = href_to(job, page, KB_STR(""));
	} else {
		*label = kb_path_dir(folder).len ? kb_path_base(folder) : KB_STR("");
	}
}

static bool without_topic(const struct page *page)
{
	return page->doc->facts->type == KB_ARTICLE && page->issue == KB_NONE;
}

/* How many articles each folder has, as pointers' worth of numbers. */
static void count_folders(const struct job *job, kb_map *counts)
{
	for (uint32_t i = 0; i < job->locale->listed.n; i++) {
		const struct page *page = job->locale->listed.items[i];
		kb_str folder = folder_of(page);
		uintptr_t n = (uintptr_t)kb_map_get(counts, folder);

		if (without_topic(page))
			kb_map_put(counts, folder, (void *)(n + 1));
	}
}

/* Articles without a topic, by folder, in the order in which folders first come. Those
 * that are alone in their folder are listed with its neighbors. */
static void group_by_folder(struct job *job, struct rows *groups)
{
	kb_map folders = {0}, counts = {0};

	count_folders(job, &counts);
	for (uint32_t i = 0; i < job->locale->listed.n; i++) {
		const struct page *page = job->locale->listed.items[i];
		kb_str folder = folder_of(page);
		struct rows *items;

		if (!without_topic(page))
			continue;
		if ((uintptr_t)kb_map_get(&counts, folder) == 1 &&
			kb_path_dir(folder).len)
			folder = kb_path_dir(folder);
		items = kb_map_get(&folders, folder);
		if (!items) {
			items = kb_arena_new_of(job->arena, struct rows);
			kb_map_put(&folders, folder, items);
		}
		rows_add(job, items, item_value(job, page));
	}
	for (size_t i = 0; i < folders.len; i++) {
		kb_str label, href;

		folder_label(job, folders.entries[i].key, &label, &href);
		add_group(job, groups, label, href,
			*(struct rows *)folders.entries[i].value);
	}
	kb_map_dispose(&folders);
	kb_map_dispose(&counts);
}

void page_list(struct job *job, struct kb_value *map, struct frame *frame)
{
	struct rows groups = {0};

	frame->kind = "list";
	frame->title = page_label(job, job->page);
	crumb(frame, home_of(job));
	frame->jsonld = jsonld(job, frame, NULL, NULL, 0);
	if (job->page->type == KB_ARTICLE)
		group_by_folder(job, &groups);
	else
		group_by_topic(job, &groups, job->page->type);
	v_bool(job, map, "lead", false);
	v_bool(job, map, "topics", false);
	v_block(job, map, "groups", groups);
}

struct faq {
	struct page_question *items;
	uint32_t n;
};

static void add_question(
	struct job *job, struct rows *rows, struct faq *faq, const struct page *page)
{
	const struct kb_document *doc = page->doc;
	struct kb_value *row = v_map(job);
	kb_str question = expanded(job, doc, doc->facts->question);
	kb_str answer = summary_of(job, doc);

	v_str(job, row, "id",
		kb_arena_fmt(
			job->arena, "q-%.*s", KB_ARG(kb_slug_path(job->arena, doc->id))));
	v_str(job, row, "question", question);
	v_opt(job, row, "answer", answer);
	v_str(job, row, "href", href_to(job, page, KB_STR("")));
	put_language(job, row, doc);
	rows_add(job, rows, row);
	if (answer.len && plan_same_language(job->site, job->locale, doc))
		faq->items[faq->n++] = (struct page_question){question, answer};
}

static void add_questions(
	struct job *job, struct rows *groups, struct faq *faq, uint32_t top)
{
	struct kb_value *group = v_map(job);
	struct rows questions = {0};

	for (uint32_t i = 0; i < job->locale->listed.n; i++) {
		const struct page *page = job->locale->listed.items[i];

		if (page->doc->facts->type == KB_ARTICLE &&
			page->doc->facts->question.len && page->top == top)
			add_question(job, &questions, faq, page);
	}
	if (!questions.n)
		return;
	v_opt(job, group, "label", top == KB_NONE ? KB_STR("") : issue_label(job, top));
	v_opt(job, group, "href",
		top == KB_NONE ? KB_STR("")
			       : href_to(job, topic_page(job, top), KB_STR("")));
	v_str(job, group, "id",
		top == KB_NONE
			? KB_STR("other")
			: kb_arena_fmt(job->arena, "topic-%.*s",
				  KB_ARG(kb_slug_path(job->arena,
					  job->site->lib->taxonomy->issues[top].id))));
	v_list(job, group, "questions", questions);
	rows_add(job, groups, group);
}

void page_faq(struct job *job, struct kb_value *map, struct frame *frame)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	struct faq faq = {.items = kb_arena_array(job->arena, struct page_question,
				  job->locale->listed.n)};
	struct rows groups = {0};

	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (job->locale->issue_shown[i] &&
			plan_parent(job->site, job->locale, i) == KB_NONE)
			add_questions(job, &groups, &faq, i);
	add_questions(job, &groups, &faq, KB_NONE);
	frame->kind = "faq";
	frame->title = string(job, "faq_title");
	crumb(frame, home_of(job));
	frame->jsonld = jsonld(job, frame, NULL, faq.items, faq.n);
	v_block(job, map, "groups", groups);
}

void page_contact(struct job *job, struct kb_value *map, struct frame *frame)
{
	frame->kind = "contact";
	frame->title = string(job, "contact_title");
	crumb(frame, home_of(job));
	frame->jsonld = jsonld(job, frame, NULL, NULL, 0);
	put_ways(job, map, "ways", job->locale);
}

static struct kb_value *choice(struct job *job, uint32_t value, kb_str label)
{
	struct kb_value *row = v_map(job);

	v_str(job, row, "value", kb_arena_fmt(job->arena, "%u", value));
	v_str(job, row, "label", label);
	return row;
}

/* What the results of a site for agents may be narrowed to. */
static void put_filters(struct job *job, struct kb_value *map)
{
	const struct kb_taxonomy *taxonomy = job->site->lib->taxonomy;
	struct kb_value *filters = v_map(job);
	struct rows types = {0}, topics = {0};

	for (uint32_t type = 0; type < KB_SNIPPET; type++)
		rows_add(job, &types, choice(job, type, string(job, type_labels[type])));
	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (job->locale->issue_shown[i] &&
			plan_parent(job->site, job->locale, i) == KB_NONE)
			rows_add(job, &topics, choice(job, i, issue_label(job, i)));
	v_list(job, filters, "types", types);
	v_list(job, filters, "topics", topics);
	v_set(job, map, "filters", job->site->open ? NULL : filters);
}

void page_search(struct job *job, struct kb_value *map, struct frame *frame)
{
	frame->kind = "search";
	frame->title = string(job, "search");
	crumb(frame, home_of(job));
	v_block(job, map, "topics", top_topics(job, HOME_CHILDREN));
	put_ways(job, map, "ways", job->locale);
	put_filters(job, map);
}
