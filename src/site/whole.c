#include "output_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "tree.h"

#define LIST_NEW ".kb-site~"
#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Takes what others have in one folder over into another. */
struct carry {
	const struct output *out; /* whose list tells others' files from kb's */
	int to;
	kb_buf path; /* of the file that is checked */
	bool again;  /* an existing file stays */
};

static kb_str path_of(const struct carry *c)
{
	return kb_buf_view(&c->path);
}

/* A folder of others keeps its permissions, and its owner if that may be. */
static int copy_permissions(const struct carry *c, int from)
{
	char name[TREE_PATH_MAX];
	struct stat st;

	if (tree_name(path_of(c), name) < 0 || fstat(from, &st) < 0)
		return -1;
	if (fchownat(c->to, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) < 0)
		errno = 0;
	return fchmodat(c->to, name, st.st_mode & 07777, 0);
}

static int carry_folder(struct carry *c, int dir, unsigned *carried);

static int carry_entry(struct carry *c, int dir, const char *name, unsigned *carried)
{
	struct manifest_file *own = kb_map_get(&c->out->list.by_path, path_of(c));
	unsigned inside = 0;
	int fd, failed;

	if (own && own->former.there)
		return 0;
	fd = openat(dir, name, FOLDER);
	if (fd < 0 && errno != ENOTDIR && errno != ELOOP)
		return -1;
	if (fd < 0) {
		failed = tree_link(dir, name, c->to, path_of(c));
		++*carried;
		return failed && c->again && errno == EEXIST ? 0 : failed;
	}
	failed = carry_folder(c, fd, &inside);
	if (!failed && inside)
		failed = copy_permissions(c, fd);
	*carried += inside;
	close(fd);
	return failed;
}

static bool is_own(const struct carry *c, const char *name)
{
	return !c->path.len &&
	       (strcmp(name, MANIFEST_NAME) == 0 || strcmp(name, COMMIT_TEMP) == 0);
}

/* On failure the path stays that of what failed. */
static int carry_folder(struct carry *c, int dir, unsigned *carried)
{
	DIR *stream = tree_list(dir);
	size_t len = c->path.len;
	bool empty = true;
	const char *name;
	int failed = 0;

	if (!stream)
		return -1;
	while (!failed && (name = tree_next(stream))) {
		if (is_own(c, name))
			continue;
		empty = false;
		kb_buf_fmt(&c->path, "%s%s", len ? "/" : "", name);
		failed = carry_entry(c, dir, name, carried);
		if (!failed)
			c->path.len = len;
	}
	if (!failed && errno)
		failed = -1;
	closedir(stream);
	if (!failed && empty && len) {
		failed = tree_make_folders(c->to, path_of(c));
		++*carried;
	}
	return failed;
}

static int carry(
	const struct output *out, int from, int to, bool again, struct kb_error *err)
{
	struct carry c = {.out = out, .to = to, .again = again};
	unsigned carried = 0;
	int failed = carry_folder(&c, from, &carried);

	if (failed)
		output_fail_put(out, path_of(&c), err);
	kb_buf_dispose(&c.path);
	return failed;
}

/* A kept page that somebody removed is not on the site, as it was not before. */
static int take_one(struct output *out, struct file_tree *live,
	struct manifest_file *file, struct kb_error *err)
{
	char name[TREE_PATH_MAX];
	kb_str missing;
	int from = tree_folder(live, kb_path_dir(file->path), &missing), failed;

	if (from >= 0 && missing.len) {
		errno = ENOENT;
		from = -1;
	}
	failed = from < 0 || tree_name(kb_path_base(file->path), name) < 0 ||
		 tree_link(from, name, out->stage, file->path) < 0;
	if (!failed)
		return 0;
	if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		return output_fail_put(out, file->path, err);
	if (!file->kept)
		return kb_error_set(err, KB_E_REFUSED,
			"somebody removed %s/%.*s, which kb wrote; publish with --clean",
			out->name, KB_ARG(file->path));
	file->now.there = false;
	return 0;
}

static int take_unchanged(struct output *out, struct kb_error *err)
{
	struct file_tree live;
	int failed = 0;

	tree_init(&live, out->dir);
	for (size_t i = 0; !failed && i < out->list.files.len; i++) {
		struct manifest_file *file = out->list.files.items[i];

		if (file->now.there && !file->staged)
			failed = take_one(out, &live, file, err);
	}
	tree_close(&live);
	return failed;
}

static int put_list(struct output *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};

	manifest_print(&out->list, true, &text);
	out->hash = manifest_hash(kb_buf_view(&text));
	if (tree_make(out->stage, KB_STR(LIST_NEW), kb_buf_view(&text)) < 0 ||
		renameat(out->stage, LIST_NEW, out->stage, MANIFEST_NAME) < 0)
		return kb_error_errno(
			err, "cannot write %s/%s", out->name, MANIFEST_NAME);
	return 0;
}

static int switch_sites(struct output *out, struct kb_error *err)
{
	if (syncfs(out->stage) < 0)
		return kb_error_errno(err, "cannot write into %s", out->name);
	if (beside_switch(&out->beside) == 0)
		return 0;
	if (errno == EBUSY || errno == EXDEV)
		return output_fail_mount(out, err);
	return kb_error_errno(err, "cannot replace %s with the new site", out->name);
}

/* Takes over what others made in the meantime, and lets the switch last. */
static int settle(const struct output *out, struct kb_error *err)
{
	if (carry(out, out->dir, out->stage, true, err) < 0)
		return -1;
	if (fsync(out->beside.parent) < 0 && errno != EINVAL)
		return kb_error_errno(err, "cannot write next to %s", out->name);
	return 0;
}

int commit_whole(struct output *out, struct kb_error *err)
{
	if (take_unchanged(out, err) < 0 || put_list(out, err) < 0 ||
		carry(out, out->dir, out->stage, false, err) < 0 ||
		switch_sites(out, err) < 0)
		return -1;
	if (settle(out, err) < 0) {
		beside_switch_back(&out->beside);
		return -1;
	}
	close(out->dir);
	out->dir = out->stage;
	out->stage = -1;
	beside_clean(&out->beside);
	return 0;
}
