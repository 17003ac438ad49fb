/*
 * Facts that are kept from one run to the next (kb/store.h), for one load of a library.
 *
 * A record is found by what its facts depend on beside the file's bytes: the file's path
 * and a struct kb_facts_context. Its id is that of the bytes. Whatever the store holds,
 * the library is the same as one that is loaded without.
 */
#ifndef CONTENT_FACTS_STORE_H
#define CONTENT_FACTS_STORE_H

#include "kb/facts.h"
#include "kb/hash.h"
#include "kb/source.h"
#include "kb/spool.h"

struct facts_store;

/* Opens SOURCE's store; an empty one if it has none, or without USE. Nothing is kept
 * for a repository with schemas of its own, whose files may refer to others. */
struct facts_store *facts_store_open(
	struct kb_source *source, const struct kb_config *config, bool use);
/* The store holds the memory of the facts, those that were read, too. It is freed when
 * nobody holds it any more: later libraries may have some of its facts. */
void facts_store_close(struct facts_store *store);
struct facts_store *facts_store_hold(struct facts_store *store);
/* One for each of N workers that read facts. */
void facts_store_make_arenas(struct facts_store *store, unsigned n);
struct kb_arena *facts_store_arena(const struct facts_store *store, unsigned i);

/* A hash of the mount's settings on which the facts of its files depend. Call it from one
 * thread at a time. */
struct kb_hash facts_store_mount(struct facts_store *store, const struct kb_mount *mount);

/* A file of the content root. */
struct facts_file {
	const struct kb_entry *entry;
	const struct kb_mount *mount;
	uint32_t locale;
	struct kb_hash key; /* facts_store_mount; then facts_store_key */
	bool convertible;   /* its bytes were read, and their id depends on Git's settings
			     */
	uint32_t number;    /* of its record, or KB_STORE_NONE */
	const struct kb_facts *added; /* and their record in SPOOL; or NULL */
	const struct kb_spool *spool;
	uint64_t at, len;
};

/* A hash of all that the file's facts depend on, besides its bytes; its key is that of
 * its mount. */
struct kb_hash facts_store_key(
	const struct facts_store *store, const struct facts_file *file);

/*
 * The facts of FILE as they are kept, by its stamp or by the id that the source gives
 * for it; NULL: none, or its bytes may be others. Sets file->number. Strings are in the
 * store or in ARENA.
 */
const struct kb_facts *facts_store_find(
	struct facts_store *store, struct facts_file *file, struct kb_arena *arena);
/* The same by the id BLOB of the bytes that were read, which are CONVERTED or not. */
const struct kb_facts *facts_store_find_blob(struct facts_store *store,
	struct facts_file *file, const char *blob, bool converted,
	struct kb_arena *arena);
/* Where the records of a worker wait for facts_store_write. */
struct kb_spool *facts_store_spool(const struct facts_store *store);
/* Makes a record of FACTS for FILE, in SPOOL. Facts that may depend on other files are
 * not kept. */
void facts_store_add(const struct facts_store *store, struct facts_file *file,
	const struct kb_facts *facts, struct kb_spool *spool);
/* Writes what was found and added for N files. */
void facts_store_write(
	const struct facts_store *store, const struct facts_file *files, size_t n);

#endif
