/*
 * Statistics: access logs and ticket exports become the monthly tables of usage/.
 *
 *	struct kb_import *import = kb_import_new(lib, &options);
 *	kb_import_add(import, "access.log.1.gz", fd, &err);
 *	kb_import_finish(import);
 *	... import->rewrites is what the files of usage/ become
 *	kb_import_free(import);
 *
 * docs/statistics.md says which requests count. What was counted before does not count
 * again, however logs overlap: usage/imported-2026-10.csv holds, for each log, its period
 * and marks of some of its lines (see src/usage/span.h). Nothing of a person is kept:
 * no address, no browser, no search that few made.
 *
 * A line that is not right is a fault, and the lines after it are read. Memory does not
 * grow with the size of logs.
 */
#ifndef KB_STATS_H
#define KB_STATS_H

#include "kb/rewrite.h"
#include "kb/usage.h"
#include "kb/value.h"

enum kb_log_format {
	KB_LOG_AUTO, /* What the first line tells; any other file has tickets. */
	KB_LOG_COMBINED,
	KB_LOG_COMMON,
	KB_LOG_JSON,
	KB_LOG_W3C,
	KB_LOG_TICKETS,
};

struct kb_import_options {
	enum kb_log_format format;
	unsigned audience; /* Whose site the log is of. */
	uint32_t locale;   /* Of tickets that do not say; KB_NONE: they are faults. */
	time_t month;	   /* In which all tickets came; 0: as they say. */
	const char *
		encoding; /* Of tickets; NULL: UTF-8, or what a mark at the front says. */
};

/* Searches made less often in a month than this are not in usage/searches-*.csv. */
enum { KB_STATS_FLOOR = 5 };

struct kb_import_fault {
	kb_str file;
	size_t line; /* 0: the file as a whole */
	kb_str message;
};

/* What became of the lines (or rows) of one file. */
struct kb_import_file {
	kb_str name;
	const char *kind; /* "access log", "tickets", "aggregates" */
	uint64_t lines;
	uint64_t views, votes, searches, tickets; /* that count now */
	uint64_t known;				  /* that were counted before */
	uint64_t bots;				  /* requests of programs */
	uint64_t others;			  /* and other requests than for a page */
	uint64_t unknown; /* visits of pages that show no document */
	uint64_t faults;
};

enum { KB_IMPORT_FAULTS = 20 }; /* told of each file */
/* Of tickets and aggregates, which are read whole: bytes, unpacked. Logs have no limit.
 */
enum { KB_EXPORT_MAX = 1 << 28 };

struct kb_import {
	const struct kb_library *lib;
	struct kb_import_options options;
	struct kb_arena *arena; /* Owns all that follows. */
	struct {
		KB_VEC(struct kb_import_file);
	} files;
	struct {
		KB_VEC(struct kb_import_fault);
	} faults;
	kb_strs notes; /* What else one should know. */
	struct {
		KB_VEC(struct kb_rewrite);
	} rewrites;		    /* Set by kb_import_finish. */
	struct import_state *state; /* Private. */
};

struct kb_import *kb_import_new(
	const struct kb_library *lib, const struct kb_import_options *options);
void kb_import_free(struct kb_import *import);
/* Reads the log or tickets of the open file FD. NAME is what messages call it. A file
 * that is damaged, or that is neither, is a fault. Fails when FD or Git's history cannot
 * be read, when usage/ itself has tables that are not right, or when kb.yaml does not say
 * how to read tickets. */
int kb_import_add(
	struct kb_import *import, const char *name, int fd, struct kb_error *err);
void kb_import_finish(struct kb_import *import);
/* Sets ROOT's keys as schemas/output/stats-import.json has them. */
void kb_import_value(
	const struct kb_import *import, struct kb_arena *arena, struct kb_value *root);

#endif
