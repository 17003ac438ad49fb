/* Days and lengths of time that people write in a way of their own. */
#include "schema_private.h"

#include <ctype.h>

enum { MEANT_MAX = 40 };

/* N digits at *AT, at most MOST; false without one. */
static bool take_number(kb_str s, size_t *at, size_t most, unsigned *n)
{
	size_t start = *at;

	for (*n = 0;
		*at < s.len && *at - start < most && isdigit((unsigned char)s.data[*at]);
		++*at)
		*n = *n * 10 + (unsigned)(s.data[*at] - '0');
	return *at > start;
}

static void skip_spaces(kb_str s, size_t *at)
{
	while (*at < s.len && s.data[*at] == ' ')
		++*at;
}

/* Three numbers with one of ". / -" between them, and nothing else. */
static bool three_numbers(kb_str s, unsigned n[3], char *sign)
{
	size_t at = 0;

	for (int i = 0; i < 3; i++) {
		if (!take_number(s, &at, 4, &n[i]))
			return false;
		if (i == 2)
			break;
		if (at >= s.len || !memchr("./-", s.data[at], 3) ||
			(i && s.data[at] != *sign))
			return false;
		*sign = s.data[at++];
		skip_spaces(s, &at);
	}
	return at == s.len;
}

static kb_str date(struct kb_arena *arena, unsigned year, unsigned month, unsigned day)
{
	return kb_arena_fmt(arena, "%04u-%02u-%02u", year, month, day);
}

/* In dates as Europe writes them, there are dots; with a slash, it may be either form. */
static size_t meant_days(struct kb_arena *arena, kb_str value, kb_str out[2])
{
	unsigned n[3];
	char sign = 0;

	if (!three_numbers(value, n, &sign))
		return 0;
	if (n[0] > 999) {
		out[0] = date(arena, n[0], n[1], n[2]);
		return 1;
	}
	if (n[2] < 1000)
		return 0;
	out[0] = date(arena, n[2], n[1], n[0]);
	out[1] = date(arena, n[2], n[0], n[1]);
	return sign == '.' || n[0] == n[1] ? 1 : 2;
}

/* "6 months", "half-yearly" and what they are called in German and Hungarian. */
static size_t meant_length(struct kb_arena *arena, kb_str value, kb_str out[2])
{
	static const struct {
		const char *word, *length; /* a unit, or a number with it */
	} words[] = {{"d", "d"}, {"day", "d"}, {"days", "d"}, {"tag", "d"}, {"tage", "d"},
		{"nap", "d"}, {"w", "w"}, {"week", "w"}, {"weeks", "w"}, {"woche", "w"},
		{"wochen", "w"}, {"hét", "w"}, {"m", "m"}, {"mo", "m"}, {"month", "m"},
		{"months", "m"}, {"monat", "m"}, {"monate", "m"}, {"hónap", "m"},
		{"y", "y"}, {"year", "y"}, {"years", "y"}, {"jahr", "y"}, {"jahre", "y"},
		{"év", "y"}, {"daily", "1d"}, {"weekly", "1w"}, {"monthly", "1m"},
		{"quarterly", "3m"}, {"half-yearly", "6m"}, {"yearly", "1y"},
		{"annually", "1y"}};
	size_t at = 0;
	unsigned n;
	bool number = take_number(value, &at, 5, &n);
	kb_str word;

	skip_spaces(value, &at);
	word = kb_str_sub(value, at, value.len);
	for (size_t i = 0; i < KB_LEN(words); i++) {
		if (!kb_str_eq_nocase(word, kb_str_of(words[i].word)) ||
			number == (isdigit((unsigned char)words[i].length[0]) != 0))
			continue;
		out[0] = number ? kb_arena_fmt(arena, "%u%s", n, words[i].length)
				: kb_str_of(words[i].length);
		return 1;
	}
	return 0;
}

static bool takes(struct sch_check *c, const struct sch *sch, const struct sch_spot *spot,
	kb_str value)
{
	struct kb_node node = *spot->node;
	struct sch_spot at = *spot;

	node.value = value;
	node.quoted = true;
	at.node = &node;
	return c->fits(c, sch, at);
}

void kb_sch_hint_meant(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, struct kb_diag *diag)
{
	struct kb_arena *arena = c->diags->arena;
	kb_str value = kb_str_trim(kb_node_str(spot->node)), meant[2], good[2];
	size_t n, ngood = 0;

	/* Where any word will do, it is neither a day nor a length of time. */
	if (!value.len || value.len > MEANT_MAX || takes(c, sch, spot, KB_STR("x")))
		return;
	n = meant_days(arena, value, meant);
	if (!n)
		n = meant_length(arena, value, meant);
	for (size_t i = 0; i < n; i++)
		if (takes(c, sch, spot, meant[i]))
			good[ngood++] = meant[i];
	if (ngood == 1) {
		kb_diag_hint(c->diags, diag, "write %.*s", KB_ARG(good[0]));
		if (spot->node->range.len)
			kb_diag_edit(c->diags, diag, spot->node->range, good[0]);
	} else if (ngood == 2) {
		kb_diag_hint(c->diags, diag, "write %.*s or %.*s", KB_ARG(good[0]),
			KB_ARG(good[1]));
	}
}
