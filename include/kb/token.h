/*
 * Words for search: the same for the index, the command line and a browser.
 *
 * A word is a run of letters, marks and digits of one table of our own
 * (src/text/token_table.def). Soft hyphens vanish; an apostrophe joins ("don't" is
 * dont), but parts after one or two letters ("l'eau" is l and eau); all else parts, so
 * hyphenated words, e-mail addresses and URLs fall into their words. Scripts without
 * spaces are cut into overlapping pairs. A word is folded: without case and diacritics.
 *
 * A word is found by its keys, in which the forms of one word meet: Snowball's stem of
 * the word, folded, and the stem of the folded word, each with a light normalization
 * of our own for German and Hungarian. A function word ("bitte") has one key, itself.
 */
#ifndef KB_TOKEN_H
#define KB_TOKEN_H

#include "kb/mem.h"

struct kb_word {
	uint32_t from, to; /* bytes of the text */
	kb_str lower;	   /* as written, in lower case */
	kb_str fold;	   /* both are valid during the call only */
};
/* False ends it. */
typedef bool kb_word_fn(void *ctx, const struct kb_word *word);
/* Are two folded words one typing error apart: a letter that is another, one more, one
 * less, or two exchanged? */
bool kb_word_near(kb_str a, kb_str b);
/* Words longer than 64 characters are cut there. */
void kb_words(kb_str text, kb_word_fn *fn, void *ctx);

/* Of a locale's language (without one that Snowball has, keys are the folded words). It
 * remembers words; one thread's. */
struct kb_stemmer;
struct kb_stemmer *kb_stemmer_new(kb_str locale);
/* Frees it and the keys that it gave; NULL is fine. */
void kb_stemmer_free(struct kb_stemmer *stemmer);

struct kb_keys {
	kb_str lower;	 /* as written, in lower case */
	kb_str word;	 /* folded */
	uint32_t number; /* among those that the stemmer remembers, from 0 */
	kb_str keys[2];
	uint32_t n;
	bool function; /* a function word of the language */
};
/* They live as long as the stemmer. */
const struct kb_keys *kb_stemmer_keys(
	struct kb_stemmer *stemmer, const struct kb_word *word);
/* The words that it remembers, from 0 on, in the order in which they came; NULL past the
 * last. */
const struct kb_keys *kb_stemmer_known(const struct kb_stemmer *stemmer, size_t i);

#endif
