#include "kb/search_export.h"

#include <stdio.h>

#include "kb/hash.h"
#include "kb/pool.h"
#include "kb/vec.h"
#include "view.h"

enum {
	PART_MAX = 6000,
	POSTINGS_MAX = 4000,
	CHUNKS = 64, /* at most */
	CHUNK_WORDS = 50
};

/* Parts hold at least so many bytes, and then end before one of so many words. All
 * readers fetch the list of the parts, so there are few large ones where there are many
 * words. */
struct part_size {
	uint32_t documents;
	size_t least;
	uint64_t every;
};

static const struct part_size part_sizes[] = {
	{150, 160, 4}, {800, 600, 8}, {UINT32_MAX, 1200, 16}};

/* Words and keys one after the other, which one thread looks up. */
struct export_chunk {
	uint32_t word, word_end, key, key_end;
	kb_buf entries; /* of each: struct entry, its text, its postings */
};

struct entry {
	uint32_t text, postings; /* bytes */
	uint32_t n;		 /* of postings */
	bool is_word;
};

struct export_worker {
	struct kb_arena *arena;
	struct kb_stemmer *stemmer;
	struct view *view;
	kb_buf postings;
};

struct export
{
	const struct kb_search_export_options *options;
	const struct kb_search *search;
	const struct dict *dict;
	struct kb_arena *arena;
	struct view *view;
	uint32_t *numbers; /* by document, among those of the locale */
	struct export_worker *workers;
	struct export_chunk *chunks;
	uint32_t nchunks;
	enum kb_search_part kind;
	const struct part_size *size;
	kb_buf part, first, before;
	struct {
		KB_VEC(kb_str);
	} endings;
	struct kb_error *err;
};

void kb_search_put_number(kb_buf *out, uint32_t n)
{
	if (n >= 0x800 - '#' - 1) {
		kb_buf_utf8(out, 0x800 + (n >> 10));
		n &= 1023;
	}
	n += '#';
	kb_buf_utf8(out, n < '\\' ? n : n + 1);
}

/* May a part end before this text? */
static bool cuts(const struct export *e, kb_str text)
{
	return e->part.len >= PART_MAX ||
	       (e->part.len >= e->size->least && kb_hash64(text) % e->size->every == 0);
}

static int put_part(struct export *e, enum kb_search_part kind, kb_str first, kb_str text,
	char name[KB_SEARCH_NAME + 1])
{
	char hex[17];

	snprintf(hex, sizeof(hex), "%016llx", (unsigned long long)kb_hash64(text));
	memcpy(name, hex, KB_SEARCH_NAME);
	name[KB_SEARCH_NAME] = '\0';
	return e->options->put(
		e->options->ctx, kind, first, kb_str_of(name), text, e->err);
}

static int end_part(struct export *e)
{
	char name[KB_SEARCH_NAME + 1];
	int failed = 0;

	if (e->part.len)
		failed = put_part(
			e, e->kind, kb_buf_view(&e->first), kb_buf_view(&e->part), name);
	kb_buf_clear(&e->part);
	return failed;
}

static uint32_t units(kb_str s)
{
	uint32_t n = 0;

	for (size_t at = 0; at < s.len;)
		n += kb_utf8_next(s, &at) >= 0x10000 ? 2 : 1;
	return n;
}

/* The bytes that two have in common, in whole characters. */
static size_t shared(kb_str a, kb_str b)
{
	size_t n = 0;

	while (n < a.len && n < b.len && a.data[n] == b.data[n])
		n++;
	while (n && n < b.len && ((unsigned char)b.data[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Begins an entry, in a new part where one may begin. */
static int begin_entry(struct export *e, kb_str text)
{
	kb_str before = kb_buf_view(&e->before);
	size_t same = shared(before, text), next = same;

	if (!e->part.len || cuts(e, text)) {
		if (end_part(e) < 0)
			return -1;
		if (next < text.len)
			kb_utf8_next(text, &next);
		kb_buf_clear(&e->first);
		kb_buf_str(&e->first, kb_str_sub(text, 0, next));
		same = 0;
	}
	kb_search_put_number(&e->part, units(kb_str_sub(text, 0, same)));
	kb_search_put_number(&e->part, units(kb_str_sub(text, same, text.len)));
	kb_buf_str(&e->part, kb_str_sub(text, same, text.len));
	kb_buf_clear(&e->before);
	kb_buf_str(&e->before, text);
	return 0;
}

static void put_posting(const struct export *e, struct export_worker *w,
	const struct weighed *found, kb_str key, uint32_t *before)
{
	const struct view_title *title =
		found->in_title ? view_title(w->view, found->doc) : NULL;
	uint32_t number = e->numbers[found->doc];
	uint32_t at = title && title->nwords ? view_title_at(title, key) : KB_NONE;

	kb_search_put_number(
		&w->postings, 2 * (number - *before) + (at != KB_NONE ? 1 : 0));
	kb_search_put_number(&w->postings, found->weight);
	if (at != KB_NONE)
		kb_search_put_number(&w->postings, at * TITLE_WORDS + title->nwords - 1);
	*before = number;
}

static void look_up(const struct export *e, struct export_worker *w,
	struct export_chunk *chunk, kb_str text, bool is_word, bool is_key)
{
	uint32_t before = 0;
	size_t n = is_key ? view_postings(w->view, e->options->locale, text) : 0;
	struct entry entry = {
		.text = (uint32_t)text.len, .n = (uint32_t)n, .is_word = is_word};

	if (!n && !is_word)
		return;
	kb_buf_clear(&w->postings);
	for (size_t i = 0; i < n; i++)
		put_posting(e, w, &w->view->found[i], text, &before);
	entry.postings = (uint32_t)w->postings.len;
	kb_buf_add(&chunk->entries, &entry, sizeof(entry));
	kb_buf_str(&chunk->entries, text);
	kb_buf_str(&chunk->entries, kb_buf_view(&w->postings));
}

static bool next_word(const struct export *e, const struct view *view,
	struct export_chunk *chunk, kb_str *fold)
{
	return view_next_form(view, e->dict, &chunk->word, fold) &&
	       chunk->word <= chunk->word_end;
}

/* The words and keys of a chunk, merged. */
static void look_up_chunk(void *ctx, size_t index, unsigned worker)
{
	const struct export *e = ctx;
	struct export_worker *w = &e->workers[worker];
	struct export_chunk *chunk = &e->chunks[index];
	kb_str fold, key;
	bool has_word = next_word(e, w->view, chunk, &fold);
	bool has_key = chunk->key < chunk->key_end && dict_key(e->dict, chunk->key, &key);

	while (has_word || has_key) {
		int order = !has_word ? 1 : !has_key ? -1 : kb_str_cmp(fold, key);

		look_up(e, w, chunk, order <= 0 ? fold : key, order <= 0, order >= 0);
		if (order <= 0)
			has_word = next_word(e, w->view, chunk, &fold);
		if (order >= 0)
			has_key = ++chunk->key < chunk->key_end &&
				  dict_key(e->dict, chunk->key, &key);
	}
}

static int put_entry(
	struct export *e, const struct entry *entry, kb_str text, kb_str postings)
{
	char name[KB_SEARCH_NAME + 1] = "";
	bool apart = postings.len > POSTINGS_MAX;

	if (begin_entry(e, text) < 0 ||
		(apart && put_part(e, KB_SEARCH_POSTINGS, text, postings, name) < 0))
		return -1;
	kb_search_put_number(
		&e->part, entry->n << 2 | (apart ? 2 : 0) | (entry->is_word ? 1 : 0));
	if (apart)
		kb_buf_puts(&e->part, name);
	else
		kb_buf_str(&e->part, postings);
	return 0;
}

static kb_str backwards(struct kb_arena *arena, kb_str s)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t end = s.len, at; end; end = at) {
		at = end - 1;
		while (at && ((unsigned char)s.data[at] & 0xc0) == 0x80)
			at--;
		kb_buf_str(&out, kb_str_sub(s, at, end));
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static int put_chunk(struct export *e, const struct export_chunk *chunk)
{
	kb_str rest = kb_buf_view(&chunk->entries);

	while (rest.len) {
		struct entry entry;
		kb_str text, postings;

		memcpy(&entry, rest.data, sizeof(entry));
		rest = kb_str_sub(rest, sizeof(entry), rest.len);
		text = kb_str_sub(rest, 0, entry.text);
		postings = kb_str_sub(rest, entry.text, entry.text + entry.postings);
		rest = kb_str_sub(rest, entry.text + entry.postings, rest.len);
		if (put_entry(e, &entry, text, postings) < 0)
			return -1;
		if (entry.is_word)
			kb_vec_push(&e->endings, backwards(e->arena, text));
	}
	return 0;
}

/* The first key that is not below TEXT. */
static uint32_t key_from(const struct dict *dict, kb_str text)
{
	uint32_t low = 0, high = dict->nkeys;
	kb_str key;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (dict_key(dict, mid, &key) && kb_str_cmp(key, text) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Chunks end between words that are folded otherwise. */
static void make_chunks(struct export *e)
{
	uint32_t nwords = e->dict->nwords, n = nwords / CHUNK_WORDS + 1;
	struct export_chunk *last;

	n = n < CHUNKS ? n : CHUNKS;
	e->chunks = kb_arena_array(e->arena, struct export_chunk, n);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t from = (uint32_t)((uint64_t)nwords * i / n);
		struct export_chunk *chunk = &e->chunks[e->nchunks];
		struct dict_word word;

		if (i && !dict_word(e->dict, from, &word))
			continue;
		if (i) {
			chunk->word = dict_from(e->dict, word.fold);
			chunk->key = key_from(e->dict, word.fold);
			chunk[-1].word_end = chunk->word;
			chunk[-1].key_end = chunk->key;
		}
		e->nchunks++;
	}
	last = &e->chunks[e->nchunks - 1];
	last->word_end = nwords;
	last->key_end = e->dict->nkeys;
}

static void know(void *ctx, size_t doc, unsigned worker)
{
	const struct export *e = ctx;

	if (e->view->readable[doc])
		view_know(e->view, (uint32_t)doc, e->workers[worker].arena,
			e->workers[worker].stemmer);
}

/* Entries are looked up by several threads, and put in order by one. */
static int put_words(struct export *e)
{
	const struct kb_library *lib = e->search->lib;
	unsigned threads = e->options->threads;
	unsigned n = kb_parallel_workers(threads, SIZE_MAX);
	int failed = 0;

	make_chunks(e);
	e->kind = KB_SEARCH_WORDS;
	e->workers = kb_arena_array(e->arena, struct export_worker, n);
	for (unsigned i = 0; i < n; i++) {
		struct export_worker *w = &e->workers[i];

		w->arena = kb_arena_new();
		w->stemmer =
			kb_stemmer_new(lib->config->locales[e->options->locale].code);
		w->view = view_copy(e->view, w->arena);
	}
	kb_parallel(threads, lib->ndocs, know, e);
	kb_parallel(threads, e->nchunks, look_up_chunk, e);
	for (uint32_t i = 0; i < e->nchunks; i++) {
		failed = failed || put_chunk(e, &e->chunks[i]) < 0;
		kb_buf_dispose(&e->chunks[i].entries);
	}
	for (unsigned i = 0; i < n; i++) {
		kb_buf_dispose(&e->workers[i].postings);
		kb_stemmer_free(e->workers[i].stemmer);
		kb_arena_free(e->workers[i].arena);
	}
	return failed ? -1 : end_part(e);
}

static int by_bytes(const void *a, const void *b)
{
	return kb_str_cmp(*(const kb_str *)a, *(const kb_str *)b);
}

static int put_endings(struct export *e)
{
	if (e->endings.len)
		qsort(e->endings.items, e->endings.len, sizeof(*e->endings.items),
			by_bytes);
	e->kind = KB_SEARCH_ENDINGS;
	kb_buf_clear(&e->before);
	for (size_t i = 0; i < e->endings.len; i++)
		if (begin_entry(e, e->endings.items[i]) < 0)
			return -1;
	return end_part(e);
}

static void number_documents(struct export *e)
{
	const struct kb_library *lib = e->search->lib;
	bool *readable = kb_arena_array(e->arena, bool, (size_t)lib->ndocs + 1);
	uint32_t n = 0;

	e->numbers = kb_arena_array(e->arena, uint32_t, (size_t)lib->ndocs + 1);
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		readable[d] = e->options->readable[d] &&
			      lib->docs[d]->locale == e->options->locale;
		if (readable[d])
			e->numbers[d] = n++;
	}
	e->size = part_sizes;
	while (n > e->size->documents)
		e->size++;
	e->view = view_new(e->search, e->arena, e->options->audience, readable);
}

int kb_search_export(const struct kb_search *search,
	const struct kb_search_export_options *options, struct kb_error *err)
{
	struct export e = {.options = options,
		.search = search,
		.dict = &search->shards[options->locale].dict,
		.arena = kb_arena_new(),
		.err = err};
	int failed;

	number_documents(&e);
	failed = put_words(&e) < 0 || put_endings(&e) < 0;
	kb_vec_dispose(&e.endings);
	kb_buf_dispose(&e.part);
	kb_buf_dispose(&e.first);
	kb_buf_dispose(&e.before);
	kb_arena_free(e.arena);
	return failed ? -1 : 0;
}
