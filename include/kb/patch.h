/*
 * Edits of one text.
 *
 * A patch collects the edits of one text in groups. A group is a set of edits
 * that belong together, such as those of a finding: it is taken whole or not at all. Text
 * outside edits stays as it is, byte for byte.
 */
#ifndef KB_PATCH_H
#define KB_PATCH_H

#include "kb/buf.h"
#include "kb/diag.h"
#include "kb/vec.h"

struct kb_patch {
	kb_str text;		/* borrowed, as are the edits' texts */
	KB_VEC(struct kb_edit); /* in the order of their ranges */
};

/* Takes a group of edits. Returns false, and takes none of them, if one goes beyond the
 * text, overlaps another one of this or an earlier group, or begins at the same place. */
bool kb_patch_take(struct kb_patch *patch, const struct kb_edit *edits, size_t n);
/* Appends the text with all edits made. */
void kb_patch_apply(const struct kb_patch *patch, kb_buf *out);
/* Frees the list of edits; texts stay. */
void kb_patch_dispose(struct kb_patch *patch);

#endif
