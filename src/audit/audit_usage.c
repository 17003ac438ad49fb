/*
 * What usage tells: views, votes, searches and tickets of the last three months (the
 * latest one is that of the audit's date), as kb stats import counts them.
 */
#include "audit.h"
#include "kb/coverage.h"
#include "kb/suggest.h"
#include "kb/unicode.h"
#include "kb/usage.h"

enum { MONTHS = 3, SEARCHES_MIN = 10, TICKETS_MIN = 10, VOTES_MIN = 10 };

struct counts {
	uint64_t tickets, escalated, minutes;
	uint64_t views, helpful, unhelpful;
};

struct usage_audit {
	struct auditor *a;
	struct kb_usage usage;
	unsigned now;	 /* the month of the audit's date */
	unsigned latest; /* of which there are counts, in the three months before */
	kb_str since;	 /* the first of the three months, "2026-08" */
	uint32_t nlocales;
	struct counts *documents; /* by number */
	struct counts *issues;	  /* by issue and locale */
	uint64_t tickets;
	struct kb_coverage coverage;
};

/* The document that a reader of the locale got. */
static const struct kb_document *read_document(
	const struct usage_audit *u, const struct kb_family *family, uint32_t locale)
{
	return family && locale != KB_NONE ? kb_family_find(u->a->lib, family, locale)
					   : NULL;
}

static void count_month(struct usage_audit *u, const struct kb_usage_month *month)
{
	const struct kb_taxonomy *taxonomy = u->a->lib->taxonomy;

	for (size_t i = 0; i < month->nviews; i++) {
		const struct kb_usage_views *row = &month->views[i];
		const struct kb_document *doc =
			read_document(u, row->family, row->locale);

		if (!doc)
			continue;
		u->documents[doc->number].views += row->views;
		u->documents[doc->number].helpful += row->helpful;
		u->documents[doc->number].unhelpful += row->unhelpful;
	}
	for (size_t i = 0; i < month->ntickets; i++) {
		const struct kb_usage_tickets *row = &month->tickets[i];

		u->tickets += row->tickets;
		if (!row->issue || row->locale == KB_NONE)
			continue;
		struct counts *counts =
			&u->issues[kb_taxonomy_index(taxonomy, row->issue) * u->nlocales +
				   row->locale];
		counts->tickets += row->tickets;
		counts->escalated += row->escalated;
		counts->minutes += row->minutes;
	}
}

static bool is_recent(const struct usage_audit *u, const struct kb_usage_month *month)
{
	return month->number <= u->latest && month->number + MONTHS > u->latest;
}

/* Documents */

static void check_votes(struct usage_audit *u, const struct kb_document *doc)
{
	const struct counts *counts = &u->documents[doc->number];
	uint64_t votes = counts->helpful + counts->unhelpful;
	double least = 0.6;
	struct kb_audit_finding *finding;

	kb_node_float(audit_setting(u->a, "helpfulness"), &least);
	if (votes < kb_node_u32(audit_setting(u->a, "min_votes"), VOTES_MIN) || !votes ||
		(double)counts->helpful >= least * (double)votes)
		return;
	finding = audit_add(u->a, doc, KB_AUDIT_UNHELPFUL, KB_WARNING,
		"%.0f %% of %llu votes say that it helped",
		100 * (double)counts->helpful / (double)votes, (unsigned long long)votes);
	finding->cases = votes;
	audit_fix(u->a, finding, "kb feedback list %.*s, kb stats report",
		KB_ARG(audit_word(u->a, doc->id)));
}

/* The first month of which nobody need have seen the document; 0: it is not known. */
static unsigned views_since(const struct usage_audit *u)
{
	unsigned first = u->now + 1, n = kb_usage_unread(u->a->lib->config);

	for (size_t i = u->usage.len; i > 0; i--) {
		const struct kb_usage_month *month = &u->usage.months[i - 1];

		if (month->number > u->now || !month->nviews)
			continue;
		if (month->number + 2 < first) /* The month of the date may be open. */
			break;
		first = month->number;
	}
	return first + n <= u->now + 1 ? u->now + 1 - n : 0;
}

static void check_views(struct usage_audit *u)
{
	const struct kb_library *lib = u->a->lib;
	unsigned since = views_since(u);
	_cleanup_free_ bool *seen = kb_xcalloc(lib->ndocs + 1, sizeof(*seen));

	for (size_t m = 0; since && m < u->usage.len; m++) {
		const struct kb_usage_month *month = &u->usage.months[m];

		for (size_t i = 0; month->number >= since && i < month->nviews; i++) {
			const struct kb_document *doc = read_document(
				u, month->views[i].family, month->views[i].locale);

			if (doc && month->views[i].views)
				seen[doc->number] = true;
		}
	}
	for (uint32_t d = 0; since && d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];
		time_t first = kb_history_dates(u->a->history, doc->path).first;
		struct kb_audit_finding *finding;

		if (seen[d] || doc->facts->type == KB_SNIPPET || !first ||
			kb_month_number(lib->config->timezone, first) >= since ||
			!kb_document_visible(
				lib, doc, lib->config->naudiences - 1, false))
			continue;
		finding = audit_add(u->a, doc, KB_AUDIT_NO_VIEWS, KB_INFO,
			"nobody has read it since %04u-%02u", since / 12, since % 12 + 1);
		audit_fix(u->a, finding, "link to it, improve its title, or archive it");
	}
}

/* Issues */

static kb_str minutes_text(struct auditor *a, const struct counts *counts)
{
	return kb_arena_fmt(a->arena, "%llu hours, %llu escalated",
		(unsigned long long)(counts->minutes + 30) / 60,
		(unsigned long long)counts->escalated);
}

static void check_gap(struct usage_audit *u, uint32_t issue, uint32_t locale)
{
	const struct kb_issue *it = &u->a->lib->taxonomy->issues[issue];
	const struct counts *counts = &u->issues[issue * u->nlocales + locale];
	kb_str code = u->a->lib->config->locales[locale].code;
	struct kb_audit_finding *finding = audit_add_issue(u->a, it, KB_AUDIT_TICKETS_GAP,
		KB_WARNING,
		kb_arena_fmt(u->a->arena,
			"%llu tickets on '%.*s' in %.*s since %.*s (%.*s), and no "
			"article, workflow or reply",
			(unsigned long long)counts->tickets, KB_ARG(it->id), KB_ARG(code),
			KB_ARG(u->since), KB_ARG(minutes_text(u->a, counts))));

	finding->locale = locale;
	finding->cases = counts->tickets;
	audit_fix(u->a, finding, "kb new article %.*s --issue %.*s --locale %.*s",
		KB_ARG(audit_word(u->a, it->id)), KB_ARG(audit_word(u->a, it->id)),
		KB_ARG(code));
}

/* What readers of the locale made of the issue's content. */
static void add_content(struct usage_audit *u, const struct kb_issue *issue,
	uint32_t locale, struct counts *sum, const struct kb_document **first,
	unsigned *n)
{
	const struct kb_library *lib = u->a->lib;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		if (doc->locale != locale || doc->facts->status != KB_PUBLISHED ||
			!kb_issues_have(lib->taxonomy, &doc->facts->issues, issue))
			continue;
		sum->views += u->documents[d].views;
		sum->helpful += u->documents[d].helpful;
		sum->unhelpful += u->documents[d].unhelpful;
		if (!*first ||
			u->documents[d].views > u->documents[(*first)->number].views)
			*first = doc;
		++*n;
	}
}

static kb_str helped_text(struct auditor *a, const struct counts *sum)
{
	uint64_t votes = sum->helpful + sum->unhelpful;

	return votes ? kb_arena_fmt(a->scratch,
			       ", %.0f %% of %llu votes say that it helped",
			       100 * (double)sum->helpful / (double)votes,
			       (unsigned long long)votes)
		     : KB_STR(", no votes");
}

static void check_stay(struct usage_audit *u, uint32_t issue, uint32_t locale)
{
	const struct kb_issue *it = &u->a->lib->taxonomy->issues[issue];
	const struct counts *counts = &u->issues[issue * u->nlocales + locale];
	const struct kb_document *first = NULL;
	struct counts sum = {0};
	struct kb_audit_finding *finding;
	unsigned n = 0;

	add_content(u, it, locale, &sum, &first, &n);
	finding = audit_add_issue(u->a, it, KB_AUDIT_TICKETS_STAY, KB_WARNING,
		kb_arena_fmt(u->a->arena,
			"%llu tickets on '%.*s' in %.*s since %.*s (%.1f %% of all; "
			"%.*s), although there is content: %u document%s, %llu views%.*s",
			(unsigned long long)counts->tickets, KB_ARG(it->id),
			KB_ARG(u->a->lib->config->locales[locale].code), KB_ARG(u->since),
			100 * (double)counts->tickets / (double)u->tickets,
			KB_ARG(minutes_text(u->a, counts)), n, n == 1 ? "" : "s",
			(unsigned long long)sum.views, KB_ARG(helped_text(u->a, &sum))));
	finding->locale = locale;
	finding->cases = counts->tickets;
	if (first) {
		finding->path = first->path;
		audit_fix(u->a, finding, "improve %.*s", KB_ARG(first->path));
	} else {
		audit_fix(
			u->a, finding, "kb case %.*s", KB_ARG(audit_word(u->a, it->id)));
	}
}

static void check_tickets(struct usage_audit *u, uint32_t issue, uint32_t locale)
{
	const struct counts *counts = &u->issues[issue * u->nlocales + locale];
	double share = 0.02;
	bool served = false;

	kb_node_float(audit_setting(u->a, "ticket_share"), &share);
	if (counts->tickets < TICKETS_MIN || u->a->lib->taxonomy->issues[issue].retired)
		return;
	for (int type = 0; type <= KB_REPLY; type++)
		served |= kb_coverage_serves(
			&u->coverage, issue, (enum kb_type)type, locale);
	if (!served)
		check_gap(u, issue, locale);
	else if ((double)counts->tickets >= share * (double)u->tickets)
		check_stay(u, issue, locale);
}

/* Searches */

struct empty_search {
	kb_str month;
	const struct kb_usage_search *search; /* of the last month that has it */
	uint64_t count;
	bool found; /* once at least */
};

static void count_searches(
	struct usage_audit *u, const struct kb_usage_month *month, kb_map *by_query)
{
	for (size_t i = 0; i < month->nsearches; i++) {
		const struct kb_usage_search *row = &month->searches[i];
		kb_str key = kb_arena_fmt(u->a->scratch, "%u %u %.*s", row->locale,
			row->audience, KB_ARG(row->query));
		struct empty_search *it = kb_map_get(by_query, key);

		if (!it) {
			it = kb_arena_new_of(u->a->scratch, struct empty_search);
			kb_map_put(by_query, key, it);
		}
		it->month = month->name;
		it->search = row;
		it->count += row->results ? 0 : row->count;
		it->found = row->results > 0;
	}
}

/* The issue that the words are about, if that is clear: its owner can help. */
static const struct kb_issue *guess_issue(
	struct kb_suggestions *suggestions, const struct kb_usage_search *search)
{
	const struct kb_suggestion *made;

	kb_suggest_text(suggestions, KB_STR(""), search->query, search->locale);
	made = &suggestions->items[suggestions->len - 1];
	return made->n && made->certainty == KB_CERTAINTY_CLEAR ? made->guesses[0].issue
								: NULL;
}

static void add_search(struct usage_audit *u, const struct empty_search *it,
	struct kb_suggestions *suggestions)
{
	const struct kb_usage_search *search = it->search;
	kb_str code = u->a->lib->config->locales[search->locale].code;
	const struct kb_issue *issue = guess_issue(suggestions, search);
	struct kb_audit_finding *finding = audit_add_issue(u->a, issue,
		KB_AUDIT_NO_RESULTS, KB_WARNING,
		kb_arena_fmt(u->a->arena,
			"%llu searches for '%.*s' in %.*s found nothing since %.*s",
			(unsigned long long)it->count, KB_ARG(search->query),
			KB_ARG(code), KB_ARG(u->since)));

	finding->path =
		kb_arena_fmt(u->a->arena, "usage/searches-%.*s.csv", KB_ARG(it->month));
	finding->locale = search->locale;
	finding->cases = it->count;
	audit_fix(u->a, finding,
		"kb new article %.*s --locale %.*s%s%.*s, or add the words as 'keywords'",
		KB_ARG(audit_word(u->a, search->query)), KB_ARG(code),
		issue ? " --issue " : "",
		KB_ARG(issue ? audit_word(u->a, issue->id) : KB_STR("")));
}

static void check_searches(struct usage_audit *u)
{
	const struct kb_library *lib = u->a->lib;
	struct kb_suggestions suggestions;
	kb_map by_query = {0};

	for (size_t m = 0; m < u->usage.len; m++)
		if (is_recent(u, &u->usage.months[m]))
			count_searches(u, &u->usage.months[m], &by_query);
	kb_suggestions_init(
		&suggestions, lib, lib->config->naudiences - 1, 2, u->a->arena);
	for (size_t i = 0; i < by_query.len; i++) {
		const struct empty_search *it = by_query.entries[i].value;

		/* Content that is there now answers it. */
		if (!it->found && it->count >= SEARCHES_MIN &&
			it->search->locale != KB_NONE)
			add_search(u, it, &suggestions);
	}
	kb_suggestions_dispose(&suggestions);
	kb_map_dispose(&by_query);
}

static bool has_usage(const struct kb_library *lib)
{
	for (size_t i = 0; i < lib->nentries; i++)
		if (kb_str_starts(lib->entries[i].path, KB_STR("usage/")))
			return true;
	return false;
}

void audit_usage(struct auditor *a)
{
	const struct kb_library *lib = a->lib;
	struct usage_audit u = {.a = a, .nlocales = lib->config->nlocales};

	if (!has_usage(lib))
		return;
	kb_usage_read(lib, a->arena, &u.usage);
	u.now = kb_month_number(lib->config->timezone, lib->now);
	for (size_t m = 0; m < u.usage.len; m++)
		if (u.usage.months[m].number <= u.now &&
			u.usage.months[m].number + MONTHS >= u.now)
			u.latest = u.usage.months[m].number;
	if (!u.latest)
		return;
	u.since = kb_arena_fmt(a->arena, "%04u-%02u", (u.latest - MONTHS + 1) / 12,
		(u.latest - MONTHS + 1) % 12 + 1);
	u.documents = kb_arena_array(a->arena, struct counts, lib->ndocs + 1);
	u.issues = kb_arena_array(
		a->arena, struct counts, lib->taxonomy->len * u.nlocales + 1);
	kb_coverage_count(lib, a->arena, &u.coverage);
	for (size_t m = 0; m < u.usage.len; m++)
		if (is_recent(&u, &u.usage.months[m]))
			count_month(&u, &u.usage.months[m]);
	for (uint32_t d = 0; d < lib->ndocs; d++)
		check_votes(&u, lib->docs[d]);
	check_views(&u);
	for (uint32_t i = 0; i < lib->taxonomy->len; i++)
		for (uint32_t l = 0; l < u.nlocales; l++)
			check_tickets(&u, i, l);
	check_searches(&u);
}
