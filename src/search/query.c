#include "query.h"

#include <math.h>

enum { REREAD = 15 };

/* What a word's place is worth, and how much longer fields count less. */
static const double weights[NFIELDS] = {12, 9, 5, 3, 3, 1};
static const double slopes[NFIELDS] = {0.5, 0.5, 0.3, 0.5, 0.4, 0.6};

static double length_of(const struct asking *a, uint32_t doc, enum field f)
{
	double mean = a->in->shard->mean[f];
	return mean ? a->search->index->records[doc].lengths[f] / mean : 1;
}

static double posting_weight(const struct asking *a, const struct posting *p)
{
	double sum = 0;
	for (int f = 0; f < NFIELDS; f++)
		if (p->count[f])
			sum += weights[f] * p->count[f] /
			       (1 - slopes[f] + slopes[f] * length_of(a, p->doc, f));
	return sum;
}

static bool is_listed(const kb_strs *list, kb_str item)
{
	for (size_t i = 0; i < list->len; i++)
		if (kb_str_eq(list->items[i], item))
			return true;
	return false;
}

/* Is it the document of its family that a reader of the locale and region gets? */
static bool is_readers(const struct asking *a, const struct kb_document *doc)
{
	const struct kb_search_query *q = a->query;
	const struct kb_library *lib = a->search->lib;
	const struct kb_family *family = doc->family;
	if (q->region.len)
		family = kb_family_for_region(lib, doc->family, q->region);
	return kb_family_visible(lib, family,
		       q->locale == KB_NONE ? doc->locale : q->locale, q->audience,
		       q->drafts) == doc &&
	       (!q->region.len || !doc->facts->regions.len ||
		       is_listed(&doc->facts->regions, q->region));
}

static bool is_wanted(const struct asking *a, const struct kb_document *doc)
{
	const struct kb_search_query *q = a->query;
	const struct kb_library *lib = a->search->lib;
	if (!kb_document_visible(lib, doc, q->audience, q->drafts) ||
		(q->types && !(q->types >> doc->facts->type & 1)))
		return false;
	if ((q->locale != KB_NONE || q->region.len) && !is_readers(a, doc))
		return false;
	for (size_t i = 0; q->issue && i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(lib->taxonomy, doc->facts->issues.items[i]);
		if (issue && issue >= q->issue &&
			issue < lib->taxonomy->issues + q->issue->end)
			return true;
	}
	return !q->issue;
}

/* A document's share for one word: its forms count as one; of what is like it the best
 * counts, the others a little. */
static size_t score_word(struct asking *a, const struct wanted *wanted, size_t ntouched)
{
	struct dict_word word;
	struct posting p = {0};
	if (!dict_word(&a->in->shard->dict, wanted->word, &word))
		return ntouched;
	while (posting_next(&word.postings, &p) && p.doc < a->search->lib->ndocs) {
		double *part = &a->part[p.doc];
		double w = wanted->weight * posting_weight(a, &p);
		if (p.audience > a->query->audience)
			continue;
		if (!*part && w > 0)
			a->touched[ntouched++] = p.doc;
		if (wanted->weight < FORM_WEIGHT)
			*part = *part > w ? *part + 0.1 * w : w + 0.1 * *part;
		else
			*part += w;
	}
	return ntouched;
}

static double rarity(size_t ndocs, size_t with)
{
	size_t without = ndocs > with ? ndocs - with : 0;
	return log(1 + ((double)without + 0.5) / ((double)with + 0.5));
}

/* A locale's share for one word, whose documents are those touched FROM on. */
static void score_locale(
	struct asking *a, struct asked *in, size_t nth, size_t from, double most)
{
	double idf = rarity(in->shard->ndocs, in->ntouched);
	in->idf[nth] = idf < most ? idf : most;
	for (size_t i = from; i < from + in->ntouched; i++) {
		double *part = &a->part[a->touched[i]];
		a->scores[a->touched[i]] += in->idf[nth] * *part / (1.5 + *part);
		*part = 0;
	}
}

/* A word is as rare as it is in its language, and no rarer than in all that is searched:
 * a foreign one is worth none the more for it. */
static void score_want(struct asking *a, size_t nth)
{
	size_t ntouched = 0, ndocs = 0, from = 0;
	for (uint32_t l = 0; l < a->nlocales; l++) {
		struct asked *in = a->in = &a->locales[l];
		const struct want *want = &in->wants[nth];
		size_t before = ntouched;
		for (size_t i = 0; i < want->len; i++)
			ntouched = score_word(a, &want->items[i], ntouched);
		in->ntouched = ntouched - before;
		ndocs += in->shard->ndocs;
	}
	double most = rarity(ndocs, ntouched);
	for (uint32_t l = 0; l < a->nlocales; from += a->locales[l++].ntouched)
		score_locale(a, &a->locales[l], nth, from, most);
}

static int hit_cmp(const void *x, const void *y)
{
	const struct kb_search_hit *a = x, *b = y;
	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	return kb_str_cmp(a->doc->path, b->doc->path);
}

/* Of many hits few are looked at: they are taken off a heap, best first. */
static void heap_sink(struct kb_search_hit *hits, size_t n, size_t at)
{
	for (size_t child; (child = 2 * at + 1) < n; at = child) {
		if (child + 1 < n && hit_cmp(&hits[child + 1], &hits[child]) < 0)
			child++;
		if (hit_cmp(&hits[at], &hits[child]) <= 0)
			return;
		struct kb_search_hit hit = hits[at];
		hits[at] = hits[child];
		hits[child] = hit;
	}
}

static void heap_make(struct kb_search_hit *hits, size_t n)
{
	for (size_t i = n / 2; i > 0; i--)
		heap_sink(hits, n, i - 1);
}

static struct kb_search_hit heap_take(struct kb_search_hit *hits, size_t n)
{
	struct kb_search_hit hit = hits[0];
	hits[0] = hits[n - 1];
	heap_sink(hits, n - 1, 0);
	return hit;
}

/* Leaves of a locale's documents that answer the best ones, which are read again. */
static size_t best_of(struct asking *a, struct kb_search_hit *hits)
{
	const struct kb_library *lib = a->search->lib;
	size_t n = 0, best_len = 0;
	size_t most = a->query->most > REREAD ? a->query->most : REREAD;
	uint32_t locale = (uint32_t)(a->in->shard - a->search->shards);
	for (uint32_t d = 0; d < lib->ndocs; d++)
		if (a->scores[d] > 0 && lib->docs[d]->locale == locale)
			hits[n++] = (struct kb_search_hit){
				.doc = lib->docs[d], .score = a->scores[d]};
	struct kb_search_hit *best =
		kb_arena_array(a->arena, struct kb_search_hit, most < n ? most : n);
	struct kb_reader *reader = kb_reader_new(lib->source);
	heap_make(hits, n);
	while (n > 0 && best_len < most) {
		struct kb_search_hit hit = heap_take(hits, n--);
		if (!is_wanted(a, hit.doc))
			continue;
		kb_search_reread(a, reader, &hit);
		best[best_len++] = hit;
	}
	kb_reader_free(reader);
	if (best_len)
		memcpy(hits, best, best_len * sizeof *hits);
	return best_len;
}

/* The locales that the question's reader may get something of. */
static void choose_locales(struct asking *a)
{
	const struct kb_config *config = a->search->lib->config;
	bool *wanted = kb_arena_array(a->arena, bool, config->nlocales);
	uint32_t at = a->query->locale;
	for (; at != KB_NONE && !wanted[at]; at = config->locales[at].fallback)
		wanted[at] = true;
	a->locales = kb_arena_array(a->arena, struct asked, config->nlocales);
	for (uint32_t l = 0; l < config->nlocales; l++)
		if (a->search->shards[l].ndocs &&
			(wanted[l] || a->query->locale == KB_NONE))
			a->locales[a->nlocales++].shard = &a->search->shards[l];
}

size_t kb_search_find(struct kb_search *search, struct kb_arena *arena,
	const struct kb_search_query *query, struct kb_search_hit **hits)
{
	uint32_t ndocs = search->lib->ndocs;
	struct asking a = {.search = search, .query = query, .arena = arena};
	struct kb_search_hit *all =
		kb_arena_array(arena, struct kb_search_hit, (size_t)ndocs + 1);
	size_t n = 0;
	a.scores = kb_arena_array(arena, double, (size_t)ndocs + 1);
	a.part = kb_arena_array(arena, double, (size_t)ndocs + 1);
	a.touched = kb_arena_array(arena, uint32_t, (size_t)ndocs + 1);
	choose_locales(&a);
	kb_search_want(&a);
	for (size_t i = 0; i < a.nwords; i++)
		score_want(&a, i);
	for (uint32_t l = 0; l < a.nlocales; l++) {
		a.in = &a.locales[l];
		n += best_of(&a, all + n);
	}
	kb_search_want_free(&a);
	if (n)
		qsort(all, n, sizeof *all, hit_cmp);
	*hits = all;
	return n < query->most ? n : query->most;
}

struct meaning {
	struct asking *asking;
	kb_buf out;
	size_t to;
	bool changed;
};

/* Has a document that the audience may read the word? */
static bool is_readable(const struct asking *a, const struct dict_word *word)
{
	const struct kb_library *lib = a->search->lib;
	const struct kb_search_query *q = a->query;
	kb_str rest = word->postings;
	struct posting p = {0};
	while (posting_next(&rest, &p) && p.doc < lib->ndocs)
		if (p.audience <= q->audience &&
			kb_document_visible(
				lib, lib->docs[p.doc], q->audience, q->drafts))
			return true;
	return false;
}

static bool mean_word(void *ctx, const struct kb_word *word)
{
	struct meaning *m = ctx;
	struct shard *shard = m->asking->in->shard;
	const struct kb_keys *keys = kb_stemmer_keys(shard->asker, word);
	kb_str text = m->asking->query->text, best = {0};
	const struct dict *dict = &shard->dict;
	struct dict_cursor known;
	struct dict_word other;
	for (uint32_t i = 0; i < keys->n; i++)
		if (dict_find(dict, keys->keys[i], &known))
			return true;
	kb_str *words = kb_arena_array(m->asking->arena, kb_str, dict->nwords + 1);
	size_t n = 0;
	for (uint32_t i = 0; dict_word(dict, i, &other); i++)
		if (is_readable(m->asking, &other))
			words[n++] = other.fold;
	const kb_str *near = kb_str_nearest(keys->word, words, n);
	if (near)
		best = *near;
	if (!best.len)
		return true;
	kb_buf_str(&m->out, kb_str_sub(text, m->to, word->from));
	kb_buf_str(&m->out, best);
	m->to = word->to;
	m->changed = true;
	return true;
}

/* The question as a locale's words would have it; or empty. */
static kb_str meant_in(struct asking *a)
{
	struct meaning m = {.asking = a};
	kb_str text = a->query->text;
	kb_words(text, mean_word, &m);
	kb_buf_str(&m.out, kb_str_sub(text, m.to, text.len));
	text = m.changed ? kb_arena_str(a->arena, kb_buf_view(&m.out)) : KB_STR("");
	kb_buf_dispose(&m.out);
	return text;
}

kb_str kb_search_meant(struct kb_search *search, struct kb_arena *arena,
	const struct kb_search_query *query)
{
	struct asking a = {.search = search, .query = query, .arena = arena};
	struct kb_search_query other = *query;
	struct kb_search_hit *hits;
	other.most = 1;
	choose_locales(&a);
	for (uint32_t l = 0; l < a.nlocales && query->text.len <= BYTES_MAX; l++) {
		a.in = &a.locales[l];
		other.text = meant_in(&a);
		if (other.text.len && kb_search_find(search, arena, &other, &hits))
			return other.text;
	}
	return KB_STR("");
}
