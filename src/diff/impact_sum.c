#include "touch.h"

/* Touches are sorted by path, so those of one document are next to each other. */
void touch_sum(struct kb_arena *arena, struct kb_impact *impact)
{
	struct kb_tally owners = {0};

	for (size_t i = 0; i < impact->len;) {
		const struct kb_touch *first = &impact->items[i];
		bool direct = false;

		for (; i < impact->len && kb_str_eq(impact->items[i].path, first->path);
			i++) {
			kb_tally_add(&owners, impact->items[i].owner);
			direct |= !impact->items[i].via;
		}
		impact->documents += first->doc != NULL;
		impact->through += first->doc && !direct;
	}
	kb_tally_sort(&owners);
	impact->nowners = owners.len;
	impact->owners = kb_vec_freeze(&owners, arena);
}
