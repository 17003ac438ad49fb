/*
 * Trees of a revision as Git stores them, and what differs between two.
 *
 * An outline is the set of paths that somebody asks about: the files of one tree with a
 * number each, in the order of the walk, so that a folder holds a run of numbers. A
 * comparison looks only into folders that are in the outline, hold a wanted number, and
 * are not the same on both sides.
 */
#ifndef KB_REPO_TREES_H
#define KB_REPO_TREES_H

#include "git.h"
#include "kb/map.h"

/* A set of numbers below the outline's count. */
typedef uint64_t kb_bits;

static inline bool kb_bits_has(const kb_bits *bits, uint32_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}
static inline void kb_bits_add(kb_bits *bits, uint32_t i)
{
	bits[i / 64] |= (kb_bits)1 << (i % 64);
}
bool kb_bits_any(const kb_bits *bits, uint32_t from, uint32_t to);

struct kb_outline {
	kb_str name;
	bool is_folder;
	uint32_t from, to; /* its numbers; a file has one */
	struct kb_outline *children; /* sorted as Git sorts */
	size_t nchildren;
};

/* Reads objects, and keeps some trees that are likely to be asked for again. */
struct kb_trees;

struct kb_trees *kb_trees_new(git_odb *odb);
void kb_trees_free(struct kb_trees *trees);
/* The folder PREFIX (or the tree itself) within TREE; false when it is not there, which
 * *broken tells apart from a tree that cannot be read. */
bool kb_trees_find(
	struct kb_trees *trees, const git_oid *tree, kb_str prefix, git_oid *out, bool *broken);
/* Outlines TREE; the paths of its files go into PATHS with their number + 1 as value. */
int kb_trees_outline(struct kb_trees *trees, struct kb_arena *arena, const git_oid *tree,
	struct kb_outline *out, kb_map *paths, struct kb_error *err);
/* Adds to CHANGED those of WANTED that differ between A and B (NULL: nothing there).
 * -1 when a tree cannot be read. */
int kb_trees_compare(struct kb_trees *trees, const struct kb_outline *outline,
	const git_oid *a, const git_oid *b, const kb_bits *wanted, kb_bits *changed);

#endif
