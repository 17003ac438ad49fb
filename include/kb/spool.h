/*
 * Bytes that wait to be read once more, as records do for kb_store_write: in a file that
 * has no name, so that they take no memory. Where no such file can be made or written,
 * they wait in memory.
 */
#ifndef KB_SPOOL_H
#define KB_SPOOL_H

#include "kb/buf.h"

struct kb_spool;

/* PATH: a file whose folder takes the bytes, copied; NULL or "": they stay in memory.
 * Never NULL. */
struct kb_spool *kb_spool_new(const char *path);
/* Frees it and its file; NULL is fine. */
void kb_spool_free(struct kb_spool *spool);
/* Adds bytes and returns where they are. One thread at a time. */
uint64_t kb_spool_add(struct kb_spool *spool, kb_str bytes);
/* Copies LEN bytes that were added at AT; false: they cannot be read. Several threads may
 * read while none adds. */
bool kb_spool_read(const struct kb_spool *spool, uint64_t at, void *to, size_t len);

#endif
