/* What the parts of the report share. */
#ifndef USAGE_REPORT_H
#define USAGE_REPORT_H

#include "kb/coverage.h"
#include "kb/stats_report.h"

struct stats_run {
	const struct kb_library *lib;
	struct kb_history *history;
	const struct kb_stats_wanted *wanted;
	struct kb_arena *arena;
	struct kb_usage usage;
	const struct kb_usage_month *now, *before; /* BEFORE may be NULL */
	size_t first; /* of the months of usage that unused and unhelpful look at */
	struct kb_coverage all, public;
	double share;	/* of all tickets, from which an issue is frequent */
	double helpful; /* share of votes below which a document is not */
	uint64_t min_votes;
	struct kb_stats *stats;
};

bool stats_wants_issue(const struct stats_run *run, const struct kb_issue *issue);
bool stats_wants_locale(const struct stats_run *run, uint32_t locale);
void stats_topics(struct stats_run *run);
void stats_documents(struct stats_run *run);
void stats_effects(struct stats_run *run);

#endif
