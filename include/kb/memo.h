/*
 * A cache of small results that take long to find, by a hash of everything that they
 * depend on (a file, see kb/store.h). kb can always find them again.
 */
#ifndef KB_MEMO_H
#define KB_MEMO_H

#include "kb/buf.h"
#include "kb/hash.h"

struct kb_memo;

/* Opens the file PATH. Without a path (NULL or ""), results are kept for this run only.
 * Never NULL. */
struct kb_memo *kb_memo_open(const char *path);
/* Writes the results that this run got or put, and no others, and frees MEMO. NULL is
 * fine. */
void kb_memo_close(struct kb_memo *memo);
/* Appends the result for KEY. Returns false if KEY has no result. Threads may share MEMO.
 */
bool kb_memo_get(struct kb_memo *memo, struct kb_hash key, kb_buf *answer);
/* Keeps a result in place of one with the same key. */
void kb_memo_put(struct kb_memo *memo, struct kb_hash key, kb_str answer);

#endif
