/* capitalization: letters of titles and headings. */
#include "style.h"

#include "kb/unicode.h"

struct word {
	kb_str text;
	size_t off;
};

static bool is_upper(struct kb_arena *arena, kb_str s)
{
	size_t at = 0;

	if (!s.len)
		return false;
	kb_utf8_next(s, &at);
	kb_str first = kb_str_sub(s, 0, at);
	return !kb_str_eq(kb_lower(arena, first), first);
}

static bool has_lower(struct kb_arena *arena, kb_str s)
{
	for (size_t at = 0; at < s.len;) {
		size_t from = at;

		kb_utf8_next(s, &at);
		kb_str one = kb_str_sub(s, from, at);
		bool letter = (unsigned char)one.data[0] >= 0x80 ||
			      (one.data[0] >= 'a' && one.data[0] <= 'z');
		if (letter && kb_str_eq(kb_lower(arena, one), one))
			return true;
	}
	return false;
}

/* Short forms, numbers and masked words are right as they are. */
static bool is_neutral(struct kb_arena *arena, kb_str word)
{
	return kb_str_chr(word, '*') != SIZE_MAX ||
	       (word.data[0] >= '0' && word.data[0] <= '9') ||
	       (kb_utf8_count(word) > 1 && !has_lower(arena, word));
}

static kb_str bare(kb_str s)
{
	static const char marks[] = "\"'.,:;!?()[]{}";

	while (s.len && strchr(marks, s.data[0]))
		s = kb_str_sub(s, 1, s.len);
	while (s.len && strchr(marks, s.data[s.len - 1]))
		s.len--;
	return s;
}

static bool listed(const kb_strs *list, kb_str word)
{
	for (size_t i = 0; i < list->len; i++)
		if (kb_str_eq(list->items[i], word))
			return true;
	return false;
}

/* Is the word a part of an exception that stands there? */
static bool is_exception(
	const struct style_rule *rule, kb_str text, const struct word *word)
{
	for (size_t i = 0; i < rule->words.len; i++) {
		kb_str exception = rule->words.items[i];

		for (size_t from = 0; from + exception.len <= text.len;) {
			size_t at =
				kb_str_find(kb_str_sub(text, from, text.len), exception);

			if (at == SIZE_MAX)
				break;
			at += from;
			if (word->off >= at &&
				word->off + word->text.len <= at + exception.len)
				return true;
			from = at + 1;
		}
	}
	return false;
}

static bool is_small(const struct style_rule *rule, kb_str word)
{
	static const char *const both[] = {"a", "an", "and", "as", "at", "but", "by",
		"for", "if", "in", "nor", "of", "on", "or", "per", "the", "to", "via",
		"vs"};
	static const char *const chicago[] = {"about", "above", "across", "after",
		"against", "along", "among", "around", "before", "behind", "below",
		"beneath", "beside", "between", "beyond", "despite", "down", "during",
		"except", "from", "inside", "into", "like", "near", "onto", "out",
		"outside", "over", "past", "since", "through", "throughout", "toward",
		"under", "until", "upon", "with", "within", "without"};

	for (size_t i = 0; i < KB_LEN(both); i++)
		if (kb_str_eq_nocase(word, kb_str_of(both[i])))
			return true;
	for (size_t i = 0; !rule->ap && i < KB_LEN(chicago); i++)
		if (kb_str_eq_nocase(word, kb_str_of(chicago[i])))
			return true;
	return false;
}

struct words {
	KB_VEC(struct word);
};

static void split(kb_str text, struct words *out)
{
	for (size_t i = 0; i < text.len;) {
		size_t from = i;

		while (i < text.len && !strchr(" \t\n", text.data[i]))
			i++;
		kb_str word = bare(kb_str_sub(text, from, i));
		if (word.len)
			kb_vec_push(out,
				((struct word){word, (size_t)(word.data - text.data)}));
		i++;
	}
}

/* A capital is right after one of these. */
static bool after_indicator(const struct style_rule *rule, kb_str text, size_t off)
{
	kb_str before = kb_str_trim(kb_str_sub(text, 0, off));

	for (size_t i = 0; i < rule->indicators.len; i++)
		if (kb_str_ends(before, rule->indicators.items[i]))
			return true;
	return before.len && strchr(".!?", before.data[before.len - 1]);
}

static bool word_is_right(
	struct style_run *run, kb_str text, const struct words *words, size_t i)
{
	const struct style_rule *rule = run->rule;
	struct kb_arena *arena = run->checker->scratch;
	const struct word *word = &words->items[i];
	bool upper = is_upper(arena, word->text);
	bool edge = i == 0 || i + 1 == words->len;

	if (is_neutral(arena, word->text) || is_exception(rule, text, word) ||
		listed(&rule->words, word->text))
		return true;
	if (kb_str_is(rule->match, "$title"))
		return is_small(rule, word->text) && !edge ? !upper : upper;
	if (i == 0)
		return upper;
	return !upper || kb_str_is(word->text, "I") ||
	       after_indicator(rule, text, word->off);
}

/* Are enough of the words as they should be? */
static bool words_are_right(struct style_run *run, kb_str text)
{
	struct words words = {0};
	size_t right = 0;
	bool enough;

	split(text, &words);
	for (size_t i = 0; i < words.len; i++)
		right += word_is_right(run, text, &words, i);
	enough = right == words.len ||
		 (double)right / (double)words.len > run->rule->threshold;
	kb_vec_dispose(&words);
	return enough;
}

static bool is_right(struct style_run *run, kb_str text)
{
	const struct style_rule *rule = run->rule;
	struct kb_arena *arena = run->checker->scratch;

	if (rule->npatterns)
		return kb_regex_find(rule->patterns[0].regex, text, 0, NULL) == 1;
	if (kb_str_is(rule->match, "$lower"))
		return kb_str_eq(kb_lower(arena, text), text);
	if (kb_str_is(rule->match, "$upper"))
		return !has_lower(arena, text);
	return words_are_right(run, text);
}

void style_case(struct style_run *run)
{
	for (size_t i = 0; i < run->text->len; i++) {
		const struct style_unit *unit = &run->text->units[i];

		if (style_selects(run->rule, unit) && !is_right(run, unit->text))
			style_add(run, unit, (kb_range){0, (uint32_t)unit->text.len},
				unit->text, unit->text);
	}
}
