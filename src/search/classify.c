#include "kb/classify.h"

#include <math.h>

#include "kb/coverage.h"
#include "kb/token.h"
#include "kb/unicode.h"

enum {
	ROUNDS_MAX = 30,
	ROUNDS_MIN = 5,
	ROUNDS_SAMPLES = 120000,
	WORDS_MAX = 5,
	FEATURES_MAX = 4000,
	NEAR_FROM = 5 /* letters */
};
static const double WEAK_BELOW = 0.4, WEAK_TOGETHER = 0.5, CLOSE_ABOVE = 0.5;
static const double UNKNOWN_SHARE = 0.3;

/* What a word or pair counts, by how many function words it has. */
enum content { WHOLE, PARTLY, NONE };
static const float shares[] = {[WHOLE] = 1, [PARTLY] = 0.35f, [NONE] = 0.2f};

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

struct known_term { /* a word, or a pair */
	uint32_t index, texts;
	enum content content;
};

struct kb_classifier {
	const struct kb_library *lib;
	uint32_t locale;
	unsigned audience;
	struct kb_classifier *next; /* of the next language; NULL: not asked for yet */
	struct kb_arena *arena;
	bool *shown; /* by issue: may be proposed */
	struct kb_stemmer *stemmer;
	kb_map known;	  /* key to struct known_term */
	kb_map words;	  /* those that were learned, folded, to their keys */
	kb_map meant;	  /* words that were not learned, to the keys they may mean */
	kb_map compounds; /* "e05" to "E-05", as it was learned */
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
	size_t unknown; /* words of the text */
	size_t strange; /* of them, those that are like no known one and no function words
			 */
	kb_str text, before, before_word;
	bool before_function;
	struct {
		KB_VEC(struct feature);
	} features;
	kb_strs words;	     /* of the text, as it has them; by feature */
	struct kb_word last; /* of a text to classify: the word before, not yet taken */
	kb_str as;	     /* how the text has the compound whose parts are taken */
};

static void take_feature(struct taking *t, kb_str key, kb_str word, enum content content)
{
	struct known_term *known = kb_map_get(&t->c->known, key);

	if (!known && t->learn) {
		known = kb_arena_new_of(t->c->arena, struct known_term);
		known->index = (uint32_t)t->c->known.len;
		known->content = content;
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
	kb_vec_push(&t->words, word);
}

static const kb_str *find_near(const struct kb_classifier *c, kb_str word)
{
	for (size_t i = 0; i < c->words.len; i++) {
		kb_str other = c->words.entries[i].key;

		if (other.data[0] == word.data[0] && kb_word_near(other, word) &&
			kb_utf8_count(other) >= NEAR_FROM - 1)
			return c->words.entries[i].value;
	}
	return NULL;
}

/* The key of the known word that an unknown one is one typing error away from, or its
 * own; of several, of the one that was learned first. People seldom miss the first
 * letter. */
static kb_str key_meant(struct kb_classifier *c, const struct kb_keys *keys)
{
	const kb_str *key = kb_map_get(&c->meant, keys->word);

	if (key)
		return *key;
	if (!keys->function && kb_utf8_count(keys->word) >= NEAR_FROM &&
		!kb_word_has_digit(keys->word))
		key = find_near(c, keys->word);
	if (!key)
		key = &keys->keys[0];
	kb_map_put(&c->meant, keys->word, (void *)(uintptr_t)key);
	return *key;
}

static kb_str key_of(struct taking *t, const struct kb_keys *keys)
{
	if (t->learn) {
		if (!keys->function && !kb_map_has(&t->c->words, keys->word))
			kb_map_put(&t->c->words, keys->word,
				(void *)(uintptr_t)&keys->keys[0]);
		return keys->keys[0];
	}
	if (kb_map_has(&t->c->known, keys->keys[0]))
		return keys->keys[0];
	t->unknown++;
	kb_str key = key_meant(t->c, keys);
	t->strange += !keys->function && kb_str_eq(key, keys->keys[0]);
	return key;
}

static enum content pair_content(bool a, bool b)
{
	return a && b ? NONE : a || b ? PARTLY : WHOLE;
}

static bool take_word(void *ctx, const struct kb_word *word)
{
	struct taking *t = ctx;
	const struct kb_keys *keys = kb_stemmer_keys(t->c->stemmer, word);
	kb_str written = t->as.len ? t->as : kb_str_sub(t->text, word->from, word->to);
	kb_str key = key_of(t, keys);

	take_feature(t, key, written, keys->function ? NONE : WHOLE);
	if (word->kind == KB_WORD_SIGNED)
		return t->features.len < FEATURES_MAX;
	if (t->before.len)
		take_feature(t,
			kb_arena_fmt(
				t->arena, "%.*s %.*s", KB_ARG(t->before), KB_ARG(key)),
			t->as.len && kb_str_eq(t->before_word, t->as)
				? t->as
				: kb_arena_fmt(t->arena, "%.*s %.*s",
					  KB_ARG(t->before_word), KB_ARG(written)),
			pair_content(t->before_function, keys->function));
	t->before = key;
	t->before_word = written;
	t->before_function = keys->function;
	return t->features.len < FEATURES_MAX;
}

static bool is_known(const struct taking *t, const struct kb_word *word)
{
	return kb_map_has(&t->c->known, kb_stemmer_keys(t->c->stemmer, word)->keys[0]);
}

/* Two words that were learned as one, and not as two, or a code: "E-05" or "E 05" is e05
 * where that was learned. */
static bool is_one(
	const struct taking *t, const struct kb_word *word, struct kb_word *both)
{
	const struct kb_word *last = &t->last;

	if (!last->fold.len || kb_word_is_letter(word) ||
		!kb_words_meet(t->text, last->to, word->from))
		return false;
	*both = (struct kb_word){.from = last->from,
		.to = word->to,
		.lower = kb_arena_fmt(
			t->arena, "%.*s%.*s", KB_ARG(last->lower), KB_ARG(word->lower)),
		.fold = kb_arena_fmt(
			t->arena, "%.*s%.*s", KB_ARG(last->fold), KB_ARG(word->fold))};
	bool code = !kb_word_has_digit(last->fold) &&
		    kb_word_has_digit(kb_str_sub(word->fold, 0, 1));
	return is_known(t, both) && (code || !is_known(t, last) || !is_known(t, word));
}

/* A compound that was learned in parts is its parts. */
static bool take_last(struct taking *t)
{
	const struct kb_word *last = &t->last;
	const kb_str *parts = !last->fold.len || is_known(t, last)
				      ? NULL
				      : kb_map_get(&t->c->compounds, last->fold);

	if (!parts)
		return !last->fold.len || take_word(t, last);
	t->as = kb_str_sub(t->text, last->from, last->to);
	kb_words(*parts, take_word, t);
	t->as = KB_STR("");
	return t->features.len < FEATURES_MAX;
}

/* Takes the word before, once the one that may be joined to it is seen. */
static bool take_asked(void *ctx, const struct kb_word *word)
{
	struct taking *t = ctx;
	struct kb_word both;

	if (word->kind == KB_WORD_SIGNED && is_known(t, word))
		return take_word(t, word);
	if (word->kind >= KB_WORD_COMPOUND)
		return true;
	if (is_one(t, word, &both)) {
		t->last = both;
		return true;
	}
	bool more = take_last(t);
	t->last = *word;
	t->last.lower = kb_arena_str(t->arena, word->lower);
	t->last.fold = kb_arena_str(t->arena, word->fold);
	return more;
}

static bool learn_word(void *ctx, const struct kb_word *word)
{
	struct taking *t = ctx;
	struct kb_classifier *c = t->c;

	if (word->kind != KB_WORD_COMPOUND)
		return take_word(t, word);
	if (!kb_map_has(&c->compounds, word->fold)) {
		kb_str *written = kb_arena_new_of(c->arena, kb_str);

		*written =
			kb_arena_str(c->arena, kb_str_sub(t->text, word->from, word->to));
		kb_map_put(&c->compounds, kb_arena_str(c->arena, word->fold), written);
	}
	return true;
}

static void learn(struct kb_classifier *c, uint32_t issue, kb_str text, float weight)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct taking t = {.c = c, .arena = scratch, .learn = true, .text = text};

	kb_words_joined(text, learn_word, &t);
	kb_vec_dispose(&t.words);
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

static void learn_issue(struct kb_classifier *c, uint32_t i)
{
	const struct kb_config *config = c->lib->config;
	const struct kb_issue *issue = &c->lib->taxonomy->issues[i];

	learn(c, i, kb_l10n_get(config, &issue->label, c->locale), 1);
	learn(c, i, kb_l10n_get(config, &issue->description, c->locale), 0.5f);
	for (uint32_t l = 0; l < config->nlocales; l++) {
		if (!kb_locale_serves(config, l, c->locale))
			continue;
		learn_list(c, i, issue->keywords, l, 1);
		learn_list(c, i, issue->examples, l, 1);
	}
}

static void learn_document(
	struct kb_classifier *c, uint32_t issue, const struct kb_document *doc)
{
	learn(c, issue, doc->facts->title, 1);
	learn(c, issue, doc->facts->question, 1);
	learn(c, issue, doc->facts->summary, 0.5f);
	for (size_t i = 0; i < doc->facts->keywords.len; i++)
		learn(c, issue, doc->facts->keywords.items[i], 1);
}

/* Calls LEARN for each issue of a document that may be proposed. */
static void learn_about(struct kb_classifier *c, const struct kb_document *doc)
{
	const struct kb_taxonomy *taxonomy = c->lib->taxonomy;

	for (size_t k = 0; k < doc->facts->issues.len; k++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->facts->issues.items[k]);

		if (issue && c->shown[kb_taxonomy_index(taxonomy, issue)])
			learn_document(c, kb_taxonomy_index(taxonomy, issue), doc);
	}
}

static void learn_all(struct kb_classifier *c)
{
	for (uint32_t i = 0; i < c->lib->taxonomy->len; i++)
		if (c->shown[i])
			learn_issue(c, i);
	for (uint32_t d = 0; d < c->lib->ndocs; d++) {
		const struct kb_document *doc = c->lib->docs[d];

		if (kb_locale_serves(c->lib->config, doc->locale, c->locale) &&
			doc->facts->audience <= c->audience)
			learn_about(c, doc);
	}
}

/* Rarer words weigh more; the whole is of length 1, or less when words are STRANGE, or
 * when there are function words alone. */
static void weigh(
	const struct kb_classifier *c, struct feature *features, size_t n, size_t strange)
{
	double rarest = log(1 + (double)(c->samples.len + 1));
	double sum = 0, whole = 0;
	bool idle = true;

	for (size_t i = 0; i < n; i++) {
		const struct known_term *known =
			c->known.entries[features[i].index].value;
		double rarity =
			log(1 + (double)(c->samples.len + 1) / (known->texts + 1.0));

		features[i].value = (float)rarity * shares[known->content];
		sum += features[i].value * features[i].value;
		whole += rarity * rarity;
		idle = idle && known->content == NONE;
	}
	double length = sqrt(
		(idle ? whole : sum) + (double)strange * UNKNOWN_SHARE * rarest * rarest);
	for (size_t i = 0; i < n; i++)
		features[i].value /= (float)length;
}

static void score(const struct kb_classifier *c, const struct feature *features, size_t n,
	float *scores)
{
	float best = -1e30f, sum = 0;

	memcpy(scores, c->bias, c->nissues * sizeof(*scores));
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

/* Issues that are all but ruled out learn nothing from the sample: WRONG gets the others.
 */
static uint32_t pick_wrong(const struct kb_classifier *c, const float *scores,
	const struct sample *s, uint32_t *wrong)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < c->nissues; k++)
		if (scores[k] > 0.001f || k == s->issue)
			wrong[n++] = k;
	return n;
}

static void step(struct kb_classifier *c, const struct sample *s, float rate,
	float *scores, uint32_t *wrong)
{
	score(c, s->features, s->n, scores);
	uint32_t n = pick_wrong(c, scores, s, wrong);
	scores[s->issue] -= 1;
	for (uint32_t k = 0; k < n; k++)
		c->bias[wrong[k]] -= 0.01f * rate * scores[wrong[k]];
	for (uint32_t i = 0; i < s->n; i++) {
		float *w = c->weights + (size_t)s->features[i].index * c->nissues;
		float by = rate * s->weight * s->features[i].value;

		for (uint32_t k = 0; k < n; k++)
			w[wrong[k]] -= by * scores[wrong[k]];
	}
}

/* Few samples are gone through often; of many, each is one of many alike. */
static unsigned rounds_for(size_t samples)
{
	size_t rounds = ROUNDS_SAMPLES / samples;

	return rounds > ROUNDS_MAX   ? ROUNDS_MAX
	       : rounds < ROUNDS_MIN ? ROUNDS_MIN
				     : (unsigned)rounds;
}

static void train(struct kb_classifier *c)
{
	_cleanup_free_ float *scores = kb_xcalloc(c->nissues + 1, sizeof(*scores));
	_cleanup_free_ uint32_t *wrong = kb_xcalloc(c->nissues + 1, sizeof(*wrong));
	size_t n = c->samples.len, at = 0;
	unsigned rounds = rounds_for(n);

	for (size_t i = 0; i < n; i++)
		weigh(c, c->samples.items[i].features, c->samples.items[i].n, 0);
	/* Samples in another order each round, which is the same at each run. */
	for (unsigned round = 0; round < rounds; round++)
		for (size_t i = 0; i < n; i++) {
			at = (at + 7919) % n;
			step(c, &c->samples.items[(n % 7919 ? at : i)],
				4.0f / (1 + 0.1f * (float)round), scores, wrong);
		}
}

struct kb_classifier *kb_classifier_new(
	const struct kb_library *lib, uint32_t locale, unsigned audience)
{
	struct kb_classifier *c = kb_xcalloc(1, sizeof(*c));

	c->lib = lib;
	c->locale = locale;
	c->audience = audience;
	c->arena = kb_arena_new();
	c->shown = kb_issues_shown(lib, audience, c->arena);
	c->stemmer = kb_stemmer_new(lib->config->locales[locale].code);
	c->nissues = lib->taxonomy->len;
	learn_all(c);
	c->bias = kb_xcalloc(c->nissues + 1, sizeof(*c->bias));
	c->weights = kb_xcalloc(
		kb_size_mul(c->known.len + 1, c->nissues + 1), sizeof(*c->weights));
	if (c->samples.len)
		train(c);
	return c;
}

void kb_classifier_free(struct kb_classifier *c)
{
	if (!c)
		return;
	kb_classifier_free(c->next);
	free(c->weights);
	free(c->bias);
	kb_vec_dispose(&c->samples);
	kb_map_dispose(&c->known);
	kb_map_dispose(&c->words);
	kb_map_dispose(&c->meant);
	kb_map_dispose(&c->compounds);
	kb_stemmer_free(c->stemmer);
	kb_arena_free(c->arena);
	free(c);
}

/* Is a word part of a pair, or the other way round, or are they the same? */
static bool overlaps(kb_str a, kb_str b)
{
	kb_str whole = a.len > b.len ? a : b, part = a.len > b.len ? b : a, word;

	if (kb_str_eq(a, b))
		return true;
	while (kb_str_next(&whole, ' ', &word))
		if (kb_str_eq(word, part))
			return true;
	return false;
}

static bool is_told(const kb_strs *told, kb_str word)
{
	for (size_t i = 0; i < told->len; i++)
		if (overlaps(told->items[i], word))
			return true;
	return false;
}

/* The feature that speaks most for an issue; SIZE_MAX: none that is not TOLD says much.
 */
static size_t most_telling(
	const struct taking *t, uint32_t issue, bool content, const kb_strs *told)
{
	const struct kb_classifier *c = t->c;
	size_t best = SIZE_MAX;
	float most = 0.05f;

	for (size_t i = 0; i < t->features.len; i++) {
		const struct feature *feature = &t->features.items[i];
		const struct known_term *known = c->known.entries[feature->index].value;
		float by = feature->value *
			   c->weights[(size_t)feature->index * c->nissues + issue];

		if (by > most && (known->content != NONE) == content &&
			!is_told(told, t->words.items[i])) {
			best = i;
			most = by;
		}
	}
	return best;
}

static void decide_by(const struct taking *t, uint32_t issue, bool content, kb_strs *told)
{
	size_t best;

	while (told->len < WORDS_MAX &&
		(best = most_telling(t, issue, content, told)) != SIZE_MAX)
		told->items[told->len++] = t->words.items[best];
}

/* The words that speak for it, those that tell something first; none of them twice, alone
 * and in a pair. */
static void decide_words(const struct taking *t, uint32_t issue, struct kb_guess *guess)
{
	guess->words.items = kb_arena_array(t->arena, kb_str, WORDS_MAX);
	decide_by(t, issue, true, &guess->words);
	guess->idle = !guess->words.len;
	decide_by(t, issue, false, &guess->words);
}

/* Those with the best scores, which are used up. */
static size_t choose(const struct taking *t, size_t most, struct kb_guess *out)
{
	const struct kb_classifier *c = t->c;
	float *scores = kb_arena_array(t->arena, float, c->nissues + 1);
	size_t n = 0;

	score(c, t->features.items, t->features.len, scores);
	for (uint32_t i = 0; i < c->nissues; i++)
		if (!c->shown[i])
			scores[i] = 0;
	while (n < most) {
		uint32_t best = 0;

		for (uint32_t i = 1; i < c->nissues; i++)
			if (scores[i] > scores[best])
				best = i;
		if (scores[best] <= 0)
			break;
		struct kb_guess *guess = &out[n++];
		*guess = (struct kb_guess){.issue = &c->lib->taxonomy->issues[best],
			.score = (double)scores[best],
			.locale = c->locale};
		decide_words(t, best, guess);
		scores[best] = 0;
	}
	return n;
}

/* The first locale of another language that texts of this one fall back to. */
static uint32_t next_language(const struct kb_config *config, uint32_t locale)
{
	uint32_t at = locale;

	while (at != KB_NONE && kb_locale_serves(config, at, locale))
		at = config->locales[at].fallback;
	return at;
}

struct knowing {
	struct kb_classifier *c;
	size_t known, n;
};

static bool know_word(void *ctx, const struct kb_word *word)
{
	struct knowing *k = ctx;
	const struct kb_keys *keys = kb_stemmer_keys(k->c->stemmer, word);

	k->known += kb_map_has(&k->c->known, keys->keys[0]);
	k->n++;
	return true;
}

double kb_classifier_knows(struct kb_classifier *c, kb_str text)
{
	struct knowing k = {.c = c};

	kb_words(text, know_word, &k);
	return k.n ? (double)k.known / (double)k.n : 0;
}

/* *UNKNOWN: how many of its words are not known. */
static size_t guess(struct kb_classifier *c, struct kb_arena *arena, kb_str text,
	size_t most, struct kb_guess *out, size_t *unknown)
{
	struct taking t = {.c = c, .arena = arena, .text = text};
	size_t n = 0;

	kb_words_joined(text, take_asked, &t);
	take_last(&t);
	*unknown = t.unknown;
	if (t.features.len) {
		weigh(c, t.features.items, t.features.len, t.strange);
		n = choose(&t, most, out);
		if (n && !out[0].words.len)
			n = 0;
	}
	kb_vec_dispose(&t.features);
	kb_vec_dispose(&t.words);
	return n;
}

static struct kb_classifier *next_of(struct kb_classifier *c)
{
	uint32_t locale = next_language(c->lib->config, c->locale);

	if (!c->next && locale != KB_NONE)
		c->next = kb_classifier_new(c->lib, locale, c->audience);
	return c->next;
}

size_t kb_classify(struct kb_classifier *c, struct kb_arena *arena, kb_str text,
	size_t most, struct kb_guess **out)
{
	size_t unknown, fewest;

	*out = kb_arena_array(arena, struct kb_guess, most + 1);
	size_t n = guess(c, arena, text, most, *out, &fewest);
	/* A word or two of another language may look like the locale's own. */
	while (fewest > 0 && (c = next_of(c))) {
		struct kb_guess *other = kb_arena_array(arena, struct kb_guess, most + 1);
		size_t found = guess(c, arena, text, most, other, &unknown);

		if (found && (!n || unknown * 2 < fewest)) {
			*out = other;
			n = found;
			fewest = unknown;
		}
	}
	return n;
}

enum kb_certainty kb_guess_certainty(const struct kb_guess *guesses, size_t n)
{
	double first = n ? guesses[0].score : 0, second = n > 1 ? guesses[1].score : 0;

	if (!n)
		return KB_CERTAINTY_NONE;
	if (guesses[0].idle)
		return KB_CERTAINTY_WEAK;
	if (first < WEAK_BELOW && first + second < WEAK_TOGETHER)
		return KB_CERTAINTY_WEAK;
	return second > CLOSE_ABOVE * first ? KB_CERTAINTY_CLOSE : KB_CERTAINTY_CLEAR;
}

const char *kb_certainty_name(enum kb_certainty certainty)
{
	static const char *const names[] = {[KB_CERTAINTY_CLEAR] = "clear",
		[KB_CERTAINTY_CLOSE] = "close",
		[KB_CERTAINTY_WEAK] = "weak",
		[KB_CERTAINTY_NONE] = "none"};

	return names[certainty];
}
