/* Starting documents: where they go, and what is in them. */
#ifndef KB_CMD_NEW_H
#define KB_CMD_NEW_H

#include "open.h"

struct new_values {
	const char *title, *summary, *owner, *locale, *translate_of;
	kb_strs issues;
	struct kb_read_values read;
};

/* What a new document says of itself. */
struct new_document {
	enum kb_type type;
	uint32_t locale;
	kb_str id, title, summary, owner, team;
	kb_strs issues;
	bool owner_by_default; /* the mount's defaults name one */
};

/*
 * The path of a document: the mount for its type and locale with NAME in place of its
 * wildcards. NULL name of the mount: there is none.
 */
const struct kb_mount *kb_new_place(const struct kb_library *lib, struct kb_arena *arena,
	enum kb_type type, uint32_t locale, kb_str name, kb_str *path);
/* What stands in the place of a path's wildcards; false when it is not of that mount. */
bool kb_new_name_of(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str *name);

/* The type's template, filled. */
void kb_new_fill(
	kb_buf *out, const struct new_document *doc, kb_str template, kb_str today);
/* FILE, a document of revision BLOB, as the start of its translation. */
void kb_new_translation(kb_buf *out, kb_str file, const char *blob);

#endif
