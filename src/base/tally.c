#include "kb/tally.h"

#include <stdlib.h>

void kb_tally_add(struct kb_tally *tally, kb_str name)
{
	size_t i = 0;

	while (i < tally->len && !kb_str_eq(tally->items[i].name, name))
		i++;
	if (i == tally->len)
		kb_vec_push(tally, ((struct kb_count){.name = name}));
	tally->items[i].n++;
}

static int count_cmp(const void *pa, const void *pb)
{
	const struct kb_count *a = pa, *b = pb;

	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return kb_str_cmp(a->name, b->name);
}

void kb_tally_sort(struct kb_tally *tally)
{
	if (tally->len)
		qsort(tally->items, tally->len, sizeof(*tally->items), count_cmp);
}
