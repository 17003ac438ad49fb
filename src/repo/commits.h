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
};

struct kb_commits {
	struct kb_arena *arena;
	git_odb *odb;
	kb_map by_id;
};

/* Loads the commits below TIP, none below one of KNOWN (by the bytes of its id), of which
 * the tree is read; GITDIR holds the files `shallow` and `info/grafts`. */
int kb_commits_load(struct kb_commits *commits, struct kb_arena *arena, git_odb *odb,
	const char *gitdir, const git_oid *tip, const kb_map *known,
	struct kb_error *err);
void kb_commits_dispose(struct kb_commits *commits);

#endif
