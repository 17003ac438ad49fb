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
/* Beside enum kb_entry_kind. */
#define KB_FOLDER 0xff

/* The files that a configuration given by name brings with it. */
enum kb_overlay {
	KB_OVERLAY_CONFIG,
	KB_OVERLAY_PEOPLE,
	KB_OVERLAY_TAXONOMY,
	KB_NOVERLAYS
};
extern const char *const kb_overlay_names[KB_NOVERLAYS];

/* An entry of a revision or of the index. */
struct kb_object {
	struct kb_entry entry;
	git_oid oid;
};

struct kb_source {
	struct kb_arena *arena;
	git_repository *repo; /* NULL without Git; used under the lock */
	pthread_mutex_t lock;
	kb_str root, prefix, commit, branch;
	kb_str git_fault; /* why there is no repo although there is a repository */
	kb_str overlay[KB_NOVERLAYS]; /* absolute paths, or empty */

	kb_map replaced; /* path to kb_str *: what kb_source_replace gave */

	git_index *index;  /* the staged content; else NULL */
	git_index *sparse; /* of a work tree, once it was read; NULL: it leaves nothing
			      out */
	bool sparse_read;
	bool is_revision;
	git_oid commit_id;	   /* of a revision */
	git_oid tree;		   /* of its content root */
	struct kb_object *objects; /* once listed, sorted by path */
	size_t nobjects;
	kb_map by_path; /* to struct kb_object; of a revision or the index */
	bool listed;
	unsigned threads; /* that list it; 0: one per core */
};

/* Does it give files as they are on disk? */
static inline bool kb_source_is_disk(const struct kb_source *source)
{
	return !source->is_revision && !source->index;
}

/* What an entry of a tree or of the index is: enum kb_entry_kind or KB_FOLDER. */
static inline uint8_t kb_kind_of_mode(uint32_t mode)
{
	switch (mode) {
	case GIT_FILEMODE_TREE:
		return KB_FOLDER;
	case GIT_FILEMODE_LINK:
		return KB_ENTRY_SYMLINK;
	case GIT_FILEMODE_COMMIT:
		return KB_ENTRY_SUBMODULE;
	default:
		return KB_ENTRY_FILE;
	}
}

/* source_overlay.c: where a file of the named configuration is, or empty. */
kb_str kb_source_overlay(const struct kb_source *source, kb_str path);
/* sparse.c: reads the index of a work tree that may leave out files, under the lock. */
int kb_source_sparse(struct kb_source *source, struct kb_error *err);
/* The same, taking the lock: does it leave out files? */
bool kb_source_is_sparse(struct kb_source *source);
bool kb_is_skipped(const git_index_entry *entry);
/* What the index has of a file that the work tree leaves out; false: it is not such. */
bool kb_source_skipped(struct kb_source *source, kb_str path, struct kb_object *out);
/* Lists the source once; any thread may ask. */
int kb_source_index(struct kb_source *source, struct kb_error *err);

/* filter.c: kb_source_blob_id under the lock. */
bool kb_source_hash(struct kb_source *source, kb_str path, kb_str text, char hex[41]);

/* What the caller of kb_source_open asked for, with absolute paths. */
struct kb_source_request {
	kb_str dir;
	const char *rev; /* NULL: none */
	kb_str config;	 /* empty: none */
};

/* source_locate.c */
/* Has the folder DIR a regular file NAME? */
bool kb_folder_has(kb_str dir, const char *name);
/* Is PATH the folder TOP or below it? Then *rel is the part below. */
bool kb_path_is_below(kb_str path, kb_str top, kb_str *rel);
/* The work tree's folder without a slash at the end; empty for a bare repository. */
kb_str kb_source_work_tree(struct kb_source *s);
/* The content root on disk: by a kb.yaml, else by where the given configuration is.
 */
bool kb_source_locate(
	struct kb_source *s, const struct kb_source_request *req, kb_str *root);
/* source_snapshot.c */
int kb_source_open_revision(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err);
int kb_source_open_index(
	struct kb_source *s, const struct kb_source_request *req, struct kb_error *err);

#endif
