/*
 * The memory of cmark's trees: the arena of the text that this thread is parsing. Nothing
 * is freed alone. A limit keeps a hostile text from taking all memory; as cmark expects
 * no failure, what is over the limit is left by a jump.
 */
#ifndef MD_MEMORY_H
#define MD_MEMORY_H

#include <setjmp.h>

#include "md_tree.h"

/* From here to md_memory_end md_mem() takes from ARENA. Once that has given LIMIT bytes,
 * the next call jumps to STOP, which may be NULL when LIMIT is SIZE_MAX. */
void md_memory_begin(struct kb_arena *arena, size_t limit, jmp_buf *stop);
void md_memory_end(void);
/* The document that a new parser fills. cmark gives it away only when it has parsed the
 * inlines too: it is among the first blocks of memory that the parser asked for. */
cmark_node *md_memory_document(void);

#endif
