/*
 * Tallies: how often each of a few names occurs. Names are borrowed; an empty one
 * counts as any other. {0} is an empty tally; dispose of it with kb_vec_dispose.
 */
#ifndef KB_TALLY_H
#define KB_TALLY_H

#include "kb/vec.h"

struct kb_count {
	kb_str name;
	size_t n;
};

struct kb_tally {
	KB_VEC(struct kb_count);
};

/* Counts NAME once more. */
void kb_tally_add(struct kb_tally *tally, kb_str name);
/* Sorts the most frequent names first, equally frequent ones by name. */
void kb_tally_sort(struct kb_tally *tally);

#endif
