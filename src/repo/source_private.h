/*
 * A source's insides, shared by opening, listing and reading.
 */
#ifndef KB_REPO_SOURCE_PRIVATE_H
#define KB_REPO_SOURCE_PRIVATE_H

#include <pthread.h>

#include "git.h"
#include "kb/map.h"
#include "kb/source.h"

/* Folders within folders, and symbolic links to symbolic links. */
#define KB_DEPTH_MAX 100
#define KB_LINKS_MAX 40

/* The files that a configuration given by name brings with it. */
enum kb_overlay { KB_OVERLAY_CONFIG, KB_OVERLAY_PEOPLE, KB_OVERLAY_TAXONOMY, KB_NOVERLAYS };
extern const char *const kb_overlay_names[KB_NOVERLAYS];

/* An entry of a revision. */
struct kb_object {
	struct kb_entry entry;
	git_oid oid;
};

struct kb_source {
	struct kb_arena *arena;
	git_repository *repo; /* NULL without Git; used under the lock */
	pthread_mutex_t lock;
	kb_str root, prefix, commit, branch;
	kb_str overlay[KB_NOVERLAYS]; /* absolute paths, or empty */

	/* Of a revision only. */
	bool is_revision;
	git_oid commit_id;
	git_oid tree;           /* of the content root */
	struct kb_object *objects; /* once listed, sorted by path */
	size_t nobjects;
	kb_map by_path;         /* to struct kb_object */
	bool listed;
};

/* Lists a revision's objects once; any thread may ask. */
int kb_source_index(struct kb_source *source, struct kb_error *err);

#endif
