/*
 * The words of documents, counted. Each thread counts for itself; what it has counted
 * becomes a dictionary a locale, and merging those makes the same one however the
 * documents were shared out.
 */
#include "index.h"

#include "kb/pool.h"

struct word_tally { /* of a word in a document, for an audience */
	uint32_t word, doc;
	uint8_t audience;
	uint8_t count[NFIELDS];
};

struct counter { /* of one thread and locale */
	struct kb_stemmer *stemmer;
	struct {
		KB_VEC(struct word_tally);
	} tallies;	/* by document */
	uint32_t *last; /* by word and audience: the latest tally */
	size_t nlast;
};

struct count_worker {
	struct kb_arena *scratch;
	struct kb_reader *reader;
	struct counter *counters; /* one per locale */
};

struct word_counts {
	const struct kb_search *search;
	struct kb_arena *arena;
	const uint32_t *numbers;
	struct record *records;
	uint32_t nlocales;
	struct count_worker *workers;
	unsigned nworkers;
};

void kb_count_free(struct word_counts *count)
{
	if (!count)
		return;
	for (unsigned i = 0; i < count->nworkers; i++) {
		struct count_worker *w = &count->workers[i];

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

struct document_count { /* one document */
	struct counter *counter;
	uint32_t (*lengths)[NFIELDS];
	uint32_t number, naudiences;
	enum field field;
	unsigned audience;
};

static uint32_t *last_of(struct counter *c, size_t at)
{
	while (at >= c->nlast) {
		size_t n = c->nlast ? 2 * c->nlast : 4096;

		c->last = kb_xrealloc(c->last, n, sizeof(*c->last));
		memset(c->last + c->nlast, 0, (n - c->nlast) * sizeof(*c->last));
		c->nlast = n;
	}
	return &c->last[at];
}

static bool count_word(void *ctx, const struct kb_word *word)
{
	struct document_count *c = ctx;
	struct counter *counter = c->counter;
	const struct kb_keys *keys = kb_stemmer_keys(counter->stemmer, word);
	uint32_t *last =
		last_of(counter, (size_t)keys->number * c->naudiences + c->audience);

	/* "C++" is little of a C. */
	enum field field = word->kind == KB_WORD_BARE ? BODY : c->field;

	if (word->kind < KB_WORD_COMPOUND)
		c->lengths[c->audience < AUDIENCES ? c->audience : AUDIENCES - 1]
			  [c->field]++;
	/* Numbers of tallies begin with 1; 0 means no tally. */
	if (!*last || counter->tallies.items[*last - 1].doc != c->number) {
		kb_vec_push(
			&counter->tallies, ((struct word_tally){.word = keys->number,
						   .doc = c->number,
						   .audience = (uint8_t)c->audience}));
		*last = (uint32_t)counter->tallies.len;
	}
	uint8_t *n = &counter->tallies.items[*last - 1].count[field];
	if (*n < UINT8_MAX)
		++*n;
	return true;
}

static void count_piece(void *ctx, enum field field, unsigned audience, kb_str text)
{
	struct document_count *c = ctx;

	c->field = field;
	c->audience = audience;
	kb_words_joined(text, count_word, c);
}

static void count_document(void *ctx, size_t i, unsigned worker)
{
	struct word_counts *count = ctx;
	struct count_worker *w = &count->workers[worker];
	const struct kb_library *lib = count->search->lib;
	uint32_t number = count->numbers[i];
	const struct kb_document *doc = lib->docs[number];
	struct record *record = &count->records[number];
	struct document_count c = {.counter = &w->counters[doc->locale],
		.lengths = record->lengths,
		.number = number,
		.naudiences = lib->config->naudiences};

	if (!c.counter->stemmer)
		c.counter->stemmer =
			kb_stemmer_new(lib->config->locales[doc->locale].code);
	record->borrows = kb_search_pieces(
		count->search, w->reader, w->scratch, doc, count_piece, &c);
	kb_arena_reset(w->scratch);
}

struct word_counts *kb_count_run(const struct kb_search *search, unsigned threads,
	const uint32_t *numbers, size_t n, struct record *records)
{
	struct word_counts *count = kb_xcalloc(1, sizeof(*count));

	count->search = search;
	count->numbers = numbers;
	count->records = records;
	count->nlocales = search->lib->config->nlocales;
	count->arena = kb_arena_new();
	count->nworkers = kb_parallel_workers(threads, n);
	count->workers =
		kb_arena_array(count->arena, struct count_worker, count->nworkers);
	for (unsigned i = 0; i < count->nworkers; i++)
		count->workers[i] = (struct count_worker){kb_arena_new(),
			kb_reader_new(search->lib->source),
			kb_arena_array(count->arena, struct counter, count->nlocales)};
	kb_parallel(threads, n, count_document, count);
	return count;
}

static int word_cmp(const void *a, const void *b)
{
	return dict_order(a, b);
}

/* The tallies word by word; FROM[w] is where those of word W begin. */
static struct word_tally *by_word(const struct counter *c, size_t nwords, size_t *from)
{
	struct word_tally *sorted = kb_xcalloc(c->tallies.len + 1, sizeof(*sorted));

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

static void write_postings(kb_buf *out, const struct word_tally *tallies, size_t n)
{
	struct posting_writer writer = {out, 0};

	for (size_t i = 0; i < n; i++) {
		struct posting p = {tallies[i].doc, tallies[i].audience, {0}};

		memcpy(p.count, tallies[i].count, sizeof(p.count));
		posting_put(&writer, &p);
	}
}

static void write_counter(struct counter *c, kb_buf *out)
{
	_cleanup_buf_ kb_buf postings = {0};
	size_t n = 0;

	while (kb_stemmer_known(c->stemmer, n))
		n++;
	_cleanup_free_ size_t *from = kb_xcalloc(n + 2, sizeof(*from));
	_cleanup_free_ struct dict_word *words = kb_xcalloc(n + 1, sizeof(*words));
	_cleanup_free_ struct word_tally *tallies = by_word(c, n, from);
	_cleanup_free_ size_t *starts = kb_xcalloc(n + 1, sizeof(*starts));
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
		qsort(words, n, sizeof(*words), word_cmp);
	dict_write(out, words, n);
}

bool kb_count_dict(
	struct word_counts *count, uint32_t locale, uint32_t i, struct dict *out)
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
