/*
 * What is new on the site: the notices of its documents, and changes of substance that
 * are committed (kb/recent.h). Only what the site's readers may know is in it; the most
 * public site says where a text changed, not what it said before.
 */
#ifndef SITE_NEWS_H
#define SITE_NEWS_H

#include "values.h"

/* News of documents of the site. */
struct site_news_item {
	const struct kb_recent_item *recent; /* NULL: a notice */
	time_t updated;
	uint32_t order; /* among those of one time */
	const struct kb_document **docs;
	uint32_t ndocs;
};

struct site_news {
	struct site_news_item *items; /* newest first */
	uint32_t n;
	time_t banner; /* changes since then are on the pages themselves */
	time_t begins; /* when the oldest of it may be; 0: nobody knows */
	bool without;  /* there is no history: notices alone */
	bool cut;      /* a shallow clone */
	/* By the number of each document: is it a translation that has not followed what
	 * changed in its source? */
	bool *behind;
	/* By the number of each document, the newest item of recent->kind, or NULL. */
	const struct site_news_item **of;
};

/* Loads them, once the plan is made. */
int news_load(struct site *site, struct kb_error *err);

/* The page on which readers of the job's locale read that document itself, or NULL. TOP:
 * only below that topic; KB_NONE: anywhere. */
const struct page *news_page_of(
	const struct job *job, const struct kb_document *doc, uint32_t top);
/* A page of a document that the news is of, for readers of the job's locale; or NULL.
 * TOP: only below that topic; KB_NONE: all. *MORE: how many others there are. */
const struct page *news_page(const struct job *job, const struct site_news_item *item,
	uint32_t top, uint32_t *more);
/* What changed, in a line without markup; may be empty. */
kb_str news_text(
	struct job *job, const struct site_news_item *item, const struct page *page);
/* Sections that changed: {text, href S?, detail S?}. */
struct rows news_parts(
	struct job *job, const struct site_news_item *item, const struct page *page);
/* The newest item that the document's own page shows, or NULL. */
const struct site_news_item *news_banner(
	const struct site *site, const struct kb_document *doc);
/* The source that changed in substance since the document was translated, or NULL. */
const struct kb_document *news_source(
	const struct site *site, const struct kb_document *doc);
/* A hash of both, for the page's mark (marks.h). */
uint64_t news_mark(const struct site *site, const struct kb_document *doc);
/* Where the feed of a topic (KB_NONE: of all) is. */
kb_str news_feed(const struct job *job, uint32_t top);
/* Writes all feeds. */
int feeds_write(struct site *site, struct kb_error *err);

#endif
