/*
 * What a change brought: a library's findings without those that an older version of it
 * has, too.
 */
#ifndef KB_BROUGHT_H
#define KB_BROUGHT_H

#include "kb/check.h"

struct kb_brought_options {
	const char *rev; /* The older version is its merge base with NOW; NULL: HEAD. */
	const char *now; /* the newer version's revision; NULL: HEAD */
	const char *config; /* as of kb_source_open */
	unsigned threads;
	bool no_store;
};

/* Whether there is an older version. */
enum kb_brought_base {
	KB_BROUGHT_BASE,
	KB_BROUGHT_NO_COMMIT,
	KB_BROUGHT_NO_CONFIG,  /* it has no kb.yaml */
	KB_BROUGHT_BAD_CONFIG, /* or one that is broken */
};

/* The older version; empty when there is none. */
struct kb_brought {
	struct kb_source *source;
	struct kb_check_texts *texts;
	struct kb_library *lib;
	struct kb_diags diags;
	struct kb_path_changes *changes; /* from it to the newer one */
	bool checked;
};

/* Opens the older version of LIB, and finds what changed. To be disposed of in any case.
 */
int kb_brought_open(struct kb_brought *brought, const struct kb_library *lib,
	const struct kb_brought_options *options, enum kb_brought_base *base,
	struct kb_error *err);
/* Frees the older version and all that was found in it. */
void kb_brought_dispose(struct kb_brought *brought);
/* Adds to the findings of LIB what only both versions show, and finishes them. With an
 * older version it leaves what the change brought; what is elsewhere is compared, for
 * which that one is checked once. */
void kb_brought_finish(struct kb_brought *brought, const struct kb_library *lib,
	unsigned threads, struct kb_diags *diags);
/* How many files of the older version cannot be read, and can in the newer one. */
size_t kb_brought_unread(
	const struct kb_brought *brought, const struct kb_diags *findings);

#endif
