/* A question on its way through the index. */
#ifndef KB_SEARCH_QUERY_H
#define KB_SEARCH_QUERY_H

#include "index.h"

enum { WORDS_MAX = 32, BYTES_MAX = 1000 };

struct want { /* one word of the question in one locale */
	kb_str fold;
	struct {
		KB_VEC(struct wanted {
			uint32_t word; /* of the dictionary */
			double weight; /* 1: the word itself, or another form of it */
		});
	};
	double idf;
	bool known; /* as it is written, or by its stem */
};

struct asking {
	struct kb_search *search;
	const struct kb_search_query *query;
	struct kb_arena *arena;
	struct shard *shard;
	struct want wants[WORDS_MAX];
	size_t nwants;
	bool open;	/* nothing stands behind the last word: it may go on */
	kb_map groups;	/* key or folded word to number of the want + 1 */
	double *scores; /* by document; shared by the locales */
	double *part;
	uint32_t *touched;
};

/* passage.c: reads a document again, for words that stand together, which count, and for
 * the passage that answers best. */
void kb_search_reread(
	struct asking *a, struct kb_reader *reader, struct kb_search_hit *hit);

#endif
