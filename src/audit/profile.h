/*
 * The profile of a text: what is compared of it with others. It depends on the text and
 * its locale alone, so it is kept between runs.
 *
 * A sketch tells how alike two texts are: MinHash of all sequences of three words, in one
 * pass (one permutation, with empty bins filled by rotation: Shrivastava and Li, 2014).
 * Statements are sentences with a number and a unit.
 */
#ifndef AUDIT_PROFILE_H
#define AUDIT_PROFILE_H

#include "kb/library.h"

enum { PROFILE_BINS = 128 };

enum profile_unit {
	UNIT_MONEY,
	UNIT_PERCENT,
	UNIT_MINUTE,
	UNIT_HOUR,
	UNIT_DAY,
	UNIT_WEEK,
	UNIT_MONTH,
	UNIT_YEAR,
	UNIT_PHONE,
};

struct statement {
	uint32_t unit;
	uint32_t nwords;
	const uint32_t *words; /* hashes of the words that carry meaning, sorted */
	kb_str number;	       /* "14"; several are separated by spaces */
	kb_str text;	       /* the sentence, at most 160 bytes */
};

struct profile {
	uint32_t shingles; /* how many sequences of three words it has */
	const uint32_t *bins;
	const struct statement *statements;
	uint32_t nstatements;
};

/* Appends the profile of a document as bytes. Nothing: it cannot be read. */
void profile_make(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *scratch, const struct kb_document *doc, kb_buf *out);
/* Reads such bytes, which are borrowed; false: they are damaged. */
bool profile_read(kb_str bytes, struct kb_arena *arena, struct profile *out);
/* About how much of two texts is the same, from 0 to 1: the share of the sequences of
 * each that the other one has, too. It is wrong by a twentieth at times. */
double profile_likeness(const struct profile *a, const struct profile *b);

/* statements.c: appends the statements of a passage; returns how many. */
uint32_t statements_put(kb_str locale, kb_str passage, kb_buf *out);

#endif
