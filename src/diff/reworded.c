/* Are two texts so different that nobody has to compare them closely? */
#include "version.h"

/* Spelling alone does not touch as many different words. */
enum { WORDS_MAX = 24, COUNTER_BITS = 12, COUNTERS = 1 << COUNTER_BITS };

/* A text with composed letters, in which words are counted. */
struct counted_text {
	kb_str text;
	size_t at;
	bool in_link; /* between the brackets that say where a link leads */
};

static char byte_at(const struct counted_text *t, size_t i)
{
	return i < t->text.len ? t->text.data[i] : '\0';
}

/* The bytes of a quote, a dash, or a no-break space: U+0080 to U+00BF and U+2000 to
 * U+207F. 0: another character is here. */
static size_t typography(const struct counted_text *t)
{
	if (byte_at(t, t->at) == '\xc2')
		return 2;
	return byte_at(t, t->at) == '\xe2' && (byte_at(t, t->at + 1) & 0xfe) == 0x80 ? 3
										     : 0;
}

/* The hash of the word here, and the place behind it. It stays in place if no word is
 * here. */
static uint64_t take_word(struct counted_text *t)
{
	const unsigned char *p = (const unsigned char *)t->text.data;
	uint64_t hash = 5381;
	size_t at = t->at;

	for (; at < t->text.len; at++) {
		unsigned char letter = p[at] | 0x20;

		if (p[at] >= 0x80) {
			t->at = at;
			if (typography(t))
				break;
		} else if ((letter < 'a' || letter > 'z') && (p[at] < '0' || p[at] > '9'))
			break;
		hash = (hash << 5) + hash + p[at];
	}
	t->at = at;
	return hash * 0x9e3779b97f4a7c15u;
}

/* Does what is here, "[!", begin a callout that Markdown knows? */
static bool is_callout(const struct counted_text *t)
{
	static const char *const callouts[] = {
		"NOTE]", "TIP]", "IMPORTANT]", "WARNING]", "CAUTION]"};
	kb_str rest = kb_str_sub(t->text, t->at + 2, t->text.len);

	for (size_t i = 0; i < KB_LEN(callouts); i++)
		if (kb_str_starts(rest, kb_str_of(callouts[i])))
			return true;
	return false;
}

/* May a part that is for some readers only, or for nobody, begin here? */
static bool is_part(const struct counted_text *t)
{
	char next = byte_at(t, t->at + 1);

	switch (t->text.data[t->at]) {
	case '<':
		return next == '!';
	case '&':
		return next == '#' || next == 'l';
	case '\\':
		return next == '[' || next == '!';
	case '[':
		return next == '!' && !is_callout(t);
	default:
		return false;
	}
}

static void skip_sign(struct counted_text *t)
{
	size_t len = typography(t);
	char c = t->text.data[t->at];

	if (c == ')')
		t->in_link = false;
	else if (c == '(' && t->at && t->text.data[t->at - 1] == ']')
		t->in_link = true;
	t->at += len ? len : 1;
}

/* Words may share a counter: then fewer of them differ. Where a link leads does not
 * count. False: the text has parts that have to be looked at. */
static bool count_words(int32_t *counters, kb_str text, int32_t step)
{
	struct counted_text t = {.text = text};

	while (t.at < text.len) {
		size_t from = t.at;
		uint64_t hash = take_word(&t);

		if (t.at > from && !t.in_link)
			counters[hash >> (64 - COUNTER_BITS)] += step;
		if (t.at >= text.len)
			break;
		if (is_part(&t))
			return false;
		skip_sign(&t);
	}
	return true;
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

	if (!count_words(counters, composed(arena, body_of(before)), -1) ||
		!count_words(counters, composed(arena, body_of(after)), 1))
		return false;
	for (size_t i = 0; i < COUNTERS; i++)
		n += counters[i] != 0;
	return n > WORDS_MAX;
}
