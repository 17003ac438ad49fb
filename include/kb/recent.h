/*
 * Recent news: what kb_news_find reports for the last commits, in a form that kb keeps.
 *
 * News are about commits, up to HEAD or the source's revision. They begin 90 days before
 * the newest commit, or later: together, the commits may change at most 60 files of the
 * content. So the clock changes nothing, and the cost has a bound. kb keeps the news
 * between runs, by a hash of everything that they depend on.
 */
#ifndef KB_RECENT_H
#define KB_RECENT_H

#include "kb/flat.h"
#include "kb/news.h"

enum { KB_RECENT_DAYS = 90, KB_RECENT_FILES = 60 };

/* A file as it was when it was news. */
struct kb_recent_file {
	kb_str path, blob;
};

/* A part of a change: the section that it is in, what it was and is, or a phrase. */
struct kb_recent_part {
	kb_str section, before, after, phrase; /* may be empty */
};

struct kb_recent_item {
	uint8_t kind;	/* enum kb_news_kind; no notices, the documents have them */
	uint8_t deed;	/* enum kb_news_deed */
	bool variable;	/* a value of kb.yaml that the documents show */
	time_t updated; /* the commit's time */
	kb_str key;	/* see kb_news_item */
	kb_str text;
	struct kb_recent_file snippet; /* that the documents show; or without a path */
	const struct kb_recent_file *docs; /* at least one */
	uint32_t ndocs;
	const struct kb_recent_part *parts; /* at most three */
	uint32_t nparts;
};

struct kb_recent {
	const struct kb_recent_item *items; /* newest first */
	uint32_t n;
	time_t from;  /* when it begins; 0: there is no history */
	bool cut;     /* there is more history, but it is not looked at or not here */
	bool lacking; /* the repository lacks a part of it: there are no items */
};

/* Finds the news for readers of AUDIENCE. OUT is in ARENA. Fails if the history cannot be
 * read. If older content had a broken kb.yaml or none, there are no news. */
int kb_recent_find(struct kb_recent *out, struct kb_arena *arena,
	const struct kb_library *lib, const struct kb_history *history, unsigned audience,
	unsigned threads, struct kb_error *err);

/* A hash of everything in the item. */
uint64_t kb_recent_hash(const struct kb_recent_item *item);

/* Describes the kept form, see kb/flat.h. */
extern const struct kb_flat_type kb_recent_type;

#endif
