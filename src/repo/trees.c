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
struct entry {
	kb_str name;
	uint32_t mode;
	const uint8_t *id;
};

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

struct comparison {
	struct kb_trees *trees;
	kb_trees_changed_fn *changed;
	void *ctx;
	kb_buf path;
	unsigned depth;
};

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

static int compare_folders(struct comparison *c, const uint8_t *a, const uint8_t *b);

/* One side of an entry as a file, and as a folder. */
static const uint8_t *file_of(const struct entry *entry)
{
	bool file = entry && !is_folder(entry) && entry->mode != GIT_FILEMODE_COMMIT;

	return file ? entry->id : NULL;
}

static const uint8_t *folder_of(const struct entry *entry)
{
	return entry && is_folder(entry) ? entry->id : NULL;
}

static int compare_entry(
	struct comparison *c, const struct entry *a, const struct entry *b)
{
	size_t before = c->path.len;
	int rc = 0;

	kb_buf_str(&c->path, a ? a->name : b->name);
	if (file_of(a) || file_of(b))
		c->changed(c->ctx, kb_buf_view(&c->path), file_of(a), file_of(b));
	if (folder_of(a) || folder_of(b)) {
		kb_buf_putc(&c->path, '/');
		rc = compare_folders(c, folder_of(a), folder_of(b));
	}
	c->path.len = before;
	return rc;
}

static int compare_bytes(struct comparison *c, kb_str a, kb_str b)
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

		if (!same && compare_entry(c, order <= 0 ? &x : NULL,
				     order >= 0 ? &y : NULL) < 0)
			return -1;
		if (order <= 0)
			in_a = next_entry(&a, &x);
		if (order >= 0)
			in_b = next_entry(&b, &y);
	}
	return 0;
}

static int compare_folders(struct comparison *c, const uint8_t *a, const uint8_t *b)
{
	git_odb_object *left = NULL, *right = NULL;
	int rc = -1;

	if (a && b && memcmp(a, b, GIT_OID_RAWSZ) == 0)
		return 0;
	if (++c->depth <= KB_DEPTH_MAX && take_side(c->trees, a, &left) &&
		take_side(c->trees, b, &right))
		rc = compare_bytes(c, tree_bytes(left), tree_bytes(right));
	c->depth--;
	put_tree(c->trees, left);
	put_tree(c->trees, right);
	return rc;
}

int kb_trees_changes(struct kb_trees *trees, const git_oid *a, const git_oid *b,
	kb_trees_changed_fn *changed, void *ctx)
{
	struct comparison c = {.trees = trees, .changed = changed, .ctx = ctx};
	int rc = compare_folders(&c, a ? a->id : NULL, b ? b->id : NULL);

	kb_buf_dispose(&c.path);
	return rc;
}
