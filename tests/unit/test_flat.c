#include "kb/flat.h"

#include "flat.h"
#include "kb/hash.h"
#include "kb/recent.h"
#include "kb/vec.h"
#include "kb/yaml.h"

/* A structure with a field of each kind. */
struct leaf {
	uint8_t level;
	kb_range range;
	kb_str name;
};

struct tree {
	bool given;
	uint8_t kind;
	uint16_t two;
	uint32_t nleaves;
	uint64_t eight;
	int64_t time;
	char text[9];
	kb_str title, nothing;
	struct leaf inside;
	struct leaf *one, *none;
	struct leaf *leaves;
	size_t nwords;
	kb_str *words;
	struct leaf **pointers;
	uint8_t npointers;
	kb_strs tags;
	struct tree *below;
	void *place;
	union {
		kb_str value;
		struct leaf *leaf;
		uint32_t number;
	};
};

static const struct kb_flat_field leaf_fields[] = {KB_FLAT_NUMBER(struct leaf, level, 7),
	KB_FLAT_PLACE(struct leaf, range), KB_FLAT_STR(struct leaf, name)};
static const struct kb_flat_type leaf_type = KB_FLAT_TYPE(struct leaf, leaf_fields);

static const struct kb_flat_field value_fields[] = {KB_FLAT_STR(struct tree, value)};
static const struct kb_flat_field leaf_kind_fields[] = {
	KB_FLAT_ONE(struct tree, leaf, &leaf_type)};
static const struct kb_flat_field number_fields[] = {
	KB_FLAT_NUMBER(struct tree, number, 1000)};
static const struct kb_flat_type kinds[] = {KB_FLAT_TYPE(struct tree, value_fields),
	KB_FLAT_TYPE(struct tree, leaf_kind_fields),
	KB_FLAT_TYPE(struct tree, number_fields)};

static const struct kb_flat_type tree_type;
static const struct kb_flat_field tree_fields[] = {
	KB_FLAT_BOOL(struct tree, given),
	KB_FLAT_NUMBER(struct tree, two, 500),
	KB_FLAT_NUMBER(struct tree, eight, UINT64_C(1) << 40),
	KB_FLAT_PLAIN(struct tree, time),
	KB_FLAT_TEXT(struct tree, text),
	KB_FLAT_STR(struct tree, title),
	KB_FLAT_STR(struct tree, nothing),
	KB_FLAT_STRUCT(struct tree, inside, &leaf_type),
	KB_FLAT_ONE(struct tree, one, &leaf_type),
	KB_FLAT_OPTION(struct tree, none, &leaf_type),
	KB_FLAT_LIST(struct tree, leaves, nleaves, &leaf_type),
	KB_FLAT_LIST(struct tree, words, nwords, &kb_flat_str),
	KB_FLAT_POINTERS(struct tree, pointers, npointers, &leaf_type),
	KB_FLAT_STRS(struct tree, tags),
	KB_FLAT_OPTION(struct tree, below, &tree_type),
	KB_FLAT_ZERO(struct tree, place),
	KB_FLAT_CHOICE(struct tree, kind, kinds),
};
static const struct kb_flat_type tree_type = KB_FLAT_TYPE(struct tree, tree_fields);

/* A tree of YAML. */
static const struct kb_flat_type node_type;
static const struct kb_flat_field pair_fields[] = {
	KB_FLAT_ONE(struct kb_pair, key, &node_type),
	KB_FLAT_ONE(struct kb_pair, value, &node_type)};
static const struct kb_flat_type pair_type = KB_FLAT_TYPE(struct kb_pair, pair_fields);
static const struct kb_flat_field scalar_fields[] = {
	KB_FLAT_ZERO(struct kb_node, len), KB_FLAT_STR(struct kb_node, value)};
static const struct kb_flat_field items_fields[] = {
	KB_FLAT_POINTERS(struct kb_node, items, len, &node_type)};
static const struct kb_flat_field pairs_fields[] = {
	KB_FLAT_LIST(struct kb_node, pairs, len, &pair_type)};
static const struct kb_flat_type node_kinds[] = {
	[KB_NODE_SCALAR] = KB_FLAT_TYPE(struct kb_node, scalar_fields),
	[KB_NODE_SEQ] = KB_FLAT_TYPE(struct kb_node, items_fields),
	[KB_NODE_MAP] = KB_FLAT_TYPE(struct kb_node, pairs_fields),
};
static const struct kb_flat_field node_fields[] = {KB_FLAT_BOOL(struct kb_node, quoted),
	KB_FLAT_BOOL(struct kb_node, flow), KB_FLAT_BOOL(struct kb_node, typed),
	KB_FLAT_PLAIN(struct kb_node, range),
	KB_FLAT_CHOICE(struct kb_node, kind, node_kinds)};
static const struct kb_flat_type node_type = KB_FLAT_TYPE(struct kb_node, node_fields);

/* Objects as text: each field is looked at, so that AddressSanitizer sees a wrong one. */
static void show_str(kb_buf *out, kb_str s)
{
	if (s.data)
		assert_int_equal(s.data[s.len], 0);
	kb_buf_fmt(out, " %s'%.*s'", s.data ? "" : "NULL ", KB_ARG(s));
}

static void show_leaf(kb_buf *out, const struct leaf *leaf)
{
	kb_buf_fmt(out, " (%u %u-%u", leaf->level, leaf->range.off, leaf->range.len);
	assert_true(leaf->level < 7);
	show_str(out, leaf->name);
	kb_buf_putc(out, ')');
}

static void show_tree(kb_buf *out, const struct tree *t)
{
	unsigned given;

	memcpy(&given, memcpy((char[sizeof(given)]){0}, &t->given, 1), sizeof(given));
	assert_true(given < 2 && t->two < 500 && t->eight < UINT64_C(1) << 40);
	assert_true(t->kind < 3 && strlen(t->text) < sizeof(t->text));
	kb_buf_fmt(out, "{%d %u %u %llu %lld %s", t->given, t->kind, t->two,
		(unsigned long long)t->eight, (long long)t->time, t->text);
	show_str(out, t->title);
	show_str(out, t->nothing);
	show_leaf(out, &t->inside);
	show_leaf(out, t->one);
	if (t->none)
		show_leaf(out, t->none);
	for (uint32_t i = 0; i < t->nleaves; i++)
		show_leaf(out, &t->leaves[i]);
	for (size_t i = 0; i < t->nwords; i++)
		show_str(out, t->words[i]);
	for (uint32_t i = 0; i < t->npointers; i++)
		show_leaf(out, t->pointers[i]);
	for (size_t i = 0; i < t->tags.len; i++)
		show_str(out, t->tags.items[i]);
	if (t->kind == 0)
		show_str(out, t->value);
	else if (t->kind == 1)
		show_leaf(out, t->leaf);
	else
		kb_buf_fmt(out, " %u", t->number);
	if (t->below)
		show_tree(out, t->below);
	kb_buf_putc(out, '}');
}

static void show_node(kb_buf *out, const struct kb_node *node)
{
	kb_buf_fmt(out, " %u%d%d%d@%u+%u", node->kind, node->quoted, node->flow,
		node->typed, node->range.off, node->range.len);
	if (node->kind == KB_NODE_SCALAR)
		show_str(out, node->value);
	for (uint32_t i = 0; i < node->len; i++) {
		if (node->kind == KB_NODE_SEQ) {
			show_node(out, node->items[i]);
		} else {
			show_node(out, node->pairs[i].key);
			show_node(out, node->pairs[i].value);
		}
	}
}

static void show(kb_buf *out, const struct kb_flat_type *type, const void *object)
{
	kb_buf_clear(out);
	if (type == &tree_type)
		show_tree(out, object);
	else if (type == &node_type)
		show_node(out, object);
	else
		show_leaf(out, object);
}

static struct leaf leaves[] = {{1, {2, 3}, {"four", 4}}, {6, {7, 8}, {NULL, 0}},
	{0, {UINT32_MAX, 0}, {"a\0b", 3}}};
static kb_str words[] = {{"one", 3}, {"", 0}, {NULL, 0}};

static struct tree example(void)
{
	static struct leaf *pointers[] = {&leaves[2], &leaves[0]};

	return (struct tree){.given = true,
		.two = 499,
		.eight = (UINT64_C(1) << 40) - 1,
		.time = -5,
		.text = "12345678",
		.title = KB_STR("A title"),
		.inside = leaves[1],
		.one = &leaves[0],
		.leaves = leaves,
		.nleaves = 3,
		.words = words,
		.nwords = 3,
		.pointers = pointers,
		.npointers = 2,
		.tags = {words, 2, 0},
		.kind = 0,
		.value = KB_STR("value")};
}

/* Writes OBJECT, opens it elsewhere, at its home, and moved; each time it says the same.
 */
static void assert_round(
	const struct kb_flat_type *type, const void *object, kb_buf *block)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf before = {0}, after = {0};
	const void *opened;
	uint64_t *home;

	show(&before, type, object);
	kb_buf_clear(block);
	assert_true(kb_flat_write(type, object, block));
	opened = kb_flat_open(type, kb_buf_view(block), 0, arena);
	assert_non_null(opened);
	assert_ptr_not_equal(opened, block->data);
	show(&after, type, opened);
	assert_string_equal(before.data, after.data);

	home = kb_xmalloc(block->len);
	memcpy(home, block->data, block->len);
	assert_true(kb_flat_move(type, home, block->len, 0, (uintptr_t)home));
	opened = kb_flat_open(
		type, (kb_str){(char *)home, block->len}, (uintptr_t)home, arena);
	assert_ptr_equal(opened, home);
	show(&after, type, opened);
	assert_string_equal(before.data, after.data);
	assert_true(kb_flat_move(type, home, block->len, (uintptr_t)home, 0));
	assert_memory_equal(home, block->data, block->len);
	free(home);
}

static void test_tables_are_complete(void **state)
{
	(void)state;
	assert_complete(&leaf_type, struct leaf);
	assert_complete(&tree_type, struct tree);
	assert_complete(&node_type, struct kb_node);
	assert_complete(&pair_type, struct kb_pair);
	assert_complete(&kb_flat_str, kb_str);
	assert_complete(&kb_flat_strs, kb_strs);
}

static void test_each_kind_of_field(void **state)
{
	struct tree below = example(), tree = example();
	_cleanup_buf_ kb_buf block = {0};

	(void)state;
	assert_round(&leaf_type, &leaves[0], &block);
	assert_round(&tree_type, &tree, &block);
	below.kind = 1;
	below.leaf = &leaves[1];
	below.below = &tree;
	assert_round(&tree_type, &below, &block);
	below = (struct tree){.kind = 2,
		.number = 999,
		.one = &leaves[1],
		.none = &leaves[0],
		.nothing = KB_STR("")};
	tree.below = &below;
	assert_round(&tree_type, &tree, &block);
}

static void test_yaml(void **state)
{
	static const char text[] =
		"title: 'A \"title\"'\ntags: [a, b, [], {}, {c: d, e: [f]}]\nempty:\n"
		"list:\n- x: 1\n  y: |\n    text\n- &anchor {z: z}\n- *anchor\n- ''\n";
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf block = {0};
	struct kb_diags diags;

	(void)state;
	kb_diags_init(&diags, NULL);
	assert_round(&node_type,
		kb_yaml_parse(arena, KB_STR(text), 0, KB_STR("a.yaml"), &diags), &block);
	kb_diags_dispose(&diags);
}

static void test_equal_values_make_equal_blocks(void **state)
{
	struct {
		char before[8];
		struct tree tree;
	} two[2];
	kb_buf blocks[2] = {{0}, {0}};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct tree *tree = &two[i].tree;
		struct tree from = example();

		memset(&two[i], i ? 0x55 : 0xaa, sizeof(two[i]));
		tree->given = from.given, tree->two = from.two, tree->eight = from.eight;
		tree->kind = 2, tree->number = 3, tree->time = 5;
		tree->title = tree->nothing = (kb_str){NULL, 0};
		tree->inside.level = 1, tree->inside.range = (kb_range){1, 2};
		tree->inside.name = KB_STR("x");
		tree->one = &leaves[0], tree->none = NULL, tree->below = NULL;
		tree->nleaves = 0, tree->nwords = 0, tree->npointers = 0;
		tree->tags.len = 0;
		strcpy(tree->text, "abc");
		assert_true(kb_flat_write(&tree_type, tree, &blocks[i]));
	}
	assert_int_equal(blocks[0].len, blocks[1].len);
	assert_memory_equal(blocks[0].data, blocks[1].data, blocks[0].len);
	assert_int_equal(blocks[0].data[offsetof(struct tree, text) + 5], 0);
	kb_buf_dispose(&blocks[0]);
	kb_buf_dispose(&blocks[1]);
}

#define assert_hashed(tree, place, value)                                                \
	do {                                                                             \
		__typeof__(place) was_ = (place);                                        \
		uint64_t hash_ = kb_flat_hash(&tree_type, &(tree));                      \
		(place) = (value);                                                       \
		assert_int_not_equal(hash_, kb_flat_hash(&tree_type, &(tree)));          \
		(place) = was_;                                                          \
		assert_int_equal(hash_, kb_flat_hash(&tree_type, &(tree)));              \
	} while (0)

static void test_hash(void **state)
{
	struct tree tree = example();
	struct leaf leaf = *tree.one, *pointers[] = {&leaf};
	kb_str two[] = {KB_STR("ab"), KB_STR("c")};
	uint64_t hash;

	(void)state;
	tree.one = &leaf, tree.words = two, tree.nwords = 2;
	tree.pointers = pointers, tree.npointers = 1;
	assert_hashed(tree, tree.given, !tree.given);
	assert_hashed(tree, tree.two, tree.two + 1);
	assert_hashed(tree, tree.time, tree.time + 1);
	assert_hashed(tree, tree.title, KB_STR("other"));
	assert_hashed(tree, tree.text[0], 'q');
	assert_hashed(tree, tree.inside.level, 5);
	assert_hashed(tree, leaf.level, 5);
	assert_hashed(tree, tree.none, &leaf);
	assert_hashed(tree, tree.nleaves, tree.nleaves - 1);
	assert_hashed(tree, two[1], KB_STR("d"));
	assert_hashed(tree, tree.npointers, 0);
	assert_hashed(tree, tree.kind, 2);
	hash = kb_flat_hash(&tree_type, &tree);
	leaf.range.off++, tree.place = &tree;
	assert_int_equal(hash, kb_flat_hash(&tree_type, &tree));
	two[0] = KB_STR("a"), two[1] = KB_STR("bc");
	assert_int_not_equal(hash, kb_flat_hash(&tree_type, &tree));
}

static void test_fields_that_are_not_kept(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf block = {0};
	struct tree tree = example();
	const struct tree *opened;

	(void)state;
	tree.place = &tree;
	tree.tags.cap = 7;
	tree.nleaves = 0;
	assert_true(kb_flat_write(&tree_type, &tree, &block));
	opened = kb_flat_open(&tree_type, kb_buf_view(&block), 0, arena);
	assert_non_null(opened);
	assert_null(opened->place);
	assert_null(opened->leaves);
	assert_int_equal(opened->tags.len, 2);
	assert_int_equal(opened->tags.cap, 0);
}

static void test_block_is_appended_at_a_multiple_of_8(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0}, block = {0};

	(void)state;
	assert_true(kb_flat_write(&leaf_type, &leaves[0], &block));
	kb_buf_puts(&out, "abc");
	assert_true(kb_flat_write(&leaf_type, &leaves[0], &out));
	assert_memory_equal(out.data, "abc\0\0\0\0\0", 8);
	assert_int_equal(out.len, 8 + block.len);
	assert_memory_equal(out.data + 8, block.data, block.len);
}

static struct tree *chain(struct kb_arena *arena, unsigned n)
{
	struct tree *first = NULL;

	for (; n; n--) {
		struct tree *tree = kb_arena_new_of(arena, struct tree);

		tree->one = &leaves[0];
		tree->below = first;
		first = tree;
	}
	return first;
}

static void test_depth(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf block = {0};

	(void)state;
	/* The last of 256 has structures below it. */
	assert_round(&tree_type, chain(arena, 256), &block);
	kb_buf_clear(&block);
	kb_buf_puts(&block, "abc");
	assert_false(kb_flat_write(&tree_type, chain(arena, 257), &block));
	assert_int_equal(block.len, 3);
	assert_false(kb_flat_write(&tree_type, chain(arena, 100000), &block));
}

/* Blocks that are deeper than the writer makes: by pointers, and by lists of one item. */
struct link {
	struct link *next;
};
static const struct kb_flat_type link_type;
static const struct kb_flat_field link_fields[] = {
	KB_FLAT_OPTION(struct link, next, &link_type)};
static const struct kb_flat_type link_type = KB_FLAT_TYPE(struct link, link_fields);

struct list {
	struct list *items;
	uint64_t n;
};
static const struct kb_flat_type list_type;
static const struct kb_flat_field list_fields[] = {
	KB_FLAT_LIST(struct list, items, n, &list_type)};
static const struct kb_flat_type list_type = KB_FLAT_TYPE(struct list, list_fields);

static void test_deep_block_is_refused(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	uint64_t *links = kb_xcalloc(100000, 8), *lists = kb_xcalloc(200000, 8);
	size_t depths[] = {256, 257, 258, 1000, 100000};

	(void)state;
	for (size_t d = 0; d < KB_LEN(depths); d++) {
		size_t n = depths[d];

		memset(links, 0, n * 8);
		memset(lists, 0, n * 16);
		for (size_t i = 0; i + 1 < n; i++) {
			links[i] = 8 * (i + 1);
			lists[2 * i] = 16 * (i + 1);
			lists[2 * i + 1] = 1;
		}
		assert_true(!kb_flat_open(&link_type, (kb_str){(char *)links, 8 * n}, 0,
				    arena) == (n > 257));
		assert_true(!kb_flat_open(&list_type, (kb_str){(char *)lists, 16 * n}, 0,
				    arena) == (n > 257));
	}
	free(links);
	free(lists);
}

static void test_deep_lists_are_not_written(void **state)
{
	struct list *lists = kb_xcalloc(258, sizeof(*lists));
	_cleanup_buf_ kb_buf out = {0};

	(void)state;
	for (size_t i = 0; i + 1 < 258; i++)
		lists[i] = (struct list){&lists[i + 1], 1};
	assert_false(kb_flat_write(&list_type, &lists[0], &out));
	assert_true(kb_flat_write(&list_type, &lists[1], &out));
	free(lists);
}

/* Lengths that are small again when they are multiplied, or when 1 is added. */
struct numbers {
	struct number {
		uint64_t n;
	} * items;
	uint64_t n;
};
static const struct kb_flat_field number_items[] = {
	KB_FLAT_NUMBER(struct number, n, UINT64_MAX)};
static const struct kb_flat_type number_type = KB_FLAT_TYPE(struct number, number_items);
static const struct kb_flat_field numbers_fields[] = {
	KB_FLAT_LIST(struct numbers, items, n, &number_type)};
static const struct kb_flat_type numbers_type =
	KB_FLAT_TYPE(struct numbers, numbers_fields);

struct named {
	kb_str name;
	uint64_t zero;
};
static const struct kb_flat_field named_fields[] = {
	KB_FLAT_STR(struct named, name), KB_FLAT_PLAIN(struct named, zero)};
static const struct kb_flat_type named_type = KB_FLAT_TYPE(struct named, named_fields);

static void test_lengths_that_overflow(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	uint64_t *block = kb_xmalloc(24);

	(void)state;
	memcpy(block, (uint64_t[]){16, UINT64_C(1) << 61, 0}, 24);
	assert_null(kb_flat_open(&numbers_type, (kb_str){(char *)block, 16}, 0, arena));
	block[1]++;
	assert_null(kb_flat_open(&numbers_type, (kb_str){(char *)block, 24}, 0, arena));
	memcpy(block, (uint64_t[]){24, UINT64_MAX, 0}, 24);
	assert_null(kb_flat_open(&named_type, (kb_str){(char *)block, 24}, 0, arena));
	free(block);
}

static void test_kind_that_does_not_exist(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf block = {0};
	struct tree tree = example();

	(void)state;
	tree.kind = 3;
	assert_true(kb_flat_write(&tree_type, &tree, &block));
	assert_null(kb_flat_open(&tree_type, kb_buf_view(&block), 0, arena));
}

static void assert_damaged(kb_buf *block, size_t at, const void *bytes, size_t len)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	char saved[16];

	memcpy(saved, block->data + at, len);
	memcpy(block->data + at, bytes, len);
	assert_null(kb_flat_open(&tree_type, kb_buf_view(block), 0, arena));
	memcpy(block->data + at, saved, len);
	assert_non_null(kb_flat_open(&tree_type, kb_buf_view(block), 0, arena));
}

#define DAMAGE(field, type, value)                                                       \
	assert_damaged(&block, offsetof(struct tree, field), &(type){value}, sizeof(type))

static void test_each_check(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf block = {0};
	struct tree tree = example();
	uint64_t one, below;
	kb_str s;

	(void)state;
	tree.below = &(struct tree){.one = &leaves[0]};
	assert_true(kb_flat_write(&tree_type, &tree, &block));
	memcpy(&one, block.data + offsetof(struct tree, one), 8);
	memcpy(&below, block.data + offsetof(struct tree, below), 8);
	DAMAGE(given, uint8_t, 2);
	DAMAGE(two, uint16_t, 500);
	DAMAGE(eight, uint64_t, UINT64_C(1) << 40);
	DAMAGE(kind, uint8_t, 3);
	DAMAGE(kind, uint8_t, 1);
	DAMAGE(text[8], char, 'x');
	DAMAGE(title.data, uint64_t, 0);
	DAMAGE(title.data, uint64_t, sizeof(struct tree) + 1);
	DAMAGE(title.data, uint64_t, UINT64_MAX - 3);
	DAMAGE(title.len, uint64_t, 6);
	DAMAGE(title.len, uint64_t, 8);
	DAMAGE(title.len, uint64_t, UINT64_MAX);
	DAMAGE(nothing.len, uint64_t, 1);
	DAMAGE(nothing.data, uint64_t, 1);
	DAMAGE(inside.level, uint8_t, 7);
	DAMAGE(one, uint64_t, 0);
	DAMAGE(one, uint64_t, one + 8);
	DAMAGE(one, uint64_t, one - 8);
	DAMAGE(none, uint64_t, one);
	DAMAGE(leaves, uint64_t, 0);
	DAMAGE(nleaves, uint32_t, 0);
	DAMAGE(nleaves, uint32_t, 4);
	DAMAGE(nleaves, uint32_t, UINT32_MAX);
	DAMAGE(nwords, uint64_t, UINT64_C(1) << 60); /* times 16 is 0 */
	DAMAGE(nwords, uint64_t, (UINT64_C(1) << 60) + 3);
	DAMAGE(npointers, uint8_t, 1);
	DAMAGE(npointers, uint8_t, 255);
	DAMAGE(tags.len, uint64_t, 1);
	DAMAGE(tags.cap, uint64_t, 1);
	DAMAGE(place, uint64_t, 1);
	DAMAGE(below, uint64_t, 0);
	assert_damaged(&block, below + offsetof(struct tree, words), &(uint64_t){8}, 8);
	assert_damaged(
		&block, below + offsetof(struct tree, below), (uint64_t[]){0, 8}, 16);

	s = kb_buf_view(&block);
	assert_null(kb_flat_open(&tree_type, s, 8, arena));
	assert_null(kb_flat_open(&tree_type, KB_STR_NULL, 0, arena));
	kb_buf_putc(&block, '\0');
	assert_null(kb_flat_open(&tree_type, kb_buf_view(&block), 0, arena));
}

/* At each length, in memory that ends there. */
static void test_cut(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_buf_ kb_buf block = {0};
	struct tree tree = example();

	(void)state;
	assert_true(kb_flat_write(&tree_type, &tree, &block));
	for (size_t len = 0; len < block.len; len++) {
		char *copy = kb_xmalloc(len + !len);
		kb_str bytes = {copy, len};

		memcpy(copy, block.data, len);
		assert_null(kb_flat_open(&tree_type, bytes, 0, arena));
		assert_null(kb_flat_open(&tree_type, bytes, (uintptr_t)copy, arena));
		free(copy);
	}
}

/* Not at a multiple of 8. */
static void test_home_that_is_not_aligned(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	char *bytes = kb_xcalloc(1, sizeof(struct link) + 4);

	(void)state;
	assert_null(kb_flat_open(&link_type, (kb_str){bytes + 4, sizeof(struct link)},
		(uintptr_t)bytes + 4, arena));
	free(bytes);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u;
	return kb_hash64((kb_str){(const char *)seed, sizeof(*seed)});
}

/* One change of the block: a byte, or a word that is like others in it. */
static size_t damage(char *bytes, size_t len, uint64_t *seed)
{
	uint64_t r = next_random(seed), word;
	size_t at = (r >> 8) % len, words_in = len / 8;

	switch (r % 5) {
	case 0:
		bytes[at] ^= (char)(1 << (r >> 40) % 8);
		break;
	case 1:
		bytes[at] = (char)(r >> 40);
		break;
	case 2:
		word = (r >> 32) % (2 * len);
		memcpy(bytes + at % words_in * 8, &word, 8);
		break;
	case 3:
		memmove(bytes + at % words_in * 8, bytes + (r >> 32) % words_in * 8, 8);
		break;
	default:
		return r & 16 ? at : len;
	}
	return len;
}

/* 20,000 blocks, each with one to four damages: none can be opened that cannot be walked.
 */
static void test_damages(void **state)
{
	static const char text[] = "a: [b, {c: d}]\ne: {f: [g, h], i: ''}\nj: \"k\"\n";
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new(), *used = kb_arena_new();
	_cleanup_buf_ kb_buf out = {0};
	kb_buf blocks[2] = {{0}, {0}};
	struct tree tree = example(), below = example();
	uint64_t seed = 1;
	struct kb_diags diags;
	unsigned opened = 0;

	(void)state;
	kb_diags_init(&diags, NULL);
	tree.below = &below;
	kb_flat_write(&tree_type, &tree, &blocks[0]);
	kb_flat_write(&node_type,
		kb_yaml_parse(arena, KB_STR(text), 0, KB_STR("a"), &diags), &blocks[1]);
	for (int i = 0; i < 20000; i++) {
		const struct kb_flat_type *type = i % 2 ? &node_type : &tree_type;
		const kb_buf *block = &blocks[i % 2];
		size_t len = block->len;
		char *copy = kb_xmalloc(len), *home;
		const void *object;

		memcpy(copy, block->data, len);
		for (uint64_t n = 1 + next_random(&seed) % 4; n && len >= 8; n--)
			len = damage(copy, len, &seed);
		home = kb_xmalloc(len + !len);
		memcpy(home, copy, len);
		object = kb_flat_open(type, (kb_str){home, len}, 0, used);
		if (object)
			show(&out, type, object), opened++;
		if (object && kb_flat_move(type, home, len, 0, (uintptr_t)home))
			show(&out, type, home);
		kb_arena_reset(used);
		free(home);
		free(copy);
	}
	assert_in_range(opened, 500, 19000);
	kb_buf_dispose(&blocks[0]);
	kb_buf_dispose(&blocks[1]);
	kb_diags_dispose(&diags);
}

static void test_layout(void **state)
{
	static const struct kb_flat_field fields[] = {
		KB_FLAT_OPTION(struct link, next, &link_type)};
	static const struct kb_flat_field one_fields[] = {
		KB_FLAT_ONE(struct link, next, &link_type)};
	static const struct kb_flat_type same[] = {{sizeof(struct link), 1, fields}},
					 other[] = {{sizeof(struct link), 1, one_fields},
						 {sizeof(struct link) + 8, 1, fields},
						 {sizeof(struct link), 0, fields}};
	struct kb_flat_field changed[KB_LEN(tree_fields)];
	const struct kb_flat_type tree = {sizeof(struct tree), KB_LEN(changed), changed};
	uint64_t layout = kb_flat_layout(same);

	(void)state;
	assert_true(layout == kb_flat_layout(same));
	for (size_t i = 0; i < KB_LEN(other); i++)
		assert_true(layout != kb_flat_layout(&other[i]));

	memcpy(changed, tree_fields, sizeof(changed));
	layout = kb_flat_layout(&tree);
	for (size_t i = 0; i < KB_LEN(changed); i++) {
		struct kb_flat_field was = changed[i];

		changed[i].at += 8;
		assert_true(layout != kb_flat_layout(&tree));
		changed[i] = was;
		changed[i].size++;
		assert_true(layout != kb_flat_layout(&tree));
		changed[i] = was;
		changed[i].count_at += 8;
		assert_true(layout != kb_flat_layout(&tree));
		changed[i] = was;
		changed[i].width++;
		assert_true(layout != kb_flat_layout(&tree));
		changed[i] = was;
		if (was.type && was.kind != KB_FLAT_KIND_CHOICE) {
			changed[i].type = &link_type;
			assert_true(layout != kb_flat_layout(&tree));
		} else if (!was.type) {
			changed[i].limit++;
			assert_true(layout != kb_flat_layout(&tree));
		}
		changed[i] = was;
	}
	assert_true(layout == kb_flat_layout(&tree));
}

static void test_recent_news(void **state)
{
	const struct kb_flat_type *item = TYPE(&kb_recent_type, struct kb_recent, items);

	(void)state;
	assert_complete(&kb_recent_type, struct kb_recent);
	assert_complete(item, struct kb_recent_item);
	assert_complete(TYPE(item, struct kb_recent_item, docs), struct kb_recent_file);
	assert_complete(TYPE(item, struct kb_recent_item, parts), struct kb_recent_part);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_are_complete),
		cmocka_unit_test(test_each_kind_of_field),
		cmocka_unit_test(test_yaml),
		cmocka_unit_test(test_equal_values_make_equal_blocks),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_fields_that_are_not_kept),
		cmocka_unit_test(test_block_is_appended_at_a_multiple_of_8),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_deep_block_is_refused),
		cmocka_unit_test(test_deep_lists_are_not_written),
		cmocka_unit_test(test_lengths_that_overflow),
		cmocka_unit_test(test_kind_that_does_not_exist),
		cmocka_unit_test(test_each_check),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_home_that_is_not_aligned),
		cmocka_unit_test(test_damages),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_recent_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
