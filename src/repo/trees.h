/*
 * Trees of a revision as Git stores them, and what differs between two.
 */
#ifndef KB_REPO_TREES_H
#define KB_REPO_TREES_H

#include "git.h"
#include "kb/map.h"

/* Reads objects, and keeps some trees that are likely to be asked for again. */
struct kb_trees;

struct kb_trees *kb_trees_new(git_odb *odb);
void kb_trees_free(struct kb_trees *trees);
/* The folder PREFIX (or the tree itself) within TREE; false when it is not there, which
 * *broken tells apart from a tree that cannot be read. */
bool kb_trees_find(struct kb_trees *trees, const git_oid *tree, kb_str prefix,
	git_oid *out, bool *broken);
/* Calls CHANGED for each file below A or B (NULL: nothing there) that is not the same on
 * both sides, with the ids of its blobs (NULL: not there), in Git's order. Links within
 * the tree count as files, submodules as nothing. -1 when a tree cannot be read. */
typedef void kb_trees_changed_fn(
	void *ctx, kb_str path, const uint8_t *a, const uint8_t *b);
int kb_trees_changes(struct kb_trees *trees, const git_oid *a, const git_oid *b,
	kb_trees_changed_fn *changed, void *ctx);

#endif
