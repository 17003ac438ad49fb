/*
 * Reviews: when a document's expert is to read it again.
 *
 * It is due `review_every` after `reviewed`; never by the date of a commit. A document
 * that does not say how often is reviewed as often as kb.yaml's `audit` says of its type.
 */
#ifndef KB_REVIEW_H
#define KB_REVIEW_H

#include "kb/document.h"

/* The document's own, else kb.yaml's, else none. */
struct kb_interval kb_review_every(
	const struct kb_config *config, const struct kb_document *doc);
/* The day on which it is due; 0: never reviewed, or nobody says how often. */
time_t kb_review_due(const struct kb_config *config, const struct kb_document *doc);
/* Is that day over? Archived documents are reviewed no more. */
bool kb_review_overdue(
	const struct kb_config *config, const struct kb_document *doc, time_t now);

#endif
