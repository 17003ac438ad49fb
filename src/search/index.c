#include "index.h"

#include "kb/pool.h"

struct count { /* of a key, in one document, for one audience */
	kb_str key;
	struct posting posting;
};

struct counted { /* a document's */
	struct count *counts;
	size_t len;
};

struct builder {
	struct kb_search *search;
	struct counted *docs;
	struct worker {
		struct kb_arena *arena, *scratch;
		struct kb_reader *reader;
	} * workers;
};

struct doc_counter {
	struct kb_stemmer *stemmer;
	struct kb_arena *scratch;
	kb_map *seen; /* by audience: key to struct posting */
	uint32_t *lengths;
	enum field field;
	unsigned audience;
	uint32_t doc;
	size_t keys;
};

static bool count_word(void *ctx, const struct kb_word *word)
{
	struct doc_counter *c = ctx;
	const struct kb_keys *keys = kb_stemmer_keys(c->stemmer, word);
	c->lengths[c->field]++;
	for (uint32_t i = 0; i < keys->n; i++) {
		struct posting *p = kb_map_get(&c->seen[c->audience], keys->keys[i]);
		if (!p) {
			p = kb_arena_new_of(c->scratch, struct posting);
			p->doc = c->doc;
			p->audience = (uint8_t)c->audience;
			kb_map_put(&c->seen[c->audience], keys->keys[i], p);
			c->keys++;
		}
		if (p->count[c->field] < UINT8_MAX)
			p->count[c->field]++;
	}
	return true;
}

static void count_piece(void *ctx, enum field field, unsigned audience, kb_str text)
{
	struct doc_counter *c = ctx;
	c->field = field;
	c->audience = audience;
	kb_words(text, count_word, c);
}

static void count_document(void *ctx, size_t index, unsigned worker)
{
	struct builder *b = ctx;
	struct worker *w = &b->workers[worker];
	const struct kb_library *lib = b->search->lib;
	const struct kb_document *doc = lib->docs[index];
	uint32_t naudiences = lib->config->naudiences;
	struct counted *out = &b->docs[index];
	if (doc->broken || doc->type == KB_SNIPPET)
		return;
	if (!w->arena) {
		w->arena = kb_arena_new();
		w->scratch = kb_arena_new();
		w->reader = kb_reader_new(lib->source);
	}
	struct kb_stemmer **stemmer =
		&b->search->stemmers[worker * lib->config->nlocales + doc->locale];
	if (!*stemmer)
		*stemmer = kb_stemmer_new(lib->config->locales[doc->locale].code);
	struct doc_counter c = {.stemmer = *stemmer,
		.scratch = w->scratch,
		.lengths = b->search->lengths[index],
		.doc = (uint32_t)index};
	c.seen = kb_arena_array(w->scratch, kb_map, naudiences);
	kb_search_pieces(lib, w->reader, w->scratch, doc, count_piece, &c);
	out->counts = kb_arena_array(w->arena, struct count, c.keys);
	for (uint32_t a = 0; a < naudiences; a++) {
		for (size_t i = 0; i < c.seen[a].len; i++)
			out->counts[out->len++] = (struct count){c.seen[a].entries[i].key,
				*(struct posting *)c.seen[a].entries[i].value};
		kb_map_dispose(&c.seen[a]);
	}
	kb_arena_reset(w->scratch);
}

static int form_cmp(const void *a, const void *b)
{
	const struct form *x = a, *y = b;
	int order = kb_str_cmp(x->word, y->word);
	return order ? order : kb_str_cmp(x->key, y->key);
}

/* The words that the workers have met, each once with each of its keys. */
static void list_forms(struct kb_search *search, uint32_t locale, struct kb_arena *arena)
{
	struct shard *shard = &search->shards[locale];
	struct {
		KB_VEC(struct form);
	} forms = {0};
	for (size_t i = locale; i < search->nstemmers;
		i += search->lib->config->nlocales) {
		const struct kb_keys *keys;
		for (size_t k = 0; search->stemmers[i] &&
				   (keys = kb_stemmer_known(search->stemmers[i], k));
			k++)
			for (uint32_t n = 0; n < keys->n; n++)
				kb_vec_push(
					&forms, ((struct form){keys->word, keys->keys[n],
							kb_map_get(&shard->terms,
								keys->keys[n])}));
	}
	if (forms.len)
		qsort(forms.items, forms.len, sizeof *forms.items, form_cmp);
	for (size_t i = 0; i < forms.len; i++)
		if (forms.items[i].term &&
			(!shard->nforms || form_cmp(&forms.items[shard->nforms - 1],
						   &forms.items[i])))
			forms.items[shard->nforms++] = forms.items[i];
	shard->forms = kb_vec_freeze(&forms, arena);
}

struct merge {
	struct builder *builder;
	struct kb_arena **arenas;
};

static void merge_locale(void *ctx, size_t locale, unsigned worker)
{
	struct merge *m = ctx;
	struct kb_search *search = m->builder->search;
	const struct kb_library *lib = search->lib;
	struct shard *shard = &search->shards[locale];
	struct kb_arena *arena = m->arenas[locale] = kb_arena_new();
	(void)worker;
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		struct counted *doc = &m->builder->docs[d];
		if (lib->docs[d]->locale != locale || !doc->len)
			continue;
		shard->ndocs++;
		for (int f = 0; f < NFIELDS; f++)
			shard->mean[f] += search->lengths[d][f];
		for (size_t i = 0; i < doc->len; i++) {
			struct term *term = kb_map_get(&shard->terms, doc->counts[i].key);
			if (!term) {
				term = kb_arena_new_of(arena, struct term);
				kb_map_put(&shard->terms, doc->counts[i].key, term);
			}
			kb_vec_push(term, doc->counts[i].posting);
		}
	}
	for (int f = 0; f < NFIELDS; f++)
		shard->mean[f] /= shard->ndocs ? shard->ndocs : 1;
	list_forms(search, (uint32_t)locale, arena);
	shard->asker = kb_stemmer_new(lib->config->locales[locale].code);
}

struct kb_search *kb_search_new(const struct kb_library *lib, unsigned threads)
{
	struct kb_search *search = kb_xcalloc(1, sizeof *search);
	unsigned workers = kb_parallel_workers(threads, lib->ndocs);
	uint32_t nlocales = lib->config->nlocales;
	search->lib = lib;
	search->arena = kb_arena_new();
	search->shards = kb_arena_array(search->arena, struct shard, nlocales);
	search->lengths = kb_arena_alloc(
		search->arena, kb_size_mul(lib->ndocs, sizeof *search->lengths));
	search->nstemmers = (size_t)workers * nlocales;
	search->stemmers =
		kb_arena_array(search->arena, struct kb_stemmer *, search->nstemmers);
	struct builder b = {.search = search};
	b.docs = kb_xcalloc(lib->ndocs ? lib->ndocs : 1, sizeof *b.docs);
	b.workers = kb_xcalloc(workers, sizeof *b.workers);
	kb_parallel(threads, lib->ndocs, count_document, &b);
	search->merged = kb_arena_array(search->arena, struct kb_arena *, nlocales);
	struct merge m = {&b, search->merged};
	kb_parallel(threads, nlocales, merge_locale, &m);
	for (unsigned i = 0; i < workers; i++) {
		kb_reader_free(b.workers[i].reader);
		kb_arena_free(b.workers[i].scratch);
		kb_arena_free(b.workers[i].arena);
	}
	free(b.workers);
	free(b.docs);
	return search;
}

void kb_search_free(struct kb_search *search)
{
	if (!search)
		return;
	for (uint32_t i = 0; i < search->lib->config->nlocales; i++) {
		struct shard *shard = &search->shards[i];
		for (size_t k = 0; k < shard->terms.len; k++)
			kb_vec_dispose((struct term *)shard->terms.entries[k].value);
		kb_map_dispose(&shard->terms);
		kb_stemmer_free(shard->asker);
		kb_arena_free(search->merged[i]);
	}
	for (size_t i = 0; i < search->nstemmers; i++)
		kb_stemmer_free(search->stemmers[i]);
	kb_arena_free(search->arena);
	free(search);
}
