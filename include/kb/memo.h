/*
 * What was found out before, by a hash of all that it depends on: a file of answers that
 * cost much and are small (kb/store.h). Nothing in it is needed.
 */
#ifndef KB_MEMO_H
#define KB_MEMO_H

#include "kb/buf.h"
#include "kb/hash.h"

struct kb_memo;

/* The answers of the file PATH; without a path (NULL or ""), those of this run alone.
 * Never NULL. */
struct kb_memo *kb_memo_open(const char *path);
/* Keeps the answers that were got or put, and no others. NULL is fine. */
void kb_memo_close(struct kb_memo *memo);
/* Appends the answer to KEY; false: it is not known. Several threads may ask and put. */
bool kb_memo_get(struct kb_memo *memo, struct kb_hash key, kb_buf *answer);
void kb_memo_put(struct kb_memo *memo, struct kb_hash key, kb_str answer);

#endif
