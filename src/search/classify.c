#include "kb/classify.h"

#include <math.h>

#include "kb/token.h"

enum { ROUNDS = 30, WORDS_MAX = 5, FEATURES_MAX = 4000 };

struct feature {
	uint32_t index;
	float value;
};
struct sample {
	uint32_t issue;
	struct feature *features;
	uint32_t n;
	float weight;
};

struct known {	     /* a word, or a pair */
	kb_str text; /* as it was met first */
	uint32_t index, texts;
};

struct kb_classifier {
	const struct kb_library *lib;
	struct kb_arena *arena;
	struct kb_stemmer *stemmer;
	kb_map known; /* key to struct known */
	struct {
		KB_VEC(struct sample);
	} samples;
	float *weights, *bias; /* by feature, then issue */
	uint32_t nissues;
};

struct taking {
	struct kb_classifier *c;
	struct kb_arena *arena; /* of the features */
	bool learn;
	kb_str before, before_word;
	struct {
		KB_VEC(struct feature);
	} features;
};

static void take_feature(struct taking *t, kb_str key, kb_str text)
{
	struct known *known = kb_map_get(&t->c->known, key);
	if (!known && t->learn) {
		known = kb_arena_new_of(t->c->arena, struct known);
		known->index = (uint32_t)t->c->known.len;
		known->text = kb_arena_str(t->c->arena, text);
		kb_map_put(&t->c->known, kb_arena_str(t->c->arena, key), known);
	}
	if (!known || t->features.len == FEATURES_MAX)
		return;
	for (size_t i = 0; i < t->features.len; i++)
		if (t->features.items[i].index == known->index)
			return;
	if (t->learn)
		known->texts++;
	kb_vec_push(&t->features, ((struct feature){known->index, 1}));
}

static bool take_word(void *ctx, const struct kb_word *word)
{
	struct taking *t = ctx;
	const struct kb_keys *keys = kb_stemmer_keys(t->c->stemmer, word);
	take_feature(t, keys->keys[0], keys->word);
	if (t->before.len) {
		kb_str pair = kb_arena_fmt(
			t->arena, "%.*s %.*s", KB_ARG(t->before), KB_ARG(keys->keys[0]));
		take_feature(t, pair,
			kb_arena_fmt(t->arena, "%.*s %.*s", KB_ARG(t->before_word),
				KB_ARG(keys->word)));
	}
	t->before = keys->keys[0];
	t->before_word = keys->word;
	return t->features.len < FEATURES_MAX;
}

static void learn(struct kb_classifier *c, uint32_t issue, kb_str text, float weight)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct taking t = {.c = c, .arena = scratch, .learn = true};
	kb_words(text, take_word, &t);
	if (!t.features.len)
		return;
	struct sample *sample = kb_vec_add(&c->samples);
	*sample = (struct sample){.issue = issue, .weight = weight};
	sample->n = (uint32_t)t.features.len;
	sample->features = kb_vec_freeze(&t.features, c->arena);
}

static void learn_list(struct kb_classifier *c, uint32_t issue, const struct kb_node *map,
	uint32_t locale, float weight)
{
	const struct kb_node *list =
		kb_node_get_str(map, c->lib->config->locales[locale].code);
	for (uint32_t i = 0; list && list->kind == KB_NODE_SEQ && i < list->len; i++)
		learn(c, issue, kb_node_str(list->items[i]), weight);
}

static void learn_document(
	struct kb_classifier *c, uint32_t issue, const struct kb_document *doc)
{
	learn(c, issue, doc->title, 1);
	learn(c, issue, doc->question, 1);
	learn(c, issue, doc->summary, 0.5f);
	for (size_t i = 0; i < doc->keywords.len; i++)
		learn(c, issue, doc->keywords.items[i], 1);
}

static void learn_all(struct kb_classifier *c, uint32_t locale)
{
	const struct kb_taxonomy *taxonomy = c->lib->taxonomy;
	const struct kb_config *config = c->lib->config;
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];
		if (issue->retired)
			continue;
		learn(c, i, kb_l10n_get(config, &issue->label, locale), 1);
		learn(c, i, kb_l10n_get(config, &issue->description, locale), 0.5f);
		learn_list(c, i, issue->keywords, locale, 1);
		learn_list(c, i, issue->examples, locale, 1);
	}
	for (uint32_t d = 0; d < c->lib->ndocs; d++) {
		const struct kb_document *doc = c->lib->docs[d];
		for (size_t k = 0; doc->locale == locale && k < doc->issues.len; k++) {
			const struct kb_issue *issue =
				kb_taxonomy_find(taxonomy, doc->issues.items[k]);
			if (issue && !issue->retired)
				learn_document(
					c, kb_taxonomy_index(taxonomy, issue), doc);
		}
	}
}

/* Rarer words weigh more; the whole is of length 1. */
static void weigh(const struct kb_classifier *c, struct feature *features, size_t n)
{
	double sum = 0;
	for (size_t i = 0; i < n; i++) {
		const struct known *known = c->known.entries[features[i].index].value;
		features[i].value = (float)log(
			1 + (double)(c->samples.len + 1) / (known->texts + 1.0));
		sum += features[i].value * features[i].value;
	}
	for (size_t i = 0; i < n; i++)
		features[i].value /= (float)sqrt(sum);
}

static void score(const struct kb_classifier *c, const struct feature *features, size_t n,
	float *scores)
{
	float best = -1e30f, sum = 0;
	memcpy(scores, c->bias, c->nissues * sizeof *scores);
	for (size_t i = 0; i < n; i++) {
		const float *w = c->weights + (size_t)features[i].index * c->nissues;
		for (uint32_t k = 0; k < c->nissues; k++)
			scores[k] += features[i].value * w[k];
	}
	for (uint32_t k = 0; k < c->nissues; k++)
		if (scores[k] > best)
			best = scores[k];
	for (uint32_t k = 0; k < c->nissues; k++)
		sum += scores[k] = expf(scores[k] - best);
	for (uint32_t k = 0; k < c->nissues; k++)
		scores[k] /= sum;
}

static void step(
	struct kb_classifier *c, const struct sample *s, float rate, float *scores)
{
	score(c, s->features, s->n, scores);
	scores[s->issue] -= 1;
	for (uint32_t k = 0; k < c->nissues; k++)
		c->bias[k] -= 0.01f * rate * scores[k];
	for (uint32_t i = 0; i < s->n; i++) {
		float *w = c->weights + (size_t)s->features[i].index * c->nissues;
		float by = rate * s->weight * s->features[i].value;
		for (uint32_t k = 0; k < c->nissues; k++)
			w[k] -= by * scores[k];
	}
}

static void train(struct kb_classifier *c)
{
	_cleanup_free_ float *scores = kb_xcalloc(c->nissues + 1, sizeof *scores);
	size_t n = c->samples.len, at = 0;
	for (size_t i = 0; i < n; i++)
		weigh(c, c->samples.items[i].features, c->samples.items[i].n);
	/* Samples in another order each round, which is the same at each run. */
	for (unsigned round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < n; i++) {
			at = (at + 7919) % n;
			step(c, &c->samples.items[(n % 7919 ? at : i)],
				4.0f / (1 + 0.1f * (float)round), scores);
		}
}

struct kb_classifier *kb_classifier_new(const struct kb_library *lib, uint32_t locale)
{
	struct kb_classifier *c = kb_xcalloc(1, sizeof *c);
	c->lib = lib;
	c->arena = kb_arena_new();
	c->stemmer = kb_stemmer_new(lib->config->locales[locale].code);
	c->nissues = lib->taxonomy->len;
	learn_all(c, locale);
	c->bias = kb_xcalloc(c->nissues + 1, sizeof *c->bias);
	c->weights = kb_xcalloc(
		kb_size_mul(c->known.len + 1, c->nissues + 1), sizeof *c->weights);
	if (c->samples.len)
		train(c);
	return c;
}

void kb_classifier_free(struct kb_classifier *c)
{
	if (!c)
		return;
	free(c->weights);
	free(c->bias);
	kb_vec_dispose(&c->samples);
	kb_map_dispose(&c->known);
	kb_stemmer_free(c->stemmer);
	kb_arena_free(c->arena);
	free(c);
}

/* The words that speak most for an issue. */
static void decide_words(const struct kb_classifier *c, struct kb_arena *arena,
	const struct feature *features, size_t n, uint32_t issue, kb_strs *words)
{
	float last = 1e30f;
	uint32_t last_index = 0;
	words->items = kb_arena_array(arena, kb_str, WORDS_MAX);
	while (words->len < WORDS_MAX) {
		const struct feature *best = NULL;
		float most = 0.05f;
		for (size_t i = 0; i < n; i++) {
			float by = features[i].value *
				   c->weights[(size_t)features[i].index * c->nissues +
					      issue];
			bool done = by > last ||
				    (by == last && features[i].index <= last_index);
			if (!done && by > most) {
				best = &features[i];
				most = by;
			}
		}
		if (!best)
			break;
		last = most;
		last_index = best->index;
		words->items[words->len++] =
			((struct known *)c->known.entries[best->index].value)->text;
	}
}

size_t kb_classify(struct kb_classifier *c, struct kb_arena *arena, kb_str text,
	size_t most, struct kb_guess **out)
{
	struct taking t = {.c = c, .arena = arena};
	size_t n = 0;
	kb_words(text, take_word, &t);
	*out = kb_arena_array(arena, struct kb_guess, most + 1);
	float *scores = kb_arena_array(arena, float, c->nissues + 1);
	if (t.features.len) {
		weigh(c, t.features.items, t.features.len);
		score(c, t.features.items, t.features.len, scores);
		for (uint32_t i = 0; i < c->nissues; i++)
			if (c->lib->taxonomy->issues[i].retired)
				scores[i] = 0;
	}
	while (t.features.len && n < most) {
		uint32_t best = 0;
		for (uint32_t i = 1; i < c->nissues; i++)
			if (scores[i] > scores[best])
				best = i;
		if (scores[best] <= 0)
			break;
		struct kb_guess *guess = &(*out)[n++];
		guess->issue = &c->lib->taxonomy->issues[best];
		guess->score = (double)scores[best];
		decide_words(
			c, arena, t.features.items, t.features.len, best, &guess->words);
		scores[best] = 0;
	}
	kb_vec_dispose(&t.features);
	return n;
}
