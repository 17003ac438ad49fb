/*
 * Fast hashes of bytes (xxHash: XXH3), for checksums, and for keys of caches in files.
 * They are the same on all machines. They do not protect against people who
 * construct inputs with equal hashes.
 */
#ifndef KB_HASH_H
#define KB_HASH_H

#include "kb/str.h"

struct kb_hash {
	uint64_t low, high;
};

/* The hash of the bytes of S, in 64 or in 128 bits. */
uint64_t kb_hash64(kb_str s);
struct kb_hash kb_hash128(kb_str s);

#endif
