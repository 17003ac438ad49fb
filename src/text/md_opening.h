/*
 * What a text opens with, as a reader sees it.
 *
 * An audience's marker that is misspelled must not pass for words. So there is one way to
 * look at the beginning of a text, whatever an editor made of it: entities are decoded,
 * escapes and markup left out, letters and brackets of any form folded into one
 * (kb_skeleton). What comes before the first words does not count: signs and digits,
 * variables, references to footnotes, tags, links, images, and groups in brackets such as
 * [1]. A link's or image's own text is looked at by itself, so that [Agents](x.md) is a
 * link and [!AGENTS](x) is not.
 *
 * Behind words on the first line of a quote, as in "> :lock: [!AGENTS]", only a whole
 * marker counts. A text is added piece by piece; outside quotes, most are over with their
 * first letter.
 */
#ifndef MD_OPENING_H
#define MD_OPENING_H

#include "md_tree.h"

enum md_opens {
	MD_OPENS_WORDS,
	MD_OPENS_MARKER,   /* with '[!' */
	MD_OPENS_AUDIENCE, /* with an audience's word that is marked, or nearly one */
};

struct md_opening {
	struct kb_md *md;
	/* The text opens a quote: there, brackets or '!' mark the word. Elsewhere each
	 * line may open with a marker, but it needs both. */
	bool quote;
	bool code;     /* only lines that begin with '>' count */
	bool in_label; /* the text is within the brackets of a link */

	enum md_opens found;
	kb_str nearest; /* the marker that was meant, "AGENTS"; empty: unknown */
	bool ended;	/* nothing that is added can change what was found */
	bool words; /* words came before, so only a whole marker counts, on their line */

	bool bang, open, quoted; /* '!', '[' as the last sign, and '>' were seen */
	uint8_t square, round;	 /* brackets that are open */
	enum md_opens mentioned; /* by code that is alone on its line so far */
	char word[200];		 /* its letters and digits */
	char mark[64];		 /* what follows '[!' */
	uint8_t word_len, mark_len;
	bool in_mark;
};

/* Raw HTML, or text in which tags and entities may be as well. */
void md_opening_raw(struct md_opening *o, kb_str html);
/* A leaf of the tree from the inline FIRST on (of raw HTML and code, all of it). */
void md_opening_leaf(struct md_opening *o, cmark_node *leaf, cmark_node *first);
/* The end of a line. */
void md_opening_line(struct md_opening *o);

#endif
