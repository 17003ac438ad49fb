/*
 * Snippets of front matter, made from the schemas: what an editor offers while one
 * types a key, with its choices and what it means. The format is VS Code's, which plugins
 * of other editors read, too.
 */
#ifndef KB_SCHEMA_SNIPPETS_H
#define KB_SCHEMA_SNIPPETS_H

#include "kb/buf.h"

/* Of the keys of all types of documents. */
void kb_snippets(kb_buf *out);

#endif
