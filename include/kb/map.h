/*
 * A hash map from strings to pointers.
 *
 * Keys are borrowed: what they point to must outlive the map. Iteration goes in
 * order of insertion, so that what is printed from a map never depends on hashes.
 * Readers may share a map between threads as long as nobody writes.
 */
#ifndef KB_MAP_H
#define KB_MAP_H

#include "kb/mem.h"

struct kb_map_entry {
	kb_str key;
	void *value;
};

typedef struct kb_map {
	struct kb_map_entry *entries; /* in order of insertion */
	size_t len;
	size_t cap;
	uint32_t *slots; /* index into entries + 1; 0 is free */
	size_t nslots;
} kb_map;

/* NULL when the key is not there. */
void *kb_map_get(const kb_map *map, kb_str key);
/* Is the key there, with whatever value? */
bool kb_map_has(const kb_map *map, kb_str key);
/* Adds or replaces; returns the former value or NULL. */
void *kb_map_put(kb_map *map, kb_str key, void *value);
/* For N entries without growing on the way. */
void kb_map_reserve(kb_map *map, size_t n);
/* Frees the map; keys and values stay. */
void kb_map_dispose(kb_map *map);
/* Moves a map that is complete into the arena: nothing is left to dispose of. */
void kb_map_settle(kb_map *map, struct kb_arena *arena);

#endif
