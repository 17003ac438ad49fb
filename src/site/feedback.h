/*
 * Feedback that is still open, on the pages of the most trusted site: on the page of the
 * document that it is about, and on the page of a case that shows it.
 */
#ifndef SITE_FEEDBACK_H
#define SITE_FEEDBACK_H

#include "values.h"

enum { FEEDBACK_MAX = 5 };

/* The reports of a page, newest first. */
struct feedback_pick {
	const struct kb_feedback *items[FEEDBACK_MAX];
	uint32_t n;
};

/* Reads the feedback and finds out what each report is about; nothing for a site that
 * others may read, too. */
void feedback_read(struct site *site);
/* Each adds the reports about a family or an issue. */
void feedback_of_family(const struct site *site, const struct kb_family *family,
	struct feedback_pick *pick);
void feedback_of_issue(const struct site *site, const struct kb_issue *issue,
	struct feedback_pick *pick);
/* Puts them into MAP as the Block "feedback". LINKED: each names its document. */
void feedback_put(struct job *job, struct kb_value *map, const struct feedback_pick *pick,
	bool linked);

#endif
