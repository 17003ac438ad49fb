/* A wording, looked for wherever people write it; private to src/diff. */
#ifndef DIFF_PHRASE_H
#define DIFF_PHRASE_H

#include "kb/library.h"

struct phrase;

/* Letters of either case are equal, and so is any white space; it may be the beginning
 * of a longer word, so that inflected forms are found, and never the end of one. */
struct phrase *phrase_new(kb_str words);
void phrase_free(struct phrase *phrase);

/* FOUND: the words as the file has them; they live until the call returns. */
typedef void phrase_say_fn(void *ctx, kb_range range, kb_str found);

/* Front matter that readers see, and the text; FILE: the document's bytes. What only
 * a variable's value makes of it is found, too, at the whole block. */
void phrase_search_document(const struct phrase *phrase, const struct kb_library *lib,
	const struct kb_document *doc, kb_str file, phrase_say_fn *say, void *ctx);
/* Every scalar below NODE (NULL: none). */
void phrase_search_node(const struct phrase *phrase, const struct kb_node *node,
	phrase_say_fn *say, void *ctx);

#endif
