/* Topics: issues and their tickets, beside the content about them. */
#include <stdlib.h>

#include "kb/arena_str.h"
#include "report.h"

struct topics {
	struct stats_run *run;
	struct kb_stats_topic *cells;  /* by issue and locale */
	struct kb_stats_topic *issues; /* by issue */
};

static const enum kb_type types[] = {KB_ARTICLE, KB_WORKFLOW, KB_REPLY};

static void add_sums(struct kb_ticket_sums *sums, const struct kb_usage_tickets *row)
{
	sums->tickets += row->tickets;
	sums->linked += row->linked;
	sums->escalated += row->escalated;
	sums->minutes += row->minutes;
}

static struct kb_stats_topic *cell_at(
	const struct topics *t, const struct kb_issue *issue, uint32_t locale)
{
	const struct kb_library *lib = t->run->lib;

	return &t->cells[kb_taxonomy_index(lib->taxonomy, issue) * lib->config->nlocales +
			 locale];
}

static struct kb_stats_topic *topic_of(
	const struct topics *t, const struct kb_issue *issue)
{
	return &t->issues[kb_taxonomy_index(t->run->lib->taxonomy, issue)];
}

/* The topic of the Kth issue of a document; NULL: there is no such issue. */
static struct kb_stats_topic *topic_at(
	const struct topics *t, const struct kb_document *doc, size_t k)
{
	const struct kb_issue *issue =
		kb_taxonomy_find(t->run->lib->taxonomy, doc->facts->issues.items[k]);

	return issue ? topic_of(t, issue) : NULL;
}

static void add_month(struct topics *t, const struct kb_usage_month *month, bool now)
{
	for (size_t i = 0; month && i < month->ntickets; i++) {
		const struct kb_usage_tickets *row = &month->tickets[i];

		if (!row->issue && now)
			t->run->stats->unclassified += row->tickets;
		if (!row->issue || row->locale == KB_NONE ||
			!stats_wants_issue(t->run, row->issue) ||
			!stats_wants_locale(t->run, row->locale))
			continue;
		struct kb_stats_topic *cell = cell_at(t, row->issue, row->locale);
		struct kb_stats_topic *issue = topic_of(t, row->issue);
		add_sums(now ? &cell->now : &cell->before, row);
		add_sums(now ? &issue->now : &issue->before, row);
	}
}

static void add_views(struct topics *t)
{
	const struct kb_usage_month *month = t->run->now;
	const struct kb_library *lib = t->run->lib;

	for (size_t i = 0; i < month->nviews; i++) {
		const struct kb_usage_views *row = &month->views[i];
		const struct kb_document *doc =
			row->family && row->locale != KB_NONE
				? kb_family_find(lib, row->family, row->locale)
				: NULL;

		for (size_t k = 0; doc && k < doc->facts->issues.len; k++) {
			struct kb_stats_topic *topic = topic_at(t, doc, k);

			if (!topic)
				continue;
			topic->views += row->views;
			topic->helpful += row->helpful;
			topic->unhelpful += row->unhelpful;
		}
	}
}

/* When documents about issues were read again, and last changed. */
static void add_documents(struct topics *t)
{
	const struct kb_library *lib = t->run->lib;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		if (doc->facts->broken || doc->facts->status != KB_PUBLISHED)
			continue;
		for (size_t k = 0; k < doc->facts->issues.len; k++) {
			struct kb_stats_topic *topic = topic_at(t, doc, k);

			if (!topic)
				continue;
			if (!topic->documents++ || doc->facts->reviewed < topic->reviewed)
				topic->reviewed = doc->facts->reviewed;
			if (!topic->doc || (topic->doc->facts->type != KB_ARTICLE &&
						   doc->facts->type == KB_ARTICLE))
				topic->doc = doc;
		}
	}
}

/* What a topic lacks: what its issue needs or, where any content would do, an article. */
static unsigned missing_of(
	const struct stats_run *run, const struct kb_issue *issue, uint32_t locale)
{
	uint32_t at = kb_taxonomy_index(run->lib->taxonomy, issue);
	unsigned missing = 0;
	bool any = false;

	for (size_t i = 0; i < KB_LEN(types); i++) {
		any |= kb_coverage_serves(&run->all, at, types[i], locale);
		if (kb_coverage_lacks(&run->all, at, types[i], locale))
			missing |= 1u << types[i];
	}
	return any || missing ? missing : 1u << KB_ARTICLE;
}

static bool has_any(const struct kb_coverage *coverage, uint32_t issue, uint32_t locale)
{
	for (size_t i = 0; i < KB_LEN(types); i++)
		if (kb_coverage_serves(coverage, issue, types[i], locale))
			return true;
	return false;
}

/* The greatest first. Tickets without minutes have no known cost. */
static int cost_cmp(double a, const struct kb_ticket_sums *sums_a, double b,
	const struct kb_ticket_sums *sums_b)
{
	if (a != b)
		return a > b ? -1 : 1;
	return sums_a->tickets > sums_b->tickets ? -1 : sums_a->tickets < sums_b->tickets;
}

static int topic_cmp(const void *pa, const void *pb)
{
	const struct kb_stats_topic *a = pa, *b = pb;
	int order = cost_cmp(a->cost, &a->now, b->cost, &b->now);

	if (order)
		return order;
	if (a->issue != b->issue)
		return a->issue < b->issue ? -1 : 1;
	return a->locale < b->locale ? -1 : a->locale > b->locale;
}

static void sort_topics(struct kb_stats_topics *topics)
{
	if (topics->len)
		qsort(topics->items, topics->len, sizeof(*topics->items), topic_cmp);
}

static void list_cells(struct topics *t)
{
	struct stats_run *run = t->run;
	const struct kb_library *lib = run->lib;

	for (uint32_t i = 0; i < lib->taxonomy->len; i++)
		for (uint32_t l = 0; l < lib->config->nlocales; l++) {
			const struct kb_issue *issue = &lib->taxonomy->issues[i];
			struct kb_stats_topic *cell = cell_at(t, issue, l);

			if (cell->now.tickets < KB_STATS_FLOOR || issue->retired)
				continue;
			cell->issue = issue;
			cell->locale = l;
			cell->cost = kb_tickets_cost(&cell->now);
			cell->missing = missing_of(run, issue, l);
			if (cell->missing)
				kb_vec_push(&run->stats->no_content, *cell);
			if (has_any(&run->all, i, l) && !has_any(&run->public, i, l) &&
				issue->audience == 0)
				kb_vec_push(&run->stats->agents_only, *cell);
		}
}

/* By how many minutes it has become more or less. */
static int change_cmp(const void *pa, const void *pb)
{
	const struct kb_stats_topic *a = pa, *b = pb;
	double ca = a->cost - kb_tickets_cost(&a->before);
	double cb = b->cost - kb_tickets_cost(&b->before);

	ca = ca < 0 ? -ca : ca;
	cb = cb < 0 ? -cb : cb;
	if (ca != cb)
		return ca > cb ? -1 : 1;
	return a->issue < b->issue ? -1 : a->issue > b->issue;
}

enum { CHANGES_TOLD = 10 };

static void list_issues(struct topics *t)
{
	struct stats_run *run = t->run;
	struct kb_stats *stats = run->stats;
	uint64_t all = stats->now.tickets.tickets;

	for (uint32_t i = 0; i < run->lib->taxonomy->len; i++) {
		struct kb_stats_topic *topic = &t->issues[i];
		uint64_t most = topic->now.tickets > topic->before.tickets
					? topic->now.tickets
					: topic->before.tickets;

		topic->issue = &run->lib->taxonomy->issues[i];
		topic->locale = KB_NONE;
		topic->cost = kb_tickets_cost(&topic->now);
		if (most >= KB_STATS_FLOOR && run->before)
			kb_vec_push(&stats->changes, *topic);
		if (topic->documents && topic->now.tickets >= KB_STATS_FLOOR &&
			(double)topic->now.tickets >= run->share * (double)all)
			kb_vec_push(&stats->still, *topic);
	}
	if (stats->changes.len)
		qsort(stats->changes.items, stats->changes.len,
			sizeof(*stats->changes.items), change_cmp);
	if (stats->changes.len > CHANGES_TOLD)
		stats->changes.len = CHANGES_TOLD;
}

static int training_cmp(const void *pa, const void *pb)
{
	const struct kb_stats_training *a = pa, *b = pb;
	int order = cost_cmp(a->cost, &a->now, b->cost, &b->now);

	if (order)
		return order;
	if (a->issue != b->issue)
		return a->issue < b->issue ? -1 : 1;
	order = kb_str_cmp(a->channel, b->channel);
	return order ? order : a->locale < b->locale ? -1 : a->locale > b->locale;
}

enum { TRAINING_TOLD = 20 };

/* Content is there, and in most tickets it was not linked. */
static void list_training(struct topics *t)
{
	struct stats_run *run = t->run;
	struct kb_stats *stats = run->stats;

	for (size_t i = 0; i < run->now->ntickets; i++) {
		const struct kb_usage_tickets *row = &run->now->tickets[i];
		uint64_t bare = row->tickets - row->linked;

		if (!row->issue || row->locale == KB_NONE || row->linked > row->tickets ||
			!stats_wants_issue(run, row->issue) ||
			!stats_wants_locale(run, row->locale) || bare < KB_STATS_FLOOR ||
			row->linked * 2 >= row->tickets ||
			!has_any(&run->all,
				kb_taxonomy_index(run->lib->taxonomy, row->issue),
				row->locale))
			continue;
		kb_vec_push(&stats->training,
			((struct kb_stats_training){.team = row->issue->owner,
				.channel = row->channel,
				.locale = row->locale,
				.issue = row->issue,
				.now = {row->tickets, row->linked, row->escalated,
					row->minutes},
				.cost = (double)row->minutes * (double)bare /
					(double)row->tickets}));
	}
	if (stats->training.len)
		qsort(stats->training.items, stats->training.len,
			sizeof(*stats->training.items), training_cmp);
	if (stats->training.len > TRAINING_TOLD)
		stats->training.len = TRAINING_TOLD;
}

void stats_topics(struct stats_run *run)
{
	uint32_t issues = run->lib->taxonomy->len, locales = run->lib->config->nlocales;
	struct topics t = {.run = run,
		.cells = kb_arena_array(
			run->arena, struct kb_stats_topic, (size_t)issues * locales + 1),
		.issues = kb_arena_array(run->arena, struct kb_stats_topic, issues + 1)};

	add_month(&t, run->now, true);
	add_month(&t, run->before, false);
	add_views(&t);
	add_documents(&t);
	list_cells(&t);
	list_issues(&t);
	list_training(&t);
	sort_topics(&run->stats->no_content);
	sort_topics(&run->stats->agents_only);
	sort_topics(&run->stats->still);
}
