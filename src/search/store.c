/*
 * The index on disk: for each document, a hash of the facts that kb counted, and for each
 * locale, a dictionary. kb counts those documents of a library that the index lacks or
 * has in another state; everything else stays. An index that was updated is the same as a
 * new one.
 */
#include "kb/store.h"

#include <pthread.h>

#include "index.h"
#include "kb/build.h"
#include "kb/pool.h"

static const struct kb_flat_field record_fields[] = {KB_FLAT_STR(struct record, path),
	KB_FLAT_PLAIN(struct record, own), KB_FLAT_PLAIN(struct record, borrowed),
	KB_FLAT_NUMBER(struct record, borrows, BORROWS_END),
	KB_FLAT_PLAIN(struct record, lengths)};
static const struct kb_flat_type record_type = KB_FLAT_TYPE(struct record, record_fields);
static const struct kb_flat_field index_fields[] = {
	KB_FLAT_PLAIN(struct search_index, settings),
	KB_FLAT_LIST(struct search_index, records, nrecords, &record_type),
	KB_FLAT_LIST(struct search_index, dicts, ndicts, &kb_flat_str)};
const struct kb_flat_type search_index_type =
	KB_FLAT_TYPE(struct search_index, index_fields);

enum { FEW = 200 }; /* changes are few if at most one of 200 documents changed */

struct index_load {
	struct kb_search *search;
	const struct kb_library *lib;
	struct kb_arena *arena; /* the search's */
	unsigned threads;
	bool writes, spares;		 /* keeps the index; but not for a few changes */
	const struct search_index *kept; /* or NULL */
	uint32_t number;		 /* of its record in the store */
	uint32_t nkept;			 /* its records */
	uint32_t *pairs;		 /* by document: the kept record of its path */
	uint32_t *stays;		 /* by kept record: its number now, or KB_GONE */
	struct search_index *index;	 /* of the library's documents */
	uint32_t *missing;		 /* documents that are to be counted */
	uint32_t nmissing, ngone;
	uint64_t variables, snippets; /* hashes of what may be borrowed */
};

/* What was counted */

static bool is_counted(const struct kb_document *doc)
{
	return !doc->facts->broken && doc->facts->type != KB_SNIPPET;
}

static struct kb_hash own_of(const struct kb_document *doc)
{
	const struct kb_facts *facts = doc->facts;
	struct {
		struct kb_hash context;
		char blob[sizeof(facts->blob)];
		uint8_t converted, broken, type, zeros[4];
	} own = {.context = doc->context,
		.converted = facts->converted,
		.broken = facts->broken,
		.type = (uint8_t)facts->type};

	_Static_assert(sizeof(own) == sizeof(own.context) + sizeof(own.blob) + 7, "");
	memcpy(own.blob, facts->blob, sizeof(own.blob));
	return kb_hash128((kb_str){(const char *)&own, sizeof(own)});
}

static void put_own(kb_buf *out, const struct kb_document *doc)
{
	struct kb_hash own = own_of(doc);

	kb_buf_add(out, &own, sizeof(own));
}

/* All that an include can lead to. Which of a family's documents it is depends on what
 * the others are. */
static uint64_t hash_snippets(const struct kb_library *lib)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		if (doc->facts->type != KB_SNIPPET || !doc->family)
			continue;
		put_own(&out, doc);
		kb_buf_fmt(&out, "%d",
			kb_snippet_visible(lib, doc, lib->config->naudiences - 1, false));
		for (uint32_t l = 0; l < lib->config->nlocales; l++)
			if (doc->family->by_locale[l])
				put_own(&out, doc->family->by_locale[l]);
	}
	return kb_hash64(kb_buf_view(&out));
}

static void put_issue(
	kb_buf *out, const struct kb_library *lib, kb_str id, uint32_t locale)
{
	const struct kb_issue *issue = kb_taxonomy_find(lib->taxonomy, id);
	const struct kb_node *words = issue ? kb_node_get_str(issue->keywords,
						      lib->config->locales[locale].code)
					    : NULL;

	if (!issue)
		return;
	kb_buf_putc(out, (char)issue->audience);
	put_text(out, kb_l10n_get(lib->config, &issue->label, locale));
	for (uint32_t i = 0; words && words->kind == KB_NODE_SEQ && i < words->len; i++)
		put_text(out, kb_node_str(words->items[i]));
}

/* What a document says that is not its own. */
static uint64_t borrowed_of(
	const struct index_load *load, const struct kb_document *doc, unsigned borrows)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < doc->facts->issues.len; i++)
		put_issue(&out, load->lib, doc->facts->issues.items[i], doc->locale);
	if (borrows & BORROWS_VARIABLES)
		kb_buf_add(&out, &load->variables, sizeof(load->variables));
	if (borrows & BORROWS_SNIPPETS)
		kb_buf_add(&out, &load->snippets, sizeof(load->snippets));
	return kb_hash64(kb_buf_view(&out));
}

static struct kb_hash hash_settings(const struct kb_config *config)
{
	_cleanup_buf_ kb_buf out = {0};

	put_text(&out, kb_str_of(kb_build_id()));
	for (uint32_t l = 0; l < config->nlocales; l++) {
		put_text(&out, config->locales[l].code);
		kb_buf_fmt(&out, "%u", config->locales[l].fallback);
	}
	return kb_hash128(kb_buf_view(&out));
}

/* What is kept */

static const struct kb_hash index_key = {1, 1};

bool kb_search_sound(const struct search_index *index, uint32_t nlocales)
{
	struct dict dict;

	for (uint32_t l = 0; l < index->ndicts; l++)
		if (!dict_open(&dict, index->dicts[l]))
			return false;
	return index->ndicts == nlocales;
}

static void take_kept(struct index_load *load)
{
	const struct kb_store *store = load->search->store;
	const struct search_index *kept = NULL;
	kb_str bytes;
	uint64_t home;

	load->number = store ? kb_store_find(store, index_key) : KB_STORE_NONE;
	if (load->number != KB_STORE_NONE &&
		kb_store_take(store, load->number, &bytes, &home))
		kept = kb_flat_open(&search_index_type, bytes, home, load->arena);
	if (kept && kb_search_sound(kept, load->lib->config->nlocales) &&
		memcmp(&kept->settings, &load->index->settings, sizeof(kept->settings)) ==
			0)
		load->kept = kept;
}

static bool is_same(const struct record *kept, const struct record *now,
	const struct index_load *load, const struct kb_document *doc)
{
	return memcmp(&kept->own, &now->own, sizeof(now->own)) == 0 &&
	       (!is_counted(doc) ||
		       kept->borrowed == borrowed_of(load, doc, kept->borrows));
}

/* Takes what is kept for a document that is still the same. */
static void compare_one(void *ctx, size_t d, unsigned worker)
{
	struct index_load *load = ctx;
	const struct kb_document *doc = load->lib->docs[d];
	struct record *now = &load->index->records[d];
	uint32_t k = load->pairs[d];

	(void)worker;
	*now = (struct record){.path = doc->path, .own = own_of(doc)};
	if (k == KB_GONE || !is_same(&load->kept->records[k], now, load, doc))
		return;
	*now = load->kept->records[k];
	load->stays[k] = (uint32_t)d;
}

/* Both are sorted by path. */
static void pair(struct index_load *load)
{
	uint32_t k = 0;

	for (uint32_t d = 0; d < load->lib->ndocs; d++) {
		kb_str path = load->lib->docs[d]->path;

		while (k < load->nkept &&
			kb_str_cmp(load->kept->records[k].path, path) < 0)
			k++;
		load->pairs[d] =
			k < load->nkept && kb_str_eq(load->kept->records[k].path, path)
				? k
				: KB_GONE;
	}
}

static void compare(struct index_load *load)
{
	_cleanup_free_ uint32_t *pairs =
		kb_xcalloc((size_t)load->lib->ndocs + 1, sizeof(*pairs));

	load->pairs = pairs;
	pair(load);
	for (uint32_t k = 0; k < load->nkept; k++)
		load->stays[k] = KB_GONE;
	kb_parallel(load->threads, load->lib->ndocs, compare_one, load);
	for (uint32_t d = 0; d < load->lib->ndocs; d++) {
		uint32_t k = pairs[d];

		if (is_counted(load->lib->docs[d]) &&
			(k == KB_GONE || load->stays[k] == KB_GONE))
			load->missing[load->nmissing++] = d;
	}
	for (uint32_t k = 0; k < load->nkept; k++)
		load->ngone += load->stays[k] == KB_GONE;
}

/* Is it the kept one, as it is? */
static bool is_kept(const struct index_load *load)
{
	bool same = load->kept && load->nkept == load->lib->ndocs;

	for (uint32_t k = 0; same && k < load->nkept; k++)
		same = load->stays[k] == k;
	return same;
}

/* Making it */

/* One dictionary of what is kept and what was counted. */
static kb_str merge(struct index_load *load, struct word_counts *count, uint32_t locale,
	uint32_t *same)
{
	kb_buf *bytes = &load->search->dicts[locale];
	struct dict_part *parts = kb_arena_array(load->arena, struct dict_part,
		(size_t)kb_parallel_workers(load->threads, load->nmissing) + 1);
	struct dict dict;
	size_t n = 0;

	if (load->kept) {
		dict_open(&dict, load->kept->dicts[locale]);
		parts[n++] = (struct dict_part){dict, load->stays, load->nkept};
	}
	for (uint32_t i = 0; kb_count_dict(count, locale, i, &dict); i++)
		parts[n++] = (struct dict_part){dict, same, load->lib->ndocs};
	dict_merge(bytes, parts, n, load->threads);
	return kb_buf_view(bytes);
}

static void make(struct index_load *load)
{
	struct search_index *index = load->index;
	uint32_t *same =
		kb_arena_array(load->arena, uint32_t, (size_t)load->lib->ndocs + 1);
	struct word_counts *count = kb_count_run(load->search, load->threads,
		load->missing, load->nmissing, index->records);

	load->search->dicts = kb_xcalloc(index->ndicts, sizeof(*load->search->dicts));
	load->search->ndicts = index->ndicts;
	for (uint32_t d = 0; d < load->lib->ndocs; d++)
		same[d] = d;
	for (uint32_t i = 0; i < load->nmissing; i++) {
		uint32_t d = load->missing[i];

		index->records[d].borrowed =
			borrowed_of(load, load->lib->docs[d], index->records[d].borrows);
	}
	for (uint32_t l = 0; l < index->ndicts; l++)
		index->dicts[l] = merge(load, count, l, same);
	kb_count_free(count);
}

static bool move(void *ctx, void *bytes, size_t len, uint64_t from, uint64_t to)
{
	(void)ctx;
	return kb_flat_move(&search_index_type, bytes, len, from, to);
}

/* Writing the index takes longer than counting a few documents once more. */
static bool is_spared(const struct index_load *load)
{
	return load->spares && load->nmissing + load->ngone <= load->lib->ndocs / FEW;
}

static void index_write(const struct index_load *load)
{
	_cleanup_buf_ kb_buf block = {0};
	struct kb_store_put put = {.entry.key = index_key, .old = KB_STORE_NONE};

	if (!load->writes || is_spared(load) ||
		!kb_flat_write(&search_index_type, load->index, &block))
		return;
	put.bytes = kb_buf_view(&block);
	kb_store_write(load->search->store, &put, 1, move, NULL);
}

/* Taking it into use */

void kb_search_use(struct kb_search *search, const struct search_index *index)
{
	const struct kb_library *lib = search->lib;

	search->index = index;
	search->shards = kb_arena_array(search->arena, struct shard, index->ndicts);
	for (uint32_t l = 0; l < index->ndicts; l++) {
		struct shard *shard = &search->shards[l];

		dict_open(&shard->dict, index->dicts[l]);
		shard->asker = kb_stemmer_new(lib->config->locales[l].code);
	}
}

static struct search_index *index_new(
	struct kb_arena *arena, const struct kb_library *lib)
{
	struct search_index *index = kb_arena_new_of(arena, struct search_index);

	index->settings = hash_settings(lib->config);
	index->nrecords = lib->ndocs;
	index->records = kb_arena_array(arena, struct record, (size_t)lib->ndocs + 1);
	index->ndicts = lib->config->nlocales;
	index->dicts = kb_arena_array(arena, kb_str, index->ndicts);
	return index;
}

static void index_load(struct index_load *load)
{
	size_t n = load->lib->ndocs;
	kb_str path = KB_STR("");

	texts_loaded(load->search->texts, load->lib);
	if (load->lib->stored)
		path = kb_source_cache(
			load->lib->source, load->arena, "search", &load->writes);
	load->writes &= path.len > 0;
	if (path.len)
		load->search->store =
			kb_store_open(path.data, kb_flat_layout(&search_index_type));
	load->index = index_new(load->arena, load->lib);
	load->missing = kb_arena_array(load->arena, uint32_t, n + 1);
	load->variables = kb_hash64(kb_library_config_text(load->lib));
	load->snippets = hash_snippets(load->lib);
	take_kept(load);
	load->nkept = load->kept ? load->kept->nrecords : 0;
	load->stays = kb_arena_array(load->arena, uint32_t, (size_t)load->nkept + 1);
	compare(load);
	if (is_kept(load)) {
		kb_search_use(load->search, load->kept);
		return;
	}
	make(load);
	index_write(load);
	kb_search_use(load->search, load->index);
}

/* In the background, as a command that publishes has something else to do first. */
struct index_making {
	struct index_load load;
	pthread_mutex_t lock;
	pthread_t thread;
	bool runs;
};

static void *make_index(void *making)
{
	index_load(&((struct index_making *)making)->load);
	return NULL;
}

static void start_making(struct kb_search *search, const struct index_load *load)
{
	struct index_making *making = kb_arena_new_of(search->arena, struct index_making);

	*making = (struct index_making){.load = *load, .lock = PTHREAD_MUTEX_INITIALIZER};
	search->making = making;
	making->runs = load->threads != 1 &&
		       pthread_create(&making->thread, NULL, make_index, making) == 0;
	if (!making->runs)
		make_index(making);
}

void kb_search_wait(const struct kb_search *search)
{
	struct index_making *making = search->making;

	if (!making)
		return;
	pthread_mutex_lock(&making->lock);
	if (making->runs)
		pthread_join(making->thread, NULL);
	making->runs = false;
	pthread_mutex_unlock(&making->lock);
}

int kb_search_load(struct kb_search **out, struct kb_library **lib,
	struct kb_source *source, const struct kb_library_options *options,
	struct kb_diags *diags, struct kb_error *err)
{
	struct kb_search *search = kb_xcalloc(1, sizeof(*search));
	struct kb_library_options own = *options;
	struct index_load load = {.search = search,
		.threads = options->threads,
		.spares = options->no_index};

	search->arena = load.arena = kb_arena_new();
	search->texts = texts_open(source,
		kb_parallel_workers(options->threads, SIZE_MAX), !options->no_store);
	own.watch = texts_watch(search->texts);
	*lib = NULL;
	if (kb_library_load(lib, source, &own, diags, err) < 0) {
		kb_search_free(search);
		return -1;
	}
	search->lib = load.lib = *lib;
	start_making(search, &load);
	*out = search;
	return 0;
}

void kb_search_free(struct kb_search *search)
{
	if (!search)
		return;
	kb_search_wait(search);
	for (uint32_t l = 0; search->shards && l < search->index->ndicts; l++)
		kb_stemmer_free(search->shards[l].asker);
	texts_close(search->texts);
	kb_store_close(search->store);
	for (uint32_t l = 0; l < search->ndicts; l++)
		kb_buf_dispose(&search->dicts[l]);
	free(search->dicts);
	kb_arena_free(search->arena);
	free(search);
}
