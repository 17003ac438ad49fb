/*
 * The commits below a tip, in the order in which `git log` meets them: newest committer
 * date first, none before all of its children.
 */
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
	uint32_t children; /* that the walk has not met yet */
	uint32_t sequence; /* in which it became ready, for equal dates */
	bool boundary;     /* its parents are not in this repository */
	void *data;        /* the walker's */
};

struct kb_commits {
	struct kb_arena *arena;
	git_odb *odb;
	kb_map by_id;
	/* Commits all of whose children were met: a heap with the newest on top. */
	struct {
		KB_VEC(struct kb_commit *);
	} ready;
	uint32_t sequence;
	bool incomplete; /* some commit is a boundary */
};

/* Loads all commits below TIP; GITDIR holds the files `shallow` and `info/grafts`. */
int kb_commits_load(struct kb_commits *commits, struct kb_arena *arena, git_odb *odb,
	const char *gitdir, const git_oid *tip, struct kb_error *err);
void kb_commits_dispose(struct kb_commits *commits);
/* The next commit, or NULL. */
struct kb_commit *kb_commits_next(struct kb_commits *commits);

#endif
