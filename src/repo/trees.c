#include "trees.h"

#include "kb/vec.h"
#include "source_private.h"

#define CACHE_SLOTS 1024
#define CACHE_BYTES ((size_t)16 << 20)

struct kb_trees {
	git_odb *odb;
	git_odb_object *slots[CACHE_SLOTS];
	size_t bytes;
};

/* One entry of a stored tree: its mode, a space, its name, a NUL, and 20 bytes. */
struct tree_entry {
	kb_str name;
	uint32_t mode;
	const uint8_t *id;
};

struct kb_trees *kb_trees_new(git_odb *odb)
{
	struct kb_trees *trees = kb_xcalloc(1, sizeof(*trees));

	trees->odb = odb;
	return trees;
}

static void drop_all(struct kb_trees *trees)
{
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		git_odb_object_free(trees->slots[i]);
		trees->slots[i] = NULL;
	}
	trees->bytes = 0;
}

void kb_trees_free(struct kb_trees *trees)
{
	if (!trees)
		return;
	drop_all(trees);
	free(trees);
}

/* Takes a tree out of the cache, or reads it; put_tree gives it back. */
static git_odb_object *take_tree(struct kb_trees *trees, const git_oid *id)
{
	git_odb_object **slot = &trees->slots[(id->id[0] << 8 | id->id[1]) % CACHE_SLOTS];
	git_odb_object *object = *slot;

	if (object && git_oid_equal(git_odb_object_id(object), id)) {
		*slot = NULL;
		trees->bytes -= git_odb_object_size(object);
		return object;
	}
	if (git_odb_read(&object, trees->odb, id) < 0)
		return NULL;
	if (git_odb_object_type(object) == GIT_OBJECT_TREE)
		return object;
	git_odb_object_free(object);
	return NULL;
}

static void put_tree(struct kb_trees *trees, git_odb_object *object)
{
	const git_oid *id;
	git_odb_object **slot;

	if (!object)
		return;
	if (trees->bytes + git_odb_object_size(object) > CACHE_BYTES)
		drop_all(trees);
	id = git_odb_object_id(object);
	slot = &trees->slots[(id->id[0] << 8 | id->id[1]) % CACHE_SLOTS];
	if (*slot) {
		trees->bytes -= git_odb_object_size(*slot);
		git_odb_object_free(*slot);
	}
	*slot = object;
	trees->bytes += git_odb_object_size(object);
}

static kb_str tree_bytes(git_odb_object *object)
{
	if (!object)
		return KB_STR_NULL;
	return (kb_str){git_odb_object_data(object), git_odb_object_size(object)};
}

/* False at the end, and if the bytes are not an entry. */
static bool next_entry(kb_str *rest, struct tree_entry *entry)
{
	size_t i = 0, name;
	const char *nul;

	entry->mode = 0;
	for (; i < rest->len && rest->data[i] >= '0' && rest->data[i] <= '7'; i++)
		entry->mode = entry->mode << 3 | (uint32_t)(rest->data[i] - '0');
	name = i + 1;
	if (i == 0 || name >= rest->len || rest->data[i] != ' ')
		return false;
	nul = memchr(rest->data + name, '\0', rest->len - name);
	if (!nul || (size_t)(rest->data + rest->len - nul) < 1 + GIT_OID_RAWSZ)
		return false;
	entry->name = (kb_str){rest->data + name, (size_t)(nul - rest->data) - name};
	entry->id = (const uint8_t *)nul + 1;
	*rest = kb_str_sub(*rest, name + entry->name.len + 1 + GIT_OID_RAWSZ, rest->len);
	return true;
}

static bool is_folder(const struct tree_entry *entry)
{
	return entry->mode == GIT_FILEMODE_TREE;
}

/* Git's order: a folder's name counts as if it ended in a slash. */
static int compare_names(kb_str a, bool a_folder, kb_str b, bool b_folder)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.data, b.data, n) : 0;
	unsigned char x, y;

	if (order != 0)
		return order;
	x = n < a.len ? (unsigned char)a.data[n] : a_folder ? '/' : 0;
	y = n < b.len ? (unsigned char)b.data[n] : b_folder ? '/' : 0;
	return x - y;
}

static bool find_folder(struct kb_trees *trees, const git_oid *tree, kb_str name,
	git_oid *out, bool *broken)
{
	git_odb_object *object = take_tree(trees, tree);
	kb_str rest = tree_bytes(object);
	struct tree_entry entry;
	bool found = false;

	*broken = !object;
	while (!found && next_entry(&rest, &entry)) {
		found = is_folder(&entry) && kb_str_eq(entry.name, name);
		if (found)
			memcpy(out->id, entry.id, GIT_OID_RAWSZ);
	}
	put_tree(trees, object);
	return found;
}

bool kb_trees_find(struct kb_trees *trees, const git_oid *tree, kb_str prefix,
	git_oid *out, bool *broken)
{
	kb_str part;

	*out = *tree;
	*broken = false;
	while (prefix.len && kb_str_next(&prefix, '/', &part)) {
		git_oid folder = *out;

		if (!find_folder(trees, &folder, part, out, broken))
			return false;
	}
	return true;
}

/*
 * Pairs are compared folder by folder, and not one after the other: Git stores the
 * versions of a folder as differences to each other, so that reading them in a row is
 * far cheaper than coming back to each.
 */
struct comparison {
	struct kb_trees *trees;
	struct kb_tree_pair *pairs;
	kb_trees_changed_fn *changed;
	void *ctx;
	kb_buf path;
	unsigned depth;
};

/* A folder in both trees of a pair. */
struct folder_pair {
	size_t pair, name; /* name: number among the level's */
	git_oid a, b;
	bool in_a, in_b;
};

/* The folders below those that are being compared, by name. */
struct tree_level {
	struct kb_arena *arena;
	kb_map numbers; /* of names, from 1 */
	struct {
		KB_VEC(kb_str);
	} names;
	struct {
		KB_VEC(struct folder_pair);
	} folders;
};

/* One side of an entry as a file, and as a folder. */
static const uint8_t *file_of(const struct tree_entry *entry)
{
	bool file = entry && !is_folder(entry) && entry->mode != GIT_FILEMODE_COMMIT;

	return file ? entry->id : NULL;
}

static const uint8_t *folder_of(const struct tree_entry *entry)
{
	return entry && is_folder(entry) ? entry->id : NULL;
}

static size_t name_number(struct tree_level *level, kb_str name)
{
	size_t number = (size_t)(uintptr_t)kb_map_get(&level->numbers, name);

	if (!number) {
		name = kb_arena_str(level->arena, name);
		kb_vec_push(&level->names, name);
		number = level->names.len;
		kb_map_put(&level->numbers, name, (void *)(uintptr_t)number);
	}
	return number - 1;
}

static void add_folder(struct tree_level *level, size_t pair, kb_str name,
	const uint8_t *a, const uint8_t *b)
{
	struct folder_pair *folder = kb_vec_add(&level->folders);

	*folder = (struct folder_pair){.pair = pair,
		.name = name_number(level, name),
		.in_a = a != NULL,
		.in_b = b != NULL};
	if (a)
		memcpy(folder->a.id, a, GIT_OID_RAWSZ);
	if (b)
		memcpy(folder->b.id, b, GIT_OID_RAWSZ);
}

static void compare_entry(struct comparison *c, struct tree_level *below, size_t pair,
	const struct tree_entry *a, const struct tree_entry *b)
{
	kb_str name = a ? a->name : b->name;
	size_t before = c->path.len;

	if (file_of(a) || file_of(b)) {
		kb_buf_str(&c->path, name);
		c->changed(c->ctx, pair, kb_buf_view(&c->path), file_of(a), file_of(b));
		c->path.len = before;
	}
	if (folder_of(a) || folder_of(b))
		add_folder(below, pair, name, folder_of(a), folder_of(b));
}

static void compare_bytes(
	struct comparison *c, struct tree_level *below, size_t pair, kb_str a, kb_str b)
{
	struct tree_entry x, y;
	bool in_a = next_entry(&a, &x), in_b = next_entry(&b, &y);

	while (in_a || in_b) {
		int order = !in_a   ? 1
			    : !in_b ? -1
				    : compare_names(x.name, is_folder(&x), y.name,
					      is_folder(&y));
		bool same = order == 0 && x.mode == y.mode &&
			    memcmp(x.id, y.id, GIT_OID_RAWSZ) == 0;

		if (!same)
			compare_entry(c, below, pair, order <= 0 ? &x : NULL,
				order >= 0 ? &y : NULL);
		if (order <= 0)
			in_a = next_entry(&a, &x);
		if (order >= 0)
			in_b = next_entry(&b, &y);
	}
}

static void compare_folder(
	struct comparison *c, struct tree_level *below, const struct folder_pair *folder)
{
	git_odb_object *a = NULL, *b = NULL;

	if (folder->in_a && folder->in_b && git_oid_equal(&folder->a, &folder->b))
		return;
	if (folder->in_a)
		a = take_tree(c->trees, &folder->a);
	if (folder->in_b)
		b = take_tree(c->trees, &folder->b);
	if (folder->in_a == (a != NULL) && folder->in_b == (b != NULL))
		compare_bytes(c, below, folder->pair, tree_bytes(a), tree_bytes(b));
	else
		c->pairs[folder->pair].broken = true;
	put_tree(c->trees, a);
	put_tree(c->trees, b);
}

/* Stable: within a folder the pairs stay in their order. */
static struct folder_pair *sort_by_name(const struct tree_level *level, size_t *ends)
{
	size_t n = level->names.len;
	struct folder_pair *sorted = kb_xcalloc(level->folders.len + 1, sizeof(*sorted));

	for (size_t i = 0; i < level->folders.len; i++)
		if (level->folders.items[i].name + 1 < n)
			ends[level->folders.items[i].name + 1]++;
	for (size_t i = 1; i < n; i++)
		ends[i] += ends[i - 1];
	for (size_t i = 0; i < level->folders.len; i++)
		sorted[ends[level->folders.items[i].name]++] = level->folders.items[i];
	return sorted;
}

static void compare_folders(
	struct comparison *c, const struct folder_pair *folders, size_t n);

static void go_below(struct comparison *c, const struct tree_level *level)
{
	_cleanup_free_ size_t *ends = kb_xcalloc(level->names.len + 1, sizeof(*ends));
	_cleanup_free_ struct folder_pair *sorted = sort_by_name(level, ends);
	size_t before = c->path.len, from = 0;

	for (size_t i = 0; i < level->names.len; i++) {
		kb_buf_str(&c->path, level->names.items[i]);
		kb_buf_putc(&c->path, '/');
		compare_folders(c, sorted + from, ends[i] - from);
		c->path.len = before;
		from = ends[i];
	}
}

static void compare_folders(
	struct comparison *c, const struct folder_pair *folders, size_t n)
{
	struct tree_level below = {.arena = kb_arena_new()};

	c->depth++;
	for (size_t i = 0; i < n; i++) {
		if (c->depth > KB_DEPTH_MAX)
			c->pairs[folders[i].pair].broken = true;
		if (!c->pairs[folders[i].pair].broken)
			compare_folder(c, &below, &folders[i]);
	}
	if (below.folders.len)
		go_below(c, &below);
	c->depth--;
	kb_map_dispose(&below.numbers);
	kb_vec_dispose(&below.names);
	kb_vec_dispose(&below.folders);
	kb_arena_free(below.arena);
}

void kb_trees_changes(struct kb_trees *trees, struct kb_tree_pair *pairs, size_t n,
	kb_trees_changed_fn *changed, void *ctx)
{
	struct comparison c = {
		.trees = trees, .pairs = pairs, .changed = changed, .ctx = ctx};
	_cleanup_free_ struct folder_pair *roots = kb_xcalloc(n + 1, sizeof(*roots));

	for (size_t i = 0; i < n; i++)
		roots[i] = (struct folder_pair){.pair = i,
			.a = pairs[i].a,
			.b = pairs[i].b,
			.in_a = pairs[i].in_a,
			.in_b = pairs[i].in_b};
	compare_folders(&c, roots, n);
	kb_buf_dispose(&c.path);
}
