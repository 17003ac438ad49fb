/*
 * What a single word says about a rule: a number, a date, a negation, a duty. Private to
 * src/diff. Words are in lower case, as kb_lower makes them.
 */
#ifndef DIFF_WORD_SENSE_H
#define DIFF_WORD_SENSE_H

#include "kb/str.h"
#include "kb/vec.h"

enum sense {
	SENSE_NONE,
	SENSE_NUMBER,
	SENSE_DATE,
	SENSE_NEGATION,
	SENSE_DUTY,
	SENSE_PERMISSION,
	SENSE_ADVICE,
	SENSES
};

/* PLAIN gets a form that all spellings of a number share ("five" and "5", "14.000" and
 * "14,000"); for any other word, the word. It is in ARENA or the word's own memory. */
enum sense word_sense(struct kb_arena *arena, kb_str word, kb_str *plain);
/* Does a word of A mean the opposite of a word of B: before and after, all and part? */
bool words_oppose(const kb_strs *a, const kb_strs *b);
/* Does S have a digit of any script? */
bool has_digit(kb_str s);
/* Is S one or more ASCII digits, and nothing else? */
bool is_digits(kb_str s);

#endif
