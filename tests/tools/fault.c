/*
 * A library to preload that lets one call of a program fail.
 *
 *	KB_FAULT=KIND:N:FAILURE LD_PRELOAD=fault.so kb ...
 *
 * KIND is one of the names in `kinds`, or `any` for all but malloc. N counts from 1; 0
 * means every call. FAILURE is the name of an error, or `kill`, `sleep` (two seconds,
 *then the call is made), `short` (reads and writes of 7 bytes), `intr` (EINTR, then the
 *same call again is made). Calls about files count when the file is below KB_FAULT_BELOW.
 *
 * With KB_FAULT_TRACE, a line '! NAME' is appended to that file when the call is reached.
 * With an N past a thousand million, which never is, a line is appended for each call of
 * KIND that comes from a place in the program that none came from before: its number and
 * its name. At the end a line '= COUNT' is. KB_FAULT_DEPTH says how many callers make a
 *place. So a test need not try the thousands of calls that a few places make.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char *const kinds[] = {"open", "read", "write", "sync", "rename", "mkdir",
	"stat", "mmap", "malloc", "close", "unlink", "truncate", "readdir", "mode",
	"flock", "thread", "link", "exchange", "any"};
enum kind {
	OPEN,
	READ,
	WRITE,
	SYNC,
	RENAME,
	MKDIR,
	STAT,
	MMAP,
	MALLOC,
	CLOSE,
	UNLINK,
	TRUNCATE,
	READDIR,
	MODE,
	FLOCK,
	THREAD,
	LINK,
	EXCHANGE,
	ANY,
	NONE
};

static const struct {
	const char *name;
	int number;
} errors[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EACCES", EACCES}, {"EMFILE", EMFILE},
	{"ENOMEM", ENOMEM}, {"EROFS", EROFS}, {"ENOENT", ENOENT}, {"EDQUOT", EDQUOT},
	{"ENOTSUP", ENOTSUP}, {"EPERM", EPERM}, {"EINVAL", EINVAL}, {"kill", -1},
	{"sleep", -2}, {"short", -3}, {"intr", -4}};
enum { KILL = -1, SLEEP = -2, SHORT = -3, INTR = -4 };

enum { FDS = 4096, STACKS = 1 << 16, DEPTH = 24, FIRST = 1 << 30 };

static enum kind wanted = NONE;
static unsigned long which;
static int failure;
static int depth = DEPTH; /* frames that make a place, with our own */
static const char *below;
static size_t below_len;
static int trace = -1;
static atomic_ulong count;
static atomic_bool ours[FDS]; /* descriptors of files below the folder */
static uint64_t stacks[STACKS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local bool inside;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static void read_wish(const char *wish)
{
	char kind[16] = "", error[16] = "";

	if (sscanf(wish, "%15[^:]:%lu:%15s", kind, &which, error) != 3)
		return;
	for (size_t i = 0; i < sizeof(errors) / sizeof(*errors); i++)
		if (!strcmp(error, errors[i].name))
			failure = errors[i].number;
	for (int i = 0; i < NONE && failure; i++)
		if (!strcmp(kind, kinds[i]))
			wanted = (enum kind)i;
}

__attribute__((constructor)) static void begin(void)
{
	const char *wish = getenv("KB_FAULT"), *to = getenv("KB_FAULT_TRACE"),
		   *callers = getenv("KB_FAULT_DEPTH");
	void *frames[2];

	inside = true;
	below = getenv("KB_FAULT_BELOW");
	below_len = below ? strlen(below) : 0;
	unsetenv("LD_PRELOAD"); /* programs that it starts do not fail */
	if (to)
		trace = (int)syscall(SYS_openat, AT_FDCWD, to,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	backtrace(frames, 2); /* loads what it needs */
	if (callers && atoi(callers) < DEPTH - 4)
		depth = atoi(callers) + 4;
	if (wish)
		read_wish(wish);
	inside = false;
}

/* Have all calls so far come from other places? */
static bool is_new_place(void)
{
	void *frames[DEPTH];
	uint64_t h = 1;
	int n = backtrace(frames, depth);

	for (int i = 2; i < n; i++)
		h = (h ^ (uintptr_t)frames[i]) * 0x9e3779b97f4a7c15u, h ^= h >> 29;
	for (size_t at = h % STACKS;; at = (at + 1) % STACKS) {
		if (stacks[at] == h)
			return false;
		if (!stacks[at]) {
			stacks[at] = h;
			return true;
		}
	}
}

static void note(unsigned long n, const char *name)
{
	char line[256];
	int len;

	inside = true;
	pthread_mutex_lock(&lock);
	if (n == which || (which == 0 && n == 1)) {
		len = snprintf(line, sizeof(line), "! %s\n", name);
		syscall(SYS_write, trace, line, len);
	} else if (which > FIRST && is_new_place()) {
		len = snprintf(line, sizeof(line), "%lu %s\n", n, name);
		syscall(SYS_write, trace, line, len);
	}
	pthread_mutex_unlock(&lock);
	inside = false;
}

__attribute__((destructor)) static void end(void)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "= %lu\n", (unsigned long)count);

	if (trace >= 0)
		syscall(SYS_write, trace, line, len);
}

/* Shall this call fail? Then errno is set. */
static bool fails(enum kind kind, const char *name)
{
	const struct timespec two = {.tv_sec = 2};
	unsigned long n;

	if (inside || wanted == NONE ||
		(kind != wanted && (wanted != ANY || kind == MALLOC)))
		return false;
	n = ++count;
	if (trace >= 0)
		note(n, name);
	if (which && n != which)
		return false;
	if (failure == KILL)
		raise(SIGKILL);
	if (failure == SLEEP)
		nanosleep(&two, NULL);
	if (failure == INTR && n % 2 == 1) {
		errno = EINTR;
		return true;
	}
	if (failure > 0)
		errno = failure;
	return failure > 0;
}

/* Which files count */

static bool is_below(const char *path)
{
	return below && !strncmp(path, below, below_len) &&
	       (path[below_len] == '/' || !path[below_len]);
}

static bool counts(int dir, const char *path)
{
	char cwd[4096];

	if (path && path[0] == '/')
		return is_below(path);
	if (dir != AT_FDCWD)
		return dir >= 0 && dir < FDS && ours[dir];
	return syscall(SYS_getcwd, cwd, sizeof(cwd)) > 0 && is_below(cwd);
}

static bool is_ours(int fd)
{
	return fd >= 0 && fd < FDS && ours[fd];
}

static int remember(int fd, bool is_one)
{
	if (fd >= 0 && fd < FDS)
		ours[fd] = is_one;
	return fd;
}

#define REAL(name)                                                                       \
	static __typeof__(name) *real;                                                   \
	if (!real)                                                                       \
		*(void **)&real = dlsym(RTLD_NEXT, #name);

#define FAIL(kind, condition, value)                                                     \
	if ((condition) && fails(kind, __func__))                                        \
		return value;

#define OPENAT(name, parameters, dir, path, arguments)                                   \
	int name parameters                                                              \
	{                                                                                \
		bool is_one = counts(dir, path);                                         \
		mode_t mode = 0;                                                         \
		va_list ap;                                                              \
		REAL(name)                                                               \
		va_start(ap, flags);                                                     \
		if (flags & (O_CREAT | O_TMPFILE))                                       \
			mode = va_arg(ap, mode_t);                                       \
		va_end(ap);                                                              \
		FAIL(OPEN, is_one, -1)                                                   \
		return remember(real arguments, is_one);                                 \
	}
OPENAT(open, (const char *path, int flags, ...), AT_FDCWD, path, (path, flags, mode))
OPENAT(open64, (const char *path, int flags, ...), AT_FDCWD, path, (path, flags, mode))
OPENAT(openat, (int dir, const char *path, int flags, ...), dir, path,
	(dir, path, flags, mode))
OPENAT(openat64, (int dir, const char *path, int flags, ...), dir, path,
	(dir, path, flags, mode))

#define WRAP(type, name, parameters, kind, condition, value, arguments)                  \
	type name parameters                                                             \
	{                                                                                \
		REAL(name)                                                               \
		FAIL(kind, condition, value)                                             \
		return real arguments;                                                   \
	}
#define CUT(n) (failure == SHORT && which == 0 && n > 7 ? 7 : n)
WRAP(ssize_t, read, (int fd, void *to, size_t n), READ, is_ours(fd), -1,
	(fd, to, wanted == READ && is_ours(fd) ? CUT(n) : n))
WRAP(ssize_t, pread, (int fd, void *to, size_t n, off_t at), READ, is_ours(fd), -1,
	(fd, to, n, at))
WRAP(ssize_t, pread64, (int fd, void *to, size_t n, off_t at), READ, is_ours(fd), -1,
	(fd, to, n, at))
WRAP(ssize_t, write, (int fd, const void *from, size_t n), WRITE, is_ours(fd), -1,
	(fd, from, wanted == WRITE && is_ours(fd) ? CUT(n) : n))
WRAP(ssize_t, pwrite, (int fd, const void *from, size_t n, off_t at), WRITE, is_ours(fd),
	-1, (fd, from, n, at))
WRAP(int, fsync, (int fd), SYNC, is_ours(fd), -1, (fd))
WRAP(int, fdatasync, (int fd), SYNC, is_ours(fd), -1, (fd))
WRAP(int, syncfs, (int fd), SYNC, is_ours(fd), -1, (fd))
WRAP(int, rename, (const char *from, const char *to), RENAME, counts(AT_FDCWD, to), -1,
	(from, to))
WRAP(int, renameat, (int a, const char *from, int b, const char *to), RENAME,
	counts(b, to), -1, (a, from, b, to))
WRAP(int, link, (const char *from, const char *to), LINK, counts(AT_FDCWD, to), -1,
	(from, to))
WRAP(int, linkat, (int a, const char *from, int b, const char *to, int flags), LINK,
	counts(b, to), -1, (a, from, b, to, flags))
WRAP(int, mkdir, (const char *path, mode_t mode), MKDIR, counts(AT_FDCWD, path), -1,
	(path, mode))
WRAP(int, mkdirat, (int dir, const char *path, mode_t mode), MKDIR, counts(dir, path), -1,
	(dir, path, mode))
WRAP(int, unlink, (const char *path), UNLINK, counts(AT_FDCWD, path), -1, (path))
WRAP(int, unlinkat, (int dir, const char *path, int flags), UNLINK, counts(dir, path), -1,
	(dir, path, flags))
WRAP(int, rmdir, (const char *path), UNLINK, counts(AT_FDCWD, path), -1, (path))
WRAP(int, ftruncate, (int fd, off_t size), TRUNCATE, is_ours(fd), -1, (fd, size))
WRAP(int, stat, (const char *path, struct stat *st), STAT, counts(AT_FDCWD, path), -1,
	(path, st))
WRAP(int, lstat, (const char *path, struct stat *st), STAT, counts(AT_FDCWD, path), -1,
	(path, st))
WRAP(int, fstat, (int fd, struct stat *st), STAT, is_ours(fd), -1, (fd, st))
WRAP(int, fstatat, (int dir, const char *path, struct stat *st, int flags), STAT,
	counts(dir, path), -1, (dir, path, st, flags))
WRAP(int, stat64, (const char *path, struct stat64 *st), STAT, counts(AT_FDCWD, path), -1,
	(path, st))
WRAP(int, lstat64, (const char *path, struct stat64 *st), STAT, counts(AT_FDCWD, path),
	-1, (path, st))
WRAP(int, fstat64, (int fd, struct stat64 *st), STAT, is_ours(fd), -1, (fd, st))
WRAP(int, fstatat64, (int dir, const char *path, struct stat64 *st, int flags), STAT,
	counts(dir, path), -1, (dir, path, st, flags))
WRAP(int, access, (const char *path, int mode), STAT, counts(AT_FDCWD, path), -1,
	(path, mode))
WRAP(int, faccessat, (int dir, const char *path, int mode, int flags), STAT,
	counts(dir, path), -1, (dir, path, mode, flags))
WRAP(char *, realpath, (const char *path, char *out), STAT, counts(AT_FDCWD, path), NULL,
	(path, out))
WRAP(ssize_t, readlink, (const char *path, char *to, size_t n), STAT,
	counts(AT_FDCWD, path), -1, (path, to, n))
WRAP(ssize_t, readlinkat, (int dir, const char *path, char *to, size_t n), STAT,
	counts(dir, path), -1, (dir, path, to, n))
WRAP(int, fchmod, (int fd, mode_t mode), MODE, is_ours(fd), -1, (fd, mode))
WRAP(int, chmod, (const char *path, mode_t mode), MODE, counts(AT_FDCWD, path), -1,
	(path, mode))
WRAP(int, fchown, (int fd, uid_t user, gid_t group), MODE, is_ours(fd), -1,
	(fd, user, group))
WRAP(int, chdir, (const char *path), STAT, counts(AT_FDCWD, path), -1, (path))
WRAP(int, flock, (int fd, int operation), FLOCK, is_ours(fd), -1, (fd, operation))
WRAP(void *, mmap, (void *at, size_t n, int prot, int flags, int fd, off_t off), MMAP,
	is_ours(fd), MAP_FAILED, (at, n, prot, flags, fd, off))
WRAP(void *, mmap64, (void *at, size_t n, int prot, int flags, int fd, off_t off), MMAP,
	is_ours(fd), MAP_FAILED, (at, n, prot, flags, fd, off))
WRAP(DIR *, opendir, (const char *path), READDIR, counts(AT_FDCWD, path), NULL, (path))
WRAP(DIR *, fdopendir, (int fd), READDIR, is_ours(fd), NULL, (fd))
WRAP(struct dirent *, readdir, (DIR * dir), READDIR, is_ours(dirfd(dir)), NULL, (dir))
WRAP(struct dirent64 *, readdir64, (DIR * dir), READDIR, is_ours(dirfd(dir)), NULL, (dir))

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
	void *(*start)(void *), void *argument)
{
	REAL(pthread_create)
	if (fails(THREAD, __func__))
		return EAGAIN;
	return real(thread, attributes, start, argument);
}

/* KB_FAULT_NO_EXCHANGE: a file system that cannot exchange files. */
int renameat2(int a, const char *from, int b, const char *to, unsigned flags)
{
	bool exchange = flags & RENAME_EXCHANGE;

	REAL(renameat2)

	if (exchange && getenv("KB_FAULT_NO_EXCHANGE")) {
		errno = EINVAL;
		return -1;
	}
	FAIL(exchange ? EXCHANGE : RENAME, counts(b, to), -1)
	return real(a, from, b, to, flags);
}

/* A descriptor is gone after a close that fails, too. */
int close(int fd)
{
	bool failed = is_ours(fd) && fails(CLOSE, __func__);
	int saved = errno;

	REAL(close)

	remember(fd, false);
	if (!failed)
		return real(fd);
	real(fd);
	errno = saved;
	return -1;
}

int dup(int fd)
{
	REAL(dup)
	return remember(real(fd), is_ours(fd));
}

void *malloc(size_t n)
{
	FAIL(MALLOC, true, NULL)
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	FAIL(MALLOC, true, NULL)
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	FAIL(MALLOC, true, NULL)
	return __libc_realloc(p, n);
}
