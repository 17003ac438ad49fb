/*
 * Search: an index of a library, and questions to it.
 *
 * The index is the same for any number of threads, and whether or not parts of it were
 * kept. kb keeps the index of a work tree and the texts of its documents, and counts only
 * what changed again. Each locale has its own words. Words of a document are counted by
 * where they are (title, question, keywords with the labels and keywords of its issues,
 * headings, summary, text with its snippets) and by the audience that may read them: the
 * answer to a query for an audience comes only from what it may read.
 *
 * Ranking is BM25F, with weights that a browser has, too (src/search/view.h). A title
 * counts more when words of the question stand together in it. A word is found by its
 * stem, as the beginning of a longer one, and, when no document has it, with one typing
 * error or as two words that are written. Words that are joined or have signs ("Wi-Fi",
 * "C++", "E-05") are found as one, too (kb_words_joined). Function words count only where
 * the question has nothing else. A word is as rare as it is in its locale, and no rarer
 * than in all that the reader gets.
 */
#ifndef KB_SEARCH_H
#define KB_SEARCH_H

#include "kb/library.h"
#include "kb/value.h"

struct kb_search;

/*
 * Loads a library as kb_library_load does, and opens the index of its documents. Those
 * that cannot be read are in no result. Fails as kb_library_load does. With more than one
 * thread, the index may be made in the background until it is first used.
 */
int kb_search_load(struct kb_search **out, struct kb_library **lib,
	struct kb_source *source, const struct kb_library_options *options,
	struct kb_diags *diags, struct kb_error *err);
/* Frees the index. Call it before the library is freed. NULL is fine. */
void kb_search_free(struct kb_search *search);

struct kb_search_query {
	kb_str text;
	uint32_t locale;   /* what its reader gets, fallbacks included; KB_NONE: all */
	unsigned audience; /* index */
	uint32_t types;	   /* bits 1 << enum kb_type; 0: all */
	const struct kb_issue *issue; /* or below it; NULL: any */
	kb_str region;		      /* for a reader there; empty: any */
	bool drafts;
	size_t most; /* hits */
};

struct kb_search_hit {
	const struct kb_document *doc;
	double score;
	kb_str passage;	 /* the part that answers best, in one line; may be empty */
	kb_range *marks; /* bytes of the passage */
	size_t nmarks;
};

/* Hits, best first, in ARENA; ties by path. One thread at a time. Only the first 1,000
 * bytes and 32 words of a question count. */
size_t kb_search_find(struct kb_search *search, struct kb_arena *arena,
	const struct kb_search_query *query, struct kb_search_hit **hits);
/* The question with unknown words replaced by the nearest known ones that its audience
 * may read, when that finds something; or empty. For 'did you mean'. */
kb_str kb_search_meant(struct kb_search *search, struct kb_arena *arena,
	const struct kb_search_query *query);
/* Sets the members of ROOT that schemas/output/find.json describes. */
void kb_search_value(const struct kb_library *lib, const struct kb_search_query *query,
	const struct kb_search_hit *hits, size_t n, struct kb_arena *arena,
	struct kb_value *root);

#endif
