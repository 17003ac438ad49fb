/*
 * Mounts: which files of the content root are documents, and of what kind.
 *
 * A path may match several mounts. The nearest one wins: the one whose pattern names most
 * of the path before its first wildcard. Wider mounts add what it does not say (type,
 * locale, expand, a default, a key). An address has the folders below the mount that
 * gives the type, so a mount that only has defaults does not move pages.
 */
#ifndef KB_MOUNT_H
#define KB_MOUNT_H

#include "kb/config.h"

struct kb_mounts;

/* Prepares the mounts of CONFIG, which is borrowed. Never NULL. */
struct kb_mounts *kb_mounts_new(struct kb_arena *arena, const struct kb_config *config);
/* Frees what is not in the arena. Mounts that were matched stay valid. */
void kb_mounts_dispose(struct kb_mounts *mounts);
/*
 * The mount that takes the Markdown file PATH, with what wider mounts add, and the
 * locale that the path or the mount says. NULL: none does. It keeps what
 * it merged, so only one thread may call it at a time.
 */
const struct kb_mount *kb_mounts_match(
	struct kb_mounts *mounts, kb_str path, uint32_t *locale);

/* "articles/care/descale/": the site path without the locale; empty for a snippet. SLUG
 * replaces the last part when it is not empty. */
kb_str kb_address_of(struct kb_arena *arena, const struct kb_mount *mount, kb_str path,
	kb_str code, enum kb_type type, kb_str slug);

#endif
