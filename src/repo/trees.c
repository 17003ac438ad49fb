#include "trees.h"

#include "kb/vec.h"
#include "source_private.h"

#define CACHE_SLOTS 1024
#define CACHE_BYTES ((size_t)4 << 20)

struct kb_trees {
	git_odb *odb;
	git_odb_object *slots[CACHE_SLOTS];
	size_t bytes;
};

/* One entry of a stored tree: its mode, a space, its name, a NUL, and 20 bytes. */
struct entry {
	kb_str name;
	uint32_t mode;
	const uint8_t *id;
};

bool kb_bits_any(const kb_bits *bits, uint32_t from, uint32_t to)
{
	for (uint32_t word = from / 64; word * 64 < to; word++) {
		kb_bits part = bits[word];
		if (word == from / 64)
			part &= ~(kb_bits)0 << (from % 64);
		if (to - word * 64 < 64)
			part &= ((kb_bits)1 << (to % 64)) - 1;
		if (part)
			return true;
	}
	return false;
}

struct kb_trees *kb_trees_new(git_odb *odb)
{
	struct kb_trees *trees = kb_xcalloc(1, sizeof *trees);

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

/* False at the end, and where the bytes are no entry. */
static bool next_entry(kb_str *rest, struct entry *entry)
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

static bool is_folder(const struct entry *entry)
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
	struct entry entry;
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

struct outliner {
	struct kb_trees *trees;
	struct kb_arena *arena;
	kb_map *paths;
	uint32_t count;
	unsigned depth;
	struct kb_error *err;
};

static int outline_folder(
	struct outliner *o, const git_oid *tree, kb_str path, struct kb_outline *out);

static int outline_entry(struct outliner *o, const struct entry *entry, kb_str folder,
	struct kb_outline *out)
{
	kb_str path = kb_arena_fmt(o->arena, "%.*s%.*s%s", KB_ARG(folder),
		KB_ARG(entry->name), is_folder(entry) ? "/" : "");
	git_oid id;

	*out = (struct kb_outline){
		.name = kb_str_sub(path, folder.len, folder.len + entry->name.len),
		.is_folder = is_folder(entry),
		.from = o->count,
	};
	if (out->is_folder) {
		memcpy(id.id, entry->id, GIT_OID_RAWSZ);
		return outline_folder(o, &id, path, out);
	}
	out->to = ++o->count;
	kb_map_put(o->paths, path, (void *)(uintptr_t)o->count);
	return 0;
}

static int outline_folder(
	struct outliner *o, const git_oid *tree, kb_str path, struct kb_outline *out)
{
	git_odb_object *object = take_tree(o->trees, tree);
	kb_str rest = tree_bytes(object);
	struct {
		KB_VEC(struct kb_outline);
	} children = {0};
	struct entry entry;
	int rc = 0;

	if (!object)
		return kb_git_fail(o->err, "cannot read the folder '%.*s'", KB_ARG(path));
	if (++o->depth > KB_DEPTH_MAX)
		rc = kb_error_set(o->err, KB_E_REFUSED,
			"the folder '%.*s' is nested more than %d deep", KB_ARG(path),
			KB_DEPTH_MAX);
	while (rc == 0 && next_entry(&rest, &entry))
		rc = outline_entry(o, &entry, path, kb_vec_add(&children));
	o->depth--;
	git_odb_object_free(object);
	out->to = o->count;
	out->nchildren = children.len;
	out->children = kb_vec_freeze(&children, o->arena);
	return rc;
}

int kb_trees_outline(struct kb_trees *trees, struct kb_arena *arena, const git_oid *tree,
	struct kb_outline *out, kb_map *paths, struct kb_error *err)
{
	struct outliner o = {.trees = trees, .arena = arena, .paths = paths, .err = err};

	*out = (struct kb_outline){.is_folder = true};
	return outline_folder(&o, tree, KB_STR_NULL, out);
}

struct comparison {
	struct kb_trees *trees;
	const kb_bits *wanted;
	kb_bits *changed;
};

static const struct kb_outline *find_child(
	const struct kb_outline *outline, const struct entry *entry)
{
	size_t low = 0, high = outline->nchildren;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct kb_outline *child = &outline->children[mid];
		int order = compare_names(
			entry->name, is_folder(entry), child->name, child->is_folder);
		if (order == 0)
			return child;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static int compare_folders(const struct comparison *c, const struct kb_outline *outline,
	const uint8_t *a, const uint8_t *b);

/* An entry that is on one side only (the other is NULL), or on both and differs. */
static int compare_entry(const struct comparison *c, const struct kb_outline *outline,
	const struct entry *a, const struct entry *b)
{
	const struct kb_outline *child = find_child(outline, a ? a : b);

	if (!child || !kb_bits_any(c->wanted, child->from, child->to))
		return 0;
	if (child->is_folder)
		return compare_folders(c, child, a ? a->id : NULL, b ? b->id : NULL);
	kb_bits_add(c->changed, child->from);
	return 0;
}

static int compare_bytes(
	const struct comparison *c, const struct kb_outline *outline, kb_str a, kb_str b)
{
	struct entry x, y;
	bool in_a = next_entry(&a, &x), in_b = next_entry(&b, &y);

	while (in_a || in_b) {
		int order = !in_a   ? 1
			    : !in_b ? -1
				    : compare_names(x.name, is_folder(&x), y.name,
					      is_folder(&y));
		bool same = order == 0 && x.mode == y.mode &&
			    memcmp(x.id, y.id, GIT_OID_RAWSZ) == 0;
		if (!same && compare_entry(c, outline, order <= 0 ? &x : NULL,
				     order >= 0 ? &y : NULL) < 0)
			return -1;
		if (order <= 0)
			in_a = next_entry(&a, &x);
		if (order >= 0)
			in_b = next_entry(&b, &y);
	}
	return 0;
}

/* Takes the tree with this id when there is one; false when it cannot be read. */
static bool take_side(struct kb_trees *trees, const uint8_t *id, git_odb_object **object)
{
	git_oid oid;

	*object = NULL;
	if (!id)
		return true;
	memcpy(oid.id, id, GIT_OID_RAWSZ);
	*object = take_tree(trees, &oid);
	return *object != NULL;
}

static int compare_folders(const struct comparison *c, const struct kb_outline *outline,
	const uint8_t *a, const uint8_t *b)
{
	git_odb_object *left = NULL, *right = NULL;
	int rc = -1;

	if (a && b && memcmp(a, b, GIT_OID_RAWSZ) == 0)
		return 0;
	if (take_side(c->trees, a, &left) && take_side(c->trees, b, &right))
		rc = compare_bytes(c, outline, tree_bytes(left), tree_bytes(right));
	put_tree(c->trees, left);
	put_tree(c->trees, right);
	return rc;
}

int kb_trees_compare(struct kb_trees *trees, const struct kb_outline *outline,
	const git_oid *a, const git_oid *b, const kb_bits *wanted, kb_bits *changed)
{
	struct comparison c = {trees, wanted, changed};

	return compare_folders(&c, outline, a ? a->id : NULL, b ? b->id : NULL);
}
