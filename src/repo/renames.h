/*
 * Which of the files that came in a change are files that went, under another name.
 *
 * As in Git, files with the same bytes are paired first, then those whose names end alike
 * and whose texts are much alike, then the others whose texts are alike by half, the most
 * alike first. However many files there are, none is left out: of many, those that share
 * lines are compared.
 */
#ifndef KB_REPO_RENAMES_H
#define KB_REPO_RENAMES_H

#include "git.h"
#include "kb/buf.h"

struct kb_rename_file {
	kb_str path;
	git_oid blob;
	bool came;		      /* else it went */
	uint8_t similarity;	      /* set: percent; 100: the same bytes */
	struct kb_rename_file *other; /* set: what it was or became; NULL: nothing */
};

/* Appends the file's bytes; false: there are none to compare. */
typedef bool kb_rename_read_fn(void *ctx, const struct kb_rename_file *file, kb_buf *out);
/* The FILES, sorted by path, learn what they were or became. READ is asked for those that
 * have to be compared. */
void kb_renames_find(
	struct kb_rename_file *files, size_t n, kb_rename_read_fn *read, void *ctx);

#endif
