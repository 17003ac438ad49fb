/*
 * Signs of what is exported: a word or key of the published index has the sign that it
 * had in the last run only if its entry has the same bytes.
 *
 * A sign is a hash of all that the entry is made from: the text, and of each document
 * that may be found, how far it is from the one before, where it has the words, and how
 * much its places and its title are worth. Finding it costs much less than the entry.
 */
#ifndef KB_SEARCH_ENTRY_SIGN_H
#define KB_SEARCH_ENTRY_SIGN_H

#include "view.h"

struct entry_signs {
	struct view *view;
	const struct dict *dict;
	const uint32_t *numbers; /* by document of the library: that of the index */
	uint64_t *docs;		 /* by document */
	uint64_t *words;	 /* by word; 0: nothing that may be found has it */
};

/* In ARENA, for the documents and words of a locale, all 0 yet. */
void entry_signs_init(struct entry_signs *signs, struct kb_arena *arena,
	struct view *view, const struct dict *dict, const uint32_t *numbers);
/* Signs a document; several threads may, for one document one. */
void entry_sign_document(struct entry_signs *signs, uint32_t doc, struct kb_arena *arena);
/* Signs a word, once all documents are signed; several threads may. */
void entry_sign_word(struct entry_signs *signs, uint32_t word);
/* The sign of an entry, once all words are signed. KEY is that of the words in its
 * postings, or KB_STR_NULL; 0: it has neither a word nor postings. */
uint64_t entry_sign(
	const struct entry_signs *signs, kb_str text, bool is_word, bool is_key);
/* The sign of several, from that of those before and the next one. */
uint64_t entry_signs_add(uint64_t all, uint64_t sign);

#endif
