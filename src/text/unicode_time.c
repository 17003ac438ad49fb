#include "kb/unicode.h"

#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

#include "unicode_icu.h"

#include <stdio.h>

struct civil {
	int year, month, day, hour, minute, second;
};

static bool is_utc(kb_str tz)
{
	return tz.len == 0 || kb_str_is(tz, "UTC") || kb_str_is(tz, "Etc/UTC");
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar, whose years are taken
 * to begin in March so that the leap day is a year's last. */
static int64_t days_from_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year =
		(153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year - 719468;
}

static struct civil civil_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct civil){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
	};
}

static bool take_digits(kb_str *s, int n, int *out)
{
	*out = 0;
	if (s->len < (size_t)n)
		return false;
	for (int i = 0; i < n; i++) {
		if (s->data[i] < '0' || s->data[i] > '9')
			return false;
		*out = *out * 10 + (s->data[i] - '0');
	}
	*s = kb_str_sub(*s, (size_t)n, s->len);
	return true;
}

static bool take_char(kb_str *s, const char *any)
{
	if (s->len == 0 || s->data[0] == '\0' || !strchr(any, s->data[0]))
		return false;
	*s = kb_str_sub(*s, 1, s->len);
	return true;
}

static bool take_date(kb_str *s, struct civil *c)
{
	struct civil back;

	if (!take_digits(s, 4, &c->year) || !take_char(s, "-") ||
		!take_digits(s, 2, &c->month) || !take_char(s, "-") ||
		!take_digits(s, 2, &c->day) || c->month < 1 || c->month > 12)
		return false;
	back = civil_from_days(days_from_civil(c->year, c->month, c->day));
	return back.month == c->month && back.day == c->day;
}

static bool take_clock(kb_str *s, struct civil *c)
{
	int digit;

	if (!take_char(s, "Tt ") || !take_digits(s, 2, &c->hour) || !take_char(s, ":") ||
		!take_digits(s, 2, &c->minute) || !take_char(s, ":") ||
		!take_digits(s, 2, &c->second))
		return false;
	if (take_char(s, ".")) {
		if (!take_digits(s, 1, &digit))
			return false;
		while (take_digits(s, 1, &digit))
			;
	}
	return c->hour < 24 && c->minute < 60 && c->second <= 60;
}

static bool take_offset(kb_str *s, int *seconds)
{
	int hours, minutes;
	bool west = s->len > 0 && s->data[0] == '-';

	*seconds = 0;
	if (take_char(s, "Zz"))
		return true;
	if (!take_char(s, "+-") || !take_digits(s, 2, &hours) || !take_char(s, ":") ||
		!take_digits(s, 2, &minutes) || hours > 23 || minutes > 59)
		return false;
	*seconds = (hours * 60 + minutes) * (west ? -60 : 60);
	return true;
}

static int midnight(const struct civil *c, kb_str tz, time_t *out)
{
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar;
	UDate date;

	if (is_utc(tz)) {
		*out = (time_t)(days_from_civil(c->year, c->month, c->day) * 86400);
		return 0;
	}
	calendar = kb_icu_calendar(tz);
	if (!calendar)
		return -1;
	ucal_clear(calendar);
	ucal_setDateTime(calendar, c->year, c->month - 1, c->day, 0, 0, 0, &status);
	date = ucal_getMillis(calendar, &status);
	if (U_FAILURE(status))
		return -1;
	*out = (time_t)(date / 1000);
	return 0;
}

int kb_time_parse(kb_str s, kb_str tz, time_t *out, bool *is_day)
{
	struct civil c = {0};
	int offset;

	if (!take_date(&s, &c))
		return -1;
	if (s.len == 0) {
		if (midnight(&c, tz, out) < 0)
			return -1;
		*is_day = true;
		return 0;
	}
	if (!take_clock(&s, &c) || !take_offset(&s, &offset) || s.len > 0)
		return -1;
	*out = (time_t)(days_from_civil(c.year, c.month, c.day) * 86400 + c.hour * 3600 +
			c.minute * 60 + c.second - offset);
	*is_day = false;
	return 0;
}

bool kb_timezone_known(kb_str tz)
{
	UErrorCode status = U_ZERO_ERROR;
	_cleanup_free_ UChar *zone = NULL;
	UChar canonical[128];
	UBool is_system = false;
	int32_t len;

	if (is_utc(tz))
		return tz.len > 0;
	if (kb_str_is(tz, "Etc/Unknown"))
		return false;
	zone = kb_icu_wide(tz, &len);
	ucal_getCanonicalTimeZoneID(
		zone, len, canonical, KB_LEN(canonical), &is_system, &status);
	return U_SUCCESS(status) && is_system;
}

static int64_t zone_offset(kb_str tz, time_t t)
{
	UErrorCode status = U_ZERO_ERROR;
	UCalendar *calendar;
	int32_t millis;

	if (is_utc(tz) || !(calendar = kb_icu_calendar(tz)))
		return 0;
	ucal_setMillis(calendar, (UDate)t * 1000, &status);
	millis = ucal_get(calendar, UCAL_ZONE_OFFSET, &status) +
		 ucal_get(calendar, UCAL_DST_OFFSET, &status);
	return U_FAILURE(status) ? 0 : millis / 1000;
}

int64_t kb_day_number(kb_str tz, time_t t)
{
	return floor_div((int64_t)t + zone_offset(tz, t), 86400);
}

time_t kb_day_start(kb_str tz, int64_t number)
{
	struct civil c = civil_from_days(number);
	time_t t;

	return midnight(&c, tz, &t) == 0 ? t : (time_t)(number * 86400);
}

unsigned kb_month_number(kb_str tz, time_t t)
{
	struct civil c = civil_from_days(kb_day_number(tz, t));

	return (unsigned)(c.year * 12 + c.month - 1);
}

time_t kb_month_start(kb_str tz, unsigned number)
{
	return kb_day_start(
		tz, days_from_civil((int)(number / 12), (int)(number % 12) + 1, 1));
}

int kb_month_parse(kb_str month, kb_str tz, time_t *out)
{
	char day[] = "2026-10-01";
	bool is_day;

	if (month.len != 7)
		return -1;
	memcpy(day, month.data, month.len);
	return kb_time_parse(kb_str_of(day), tz, out, &is_day);
}

int kb_month_named(kb_str word)
{
	static const char names[][4] = {"jan", "feb", "mar", "apr", "may", "jun", "jul",
		"aug", "sep", "oct", "nov", "dec"};

	for (int m = 0; m < 12 && word.len >= 3; m++)
		if ((word.data[0] | 0x20) == names[m][0] &&
			(word.data[1] | 0x20) == names[m][1] &&
			(word.data[2] | 0x20) == names[m][2])
			return m;
	return -1;
}

kb_str kb_day_format(struct kb_arena *arena, kb_str tz, time_t t)
{
	struct civil c = civil_from_days(kb_day_number(tz, t));

	return kb_arena_fmt(arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

kb_str kb_time_format(struct kb_arena *arena, kb_str tz, time_t t)
{
	int64_t offset = zone_offset(tz, t), local = (int64_t)t + offset;
	int64_t ahead = offset < 0 ? -offset : offset;
	struct civil c = civil_from_days(floor_div(local, 86400));
	int second = (int)(local - floor_div(local, 86400) * 86400);

	if (!offset)
		return kb_arena_fmt(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year,
			c.month, c.day, second / 3600, second / 60 % 60, second % 60);
	return kb_arena_fmt(arena, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", c.year,
		c.month, c.day, second / 3600, second / 60 % 60, second % 60,
		offset < 0 ? '-' : '+', (int)(ahead / 3600), (int)(ahead / 60 % 60));
}

kb_str kb_date_format(struct kb_arena *arena, kb_str locale, kb_str tz, time_t t)
{
	UErrorCode status = U_ZERO_ERROR;
	const UDateFormat *format = kb_icu_date_format(locale, tz);
	UChar text[128];
	int32_t len;

	if (!format)
		return kb_day_format(arena, tz, t);
	len = udat_format(format, (UDate)t * 1000, text, KB_LEN(text), NULL, &status);
	return U_FAILURE(status) || len > (int32_t)KB_LEN(text)
		       ? kb_day_format(arena, tz, t)
		       : kb_icu_narrow(arena, text, len);
}

kb_str kb_day_fault(struct kb_arena *arena, kb_str s)
{
	static const char *const names[] = {"January", "February", "March", "April",
		"May", "June", "July", "August", "September", "October", "November",
		"December"};
	static const unsigned char days[] = {
		31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned year, month, day;
	int end = 0;

	if (s.len != strlen("2026-11-20") ||
		sscanf(kb_arena_str(arena, s).data, "%4u-%2u-%2u%n", &year, &month, &day,
			&end) != 3 ||
		(size_t)end != s.len)
		return KB_STR("");
	if (month < 1 || month > KB_LEN(names))
		return kb_arena_fmt(arena, "there is no month %02u", month);
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day >= 1 && day <= (unsigned)days[month - 1] - (month == 2 && !leap))
		return KB_STR("");
	return month == 2 && day == 29
		       ? kb_arena_fmt(arena, "February %u has no day 29", year)
		       : kb_arena_fmt(arena, "%s has no day %u", names[month - 1], day);
}
