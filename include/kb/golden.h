/*
 * Golden queries: searches that must keep finding the right documents, from a file
 * that follows schemas/search-tests.json.
 */
#ifndef KB_GOLDEN_H
#define KB_GOLDEN_H

#include "kb/diag.h"
#include "kb/search.h"

struct kb_golden_test {
	struct kb_search_query query;
	kb_str expect; /* The ids that are right, for people: "'a' or 'b'". */
	long long within;
	size_t rank;  /* Of the first right one, from 1; 0: it is not found. */
	kb_str first; /* The id of the first hit; may be empty. */
	bool found;   /* RANK is within WITHIN. */
};

/* The queries of one locale. */
struct kb_golden_tally {
	size_t tests, found;
	double recall, mean_reciprocal_rank;
};

struct kb_golden {
	struct kb_golden_test *tests;
	size_t n;
	struct kb_golden_tally *locales; /* By locale; TESTS may be 0. */
};

/* Runs the queries in TEXT, the file PATH. DEFAULTS has
 * what a query does not say itself. Everything is in ARENA. If it fails because of the
 * file, DIAGS has finished findings that say why. */
int kb_golden_run(struct kb_search *search, const struct kb_library *lib,
	const struct kb_search_query *defaults, kb_str text, kb_str path,
	struct kb_arena *arena, struct kb_golden *out, struct kb_diags *diags,
	struct kb_error *err);
/* Did all queries find the right documents? */
bool kb_golden_passed(const struct kb_golden *golden);
/* Sets the members "tests" and "locales" of ROOT. */
void kb_golden_value(const struct kb_library *lib, const struct kb_golden *golden,
	struct kb_arena *arena, struct kb_value *root);

#endif
