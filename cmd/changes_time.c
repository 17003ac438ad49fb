/* Since when: "2026-11-01", a time, "30 days ago", "yesterday". */
#include "changes_time.h"

#include <ctype.h>

#include "kb/unicode.h"

static bool unit_days(kb_str word, time_t *seconds)
{
	static const struct {
		const char *name;
		time_t seconds;
	} units[] = {{"hour", 3600}, {"day", 86400}, {"week", 7 * 86400},
		{"month", 30 * 86400}, {"year", 365 * 86400}};

	if (word.len && word.data[word.len - 1] == 's')
		word.len--;
	for (size_t i = 0; i < KB_LEN(units); i++) {
		if (!kb_str_is(word, units[i].name))
			continue;
		*seconds = units[i].seconds;
		return true;
	}
	return false;
}

/* "30 days ago" */
static bool parse_ago(kb_str text, time_t now, time_t *out)
{
	kb_str words[3];
	size_t n = 0;
	time_t count = 0, seconds;

	for (kb_str rest = text, word; kb_str_next(&rest, ' ', &word);) {
		if (!word.len)
			continue;
		if (n == KB_LEN(words))
			return false;
		words[n++] = word;
	}
	if (n != 3 || !kb_str_is(words[2], "ago") || words[0].len > 6 ||
		!unit_days(words[1], &seconds))
		return false;
	for (size_t i = 0; i < words[0].len; i++) {
		if (!isdigit((unsigned char)words[0].data[i]))
			return false;
		count = count * 10 + words[0].data[i] - '0';
	}
	*out = now - count * seconds;
	return true;
}

bool changes_time(kb_str text, kb_str zone, time_t now, time_t *out)
{
	bool is_day;

	if (kb_time_parse(text, zone, out, &is_day) == 0)
		return true;
	if (kb_str_is(text, "yesterday")) {
		*out = now - 86400;
		return true;
	}
	return parse_ago(text, now, out);
}
