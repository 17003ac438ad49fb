#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

#include "git.h"
#include "kb/file.h"

/*
 * Objects in files of their own. libgit2 1.5 reads such a file without end when it is cut
 * short, so it is read here, before libgit2 would.
 */

enum { PRIORITY = 2, HEAD_SIZE = 64, FILE_MAX = 256 << 20 };

struct loose {
	git_odb_backend base;
	char *objects; /* folder */
	bool packs_checked;
	struct kb_error
		unreadable; /* of the last file that is there and cannot be read */
};

static int broken(const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];
	char message[96];

	git_oid_tostr(hex, sizeof(hex), id);
	snprintf(message, sizeof(message), "the object %s is damaged", hex);
	git_error_set_str(GIT_ERROR_ODB, message);
	return GIT_ERROR;
}

/* libgit2 leaves out a pack that it cannot open: what is in it is not missing. */
static void check_packs(struct loose *loose)
{
	_cleanup_buf_ kb_buf path = {0};
	const struct dirent *entry;
	DIR *dir;

	loose->packs_checked = true;
	kb_buf_fmt(&path, "%s/pack", loose->objects);
	dir = opendir(path.data);
	while (dir && (entry = readdir(dir))) {
		kb_str name = kb_str_of(entry->d_name);
		int fd;

		if (!kb_str_ends(name, KB_STR(".pack")) &&
			!kb_str_ends(name, KB_STR(".idx")))
			continue;
		fd = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		else if (errno != ENOENT)
			kb_error_errno(&loose->unreadable, "cannot read '%s/%s'",
				path.data, entry->d_name);
	}
	if (dir)
		closedir(dir);
	else if (errno != ENOENT)
		kb_error_errno(&loose->unreadable, "cannot read '%s'", path.data);
}

/* Reads the object's file as it is; GIT_ENOTFOUND if it does not exist. */
static int file_read(struct loose *loose, const git_oid *id, kb_buf *out)
{
	_cleanup_buf_ kb_buf path = {0};
	char hex[GIT_OID_HEXSZ + 1];
	struct kb_error err;

	git_oid_tostr(hex, sizeof(hex), id);
	kb_buf_fmt(&path, "%s/%.2s/%s", loose->objects, hex, hex + 2);
	if (kb_file_read(path.data, FILE_MAX, out, &err) == 0)
		return 0;
	if (err.code == KB_E_REFUSED)
		return broken(id);
	if (err.code != KB_E_NOTFOUND)
		loose->unreadable = err;
	else if (!loose->packs_checked)
		check_packs(loose);
	if (!loose->unreadable.code)
		return GIT_ENOTFOUND;
	git_error_set_str(GIT_ERROR_OS, loose->unreadable.message);
	return GIT_ERROR;
}

/* "blob 123", as inflated into HEAD; the bytes that it takes with its NUL, or 0. */
static size_t head_parse(const char *head, size_t len, size_t *size, git_object_t *type)
{
	const char *end = memchr(head, '\0', len), *space = memchr(head, ' ', len);
	char name[16], *rest;

	if (!end || !space || space > end || (size_t)(space - head) >= sizeof(name))
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)(space - head), head);
	*type = git_object_string2type(name);
	errno = 0;
	*size = strtoul(space + 1, &rest, 10);
	return *type == GIT_OBJECT_INVALID || errno || rest != end
		       ? 0
		       : (size_t)(end - head) + 1;
}

/* With room for a NUL. */
static void *data_new(git_odb_backend *backend, size_t size)
{
	return size < FILE_MAX ? git_odb_backend_data_alloc(backend, size + 1) : NULL;
}

/* The rest of the object, of which BEGUN bytes are in *data. Nothing may follow it. */
static bool rest_inflate(z_stream *z, char *data, size_t begun, size_t size)
{
	int rc;

	z->next_out = (unsigned char *)data + begun;
	z->avail_out = (unsigned)(size - begun) + 1;
	rc = inflate(z, Z_FINISH);
	data[size] = '\0';
	return rc == Z_STREAM_END && z->avail_out == 1;
}

static bool object_inflate(git_odb_backend *backend, kb_str file, void **data,
	size_t *size, git_object_t *type)
{
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)file.data,
		.avail_in = (unsigned)file.len};
	char head[HEAD_SIZE];
	size_t begun, from;
	bool ok = false;

	if (inflateInit(&z) != Z_OK)
		return false;
	z.next_out = (unsigned char *)head;
	z.avail_out = sizeof(head);
	inflate(&z, Z_SYNC_FLUSH);
	begun = sizeof(head) - z.avail_out;
	from = head_parse(head, begun, size, type);
	if (from && !data) {
		ok = true;
	} else if (from && begun - from <= *size && (*data = data_new(backend, *size))) {
		memcpy(*data, head + from, begun - from);
		ok = rest_inflate(&z, *data, begun - from, *size);
		if (!ok)
			git_odb_backend_data_free(backend, *data);
	}
	inflateEnd(&z);
	return ok;
}

static int object_read(void **data, size_t *size, git_object_t *type,
	git_odb_backend *backend, const git_oid *id)
{
	_cleanup_buf_ kb_buf file = {0};
	int rc = file_read((struct loose *)(void *)backend, id, &file);

	if (rc)
		return rc;
	return object_inflate(backend, kb_buf_view(&file), data, size, type) ? 0
									     : broken(id);
}

static int object_read_header(
	size_t *size, git_object_t *type, git_odb_backend *backend, const git_oid *id)
{
	return object_read(NULL, size, type, backend, id);
}

static void loose_free(git_odb_backend *backend)
{
	struct loose *loose = (struct loose *)(void *)backend;

	free(loose->objects);
	free(loose);
}

static int add_to(git_odb *odb, const char *objects)
{
	struct loose *loose = kb_xcalloc(1, sizeof(*loose));
	int rc;

	git_odb_init_backend(&loose->base, GIT_ODB_BACKEND_VERSION);
	loose->objects = kb_xstrndup(objects, strlen(objects));
	loose->base.read = object_read;
	loose->base.read_header = object_read_header;
	loose->base.free = loose_free;
	rc = git_odb_add_backend(odb, &loose->base, PRIORITY);
	if (rc < 0)
		loose_free(&loose->base);
	return rc;
}

int kb_git_open_objects(git_odb **odb, const char *objects)
{
	int rc = git_odb_open(odb, objects);

	if (rc == 0)
		rc = add_to(*odb, objects);
	if (rc < 0)
		git_odb_free(KB_TAKE(*odb));
	return rc;
}

int kb_git_check_objects(git_odb *odb, struct kb_error *err)
{
	for (size_t i = 0; i < git_odb_num_backends(odb); i++) {
		const struct loose *loose;
		git_odb_backend *backend;

		if (git_odb_get_backend(&backend, odb, i) < 0 ||
			backend->read != object_read)
			continue;
		loose = (const struct loose *)(const void *)backend;
		if (loose->unreadable.code)
			return kb_error_set(err, loose->unreadable.code, "%s",
				loose->unreadable.message);
	}
	return 0;
}

int kb_git_read_loose(git_repository *repo)
{
	_cleanup_buf_ kb_buf objects = {0};
	git_odb *odb = NULL;
	int rc;

	kb_buf_fmt(&objects, "%sobjects", git_repository_commondir(repo));
	rc = git_repository_odb(&odb, repo);
	if (rc == 0)
		rc = add_to(odb, objects.data);
	git_odb_free(odb);
	return rc;
}
