/* Which paths differ. Both sides are lists of paths with blob ids. For a work tree, these
 * are the ids of the index, if the file's times and size match it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/change.h"
#include "kb/file.h"
#include "kb/vec.h"
#include "renames.h"
#include "source_private.h"

enum {
	SURE = 80,		/* percent, from which on a file surely moved */
	TEXT_MAX = 1024 * 1024, /* bytes of a file that is compared */
};

struct kb_path_changes {
	struct kb_arena *arena;
	struct {
		KB_VEC(struct kb_path_change);
	} list;
	kb_map by_from, by_to;
};

/* A side of the comparison. */
struct change_side {
	struct kb_source *source;
	struct kb_entry *entries;
	git_oid *blobs;
	size_t n;
	git_index *index; /* of a work tree, to save reading */
	time_t index_time;
};

static time_t modified(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 ? st.st_mtime : 0;
}

/* Is what the index knows of the file still so? One changed within the second in which
 * the index was written might be another. */
static bool is_known(const struct change_side *side, const git_index_entry *entry,
	const struct stat *st)
{
	return (entry->mode & S_IFMT) == (st->st_mode & S_IFMT) &&
	       entry->file_size == (uint32_t)st->st_size &&
	       entry->mtime.seconds == (int32_t)st->st_mtim.tv_sec &&
	       (entry->mtime.nanoseconds == 0 ||
		       entry->mtime.nanoseconds == (uint32_t)st->st_mtim.tv_nsec) &&
	       entry->ino == (uint32_t)st->st_ino && st->st_mtime < side->index_time &&
	       !(entry->flags_extended & GIT_INDEX_ENTRY_INTENT_TO_ADD);
}

static void hash_link(const char *path, git_oid *out)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n >= 0)
		git_odb_hash(out, target, (size_t)n, GIT_OBJECT_BLOB);
}

/* With the repository's conversion of line ends, as Git would store it. */
static void hash_file(struct kb_source *s, kb_str path, const char *whole, git_oid *out)
{
	_cleanup_buf_ kb_buf text = {0};
	char hex[41];

	if (kb_file_read(whole, 0, &text, NULL) < 0)
		return;
	kb_source_hash(s, path, kb_buf_view(&text), hex);
	git_oid_fromstr(out, hex);
}

static void disk_blob(
	const struct change_side *side, const struct kb_entry *entry, git_oid *out)
{
	struct kb_source *s = side->source;
	_cleanup_buf_ kb_buf whole = {0}, name = {0};
	const git_index_entry *known = NULL;
	struct stat st;

	kb_buf_fmt(&whole, "%.*s/%.*s", KB_ARG(s->root), KB_ARG(entry->path));
	kb_buf_fmt(&name, "%.*s%s%.*s", KB_ARG(s->prefix), s->prefix.len ? "/" : "",
		KB_ARG(entry->path));
	if (side->index)
		known = git_index_get_bypath(side->index, name.data, 0);
	if (lstat(whole.data, &st) < 0) {
		if (known && kb_is_skipped(known))
			*out = known->id;
		return;
	}
	if (known && (entry->kind == KB_ENTRY_SUBMODULE || is_known(side, known, &st)))
		*out = known->id;
	else if (entry->kind == KB_ENTRY_SYMLINK)
		hash_link(whole.data, out);
	else if (entry->kind == KB_ENTRY_FILE)
		hash_file(s, entry->path, whole.data, out);
}

static void given_blob(kb_str data, git_oid *out)
{
	char hex[41];

	kb_blob_id(data, hex);
	git_oid_fromstr(out, hex);
}

static void overlay_blob(kb_str path, git_oid *out)
{
	_cleanup_buf_ kb_buf text = {0};

	if (kb_file_read(path.data, 0, &text, NULL) == 0)
		given_blob(kb_buf_view(&text), out);
}

static void find_blob(
	const struct change_side *side, const struct kb_entry *entry, git_oid *out)
{
	const struct kb_source *s = side->source;
	const kb_str *replaced = kb_map_get(&s->replaced, entry->path);
	kb_str overlay = kb_source_overlay(s, entry->path);
	const struct kb_object *object;

	if (overlay.len) {
		overlay_blob(overlay, out);
	} else if (replaced) {
		given_blob(*replaced, out);
	} else if (kb_source_is_disk(s)) {
		disk_blob(side, entry, out);
	} else {
		object = kb_map_get(&s->by_path, entry->path);
		if (object)
			*out = object->oid;
	}
}

static int side_list(
	struct change_side *side, struct kb_arena *arena, struct kb_error *err)
{
	struct kb_source *s = side->source;

	if (kb_source_list(s, arena, &side->entries, &side->n, err) < 0)
		return -1;
	pthread_mutex_lock(&s->lock);
	if (kb_source_is_disk(s) && s->repo &&
		git_repository_index(&side->index, s->repo) == 0)
		side->index_time = modified(git_index_path(side->index));
	side->blobs = kb_arena_array(arena, git_oid, side->n);
	for (size_t i = 0; i < side->n; i++)
		find_blob(side, &side->entries[i], &side->blobs[i]);
	pthread_mutex_unlock(&s->lock);
	git_index_free(side->index);
	return 0;
}

static void add(struct kb_path_changes *changes, const struct change_side *from, size_t i,
	const struct change_side *to, size_t j)
{
	struct kb_path_change change = {.kind = from && to ? KB_PATH_MODIFIED
						: to	   ? KB_PATH_ADDED
							   : KB_PATH_REMOVED};

	if (from) {
		change.from = kb_arena_str(changes->arena, from->entries[i].path);
		git_oid_fmt(change.old_blob, &from->blobs[i]);
	}
	if (to) {
		change.to = kb_arena_str(changes->arena, to->entries[j].path);
		git_oid_fmt(change.new_blob, &to->blobs[j]);
	}
	kb_vec_push(&changes->list, change);
}

static void compare(struct kb_path_changes *changes, const struct change_side *from,
	const struct change_side *to)
{
	size_t i = 0, j = 0;

	while (i < from->n || j < to->n) {
		int order = i == from->n ? 1
			    : j == to->n ? -1
					 : kb_str_cmp(from->entries[i].path,
						   to->entries[j].path);

		if (order < 0)
			add(changes, from, i, NULL, 0);
		else if (order > 0)
			add(changes, NULL, 0, to, j);
		else if (!git_oid_equal(&from->blobs[i], &to->blobs[j]))
			add(changes, from, i, to, j);
		i += order <= 0;
		j += order >= 0;
	}
}

struct readers {
	struct kb_reader *from, *to;
};

static bool read_text(void *ctx, const struct kb_rename_file *file, kb_buf *out)
{
	struct readers *readers = ctx;

	return kb_reader_read(file->came ? readers->to : readers->from, file->path,
		       TEXT_MAX, out, NULL) == 0;
}

/* The files that came or went, each with the number of its change. */
static size_t list_files(const struct kb_path_changes *changes,
	struct kb_rename_file *files, size_t *numbers)
{
	size_t n = 0;

	for (size_t i = 0; i < changes->list.len; i++) {
		const struct kb_path_change *change = &changes->list.items[i];
		bool came = change->kind == KB_PATH_ADDED;

		if (!came && change->kind != KB_PATH_REMOVED)
			continue;
		numbers[n] = i;
		files[n].came = came;
		files[n].path = came ? change->to : change->from;
		git_oid_fromstr(
			&files[n++].blob, came ? change->new_blob : change->old_blob);
	}
	return n;
}

/* What came becomes what moved. */
static void join(struct kb_path_change *to, const struct kb_rename_file *file)
{
	to->kind = KB_PATH_MOVED;
	to->similarity = file->similarity;
	to->from = file->other->path;
	git_oid_tostr(to->old_blob, sizeof(to->old_blob), &file->other->blob);
}

static void find_moved(
	struct kb_path_changes *changes, struct kb_source *from, struct kb_source *to)
{
	struct kb_path_change *items = changes->list.items;
	size_t n = changes->list.len, kept = 0;
	_cleanup_free_ struct kb_rename_file *files = kb_xcalloc(n + 1, sizeof(*files));
	_cleanup_free_ size_t *numbers = kb_xcalloc(n + 1, sizeof(*numbers));
	struct readers readers = {kb_reader_new(from), kb_reader_new(to)};

	n = list_files(changes, files, numbers);
	kb_renames_find(files, n, read_text, &readers);
	kb_reader_free(readers.from);
	kb_reader_free(readers.to);
	for (size_t i = 0; i < n; i++) {
		if (files[i].other && files[i].came)
			join(&items[numbers[i]], &files[i]);
		else if (files[i].other)
			items[numbers[i]].from = KB_STR_NULL; /* has not changed now */
	}
	for (size_t i = 0; i < changes->list.len; i++)
		if (items[i].from.len || items[i].to.len)
			items[kept++] = items[i];
	changes->list.len = kept;
}

static int compare_changes(const void *a, const void *b)
{
	const struct kb_path_change *x = a, *y = b;
	int order = kb_str_cmp(x->to.len ? x->to : x->from, y->to.len ? y->to : y->from);

	return order ? order : (int)x->to.len - (int)y->to.len;
}

int kb_path_changes_find(struct kb_path_changes **out, struct kb_source *from,
	struct kb_source *to, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct change_side old = {.source = from}, new = {.source = to};
	struct kb_path_changes *changes;

	if (side_list(&old, arena, err) < 0 || side_list(&new, arena, err) < 0)
		return -1;
	changes = kb_xcalloc(1, sizeof(*changes));
	changes->arena = kb_arena_new();
	compare(changes, &old, &new);
	find_moved(changes, from, to);
	if (changes->list.len)
		qsort(changes->list.items, changes->list.len,
			sizeof(*changes->list.items), compare_changes);
	for (size_t i = 0; i < changes->list.len; i++) {
		struct kb_path_change *change = &changes->list.items[i];

		if (change->from.len)
			kb_map_put(&changes->by_from, change->from, change);
		if (change->to.len)
			kb_map_put(&changes->by_to, change->to, change);
	}
	*out = changes;
	return 0;
}

bool kb_path_surely_moved(const struct kb_path_change *change)
{
	return change->kind == KB_PATH_MOVED &&
	       (change->similarity >= SURE ||
		       kb_str_eq(kb_path_base(change->from), kb_path_base(change->to)));
}

void kb_path_changes_free(struct kb_path_changes *changes)
{
	if (!changes)
		return;
	kb_vec_dispose(&changes->list);
	kb_map_dispose(&changes->by_from);
	kb_map_dispose(&changes->by_to);
	kb_arena_free(changes->arena);
	free(changes);
}

const struct kb_path_change *kb_path_changes_items(
	const struct kb_path_changes *changes, size_t *n)
{
	*n = changes->list.len;
	return changes->list.items;
}

const struct kb_path_change *kb_path_change_from(
	const struct kb_path_changes *changes, kb_str path)
{
	return kb_map_get(&changes->by_from, path);
}

const struct kb_path_change *kb_path_change_to(
	const struct kb_path_changes *changes, kb_str path)
{
	return kb_map_get(&changes->by_to, path);
}
