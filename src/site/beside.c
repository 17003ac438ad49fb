#include "beside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "manifest.h"
#include "tree.h"

/* Of a list that has nothing yet: makes the folder kb's own. */
#define MARK "kb-site 1\n"
#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* The folder part of PATH without links, and the name in it. */
static bool resolve(const char *path, char folder[PATH_MAX], kb_str *name)
{
	kb_str rest = kb_str_of(path), dir;
	bool missing;

	if (realpath(path, folder)) {
		*name = kb_path_base(kb_str_of(folder));
		folder[kb_path_dir(kb_str_of(folder)).len] = '\0';
		return name->len > 0;
	}
	missing = errno == ENOENT;
	while (rest.len > 1 && rest.data[rest.len - 1] == '/')
		rest.len--;
	*name = kb_path_base(rest);
	dir = kb_path_dir(rest);
	_cleanup_free_ char *up =
		dir.len ? kb_xstrndup(dir.data, dir.len)
			: kb_xstrndup(rest.len && rest.data[0] == '/' ? "/" : ".", 1);
	return missing && name->len && realpath(up, folder);
}

void beside_open(struct beside *beside, const char *path)
{
	char folder[PATH_MAX];
	kb_str name;

	beside->parent = -1;
	if (!resolve(path, folder, &name) || name.len >= BESIDE_NAME)
		return;
	snprintf(beside->name, sizeof(beside->name), "%.*s", KB_ARG(name));
	snprintf(beside->fresh, sizeof(beside->fresh), ".%s.kb-new", beside->name);
	snprintf(beside->former, sizeof(beside->former), ".%s.kb-old", beside->name);
	beside->parent = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

void beside_close(struct beside *beside)
{
	if (beside->parent >= 0)
		close(beside->parent);
	beside->parent = -1;
}

bool beside_is(const struct beside *beside, int dir)
{
	struct stat there, ours;

	return beside->parent < 0 ||
	       (fstatat(beside->parent, beside->name, &there, 0) == 0 &&
		       fstat(dir, &ours) == 0 && there.st_dev == ours.st_dev &&
		       there.st_ino == ours.st_ino);
}

/* Opens a folder beside the live one and locks it; -1 with ENOENT: there is none. */
static int open_locked(const struct beside *beside, const char *name)
{
	int fd = openat(beside->parent, name, FOLDER);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		close(fd);
		errno = EWOULDBLOCK;
		return -1;
	}
	return fd;
}

int beside_recover(struct beside *beside)
{
	struct stat st;
	int fd, failed = 0;

	if (beside->parent < 0 || fstatat(beside->parent, beside->name, &st, 0) == 0 ||
		errno != ENOENT)
		return 0;
	fd = open_locked(beside, beside->former);
	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (faccessat(fd, MANIFEST_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		failed = kb_rename_new(
			beside->parent, beside->former, beside->parent, beside->name);
	close(fd);
	return failed;
}

static bool is_empty(int dir)
{
	DIR *stream = tree_list(dir);
	bool empty;

	if (!stream)
		return false;
	empty = !tree_next(stream) && !errno;
	closedir(stream);
	return empty;
}

static int remove_one(struct beside *beside, const char *name)
{
	int fd = open_locked(beside, name);
	bool ours;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	ours = faccessat(fd, MANIFEST_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	       is_empty(fd);
	close(fd);
	if (!ours) {
		errno = EEXIST;
		return -1;
	}
	return tree_remove(beside->parent, name, MANIFEST_NAME);
}

int beside_clean(struct beside *beside)
{
	int failed;

	if (beside->parent < 0)
		return 0;
	failed = remove_one(beside, beside->fresh);
	return remove_one(beside, beside->former) < 0 ? -1 : failed;
}

int beside_make(struct beside *beside, int live)
{
	struct stat st;
	int fd;

	if (fstat(live, &st) < 0 || mkdirat(beside->parent, beside->fresh, 0777) < 0)
		return -1;
	fd = open_locked(beside, beside->fresh);
	if (fd < 0)
		return -1;
	/* Who may not give a file away publishes under his own name. */
	if (fchown(fd, st.st_uid, st.st_gid) < 0)
		errno = 0;
	if (fchmod(fd, st.st_mode & 07777) < 0 ||
		tree_make(fd, KB_STR(MANIFEST_NAME), KB_STR(MARK)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

/* NAME becomes AWAY, and IN becomes NAME. */
static int rename_both(const struct beside *beside, const char *away, const char *in)
{
	int at = beside->parent, saved;

	if (kb_rename_new(at, beside->name, at, away) < 0)
		return -1;
	if (kb_rename_new(at, in, at, beside->name) == 0)
		return 0;
	saved = errno;
	kb_rename_new(at, away, at, beside->name);
	errno = saved;
	return -1;
}

static int exchange(const struct beside *beside)
{
	return renameat2(beside->parent, beside->fresh, beside->parent, beside->name,
		RENAME_EXCHANGE);
}

int beside_switch(struct beside *beside)
{
	if (exchange(beside) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP && errno != EXDEV)
		return -1;
	beside->renamed = true;
	return rename_both(beside, beside->former, beside->fresh);
}

int beside_switch_back(struct beside *beside)
{
	return beside->renamed ? rename_both(beside, beside->fresh, beside->former)
			       : exchange(beside);
}
