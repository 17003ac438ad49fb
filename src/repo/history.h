/*
 * The history index's insides: what the walk finds, what is kept on disk, and the
 * queries. All numbers are of the arrays below; KB_NO means none.
 */
#ifndef KB_REPO_HISTORY_H
#define KB_REPO_HISTORY_H

#include "commits.h"
#include "kb/history.h"
#include "trees.h"

#define KB_NO UINT32_MAX

struct hist_commit {
	uint8_t id[GIT_OID_RAWSZ], tree[GIT_OID_RAWSZ];
	int64_t authored, committed;
	uint32_t parents, nparents; /* in hist.parents */
	uint32_t boundary;	    /* its parents are not here */
};

struct hist_change {
	uint32_t commit, path;
	uint32_t from; /* of a rename; or KB_NO */
	uint8_t kind, similarity;
	uint8_t blob[GIT_OID_RAWSZ];
	uint8_t padding[2];
};

struct hist {
	struct {
		KB_VEC(struct hist_commit);
	} commits; /* as git log lists them, once they are ordered */
	struct {
		KB_VEC(uint32_t);
	} parents;
	struct {
		KB_VEC(struct hist_change);
	} changes; /* by commit */
	struct {
		KB_VEC(kb_str);
	} paths;
	kb_map by_path; /* to number + 1; of the first `named` paths */
	size_t named;
	kb_map by_id; /* of commits, the bytes, to number + 1; of the first `indexed` */
	size_t indexed;
	bool lacks; /* objects that may come, by a fetch: it is not kept */
	struct kb_arena *arena;
	kb_buf file;   /* what was kept, as it was read: it has the paths, */
	bool borrowed; /* and commits, parents and changes, until they are to change */
};

/* history_index.c */
void hist_init(struct hist *hist);
void hist_dispose(struct hist *hist);
/* Before commits, parents or changes are changed. */
void hist_own(struct hist *hist);
/* The path's number, a new one if need be. */
uint32_t hist_path(struct hist *hist, kb_str path);
/* The number + 1 of a path, of a commit by the bytes of its id; 0: there is none. The
 * maps are made when first asked for. */
size_t hist_find_path(struct hist *hist, kb_str path);
size_t hist_find_commit(struct hist *hist, const void *id);
/* Completes the map of commits. */
void hist_index(struct hist *hist);

/* history_walk.c: adds the commits below TIP that HIST does not have; *met: one of them
 * has the commit KNOWN (which HIST has) below it. */
int hist_walk(struct hist *hist, struct kb_source *source, const git_oid *tip,
	size_t *compared, struct kb_error *err);
/* Is the commit below TIP? */
bool hist_order(struct hist *hist, const git_oid *tip);

/* history_cache.c. False: there is nothing that can be used. */
bool hist_load(struct hist *hist, struct kb_source *source);
void hist_save(const struct hist *hist, struct kb_source *source);

#endif
