/* A question on its way through the index. */
#ifndef KB_SEARCH_QUERY_H
#define KB_SEARCH_QUERY_H

#include "view.h"

enum { WORDS_MAX = 32, BYTES_MAX = 1000 };

struct want { /* what one word of the question stands for in one locale */
	kb_str fold;
	struct {
		KB_VEC(struct wanted {
			kb_str key;
			double weight; /* 1: the word's own, or another word's */
		});
	};
	bool known;   /* by its keys */
	bool skipped; /* a function word */
};

struct query_run { /* the question in one locale */
	uint32_t locale;
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
	struct view *view;
	struct query_run *locales; /* that are searched */
	uint32_t nlocales;
	struct ask_word {
		struct kb_word word;
		bool optional; /* a title may lack it: others say the same */
		bool unknown;  /* to all locales, but for typing errors */
		size_t parts;  /* of a compound: how many, and the first one's number */
		size_t first;
		bool spaced; /* of a compound: the question has a space there */
	} words[WORDS_MAX];
	/* Those that are written come first, then compounds of them, then the words that
	 * unknown ones are made of. */
	size_t nwords, nwritten;
	bool open;	      /* it ends with a word, which may go on */
	struct query_run *in; /* the locale in hand */
	double *scores;	      /* by document */
	double *part;
	uint32_t *touched;
};

/* want.c: what the words of the question stand for in each locale. */
void kb_search_want(struct asking *a);
void kb_search_want_free(struct asking *a);

/* passage.c: a title counts when words of the question stand together in it, and more
 * when it is the question. */
void kb_search_title(struct asking *a, struct kb_search_hit *hit);
/* Reads a document again, for the passage that answers best. */
void kb_search_passage(
	struct asking *a, struct kb_reader *reader, struct kb_search_hit *hit);

#endif
