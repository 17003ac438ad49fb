#include "kb/hash.h"

#include <xxhash.h>

uint64_t kb_hash64(kb_str s)
{
	return XXH3_64bits(s.data, s.len);
}

struct kb_hash kb_hash128(kb_str s)
{
	XXH128_hash_t h = XXH3_128bits(s.data, s.len);

	return (struct kb_hash){h.low64, h.high64};
}
