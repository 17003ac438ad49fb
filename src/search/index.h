/* What making the index, keeping it and asking it share. */
#ifndef KB_SEARCH_INDEX_H
#define KB_SEARCH_INDEX_H

#include "dictionary.h"
#include "kb/flat.h"
#include "kb/search.h"
#include "texts.h"

enum { AUDIENCES = 4 }; /* the last is that of all beyond it, too */

/* Of a document whose words were counted. */
struct record {
	kb_str path;
	struct kb_hash own;		      /* of its own words */
	uint64_t borrowed;		      /* of all else that was counted, a hash */
	unsigned borrows;		      /* BORROWS_... */
	uint32_t lengths[AUDIENCES][NFIELDS]; /* words of each field, by audience */
};
enum { BORROWS_VARIABLES = 1, BORROWS_SNIPPETS = 2, BORROWS_END = 4 };

/* The index, as it is kept. */
struct search_index {
	struct kb_hash settings; /* of settings that all documents share */
	struct record *records;	 /* by number of the document, sorted by path */
	uint32_t nrecords;
	kb_str *dicts; /* by locale */
	uint32_t ndicts;
};
extern const struct kb_flat_type search_index_type;

struct shard { /* a locale's */
	struct dict dict;
	struct kb_stemmer *asker;
};

struct kb_search {
	const struct kb_library *lib;
	struct kb_arena *arena;
	struct texts *texts;
	struct kb_store *store;		  /* that INDEX may be in, or NULL */
	const struct search_index *index; /* of the library's documents */
	struct index_making *making;	  /* a thread makes INDEX and SHARDS; or NULL */
	kb_buf *dicts;			  /* of an index that was made, or NULL */
	uint32_t ndicts;
	struct shard *shards;
};

/* pieces.c: calls TAKE for each piece of text of a document that is searched; snippets
 * are in it, variables have their values. Returns what it says beside its own words and
 * the labels of its issues: BORROWS_... */
typedef void kb_piece_fn(void *ctx, enum field field, unsigned audience, kb_str text);
unsigned kb_search_pieces(const struct kb_search *search, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc, kb_piece_fn *take,
	void *ctx);

/* count.c: counts the words of documents of a library that is loaded: of the N whose
 * numbers are given. Fills in lengths and borrows of their RECORDS. */
struct word_counts;
struct word_counts *kb_count_run(const struct kb_search *search, unsigned threads,
	const uint32_t *numbers, size_t n, struct record *records);
void kb_count_free(struct word_counts *count);
/* The dictionaries of a locale, one after the other; false past the last. Their documents
 * have the library's numbers. */
bool kb_count_dict(
	struct word_counts *count, uint32_t locale, uint32_t i, struct dict *out);

/* store.c: waits until index and shards are there. */
void kb_search_wait(const struct kb_search *search);
/* Does a block that was kept hold an index for so many locales? */
bool kb_search_sound(const struct search_index *index, uint32_t nlocales);
/* Takes an index of the library's documents into use; they live as long as the search. */
void kb_search_use(struct kb_search *search, const struct search_index *index);

#endif
