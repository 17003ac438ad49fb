#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/name.h"
#include "output_parts.h"
#include "tree.h"

enum { TRIES = 10 };

/* kb's own file, which people don't read. */
static bool is_hidden(kb_str path)
{
	return kb_str_is(path, OUTPUT_RECORDS);
}

static int folder_empty(int dir, bool *empty)
{
	DIR *stream = tree_list(dir);
	const char *name;
	int failed;

	if (!stream)
		return -1;
	*empty = true;
	while ((name = tree_next(stream)))
		if (strcmp(name, COMMIT_TEMP) != 0)
			*empty = false;
	failed = errno;
	closedir(stream);
	errno = failed;
	return failed ? -1 : 0;
}

static int read_list(struct output *out, struct kb_error *err)
{
	bool empty = true;
	int got = tree_read(out->dir, MANIFEST_NAME, &out->list.text);

	if (got < 0 && errno != ENOENT)
		return kb_error_errno(err, "cannot read %s/%s", out->name, MANIFEST_NAME);
	if (got < 0) {
		if (folder_empty(out->dir, &empty) < 0)
			return kb_error_errno(
				err, "cannot read the folder %s", out->name);
		if (!empty)
			return kb_error_set(err, KB_E_REFUSED,
				"the folder %s is not empty and was not published by kb; "
				"name another folder, or empty this one",
				out->name);
		out->changed = true;
		return 0;
	}
	out->hash = manifest_hash(kb_buf_view(&out->list.text));
	if (manifest_parse(&out->list) < 0)
		return kb_error_set(err, KB_E_REFUSED,
			"%s/%s was not written by this version of kb; name another "
			"folder, or empty this one",
			out->name, MANIFEST_NAME);
	if (!kb_str_eq(out->list.audience, out->options.audience)) {
		out->distrust = "the folder contains the site of another audience";
		manifest_forget(&out->list, true);
		out->changed = true;
	} else if (!out->list.complete) {
		out->distrust = "the last run was interrupted";
	} else if (out->options.clean) {
		out->distrust = "--clean writes all files";
	}
	if (out->distrust)
		manifest_forget(&out->list, false);
	return 0;
}

static int fail_locked(const struct output *out, struct kb_error *err)
{
	return kb_error_set(err, KB_E_REFUSED,
		"another run of kb is publishing to %s; wait until it is done",
		out->name);
}

static int fail_open(const struct output *out, struct kb_error *err)
{
	return kb_error_errno(err, "cannot open the folder %s", out->name);
}

/* Opens and locks what is there; *AGAIN: something else is there by now. */
static int lock_folder(struct output *out, bool *again, struct kb_error *err)
{
	bool made = false;
	struct stat st;

	*again = false;
	if (stat(out->name, &st) < 0) {
		if (errno != ENOENT)
			return fail_open(out, err);
		if (out->options.dry_run)
			return 0;
		if (kb_mkdirs(out->name, err) < 0)
			return -1;
		made = true;
	}
	out->dir = open(out->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->dir < 0)
		return fail_open(out, err);
	if (out->beside.parent < 0)
		beside_open(&out->beside, out->name);
	if (flock(out->dir, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return fail_locked(out, err);
	out->made |= made;
	*again = !beside_is(&out->beside, out->dir);
	if (*again) {
		close(out->dir);
		out->dir = -1;
	}
	return 0;
}

static int open_folder(struct output *out, struct kb_error *err)
{
	bool again = true;

	beside_open(&out->beside, out->name);
	if (!out->options.dry_run && beside_recover(&out->beside) < 0)
		return errno == EWOULDBLOCK ? fail_locked(out, err) : fail_open(out, err);
	for (int i = 0; again && i < TRIES; i++)
		if (lock_folder(out, &again, err) < 0)
			return -1;
	return again ? fail_locked(out, err) : 0;
}

/* Removes what runs that were killed have left; the list is right without it. */
static int remove_unfinished(struct output *out, struct kb_error *err)
{
	struct stat parent, dir;

	if (out->options.dry_run)
		return 0;
	commit_clean(out->dir);
	if (beside_clean(&out->beside) < 0 && out->options.atomic)
		return kb_error_errno(err, "cannot remove %s and %s next to %s",
			out->beside.fresh, out->beside.former, out->name);
	if (!out->options.atomic)
		return 0;
	if (out->beside.parent < 0)
		return kb_error_set(err, KB_E_REFUSED,
			"--atomic makes a folder next to %s, but the folder there "
			"cannot be read",
			out->name);
	if (fstat(out->beside.parent, &parent) < 0 || fstat(out->dir, &dir) < 0)
		return fail_open(out, err);
	return parent.st_dev == dir.st_dev ? 0 : output_fail_mount(out, err);
}

/* It is held for so short a time that waiting for it is faster than sleeping. */
static void init_lock(pthread_mutex_t *lock)
{
	pthread_mutexattr_t attributes;

	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

int output_open(struct output **result, const struct output_options *options,
	struct kb_error *err)
{
	struct output *out = kb_xcalloc(1, sizeof(*out));

	*out = (struct output){.options = *options,
		.name = options->dir,
		.dir = -1,
		.stage = -1,
		.beside = {.parent = -1}};
	init_lock(&out->lock);
	manifest_init(&out->list);
	if (open_folder(out, err) < 0 ||
		(out->dir >= 0 &&
			(read_list(out, err) < 0 || remove_unfinished(out, err) < 0))) {
		output_close(out);
		return -1;
	}
	out->list.audience = kb_arena_str(out->list.arena, options->audience);
	*result = out;
	return 0;
}

void output_close(struct output *out)
{
	if (!out)
		return;
	if (out->stage >= 0) {
		close(out->stage);
		if (out->options.atomic)
			beside_clean(&out->beside);
		else
			commit_clean(out->dir);
	}
	if (out->made)
		rmdir(out->name); /* when nothing was written */
	if (out->dir >= 0)
		close(out->dir);
	beside_close(&out->beside);
	manifest_dispose(&out->list);
	pthread_mutex_destroy(&out->lock);
	free(out);
}

/* With the lock held. */
static int open_stage(struct output *out, struct kb_error *err)
{
	if (out->stage >= 0)
		return 0;
	if (!out->options.atomic && commit_stage(out) < 0)
		return kb_error_errno(err, "cannot write into %s", out->name);
	if (out->options.atomic && (out->stage = beside_make(&out->beside, out->dir)) < 0)
		return kb_error_errno(err, "cannot make the folder %s next to %s",
			out->beside.fresh, out->name);
	return 0;
}

/* With the lock held: takes a file's content out of the stage. */
static void unstage(struct output *out, struct manifest_file *file)
{
	char name[TREE_PATH_MAX];

	if (file->staged && tree_name(file->path, name) == 0)
		unlinkat(out->stage, name, 0);
	file->dropped |= file->staged;
	file->staged = false;
}

/* With the lock held: enters the file in the list, which says whether it changed. */
static int claim(struct output *out, struct manifest_file *file,
	const struct manifest_state *state, bool again, struct kb_error *err)
{
	const char *fault;
	kb_str part;

	if (!is_hidden(file->path) && (fault = kb_path_fault(file->path, &part)))
		return kb_error_set(err, KB_E_REFUSED,
			"nothing can be written to '%.*s': '%.*s' %s", KB_ARG(file->path),
			KB_ARG(part), fault);
	if (file->now.there && !(again && file->now.source == state->source))
		return kb_error_set(err, KB_E_REFUSED, "two pages have the address %.*s",
			KB_ARG(file->path));
	unstage(out, file);
	file->now = *state;
	file->kept = false;
	file->changed = !file->former.there || file->former.hash != state->hash;
	if (!file->changed || out->options.dry_run)
		return 0;
	if (open_stage(out, err) < 0)
		return -1;
	file->staged = true;
	return 0;
}

static int hand_in(struct output *out, kb_str path, kb_str data, bool again,
	const struct manifest_state *state, struct kb_error *err)
{
	struct manifest_file *file;
	int failed;

	pthread_mutex_lock(&out->lock);
	file = manifest_get(&out->list, path);
	failed = claim(out, file, state, again, err);
	pthread_mutex_unlock(&out->lock);
	if (failed)
		return -1;
	if (file->staged && tree_make(out->stage, path, data) < 0)
		return output_fail_put(out, path, err);
	return 0;
}

static struct manifest_state state_of(kb_str data, enum output_kind kind, kb_str source)
{
	return (struct manifest_state){.hash = manifest_hash(data),
		.source = source.len ? manifest_hash(source) : 0,
		.size = data.len,
		.kind = kind == OUTPUT_HASHED ? MANIFEST_HASHED : MANIFEST_PLAIN,
		.there = true};
}

int output_write(struct output *out, kb_str path, kb_str data, enum output_kind kind,
	kb_str source, struct kb_error *err)
{
	struct manifest_state state = state_of(data, kind, source);

	return hand_in(out, path, data, false, &state, err);
}

void output_sign(struct output *out, kb_str path, uint64_t sign)
{
	pthread_mutex_lock(&out->lock);
	manifest_get(&out->list, path)->now.sign = sign;
	pthread_mutex_unlock(&out->lock);
}

static bool keep(struct manifest_file *file, bool same);

bool output_same(struct output *out, kb_str path, uint64_t sign)
{
	struct manifest_file *file;
	bool same;

	pthread_mutex_lock(&out->lock);
	file = kb_map_get(&out->list.by_path, path);
	same = file && file->former.hash && file->former.sign == sign &&
	       (file->former.kind == MANIFEST_HASHED || sign) && keep(file, true);
	pthread_mutex_unlock(&out->lock);
	return same;
}

bool output_reuse(struct output *out, kb_str path)
{
	struct manifest_file *file;
	bool same;

	pthread_mutex_lock(&out->lock);
	file = kb_map_get(&out->list.by_path, path);
	same = file && file->former.hash && keep(file, true);
	pthread_mutex_unlock(&out->lock);
	return same;
}

int output_replace(struct output *out, kb_str path, kb_str data, enum output_kind kind,
	kb_str source, struct kb_error *err)
{
	struct manifest_state state = state_of(data, kind, source);

	return hand_in(out, path, data, true, &state, err);
}

bool output_has(struct output *out, kb_str path)
{
	const struct manifest_file *file;
	bool has;

	pthread_mutex_lock(&out->lock);
	file = kb_map_get(&out->list.by_path, path);
	has = file && file->now.there;
	pthread_mutex_unlock(&out->lock);
	return has;
}

void output_drop(struct output *out, kb_str path)
{
	struct manifest_file *file;

	pthread_mutex_lock(&out->lock);
	file = manifest_get(&out->list, path);
	unstage(out, file);
	file->now = (struct manifest_state){0};
	file->changed = file->kept = false;
	pthread_mutex_unlock(&out->lock);
}

void output_former(struct output *out, kb_str source, kb_strs *paths)
{
	const struct manifest_file *file;

	pthread_mutex_lock(&out->lock);
	file = manifest_former(&out->list, source);
	for (; file; file = file->next)
		kb_vec_push(paths, file->path);
	pthread_mutex_unlock(&out->lock);
}

int output_read(const struct output *out, kb_str path, kb_buf *data)
{
	char name[TREE_PATH_MAX];
	struct file_tree tree;
	kb_str missing;
	int dir, got = -1;

	tree_init(&tree, out->dir);
	dir = tree_folder(&tree, kb_path_dir(path), &missing);
	if (dir >= 0 && !missing.len && tree_name(kb_path_base(path), name) == 0)
		got = tree_read(dir, name, data);
	tree_close(&tree);
	return got;
}

bool output_read_same(struct output *out, kb_str path, kb_buf *data)
{
	const struct manifest_file *file;

	pthread_mutex_lock(&out->lock);
	file = kb_map_get(&out->list.by_path, path);
	pthread_mutex_unlock(&out->lock);
	return file && file->former.there && file->former.hash &&
	       output_read(out, path, data) >= 0 &&
	       manifest_hash(kb_buf_view(data)) == file->former.hash;
}

/* The former file stays; SAME: as what this run would write. */
static bool keep(struct manifest_file *file, bool same)
{
	if (!file->former.there || file->now.there)
		return false;
	file->now = file->former;
	file->kept = !same;
	return true;
}

void output_keep(struct output *out, kb_str path)
{
	pthread_mutex_lock(&out->lock);
	keep(manifest_get(&out->list, path), false);
	out->list.keep_hashed = true;
	pthread_mutex_unlock(&out->lock);
}

static void count(struct output *out, struct output_counts *counts)
{
	*counts = (struct output_counts){0};
	for (size_t i = 0; i < out->list.files.len; i++) {
		struct manifest_file *file = out->list.files.items[i];

		if (file->former.kind == MANIFEST_HASHED && out->list.keep_hashed)
			keep(file, false);
		out->changed |= !manifest_same(file);
		if (is_hidden(file->path))
			continue;
		counts->bytes += file->now.size;
		if (file->now.there && file->changed)
			counts->written++;
		else if (file->now.there && file->kept)
			counts->kept++;
		else if (file->now.there)
			counts->unchanged++;
		else if (file->former.there)
			counts->removed++;
	}
	out->changed |= !out->list.complete;
}

/* The folder of a page that was taken back would come along with its neighbors. */
static void prune_stage(const struct output *out)
{
	struct file_tree stage;

	tree_init(&stage, out->stage);
	for (size_t i = 0; i < out->list.files.len; i++)
		if (out->list.files.items[i]->dropped)
			tree_prune(&stage, kb_path_dir(out->list.files.items[i]->path));
	tree_close(&stage);
}

int output_commit(struct output *out, struct output_counts *counts, struct kb_error *err)
{
	sigset_t all, before;
	int failed;

	manifest_sort(&out->list);
	count(out, counts);
	if (!out->changed)
		counts->list = out->hash;
	if (out->options.dry_run || !out->changed)
		return 0;
	if (open_stage(out, err) < 0)
		return -1;
	prune_stage(out);
	/* Nobody's interrupt leaves a site half changed. */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	failed = out->options.atomic ? commit_whole(out, err) : commit_in_place(out, err);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static kb_str reason_of(const struct output *out, const struct manifest_file *file)
{
	if (!file->now.there)
		return file->former.kind == MANIFEST_HASHED
			       ? KB_STR("no page shows it any longer")
			       : KB_STR("no page has this address any longer");
	if (!file->former.there)
		return KB_STR("new");
	if (out->distrust)
		return kb_str_of(out->distrust);
	return KB_STR("changed");
}

size_t output_files(
	const struct output *out, struct kb_arena *arena, struct kb_publish_file **files)
{
	struct {
		KB_VEC(struct kb_publish_file);
	} found = {0};
	size_t n;

	for (size_t i = 0; i < out->list.files.len; i++) {
		const struct manifest_file *file = out->list.files.items[i];
		bool removed = file->former.there && !file->now.there;

		if (is_hidden(file->path) || (!removed && !file->changed))
			continue;
		kb_vec_push(&found,
			((struct kb_publish_file){kb_arena_str(arena, file->path),
				kb_arena_str(arena, reason_of(out, file)), removed}));
	}
	n = found.len;
	*files = kb_vec_freeze(&found, arena);
	return n;
}
