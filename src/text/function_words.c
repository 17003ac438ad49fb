#include "kb/function_words.h"

#include "kb/mem.h"

#define LANGUAGE(code, ...) static const char *const words_##code[] = {__VA_ARGS__};
#include "function_words.def"
#undef LANGUAGE

struct kb_function_words {
	const char *language;
	const char *const *words;
	size_t n;
};

#define LANGUAGE(code, ...) {#code, words_##code, KB_LEN(words_##code)},
static const struct kb_function_words lists[] = {
#include "function_words.def"
};
#undef LANGUAGE

const struct kb_function_words *kb_function_words_of(kb_str locale)
{
	kb_str language;

	if (!kb_str_next(&locale, '-', &language))
		return NULL;
	for (size_t i = 0; i < KB_LEN(lists); i++)
		if (kb_str_is(language, lists[i].language))
			return &lists[i];
	return NULL;
}

const char *kb_function_words_at(const struct kb_function_words *words, size_t i)
{
	return words && i < words->n ? words->words[i] : NULL;
}

static int compare(const void *fold, const void *word)
{
	return kb_str_cmp(*(const kb_str *)fold, kb_str_of(*(const char *const *)word));
}

bool kb_function_words_has(const struct kb_function_words *words, kb_str fold)
{
	return words &&
	       bsearch(&fold, words->words, words->n, sizeof(*words->words), compare);
}
