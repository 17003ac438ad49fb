/* What people wrote does nothing where kb writes it. */
#include "unit.h"

#include <ctype.h>

#include "kb/escape.h"
#include "kb/value.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */
#define ZW "&#8203;"

struct pair {
	const char *in, *out;
};

typedef void writer(kb_buf *buf, kb_str s);

static void check(writer *write, const struct pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_buf_ kb_buf buf = {0};

		write(&buf, kb_str_of(pairs[i].in));
		assert_string_equal(buf.data ? buf.data : "", pairs[i].out);
	}
}
#define CHECK(write, ...)                                                                \
	do {                                                                             \
		static const struct pair pairs[] = {__VA_ARGS__};                        \
		check(write, pairs, sizeof(pairs) / sizeof(*pairs));                     \
	} while (0)

static uint8_t classes_of(uint32_t cp)
{
	_cleanup_buf_ kb_buf buf = {0};

	kb_buf_utf8(&buf, cp);
	return kb_byte_classes[(unsigned char)buf.data[0]];
}

/* Where text is copied in runs, no run holds what a writer would change. */
static void knows_bytes(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
		uint8_t classes;

		if (cp >= 0xD800 && cp <= 0xDFFF)
			continue;
		classes = classes_of(cp);
		if (kb_char_unwanted(cp))
			assert_true(classes & KB_BYTE_ODD);
		if (kb_char_kind(cp) != KB_CHAR_PLAIN ||
			(cp < 0x80 && strchr("\"\\<[", (int)cp)))
			assert_true(classes & KB_BYTE_JSON);
		assert_int_equal(!!(classes & KB_BYTE_HIGH), cp >= 0x80);
	}
	for (int c = 0; c < 256; c++) {
		bool path = c &&
			    (strchr("-._~!$&'()*+,;=:@/", c) || (c < 0x80 && isalnum(c)));

		bool url = c &&
			   (strchr("-_.+!*(),%#@?=;:/$~", c) || (c < 0x80 && isalnum(c)));

		assert_int_equal(!(kb_byte_classes[c] & KB_BYTE_NO_PATH), path);
		assert_int_equal(!(kb_byte_classes[c] & KB_BYTE_NO_URL), url);
		assert_int_equal(!!(kb_byte_classes[c] & KB_BYTE_MARKUP),
			c && strchr("&<>\"", c) != NULL);
		assert_int_equal(!!(kb_byte_classes[c] & KB_BYTE_APOSTROPHE), c == '\'');
		assert_true(c < 0x80 || kb_byte_classes[c] & KB_BYTE_JSON);
	}
}

static void decodes(void **state)
{
	static const struct {
		const char *text;
		uint32_t cp;
		size_t len;
	} texts[] = {{"a", 'a', 1}, {"\xC3\xA9", 0xE9, 2}, {"\xE2\x80\xAE", 0x202E, 3},
		{"\xF0\x9F\x98\x80", 0x1F600, 4}, {"\x80", 0xFFFD, 1},
		{"\xC0\xAF", 0xFFFD, 1}, {"\xED\xA0\x80", 0xFFFD, 1},
		{"\xF4\x90\x80\x80", 0xFFFD, 1}, {"\xE2\x80", 0xFFFD, 1},
		{"\xF0\x8F\xBF\xBF", 0xFFFD, 1}, {"\xFF", 0xFFFD, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		size_t at = 0;

		assert_int_equal(
			kb_utf8_next(kb_str_of(texts[i].text), &at), texts[i].cp);
		assert_int_equal(at, texts[i].len);
	}
}

static void kinds(void **state)
{
	static const uint32_t controls[] = {0, 7, 0x1B, 0x7F, 0x80, 0x9B, 0x9F, 0x202D,
		0x202E, 0xFDD0, 0xFDEF, 0xFFF9, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF};
	static const uint32_t bidi[] = {
		0x61C, 0x200E, 0x200F, 0x202A, 0x202C, 0x2066, 0x2069};
	static const uint32_t spaces[] = {9, 10, 11, 12, 13, 0x85, 0x2028, 0x2029};
	/* A soft hyphen, joiners, a zero-width space, a mark of byte order, a tag. */
	static const uint32_t plain[] = {' ', '~', 0xA0, 0xAD, 0x200B, 0x200C, 0x200D,
		0xFEFF, 0xFDCF, 0xFDF0, 0xFFFC, 0xFFFD, 0x1F600, 0xE0067};

	(void)state;
	for (size_t i = 0; i < sizeof(controls) / sizeof(*controls); i++) {
		assert_int_equal(kb_char_kind(controls[i]), KB_CHAR_CONTROL);
		assert_true(kb_char_unwanted(controls[i]));
	}
	for (size_t i = 0; i < sizeof(bidi) / sizeof(*bidi); i++) {
		assert_int_equal(kb_char_kind(bidi[i]), KB_CHAR_BIDI);
		assert_false(kb_char_unwanted(bidi[i]));
	}
	for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
		assert_int_equal(kb_char_kind(spaces[i]), KB_CHAR_SPACE);
		assert_int_equal(kb_char_unwanted(spaces[i]),
			!strchr("\t\n\r", (int)spaces[i]) || spaces[i] > 0x7F);
	}
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		assert_int_equal(kb_char_kind(plain[i]), KB_CHAR_PLAIN);
		assert_false(kb_char_unwanted(plain[i]));
	}
}

static void plain(void **state)
{
	(void)state;
	CHECK(kb_buf_plain, {"a\r\nb\tc", "a  b c"},
		{"T\033]0;PWN\007x", "T" BAD "]0;PWN" BAD "x"},
		{"\xC2\x9B"
		 "31m",
			BAD "31m"},
		{"a\xE2\x80\xAE"
		 "b\xE2\x81\xA6",
			"a" BAD "b" BAD},
		{"r\xE9s", "r" BAD "s"}, {"é ß 漢", "é ß 漢"}, {"\x7F", BAD});
}

static void wanted(void **state)
{
	(void)state;
	CHECK(kb_buf_wanted,
		{"a\033b\xE2\x80\xA8 c\xC2\x9B\xC2\xA0", "a" BAD "b  c" BAD "\xC2\xA0"},
		{"a\n\tb\xE2\x81\xA6", "a\n\tb\xE2\x81\xA6"}, {"", ""});
}

static void put_text(kb_buf *buf, kb_str s)
{
	kb_buf_text(buf, s, false);
}

static void put_color(kb_buf *buf, kb_str s)
{
	kb_buf_text(buf, s, true);
}

static void text(void **state)
{
	(void)state;
	CHECK(put_text, {"a\tb\nc\r\nd", "a\tb\nc\r\nd"}, {"a\rb", "a b"},
		{KB_BOLD "a" KB_RESET "\033[1m", "a" BAD "[1m"}, {"a\xFFz", "a" BAD "z"},
		{"a\xFF", "a" BAD});
	CHECK(put_color, {KB_BOLD "a" KB_RESET "\033[1m", "\033[1ma\033[0m" BAD "[1m"},
		{KB_DIM "  " KB_RESET "::error::x", "\033[2m  \033[0m: :error::x"});
}

static void commands(void **state)
{
	(void)state;
	CHECK(put_text, {"::error::PWN", ": :error::PWN"},
		{"a\n \t::set-output name=x::1\nb", "a\n \t: :set-output name=x::1\nb"},
		{KB_BOLD "::error::PWN\n", ": :error::PWN\n"},
		{"\xC2\xA0::add-mask::x", "\xC2\xA0: :add-mask::x"},
		{"\v::error::x", " : :error::x"}, {"a ::error::PWN", "a ::error::PWN"},
		{":::note", ":::note"}, {":: a::", ":: a::"}, {"::note", "::note"},
		{"x ##[error]y", "x ## [error]y"},
		{"##vso[task.x]##teamcity[y]", "##vso [task.x]##teamcity [y]"},
		{"##" KB_RESET "[error]", "## [error]"}, {"# [x] [y]", "# [x] [y]"});
	CHECK(kb_buf_html_lines, {"::error::a", ":&#58;error::a"},
		{"<p>a\n\t::error::b</p>\n", "<p>a\n\t:&#58;error::b</p>\n"},
		{"a\r::error::b", "a\r:&#58;error::b"}, {":::note\n::", ":::note\n::"},
		{"a::b::c\n:", "a::b::c\n:"}, {"##[error]x", "##&#91;error]x"},
		{"##vso[a] [b] #[c]", "##vso&#91;a] [b] #[c]"}, {"", ""});
}

static void put_markdown(kb_buf *buf, kb_str s)
{
	kb_buf_markdown(buf, s, KB_MARKDOWN);
}

static void put_comment(kb_buf *buf, kb_str s)
{
	kb_buf_markdown(buf, s, KB_MARKDOWN_FORGE);
}

static void put_between_tags(kb_buf *buf, kb_str s)
{
	kb_buf_markdown(buf, s, KB_MARKDOWN_FORGE_TAG);
}

static void markdown(void **state)
{
	(void)state;
	CHECK(put_markdown, {"x\n\n## Approved\r\n", "x  \\#\\# Approved  "},
		{"![x](https://e.org/x.png)", "!\\[x\\](https\\://e.org/x.png)"},
		{"<b> & `x` *y* _z_ a|b ~~c~~ \\",
			"\\<b\\> \\& \\`x\\` \\*y\\* \\_z\\_ a\\|b \\~\\~c\\~\\~ \\\\"},
		{"www.example.org", "www\\.example.org"}, {"      code", " code"},
		{"- a - b", "\\- a - b"}, {"+ a", "\\+ a"}, {"== a", "\\== a"},
		{"12. a 3. b", "12\\. a 3. b"}, {" 1) a", " 1\\) a"},
		{"2026-11-25", "2026-11-25"}, {"a\033[1m", "a" BAD "\\[1m"},
		{"@org #1", "@org \\#1"}, {"é 漢", "é 漢"});
}

static void comment(void **state)
{
	(void)state;
	CHECK(put_comment, {"@org/admins a@b.c", "@" ZW "org/admins a@" ZW "b.c"},
		{"@ #", "@ \\#"},
		{"see #123, !4 and gh-5", "see \\#" ZW "123, !" ZW "4 and gh-" ZW "5"},
		{"GH-x", "GH-x"},
		{"0123456789abcdef0123456789abcdef012345678",
			"0123456789abcdef0123456789abcdef012345678"},
		{"/approve now", "\\/approve now"},
		{"fix 0123abc.", "fix 0123ab" ZW "c."},
		{"x0123abc 0123abcg 0123ab 01234567 decade0 defaced",
			"x0123abc 0123abcg 0123ab 01234567 decade" ZW "0 defaced"});
	CHECK(put_between_tags,
		{"<x>\n\n## A @org", "&#60;x&#62;  &#35;&#35; A @" ZW "org"},
		{"*a* #1 ![x](y)", "&#42;a&#42; &#35;" ZW "1 !&#91;x&#93;(y)"});
}

static void code_span(void **state)
{
	(void)state;
	CHECK(kb_buf_markdown_code, {"en/a.md", "`en/a.md`"}, {"a`b", "`` a`b ``"},
		{"``", "``` `` ```"}, {" a", "`  a `"}, {"a\nb", "`a b`"}, {"", ""});
}

static void url(void **state)
{
	(void)state;
	CHECK(kb_buf_url, {"https://e.org/a?b=%20#c", "https://e.org/a?b=%20#c"},
		{"https://e.org/(\"$x' \n)>", "https://e.org/%28%22%24x%27%20%0A%29%3E"},
		{"/é", "/%C3%A9"});
}

static void markup(void **state)
{
	(void)state;
	CHECK(kb_buf_html,
		{"<a href=\"x\">&'\n", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\n"},
		{"a\033b\xC2\x9B\xEF\xBF\xBE\xE9", "a" BAD "b" BAD BAD BAD},
		{"a\fb\xE2\x80\xA8"
		 "c",
			"a b c"},
		{"\xD7\x90\xE2\x81\xA6", "\xD7\x90\xE2\x81\xA6"});
	CHECK(kb_buf_xml, {"<\t\r\n\"\001\xE9", "&lt;&#9;&#13;&#10;&quot;" BAD BAD});
}

static void put_cell(kb_buf *buf, kb_str s)
{
	kb_buf_csv(buf, s, false);
}

static void put_number(kb_buf *buf, kb_str s)
{
	kb_buf_csv(buf, s, true);
}

static void csv(void **state)
{
	(void)state;
	CHECK(put_cell, {"a b", "a b"}, {"a,b", "\"a,b\""}, {"a;b", "\"a;b\""},
		{"say \"x\"", "\"say \"\"x\"\"\""}, {"a\nb", "\"a b\""},
		{"=1+1", "\"'=1+1\""}, {"-1", "\"'-1\""}, {"@x", "\"'@x\""},
		{"\t=1", "\"' =1\""},
		{"\xEF\xBC\x9D"
		 "1",
			"\"'\xEF\xBC\x9D"
			"1\""},
		{"=\"x\"", "\"'=\"\"x\"\"\""}, {"::error::x", "\"::error::x\""}, {"", ""},
		{"a\033", "a" BAD});
	CHECK(put_number, {"-1.5", "-1.5"}, {"+3", "+3"}, {"-", "\"'-\""},
		{"-1+cmd", "\"'-1+cmd\""}, {"12", "12"});
}

static void put_message(kb_buf *buf, kb_str s)
{
	kb_buf_workflow(buf, s, false);
}

static void put_property(kb_buf *buf, kb_str s)
{
	kb_buf_workflow(buf, s, true);
}

static void workflow(void **state)
{
	(void)state;
	CHECK(put_message, {"100%: a,\r\nb\033\xE9", "100%25: a,%0D%0Ab" BAD BAD});
	CHECK(put_property, {"a:b,c%\n", "a%3Ab%2Cc%25%0A"});
}

static void put_header(kb_buf *buf, kb_str s)
{
	kb_buf_mail(buf, s, false);
}

static void mail(void **state)
{
	_cleanup_buf_ kb_buf buf = {0};
	kb_str line, rest;

	(void)state;
	CHECK(put_header, {"Help: what changed", "Help: what changed"},
		{"a\r\nBcc: x@y", "a  Bcc: x@y"}, {"é", "=?UTF-8?B?w6k=?="},
		{"=?x", "=?UTF-8?B?PT94?="}, {"ab\xE9", "=?UTF-8?B?YWLvv70=?="},
		{"a漢漢漢漢漢漢漢漢漢漢漢漢漢",
			"=?UTF-8?B?Yea8oua8oua8oua8oua8oua8oua8oua8oua8oua8oua8oua8og==?=\r\n =?UTF-8?B?5ryi?="});
	kb_buf_puts(&buf, "Subject: ");
	put_header(&buf, KB_STR("Ein langer Titel über Größen, der auf mehr als eine "
				"Zeile kommt und 漢字漢字漢字漢字漢字漢字漢字漢字 hat"));
	rest = kb_buf_view(&buf);
	for (size_t n = 0; kb_str_next(&rest, '\n', &line); n++) {
		assert_true(line.len <= 77); /* with the CR */
		assert_true(n == 0 || kb_str_starts(line, KB_STR(" =?UTF-8?B?")));
		assert_true(kb_str_find(line, KB_STR("?=")) != SIZE_MAX);
	}
}

static void json_strings(void **state)
{
	_cleanup_buf_ kb_buf buf = {0};
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str text = KB_STR("\"\\\n\033\xC2\x9B\xE2\x80\xA8\xEF\xBF\xBE\xF0\x9F\xBF"
			     "\xBE\xE9 </a> ##vso[x] # [y] é");

	(void)state;
	kb_value_json(kb_value_str(arena, text), KB_JSON_LINE, &buf);
	assert_string_equal(buf.data,
		"\"\\\"\\\\\\n\\u001b\\u009b\\u2028\\ufffe\\ud83f\\udffe" BAD
		" </a> ##vso\\u005bx] # [y] é\"");
	kb_buf_clear(&buf);
	kb_value_json(kb_value_str(arena, KB_STR("</script>")), KB_JSON_SCRIPT, &buf);
	assert_string_equal(buf.data, "\"\\u003c/script>\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_bytes),
		cmocka_unit_test(decodes),
		cmocka_unit_test(kinds),
		cmocka_unit_test(plain),
		cmocka_unit_test(wanted),
		cmocka_unit_test(text),
		cmocka_unit_test(commands),
		cmocka_unit_test(markdown),
		cmocka_unit_test(comment),
		cmocka_unit_test(code_span),
		cmocka_unit_test(url),
		cmocka_unit_test(markup),
		cmocka_unit_test(csv),
		cmocka_unit_test(workflow),
		cmocka_unit_test(mail),
		cmocka_unit_test(json_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
