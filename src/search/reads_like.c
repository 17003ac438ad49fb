/* The language of a text, by its function words. */
#include "kb/classify.h"
#include "kb/function_words.h"
#include "kb/token.h"

enum { SHORT = 5 }; /* words; in so few, one tells */

struct language_count {
	const struct kb_function_words *own, *other;
	size_t nown, nother, n; /* those that only one of them has; all words */
};

static bool count_word(void *ctx, const struct kb_word *word)
{
	struct language_count *c = ctx;
	bool own = kb_function_words_has(c->own, word->fold);
	bool other = kb_function_words_has(c->other, word->fold);

	c->nown += own && !other;
	c->nother += other && !own;
	c->n++;
	return true;
}

static bool is_of_other(const struct language_count *c)
{
	return c->nother > 2 * c->nown && (c->nother > 1 || c->n <= SHORT);
}

uint32_t kb_reads_like(const struct kb_config *config, uint32_t locale, kb_str text)
{
	struct language_count c = {
		.own = kb_function_words_of(config->locales[locale].code)};
	uint32_t best = KB_NONE;
	size_t most = 0;

	for (uint32_t l = 0; c.own && l < config->nlocales; l++) {
		c.other = kb_function_words_of(config->locales[l].code);
		c.n = c.nown = c.nother = 0;
		if (!c.other || c.other == c.own)
			continue;
		kb_words(text, count_word, &c);
		if (is_of_other(&c) && c.nother > most) {
			most = c.nother;
			best = l;
		}
	}
	return best;
}
