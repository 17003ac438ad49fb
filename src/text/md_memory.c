#include "md_memory.h"

enum { BLOCKS_WATCHED = 8 }; /* among which a new parser's document is */

static _Thread_local struct {
	struct kb_arena *arena;
	size_t limit;
	jmp_buf *stop;
	void *watched[BLOCKS_WATCHED];
	size_t nwatched;
} parse;

static size_t *header_of(void *p)
{
	return (size_t *)((char *)p - 16);
}

static void *mem_alloc(size_t size)
{
	char *p;

	if (kb_arena_used(parse.arena) > parse.limit)
		longjmp(*parse.stop, 1);
	p = kb_arena_alloc(parse.arena, size + 16);
	*(size_t *)(void *)p = size;
	if (parse.nwatched < BLOCKS_WATCHED)
		parse.watched[parse.nwatched++] = p + 16;
	return p + 16;
}

static void *mem_calloc(size_t n, size_t size)
{
	return mem_alloc(kb_size_mul(n, size));
}

static void *mem_realloc(void *p, size_t size)
{
	size_t old = p ? *header_of(p) : 0;
	void *moved;

	if (size <= old)
		return p;
	moved = mem_alloc(size);
	if (old)
		memcpy(moved, p, old);
	return moved;
}

static void mem_free(void *p)
{
	(void)p;
}

static cmark_mem memory = {mem_calloc, mem_realloc, mem_free};

cmark_mem *md_mem(void)
{
	return &memory;
}

void md_memory_begin(struct kb_arena *arena, size_t limit, jmp_buf *stop)
{
	parse.arena = arena;
	parse.limit = limit;
	parse.stop = stop;
	parse.nwatched = 0;
}

void md_memory_end(void)
{
	parse.arena = NULL;
	parse.stop = NULL;
}

cmark_node *md_memory_document(void)
{
	enum { NODE_SIZE_MIN = 96 };

	for (size_t i = 0; i < parse.nwatched; i++)
		if (*header_of(parse.watched[i]) >= NODE_SIZE_MIN &&
			cmark_node_get_type(parse.watched[i]) == CMARK_NODE_DOCUMENT)
			return parse.watched[i];
	return NULL;
}
