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
/* Two trees that are to be compared. */
struct kb_tree_pair {
	git_oid a, b;
	bool in_a, in_b; /* false: nothing is there */
	bool broken;	 /* set: a tree cannot be read, and not all was told */
};
/* Calls CHANGED for each file that is not the same in both trees of one of the N PAIRS,
 * with the ids of its blobs (NULL: not there). Links within the tree count as files,
 * submodules as nothing. Many pairs of versions that follow each other are compared in
 * less time than each alone; changes of a pair come in any order. */
typedef void kb_trees_changed_fn(
	void *ctx, size_t pair, kb_str path, const uint8_t *a, const uint8_t *b);
void kb_trees_changes(struct kb_trees *trees, struct kb_tree_pair *pairs, size_t n,
	kb_trees_changed_fn *changed, void *ctx);

#endif
