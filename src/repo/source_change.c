/*
 * Which paths differ. Both sides are listed with the blob ids that stand there, which
 * for a work tree are those of the index wherever the file's times and size say so.
 */
#include <errno.h>
#include <git2/sys/hashsig.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/change.h"
#include "kb/file.h"
#include "kb/vec.h"
#include "source_private.h"

enum {
	SURE = 80,	    /* percent, from which on a file surely moved */
	SIMILAR = 50,	    /* percent, from which on a file is taken to have moved */
	SAME_NAME = 20,	    /* percent that the name counts for where several are alike */
	PAIRS_MAX = 250000, /* of files compared by their text; with more of them: */
	NAMED_PAIRS_MAX = 100000000, /* of files compared if they have one name */
	TEXT_MAX = 1024 * 1024	     /* bytes, beyond which a file is not */
};

struct kb_path_changes {
	struct kb_arena *arena;
	struct {
		KB_VEC(struct kb_path_change);
	} list;
	kb_map by_from, by_to;
};

/* A side of the comparison. */
struct side {
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
static bool is_known(
	const struct side *side, const git_index_entry *entry, const struct stat *st)
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
	ssize_t n = readlink(path, target, sizeof target);

	if (n >= 0)
		git_odb_hash(out, target, (size_t)n, GIT_OBJECT_BLOB);
}

/* With the repository's conversion of line ends, as Git would store it. */
static void hash_file(struct kb_source *s, kb_str path, const char *whole, git_oid *out)
{
	_cleanup_buf_ kb_buf name = {0}, text = {0};
	char hex[41];

	kb_buf_fmt(&name, "%.*s%s%.*s", KB_ARG(s->prefix), s->prefix.len ? "/" : "",
		KB_ARG(path));
	if (s->repo && git_repository_hashfile(
			       out, s->repo, whole, GIT_OBJECT_BLOB, name.data) == 0)
		return;
	if (kb_file_read(whole, 0, &text, NULL) == 0) {
		kb_blob_id(kb_buf_view(&text), hex);
		git_oid_fromstr(out, hex);
	}
}

static void disk_blob(const struct side *side, const struct kb_entry *entry, git_oid *out)
{
	struct kb_source *s = side->source;
	_cleanup_buf_ kb_buf whole = {0}, name = {0};
	const git_index_entry *known = NULL;
	struct stat st;

	kb_buf_fmt(&whole, "%.*s/%.*s", KB_ARG(s->root), KB_ARG(entry->path));
	kb_buf_fmt(&name, "%.*s%s%.*s", KB_ARG(s->prefix), s->prefix.len ? "/" : "",
		KB_ARG(entry->path));
	if (lstat(whole.data, &st) < 0)
		return;
	if (side->index)
		known = git_index_get_bypath(side->index, name.data, 0);
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

static void find_blob(const struct side *side, const struct kb_entry *entry, git_oid *out)
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

static int side_list(struct side *side, struct kb_arena *arena, struct kb_error *err)
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

static void add(struct kb_path_changes *changes, const struct side *from, size_t i,
	const struct side *to, size_t j)
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

static void compare(
	struct kb_path_changes *changes, const struct side *from, const struct side *to)
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

/* A pair that may be one file. */
struct pair {
	uint32_t from, to; /* indices of changes */
	uint8_t percent, score;
};

struct pairs {
	KB_VEC(struct pair);
};

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static bool is_same_name(const struct kb_path_changes *changes, uint32_t i, uint32_t j)
{
	return kb_str_eq(kb_path_base(changes->list.items[i].from),
		kb_path_base(changes->list.items[j].to));
}

static void add_pair(struct kb_path_changes *changes, struct pairs *pairs, uint32_t from,
	uint32_t to, int percent)
{
	bool same_name = is_same_name(changes, from, to);

	if (percent >= SIMILAR)
		kb_vec_push(pairs,
			((struct pair){from, to, (uint8_t)percent,
				(uint8_t)(percent + (same_name ? SAME_NAME : 0))}));
}

/* Joins the pairs, best first; what was added becomes what was removed, moved. */
static void join(struct kb_path_changes *changes, struct pairs *pairs)
{
	struct kb_path_change *items = changes->list.items;

	if (pairs->len)
		qsort(pairs->items, pairs->len, sizeof *pairs->items, compare_pairs);
	for (size_t i = 0; i < pairs->len; i++) {
		struct kb_path_change *from = &items[pairs->items[i].from];
		struct kb_path_change *to = &items[pairs->items[i].to];
		if (from->kind != KB_PATH_REMOVED || to->kind != KB_PATH_ADDED)
			continue;
		to->kind = KB_PATH_MOVED;
		to->similarity = pairs->items[i].percent;
		to->from = from->from;
		memcpy(to->old_blob, from->old_blob, sizeof to->old_blob);
		from->kind = KB_PATH_MODIFIED;
		from->from = KB_STR_NULL; /* taken out by drop_joined */
	}
	kb_vec_dispose(pairs);
}

static void drop_joined(struct kb_path_changes *changes)
{
	size_t kept = 0;

	for (size_t i = 0; i < changes->list.len; i++)
		if (changes->list.items[i].from.len || changes->list.items[i].to.len)
			changes->list.items[kept++] = changes->list.items[i];
	changes->list.len = kept;
}

/* Removed files by blob, each with the index of the next one of the same. */
static void join_equal(struct kb_path_changes *changes)
{
	struct kb_path_change *items = changes->list.items;
	uint32_t n = (uint32_t)changes->list.len;
	_cleanup_free_ uint32_t *next = kb_xcalloc(n, sizeof *next);
	struct pairs pairs = {0};
	kb_map by_blob = {0};

	for (uint32_t i = n; i-- > 0;) {
		if (items[i].kind != KB_PATH_REMOVED)
			continue;
		kb_str blob = {items[i].old_blob, 40};
		next[i] = (uint32_t)(uintptr_t)kb_map_get(&by_blob, blob);
		kb_map_put(&by_blob, blob, (void *)(uintptr_t)(i + 1));
	}
	for (uint32_t j = 0; j < n && pairs.len < PAIRS_MAX; j++) {
		if (items[j].kind != KB_PATH_ADDED)
			continue;
		kb_str blob = {items[j].new_blob, 40};
		uint32_t i = (uint32_t)(uintptr_t)kb_map_get(&by_blob, blob);
		for (; i; i = next[i - 1])
			add_pair(changes, &pairs, i - 1, j, 100);
	}
	kb_map_dispose(&by_blob);
	join(changes, &pairs);
}

static git_hashsig *signature(struct kb_reader *reader, kb_str path)
{
	_cleanup_buf_ kb_buf text = {0};
	git_hashsig *out = NULL;

	if (kb_reader_read(reader, path, TEXT_MAX, &text, NULL) < 0 || text.len == 0)
		return NULL;
	return git_hashsig_create(&out, text.data, text.len,
		       GIT_HASHSIG_SMART_WHITESPACE | GIT_HASHSIG_ALLOW_SMALL_FILES) < 0
		       ? NULL
		       : out;
}

/* Signatures of those of KIND, at most MAX; NULL for the others. */
static git_hashsig **signatures(const struct kb_path_changes *changes,
	struct kb_source *source, enum kb_path_change_kind kind)
{
	git_hashsig **out = kb_xcalloc(changes->list.len, sizeof(*out));
	struct kb_reader *reader = kb_reader_new(source);

	for (size_t i = 0; i < changes->list.len; i++) {
		const struct kb_path_change *change = &changes->list.items[i];
		if (change->kind == kind)
			out[i] = signature(reader,
				kind == KB_PATH_ADDED ? change->to : change->from);
	}
	kb_reader_free(reader);
	return out;
}

static void join_alike(struct kb_path_changes *changes, struct kb_source *from,
	struct kb_source *to, bool same_name)
{
	uint32_t n = (uint32_t)changes->list.len;
	git_hashsig **olds = signatures(changes, from, KB_PATH_REMOVED);
	git_hashsig **news = signatures(changes, to, KB_PATH_ADDED);
	struct pairs pairs = {0};

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; olds[i] && j < n; j++)
			if (news[j] && (!same_name || is_same_name(changes, i, j)))
				add_pair(changes, &pairs, i, j,
					git_hashsig_compare(olds[i], news[j]));
	join(changes, &pairs);
	for (uint32_t i = 0; i < n; i++) {
		git_hashsig_free(olds[i]);
		git_hashsig_free(news[i]);
	}
	free(olds);
	free(news);
}

static size_t count(const struct kb_path_changes *changes, enum kb_path_change_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < changes->list.len; i++)
		n += changes->list.items[i].kind == kind;
	return n;
}

static void find_moved(
	struct kb_path_changes *changes, struct kb_source *from, struct kb_source *to)
{
	size_t pairs;

	join_equal(changes);
	drop_joined(changes);
	pairs = count(changes, KB_PATH_REMOVED) * count(changes, KB_PATH_ADDED);
	if (pairs == 0 || pairs > NAMED_PAIRS_MAX)
		return;
	join_alike(changes, from, to, pairs > PAIRS_MAX);
	drop_joined(changes);
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
	struct side old = {.source = from}, new = {.source = to};
	struct kb_path_changes *changes;

	if (side_list(&old, arena, err) < 0 || side_list(&new, arena, err) < 0)
		return -1;
	changes = kb_xcalloc(1, sizeof *changes);
	changes->arena = kb_arena_new();
	compare(changes, &old, &new);
	find_moved(changes, from, to);
	if (changes->list.len)
		qsort(changes->list.items, changes->list.len, sizeof *changes->list.items,
			compare_changes);
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
