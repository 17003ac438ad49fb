/* The commits below a tip. */
#ifndef KB_REPO_COMMITS_H
#define KB_REPO_COMMITS_H

#include <time.h>

#include "git.h"
#include "kb/map.h"
#include "kb/vec.h"

struct kb_commit {
	git_oid id, tree;
	time_t authored, committed;
	struct kb_commit **parents;
	uint32_t nparents;
	bool boundary; /* its parents are not in this repository */
	bool missing;  /* it cannot be read itself */
};

struct kb_commits {
	struct kb_arena *arena;
	git_odb *odb;
	kb_map by_id;
};

/* Loads the commits below TIP, none below one of KNOWN (by the bytes of its id), of which
 * the tree is read. REPO says where a shallow clone ends, and what grafts and `git
 * replace` change. */
int kb_commits_load(struct kb_commits *commits, struct kb_arena *arena, git_odb *odb,
	git_repository *repo, const git_oid *tip, const kb_map *known,
	struct kb_error *err);
/* Calls FN for each object for which another stands (git replace), in no order. */
typedef void kb_replaced_fn(void *ctx, const git_oid *id, const git_oid *by);
void kb_replaced_each(git_repository *repo, kb_replaced_fn *fn, void *ctx);
void kb_commits_dispose(struct kb_commits *commits);

#endif
