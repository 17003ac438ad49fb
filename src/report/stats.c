#include <stdio.h>

#include "kb/pages.h"
#include "kb/unicode.h"

struct stats_page {
	struct kb_report *report;
	const struct kb_library *lib;
	const struct kb_stats *stats;
};

static void put_count(struct kb_report *report, uint64_t n)
{
	kb_report_cell_fmt(report, "%llu", (unsigned long long)n);
}

static void put_percent(struct kb_report *report, double share)
{
	if (share < 0)
		kb_report_cell(report, KB_STR(""));
	else
		kb_report_cell_fmt(report, "%.0f %%", share * 100);
}

static double helpful_share(uint64_t helpful, uint64_t unhelpful)
{
	return helpful + unhelpful ? (double)helpful / (double)(helpful + unhelpful) : -1;
}

static kb_str code_of(const struct stats_page *p, uint32_t locale)
{
	return locale == KB_NONE ? KB_STR("all") : p->lib->config->locales[locale].code;
}

static void put_day(const struct stats_page *p, time_t time, const char *never)
{
	kb_report_cell(p->report,
		time ? kb_day_format(p->report->arena, p->lib->config->timezone, time)
		     : kb_str_of(never));
}

/* In minutes or, if kb.yaml says what one costs, in money. */
static void put_cost(const struct stats_page *p, double minutes)
{
	double each = p->stats->minute_cost;

	kb_report_cell_fmt(p->report, "%.0f", minutes * (each > 0 ? each : 1));
}

static void put_section(
	const struct stats_page *p, const char *title, size_t n, const char *text)
{
	kb_report_heading(p->report, 2, "%s (%zu)", title, n);
	kb_report_paragraph(p->report, "%s", n ? text : "Nothing to report.");
}

/* COUNTED: the month has data of this kind, so 0 means that there were none. */
static void add_total(const struct stats_page *p, const char *name, uint64_t now,
	uint64_t before, bool counted)
{
	bool known = p->stats->previous.len > 0;

	kb_report_cell(p->report, kb_str_of(name));
	if (counted)
		put_count(p->report, now);
	else
		kb_report_cell(p->report, KB_STR("no data"));
	if (known)
		put_count(p->report, before);
	else
		kb_report_cell(p->report, KB_STR(""));
	if (known && counted && before)
		kb_report_cell_fmt(p->report, "%+.0f %%",
			((double)now - (double)before) * 100 / (double)before);
	else
		kb_report_cell(p->report, KB_STR(""));
}

static void add_share(
	const struct stats_page *p, const char *name, double now, double before)
{
	kb_report_cell(p->report, kb_str_of(name));
	put_percent(p->report, now);
	put_percent(p->report, p->stats->previous.len ? before : -1);
	if (p->stats->previous.len && now >= 0 && before >= 0)
		kb_report_cell_fmt(p->report, "%+.1f points", (now - before) * 100);
	else
		kb_report_cell(p->report, KB_STR(""));
}

static void add_totals(const struct stats_page *p)
{
	const struct kb_stats *s = p->stats;
	const struct kb_stats_totals *now = &s->now, *before = &s->before;
	bool tickets = now->tickets.tickets > 0;

	kb_report_heading(p->report, 2, "Compared with the previous month");
	kb_report_table(p->report, "Metric|This month>|Previous month>|Change>");
	add_total(p, "Views", now->views, before->views, now->views > 0);
	add_total(p, "Searches", now->searches, before->searches, now->searches > 0);
	add_total(p, "Searches without a result", now->failed, before->failed,
		now->searches > 0);
	add_total(p, "Tickets", now->tickets.tickets, before->tickets.tickets, tickets);
	add_total(p, "Escalated tickets", now->tickets.escalated,
		before->tickets.escalated, tickets);
	add_total(p, "Handling minutes", now->tickets.minutes, before->tickets.minutes,
		tickets);
	add_share(p, "Helpful votes", helpful_share(now->helpful, now->unhelpful),
		helpful_share(before->helpful, before->unhelpful));
	add_share(p, "Link rate", kb_stats_link_rate(&now->tickets),
		kb_stats_link_rate(&before->tickets));
	add_share(p, "Deflection", kb_stats_deflection(now), kb_stats_deflection(before));
	kb_report_paragraph(p->report,
		"Deflection = helped / (helped + tickets), where helped = views × helpful "
		"votes / all votes. This is an estimate: not everyone whom a document "
		"helped would have contacted you.");
	kb_report_paragraph(p->report,
		"Link rate = tickets with an article or reply linked / all tickets.");
	kb_report_paragraph(p->report,
		"Cost = minutes + 2 × escalated × minutes / tickets%s: an escalated ticket "
		"counts three times.",
		s->minute_cost > 0 ? ", times audit.minute_cost" : ", in minutes");
	if (s->unclassified)
		kb_report_paragraph(p->report,
			"%llu tickets match no issue in the taxonomy.",
			(unsigned long long)s->unclassified);
}

static kb_str missing_list(struct kb_arena *arena, unsigned missing)
{
	static const enum kb_type types[] = {KB_ARTICLE, KB_WORKFLOW, KB_REPLY};
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < KB_LEN(types); i++)
		if (missing & 1u << types[i])
			kb_buf_fmt(&out, "%s%s", out.len ? ", " : "",
				kb_type_name(types[i]));
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void add_no_content(const struct stats_page *p)
{
	const struct kb_stats_topics *topics = &p->stats->no_content;

	put_section(p, "Issues without content", topics->len,
		"Customers contact you about these issues, but content is missing.");
	if (topics->len)
		kb_report_table(p->report,
			"Issue*|Locale|Missing*|Tickets>|Previous>|Linked>|Escalated>|Cost>|"
			"Owner");
	for (size_t i = 0; i < topics->len; i++) {
		const struct kb_stats_topic *t = &topics->items[i];

		kb_report_cell(p->report, t->issue->id);
		kb_report_cell(p->report, code_of(p, t->locale));
		kb_report_cell(p->report, missing_list(p->report->arena, t->missing));
		put_count(p->report, t->now.tickets);
		put_count(p->report, t->before.tickets);
		put_count(p->report, t->now.linked);
		put_count(p->report, t->now.escalated);
		put_cost(p, t->cost);
		kb_report_cell(p->report, t->issue->owner);
	}
}

static void add_still(const struct stats_page *p)
{
	const struct kb_stats_topics *topics = &p->stats->still;

	put_section(p, "Content that doesn't stop tickets", topics->len,
		"These issues have content, but customers still contact you. They may not "
		"find it, or it may not answer their question. 'Reviewed' is the oldest "
		"review, 'Changed' the last significant change.");
	if (topics->len)
		kb_report_table(p->report,
			"Issue*|Tickets>|Previous>|Link rate>|Cost>|Views>|Helpful>|"
			"Reviewed|Changed|Owner");
	for (size_t i = 0; i < topics->len; i++) {
		const struct kb_stats_topic *t = &topics->items[i];

		kb_report_cell(p->report, t->issue->id);
		put_count(p->report, t->now.tickets);
		put_count(p->report, t->before.tickets);
		put_percent(p->report, kb_stats_link_rate(&t->now));
		put_cost(p, t->cost);
		put_count(p->report, t->views);
		put_percent(p->report, helpful_share(t->helpful, t->unhelpful));
		put_day(p, t->reviewed, "never");
		put_day(p, t->changed, p->stats->history ? "no change" : "unknown");
		kb_report_cell(p->report, t->issue->owner);
	}
}

static void add_searches(const struct stats_page *p)
{
	put_section(p, "Searches without results", p->stats->searches.len,
		"If a document answers the search, add the words to its 'keywords'. If "
		"not, the command starts a new one.");
	if (p->stats->searches.len)
		kb_report_table(p->report, "Search*|Locale|Searches>|Command*");
	for (size_t i = 0; i < p->stats->searches.len; i++) {
		const struct kb_stats_search *s = &p->stats->searches.items[i];

		kb_report_cell(p->report, s->search->query);
		kb_report_cell(p->report, code_of(p, s->search->locale));
		put_count(p->report, s->search->count);
		kb_report_cell(p->report, KB_STR(""));
		kb_report_text(p->report, KB_ROLE_CODE, s->command);
	}
}

static void add_unhelpful(const struct stats_page *p)
{
	put_section(p, "Content rated unhelpful", p->stats->unhelpful.len,
		"Few of the readers who voted found these documents helpful.");
	if (p->stats->unhelpful.len)
		kb_report_table(
			p->report, "Document*|Views>|Yes>|No>|Helpful>|Reasons*|Owner");
	for (size_t i = 0; i < p->stats->unhelpful.len; i++) {
		const struct kb_stats_document *d = &p->stats->unhelpful.items[i];

		kb_report_cell(p->report, d->doc->path);
		put_count(p->report, d->views);
		put_count(p->report, d->helpful);
		put_count(p->report, d->unhelpful);
		put_percent(p->report, helpful_share(d->helpful, d->unhelpful));
		kb_report_cell(p->report, d->reasons);
		kb_report_cell(p->report, d->doc->facts->owner);
	}
}

static void add_unused(const struct stats_page *p)
{
	char text[160];

	snprintf(text, sizeof(text), "Nobody has viewed these documents since %.*s.",
		KB_ARG(p->stats->from));
	put_section(p, "Content nobody reads", p->stats->unused.len, text);
	if (p->stats->unused.len)
		kb_report_table(p->report, "Document*|Owner");
	for (size_t i = 0; i < p->stats->unused.len; i++) {
		kb_report_cell(p->report, p->stats->unused.items[i].doc->path);
		kb_report_cell(p->report, p->stats->unused.items[i].doc->facts->owner);
	}
}

static void add_agents_only(const struct stats_page *p)
{
	const struct kb_stats_topics *topics = &p->stats->agents_only;

	put_section(p, "Content for agents only", topics->len,
		"Agents have content about these issues, but customers don't.");
	if (topics->len)
		kb_report_table(
			p->report, "Issue*|Locale|Tickets>|Previous>|Cost>|Owner");
	for (size_t i = 0; i < topics->len; i++) {
		const struct kb_stats_topic *t = &topics->items[i];

		kb_report_cell(p->report, t->issue->id);
		kb_report_cell(p->report, code_of(p, t->locale));
		put_count(p->report, t->now.tickets);
		put_count(p->report, t->before.tickets);
		put_cost(p, t->cost);
		kb_report_cell(p->report, t->issue->owner);
	}
}

static void add_changes(const struct stats_page *p)
{
	const struct kb_stats_topics *topics = &p->stats->changes;

	put_section(p, "What got better and worse", topics->len,
		"The issues whose cost changed most since the previous month.");
	if (topics->len)
		kb_report_table(p->report, "Issue*|Tickets>|Previous>|Cost>|Change>");
	for (size_t i = 0; i < topics->len; i++) {
		const struct kb_stats_topic *t = &topics->items[i];
		double each = p->stats->minute_cost > 0 ? p->stats->minute_cost : 1;

		kb_report_cell(p->report, t->issue->id);
		put_count(p->report, t->now.tickets);
		put_count(p->report, t->before.tickets);
		put_cost(p, t->cost);
		kb_report_cell_fmt(p->report, "%+.0f",
			(t->cost - kb_tickets_cost(&t->before)) * each);
	}
}

static void add_training(const struct stats_page *p)
{
	put_section(p, "Training topics", p->stats->training.len,
		"Content exists, but most tickets of this team, channel, and locale don't "
		"link to it.");
	if (p->stats->training.len)
		kb_report_table(p->report,
			"Team|Channel|Locale|Issue*|Tickets>|Link rate>|Escalated>|"
			"Unlinked cost>");
	for (size_t i = 0; i < p->stats->training.len; i++) {
		const struct kb_stats_training *t = &p->stats->training.items[i];

		kb_report_cell(p->report, t->team);
		kb_report_cell(p->report, t->channel);
		kb_report_cell(p->report, code_of(p, t->locale));
		kb_report_cell(p->report, t->issue->id);
		put_count(p->report, t->now.tickets);
		put_percent(p->report, kb_stats_link_rate(&t->now));
		put_count(p->report, t->now.escalated);
		put_cost(p, t->cost);
	}
}

static void add_effects(const struct stats_page *p)
{
	put_section(p, "Effect of content changes", p->stats->effects.len,
		"Tickets in the month before a significant change and in the month after "
		"it. The change may not be the only cause.");
	if (p->stats->effects.len)
		kb_report_table(p->report,
			"Date|Document*|What changed*|Issue|Month before>|Month after>|Change>");
	for (size_t i = 0; i < p->stats->effects.len; i++) {
		const struct kb_stats_effect *e = &p->stats->effects.items[i];

		kb_report_cell(p->report, e->day);
		kb_report_cell(p->report, e->doc->path);
		kb_report_cell(p->report, e->summary);
		kb_report_cell(p->report, e->issue->id);
		put_count(p->report, e->before);
		put_count(p->report, e->after);
		if (e->before)
			kb_report_cell_fmt(p->report, "%+.0f %%",
				((double)e->after - (double)e->before) * 100 /
					(double)e->before);
		else
			kb_report_cell(p->report, KB_STR(""));
	}
}

void kb_report_stats(struct kb_report *report, const struct kb_library *lib,
	const struct kb_stats *stats)
{
	const struct stats_page page = {report, lib, stats};

	kb_report_init(report, "Topics that need work");
	kb_stats_value(lib, stats, report->arena, report->data);
	kb_report_paragraph(report, "Month: %.*s.", KB_ARG(stats->month));
	add_no_content(&page);
	add_still(&page);
	add_searches(&page);
	add_unhelpful(&page);
	add_unused(&page);
	add_agents_only(&page);
	add_totals(&page);
	add_changes(&page);
	add_training(&page);
	add_effects(&page);
}
