#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"

#define FOLDER (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

enum { TRIES = 3, COPY_STEP = 1 << 30 };

int place_read(int dir, const char *name, kb_buf *out)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char chunk[65536];
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, chunk, sizeof(chunk))) > 0 || (n < 0 && errno == EINTR))
		if (n > 0)
			kb_buf_add(out, chunk, (size_t)n);
	close(fd);
	return n < 0 ? -1 : 0;
}

int place_name(kb_str path, char name[PLACE_PATH_MAX])
{
	if (path.len == 0 || path.len >= PLACE_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, path.data, path.len);
	name[path.len] = '\0';
	return 0;
}

void place_init(struct place *place, int dir)
{
	place->dir = dir;
	place->depth = 0;
}

void place_close(struct place *place)
{
	while (place->depth)
		close(place->open[--place->depth].fd);
}

/* Closes what FOLDER is not below; returns how much of FOLDER is open. */
static size_t back_to(struct place *place, kb_str folder)
{
	while (place->depth) {
		size_t len = place->open[place->depth - 1].len;

		if (folder.len >= len && memcmp(folder.data, place->path, len) == 0 &&
			(folder.len == len || folder.data[len] == '/'))
			return len;
		close(place->open[--place->depth].fd);
	}
	return 0;
}

static int deepest(const struct place *place)
{
	return place->depth ? place->open[place->depth - 1].fd : place->dir;
}

/* Opens the folder that PATH is, up to LEN, by its last part. */
static int step_down(struct place *place, kb_str path)
{
	char name[PLACE_PATH_MAX];
	int fd;

	if (place_name(kb_path_base(path), name) < 0)
		return -1;
	fd = openat(deepest(place), name, FOLDER);
	if (fd < 0)
		return -1;
	if (place->depth == PLACE_OPEN)
		close(place->open[--place->depth].fd);
	memcpy(place->path, path.data, path.len);
	place->open[place->depth].len = path.len;
	place->open[place->depth++].fd = fd;
	return 0;
}

int place_folder(struct place *place, kb_str folder, kb_str *missing)
{
	size_t at = back_to(place, folder);

	*missing = KB_STR("");
	if (folder.len >= PLACE_PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	while (at < folder.len) {
		size_t from = at ? at + 1 : 0;
		size_t n = kb_str_chr(kb_str_sub(folder, from, folder.len), '/');
		size_t to = n == SIZE_MAX ? folder.len : from + n;

		if (step_down(place, kb_str_sub(folder, 0, to)) < 0) {
			*missing = kb_str_sub(folder, from, folder.len);
			return errno == ENOENT ? deepest(place) : -1;
		}
		at = to;
	}
	return deepest(place);
}

int place_folder_made(struct place *place, kb_str folder)
{
	char name[PLACE_PATH_MAX];
	kb_str missing;
	int fd;

	while ((fd = place_folder(place, folder, &missing)) >= 0 && missing.len) {
		size_t n = kb_str_chr(missing, '/');

		if (place_name(kb_str_sub(missing, 0, n), name) < 0 ||
			(mkdirat(fd, name, 0777) < 0 && errno != EEXIST))
			return -1;
	}
	return fd;
}

int place_prune(struct place *place, kb_str folder)
{
	char name[PLACE_PATH_MAX];
	kb_str missing;

	for (; folder.len; folder = kb_path_dir(folder)) {
		int fd = place_folder(place, kb_path_dir(folder), &missing);

		if (fd < 0 || place_name(kb_path_base(folder), name) < 0)
			return 0;
		if (!missing.len && unlinkat(fd, name, AT_REMOVEDIR) < 0 &&
			errno != ENOENT)
			return errno == EIO ? -1 : 0;
	}
	return 0;
}

int place_make_folders(int dir, kb_str folder)
{
	char name[PLACE_PATH_MAX];

	if (!folder.len)
		return 0;
	if (place_name(folder, name) < 0)
		return -1;
	if (mkdirat(dir, name, 0777) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT || place_make_folders(dir, kb_path_dir(folder)) < 0)
		return -1;
	return mkdirat(dir, name, 0777) < 0 && errno != EEXIST ? -1 : 0;
}

int place_make(int dir, kb_str path, kb_str data)
{
	char name[PLACE_PATH_MAX];
	int fd = -1, failed;

	if (place_name(path, name) < 0)
		return -1;
	for (int i = 0; fd < 0 && i < TRIES; i++) {
		fd = openat(dir, name,
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd < 0 && (errno != ENOENT ||
				      place_make_folders(dir, kb_path_dir(path)) < 0))
			return -1;
	}
	if (fd < 0)
		return -1;
	failed = kb_write_all(fd, data);
	return close(fd) < 0 || failed ? -1 : 0;
}

DIR *place_list(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);

	if (!stream && copy >= 0)
		close(copy);
	return stream;
}

const char *place_next(DIR *stream)
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

int place_link(int from, const char *name, int to, kb_str path)
{
	char target[PLACE_PATH_MAX];
	int failed;

	if (place_name(path, target) < 0)
		return -1;
	failed = linkat(from, name, to, target, 0);
	if (failed && errno == ENOENT) {
		if (place_make_folders(to, kb_path_dir(path)) < 0)
			return -1;
		failed = linkat(from, name, to, target, 0);
	}
	if (failed && (errno == EPERM || errno == EMLINK || errno == EXDEV ||
			      errno == ENOTSUP || errno == ENOSYS))
		failed = place_make_folders(to, kb_path_dir(path)) < 0 ||
			 copy_file(from, name, to, target) < 0;
	return failed ? -1 : 0;
}

static int remove_below(DIR *stream, const char *last)
{
	const char *name;
	int failed = 0;

	while (!failed && (name = place_next(stream)))
		if (!last || strcmp(name, last) != 0)
			failed = place_remove_tree(dirfd(stream), name, NULL);
	if (!failed && errno)
		failed = -1;
	if (!failed && last && unlinkat(dirfd(stream), last, 0) < 0 && errno != ENOENT)
		failed = -1;
	return failed;
}

int place_remove_tree(int dir, const char *name, const char *last)
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
