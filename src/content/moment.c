/* Moments in words, counted back from now. */
#include "kb/moment.h"

#include <errno.h>
#include <stdlib.h>

#include "kb/unicode.h"

static int unit_of(kb_str word, int *months)
{
	static const struct {
		const char *name;
		int seconds, months;
	} units[] = {{"second", 1, 0}, {"minute", 60, 0}, {"hour", 3600, 0},
		{"day", 86400, 0}, {"week", 7 * 86400, 0}, {"month", 0, 1},
		{"year", 0, 12}};

	if (word.len && word.data[word.len - 1] == 's')
		word.len--;
	for (size_t i = 0; i < KB_LEN(units); i++)
		if (kb_str_is(word, units[i].name)) {
			*months = units[i].months;
			return units[i].seconds;
		}
	return -1;
}

/* N months earlier, at the same time of the same day, or of the month's last one. */
static time_t months_before(time_t now, int n)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	struct tm tm;

	gmtime_r(&now, &tm);
	int month = tm.tm_year * 12 + tm.tm_mon - n;
	tm.tm_year = month / 12;
	tm.tm_mon = month % 12;
	int year = tm.tm_year + 1900;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	int last = days[tm.tm_mon] + (tm.tm_mon == 1 && leap);
	if (tm.tm_mday > last)
		tm.tm_mday = last;
	return timegm(&tm);
}

int kb_moment_parse(kb_str words, kb_str timezone, time_t now, time_t *out)
{
	kb_str rest = kb_str_trim(words), number, unit, ago;
	bool is_day;
	int n = 0, months = 0, seconds;

	if (kb_time_parse(rest, timezone, out, &is_day) == 0)
		return 0;
	if (kb_str_is(rest, "yesterday"))
		rest = KB_STR("1 day ago");
	if (kb_str_is(rest, "now")) {
		*out = now;
		return 0;
	}
	if (!kb_str_next(&rest, ' ', &number) || !kb_str_next(&rest, ' ', &unit) ||
		!kb_str_next(&rest, ' ', &ago) || rest.len || !kb_str_is(ago, "ago"))
		return -1;
	for (size_t i = 0; i < number.len; i++) {
		if (number.data[i] < '0' || number.data[i] > '9' || n > 100000)
			return -1;
		n = n * 10 + (number.data[i] - '0');
	}
	seconds = unit_of(unit, &months);
	if (seconds < 0 || !number.len || n * months > 12000)
		return -1;
	*out = months ? months_before(now, n * months) : now - (time_t)n * seconds;
	return 0;
}

int kb_moment_refuse(struct kb_error *err, kb_str words, const char *examples)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str fault = kb_day_fault(arena, words);

	if (fault.len)
		return kb_error_set(err, KB_E_USAGE, "'%.*s' is not a date: %.*s",
			KB_ARG(words), KB_ARG(fault));
	return kb_error_set(err, KB_E_USAGE, "'%.*s' is not a date: write it as %s",
		KB_ARG(words), examples);
}

time_t kb_now(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end = NULL;
	long long t;

	errno = 0;
	t = epoch && *epoch ? strtoll(epoch, &end, 10) : 0;
	return end && !*end && !errno && t > 0 ? (time_t)t : time(NULL);
}
