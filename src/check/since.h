/*
 * Inside the comparison of two versions.
 */
#ifndef KB_CHECK_SINCE_H
#define KB_CHECK_SINCE_H

#include "kb/check.h"

struct kb_versions {
	const struct kb_library *base, *lib;
	const struct kb_path_changes *changes;
	struct kb_diags *diags;
	struct kb_arena *arena;	  /* for the whole comparison */
	struct kb_reader *reader; /* of the newer version */
};

/* What a document of the older version became: by its file, through renames, else by its
 * id in its locale; NULL: it is gone. */
const struct kb_document *kb_versions_now(
	const struct kb_versions *versions, const struct kb_document *doc);

/* since_pages.c */
void kb_versions_pages(struct kb_versions *versions);

#endif
