/*
 * Signs: is a page what it was in the last run?
 *
 * A page is made from a tree of values, which its template is given, and from nothing
 * else. So the sign of a page is a hash of that tree, of its template's name and of what
 * all pages share. To make the tree costs little but for the texts in it and the
 * diagrams. While a page is signed, a text's value is a hash of what the text shows: its
 * document's facts, and the answers to all that the renderer would ask of other documents
 * (where a link leads, what a variable holds, what a snippet says). Facts list these
 * questions.
 *
 * Nothing that a page shows can be forgotten this way, because what is not in the tree is
 * not on the page.
 */
#ifndef SITE_SIGN_H
#define SITE_SIGN_H

#include "pages.h"
#include "text.h"

/* The sign of the site's locales, templates and settings. */
void sign_site(struct site *site);
/* The sign of a page whose values are in MAP, made while job->signing; 0: not known. */
uint64_t sign_page(
	struct job *job, const struct kb_value *map, const struct frame *frame);
/* What stands for a text: a word that differs whenever the text may. */
kb_str sign_text(struct site_text *text, const struct text_options *options);

#endif
