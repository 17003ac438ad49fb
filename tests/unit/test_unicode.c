#include "unit.h"

#include <pthread.h>

#include "kb/unicode.h"

static int setup(void **state)
{
	*state = kb_arena_new();
	return 0;
}

static int teardown(void **state)
{
	kb_arena_free(*state);
	return 0;
}

static void utf8_validity(void **state)
{
	const struct {
		kb_str text;
		size_t bad;
	} table[] = {
		{KB_STR(""), SIZE_MAX},
		{KB_STR("a plain line of more than eight bytes"), SIZE_MAX},
		{KB_STR("größe 👍 é"), SIZE_MAX},
		{KB_STR("0123456789\xff"), 10},
		{KB_STR("ab\xc3"), 2},
		{KB_STR("ab\xc0\x80"), 2},	  /* overlong */
		{KB_STR("a\xed\xa0\x80"), 1},	  /* a surrogate */
		{KB_STR("é\xf4\x90\x80\x80"), 2}, /* past U+10FFFF */
		{KB_STR("a\0b"), SIZE_MAX},
		{KB_STR("latin \xe9 one"), 6},
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_int_equal(kb_utf8_invalid(table[i].text), table[i].bad);
}

static void utf8_measures(void **state)
{
	kb_str s = KB_STR("a\u00e9\u6f22\U0001F44D\u0301");
	static const uint32_t expected[] = {'a', 0xe9, 0x6f22, 0x1f44d, 0x301};
	size_t off = 0;

	(void)state;
	assert_int_equal(kb_utf8_count(s), 5);
	assert_int_equal(kb_display_width(KB_STR("a\x1f\x7f~ ")), 3);
	assert_int_equal(kb_display_width(s), 1 + 1 + 2 + 2 + 0);
	for (size_t i = 0; i < KB_LEN(expected); i++)
		assert_int_equal(kb_utf8_next(s, &off), expected[i]);
	assert_int_equal(off, s.len);
	off = 0;
	assert_int_equal(kb_utf8_next(KB_STR("\xffz"), &off), 0xfffd);
	assert_int_equal(kb_utf8_next(KB_STR("\xffz"), &off), 'z');
}

static void lower_case(void **state)
{
	static const char *const table[][2] = {
		{"", ""},
		{"ABCxyz 09", "abcxyz 09"},
		{"ÁRVÍZTŰRŐ TÜKÖRFÚRÓGÉP", "árvíztűrő tükörfúrógép"},
		{"STRASSE Straße ẞ", "strasse straße ß"},
		{"ΟΔΟΣ", "οδος"},
		{"İ", "i̇"},
		{"日本語 ABC", "日本語 abc"},
		{"ȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺȺ", "ⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥⱥ"},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_lower(*state, kb_str_of(table[i][0])), table[i][1]);
	assert_str(kb_upper(*state, KB_STR("")), "");
	assert_str(kb_upper(*state, KB_STR("abc é ß 日本")), "ABC É SS 日本");
}

static void heading_slugs(void **state)
{
	static const char *const table[][2] = {
		{"", ""},
		{"Check the tracking", "check-the-tracking"},
		{"  two  spaces ", "--two--spaces-"},
		{"What's new? (2026)", "whats-new-2026"},
		{"snake_case & kebab-case", "snake_case--kebab-case"},
		{"C++ / C#", "c--c"},
		{"Zurück & Größe", "zurück--größe"},
		{"Áttekintés – a lényeg", "áttekintés--a-lényeg"},
		{"日本語の見出し、二つ", "日本語の見出し二つ"},
		{"ﺎﺗﺟﺎه", "ﺎﺗﺟﺎه"},
		{"العربية: ١٢٣", "العربية-١٢٣"},
		{"Tab\there", "tabhere"},
		{"👍 good", "-good"},
		{"x² ½ Ⅷ", "x--ⅷ"},
		{"a‿b", "a‿b"},
		{"non\u00a0breaking", "nonbreaking"},
		{"bad \xff byte", "bad--byte"},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_slug_heading(*state, kb_str_of(table[i][0])), table[i][1]);
}

static void path_slugs(void **state)
{
	static const char *const table[][2] = {
		{"", ""},
		{"---", ""},
		{"Zurück & Größe", "zurück-größe"},
		{"How To: Descale!", "how-to-descale"},
		{"_index_", "index"},
		{"create_an_account", "create-an-account"},
		{"re\u0301sume\u0301", "r\u00e9sum\u00e9"},
		{"J\u030c", "\u01f0"},
		{"Ügyfélszolgálat 2", "ügyfélszolgálat-2"},
		{"日本語 ガイド", "日本語-ガイド"},
		{"دليل المستخدم", "دليل-المستخدم"},
		{"हिन्दी", "हिन्दी"},
		{"..\\..//etc", "etc"},
		{"a\xff\xfe"
		 "b",
			"a-b"},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_slug_path(*state, kb_str_of(table[i][0])), table[i][1]);
}

static void skeletons(void **state)
{
	static const char *const table[][2] = {
		{"", ""},
		{"[!AGENTS] a-1", "[!agents] a-1"},
		{"{a}\t<b>\n", "(a) <b>\n"},
		{"［！ＡＧＥＮＴＳ］", "[!agents]"},
		{"【a】〔b〕⟦c⟧ ｛d｝", "[a][b][c] (d)"},
		{"„a“ 「b」 «c»", ".a. .b. .c."},
		{"𝐀Ⓐᴬ ﬁ ‼ǃ", "aaa fi !!!"},
		{"É\u0301e\u0332 ß İ", "ee ss i"},
		{"a\u200b\u00ad\u202e\ufeff\u2060\x01\x7f"
		 "b",
			"ab"},
		{"a\u00a0\u3000b", "a  b"},
		{"٣ ③ 🔒", "3 3 ."},
		{"Ügyfél ЖДИ 日本", "ugyfel жди 日本"},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_skeleton(*state, kb_str_of(table[i][0])), table[i][1]);
}

static void addresses_in_ascii(void **state)
{
	static const char *const table[][2] = {
		{"https://example.org", "https://example.org"},
		{"https://Müller.example:80/ä?ö=%20 x",
			"https://xn--mller-kva.example:80/"
			"%C3%A4?%C3%B6=%20%20x"},
		{"http://a@straße.example/", "http://a@xn--strae-oqa.example/"},
		{"http://[::1]:80/<a>", "http://[::1]:80/%3Ca%3E"},
		{"http://ä..ö/", "http://ä..ö/"},
		{"ä", "%C3%A4"},
		{"http://", "http://"},
		{"", ""},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_url_ascii(*state, kb_str_of(table[i][0])), table[i][1]);
}

static void truncation(void **state)
{
	static const struct {
		const char *text;
		size_t max;
		const char *cut;
	} table[] = {
		{"short", 5, "short"},
		{"short", 0, ""},
		{"a few words here", 11, "a few…"},
		{"a few words here", 12, "a few words…"},
		{"one, two", 6, "one…"},
		{"Donaudampfschifffahrt", 10, "Donaudamp…"},
		{"日本語の見出し", 4, "日本語…"},
		{"ääää bbbb cccc", 10, "ääää bbbb…"},
		{"e\u0301e\u0301e\u0301e\u0301", 6, "e\u0301e\u0301…"},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_truncate(*state, kb_str_of(table[i].text), table[i].max),
			table[i].cut);
}

static void locale_tags(void **state)
{
	static const char *const good[][2] = {
		{"de", "de"},
		{"de-at", "de-AT"},
		{"DE-AT", "de-AT"},
		{"zh-hant-tw", "zh-Hant-TW"},
		{"es-419", "es-419"},
		{"sr-latn", "sr-Latn"},
		{"de-ch-1996", "de-CH-1996"},
	};
	static const char *const bad[] = {"", "de_AT", "d", "de-", "-de", "de--AT",
		"deutsch-deutsch-deutsch", "de at", "en-US-", "über"};
	kb_str out = KB_STR("untouched");

	for (size_t i = 0; i < KB_LEN(good); i++) {
		assert_true(kb_locale_canonical(*state, kb_str_of(good[i][0]), &out));
		assert_str(out, good[i][1]);
	}
	for (size_t i = 0; i < KB_LEN(bad); i++)
		if (kb_locale_canonical(*state, kb_str_of(bad[i]), &out))
			fail_msg("'%s' passed as '%.*s'", bad[i], KB_ARG(out));
	assert_str(kb_locale_parent(KB_STR("zh-Hant-TW")), "zh-Hant");
	assert_str(kb_locale_parent(KB_STR("zh-Hant-x-old")), "zh-Hant");
	assert_str(kb_locale_parent(KB_STR("de")), "");
	assert_str(kb_locale_parent(KB_STR("")), "");
}

static void locale_names(void **state)
{
	static const char *const table[][2] = {
		{"en", "English"},
		{"de", "Deutsch"},
		{"de-AT", "Deutsch (Österreich)"},
		{"fr", "Français"},
		{"hu", "Magyar"},
		{"ja", "日本語"},
		{"ar", "العربية"},
		{"ka", "ქართული"},
		{"xx", "xx"},
		{"not a tag", "not a tag"},
	};

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_locale_name(*state, kb_str_of(table[i][0])), table[i][1]);
	assert_str(kb_locale_name_in(*state, KB_STR("hu"), KB_STR("de")), "német");
	assert_str(kb_locale_name_in(*state, KB_STR("de"), KB_STR("de-AT")),
		"Deutsch (Österreich)");
	assert_true(kb_locale_rtl(KB_STR("ar")));
	assert_true(kb_locale_rtl(KB_STR("he-IL")));
	assert_true(kb_locale_rtl(KB_STR("uz-Arab")));
	assert_false(kb_locale_rtl(KB_STR("de")));
	assert_false(kb_locale_rtl(KB_STR("")));
	assert_str(kb_region_name(*state, KB_STR("hu"), KB_STR("AT")), "Ausztria");
	assert_str(kb_region_name(*state, KB_STR("de"), KB_STR("HU")), "Ungarn");
	assert_str(kb_region_name(*state, KB_STR("ja"), KB_STR("DE")), "ドイツ");
	assert_str(kb_region_name(*state, KB_STR("en"), KB_STR("QX")), "QX");
	assert_str(kb_region_name(*state, KB_STR("en"), KB_STR("nonsense")), "nonsense");
}

static int compare_keys(kb_str locale, kb_str a, kb_str b)
{
	kb_buf x = {0}, y = {0};
	int order;

	kb_collate_key(locale, a, &x);
	kb_collate_key(locale, b, &y);
	order = kb_str_cmp(kb_buf_view(&x), kb_buf_view(&y));
	kb_buf_dispose(&x);
	kb_buf_dispose(&y);
	return order;
}

static void assert_order(const char *locale, const char *const *words, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		kb_str a = kb_str_of(words[i - 1]), b = kb_str_of(words[i]);

		if (kb_collate(kb_str_of(locale), a, b) >= 0 ||
			kb_collate(kb_str_of(locale), b, a) <= 0 ||
			compare_keys(kb_str_of(locale), a, b) >= 0)
			fail_msg("%s: '%s' does not come before '%s'", locale,
				words[i - 1], words[i]);
	}
}

static void collation(void **state)
{
	static const char *const en[] = {"äpfel", "apple", "Apple", "banana", "Zebra"};
	static const char *const hu[] = {
		"cukor", "csap", "dob", "óra", "öt", "zab", "zseb"};
	static const char *const sv[] = {"z", "å", "ä", "ö"};
	char many[2000];

	(void)state;
	assert_order("en", en, KB_LEN(en));
	assert_order("de", en, KB_LEN(en));
	assert_order("hu", hu, KB_LEN(hu));
	assert_order("sv", sv, KB_LEN(sv));
	assert_int_equal(kb_collate(KB_STR("de"), KB_STR("x"), KB_STR("x")), 0);
	assert_true(kb_collate(KB_STR("de"), KB_STR("e\u0301"), KB_STR("\u00e9")) < 0);
	assert_true(kb_collate(KB_STR("de"), KB_STR_NULL, KB_STR("a")) < 0);
	assert_int_equal(
		compare_keys(KB_STR("de"), KB_STR("e\u0301"), KB_STR("\u00e9")), 0);
	assert_true(compare_keys(KB_STR("de"), KB_STR_NULL, KB_STR("a")) < 0);
	/* Longer than most keys. */
	memset(many, 'a', sizeof(many));
	assert_true(compare_keys(KB_STR("de"), (kb_str){many, sizeof(many) - 1},
			    (kb_str){many, sizeof(many)}) < 0);
}

static void dates(void **state)
{
	static const char *const table[][3] = {
		{"en", "UTC", "November 20, 2026"},
		{"en-GB", "UTC", "20 November 2026"},
		{"de", "Europe/Berlin", "21. November 2026"},
		{"de-AT", "UTC", "20. November 2026"},
		{"hu", "UTC", "2026. november 20."},
		{"ja", "Asia/Tokyo", "2026年11月21日"},
		{"ar", "UTC", "٢٠ نوفمبر ٢٠٢٦"},
	};
	time_t t = 1795217400; /* 2026-11-20T23:30:00Z */

	for (size_t i = 0; i < KB_LEN(table); i++)
		assert_str(kb_date_format(*state, kb_str_of(table[i][0]),
				   kb_str_of(table[i][1]), t),
			table[i][2]);
	assert_str(kb_day_format(*state, KB_STR("UTC"), t), "2026-11-20");
	assert_str(kb_day_format(*state, KB_STR(""), t), "2026-11-20");
	assert_str(kb_day_format(*state, KB_STR("Europe/Berlin"), t), "2026-11-21");
	assert_str(kb_day_format(*state, KB_STR("America/New_York"), t), "2026-11-20");
	assert_str(kb_day_format(*state, KB_STR("UTC"), -1), "1969-12-31");
	assert_str(kb_time_format(*state, KB_STR("UTC"), -1), "1969-12-31T23:59:59Z");
	assert_str(kb_time_format(*state, KB_STR("Europe/Berlin"), 1783000000),
		"2026-07-02T15:46:40+02:00");
	assert_str(kb_time_format(*state, KB_STR("America/St_Johns"), 1795564800),
		"2026-11-24T20:30:00-03:30");
	assert_int_equal(kb_day_number(KB_STR("UTC"), -1), -1);
	assert_int_equal(kb_day_number(KB_STR("Europe/Berlin"), t), 20778);
	assert_int_equal(kb_day_start(KB_STR("Europe/Berlin"), 20778), 1795215600);
	assert_int_equal(kb_month_number(KB_STR("Europe/Berlin"), t), 2026 * 12 + 10);
	assert_int_equal(kb_month_start(KB_STR("UTC"), 1970 * 12), 0);
	assert_int_equal(kb_month_number(KB_STR("UTC"), -1), 1969 * 12 + 11);
	assert_int_equal(
		kb_month_start(KB_STR("Europe/Berlin"), 2026 * 12 + 6), 1782856800);
	/* In summer it begins an hour earlier. */
	assert_int_equal(kb_day_start(KB_STR("Europe/Berlin"), 20635), 1782856800);
	assert_int_equal(kb_day_start(KB_STR("No/Where"), 1), 86400);
}

static void times(void **state)
{
	static const struct {
		const char *text, *zone;
		long long t;
		bool day;
	} good[] = {
		{"1970-01-01", "", 0, true},
		{"2026-11-20", "UTC", 1795132800, true},
		{"2026-11-20", "Europe/Berlin", 1795129200, true},
		{"2026-07-01", "Europe/Berlin", 1782856800, true},
		{"2024-02-29", "UTC", 1709164800, true},
		{"1900-03-01", "Europe/London", -2203891200, true},
		{"1500-03-01", "Etc/GMT", -14826672000, true},
		/* Midnight that the clock skipped: the day's first moment. */
		{"2018-11-04", "America/Sao_Paulo", 1541300400, true},
		{"2026-11-20T23:30:00Z", "Europe/Berlin", 1795217400, false},
		{"2026-11-21T00:30:00+01:00", "", 1795217400, false},
		{"2026-11-20t18:30:00.125-05:00", "", 1795217400, false},
		{"2026-11-20 23:30:00z", "", 1795217400, false},
	};
	static const char *const bad[] = {"", "2026", "2026-11", "2026-11-31",
		"2025-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00",
		"20.11.2026", "2026-11-20T", "2026-11-20T10:00", "2026-11-20T10:00:00",
		"2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z", "2026-11-20T10:00:00+1",
		"2026-11-20T10:00:00Zx", "2026-11-20T10:00:00.Z", " 2026-11-20",
		"2026-11-20 ", "2026-1-2"};
	time_t t;
	bool day;

	(void)state;
	for (size_t i = 0; i < KB_LEN(good); i++) {
		assert_int_equal(kb_time_parse(kb_str_of(good[i].text),
					 kb_str_of(good[i].zone), &t, &day),
			0);
		if (t != good[i].t || day != good[i].day)
			fail_msg("%s in '%s' is %lld", good[i].text, good[i].zone,
				(long long)t);
	}
	for (size_t i = 0; i < KB_LEN(bad); i++)
		if (kb_time_parse(kb_str_of(bad[i]), KB_STR("UTC"), &t, &day) == 0)
			fail_msg("'%s' passed", bad[i]);
	assert_true(kb_timezone_known(KB_STR("Europe/Budapest")));
	assert_true(kb_timezone_known(KB_STR("UTC")));
	assert_false(kb_timezone_known(KB_STR("Europe/Nowhere")));
	assert_false(kb_timezone_known(KB_STR("")));
	assert_false(kb_timezone_known(KB_STR("GMT+7:13")));
}

static void messages(void **state)
{
	static const char articles[] =
		"{0, plural, =0 {no article} one {# article} other {# articles}}";
	static const struct {
		const char *locale, *pattern;
		double n;
		const char *text;
	} table[] = {
		{"en", articles, 0, "no article"},
		{"en", articles, 1, "1 article"},
		{"en", articles, 1234, "1,234 articles"},
		{"de", "{0, plural, one {# Artikel} other {# Artikel}}", 1234.5,
			"1.234,5 Artikel"},
		{"hu", "{0,plural,other{{0} cikk, {1}}}", 12345, "12 345 cikk, kávé"},
		{"ja", "{0, plural, other {#件}}", 3, "3件"},
		{"ar", "{0, plural, two {مقالان} few {# مقالات} other {# مقال}}", 2,
			"مقالان"},
		{"ar", "{0, plural, two {مقالان} few {# مقالات} other {# مقال}}", 5,
			"٥ مقالات"},
		{"en", "{0, selectordinal, one {#st} two {#nd} few {#rd} other {#th}}",
			22, "22nd"},
		{"en", "{0, plural, offset:1 =1 {you} other {you and # more}}", 3,
			"you and 2 more"},
		{"en", "{1, select, tea {leaf} kávé {bean} other {?}}", 0, "bean"},
		{"en", "{1, select, tea {leaf} other {no {0, plural, one {cup} other {cups}}}}",
			2, "no cups"},
		{"en", "It's '{0}' ''{1}'' # don''t", 0, "It's {0} 'kávé' # don't"},
		{"en", "{0, plural, other {'#' is #}}", 4, "# is 4"},
		{"en", "plain", 0, "plain"},
		{"en", "", 0, ""},
	};

	for (size_t i = 0; i < KB_LEN(table); i++) {
		struct kb_arg args[] = {
			{.num = table[i].n, .is_num = true}, {.str = KB_STR("kávé")}};
		struct kb_error err = {0};
		kb_str out;

		if (kb_message_format(*state, kb_str_of(table[i].locale),
			    kb_str_of(table[i].pattern), args, 2, &out, &err) < 0)
			fail_msg("%s", err.message);
		assert_str(out, table[i].text);
	}
}

static void broken_messages(void **state)
{
	static const char *const patterns[] = {"{", "}", "{}", "{x}", "{2}", "{-1}",
		"{0.5}", "{0, plural, one {x}}", "{0, plural, other x}",
		"{0, plural, other {x}", "{1, plural, other {x}}", "{0, date}",
		"{0, plural, =x {a} other {b}}", "{0, plural, offset:z other {b}}",
		"{0, plural, {b}}", "{nan}", "{1e9}"};
	struct kb_arg args[] = {{.num = 1, .is_num = true}, {.str = KB_STR("text")}};
	kb_buf deep = {0};
	struct kb_error err;
	kb_str out;

	for (size_t i = 0; i < KB_LEN(patterns); i++)
		if (kb_message_format(*state, KB_STR("en"), kb_str_of(patterns[i]), args,
			    2, &out, &err) == 0)
			fail_msg("'%s' passed as '%.*s'", patterns[i], KB_ARG(out));
	for (int i = 0; i < 100; i++)
		kb_buf_puts(&deep, "{0, plural, other {");
	for (int i = 0; i < 100; i++)
		kb_buf_puts(&deep, "}}");
	assert_int_equal(kb_message_format(*state, KB_STR("en"), kb_buf_view(&deep), args,
				 2, &out, &err),
		-1);
	kb_buf_dispose(&deep);
}

/* More locales than the cache holds, in several threads at once. */
static void *use_many_locales(void *unused)
{
	static const char *const locales[] = {"en", "de", "hu", "ja", "ar", "fr", "es",
		"it", "pt", "sv", "fi", "da", "nl", "pl", "cs", "ro", "tr", "el"};
	struct kb_arena *arena = kb_arena_new();
	struct kb_arg arg = {.num = 3, .is_num = true};
	kb_str out;

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < KB_LEN(locales); i++) {
			kb_str locale = kb_str_of(locales[i]);

			kb_collate(locale, KB_STR("a"), KB_STR("b"));
			kb_date_format(arena, locale, KB_STR("Europe/Berlin"), 0);
			kb_message_format(arena, locale, KB_STR("{0, plural, other {#}}"),
				&arg, 1, &out, NULL);
		}
	}
	kb_arena_free(arena);
	return unused;
}

static void threads(void **state)
{
	pthread_t ids[3];

	(void)state;
	for (size_t i = 0; i < KB_LEN(ids); i++)
		assert_int_equal(
			pthread_create(&ids[i], NULL, use_many_locales, NULL), 0);
	for (size_t i = 0; i < KB_LEN(ids); i++)
		pthread_join(ids[i], NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_validity),
		cmocka_unit_test(utf8_measures),
		cmocka_unit_test(lower_case),
		cmocka_unit_test(heading_slugs),
		cmocka_unit_test(path_slugs),
		cmocka_unit_test(skeletons),
		cmocka_unit_test(addresses_in_ascii),
		cmocka_unit_test(truncation),
		cmocka_unit_test(locale_tags),
		cmocka_unit_test(locale_names),
		cmocka_unit_test(collation),
		cmocka_unit_test(dates),
		cmocka_unit_test(times),
		cmocka_unit_test(messages),
		cmocka_unit_test(broken_messages),
		cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
