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
	enum kb_word_kind {
		KB_WORD_ALONE,
		KB_WORD_JOINED,	  /* with the word before: "fi" of "Wi-Fi" */
		KB_WORD_BARE,	  /* a letter or two whose signs matter: "C" of "C++" */
		KB_WORD_COMPOUND, /* made of words before it */
		KB_WORD_SIGNED,	  /* made of the word before it and its signs */
	} kind;
};
/* False ends it. */
typedef bool kb_word_fn(void *ctx, const struct kb_word *word);
/* Are two folded words one typing error apart: a letter that is another, one more, one
 * less, or two exchanged? */
bool kb_word_near(kb_str a, kb_str b);
/* Words longer than 64 characters are cut there. */
void kb_words(kb_str text, kb_word_fn *fn, void *ctx);

/*
 * The same, and also the words that several words, or a word and its signs, make
 * together: "Wi-Fi" is also wifi, "E-05" and "E 05" are e05, "Node.js" is nodejs, "C++"
 * is cplusplus, "C#" is csharp, ".NET" is dotnet. Of a longer name ("E-Mail-Adresse")
 * these are two and three of its parts. A compound follows the last word that it is made
 * of. Without it, all words are KB_WORD_ALONE.
 */
void kb_words_joined(kb_str text, kb_word_fn *fn, void *ctx);
/* Is there one sign, whatever it is, between two words of TEXT that begin and end there?
 */
bool kb_words_meet(kb_str text, uint32_t to, uint32_t from);
/* Has a word a digit, as codes do? Then another digit is another word, no typing error.
 */
bool kb_word_has_digit(kb_str word);
/* Is the word one letter? */
bool kb_word_is_letter(const struct kb_word *word);

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
/* May the word end a verb that is also written as one word? "in" of "log in" may. */
bool kb_stemmer_is_particle(const struct kb_stemmer *stemmer, kb_str fold);
/* The words that it remembers, from 0 on, in the order in which they came; NULL past the
 * last. */
const struct kb_keys *kb_stemmer_known(const struct kb_stemmer *stemmer, size_t i);

#endif
