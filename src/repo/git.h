/*
 * What the parts of the libgit2 adapter share: starting the library, opening a
 * repository, and errors in its words.
 */
#ifndef KB_REPO_GIT_H
#define KB_REPO_GIT_H

#include <git2.h>

#include "kb/error.h"
#include "kb/mem.h"

static inline void kb_cleanup_repository(git_repository **p)
{
	git_repository_free(*p);
}
static inline void kb_cleanup_object(git_object **p)
{
	git_object_free(*p);
}
static inline void kb_cleanup_commit(git_commit **p)
{
	git_commit_free(*p);
}
static inline void kb_cleanup_tree(git_tree **p)
{
	git_tree_free(*p);
}
static inline void kb_cleanup_tree_entry(git_tree_entry **p)
{
	git_tree_entry_free(*p);
}
static inline void kb_cleanup_reference(git_reference **p)
{
	git_reference_free(*p);
}
static inline void kb_cleanup_config(git_config **p)
{
	git_config_free(*p);
}
#define _cleanup_repository_ _cleanup_(kb_cleanup_repository)
#define _cleanup_object_ _cleanup_(kb_cleanup_object)
#define _cleanup_commit_ _cleanup_(kb_cleanup_commit)
#define _cleanup_tree_ _cleanup_(kb_cleanup_tree)
#define _cleanup_tree_entry_ _cleanup_(kb_cleanup_tree_entry)
#define _cleanup_reference_ _cleanup_(kb_cleanup_reference)
#define _cleanup_config_ _cleanup_(kb_cleanup_config)
#define _cleanup_git_buf_ _cleanup_(git_buf_dispose)

void kb_git_start(void);
/* crypto.c: before anything of OpenSSL, which libgit2 uses, too. */
void kb_crypto_start(void);
/* The message, ": " and what libgit2 said last; always -1. */
int kb_git_fail(struct kb_error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same of an index that cannot be read, with what to do about it. */
int kb_git_fail_index(struct kb_error *err);
/* loose.c: objects of a folder, or of a repository that is open, of which kb reads those
 * in files of their own; libgit2's error codes. */
int kb_git_open_objects(git_odb **odb, const char *objects);
/* -1: such a file is there, and could not be read. A damaged one was. */
int kb_git_check_objects(git_odb *odb, struct kb_error *err);
int kb_git_read_loose(git_repository *repo);
/* The repository that DIR is in, or NULL where there is none. KB_E_FORMAT when kb cannot
 * read it. */
int kb_git_open(git_repository **out, const char *dir, struct kb_error *err);
/* REV peeled to its commit. */
int kb_git_commit(
	git_commit **out, git_repository *repo, const char *rev, struct kb_error *err);
/* Name of the branch or tag that REV is (NULL: HEAD), for addresses; may be empty. */
kb_str kb_git_branch(struct kb_arena *arena, git_repository *repo, const char *rev);

#endif
