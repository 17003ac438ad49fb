/*
 * Marks: is a page what it was in the last run, without making its values?
 *
 * Of a document other pages show its outline (kb/facts.h), if not its text. So a page of
 * a document depends on the outlines of all, on what all pages share, and on the texts
 * and the history of its own document, its translations, and the snippets in them. Its
 * mark is a hash of these, but for names. If the mark is that of the last run, and no
 * name in the page is another one, the page is not even signed (sign.h). So an edit of a
 * text or of a name costs little more than reading the library. The page of a topic
 * depends on the texts and the history of all documents that it lists, and on the order
 * of the lists. Other pages have no mark, and so has a page with the text of yet another
 * document.
 *
 * Names are the title and the summary of a document, and the label and the description of
 * an issue: kb_library_shape covers all but these. The numbers of names are those of
 * documents, and then those of issues. The functions that give names to the makers of
 * pages (title_of, issue_label and others, see values.h) note them while a page is
 * signed. Nothing else that makes pages may read a name, or ask the library what depends
 * on one: whether a document has a fragment, as its title is one.
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
/* Puts the names of the page that was signed in order, each once. */
void mark_names(struct job *job);
/* The page shows the text of this document: it has no mark if that is not its own. */
void mark_text(struct job *job, const struct kb_document *doc);

#endif
