/* Documents that nobody reads or that do not help, and searches that find nothing. */
#include <stdlib.h>

#include "kb/arena_str.h"
#include "kb/unicode.h"
#include "report.h"

struct document_sums {
	uint64_t views, helpful, unhelpful;
	kb_str reasons[5];
	uint64_t counts[5];
};

static int search_cmp(const void *pa, const void *pb)
{
	const struct kb_stats_search *a = pa, *b = pb;

	if (a->search->count != b->search->count)
		return a->search->count > b->search->count ? -1 : 1;
	return kb_str_cmp(a->search->query, b->search->query);
}

/* The locale in which the document is to be written: the source's, unless only its
 * speakers look for it. */
static kb_str command_for(
	const struct stats_run *run, const struct kb_usage_search *search)
{
	kb_str title = kb_arena_shell_word(run->arena, search->query);
	kb_str code = run->lib->config->locales[search->locale].code;

	if (search->locale == 0)
		return kb_arena_fmt(run->arena, "kb new article %.*s", KB_ARG(title));
	return kb_arena_fmt(run->arena, "kb new article %.*s --locale %.*s",
		KB_ARG(title), KB_ARG(code));
}

static void list_searches(struct stats_run *run)
{
	struct kb_stats *stats = run->stats;

	for (size_t i = 0; i < run->now->nsearches; i++) {
		const struct kb_usage_search *s = &run->now->searches[i];

		if (s->results || s->count < KB_STATS_FLOOR || s->locale == KB_NONE ||
			!stats_wants_locale(run, s->locale) || run->wanted->issue ||
			run->wanted->owner.len)
			continue;
		kb_vec_push(&stats->searches,
			((struct kb_stats_search){s, command_for(run, s)}));
	}
	if (stats->searches.len)
		qsort(stats->searches.items, stats->searches.len,
			sizeof(*stats->searches.items), search_cmp);
}

static struct document_sums *sums_of(const struct stats_run *run,
	struct document_sums *sums, const struct kb_family *family, uint32_t locale)
{
	const struct kb_document *doc = family && locale != KB_NONE
						? kb_family_find(run->lib, family, locale)
						: NULL;

	return doc ? &sums[doc->number] : NULL;
}

static void add_reason(struct document_sums *sums, const struct kb_usage_reason *row)
{
	for (size_t i = 0; i < KB_LEN(sums->reasons); i++)
		if (!sums->reasons[i].len || kb_str_eq(sums->reasons[i], row->reason)) {
			sums->reasons[i] = row->reason;
			sums->counts[i] += row->count;
			return;
		}
}

/* SEEN: the audiences of whose sites there are views. */
static void add_months(struct stats_run *run, struct document_sums *sums, bool *seen)
{
	for (const struct kb_usage_month *m = &run->usage.months[run->first];
		m <= run->now; m++) {
		for (size_t i = 0; i < m->nviews; i++) {
			const struct kb_usage_views *row = &m->views[i];
			struct document_sums *to =
				sums_of(run, sums, row->family, row->locale);

			if (row->audience != KB_NONE)
				seen[row->audience] = true;
			if (!to)
				continue;
			to->views += row->views;
			to->helpful += row->helpful;
			to->unhelpful += row->unhelpful;
		}
		for (size_t i = 0; i < m->nreasons; i++) {
			struct document_sums *to = sums_of(
				run, sums, m->reasons[i].family, m->reasons[i].locale);

			if (to)
				add_reason(to, &m->reasons[i]);
		}
	}
}

static bool wants_document(const struct stats_run *run, const struct kb_document *doc)
{
	const struct kb_stats_wanted *wanted = run->wanted;

	return stats_wants_locale(run, doc->locale) &&
	       (!wanted->issue || kb_issues_below(run->lib->taxonomy, &doc->facts->issues,
					  wanted->issue)) &&
	       (!wanted->owner.len || kb_str_eq(wanted->owner, doc->facts->owner));
}

/* Was the document there in all of the months? Its first commit says so, or its review.
 */
static bool is_old(const struct stats_run *run, const struct kb_document *doc)
{
	bool is_day;
	time_t from = 0, first = 0;

	kb_time_parse(kb_arena_fmt(run->arena, "%.*s-01",
			      KB_ARG(run->usage.months[run->first].name)),
		run->lib->config->timezone, &from, &is_day);
	if (run->stats->history)
		first = kb_history_dates(run->history, doc->path).first;
	if (!first || (doc->facts->reviewed && doc->facts->reviewed < first))
		first = doc->facts->reviewed;
	return first && first < from;
}

static bool is_unused(const struct stats_run *run, const struct kb_document *doc,
	const struct document_sums *sums, const bool *seen)
{
	const struct kb_facts *facts = doc->facts;
	bool read = false;

	if (sums->views || facts->type == KB_SNIPPET ||
		!kb_document_visible(
			run->lib, doc, run->lib->config->naudiences - 1, false))
		return false;
	for (uint32_t a = facts->audience; a < run->lib->config->naudiences; a++)
		read |= seen[a];
	return read && is_old(run, doc);
}

static kb_str reasons_of(const struct stats_run *run, const struct document_sums *sums)
{
	_cleanup_buf_ kb_buf out = {0};
	bool told[KB_LEN(sums->reasons)] = {0};

	for (;;) {
		size_t most = KB_LEN(sums->reasons);

		for (size_t i = 0; i < KB_LEN(sums->reasons); i++)
			if (!told[i] && sums->counts[i] &&
				(most == KB_LEN(sums->reasons) ||
					sums->counts[i] > sums->counts[most]))
				most = i;
		if (most == KB_LEN(sums->reasons))
			return kb_arena_str(run->arena, kb_buf_view(&out));
		told[most] = true;
		kb_buf_fmt(&out, "%s%.*s %llu", out.len ? ", " : "",
			KB_ARG(sums->reasons[most]),
			(unsigned long long)sums->counts[most]);
	}
}

static int document_cmp(const void *pa, const void *pb)
{
	const struct kb_stats_document *a = pa, *b = pb;

	if (a->unhelpful != b->unhelpful)
		return a->unhelpful > b->unhelpful ? -1 : 1;
	return kb_str_cmp(a->doc->path, b->doc->path);
}

static void list_document(struct stats_run *run, const struct kb_document *doc,
	const struct document_sums *sums, const bool *seen)
{
	uint64_t votes = sums->helpful + sums->unhelpful;
	struct kb_stats_document item = {
		doc, sums->views, sums->helpful, sums->unhelpful, KB_STR("")};

	if (doc->facts->broken || doc->facts->status != KB_PUBLISHED ||
		!wants_document(run, doc))
		return;
	if (votes >= run->min_votes && votes &&
		(double)sums->helpful < run->helpful * (double)votes) {
		item.reasons = reasons_of(run, sums);
		kb_vec_push(&run->stats->unhelpful, item);
	}
	if (is_unused(run, doc, sums, seen))
		kb_vec_push(&run->stats->unused, item);
}

void stats_documents(struct stats_run *run)
{
	const struct kb_library *lib = run->lib;
	struct document_sums *sums =
		kb_arena_array(run->arena, struct document_sums, lib->ndocs + 1);
	bool *seen = kb_arena_array(run->arena, bool, lib->config->naudiences);

	list_searches(run);
	add_months(run, sums, seen);
	for (uint32_t d = 0; d < lib->ndocs; d++)
		list_document(run, lib->docs[d], &sums[d], seen);
	if (run->stats->unhelpful.len)
		qsort(run->stats->unhelpful.items, run->stats->unhelpful.len,
			sizeof(*run->stats->unhelpful.items), document_cmp);
}
