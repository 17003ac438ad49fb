#include "kb/mem.h"

#include <stdalign.h>
#include <stdio.h>

#include "kb/vec.h"

static void (*oom_handler)(void);

void kb_oom_handler_set(void (*handler)(void))
{
	oom_handler = handler;
}

void kb_oom(void)
{
	if (oom_handler)
		oom_handler();
	abort();
}

void *kb_xmalloc(size_t size)
{
	void *p = malloc(size ? size : 1);

	if (!p)
		kb_oom();
	return p;
}

void *kb_xcalloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size ? size : 1);

	if (!p)
		kb_oom();
	return p;
}

size_t kb_size_mul(size_t n, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(n, size, &product))
		kb_oom();
	return product;
}

void *kb_xrealloc(void *p, size_t n, size_t size)
{
	size_t bytes = kb_size_mul(n, size);

	p = realloc(p, bytes ? bytes : 1);
	if (!p)
		kb_oom();
	return p;
}

void *kb_xresize(void *p, size_t size)
{
	return kb_xrealloc(p, size, 1);
}

char *kb_xstrndup(const char *s, size_t len)
{
	char *copy = kb_xmalloc(len + 1);

	if (len)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

struct block {
	struct block *next;
	size_t size, used;
	alignas(max_align_t) char data[];
};

struct kb_arena {
	struct block *blocks; /* the newest first */
	size_t total;
};

#ifdef KB_ARENA_DEBUG
enum { BLOCK_FIRST = 0, BLOCK_MAX = 0, BLOCK_EACH = 1 }; /* a block for each */
#else
enum { BLOCK_FIRST = 2048, BLOCK_MAX = 1 << 20, BLOCK_EACH = 0 };
#endif

struct kb_arena *kb_arena_new(void)
{
	return kb_xcalloc(1, sizeof(struct kb_arena));
}

static void blocks_free(struct block *block)
{
	while (block) {
		struct block *next = block->next;

		free(block);
		block = next;
	}
}

void kb_arena_free(struct kb_arena *arena)
{
	if (!arena)
		return;
	blocks_free(arena->blocks);
	free(arena);
}

void kb_arena_reset(struct kb_arena *arena)
{
	struct block *keep = arena->blocks;

	arena->total = 0;
	if (!keep)
		return;
	blocks_free(keep->next);
	keep->next = NULL;
	memset(keep->data, 0, keep->used);
	keep->used = 0;
}

/* Blocks double up to a maximum; a larger allocation gets one of its own size. */
static struct block *block_add(struct kb_arena *arena, size_t need)
{
	size_t size = arena->blocks ? arena->blocks->size * 2 : BLOCK_FIRST;
	struct block *block;

	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	block = kb_xcalloc(1, sizeof(*block) + size);
	block->size = size;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

static void *take_from_new(struct kb_arena *arena, size_t size)
{
	struct block *block;

	if (size > SIZE_MAX / 2)
		kb_oom();
	block = block_add(arena, size);
	arena->total += size;
	block->used = size;
	return block->data;
}

static inline void *arena_take(struct kb_arena *arena, size_t size, size_t align)
{
	struct block *block = arena->blocks;
	size_t at = block ? (block->used + align - 1) & ~(align - 1) : 0;

	if (BLOCK_EACH || !block || at > block->size || size > block->size - at)
		return take_from_new(arena, size);
	arena->total += size;
	block->used = at + size;
	return block->data + at;
}

void *kb_arena_alloc(struct kb_arena *arena, size_t size)
{
	return arena_take(arena, size, alignof(void *));
}

size_t kb_arena_used(const struct kb_arena *arena)
{
	return arena->total;
}

void *kb_arena_copy(struct kb_arena *arena, const void *data, size_t size)
{
	void *p = kb_arena_alloc(arena, size);

	if (size)
		memcpy(p, data, size);
	return p;
}

kb_str kb_arena_str(struct kb_arena *arena, kb_str s)
{
	char *p = arena_take(arena, s.len + 1, 1);

	if (s.len)
		memcpy(p, s.data, s.len);
	return (kb_str){p, s.len};
}

kb_str kb_arena_vfmt(struct kb_arena *arena, const char *fmt, va_list ap)
{
	char text[256]; /* most fit, so that they are formatted once */
	va_list again;
	int len;
	char *p;

	va_copy(again, ap);
	len = vsnprintf(text, sizeof(text), fmt, again);
	va_end(again);
	if (len < 0)
		return KB_STR("");
	if ((size_t)len < sizeof(text))
		return kb_arena_str(arena, (kb_str){text, (size_t)len});
	p = arena_take(arena, (size_t)len + 1, 1);
	vsnprintf(p, (size_t)len + 1, fmt, ap);
	return (kb_str){p, (size_t)len};
}

kb_str kb_arena_fmt(struct kb_arena *arena, const char *fmt, ...)
{
	va_list ap;
	kb_str s;

	va_start(ap, fmt);
	s = kb_arena_vfmt(arena, fmt, ap);
	va_end(ap);
	return s;
}

void *kb_vec_grow(void *items, size_t *cap, size_t size)
{
	size_t want = *cap ? kb_size_mul(*cap, 2) : 8;

	items = kb_xrealloc(items, want, size);
	*cap = want;
	return items;
}

void *kb_vec_freeze_(
	struct kb_arena *arena, void **items, size_t *len, size_t *cap, size_t size)
{
	void *copy = NULL;

	if (*len)
		copy = kb_arena_copy(arena, *items, kb_size_mul(*len, size));
	free(*items);
	*items = NULL;
	*len = *cap = 0;
	return copy;
}
