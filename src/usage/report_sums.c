#include "report.h"

bool stats_wants_locale(const struct stats_run *run, uint32_t locale)
{
	return run->wanted->locale == KB_NONE || run->wanted->locale == locale;
}

bool stats_wants_issue(const struct stats_run *run, const struct kb_issue *issue)
{
	const struct kb_issue *top = run->wanted->issue;

	if (!issue)
		return !top && !run->wanted->owner.len;
	if (run->wanted->owner.len && !kb_str_eq(run->wanted->owner, issue->owner))
		return false;
	return !top || kb_issue_below(run->lib->taxonomy, issue, top);
}

double kb_tickets_cost(const struct kb_ticket_sums *s)
{
	double minutes = (double)s->minutes;

	return s->tickets
		       ? minutes + 2 * (double)s->escalated * minutes / (double)s->tickets
		       : 0;
}

double kb_stats_link_rate(const struct kb_ticket_sums *s)
{
	return s->tickets ? (double)s->linked / (double)s->tickets : -1;
}

double kb_stats_deflection(const struct kb_stats_totals *t)
{
	double votes = (double)(t->helpful + t->unhelpful);
	double helped = votes > 0 ? (double)t->views * (double)t->helpful / votes : 0;

	return votes > 0 && helped + (double)t->tickets.tickets > 0
		       ? helped / (helped + (double)t->tickets.tickets)
		       : -1;
}
