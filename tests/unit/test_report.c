/*
 * Writes one report in every format and compares each with tests/reports/tree/FORMAT.
 * KB_UPDATE=1 writes these again.
 */
#include "unit.h"

#include <stdlib.h>

#include "kb/escape.h"
#include "kb/file.h"
#include "kb/report.h"

#define FOLDER "tests/reports/tree/"

static void add_tables(struct kb_report *report)
{
	struct kb_value *list = kb_value_set_list(report->arena, report->data, "rows");
	struct kb_value *row = kb_value_push_map(report->arena, list);

	kb_value_set_str(report->arena, row, "name", KB_STR("=cmd | \"x\""));
	kb_value_set_int(report->arena, row, "n", -3);
	kb_value_set_bool(report->arena, row, "is", true);
	kb_value_set_decimal(report->arena, row, "score", 0.1236);
	kb_value_set(report->arena, row, "none", kb_value_null(report->arena));
	row = kb_value_push_map(report->arena, list);
	kb_value_set_opt(report->arena, row, "name", KB_STR(""));
	kb_value_set_bool(report->arena, row, "is", false);
	kb_report_table(report, "Name|N>|Wide *");
	kb_report_cell(report, KB_STR("a | b"));
	kb_report_cell_fmt(report, "%d", 12);
	kb_report_cell(report, KB_STR(""));
	kb_report_text(report, KB_ROLE_CODE, KB_STR("x <y>"));
	kb_report_text(
		report, KB_ROLE_PLAIN, KB_STR(" and words that wrap in a terminal"));
	kb_report_cell(report, KB_STR("茶"));
	kb_report_cell(report, KB_STR("3"));
	kb_report_cell(report, KB_STR("short"));
}

static void add_part(struct kb_report *report)
{
	kb_report_part(report);
	kb_report_language(report, KB_STR("he"), true);
	kb_report_text(report, KB_ROLE_STRONG, KB_STR("Part <1>"));
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR(": changed"));
	kb_report_item(report, 1, "!");
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR("phrase "));
	kb_report_text(report, KB_ROLE_FAINT, KB_STR("(why)"));
	kb_report_text(report, KB_ROLE_BREAK, KB_STR(""));
	kb_report_text(report, KB_ROLE_KEPT,
		KB_STR("This is a long text that stays as it is, and only its end is "
		       "shown before "));
	kb_report_text(report, KB_ROLE_REMOVED, KB_STR("old "));
	kb_report_text(report, KB_ROLE_ADDED, KB_STR("new"));
	kb_report_text(report, KB_ROLE_KEPT, KB_STR(" words."));
	kb_report_row(report);
	kb_report_changed(report, KB_ROLE_ADDED);
	kb_report_cell(report, KB_STR("Lid"));
	kb_report_cell(report, KB_STR(""));
	kb_report_text(report, KB_ROLE_ADDED, KB_STR("4"));
	kb_report_markup(report, KB_STR("<svg></svg>"), KB_STR("Before"));
	kb_report_markup(report, KB_STR("<svg></svg>"), KB_STR("After"));
	kb_report_part_end(report);
}

static void fill(struct kb_report *report)
{
	kb_report_init(report, "A & <b>");
	kb_report_paragraph(report, "A paragraph of @kb, ");
	kb_report_text(report, KB_ROLE_LINK, KB_STR("https://example.org/?a&b"));
	add_tables(report);
	kb_report_heading(report, 2, "Lists: %d", 2);
	kb_report_item(report, 0, "");
	kb_report_text(report, KB_ROLE_STRONG, KB_STR("title"));
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR("  (id)"));
	kb_report_text(report, KB_ROLE_BREAK, KB_STR(""));
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR("a passage with a "));
	kb_report_text(report, KB_ROLE_MARK, KB_STR("hit"));
	kb_report_item(report, 1, "-");
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR("deeper"));
	kb_report_code(report, 2, "| ", KB_STR("code\n\n```\n<i>"));
	kb_report_term(report, KB_STR("    --all"));
	kb_report_text(
		report, KB_ROLE_PLAIN, KB_STR("takes all of them, and this wraps"));
	kb_report_term(report, KB_STR("-a, --a-term-that-is-long ARG"));
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR("explained"));
	add_part(report);
	add_part(report);
	kb_report_markup(report, KB_STR("<p>safe</p>"), KB_STR(""));
	kb_report_prose(report,
		KB_STR("## Prose\n\nA *text* with `code here`, **strong** and [a link](x).\n"
		       "A sentence. Another one.\n\n- one\n- two\n  lines\n\n"
		       "1. first\n2. second\n\nText:\n\n    indented code\n\n"
		       "### Deeper\n\n| A | B |\n|---|---|\n| `a` | b |\n\n.start\n"));
	kb_report_rows(report, kb_value_get(report->data, KB_STR("rows")),
		"name|n>|is|none|score>");
}

static void compare(const struct kb_report *report, const char *format, const char *name,
	const struct kb_report_style *style)
{
	_cleanup_buf_ kb_buf out = {0}, text = {0}, expected = {0}, path = {0};
	struct kb_error err = {0};

	assert_int_equal(
		kb_report_write(report, kb_str_of(format), style, &out, &err), 0);
	kb_buf_text(&text, kb_buf_view(&out), style->color);
	if (strcmp(format, "text") != 0) {
		kb_buf_clear(&text);
		kb_buf_str(&text, kb_buf_view(&out));
	}
	kb_buf_fmt(&path, FOLDER "%s", name);
	if (getenv("KB_UPDATE"))
		assert_int_equal(kb_file_write(path.data, kb_buf_view(&text), &err), 0);
	assert_int_equal(kb_file_read(path.data, 0, &expected, &err), 0);
	if (!kb_str_eq(kb_buf_view(&text), kb_buf_view(&expected)))
		fail_msg("%s is\n%.*s", path.data, KB_ARG(kb_buf_view(&text)));
}

static void all_formats(void **state)
{
	static const char *const formats[] = {
		"text", "markdown", "html", "json", "jsonl", "csv", "mdoc"};
	const struct kb_report_style plain = {0}, narrow = {true, 40, 4};
	struct kb_report report;

	(void)state;
	fill(&report);
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		compare(&report, formats[i], formats[i], &plain);
	compare(&report, "text", "narrow", &narrow);
	kb_report_dispose(&report);
}

static void unknown_format(void **state)
{
	const struct kb_report_style plain = {0};
	_cleanup_buf_ kb_buf out = {0};
	struct kb_report report;
	struct kb_error err = {0};

	(void)state;
	kb_report_init(&report, "");
	assert_int_equal(kb_report_write(&report, KB_STR("pdf"), &plain, &out, &err), -1);
	assert_int_equal(err.code, KB_E_USAGE);
	assert_int_equal(out.len, 0);
	kb_report_dispose(&report);
}

/* Of a report without rows, CSV has the page's tables, with their names once. */
static void csv_of_tables(void **state)
{
	const struct kb_report_style plain = {0};
	_cleanup_buf_ kb_buf out = {0};
	struct kb_report report;
	struct kb_error err = {0};

	(void)state;
	kb_report_init(&report, "");
	for (int i = 0; i < 3; i++) {
		kb_report_heading(&report, 2, "%d", i);
		kb_report_table(&report, i < 2 ? "A|B>" : "C");
		kb_report_cell(&report, KB_STR("-1"));
		if (i < 2)
			kb_report_cell(&report, KB_STR("-1"));
	}
	assert_int_equal(kb_report_write(&report, KB_STR("csv"), &plain, &out, &err), 0);
	assert_str(kb_buf_view(&out),
		"A,B\r\n\"'-1\",-1\r\n\"'-1\",-1\r\n\r\nC\r\n\"'-1\"\r\n");
	kb_buf_clear(&out);
	assert_int_equal(
		kb_report_write(&report, KB_STR("jsonl"), &plain, &out, &err), 0);
	assert_int_equal(out.len, 0);
	kb_report_dispose(&report);
}

static void assert_text(
	const struct kb_report *report, size_t width, const char *expected)
{
	const struct kb_report_style style = {.width = width};
	_cleanup_buf_ kb_buf out = {0}, text = {0};
	struct kb_error err = {0};

	assert_int_equal(kb_report_write(report, KB_STR("text"), &style, &out, &err), 0);
	kb_buf_text(&text, kb_buf_view(&out), false);
	assert_str(kb_buf_view(&text), expected);
}

/* A word of several runs stays on one line. */
static void words_of_runs(void **state)
{
	struct kb_report report;

	(void)state;
	kb_report_init(&report, "");
	kb_report_paragraph(&report, "one two");
	kb_report_text(&report, KB_ROLE_STRONG, KB_STR("half"));
	kb_report_text(&report, KB_ROLE_PLAIN, KB_STR(", three"));
	assert_text(&report, 12, "one twohalf,\nthree\n");
	assert_text(&report, 11, "one\ntwohalf,\nthree\n");
	kb_report_dispose(&report);
}

/* 48 bytes of what stays are shown before a change, and of more the last ones. */
static void kept_words(void **state)
{
	kb_str most = KB_STR("123456789012345678901234567890123456789012345678");
	struct kb_report report;

	(void)state;
	kb_report_init(&report, "");
	kb_report_paragraph(&report, "%s", "");
	kb_report_text(&report, KB_ROLE_KEPT, most);
	kb_report_text(&report, KB_ROLE_ADDED, KB_STR("+"));
	assert_text(
		&report, 0, "123456789012345678901234567890123456789012345678{+++}\n");
	kb_report_paragraph(&report, "%s", "");
	kb_report_fmt(&report, KB_ROLE_KEPT, "0%.*s", KB_ARG(most));
	kb_report_text(&report, KB_ROLE_REMOVED, KB_STR("-"));
	assert_text(&report, 0,
		"123456789012345678901234567890123456789012345678{+++}\n\n"
		"…123456789012345678901234567890123456789012345678[---]\n");
	kb_report_dispose(&report);
}

/* Wherever a line of the message is broken, programs take no line for something else. */
static void mail_lines(void **state)
{
	static const char *const marks[] = {"::error::x", "##[error]x", ".", "From x"};
	static const char *const starts[] = {"::", "##", ".", "From "};
	const struct kb_mail mail = {
		KB_STR("a@example.org"), KB_STR("b@example.org"), KB_STR("c"), 0};
	char words[80];

	(void)state;
	memset(words, 'w', sizeof(words));
	for (size_t i = 0; i < sizeof(words) * KB_LEN(marks); i++) {
		const char *mark = marks[i % KB_LEN(marks)];
		_cleanup_buf_ kb_buf out = {0};
		struct kb_report report;
		kb_str rest, line;

		kb_report_init(&report, "T");
		kb_report_paragraph(
			&report, "%.*s%s", (int)(i / KB_LEN(marks)), words, mark);
		kb_report_paragraph(&report, "%s", mark);
		assert_int_equal(kb_report_mail(&report, &mail, &out, NULL), 0);
		rest = kb_buf_view(&out);
		while (kb_str_line(&rest, &line))
			for (size_t k = 0; k < KB_LEN(starts); k++)
				assert_false(kb_str_starts(line, kb_str_of(starts[k])) &&
					     !kb_str_starts(line, KB_STR("From: ")));
		kb_report_dispose(&report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_formats),
		cmocka_unit_test(unknown_format),
		cmocka_unit_test(csv_of_tables),
		cmocka_unit_test(words_of_runs),
		cmocka_unit_test(kept_words),
		cmocka_unit_test(mail_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
