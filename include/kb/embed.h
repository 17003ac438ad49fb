/*
 * Files built into the program: schemas/, the theme, rule explanations, templates
 * of new documents. Made by tools/embed from the folders that the Makefile names.
 */
#ifndef KB_EMBED_H
#define KB_EMBED_H

#include "kb/str.h"

struct kb_embed {
	const char
		*path; /* "theme/style.css", "schemas/article.json", "rules/link-….md" */
	kb_str data;
};

/* Returns false if there is no such file. */
bool kb_embed_get(kb_str path, kb_str *data);
/* All files, sorted by path. */
const struct kb_embed *kb_embed_list(size_t *n);

#endif
