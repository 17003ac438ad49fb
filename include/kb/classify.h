/*
 * Which issue is a text about? A linear model (softmax regression on words and pairs of
 * neighboring words, weighted by rarity, function words counting little). It is trained
 * when it is first used: on the taxonomy's labels, descriptions, keywords and examples,
 * and on titles, questions, summaries and keywords of the documents about each issue. An
 * unknown word of five letters or more counts as the known one that is a typing error
 * away, and a code is one word however it is written ("E05", "E-05", "e 05"). The same
 * content always gives the same model.
 */
#ifndef KB_CLASSIFY_H
#define KB_CLASSIFY_H

#include "kb/library.h"

struct kb_classifier;

/*
 * For texts in a locale's language: it learns from texts in the locale and in those
 * of its language that it falls back to. If it knows no word of a text, or less than half
 * as much as the next language in the fallback chain does, that language decides. Issues
 * and documents that AUDIENCE may not see are neither learned nor proposed, nor are
 * retired issues. LIB is borrowed.
 */
struct kb_classifier *kb_classifier_new(
	const struct kb_library *lib, uint32_t locale, unsigned audience);
/* Frees the classifier; NULL is fine. Guesses stay, because they are in arenas of
 * their own. */
void kb_classifier_free(struct kb_classifier *classifier);

struct kb_guess {
	const struct kb_issue *issue;
	double score;	 /* all issues' scores add up to 1 */
	kb_strs words;	 /* of the text, that decided, most telling first, function words
			    last; at most five */
	bool idle;	 /* no other than function words decided */
	uint32_t locale; /* whose words they are */
};

/* The likeliest issues, best first, in ARENA; none if it knows no word of the text.
 * Each of their words is a word of TEXT, or two with a space between. One thread at a
 * time. */
size_t kb_classify(struct kb_classifier *classifier, struct kb_arena *arena, kb_str text,
	size_t most, struct kb_guess **out);

/* The share of the words of TEXT that it has learned, typing errors not forgiven: 0 to 1.
 */
double kb_classifier_knows(struct kb_classifier *classifier, kb_str text);

/* How far the first of some guesses can be relied on. */
enum kb_certainty {
	KB_CERTAINTY_CLEAR,
	KB_CERTAINTY_CLOSE, /* the second one is nearly as likely */
	KB_CERTAINTY_WEAK,  /* the score is low, or only function words decided */
	KB_CERTAINTY_NONE,  /* there are no guesses */
};
enum kb_certainty kb_guess_certainty(const struct kb_guess *guesses, size_t n);
/* "clear", "close", "weak", "none". */
const char *kb_certainty_name(enum kb_certainty certainty);

/* The locale whose language TEXT is in, by its function words, if that is not LOCALE's
 * language. KB_NONE if it is LOCALE's, unknown, or not a language of CONFIG. */
uint32_t kb_reads_like(const struct kb_config *config, uint32_t locale, kb_str text);

#endif
