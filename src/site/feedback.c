#include "feedback.h"

/* What readers of its site may do something about: what nobody has settled yet. */

enum { FEEDBACK_MAX = 5 };

static const char *const kind_labels[KB_FEEDBACK_KINDS] = {
	[KB_FEEDBACK_WRONG] = "reason_wrong",
	[KB_FEEDBACK_OUTDATED] = "reason_outdated",
	[KB_FEEDBACK_UNCLEAR] = "reason_unclear",
	[KB_FEEDBACK_MISSING] = "reason_missing",
	[KB_FEEDBACK_SUGGESTION] = "feedback_suggestion",
};

static int by_date(const void *a, const void *b)
{
	const struct kb_feedback *x = a, *y = b;

	if (x->created != y->created)
		return x->created < y->created ? 1 : -1;
	return kb_str_cmp(x->path, y->path);
}

void feedback_read(struct site *site)
{
	struct kb_feedbacks *all = &site->feedback;

	if (!site->trusted)
		return;
	kb_feedback_read(site->lib, site->arena, all);
	if (all->len > 1)
		qsort(all->items, all->len, sizeof(*all->items), by_date);
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

void feedback_put(struct job *job, struct kb_value *map, feedback_fn *is_about,
	const void *subject, bool linked)
{
	const struct kb_feedbacks *all = &job->site->feedback;
	struct rows rows = {0};

	for (size_t i = 0; i < all->len && rows.n < FEEDBACK_MAX; i++)
		if (kb_feedback_is_open(&all->items[i]) &&
			is_about(&all->items[i], subject))
			rows_add(job, &rows, report_value(job, &all->items[i], linked));
	v_block(job, map, "feedback", rows);
}
