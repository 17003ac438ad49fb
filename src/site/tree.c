#include "tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"

#define FOLDER (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

enum { TRIES = 3, COPY_STEP = 1 << 30 };

int tree_read(int dir, const char *name, kb_buf *out)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char chunk[65536];
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && st.st_size > (off_t)sizeof(chunk))
		kb_buf_reserve(out, (size_t)st.st_size);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			kb_buf_add(out, chunk, (size_t)n);
	close(fd);
	return n < 0 ? -1 : 0;
}

int tree_name(kb_str path, char name[TREE_PATH_MAX])
{
	if (path.len == 0 || path.len >= TREE_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, path.data, path.len);
	name[path.len] = '\0';
	return 0;
}

void tree_init(struct file_tree *tree, int dir)
{
	tree->dir = dir;
	tree->depth = 0;
}

void tree_close(struct file_tree *tree)
{
	while (tree->depth)
		close(tree->open[--tree->depth].fd);
}

/* Closes what FOLDER is not below; returns how much of FOLDER is open. */
static size_t back_to(struct file_tree *tree, kb_str folder)
{
	while (tree->depth) {
		size_t len = tree->open[tree->depth - 1].len;

		if (folder.len >= len && memcmp(folder.data, tree->path, len) == 0 &&
			(folder.len == len || folder.data[len] == '/'))
			return len;
		close(tree->open[--tree->depth].fd);
	}
	return 0;
}

static int deepest(const struct file_tree *tree)
{
	return tree->depth ? tree->open[tree->depth - 1].fd : tree->dir;
}

/* Opens the folder that PATH is, up to LEN, by its last part. */
static int step_down(struct file_tree *tree, kb_str path)
{
	char name[TREE_PATH_MAX];
	int fd;

	if (tree_name(kb_path_base(path), name) < 0)
		return -1;
	fd = openat(deepest(tree), name, FOLDER);
	if (fd < 0)
		return -1;
	if (tree->depth == TREE_OPEN)
		close(tree->open[--tree->depth].fd);
	memcpy(tree->path, path.data, path.len);
	tree->open[tree->depth].len = path.len;
	tree->open[tree->depth++].fd = fd;
	return 0;
}

int tree_folder(struct file_tree *tree, kb_str folder, kb_str *missing)
{
	size_t at = back_to(tree, folder);

	*missing = KB_STR("");
	if (folder.len >= TREE_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	while (at < folder.len) {
		size_t from = at ? at + 1 : 0;
		size_t n = kb_str_chr(kb_str_sub(folder, from, folder.len), '/');
		size_t to = n == SIZE_MAX ? folder.len : from + n;

		if (step_down(tree, kb_str_sub(folder, 0, to)) < 0) {
			*missing = kb_str_sub(folder, from, folder.len);
			return errno == ENOENT ? deepest(tree) : -1;
		}
		at = to;
	}
	return deepest(tree);
}

int tree_folder_made(struct file_tree *tree, kb_str folder)
{
	char name[TREE_PATH_MAX];
	kb_str missing;
	int fd;

	while ((fd = tree_folder(tree, folder, &missing)) >= 0 && missing.len) {
		size_t n = kb_str_chr(missing, '/');

		if (tree_name(kb_str_sub(missing, 0, n), name) < 0 ||
			(mkdirat(fd, name, 0777) < 0 && errno != EEXIST))
			return -1;
	}
	return fd;
}

int tree_prune(struct file_tree *tree, kb_str folder)
{
	char name[TREE_PATH_MAX];
	kb_str missing;

	for (; folder.len; folder = kb_path_dir(folder)) {
		int fd = tree_folder(tree, kb_path_dir(folder), &missing);

		if (fd < 0 || tree_name(kb_path_base(folder), name) < 0)
			return 0;
		if (!missing.len && unlinkat(fd, name, AT_REMOVEDIR) < 0 &&
			errno != ENOENT)
			return errno == EIO ? -1 : 0;
	}
	return 0;
}

int tree_make_folders(int dir, kb_str folder)
{
	char name[TREE_PATH_MAX];

	if (!folder.len)
		return 0;
	if (tree_name(folder, name) < 0)
		return -1;
	if (mkdirat(dir, name, 0777) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT || tree_make_folders(dir, kb_path_dir(folder)) < 0)
		return -1;
	return mkdirat(dir, name, 0777) < 0 && errno != EEXIST ? -1 : 0;
}

int tree_make(int dir, kb_str path, kb_str data)
{
	char name[TREE_PATH_MAX];
	int fd = -1, failed;

	if (tree_name(path, name) < 0)
		return -1;
	for (int i = 0; fd < 0 && i < TRIES; i++) {
		fd = openat(dir, name,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd < 0 && (errno != ENOENT ||
				      tree_make_folders(dir, kb_path_dir(path)) < 0))
			return -1;
	}
	if (fd < 0)
		return -1;
	failed = kb_write_all(fd, data);
	return close(fd) < 0 || failed ? -1 : 0;
}

DIR *tree_list(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);

	if (!stream && copy >= 0)
		close(copy);
	return stream;
}

const char *tree_next(DIR *stream)
{
	struct dirent *entry;

	errno = 0;
	while ((entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	return NULL;
}

static int copy_bytes(int from, int to)
{
	char chunk[65536];
	ssize_t n;

	while ((n = copy_file_range(from, NULL, to, NULL, COPY_STEP, 0)) > 0)
		;
	if (n == 0)
		return 0;
	/* Not on every file system. */
	while ((n = read(from, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0 && kb_write_all(to, (kb_str){chunk, (size_t)n}) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

static int copy_file(int from, const char *name, int to, const char *target)
{
	int in = openat(from, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int out = -1, failed = -1;
	struct stat st;

	if (in < 0)
		return -1;
	if (fstat(in, &st) == 0 && S_ISREG(st.st_mode))
		out = openat(to, target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out >= 0) {
		const struct timespec times[] = {st.st_atim, st.st_mtim};

		failed = copy_bytes(in, out) < 0 || fchmod(out, st.st_mode & 07777) < 0 ||
			 futimens(out, times) < 0;
		if (close(out) < 0)
			failed = -1;
	}
	close(in);
	return failed ? -1 : 0;
}

int tree_link(int from, const char *name, int to, kb_str path)
{
	char target[TREE_PATH_MAX];
	int failed;

	if (tree_name(path, target) < 0)
		return -1;
	failed = linkat(from, name, to, target, 0);
	if (failed && errno == ENOENT) {
		if (tree_make_folders(to, kb_path_dir(path)) < 0)
			return -1;
		failed = linkat(from, name, to, target, 0);
	}
	if (failed && (errno == EPERM || errno == EMLINK || errno == EXDEV ||
			      errno == ENOTSUP || errno == ENOSYS))
		failed = tree_make_folders(to, kb_path_dir(path)) < 0 ||
			 copy_file(from, name, to, target) < 0;
	return failed ? -1 : 0;
}

static int remove_below(DIR *stream, const char *last)
{
	const char *name;
	int failed = 0;

	while (!failed && (name = tree_next(stream)))
		if (!last || strcmp(name, last) != 0)
			failed = tree_remove(dirfd(stream), name, NULL);
	if (!failed && errno)
		failed = -1;
	if (!failed && last && unlinkat(dirfd(stream), last, 0) < 0 && errno != ENOENT)
		failed = -1;
	return failed;
}

int tree_remove(int dir, const char *name, const char *last)
{
	DIR *stream;
	int fd, failed;

	if (!last && (unlinkat(dir, name, 0) == 0 || errno == ENOENT))
		return 0;
	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	stream = fdopendir(fd);
	if (!stream) {
		close(fd);
		return -1;
	}
	failed = remove_below(stream, last);
	closedir(stream);
	return failed || unlinkat(dir, name, AT_REMOVEDIR) < 0 ? -1 : 0;
}
