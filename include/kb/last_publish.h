/*
 * A publish that has nothing to do, known before a document is read.
 *
 * When a run of publish writes nothing, what it says is kept for the state that the work
 * tree is in. A later run in the same state, with the same request, the same list in the
 * folder and before the clock changes the site, would do and say the same. What is kept
 * is never needed.
 */
#ifndef KB_LAST_PUBLISH_H
#define KB_LAST_PUBLISH_H

#include "kb/library.h"

/* What somebody asks publish for, as on the command line. */
struct kb_publish_request {
	const char *audience, *out, *base_url; /* NULL: not given */
	const kb_strs *locales;
	bool drafts, no_search, no_api, no_markdown;
	bool json; /* what is said, as JSON */
};

/* What a run begins in. */
struct kb_publish_state {
	bool known;
	struct kb_hash key;
	uint64_t place; /* of the answer; a place has one */
};

/* Lists SOURCE. */
struct kb_publish_state kb_publish_state(
	struct kb_source *source, const struct kb_publish_request *request);
/* Appends what a publish says that begins in that state; false: it is not known. */
bool kb_last_publish_get(
	struct kb_source *source, const struct kb_publish_state *state, kb_buf *said);
/* Keeps SAID for a run that left the site as it was, without errors or notes. LIST:
 * the report's. NEXT: when the site changes by itself; 0: never. */
void kb_last_publish_put(const struct kb_library *lib,
	const struct kb_publish_state *state, const char *out, uint64_t list, time_t next,
	kb_str said);

#endif
