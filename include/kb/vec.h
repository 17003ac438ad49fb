/*
 * Growing arrays.
 *
 *	struct { KB_VEC(kb_str); } names = {0};
 *	kb_vec_push(&names, KB_STR("one"));
 *	for (size_t i = 0; i < names.len; i++) use(names.items[i]);
 *	kb_vec_dispose(&names);
 *
 * The items are on the heap; kb_vec_freeze moves them into an arena.
 */
#ifndef KB_VEC_H
#define KB_VEC_H

#include "kb/mem.h"

#define KB_VEC(type)                                                                     \
	type *items;                                                                     \
	size_t len;                                                                      \
	size_t cap

/* The address of a new item at the end; its bytes are not set. */
#define kb_vec_add(v)                                                                    \
	((v)->len == (v)->cap ? (void)((v)->items = kb_vec_grow((v)->items, &(v)->cap,   \
					       sizeof *(v)->items))                      \
			      : (void)0,                                                 \
		&(v)->items[(v)->len++])
#define kb_vec_push(v, item) (*kb_vec_add(v) = (item))
#define kb_vec_dispose(v) (free((v)->items), (v)->items = NULL, (v)->len = (v)->cap = 0)
/* A copy of the items in the arena (NULL when there are none); the vector is emptied. */
#define kb_vec_freeze(v, arena)                                                          \
	kb_vec_freeze_(                                                                  \
		arena, (void **)&(v)->items, &(v)->len, &(v)->cap, sizeof *(v)->items)

/* For the macros above. */
void *kb_vec_grow(void *items, size_t *cap, size_t size);
void *kb_vec_freeze_(
	struct kb_arena *arena, void **items, size_t *len, size_t *cap, size_t size);

typedef struct kb_strs {
	KB_VEC(kb_str);
} kb_strs;

#endif
