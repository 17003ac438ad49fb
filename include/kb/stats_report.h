/*
 * What usage says: topics that need work, the most expensive first.
 *
 *	kb_stats_find(lib, history, &wanted, arena, &stats, &err);
 *	kb_report_stats(&report, lib, &stats);
 *
 * A topic is an issue in a locale. All of it is about groups of cases: counts below
 * KB_STATS_FLOOR are left out, and nothing is ever said of a person.
 *
 * The cost of tickets is their minutes, and an escalated ticket counts three times, as a
 * second and a third person work on it: minutes + 2 * escalated * minutes / tickets.
 */
#ifndef KB_STATS_REPORT_H
#define KB_STATS_REPORT_H

#include "kb/history.h"
#include "kb/stats.h"

struct kb_ticket_sums {
	uint64_t tickets, linked, escalated, minutes;
};
/* In minutes. */
double kb_tickets_cost(const struct kb_ticket_sums *sums);

/* An issue in a locale; LOCALE may be KB_NONE: in all. */
struct kb_stats_topic {
	const struct kb_issue *issue;
	uint32_t locale;
	struct kb_ticket_sums now, before; /* in the month, and in the one before */
	double cost;
	unsigned missing; /* bit 1 << enum kb_type: content that it lacks */
	/* Of the documents about it, in the month: */
	uint64_t views, helpful, unhelpful;
	uint32_t documents;
	const struct kb_document *doc; /* one of them: the one read most, or NULL */
	time_t reviewed;	       /* the oldest; 0: some never was */
	time_t changed; /* when one last changed in substance; 0: not known */
};

struct kb_stats_topics {
	KB_VEC(struct kb_stats_topic);
};

struct kb_stats_search {
	const struct kb_usage_search *search;
	kb_str command; /* that begins a document for it */
};

struct kb_stats_document {
	const struct kb_document *doc;
	uint64_t views, helpful, unhelpful; /* in the months that count */
	kb_str reasons;			    /* "unclear 3, wrong 1"; or empty */
};

/* What agents can learn: content is there, and they do not link it. */
struct kb_stats_training {
	kb_str team; /* who owns the issue; or empty */
	kb_str channel;
	uint32_t locale;
	const struct kb_issue *issue;
	struct kb_ticket_sums now;
	double cost; /* of the tickets without a link */
};

/* Tickets in the month before a change of content, and in the one after. */
struct kb_stats_effect {
	const struct kb_issue *issue;
	const struct kb_document *doc;
	kb_str day, summary;
	uint64_t before, after;
};

struct kb_stats_totals {
	uint64_t views, helpful, unhelpful, searches,
		failed; /* FAILED: without a result */
	struct kb_ticket_sums tickets;
};

struct kb_stats {
	kb_str month, previous; /* "2026-10"; PREVIOUS may be empty: there is no data */
	kb_str from; /* the first of the months that unused and unhelpful look at */
	struct kb_stats_totals now, before;
	uint64_t unclassified; /* tickets of no issue that the taxonomy has */
	double minute_cost;    /* of kb.yaml; 0: not given */
	struct kb_stats_topics no_content, still, agents_only, changes;
	struct {
		KB_VEC(struct kb_stats_search);
	} searches;
	struct {
		KB_VEC(struct kb_stats_document);
	} unhelpful, unused;
	struct {
		KB_VEC(struct kb_stats_training);
	} training;
	struct {
		KB_VEC(struct kb_stats_effect);
	} effects;
	bool history; /* Is it known when content changed? */
};

struct kb_stats_wanted {
	const char *month;	      /* NULL: the last one that is over, and has data */
	const struct kb_issue *issue; /* with those below it; NULL: all */
	uint32_t locale;	      /* KB_NONE: all */
	kb_str owner;		      /* of the issue or document; empty: all */
};

/* HISTORY may be NULL. Fails if there is no such month, or no data. Strings are in ARENA.
 * Dispose of STATS in both cases. */
int kb_stats_find(const struct kb_library *lib, struct kb_history *history,
	const struct kb_stats_wanted *wanted, struct kb_arena *arena,
	struct kb_stats *stats, struct kb_error *err);
/* Frees the lists; their strings are in the arena. */
void kb_stats_dispose(struct kb_stats *stats);
/* Sets ROOT's keys as schemas/output/stats-report.json has them. */
void kb_stats_value(const struct kb_library *lib, const struct kb_stats *stats,
	struct kb_arena *arena, struct kb_value *root);

/* The share of visits that needed no ticket: readers whom a document helped, against
 * those and the tickets. Readers whom it helped are the views, in the share of 'yes'
 * votes. -1: there are no votes. */
double kb_stats_deflection(const struct kb_stats_totals *totals);
/* -1: there are no tickets. */
double kb_stats_link_rate(const struct kb_ticket_sums *sums);

#endif
