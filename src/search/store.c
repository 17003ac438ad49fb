/*
 * The index that is kept. One file a content root, in the folder of the work tree's
 * repository: a head, a record for each document, a dictionary for each locale, and a
 * checksum at the end. It is checked by what it was made from: whatever speaks of all
 * documents (configuration, taxonomy, snippets) makes it anew, a changed document only
 * its own part. What cannot be read or written is done without.
 */
#include "index.h"

#include "kb/file.h"
#include "kb/pool.h"

#define MAGIC UINT64_C(0x0148435241455342)
enum { FORMAT = 3 }; /* of the file, and of how words are cut and stemmed */

struct head {
	uint64_t magic, size;
	uint64_t from, until; /* times between which the snippets stay as they are */
	char whole[48];	      /* hash of what speaks of all documents */
	uint32_t format, ndocs, nlocales;
	uint32_t mixed;	  /* see has_mixed */
	uint64_t records; /* bytes */
};

struct load {
	struct kb_source *source;
	struct kb_search *search;
	struct kb_arena *arena; /* of what ends with the load */
	const struct kb_library *lib;
	unsigned workers;
	kb_str kept; /* the file, or empty */
	struct head head;
	struct record *records; /* of the file */
	struct dict *dicts;
	struct state {
		bool there;   /* the document still is, and is the same */
		bool is_read; /* again, as a snippet of others that are read */
	} * states;
	bool all, changed;
	char whole[48];
	struct kb_count *count;
};

uint64_t kb_search_checksum(kb_str s)
{
	uint64_t lanes[4] = {s.len, 1, 2, 3}, words[4], sum = 0;
	size_t i = 0;
	for (; i + sizeof words <= s.len; i += sizeof words) {
		memcpy(words, s.data + i, sizeof words);
		for (int k = 0; k < 4; k++)
			lanes[k] = (lanes[k] ^ words[k]) * UINT64_C(0x9E3779B97F4A7C15);
	}
	for (; i < s.len; i++)
		lanes[0] = (lanes[0] ^ (unsigned char)s.data[i]) * 0x100000001B3u;
	for (int k = 0; k < 4; k++)
		sum = (sum ^ lanes[k] ^ lanes[k] >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
	return sum;
}

/* Reading the file */

static bool head_read(kb_str file, struct head *head)
{
	uint64_t sum;
	if (file.len < sizeof *head + sizeof sum)
		return false;
	memcpy(head, file.data, sizeof *head);
	memcpy(&sum, file.data + file.len - sizeof sum, sizeof sum);
	return head->magic == MAGIC && head->format == FORMAT && head->size == file.len &&
	       head->records <= file.len && head->ndocs <= head->records &&
	       sum == kb_search_checksum(kb_str_sub(file, 0, file.len - sizeof sum));
}

static struct record *records_read(const struct kb_library *lib, struct kb_arena *arena,
	kb_str file, const struct head *head)
{
	struct record *records =
		kb_arena_array(arena, struct record, (size_t)head->ndocs + 1);
	struct kb_document *docs =
		kb_arena_array(arena, struct kb_document, (size_t)head->ndocs + 1);
	kb_str rest = kb_str_sub(file, sizeof *head, sizeof *head + head->records);
	for (uint32_t i = 0; i < head->ndocs; i++) {
		records[i].doc = &docs[i];
		if (!kb_record_read(lib, arena, &rest, &records[i]))
			return NULL;
	}
	return records;
}

/* The locales' dictionaries stand behind the records, each with its length. */
static bool dicts_read(kb_str file, const struct head *head, struct dict *dicts)
{
	kb_str rest = kb_str_sub(file, sizeof *head + head->records, file.len), bytes;
	for (uint32_t l = 0; l < head->nlocales; l++)
		if (!take_text(&rest, &bytes) || !dict_open(&dicts[l], bytes))
			return false;
	return true;
}

/* What speaks of all documents: the program, the configuration and the taxonomy. */
static void hash_whole(struct load *load, struct kb_reader *reader)
{
	_cleanup_buf_ kb_buf all = {0}, taxonomy = {0};
	kb_reader_read(reader, KB_STR("taxonomy.yaml"), 0, &taxonomy, NULL);
	put_number(&all, FORMAT);
	put_text(&all, KB_STR(KB_VERSION));
	put_text(&all, kb_library_config_text(load->lib));
	put_text(&all, kb_buf_view(&taxonomy));
	kb_blob_id(kb_buf_view(&all), load->whole);
}

static void take_kept(struct load *load)
{
	const struct kb_library *lib = load->lib;
	load->all = true;
	if (!load->kept.len || !head_read(load->kept, &load->head) ||
		strncmp(load->head.whole, load->whole, sizeof load->whole) != 0 ||
		load->head.nlocales != lib->config->nlocales ||
		(uint64_t)lib->now < load->head.from ||
		(uint64_t)lib->now >= load->head.until)
		return;
	load->dicts = kb_arena_array(load->arena, struct dict, load->head.nlocales);
	if (!dicts_read(load->kept, &load->head, load->dicts))
		return;
	load->records = records_read(lib, load->arena, load->kept, &load->head);
	load->all = !load->records;
	load->states =
		kb_arena_array(load->arena, struct state, (size_t)load->head.ndocs + 1);
}

/* Is the file still what the record is of? */
static bool is_same(struct load *load, struct kb_reader *reader,
	const struct kb_entry *entry, struct record *record)
{
	_cleanup_buf_ kb_buf text = {0};
	char blob[41];
	if (entry && entry->stamp && entry->stamp == record->stamp)
		return true;
	if (kb_reader_read(reader, record->doc->path, 0, &text, NULL))
		return false;
	kb_source_blob_id(load->lib->source, record->doc->path, kb_buf_view(&text), blob);
	if (strcmp(blob, record->doc->facts->blob) != 0)
		return false;
	load->changed |=
		entry && entry->stamp; /* it can be told by its stamp from now on */
	record->stamp = entry ? entry->stamp : 0;
	return true;
}

/* All three lists are sorted by path; the paths are those of entries. */
static void compare(struct load *load, struct kb_reader *reader, const kb_str *paths,
	size_t n, bool *wanted)
{
	const struct kb_entry *entry = load->lib->entries;
	size_t r = 0;
	for (size_t i = 0; i < n; i++) {
		while (!kb_str_eq(entry->path, paths[i]))
			entry++;
		while (r < load->head.ndocs &&
			kb_str_cmp(load->records[r].doc->path, paths[i]) < 0)
			r++;
		if (r < load->head.ndocs &&
			kb_str_eq(load->records[r].doc->path, paths[i])) {
			load->states[r].there =
				is_same(load, reader, entry, &load->records[r]);
			wanted[i] = !load->states[r].there;
		}
		load->changed |= wanted[i];
	}
	for (r = 0; r < load->head.ndocs; r++) {
		bool gone = !load->states[r].there;
		load->changed |= gone;
		load->all |= gone && load->records[r].doc->facts->type == KB_SNIPPET;
	}
	load->all |= load->changed && load->head.mixed;
}

/* Has a snippet the id of a document that is none? Which of them is included depends on
 * the others then: all is made anew with each change until the id is mended. */
static bool has_mixed(const struct kb_library *lib)
{
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];
		for (uint32_t l = 0; doc->family && l < lib->config->nlocales; l++) {
			const struct kb_document *other = doc->family->by_locale[l];
			if (other && (other->facts->type == KB_SNIPPET) !=
					     (doc->facts->type == KB_SNIPPET))
				return true;
		}
	}
	return false;
}

/* What is read may include what has not changed. */
static void want_snippets(struct load *load, const kb_str *paths, size_t n, bool *wanted)
{
	size_t r = 0;
	for (size_t i = 0; i < n; i++) {
		while (r < load->head.ndocs &&
			kb_str_cmp(load->records[r].doc->path, paths[i]) < 0)
			r++;
		if (r < load->head.ndocs && !wanted[i] &&
			load->records[r].doc->facts->type == KB_SNIPPET)
			wanted[i] = load->states[r].is_read = true;
	}
}

static void choose(void *ctx, const struct kb_library *lib, const kb_str *paths, size_t n,
	bool *wanted)
{
	struct load *load = ctx;
	struct kb_reader *reader = kb_reader_new(load->source);
	bool some = false;
	load->lib = lib;
	if (!load->whole[0]) {
		hash_whole(load, reader);
		take_kept(load);
	}
	if (!load->all)
		compare(load, reader, paths, n, wanted);
	load->changed |= load->all;
	for (size_t i = 0; i < n; i++) {
		wanted[i] |= load->all;
		some |= wanted[i];
	}
	if (some && !load->all)
		want_snippets(load, paths, n, wanted);
	load->count = kb_count_new(lib, load->workers, (uint32_t)n);
	kb_reader_free(reader);
}

static void see(void *ctx, uint32_t number, const struct kb_document *doc,
	struct kb_md *md, unsigned worker)
{
	struct load *load = ctx;
	kb_count_see(load->count, number, doc, md, worker);
}

/* Writing the file */

struct parts { /* what the new index is made of */
	struct {
		KB_VEC(struct record);
	} records;
	uint32_t *kept, *loaded; /* their numbers in the new one */
};

static struct record record_of(const struct load *load, uint32_t number)
{
	struct kb_document *doc = load->lib->docs[number];
	const struct kb_entry *entry = kb_library_entry(load->lib, doc->path);
	/* What could not be read is tried again. */
	struct record record = {
		.doc = doc, .stamp = entry && *doc->facts->blob ? entry->stamp : 0};
	memcpy(record.lengths, kb_count_lengths(load->count, number),
		sizeof record.lengths);
	return record;
}

/* Those that stay and those that were read, by path. */
static void parts_collect(const struct load *load, struct parts *parts)
{
	const struct kb_library *lib = load->lib;
	uint32_t nkept = load->all ? 0 : load->head.ndocs, r = 0, d = 0;
	parts->kept = kb_arena_array(load->arena, uint32_t, (size_t)nkept + 1);
	parts->loaded = kb_arena_array(load->arena, uint32_t, (size_t)lib->ndocs + 1);
	while (r < nkept || d < lib->ndocs) {
		bool stays =
			r < nkept && load->states[r].there && !load->states[r].is_read;
		if (r < nkept && !stays) {
			parts->kept[r++] = KB_GONE;
			continue;
		}
		bool is_kept = r < nkept &&
			       (d == lib->ndocs || kb_str_cmp(load->records[r].doc->path,
							   lib->docs[d]->path) < 0);
		*(is_kept ? &parts->kept[r] : &parts->loaded[d]) =
			(uint32_t)parts->records.len;
		kb_vec_push(
			&parts->records, is_kept ? load->records[r] : record_of(load, d));
		r += is_kept;
		d += !is_kept;
	}
}

static void write_dict(struct load *load, const struct parts *parts,
	const struct dict *kept, uint32_t locale, kb_buf *out)
{
	struct dict_part *all =
		kb_arena_array(load->arena, struct dict_part, 2 * load->workers + 1);
	struct dict dict;
	size_t n = 0;
	if (kept)
		all[n++] = (struct dict_part){*kept, parts->kept, load->head.ndocs};
	for (uint32_t i = 0; kb_count_dict(load->count, locale, i, &dict); i++)
		all[n++] = (struct dict_part){dict, parts->loaded, load->lib->ndocs};
	dict_merge(out, all, n);
}

/* When the next snippet comes or goes, and when the last one did. */
static void head_times(struct head *head, const struct parts *parts, uint64_t now)
{
	head->until = UINT64_MAX;
	for (size_t i = 0; i < parts->records.len; i++) {
		const struct kb_document *doc = parts->records.items[i].doc;
		const time_t times[] = {doc->facts->publish_at, doc->facts->expires_at};
		for (size_t k = 0; doc->facts->type == KB_SNIPPET && k < KB_LEN(times);
			k++) {
			uint64_t t = (uint64_t)times[k];
			if (t <= now && t > head->from)
				head->from = t;
			else if (t > now && t < head->until)
				head->until = t;
		}
	}
}

static void write_index(struct load *load, kb_buf *out)
{
	const struct kb_library *lib = load->lib;
	struct parts parts = {0};
	struct head head = {.magic = MAGIC,
		.format = FORMAT,
		.nlocales = lib->config->nlocales,
		.mixed = has_mixed(lib)};
	kb_count_finish(load->count, load->workers);
	parts_collect(load, &parts);
	memcpy(head.whole, load->whole, sizeof head.whole);
	head.ndocs = (uint32_t)parts.records.len;
	head_times(&head, &parts, (uint64_t)lib->now);
	kb_buf_add(out, &head, sizeof head);
	for (size_t i = 0; i < parts.records.len; i++)
		kb_record_write(out, &parts.records.items[i]);
	head.records = out->len - sizeof head;
	for (uint32_t l = 0; l < head.nlocales; l++) {
		_cleanup_buf_ kb_buf dict = {0};
		write_dict(load, &parts, load->all ? NULL : &load->dicts[l], l, &dict);
		put_text(out, kb_buf_view(&dict));
	}
	head.size = out->len + sizeof(uint64_t);
	memcpy(out->data, &head, sizeof head);
	uint64_t sum = kb_search_checksum(kb_buf_view(out));
	kb_buf_add(out, &sum, sizeof sum);
	kb_vec_dispose(&parts.records);
}

/* Taking it into use */

static void shards_open(struct kb_search *search, kb_str file, const struct head *head)
{
	const struct kb_library *lib = search->lib;
	struct dict *dicts = kb_arena_array(search->arena, struct dict, head->nlocales);
	dicts_read(file, head, dicts);
	search->shards = kb_arena_array(search->arena, struct shard, head->nlocales);
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];
		struct shard *shard = &search->shards[doc->locale];
		if (doc->facts->broken || doc->facts->type == KB_SNIPPET)
			continue;
		shard->ndocs++;
		for (int f = 0; f < NFIELDS; f++)
			shard->mean[f] += search->lengths[d][f];
	}
	for (uint32_t l = 0; l < head->nlocales; l++) {
		struct shard *shard = &search->shards[l];
		shard->dict = dicts[l];
		shard->asker = kb_stemmer_new(lib->config->locales[l].code);
		for (int f = 0; f < NFIELDS; f++)
			shard->mean[f] /= shard->ndocs ? shard->ndocs : 1;
	}
}

/* The library's documents are those of the index from now on. */
static void use(struct kb_search *search, struct kb_library *lib, kb_str file,
	const struct head *head, const struct record *records)
{
	search->lib = lib;
	lib->ndocs = head->ndocs;
	lib->docs = kb_arena_array(search->arena, struct kb_document *, head->ndocs + 1);
	search->lengths = kb_arena_alloc(
		search->arena, kb_size_mul(head->ndocs + 1, sizeof *search->lengths));
	for (uint32_t i = 0; i < head->ndocs; i++) {
		lib->docs[i] = records[i].doc;
		memcpy(search->lengths[i], records[i].lengths, sizeof *search->lengths);
	}
	kb_library_regroup(lib);
	shards_open(search, file, head);
}

static bool has_new_snippet(const struct load *load)
{
	uint32_t r = 0;
	for (uint32_t d = 0; d < load->lib->ndocs; d++) {
		const struct kb_document *doc = load->lib->docs[d];
		while (r < load->head.ndocs &&
			kb_str_cmp(load->records[r].doc->path, doc->path) < 0)
			r++;
		bool is_known = r < load->head.ndocs && load->states[r].is_read &&
				kb_str_eq(load->records[r].doc->path, doc->path);
		if (doc->facts->type == KB_SNIPPET && !is_known)
			return true;
	}
	return false;
}

static int load_library(struct load *load, struct kb_library **lib,
	const struct kb_library_options *options, struct kb_diags *diags,
	struct kb_error *err)
{
	const struct kb_library_watch watch = {choose, see, load};
	struct kb_library_options own = *options;
	own.watch = &watch;
	own.like = NULL;
	return kb_library_load(lib, load->source, &own, diags, err);
}

/* Again, with all documents. */
static int load_all(struct load *load, struct kb_library **lib,
	const struct kb_library_options *options, struct kb_diags *diags,
	struct kb_error *err)
{
	load->all = true;
	kb_count_free(KB_TAKE(load->count));
	kb_library_free(*lib);
	*lib = NULL;
	kb_diags_dispose(diags);
	kb_diags_init(diags, NULL);
	return load_library(load, lib, options, diags, err);
}

static int finish(
	struct load *load, struct kb_library *lib, kb_str path, struct kb_error *err)
{
	struct kb_search *search = load->search;
	struct head head = load->head;
	const struct record *records = load->records;
	kb_str file = search->map;
	if (load->changed) {
		write_index(load, &search->bytes);
		file = kb_buf_view(&search->bytes);
		memcpy(&head, file.data, sizeof head);
		records = records_read(lib, search->arena, file, &head);
		if (!records)
			return kb_error_set(err, KB_E_IO,
				"the search index cannot be read after it was made");
		if (path.len)
			kb_cache_write(path.data, file);
	}
	use(search, lib, file, &head, records);
	return 0;
}

int kb_search_load(struct kb_search **out, struct kb_library **lib,
	struct kb_source *source, const struct kb_library_options *options,
	struct kb_diags *diags, struct kb_error *err)
{
	struct kb_search *search = kb_xcalloc(1, sizeof *search);
	struct load load = {.source = source, .search = search};
	int rc;
	search->arena = load.arena = kb_arena_new();
	load.workers = kb_parallel_workers(options->threads, SIZE_MAX);
	bool own = false;
	kb_str path = kb_source_cache(source, search->arena, "search", &own);
	if (!own)
		path = KB_STR("");
	if (path.len && kb_file_map(path.data, &search->map))
		load.kept = search->map;
	*lib = NULL;
	rc = load_library(&load, lib, options, diags, err);
	if (rc == 0 && !load.all && (has_new_snippet(&load) || has_mixed(*lib)))
		rc = load_all(&load, lib, options, diags, err);
	if (rc == 0)
		rc = finish(&load, *lib, path, err);
	kb_count_free(load.count);
	if (rc)
		kb_search_free(search);
	else
		*out = search;
	return rc;
}

void kb_search_free(struct kb_search *search)
{
	if (!search)
		return;
	for (uint32_t l = 0; search->shards && l < search->lib->config->nlocales; l++)
		kb_stemmer_free(search->shards[l].asker);
	kb_buf_dispose(&search->bytes);
	kb_file_unmap(search->map);
	kb_arena_free(search->arena);
	free(search);
}
