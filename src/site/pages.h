/*
 * The kinds of pages. Each function puts what its template needs, beside what frame.c
 * puts for all, into the page's map, and tells what the frame must know.
 */
#ifndef SITE_PAGES_H
#define SITE_PAGES_H

#include "values.h"

/* What a page's head and header are made from. */
struct frame {
	const char *kind; /* the template */
	kb_str title;
	kb_str description;	       /* or empty */
	bool article;		       /* og:type */
	bool bare_title;	       /* <title> is the site's name alone */
	const struct page *canonical;  /* NULL: the page itself */
	const struct page *crumbs[16]; /* below the home page, down to the parent */
	uint32_t ncrumbs;
	kb_str jsonld;
	bool guide, reply; /* has workflows to go through, replies to fill in */
};

void put_frame(struct job *job, struct kb_value *map, const struct frame *frame);
/* A page's name in a breadcrumb or a list of languages. */
kb_str page_label(struct job *job, const struct page *page);
void crumb(struct frame *frame, const struct page *page);
/* The topics above (and, with SELF, the issue itself). */
void crumb_topics(struct job *job, struct frame *frame, uint32_t issue, bool self);
bool page_noindex(const struct site *site, const struct page *page);

/* jsonld.c: the breadcrumb, with an article or questions where there are any. */
struct page_question {
	kb_str question, answer;
};
kb_str jsonld(struct job *job, const struct frame *frame, const struct kb_document *doc,
	const struct page_question *questions, uint32_t n);

/* page_lists.c */
void page_home(struct job *job, struct kb_value *map, struct frame *frame);
void page_topics(struct job *job, struct kb_value *map, struct frame *frame);
void page_list(struct job *job, struct kb_value *map, struct frame *frame);
void page_faq(struct job *job, struct kb_value *map, struct frame *frame);
void page_contact(struct job *job, struct kb_value *map, struct frame *frame);
void page_search(struct job *job, struct kb_value *map, struct frame *frame);
/* The topics that have none above them, each with at most CHILDREN of those below. */
struct rows top_topics(struct job *job, uint32_t children);
/* Where the locale's search is, or NULL. */
struct kb_value *search_value(struct job *job);
/* page_changes.c */
void page_changes(struct job *job, struct kb_value *map, struct frame *frame);
/* page_root.c */
void page_root(struct job *job, struct kb_value *map, struct frame *frame);
void page_not_found(struct job *job, struct kb_value *map, struct frame *frame);
void page_alias(struct job *job, struct kb_value *map, struct frame *frame);
/* page_topic.c */
int page_topic(struct job *job, struct kb_value *map, struct frame *frame);
/* topic_items.c: the documents of a case in its order, each once: the issue's own, then
 * those of the issues above, then what is related to any of them (from KB_NONE). */
struct topic_item {
	const struct page *page;
	uint32_t from;
};
struct topic_items {
	KB_VEC(struct topic_item);
};
void topic_collect(struct job *job, uint32_t issue, struct topic_items *items);
/* page_doc.c */
int page_document(struct job *job, struct kb_value *map, struct frame *frame);
/* Puts the text of the page's document into VALUE; job->text is that of a page which has
 * no other text. */
int page_put_html(struct job *job, struct kb_value *value);
/* flow.c */
int flow_put(struct job *job, struct kb_value *map, const struct kb_document *doc);
/* The workflow as a graph of steps and answers, as data. */
struct kb_value *flow_data(struct job *job, const struct kb_document *doc);
/* Has the page scripts beside it, with its steps and its diagram? */
bool flow_is_of(const struct page *page);
/* Each makes one, from the values of the workflow's page. */
int flow_make_steps(struct job *job, const struct kb_value *map, kb_buf *out);
int flow_make_map(struct job *job, const struct kb_value *map, kb_buf *out);
/* reply.c */
int reply_put(struct job *job, struct kb_value *map, const struct kb_document *doc);
/* Puts its fields, its texts (one per channel) and its notes into MAP. */
int reply_put_parts(struct job *job, struct kb_value *map, const struct kb_document *doc);

/* url.c */
/* Fills {path}, {id}, {locale}, {revision} and {title} into a pattern of kb.yaml; empty
 * when that makes no address that a page may link to. */
kb_str url_of(struct job *job, const struct kb_document *doc, kb_str pattern);
/* The same for a part of the document's present text: {id} names the part, {title} has
 * its heading, {revision} is the text's own. */
kb_str url_of_part(struct job *job, const struct kb_document *doc, kb_str pattern,
	const struct kb_heading *heading);
/* Percent-encodes all but what may be anywhere in a URL. */
void put_url_value(kb_buf *buf, kb_str s);

/* statistics.c: docs/statistics.md describes the requests. */
/* What a page requests when a reader votes or copies, but for the event; empty: nothing
 * is counted. */
kb_str vote_href(struct job *job, const struct kb_document *doc);
/* Do votes go where a reader's own words may go: not into a log? */
bool statistics_takes_text(const struct site *site);
/* The same as vote_href for a search. */
kb_str search_count_href(struct job *job);

#endif
