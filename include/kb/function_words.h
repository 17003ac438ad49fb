/*
 * Function words: articles, pronouns, auxiliaries, prepositions, conjunctions, question
 * words and courtesies, which say little about the topic of a text ("where is my ...",
 * "bitte"). Since every text has some, they also tell which language it is in. The lists
 * are our own (src/text/function_words.def): de, en, es, fr and hu.
 */
#ifndef KB_FUNCTION_WORDS_H
#define KB_FUNCTION_WORDS_H

#include "kb/str.h"

struct kb_function_words;

/* Of the language of a locale ("de-AT"); NULL when there are none for it. */
const struct kb_function_words *kb_function_words_of(kb_str locale);
/* The I-th of them; NULL past the last. */
const char *kb_function_words_at(const struct kb_function_words *words, size_t i);
/* FOLD: a word as kb_words folds it. False when WORDS is NULL. */
bool kb_function_words_has(const struct kb_function_words *words, kb_str fold);

#endif
