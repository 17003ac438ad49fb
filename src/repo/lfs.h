/* Git LFS pointers; private to src/repo. */
#ifndef KB_REPO_LFS_H
#define KB_REPO_LFS_H

#include "source_private.h"

struct kb_lfs_pointer {
	char oid[65];
	uint64_t size;
};

/* Is the text of a file a pointer? */
bool kb_lfs_pointer(kb_str text, struct kb_lfs_pointer *pointer);
/* Appends the content of a pointer at PATH from where Git LFS keeps what it fetched:
 * KB_E_LFS when it is not there. */
int kb_lfs_read(const struct kb_source *source, kb_str path,
	const struct kb_lfs_pointer *pointer, size_t max, kb_buf *out,
	struct kb_error *err);

#endif
