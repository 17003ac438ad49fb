/*
 * The texts of documents as search reads them, for one load of a library (texts.c).
 * Whatever is kept, they are as if nothing was.
 */
#ifndef KB_SEARCH_TEXTS_H
#define KB_SEARCH_TEXTS_H

#include "dictionary.h"
#include "kb/library.h"

struct texts;

enum { TEXTS_LAYOUT = 1 }; /* of the records */

/* What is kept for SOURCE, or, without USE or where there is none, nothing. WORKERS: the
 * library is loaded by at most so many threads. */
struct texts *texts_open(struct kb_source *source, unsigned workers, bool use);
void texts_close(struct texts *texts);
/* Who the library is to be loaded with: sees the Markdown whose text is not kept. */
const struct kb_library_watch *texts_watch(const struct texts *texts);
/* Once it is loaded: keeps what was seen. LIB is borrowed. */
void texts_loaded(struct texts *texts, const struct kb_library *lib);
/* The text of a document that is not broken; in the texts or in ARENA. */
kb_str texts_get(const struct texts *texts, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc);

/* What a text is made of: the kind is an enum field (HEADINGS or BODY), or: */
enum { PIECE_INCLUDE = NFIELDS }; /* the text is the snippet's name */
struct piece {
	unsigned kind, audience;
	kb_str text; /* variables are as written */
};
/* Takes a piece off TEXT; false when there is no more. Any bytes will do. */
bool piece_next(kb_str *text, struct piece *out);

#endif
