#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kb/option.h"

struct values {
	bool quiet, verbose;
	const char *dir;
	kb_strs locales, reports;
	unsigned jobs;
	int color;
};

static const char *const colors[] = {"auto", "always", "never", NULL};
static const char *const formats[] = {"text", "json", NULL};

#define AT(field) offsetof(struct values, field)
static const struct kb_option global[] = {
	{'q', "quiet", KB_OPT_FLAG, AT(quiet), NULL, "say less", NULL},
	{'v', "verbose", KB_OPT_FLAG, AT(verbose), NULL, "say more", NULL},
	{'C', "directory", KB_OPT_STRING, AT(dir), "DIR", "work in DIR", NULL},
	{0, "color", KB_OPT_CHOICE, AT(color), "WHEN", "colour", colors},
	{0, NULL, KB_OPT_FLAG, 0, NULL, NULL, NULL},
};
static const struct kb_option own[] = {
	{'j', "jobs", KB_OPT_NUMBER, AT(jobs), "N", "threads", NULL},
	{0, "locale", KB_OPT_LIST, AT(locales), "L", "locales", NULL},
	{0, "format", KB_OPT_PAIRS, AT(reports), "FORMAT", "format", formats},
	{0, "output", KB_OPT_PAIRS, AT(reports), "FILE", "file", NULL},
	{0, NULL, KB_OPT_FLAG, 0, NULL, NULL, NULL},
};

struct fixture {
	struct values values;
	kb_strs operands;
	struct kb_error err;
};

static int setup(void **state)
{
	*state = kb_xcalloc(1, sizeof(struct fixture));
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	kb_vec_dispose(&f->operands);
	kb_vec_dispose(&f->values.locales);
	kb_vec_dispose(&f->values.reports);
	free(f);
	return 0;
}

static int parse_line(struct fixture *f, const char *line)
{
	static char copy[256];
	char *argv[16];
	int argc = 0;

	assert_true(strlen(line) < sizeof(copy));
	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	struct kb_option_table tables[] = {
		{global, &f->values}, {own, &f->values}, {NULL, NULL}};
	return kb_options_parse(tables, 3, argc, argv, &f->operands, &f->err);
}

static void assert_words(const kb_strs *words, const char *expected)
{
	char joined[256] = "";

	for (size_t i = 0; i < words->len; i++) {
		strcat(joined, i ? " " : "");
		strncat(joined, words->items[i].data, words->items[i].len);
	}
	assert_string_equal(joined, expected);
}

static void options_and_operands_mix(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_line(f, "a -q b --locale de c --locale=hu"), 0);
	assert_words(&f->operands, "a b c");
	assert_words(&f->values.locales, "de hu");
	assert_true(f->values.quiet);
	assert_false(f->values.verbose);
}

static void letters_join(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_line(f, "-qvj12 -C dir"), 0);
	assert_true(f->values.quiet && f->values.verbose);
	assert_int_equal(f->values.jobs, 12);
	assert_string_equal(f->values.dir, "dir");
}

static void dashes_end_options(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_line(f, "- -q -- -v --x"), 0);
	assert_words(&f->operands, "- -v --x");
	assert_false(f->values.verbose);
}

static void choices_are_indices(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_line(f, "--color=never"), 0);
	assert_int_equal(f->values.color, 2);
}

static void pairs_keep_their_order(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_line(f, "--format json --output a --format text"), 0);
	assert_words(&f->values.reports, "format json output a format text");
}

static void empty_value_is_a_value(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(parse_line(f, "--directory="), 0);
	assert_string_equal(f->values.dir, "");
}

static void bad_usage_is_explained(void **state)
{
	static const struct {
		const char *line, *message;
	} cases[] = {
		{"--quite", "unknown option '--quite': did you mean '--quiet'?"},
		{"--dir=x", "unknown option '--dir': did you mean '--directory'?"},
		{"--zzzzz", "unknown option '--zzzzz'"},
		{"-x", "unknown option '-x'"},
		{"-locale", "unknown option '-l': long options begin with '--'"},
		{"--quiet=1", "--quiet does not take a value"},
		{"--locale", "--locale requires a value: --locale L"},
		{"-j", "--jobs requires a value: --jobs N"},
		{"-j2x", "--jobs requires a whole number, not '2x'"},
		{"-j-1", "--jobs requires a whole number, not '-1'"},
		{"-j99999999999999999999999",
			"--jobs requires a whole number, not '99999999999999999999999'"},
		{"--color alwys", "--color cannot be 'alwys': did you mean 'always'?"},
		{"--color purple",
			"--color cannot be 'purple': choose one of auto, always, never"},
		{"--format jsn", "--format cannot be 'jsn': did you mean 'json'?"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < KB_LEN(cases); i++) {
		assert_int_equal(parse_line(f, cases[i].line), -1);
		assert_int_equal(f->err.code, KB_E_USAGE);
		assert_string_equal(f->err.message, cases[i].message);
	}
}

static void command_is_found_behind_options(void **state)
{
	struct fixture *f = *state;
	struct kb_option_table table = {global, &f->values};
	char *argv[] = {"-qC", "dir", "--color", "never", "--color=auto", "-Cx", "--odd",
		"validate", "-q"};

	assert_int_equal(kb_options_before_operand(&table, 1, 9, argv), 7);
	assert_int_equal(kb_options_before_operand(&table, 1, 1, argv), 1);
	char *dashes[] = {"-q", "--", "-x"};
	assert_int_equal(kb_options_before_operand(&table, 1, 3, dashes), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(options_and_operands_mix),
		TEST(letters_join),
		TEST(dashes_end_options),
		TEST(choices_are_indices),
		TEST(pairs_keep_their_order),
		TEST(empty_value_is_a_value),
		TEST(bad_usage_is_explained),
		TEST(command_is_found_behind_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
