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

/* since_pair.c */

/* Does its front matter say its id, so that its path does not make it? */
static inline bool kb_has_own_id(const struct kb_document *doc)
{
	return kb_facts_range(doc->facts, "id").len > 0;
}

/* What a document of the older version became, by its file, through renames; NULL: the
 * file is gone, or is another document, because both have ids of their own that differ.
 */
const struct kb_document *kb_versions_by_path(
	const struct kb_versions *versions, const struct kb_document *doc);
/* By its id in its locale. */
const struct kb_document *kb_versions_by_id(
	const struct kb_versions *versions, const struct kb_document *doc);
/* By its file, else by its id; NULL: it is gone. */
const struct kb_document *kb_versions_now(
	const struct kb_versions *versions, const struct kb_document *doc);
/* Is it sure that the one became the other? A file that is merely like one that is gone
 * may be another document. */
bool kb_versions_sure(const struct kb_versions *versions, const struct kb_document *doc);

/* Where the key's value stands, or else the title. */
kb_range kb_versions_place(const struct kb_document *doc, const char *key);
/* Adds an edit of NOW's front matter: the ITEMS at the end of a list or, with NULL, the
 * VALUE of the key. */
void kb_versions_edit(struct kb_versions *versions, struct kb_diag *diag,
	const struct kb_document *now, const char *key, const kb_strs *items,
	kb_str value);

/* since_pages.c */
void kb_versions_pages(struct kb_versions *versions);

#endif
