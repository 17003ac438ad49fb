#include "kb/rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/map.h"

#define MAGIC UINT64_C(0x31676e616863626b) /* "kbchang1" */
enum { WAIT_MAX = 10000, WAIT_STEP = 20 }; /* milliseconds */

enum change_kind { REPLACED, CREATED, FOLDER };

/* What the journal says of a file, or of a folder that is made for one. */
struct note {
	uint64_t kind;
	kb_str path;	    /* below the root, without links */
	kb_str before;	    /* of a file that is replaced */
	uint64_t len, hash; /* of the new text */
	/* Not in the journal: */
	const struct kb_rewrite *change;
	struct stat st; /* of the file that is replaced, when its text was compared */
};

struct work {
	struct kb_arena *arena;
	kb_str root;	/* absolute and without links; empty: the file system's */
	kb_str journal; /* its path */
	int fd;		/* the journal, locked; or -1 */
	off_t size;	/* of the journal when it was opened */
	bool half_done; /* so the journal must stay */
	uint64_t id;	/* of the run that wrote the journal, for temporary names */
	KB_VEC(struct note);
};

static int work_begin(struct work *w, kb_str root, kb_str journal, struct kb_error *err)
{
	char real[PATH_MAX];

	*w = (struct work){.arena = kb_arena_new(), .fd = -1, .id = (uint64_t)getpid()};
	w->journal = kb_arena_str(w->arena, journal);
	if (!realpath(kb_arena_str(w->arena, root).data, real))
		return kb_error_errno(err, "cannot open the folder %.*s", KB_ARG(root));
	w->root = kb_arena_str(w->arena, kb_str_of(strcmp(real, "/") == 0 ? "" : real));
	return 0;
}

static void work_end(struct work *w)
{
	if (w->fd >= 0 && !w->half_done)
		unlink(w->journal.data);
	if (w->fd >= 0)
		close(w->fd);
	kb_vec_dispose(w);
	kb_arena_free(w->arena);
}

/* Paths */

static const char *absolute(const struct work *w, kb_str path)
{
	return kb_arena_fmt(w->arena, "%.*s/%.*s", KB_ARG(w->root), KB_ARG(path)).data;
}

static const char *folder_of(const struct work *w, kb_str path)
{
	return absolute(w, kb_path_dir(path));
}

/* What is beside the file until it is renamed. */
static const char *temporary(const struct work *w, const struct note *note)
{
	return kb_arena_fmt(w->arena, "%s/.kb-%llu-%zu~", folder_of(w, note->path),
		(unsigned long long)w->id, (size_t)(note - w->items))
		.data;
}

/* Is it a path that changes may be made at? */
static bool is_plain(kb_str path)
{
	kb_str part;

	if (!path.len)
		return false;
	while (kb_str_next(&path, '/', &part))
		if (!part.len || kb_str_is(part, ".") || kb_str_is(part, "..") ||
			kb_str_eq_nocase(part, KB_STR(".git")))
			return false;
	return true;
}

/* The path below the root of an absolute one. */
static bool below_root(const struct work *w, kb_str path, kb_str *below)
{
	if (!kb_str_starts(path, w->root) || path.len <= w->root.len)
		return false;
	*below = kb_str_sub(path, w->root.len + 1, path.len);
	return path.data[w->root.len] == '/' && is_plain(*below);
}

/* The nearest folder above that is there. */
static kb_str folder_there(const struct work *w, kb_str path)
{
	struct stat st;

	do
		path = kb_path_dir(path);
	while (path.len && lstat(absolute(w, path), &st) < 0 && errno == ENOENT);
	return path;
}

/* Follows links on the way: those of a new file's folders, or of the whole path. */
static int resolve(const struct work *w, const struct kb_rewrite *change, kb_str *path,
	struct kb_error *err)
{
	kb_str from = change->is_new ? folder_there(w, change->path) : change->path;
	kb_str rest = kb_str_sub(change->path, from.len, change->path.len);
	char real[PATH_MAX];

	if (!realpath(absolute(w, from), real))
		return kb_error_errno(err, "cannot change %.*s", KB_ARG(change->path));
	rest = kb_arena_fmt(
		w->arena, "%s%s%.*s", real, from.len ? "" : "/", KB_ARG(rest));
	if (below_root(w, rest, path))
		return 0;
	return kb_error_set(err, KB_E_REFUSED,
		"%.*s is a symbolic link to a place where kb does not change files",
		KB_ARG(change->path));
}

/* The journal: a head, the notes, and a hash of all before it. Without that hash, it was
 * being written when the run ended, and nothing had been changed. */

static void journal_print(const struct work *w, kb_buf *out)
{
	kb_buf_number(out, MAGIC);
	kb_buf_number(out, w->id);
	kb_buf_number(out, w->len);
	for (size_t i = 0; i < w->len; i++) {
		kb_buf_number(out, w->items[i].kind);
		kb_buf_counted(out, w->items[i].path);
		kb_buf_counted(out, w->items[i].before);
		kb_buf_number(out, w->items[i].len);
		kb_buf_number(out, w->items[i].hash);
	}
	kb_buf_number(out, kb_str_hash(kb_buf_view(out)));
}

static bool take_number(kb_str *rest, uint64_t *n)
{
	if (rest->len < sizeof(*n))
		return false;
	memcpy(n, rest->data, sizeof(*n));
	*rest = kb_str_sub(*rest, sizeof(*n), rest->len);
	return true;
}

static bool take_text(struct work *w, kb_str *rest, kb_str *text)
{
	uint64_t len;

	if (!take_number(rest, &len) || len > rest->len)
		return false;
	*text = kb_arena_str(w->arena, kb_str_sub(*rest, 0, len));
	*rest = kb_str_sub(*rest, len, rest->len);
	return true;
}

static bool take_note(struct work *w, kb_str *rest)
{
	struct note note = {0};

	if (!take_number(rest, &note.kind) || !take_text(w, rest, &note.path) ||
		!take_text(w, rest, &note.before) || !take_number(rest, &note.len) ||
		!take_number(rest, &note.hash) || !is_plain(note.path))
		return false;
	kb_vec_push(w, note);
	return true;
}

static bool journal_parse(struct work *w, kb_str text)
{
	kb_str rest = kb_str_sub(text, 0, text.len - sizeof(uint64_t));
	uint64_t magic, n, sum;

	if (text.len < 4 * sizeof(n))
		return false;
	memcpy(&sum, rest.data + rest.len, sizeof(sum));
	if (sum != kb_str_hash(rest) || !take_number(&rest, &magic) || magic != MAGIC ||
		!take_number(&rest, &w->id) || !take_number(&rest, &n))
		return false;
	while (n > 0 && take_note(w, &rest))
		n--;
	return n == 0;
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), failed;

	if (fd < 0)
		return -1;
	/* Some file systems cannot do this to a folder. */
	failed = fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
	close(fd);
	return failed;
}

static int journal_fail(const struct work *w, struct kb_error *err)
{
	return kb_error_errno(err, "cannot write %.*s", KB_ARG(w->journal));
}

/* Is the open file the one that has the journal's name? Another run may have deleted it
 * before this one had the lock. */
static bool is_current(struct work *w)
{
	struct stat ours, there;

	if (fstat(w->fd, &ours) < 0 || lstat(w->journal.data, &there) < 0)
		return false;
	w->size = ours.st_size;
	return ours.st_ino == there.st_ino && ours.st_dev == there.st_dev;
}

/* 0: locked; 1: another run has it; -1 with errno. Where there are no locks, nobody
 * has it. */
static int journal_try(struct work *w, bool make)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (make ? O_CREAT : 0);

	w->fd = open(w->journal.data, flags, 0666);
	if (w->fd < 0)
		return -1;
	if ((flock(w->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
		is_current(w))
		return 0;
	close(w->fd);
	w->fd = -1;
	return 1;
}

/* Opens and locks the journal, made if MAKE says so; without that, there may be none,
 * and fd stays -1. */
static int journal_open(struct work *w, bool make, struct kb_error *err)
{
	const struct timespec step = {.tv_nsec = WAIT_STEP * 1000000};
	kb_str dir = kb_path_dir(w->journal);
	int got = journal_try(w, make);

	if (got < 0 && errno == ENOENT && make) {
		if (kb_mkdirs(kb_arena_str(w->arena, dir).data, err) < 0)
			return -1;
		got = journal_try(w, make);
	}
	for (int waited = 0; got > 0 && waited < WAIT_MAX; waited += WAIT_STEP) {
		nanosleep(&step, NULL);
		got = journal_try(w, make);
	}
	if (got > 0)
		return kb_error_set(err, KB_E_REFUSED,
			"another run of kb is changing files; wait until it is done");
	if (got < 0 && (make || (errno != ENOENT && errno != ENOTDIR)))
		return journal_fail(w, err);
	return 0;
}

static int journal_write(struct work *w, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	kb_str dir = kb_path_dir(w->journal);

	journal_print(w, &text);
	w->half_done = true;
	if (kb_write_all(w->fd, kb_buf_view(&text)) < 0 || fsync(w->fd) < 0 ||
		sync_folder(kb_arena_str(w->arena, dir).data) < 0)
		return journal_fail(w, err);
	return 0;
}

/* An empty journal says that nothing is half done; that makes a change final. Whether the
 * file goes away does not matter. */
static int journal_empty(struct work *w, struct kb_error *err)
{
	if (ftruncate(w->fd, 0) < 0 || fsync(w->fd) < 0)
		return journal_fail(w, err);
	w->half_done = false;
	return 0;
}

/* Brings to the disk what was written in the folders of the notes: each file system once.
 */
static int sync_all(const struct work *w)
{
	dev_t last = 0;
	int failed = 0;

	for (size_t i = 0; i < w->len && !failed; i++) {
		int fd = open(folder_of(w, w->items[i].path),
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		struct stat st;

		if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
			continue;
		failed = fd < 0 || fstat(fd, &st) < 0;
		if (!failed && st.st_dev != last) {
			failed = syncfs(fd) < 0;
			last = st.st_dev;
		}
		if (fd >= 0)
			close(fd);
	}
	return failed ? -1 : 0;
}

/* Taking back */

enum state { UNKNOWN = -1, GONE, OLD, NEW, OTHER };

static enum state state_of(const struct work *w, const struct note *note, struct stat *st)
{
	_cleanup_buf_ kb_buf now = {0};
	const char *path = absolute(w, note->path);
	char real[PATH_MAX];

	if (lstat(path, st) < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG
			       ? GONE
			       : UNKNOWN;
	if (!realpath(path, real))
		return UNKNOWN;
	/* A link that was not there when the journal was written. */
	if (strcmp(path, real) != 0 || !S_ISREG(st->st_mode))
		return OTHER;
	if (kb_file_read(path, 0, &now, NULL) < 0)
		return UNKNOWN;
	if (now.len == note->len && kb_str_hash(kb_buf_view(&now)) == note->hash)
		return NEW;
	return note->kind == REPLACED && kb_str_eq(kb_buf_view(&now), note->before)
		       ? OLD
		       : OTHER;
}

static int put_back(const struct work *w, const struct note *note, const struct stat *as)
{
	const char *path = absolute(w, note->path), *temp = temporary(w, note);

	if (note->kind == CREATED)
		return unlink(path);
	/* Its bytes must be on the disk before it has the file's name. */
	if (kb_file_make(temp, note->before, as, true) < 0)
		return -1;
	return rename(temp, path);
}

static int take_back(const struct work *w, const struct note *note,
	struct kb_recovered *recovered, struct kb_arena *arena)
{
	struct stat st;
	enum state state;

	if (note->kind == FOLDER) {
		rmdir(absolute(w, note->path));
		return 0;
	}
	unlink(temporary(w, note));
	state = state_of(w, note, &st);
	if (state == UNKNOWN || (state == NEW && put_back(w, note, &st) < 0))
		return -1;
	recovered->files += state == NEW;
	if (state == OTHER || (state == GONE && note->kind == REPLACED))
		kb_vec_push(&recovered->edited, kb_arena_str(arena, note->path));
	return 0;
}

/* All that can be; the last first, so that folders are empty when their turn comes. */
static int take_all_back(struct work *w, struct kb_recovered *recovered,
	struct kb_arena *arena, struct kb_error *err)
{
	int failed = 0;

	for (size_t i = w->len; i > 0; i--)
		if (take_back(w, &w->items[i - 1], recovered, arena) < 0 && !failed)
			failed = kb_error_errno(err, "cannot put back %.*s",
				KB_ARG(w->items[i - 1].path));
	if (!failed && sync_all(w) < 0)
		failed = kb_error_errno(err, "cannot write to %.*s", KB_ARG(w->root));
	return failed ? -1 : journal_empty(w, err);
}

/* With the journal locked. */
static int recover(struct work *w, struct kb_recovered *recovered, struct kb_arena *arena,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};

	if (!w->size)
		return 0;
	w->half_done = true;
	if (kb_file_read(w->journal.data, 0, &text, err) < 0)
		return -1;
	if (!journal_parse(w, kb_buf_view(&text)))
		w->len = 0;
	return take_all_back(w, recovered, arena, err);
}

int kb_rewrites_recover(kb_str root, kb_str journal, struct kb_arena *arena,
	struct kb_recovered *recovered, struct kb_error *err)
{
	struct work w;
	int failed = 0;

	*recovered = (struct kb_recovered){0};
	if (access(kb_arena_str(arena, journal).data, F_OK) < 0 && errno == ENOENT)
		return 0;
	if (work_begin(&w, root, journal, err) < 0 || journal_open(&w, false, err) < 0)
		failed = -1;
	else if (w.fd >= 0)
		failed = recover(&w, recovered, arena, err);
	work_end(&w);
	return failed;
}

/* Making a change */

static int refuse_changed(const struct kb_rewrite *change, struct kb_error *err)
{
	return kb_error_set(err, KB_E_REFUSED,
		"something else changed %.*s in the meantime; run kb again",
		KB_ARG(change->path));
}

static int refuse_there(const struct kb_rewrite *change, struct kb_error *err)
{
	return kb_error_set(err, KB_E_REFUSED, "%.*s already exists; left unchanged",
		KB_ARG(change->path));
}

static int fail_change(const struct kb_rewrite *change, struct kb_error *err)
{
	return kb_error_errno(err, "cannot change %.*s", KB_ARG(change->path));
}

/* Is the file what it was, and may it be replaced? */
static int look_at_file(const struct work *w, struct note *note, struct kb_error *err)
{
	_cleanup_buf_ kb_buf now = {0};
	const char *path = absolute(w, note->path);

	if (lstat(path, &note->st) < 0 || access(path, W_OK) < 0)
		return fail_change(note->change, err);
	if (kb_file_read(path, 0, &now, err) < 0)
		return -1;
	if (!kb_str_eq(kb_buf_view(&now), note->before))
		return refuse_changed(note->change, err);
	return 0;
}

static bool is_noted(const struct work *w, kb_str path)
{
	for (size_t i = w->len; i > 0; i--)
		if (kb_str_eq(w->items[i - 1].path, path))
			return true;
	return false;
}

/* Notes the folders that are missing, those above first. */
static void note_folders(struct work *w, kb_str path)
{
	struct stat st;
	kb_str folder = kb_path_dir(path);

	if (!folder.len || is_noted(w, folder) || lstat(absolute(w, folder), &st) == 0)
		return;
	note_folders(w, folder);
	kb_vec_push(w, ((struct note){.kind = FOLDER, .path = folder}));
}

static int look_at(struct work *w, const struct kb_rewrite *change, kb_map *seen,
	struct kb_error *err)
{
	struct note note = {.kind = change->is_new ? CREATED : REPLACED,
		.before = change->before,
		.len = change->after.len,
		.hash = kb_str_hash(change->after),
		.change = change};
	const struct kb_rewrite *same;
	struct stat st;

	if (!change->is_new && kb_str_eq(change->before, change->after))
		return 0;
	if (resolve(w, change, &note.path, err) < 0)
		return -1;
	same = kb_map_put(seen, note.path, (void *)(uintptr_t)change);
	if (same && kb_str_eq(same->after, change->after))
		return 0;
	if (same)
		return kb_error_set(err, KB_E_REFUSED,
			"%.*s and %.*s are the same file, which would change in two "
			"ways",
			KB_ARG(same->path), KB_ARG(change->path));
	if (!change->is_new && look_at_file(w, &note, err) < 0)
		return -1;
	if (change->is_new && lstat(absolute(w, note.path), &st) == 0)
		return refuse_there(change, err);
	if (change->is_new && errno != ENOENT && errno != ENOTDIR)
		return fail_change(change, err);
	if (change->is_new)
		note_folders(w, note.path);
	kb_vec_push(w, note);
	return 0;
}

static int look_at_all(
	struct work *w, const struct kb_rewrite *changes, size_t n, struct kb_error *err)
{
	kb_map seen = {0};
	int failed = 0;

	for (size_t i = 0; i < n && !failed; i++)
		failed = look_at(w, &changes[i], &seen, err);
	kb_map_dispose(&seen);
	return failed;
}

static int stage(const struct work *w, const struct note *note, struct kb_error *err)
{
	const struct stat *as = note->kind == REPLACED ? &note->st : NULL;

	if (note->kind == FOLDER) {
		if (mkdir(absolute(w, note->path), 0777) == 0 || errno == EEXIST)
			return 0;
		return kb_error_errno(
			err, "cannot make the folder %.*s", KB_ARG(note->path));
	}
	if (kb_file_make(temporary(w, note), note->change->after, as, false) == 0)
		return 0;
	return kb_error_errno(err, "cannot write %.*s", KB_ARG(note->change->path));
}

static bool is_untouched(const struct stat *was, const struct stat *is)
{
	return was->st_ino == is->st_ino && was->st_dev == is->st_dev &&
	       was->st_size == is->st_size && was->st_mtim.tv_sec == is->st_mtim.tv_sec &&
	       was->st_mtim.tv_nsec == is->st_mtim.tv_nsec &&
	       was->st_ctim.tv_sec == is->st_ctim.tv_sec &&
	       was->st_ctim.tv_nsec == is->st_ctim.tv_nsec;
}

static int put(const struct work *w, const struct note *note, struct kb_error *err)
{
	const char *path = absolute(w, note->path), *temp = temporary(w, note);
	struct stat st;
	int failed;

	if (note->kind == FOLDER)
		return 0;
	if (note->kind == CREATED) {
		failed = kb_rename_new(AT_FDCWD, temp, AT_FDCWD, path);
		if (failed && errno == EEXIST)
			return refuse_there(note->change, err);
	} else {
		failed = lstat(path, &st);
		if (!failed && !is_untouched(&note->st, &st))
			return refuse_changed(note->change, err);
		failed = failed || rename(temp, path);
	}
	return failed ? fail_change(note->change, err) : 0;
}

static int make_change(struct work *w, struct kb_error *err)
{
	for (size_t i = 0; i < w->len; i++)
		if (stage(w, &w->items[i], err) < 0)
			return -1;
	if (sync_all(w) < 0)
		return kb_error_errno(err, "cannot write to %.*s", KB_ARG(w->root));
	for (size_t i = 0; i < w->len; i++)
		if (put(w, &w->items[i], err) < 0)
			return -1;
	if (sync_all(w) < 0)
		return kb_error_errno(err, "cannot write to %.*s", KB_ARG(w->root));
	return journal_empty(w, err);
}

/* Puts back what was changed, and says so when it cannot. */
static void undo(struct work *w, struct kb_error *err)
{
	struct kb_recovered recovered = {0};
	struct kb_error why, first = *err;

	if (take_all_back(w, &recovered, w->arena, &why) < 0)
		kb_error_set(err, first.code,
			"%s; this run could not restore the files that it changed "
			"before (%s), so the next run of kb restores them",
			first.message, why.message);
	kb_vec_dispose(&recovered.edited);
}

static int change_all(
	struct work *w, const struct kb_rewrite *changes, size_t n, struct kb_error *err)
{
	struct kb_recovered recovered = {0};
	int failed = recover(w, &recovered, w->arena, err);

	kb_vec_dispose(&recovered.edited);
	if (failed)
		return -1;
	w->len = 0;
	w->id = (uint64_t)getpid();
	if (look_at_all(w, changes, n, err) < 0)
		return -1;
	failed = journal_write(w, err) || make_change(w, err);
	if (failed)
		undo(w, err);
	return failed ? -1 : 0;
}

int kb_rewrites_write(kb_str root, kb_str journal, const struct kb_rewrite *changes,
	size_t n, struct kb_error *err)
{
	struct kb_error local = {0};
	struct work w;
	sigset_t all, before;
	int failed;

	err = err ? err : &local;
	/* Nobody's interrupt leaves a change half done. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failed = work_begin(&w, root, journal, err) || journal_open(&w, true, err) ||
		 change_all(&w, changes, n, err);
	work_end(&w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed ? -1 : 0;
}
