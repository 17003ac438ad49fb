/*
 * Which document a request of any time has shown: at its address of today, or at one that
 * it had before, as Git's history knows it. A redirect is not a visit, as the browser
 * asks for the document next. But before the redirect was made, its address was the
 * page's.
 */
#ifndef USAGE_ADDRESSES_H
#define USAGE_ADDRESSES_H

#include "kb/history.h"
#include "kb/mount.h"
#include "kb/usage.h"

struct addresses {
	const struct kb_library *lib;
	struct kb_arena *arena;
	struct kb_history *history; /* Read when an address needs it. */
	struct kb_mounts *mounts;
	bool queries;  /* some alias or redirect has a query */
	kb_map found;  /* paths to struct address_place *, of the first ones */
	kb_map former; /* keys to struct address_place *, once the history is read */
	struct kb_error stopped; /* why the history could not be read; KB_OK: it could */
};

void addresses_init(struct addresses *addresses, const struct kb_library *lib);
void addresses_dispose(struct addresses *addresses);
/* The document that a page at TARGET, a path with or without a query, showed at that
 * time; NULL: none. */
const struct kb_document *addresses_find(
	struct addresses *addresses, kb_str target, time_t time);

/* All addresses of documents, for other programs: EACH is called with a key as of
 * kb_site_path_key, the document, and until when the address was its page (0: it is
 * still). Aliases with a '*' or a query are left out. */
void addresses_list(struct addresses *addresses,
	void (*each)(void *ctx, kb_str key, const struct kb_document *doc, time_t until),
	void *ctx);

#endif
