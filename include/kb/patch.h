/*
 * Edits of one text.
 *
 * A patch collects the edits of one text in groups. A group is what belongs together (a
 * finding's edits, say): it is taken whole or not at all. What no edit covers stays as
 * it is, byte for byte.
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

/* Takes a group of edits; false, and takes none of them, when one reaches beyond the
 * text, shares a byte with another or with one taken before, or begins where another
 * does: which comes first would be a guess. */
bool kb_patch_take(struct kb_patch *patch, const struct kb_edit *edits, size_t n);
/* Appends the text with all edits made. */
void kb_patch_apply(const struct kb_patch *patch, kb_buf *out);
void kb_patch_dispose(struct kb_patch *patch);

#endif
