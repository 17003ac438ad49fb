/*
 * What a site has for other programs, below api/v1/ (docs/api.md, schemas/api/): one file
 * for each document, workflow and topic beside its page, and lists of all. A file beside
 * a page is made from the page's own values, so it is right while the page is.
 *
 * Each record of a document says how far it can be trusted: which text it is, in which
 * locale, for whom, when somebody reviewed it, and until when that holds.
 */
#ifndef SITE_DATA_H
#define SITE_DATA_H

#include "pages.h"

#define DATA_FOLDER "api/v1/"
enum { DATA_VERSION = 1 };

/* The site path of the JSON file for an id in a locale, or empty if no path is possible.
 */
kb_str data_path(struct job *job, const char *folder, kb_str id);
/* The page's address on the web; empty: that is not known. */
kb_str data_url(struct job *job, const struct page *page);
/* The record of a page's document, in the page's locale; of a page that stays, as the
 * last run wrote it. NULL: the site has none. */
struct kb_value *data_record(struct job *job, const struct page *page);
/* Of a page that stays, the record with the steps or texts that the last run wrote; or
 * NULL. */
struct kb_value *data_former(struct job *job, const struct page *page);
/* Sets the members of FROM in TO. */
void data_add(struct job *job, struct kb_value *to, const struct kb_value *from);
/* A reply's texts and placeholders, from the values of its page. */
void data_add_reply(struct job *job, struct kb_value *to, const struct kb_value *reply,
	const struct kb_document *doc);
/* The content of a topic's page, with workflows and replies whole. */
struct kb_value *data_case(struct job *job, uint32_t issue);
/* The changes page: its site path (empty: nothing is written), and what is new. */
kb_str data_changes_path(struct job *job);
struct kb_value *data_changes(struct job *job);
/* Sets an issue's label, its owner and its support level for those who may know. */
void data_add_issue(struct job *job, struct kb_value *map, uint32_t issue);
/* The lists, and the schemas. */
int data_write(struct site *site, struct kb_error *err);

/* A file that comes along with a page. */
struct companion {
	kb_str path;
	int (*make)(struct job *job, const struct kb_value *map, kb_buf *out);
};
enum { COMPANIONS_MAX = 6 };
/* companion.c: those of the job's page; how many. */
uint32_t companions_of(struct job *job, struct companion *out);

/* twin.c: the page as Markdown, at the page's address with TWIN behind it. */
#define TWIN "index.html.md"
bool twin_is_of(const struct site *site, const struct page *page);
int twin_make(struct job *job, const struct kb_value *map, kb_buf *out);
/* A step's text and its answers, one an item. */
void twin_put_step(struct job *job, kb_buf *out, const struct kb_value *step);

#endif
