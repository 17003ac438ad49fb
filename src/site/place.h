/*
 * Files below a folder, by paths whose parts are opened one after another without
 * following symbolic links. Functions return 0 or -1 with errno.
 */
#ifndef SITE_PLACE_H
#define SITE_PLACE_H

#include <dirent.h>

#include "kb/buf.h"

enum { PLACE_OPEN = 8, PLACE_PATH_MAX = 4096 };

/* A folder, with handles of those below it that were used last, so that files handled in
 * the order of their paths open few folders. For one thread. */
struct place {
	int dir; /* borrowed */
	unsigned depth;
	char path[PLACE_PATH_MAX]; /* of the last one below */
	struct {
		size_t len; /* of its part of that path */
		int fd;
	} open[PLACE_OPEN];
};

void place_init(struct place *place, int dir);
void place_close(struct place *place);
/* A handle of FOLDER, or of the nearest one above it that is there: MISSING is then the
 * rest of FOLDER. The place keeps the handle; it is good until the next call. */
int place_folder(struct place *place, kb_str folder, kb_str *missing);
/* The same, with the folders made that are not there. */
int place_folder_made(struct place *place, kb_str folder);
/* Removes FOLDER and those above it as far as they are empty and may be removed. */
int place_prune(struct place *place, kb_str folder);

/* What is in a folder: a stream to be closed, or NULL; then one name after another. NULL
 * with errno 0: there is no other. */
DIR *place_list(int dir);
const char *place_next(DIR *stream);
int place_read(int dir, const char *name, kb_buf *out);
/* PATH with a zero byte at its end. */
int place_name(kb_str path, char name[PLACE_PATH_MAX]);

/* The rest is for folders in which nobody but kb makes files; any thread may call it. */

/* Makes the folders of a file. */
int place_make_folders(int dir, kb_str folder);
/* Makes a file, and its folders. EEXIST: it is there. */
int place_make(int dir, kb_str path, kb_str data);
/* Makes the file PATH below TO, with its folders, a link to NAME in the folder FROM,
 * which any others may use, or a copy where that cannot be. */
int place_link(int from, const char *name, int to, kb_str path);
/* Removes NAME and what is below it; a file LAST directly in it goes last (NULL: none).
 */
int place_remove_tree(int dir, const char *name, const char *last);

#endif
