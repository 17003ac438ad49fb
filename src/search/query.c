#include "query.h"

#include "kb/coverage.h"

enum { TITLES = 15 };
/* What a document in another language counts, and one for some regions. */
static const double FOREIGN = 0.5, REGIONAL = 0.9;

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
	return !q->issue || kb_issues_below(lib->taxonomy, &doc->facts->issues, q->issue);
}

/* A document's share for one word. Keys that it shares count fully. Of similar words, the
 * best one counts, and the others a little. */
static size_t score_key(struct asking *a, const struct wanted *wanted, size_t ntouched)
{
	size_t n = view_postings(a->view, a->in->locale, wanted->key);

	for (size_t i = 0; i < n; i++) {
		const struct weighed *found = &a->view->found[i];
		double *part = &a->part[found->doc];
		double w = wanted->weight * weight_value(found->weight);

		if (!*part)
			a->touched[ntouched++] = found->doc;
		*part = *part > w ? *part + 0.1 * w : w + 0.1 * *part;
	}
	return ntouched;
}

/* A locale's share for one word, whose documents are those touched FROM on. */
static void score_locale(
	struct asking *a, struct query_run *in, size_t nth, size_t from, double most)
{
	double idf = view_rarity(a->view->shards[in->locale].ndocs, in->ntouched);

	in->idf[nth] = in->wants[nth].len == 0 || a->words[nth].spaced ? 0
		       : idf < most				       ? idf
								       : most;
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
		struct query_run *in = a->in = &a->locales[l];
		const struct want *want = &in->wants[nth];
		size_t before = ntouched;

		for (size_t i = 0; i < want->len; i++)
			ntouched = score_key(a, &want->items[i], ntouched);
		in->ntouched = ntouched - before;
		ndocs += a->view->shards[in->locale].ndocs;
	}
	double most = view_rarity(ndocs, ntouched);
	for (uint32_t l = 0; l < a->nlocales; from += a->locales[l++].ntouched)
		score_locale(a, &a->locales[l], nth, from, most);
}

static int hit_cmp(const void *x, const void *y)
{
	const struct kb_search_hit *a = x, *b = y;

	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	if (a->doc->locale != b->doc->locale)
		return a->doc->locale < b->doc->locale ? -1 : 1;
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

/* A reader who names a language understands its documents best, and one who names no
 * region looks for what is so everywhere. */
static double worth_to_reader(const struct asking *a, const struct kb_document *doc)
{
	const struct kb_search_query *q = a->query;
	bool own = q->locale == KB_NONE ||
		   kb_locale_serves(a->search->lib->config, doc->locale, q->locale);

	return (own ? 1 : FOREIGN) *
	       (doc->facts->regions.len && !q->region.len ? REGIONAL : 1);
}

/* Leaves of a locale's documents that answer the best ones, whose titles count. */
static size_t best_of(struct asking *a, struct kb_search_hit *hits)
{
	const struct kb_library *lib = a->search->lib;
	size_t n = 0, best_len = 0;
	size_t most = a->query->most > TITLES ? a->query->most : TITLES;

	for (uint32_t d = 0; d < lib->ndocs; d++)
		if (a->scores[d] > 0 && lib->docs[d]->locale == a->in->locale)
			hits[n++] = (struct kb_search_hit){
				.doc = lib->docs[d], .score = a->scores[d]};
	struct kb_search_hit *best =
		kb_arena_array(a->arena, struct kb_search_hit, most < n ? most : n);
	heap_make(hits, n);
	while (n > 0 && best_len < most) {
		struct kb_search_hit hit = heap_take(hits, n--);

		if (!is_wanted(a, hit.doc))
			continue;
		kb_search_title(a, &hit);
		hit.score *= worth_to_reader(a, hit.doc);
		best[best_len++] = hit;
	}
	if (best_len)
		memcpy(hits, best, best_len * sizeof(*hits));
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
	a->locales = kb_arena_array(a->arena, struct query_run, config->nlocales);
	for (uint32_t l = 0; l < config->nlocales; l++)
		if (a->view->shards[l].ndocs &&
			(wanted[l] || a->query->locale == KB_NONE))
			a->locales[a->nlocales++] = (struct query_run){
				.locale = l, .shard = &a->search->shards[l]};
}

static void open_view(struct asking *a)
{
	const struct kb_library *lib = a->search->lib;
	bool *readable = kb_arena_array(a->arena, bool, (size_t)lib->ndocs + 1);

	for (uint32_t d = 0; d < lib->ndocs; d++)
		readable[d] = kb_document_visible(
			lib, lib->docs[d], a->query->audience, a->query->drafts);
	a->view = view_new(a->search, a->arena, a->query->audience, readable);
	choose_locales(a);
}

static void add_passages(struct asking *a, struct kb_search_hit *hits, size_t n)
{
	struct kb_reader *reader = kb_reader_new(a->search->lib->source);

	for (size_t i = 0; i < n; i++)
		for (uint32_t l = 0; l < a->nlocales; l++)
			if (a->locales[l].locale == hits[i].doc->locale) {
				a->in = &a->locales[l];
				kb_search_passage(a, reader, &hits[i]);
			}
	kb_reader_free(reader);
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
	open_view(&a);
	kb_search_want(&a);
	for (size_t i = 0; i < a.nwords; i++)
		score_want(&a, i);
	for (uint32_t l = 0; l < a.nlocales; l++) {
		a.in = &a.locales[l];
		n += best_of(&a, all + n);
	}
	if (n)
		qsort(all, n, sizeof(*all), hit_cmp);
	n = n < query->most ? n : query->most;
	add_passages(&a, all, n);
	kb_search_want_free(&a);
	*hits = all;
	return n;
}

struct meaning {
	struct asking *asking;
	kb_buf out;
	size_t to;
	bool changed;
};

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
	if (kb_word_has_digit(word->fold))
		return true;
	kb_str *words = kb_arena_array(m->asking->arena, kb_str, dict->nwords + 1);
	size_t n = 0;
	for (uint32_t i = 0; dict_word(dict, i, &other); i++)
		if (view_has(m->asking->view, &other))
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
	open_view(&a);
	for (uint32_t l = 0; l < a.nlocales && query->text.len <= BYTES_MAX; l++) {
		a.in = &a.locales[l];
		other.text = meant_in(&a);
		if (other.text.len && kb_search_find(search, arena, &other, &hits))
			return other.text;
	}
	return KB_STR("");
}
