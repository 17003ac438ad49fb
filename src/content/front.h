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

#endif
