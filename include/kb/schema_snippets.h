/*
 * Snippets of front matter, made from the schemas: what an editor offers while you type
 * a key, with its choices and its meaning. The format is that of VS Code, which plugins
 * of other editors read, too.
 */
#ifndef KB_SCHEMA_SNIPPETS_H
#define KB_SCHEMA_SNIPPETS_H

#include "kb/buf.h"

/* Appends snippets for the keys of all types of documents, as JSON. */
void kb_snippets(kb_buf *out);

#endif
