#include "unit.h"

#include "kb/interval.h"
#include "kb/moment.h"
#include "kb/unicode.h"

static const kb_str zone = {"Europe/Vienna", 13};

static void parsed(void **state)
{
	static const char *const wrong[] = {"", "6", "m", "6 m", "6mo", "-1d", "100000d"};
	struct kb_interval interval = {.days = 3};

	(void)state;
	for (size_t i = 0; i < KB_LEN(wrong); i++)
		assert_int_equal(kb_interval_parse(kb_str_of(wrong[i]), &interval), -1);
	assert_int_equal(interval.days, 3);
	assert_int_equal(kb_interval_parse(KB_STR("12w"), &interval), 0);
	assert_int_equal(interval.days, 84);
	assert_int_equal(kb_interval_parse(KB_STR("2y"), &interval), 0);
	assert_int_equal(interval.months, 24);
	assert_int_equal(interval.days, 0);
}

static void months_of_the_calendar(void **state)
{
	static const struct {
		const char *from, *length, *to;
	} cases[] = {
		{"2026-08-03", "6m", "2027-02-03"},
		{"2026-11-28", "3m", "2027-02-28"},
		{"2026-01-31", "1m", "2026-02-28"},
		{"2028-01-31", "1m", "2028-02-29"},
		{"2028-02-29", "1y", "2029-02-28"},
		{"2028-02-29", "4y", "2032-02-29"},
		{"2026-10-31", "13m", "2027-11-30"},
		{"2026-03-28", "1d", "2026-03-29"}, /* a day of 23 hours */
		{"2026-10-24", "30d", "2026-11-23"},
		{"1969-12-31", "2m", "1970-02-28"},
		{"2026-01-01", "99999y", "102025-01-01"},
	};
	struct kb_arena *arena = kb_arena_new();

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		struct kb_interval interval;
		time_t from, to;
		bool is_day;

		assert_int_equal(
			kb_time_parse(kb_str_of(cases[i].from), zone, &from, &is_day), 0);
		assert_int_equal(
			kb_interval_parse(kb_str_of(cases[i].length), &interval), 0);
		to = kb_interval_after(zone, from, interval);
		assert_str(kb_day_format(arena, zone, to), cases[i].to);
		assert_int_equal(to, kb_day_start(zone, kb_day_number(zone, to)));
	}
	kb_arena_free(arena);
}

static void moments(void **state)
{
	static const struct {
		const char *words, *time;
	} cases[] = {{"2026-03-30", "2026-03-30"}, {"now", "2026-03-31"},
		{"yesterday", "2026-03-30"}, {"30 days ago", "2026-03-01"},
		{"1 month ago", "2026-02-28"}, {"2 weeks ago", "2026-03-17"},
		{"1 year ago", "2025-03-31"}, {"13 months ago", "2025-02-28"}};
	static const char *const none[] = {
		"", "ago", "days ago", "1 day", "1 dy ago", "-1 day ago", "main"};
	kb_str utc = KB_STR("UTC");
	struct kb_arena *arena = kb_arena_new();
	time_t now, out;
	bool is_day;

	(void)state;
	kb_time_parse(KB_STR("2026-03-31T12:00:00Z"), utc, &now, &is_day);
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		assert_int_equal(
			kb_moment_parse(kb_str_of(cases[i].words), utc, now, &out), 0);
		assert_str(kb_day_format(arena, utc, out), cases[i].time);
	}
	for (size_t i = 0; i < KB_LEN(none); i++)
		assert_int_equal(kb_moment_parse(kb_str_of(none[i]), utc, now, &out), -1);
	kb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parsed),
		cmocka_unit_test(months_of_the_calendar),
		cmocka_unit_test(moments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
