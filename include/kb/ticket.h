/*
 * The start of a document from a customer's words: what they ask, the words that they
 * use, the issue, and documents that already cover it, because it may be better to
 * improve one of these than to write another one.
 */
#ifndef KB_TICKET_H
#define KB_TICKET_H

#include "kb/draft.h"
#include "kb/search.h"

/* Strings and lists are in the arena. */
struct kb_ticket {
	kb_str text;	 /* without personal data; of a message its text */
	kb_str title;	 /* of the message, or what it asks, in a few words */
	kb_str name;	 /* words of the title for an id: few, without slashes */
	kb_str question; /* the first sentence that asks something, else the first one */
	kb_str *keywords;
	size_t nkeywords;
	uint32_t locale;	      /* that was asked for, or whose language it is in */
	const struct kb_issue *issue; /* the likeliest; NULL: no guess is good enough */
	struct kb_search_hit *similar;
	size_t nsimilar;
	size_t masked; /* places with personal data */
};

/* Reads TEXT, a customer's words or a message. LOCALE: KB_NONE: the one that it is in.
 * Fails if there is no text. */
int kb_ticket_read(const struct kb_library *lib, struct kb_search *search, kb_str text,
	uint32_t locale, struct kb_arena *arena, struct kb_ticket *out,
	struct kb_error *err);

#endif
