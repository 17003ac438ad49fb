/*
 * What the words of a question stand for in the dictionary of a locale: their other
 * forms, longer words that begin with them, and, where no document has them, what is one
 * typing error away, or the two words that they are made of. Two that are known only as
 * one, as "E 05", are looked for as that, too.
 */
#include "query.h"

#include "kb/unicode.h"

enum { FORMS_MAX = 200, PART_MIN = 4 };

static void group_add(struct asked *in, size_t word, kb_str key)
{
	if (!kb_map_has(&in->groups, key))
		kb_map_put(&in->groups, key, (void *)(uintptr_t)(word + 1));
}

static void want_add(struct want *want, uint32_t word, double weight)
{
	for (size_t i = 0; i < want->len; i++)
		if (want->items[i].word == word)
			return;
	kb_vec_push(want, ((struct wanted){word, weight}));
}

static void want_prefix(struct asked *in, size_t nth, kb_str prefix, double weight)
{
	const struct dict *dict = &in->shard->dict;
	struct dict_word word;
	uint32_t i = dict_from(dict, prefix);
	for (size_t n = 0; n < FORMS_MAX && dict_word(dict, i, &word) &&
			   kb_str_starts(word.fold, prefix);
		n++, i++) {
		want_add(&in->wants[nth], i, weight);
		group_add(in, nth, word.fold);
	}
}

static void want_near(struct asked *in, size_t nth)
{
	const struct dict *dict = &in->shard->dict;
	struct want *want = &in->wants[nth];
	struct dict_word word;
	size_t len = want->fold.len;
	for (uint32_t i = 0; want->len < FORMS_MAX && dict_word(dict, i, &word); i++) {
		if (word.fold.len + 3 < len || len + 3 < word.fold.len ||
			!kb_word_near(word.fold, want->fold))
			continue;
		want_add(want, i, 0.5);
		group_add(in, nth, word.fold);
	}
}

static void want_known(struct asked *in, size_t nth, const struct kb_word *word)
{
	const struct kb_keys *keys = kb_stemmer_keys(in->shard->asker, word);
	struct want *want = &in->wants[nth];
	want->fold = keys->word;
	for (uint32_t i = 0; i < keys->n; i++) {
		struct dict_cursor words;
		struct dict_word other;
		uint32_t number;
		if (!dict_find(&in->shard->dict, keys->keys[i], &words))
			continue;
		while (dict_next(&words, &number) &&
			dict_word(&in->shard->dict, number, &other))
			want_add(want, number,
				kb_str_eq(other.fold, want->fold) ? 1 : FORM_WEIGHT);
		group_add(in, nth, keys->keys[i]);
	}
	want->known = want->len > 0;
}

/* What a word is like, once all that are known have their groups. */
static void want_widen(struct asked *in, size_t nth, bool open)
{
	struct want *want = &in->wants[nth];
	size_t n = kb_utf8_count(want->fold);
	if (n >= 5 || (open && n >= 2))
		want_prefix(in, nth, want->fold, want->known ? 0.3 : 0.55);
	if (!want->known && n > 7)
		want_prefix(in, nth, kb_str_sub(want->fold, 0, want->fold.len - 2), 0.3);
	if (!want->len && n >= 4)
		want_near(in, nth);
}

static bool is_known(struct asked *in, const struct kb_word *word)
{
	const struct kb_keys *keys = kb_stemmer_keys(in->shard->asker, word);
	struct dict_cursor words;
	for (uint32_t i = 0; i < keys->n; i++)
		if (dict_find(&in->shard->dict, keys->keys[i], &words))
			return true;
	return false;
}

static bool has_word(const struct asking *a, kb_str fold)
{
	for (size_t i = 0; i < a->nwords; i++)
		if (kb_str_eq(a->words[i].word.fold, fold))
			return true;
	return false;
}

static void add_word(struct asking *a, const struct kb_word *word)
{
	if (a->nwords == WORDS_MAX || has_word(a, word->fold))
		return;
	struct ask_word *added = &a->words[a->nwords++];
	*added = (struct ask_word){.word = *word};
	added->word.lower = kb_arena_str(a->arena, word->lower);
	added->word.fold = kb_arena_str(a->arena, word->fold);
}

static bool take_word(void *ctx, const struct kb_word *word)
{
	struct asking *a = ctx;
	a->open = word->to == a->query->text.len;
	add_word(a, word);
	return a->nwords < WORDS_MAX;
}

static bool is_written(const struct asking *a, kb_str fold)
{
	struct dict_word word;
	for (uint32_t l = 0; l < a->nlocales; l++) {
		const struct dict *dict = &a->locales[l].shard->dict;
		if (dict_word(dict, dict_from(dict, fold), &word) &&
			kb_str_eq(word.fold, fold))
			return true;
	}
	return false;
}

static bool is_known_anywhere(struct asking *a, const struct kb_word *word)
{
	for (uint32_t l = 0; l < a->nlocales; l++)
		if (is_known(&a->locales[l], word))
			return true;
	return false;
}

/* Makes one of two with one sign between that are known as one, and not as two. */
static void join_words(struct asking *a)
{
	for (size_t i = 1; i < a->nwords; i++) {
		const struct kb_word *x = &a->words[i - 1].word, *y = &a->words[i].word;
		struct kb_word both = {.from = x->from, .to = y->to};
		if (y->from != x->to + 1 ||
			(is_known_anywhere(a, x) && is_known_anywhere(a, y)))
			continue;
		both.lower = kb_arena_fmt(
			a->arena, "%.*s%.*s", KB_ARG(x->lower), KB_ARG(y->lower));
		both.fold = kb_arena_fmt(
			a->arena, "%.*s%.*s", KB_ARG(x->fold), KB_ARG(y->fold));
		if (!is_written(a, both.fold) || has_word(a, both.fold))
			continue;
		a->words[i - 1].word = both;
		a->nwords--;
		memmove(&a->words[i], &a->words[i + 1],
			(a->nwords - i) * sizeof *a->words);
	}
}

/* Cuts a word in two that are known, the first as long as can be. */
static bool split_word(struct asking *a, struct asked *in, const struct ask_word *word)
{
	kb_str fold = word->word.fold;
	for (size_t at = fold.len; at-- > PART_MIN;) {
		kb_str first = kb_str_sub(fold, 0, at);
		kb_str second = kb_str_sub(fold, at, fold.len);
		struct kb_word x = {word->word.from, word->word.to, first, first};
		struct kb_word y = {word->word.from, word->word.to, second, second};
		if (y.fold.len < PART_MIN ||
			((unsigned char)y.fold.data[0] & 0xc0) == 0x80)
			continue;
		if (!is_known(in, &x) || !is_known(in, &y))
			continue;
		add_word(a, &x);
		add_word(a, &y);
		return true;
	}
	return false;
}

static bool is_answered(const struct asking *a, size_t nth)
{
	for (uint32_t l = 0; l < a->nlocales; l++)
		if (a->locales[l].wants[nth].len)
			return true;
	return false;
}

static void want_words(struct asking *a, size_t from)
{
	for (uint32_t l = 0; l < a->nlocales; l++)
		for (size_t i = from; i < a->nwords; i++)
			want_known(&a->locales[l], i, &a->words[i].word);
	for (uint32_t l = 0; l < a->nlocales; l++)
		for (size_t i = from; i < a->nwords; i++)
			want_widen(&a->locales[l], i, a->open && i + 1 == a->nwritten);
}

void kb_search_want(struct asking *a)
{
	kb_words(kb_str_sub(a->query->text, 0, BYTES_MAX), take_word, a);
	join_words(a);
	a->nwritten = a->nwords;
	want_words(a, 0);
	for (size_t i = 0; i < a->nwritten; i++)
		for (uint32_t l = 0; l < a->nlocales && !is_answered(a, i); l++)
			if (split_word(a, &a->locales[l], &a->words[i])) {
				a->words[i].split = true;
				break;
			}
	want_words(a, a->nwritten);
}

void kb_search_want_free(struct asking *a)
{
	for (uint32_t l = 0; l < a->nlocales; l++) {
		for (size_t i = 0; i < a->nwords; i++)
			kb_vec_dispose(&a->locales[l].wants[i]);
		kb_map_dispose(&a->locales[l].groups);
	}
}
