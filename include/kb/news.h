/*
 * News: the changes that readers must know.
 *
 * For a document, kb reports its `notice` if its date is new; else the trailers of the
 * commits that changed it (`Notice: text`, `Notice-For: audience`, `Notice: none`); else
 * the difference itself, if it is significant and such commits have not reported it.
 * Snippets and variables are news of the documents that show them. News contain nothing
 * that the audience may not read, neither in the new version nor in the old one.
 */
#ifndef KB_NEWS_H
#define KB_NEWS_H

#include "kb/history.h"
#include "kb/library_diff.h"
#include "kb/value.h"

enum kb_news_kind { KB_NEWS_NOTICE, KB_NEWS_TRAILER, KB_NEWS_CHANGE };
const char *kb_news_kind_name(enum kb_news_kind kind); /* "notice" */
/* What happened to the document. */
enum kb_news_deed { KB_NEWS_CHANGED, KB_NEWS_NEW, KB_NEWS_GONE };

struct kb_news_item {
	enum kb_news_kind kind;
	enum kb_news_deed deed;
	kb_str key;	/* the same as long as the news say the same; for ids */
	time_t updated; /* when the change was made */
	kb_str title, text;
	kb_str commit; /* in hex; empty: a notice */
	uint8_t audience;
	/* What many documents show, where that is what changed; else empty, NULL. */
	kb_str variable;
	const struct kb_document *snippet;
	const struct kb_document **docs; /* at least one; of the newer library, or what
					    was removed */
	uint32_t ndocs;
	const struct kb_doc_change *changes; /* what TEXT says in short; or none */
	uint32_t nchanges;
};

struct kb_news {
	struct kb_news_item *items; /* newest first */
	uint32_t len;
};

struct kb_news_filter {	   /* empty, NULL or KB_NONE: all */
	unsigned audience; /* index */
	uint32_t locale;
	kb_str region, owner;
	const struct kb_issue *issue; /* with those below it */
};

/* Finds the news. SINCE says, by the number of each commit of HISTORY, whether it is new.
 * OUT is in ARENA. */
int kb_news_find(struct kb_news *out, struct kb_arena *arena,
	const struct kb_library_diff *diff, const struct kb_history *history,
	const bool *since, const struct kb_news_filter *filter, struct kb_error *err);

/* News in the order of the report. */
struct kb_news_report {
	const struct kb_library *lib;
	const struct kb_news *news;
	kb_str since; /* As people say it: a date or a revision. */
	time_t from;  /* When that was. */
	bool trusted; /* The readers may know who owns what. */
};
/* "Descale your machine (and 2 more)" */
kb_str kb_news_title(const struct kb_news_report *report, struct kb_arena *arena,
	const struct kb_news_item *item);
/* The address of a document's page, or an empty string. */
kb_str kb_news_url(const struct kb_news_report *report, struct kb_arena *arena,
	const struct kb_document *doc);
/* "2026-11-25", and "2026-11-25T00:00:00Z". */
kb_str kb_news_day(const struct kb_news_report *report, struct kb_arena *arena, time_t t);
kb_str kb_news_stamp(struct kb_arena *arena, time_t t);
/* The host of the public site, for ids, or "kb.invalid" without base_url. */
kb_str kb_news_host(const struct kb_library *lib);
/* Sets ROOT's keys as schemas/output/changes.json has them. */
void kb_news_value(const struct kb_news_report *report, struct kb_arena *arena,
	struct kb_value *root);

#endif
