#include "facts_store.h"

#include <stdatomic.h>

#include "facts_flat.h"
#include "kb/build.h"
#include "kb/store.h"

struct facts_store {
	atomic_uint holders;
	struct kb_arena **arenas; /* facts that were read */
	unsigned narenas;
	struct kb_source *source;
	const struct kb_config *config;
	struct kb_store *store;
	bool writes;		      /* what is loaded is kept */
	const struct kb_mount *mount; /* of the last key; and what it makes of one */
	struct kb_hash mount_hash;
};

static void put_named(kb_buf *buf, const void *items, size_t n, size_t size)
{
	kb_buf_fmt(buf, "[%zu", n);
	for (size_t i = 0; i < n; i++)
		kb_buf_counted(buf, *(const kb_str *)((const char *)items + i * size));
}

/* The part of the configuration that reading a text needs. Each list begins its items
 * with their names. */
static void put_config(kb_buf *buf, const struct kb_config *config)
{
	kb_buf_counted(buf, config->timezone);
	put_named(buf, config->audiences, config->naudiences, sizeof(kb_str));
	put_named(buf, config->regions, config->nregions, sizeof(*config->regions));
	put_named(buf, config->products, config->nproducts, sizeof(*config->products));
	put_named(buf, config->channels, config->nchannels, sizeof(*config->channels));
}

/* Values without their places. */
static void put_node(kb_buf *buf, const struct kb_node *node)
{
	if (!node) {
		kb_buf_putc(buf, '-');
		return;
	}
	kb_buf_fmt(buf, "%u%u%u ", node->kind, node->quoted, node->len);
	if (node->kind == KB_NODE_SCALAR)
		kb_buf_counted(buf, node->value);
	for (uint32_t i = 0; node->kind == KB_NODE_SEQ && i < node->len; i++)
		put_node(buf, node->items[i]);
	for (uint32_t i = 0; node->kind == KB_NODE_MAP && i < node->len; i++) {
		put_node(buf, node->pairs[i].key);
		put_node(buf, node->pairs[i].value);
	}
}

static struct kb_hash hash_mount(
	const struct kb_config *config, const struct kb_mount *mount)
{
	_cleanup_buf_ kb_buf buf = {0};

	kb_buf_counted(&buf, kb_str_of(kb_build_id()));
	put_config(&buf, config);
	kb_buf_fmt(&buf, "%d%d%d", mount->has_type, mount->has_type ? mount->type : 0,
		mount->expand);
	put_node(&buf, mount->defaults);
	for (uint32_t i = 0; i < mount->nkeys; i++) {
		kb_buf_counted(&buf, mount->keys[i].from);
		kb_buf_counted(&buf, mount->keys[i].to);
	}
	put_named(&buf, mount->ignore.items, mount->ignore.len, sizeof(kb_str));
	return kb_hash128(kb_buf_view(&buf));
}

struct kb_hash facts_store_mount(struct facts_store *store, const struct kb_mount *mount)
{
	if (store->mount != mount) {
		store->mount = mount;
		store->mount_hash = hash_mount(store->config, mount);
	}
	return store->mount_hash;
}

struct kb_hash facts_store_key(
	const struct facts_store *store, const struct facts_file *file)
{
	_cleanup_buf_ kb_buf buf = {0};

	kb_buf_add(&buf, &file->key, sizeof(file->key));
	kb_buf_counted(&buf, store->config->locales[file->locale].code);
	kb_buf_str(&buf, file->entry->path);
	return kb_hash128(kb_buf_view(&buf));
}

struct facts_store *facts_store_open(
	struct kb_source *source, const struct kb_config *config, bool use)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct facts_store *store = kb_xcalloc(1, sizeof(*store));
	bool own = false;
	kb_str path = use && !config->nschemas
			      ? kb_source_cache(source, scratch, "facts", &own)
			      : KB_STR("");

	*store = (struct facts_store){.holders = 1,
		.source = source,
		.config = config,
		.writes = own && path.len};
	if (path.len)
		store->store = kb_store_open(path.data, kb_flat_layout(&kb_facts_type));
	return store;
}

void facts_store_make_arenas(struct facts_store *store, unsigned n)
{
	store->arenas = kb_xcalloc(n, sizeof(*store->arenas));
	for (store->narenas = 0; store->narenas < n; store->narenas++)
		store->arenas[store->narenas] = kb_arena_new();
}

struct kb_arena *facts_store_arena(const struct facts_store *store, unsigned i)
{
	return store->arenas[i];
}

struct facts_store *facts_store_hold(struct facts_store *store)
{
	atomic_fetch_add(&store->holders, 1);
	return store;
}

void facts_store_close(struct facts_store *store)
{
	if (!store || atomic_fetch_sub(&store->holders, 1) > 1)
		return;
	kb_store_close(store->store);
	for (unsigned i = 0; i < store->narenas; i++)
		kb_arena_free(store->arenas[i]);
	free(store->arenas);
	free(store);
}

struct kb_spool *facts_store_spool(const struct facts_store *store)
{
	return kb_spool_new(kb_store_path(store->store));
}

enum { CONVERTED = 1 }; /* a flag of a record */

static bool is_blob(const struct kb_store_entry *entry, const char *blob, bool converted)
{
	unsigned char id[20];

	kb_blob_bytes(blob, id);
	return memcmp(entry->id, id, sizeof(id)) == 0 &&
	       (entry->flags & CONVERTED) == (converted ? CONVERTED : 0);
}

static const struct kb_facts *facts_take(
	const struct facts_store *store, struct facts_file *file, struct kb_arena *arena)
{
	const struct kb_facts *facts = NULL;
	kb_str bytes;
	uint64_t home;

	if (kb_store_take(store->store, file->number, &bytes, &home))
		facts = kb_flat_open(&kb_facts_type, bytes, home, arena);
	if (facts && kb_facts_sound(facts, store->config))
		return facts;
	file->number = KB_STORE_NONE;
	return NULL;
}

const struct kb_facts *facts_store_find(
	struct facts_store *store, struct facts_file *file, struct kb_arena *arena)
{
	const struct kb_store_entry *entry;
	char blob[41];

	file->number = KB_STORE_NONE;
	if (!store->store)
		return NULL;
	file->number = kb_store_find(store->store, file->key);
	if (file->number == KB_STORE_NONE)
		return NULL;
	entry = kb_store_entry(store->store, file->number);
	if ((file->entry->stamp && entry->stamp == file->entry->stamp) ||
		(kb_source_blob(store->source, file->entry->path, blob) &&
			is_blob(entry, blob, false)))
		return facts_take(store, file, arena);
	return NULL;
}

const struct kb_facts *facts_store_find_blob(struct facts_store *store,
	struct facts_file *file, const char *blob, bool converted, struct kb_arena *arena)
{
	if (file->number == KB_STORE_NONE ||
		!is_blob(kb_store_entry(store->store, file->number), blob, converted))
		return NULL;
	return facts_take(store, file, arena);
}

void facts_store_add(const struct facts_store *store, struct facts_file *file,
	const struct kb_facts *facts, struct kb_spool *spool)
{
	_cleanup_buf_ kb_buf block = {0};

	file->number = KB_STORE_NONE;
	/* What makes a document broken may be another file, see kb_link_text_check. */
	if (store->writes && !facts->broken &&
		kb_flat_write(&kb_facts_type, facts, &block))
		file->added = facts;
	if (!file->added)
		return;
	file->spool = spool;
	file->at = kb_spool_add(spool, kb_buf_view(&block));
	file->len = block.len;
}

static struct kb_store_put put_of(
	const struct facts_store *store, const struct facts_file *file)
{
	struct kb_store_put put = {.old = file->number,
		.bytes.len = file->len,
		.spool = file->spool,
		.at = file->at};

	if (!file->added) {
		put.entry = *kb_store_entry(store->store, file->number);
	} else {
		put.entry.key = file->key;
		put.entry.flags = file->added->converted ? CONVERTED : 0;
		kb_blob_bytes(file->added->blob, put.entry.id);
	}
	/* Settings change without the file. */
	put.entry.stamp = file->convertible ? 0 : file->entry->stamp;
	return put;
}

static bool move(void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to)
{
	(void)ctx;
	return kb_flat_move(&kb_facts_type, bytes, len, from, to);
}

void facts_store_write(
	const struct facts_store *store, const struct facts_file *files, size_t n)
{
	struct kb_store_put *puts = kb_xcalloc(n + 1, sizeof(*puts));
	size_t len = 0;

	for (size_t i = 0; store->writes && i < n; i++)
		if (files[i].added || files[i].number != KB_STORE_NONE)
			puts[len++] = put_of(store, &files[i]);
	if (store->writes)
		kb_store_write(store->store, puts, len, move, NULL);
	free(puts);
}
