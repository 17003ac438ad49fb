/*
 * What a run keeps of the parts of a published index (kb/search_export.h): where each
 * begins, which files it is in, and the sign of its entries. The next run compares them
 * and writes only what an edit has changed.
 */
#ifndef KB_SEARCH_KEPT_PARTS_H
#define KB_SEARCH_KEPT_PARTS_H

#include "kb/buf.h"
#include "kb/map.h"
#include "kb/vec.h"

struct kept_part {
	kb_str text;	/* its first entry */
	kb_str last;	/* its last one */
	kb_str name;	/* of its file */
	uint64_t apart; /* how many of its postings are in files of their own */
	uint64_t sign;	/* of its entries, see entry_sign.h */
	uint64_t forms; /* a sum of hashes of its words */
};

/* Postings in a file of their own. */
struct kept_postings {
	uint64_t sign; /* of the entry */
	uint64_t n;
	kb_str name;
};

struct kept_ending {
	kb_str first, name;
};

struct kept_parts {
	uint64_t settings; /* a hash of the settings of the whole index */
	uint64_t forms;	   /* a sum of hashes of all words */
	struct {
		KB_VEC(struct kept_part);
	} words;
	struct {
		KB_VEC(struct kept_postings);
	} apart; /* in the order of the parts */
	struct {
		KB_VEC(struct kept_ending);
	} endings;
};

void kept_print(const struct kept_parts *parts, kb_buf *out);
/* Postings by the sign of their entry, or NULL. MAP is that of kept_map. */
const struct kept_postings *kept_find(const kb_map *map, uint64_t sign);
void kept_map(const struct kept_parts *parts, kb_map *map);
/* Borrows the strings of FROM. False, and PARTS stays empty, if FROM has another form. */
bool kept_read(struct kept_parts *parts, kb_str from);
void kept_dispose(struct kept_parts *parts);

#endif
