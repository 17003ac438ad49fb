/* What the parts of the comparison share. */
#ifndef DIFF_VERSION_H
#define DIFF_VERSION_H

#include "kb/diff.h"
#include "kb/vec.h"

/* From 1. */
uint32_t version_line(const struct kb_version *version, uint32_t off);
/* The text; a row's cells with bars between them. */
kb_str block_text(struct kb_arena *arena, const struct kb_block *block);

bool block_is_diagram(const struct kb_block *block);
/* Sets size and hashes by all else. */
void block_hash(struct kb_block *block);
/* Sets which heading each block is below; it must be KB_NONE for all. */
void version_place(struct kb_version *version);

/*
 * The version as readers of AUDIENCE (of the version's configuration) see it on a page:
 * without blocks for others, links that they cannot open and, but for the most trusted,
 * what a page does not show as it is written. LIB resolves the links; NULL: all of them
 * stay. VERSION itself (which may be NULL) when they see all of it.
 */
const struct kb_version *version_for(struct kb_arena *arena,
	const struct kb_version *version, const struct kb_library *lib,
	unsigned audience);

/* Do two files differ in so many words that it must be a change of substance, whoever
 * reads them? Costs far less than comparing them. */
bool texts_reworded(kb_str before, kb_str after);

/* Which block of the one is which of the other; KB_NONE: it has none. */
struct block_pairs {
	const struct kb_version *from, *to;
	uint32_t *to_of;   /* by old block */
	uint32_t *from_of; /* by new block */
	bool *moved;	   /* by new block: it changed its place among the others */
};
void pairs_find(struct block_pairs *pairs, struct kb_arena *arena,
	const struct kb_version *from, const struct kb_version *to);

/* Longest common subsequence of two lists of hashes: OUT_A[i] is the index in B, or
 * KB_NONE. Bounded: what lies too far apart stays unmatched. */
void lcs_find(
	const uint64_t *a, uint32_t na, const uint64_t *b, uint32_t nb, uint32_t *out_a);

/* S with composed letters (NFC), whichever way they are written; in ARENA or S itself. */
kb_str composed(struct kb_arena *arena, kb_str s);

/* Is it only spaces, punctuation and the like? */
bool is_marks(kb_str s);

/* Words of one text and the other. */
struct word_runs {
	struct kb_word_run *runs;
	uint32_t n;
};
enum kb_weight words_weight(
	struct kb_arena *arena, const struct word_runs *words, kb_str *reason);

/* Keys that differ go to LIST. */
struct changes {
	struct kb_arena *arena;
	struct {
		KB_VEC(struct kb_doc_change);
	} list;
};
void front_compare(struct changes *changes, const struct kb_version *from,
	const struct kb_version *to);
/* The body's, by its operations. LINKS may be NULL. */
void body_compare(struct changes *changes, const struct kb_diff *diff,
	const struct block_pairs *pairs, const struct kb_diff_links *links);

/* Where the links of two versions lead. */
struct targets {
	struct kb_arena *arena;
	const struct kb_version *from, *to;
	const struct block_pairs *pairs;
	const struct kb_diff_links *links; /* or NULL */
};
/* Do relative paths start from another folder now? */
bool targets_shifted(const struct targets *t);
/* Does a link lead where it led, under another name perhaps? */
bool target_same(const struct targets *t, kb_str before, kb_str after);
/* Did it lead somewhere, and is broken now? */
bool target_lost(const struct targets *t, kb_str before, kb_str after);
/* Part of a process: an end, a step, another workflow. */
bool target_is_process(
	const struct targets *t, const struct kb_version *version, kb_str dest);
/* A destination as it is shown: a heading of the document by its text. In full: a path
 * from the content root. */
kb_str target_label(
	struct kb_arena *arena, const struct kb_version *version, kb_str dest);
kb_str target_full_label(
	struct kb_arena *arena, const struct kb_version *version, kb_str dest);

#endif
