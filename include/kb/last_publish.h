/*
 * Recognizing a publish that has nothing to do, before kb reads a document.
 *
 * If a run of publish writes nothing, kb keeps what it printed, together with the state
 * of the work tree. A later run would print the same, but for the time, if the state, the
 * request and the list in the folder are the same and the clock has not reached the next
 * change. Nothing depends on what is kept.
 */
#ifndef KB_LAST_PUBLISH_H
#define KB_LAST_PUBLISH_H

#include "kb/library.h"

/* What the command line asks for. */
struct kb_publish_request {
	const char *audience, *out, *base_url; /* NULL: not given */
	const kb_strs *locales;
	bool drafts, no_search, no_api, no_markdown;
	bool json; /* the output is JSON */
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
/* Appends what such a run printed. Returns false if that is not known. */
bool kb_last_publish_get(
	struct kb_source *source, const struct kb_publish_state *state, kb_buf *said);
/* Keeps SAID for a run that left the site as it was, without errors or notes. LIST:
 * the report's. NEXT: when the site changes by itself; 0: never. */
void kb_last_publish_put(const struct kb_library *lib,
	const struct kb_publish_state *state, const char *out, uint64_t list, time_t next,
	kb_str said);

#endif
