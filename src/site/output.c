#include "output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/name.h"
#include "manifest.h"
#include "place.h"

struct output {
	int dir; /* -1: a dry run on a folder that is not there */
	int temp;
	int journal;
	bool dry_run;
	bool changed;
	unsigned serial;
	const char *name;
	struct manifest list;
	struct output_counts counts;
	pthread_mutex_t lock;
};

static int folder_empty(int dir, bool *empty)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int failed;

	if (!stream) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	*empty = true;
	while ((void)(errno = 0), (entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			strcmp(entry->d_name, PLACE_TEMP) != 0 &&
			strcmp(entry->d_name, MANIFEST_TEMP) != 0)
			*empty = false;
	failed = errno;
	closedir(stream);
	errno = failed;
	return failed ? -1 : 0;
}

static int read_list(
	struct output *out, const struct output_options *options, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	bool empty = true;
	int got = place_read(out->dir, MANIFEST_NAME, &text);

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
	if (manifest_parse(&out->list, kb_buf_view(&text)) < 0)
		return kb_error_set(err, KB_E_REFUSED,
			"%s/%s was not written by this kb; name another folder, or empty "
			"this one",
			out->name, MANIFEST_NAME);
	if (!kb_str_eq(out->list.audience, options->audience)) {
		manifest_forget(&out->list, true);
		out->changed = true;
	}
	if (options->clean || !out->list.complete)
		manifest_forget(&out->list, false);
	return 0;
}

static int open_folder(struct output *out, struct kb_error *err)
{
	struct stat st;

	if (stat(out->name, &st) < 0) {
		if (errno != ENOENT)
			return kb_error_errno(
				err, "cannot open the folder %s", out->name);
		if (out->dry_run)
			return 0;
		if (kb_mkdirs(out->name, err) < 0)
			return -1;
	}
	out->dir = open(out->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->dir < 0)
		return kb_error_errno(err, "cannot open the folder %s", out->name);
	if (flock(out->dir, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return kb_error_set(err, KB_E_REFUSED,
			"another run of kb is publishing to %s; wait until it is done",
			out->name);
	return 0;
}

/* What a run that was killed has left; the list is right without it. */
static void remove_unfinished(struct output *out)
{
	if (out->dry_run || out->dir < 0)
		return;
	place_temp_remove(out->dir);
	unlinkat(out->dir, MANIFEST_TEMP, 0);
}

int output_open(struct output **result, const struct output_options *options,
	struct kb_error *err)
{
	struct output *out = kb_xcalloc(1, sizeof(*out));

	*out = (struct output){
		.dir = -1, .temp = -1, .journal = -1, .name = options->dir};
	out->dry_run = options->dry_run;
	pthread_mutex_init(&out->lock, NULL);
	manifest_init(&out->list);
	if (open_folder(out, err) < 0 ||
		(out->dir >= 0 && read_list(out, options, err) < 0)) {
		output_close(out);
		return -1;
	}
	remove_unfinished(out);
	out->list.audience = kb_arena_str(out->list.arena, options->audience);
	*result = out;
	return 0;
}

void output_close(struct output *out)
{
	if (!out)
		return;
	if (out->journal >= 0)
		close(out->journal);
	if (out->temp >= 0) {
		place_temp_remove(out->dir);
		close(out->temp);
	}
	if (out->dir >= 0)
		close(out->dir);
	manifest_dispose(&out->list);
	pthread_mutex_destroy(&out->lock);
	free(out);
}

static int write_list(struct output *out, bool complete, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	int fd, failed;

	manifest_print(&out->list, complete, &text);
	fd = openat(out->dir, MANIFEST_TEMP,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return kb_error_errno(
			err, "cannot write %s/%s", out->name, MANIFEST_NAME);
	failed = kb_write_all(fd, kb_buf_view(&text)) < 0 || fsync(fd) < 0;
	if (close(fd) < 0 || failed ||
		renameat(out->dir, MANIFEST_TEMP, out->dir, MANIFEST_NAME) < 0) {
		kb_error_errno(err, "cannot write %s/%s", out->name, MANIFEST_NAME);
		unlinkat(out->dir, MANIFEST_TEMP, 0);
		return -1;
	}
	return 0;
}

/* With the lock held, before the first change: says that the list is being written. That
 * must be on the disk before a file is changed, or the list would vouch for it. */
static int begin(struct output *out, struct kb_error *err)
{
	out->changed = true;
	if (out->journal >= 0)
		return 0;
	if (write_list(out, false, err) < 0)
		return -1;
	if (fsync(out->dir) < 0 && errno != EINVAL)
		return kb_error_errno(err, "cannot write into %s", out->name);
	out->temp = place_temp(out->dir);
	if (out->temp >= 0)
		out->journal = openat(out->dir, MANIFEST_NAME,
			O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	if (out->journal < 0)
		return kb_error_errno(err, "cannot write into %s", out->name);
	return 0;
}

static int note_new(
	struct output *out, const struct manifest_file *file, struct kb_error *err)
{
	_cleanup_buf_ kb_buf line = {0};

	manifest_line(file, &line);
	if (kb_write_all(out->journal, kb_buf_view(&line)) < 0)
		return kb_error_errno(
			err, "cannot write %s/%s", out->name, MANIFEST_NAME);
	return 0;
}

enum claim { CLAIM_FAILED = -1, CLAIM_SAME, CLAIM_REPLACE, CLAIM_CREATE };

/* Enters the file in the list; says what is to be done on disk. */
static enum claim claim(struct output *out, kb_str path, kb_str data,
	enum output_kind kind, kb_str source, struct kb_error *err)
{
	uint64_t hash = manifest_hash(data);
	struct manifest_file *file = manifest_get(&out->list, path);
	bool former = file->former;
	const char *fault;
	kb_str part;

	if ((fault = kb_path_fault(path, &part))) {
		kb_error_set(err, KB_E_REFUSED,
			"nothing can be written to '%.*s': '%.*s' %s", KB_ARG(path),
			KB_ARG(part), fault);
		return CLAIM_FAILED;
	}
	if (file->current) {
		kb_error_set(err, KB_E_REFUSED, "two pages have the address %.*s",
			KB_ARG(path));
		return CLAIM_FAILED;
	}
	file->current = true;
	file->kind = kind == OUTPUT_HASHED ? MANIFEST_HASHED : MANIFEST_PLAIN;
	file->source = source.len ? manifest_hash(source) : 0;
	out->counts.bytes += data.len;
	if (former && file->hash == hash) {
		out->counts.unchanged++;
		return CLAIM_SAME;
	}
	out->counts.written++;
	if (!out->dry_run) {
		file->hash = 0;
		if (begin(out, err) < 0 || (!former && note_new(out, file, err) < 0))
			return CLAIM_FAILED;
	}
	file->hash = hash;
	return former ? CLAIM_REPLACE : CLAIM_CREATE;
}

/* With the lock held: files of the last run that stand where a folder must be, or in
 * a folder where a file must be. */
static int clear_way(struct output *out, kb_str path, struct kb_error *err)
{
	for (size_t i = 0; i < out->list.files.len; i++) {
		struct manifest_file *file = out->list.files.items[i];
		kb_str longer = file->path.len > path.len ? file->path : path;
		kb_str shorter = file->path.len > path.len ? path : file->path;

		if (!file->former || file->current || longer.len == shorter.len ||
			!kb_str_starts(longer, shorter) ||
			longer.data[shorter.len] != '/')
			continue;
		if (place_remove(out->dir, file->path) < 0)
			return kb_error_errno(err, "cannot remove %s/%.*s", out->name,
				KB_ARG(file->path));
		file->former = false;
		out->counts.removed++;
	}
	return 0;
}

static int put(struct output *out, kb_str path, kb_str data, bool replace,
	unsigned serial, struct kb_error *err)
{
	int failed = place_put(out->dir, out->temp, serial, path, data, replace);

	if (failed && (errno == ENOTDIR || errno == EISDIR || errno == EEXIST)) {
		pthread_mutex_lock(&out->lock);
		int cleared = clear_way(out, path, err);
		pthread_mutex_unlock(&out->lock);
		if (cleared < 0)
			return -1;
		failed = place_put(out->dir, out->temp, serial, path, data, replace);
	}
	if (failed && (errno == EEXIST || errno == ENOTDIR || errno == EISDIR ||
			      errno == ELOOP))
		return kb_error_set(err, KB_E_REFUSED,
			"%s/%.*s cannot be written: something stands there that kb did "
			"not "
			"make; move it away",
			out->name, KB_ARG(path));
	if (failed)
		return kb_error_errno(
			err, "cannot write %s/%.*s", out->name, KB_ARG(path));
	return 0;
}

int output_write(struct output *out, kb_str path, kb_str data, enum output_kind kind,
	kb_str source, struct kb_error *err)
{
	enum claim what;
	unsigned serial;

	pthread_mutex_lock(&out->lock);
	what = claim(out, path, data, kind, source, err);
	serial = out->serial++;
	pthread_mutex_unlock(&out->lock);
	if (what == CLAIM_FAILED)
		return -1;
	if (what == CLAIM_SAME || out->dry_run)
		return 0;
	return put(out, path, data, what == CLAIM_REPLACE, serial, err);
}

void output_former(struct output *out, kb_str source, kb_strs *paths)
{
	uint64_t hash = manifest_hash(source);

	for (size_t i = 0; i < out->list.files.len; i++)
		if (out->list.files.items[i]->former &&
			out->list.files.items[i]->source == hash)
			kb_vec_push(paths, out->list.files.items[i]->path);
}

kb_str output_record(const struct output *out, kb_str source)
{
	const kb_str *json = manifest_record(&out->list, source);

	return json ? *json : KB_STR("");
}

void output_add_record(struct output *out, kb_str source, kb_str json)
{
	manifest_add_record(&out->list, source, json);
}

static void keep(struct output *out, struct manifest_file *file)
{
	if (!file->former || file->current)
		return;
	file->current = true;
	out->counts.kept++;
}

void output_keep(struct output *out, kb_str path)
{
	pthread_mutex_lock(&out->lock);
	keep(out, manifest_get(&out->list, path));
	out->list.keep_hashed = true;
	pthread_mutex_unlock(&out->lock);
}

static int remove_rest(struct output *out, struct kb_error *err)
{
	for (size_t i = 0; i < out->list.files.len; i++) {
		struct manifest_file *file = out->list.files.items[i];

		if (file->kind == MANIFEST_HASHED && out->list.keep_hashed)
			keep(out, file);
		if (!file->former || file->current)
			continue;
		out->counts.removed++;
		if (out->dry_run)
			continue;
		if (begin(out, err) < 0)
			return -1;
		if (place_remove(out->dir, file->path) < 0)
			return kb_error_errno(err, "cannot remove %s/%.*s", out->name,
				KB_ARG(file->path));
	}
	return 0;
}

int output_commit(struct output *out, struct output_counts *counts, struct kb_error *err)
{
	if (remove_rest(out, err) < 0)
		return -1;
	*counts = out->counts;
	out->changed |= !kb_str_eq(kb_buf_view(&out->list.former_lines),
		kb_buf_view(&out->list.record_lines));
	if (out->dry_run || (!out->changed && out->list.complete))
		return 0;
	/* What the list vouches for must be on the disk before the list is. */
	if (out->journal >= 0 && syncfs(out->dir) < 0)
		return kb_error_errno(err, "cannot write into %s", out->name);
	return write_list(out, true, err);
}
