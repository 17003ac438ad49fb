/*
 * Unified patches, as `git diff` writes and `git apply` takes them: paths quoted as Git
 * quotes them, and a note for a file whose last line has no end.
 */
#ifndef KB_UNIDIFF_H
#define KB_UNIDIFF_H

#include "kb/buf.h"
#include "kb/error.h"

/* Appends the patch of one file; nothing when the texts are the same. PATH is the one
 * from the top of the repository. */
int kb_unidiff(
	kb_buf *out, kb_str path, kb_str before, kb_str after, struct kb_error *err);

#endif
