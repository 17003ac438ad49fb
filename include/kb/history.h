/*
 * History: what happened to each path of the content root, according to Git.
 *
 * kb compares each commit before HEAD (or the source's revision) with its parents, once.
 * It keeps the results in the repository's own folder (`kb/` in .git), so the next run
 * compares only new commits. A merge counts for the paths that differ from all of its
 * parents. If a commit adds a path and removes another one that has the same bytes, or
 * half of the same lines, the file was renamed, and its versions include those under the
 * former name. `git log --follow` shows the same; docs/history.md describes the
 * differences.
 *
 * In a shallow clone, kb does not know what was before: dates are 0, and the last version
 * of a path is of the kind KB_VERSION_UNKNOWN.
 */
#ifndef KB_HISTORY_H
#define KB_HISTORY_H

#include <time.h>

#include "kb/source.h"

enum kb_version_kind {
	KB_VERSION_ADDED,
	KB_VERSION_CHANGED,
	KB_VERSION_RENAMED, /* and perhaps changed: see similarity */
	KB_VERSION_DELETED,
	KB_VERSION_MERGED,  /* a merge made it different from all that it merged */
	KB_VERSION_UNKNOWN, /* it was there where a shallow clone ends */
};
/* "added", "changed", "renamed", "deleted", "merged" or "unknown". */
const char *kb_version_kind_name(enum kb_version_kind kind);

struct kb_history_commit {
	char id[41];
	time_t authored, committed;
};

struct kb_history_version {
	struct kb_history_commit commit;
	enum kb_version_kind kind;
	uint8_t similarity; /* of a rename: percent; 100: the same bytes */
	kb_str path;	    /* below the content root, as it was then */
	kb_str from;	    /* of a rename: the former path; of a path that a rename
			       deleted: the new one */
	char blob[41];	    /* empty: deleted */
};

struct kb_dates {
	time_t first, last; /* by author; 0: unknown */
};

struct kb_history;

/* Loads the history of SOURCE, which must outlive it. Without Git, and before the first
 * commit, it is empty. */
int kb_history_load(
	struct kb_history **out, struct kb_source *source, struct kb_error *err);
/* Frees the history and the strings that it gave; NULL is fine. */
void kb_history_free(struct kb_history *history);
/* Is a part of the history missing, because the clone is shallow? */
bool kb_history_shallow(const struct kb_history *history);
/* How many commits this run compared, because no earlier run had. */
size_t kb_history_compared(const struct kb_history *history);

/* The path's versions, newest first, through renames; strings live as long as the
 * history, the list is in ARENA. A path that is no longer there has versions, too. */
size_t kb_history_versions(const struct kb_history *history, struct kb_arena *arena,
	kb_str path, struct kb_history_version **out);
/* Where the file of a former path is now, through renames; PATH itself when it did
 * not move. It lives as long as PATH and the history. */
kb_str kb_history_path_now(const struct kb_history *history, kb_str path);
/* The dates of the first and last version that is known. */
struct kb_dates kb_history_dates(const struct kb_history *history, kb_str path);
/* A hash of the commits that kb_history_versions gives for the path. */
uint64_t kb_history_mark(const struct kb_history *history, kb_str path);

/* All commits, newest first. */
size_t kb_history_commits(const struct kb_history *history);
/* The commit with this number, from 0: the newest. */
struct kb_history_commit kb_history_commit(const struct kb_history *history, size_t i);
/* What a commit changed; see kb_history_versions. */
size_t kb_history_changes(const struct kb_history *history, struct kb_arena *arena,
	size_t commit, struct kb_history_version **out);
/* The number of a commit by its id in hex, or SIZE_MAX. */
size_t kb_history_find(const struct kb_history *history, kb_str id);
/* Sets SINCE, by the number of each commit: is it newer, which means not an ancestor of
 * COMMIT (hex)? SINCE has room for all. Returns false if COMMIT is not in the history. */
bool kb_history_since(const struct kb_history *history, kb_str commit, bool *since);

/* Who made a commit, and what they said; strings in ARENA. */
struct kb_commit_message {
	kb_str author, email, subject, body; /* body: what follows, trailers and all */
};
/* Reads the message of a commit. Fails if the repository lacks it. */
int kb_history_message(const struct kb_history *history, struct kb_arena *arena,
	kb_str commit, struct kb_commit_message *out, struct kb_error *err);
/* Appends a blob's bytes by its id in hex; KB_E_NOTFOUND: a partial clone lacks it. */
int kb_history_blob(
	const struct kb_history *history, kb_str blob, kb_buf *out, struct kb_error *err);

#endif
