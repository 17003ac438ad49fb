/*
 * Reading and writing whole files.
 *
 * A file is written beside its place under a temporary name and renamed onto
 * it, so that a reader sees the old one or the new one, never a part.
 */
#ifndef KB_FILE_H
#define KB_FILE_H

#include <sys/stat.h>

#include "kb/buf.h"
#include "kb/error.h"

/* Appends the bytes of a file to OUT. Refuses (KB_E_REFUSED) a file of more than MAX
 * bytes (0: 1 GiB), and one that is not a regular file.
 */
int kb_file_read(const char *path, size_t max, kb_buf *out, struct kb_error *err);
/*
 * Makes the missing folders of PATH's folder part, then writes and renames. A file that
 * is there is replaced and keeps its owner and permissions; a symbolic link stays, and
 * what it leads to is replaced; a pipe or a device is written into.
 */
int kb_file_write(const char *path, kb_str data, struct kb_error *err);
/* The same for a file that kb can do without: failures are ignored, and so is a run that
 * is already writing the file. */
void kb_cache_write(const char *path, kb_str data);
/* The same in steps: what is written to FD takes the place of PATH in the end when it is
 * WHOLE, and is removed otherwise. From a begin that did not fail (-1) to the end, no
 * other run writes such a file in that folder. */
struct kb_cache_file {
	int fd;
	int folder;
	kb_buf temp;
};
int kb_cache_begin(struct kb_cache_file *file, const char *path);
bool kb_cache_end(struct kb_cache_file *file, const char *path, bool whole);

/* Steps of writing. Each returns -1 with errno. */
int kb_write_all(int fd, kb_str data);
/* Makes the new file TEMP, which shall take the place of a file as AS says (NULL: of
 * none), and with SYNC brings it to the disk. A file TEMP that is there is left over from
 * a run that died. */
int kb_file_make(const char *temp, kb_str data, const struct stat *as, bool sync);
/* Renames unless there is something at NAME: then -1 with EEXIST. */
int kb_rename_new(int from, const char *temp, int to, const char *name);

/* A file without a name, in $TMPDIR or /tmp; it is gone once it is closed. -1: ERR says
 * why. */
int kb_file_unnamed(struct kb_error *err);

/* Creates a folder and the folders above it; fine if they exist. */
int kb_mkdirs(const char *path, struct kb_error *err);
/* Removes '.', '..' and double slashes from PATH: a/b/../c becomes a/c. Returns false if
 * it leaves its root. */
bool kb_path_normalize(struct kb_arena *arena, kb_str path, kb_str *out);
/* DIR "/" REL normalized; REL that begins with '/' starts at the root. */
bool kb_path_join(struct kb_arena *arena, kb_str dir, kb_str rel, kb_str *out);
/* The part before the last slash (empty: none), the part after it. */
kb_str kb_path_dir(kb_str path);
kb_str kb_path_base(kb_str path);
/* The part of the base name from its last dot on (".md"), or empty. */
kb_str kb_path_ext(kb_str path);
/* Is it a Markdown file by its name? */
bool kb_path_is_markdown(kb_str path);
/* Does a glob match the path? '*' stops at '/', '**' does not; '?' and [] as in
 * gitignore. */
bool kb_glob_match(kb_str glob, kb_str path);

#endif
