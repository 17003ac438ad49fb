/* Are two texts so different that nobody has to compare them closely? */
#include "kb/arena_str.h"
#include "kb/hash.h"
#include "version.h"

/* Spelling alone does not touch as many different words. */
enum { WORDS_MAX = 24, COUNTERS = 1 << 12 };

static bool in_word(char c)
{
	unsigned char b = (unsigned char)c;

	return (b | 0x20) >= 'a' ? (b | 0x20) <= 'z' || b >= 0x80 : b >= '0' && b <= '9';
}

/* The next word, without regard to where links lead. */
static bool next_word(kb_str text, size_t *at, kb_str *word)
{
	size_t from;

	for (from = *at; from < text.len && !in_word(text.data[from]); from++)
		if (text.data[from] == '(' && from && text.data[from - 1] == ']')
			while (from + 1 < text.len && text.data[from] != ')')
				from++;
	for (*at = from; *at < text.len && in_word(text.data[*at]);)
		++*at;
	*word = kb_str_sub(text, from, *at);
	return *at > from;
}

/* With composed letters, and with spaces for quotes, dashes, and no-break spaces: U+0080
 * to U+00BF and U+2000 to U+207F. */
static kb_str without_typography(struct kb_arena *arena, kb_str text)
{
	char *plain;

	text = composed(arena, text);
	plain = kb_arena_copy(arena, text.data, text.len);
	for (size_t i = 0; i + 1 < text.len; i++) {
		bool latin = plain[i] == '\xc2';
		bool general = plain[i] == '\xe2' && (plain[i + 1] & 0xfe) == 0x80;

		for (size_t k = i;
			k < i + 2 + general && k < text.len && (latin || general); k++)
			plain[k] = ' ';
	}
	return (kb_str){plain, text.len};
}

/* Words may share a counter: then fewer of them differ. */
static void count_words(int32_t *counters, kb_str text, int32_t step)
{
	kb_str word;

	for (size_t at = 0; next_word(text, &at, &word);)
		counters[kb_hash64(word) % COUNTERS] += step;
}

/* May a part of the text be for some readers only, or for nobody? */
static bool has_parts(kb_str text)
{
	static const char *const callouts[] = {
		"NOTE]", "TIP]", "IMPORTANT]", "WARNING]", "CAUTION]"};
	static const char *const signs[] = {"<!", "&#", "&l", "\\[", "\\!"};
	size_t at;

	for (size_t i = 0; i < KB_LEN(signs); i++)
		if (kb_str_find(text, kb_str_of(signs[i])) != SIZE_MAX)
			return true;
	while ((at = kb_str_find(text, KB_STR("[!"))) != SIZE_MAX) {
		bool known = false;

		text = kb_str_sub(text, at + 2, text.len);
		for (size_t i = 0; i < KB_LEN(callouts); i++)
			known |= kb_str_starts(text, kb_str_of(callouts[i]));
		if (!known)
			return true;
	}
	return false;
}

/* Front matter is left out. */
static kb_str body_of(kb_str text)
{
	size_t end = kb_str_starts(text, KB_STR("---"))
			     ? kb_str_find(text, KB_STR("\n---"))
			     : SIZE_MAX;

	return end == SIZE_MAX ? text : kb_str_sub(text, end + 4, text.len);
}

bool texts_reworded(kb_str before, kb_str after)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	int32_t counters[COUNTERS] = {0};
	unsigned n = 0;

	before = body_of(before);
	after = body_of(after);
	if (has_parts(before) || has_parts(after))
		return false;
	count_words(counters, without_typography(arena, before), -1);
	count_words(counters, without_typography(arena, after), 1);
	for (size_t i = 0; i < COUNTERS; i++)
		n += counters[i] != 0;
	return n > WORDS_MAX;
}
