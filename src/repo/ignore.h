/*
 * Files of patterns in gitignore's syntax.
 *
 * libgit2 has a matcher, but it takes 8 µs a path, needs a repository, and knows
 * .gitignore only; the same rules are wanted for .kbignore and without Git.
 */
#ifndef KB_REPO_IGNORE_H
#define KB_REPO_IGNORE_H

#include "kb/mem.h"

struct kb_ignore;

/*
 * The rules of TEXT on top of PARENT's, or PARENT when there are none. BASE is the length
 * of the folder, with its last slash, in which the file stands: asked about are paths
 * that begin with it.
 */
const struct kb_ignore *kb_ignore_parse(
	struct kb_arena *arena, kb_str text, size_t base, const struct kb_ignore *parent);
/* What the last rule that matches says. The folders above PATH are not looked at. */
bool kb_ignore_match(const struct kb_ignore *ignore, kb_str path, bool is_folder);

#endif
