/* What changes of content did to the tickets of their issues. */
#include <stdlib.h>

#include "kb/arena_str.h"
#include "kb/log.h"
#include "kb/unicode.h"
#include "report.h"

enum { EFFECTS_TOLD = 20 };

static const struct kb_usage_month *month_numbered(
	const struct stats_run *run, unsigned number)
{
	for (size_t i = 0; i < run->usage.len; i++)
		if (run->usage.months[i].number == number)
			return &run->usage.months[i];
	return NULL;
}

static uint64_t tickets_in(
	const struct kb_usage_month *month, const struct kb_issue *issue)
{
	uint64_t n = 0;

	for (size_t i = 0; i < month->ntickets; i++)
		if (month->tickets[i].issue == issue)
			n += month->tickets[i].tickets;
	return n;
}

static void add_effect(struct stats_run *run, const struct kb_document *doc,
	const struct kb_log_entry *entry, const struct kb_issue *issue)
{
	unsigned number = kb_month_number(
		run->lib->config->timezone, entry->version.commit.authored);
	const struct kb_usage_month *before = month_numbered(run, number - 1);
	const struct kb_usage_month *after = month_numbered(run, number + 1);
	struct kb_stats_effect effect = {
		.issue = issue, .doc = doc, .day = entry->day, .summary = entry->summary};

	if (!before || !after || after > run->now)
		return;
	effect.before = tickets_in(before, issue);
	effect.after = tickets_in(after, issue);
	if (effect.before >= KB_STATS_FLOOR || effect.after >= KB_STATS_FLOOR)
		kb_vec_push(&run->stats->effects, effect);
}

static void add_document(struct stats_run *run, const struct kb_log_document *log)
{
	const struct kb_document *doc = log->doc;

	for (size_t i = 0; i < log->len; i++)
		for (size_t k = 0; k < doc->facts->issues.len; k++) {
			const struct kb_issue *issue = kb_taxonomy_find(
				run->lib->taxonomy, doc->facts->issues.items[k]);

			if (issue && stats_wants_issue(run, issue))
				add_effect(run, doc, &log->entries[i], issue);
		}
}

/* The latest first. */
static int effect_cmp(const void *pa, const void *pb)
{
	const struct kb_stats_effect *a = pa, *b = pb;
	int order = kb_str_cmp(b->day, a->day);

	if (order)
		return order;
	order = kb_str_cmp(a->doc->path, b->doc->path);
	return order ? order : kb_str_cmp(a->issue->id, b->issue->id);
}

/* When content about the frequent issues last changed in substance. */
static void note_last_change(struct stats_run *run, const struct kb_log *log)
{
	bool is_day;

	for (size_t i = 0; i < log->len; i++) {
		const struct kb_log_document *doc = &log->items[i];
		time_t time = 0;

		if (!doc->len || kb_time_parse(doc->entries[0].day,
					 run->lib->config->timezone, &time, &is_day))
			continue;
		for (size_t t = 0; t < run->stats->still.len; t++) {
			struct kb_stats_topic *topic = &run->stats->still.items[t];

			for (size_t k = 0; k < doc->doc->facts->issues.len; k++)
				if (kb_taxonomy_find(run->lib->taxonomy,
					    doc->doc->facts->issues.items[k]) ==
						topic->issue &&
					time > topic->changed)
					topic->changed = time;
		}
	}
}

/* Comparing versions costs time, so only documents of issues with tickets are compared.
 */
static bool has_tickets(const struct stats_run *run, const struct kb_document *doc)
{
	for (size_t k = 0; k < doc->facts->issues.len; k++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(run->lib->taxonomy, doc->facts->issues.items[k]);

		if (issue && stats_wants_issue(run, issue) &&
			tickets_in(run->now, issue) >= KB_STATS_FLOOR)
			return true;
	}
	return false;
}

void stats_effects(struct stats_run *run)
{
	struct kb_log_options options = {.least = KB_WEIGHT_SIGNIFICANT};
	struct kb_stats *stats = run->stats;
	struct kb_log log;
	kb_docs docs = {0};
	bool is_day;

	kb_time_parse(
		kb_arena_fmt(run->arena, "%.*s-01", KB_ARG(run->usage.months[0].name)),
		run->lib->config->timezone, &options.since, &is_day);
	for (uint32_t d = 0; d < run->lib->ndocs; d++)
		if (!run->lib->docs[d]->facts->broken &&
			stats_wants_locale(run, run->lib->docs[d]->locale) &&
			has_tickets(run, run->lib->docs[d]))
			kb_vec_push(&docs, run->lib->docs[d]);
	kb_log_find(run->lib, run->history, &docs, &options, run->arena, &log);
	for (size_t i = 0; i < log.len; i++)
		add_document(run, &log.items[i]);
	note_last_change(run, &log);
	kb_vec_dispose(&docs);
	if (stats->effects.len)
		qsort(stats->effects.items, stats->effects.len,
			sizeof(*stats->effects.items), effect_cmp);
	if (stats->effects.len > EFFECTS_TOLD)
		stats->effects.len = EFFECTS_TOLD;
}
