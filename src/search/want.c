/*
 * What the words of a question stand for in a locale: the keys that its other forms
 * share, longer words that begin with them, and, where no document has them, what is one
 * typing error away, or the two words that they are made of. A word with a particle also
 * stands for the word before that ("login", "log in"). Words that some document joins,
 * and words with signs, also stand for that ("Wi-Fi", "C++"); the parts of a code stand
 * for the code alone ("E 05"). Function words count only where there is nothing else.
 *
 * src/site/theme/search.js does the same, step by step.
 */
#include "query.h"

#include "kb/unicode.h"

enum { FORMS_MAX = 100, PART_MIN = 4, SHORT_MAX = 6, SPACED_MAX = 8, PARTED_MIN = 3 };
/* What it counts if a document joins two words of the question, and if it parts one. */
static const double JOINED = 0.8, PARTED = 0.15;

static void group_add(struct query_run *in, size_t word, kb_str key)
{
	if (!kb_map_has(&in->groups, key))
		kb_map_put(&in->groups, key, (void *)(uintptr_t)(word + 1));
}

static bool has_key(const struct asking *a, const struct query_run *in, kb_str key)
{
	struct dict_cursor words;
	struct dict_word word;
	uint32_t number;

	if (!dict_find(&in->shard->dict, key, &words))
		return false;
	while (dict_next(&words, &number))
		if (dict_word(&in->shard->dict, number, &word) &&
			view_has(a->view, &word))
			return true;
	return false;
}

static bool want_add(const struct asking *a, struct query_run *in, size_t nth, kb_str key,
	double weight)
{
	struct want *want = &in->wants[nth];

	for (size_t i = 0; i < want->len; i++)
		if (kb_str_eq(want->items[i].key, key))
			return true;
	if (!has_key(a, in, key))
		return false;
	kb_vec_push(want, ((struct wanted){key, weight}));
	return true;
}

/* All that a word of the dictionary stands for, as it is folded. */
static void want_form(const struct asking *a, struct query_run *in, size_t nth,
	kb_str fold, double weight)
{
	const struct kb_word word = {.lower = fold, .fold = fold};
	const struct kb_keys *keys = kb_stemmer_keys(in->shard->asker, &word);

	for (uint32_t i = 0; i < keys->n; i++)
		want_add(a, in, nth, keys->keys[i], weight);
	group_add(in, nth, keys->word);
}

static void want_prefix(const struct asking *a, struct query_run *in, size_t nth,
	kb_str prefix, double weight)
{
	uint32_t at = dict_from(&in->shard->dict, prefix);
	kb_str fold;

	for (size_t n = 0;
		n < FORMS_MAX && view_next_form(a->view, &in->shard->dict, &at, &fold) &&
		kb_str_starts(fold, prefix);
		n++)
		want_form(a, in, nth, fold, weight);
}

static void want_near(const struct asking *a, struct query_run *in, size_t nth)
{
	kb_str own = in->wants[nth].fold, fold;
	uint32_t at = 0;

	if (in->wants[nth].skipped || kb_utf8_count(own) < 5 || kb_word_has_digit(own))
		return;
	for (size_t n = 0;
		n < FORMS_MAX && view_next_form(a->view, &in->shard->dict, &at, &fold);)
		if (fold.len <= own.len + 4 && own.len <= fold.len + 4 &&
			kb_word_near(fold, own)) {
			want_form(a, in, nth, fold, 0.5);
			n++;
		}
}

static bool is_function(struct query_run *in, const struct kb_word *word)
{
	return kb_stemmer_keys(in->shard->asker, word)->function;
}

/* In the locale's language, is there nothing but function words? */
static bool is_all_function(struct asking *a, struct query_run *in)
{
	for (size_t i = 0; i < a->nwords; i++)
		if (!is_function(in, &a->words[i].word))
			return false;
	return true;
}

static void want_known(struct asking *a, struct query_run *in, size_t nth, bool functions)
{
	const struct kb_keys *keys =
		kb_stemmer_keys(in->shard->asker, &a->words[nth].word);
	struct want *want = &in->wants[nth];

	want->fold = keys->word;
	want->skipped = keys->function && !functions;
	for (uint32_t i = 0; i < keys->n; i++) {
		if (!want->skipped)
			want->known |= want_add(a, in, nth, keys->keys[i], 1);
		group_add(in, nth, keys->keys[i]);
	}
}

/* What a word is like, once all that are known have their groups. */
static void want_widen(struct asking *a, struct query_run *in, size_t nth, bool open)
{
	struct want *want = &in->wants[nth];
	size_t n = kb_utf8_count(want->fold), cut = want->fold.len;

	if (want->skipped)
		return;
	if (n >= 5 || (open && n >= 3))
		want_prefix(a, in, nth, want->fold, want->known ? 0.3 : 0.55);
	if (!want->known && n > 7) {
		for (int i = 0; i < 2; i++)
			do
				cut--;
			while (((unsigned char)want->fold.data[cut] & 0xc0) == 0x80);
		want_prefix(a, in, nth, kb_str_sub(want->fold, 0, cut), 0.3);
	}
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

static bool has_form(const struct asking *a, const struct query_run *in, kb_str form)
{
	uint32_t at = dict_from(&in->shard->dict, form);
	kb_str fold;

	return view_next_form(a->view, &in->shard->dict, &at, &fold) &&
	       kb_str_eq(fold, form);
}

static bool is_written(const struct asking *a, kb_str fold)
{
	for (uint32_t l = 0; l < a->nlocales; l++)
		if (has_form(a, &a->locales[l], fold))
			return true;
	return false;
}

/* Is any form of the word written? */
static bool is_known(const struct asking *a, const struct kb_word *word)
{
	for (uint32_t l = 0; l < a->nlocales; l++) {
		const struct query_run *in = &a->locales[l];
		const struct kb_keys *keys = kb_stemmer_keys(in->shard->asker, word);

		for (uint32_t i = 0; i < keys->n; i++)
			if (has_key(a, in, keys->keys[i]))
				return true;
	}
	return false;
}

/* N words from the I-th on, joined, if one character is between each two. */
static bool join_from(const struct asking *a, size_t i, size_t n, struct kb_word *both)
{
	*both = a->words[i].word;
	for (size_t k = i + 1; k < i + n; k++) {
		const struct kb_word *next = &a->words[k].word;

		if (!kb_words_meet(a->query->text, both->to, next->from))
			return false;
		both->to = next->to;
		both->lower = kb_arena_fmt(
			a->arena, "%.*s%.*s", KB_ARG(both->lower), KB_ARG(next->lower));
		both->fold = kb_arena_fmt(
			a->arena, "%.*s%.*s", KB_ARG(both->fold), KB_ARG(next->fold));
	}
	return true;
}

/* "E 05": a letter with a number is a code. */
static bool is_code(const struct kb_word *x, const struct kb_word *y)
{
	return kb_word_is_letter(x) && kb_word_has_digit(kb_str_sub(y->fold, 0, 1));
}

static bool is_function_anywhere(const struct asking *a, const struct kb_word *word)
{
	for (uint32_t l = 0; l < a->nlocales; l++)
		if (is_function(&a->locales[l], word))
			return true;
	return false;
}

/* Function words always are: readers need not ask. */
static bool is_common(const struct asking *a, const struct kb_word *word)
{
	return is_function_anywhere(a, word) || is_written(a, word->fold);
}

/* Makes one of two words that are written as one, and not as two, and of codes. A code
 * that is not written is not the letter with another number; a letter alone ends no word
 * ("error E 05"). */
static void join_words(struct asking *a)
{
	for (size_t i = 1; i < a->nwords; i++) {
		const struct kb_word *x = &a->words[i - 1].word, *y = &a->words[i].word;
		struct kb_word both;
		bool code = is_code(x, y), written = is_common(a, y);

		if (kb_word_is_letter(y) || (written && !code && is_common(a, x)) ||
			!join_from(a, i - 1, 2, &both) || has_word(a, both.fold) ||
			!((code && !written) || is_known(a, &both)))
			continue;
		a->words[i - 1].word = both;
		a->nwords--;
		memmove(&a->words[i], &a->words[i + 1],
			(a->nwords - i) * sizeof(*a->words));
	}
}

/* NULL: no document has it, or the question has it already. */
static struct ask_word *add_compound(
	struct asking *a, const struct kb_word *word, size_t first, size_t parts)
{
	size_t at = a->nwords;

	if (!is_known(a, word))
		return NULL;
	add_word(a, word);
	if (a->nwords == at)
		return NULL;
	a->words[at].optional = true;
	a->words[at].first = first;
	a->words[at].parts = parts;
	return &a->words[at];
}

/* "log in" where "login" is written: documents with the two words come first. */
static void add_spaced(struct asking *a, const struct kb_word *word, size_t first)
{
	struct ask_word *added = add_compound(a, word, first, 2);

	if (added)
		added->spaced = true;
}

struct signs_taking {
	struct asking *asking;
	size_t word; /* of the question, that has the signs */
};

/* A word with its signs: "C++". */
static bool take_signs(void *ctx, const struct kb_word *word)
{
	struct signs_taking *s = ctx;
	struct asking *a = s->asking;

	if (word->kind == KB_WORD_SIGNED && s->word < a->nwritten)
		add_compound(a, word, s->word, 1);
	else if (word->kind < KB_WORD_COMPOUND)
		for (s->word = 0; s->word < a->nwritten; s->word++)
			if (kb_str_eq(a->words[s->word].word.fold, word->fold))
				break;
	return true;
}

/* May people write two words of the question as one? Signs join any; a space short ones
 * ("log in"), and a function word begins none. Each is looked for, so they are few. */
static bool may_join(const struct asking *a, size_t i)
{
	const struct kb_word *x = &a->words[i].word, *y = &a->words[i + 1].word;

	return a->query->text.data[x->to] != ' ' ||
	       (kb_utf8_count(x->fold) + kb_utf8_count(y->fold) <= SPACED_MAX &&
		       !is_function_anywhere(a, x));
}

/* Two words that are written as one, too, three with signs, and words with their signs.
 */
static void add_compounds(struct asking *a)
{
	struct signs_taking signs = {.asking = a};
	struct kb_word word;
	bool spaced = true;

	for (size_t i = 0; i + 1 < a->nwritten; i++) {
		bool before = spaced;

		spaced = a->query->text.data[a->words[i].word.to] == ' ';
		if (!spaced && !before && join_from(a, i - 1, 3, &word))
			add_compound(a, &word, i - 1, 3);
		if (!may_join(a, i) || !join_from(a, i, 2, &word))
			continue;
		if (spaced)
			add_spaced(a, &word, i);
		else
			add_compound(a, &word, i, 2);
	}
	kb_words_joined(kb_str_sub(a->query->text, 0, BYTES_MAX), take_signs, &signs);
}

/* What a compound stands for, each of its parts does, too. */
static void want_compound(const struct asking *a, struct query_run *in, size_t nth)
{
	const struct ask_word *word = &a->words[nth];

	for (size_t i = word->first; i < word->first + word->parts; i++)
		for (size_t k = 0; k < in->wants[nth].len && !in->wants[i].skipped; k++)
			in->wants[i].known |= want_add(a, in, i,
				in->wants[nth].items[k].key, word->spaced ? JOINED : 1);
}

static bool may_part(
	const struct query_run *in, kb_str first, kb_str second, bool particles)
{
	const struct kb_word last = {.lower = second, .fold = second};
	size_t x = kb_utf8_count(first), y = kb_utf8_count(second);

	if (x >= 2 && y >= 2 && kb_stemmer_keys(in->shard->asker, &last)->function)
		return true;
	return !particles &&
	       ((first.len >= PART_MIN && second.len >= PART_MIN) ||
		       (x >= 2 && y >= 2 && x + y <= SHORT_MAX) ||
		       (x >= 2 && !kb_word_has_digit(first) &&
			       kb_word_has_digit(kb_str_sub(second, 0, 1))));
}

/* Cuts a word in two that are written, the first as long as can be. PARTICLES: the second
 * is a function word, as in "login". */
static bool split_word(struct asking *a, const struct query_run *in,
	const struct ask_word *word, bool particles)
{
	kb_str fold = word->word.fold;

	for (size_t at = fold.len; at-- > 1;) {
		kb_str first = kb_str_sub(fold, 0, at);
		kb_str second = kb_str_sub(fold, at, fold.len);
		struct kb_word x = {.from = word->word.from, .to = word->word.to};
		struct kb_word y = x;

		x.lower = x.fold = first;
		y.lower = y.fold = second;
		if (((unsigned char)second.data[0] & 0xc0) == 0x80 ||
			!may_part(in, first, second, particles) ||
			!has_form(a, in, first) || !has_form(a, in, second))
			continue;
		add_word(a, &x);
		add_word(a, &y);
		return true;
	}
	return false;
}

/* "login" stands for "log", too, where that is written, but counts less then. */
static void want_parted(struct asking *a, struct query_run *in, size_t nth)
{
	kb_str fold = in->wants[nth].fold;

	for (size_t n = 2; n <= 3 && fold.len >= n + PARTED_MIN; n++) {
		kb_str first = kb_str_sub(fold, 0, fold.len - n);

		if (kb_stemmer_is_particle(
			    in->shard->asker, kb_str_sub(fold, first.len, fold.len)) &&
			has_form(a, in, first)) {
			want_form(a, in, nth, first, PARTED);
			return;
		}
	}
}

static bool is_answered(const struct asking *a, size_t nth)
{
	for (uint32_t l = 0; l < a->nlocales; l++)
		if (a->locales[l].wants[nth].len)
			return true;
	return false;
}

/* A typing error is looked for only in a word that no locale knows. */
static void want_unknown(struct asking *a, size_t from)
{
	for (size_t i = from; i < a->nwords; i++)
		a->words[i].unknown = !is_answered(a, i);
	for (uint32_t l = 0; l < a->nlocales; l++)
		for (size_t i = from; i < a->nwords; i++)
			if (a->words[i].unknown)
				want_near(a, &a->locales[l], i);
}

static void want_words(struct asking *a, size_t from)
{
	for (uint32_t l = 0; l < a->nlocales; l++) {
		struct query_run *in = &a->locales[l];
		bool functions = is_all_function(a, in);

		for (size_t i = from; i < a->nwords; i++)
			want_known(a, in, i, functions);
		for (size_t i = from; i < a->nwords; i++)
			want_compound(a, in, i);
		for (size_t i = from; i < a->nwords; i++)
			want_widen(a, in, i, a->open && i + 1 == a->nwritten);
	}
	want_unknown(a, from);
}

void kb_search_want(struct asking *a)
{
	kb_words(kb_str_sub(a->query->text, 0, BYTES_MAX), take_word, a);
	join_words(a);
	a->nwritten = a->nwords;
	add_compounds(a);
	size_t asked = a->nwords;
	want_words(a, 0);
	for (size_t i = 0; i < a->nwritten; i++)
		for (uint32_t l = 0; l < a->nlocales && !a->words[i].unknown; l++)
			if (!a->locales[l].wants[i].skipped)
				want_parted(a, &a->locales[l], i);
	for (size_t i = 0; i < a->nwritten; i++)
		for (uint32_t l = 0; l < a->nlocales && a->words[i].unknown; l++)
			if (split_word(
				    a, &a->locales[l], &a->words[i], is_answered(a, i))) {
				a->words[i].optional = true;
				break;
			}
	want_words(a, asked);
}

void kb_search_want_free(struct asking *a)
{
	for (uint32_t l = 0; l < a->nlocales; l++) {
		for (size_t i = 0; i < a->nwords; i++)
			kb_vec_dispose(&a->locales[l].wants[i]);
		kb_map_dispose(&a->locales[l].groups);
	}
}
