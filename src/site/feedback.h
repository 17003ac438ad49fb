/*
 * Feedback that is still open, on the pages of the most trusted site: on the page of the
 * document that it is about, and on the page of a case that shows it.
 */
#ifndef SITE_FEEDBACK_H
#define SITE_FEEDBACK_H

#include "values.h"

typedef bool feedback_fn(const struct kb_feedback *feedback, const void *subject);

/* Reads it, newest first; none for a site that others may read, too. */
void feedback_read(struct site *site);
/* Puts the newest reports that IS_ABOUT picks into MAP, as the Block "feedback". LINKED:
 * each names its document. */
void feedback_put(struct job *job, struct kb_value *map, feedback_fn *is_about,
	const void *subject, bool linked);

#endif
