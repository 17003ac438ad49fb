/*
 * Versions: revisions as people name them, and the paths that differ between two sources.
 *
 * Everything that compares two states of a repository begins here: revisions are
 * named as Git names them, and a change is a pair of paths with the blobs at
 * those paths. A removed and an added path are one file that moved if their bytes are
 * the same or half of their lines are, as in Git.
 */
#ifndef KB_CHANGE_H
#define KB_CHANGE_H

#include "kb/source.h"

/* Commit ids in hex; `to` is empty if the user named none: the caller decides whether
 * that means the work tree, the index or HEAD. */
struct kb_revisions {
	char from[41], to[41];
};

/*
 * "A": from A. "A..B": from A to B. "A...B": from their merge base to B. A missing side
 * is HEAD. A date (2026-11-01), unless a revision has that name, is what HEAD was when
 * the day began in UTC. DIR is in a work tree or is a bare repository. KB_E_GIT when a
 * revision does not exist or there is no merge base; in a shallow clone the message names
 * fetch-depth: 0.
 */
int kb_revisions_parse(struct kb_revisions *out, const char *dir, const char *spec,
	struct kb_error *err);
/* The commit at which A and B (NULL: HEAD) diverged. */
int kb_merge_base(char out[41], const char *dir, const char *a, const char *b,
	struct kb_error *err);
/* Does HEAD have a commit? If not, ERR says why: there is no commit, no repository, or kb
 * cannot read it. */
bool kb_head_exists(const char *dir, struct kb_error *err);
/* The email address that Git puts into commits made in DIR, or empty. */
kb_str kb_git_email(const char *dir, struct kb_arena *arena);

enum kb_path_change_kind {
	KB_PATH_ADDED,
	KB_PATH_REMOVED,
	KB_PATH_MODIFIED,
	KB_PATH_MOVED, /* and modified, unless the blobs are equal */
};

struct kb_path_change {
	kb_str from, to; /* below the content roots; empty: not there on that side */
	uint8_t kind;
	uint8_t similarity; /* of a moved file: percent, 100 for equal blobs */
	char old_blob[41], new_blob[41]; /* in hex; empty: not there */
};

/* May other files be changed because this one moved? Only if most of its text is the
 * same, or half of it under the same name. */
bool kb_path_surely_moved(const struct kb_path_change *change);

/* A list, sorted by `to`, or by `from` where that is empty. */
struct kb_path_changes;

/*
 * What differs between FROM and TO, which may be of any kind. kb does not read files of a
 * work tree that have the size and times in Git's index. It reads all files of a plain
 * folder.
 */
int kb_path_changes_find(struct kb_path_changes **out, struct kb_source *from,
	struct kb_source *to, struct kb_error *err);
/* Frees the changes and their strings; NULL is fine. */
void kb_path_changes_free(struct kb_path_changes *changes);
/* The changes as an array of *N; it lives as long as CHANGES. */
const struct kb_path_change *kb_path_changes_items(
	const struct kb_path_changes *changes, size_t *n);
/* By the path in FROM, or in TO; NULL: nothing changed there. */
const struct kb_path_change *kb_path_change_from(
	const struct kb_path_changes *changes, kb_str path);
const struct kb_path_change *kb_path_change_to(
	const struct kb_path_changes *changes, kb_str path);

#endif
