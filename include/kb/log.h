/*
 * The log: versions of documents, newest first, followed through renames, each with what
 * changed in it in a line.
 */
#ifndef KB_LOG_H
#define KB_LOG_H

#include "kb/diff.h"
#include "kb/history.h"
#include "kb/operand.h"
#include "kb/value.h"

struct kb_log_entry { /* A version. */
	struct kb_history_version version;
	/* False: a shallow clone ends here, and the commit is just the one it ends at. */
	bool known;
	struct kb_commit_message message;
	kb_str day;
	kb_str summary;
	enum kb_weight weight;
};

struct kb_log_document {
	const struct kb_document *doc;
	struct kb_log_entry *entries;
	size_t len;
};

struct kb_log {
	struct kb_log_document *items;
	size_t len;
	size_t entries; /* Of all documents. */
};

struct kb_log_options {
	time_t since, until; /* When versions were written; 0: no bound. */
	unsigned most;	     /* Versions of each document; 0: all. */
	enum kb_weight least;
};

/* Lists the versions of DOCS. OUT is in ARENA and borrows from LIB and HISTORY. */
void kb_log_find(const struct kb_library *lib, struct kb_history *history,
	const kb_docs *docs, const struct kb_log_options *options, struct kb_arena *arena,
	struct kb_log *out);
/* Sets ROOT's keys as schemas/output/log.json has them. */
void kb_log_value(const struct kb_library *lib, const struct kb_log *log,
	struct kb_arena *arena, struct kb_value *root);

#endif
