#include "kb/interval.h"

#include "kb/unicode.h"

enum { DAY = 24 * 60 * 60 };

int kb_interval_parse(kb_str s, struct kb_interval *out)
{
	uint32_t n = 0;
	size_t i = 0;

	for (; i < s.len && i < 5 && s.data[i] >= '0' && s.data[i] <= '9'; i++)
		n = n * 10 + (uint32_t)(s.data[i] - '0');
	if (i == 0 || i + 1 != s.len)
		return -1;
	switch (s.data[i]) {
	case 'd':
		*out = (struct kb_interval){.days = n};
		return 0;
	case 'w':
		*out = (struct kb_interval){.days = n * 7};
		return 0;
	case 'm':
		*out = (struct kb_interval){.months = n};
		return 0;
	case 'y':
		*out = (struct kb_interval){.months = n * 12};
		return 0;
	default:
		return -1;
	}
}

/* The number of the day MONTHS after the day NUMBER. */
static int64_t add_months(int64_t number, uint32_t months)
{
	time_t t = (time_t)number * DAY;
	struct tm date, last;

	gmtime_r(&t, &date);
	date.tm_mon += (int)months;
	/* The zeroth of a month is the last day of the one before. */
	last = (struct tm){
		.tm_year = date.tm_year, .tm_mon = date.tm_mon + 1, .tm_mday = 0};
	timegm(&last);
	if (date.tm_mday > last.tm_mday)
		date.tm_mday = last.tm_mday;
	return timegm(&date) / DAY;
}

time_t kb_interval_after(kb_str timezone, time_t from, struct kb_interval interval)
{
	int64_t number = kb_day_number(timezone, from);

	if (interval.months)
		number = add_months(number, interval.months);
	return kb_day_start(timezone, number + interval.days);
}
