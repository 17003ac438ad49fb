/*
 * Files: whole ones in, whole ones out.
 *
 * A file is written beside its place under a temporary name and renamed onto
 * it, so that a reader sees the old one or the new one, never a part.
 */
#ifndef KB_FILE_H
#define KB_FILE_H

#include "kb/buf.h"
#include "kb/error.h"

/* Reads a file whole; refuses more than MAX bytes (0: 1 GiB) and what is no regular file.
 */
int kb_file_read(const char *path, size_t max, kb_buf *out, struct kb_error *err);
/* The bytes of a file that is only ever replaced whole, without reading them yet; false:
 * there is none, or it is empty. To be unmapped. */
bool kb_file_map(const char *path, kb_str *out);
void kb_file_unmap(kb_str bytes);
/* Makes the missing folders of PATH's folder part, then writes and renames. A pipe or a
 * device that stands there is written into, and stays. */
int kb_file_write(const char *path, kb_str data, struct kb_error *err);
/* For several files that change together: writes what a file that is there shall become
 * beside it, with its owner and permissions; then puts that in its place, or drops it.
 * Refuses a symbolic link. */
int kb_file_stage(const char *path, kb_str data, struct kb_error *err);
int kb_file_commit(const char *path, struct kb_error *err);
void kb_file_unstage(const char *path);
int kb_mkdirs(const char *path, struct kb_error *err);
/* a/b/../c -> a/c, in place of '.', '..' and double slashes; false when it leaves its
 * root. */
bool kb_path_normalize(struct kb_arena *arena, kb_str path, kb_str *out);
/* DIR "/" REL normalized; REL that begins with '/' starts at the root. */
bool kb_path_join(struct kb_arena *arena, kb_str dir, kb_str rel, kb_str *out);
/* The part before the last slash (empty: none), the part after it. */
kb_str kb_path_dir(kb_str path);
kb_str kb_path_base(kb_str path);
/* The part of the base name from its last dot on (".md"), or empty. */
kb_str kb_path_ext(kb_str path);
/* Does a glob match the path? '*' stops at '/', '**' does not; '?' and [] as in
 * gitignore. */
bool kb_glob_match(kb_str glob, kb_str path);

#endif
