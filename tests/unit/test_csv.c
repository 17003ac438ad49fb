/* Tables: RFC 4180, common violations of it, and damage at random. */
#include "unit.h"

#include <stdio.h>

#include "kb/csv.h"

/* The rows as text: fields between '|', a row that is not right behind '!LINE:'. */
static void print(kb_str text, kb_buf *out)
{
	struct kb_csv csv;
	struct kb_error err;

	if (kb_csv_open(&csv, text, &err)) {
		kb_buf_puts(out, err.message);
	} else {
		while (kb_csv_row(&csv)) {
			kb_buf_puts(out, out->len ? "\n" : "");
			if (csv.fault)
				kb_buf_fmt(out, "!%zu:", csv.line);
			for (size_t i = 0; i < csv.fields.len; i++)
				kb_buf_fmt(out, "%s%.*s", i ? "|" : "",
					KB_ARG(csv.fields.items[i]));
		}
	}
	kb_csv_dispose(&csv);
}

#define T(literal)                                                                       \
	{                                                                                \
		literal, sizeof(literal) - 1                                             \
	}

struct sample {
	kb_str text;
	const char *rows;
};

static const struct sample samples[] = {
	{T("a,b\n1,2\n3,4\n"), "1|2\n3|4"},
	{T("a,b\r\n1,2\r\n3,4"), "1|2\n3|4"},
	{T("a,b\r1,2\r3,4\r"), "1|2\n3|4"},
	{T("\xef\xbb\xbf"
	   "a,b\n1,2\n"),
		"1|2"},
	{T("sep=;\na;b\n1;2,5\n"), "1|2,5"},
	{T("\"sep=\t\"\r\na\tb\r\n1\t2\r\n"), "1|2"},
	{T("a;b\n1;2,5\n"), "1|2,5"},
	{T("a|b\n1|2\n"), "1|2"},
	{T("\n\na,b\n\n1,2\n\n,\n3,4\n"), "1|2\n3|4"},
	{T("a,b\n\"1,\"\"x\"\"\",\"2\n2\"\n3,4\n"), "1,\"x\"|2\n2\n3|4"},
	{T("a,b\nsay \"hi\",2\n"), "say \"hi\"|2"},
	{T("a,b\n\"say \"hi\" now\",2\n3,4\n"), "say \"hi\" now|2\n3|4"},
	{T("a,b\n1\n3,4\n"), "1|\n3|4"},
	{T("a,b\n1,2,,\n3,4\n"), "1|2||\n3|4"},
	{T("a,b\n1,2,x\n3,4\n"), "!2:1|2|x\n3|4"},
	{T("a,b\n1,\0002\n3,4\n"), "1|2\n3|4"},
	{T("a,b\n1,\"2\n3,4\n"), "!2:1|\"2\n3|4"},
	{T("a,b\n1,\"2\n3,\"4\"\n5,6\n"), "!2:1|\"2\n3|4\n5|6"},
	{T("a,b\n1,\"2\n3,\"\n5,6\n"), "1|2\n3,\n5|6"},
	{T("a,b,c\n1,\"2,3\n4,\",6\n7,8,9\n"), "1|2,3\n4,|6\n7|8|9"},
	{T("a,b,c\n1,\"2,3\n4,\"5\",6\n7,8,9\n"), "!2:1|\"2|3\n4|5|6\n7|8|9"},
	{T("a,b\n\"x\"\r\n3,4"), "x|\n3|4"},
	{T(""), "the table is empty"},
	{T("\n \n"), "the table is empty"},
};

static void rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < KB_LEN(samples); i++) {
		_cleanup_buf_ kb_buf out = {0};

		print(samples[i].text, &out);
		assert_string_equal(out.data ? out.data : "", samples[i].rows);
	}
}

static void columns(void **state)
{
	struct kb_csv csv;
	struct kb_error err;
	size_t at;

	(void)state;
	assert_int_equal(kb_csv_open(&csv, KB_STR("Id , \"Na\"\"me\"\n1,2\n"), &err), 0);
	assert_int_equal(kb_csv_column(&csv, "Id", &at, &err), 0);
	assert_int_equal(at, 0);
	assert_int_equal(kb_csv_column(&csv, "id", &at, &err), -1);
	assert_non_null(strstr(err.message, "did you mean 'Id'"));
	assert_true(kb_csv_row(&csv));
	assert_int_equal(csv.row, 2);
	kb_csv_dispose(&csv);
}

/* One row of a table is damaged at random: all others are still read. */
enum { ROWS = 40, ROUNDS = 2000 };

static unsigned next_random(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void damage_row(kb_buf *row, unsigned *seed)
{
	static const char bytes[] = "\"\",;\n\r\t\0\xff\xfexa";
	size_t at = next_random(seed) % row->len;

	switch (next_random(seed) % 3) {
	case 0:
		row->data[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
		break;
	case 1:
		memmove(row->data + at, row->data + at + 1, row->len - at - 1);
		row->len--;
		break;
	default:
		kb_buf_putc(row, 0);
		memmove(row->data + at + 1, row->data + at, row->len - at - 1);
		row->data[at] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
	}
}

static void damage(void **state)
{
	unsigned seed = 7;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		_cleanup_buf_ kb_buf text = {0};
		unsigned hurt = next_random(&seed) % ROWS;
		bool found[ROWS] = {0};
		struct kb_csv csv;

		kb_buf_puts(&text, "key,text,locale,n\n");
		for (unsigned i = 0; i < ROWS; i++) {
			_cleanup_buf_ kb_buf row = {0};

			kb_buf_fmt(&row,
				i % 3 ? "k%u,\"it \"\"leaks\"\", %u\",de,%u"
				      : "\"k%u\",plain %u,\"de\",%u",
				i, i, i);
			for (unsigned d = 0; i == hurt && d < 1 + round % 3; d++)
				damage_row(&row, &seed);
			kb_buf_str(&text, kb_buf_view(&row));
			kb_buf_putc(&text, '\n');
		}
		assert_int_equal(kb_csv_open(&csv, kb_buf_view(&text), NULL), 0);
		while (kb_csv_row(&csv)) {
			char key[16];

			for (unsigned i = 0; i < ROWS && !csv.fault; i++) {
				snprintf(key, sizeof(key), "k%u", i);
				found[i] |= kb_str_is(csv.fields.items[0], key) &&
					    kb_str_is(csv.fields.items[2], "de");
			}
		}
		kb_csv_dispose(&csv);
		for (unsigned i = 0; i < ROWS; i++)
			if (i != hurt && !found[i])
				fail_msg("round %u: row %u is lost:\n%s", round, i,
					text.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(columns),
		cmocka_unit_test(damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
