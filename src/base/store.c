#include "kb/store.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "kb/file.h"

/* A file: the head, the index (an entry a record, then a hash table of their numbers),
 * the records. Numbers are as the machine has them: another machine's file has another
 * magic. */
enum { CHUNK = 1 << 20, DELTA_SHARE = 8 };
#define MAGIC UINT64_C(0x6b62207374723101)
/* 4096 places, 4 GiB apart, where no system puts anything by itself. */
#define HOME_FIRST UINT64_C(0x200000000000)
#define HOME_OF(id) (HOME_FIRST + ((id)&0xfff) * (UINT64_C(1) << 32))

struct store_head {
	uint64_t magic;
	uint64_t layout;
	uint64_t id;   /* random */
	uint64_t base; /* the id of the base that a delta belongs to, 0 in a base */
	uint64_t home;
	uint64_t size; /* of the file */
	uint64_t count;
	uint64_t index_sum;
	uint64_t sum; /* of the head up to here */
};

struct slot {
	struct kb_store_entry entry;
	uint64_t off, len, sum;
};

/* One of the two files, where it is mapped; all 0 if the file is missing. */
struct store_file {
	struct store_head head;
	char *map;
	const struct slot *slots;
	const uint32_t *table; /* numbers + 1; 0: free */
	uint64_t found;	       /* the id in the file, whether or not it can be used */
};

struct kb_store {
	char *path, *delta_path;
	uint64_t layout;
	struct store_file base, delta;
};

static uint64_t head_sum(const struct store_head *head)
{
	return kb_hash64((kb_str){(const char *)head, offsetof(struct store_head, sum)});
}

/* A power of two that leaves half of the table free. */
static uint64_t table_len(uint64_t count)
{
	uint64_t n = 2;

	while (n < 2 * count)
		n *= 2;
	return n;
}

static uint64_t index_len(uint64_t count)
{
	return count * sizeof(struct slot) + table_len(count) * sizeof(uint32_t);
}

static bool head_is_right(
	const struct store_head *head, uint64_t layout, uint64_t base, off_t size)
{
	return head->magic == MAGIC && head->layout == layout && head->base == base &&
	       head->sum == head_sum(head) && head->size == (uint64_t)size &&
	       head->count < KB_STORE_NONE / 4 &&
	       index_len(head->count) <= head->size - sizeof(*head);
}

static void part_close(struct store_file *part)
{
	if (part->map)
		munmap(part->map, part->head.size);
	*part = (struct store_file){.found = part->found};
}

static void part_map(struct store_file *part, int fd)
{
	uint64_t len = index_len(part->head.count);
	void *hint = (void *)(uintptr_t)part->head.home;

	part->map = mmap(hint, part->head.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (part->map == MAP_FAILED)
		part->map = NULL;
	if (!part->map ||
		part->head.index_sum !=
			kb_hash64((kb_str){part->map + sizeof(part->head), len})) {
		part_close(part);
		return;
	}
	part->slots = (const void *)(part->map + sizeof(part->head));
	part->table = (const void *)(part->slots + part->head.count);
}

static int part_file(const char *path, struct store_file *part)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0 &&
		pread(fd, &part->head, sizeof(part->head), 0) == sizeof(part->head))
		part->found = part->head.id;
	return fd;
}

static void part_open(
	const char *path, uint64_t layout, uint64_t base, struct store_file *part)
{
	int fd = part_file(path, part);
	struct stat st;

	if (fd >= 0 && part->found && fstat(fd, &st) == 0 &&
		head_is_right(&part->head, layout, base, st.st_size))
		part_map(part, fd);
	else
		part_close(part);
	if (fd >= 0)
		close(fd);
}

struct kb_store *kb_store_open(const char *path, uint64_t layout)
{
	struct kb_store *store = kb_xcalloc(1, sizeof(*store));
	kb_buf delta = {0};

	kb_buf_fmt(&delta, "%s.new", path);
	store->path = kb_xstrndup(path, strlen(path));
	store->delta_path = delta.data;
	store->layout = layout;
	part_open(store->path, layout, 0, &store->base);
	part_open(store->delta_path, layout, store->base.head.id, &store->delta);
	if (!store->base.map)
		part_close(&store->delta);
	return store;
}

void kb_store_close(struct kb_store *store)
{
	if (!store)
		return;
	part_close(&store->base);
	part_close(&store->delta);
	free(store->path);
	free(store->delta_path);
	free(store);
}

const char *kb_store_path(const struct kb_store *store)
{
	return store ? store->path : NULL;
}

uint32_t kb_store_count(const struct kb_store *store)
{
	return (uint32_t)(store->base.head.count + store->delta.head.count);
}

static uint32_t part_find(const struct store_file *part, struct kb_hash key)
{
	uint64_t len = table_len(part->head.count);

	for (uint64_t i = 0, at = key.low; part->map && i < len; i++, at++) {
		uint32_t n = part->table[at & (len - 1)] - 1;

		if (n >= part->head.count)
			break;
		if (part->slots[n].entry.key.low == key.low &&
			part->slots[n].entry.key.high == key.high)
			return n;
	}
	return KB_STORE_NONE;
}

uint32_t kb_store_find(const struct kb_store *store, struct kb_hash key)
{
	uint32_t n = part_find(&store->delta, key);

	return n == KB_STORE_NONE ? part_find(&store->base, key)
				  : n + (uint32_t)store->base.head.count;
}

/* The file that has the record N of the store, and its place there. */
static const struct slot *slot_of(
	const struct kb_store *store, uint32_t n, const struct store_file **part)
{
	*part = n < store->base.head.count ? &store->base : &store->delta;
	return &(*part)->slots[*part == &store->base ? n : n - store->base.head.count];
}

const struct kb_store_entry *kb_store_entry(const struct kb_store *store, uint32_t n)
{
	const struct store_file *part;

	return &slot_of(store, n, &part)->entry;
}

bool kb_store_take(
	const struct kb_store *store, uint32_t n, kb_str *bytes, uint64_t *home)
{
	const struct store_file *part;
	const struct slot *slot = slot_of(store, n, &part);
	uint64_t size = part->head.size;

	if (slot->off > size || slot->off % 8 || slot->len > size - slot->off)
		return false;
	*bytes = (kb_str){part->map + slot->off, slot->len};
	*home = part->head.home + slot->off;
	return kb_hash64(*bytes) == slot->sum;
}

/* Writing */

struct store_writing {
	const struct kb_store *store;
	const struct kb_store_put *puts;
	size_t n;
	bool merge;	  /* into a new base */
	uint64_t planned; /* records; those that are damaged are left out */
	kb_store_move_fn *move;
	void *ctx;

	struct store_head head;
	struct kb_cache_file file;
	kb_buf index, chunk;
	uint64_t written; /* bytes of the file before the chunk */
	bool failed;
};

static bool same_entry(const struct kb_store *store, const struct kb_store_put *put)
{
	return put->old != KB_STORE_NONE &&
	       memcmp(&put->entry, kb_store_entry(store, put->old), sizeof(put->entry)) ==
		       0;
}

static bool stays(const struct kb_store *store, const struct kb_store_put *put)
{
	return put->old < store->base.head.count && same_entry(store, put);
}

static uint64_t length_of(const struct kb_store *store, const struct kb_store_put *put)
{
	const struct store_file *part;

	return put->old == KB_STORE_NONE ? put->bytes.len
					 : slot_of(store, put->old, &part)->len;
}

/* False when there is nothing to write. A base of which half is out of use is replaced.
 */
static bool plan(struct store_writing *w)
{
	const struct store_file *base = &w->store->base;
	uint64_t staying = 0, moved = 0;
	bool changed = false;

	for (size_t i = 0; i < w->n; i++) {
		const struct kb_store_put *put = &w->puts[i];

		changed |= !same_entry(w->store, put);
		if (stays(w->store, put))
			staying++;
		else
			moved += sizeof(struct slot) + length_of(w->store, put);
	}
	w->merge = !base->map || moved > base->head.size / DELTA_SHARE ||
		   staying < base->head.count / 2;
	w->planned = w->merge ? w->n : w->n - staying;
	return changed;
}

static void flush(struct store_writing *w)
{
	w->failed |= kb_write_all(w->file.fd, kb_buf_view(&w->chunk)) < 0;
	w->written += w->chunk.len;
	kb_buf_clear(&w->chunk);
}

static bool put_bytes(
	struct store_writing *w, const struct kb_store_put *put, struct slot *slot)
{
	kb_str bytes = put->bytes;
	_cleanup_free_ char *copy = NULL;
	uint64_t home = 0;
	size_t at;

	if (put->old != KB_STORE_NONE &&
		!kb_store_take(w->store, put->old, &bytes, &home))
		return false;
	at = w->chunk.len;
	slot->entry = put->entry;
	slot->off = w->written + at;
	slot->len = bytes.len;
	if (put->old == KB_STORE_NONE && put->spool) {
		copy = kb_xmalloc(bytes.len + 1);
		if (!kb_spool_read(put->spool, put->at, copy, bytes.len))
			return false;
		bytes.data = copy;
	}
	kb_buf_str(&w->chunk, bytes);
	if (w->move && !w->move(w->ctx, w->chunk.data + at, bytes.len, home,
			       w->head.home + slot->off)) {
		w->chunk.len = at;
		return false;
	}
	slot->sum = kb_hash64(kb_str_sub(kb_buf_view(&w->chunk), at, w->chunk.len));
	return true;
}

static void put_records(struct store_writing *w)
{
	for (size_t i = 0; i < w->n && !w->failed; i++) {
		struct slot slot;

		if ((!w->merge && stays(w->store, &w->puts[i])) ||
			!put_bytes(w, &w->puts[i], &slot))
			continue;
		kb_buf_add(&w->index, &slot, sizeof(slot));
		w->head.count++;
		while (w->chunk.len % 8)
			kb_buf_putc(&w->chunk, '\0');
		if (w->chunk.len >= CHUNK)
			flush(w);
	}
	flush(w);
}

/* The table of numbers behind the entries. */
static void put_table(struct store_writing *w)
{
	uint64_t len = table_len(w->head.count), at;
	_cleanup_free_ uint32_t *table = kb_xcalloc(len, sizeof(*table));
	const struct slot *slots = (const void *)w->index.data;

	for (uint32_t n = 0; n < w->head.count; n++) {
		for (at = slots[n].entry.key.low; table[at & (len - 1)]; at++)
			;
		table[at & (len - 1)] = n + 1;
	}
	kb_buf_add(&w->index, table, len * sizeof(*table));
}

static void put_head(struct store_writing *w)
{
	struct store_head *head = &w->head;

	head->size = w->written;
	head->index_sum = kb_hash64(kb_buf_view(&w->index));
	head->sum = head_sum(head);
	w->failed |= lseek(w->file.fd, 0, SEEK_SET) != 0 ||
		     kb_write_all(w->file.fd,
			     (kb_str){(const char *)head, sizeof(*head)}) < 0 ||
		     kb_write_all(w->file.fd, kb_buf_view(&w->index)) < 0;
}

/* Room for the index of all records comes first; it is filled in when they are written.
 */
static void put_file(struct store_writing *w)
{
	w->written = sizeof(w->head) + index_len(w->planned);
	w->failed = lseek(w->file.fd, (off_t)w->written, SEEK_SET) < 0;
	put_records(w);
	put_table(w);
	put_head(w);
	kb_buf_dispose(&w->index);
	kb_buf_dispose(&w->chunk);
}

static bool head_begin(struct store_writing *w)
{
	w->head = (struct store_head){.magic = MAGIC,
		.layout = w->store->layout,
		.base = w->merge ? 0 : w->store->base.head.id};
	if (getrandom(&w->head.id, sizeof(w->head.id), 0) != sizeof(w->head.id))
		return false;
	w->head.id |= 1; /* never 0 */
	w->head.home = HOME_OF(w->head.id >> 1);
	return true;
}

static bool is_as_opened(const char *path, const struct store_file *part)
{
	struct store_file now = {0};
	int fd = part_file(path, &now);

	if (fd >= 0)
		close(fd);
	return now.found == part->found;
}

void kb_store_write(const struct kb_store *store, const struct kb_store_put *puts,
	size_t n, kb_store_move_fn *move, void *ctx)
{
	struct store_writing w = {
		.store = store, .puts = puts, .n = n, .move = move, .ctx = ctx};
	const char *path;

	if (!plan(&w) || !head_begin(&w))
		return;
	path = w.merge ? store->path : store->delta_path;
	if (kb_cache_begin(&w.file, path) < 0)
		return;
	w.failed = !is_as_opened(store->path, &store->base) ||
		   !is_as_opened(store->delta_path, &store->delta);
	if (!w.failed)
		put_file(&w);
	/* A former delta no longer belongs to a base. */
	if (w.merge && !w.failed)
		unlink(store->delta_path);
	kb_cache_end(&w.file, path, !w.failed);
}
