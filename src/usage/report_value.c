#include "kb/stats_report.h"
#include "kb/unicode.h"

static const enum kb_type types[] = {KB_ARTICLE, KB_WORKFLOW, KB_REPLY};

static struct kb_value *set_sums(struct kb_arena *arena, struct kb_value *map,
	const char *key, const struct kb_ticket_sums *sums)
{
	struct kb_value *value = kb_value_set_map(arena, map, key);

	kb_value_set_int(arena, value, "tickets", (long long)sums->tickets);
	kb_value_set_int(arena, value, "linked", (long long)sums->linked);
	kb_value_set_int(arena, value, "escalated", (long long)sums->escalated);
	kb_value_set_int(arena, value, "minutes", (long long)sums->minutes);
	kb_value_set_decimal(arena, value, "cost", kb_tickets_cost(sums));
	return value;
}

static void set_totals(struct kb_arena *arena, struct kb_value *root, const char *key,
	const struct kb_stats_totals *totals)
{
	struct kb_value *map = kb_value_set_map(arena, root, key);
	double deflection = kb_stats_deflection(totals);
	double rate = kb_stats_link_rate(&totals->tickets);

	kb_value_set_int(arena, map, "views", (long long)totals->views);
	kb_value_set_int(arena, map, "helpful", (long long)totals->helpful);
	kb_value_set_int(arena, map, "unhelpful", (long long)totals->unhelpful);
	kb_value_set_int(arena, map, "searches", (long long)totals->searches);
	kb_value_set_int(arena, map, "searches_failed", (long long)totals->failed);
	set_sums(arena, map, "tickets", &totals->tickets);
	if (rate >= 0)
		kb_value_set_decimal(arena, map, "link_rate", rate);
	if (deflection >= 0)
		kb_value_set_decimal(arena, map, "deflection", deflection);
}

static void set_topics(const struct kb_library *lib, struct kb_arena *arena,
	struct kb_value *root, const char *key, const struct kb_stats_topics *topics)
{
	struct kb_value *list = kb_value_set_list(arena, root, key);

	for (size_t i = 0; i < topics->len; i++) {
		const struct kb_stats_topic *topic = &topics->items[i];
		struct kb_value *map = kb_value_push_map(arena, list), *missing;

		kb_value_set_str(arena, map, "issue", topic->issue->id);
		kb_value_set_opt(arena, map, "owner", topic->issue->owner);
		if (topic->locale != KB_NONE)
			kb_value_set_str(arena, map, "locale",
				lib->config->locales[topic->locale].code);
		set_sums(arena, map, "now", &topic->now);
		set_sums(arena, map, "before", &topic->before);
		if (topic->missing) {
			missing = kb_value_set_list(arena, map, "missing");
			for (size_t t = 0; t < KB_LEN(types); t++)
				if (topic->missing & 1u << types[t])
					kb_value_push_str(arena, missing,
						kb_str_of(kb_type_name(types[t])));
		}
		if (!topic->documents)
			continue;
		kb_value_set_int(arena, map, "documents", topic->documents);
		kb_value_set_int(arena, map, "views", (long long)topic->views);
		kb_value_set_int(arena, map, "helpful", (long long)topic->helpful);
		kb_value_set_int(arena, map, "unhelpful", (long long)topic->unhelpful);
		if (topic->reviewed)
			kb_value_set_str(arena, map, "reviewed",
				kb_day_format(
					arena, lib->config->timezone, topic->reviewed));
		if (topic->changed)
			kb_value_set_str(arena, map, "changed",
				kb_day_format(
					arena, lib->config->timezone, topic->changed));
	}
}

static void set_searches(const struct kb_library *lib, const struct kb_stats *stats,
	struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "not_found");

	for (size_t i = 0; i < stats->searches.len; i++) {
		const struct kb_stats_search *item = &stats->searches.items[i];
		const struct kb_usage_search *s = item->search;
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "query", s->query);
		kb_value_set_str(
			arena, map, "locale", lib->config->locales[s->locale].code);
		kb_value_set_int(arena, map, "count", (long long)s->count);
		kb_value_set_str(arena, map, "command", item->command);
	}
}

static void push_document(const struct kb_library *lib, struct kb_arena *arena,
	struct kb_value *list, const struct kb_stats_document *item, bool votes)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "path", item->doc->path);
	kb_value_set_str(arena, map, "id", item->doc->id);
	kb_value_set_str(
		arena, map, "locale", lib->config->locales[item->doc->locale].code);
	kb_value_set_opt(arena, map, "owner", item->doc->facts->owner);
	if (!votes)
		return;
	kb_value_set_int(arena, map, "views", (long long)item->views);
	kb_value_set_int(arena, map, "helpful", (long long)item->helpful);
	kb_value_set_int(arena, map, "unhelpful", (long long)item->unhelpful);
	kb_value_set_opt(arena, map, "reasons", item->reasons);
}

static void set_training(const struct kb_library *lib, const struct kb_stats *stats,
	struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "training");

	for (size_t i = 0; i < stats->training.len; i++) {
		const struct kb_stats_training *item = &stats->training.items[i];
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_opt(arena, map, "team", item->team);
		kb_value_set_str(arena, map, "channel", item->channel);
		kb_value_set_str(
			arena, map, "locale", lib->config->locales[item->locale].code);
		kb_value_set_str(arena, map, "issue", item->issue->id);
		set_sums(arena, map, "now", &item->now);
	}
}

static void set_effects(
	const struct kb_stats *stats, struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "effects");

	for (size_t i = 0; i < stats->effects.len; i++) {
		const struct kb_stats_effect *item = &stats->effects.items[i];
		struct kb_value *map = kb_value_push_map(arena, list);

		kb_value_set_str(arena, map, "issue", item->issue->id);
		kb_value_set_str(arena, map, "path", item->doc->path);
		kb_value_set_str(arena, map, "date", item->day);
		kb_value_set_str(arena, map, "summary", item->summary);
		kb_value_set_int(arena, map, "before", (long long)item->before);
		kb_value_set_int(arena, map, "after", (long long)item->after);
	}
}

void kb_stats_value(const struct kb_library *lib, const struct kb_stats *stats,
	struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list;

	kb_value_set_str(arena, root, "month", stats->month);
	kb_value_set_opt(arena, root, "previous", stats->previous);
	set_totals(arena, root, "now", &stats->now);
	if (stats->previous.len)
		set_totals(arena, root, "before", &stats->before);
	kb_value_set_int(arena, root, "unclassified", (long long)stats->unclassified);
	set_topics(lib, arena, root, "no_content", &stats->no_content);
	set_topics(lib, arena, root, "still_coming", &stats->still);
	set_searches(lib, stats, arena, root);
	list = kb_value_set_list(arena, root, "not_helpful");
	for (size_t i = 0; i < stats->unhelpful.len; i++)
		push_document(lib, arena, list, &stats->unhelpful.items[i], true);
	list = kb_value_set_list(arena, root, "unused");
	for (size_t i = 0; i < stats->unused.len; i++)
		push_document(lib, arena, list, &stats->unused.items[i], false);
	set_topics(lib, arena, root, "agents_only", &stats->agents_only);
	set_topics(lib, arena, root, "changes", &stats->changes);
	set_training(lib, stats, arena, root);
	set_effects(stats, arena, root);
}
