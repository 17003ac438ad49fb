/* What building the index and asking it share. */
#ifndef KB_SEARCH_INDEX_H
#define KB_SEARCH_INDEX_H

#include "kb/search.h"
#include "kb/token.h"

enum field { TITLE, QUESTION, KEYWORDS, HEADINGS, SUMMARY, BODY, NFIELDS };

struct posting {
	uint32_t doc; /* index into lib->docs */
	uint8_t audience;
	uint8_t count[NFIELDS];
};

struct term {
	KB_VEC(struct posting); /* by document, then audience */
};

struct form { /* a word as it is written */
	kb_str word, key;
	struct term *term;
};

struct shard {		    /* a locale's */
	kb_map terms;	    /* key to struct term */
	struct form *forms; /* sorted by word, then key */
	size_t nforms;
	uint32_t ndocs;
	double mean[NFIELDS]; /* length */
	struct kb_stemmer *asker;
};

struct kb_search {
	const struct kb_library *lib;
	struct kb_arena *arena;
	struct shard *shards;
	uint32_t (*lengths)[NFIELDS]; /* by document */
	struct kb_stemmer **stemmers; /* worker by worker, one a locale */
	size_t nstemmers;
	struct kb_arena **merged; /* one a locale */
};

/* Calls TAKE for each piece of text of a document that is searched; snippets are in it,
 * variables have their values. False: it cannot be read. */
typedef void kb_piece_fn(void *ctx, enum field field, unsigned audience, kb_str text);
bool kb_search_pieces(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc, kb_piece_fn *take,
	void *ctx);

#endif
