/*
 * Which issue is a text about? A linear model (softmax regression on words and pairs of
 * neighbouring words, weighted by rarity) that is trained when it is asked for: on the
 * taxonomy's labels, descriptions, keywords and examples, and on titles, questions,
 * summaries and keywords of the documents about each issue. It is the same at each run.
 */
#ifndef KB_CLASSIFY_H
#define KB_CLASSIFY_H

#include "kb/library.h"

struct kb_classifier;

/* For texts of a locale, from what stands in it. LIB is borrowed. */
struct kb_classifier *kb_classifier_new(const struct kb_library *lib, uint32_t locale);
void kb_classifier_free(struct kb_classifier *classifier);

struct kb_guess {
	const struct kb_issue *issue;
	double score;  /* all issues' scores add up to 1 */
	kb_strs words; /* that decided, most telling first; at most five */
};

/* The likeliest issues, best first, in ARENA; none when no word of the text is known.
 * Retired issues are not proposed. One thread at a time. */
size_t kb_classify(struct kb_classifier *classifier, struct kb_arena *arena, kb_str text,
	size_t most, struct kb_guess **out);

#endif
