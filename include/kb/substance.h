/*
 * When documents last changed in substance.
 *
 * A commit that changes only spelling, typography, or upkeep (review dates, tags, owners)
 * leaves a document as it was, and so does a link that follows a page that moved. What
 * readers of the audience cannot see does not count either. A snippet or a variable that
 * the document shows is part of it. Only commits count.
 *
 * The versions of a document are compared from the newest one back, until two of them
 * differ in substance; links are compared as they are written. So the answer depends on
 * the history of the document, its snippets, and kb.yaml, and on nothing else. It is kept
 * between runs.
 */
#ifndef KB_SUBSTANCE_H
#define KB_SUBSTANCE_H

#include "kb/diff.h"
#include "kb/history.h"

/* Is more different than spelling, upkeep, and where links lead? */
bool kb_diff_is_substance(const struct kb_diff *diff);

/* Sets DATES, one by the number of each document of LIB, to the author's date of the last
 * commit that changed it in substance for readers of AUDIENCE. 0: it is in no commit, or
 * older than a shallow clone, or nobody in AUDIENCE reads it. A version that cannot be
 * read counts as a change. */
void kb_substance_dates(time_t *dates, const struct kb_library *lib,
	const struct kb_history *history, unsigned audience, unsigned threads);

#endif
