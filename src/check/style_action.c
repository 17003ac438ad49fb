/* What a rule says to do about what it finds. */
#include "style.h"

#include "kb/unicode.h"

static enum style_edit edit_of(const struct style_rule *rule)
{
	static const char *const names[] = {
		"", "regex", "trim", "trim_left", "trim_right", "truncate", "split"};
	static const size_t needs[] = {0, 3, 2, 2, 2, 2, 3};

	for (size_t i = 1; rule->params.len && i < KB_LEN(names); i++)
		if (kb_str_is(rule->params.items[0], names[i]) &&
			rule->params.len == needs[i])
			return (enum style_edit)i;
	return STYLE_EDIT_NONE;
}

const char *style_action_fault(const struct style_rule *rule)
{
	if (rule->action == STYLE_EDIT && edit_of(rule) == STYLE_EDIT_NONE)
		return "an edit must be [regex, EXPRESSION, REPLACEMENT], [trim, "
		       "LETTERS], [trim_left, LETTERS], [trim_right, LETTERS], "
		       "[truncate, SEPARATOR] or [split, SEPARATOR, NUMBER]";
	if (rule->action == STYLE_CONVERT &&
		(rule->params.len != 1 || !kb_str_is(rule->params.items[0], "simple")))
		return "the only conversion is [simple]";
	return NULL;
}

kb_str style_expand(struct style_run *run, kb_str template, kb_str text,
	const kb_range groups[KB_REGEX_GROUPS])
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < template.len; i++) {
		char c = template.data[i],
		     next = i + 1 < template.len ? template.data[i + 1] : '\0';
		bool braces = next == '{';
		size_t digit = i + 1 + braces;

		if (c == '$' && digit < template.len && template.data[digit] >= '0' &&
			template.data[digit] <= '9') {
			kb_range group = groups[template.data[digit] - '0'];

			kb_buf_str(
				&out, kb_str_sub(text, group.off, group.off + group.len));
			i = digit + braces;
		} else {
			kb_buf_putc(&out, c);
		}
	}
	return kb_arena_str(run->checker->scratch, kb_buf_view(&out));
}

void style_edit(struct style_run *run, struct kb_diag *diag,
	const struct style_unit *unit, kb_range range, kb_str text)
{
	kb_range place = style_place(unit, range);

	if (diag && place.len == range.len)
		kb_diag_edit(run->checker->diags, diag, place, text);
}

static kb_str trimmed(kb_str words, kb_str letters, bool left, bool right)
{
	while (left && words.len && kb_str_chr(letters, words.data[0]) != SIZE_MAX)
		words = kb_str_sub(words, 1, words.len);
	while (right && words.len &&
		kb_str_chr(letters, words.data[words.len - 1]) != SIZE_MAX)
		words.len--;
	return words;
}

/* The part of that number, from 0; all of it where there are fewer. */
static kb_str part_of(kb_str words, kb_str separator, size_t number)
{
	kb_str rest = words;

	for (size_t i = 0; separator.len; i++) {
		size_t at = kb_str_find(rest, separator);

		if (i == number)
			return kb_str_sub(rest, 0, at == SIZE_MAX ? rest.len : at);
		if (at == SIZE_MAX)
			break;
		rest = kb_str_sub(rest, at + separator.len, rest.len);
	}
	return words;
}

static kb_str replaced(struct style_run *run, kb_str words)
{
	const kb_strs *params = &run->rule->params;
	struct kb_regex *regex = NULL;
	kb_range groups[KB_REGEX_GROUPS];
	_cleanup_buf_ kb_buf out = {0};
	size_t from = 0;

	if (kb_regex_compile(&regex, params->items[1], 0, NULL) < 0)
		return words;
	while (kb_regex_groups(regex, words, from, groups) == 1 && groups[0].len) {
		kb_buf_str(&out, kb_str_sub(words, from, groups[0].off));
		kb_buf_str(&out, style_expand(run, params->items[2], words, groups));
		from = groups[0].off + groups[0].len;
	}
	kb_buf_str(&out, kb_str_sub(words, from, words.len));
	kb_regex_free(regex);
	return kb_arena_str(run->checker->scratch, kb_buf_view(&out));
}

static size_t number_of(kb_str digits)
{
	size_t n = 0;

	for (size_t i = 0; i < digits.len && n < 1000; i++)
		if (digits.data[i] >= '0' && digits.data[i] <= '9')
			n = n * 10 + (size_t)(digits.data[i] - '0');
	return n;
}

static kb_str edited(struct style_run *run, kb_str words)
{
	const kb_strs *params = &run->rule->params;
	kb_str first = params->items[1];

	switch (edit_of(run->rule)) {
	case STYLE_EDIT_REGEX:
		return replaced(run, words);
	case STYLE_EDIT_TRIM:
		return trimmed(words, first, true, true);
	case STYLE_EDIT_TRIM_LEFT:
		return trimmed(words, first, true, false);
	case STYLE_EDIT_TRIM_RIGHT:
		return trimmed(words, first, false, true);
	case STYLE_EDIT_TRUNCATE:
		return part_of(words, first, 0);
	case STYLE_EDIT_SPLIT:
		return part_of(words, first, number_of(params->items[2]));
	default:
		return words;
	}
}

/* In small letters, with a space for each run of anything but letters and digits. */
static kb_str simple(struct style_run *run, kb_str words)
{
	kb_str lower = kb_lower(run->checker->scratch, words);
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < lower.len; i++) {
		unsigned char c = (unsigned char)lower.data[i];
		bool word = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (word)
			kb_buf_putc(&out, (char)c);
		else if (out.len && out.data[out.len - 1] != ' ')
			kb_buf_putc(&out, ' ');
	}
	return kb_arena_str(run->checker->scratch, kb_str_trim(kb_buf_view(&out)));
}

static kb_str first_letter(kb_str s)
{
	size_t at = 0;

	if (s.len)
		kb_utf8_next(s, &at);
	return kb_str_sub(s, 0, at);
}

static kb_str first_word(kb_str s)
{
	size_t end = kb_str_chr(s, ' ');

	return end == SIZE_MAX ? s : kb_str_sub(s, 0, end);
}

/* Is a capital of what is found no more than its place, as at the start of a sentence? A
 * rule that minds the case and is written with one is about the capital; words that
 * differ by case alone, and names such as iPhone, are as they must be. */
static bool capital_stays(const struct style_rule *rule,
	const struct style_pattern *pattern, struct kb_arena *arena, kb_str to,
	kb_str from)
{
	kb_str key = pattern ? first_letter(pattern->words) : KB_STR("");

	if (rule->capital != STYLE_CAPITAL_UNSAID)
		return rule->capital == STYLE_CAPITAL_STAYS;
	return (rule->ignorecase || kb_str_eq(kb_lower(arena, key), key)) &&
	       !kb_str_eq(kb_lower(arena, from), kb_lower(arena, to)) &&
	       kb_str_eq(kb_lower(arena, first_word(to)), first_word(to));
}

kb_str style_with_case(struct style_run *run, const struct style_pattern *pattern,
	kb_str to, kb_str from)
{
	struct kb_arena *arena = run->checker->scratch;
	kb_str capital = first_letter(from), letter = first_letter(to);

	if (kb_str_eq(kb_lower(arena, capital), capital) ||
		!capital_stays(run->rule, pattern, arena, to, from))
		return to;
	return kb_arena_fmt(arena, "%.*s%.*s", KB_ARG(kb_upper(arena, letter)),
		KB_ARG(kb_str_sub(to, letter.len, to.len)));
}

void style_act(struct style_run *run, struct kb_diag *diag, const struct style_unit *unit,
	kb_range range, const struct style_pattern *pattern)
{
	const struct style_rule *rule = run->rule;
	kb_str words = kb_str_sub(unit->text, range.off, range.off + range.len);
	kb_str to = words;

	if (!diag)
		return;
	switch (rule->action) {
	case STYLE_REMOVE:
		/* With one of the spaces around it. */
		range.len += range.off + range.len < unit->text.len &&
			     unit->text.data[range.off + range.len] == ' ';
		style_edit(run, diag, unit, range, KB_STR(""));
		return;
	case STYLE_REPLACE:
	case STYLE_SUGGEST:
		if (!rule->params.len)
			return;
		style_edit(run, diag, unit, range,
			style_with_case(run, pattern, rule->params.items[0], words));
		diag->guess = rule->params.len > 1 || rule->action == STYLE_SUGGEST;
		return;
	case STYLE_EDIT:
		to = edited(run, words);
		break;
	case STYLE_CONVERT:
		to = simple(run, words);
		break;
	default:
		return;
	}
	if (!kb_str_eq(to, words))
		style_edit(run, diag, unit, range, to);
}
