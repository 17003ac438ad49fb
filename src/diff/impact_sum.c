#include "touch.h"

#include <stdlib.h>

static struct kb_impact_owner *owner_of(struct kb_impact *impact, kb_str id)
{
	for (size_t i = 0; i < impact->nowners; i++)
		if (kb_str_eq(impact->owners[i].id, id))
			return &impact->owners[i];
	impact->owners[impact->nowners].id = id;
	return &impact->owners[impact->nowners++];
}

static int owner_cmp(const void *pa, const void *pb)
{
	const struct kb_impact_owner *a = pa, *b = pb;

	if (a->touches != b->touches)
		return a->touches > b->touches ? -1 : 1;
	return kb_str_cmp(a->id, b->id);
}

/* Touches are sorted by path, so those of one document are next to each other. */
void touch_sum(struct kb_arena *arena, struct kb_impact *impact)
{
	impact->owners = kb_arena_array(arena, struct kb_impact_owner, impact->len + 1);
	for (size_t i = 0; i < impact->len;) {
		const struct kb_touch *first = &impact->items[i];
		bool direct = false;

		for (; i < impact->len && kb_str_eq(impact->items[i].path, first->path);
			i++) {
			owner_of(impact, impact->items[i].owner)->touches++;
			direct |= !impact->items[i].via;
		}
		impact->documents += first->doc != NULL;
		impact->through += first->doc && !direct;
	}
	if (impact->nowners)
		qsort(impact->owners, impact->nowners, sizeof *impact->owners, owner_cmp);
}
