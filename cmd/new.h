/* Starting documents: where they go, and what is in them. */
#ifndef KB_CMD_NEW_H
#define KB_CMD_NEW_H

#include "session.h"

struct new_values {
	const char *title, *summary, *owner, *locale, *translate_of;
	kb_strs issues;
	struct kb_read_values read;
	bool quiet;
};

/* What a new document says of itself. */
struct new_document {
	enum kb_type type;
	uint32_t locale;
	kb_str id, title, summary, owner, team;
	kb_strs issues;
	bool owner_by_default; /* the mount's defaults name one */
};

/* new_place.c */

/* The option's locale; the first of kb.yaml when there is no CODE. */
int kb_new_locale(const struct kb_config *config, const char *code, uint32_t *out,
	struct kb_error *err);
/* Writes a document that is not there yet and prints its path. */
int kb_new_write(const struct kb_session *session, const struct new_values *values,
	kb_str path, kb_str text, struct kb_error *err);
/*
 * The path of a document: the mount for its type and locale with NAME in place of its
 * wildcards. NULL name of the mount: there is none.
 */
const struct kb_mount *kb_new_place(const struct kb_library *lib, struct kb_arena *arena,
	enum kb_type type, uint32_t locale, kb_str name, kb_str *path);
/* What stands in the place of a path's wildcards; false when it is not of that mount. */
bool kb_new_name_of(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str *name);

/* Title, owner and issues: from the options, else asked for on a terminal, until the
 * answer is one that is known; without a terminal what must be there is complained of. */
int kb_new_complete(const struct kb_library *lib, struct kb_arena *arena,
	const struct new_values *values, struct new_document *doc, struct kb_error *err);
int kb_new_translate(const struct kb_session *session, struct kb_arena *arena,
	const struct new_values *values, struct kb_error *err);

/* The type's template in the locale's language, else in English. */
kb_str kb_new_template(enum kb_type type, kb_str locale);
/* A template, filled. */
void kb_new_fill(kb_buf *out, const struct new_document *doc, kb_str template);
/* FILE, a document of revision BLOB, as the start of its translation. */
void kb_new_translation(kb_buf *out, kb_str file, const char *blob);

#endif
