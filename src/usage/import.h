/* What the readers of logs and of tickets share. */
#ifndef USAGE_IMPORT_H
#define USAGE_IMPORT_H

#include "addresses.h"
#include "filter.h"
#include "month.h"

struct import_state {
	struct kb_reader *reader;
	struct addresses addresses;
	struct filter filter;
	struct {
		KB_VEC(struct month *);
	} months;
	struct month *last; /* That was asked for last. */
};

/* A fault in the file that is being read. */
void import_fault(struct kb_import *import, size_t line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What stopped the reading of a file: -1 with ERR if that is the system, so that nothing
 * is imported; else a fault, unless the file is read AGAIN. */
int import_stopped(struct kb_import *import, size_t line, const struct kb_error *stop,
	bool again, struct kb_error *err);
void import_note(struct kb_import *import, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
struct kb_import_file *import_file(struct kb_import *import);

/* The month that TIME is in, its tables read; NULL with ERR: they cannot be read. */
struct month *import_month(struct kb_import *import, time_t time, struct kb_error *err);

/* What a file counts in one month, before it is known whether that was counted before. */
struct import_part {
	struct month *month;
	struct span_builder span;
	struct seen_marks seen;
	const struct span *was; /* Of the month, those of this kind, */
	size_t nwas;
	bool *same;			/* and whether they are of the same log. */
	bool database;			/* A database has counted this month. */
	uint64_t fresh;			/* Lines that were not counted before. */
	kb_map tables[KB_USAGE_TABLES]; /* to struct row *, by their words */
	uint64_t views, votes, searches, tickets;
};
struct import_parts {
	kb_str kind;
	struct kb_arena *arena; /* Of the file. */
	struct {
		KB_VEC(struct import_part *);
	} items;
	bool again; /* The second reading: see parts_settle. */
};

/* The part of the month that TIME is in; NULL with ERR. */
struct import_part *parts_at(struct kb_import *import, struct import_parts *parts,
	time_t time, struct kb_error *err);
/* Notes a line. False: it was counted before, so it must not be counted. */
bool part_line(struct import_parts *parts, struct import_part *part, struct mark line);
void part_count(struct import_parts *parts, struct import_part *part, unsigned table,
	const kb_str *words, const uint64_t *numbers);
/* After the first reading: does the file have to be read again, because some of it was
 * counted before? Then counts begin at 0 again. */
bool parts_settle(struct kb_import *import, struct import_parts *parts);
/* Adds what was counted to the months. */
void parts_finish(struct kb_import *import, struct import_parts *parts);
void parts_dispose(struct import_parts *parts);

/* Reads FD, which can be read from its beginning again. */
int import_log(struct kb_import *import, int fd, enum kb_log_format format,
	struct kb_error *err);
int import_tickets(struct kb_import *import, int fd, struct kb_error *err);
/* Rows that 'kb stats sql' made; TEXT begins with their columns. */
extern const char aggregate_columns[];
/* Is a span of this kind a month that a database has counted for the audience? */
bool is_database(kb_str kind, kb_str audience);
int import_aggregates(struct kb_import *import, kb_str text, struct kb_error *err);

#endif
