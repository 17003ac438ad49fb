/*
 * Reviews: when the owner of a document must read it again.
 *
 * A review is due `review_every` after `reviewed`; dates of commits do not count. If a
 * document does not say how often, `audit` in kb.yaml says so for its type.
 */
#ifndef KB_REVIEW_H
#define KB_REVIEW_H

#include "kb/document.h"

/* How often it is reviewed: its own interval, else that of kb.yaml, else none. */
struct kb_interval kb_review_every(
	const struct kb_config *config, const struct kb_document *doc);
/* The day on which it is due; 0: never reviewed, or nobody says how often. */
time_t kb_review_due(const struct kb_config *config, const struct kb_document *doc);
/* Is that day over? False for archived documents. */
bool kb_review_overdue(
	const struct kb_config *config, const struct kb_document *doc, time_t now);

#endif
