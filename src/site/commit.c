#include "output_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "tree.h"

#define STAGE COMMIT_TEMP "/new"
#define TAKEN_FOLDER COMMIT_TEMP "/old"
#define COMPLETE COMMIT_TEMP "/list"

enum deed {
	PUT,   /* came to where nothing was: a file, or a folder with all that is in it */
	OVER,  /* was exchanged with the former file */
	LOST,  /* replaced the former file, on a file system that cannot exchange */
	TAKEN, /* went away */
};

/* What was done in the live folder, to be undone. */
struct commit_step {
	enum deed deed;
	kb_str path;
};

struct commit {
	struct output *out;
	struct file_tree live;
	int taken; /* where files go that the site has no more, named by their step */
	struct {
		KB_VEC(struct commit_step);
	} steps;
};

int commit_stage(struct output *out)
{
	static const char *const folders[] = {COMMIT_TEMP, STAGE, TAKEN_FOLDER};

	for (size_t i = 0; i < KB_LEN(folders); i++)
		if (mkdirat(out->dir, folders[i], 0777) < 0)
			return -1;
	out->stage =
		openat(out->dir, STAGE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return out->stage < 0 ? -1 : 0;
}

void commit_clean(int dir)
{
	tree_remove(dir, COMMIT_TEMP, NULL);
}

static void note(struct commit *c, enum deed deed, kb_str path)
{
	kb_vec_push(&c->steps, ((struct commit_step){deed, path}));
}

/* Moves what is staged at PATH, a file or a folder, to where nothing is. */
static int move_in(struct commit *c, int to, kb_str path)
{
	char from[TREE_PATH_MAX], name[TREE_PATH_MAX];

	if (tree_name(path, from) < 0 || tree_name(kb_path_base(path), name) < 0 ||
		kb_rename_new(c->out->stage, from, to, name) < 0)
		return -1;
	note(c, PUT, path);
	return 0;
}

/* The same to where a former file may be, which comes into the stage then. */
static int move_over(struct commit *c, int to, kb_str path)
{
	char from[TREE_PATH_MAX], name[TREE_PATH_MAX];
	struct stat st;

	if (tree_name(path, from) < 0 || tree_name(kb_path_base(path), name) < 0)
		return -1;
	if (fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? move_in(c, to, path) : -1;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (renameat2(c->out->stage, from, to, name, RENAME_EXCHANGE) == 0) {
		note(c, OVER, path);
		return 0;
	}
	if ((errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) ||
		renameat(c->out->stage, from, to, name) < 0)
		return -1;
	note(c, LOST, path);
	return 0;
}

static bool is_below(kb_str path, kb_str folder)
{
	return path.len > folder.len && path.data[folder.len] == '/' &&
	       kb_str_starts(path, folder);
}

/* FOLDER came whole, and with it the files around the one at AT that are below it. */
static void came_whole(struct commit *c, size_t at, kb_str folder)
{
	struct manifest_file **files = c->out->list.files.items;

	for (size_t i = at;
		i < c->out->list.files.len && is_below(files[i]->path, folder); i++)
		files[i]->staged = false;
	for (size_t i = at; i-- > 0 && is_below(files[i]->path, folder);)
		files[i]->staged = false;
}

static int bring(struct commit *c, size_t at)
{
	struct manifest_file *file = c->out->list.files.items[at];
	kb_str path = file->path, missing;
	int to = tree_folder(&c->live, kb_path_dir(path), &missing);

	if (to >= 0 && missing.len) {
		size_t n = kb_str_chr(missing, '/');
		size_t before = (size_t)(missing.data - path.data);

		path.len = before + (n == SIZE_MAX ? missing.len : n);
		to = move_in(c, to, path);
		if (!to)
			came_whole(c, at, path);
	} else if (to >= 0) {
		to = file->former.there ? move_over(c, to, path) : move_in(c, to, path);
	}
	if (to < 0)
		return -1;
	file->staged = false;
	return 0;
}

/* Moves a file away; what is in its place but a file is not kb's. */
static int move_away(struct commit *c, int from, kb_str path)
{
	char name[TREE_PATH_MAX], number[32];
	struct stat st;

	if (tree_name(kb_path_base(path), name) < 0)
		return -1;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (S_ISDIR(st.st_mode))
		return 0;
	snprintf(number, sizeof(number), "%zu", c->steps.len);
	if (renameat(from, name, c->taken, number) < 0)
		return -1;
	note(c, TAKEN, path);
	return 0;
}

/* The same for one of the former site, with the folders that it leaves empty. */
static int take(struct commit *c, struct manifest_file *file)
{
	kb_str folder = kb_path_dir(file->path), missing;
	int from = tree_folder(&c->live, folder, &missing);

	file->gone = true;
	if (from < 0)
		return errno == ENOTDIR || errno == ELOOP ? 0 : -1;
	if (!missing.len && move_away(c, from, file->path) < 0)
		return -1;
	return tree_prune(&c->live, folder);
}

static bool is_obsolete(const struct manifest_file *file)
{
	return file->former.there && !file->now.there && !file->gone;
}

static int fail_take(
	struct commit *c, const struct manifest_file *file, struct kb_error *err)
{
	return kb_error_errno(
		err, "cannot remove %s/%.*s", c->out->name, KB_ARG(file->path));
}

/* Takes files of the former site away that are where a folder must be, or in a folder
 * where a file must be. */
static int clear_way(struct commit *c, kb_str path, struct kb_error *err)
{
	for (size_t i = 0; i < c->out->list.files.len; i++) {
		struct manifest_file *file = c->out->list.files.items[i];

		if (is_obsolete(file) &&
			(is_below(file->path, path) || is_below(path, file->path)) &&
			take(c, file) < 0)
			return fail_take(c, file, err);
	}
	return 0;
}

static int bring_surely(struct commit *c, size_t at, struct kb_error *err)
{
	kb_str path = c->out->list.files.items[at]->path;
	int failed = bring(c, at);

	if (failed && output_in_the_way(errno)) {
		if (clear_way(c, path, err) < 0)
			return -1;
		failed = bring(c, at);
	}
	return failed ? output_fail_put(c->out, path, err) : 0;
}

/* New files first, so that no page leads to one that is not there yet. */
static int change(struct commit *c, struct kb_error *err)
{
	struct manifest *list = &c->out->list;

	for (int over = 0; over < 2; over++)
		for (size_t i = 0; i < list->files.len; i++)
			if (list->files.items[i]->staged &&
				list->files.items[i]->former.there == over &&
				bring_surely(c, i, err) < 0)
				return -1;
	for (size_t i = 0; i < list->files.len; i++) {
		struct manifest_file *file = list->files.items[i];

		if (is_obsolete(file) && take(c, file) < 0)
			return fail_take(c, file, err);
	}
	return 0;
}

/* Writes the list that says that files are changed, and the one that is right after
 * that. Both and all new files are on the disk before readers see a change. */
static int prepare(struct commit *c, struct kb_error *err)
{
	struct output *out = c->out;
	_cleanup_buf_ kb_buf text = {0};
	int failed;

	manifest_print(&out->list, false, &text);
	failed = tree_make(out->stage, KB_STR(MANIFEST_NAME), kb_buf_view(&text));
	kb_buf_clear(&text);
	manifest_print(&out->list, true, &text);
	out->hash = manifest_hash(kb_buf_view(&text));
	failed = failed || tree_make(out->dir, KB_STR(COMPLETE), kb_buf_view(&text));
	if (failed)
		return kb_error_errno(
			err, "cannot write %s/%s", out->name, MANIFEST_NAME);
	if (syncfs(out->dir) < 0 || move_over(c, out->dir, KB_STR(MANIFEST_NAME)) < 0 ||
		(fsync(out->dir) < 0 && errno != EINVAL))
		return kb_error_errno(err, "cannot write into %s", out->name);
	return 0;
}

/* What the list vouches for must be on the disk before the list is. */
static int finish(struct commit *c, struct kb_error *err)
{
	struct output *out = c->out;

	if (syncfs(out->dir) < 0 ||
		renameat(out->dir, COMPLETE, out->dir, MANIFEST_NAME) < 0)
		return kb_error_errno(err, "cannot write into %s", out->name);
	return 0;
}

static int undo(struct commit *c, size_t number)
{
	const struct commit_step *step = &c->steps.items[number];
	char name[TREE_PATH_MAX], waits[TREE_PATH_MAX];
	int fd = tree_folder_made(&c->live, kb_path_dir(step->path));

	if (fd < 0 || tree_name(kb_path_base(step->path), name) < 0 ||
		tree_name(step->path, waits) < 0)
		return -1;
	if (step->deed == PUT)
		return renameat(fd, name, c->out->stage, waits);
	if (step->deed == OVER)
		return renameat(c->out->stage, waits, fd, name);
	if (step->deed == LOST)
		return -1;
	snprintf(waits, sizeof(waits), "%zu", number);
	return kb_rename_new(c->taken, waits, fd, name);
}

/* The list, whose step is the first, comes back last, and only when it tells the truth
 * again. */
static void roll_back(struct commit *c)
{
	bool failed = false;

	for (size_t i = c->steps.len; i-- > 1;)
		failed |= undo(c, i) < 0;
	if (c->steps.len && !failed && syncfs(c->out->dir) == 0)
		undo(c, 0);
}

/* Something of others is in the way, and who moves it away may take files of kb's along:
 * the list then says of the former files that they are to be written. */
static void distrust(const struct commit *c)
{
	struct output *out = c->out;
	_cleanup_buf_ kb_buf text = {0};

	if (!c->steps.len || c->steps.items[0].deed != OVER)
		return;
	for (size_t i = 0; i < out->list.files.len; i++)
		out->list.files.items[i]->now.there = false;
	manifest_forget(&out->list, false);
	manifest_print(&out->list, false, &text);
	unlinkat(out->dir, COMPLETE, 0);
	if (tree_make(out->dir, KB_STR(COMPLETE), kb_buf_view(&text)) == 0)
		renameat(out->dir, COMPLETE, out->dir, MANIFEST_NAME);
}

/* Removes the former files by their paths: faster than looking for them. */
static void drop_former(const struct commit *c)
{
	char name[TREE_PATH_MAX];

	for (size_t i = 0; i < c->steps.len; i++) {
		kb_str path = c->steps.items[i].path;

		if (c->steps.items[i].deed != OVER || tree_name(path, name) < 0 ||
			unlinkat(c->out->stage, name, 0) < 0)
			continue;
		name[kb_path_dir(path).len] = '\0';
		if (*name)
			unlinkat(c->out->stage, name, AT_REMOVEDIR);
	}
}

int commit_in_place(struct output *out, struct kb_error *err)
{
	struct commit c = {.out = out};
	int failed;

	c.taken = openat(
		out->dir, TAKEN_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (c.taken < 0)
		return kb_error_errno(err, "cannot write into %s", out->name);
	tree_init(&c.live, out->dir);
	failed = prepare(&c, err) < 0 || change(&c, err) < 0 || finish(&c, err) < 0;
	if (failed)
		roll_back(&c);
	else
		drop_former(&c);
	if (failed && err && err->code == KB_E_REFUSED)
		distrust(&c);
	tree_close(&c.live);
	close(c.taken);
	kb_vec_dispose(&c.steps);
	return failed ? -1 : 0;
}
