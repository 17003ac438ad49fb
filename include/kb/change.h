/*
 * Versions: which revisions are meant, and which paths differ between two sources.
 *
 * Everything that compares two states of a repository begins here: revisions are
 * named as Git names them, and a change is a pair of paths with the blobs at
 * those paths. A path that went and one that came are one file that moved when their
 * bytes are the same, or else alike by half of their lines, as Git finds renames.
 */
#ifndef KB_CHANGE_H
#define KB_CHANGE_H

#include "kb/source.h"

/* Commit ids in hex; `to` is empty where nothing was said of it (the work tree, the
 * index, HEAD: the caller knows). */
struct kb_revisions {
	char from[41], to[41];
};

/*
 * "A": from A. "A..B": from A to B. "A...B": from their merge base to B. A side left out
 * is HEAD. A day (2026-11-01) is what HEAD was when it began, in UTC, where no revision
 * has that name. DIR is in a work tree or is a bare repository. KB_E_GIT when a revision
 * does not exist or there is no merge base; in a shallow clone the message names
 * fetch-depth: 0.
 */
int kb_revisions_parse(struct kb_revisions *out, const char *dir, const char *spec,
	struct kb_error *err);
/* The commit from which A and B (NULL: HEAD) went apart. */
int kb_merge_base(char out[41], const char *dir, const char *a, const char *b,
	struct kb_error *err);
/* Has HEAD a commit? If not, ERR says why: without one, without a repository, and in one
 * that kb cannot read. */
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

/* Is it sure enough that the file moved for others to be changed on its account? Most of
 * the text is the same, or half of it under the same name. */
bool kb_path_surely_moved(const struct kb_path_change *change);

/* Sorted by `to`, those without one by `from`, among the others. */
struct kb_path_changes;

/*
 * What differs between FROM and TO, whatever they are. Of a work tree, files whose size
 * and times are those of Git's index are not read. A plain folder's files all are.
 */
int kb_path_changes_find(struct kb_path_changes **out, struct kb_source *from,
	struct kb_source *to, struct kb_error *err);
void kb_path_changes_free(struct kb_path_changes *changes);
const struct kb_path_change *kb_path_changes_items(
	const struct kb_path_changes *changes, size_t *n);
/* By the path in FROM, or in TO; NULL: nothing changed there. */
const struct kb_path_change *kb_path_change_from(
	const struct kb_path_changes *changes, kb_str path);
const struct kb_path_change *kb_path_change_to(
	const struct kb_path_changes *changes, kb_str path);

#endif
