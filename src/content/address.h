/* Ids and addresses from paths; see content-format in docs/. */
#ifndef CONTENT_ADDRESS_H
#define CONTENT_ADDRESS_H

#include "kb/mount.h"

/* de-AT, de-at, de_AT and de_at: people name folders in all these WAYS. */
unsigned kb_code_ways(kb_str code);
kb_str kb_code_spelled(struct kb_arena *arena, kb_str code, unsigned way);
/* Where S holds a locale's CODE as a word of its own, in whatever spelling, or SIZE_MAX.
 */
size_t kb_code_find(kb_str s, size_t from, kb_str code);
/* "articles/descale": the path below the locale's folder, slugged. */
kb_str kb_id_default(
	struct kb_arena *arena, const struct kb_mount *mount, kb_str path, kb_str code);

#endif
