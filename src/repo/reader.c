/*
 * Reading a source's files. On disk every folder on the way is opened without
 * following links; only when that meets a link is the path resolved by hand, part by
 * part, so that it never leaves the content root. In a revision links are resolved in
 * the same way, from their blobs.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "lfs.h"

#define READ_MAX ((size_t)64 << 20)

struct kb_reader {
	struct kb_source *source;
	git_odb *odb; /* of a revision; opened when first used */
	int root;     /* on disk; -1 until used */
	/* The folder that was read last: files of one folder usually follow each other.
	 */
	kb_buf folder;
	int folder_fd;
};

struct kb_reader *kb_reader_new(struct kb_source *source)
{
	struct kb_reader *reader = kb_xcalloc(1, sizeof(*reader));

	reader->source = source;
	reader->root = reader->folder_fd = -1;
	return reader;
}

void kb_reader_free(struct kb_reader *reader)
{
	if (!reader)
		return;
	if (reader->folder_fd >= 0)
		close(reader->folder_fd);
	if (reader->root >= 0)
		close(reader->root);
	git_odb_free(reader->odb);
	kb_buf_dispose(&reader->folder);
	free(reader);
}

static int refuse(struct kb_error *err, kb_str path, const char *why)
{
	return kb_error_set(err, KB_E_REFUSED, "'%.*s' %s", KB_ARG(path), why);
}

static int refuse_size(struct kb_error *err, kb_str path, size_t max)
{
	return kb_error_set(
		err, KB_E_REFUSED, "'%.*s' is larger than %zu bytes", KB_ARG(path), max);
}

static int not_found(struct kb_error *err, kb_str path)
{
	return kb_error_set(err, KB_E_NOTFOUND, "there is no file '%.*s'", KB_ARG(path));
}

static bool is_plain_path(kb_str path)
{
	kb_str part;

	if (path.len == 0 || path.len >= PATH_MAX || kb_str_chr(path, '\0') != SIZE_MAX)
		return false;
	while (kb_str_next(&path, '/', &part))
		if (part.len == 0 || part.len > NAME_MAX || kb_str_is(part, ".") ||
			kb_str_is(part, ".."))
			return false;
	return true;
}

/* The file's object in the revision or the index, if it is there. */
static bool find_object(struct kb_reader *r, kb_str path, struct kb_object *out)
{
	const struct kb_object *object;

	if (kb_source_is_disk(r->source))
		return kb_source_skipped(r->source, path, out);
	object = kb_map_get(&r->source->by_path, path);
	if (object)
		*out = *object;
	return object != NULL;
}

static int open_odb(struct kb_reader *r, struct kb_error *err)
{
	_cleanup_buf_ kb_buf path = {0};

	if (r->odb)
		return 0;
	kb_buf_fmt(&path, "%sobjects", git_repository_commondir(r->source->repo));
	if (kb_git_open_objects(&r->odb, path.data) < 0)
		return kb_git_fail(err, "cannot open the repository's objects");
	return 0;
}

static int read_object(struct kb_reader *r, const struct kb_object *object, size_t max,
	kb_buf *out, struct kb_error *err)
{
	kb_str path = object->entry.path;
	git_odb_object *data = NULL;
	git_object_t type;
	size_t size;
	int rc;

	if (open_odb(r, err) < 0)
		return -1;
	rc = git_odb_read_header(&size, &type, r->odb, &object->oid);
	if (rc == 0 && size > max)
		return refuse_size(err, path, max);
	if (rc == 0)
		rc = git_odb_read(&data, r->odb, &object->oid);
	if (rc == GIT_ENOTFOUND)
		return kb_error_set(err, KB_E_GIT,
			"the repository lacks the content of '%.*s'; if it is "
			"a partial clone, run: git fetch --refetch --no-filter",
			KB_ARG(path));
	if (rc < 0)
		return kb_git_fail(
			err, "cannot read '%.*s' from the repository", KB_ARG(path));
	kb_buf_add(out, git_odb_object_data(data), git_odb_object_size(data));
	git_odb_object_free(data);
	return 0;
}

/* The target when PATH, none of whose folders is a link, is one: 1; else 0. */
static int read_link(
	struct kb_reader *r, kb_str path, kb_buf *target, struct kb_error *err)
{
	char name[PATH_MAX], text[PATH_MAX];
	struct kb_object object;
	ssize_t n = -1;

	kb_buf_clear(target);
	if (kb_source_is_disk(r->source)) {
		memcpy(name, path.data, path.len);
		name[path.len] = '\0';
		n = readlinkat(r->root, name, text, sizeof(text));
		if (n < 0 && errno != ENOENT)
			return 0;
	}
	if (n >= 0) {
		kb_buf_add(target, text, (size_t)n);
		return 1;
	}
	if (!find_object(r, path, &object) || object.entry.kind != KB_ENTRY_SYMLINK)
		return 0;
	return read_object(r, &object, PATH_MAX, target, err) < 0 ? -1 : 1;
}

static void drop_last_part(kb_buf *path)
{
	path->len = kb_path_dir(kb_buf_view(path)).len;
}

/* The path without links that PATH leads to, inside the content root. */
static int resolve(
	struct kb_reader *r, kb_str path, kb_buf *resolved, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf target = {0};
	kb_str rest = path, part;
	unsigned links = 0;
	int is_link;

	while (kb_str_next(&rest, '/', &part)) {
		if (part.len == 0 || kb_str_is(part, "."))
			continue;
		if (kb_str_is(part, "..")) {
			if (resolved->len == 0)
				return refuse(err, path,
					"is a symbolic link that leads outside the "
					"content root");
			drop_last_part(resolved);
			continue;
		}
		if (resolved->len)
			kb_buf_putc(resolved, '/');
		kb_buf_str(resolved, part);
		if (resolved->len >= PATH_MAX || part.len > NAME_MAX)
			return not_found(err, path);
		is_link = read_link(r, kb_buf_view(resolved), &target, err);
		if (is_link < 0)
			return -1;
		if (!is_link)
			continue;
		if (++links > KB_LINKS_MAX)
			return refuse(
				err, path, "is a symbolic link that leads to itself");
		if (target.len > 0 && target.data[0] == '/')
			return refuse(err, path,
				"is a symbolic link with an absolute target; make it relative");
		drop_last_part(resolved);
		rest = kb_arena_fmt(
			arena, "%.*s/%.*s", KB_ARG(kb_buf_view(&target)), KB_ARG(rest));
	}
	return 0;
}

/* Opens the folder part by part without following links; -1 with errno. */
static int open_folder(struct kb_reader *r, kb_str folder)
{
	char name[NAME_MAX + 1];
	int fd = r->root, next;
	kb_str part;

	while (folder.len && kb_str_next(&folder, '/', &part)) {
		memcpy(name, part.data, part.len);
		name[part.len] = '\0';
		next = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (fd != r->root)
			close(fd);
		if (next < 0)
			return -1;
		fd = next;
	}
	return fd;
}

/* The same through the folder kept from the last call; -1 with errno. */
static int kept_folder(struct kb_reader *r, kb_str folder)
{
	int fd;

	if (folder.len == 0)
		return r->root;
	if (r->folder_fd >= 0 && kb_str_eq(kb_buf_view(&r->folder), folder))
		return r->folder_fd;
	fd = open_folder(r, folder);
	if (fd < 0)
		return -1;
	if (r->folder_fd >= 0)
		close(r->folder_fd);
	r->folder_fd = fd;
	kb_buf_clear(&r->folder);
	kb_buf_str(&r->folder, folder);
	return fd;
}

static int open_file(struct kb_reader *r, kb_str path)
{
	int folder = kept_folder(r, kb_path_dir(path));
	kb_str base = kb_path_base(path);
	char name[NAME_MAX + 1];

	if (folder < 0)
		return -1;
	memcpy(name, base.data, base.len);
	name[base.len] = '\0';
	return openat(
		folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
}

static int read_fd(int fd, kb_str path, size_t max, kb_buf *out, struct kb_error *err)
{
	size_t start = out->len;
	struct stat st;
	char chunk[16384];
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return kb_error_errno(err, "cannot read '%.*s'", KB_ARG(path));
	if (!S_ISREG(st.st_mode))
		return refuse(err, path, "is not a regular file");
	if ((uint64_t)st.st_size > max)
		return refuse_size(err, path, max);
	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kb_error_errno(err, "cannot read '%.*s'", KB_ARG(path));
		if (out->len - start + (size_t)n > max)
			return refuse_size(err, path, max);
		kb_buf_add(out, chunk, (size_t)n);
	}
	return 0;
}

static int open_root(struct kb_reader *r, struct kb_error *err)
{
	if (r->root < 0)
		r->root = open(r->source->root.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (r->root < 0)
		return kb_error_errno(
			err, "cannot open the folder %.*s", KB_ARG(r->source->root));
	return 0;
}

/* What a link leads to must be a file that is listed: what is ignored, and what Git keeps
 * for itself, may hold passwords. */
static int check_listed(
	struct kb_reader *r, kb_str path, kb_str target, struct kb_error *err)
{
	kb_str rest = target, part;
	bool is_git = false;

	if (target.len == 0)
		return refuse(err, path, "is not a regular file");
	while (kb_str_next(&rest, '/', &part))
		is_git |= kb_str_eq_nocase(part, KB_STR(".git"));
	if (is_git || kb_source_ignores(r->source, target))
		return refuse(err, path,
			"is a symbolic link that leads to an ignored file; link to a "
			"file that is part of the content");
	return 0;
}

static int not_found_behind(struct kb_error *err, kb_str path, kb_str target)
{
	if (!target.len || kb_str_eq(path, target))
		return not_found(err, path);
	return kb_error_set(err, KB_E_NOTFOUND,
		"'%.*s' is a symbolic link to '%.*s', which does not exist", KB_ARG(path),
		KB_ARG(target));
}

/* What a work tree leaves out, or what a revision or the index has. */
static int read_found(struct kb_reader *r, kb_str path, kb_str resolved, size_t max,
	kb_buf *out, struct kb_error *err)
{
	struct kb_object object;

	if (!find_object(r, resolved, &object))
		return not_found_behind(err, path, resolved);
	if (object.entry.kind != KB_ENTRY_FILE)
		return refuse(err, path, "is not a regular file");
	return read_object(r, &object, max, out, err);
}

static int read_disk(
	struct kb_reader *r, kb_str path, size_t max, kb_buf *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf resolved = {0};
	kb_str at = path;
	int fd, rc;

	if (open_root(r, err) < 0)
		return -1;
	fd = open_file(r, path);
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR ||
			      (errno == ENOENT && kb_source_is_sparse(r->source)))) {
		if (resolve(r, path, &resolved, err) < 0 ||
			(!kb_str_eq(kb_buf_view(&resolved), path) &&
				check_listed(r, path, kb_buf_view(&resolved), err) < 0))
			return -1;
		at = kb_buf_view(&resolved);
		fd = open_file(r, at);
	}
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return read_found(r, path, at, max, out, err);
	if (fd < 0)
		return kb_error_errno(err, "cannot read '%.*s'", KB_ARG(path));
	rc = read_fd(fd, path, max, out, err);
	close(fd);
	return rc;
}

static int read_objects(
	struct kb_reader *r, kb_str path, size_t max, kb_buf *out, struct kb_error *err)
{
	struct kb_object object;
	_cleanup_buf_ kb_buf resolved = {0};

	if (kb_source_index(r->source, err) < 0)
		return -1;
	if (find_object(r, path, &object) && object.entry.kind != KB_ENTRY_SYMLINK)
		return read_found(r, path, path, max, out, err);
	if (resolve(r, path, &resolved, err) < 0)
		return -1;
	return read_found(r, path, kb_buf_view(&resolved), max, out, err);
}

int kb_reader_resolve(
	struct kb_reader *reader, kb_str path, kb_buf *resolved, struct kb_error *err)
{
	bool disk = kb_source_is_disk(reader->source);

	if (disk ? open_root(reader, err) < 0 : kb_source_index(reader->source, err) < 0)
		return -1;
	return resolve(reader, path, resolved, err);
}

/* Puts the content in the place of a pointer that was read, if it is one. */
static int follow_pointer(struct kb_reader *r, kb_str path, size_t max, kb_buf *out,
	size_t start, struct kb_error *err)
{
	struct kb_lfs_pointer pointer;

	if (!kb_lfs_pointer(kb_str_sub(kb_buf_view(out), start, out->len), &pointer))
		return 0;
	out->len = start;
	return kb_lfs_read(r->source, path, &pointer, max, out, err);
}

int kb_reader_read(struct kb_reader *reader, kb_str path, size_t max, kb_buf *out,
	struct kb_error *err)
{
	const kb_str *replaced = kb_map_get(&reader->source->replaced, path);
	kb_str overlay = kb_source_overlay(reader->source, path);
	size_t start = out->len;
	int rc;

	if (max == 0)
		max = READ_MAX;
	if (replaced && replaced->len > max)
		return refuse_size(err, path, max);
	if (replaced) {
		kb_buf_str(out, *replaced);
		return 0;
	}
	if (overlay.len)
		return kb_file_read(overlay.data, max, out, err);
	if (!is_plain_path(path))
		return refuse(err, path, "is not a path below the content root");
	rc = kb_source_is_disk(reader->source)
		     ? read_disk(reader, path, max, out, err)
		     : read_objects(reader, path, max, out, err);
	if (rc == 0)
		rc = follow_pointer(reader, path, max, out, start, err);
	if (rc < 0 && out->len > start) {
		out->len = start;
		out->data[start] = '\0';
	}
	return rc;
}
