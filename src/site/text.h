/*
 * A document's text, opened for rendering: links lead to pages and published files of the
 * site, variables and snippets are put in, and what the audience may not see is left out
 * (by the Markdown renderer; nothing here looks at a withheld part).
 */
#ifndef SITE_TEXT_H
#define SITE_TEXT_H

#include "site.h"

struct site_text;

enum text_use {
	TEXT_PAGE,
	TEXT_REPLY, /* text for customers: links are absolute and lead to the public site
		     */
};

/* -1 with job->err: it cannot be read. */
int text_open(struct job *job, const struct kb_document *doc, enum text_use use,
	struct site_text **out);
void text_close(struct site_text *text);
static inline void cleanup_text(struct site_text **p)
{
	text_close(*p);
}
#define _cleanup_text_ _cleanup_(cleanup_text)

/* Sections [from, to), or the whole text with to = 0. Empty when nothing is left. */
struct text_options {
	uint32_t from, to;
	bool no_first_heading;
	bool no_list;
	bool no_callouts;
	bool only_callouts;
};
kb_str text_html(struct site_text *text, const struct text_options *options);
/* The same as Markdown, with addresses that are right outside of the page if the site has
 * a base_url. Sections of the whole text end with a control character. */
#define TEXT_SECTION_END '\x1e'
kb_str text_markdown(struct site_text *text, const struct text_options *options);
/* Where the text's Markdown led. */
const kb_strs *text_links(const struct site_text *text);
/* Plain text as HTML, with the placeholders in their spans; *bare is the text itself. */
kb_str text_plain(
	struct site_text *text, const struct text_options *options, kb_str *bare);
/* The same of a one-line string. */
kb_str text_line(struct site_text *text, kb_str line, kb_str *bare);

/* text_link.c: where a destination leads, as the page needs it; false: nowhere that
 * readers may go. */
bool text_href(struct site_text *text, kb_str dest, bool image, struct kb_md_href *out);

/* figure.c: a fenced block drawn; false: it is shown as code. */
bool figure_draw(
	struct site_text *text, kb_str lang, kb_str title, kb_str code, kb_buf *out);
/* Reports that a page has no diagram, unless the document has errors that say so. */
void figure_lost(struct job *job, const struct kb_document *doc, const char *why);

#endif
