#include "feedback.h"

/* What readers of its site may do something about: what nobody has settled yet. */

struct about {
	const struct kb_feedback *report;
	const struct about *older; /* about the same */
};

/* The newest report by the id of what it is about. */
struct feedback_index {
	kb_map families, issues;
};

static const char *const kind_labels[KB_FEEDBACK_KINDS] = {
	[KB_FEEDBACK_WRONG] = "reason_wrong",
	[KB_FEEDBACK_OUTDATED] = "reason_outdated",
	[KB_FEEDBACK_UNCLEAR] = "reason_unclear",
	[KB_FEEDBACK_MISSING] = "reason_missing",
	[KB_FEEDBACK_SUGGESTION] = "feedback_suggestion",
};

/* The oldest first. */
static int by_date(const void *a, const void *b)
{
	const struct kb_feedback *x = a, *y = b;

	if (x->created != y->created)
		return x->created < y->created ? -1 : 1;
	return kb_str_cmp(y->path, x->path);
}

static void note(
	struct site *site, kb_map *map, kb_str id, const struct kb_feedback *report)
{
	struct about *about = kb_arena_new_of(site->arena, struct about);

	about->report = report;
	about->older = kb_map_put(map, id, about);
}

void feedback_read(struct site *site)
{
	struct kb_feedbacks all = {0};

	if (!site->trusted)
		return;
	site->feedback = kb_arena_new_of(site->arena, struct feedback_index);
	kb_feedback_read(site->lib, site->arena, &all);
	if (all.len > 1)
		qsort(all.items, all.len, sizeof(*all.items), by_date);
	for (size_t i = 0; i < all.len; i++) {
		const struct kb_feedback *report = &all.items[i];

		if (!kb_feedback_is_open(report))
			continue;
		if (report->family)
			note(site, &site->feedback->families, report->family->id, report);
		if (report->issue)
			note(site, &site->feedback->issues, report->issue->id, report);
	}
	kb_map_settle(&site->feedback->families, site->arena);
	kb_map_settle(&site->feedback->issues, site->arena);
}

/* False if PICK is full of newer ones. */
static bool pick_add(struct feedback_pick *pick, const struct kb_feedback *report)
{
	uint32_t at = 0;

	while (at < pick->n && by_date(pick->items[at], report) > 0)
		at++;
	if (at == FEEDBACK_MAX)
		return false;
	if (at < pick->n && pick->items[at] == report)
		return true;
	pick->n += pick->n < FEEDBACK_MAX;
	memmove(&pick->items[at + 1], &pick->items[at],
		(pick->n - at - 1) * sizeof(*pick->items));
	pick->items[at] = report;
	return true;
}

static void pick_all(const struct about *newest, struct feedback_pick *pick)
{
	for (const struct about *it = newest; it && pick_add(pick, it->report);)
		it = it->older;
}

void feedback_of_family(const struct site *site, const struct kb_family *family,
	struct feedback_pick *pick)
{
	if (site->feedback && family)
		pick_all(kb_map_get(&site->feedback->families, family->id), pick);
}

void feedback_of_issue(
	const struct site *site, const struct kb_issue *issue, struct feedback_pick *pick)
{
	if (site->feedback)
		pick_all(kb_map_get(&site->feedback->issues, issue->id), pick);
}

/* The address of what the report is about: the page, at the step that it names. */
static kb_str address_of(struct job *job, const struct page *page, kb_str step)
{
	const struct kb_md_facts *body = &page->doc->facts->body;

	for (uint32_t i = 0; i < body->nheadings; i++)
		if (step.len && kb_str_eq(body->headings[i].id, step))
			return href_to(job, page, step);
	return href_to(job, page, KB_STR(""));
}

static void put_page(
	struct job *job, struct kb_value *row, const struct kb_feedback *feedback)
{
	const struct kb_document *doc =
		feedback->family
			? plan_find(job->site, feedback->family, job->locale->index)
			: NULL;
	const struct page *page = doc ? plan_document(job->site, job->locale, doc) : NULL;

	v_opt(job, row, "title", page ? title_of(job, doc) : KB_STR(""));
	v_opt(job, row, "href",
		page ? address_of(job, page, feedback->step) : KB_STR(""));
}

static struct kb_value *report_value(
	struct job *job, const struct kb_feedback *feedback, bool linked)
{
	const struct kb_config *config = job->site->config;
	bool other =
		feedback->locale != KB_NONE && feedback->locale != job->locale->index;
	struct kb_value *row = v_map(job);

	v_str(job, row, "kind", string(job, kind_labels[feedback->kind]));
	v_set(job, row, "date",
		feedback->created ? date_value(job, feedback->created) : NULL);
	v_opt(job, row, "status",
		feedback->status == KB_FEEDBACK_ACCEPTED
			? string(job, "feedback_accepted")
			: KB_STR(""));
	v_str(job, row, "text", feedback->text);
	v_opt(job, row, "lang",
		other ? config->locales[feedback->locale].code : KB_STR(""));
	v_opt(job, row, "dir",
		other ? locale_dir(job->site, feedback->locale) : KB_STR(""));
	v_bool(job, row, "title", false);
	v_bool(job, row, "href", false);
	if (linked)
		put_page(job, row, feedback);
	return row;
}

void feedback_put(struct job *job, struct kb_value *map, const struct feedback_pick *pick,
	bool linked)
{
	struct rows rows = {0};

	for (uint32_t i = 0; i < pick->n; i++)
		rows_add(job, &rows, report_value(job, pick->items[i], linked));
	v_block(job, map, "feedback", rows);
}
