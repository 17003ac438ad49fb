/*
 * The clock: when the site of an audience changes next without an edit, so that somebody
 * can publish it then.
 *
 * Documents and snippets appear at their publish_at and go at their expires_at; a notice
 * is shown for KB_NOTICE_DAYS. Only what readers of that site see counts: a
 * fallback that every locale replaces with its own document changes nothing.
 */
#ifndef KB_NEXT_CHANGE_H
#define KB_NEXT_CHANGE_H

#include "kb/site.h"

enum { KB_NOTICE_DAYS = 30 };

enum kb_turn_kind {
	KB_TURN_APPEARS,
	KB_TURN_EXPIRES,
	KB_TURN_NOTICE,
	KB_TURN_NOTICE_ENDS
};

struct kb_turn {
	time_t at; /* the first second of the new state */
	enum kb_turn_kind kind;
	const struct kb_document *doc;
};

const char *kb_turn_kind_name(enum kb_turn_kind kind); /* "notice-ends" */
/* What happens to the document: "appears", "shows its notice no more". */
const char *kb_turn_kind_words(enum kb_turn_kind kind);

/* Finds the next moment after lib->now at which anything changes, and everything that
 * changes then, by path, in ARENA. Returns 0 if nothing will change. */
size_t kb_next_change(const struct kb_library *lib,
	const struct kb_publish_options *options, struct kb_arena *arena,
	struct kb_turn **turns);

#endif
