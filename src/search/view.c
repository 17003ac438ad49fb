#include "view.h"

#include <math.h>
#include <stdatomic.h>

/* What a word's place is worth, and how much longer fields count less. */
static const double weights[NFIELDS] = {12, 9, 5, 3, 3, 1};
static const double slopes[NFIELDS] = {0.5, 0.5, 0.3, 0.5, 0.4, 0.6};

enum { STEPS = 8, ONE = 28 }; /* weights in an octave; the one that is 1 */

/* Powers of two are exact, and the steps between are these very numbers in the browser,
 * so that sums are the same in both. */
double weight_value(uint8_t weight)
{
	static const double steps[STEPS] = {
		1, 1.0905, 1.1892, 1.2968, 1.4142, 1.5422, 1.6818, 1.834};
	int above = weight + STEPS * STEPS - ONE;

	return ldexp(steps[above % STEPS], above / STEPS - STEPS);
}

static uint8_t weight_of(double value)
{
	double weight = round(STEPS * log2(value)) + ONE;

	return (uint8_t)(weight < 0 ? 0 : weight >= WEIGHTS ? WEIGHTS - 1 : weight);
}

/* To the nearest of so many numbers in an octave. */
static double rounded(double n, int steps)
{
	return n > 0 ? exp2(round(steps * log2(n)) / steps) : 0;
}

static uint32_t length_of(const struct view *view, uint32_t doc, int field)
{
	const struct record *record = &view->search->index->records[doc];
	uint32_t length = 0;

	for (unsigned a = 0; a < AUDIENCES && a <= view->audience; a++)
		length += record->lengths[a][field];
	return length;
}

static void measure(struct view *view)
{
	const struct kb_library *lib = view->search->lib;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		struct view_shard *shard = &view->shards[lib->docs[d]->locale];

		if (!view->readable[d])
			continue;
		shard->ndocs++;
		for (int f = 0; f < NFIELDS; f++)
			shard->mean[f] += length_of(view, d, f);
	}
	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		for (int f = 0; f < NFIELDS && view->shards[l].ndocs; f++)
			view->shards[l].mean[f] = rounded(
				view->shards[l].mean[f] / view->shards[l].ndocs, 2);
}

struct view *view_new(const struct kb_search *search, struct kb_arena *arena,
	unsigned audience, const bool *readable)
{
	struct view *view = kb_arena_new_of(arena, struct view);
	size_t ndocs = search->lib->ndocs;

	kb_search_wait(search);
	*view = (struct view){.arena = arena,
		.search = search,
		.audience = audience,
		.readable = readable,
		.shards = kb_arena_array(
			arena, struct view_shard, search->lib->config->nlocales),
		.worth = kb_arena_array(arena, double, ndocs *NFIELDS + 1),
		.in_title = kb_arena_array(arena, bool, ndocs + 1),
		.raw = kb_arena_array(arena, double, ndocs + 1),
		.titles = kb_arena_array(arena, struct view_title * _Atomic, ndocs + 1),
		.found = kb_arena_array(arena, struct weighed, ndocs + 1)};
	measure(view);
	return view;
}

bool view_finds(const struct view *view, const struct posting *p)
{
	return p->doc < view->search->lib->ndocs && p->audience <= view->audience &&
	       view->readable[p->doc];
}

bool view_has(const struct view *view, const struct dict_word *word)
{
	kb_str rest = word->postings;
	struct posting p = {0};

	while (posting_next(&rest, &p))
		if (view_finds(view, &p))
			return true;
	return false;
}

bool view_next_form(
	const struct view *view, const struct dict *dict, uint32_t *at, kb_str *fold)
{
	struct dict_word word;
	bool found = false;

	while (dict_word(dict, *at, &word)) {
		if (found && !kb_str_eq(word.fold, *fold))
			return true;
		*fold = word.fold;
		found = found || view_has(view, &word);
		++*at;
	}
	return found;
}

/* What a word in each field of a document is worth. */
static const double *worth_of(const struct view *view, uint32_t locale, uint32_t doc)
{
	const double *mean = view->shards[locale].mean;
	double *worth = view->worth + (size_t)doc * NFIELDS;

	for (int f = 0; f < NFIELDS && !worth[NFIELDS - 1]; f++) {
		double length = rounded(length_of(view, doc, f), STEPS);

		length = mean[f] ? length / mean[f] : 1;
		worth[f] = weights[f] / (1 - slopes[f] + slopes[f] * length);
	}
	return worth;
}

static size_t add_word(
	struct view *view, uint32_t locale, const struct dict_word *word, size_t n)
{
	kb_str rest = word->postings;
	struct posting p = {0};

	while (posting_next(&rest, &p)) {
		const double *worth;
		double value = 0;

		if (!view_finds(view, &p))
			continue;
		worth = worth_of(view, locale, p.doc);
		for (int f = 0; f < NFIELDS; f++)
			value += worth[f] * p.count[f];
		if (!view->raw[p.doc] && value > 0)
			view->found[n++] = (struct weighed){.doc = p.doc};
		view->raw[p.doc] += value;
		if (p.count[TITLE])
			view->in_title[p.doc] = true;
	}
	return n;
}

static int by_doc(const void *a, const void *b)
{
	uint32_t x = ((const struct weighed *)a)->doc;
	uint32_t y = ((const struct weighed *)b)->doc;

	return (x > y) - (x < y);
}

size_t view_postings(struct view *view, uint32_t locale, kb_str key)
{
	const struct dict *dict = &view->search->shards[locale].dict;
	struct dict_cursor cursor;
	struct dict_word word;
	uint32_t number;
	size_t n = 0, nwords = 0;

	if (!dict_find(dict, key, &cursor))
		return 0;
	for (; dict_next(&cursor, &number) && dict_word(dict, number, &word); nwords++)
		n = add_word(view, locale, &word, n);
	if (nwords > 1 && n)
		qsort(view->found, n, sizeof(*view->found), by_doc);
	for (size_t i = 0; i < n; i++) {
		double *raw = &view->raw[view->found[i].doc];

		view->found[i].weight = weight_of(*raw);
		*raw = 0;
		view->found[i].in_title = view->in_title[view->found[i].doc];
		view->in_title[view->found[i].doc] = false;
	}
	return n;
}

struct titling {
	struct kb_stemmer *stemmer;
	struct view_title *title;
	bool placed; /* the word before, or those that it is joined to, have a place */
};

/* Words that are joined have one place, which is that of their compound, too. */
static bool title_word(void *ctx, const struct kb_word *word)
{
	struct titling *t = ctx;
	const struct kb_keys *keys = kb_stemmer_keys(t->stemmer, word);
	struct view_title *title = t->title;

	if (word->kind == KB_WORD_ALONE || word->kind == KB_WORD_BARE)
		t->placed = false;
	if (keys->function)
		return true;
	if (!t->placed && ++title->nwords > TITLE_WORDS)
		return false;
	t->placed = true;
	for (uint32_t i = 0; i < keys->n && word->kind != KB_WORD_BARE; i++)
		if (title->len < KB_LEN(title->items) &&
			view_title_at(title, keys->keys[i]) == KB_NONE)
			title->items[title->len++] =
				(struct title_word){keys->keys[i], title->nwords - 1};
	return true;
}

static struct view_title *title_new(const struct view *view, uint32_t doc,
	struct kb_arena *arena, struct kb_stemmer *stemmer)
{
	const struct kb_library *lib = view->search->lib;
	const struct kb_document *it = lib->docs[doc];
	struct titling t = {
		.stemmer = stemmer, .title = kb_arena_new_of(arena, struct view_title)};

	kb_words_joined(kb_library_expand(lib, arena, it->facts->title, it->locale),
		title_word, &t);
	if (t.title->nwords > TITLE_WORDS)
		t.title->nwords = 0;
	return t.title;
}

/* Two threads may find the same at once. */
const struct view_title *view_title(struct view *view, uint32_t doc)
{
	struct view_title *title =
		atomic_load_explicit(&view->titles[doc], memory_order_acquire);
	uint32_t locale = view->search->lib->docs[doc]->locale;

	if (title)
		return title;
	title = title_new(view, doc, view->arena,
		view->stemmer ? view->stemmer : view->search->shards[locale].asker);
	atomic_store_explicit(&view->titles[doc], title, memory_order_release);
	return title;
}

const double *view_know(struct view *view, uint32_t doc)
{
	return worth_of(view, view->search->lib->docs[doc]->locale, doc);
}

struct view *view_copy(
	const struct view *view, struct kb_arena *arena, struct kb_stemmer *stemmer)
{
	size_t ndocs = view->search->lib->ndocs;
	struct view *copy = kb_arena_copy(arena, view, sizeof(*view));

	copy->arena = arena;
	copy->stemmer = stemmer;
	copy->in_title = kb_arena_array(arena, bool, ndocs + 1);
	copy->raw = kb_arena_array(arena, double, ndocs + 1);
	copy->found = kb_arena_array(arena, struct weighed, ndocs + 1);
	return copy;
}

uint32_t view_title_at(const struct view_title *title, kb_str key)
{
	for (uint32_t i = 0; i < title->len; i++)
		if (kb_str_eq(title->items[i].key, key))
			return title->items[i].at;
	return KB_NONE;
}

/* Rounded, because a logarithm's last digit is another one in browsers. */
double view_rarity(size_t n, size_t with)
{
	size_t without = n > with ? n - with : 0;

	return round(1024 * log(1 + ((double)without + 0.5) / ((double)with + 0.5))) /
	       1024;
}
