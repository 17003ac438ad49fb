/*
 * Committing without the work tree: a file's new text becomes a commit on a new branch
 * that begins at HEAD. HEAD, the index and the files of the work tree stay as they are,
 * so whoever works there notices nothing.
 */
#ifndef KB_COMMIT_H
#define KB_COMMIT_H

#include "kb/error.h"
#include "kb/source.h"

struct kb_commit_request {
	kb_str path;   /* of the file, from the content root; it is in HEAD */
	kb_str text;   /* as in the work tree; Git's filters are applied */
	kb_str branch; /* its name; kb adds a number if the branch exists */
	kb_str message;
};
struct kb_committed {
	kb_str branch;
	char id[41];
	kb_str remote; /* where to push: the name of a remote, or empty */
	kb_str url;    /* its address, or empty */
};

/* Is the file the same as in HEAD? False also if there is no commit, or HEAD lacks it. */
bool kb_file_is_committed(struct kb_source *source, kb_str path, kb_str text);
/* Commits; strings of OUT are in ARENA. Fails with KB_E_GIT, for example if
 * Git knows no name and address for the author. */
int kb_commit_make(struct kb_source *source, const struct kb_commit_request *request,
	struct kb_arena *arena, struct kb_committed *out, struct kb_error *err);

#endif
