#include "index.h"

#include <math.h>

#include "kb/unicode.h"

enum { WORDS_MAX = 32, BYTES_MAX = 1000, FORMS_MAX = 200, REREAD = 30 };

/* What a word's place is worth, and how much longer fields count less. */
static const double weights[NFIELDS] = {12, 9, 5, 3, 3, 1};
static const double slopes[NFIELDS] = {0.5, 0.5, 0.3, 0.5, 0.4, 0.6};

struct want { /* one word of the question in one locale */
	kb_str fold;
	struct {
		KB_VEC(struct wanted {
			const struct term *term;
			double weight;
		});
	};
	double idf;
	bool known; /* as it is written, or by its stem */
};

struct asking {
	struct kb_search *search;
	const struct kb_search_query *query;
	struct kb_arena *arena;
	struct shard *shard;
	struct want wants[WORDS_MAX];
	size_t nwants;
	bool open;	/* nothing stands behind the last word: it may go on */
	kb_map groups;	/* key to number of the want + 1 */
	double *scores; /* by document; shared by the locales */
	double *part;
	uint32_t *touched;
};

static void want_add(struct asking *a, struct want *want, kb_str key,
	const struct term *term, double weight)
{
	for (size_t i = 0; i < want->len; i++)
		if (want->items[i].term == term)
			return;
	kb_vec_push(want, ((struct wanted){term, weight}));
	if (!kb_map_has(&a->groups, key))
		kb_map_put(&a->groups, key, (void *)(uintptr_t)(want - a->wants + 1));
}

static size_t form_from(const struct shard *shard, kb_str prefix)
{
	size_t from = 0, to = shard->nforms;
	while (from < to) {
		size_t mid = (from + to) / 2;
		if (kb_str_cmp(shard->forms[mid].word, prefix) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

static void want_prefix(struct asking *a, struct want *want, kb_str prefix, double weight)
{
	const struct shard *shard = a->shard;
	size_t n = 0;
	for (size_t i = form_from(shard, prefix);
		i < shard->nforms && n++ < FORMS_MAX &&
		kb_str_starts(shard->forms[i].word, prefix);
		i++)
		want_add(a, want, shard->forms[i].key, shard->forms[i].term, weight);
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
	const struct shard *shard = a->shard;
	size_t len = want->fold.len;
	for (size_t i = 0; i < shard->nforms && want->len < FORMS_MAX; i++) {
		kb_str word = shard->forms[i].word;
		if (word.len + 3 >= len && len + 3 >= word.len &&
			is_near(word, want->fold))
			want_add(a, want, shard->forms[i].key, shard->forms[i].term, 0.6);
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
		struct term *term = kb_map_get(&a->shard->terms, keys->keys[i]);
		if (term)
			want_add(a, want, keys->keys[i], term, 1);
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

static bool is_wanted(const struct asking *a, uint32_t index)
{
	const struct kb_search_query *q = a->query;
	const struct kb_library *lib = a->search->lib;
	const struct kb_document *doc = lib->docs[index];
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

/* A document's share for one word: its best form counts, the others a little. */
static void score_want(struct asking *a, struct want *want)
{
	size_t ntouched = 0;
	for (size_t i = 0; i < want->len; i++)
		for (size_t k = 0; k < want->items[i].term->len; k++) {
			const struct posting *p = &want->items[i].term->items[k];
			if (p->audience > a->query->audience)
				continue;
			double w = want->items[i].weight * posting_weight(a, p);
			if (!a->part[p->doc])
				a->touched[ntouched++] = p->doc;
			a->part[p->doc] = a->part[p->doc] > w ? a->part[p->doc] + 0.1 * w
							      : w + 0.1 * a->part[p->doc];
		}
	want->idf = log(1 + (a->shard->ndocs - ntouched + 0.5) / (ntouched + 0.5));
	for (size_t i = 0; i < ntouched; i++) {
		uint32_t doc = a->touched[i];
		a->scores[doc] += want->idf * a->part[doc] / (1.5 + a->part[doc]);
		a->part[doc] = 0;
	}
}

struct best { /* a passage */
	struct asking *asking;
	struct kb_arena *scratch;
	double score, together;
	kb_str text;
	/* of the passage in hand */
	uint64_t seen;
	double sum;
	size_t last, pairs;
};

static size_t group_of(struct asking *a, const struct kb_word *word)
{
	const struct kb_keys *keys = kb_stemmer_keys(a->shard->asker, word);
	for (uint32_t i = 0; i < keys->n; i++) {
		void *found = kb_map_get(&a->groups, keys->keys[i]);
		if (found)
			return (size_t)(uintptr_t)found;
	}
	return 0;
}

static bool passage_word(void *ctx, const struct kb_word *word)
{
	struct best *b = ctx;
	size_t group = group_of(b->asking, word);
	if (group) {
		if (!(b->seen >> group & 1))
			b->sum += b->asking->wants[group - 1].idf;
		b->seen |= (uint64_t)1 << group;
		if (b->last && group == b->last + 1)
			b->pairs++;
	}
	b->last = group;
	return true;
}

static void passage_take(void *ctx, enum field field, unsigned audience, kb_str text)
{
	struct best *b = ctx;
	if (audience > b->asking->query->audience)
		return;
	b->seen = 0;
	b->sum = 0;
	b->last = b->pairs = 0;
	kb_words(text, passage_word, b);
	size_t pairs = b->pairs > 3 ? 3 : b->pairs;
	double together = b->sum * (double)pairs;
	if (field == TITLE || field == QUESTION)
		together *= 2;
	else if (field == BODY)
		together *= 0.3;
	if (together > b->together)
		b->together = together;
	double score = b->sum + (double)pairs;
	if ((field == BODY || field == SUMMARY) && score > b->score) {
		b->score = score;
		b->text = kb_arena_str(b->scratch, text);
	}
}

enum { PASSAGE_MAX = 240, MARKS_MAX = 32 };

struct marker {
	struct asking *asking;
	struct kb_search_hit *hit;
	size_t cap;
};

static bool mark_word(void *ctx, const struct kb_word *word)
{
	struct marker *m = ctx;
	if (group_of(m->asking, word))
		m->hit->marks[m->hit->nmarks++] =
			(kb_range){word->from, word->to - word->from};
	return m->hit->nmarks < MARKS_MAX;
}

struct first_mark {
	struct asking *asking;
	size_t at;
};

static bool find_first(void *ctx, const struct kb_word *word)
{
	struct first_mark *f = ctx;
	if (!group_of(f->asking, word))
		return true;
	f->at = word->from;
	return false;
}

/* The part of a passage around its first marked word, in one line. */
static void cut_passage(struct asking *a, struct kb_search_hit *hit, kb_str text)
{
	struct first_mark first = {.asking = a};
	_cleanup_buf_ kb_buf line = {0};
	kb_words(text, find_first, &first);
	size_t from = first.at > PASSAGE_MAX / 3 && text.len > PASSAGE_MAX
			      ? first.at - PASSAGE_MAX / 3
			      : 0;
	while (from > 0 && from < first.at && text.data[from - 1] != ' ')
		from++;
	if (from)
		kb_buf_puts(&line, "… ");
	for (size_t i = from; i < text.len; i++)
		kb_buf_putc(
			&line, (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i]);
	kb_str whole = kb_arena_str(a->arena, kb_buf_view(&line));
	hit->passage = kb_truncate(a->arena, whole, PASSAGE_MAX);
	hit->marks = kb_arena_array(a->arena, kb_range, MARKS_MAX);
	struct marker marker = {.asking = a, .hit = hit};
	kb_words(hit->passage, mark_word, &marker);
}

static void reread(struct asking *a, struct kb_reader *reader, struct kb_search_hit *hit)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct best best = {.asking = a, .scratch = scratch};
	kb_search_pieces(a->search->lib, reader, scratch, hit->doc, passage_take, &best);
	hit->score += 0.3 * best.together;
	if (best.text.len)
		cut_passage(a, hit, best.text);
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
	size_t n = 0;
	a->shard = &a->search->shards[locale];
	a->nwants = 0;
	kb_words(kb_str_sub(a->query->text, 0, BYTES_MAX), ask_word, a);
	for (size_t i = 0; i < a->nwants; i++) {
		want_widen(a, &a->wants[i], i + 1 == a->nwants);
		score_want(a, &a->wants[i]);
	}
	for (uint32_t d = 0; d < lib->ndocs; d++)
		if (a->scores[d] > 0 && lib->docs[d]->locale == locale && is_wanted(a, d))
			hits[n++] = (struct kb_search_hit){
				.doc = lib->docs[d], .score = a->scores[d]};
	if (n)
		qsort(hits, n, sizeof *hits, hit_cmp);
	size_t again = a->query->most > REREAD ? a->query->most : REREAD;
	struct kb_reader *reader = kb_reader_new(lib->source);
	for (size_t i = 0; i < n && i < again; i++)
		reread(a, reader, &hits[i]);
	kb_reader_free(reader);
	for (size_t i = 0; i < a->nwants; i++)
		kb_vec_dispose(&a->wants[i]);
	kb_map_dispose(&a->groups);
	a->groups = (kb_map){0};
	return n < again ? n : again;
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
	for (uint32_t i = 0; i < keys->n; i++)
		if (kb_map_has(&shard->terms, keys->keys[i]))
			return true;
	kb_str *words = kb_arena_array(m->asking->arena, kb_str, shard->nforms + 1);
	for (size_t i = 0; i < shard->nforms; i++)
		words[i] = shard->forms[i].word;
	const kb_str *near = kb_str_nearest(keys->word, words, shard->nforms);
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
