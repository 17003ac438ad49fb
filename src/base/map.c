#include "kb/map.h"

/* The slot that holds KEY, or the free one where it would go. */
static size_t slot_of(const kb_map *map, kb_str key)
{
	size_t mask = map->nslots - 1, slot = kb_str_hash(key) & mask;

	while (map->slots[slot] &&
		!kb_str_eq(map->entries[map->slots[slot] - 1].key, key))
		slot = (slot + 1) & mask;
	return slot;
}

static const struct kb_map_entry *find(const kb_map *map, kb_str key)
{
	uint32_t at;

	if (!map->nslots)
		return NULL;
	at = map->slots[slot_of(map, key)];
	return at ? &map->entries[at - 1] : NULL;
}

void *kb_map_get(const kb_map *map, kb_str key)
{
	const struct kb_map_entry *entry = find(map, key);

	return entry ? entry->value : NULL;
}

bool kb_map_has(const kb_map *map, kb_str key)
{
	return find(map, key) != NULL;
}

static void grow(kb_map *map, size_t cap)
{
	map->cap = cap;
	map->entries = kb_xrealloc(map->entries, map->cap, sizeof(*map->entries));
	free(map->slots);
	map->nslots = map->cap * 2;
	map->slots = kb_xcalloc(map->nslots, sizeof(*map->slots));
	for (size_t i = 0; i < map->len; i++)
		map->slots[slot_of(map, map->entries[i].key)] = (uint32_t)(i + 1);
}

void kb_map_reserve(kb_map *map, size_t n)
{
	size_t cap = 8;

	while (cap < n)
		cap = kb_size_mul(cap, 2);
	if (cap > map->cap)
		grow(map, cap);
}

void *kb_map_put(kb_map *map, kb_str key, void *value)
{
	size_t slot;

	if (map->len == map->cap)
		grow(map, map->cap ? kb_size_mul(map->cap, 2) : 8);
	slot = slot_of(map, key);
	if (map->slots[slot]) {
		struct kb_map_entry *entry = &map->entries[map->slots[slot] - 1];
		void *former = entry->value;

		entry->value = value;
		return former;
	}
	map->entries[map->len] = (struct kb_map_entry){key, value};
	map->slots[slot] = (uint32_t)++map->len;
	return NULL;
}

void kb_map_settle(kb_map *map, struct kb_arena *arena)
{
	struct kb_map_entry *entries = map->entries;
	uint32_t *slots = map->slots;

	map->entries = kb_arena_copy(arena, entries, map->len * sizeof(*entries));
	map->slots = kb_arena_copy(arena, slots, map->nslots * sizeof(*slots));
	map->cap = map->len;
	free(entries);
	free(slots);
}

void kb_map_dispose(kb_map *map)
{
	free(map->entries);
	free(map->slots);
	*map = (kb_map){0};
}
