/*
 * Files below a folder, by paths whose parts are opened one after another without
 * following symbolic links. Functions return 0 or -1 with errno.
 */
#ifndef SITE_TREE_H
#define SITE_TREE_H

#include <dirent.h>

#include "kb/buf.h"

enum { TREE_OPEN = 8, TREE_PATH_MAX = 4096 };

/* A folder, with handles of those below it that were used last, so that files handled in
 * the order of their paths open few folders. For one thread. */
struct file_tree {
	int dir; /* borrowed */
	unsigned depth;
	char path[TREE_PATH_MAX]; /* of the last one below */
	struct {
		size_t len; /* of its part of that path */
		int fd;
	} open[TREE_OPEN];
};

void tree_init(struct file_tree *tree, int dir);
void tree_close(struct file_tree *tree);
/* A handle of FOLDER, or of the nearest one above it that is there: MISSING is then the
 * rest of FOLDER. The tree keeps the handle; it is good until the next call. */
int tree_folder(struct file_tree *tree, kb_str folder, kb_str *missing);
/* The same, with the folders made that are not there. */
int tree_folder_made(struct file_tree *tree, kb_str folder);
/* Removes FOLDER and those above it as far as they are empty and may be removed. */
int tree_prune(struct file_tree *tree, kb_str folder);

/* What is in a folder: a stream to be closed, or NULL; then one name after another. NULL
 * with errno 0: there is no other. */
DIR *tree_list(int dir);
const char *tree_next(DIR *stream);
int tree_read(int dir, const char *name, kb_buf *out);
/* PATH with a zero byte at its end. */
int tree_name(kb_str path, char name[TREE_PATH_MAX]);

/* The rest is for folders in which nobody but kb makes files; any thread may call it. */

/* Makes the folders of a file. */
int tree_make_folders(int dir, kb_str folder);
/* Makes a file, and its folders. EEXIST: it is there. */
int tree_make(int dir, kb_str path, kb_str data);
/* Makes the file PATH below TO, with its folders, a link to NAME in the folder FROM,
 * which any others may use, or a copy where that cannot be. */
int tree_link(int from, const char *name, int to, kb_str path);
/* Removes NAME and what is below it; a file LAST directly in it goes last (NULL: none).
 */
int tree_remove(int dir, const char *name, const char *last);

#endif
