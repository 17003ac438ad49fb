/* Rules that look for words. */
#include "style.h"

#include "kb/unicode.h"

enum { TURNS_MAX = 10000 }; /* matches of one pattern in one unit */

static bool is_exception(const struct style_rule *rule, kb_str words)
{
	return rule->exceptions && kb_regex_find(rule->exceptions, words, 0, NULL) == 1;
}

/* "a|b" as people read it: "a' or 'b". */
static kb_str options(struct style_run *run, kb_str list)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str part;
	size_t n = 0;

	while (kb_str_next(&list, '|', &part))
		kb_buf_fmt(&out, "%s%.*s", n++ ? "' or '" : "", KB_ARG(part));
	return kb_arena_str(run->checker->scratch, kb_buf_view(&out));
}

/* Each of the choices with a capital, where what they stand for has one. */
static kb_str with_case(struct style_run *run, const struct style_pattern *pattern,
	kb_str to, kb_str from)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str choice;
	size_t n = 0;

	while (kb_str_next(&to, '|', &choice))
		kb_buf_fmt(&out, "%s%.*s", n++ ? "|" : "",
			KB_ARG(style_with_case(run, pattern, choice, from)));
	return kb_arena_str(run->checker->scratch, kb_buf_view(&out));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

static bool is_word(char c)
{
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* A space at an end of what is found stays where the new words would grow together with
 * their neighbor. */
static kb_range without_spaces(kb_str text, kb_range range, kb_str to)
{
	size_t end = range.off + range.len;

	if (to.len && is_word(to.data[to.len - 1]) && end < text.len &&
		is_word(text.data[end]))
		while (range.len && is_space(text.data[range.off + range.len - 1]))
			range.len--;
	if (to.len && is_word(to.data[0]) && range.off &&
		is_word(text.data[range.off - 1]))
		while (range.len && is_space(text.data[range.off])) {
			range.off++;
			range.len--;
		}
	return range;
}

static bool stands_at(kb_str text, kb_range range, kb_str to)
{
	size_t end = range.off + range.len;
	size_t from = end > to.len ? end - to.len : 0;

	for (; to.len >= range.len && from <= range.off && from + to.len <= text.len;
		from++)
		if (memcmp(text.data + from, to.data, to.len) == 0)
			return true;
	return false;
}

/* Does the text already have the new words, or some of their choices, with the match as a
 * part of them? */
static bool stands_already(kb_str text, kb_range range, kb_str to)
{
	kb_str choice;

	while (kb_str_next(&to, '|', &choice))
		if (stands_at(text, range, choice))
			return true;
	return false;
}

static void found_swap(struct style_run *run, const struct style_unit *unit,
	const struct style_pattern *pattern, const kb_range groups[KB_REGEX_GROUPS])
{
	kb_str to = style_expand(run, pattern->replacement, unit->text, groups);
	kb_range range = without_spaces(unit->text, groups[0], to);
	kb_str words = kb_str_sub(unit->text, range.off, range.off + range.len);
	struct kb_diag *diag;

	to = with_case(run, pattern, to, words);
	if (!words.len || stands_already(unit->text, range, to))
		return;
	diag = style_add(run, unit, range, options(run, to), words);
	if (kb_str_chr(to, '|') == SIZE_MAX)
		style_edit(run, diag, unit, range, to);
}

static void found_words(struct style_run *run, const struct style_unit *unit,
	const struct style_pattern *pattern, const kb_range groups[KB_REGEX_GROUPS])
{
	kb_range range = groups[0];
	kb_str words = kb_str_sub(unit->text, range.off, range.off + range.len);

	style_act(run, style_add(run, unit, range, words, words), unit, range, pattern);
}

typedef void match_fn(struct style_run *run, const struct style_unit *unit,
	const struct style_pattern *pattern, const kb_range groups[KB_REGEX_GROUPS]);

static bool pattern_may(
	const struct style_pattern *pattern, const struct style_text *text)
{
	for (size_t i = 0; i < pattern->ntrigrams; i++) {
		uint16_t hash = pattern->trigrams[i];

		if (!(text->trigrams[hash / 32] & 1u << hash % 32))
			return false;
	}
	return true;
}

bool style_may_find(const struct style_rule *rule, const struct style_text *text)
{
	bool words = rule->kind == STYLE_EXISTENCE || rule->kind == STYLE_SUBSTITUTION ||
		     rule->kind == STYLE_CONSISTENCY;

	for (size_t i = 0; words && i < rule->npatterns; i++)
		if (pattern_may(&rule->patterns[i], text))
			return true;
	return !words;
}

/* The next match of a pattern in a unit. */
struct next {
	const struct style_pattern *pattern;
	kb_range groups[KB_REGEX_GROUPS];
	bool none;
};

static void find_next(struct next *next, kb_str text, size_t from)
{
	const struct kb_regex *regex = next->pattern->regex;

	for (int i = 0; i < TURNS_MAX; i++) {
		if (kb_regex_groups(regex, text, from, next->groups) != 1)
			break;
		if (next->groups[0].len)
			return;
		from = next->groups[0].off + 1;
	}
	next->none = true;
}

static struct next *nearest(struct next *all, size_t n)
{
	struct next *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (!all[i].none && (!best || all[i].groups[0].off < best->groups[0].off))
			best = &all[i];
	return best;
}

/* Patterns are the choices of one expression. The leftmost match counts, and of those in
 * one place the one of the first pattern. The search continues after it. */
static void each_match(struct style_run *run, const struct style_unit *unit,
	struct next *all, size_t n, match_fn *found)
{
	struct next *next;
	size_t from = 0;

	for (size_t i = 0; i < n; i++) {
		all[i].none = false;
		find_next(&all[i], unit->text, 0);
	}
	for (int turn = 0; turn < TURNS_MAX && (next = nearest(all, n)); turn++) {
		kb_range match = next->groups[0];

		if (!is_exception(run->rule,
			    kb_str_sub(unit->text, match.off, match.off + match.len)))
			found(run, unit, next->pattern, next->groups);
		from = match.off + match.len;
		for (size_t i = 0; i < n; i++)
			if (!all[i].none && all[i].groups[0].off < from)
				find_next(&all[i], unit->text, from);
	}
}

static void each_unit(struct style_run *run, match_fn *found)
{
	const struct style_rule *rule = run->rule;
	struct next *all =
		kb_arena_array(run->checker->scratch, struct next, rule->npatterns);
	size_t n = 0;

	for (size_t p = 0; p < rule->npatterns; p++)
		if (pattern_may(&rule->patterns[p], run->text))
			all[n++].pattern = &rule->patterns[p];
	for (size_t i = 0; n && i < run->text->len; i++)
		if (style_selects(rule, &run->text->units[i]))
			each_match(run, &run->text->units[i], all, n, found);
}

/* Occurrence */

static size_t count_matches(const struct style_rule *rule, kb_str text)
{
	size_t n = 0;

	for (size_t p = 0; p < rule->npatterns; p++) {
		kb_range match;

		for (size_t from = 0;
			n < TURNS_MAX &&
			kb_regex_find(rule->patterns[p].regex, text, from, &match) == 1;
			from = match.off + (match.len ? match.len : 1))
			n += match.len > 0;
	}
	return n;
}

static void find_occurrence(struct style_run *run)
{
	const struct style_rule *rule = run->rule;

	for (size_t i = 0; i < run->text->len; i++) {
		const struct style_unit *unit = &run->text->units[i];

		if (!style_selects(rule, unit))
			continue;
		size_t n = count_matches(rule, unit->text);
		kb_str words = kb_arena_fmt(run->checker->scratch, "%zu", n);
		if ((rule->has_max && n > rule->max) || (rule->has_min && n < rule->min))
			style_add(run, unit, (kb_range){0, (uint32_t)unit->text.len},
				words, words);
	}
}

/* Repetition */

static bool has_letter(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80 ||
			(s.data[i] >= 'a' && s.data[i] <= 'z') ||
			(s.data[i] >= 'A' && s.data[i] <= 'Z'))
			return true;
	return false;
}

static bool is_blank(kb_str s)
{
	return kb_str_trim(s).len == 0;
}

static bool is_same(struct style_run *run, kb_str a, kb_str b)
{
	struct kb_arena *arena = run->checker->scratch;

	if (a.len == b.len && memcmp(a.data, b.data, a.len) == 0)
		return true;
	return run->rule->ignorecase &&
	       (kb_str_eq_nocase(a, b) ||
		       kb_str_eq(kb_lower(arena, a), kb_lower(arena, b)));
}

/* The same word again, with nothing but white space between. */
static void repeated(struct style_run *run, const struct style_unit *unit,
	const struct kb_regex *regex)
{
	kb_range last = {0}, match, first = {0};
	size_t times = 0;
	kb_str text = unit->text;

	for (size_t from = 0;
		kb_regex_find(regex, text, from, &match) == 1 && times < TURNS_MAX;) {
		kb_str words = kb_str_sub(text, match.off, match.off + match.len);
		kb_str before = kb_str_sub(text, last.off, last.off + last.len);
		bool again = last.len && match.off > last.off + last.len &&
			     is_blank(kb_str_sub(text, last.off + last.len, match.off)) &&
			     is_same(run, words, before) &&
			     (!run->rule->alpha || has_letter(words)) &&
			     !is_exception(run->rule, words) &&
			     kb_str_chr(words, '*') == SIZE_MAX;

		times = again ? times + 1 : 0;
		first = again ? first : match;
		if (times == run->rule->max + 1) {
			kb_range all = {first.off, match.off + match.len - first.off};

			style_act(run, style_add(run, unit, all, words, words), unit, all,
				NULL);
		}
		last = match;
		from = match.off + (match.len ? match.len : 1);
	}
}

static void find_repetition(struct style_run *run)
{
	for (size_t i = 0; i < run->text->len; i++)
		for (size_t p = 0; p < run->rule->npatterns; p++)
			if (style_selects(run->rule, &run->text->units[i]))
				repeated(run, &run->text->units[i],
					run->rule->patterns[p].regex);
}

/* Consistency: patterns come in pairs, of which a document has one. */

struct seen_pattern {
	const struct style_unit *unit;
	kb_range range;
};

static struct seen_pattern first_of(
	struct style_run *run, const struct style_pattern *pattern)
{
	for (size_t i = 0; i < run->text->len; i++) {
		const struct style_unit *unit = &run->text->units[i];
		kb_range match;

		if (style_selects(run->rule, unit) &&
			kb_regex_find(pattern->regex, unit->text, 0, &match) == 1)
			return (struct seen_pattern){unit, match};
	}
	return (struct seen_pattern){0};
}

static bool is_before(struct seen_pattern a, struct seen_pattern b)
{
	return a.unit < b.unit || (a.unit == b.unit && a.range.off < b.range.off);
}

static void find_consistency(struct style_run *run)
{
	const struct style_rule *rule = run->rule;

	for (size_t p = 0; p + 1 < rule->npatterns; p += 2) {
		if (!pattern_may(&rule->patterns[p], run->text) ||
			!pattern_may(&rule->patterns[p + 1], run->text))
			continue;
		struct seen_pattern a = first_of(run, &rule->patterns[p]);
		struct seen_pattern b = first_of(run, &rule->patterns[p + 1]);
		if (!a.unit || !b.unit)
			continue;
		struct seen_pattern later = is_before(a, b) ? b : a;
		kb_str words = kb_str_sub(later.unit->text, later.range.off,
			later.range.off + later.range.len);
		style_add(run, later.unit, later.range, words, words);
	}
}

/* Conditional: what the first expression finds, the second must explain somewhere. */

static kb_str group_words(kb_str text, const kb_range groups[KB_REGEX_GROUPS])
{
	kb_range group = groups[1].len ? groups[1] : groups[0];

	return kb_str_sub(text, group.off, group.off + group.len);
}

/* Each of the second expression's groups explains something. */
static void explain(struct style_run *run, kb_map *explained, kb_str text,
	const kb_range groups[KB_REGEX_GROUPS])
{
	kb_map_put(explained, group_words(text, groups), run);
	for (size_t i = 2; i < KB_REGEX_GROUPS; i++)
		if (groups[i].len)
			kb_map_put(explained,
				kb_str_sub(text, groups[i].off,
					groups[i].off + groups[i].len),
				run);
}

static void find_conditional(struct style_run *run)
{
	const struct style_rule *rule = run->rule;
	kb_range groups[KB_REGEX_GROUPS];
	kb_map explained = {0};

	for (size_t i = 0; i < run->text->len; i++) {
		kb_str text = run->text->units[i].text;

		for (size_t from = 0;
			style_selects(rule, &run->text->units[i]) &&
			kb_regex_groups(rule->second, text, from, groups) == 1;
			from = groups[0].off + (groups[0].len ? groups[0].len : 1))
			explain(run, &explained, text, groups);
	}
	for (size_t i = 0; i < run->text->len; i++) {
		const struct style_unit *unit = &run->text->units[i];

		for (size_t from = 0; style_selects(rule, unit) &&
				      kb_regex_groups(rule->patterns[0].regex, unit->text,
					      from, groups) == 1;
			from = groups[0].off + (groups[0].len ? groups[0].len : 1)) {
			kb_str words = group_words(unit->text, groups);

			if (kb_map_has(&explained, words) || is_exception(rule, words))
				continue;
			kb_map_put(&explained, words, run); /* said once */
			style_add(run, unit, groups[0], words, words);
		}
	}
	kb_map_dispose(&explained);
}

void style_find(struct style_run *run)
{
	switch (run->rule->kind) {
	case STYLE_EXISTENCE:
		each_unit(run, found_words);
		break;
	case STYLE_SUBSTITUTION:
		each_unit(run, found_swap);
		break;
	case STYLE_OCCURRENCE:
		find_occurrence(run);
		break;
	case STYLE_REPETITION:
		find_repetition(run);
		break;
	case STYLE_CONSISTENCY:
		find_consistency(run);
		break;
	default:
		find_conditional(run);
		break;
	}
}
