#include "kb/search_export.h"

#include <stdio.h>

#include "kb/hash.h"
#include "kb/pool.h"
#include "kb/vec.h"
#include "entry_sign.h"
#include "kept_parts.h"
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
	uint32_t documents, words;
	size_t least;
	uint64_t every;
};

static const struct part_size part_sizes[] = {
	{150, 4000, 140, 4}, {800, 40000, 600, 8}, {UINT32_MAX, UINT32_MAX, 1200, 16}};

/* Words and keys one after the other, which one thread looks up. */
struct export_chunk {
	uint32_t word, word_end, key, key_end;
	const struct kept_part *kept; /* what they were in, or NULL */
	uint64_t apart;		      /* the first of its kept postings */
	bool same;		      /* as what is kept; they are not looked up */
	kb_buf entries;		      /* of each: struct entry, its text, its postings */
};

struct entry {
	uint64_t sign;
	const struct kept_postings *kept; /* its postings, or NULL */
	uint32_t text, postings;	  /* bytes */
	uint32_t n;			  /* of postings */
	bool is_word;
};

struct export_worker {
	struct kb_arena *arena;
	struct kb_stemmer *stemmer;
	struct view *view;
	kb_buf postings;
	uint64_t sign; /* of the chunk in hand */
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
	struct entry_signs signs; /* if anything is to be kept */
	struct kept_parts kept, keep;
	kb_map kept_map;
	enum kb_search_part kind;
	const struct part_size *size;
	kb_buf part, first, before;
	struct kept_part begun; /* the part that is being made; strings are not set */
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

static kb_str keep_str(const struct export *e, const kb_buf *buf)
{
	return kb_arena_str(e->arena, kb_buf_view(buf));
}

static void keep_part(struct export *e, const char *name)
{
	if (!e->options->keep)
		return;
	if (e->kind == KB_SEARCH_ENDINGS) {
		kb_vec_push(&e->keep.endings,
			((struct kept_ending){keep_str(e, &e->first),
				kb_arena_str(e->arena, kb_str_of(name))}));
		return;
	}
	e->begun.name = kb_arena_str(e->arena, kb_str_of(name));
	e->begun.last = keep_str(e, &e->before);
	kb_vec_push(&e->keep.words, e->begun);
}

static int end_part(struct export *e)
{
	char name[KB_SEARCH_NAME + 1];

	if (!e->part.len)
		return 0;
	if (put_part(e, e->kind, kb_buf_view(&e->first), kb_buf_view(&e->part), name) < 0)
		return -1;
	keep_part(e, name);
	kb_buf_clear(&e->part);
	return 0;
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

/* The least text that is above the entry before. */
static void set_first(struct export *e, kb_str text)
{
	size_t next = shared(kb_buf_view(&e->before), text);

	if (next < text.len)
		kb_utf8_next(text, &next);
	kb_buf_clear(&e->first);
	kb_buf_str(&e->first, kb_str_sub(text, 0, next));
}

static void set_before(struct export *e, kb_str text)
{
	kb_buf_clear(&e->before);
	kb_buf_str(&e->before, text);
}

/* Begins an entry, in a new part where one may begin. */
static int begin_entry(struct export *e, kb_str text)
{
	size_t same = shared(kb_buf_view(&e->before), text);

	if (!e->part.len || cuts(e, text)) {
		if (end_part(e) < 0)
			return -1;
		set_first(e, text);
		e->begun = (struct kept_part){.text = kb_arena_str(e->arena, text)};
		same = 0;
	}
	kb_search_put_number(&e->part, units(kb_str_sub(text, 0, same)));
	kb_search_put_number(&e->part, units(kb_str_sub(text, same, text.len)));
	kb_buf_str(&e->part, kb_str_sub(text, same, text.len));
	set_before(e, text);
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

/* What becomes of a word, a key, or a text that is both. */
typedef void visit_fn(const struct export *e, struct export_worker *w,
	struct export_chunk *chunk, kb_str text, bool is_word, bool is_key);

static void look_up(const struct export *e, struct export_worker *w,
	struct export_chunk *chunk, kb_str text, bool is_word, bool is_key)
{
	uint32_t before = 0;
	struct entry entry = {.text = (uint32_t)text.len, .is_word = is_word};
	size_t n = 0;

	if (e->options->keep)
		entry.sign = entry_sign(&e->signs, text, is_word, is_key);
	entry.kept = kept_find(&e->kept_map, entry.sign);
	if (is_key && !entry.kept)
		n = view_postings(w->view, e->options->locale, text);
	if (!n && !is_word && !entry.kept)
		return;
	entry.n = (uint32_t)(entry.kept ? entry.kept->n : n);
	kb_buf_clear(&w->postings);
	for (size_t i = 0; i < n; i++)
		put_posting(e, w, &w->view->found[i], text, &before);
	entry.postings = (uint32_t)w->postings.len;
	kb_buf_add(&chunk->entries, &entry, sizeof(entry));
	kb_buf_str(&chunk->entries, text);
	kb_buf_str(&chunk->entries, kb_buf_view(&w->postings));
}

/* The words and keys of a chunk, merged. */
static void walk_chunk(const struct export *e, struct export_worker *w,
	struct export_chunk *chunk, visit_fn *visit)
{
	uint32_t word = chunk->word, nkey = chunk->key;
	kb_str fold, key;
	bool has_word =
		view_next_form(w->view, e->dict, &word, &fold) && word <= chunk->word_end;
	bool has_key = nkey < chunk->key_end && dict_key(e->dict, nkey, &key);

	while (has_word || has_key) {
		int order = !has_word ? 1 : !has_key ? -1 : kb_str_cmp(fold, key);

		visit(e, w, chunk, order <= 0 ? fold : key, order <= 0, order >= 0);
		if (order <= 0)
			has_word = view_next_form(w->view, e->dict, &word, &fold) &&
				   word <= chunk->word_end;
		if (order >= 0)
			has_key =
				++nkey < chunk->key_end && dict_key(e->dict, nkey, &key);
	}
}

static void add_sign(const struct export *e, struct export_worker *w,
	struct export_chunk *chunk, kb_str text, bool is_word, bool is_key)
{
	uint64_t sign = entry_sign(&e->signs, text, is_word, is_key);

	(void)chunk;
	if (sign)
		w->sign = entry_signs_add(w->sign, sign);
}

static void look_up_chunk(void *ctx, size_t index, unsigned worker)
{
	const struct export *e = ctx;
	struct export_worker *w = &e->workers[worker];
	struct export_chunk *chunk = &e->chunks[index];

	w->sign = 0;
	if (chunk->kept)
		walk_chunk(e, w, chunk, add_sign);
	chunk->same = chunk->kept && w->sign == chunk->kept->sign;
	if (!chunk->same)
		walk_chunk(e, w, chunk, look_up);
}

static int put_kept_postings(struct export *e, const struct kept_postings *kept)
{
	const struct kb_search_export_options *options = e->options;

	kb_vec_push(&e->keep.apart, *kept);
	return options->put(options->ctx, KB_SEARCH_POSTINGS, KB_STR_NULL, kept->name,
		KB_STR_NULL, e->err);
}

/* Puts postings into a file of their own. */
static int put_apart(struct export *e, const struct entry *entry, kb_str text,
	kb_str postings, kb_str *name)
{
	char own[KB_SEARCH_NAME + 1];

	e->begun.apart++;
	*name = entry->kept ? entry->kept->name : KB_STR("");
	if (entry->kept)
		return put_kept_postings(e, entry->kept);
	if (put_part(e, KB_SEARCH_POSTINGS, text, postings, own) < 0)
		return -1;
	*name = kb_arena_str(e->arena, kb_str_of(own));
	kb_vec_push(
		&e->keep.apart, ((struct kept_postings){entry->sign, entry->n, *name}));
	return 0;
}

static int put_entry(
	struct export *e, const struct entry *entry, kb_str text, kb_str postings)
{
	bool apart = entry->kept || postings.len > POSTINGS_MAX;

	if (begin_entry(e, text) < 0 ||
		(apart && put_apart(e, entry, text, postings, &postings) < 0))
		return -1;
	kb_search_put_number(
		&e->part, entry->n << 2 | (apart ? 2 : 0) | (entry->is_word ? 1 : 0));
	kb_buf_str(&e->part, postings);
	e->begun.sign = entry_signs_add(e->begun.sign, entry->sign);
	e->begun.forms += entry->is_word ? kb_hash64(text) : 0;
	return 0;
}

static kb_str take_entry(kb_str *rest, struct entry *entry, kb_str *postings)
{
	kb_str text;

	memcpy(entry, rest->data, sizeof(*entry));
	*rest = kb_str_sub(*rest, sizeof(*entry), rest->len);
	text = kb_str_sub(*rest, 0, entry->text);
	*postings = kb_str_sub(*rest, entry->text, entry->text + entry->postings);
	*rest = kb_str_sub(*rest, entry->text + entry->postings, rest->len);
	return text;
}

/* Does the next part begin where it began? Then the one before ends where it ended. */
static bool next_begins(const struct export *e, uint32_t i)
{
	const struct export_chunk *next = &e->chunks[i + 1];
	kb_str rest, postings;
	struct entry entry;

	if (i + 1 == e->nchunks || next->same)
		return true;
	rest = kb_buf_view(&next->entries);
	return rest.len &&
	       kb_str_eq(take_entry(&rest, &entry, &postings), next->kept->text);
}

/* The part stays as it is. */
static int put_kept(struct export *e, const struct export_chunk *chunk)
{
	const struct kept_part *kept = chunk->kept;
	const struct kb_search_export_options *options = e->options;

	if (end_part(e) < 0)
		return -1;
	for (uint64_t i = 0; i < kept->apart; i++)
		if (put_kept_postings(e, &e->kept.apart.items[chunk->apart + i]) < 0)
			return -1;
	set_first(e, kept->text);
	set_before(e, kept->last);
	if (options->put(options->ctx, KB_SEARCH_WORDS, kb_buf_view(&e->first),
		    kept->name, KB_STR_NULL, e->err) < 0)
		return -1;
	kb_vec_push(&e->keep.words, *kept);
	return 0;
}

static int put_chunk(struct export *e, uint32_t i)
{
	struct export_chunk *chunk = &e->chunks[i];
	kb_str rest, postings;

	if (chunk->same && (!e->part.len || cuts(e, chunk->kept->text)) &&
		next_begins(e, i))
		return put_kept(e, chunk);
	if (chunk->same)
		walk_chunk(e, &e->workers[0], chunk, look_up);
	for (rest = kb_buf_view(&chunk->entries); rest.len;) {
		struct entry entry;
		kb_str text = take_entry(&rest, &entry, &postings);

		if (put_entry(e, &entry, text, postings) < 0)
			return -1;
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

/* One for each part that is kept, and one for what is before them. */
static void make_kept_chunks(struct export *e)
{
	uint64_t apart = 0;

	e->nchunks = (uint32_t)e->kept.words.len + 1;
	e->chunks = kb_arena_array(e->arena, struct export_chunk, e->nchunks);
	for (uint32_t i = 0; i < e->nchunks; i++) {
		struct export_chunk *chunk = &e->chunks[i];

		if (i) {
			chunk->kept = &e->kept.words.items[i - 1];
			chunk->apart = apart;
			apart += chunk->kept->apart;
			chunk->word = dict_from(e->dict, chunk->kept->text);
			chunk->key = key_from(e->dict, chunk->kept->text);
			chunk[-1].word_end = chunk->word;
			chunk[-1].key_end = chunk->key;
		}
		chunk->word_end = e->dict->nwords;
		chunk->key_end = e->dict->nkeys;
	}
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
	struct export *e = ctx;

	if (!e->view->readable[doc])
		return;
	if (e->options->keep)
		entry_sign_document(&e->signs, (uint32_t)doc, e->workers[worker].arena);
	else
		view_know(e->view, (uint32_t)doc);
}

static void sign_word(void *ctx, size_t word, unsigned worker)
{
	struct export *e = ctx;

	(void)worker;
	entry_sign_word(&e->signs, (uint32_t)word);
}

static void open_workers(struct export *e, unsigned n)
{
	const struct kb_config *config = e->search->lib->config;

	e->workers = kb_arena_array(e->arena, struct export_worker, n);
	for (unsigned i = 0; i < n; i++) {
		struct export_worker *w = &e->workers[i];

		w->arena = kb_arena_new();
		w->stemmer = kb_stemmer_new(config->locales[e->options->locale].code);
		w->view = view_copy(e->view, w->arena, w->stemmer);
	}
}

static void close_workers(struct export *e, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		kb_buf_dispose(&e->workers[i].postings);
		kb_stemmer_free(e->workers[i].stemmer);
		kb_arena_free(e->workers[i].arena);
	}
}

/* Entries are looked up by several threads, and put in order by one. */
static int put_words(struct export *e)
{
	unsigned threads = e->options->threads;
	unsigned n = kb_parallel_workers(threads, SIZE_MAX);
	int failed = 0;

	if (e->kept.words.len)
		make_kept_chunks(e);
	else
		make_chunks(e);
	e->kind = KB_SEARCH_WORDS;
	open_workers(e, n);
	kb_parallel(threads, e->search->lib->ndocs, know, e);
	if (e->options->keep)
		kb_parallel(threads, e->dict->nwords, sign_word, e);
	kb_parallel(threads, e->nchunks, look_up_chunk, e);
	for (uint32_t i = 0; i < e->nchunks; i++)
		failed = failed || put_chunk(e, i) < 0;
	for (uint32_t i = 0; i < e->nchunks; i++)
		kb_buf_dispose(&e->chunks[i].entries);
	close_workers(e, n);
	return failed ? -1 : end_part(e);
}

static kb_str backwards(struct kb_arena *arena, kb_str s)
{
	char *out = kb_arena_alloc(arena, s.len + 1);
	size_t len = 0;

	for (size_t end = s.len, at; end; end = at) {
		at = end - 1;
		while (at && ((unsigned char)s.data[at] & 0xc0) == 0x80)
			at--;
		memcpy(out + len, s.data + at, end - at);
		len += end - at;
	}
	return (kb_str){out, len};
}

static int by_bytes(const void *a, const void *b)
{
	return kb_str_cmp(*(const kb_str *)a, *(const kb_str *)b);
}

static void add_endings(struct export *e)
{
	uint32_t at = 0;
	kb_str fold;

	while (view_next_form(e->view, e->dict, &at, &fold))
		kb_vec_push(&e->endings, backwards(e->arena, fold));
	if (e->endings.len)
		qsort(e->endings.items, e->endings.len, sizeof(*e->endings.items),
			by_bytes);
}

static int put_kept_endings(struct export *e)
{
	const struct kb_search_export_options *options = e->options;

	for (size_t i = 0; i < e->kept.endings.len; i++) {
		const struct kept_ending *ending = &e->kept.endings.items[i];

		if (options->put(options->ctx, KB_SEARCH_ENDINGS, ending->first,
			    ending->name, KB_STR_NULL, e->err) < 0)
			return -1;
		kb_vec_push(&e->keep.endings, *ending);
	}
	return 0;
}

/* They depend on the words alone. */
static int put_endings(struct export *e)
{
	for (size_t i = 0; i < e->keep.words.len; i++)
		e->keep.forms += e->keep.words.items[i].forms;
	if (e->kept.endings.len && e->kept.forms == e->keep.forms)
		return put_kept_endings(e);
	add_endings(e);
	e->kind = KB_SEARCH_ENDINGS;
	kb_buf_clear(&e->before);
	for (size_t i = 0; i < e->endings.len; i++)
		if (begin_entry(e, e->endings.items[i]) < 0)
			return -1;
	return end_part(e);
}

/* For N documents. */
static const struct part_size *size_for(const struct export *e, uint32_t n)
{
	const struct part_size *size = part_sizes;
	uint32_t nwords = 0, at = 0;
	kb_str fold;

	while (n > size->documents)
		size++;
	while (size->words < UINT32_MAX && view_next_form(e->view, e->dict, &at, &fold))
		if (++nwords > size->words)
			size++;
	return size;
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
	e->view = view_new(e->search, e->arena, e->options->audience, readable);
	e->size = size_for(e, n);
}

static uint64_t hash_settings(const struct export *e)
{
	const struct kb_config *config = e->search->lib->config;
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_counted(&all, config->locales[e->options->locale].code);
	kb_buf_number(&all, e->options->audience);
	kb_buf_number(&all, e->size->documents);
	return kb_hash64(kb_buf_view(&all));
}

static void read_kept(struct export *e)
{
	if (!e->options->keep)
		return;
	entry_signs_init(&e->signs, e->arena, e->view, e->dict, e->numbers);
	e->keep.settings = hash_settings(e);
	if (e->options->kept.len && kept_read(&e->kept, e->options->kept) &&
		e->kept.settings != e->keep.settings)
		kept_dispose(&e->kept);
	kept_map(&e->kept, &e->kept_map);
}

static void dispose(struct export *e)
{
	kept_dispose(&e->kept);
	kept_dispose(&e->keep);
	kb_vec_dispose(&e->endings);
	kb_buf_dispose(&e->part);
	kb_buf_dispose(&e->first);
	kb_buf_dispose(&e->before);
	kb_map_dispose(&e->kept_map);
	kb_arena_free(e->arena);
}

int kb_search_export(const struct kb_search *search,
	const struct kb_search_export_options *options, struct kb_error *err)
{
	struct export e = {.options = options,
		.search = search,
		.arena = kb_arena_new(),
		.err = err};
	int failed;

	kb_search_wait(search);
	e.dict = &search->shards[options->locale].dict;
	number_documents(&e);
	read_kept(&e);
	failed = put_words(&e) < 0 || put_endings(&e) < 0;
	if (!failed && options->keep)
		kept_print(&e.keep, options->keep);
	dispose(&e);
	return failed ? -1 : 0;
}
