/*
 * The words of documents, counted while a library is loaded. Each thread counts for
 * itself; what it has counted becomes a dictionary a locale, and merging those makes the
 * same one however the documents were shared out.
 */
#include "index.h"

#include "kb/pool.h"

struct tally { /* of a word in a document, for an audience */
	uint32_t word, doc;
	uint8_t audience;
	uint8_t count[NFIELDS];
};

struct counter { /* of one thread and locale */
	struct kb_stemmer *stemmer;
	struct {
		KB_VEC(struct tally);
	} tallies;	/* by document */
	uint32_t *last; /* by word and audience: the latest tally */
	size_t nlast;
};

struct worker {
	struct kb_arena *scratch;
	struct kb_reader *reader;
	struct counter *counters; /* one a locale */
};

struct kb_count {
	const struct kb_library *lib; /* may be gone when the count is freed */
	struct kb_arena *arena;
	uint32_t nlocales;
	uint32_t (*lengths)[NFIELDS];
	bool *waits; /* by document: for its snippets */
	uint32_t *waiting;
	/* Those that count while documents are loaded, then those that come after. */
	struct worker *workers;
	unsigned nworkers, nloading;
};

struct kb_count *kb_count_new(
	const struct kb_library *lib, unsigned workers, uint32_t ndocs)
{
	struct kb_count *count = kb_xcalloc(1, sizeof *count);
	count->lib = lib;
	count->nlocales = lib->config->nlocales;
	count->arena = kb_arena_new();
	count->lengths =
		kb_arena_alloc(count->arena, kb_size_mul(ndocs, sizeof *count->lengths));
	count->waits = kb_arena_array(count->arena, bool, ndocs);
	count->nloading = workers;
	count->nworkers = 2 * workers;
	count->workers = kb_arena_array(count->arena, struct worker, count->nworkers);
	for (unsigned i = 0; i < count->nworkers; i++)
		count->workers[i].counters =
			kb_arena_array(count->arena, struct counter, count->nlocales);
	return count;
}

void kb_count_free(struct kb_count *count)
{
	if (!count)
		return;
	for (unsigned i = 0; i < count->nworkers; i++) {
		struct worker *w = &count->workers[i];
		for (uint32_t l = 0; l < count->nlocales; l++) {
			kb_stemmer_free(w->counters[l].stemmer);
			kb_vec_dispose(&w->counters[l].tallies);
			free(w->counters[l].last);
		}
		kb_arena_free(w->scratch);
		kb_reader_free(w->reader);
	}
	kb_arena_free(count->arena);
	free(count);
}

const uint32_t *kb_count_lengths(const struct kb_count *count, uint32_t number)
{
	return count->lengths[number];
}

struct counting { /* one document */
	struct counter *counter;
	uint32_t *lengths;
	uint32_t number, naudiences;
	enum field field;
	unsigned audience;
};

static uint32_t *last_of(struct counter *c, size_t at)
{
	while (at >= c->nlast) {
		size_t n = c->nlast ? 2 * c->nlast : 4096;
		c->last = kb_xrealloc(c->last, n, sizeof *c->last);
		memset(c->last + c->nlast, 0, (n - c->nlast) * sizeof *c->last);
		c->nlast = n;
	}
	return &c->last[at];
}

static bool count_word(void *ctx, const struct kb_word *word)
{
	struct counting *c = ctx;
	struct counter *counter = c->counter;
	const struct kb_keys *keys = kb_stemmer_keys(counter->stemmer, word);
	uint32_t *last =
		last_of(counter, (size_t)keys->number * c->naudiences + c->audience);
	c->lengths[c->field]++;
	/* Tallies are counted from 1, so that 0 is none. */
	if (!*last || counter->tallies.items[*last - 1].doc != c->number) {
		kb_vec_push(
			&counter->tallies, ((struct tally){.word = keys->number,
						   .doc = c->number,
						   .audience = (uint8_t)c->audience}));
		*last = (uint32_t)counter->tallies.len;
	}
	uint8_t *n = &counter->tallies.items[*last - 1].count[c->field];
	if (*n < UINT8_MAX)
		++*n;
	return true;
}

static void count_piece(void *ctx, enum field field, unsigned audience, kb_str text)
{
	struct counting *c = ctx;
	c->field = field;
	c->audience = audience;
	kb_words(text, count_word, c);
}

static bool count_document(struct kb_count *count, struct worker *w, uint32_t number,
	const struct kb_document *doc, struct kb_md *md)
{
	const struct kb_config *config = count->lib->config;
	struct counting c = {.counter = &w->counters[doc->locale],
		.lengths = count->lengths[number],
		.number = number,
		.naudiences = config->naudiences};
	if (!w->scratch)
		w->scratch = kb_arena_new();
	if (!w->reader && !md)
		w->reader = kb_reader_new(count->lib->source);
	if (!c.counter->stemmer)
		c.counter->stemmer = kb_stemmer_new(config->locales[doc->locale].code);
	bool done = kb_search_pieces(
		count->lib, w->reader, w->scratch, doc, md, count_piece, &c);
	kb_arena_reset(w->scratch);
	return done;
}

void kb_count_see(void *ctx, uint32_t number, const struct kb_document *doc,
	struct kb_md *md, unsigned worker)
{
	struct kb_count *count = ctx;
	if (doc->facts->type != KB_SNIPPET)
		count->waits[number] =
			!count_document(count, &count->workers[worker], number, doc, md);
}

static void count_waiting(void *ctx, size_t i, unsigned worker)
{
	struct kb_count *count = ctx;
	uint32_t number = count->waiting[i];
	count_document(count, &count->workers[count->nloading + worker], number,
		count->lib->docs[number], NULL);
}

void kb_count_finish(struct kb_count *count, unsigned threads)
{
	size_t n = 0;
	count->waiting =
		kb_arena_array(count->arena, uint32_t, (size_t)count->lib->ndocs + 1);
	for (uint32_t i = 0; i < count->lib->ndocs; i++)
		if (count->waits[i])
			count->waiting[n++] = i;
	kb_parallel(threads, n, count_waiting, count);
}

static int word_cmp(const void *a, const void *b)
{
	return dict_order(a, b);
}

/* The tallies word by word; FROM[w] is where those of word W begin. */
static struct tally *by_word(const struct counter *c, size_t nwords, size_t *from)
{
	struct tally *sorted = kb_xcalloc(c->tallies.len + 1, sizeof *sorted);
	for (size_t i = 0; i < c->tallies.len; i++)
		from[c->tallies.items[i].word + 1]++;
	for (size_t w = 0; w < nwords; w++)
		from[w + 1] += from[w];
	for (size_t i = 0; i < c->tallies.len; i++)
		sorted[from[c->tallies.items[i].word]++] = c->tallies.items[i];
	for (size_t w = nwords; w > 0; w--)
		from[w] = from[w - 1];
	from[0] = 0;
	return sorted;
}

static void write_postings(kb_buf *out, const struct tally *tallies, size_t n)
{
	struct posting_writer writer = {out, 0};
	for (size_t i = 0; i < n; i++) {
		struct posting p = {tallies[i].doc, tallies[i].audience, {0}};
		memcpy(p.count, tallies[i].count, sizeof p.count);
		posting_put(&writer, &p);
	}
}

static void write_counter(struct counter *c, kb_buf *out)
{
	_cleanup_buf_ kb_buf postings = {0};
	size_t n = 0;
	while (kb_stemmer_known(c->stemmer, n))
		n++;
	_cleanup_free_ size_t *from = kb_xcalloc(n + 2, sizeof *from);
	_cleanup_free_ struct dict_word *words = kb_xcalloc(n + 1, sizeof *words);
	_cleanup_free_ struct tally *tallies = by_word(c, n, from);
	_cleanup_free_ size_t *starts = kb_xcalloc(n + 1, sizeof *starts);
	for (size_t w = 0; w < n; w++) {
		starts[w] = postings.len;
		write_postings(&postings, tallies + from[w], from[w + 1] - from[w]);
	}
	starts[n] = postings.len;
	for (size_t w = 0; w < n; w++) {
		const struct kb_keys *keys = kb_stemmer_known(c->stemmer, w);
		words[w] = (struct dict_word){.lower = keys->lower,
			.fold = keys->word,
			.keys = {keys->keys[0], keys->keys[1]},
			.nkeys = keys->n,
			.postings = {
				postings.data + starts[w], starts[w + 1] - starts[w]}};
	}
	if (n)
		qsort(words, n, sizeof *words, word_cmp);
	dict_write(out, words, n);
}

bool kb_count_dict(struct kb_count *count, uint32_t locale, uint32_t i, struct dict *out)
{
	_cleanup_buf_ kb_buf bytes = {0};
	if (i >= count->nworkers)
		return false;
	struct counter *c = &count->workers[i].counters[locale];
	if (c->stemmer)
		write_counter(c, &bytes);
	else
		dict_write(&bytes, NULL, 0);
	dict_open(out, kb_arena_str(count->arena, kb_buf_view(&bytes)));
	kb_vec_dispose(&c->tallies);
	return true;
}
