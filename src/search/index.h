/* What making the index, keeping it and asking it share. */
#ifndef KB_SEARCH_INDEX_H
#define KB_SEARCH_INDEX_H

#include "dictionary.h"
#include "kb/search.h"

struct shard { /* a locale's */
	struct dict dict;
	uint32_t ndocs;
	double mean[NFIELDS]; /* length */
	struct kb_stemmer *asker;
};

struct kb_search {
	const struct kb_library *lib;
	struct kb_arena *arena;
	kb_str map;   /* the file that is kept, or empty */
	kb_buf bytes; /* the same when it was just made */
	struct shard *shards;
	uint32_t (*lengths)[NFIELDS]; /* by document: words of each field */
};

/* pieces.c: calls TAKE for each piece of text of a document that is searched; snippets
 * are in it, variables have their values. MD: its Markdown, when that is at hand; else it
 * is read again. False: it cannot be read; or, before anything was taken, with MD: it has
 * snippets, which may not be there yet. */
typedef void kb_piece_fn(void *ctx, enum field field, unsigned audience, kb_str text);
bool kb_search_pieces(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc, struct kb_md *md,
	kb_piece_fn *take, void *ctx);

/* count.c: the words of a library's documents, while it is loaded. */
struct kb_count;
struct kb_count *kb_count_new(
	const struct kb_library *lib, unsigned workers, uint32_t ndocs);
void kb_count_free(struct kb_count *count);
/* As kb_library_watch's `see`. */
void kb_count_see(void *count, uint32_t number, const struct kb_document *doc,
	struct kb_md *md, unsigned worker);
/* Once the library is loaded: what had to wait for its snippets. */
void kb_count_finish(struct kb_count *count, unsigned threads);
/* How many words each field of a document has. */
const uint32_t *kb_count_lengths(const struct kb_count *count, uint32_t number);
/* The dictionaries of a locale, one after the other; false past the last. Their documents
 * have the library's numbers. */
bool kb_count_dict(struct kb_count *count, uint32_t locale, uint32_t i, struct dict *out);

/* records.c: what a list of results says of a document, and what tells whether it is
 * still the same. */
struct record {
	struct kb_document *doc;
	uint64_t stamp; /* of the file, as in kb_entry */
	uint32_t lengths[NFIELDS];
};
void kb_record_write(kb_buf *out, const struct record *record);
/* Takes one off REST into OUT, whose document is empty; its strings are those of REST.
 * False: there is none. */
bool kb_record_read(const struct kb_library *lib, struct kb_arena *arena, kb_str *rest,
	struct record *out);

/* store.c: the sum at the end of the file that is kept, of all before it. It tells damage
 * from nothing else: whatever the bytes are, reading stays within them. */
uint64_t kb_search_checksum(kb_str bytes);

#endif
