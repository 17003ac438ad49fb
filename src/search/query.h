/* A question on its way through the index. */
#ifndef KB_SEARCH_QUERY_H
#define KB_SEARCH_QUERY_H

#include "index.h"

enum { WORDS_MAX = 32, BYTES_MAX = 1000 };

/* What another form of a word is worth, which may be another word. */
#define FORM_WEIGHT 0.6

struct want { /* what one word of the question stands for in one locale */
	kb_str fold;
	struct {
		KB_VEC(struct wanted {
			uint32_t word; /* of the dictionary */
			double weight; /* 1: the word itself, or another form of it */
		});
	};
	bool known; /* as it is written, or by its stem */
};

struct asked { /* the question in one locale */
	struct shard *shard;
	struct want wants[WORDS_MAX]; /* by word */
	double idf[WORDS_MAX];
	size_t ntouched; /* documents that have the word in hand */
	kb_map groups;	 /* key or folded word to number of the word + 1 */
};

struct asking {
	struct kb_search *search;
	const struct kb_search_query *query;
	struct kb_arena *arena;
	struct asked *locales; /* that are searched */
	uint32_t nlocales;
	struct ask_word {
		struct kb_word word;
		bool split; /* the words that it is made of stand in for it */
	} words[WORDS_MAX];
	size_t nwords, nwritten; /* those of the question come first */
	bool open;		 /* nothing stands behind its last one: it may go on */
	struct asked *in;	 /* the locale in hand */
	double *scores;		 /* by document */
	double *part;
	uint32_t *touched;
};

/* want.c: what the words of the question stand for in each locale. */
void kb_search_want(struct asking *a);
void kb_search_want_free(struct asking *a);

/* passage.c: reads a document again, for words that stand together, which count, and for
 * the passage that answers best. */
void kb_search_reread(
	struct asking *a, struct kb_reader *reader, struct kb_search_hit *hit);

#endif
