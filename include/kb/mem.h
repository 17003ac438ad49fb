/*
 * Memory.
 *
 * For callers, allocation never fails. If memory is gone, kb calls the handler that is
 * set here, which must not return. A program that wants to end with a message sets one;
 * without a handler, the process aborts. kb renames files into place with rename(2), so
 * they are whole whenever that happens.
 *
 * Each adapter makes its library allocate here, too, if the library allows it. Without
 * memory, some libraries crash or abort, and others return wrong results.
 *
 * An arena hands out memory that is freed in one call. It is zeroed and aligned for
 * pointers; strings are packed. One arena belongs to one thread at a time. Built with
 * KB_ARENA_DEBUG (as `make SANITIZE=1` does) each allocation is a block of its own, so
 * that AddressSanitizer sees overruns between neighbors.
 */
#ifndef KB_MEM_H
#define KB_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include "kb/str.h"

/* Sets what is called when memory is gone. It must not return. */
void kb_oom_handler_set(void (*handler)(void));
/* Calls the handler: for libraries that report by themselves that memory is gone. */
__attribute__((noreturn)) void kb_oom(void);

/* These are malloc, calloc, reallocarray and strndup, but they never return NULL. Free
 * what they return with free. */
void *kb_xmalloc(size_t size);
void *kb_xcalloc(size_t n, size_t size);
void *kb_xrealloc(void *p, size_t n, size_t size);
/* With the parameters of realloc, to give to a library. */
void *kb_xresize(void *p, size_t size);
char *kb_xstrndup(const char *s, size_t len);

struct kb_arena;

/* Makes an empty arena. Never NULL. */
struct kb_arena *kb_arena_new(void);
/* Frees all that the arena handed out; NULL is fine. */
void kb_arena_free(struct kb_arena *arena);
/* Frees what the arena handed out, and keeps one block for later. */
void kb_arena_reset(struct kb_arena *arena);
/* SIZE zero bytes. Never NULL. */
void *kb_arena_alloc(struct kb_arena *arena, size_t size);
/* Bytes handed out so far. */
size_t kb_arena_used(const struct kb_arena *arena);

#define kb_arena_new_of(arena, type) ((type *)kb_arena_alloc((arena), sizeof(type)))
#define kb_arena_array(arena, type, n)                                                   \
	((type *)kb_arena_alloc((arena), kb_size_mul((n), sizeof(type))))

/* n * size; calls the out-of-memory handler when that overflows. */
size_t kb_size_mul(size_t n, size_t size);

/* Copies end in a NUL that the length does not count. */
kb_str kb_arena_str(struct kb_arena *arena, kb_str s);
/* What printf would print, as a string in the arena. */
kb_str kb_arena_fmt(struct kb_arena *arena, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
kb_str kb_arena_vfmt(struct kb_arena *arena, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* A copy of SIZE bytes. */
void *kb_arena_copy(struct kb_arena *arena, const void *data, size_t size);

/* For variables that own what they point to. */
static inline void kb_cleanup_free(void *p)
{
	free(*(void **)p);
}
static inline void kb_cleanup_arena(struct kb_arena **p)
{
	kb_arena_free(*p);
}
#define _cleanup_(f) __attribute__((cleanup(f)))
#define _cleanup_free_ _cleanup_(kb_cleanup_free)
#define _cleanup_arena_ _cleanup_(kb_cleanup_arena)
/* Gives up ownership: the value of P, which becomes NULL. */
#define KB_TAKE(p)                                                                       \
	__extension__({                                                                  \
		__typeof__(p) kb_taken_ = (p);                                           \
		(p) = NULL;                                                              \
		kb_taken_;                                                               \
	})

#define KB_LEN(array) (sizeof(array) / sizeof((array)[0]))

#endif
