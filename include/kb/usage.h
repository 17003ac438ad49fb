/*
 * Usage: how often content was read and searched, and how many cases customer support
 * had, by month. It is read from the tables in usage/ (docs/statistics.md), which 'kb
 * stats import' writes.
 *
 *	struct kb_usage usage;
 *	kb_usage_read(lib, arena, &usage);
 *	for (size_t m = 0; m < usage.len; m++) use(&usage.months[m]);
 *
 * All is in ARENA and borrows from the library. Rows keep the order of their file. Broken
 * rows and files are left out; validation reports them (usage-table).
 */
#ifndef KB_USAGE_H
#define KB_USAGE_H

#include "kb/library.h"

struct kb_usage_views {
	kb_str document;		/* An id, as the table has it. */
	const struct kb_family *family; /* NULL: there is no such document now. */
	uint32_t locale, audience;	/* KB_NONE: not one of kb.yaml's. */
	uint64_t views, helpful, unhelpful, copies;
};

/* Why readers found a document unhelpful. */
struct kb_usage_reason {
	kb_str document;
	const struct kb_family *family;
	uint32_t locale, audience;
	kb_str reason; /* "wrong", "outdated", "unclear", "missing" or "other" */
	uint64_t count;
};

struct kb_usage_search {
	uint32_t locale, audience; /* KB_NONE: not one of kb.yaml's. */
	kb_str query;
	uint64_t count, clicks;
	uint64_t results; /* the most that it had in the month */
};

struct kb_usage_tickets {
	kb_str id;		      /* Of the issue, as the table has it. */
	const struct kb_issue *issue; /* By id or alias; NULL: it is unknown. */
	uint32_t locale;	      /* KB_NONE: not one of kb.yaml's. */
	kb_str channel;
	uint64_t tickets;
	uint64_t linked;    /* of them, those with an article linked */
	uint64_t escalated; /* and those that were escalated */
	uint64_t minutes;   /* of work on all of them */
};

struct kb_usage_month {
	kb_str name;	 /* "2026-10" */
	unsigned number; /* years * 12 + months from 0: to tell how far two are apart */
	struct kb_usage_views *views;
	struct kb_usage_reason *reasons;
	struct kb_usage_search *searches;
	struct kb_usage_tickets *tickets;
	size_t nviews, nreasons, nsearches, ntickets;
};

struct kb_usage {
	struct kb_usage_month *months; /* Those of which there is a file, oldest first. */
	size_t len;
};

/* Reads all tables of the library. */
void kb_usage_read(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_usage *usage);
/* The month "2026-10", or NULL. */
const struct kb_usage_month *kb_usage_month(const struct kb_usage *usage, kb_str name);

/* How many months a document may be without a view: audit.no_views, default three. A part
 * of a month counts as one, and there is always one. */
unsigned kb_usage_unread(const struct kb_config *config);

/* What a table in usage/ is called, and the columns that it has. */
enum kb_usage_table {
	KB_USAGE_VIEWS,
	KB_USAGE_REASONS,
	KB_USAGE_SEARCHES,
	KB_USAGE_TICKETS,
	KB_USAGE_TABLES
};
struct kb_usage_format {
	const char *prefix;  /* of the file: "usage/views-" */
	const char *columns; /* its first line */
	size_t words;	     /* columns that are not numbers; they come first */
	size_t numbers;
};
extern const struct kb_usage_format kb_usage_formats[KB_USAGE_TABLES];

#endif
