/*
 * Texts that are rendered while they are read, so that most are parsed once.
 *
 * At that time nothing is known of the other documents. So the renderer gets a made-up
 * word for each address and label, the questions are kept with the HTML, and when the
 * page is made, the answers take the words' places. That holds only where an answer is of
 * the kind that the renderer was told: a link that leads somewhere, to a page in the
 * page's language. Anything else, and texts with images, snippets, variables or figures,
 * is rendered when its page is made.
 */
#ifndef SITE_EARLY_H
#define SITE_EARLY_H

#include "text_private.h"

/* After all are read, before the first page. NULL is fine. */
void early_settle(struct kb_publish_early *early);
/* Appends a text's HTML or Markdown; false, and nothing: it has to be rendered. */
bool early_text(struct site_text *text, enum text_form form,
	const struct text_options *given, kb_buf *out);
void early_close(struct site_text *text);

#endif
