/*
 * Signs for the entries of the published index: if a word or key has the sign that it had
 * in the last run, its entry has the same bytes.
 *
 * A sign is a hash of everything that the entry depends on: the text and, for each
 * document that may be found, its distance from the one before, the places of the words
 * in it, and the weights of its places; and its title, if the word is there. It costs
 * much less than the entry.
 */
#ifndef KB_SEARCH_ENTRY_SIGN_H
#define KB_SEARCH_ENTRY_SIGN_H

#include "view.h"

struct entry_signs {
	struct view *view;
	const struct dict *dict;
	const uint32_t *numbers; /* by document of the library: that of the index */
	uint64_t *docs;		 /* by document: without its title */
	uint64_t *titles;	 /* by document */
	uint64_t *words;	 /* by word; 0 if no document that may be found has it */
};

/* In ARENA, for the documents and words of a locale, all 0 yet. */
void entry_signs_init(struct entry_signs *signs, struct kb_arena *arena,
	struct view *view, const struct dict *dict, const uint32_t *numbers);
/* Signs a document. Several threads may do this, each for other documents. */
void entry_sign_document(struct entry_signs *signs, uint32_t doc, struct kb_arena *arena);
/* Signs a word, after all documents are signed. Several threads may do this. */
void entry_sign_word(struct entry_signs *signs, uint32_t word);
/* The sign of the entry for TEXT, after all words are signed; 0 if the entry would have
 * neither a word nor postings. */
uint64_t entry_sign(
	const struct entry_signs *signs, kb_str text, bool is_word, bool is_key);
/* Adds SIGN to the sign of several entries. */
uint64_t entry_signs_add(uint64_t all, uint64_t sign);

#endif
