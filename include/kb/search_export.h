/*
 * A locale's words as a browser searches them: the same words, keys and weights as
 * kb_search_find goes by, for readers of one audience, cut into parts of about 500
 * to 2,000 bytes, so that a question fetches few.
 *
 * A part is text without quotes, backslashes and control characters. Words and keys are
 * in the order of their characters, each as: how many UTF-16 units it shares with the one
 * before, how many follow, those, then a number: bit 0 says that a document has the word
 * (folded), bit 1 that the postings are in a part of their own, whose name follows; the
 * rest is how many documents have words of that key. A posting is twice the distance from
 * the document before, plus 1 when its title has such a word; the weight; and then, for
 * the title, the place of its first such word times 15, plus the number of words less 1.
 * Parts of endings hold the words again, each back to front, for typing errors in a
 * word's first letters.
 *
 * A number below 92 is one character from '#' on, without the backslash; one below 2012
 * is such a character, too, and a greater one is a character from U+0800 on, with the
 * bits above the lowest ten, and then those.
 *
 * Parts are cut before words whose hash says so. So an edit leaves most of them alone.
 */
#ifndef KB_SEARCH_EXPORT_H
#define KB_SEARCH_EXPORT_H

#include "kb/buf.h"
#include "kb/search.h"

enum kb_search_part { KB_SEARCH_WORDS, KB_SEARCH_ENDINGS, KB_SEARCH_POSTINGS };

/* Takes a part; FIRST is where it begins: the least text that is above the word before.
 * NAME is a hash of TEXT. Those of one kind come in order. If TEXT.data is NULL, the part
 * is one that was put when KEPT was made (of postings without FIRST), and fails if that
 * is not there any longer. Fills ERR when it fails. */
typedef int kb_search_part_fn(void *ctx, enum kb_search_part part, kb_str first,
	kb_str name, kb_str text, struct kb_error *err);

struct kb_search_export_options {
	unsigned audience;
	uint32_t locale;
	const bool *readable;	/* by document: is it on the site? */
	unsigned threads;	/* 0: one per core */
	kb_search_part_fn *put; /* called by one thread */
	void *ctx;
	kb_str kept;  /* what an export added to its KEEP, or empty */
	kb_buf *keep; /* gets what the next export can use, or NULL */
};

enum { KB_SEARCH_NAME = 10 }; /* characters of a part's name */

int kb_search_export(const struct kb_search *search,
	const struct kb_search_export_options *options, struct kb_error *err);
/* Adds a number as parts write it. */
void kb_search_put_number(kb_buf *out, uint32_t n);

#endif
