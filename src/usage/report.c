#include "report.h"

#include "kb/unicode.h"
#include "kb/yaml.h"

static void add_totals(const struct stats_run *run, const struct kb_usage_month *month,
	struct kb_stats_totals *totals)
{
	for (size_t i = 0; i < month->nviews; i++) {
		const struct kb_usage_views *v = &month->views[i];

		/* Customers are who content keeps from writing. */
		if (v->audience != 0 || !stats_wants_locale(run, v->locale))
			continue;
		totals->views += v->views;
		totals->helpful += v->helpful;
		totals->unhelpful += v->unhelpful;
	}
	for (size_t i = 0; i < month->nsearches; i++) {
		const struct kb_usage_search *s = &month->searches[i];

		if (!stats_wants_locale(run, s->locale))
			continue;
		totals->searches += s->count;
		totals->failed += s->results ? 0 : s->count;
	}
	for (size_t i = 0; i < month->ntickets; i++) {
		const struct kb_usage_tickets *t = &month->tickets[i];

		if (!stats_wants_locale(run, t->locale) ||
			!stats_wants_issue(run, t->issue))
			continue;
		totals->tickets.tickets += t->tickets;
		totals->tickets.linked += t->linked;
		totals->tickets.escalated += t->escalated;
		totals->tickets.minutes += t->minutes;
	}
}

/* The month that is asked for, or the last one with data that is over. */
static int choose_month(struct stats_run *run, struct kb_error *err)
{
	const struct kb_usage *usage = &run->usage;
	const char *name = run->wanted->month;
	unsigned today = kb_month_number(run->lib->config->timezone, run->lib->now);
	time_t from;

	if (!usage->len)
		return kb_error_set(err, KB_E_NOTFOUND,
			"there are no tables in usage/: 'kb stats import' makes them from "
			"access logs and ticket exports");
	if (name) {
		run->now = kb_usage_month(usage, kb_str_of(name));
		if (!run->now && kb_month_parse(kb_str_of(name), KB_STR("UTC"), &from))
			return kb_error_set(err, KB_E_USAGE,
				"'%s' is not a month: write it as 2026-10", name);
		if (!run->now)
			return kb_error_set(err, KB_E_USAGE,
				"usage/ has no data for %s: the last month with data is "
				"%.*s",
				name, KB_ARG(usage->months[usage->len - 1].name));
	}
	for (size_t i = 0; i < usage->len && !name; i++)
		if (usage->months[i].number < today || !run->now)
			run->now = &usage->months[i];
	size_t at = (size_t)(run->now - usage->months);
	if (at && usage->months[at - 1].number + 1 == run->now->number)
		run->before = &usage->months[at - 1];
	return 0;
}

static double setting(const struct stats_run *run, const char *key, double fallback)
{
	double value;
	const struct kb_node *node =
		kb_node_get(kb_node_get(run->lib->config->root, "audit"), key);

	return node && !kb_node_float(node, &value) ? value : fallback;
}

static void choose_window(struct stats_run *run)
{
	unsigned months = kb_usage_unread(run->lib->config);

	run->first = (size_t)(run->now - run->usage.months);
	while (run->first &&
		run->usage.months[run->first - 1].number + months > run->now->number)
		run->first--;
}

int kb_stats_find(const struct kb_library *lib, struct kb_history *history,
	const struct kb_stats_wanted *wanted, struct kb_arena *arena,
	struct kb_stats *stats, struct kb_error *err)
{
	struct stats_run run = {.lib = lib,
		.history = history,
		.wanted = wanted,
		.arena = arena,
		.stats = stats};

	*stats = (struct kb_stats){.history = history && kb_history_commits(history)};
	kb_usage_read(lib, arena, &run.usage);
	if (choose_month(&run, err))
		return -1;
	choose_window(&run);
	run.share = setting(&run, "ticket_share", 0.02);
	run.helpful = setting(&run, "helpfulness", 0.6);
	run.min_votes = (uint64_t)setting(&run, "min_votes", 10);
	stats->minute_cost = setting(&run, "minute_cost", 0);
	stats->month = run.now->name;
	stats->previous = run.before ? run.before->name : KB_STR("");
	stats->from = run.usage.months[run.first].name;
	kb_coverage_count(lib, arena, &run.all);
	kb_coverage_count_for(lib, 0, arena, &run.public);
	add_totals(&run, run.now, &stats->now);
	if (run.before)
		add_totals(&run, run.before, &stats->before);
	stats_topics(&run);
	stats_documents(&run);
	if (stats->history)
		stats_effects(&run);
	return 0;
}

void kb_stats_dispose(struct kb_stats *stats)
{
	kb_vec_dispose(&stats->no_content);
	kb_vec_dispose(&stats->still);
	kb_vec_dispose(&stats->agents_only);
	kb_vec_dispose(&stats->changes);
	kb_vec_dispose(&stats->searches);
	kb_vec_dispose(&stats->unhelpful);
	kb_vec_dispose(&stats->unused);
	kb_vec_dispose(&stats->training);
	kb_vec_dispose(&stats->effects);
}
