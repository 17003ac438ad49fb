/* A folder in which reports appear: mail, or what a webhook's receiver writes. */
#include "feedback.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE = 1000 };			    /* ms */
enum { AGAIN_FIRST = 3, AGAIN_MOST = 600 }; /* s */

static volatile sig_atomic_t ended;

static void end(int number)
{
	(void)number;
	ended = 1;
}

/* What a file was when it was imported. */
struct watched_file {
	time_t changed;
	off_t size;
	time_t again; /* when it is tried again, because the import failed; or 0 */
	time_t pause; /* before that; it doubles each time */
	kb_str why;   /* what was said then */
};

struct watching {
	const char *folder;
	feedback_file_fn *import;
	void *ctx;
	struct kb_arena *arena;	  /* of the files that were seen */
	struct kb_arena *scratch; /* of one look */
	kb_map seen;		  /* by path */
};

/* One file that cannot be imported keeps nobody from the others. The disk may be full, or
 * another run of kb may be changing files, so it is tried again. */
static void try_import(
	struct watching *w, kb_str path, struct watched_file *file, struct kb_error *err)
{
	time_t pause = file->pause ? file->pause * 2 : AGAIN_FIRST;

	file->again = file->pause = 0;
	if (!w->import(w->ctx, path.data, err))
		return;
	file->pause = pause < AGAIN_MOST ? pause : AGAIN_MOST;
	file->again = time(NULL) + file->pause;
	if (kb_str_is(file->why, err->message))
		return;
	file->why = kb_arena_str(w->arena, kb_str_of(err->message));
	kb_fail(err);
}

static void take(
	struct watching *w, kb_str path, const struct stat *st, struct kb_error *err)
{
	struct watched_file *seen = kb_map_get(&w->seen, path);
	time_t now = time(NULL);

	if (seen && seen->changed == st->st_mtime && seen->size == st->st_size &&
		(!seen->again || now < seen->again))
		return;
	if (st->st_mtime == now)
		return; /* It may still be written. */
	if (!seen) {
		seen = kb_arena_new_of(w->arena, struct watched_file);
		kb_map_put(&w->seen, kb_arena_str(w->arena, path), seen);
	}
	seen->changed = st->st_mtime;
	seen->size = st->st_size;
	try_import(w, path, seen, err);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Hidden files are those that a program has not finished. */
static int is_wanted(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && entry->d_name[len - 1] != '~' &&
	       (len < 4 || strcmp(entry->d_name + len - 4, ".tmp") != 0);
}

static int look(struct watching *w, struct kb_error *err)
{
	struct dirent **entries;
	int n = scandir(w->folder, &entries, is_wanted, by_name);

	if (n < 0)
		return kb_error_errno(err, "cannot read the folder '%s'", w->folder);
	for (int i = 0; i < n; i++) {
		kb_str path =
			kb_arena_fmt(w->scratch, "%s/%s", w->folder, entries[i]->d_name);
		struct stat st;

		free(entries[i]);
		if (!ended && stat(path.data, &st) == 0 && S_ISREG(st.st_mode))
			take(w, path, &st, err);
	}
	free(entries);
	kb_arena_reset(w->scratch);
	return 0;
}

/* Until something happens in the folder, or for a pause. */
static void wait_for_more(int fd)
{
	char events[4096];
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	if (poll(&poll_fd, fd >= 0, PAUSE) > 0)
		(void)!read(fd, events, sizeof(events));
}

int feedback_watch(
	const char *folder, feedback_file_fn *import, void *ctx, struct kb_error *err)
{
	struct watching w = {.folder = folder, .import = import, .ctx = ctx};
	struct sigaction action = {.sa_handler = end};
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK), failed = 0;

	w.arena = kb_arena_new();
	w.scratch = kb_arena_new();
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	if (fd >= 0)
		inotify_add_watch(fd, folder, IN_CLOSE_WRITE | IN_MOVED_TO | IN_MODIFY);
	while (!ended && !failed) {
		failed = look(&w, err);
		if (!ended && !failed)
			wait_for_more(fd);
	}
	if (fd >= 0)
		close(fd);
	kb_map_dispose(&w.seen);
	kb_arena_free(w.arena);
	kb_arena_free(w.scratch);
	return failed;
}
