/* Writing files: beside their place, then renamed onto it. */
#include "kb/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

int kb_write_all(int fd, kb_str data)
{
	while (data.len) {
		ssize_t n = write(fd, data.data, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ENOSPC;
		if (n <= 0)
			return -1;
		data = kb_str_sub(data, (size_t)n, data.len);
	}
	return 0;
}

/* Closes FD. The errno of the first failure stays. */
static int close_after(int fd, int failed)
{
	int saved = errno;

	if (close(fd) < 0 && !failed)
		return -1;
	errno = saved;
	return failed;
}

static int fail_without(const char *temp)
{
	int saved = errno;

	unlink(temp);
	errno = saved;
	return -1;
}

/* Owner and permissions of the file that is there; a file of somebody else is given back
 * to them where the system lets us. */
static int keep_mode(int fd, const struct stat *as)
{
	if (fchown(fd, as->st_uid, as->st_gid) < 0 && errno != EPERM)
		return -1;
	return fchmod(fd, as->st_mode & 0777);
}

static int open_new(const char *temp)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(temp, flags, 0666);

	if (fd < 0 && errno == EEXIST && unlink(temp) == 0)
		fd = open(temp, flags, 0666);
	return fd;
}

int kb_file_make(const char *temp, kb_str data, const struct stat *as, bool sync)
{
	int fd = open_new(temp);

	if (fd < 0)
		return -1;
	if (close_after(fd, kb_write_all(fd, data) < 0 || (as && keep_mode(fd, as) < 0) ||
				    (sync && fsync(fd) < 0)))
		return fail_without(temp);
	return 0;
}

int kb_rename_new(int from, const char *temp, int to, const char *name)
{
	struct stat st;

	if (renameat2(from, temp, to, name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(from, temp, to, name);
}

static int write_into(const char *path, kb_str data)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? -1 : close_after(fd, kb_write_all(fd, data));
}

static int make_folder_of(const char *path, struct kb_error *err)
{
	kb_str dir = kb_path_dir(kb_str_of(path));
	_cleanup_free_ char *folder = kb_xstrndup(dir.data, dir.len);

	return dir.len ? kb_mkdirs(folder, err) : 0;
}

static int replace(const char *path, kb_str data, const struct stat *as)
{
	char temp[PATH_MAX];
	int dir = (int)(kb_path_base(kb_str_of(path)).data - path);

	/* A name of its own: one made of the file's could be too long. */
	if (snprintf(temp, sizeof(temp), "%.*s.kb-%ld~", dir, path, (long)getpid()) >=
		(int)sizeof(temp)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (kb_file_make(temp, data, as, false) < 0)
		return -1;
	return rename(temp, path) < 0 ? fail_without(temp) : 0;
}

int kb_file_write(const char *path, kb_str data, struct kb_error *err)
{
	char real[PATH_MAX];
	struct stat st;
	const char *to = path;
	bool there = stat(path, &st) == 0;
	int failed;

	if (there && realpath(path, real))
		to = real;
	if (there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		failed = write_into(to, data);
	else
		failed = replace(to, data, there ? &st : NULL);
	if (failed && errno == ENOENT && !there) {
		if (make_folder_of(to, err) < 0)
			return -1;
		failed = replace(to, data, NULL);
	}
	return failed ? kb_error_errno(err, "cannot write %s", path) : 0;
}

/* The folder is locked, so that the name beside the file can be the same in each run: a
 * run that dies leaves one such file, not one each time. */
int kb_cache_begin(struct kb_cache_file *file, const char *path)
{
	_cleanup_buf_ kb_buf dir = {0};
	kb_str folder = kb_path_dir(kb_str_of(path));

	*file = (struct kb_cache_file){.fd = -1};
	if (make_folder_of(path, NULL) < 0)
		return -1;
	kb_buf_str(&dir, folder.len ? folder : KB_STR("."));
	kb_buf_fmt(&file->temp, "%s~", path);
	file->folder = open(dir.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Where there are no locks, two runs at once are rare enough. */
	if (file->folder >= 0 &&
		(flock(file->folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK))
		file->fd = open_new(file->temp.data);
	if (file->fd >= 0)
		return 0;
	if (file->folder >= 0)
		close(file->folder);
	kb_buf_dispose(&file->temp);
	return -1;
}

bool kb_cache_end(struct kb_cache_file *file, const char *path, bool whole)
{
	whole = close_after(file->fd, whole ? 0 : -1) == 0 &&
		rename(file->temp.data, path) == 0;
	if (!whole)
		unlink(file->temp.data);
	close(file->folder);
	kb_buf_dispose(&file->temp);
	return whole;
}

void kb_cache_write(const char *path, kb_str data)
{
	struct kb_cache_file file;

	if (kb_cache_begin(&file, path) == 0)
		kb_cache_end(&file, path, kb_write_all(file.fd, data) == 0);
}
