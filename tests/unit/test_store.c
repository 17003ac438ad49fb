#include "kb/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kb/file.h"
#include "scratch.h"

enum { LAYOUT = 7, PUTS = 200 };

static char path[512];

/* The records of a test: number I says its key and its generation G, in a length of its
 * own, behind the address of its bytes. */
struct records {
	struct kb_store_put puts[PUTS];
	struct kb_arena *arena;
	size_t n;
};

static struct kb_hash key_of(unsigned i)
{
	return kb_hash128((kb_str){(const char *)&i, sizeof(i)});
}

/* Records of the lengths 16, 17, ...; some are cut before the address is whole. */
static kb_str bytes_of(struct kb_arena *arena, unsigned i, unsigned g, uint64_t home)
{
	size_t len = i % 7 == 3 ? i % 2 : 16 + i % 90;
	char *bytes = kb_arena_alloc(arena, 128);

	for (size_t b = 8; b < len; b++)
		bytes[b] = (char)(b * 3 + i * 5 + g);
	if (len >= 16)
		memcpy(bytes, &home, sizeof(home));
	return (kb_str){bytes, len};
}

static bool move(void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to)
{
	uint64_t address;

	(void)ctx;
	if (len < 16)
		return true;
	memcpy(&address, bytes, sizeof(address));
	if (address != from)
		return false;
	memcpy(bytes, &to, sizeof(to));
	return true;
}

static void put(struct records *r, unsigned i, unsigned g)
{
	struct kb_store_put *put = &r->puts[r->n++];

	*put = (struct kb_store_put){.entry = {.key = key_of(i), .stamp = g, .flags = i},
		.old = KB_STORE_NONE,
		.bytes = bytes_of(r->arena, i, g, 0)};
	snprintf((char *)put->entry.id, sizeof(put->entry.id), "%u", i);
}

static void put_many(struct records *r, unsigned from, unsigned to, unsigned g)
{
	for (unsigned i = from; i < to; i++)
		put(r, i, g);
}

static void keep(struct records *r, const struct kb_store *store, unsigned i)
{
	uint32_t n = kb_store_find(store, key_of(i));

	assert_true(n != KB_STORE_NONE);
	r->puts[r->n++] =
		(struct kb_store_put){.entry = *kb_store_entry(store, n), .old = n};
}

static struct records *records_new(struct kb_arena *arena)
{
	struct records *r = kb_arena_new_of(arena, struct records);

	r->arena = arena;
	return r;
}

/* The generation of record I, which is right; -1: it is not there, or damaged. */
static int generation(const struct kb_store *store, unsigned i)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	uint32_t n = kb_store_find(store, key_of(i));
	const struct kb_store_entry *entry;
	uint64_t home;
	kb_str bytes;

	if (n == KB_STORE_NONE || !kb_store_take(store, n, &bytes, &home))
		return -1;
	entry = kb_store_entry(store, n);
	assert_int_equal(entry->flags, i);
	assert_int_equal(strtoul((const char *)entry->id, NULL, 10), i);
	assert_int_equal((uintptr_t)bytes.data % 8, 0);
	assert_true(kb_str_eq(bytes, bytes_of(arena, i, (unsigned)entry->stamp, home)));
	return (int)entry->stamp;
}

static void write_first(unsigned n)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);
	struct records *r = records_new(arena);

	put_many(r, 0, n, 1);
	kb_store_write(store, r->puts, r->n, move, NULL);
}

/* Keeps records from FROM on, and writes those before it with the generation G. */
static void change(unsigned from, unsigned to, unsigned g)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);
	struct records *r = records_new(arena);

	put_many(r, 0, from, g);
	for (unsigned i = from; i < to; i++)
		keep(r, store, i);
	kb_store_write(store, r->puts, r->n, move, NULL);
}

static void assert_generations(unsigned from, unsigned to, int g)
{
	_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);

	for (unsigned i = from; i < to; i++)
		if (generation(store, i) != g)
			fail_msg("record %u is of generation %d, not %d", i,
				generation(store, i), g);
}

static uint64_t inode(const char *suffix)
{
	struct stat st;

	return stat(scratch_path("store/facts%s", suffix), &st) ? 0 : st.st_ino;
}

static int setup(void **state)
{
	int failed = scratch_setup(state);

	strcpy(path, scratch_path("store/facts"));
	return failed;
}

static int clear(void **state)
{
	(void)state;
	scratch_run("rm -rf store");
	return 0;
}

static void test_missing(void **state)
{
	(void)state;
	scratch_run(
		"mkdir -p store/dir; mkfifo store/pipe; : >store/empty; ln -s x store/x");
	for (size_t i = 0; i < 5; i++) {
		static const char *const names[] = {"none", "dir", "pipe", "empty", "x"};
		_cleanup_store_ struct kb_store *store =
			kb_store_open(scratch_path("store/%s", names[i]), LAYOUT);

		assert_int_equal(kb_store_count(store), 0);
		assert_int_equal(generation(store, 1), -1);
	}
	kb_store_close(NULL);
}

static void test_round(void **state)
{
	_cleanup_store_ struct kb_store *store = NULL, *second = NULL;

	(void)state;
	write_first(PUTS);
	assert_int_equal(inode(".new"), 0);
	assert_generations(0, PUTS, 1);
	assert_generations(PUTS, PUTS + 50, -1);
	store = kb_store_open(path, LAYOUT);
	assert_int_equal(kb_store_count(store), PUTS);
	/* Where the home is taken, records are somewhere else, and their addresses stay.
	 */
	second = kb_store_open(path, LAYOUT);
	for (unsigned i = 0; i < PUTS; i++) {
		uint64_t homes[2];
		kb_str bytes[2];
		uint32_t n = kb_store_find(store, key_of(i));

		assert_int_equal(kb_store_find(second, key_of(i)), n);
		assert_true(kb_store_take(store, n, &bytes[0], &homes[0]));
		assert_true(kb_store_take(second, n, &bytes[1], &homes[1]));
		assert_true(homes[0] == homes[1]);
		assert_ptr_not_equal(bytes[0].data, bytes[1].data);
		assert_true(kb_str_eq(bytes[0], bytes[1]));
		assert_int_equal(generation(second, i), 1);
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
		assert_true((uintptr_t)bytes[0].data == homes[0]);
#endif
	}
}

static void test_empty(void **state)
{
	_cleanup_store_ struct kb_store *store = NULL;
	uint64_t home;
	kb_str bytes;

	(void)state;
	write_first(0);
	assert_int_equal(inode(""), 0);
	/* A record that is there, and has no bytes. */
	store = kb_store_open(path, LAYOUT);
	kb_store_write(store,
		&(struct kb_store_put){
			.entry = {.key = key_of(500)}, .old = KB_STORE_NONE},
		1, NULL, NULL);
	kb_store_close(store);
	store = kb_store_open(path, LAYOUT);
	assert_int_equal(kb_store_find(store, key_of(500)), 0);
	assert_true(kb_store_take(store, 0, &bytes, &home));
	assert_int_equal(bytes.len, 0);
	kb_store_close(store);
	scratch_run("rm store/facts");
	write_first(3);
	store = kb_store_open(path, LAYOUT);
	kb_store_write(store, NULL, 0, move, NULL);
	assert_generations(0, 3, 1);
}

static void test_other_layout(void **state)
{
	_cleanup_store_ struct kb_store *store = NULL;

	(void)state;
	write_first(10);
	store = kb_store_open(path, LAYOUT + 1);
	assert_int_equal(kb_store_count(store), 0);
	assert_int_equal(generation(store, 1), -1);
	/* Which replaces it. */
	kb_store_write(store,
		&(struct kb_store_put){.entry = {.key = key_of(1)},
			.old = KB_STORE_NONE,
			.bytes = KB_STR("0123456789")},
		1, NULL, NULL);
	assert_generations(0, 10, -1);
	kb_store_close(store);
	store = kb_store_open(path, LAYOUT + 1);
	assert_int_equal(kb_store_count(store), 1);
}

static void test_no_change_writes_nothing(void **state)
{
	uint64_t base, delta;

	(void)state;
	write_first(100);
	base = inode("");
	change(0, 100, 0);
	assert_int_equal(inode(""), base);
	assert_int_equal(inode(".new"), 0);
	change(5, 100, 2);
	delta = inode(".new");
	assert_true(delta);
	change(0, 100, 0);
	assert_int_equal(inode(".new"), delta);
	assert_generations(0, 5, 2);
}

static void test_delta_and_merge(void **state)
{
	uint64_t base, delta;

	(void)state;
	write_first(100);
	base = inode("");
	change(1, 100, 2);
	delta = inode(".new");
	assert_true(delta && inode("") == base);
	scratch_run("[ $(stat -c %s store/facts.new) -lt 200 ]");
	assert_generations(0, 1, 2);
	assert_generations(1, 100, 1);
	/* What is in the delta stays there. */
	change(5, 100, 3);
	assert_true(inode("") == base && inode(".new") && inode(".new") != delta);
	assert_generations(0, 5, 3);
	change(1, 100, 4);
	assert_generations(0, 1, 4);
	assert_generations(1, 5, 3);
	assert_generations(5, 100, 1);
	/* More than an eighth of the base. */
	change(20, 100, 5);
	assert_true(inode("") != base && !inode(".new"));
	assert_generations(0, 20, 5);
	assert_generations(20, 100, 1);
}

/* A stamp alone. */
static void test_changed_entry(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_store_ struct kb_store *store = NULL;
	struct records *r = records_new(arena);
	uint32_t n;

	(void)state;
	write_first(100);
	store = kb_store_open(path, LAYOUT);
	for (unsigned i = 0; i < 100; i++)
		keep(r, store, i);
	r->puts[40].entry.id[19] = 'x';
	kb_store_write(store, r->puts, r->n, move, NULL);
	assert_true(inode(".new"));
	kb_store_close(store);
	store = kb_store_open(path, LAYOUT);
	n = kb_store_find(store, key_of(40));
	assert_int_equal(kb_store_entry(store, n)->id[19], 'x');
	assert_generations(0, 100, 1);
}

static void test_base_half_out_of_use(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_store_ struct kb_store *store = NULL;
	struct records *r = records_new(arena);

	(void)state;
	write_first(100);
	store = kb_store_open(path, LAYOUT);
	put(r, 150, 2);
	for (unsigned i = 0; i < 49; i++)
		keep(r, store, i);
	kb_store_write(store, r->puts, r->n, move, NULL);
	assert_int_equal(inode(".new"), 0);
	assert_generations(0, 49, 1);
	assert_generations(49, 100, -1);
	assert_generations(150, 151, 2);
}

/* A file of another generation in the place of one of the two. */
static void test_mixed_files(void **state)
{
	(void)state;
	write_first(100);
	scratch_run("cp store/facts store/base1");
	change(3, 100, 2);
	scratch_run("cp store/facts.new store/new1");
	change(50, 100, 3);
	scratch_run("cp store/facts store/base2; cp store/new1 store/facts.new");
	assert_generations(0, 50, 3);
	assert_generations(50, 100, 1);
	change(3, 100, 4);
	assert_generations(0, 3, 4);
	scratch_run("cp store/base1 store/facts");
	assert_generations(0, 100, 1);
	scratch_run("cp store/new1 store/facts");
	assert_generations(0, 100, -1);
	scratch_run("cp store/base2 store/facts; cp store/base1 store/facts.new");
	assert_generations(0, 50, 3);
	scratch_run("rm store/facts; cp store/new1 store/facts.new");
	assert_generations(0, 100, -1);
	scratch_run("cp store/base1 store/facts.new");
	assert_generations(0, 100, -1);
	write_first(100);
	assert_generations(0, 100, 1);
}

static void test_two_writers(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_store_ struct kb_store *store = NULL, *late = NULL;
	struct records *r = records_new(arena);

	(void)state;
	write_first(100);
	late = kb_store_open(path, LAYOUT);
	put_many(r, 0, 2, 9);
	for (unsigned i = 2; i < 100; i++)
		keep(r, late, i);
	change(1, 100, 2);
	kb_store_write(late, r->puts, r->n, move, NULL);
	assert_generations(0, 1, 2);
	assert_generations(1, 2, 1);
	/* What was opened stays as it was. */
	assert_int_equal(generation(late, 0), 1);
	kb_store_close(late);

	/* The changes were replaced. */
	late = kb_store_open(path, LAYOUT);
	change(2, 100, 3);
	kb_store_write(late, r->puts, r->n, move, NULL);
	assert_generations(0, 2, 3);
	kb_store_close(late);

	/* The base was replaced, without changes beside it and with them. */
	change(100, 100, 2);
	late = kb_store_open(path, LAYOUT);
	change(100, 100, 3);
	kb_store_write(late, r->puts, r->n, move, NULL);
	assert_generations(0, 100, 3);
	kb_store_close(late);
	change(100, 100, 1);
	change(1, 100, 2);
	late = kb_store_open(path, LAYOUT);
	change(100, 100, 3);
	kb_store_write(late, r->puts, r->n, move, NULL);
	assert_generations(0, 100, 3);
	assert_int_equal(generation(late, 0), 2);
	assert_int_equal(generation(late, 99), 1);

	scratch_run("[ ! -e store/facts~ ] && [ ! -e store/facts.new~ ]");

	/* While there was none. */
	scratch_run("rm -f store/facts*");
	store = kb_store_open(path, LAYOUT);
	write_first(100);
	r->n = 0;
	put_many(r, 0, 10, 4);
	kb_store_write(store, r->puts, r->n, move, NULL);
	assert_generations(0, 100, 1);
}

/* A run that writes in the folder is not disturbed, and a file that it left is replaced.
 */
static void test_locked_and_left_over(void **state)
{
	int folder;

	(void)state;
	scratch_run("mkdir store; echo x >store/facts~");
	folder = open(scratch_path("store"), O_RDONLY | O_DIRECTORY);
	assert_int_equal(flock(folder, LOCK_EX), 0);
	write_first(10);
	assert_generations(0, 10, -1);
	close(folder);
	write_first(10);
	assert_generations(0, 10, 1);
	scratch_run("[ ! -e store/facts~ ]");
}

static void test_folder_that_cannot_be_made(void **state)
{
	(void)state;
	scratch_run("echo x >store");
	write_first(10);
	assert_generations(0, 10, -1);
	scratch_run("[ \"$(cat store)\" = x ]");
}

/* Each of the two files, cut at each length. */
static void test_cut(void **state)
{
	_cleanup_buf_ kb_buf base = {0}, delta = {0};

	(void)state;
	write_first(40);
	change(2, 40, 2);
	assert_int_equal(kb_file_read(scratch_path("store/facts"), 0, &base, NULL), 0);
	assert_int_equal(
		kb_file_read(scratch_path("store/facts.new"), 0, &delta, NULL), 0);
	for (size_t len = 0; len < base.len; len++) {
		kb_file_write(path, kb_str_sub(kb_buf_view(&base), 0, len), NULL);
		assert_generations(0, 40, -1);
	}
	kb_file_write(path, kb_buf_view(&base), NULL);
	for (size_t len = 0; len < delta.len; len++) {
		kb_file_write(scratch_path("store/facts.new"),
			kb_str_sub(kb_buf_view(&delta), 0, len), NULL);
		assert_generations(0, 40, 1);
	}
}

/* Files whose checksums are right. A head has eight numbers and their checksum: the sixth
 * is the count, the seventh the checksum of the index. An entry has 48 bytes of the
 * caller's, then offset, length and checksum. */
struct crafted {
	kb_buf file;
	uint64_t *words;
	uint64_t *slots; /* nine a record */
	uint32_t *table;
	uint64_t count;
};

static void craft(struct crafted *c)
{
	write_first(8);
	assert_int_equal(kb_file_read(path, 0, &c->file, NULL), 0);
	c->words = (void *)c->file.data;
	c->count = c->words[6];
	c->slots = c->words + 9;
	c->table = (void *)(c->slots + 9 * c->count);
}

/* Writes the file with new checksums and looks for all records. */
static unsigned crafted_found(struct crafted *c)
{
	_cleanup_store_ struct kb_store *store = NULL;
	unsigned found = 0;

	c->words[7] = kb_hash64(
		(kb_str){(char *)c->slots, 9 * 8 * c->count + 16 * sizeof(*c->table)});
	c->words[8] = kb_hash64((kb_str){(char *)c->words, 64});
	kb_file_write(path, kb_buf_view(&c->file), NULL);
	store = kb_store_open(path, LAYOUT);
	for (unsigned i = 0; i < 9; i++)
		found += generation(store, i) == 1;
	return found;
}

static void test_crafted_head(void **state)
{
	struct crafted c = {0};
	uint64_t counts[] = {9, 0, 1 << 20, UINT32_MAX, UINT64_MAX, UINT64_MAX / 2 + 1};

	(void)state;
	craft(&c);
	counts[1] = c.file.len / 72;
	assert_int_equal(crafted_found(&c), 8);
	c.words[0]++;
	assert_int_equal(crafted_found(&c), 0);
	c.words[0]--;
	for (size_t i = 0; i < KB_LEN(counts); i++) {
		c.words[6] = counts[i];
		assert_int_equal(crafted_found(&c), 0);
	}
	c.words[6] = 8;
	assert_int_equal(crafted_found(&c), 8);
	kb_buf_dispose(&c.file);
}

static void test_crafted_index(void **state)
{
	struct crafted c = {0};
	const uint64_t wrong[][2] = {{6, UINT64_MAX - 7}, {6, 1 << 30}, {6, 4}, {6, 0},
		{7, UINT64_MAX}, {7, 1 << 30}, {7, UINT64_MAX - 100}, {8, 1}};

	(void)state;
	craft(&c);
	for (size_t i = 0; i < KB_LEN(wrong); i++) {
		uint64_t *word = &c.slots[9 * 2 + wrong[i][0]], was = *word;

		*word = wrong[i][1];
		assert_int_equal(crafted_found(&c), 7);
		*word = was;
	}
	assert_int_equal(crafted_found(&c), 8);
	/* In the middle of a record, and not aligned. */
	c.slots[9 * 2 + 6] += 4;
	c.slots[9 * 2 + 7] -= 4;
	c.slots[9 * 2 + 8] = kb_hash64(kb_str_sub(kb_buf_view(&c.file),
		c.slots[9 * 2 + 6], c.slots[9 * 2 + 6] + c.slots[9 * 2 + 7]));
	assert_int_equal(crafted_found(&c), 7);
	/* A table without a free place, and one that leads out of the index. */
	for (size_t i = 0; i < 16; i++)
		c.table[i] = 1;
	assert_int_equal(crafted_found(&c), 1);
	for (size_t i = 0; i < 16; i++)
		c.table[i] = 9 + (uint32_t)i * 100000000;
	assert_int_equal(crafted_found(&c), 0);
	kb_buf_dispose(&c.file);
}

/* Half of a key is not the key. */
static void test_keys_that_are_alike(void **state)
{
	_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);
	struct kb_store_put puts[] = {
		{.entry = {.key = {5, 1}}, .old = KB_STORE_NONE, .bytes = KB_STR("a")},
		{.entry = {.key = {5, 2}}, .old = KB_STORE_NONE, .bytes = KB_STR("b")},
		{.entry = {.key = {6, 2}}, .old = KB_STORE_NONE, .bytes = KB_STR("c")}};

	(void)state;
	kb_store_write(store, puts, 3, NULL, NULL);
	kb_store_close(store);
	store = kb_store_open(path, LAYOUT);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(kb_store_find(store, puts[i].entry.key), i);
	assert_true(kb_store_find(store, (struct kb_hash){5, 3}) == KB_STORE_NONE);
	assert_true(kb_store_find(store, (struct kb_hash){6, 1}) == KB_STORE_NONE);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed += 0x9e3779b97f4a7c15u;
	return kb_hash64((kb_str){(const char *)seed, sizeof(*seed)});
}

static void damage(kb_buf *file, const kb_buf *other, uint64_t *seed)
{
	uint64_t r = next_random(seed);
	size_t at = (r >> 8) % file->len, from = (r >> 32) % other->len;
	size_t n = 1 + (r >> 50) % 64;

	if (n > file->len - at)
		n = file->len - at;
	if (n > other->len - from)
		n = other->len - from;
	switch (r % 4) {
	case 0:
		file->data[at] ^= (char)(1 << (r >> 60) % 8);
		break;
	case 1:
		memcpy(file->data + at, other->data + from, n);
		break;
	case 2:
		memset(file->data + at, 0, n);
		break;
	default:
		file->len = r & 32 ? at + 1 : file->len;
		break;
	}
}

/* 2,000 stores of damaged files: each record is right or is not there, and a new
 * generation of what was found is right as well. */
static void test_damages(void **state)
{
	_cleanup_buf_ kb_buf base = {0}, delta = {0};
	const char *delta_path = scratch_path("store/facts.new");
	uint64_t seed = 1;
	size_t there = 0;

	(void)state;
	write_first(60);
	change(4, 60, 2);
	assert_int_equal(kb_file_read(path, 0, &base, NULL), 0);
	assert_int_equal(kb_file_read(delta_path, 0, &delta, NULL), 0);
	for (int i = 0; i < 2000; i++) {
		_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
		_cleanup_buf_ kb_buf b = {0}, d = {0};
		struct kb_store *store;
		struct records *r = records_new(arena);

		kb_buf_str(&b, kb_buf_view(&base));
		kb_buf_str(&d, kb_buf_view(&delta));
		for (uint64_t n = 1 + next_random(&seed) % 3; n; n--)
			damage(n % 2 ? &b : &d, n % 2 ? &d : &b, &seed);
		kb_file_write(path, kb_buf_view(&b), NULL);
		kb_file_write(delta_path, kb_buf_view(&d), NULL);
		store = kb_store_open(path, LAYOUT);
		put(r, 151, 3);
		for (unsigned n = 0; n < 60; n++) {
			int g = generation(store, n);

			assert_true(g == -1 || g == 1 || (g == 2 && n < 4));
			there += g != -1;
			if (kb_store_find(store, key_of(n)) != KB_STORE_NONE)
				keep(r, store, n);
		}
		kb_store_write(store, r->puts, r->n, i % 2 ? move : NULL, NULL);
		kb_store_close(store);
		store = kb_store_open(path, LAYOUT);
		for (unsigned n = 0; n < 60; n++)
			if (i % 2)
				generation(store, n);
		if (i % 2)
			assert_int_equal(generation(store, 151), 3);
		kb_store_close(store);
	}
	assert_in_range(there, 2000, 2000 * 60 - 2000);
}

/* Damaged bytes get no right checksum by being moved to another file. */
static void test_damaged_record_is_not_kept(void **state)
{
	_cleanup_buf_ kb_buf file = {0};

	(void)state;
	write_first(60);
	assert_int_equal(kb_file_read(path, 0, &file, NULL), 0);
	file.data[file.len - 8] ^= 1; /* of the last record */
	kb_file_write(path, kb_buf_view(&file), NULL);
	assert_generations(59, 60, -1);
	assert_generations(0, 59, 1);
	change(30, 60, 2);
	assert_generations(0, 30, 2);
	assert_generations(30, 59, 1);
	assert_generations(59, 60, -1);
}

static bool refuse(void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to)
{
	return (*(unsigned *)ctx)++ % 2 && move(NULL, bytes, len, from, to);
}

static void test_record_that_cannot_be_moved(void **state)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);
	struct records *r = records_new(arena);
	unsigned calls = 0;

	(void)state;
	put_many(r, 0, 50, 1);
	kb_store_write(store, r->puts, r->n, refuse, &calls);
	assert_int_equal(calls, 50);
	kb_store_close(store);
	store = kb_store_open(path, LAYOUT);
	assert_int_equal(kb_store_count(store), 25);
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(generation(store, i), i % 2 ? 1 : -1);
}

/* More than what is written at a time. */
static void test_large_records(void **state)
{
	_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);
	struct kb_store_put puts[6];
	char *bytes = kb_xmalloc(1 << 20);
	uint64_t home;
	kb_str taken;

	(void)state;
	for (unsigned i = 0; i < 6; i++)
		puts[i] = (struct kb_store_put){.entry = {.key = key_of(i)},
			.old = KB_STORE_NONE,
			.bytes = {bytes, (1 << 20) - 1001 * (size_t)i}};
	memset(bytes, 'x', 1 << 20);
	kb_store_write(store, puts, 6, NULL, NULL);
	kb_store_close(store);
	store = kb_store_open(path, LAYOUT);
	for (unsigned i = 0; i < 6; i++) {
		assert_true(kb_store_take(
			store, kb_store_find(store, key_of(i)), &taken, &home));
		assert_true(kb_str_eq(taken, puts[i].bytes));
	}
	free(bytes);
}

/* Four processes that open, look and write, each with generations of its own. */
static void run_process(unsigned p)
{
	for (unsigned g = 0; g < 60; g++) {
		_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
		_cleanup_store_ struct kb_store *store = kb_store_open(path, LAYOUT);
		struct records *r = records_new(arena);
		unsigned changed = g % 10 == 9 ? 60 : 1 + g % 3;

		put_many(r, 0, changed, 100 * p + g);
		for (unsigned i = changed; i < 100; i++) {
			if (generation(store, i) < 0)
				put(r, i, 100 * p + g);
			else
				keep(r, store, i);
		}
		kb_store_write(store, r->puts, r->n, move, NULL);
	}
	_exit(0);
}

static void test_processes(void **state)
{
	_cleanup_store_ struct kb_store *store = NULL;
	int status;

	(void)state;
	for (unsigned p = 0; p < 4; p++)
		if (fork() == 0)
			run_process(p);
	for (unsigned p = 0; p < 4; p++) {
		wait(&status);
		assert_int_equal(status, 0);
	}
	store = kb_store_open(path, LAYOUT);
	for (unsigned i = 0; i < 100; i++)
		assert_true(generation(store, i) >= 0);
	scratch_run("[ ! -e store/facts~ ] && [ ! -e store/facts.new~ ]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_missing, clear),
		cmocka_unit_test_setup(test_round, clear),
		cmocka_unit_test_setup(test_empty, clear),
		cmocka_unit_test_setup(test_other_layout, clear),
		cmocka_unit_test_setup(test_no_change_writes_nothing, clear),
		cmocka_unit_test_setup(test_delta_and_merge, clear),
		cmocka_unit_test_setup(test_changed_entry, clear),
		cmocka_unit_test_setup(test_base_half_out_of_use, clear),
		cmocka_unit_test_setup(test_mixed_files, clear),
		cmocka_unit_test_setup(test_two_writers, clear),
		cmocka_unit_test_setup(test_locked_and_left_over, clear),
		cmocka_unit_test_setup(test_folder_that_cannot_be_made, clear),
		cmocka_unit_test_setup(test_cut, clear),
		cmocka_unit_test_setup(test_crafted_head, clear),
		cmocka_unit_test_setup(test_crafted_index, clear),
		cmocka_unit_test_setup(test_keys_that_are_alike, clear),
		cmocka_unit_test_setup(test_damages, clear),
		cmocka_unit_test_setup(test_damaged_record_is_not_kept, clear),
		cmocka_unit_test_setup(test_record_that_cannot_be_moved, clear),
		cmocka_unit_test_setup(test_large_records, clear),
		cmocka_unit_test_setup(test_processes, clear),
	};

	return cmocka_run_group_tests(tests, setup, scratch_teardown);
}
