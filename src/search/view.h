/*
 * What readers of an audience may find: the index as they see it.
 *
 * Ranking goes by numbers that a browser can have, too: of each key and document one
 * weight of a byte's size, which holds how often and where the document has words of the
 * key, and how long it is. Lengths and means are rounded, so that a small edit of a
 * document leaves the weights of its other words alone. The published index is written
 * from the same weights, so both rank alike.
 */
#ifndef KB_SEARCH_VIEW_H
#define KB_SEARCH_VIEW_H

#include "index.h"

enum { WEIGHTS = 92 }; /* a weight is below it */

struct weighed {
	uint32_t doc;
	uint8_t weight;
	bool in_title;
};

enum { TITLE_WORDS = 15 }; /* longer titles have no part in it */

/* The title of a document: where words have a key, from 0 on, function words left out. */
struct view_title {
	uint32_t nwords; /* 0: none, or too many */
	uint32_t len;
	struct title_word {
		kb_str key;
		uint32_t at;
	} items[4 * TITLE_WORDS]; /* later ones have no part in it */
};

struct view_shard {	/* of a locale */
	uint32_t ndocs; /* that may be found */
	double mean[NFIELDS];
};

struct view {
	const struct kb_search *search;
	unsigned audience;
	const bool *readable; /* by document: may be found; borrowed */
	struct view_shard *shards;
	double *worth;	/* by document and field, once it is asked for */
	double *raw;	/* by document; 0 between calls */
	bool *in_title; /* by document; false between calls */
	struct weighed *found;
	struct view_title *_Atomic *titles; /* by document, once it is asked for */
	struct kb_stemmer *stemmer;	    /* for titles; NULL: the locale's */
	struct kb_arena *arena;
};

/* All of it lives in ARENA. */
struct view *view_new(const struct kb_search *search, struct kb_arena *arena,
	unsigned audience, const bool *readable);
/* The same for another thread, whose STEMMER is for titles. What is known of documents is
 * shared, so view_know is to be called for each of them before. */
struct view *view_copy(
	const struct view *view, struct kb_arena *arena, struct kb_stemmer *stemmer);
/* Finds out what a document's places are worth. Several threads may, for one document
 * one. */
const double *view_know(struct view *view, uint32_t doc);
/* May the posting's document be found, by its words there? */
bool view_finds(const struct view *view, const struct posting *p);
/* May any document with the word be found? */
bool view_has(const struct view *view, const struct dict_word *word);
/* The next folded word that may be found, from number *AT on, which is left behind it. */
bool view_next_form(
	const struct view *view, const struct dict *dict, uint32_t *at, kb_str *fold);
/* Documents with words of a key, by number, in view->found until the next call. */
size_t view_postings(struct view *view, uint32_t locale, kb_str key);
/* What a document's title has. */
const struct view_title *view_title(struct view *view, uint32_t doc);
/* The first word of a title that has a key; KB_NONE: it has none. */
uint32_t view_title_at(const struct view_title *title, kb_str key);
/* What a weight stands for. */
double weight_value(uint8_t weight);
/* How much a word tells that WITH of N documents have. */
double view_rarity(size_t n, size_t with);

#endif
