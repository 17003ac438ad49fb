/*
 * A file of records by key, for data that kb can make again. So failures are ignored.
 *
 * A record is bytes with a checksum, which is compared when the record is taken. What the
 * caller needs to know of each record without that is in the index: a key, an id and a
 * stamp. The index has a checksum of its own. A file that is missing, damaged, cut short,
 * of another version or layout is an empty store. Any other gives right bytes or none, as
 * far as checksums go: they are against accidents, and who may write the file could as
 * well replace kb.
 *
 * Records hold pointers (kb/flat.h), which are addresses. So a file has an address of its
 * own, its home, where it is mapped if that is free. There the records need no change,
 * and reading them writes no memory.
 *
 * A store is two files. PATH is the base. PATH.new has what changed since, until that is
 * more than an eighth of the base; then both become a new base. It names the base that it
 * belongs to, and with another one it is as if it were not there. Both are only ever
 * replaced whole, by rename, so the mapped one stays as it is, and two processes may read
 * and write at once: one that finds that the other replaced a file since it was opened
 * leaves it alone.
 */
#ifndef KB_STORE_H
#define KB_STORE_H

#include "kb/hash.h"
#include "kb/mem.h"
#include "kb/spool.h"

/* What the index says of a record. All is the caller's; the key is a hash, so that a
 * caller who must not mistake one record for another compares the id, too. */
struct kb_store_entry {
	struct kb_hash key;
	uint64_t stamp;
	unsigned char id[20]; /* such as Git's of a file's bytes */
	uint32_t flags;
};

/* A record for the next generation: the old store's number OLD, or, when that is
 * KB_STORE_NONE, BYTES with the home 0. Bytes without data are so many in SPOOL. */
struct kb_store_put {
	struct kb_store_entry entry;
	uint32_t old;
	kb_str bytes;
	const struct kb_spool *spool;
	uint64_t at;
};

struct kb_store;

#define KB_STORE_NONE UINT32_MAX

/* Never NULL; without a valid file, the store is empty. LAYOUT: what the records
 * look like, a hash. Afterwards it is read-only and may be shared by threads. */
struct kb_store *kb_store_open(const char *path, uint64_t layout);
/* What was taken ends with it. NULL is allowed. */
void kb_store_close(struct kb_store *store);
static inline void kb_cleanup_store(struct kb_store **p)
{
	kb_store_close(*p);
}
#define _cleanup_store_ _cleanup_(kb_cleanup_store)

/* The file's path; NULL for no store. */
const char *kb_store_path(const struct kb_store *store);
/* Numbers go from 0; some may have been replaced by later ones, and are not found. */
uint32_t kb_store_count(const struct kb_store *store);
/* The record of a key, or KB_STORE_NONE. */
uint32_t kb_store_find(const struct kb_store *store, struct kb_hash key);
/* What the index says of record N, which kb_store_find or counting gave. */
const struct kb_store_entry *kb_store_entry(const struct kb_store *store, uint32_t n);
/* A record's bytes, aligned to 8, only to be read, and the address that they were made
 * for; false when they are damaged. */
bool kb_store_take(
	const struct kb_store *store, uint32_t n, kb_str *bytes, uint64_t *home);

/* Makes the record's bytes for another address (kb_flat_move); false: they are damaged,
 * and the record is dropped. */
typedef bool kb_store_move_fn(
	void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to);
/*
 * Writes the next generation: the N records PUTS, each key once, and no others. Nothing
 * is written when all are in the store already, with the same entries. STORE stays as it
 * was opened. MOVE may be NULL: records hold no pointers.
 */
void kb_store_write(const struct kb_store *store, const struct kb_store_put *puts,
	size_t n, kb_store_move_fn *move, void *ctx);

#endif
