/*
 * The CommonMark specification's examples (version 0.29, that of cmark-gfm) through
 * kb's own renderer. What kb writes otherwise on purpose is brought to one form
 * first; examples of raw HTML belong to test_html.
 */
#include "markdown_help.h"

#include <stdlib.h>

#include "kb/file.h"

#define SPEC "build/node/node_modules/commonmark-spec/spec.txt"
#define FENCE "````````````````````````````````"

/* An image alone with a title is a figure; a scheme that kb does not know does not make a
 * link; bare addresses are links in GitHub's flavor. */
static const int others[] = {568, 569, 572, 573, 580, 581, 582, 584, 585, 587, 594, 595,
	597, 598, 602, 604, 607, 608};

/* Addresses that are empty, quotes that are; code of nothing but spaces, characters that
 * only entities can write, emphasis in emphasis; text
 * below a heading in an item. */
static const int not_again[] = {
	108, 169, 187, 209, 210, 270, 325, 326, 334, 460, 462, 483, 484, 563};

static void replace_all(kb_buf *buf, const char *from, const char *to)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str s = kb_buf_view(buf), needle = kb_str_of(from);
	size_t at;

	while ((at = kb_str_find(s, needle)) != SIZE_MAX) {
		kb_buf_add(&out, s.data, at);
		kb_buf_puts(&out, to);
		s = kb_str_sub(s, at + needle.len, s.len);
	}
	kb_buf_str(&out, s);
	kb_buf_clear(buf);
	kb_buf_str(buf, kb_buf_view(&out));
}

/* Takes the attributes off headings. */
static void headings_bare(kb_buf *buf)
{
	_cleanup_buf_ kb_buf out = {0};
	const char *p = buf->data, *end = p + buf->len;

	while (p < end) {
		kb_buf_putc(&out, *p);
		if (p[0] == '<' && p[1] == 'h' && p[2] >= '1' && p[2] <= '6') {
			kb_buf_putc(&out, 'h');
			kb_buf_putc(&out, p[2] == '1' ? '2' : p[2]);
			p = strchr(p, '>');
			continue;
		}
		p++;
	}
	kb_buf_clear(buf);
	kb_buf_str(buf, kb_buf_view(&out));
}

/* Takes line ends beside tags away. */
static void lines_join(kb_buf *buf)
{
	size_t n = 0;

	for (size_t i = 0; i < buf->len; i++) {
		bool beside = (n && buf->data[n - 1] == '>') ||
			      (i + 1 < buf->len && buf->data[i + 1] == '<') ||
			      i + 1 == buf->len;

		if (buf->data[i] != '\n' || !beside)
			buf->data[n++] = buf->data[i];
	}
	buf->len = n;
	buf->data[n] = '\0';
}

static void normalize(kb_buf *buf)
{
	static const char *const changes[][2] = {{" />", ">"}, {" tabindex=\"0\"", ""},
		{" loading=\"lazy\"", ""}, {"</h1>", "</h2>"}, {"&#39;", "'"},
		{"&#x27;", "'"}};

	kb_buf_puts(buf, "");
	for (size_t i = 0; i < KB_LEN(changes); i++)
		replace_all(buf, changes[i][0], changes[i][1]);
	headings_bare(buf);
	lines_join(buf);
}

static bool is_not_again(int number)
{
	for (size_t i = 0; i < KB_LEN(not_again); i++)
		if (not_again[i] == number)
			return true;
	return false;
}

static bool is_other(int number)
{
	for (size_t i = 0; i < KB_LEN(others); i++)
		if (others[i] == number)
			return true;
	return false;
}

/* What differs between an example and the Markdown of it, and means the same: titles of
 * links are left out, paragraphs are one line each, addresses have more percent signs. */
static void loosen(kb_buf *buf)
{
	static const char *const changes[][2] = {{"\n", " "}, {"%28", "("}, {"%29", ")"},
		{"%5B", "["}, {"%5D", "]"}, {"%2A", "*"}, {"&quot;", "%22"}};
	size_t n = 0;

	for (size_t i = 0; i < KB_LEN(changes); i++)
		replace_all(buf, changes[i][0], changes[i][1]);
	for (size_t i = 0; i < buf->len; i++) {
		kb_str rest = kb_str_sub(kb_buf_view(buf), i, buf->len);

		if (kb_str_starts(rest, KB_STR(" title=\"")))
			i += 8 + kb_str_chr(kb_str_sub(rest, 8, rest.len), '"');
		else
			buf->data[n++] = buf->data[i];
	}
	buf->len = n;
	buf->data[n] = '\0';
	replace_all(buf, "> ", ">");
	replace_all(buf, " <", "<");
}

/* The Markdown that kb writes of the example reads as the example does. */
static void check_again(int number, struct help_text *t)
{
	const struct kb_md_options options = {.section = KB_MD_ALL};
	_cleanup_buf_ kb_buf markdown = {0};
	struct help_text again;

	if (is_not_again(number))
		return;
	assert_int_equal(kb_md_markdown(t->md, &options, &markdown, NULL), 0);
	kb_buf_puts(&markdown, "\n");
	help_open(&again, markdown.data);
	assert_int_equal(kb_md_html(again.md, &options, &again.out, NULL), 0);
	normalize(&again.out);
	loosen(&again.out);
	loosen(&t->out);
	if (!kb_str_eq(kb_buf_view(&t->out), kb_buf_view(&again.out)))
		fail_msg("example %d:\n%s--- first\n%s\n--- again\n%s", number,
			markdown.data, t->out.data, again.out.data);
	help_close(&again);
}

/* False when the example is about raw HTML. */
static bool check(int number, kb_str markdown, kb_str html)
{
	const struct kb_md_options options = {.section = KB_MD_ALL};
	_cleanup_buf_ kb_buf text = {0}, want = {0};
	struct help_text t;
	bool raw;

	kb_buf_str(&text, markdown);
	kb_buf_str(&want, html);
	replace_all(&text, "\xe2\x86\x92", "\t");
	replace_all(&want, "\xe2\x86\x92", "\t");
	help_open(&t, text.data);
	raw = t.facts.raw_html;
	if (!raw) {
		assert_int_equal(kb_md_html(t.md, &options, &t.out, NULL), 0);
		normalize(&t.out);
		normalize(&want);
		if (!kb_str_eq(kb_buf_view(&t.out), kb_buf_view(&want)))
			fail_msg("example %d:\n%s--- wanted\n%s\n--- written\n%s", number,
				text.data, want.data, t.out.data);
		check_again(number, &t);
	}
	help_close(&t);
	return !raw;
}

/* Takes the text before a line that begins with END; false at the end. */
static bool take(kb_str *rest, const char *end, kb_str *part)
{
	kb_str mark = kb_str_of(end);
	size_t at = 0;

	while (at < rest->len) {
		kb_str line = kb_str_sub(*rest, at, rest->len);
		size_t len = kb_str_chr(line, '\n');

		if (len == SIZE_MAX)
			return false;
		if (kb_str_starts(line, mark)) {
			*part = kb_str_sub(*rest, 0, at);
			*rest = kb_str_sub(line, len + 1, line.len);
			return true;
		}
		at += len + 1;
	}
	return false;
}

static void examples(void **state)
{
	_cleanup_buf_ kb_buf spec = {0};
	kb_str rest, part, markdown, html;
	int number = 0, compared = 0;
	struct kb_error err;

	(void)state;
	if (kb_file_read(SPEC, 4 << 20, &spec, &err)) {
		print_message("skipped: %s (npm's commonmark-spec) is not there\n", SPEC);
		skip();
	}
	rest = kb_buf_view(&spec);
	while (take(&rest, FENCE " example", &part) && take(&rest, ".\n", &markdown) &&
		take(&rest, FENCE, &html)) {
		number++;
		if (!is_other(number))
			compared += check(number, markdown, html);
	}
	assert_int_equal(number, 649);
	assert_in_range(compared, 560, 649);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(examples)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
