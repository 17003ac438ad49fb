#include "unit.h"

#include <pthread.h>

#include "kb/buf.h"
#include "kb/regex.h"

static struct kb_regex *compile(const char *pattern, int flags)
{
	struct kb_regex *regex = NULL;
	struct kb_error err;

	if (kb_regex_compile(&regex, kb_str_of(pattern), flags, &err))
		fail_msg("%s", err.message);
	return regex;
}

static int find(const char *pattern, int flags, kb_str text, kb_range *match)
{
	struct kb_regex *regex = compile(pattern, flags);
	int found = kb_regex_find(regex, text, 0, match);

	kb_regex_free(regex);
	return found;
}

static void finds(void **state)
{
	struct kb_regex *regex = compile("\\bcaf\xC3\xA9\\b", KB_REGEX_NOCASE);
	kb_str text = KB_STR("ein CAF\xC3\x89, zwei caf\xC3\xA9s, caf\xC3\xA9");
	kb_range match;

	(void)state;
	assert_int_equal(kb_regex_find(regex, text, 0, &match), 1);
	assert_int_equal(match.off, 4);
	assert_int_equal(match.len, 5);
	assert_int_equal(kb_regex_find(regex, text, match.off + match.len, &match), 1);
	assert_str(kb_str_sub(text, match.off, text.len), "caf\xC3\xA9");
	assert_int_equal(kb_regex_find(regex, text, text.len, &match), 0);
	assert_int_equal(kb_regex_find(regex, text, text.len + 1, &match), 0);
	kb_regex_free(regex);
	kb_regex_free(NULL);
	assert_int_equal(find("^$", 0, KB_STR_NULL, &match), 1);
	assert_int_equal(find("\\p{L}+", 0, KB_STR("12\xC5\x91x"), NULL), 1);
}

/* Groups that a pattern has not are not those of the match before. */
static void groups(void **state)
{
	struct kb_regex *three = compile("(a)(b)(c)?", 0), *one = compile("x(y)", 0);
	kb_range found[KB_REGEX_GROUPS];

	(void)state;
	assert_int_equal(kb_regex_groups(three, KB_STR("0abc"), 0, found), 1);
	assert_int_equal(found[0].off, 1);
	assert_int_equal(found[3].off, 3);
	assert_int_equal(found[3].len, 1);
	assert_int_equal(kb_regex_groups(one, KB_STR("xy"), 0, found), 1);
	assert_int_equal(found[1].off, 1);
	for (size_t i = 2; i < KB_REGEX_GROUPS; i++)
		assert_int_equal(found[i].len, 0);
	assert_int_equal(kb_regex_groups(three, KB_STR("0ab"), 0, found), 1);
	assert_int_equal(found[3].off, 1);
	assert_int_equal(found[3].len, 0);
	assert_int_equal(kb_regex_groups(three, KB_STR("0a"), 0, found), 0);
	kb_regex_free(three);
	kb_regex_free(one);
}

static void dialects(void **state)
{
	(void)state;
	assert_int_equal(
		find("^\\d$", 0, KB_STR("\xD9\xA3"), NULL), 1); /* Arabic three */
	assert_int_equal(find("^\\d$", KB_REGEX_ECMA, KB_STR("\xD9\xA3"), NULL), 0);
	assert_int_equal(find("a$", 0, KB_STR("a\n"), NULL), 1);
	assert_int_equal(find("a$", KB_REGEX_ECMA, KB_STR("a\n"), NULL), 0);
	assert_int_equal(find("^\\u00e9\\u{1F600}$", KB_REGEX_ECMA,
				 KB_STR("\xC3\xA9\xF0\x9F\x98\x80"), NULL),
		1);
	assert_int_equal(find("^[^]$", KB_REGEX_ECMA, KB_STR("x"), NULL), 1);
	assert_int_equal(find("^.$", 0, KB_STR("\xF0\x9F\x98\x80"), NULL), 1);
}

static void refusals(void **state)
{
	struct kb_regex *regex = (struct kb_regex *)state;
	struct kb_error err;

	assert_int_equal(kb_regex_compile(&regex, KB_STR("a(b"), 0, &err), -1);
	assert_ptr_equal(regex, state); /* untouched */
	assert_non_null(strstr(err.message, "'a(b' is wrong at character 4"));
	assert_int_equal(kb_regex_compile(&regex, KB_STR("\\C"), 0, &err), -1);
}

static void bounded(void **state)
{
	kb_buf text = {0};

	(void)state;
	for (int i = 0; i < 5000; i++)
		kb_buf_putc(&text, 'a');
	assert_int_equal(find("^(a+)+$", 0, kb_buf_view(&text), NULL), 1);
	kb_buf_putc(&text, '!');
	assert_int_equal(find("^(a+)+$", 0, kb_buf_view(&text), NULL), -1);
	assert_int_equal(find("^(?:(a)|(b)|(?R))*$", 0, kb_buf_view(&text), NULL), -1);
	kb_buf_dispose(&text);
	/* Text that is not UTF-8 matches where it is. */
	assert_int_equal(find("x.", 0, KB_STR("\xFF\xC3xy\xE2\x82"), NULL), 1);
	assert_int_equal(find("y.", 0, KB_STR("\xFF\xC3xy\xE2\x82"), NULL), 0);
}

static void *match_often(void *arg)
{
	const struct kb_regex *regex = arg;
	kb_str text = KB_STR("one two three four");
	size_t wrong = 0;

	for (int i = 0; i < 2000; i++) {
		kb_range match;

		if (kb_regex_find(regex, text, 0, &match) != 1 || match.off != 8)
			wrong++;
	}
	return (void *)(uintptr_t)wrong;
}

static void threads(void **state)
{
	struct kb_regex *regex = compile("t\\w{4}", 0);
	pthread_t thread[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, match_often, regex), 0);
	for (int i = 0; i < 4; i++) {
		void *wrong;

		pthread_join(thread[i], &wrong);
		assert_null(wrong);
	}
	kb_regex_free(regex);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(groups),
		cmocka_unit_test(dialects),
		cmocka_unit_test(refusals),
		cmocka_unit_test(bounded),
		cmocka_unit_test(threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
