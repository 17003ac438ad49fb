/* capitalization: letters of titles and headings. */
#include "style.h"

#include "kb/unicode.h"

struct word {
	kb_str text;
	size_t off;
	bool wrong;
};

struct case_words {
	KB_VEC(struct word);
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

/* Is the word part of an exception in the text? */
static bool is_exception(
	const struct style_rule *rule, kb_str text, const struct word *word)
{
	kb_range match;

	for (size_t from = 0; rule->exceptions && from <= word->off &&
			      kb_regex_find(rule->exceptions, text, from, &match) == 1;
		from = match.off + (match.len ? match.len : 1))
		if (word->off >= match.off &&
			word->off + word->text.len <= match.off + match.len)
			return true;
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
	for (size_t i = 0; rule->chicago && i < KB_LEN(chicago); i++)
		if (kb_str_eq_nocase(word, kb_str_of(chicago[i])))
			return true;
	return false;
}

static void split(kb_str text, struct case_words *out)
{
	for (size_t i = 0; i < text.len;) {
		size_t from = i;

		while (i < text.len && !strchr(" \t\n", text.data[i]))
			i++;
		kb_str word = bare(kb_str_sub(text, from, i));
		if (word.len)
			kb_vec_push(
				out, ((struct word){word, (size_t)(word.data - text.data),
					     false}));
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
	struct style_run *run, kb_str text, const struct case_words *words, size_t i)
{
	const struct style_rule *rule = run->rule;
	struct kb_arena *arena = run->checker->scratch;
	const struct word *word = &words->items[i];
	bool upper = is_upper(arena, word->text);
	bool edge = i == 0 || i + 1 == words->len;

	if (is_neutral(arena, word->text) || is_exception(rule, text, word))
		return true;
	if (kb_str_is(rule->match, "$title"))
		return is_small(rule, word->text) && !edge ? !upper : upper;
	if (i == 0)
		return upper;
	return !upper || kb_str_is(word->text, "I") ||
	       after_indicator(rule, text, word->off);
}

/* Are enough of the words as they should be? A sentence's first one always must be. */
static bool judge(struct style_run *run, kb_str text, struct case_words *words)
{
	bool sentence = kb_str_is(run->rule->match, "$sentence");
	size_t right = 0;

	for (size_t i = 0; i < words->len; i++) {
		words->items[i].wrong = !word_is_right(run, text, words, i);
		right += !words->items[i].wrong;
	}
	return !words->len ||
	       (!(sentence && words->items[0].wrong) &&
		       (double)right / (double)words->len >= run->rule->threshold);
}

static kb_str corrected(struct kb_arena *arena, const struct word *word)
{
	size_t first = 0;

	if (is_upper(arena, word->text))
		return kb_lower(arena, word->text);
	kb_utf8_next(word->text, &first);
	kb_str letter = kb_upper(arena, kb_str_sub(word->text, 0, first));
	return kb_arena_fmt(arena, "%.*s%.*s", KB_ARG(letter),
		KB_ARG(kb_str_sub(word->text, first, word->text.len)));
}

/* The text with its wrong words fixed. */
static kb_str as_it_should_be(
	struct style_run *run, kb_str text, const struct case_words *words)
{
	struct kb_arena *arena = run->checker->scratch;
	_cleanup_buf_ kb_buf out = {0};
	size_t from = 0;

	for (size_t i = 0; i < words->len; i++) {
		const struct word *word = &words->items[i];

		if (!word->wrong)
			continue;
		kb_buf_str(&out, kb_str_sub(text, from, word->off));
		kb_buf_str(&out, corrected(arena, word));
		from = word->off + word->text.len;
	}
	kb_buf_str(&out, kb_str_sub(text, from, text.len));
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void check_words(struct style_run *run, const struct style_unit *unit)
{
	kb_str text = unit->text;
	struct case_words words = {0};
	struct kb_diag *diag;
	kb_range prefix;

	if (run->rule->prefix && kb_regex_find(run->rule->prefix, text, 0, &prefix) == 1)
		text = kb_str_sub(text, prefix.len, text.len);
	size_t skipped = unit->text.len - text.len;
	split(text, &words);
	if (!judge(run, text, &words)) {
		kb_str right = kb_arena_fmt(run->checker->scratch, "%.*s%.*s",
			KB_ARG(kb_str_sub(unit->text, 0, skipped)),
			KB_ARG(as_it_should_be(run, text, &words)));

		diag = style_add(run, unit, (kb_range){0, (uint32_t)unit->text.len},
			unit->text, right);
		for (size_t i = 0; run->rule->action == STYLE_REPLACE && i < words.len;
			i++)
			if (words.items[i].wrong)
				style_edit(run, diag, unit,
					(kb_range){
						(uint32_t)(skipped + words.items[i].off),
						(uint32_t)words.items[i].text.len},
					corrected(
						run->checker->scratch, &words.items[i]));
	}
	kb_vec_dispose(&words);
}

static void check_whole(struct style_run *run, const struct style_unit *unit)
{
	const struct style_rule *rule = run->rule;
	struct kb_arena *arena = run->checker->scratch;
	kb_str text = unit->text, right = text;
	bool fits;

	if (rule->exceptions && kb_regex_find(rule->exceptions, text, 0, NULL) == 1)
		return;
	if (rule->npatterns) {
		fits = kb_regex_find(rule->patterns[0].regex, text, 0, NULL) == 1;
	} else if (kb_str_is(rule->match, "$lower")) {
		right = kb_lower(arena, text);
		fits = kb_str_eq(right, text);
	} else {
		right = kb_upper(arena, text);
		fits = !has_lower(arena, text);
	}
	if (!fits)
		style_add(run, unit, (kb_range){0, (uint32_t)text.len}, text, right);
}

void style_case(struct style_run *run)
{
	bool words = kb_str_is(run->rule->match, "$title") ||
		     kb_str_is(run->rule->match, "$sentence");

	for (size_t i = 0; i < run->text->len; i++)
		if (style_selects(run->rule, &run->text->units[i]))
			(words ? check_words : check_whole)(run, &run->text->units[i]);
}
