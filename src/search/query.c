#include "query.h"

#include <math.h>

#include "kb/unicode.h"

enum { FORMS_MAX = 200, REREAD = 30 };

/* What a word's place is worth, and how much longer fields count less. */
static const double weights[NFIELDS] = {12, 9, 5, 3, 3, 1};
static const double slopes[NFIELDS] = {0.5, 0.5, 0.3, 0.5, 0.4, 0.6};

static void group_add(struct asking *a, const struct want *want, kb_str key)
{
	if (!kb_map_has(&a->groups, key))
		kb_map_put(&a->groups, key, (void *)(uintptr_t)(want - a->wants + 1));
}

static void want_add(struct want *want, uint32_t word, double weight)
{
	for (size_t i = 0; i < want->len; i++)
		if (want->items[i].word == word)
			return;
	kb_vec_push(want, ((struct wanted){word, weight}));
}

static void want_prefix(struct asking *a, struct want *want, kb_str prefix, double weight)
{
	const struct dict *dict = &a->shard->dict;
	struct dict_word word;
	uint32_t i = dict_from(dict, prefix);
	for (size_t n = 0; n < FORMS_MAX && dict_word(dict, i, &word) &&
			   kb_str_starts(word.fold, prefix);
		n++, i++) {
		want_add(want, i, weight);
		group_add(a, want, word.fold);
	}
}

/* Do they differ by one letter: another, one more, one less, two exchanged? Bytes of one
 * letter count as one where they stand together. */
static bool is_near(kb_str x, kb_str y)
{
	size_t from = 0;
	while (from < x.len && from < y.len && x.data[from] == y.data[from])
		from++;
	while (x.len > from && y.len > from && x.data[x.len - 1] == y.data[y.len - 1]) {
		x.len--;
		y.len--;
	}
	kb_str a = kb_str_sub(x, from, x.len), b = kb_str_sub(y, from, y.len);
	if (a.len == 2 && b.len == 2 && a.data[0] == b.data[1] && a.data[1] == b.data[0])
		return true;
	return a.len + b.len > 0 && (a.len <= 1 || kb_utf8_count(a) <= 1) &&
	       (b.len <= 1 || kb_utf8_count(b) <= 1);
}

static void want_near(struct asking *a, struct want *want)
{
	const struct dict *dict = &a->shard->dict;
	struct dict_word word;
	size_t len = want->fold.len;
	for (uint32_t i = 0; want->len < FORMS_MAX && dict_word(dict, i, &word); i++) {
		if (word.fold.len + 3 < len || len + 3 < word.fold.len ||
			!is_near(word.fold, want->fold))
			continue;
		want_add(want, i, 0.6);
		group_add(a, want, word.fold);
	}
}

static bool ask_word(void *ctx, const struct kb_word *word)
{
	struct asking *a = ctx;
	const struct kb_keys *keys = kb_stemmer_keys(a->shard->asker, word);
	struct want *want = &a->wants[a->nwants];
	for (size_t i = 0; i < a->nwants; i++)
		if (kb_str_eq(a->wants[i].fold, keys->word))
			return true;
	*want = (struct want){.fold = keys->word};
	a->nwants++;
	for (uint32_t i = 0; i < keys->n; i++) {
		struct dict_cursor words;
		uint32_t number;
		if (!dict_find(&a->shard->dict, keys->keys[i], &words))
			continue;
		while (dict_next(&words, &number))
			want_add(want, number, 1);
		group_add(a, want, keys->keys[i]);
	}
	want->known = want->len > 0;
	a->open = word->to == a->query->text.len;
	return a->nwants < WORDS_MAX;
}

/* What a word is like, once all are known. */
static void want_widen(struct asking *a, struct want *want, bool last)
{
	size_t n = kb_utf8_count(want->fold);
	if (n >= 5 || (last && a->open && n >= 2))
		want_prefix(a, want, want->fold, want->known ? 0.3 : 0.7);
	if (!want->known && n > 7)
		want_prefix(a, want, kb_str_sub(want->fold, 0, want->fold.len - 2), 0.3);
	if (!want->len && n >= 4)
		want_near(a, want);
}

static double length_of(const struct asking *a, uint32_t doc, enum field f)
{
	double mean = a->shard->mean[f];
	return mean ? a->search->lengths[doc][f] / mean : 1;
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

static bool is_wanted(const struct asking *a, const struct kb_document *doc)
{
	const struct kb_search_query *q = a->query;
	const struct kb_library *lib = a->search->lib;
	if (!kb_document_visible(lib, doc, q->audience, q->drafts) ||
		(q->types && !(q->types >> doc->type & 1)))
		return false;
	if (q->locale != KB_NONE || q->region.len) {
		struct kb_family *family = kb_family_for_region(lib,
			doc->family->general && q->region.len ? doc->family->general
							      : doc->family,
			q->region);
		uint32_t locale = q->locale == KB_NONE ? doc->locale : q->locale;
		if (kb_family_find(lib, q->region.len ? family : doc->family, locale) !=
			doc)
			return false;
	}
	for (size_t i = 0; q->issue && i < doc->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(lib->taxonomy, doc->issues.items[i]);
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
	if (!dict_word(&a->shard->dict, wanted->word, &word))
		return ntouched;
	while (posting_next(&word.postings, &p) && p.doc < a->search->lib->ndocs) {
		double *part = &a->part[p.doc];
		double w = wanted->weight * posting_weight(a, &p);
		if (p.audience > a->query->audience)
			continue;
		if (!*part)
			a->touched[ntouched++] = p.doc;
		if (wanted->weight < 1)
			*part = *part > w ? *part + 0.1 * w : w + 0.1 * *part;
		else
			*part += w;
	}
	return ntouched;
}

static void score_want(struct asking *a, struct want *want)
{
	size_t ntouched = 0;
	for (size_t i = 0; i < want->len; i++)
		ntouched = score_word(a, &want->items[i], ntouched);
	want->idf = log(1 + (a->shard->ndocs - ntouched + 0.5) / (ntouched + 0.5));
	for (size_t i = 0; i < ntouched; i++) {
		uint32_t doc = a->touched[i];
		a->scores[doc] += want->idf * a->part[doc] / (1.5 + a->part[doc]);
		a->part[doc] = 0;
	}
}

static int hit_cmp(const void *x, const void *y)
{
	const struct kb_search_hit *a = x, *b = y;
	if (a->score != b->score)
		return a->score < b->score ? 1 : -1;
	return kb_str_cmp(a->doc->path, b->doc->path);
}

/* Adds a locale's documents that answer. */
static size_t ask_locale(struct asking *a, uint32_t locale, struct kb_search_hit *hits)
{
	const struct kb_library *lib = a->search->lib;
	size_t n = 0, kept = 0, most = a->query->most > REREAD ? a->query->most : REREAD;
	a->shard = &a->search->shards[locale];
	a->nwants = 0;
	kb_words(kb_str_sub(a->query->text, 0, BYTES_MAX), ask_word, a);
	for (size_t i = 0; i < a->nwants; i++) {
		want_widen(a, &a->wants[i], i + 1 == a->nwants);
		score_want(a, &a->wants[i]);
	}
	for (uint32_t d = 0; d < lib->ndocs; d++)
		if (a->scores[d] > 0 && lib->docs[d]->locale == locale)
			hits[n++] = (struct kb_search_hit){
				.doc = lib->docs[d], .score = a->scores[d]};
	if (n)
		qsort(hits, n, sizeof *hits, hit_cmp);
	struct kb_reader *reader = kb_reader_new(lib->source);
	for (size_t i = 0; i < n && kept < most; i++) {
		if (!is_wanted(a, hits[i].doc))
			continue;
		hits[kept] = hits[i];
		kb_search_reread(a, reader, &hits[kept++]);
	}
	kb_reader_free(reader);
	for (size_t i = 0; i < a->nwants; i++)
		kb_vec_dispose(&a->wants[i]);
	kb_map_dispose(&a->groups);
	a->groups = (kb_map){0};
	return kept;
}

size_t kb_search_find(struct kb_search *search, struct kb_arena *arena,
	const struct kb_search_query *query, struct kb_search_hit **hits)
{
	const struct kb_library *lib = search->lib;
	struct asking a = {.search = search, .query = query, .arena = arena};
	struct kb_search_hit *all =
		kb_arena_array(arena, struct kb_search_hit, lib->ndocs + 1);
	size_t n = 0;
	a.scores = kb_arena_array(arena, double, lib->ndocs + 1);
	a.part = kb_arena_array(arena, double, lib->ndocs + 1);
	a.touched = kb_arena_array(arena, uint32_t, lib->ndocs + 1);
	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		if (search->shards[l].ndocs)
			n += ask_locale(&a, l, all + n);
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

static bool mean_word(void *ctx, const struct kb_word *word)
{
	struct meaning *m = ctx;
	struct shard *shard = m->asking->shard;
	const struct kb_keys *keys = kb_stemmer_keys(shard->asker, word);
	kb_str text = m->asking->query->text, best = {0};
	const struct dict *dict = &shard->dict;
	struct dict_cursor known;
	struct dict_word other;
	for (uint32_t i = 0; i < keys->n; i++)
		if (dict_find(dict, keys->keys[i], &known))
			return true;
	kb_str *words = kb_arena_array(m->asking->arena, kb_str, dict->nwords + 1);
	uint32_t n = 0;
	while (dict_word(dict, n, &other))
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

kb_str kb_search_meant(struct kb_search *search, struct kb_arena *arena,
	const struct kb_search_query *query)
{
	for (uint32_t l = 0; l < search->lib->config->nlocales; l++) {
		struct asking a = {.search = search,
			.query = query,
			.arena = arena,
			.shard = &search->shards[l]};
		struct meaning m = {.asking = &a};
		struct kb_search_query other = *query;
		struct kb_search_hit *hits;
		if ((query->locale != KB_NONE && query->locale != l) ||
			query->text.len > BYTES_MAX)
			continue;
		kb_words(query->text, mean_word, &m);
		kb_buf_str(&m.out, kb_str_sub(query->text, m.to, query->text.len));
		other.text = kb_arena_str(arena, kb_buf_view(&m.out));
		other.most = 1;
		kb_buf_dispose(&m.out);
		if (m.changed && kb_search_find(search, arena, &other, &hits))
			return other.text;
	}
	return KB_STR("");
}
