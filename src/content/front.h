/*
 * Front matter as a document's keys: foreign ones renamed, ignored ones left out,
 * those of the mount added.
 */
#ifndef CONTENT_FRONT_H
#define CONTENT_FRONT_H

#include "kb/config.h"

/* FRONT itself when the mount changes nothing. What comes from the mount's defaults has
 * the range {0, 0}. */
struct kb_node *kb_front_meta(
	struct kb_arena *arena, const struct kb_mount *mount, struct kb_node *front);

/*
 * The key that WORD means when that is one that says who sees a document and when:
 * audience, status, publish_at, expires_at, type, draft or published; else empty. WORD
 * may be a foreign key of the mount, or, unless EXACT, a near miss.
 */
kb_str kb_front_restriction(const struct kb_mount *mount, kb_str word, bool exact);

/*
 * Those keys, with their values, in the head of TEXT, which cannot be parsed; a key may
 * be there twice. *CONFLICT: one of them is in a merge conflict, so that the document may
 * also lack it.
 */
struct kb_node *kb_front_raw(struct kb_arena *arena, const struct kb_mount *mount,
	kb_str text, bool *conflict);

/* encoding.c: adds findings about the bytes of the file at PATH; false: they are not
 * text.
 */
bool kb_encoding_check(kb_str path, kb_str text, struct kb_diags *diags);

#endif
