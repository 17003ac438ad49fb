/* Which language the Markdown is in, as it says itself or as its text shows. */
#include <ctype.h>

#include "adopt.h"
#include "kb/function_words.h"
#include "kb/token.h"
#include "kb/unicode.h"

bool adopt_is_locale(struct kb_arena *arena, kb_str word, kb_str *code)
{
	if (word.len < 2 || !islower((unsigned char)word.data[0]) ||
		!islower((unsigned char)word.data[1]) ||
		(word.len > 2 && (word.len < 5 || word.len > 7)))
		return false;
	if (word.len > 2 && word.data[2] != '-' && word.data[2] != '_')
		return false;
	char *tag = kb_arena_copy(arena, word.data, word.len);
	if (word.len > 2)
		tag[2] = '-';
	if (!kb_locale_canonical(arena, (kb_str){tag, word.len}, code))
		return false;
	kb_str language = kb_str_sub(*code, 0, 2);
	return !kb_str_eq_nocase(kb_locale_name(arena, language), language);
}

/* Those that there are function words of. */
static const char *const languages[] = {"de", "en", "es", "fr", "hu"};

enum { CERTAIN = 3 }; /* function words */

struct language_counts {
	size_t counts[KB_LEN(languages)];
};

/* Words of one language alone: "a", "es" and "van" are of several. */
static bool count_word(void *ctx, const struct kb_word *word)
{
	struct language_counts *c = ctx;
	size_t n = 0, last = 0;

	for (size_t i = 0; i < KB_LEN(languages); i++) {
		const struct kb_function_words *words =
			kb_function_words_of(kb_str_of(languages[i]));

		if (!kb_function_words_has(words, word->fold))
			continue;
		last = i;
		n++;
	}
	c->counts[last] += n == 1;
	return true;
}

kb_str adopt_language_of(kb_str text)
{
	struct language_counts c = {0};
	size_t best = 0, second = 0;

	kb_words(text, count_word, &c);
	for (size_t i = 1; i < KB_LEN(languages); i++)
		if (c.counts[i] > c.counts[best])
			best = i;
	for (size_t i = 0; i < KB_LEN(languages); i++)
		if (i != best && c.counts[i] > second)
			second = c.counts[i];
	return c.counts[best] >= CERTAIN && 2 * c.counts[best] > 3 * second
		       ? kb_str_of(languages[best])
		       : KB_STR_NULL;
}

/* What a document's front matter says. */
static kb_str stated(const struct kb_adopt_doc *doc)
{
	static const char *const keys[] = {"lang", "language", "locale",
		"content_language", "content-language", "ms.contentlocale", "ms.locale"};

	for (size_t i = 0; i < KB_LEN(keys); i++) {
		kb_str word = kb_node_str(kb_node_get(doc->front, keys[i]));

		if (word.len)
			return word;
	}
	return KB_STR_NULL;
}

/* The language that most texts are in of those whose path has no locale and whose
 * language shows. */
static kb_str most_read(const struct kb_adoption *a)
{
	size_t counts[KB_LEN(languages)] = {0}, best = 0;

	for (size_t i = 0; i < a->docs.len; i++)
		for (size_t l = 0; l < KB_LEN(languages); l++)
			counts[l] += !a->docs.items[i].locale.len &&
				     kb_str_is(a->docs.items[i].reads, languages[l]);
	for (size_t l = 1; l < KB_LEN(languages); l++)
		if (counts[l] > counts[best])
			best = l;
	return counts[best] ? kb_str_of(languages[best]) : KB_STR("en");
}

kb_str adopt_stated_locale(const struct kb_adoption *a)
{
	kb_str code;

	for (size_t i = 0; i < a->docs.len; i++)
		if (!a->docs.items[i].locale.len &&
			adopt_is_locale(a->arena, stated(&a->docs.items[i]), &code))
			return code;
	return adopt_is_locale(a->arena, a->language, &code) ? code : most_read(a);
}
