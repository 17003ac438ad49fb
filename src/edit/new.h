/* Where new documents go, and what is in them. */
#ifndef KB_EDIT_NEW_H
#define KB_EDIT_NEW_H

#include "kb/draft.h"

/*
 * The path of a document: the mount for its type and locale with NAME in place of its
 * wildcards. NULL: there is no such mount.
 */
const struct kb_mount *edit_place(const struct kb_library *lib, struct kb_arena *arena,
	enum kb_type type, uint32_t locale, kb_str name, kb_str *path);
int edit_no_place(enum kb_type type, struct kb_error *err);
/* The parts of a path that the mount's wildcards match; false if the path is not its. */
bool edit_name_of(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str *name);
/* Appends FILE, a document of revision BLOB, as the start of its translation. */
void edit_put_translation(kb_buf *out, kb_str file, const char *blob);

#endif
