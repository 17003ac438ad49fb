/*
 * Marks: is a page what it was in the last run, without making its values?
 *
 * Of a document other pages show its outline (kb/facts.h), if not its text. So a page of
 * a document depends on the outlines of all, on what all pages share, and on the texts
 * and the history of its own document, its translations, and the snippets in them. Its
 * mark is a hash of these. If the mark is that of the last run, the page is not even
 * signed (sign.h), so an edit of a text costs little more than reading the library. The
 * page of a topic depends on the texts and the history of all documents that it lists.
 * Other pages have no mark, and so has a page with the text of yet another document.
 *
 * Marks are kept in Git's folder, for the list that is in the site's folder. Without them
 * pages are signed.
 */
#ifndef SITE_MARKS_H
#define SITE_MARKS_H

#include "site.h"

/* Finds out what all pages share, and what the last run kept. To be called when the plan
 * is made and the theme is written, before the first page. */
void marks_open(struct site *site);
/* Keeps the marks of this run, once it is committed. */
void marks_keep(const struct site *site);
/* The mark of the job's page; 0: it has none. */
uint64_t mark_page(struct job *job);
/* The page shows the text of this document: it has no mark if that is not its own. */
void mark_text(struct job *job, const struct kb_document *doc);

#endif
