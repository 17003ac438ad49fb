#include "place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"

enum { NAME_SIZE = 256 };

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

static int name_of(kb_str part, char name[NAME_SIZE])
{
	if (part.len == 0 || part.len >= NAME_SIZE) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(name, part.data, part.len);
	name[part.len] = '\0';
	return 0;
}

/* Opens the folder PATH below DIR; with MAKE, makes what is missing. */
static int open_below(int dir, kb_str path, bool make)
{
	int fd = openat(dir, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char name[NAME_SIZE];
	kb_str part;

	while (fd >= 0 && path.len && kb_str_next(&path, '/', &part)) {
		int up = fd, saved;

		fd = -1;
		if (name_of(part, name) == 0) {
			fd = openat(
				up, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			if (fd < 0 && errno == ENOENT && make &&
				(mkdirat(up, name, 0777) == 0 || errno == EEXIST))
				fd = openat(up, name,
					O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		}
		saved = errno;
		close(up);
		errno = saved;
	}
	return fd;
}

static void empty_folder(int fd)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!stream) {
		if (copy >= 0)
			close(copy);
		return;
	}
	while ((entry = readdir(stream)))
		unlinkat(fd, entry->d_name, 0);
	closedir(stream);
}

int place_temp(int dir)
{
	int fd;

	if (mkdirat(dir, PLACE_TEMP, 0777) < 0 && errno != EEXIST)
		return -1;
	fd = openat(dir, PLACE_TEMP, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		empty_folder(fd);
	return fd;
}

void place_temp_remove(int dir)
{
	int fd = openat(dir, PLACE_TEMP, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return;
	empty_folder(fd);
	close(fd);
	unlinkat(dir, PLACE_TEMP, AT_REMOVEDIR);
}

int place_put(int dir, int temp, unsigned serial, kb_str path, kb_str data, bool replace)
{
	char unfinished[32], name[NAME_SIZE];
	int fd, to = -1, failed, saved;

	if (name_of(kb_path_base(path), name) < 0)
		return -1;
	snprintf(unfinished, sizeof(unfinished), "%u", serial);
	fd = openat(temp, unfinished,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return -1;
	failed = kb_write_all(fd, data);
	if (close(fd) < 0)
		failed = -1;
	if (!failed && (to = open_below(dir, kb_path_dir(path), true)) < 0)
		failed = -1;
	if (!failed)
		failed = replace ? renameat(temp, unfinished, to, name)
				 : kb_rename_new(temp, unfinished, to, name);
	saved = errno;
	if (failed)
		unlinkat(temp, unfinished, 0);
	if (to >= 0)
		close(to);
	errno = saved;
	return failed ? -1 : 0;
}

int place_remove(int dir, kb_str path)
{
	char name[NAME_SIZE];

	for (int flag = 0; path.len; flag = AT_REMOVEDIR) {
		kb_str up = kb_path_dir(path);
		int fd = open_below(dir, up, false), failed;

		if (fd < 0)
			return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ? 0
										     : -1;
		failed = name_of(kb_path_base(path), name) < 0 ||
			 unlinkat(fd, name, flag) < 0;
		close(fd);
		/* A folder that holds anything else stays. */
		if (failed && flag)
			return errno == EIO ? -1 : 0;
		if (failed && errno != ENOENT)
			return -1;
		path = up;
	}
	return 0;
}
