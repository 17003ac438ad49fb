#include "kb/escape.h"

void kb_buf_wanted(kb_buf *buf, kb_str s)
{
	size_t at = 0, from, done = 0;
	uint32_t cp;

	while (kb_unwanted_next(s, &at, &from, &cp)) {
		kb_buf_add(buf, s.data + done, from - done);
		kb_buf_utf8(buf, kb_char_kind(cp) == KB_CHAR_SPACE ? ' ' : 0xFFFD);
		done = at;
	}
	kb_buf_add(buf, s.data ? s.data + done : "", s.len - done);
}

static void put_harmless(kb_buf *buf, uint32_t cp)
{
	enum kb_char kind = kb_char_kind(cp);

	if (kind == KB_CHAR_SPACE)
		kb_buf_putc(buf, ' ');
	else
		kb_buf_utf8(buf, kind == KB_CHAR_PLAIN ? cp : 0xFFFD);
}

void kb_buf_plain(kb_buf *buf, kb_str s)
{
	for (size_t at = 0, from; at < s.len;) {
		for (from = at; at < s.len && s.data[at] >= ' ' && s.data[at] < 0x7f;)
			at++;
		kb_buf_add(buf, s.data + from, at - from);
		if (at < s.len)
			put_harmless(buf, kb_utf8_next(s, &at));
	}
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || (unsigned char)c >= 0x80;
}

static char char_at(kb_str s, size_t at)
{
	return at < s.len ? s.data[at] : '\0';
}

/* Text for terminals and CI logs */

static const char *style_of(char c)
{
	static const struct {
		char mark;
		const char *sequence;
	} styles[] = {{'b', "\033[1m"}, {'d', "\033[2m"}, {'e', "\033[1;31m"},
		{'w', "\033[1;33m"}, {'n', "\033[1;36m"}, {'i', "\033[32m"},
		{'x', "\033[31;9m"}, {'r', "\033[0m"}};

	for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
		if (styles[i].mark == c)
			return styles[i].sequence;
	return NULL;
}

bool kb_opens_command(kb_str before)
{
	return kb_str_ends(before, KB_STR("##")) ||
	       kb_str_ends(before, KB_STR("##vso")) ||
	       kb_str_ends(before, KB_STR("##teamcity"));
}

/* As .NET trims a line, and past the styles. */
static bool is_blank(uint32_t cp)
{
	return cp == ' ' || kb_char_kind(cp) == KB_CHAR_SPACE || cp == 0xA0 ||
	       cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F ||
	       cp == 0x205F || cp == 0x3000;
}

/* The second colon of "::word … ::" that begins the line; 0: it does not. */
static size_t command_at(kb_str line)
{
	size_t at = 0, next = 0;

	while (next < line.len) {
		uint32_t cp = kb_utf8_next(line, &next);

		if (cp == '\033')
			next += kb_str_chr(kb_str_sub(line, next, line.len), 'm') + 1;
		else if (!is_blank(cp))
			break;
		at = next;
	}
	line = kb_str_sub(line, at, line.len);
	if (!kb_str_starts(line, KB_STR("::")) || !is_word(char_at(line, 2)) ||
		kb_str_find(kb_str_sub(line, 2, line.len), KB_STR("::")) == SIZE_MAX)
		return 0;
	return at + 1;
}

static void break_command(kb_buf *buf, size_t from)
{
	size_t at = command_at(kb_str_sub(kb_buf_view(buf), from, buf->len));

	if (!at || buf->overflow)
		return;
	kb_buf_putc(buf, ' ');
	memmove(buf->data + from + at + 1, buf->data + from + at,
		buf->len - from - at - 1);
	buf->data[from + at] = ' ';
}

/* Up to where there are only ASCII letters and signs that mean nothing to a terminal. */
static size_t plain_end(kb_str s, size_t at)
{
	while (at < s.len && s.data[at] >= ' ' && s.data[at] <= '~' && s.data[at] != '[')
		at++;
	return at;
}

void kb_buf_text(kb_buf *buf, kb_str s, bool color)
{
	size_t line = buf->len;

	for (size_t at = 0; at < s.len;) {
		size_t plain = plain_end(s, at);

		kb_buf_str(buf, kb_str_sub(s, at, plain));
		at = plain;
		if (at == s.len) {
			break_command(buf, line);
			break;
		}
		const char *style = s.data[at] == KB_RESET[0] && at + 1 < s.len
					    ? style_of(s.data[at + 1])
					    : NULL;
		uint32_t cp;

		if (style) {
			kb_buf_puts(buf, color ? style : "");
			at += 2;
			continue;
		}
		cp = kb_utf8_next(s, &at);
		if (cp == '[' && kb_opens_command(kb_buf_view(buf)))
			kb_buf_putc(buf, ' ');
		if (cp == '\t' || cp == '\n' ||
			(cp == '\r' && at < s.len && s.data[at] == '\n'))
			kb_buf_putc(buf, (char)cp);
		else
			put_harmless(buf, cp);
		if (cp == '\n' || at == s.len) {
			break_command(buf, line);
			line = buf->len;
		}
	}
}

void kb_buf_html_lines(kb_buf *buf, kb_str html)
{
	size_t colon = 0;

	for (size_t at = 0; at < html.len; at++) {
		char c = html.data[at], before = at ? html.data[at - 1] : '\n';

		if (before == '\n' || before == '\r') {
			kb_str rest = kb_str_sub(html, at, html.len);

			colon = at +
				command_at(kb_str_sub(rest, 0, kb_str_chr(rest, '\n')));
		}
		if ((c == ':' && at == colon && before == ':') ||
			(c == '[' && kb_opens_command(kb_str_sub(html, 0, at))))
			kb_buf_fmt(buf, "&#%d;", c);
		else
			kb_buf_putc(buf, c);
	}
}

/* Markdown */

/* How much of the word at AT is written before a break, because it may be a commit. */
static size_t commit_at(kb_str s, size_t at)
{
	size_t end = at;
	bool digit = false, letter = false;

	if (at && is_word(s.data[at - 1]))
		return 0;
	for (; end < s.len && strchr("0123456789abcdef", s.data[end]) && s.data[end];
		end++) {
		digit |= is_digit(s.data[end]);
		letter |= !is_digit(s.data[end]);
	}
	return digit && letter && end - at >= 7 && end - at <= 40 &&
			       !is_word(char_at(s, end))
		       ? 6
		       : 0;
}

/* Is what ends at AT the sign of a mention or a reference, @name, #12, !12, GH-12? */
static bool refers(kb_str s, size_t at)
{
	char c = s.data[at - 1], next = char_at(s, at);

	if (c == '@')
		return is_word(next);
	if (c == '#' || c == '!')
		return is_digit(next);
	return c == '-' && is_digit(next) && at >= 3 &&
	       kb_str_eq_nocase(kb_str_sub(s, at - 3, at - 1), KB_STR("gh"));
}

/* Would the character at AT, behind BEFORE, begin a block, an inline or a link? */
static bool is_markup(kb_str s, size_t at)
{
	char c = s.data[at];
	kb_str before = kb_str_trim(kb_str_sub(s, 0, at));

	if (strchr("\\`*_[]<>|#~&", c))
		return true;
	if (c == ':')
		return kb_str_starts(kb_str_sub(s, at, s.len), KB_STR("://"));
	if (c == '.' && kb_str_ends(before, KB_STR("www")))
		return true;
	if (strchr("-+=/", c))
		return !before.len;
	if (c != '.' && c != ')')
		return false;
	while (before.len && is_digit(before.data[before.len - 1]))
		before.len--;
	return at && is_digit(s.data[at - 1]) && !before.len;
}

/* How many letters, digits and spaces of ASCII begin at AT: no Markdown, but at the
 * beginning. */
static size_t plain_run(kb_str s, size_t at)
{
	size_t end = at;

	while (end < s.len &&
		(s.data[end] == ' ' || is_digit(s.data[end]) ||
			((s.data[end] | 0x20) >= 'a' && (s.data[end] | 0x20) <= 'z')))
		end++;
	return end - at;
}

void kb_buf_markdown(kb_buf *buf, kb_str s, enum kb_markdown where)
{
	static const char break_word[] = "&#8203;"; /* a zero-width space */
	bool begun = false;
	size_t cut = SIZE_MAX;

	for (size_t at = 0; at < s.len;) {
		size_t from = at,
		       run = begun && where == KB_MARKDOWN ? plain_run(s, at) : 0;
		uint32_t cp;
		bool blank;

		if (run) {
			kb_buf_add(buf, s.data + at, run);
			at += run;
			continue;
		}
		cp = kb_utf8_next(s, &at);
		blank = cp == ' ' || kb_char_kind(cp) == KB_CHAR_SPACE;
		if (blank && !begun && from) /* four of them would begin a code block */
			continue;
		begun |= !blank;
		if (where != KB_MARKDOWN && commit_at(s, from))
			cut = from + commit_at(s, from);
		if (from == cut)
			kb_buf_puts(buf, break_word);
		if (cp > ' ' && cp < 0x7F && is_markup(s, from))
			kb_buf_fmt(buf, where == KB_MARKDOWN_FORGE_TAG ? "&#%u;" : "\\%c",
				cp);
		else
			put_harmless(buf, cp);
		if (where != KB_MARKDOWN && refers(s, at))
			kb_buf_puts(buf, break_word);
	}
}

void kb_buf_markdown_code(kb_buf *buf, kb_str s)
{
	size_t longest = 0, run = 0;
	bool inner;

	for (size_t i = 0; i < s.len; i++) {
		run = s.data[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	if (!s.len)
		return;
	inner = longest || s.data[0] == ' ' || s.data[s.len - 1] == ' ';
	for (size_t i = 0; i <= longest; i++)
		kb_buf_putc(buf, '`');
	kb_buf_puts(buf, inner ? " " : "");
	kb_buf_plain(buf, s);
	kb_buf_puts(buf, inner ? " " : "");
	for (size_t i = 0; i <= longest; i++)
		kb_buf_putc(buf, '`');
}

void kb_buf_url(kb_buf *buf, kb_str url)
{
	for (size_t i = 0; i < url.len; i++) {
		char c = url.data[i];

		if ((unsigned char)c < 0x80 && c &&
			(is_word(c) || strchr("-.~:/?#@!&*+,;=%[]", c)))
			kb_buf_putc(buf, c);
		else
			kb_buf_fmt(buf, "%%%02X", (unsigned char)c);
	}
}

void kb_buf_xml(kb_buf *buf, kb_str s)
{
	for (size_t at = 0; at < s.len;) {
		size_t from = at;
		uint32_t cp = kb_utf8_next(s, &at);

		if (cp == '\t' || cp == '\n' || cp == '\r')
			kb_buf_fmt(buf, "&#%u;", cp);
		else
			kb_buf_html(buf, kb_str_sub(s, from, at));
	}
}

void kb_buf_xml_attribute(kb_buf *buf, const char *name, kb_str value)
{
	kb_buf_fmt(buf, " %s=\"", name);
	kb_buf_xml(buf, value);
	kb_buf_putc(buf, '"');
}

void kb_buf_xml_element(kb_buf *buf, const char *name, kb_str text)
{
	kb_buf_fmt(buf, "<%s>", name);
	kb_buf_xml(buf, text);
	kb_buf_fmt(buf, "</%s>\n", name);
}

/* Tables */

static bool is_number(kb_str s)
{
	size_t i = s.len && strchr("+-", s.data[0]), digits = 0;

	for (; i < s.len && (is_digit(s.data[i]) || s.data[i] == '.'); i++)
		digits += is_digit(s.data[i]);
	return digits && i == s.len;
}

/* OWASP, "CSV Injection": signs that begin a formula, full-width ones too. */
bool kb_csv_is_formula(kb_str s)
{
	size_t at = 0;
	uint32_t cp;

	if (!s.len)
		return false;
	cp = kb_utf8_next(s, &at);
	return cp == '=' || cp == '+' || cp == '-' || cp == '@' || cp == 0xFF1D ||
	       cp == 0xFF0B || cp == 0xFF0D || cp == 0xFF20;
}

void kb_buf_csv(kb_buf *buf, kb_str cell, bool number)
{
	bool formula =
		!(number && is_number(cell)) && kb_csv_is_formula(kb_str_trim(cell));
	bool quote = formula || kb_str_starts(cell, KB_STR(":")) ||
		     kb_str_trim(cell).len < cell.len;

	for (size_t i = 0; i < cell.len; i++)
		quote |= strchr("\",;\t\r\n", cell.data[i]) != NULL;
	if (!quote) {
		kb_buf_plain(buf, cell);
		return;
	}
	kb_buf_puts(buf, formula ? "\"'" : "\"");
	for (kb_str rest = cell, part; kb_str_next(&rest, '"', &part);) {
		kb_buf_plain(buf, part);
		kb_buf_puts(buf, rest.data ? "\"\"" : "\"");
	}
}

void kb_buf_workflow(kb_buf *buf, kb_str s, bool property)
{
	for (size_t at = 0; at < s.len;) {
		uint32_t cp = kb_utf8_next(s, &at);

		if (cp == '%' || cp == '\r' || cp == '\n' ||
			(property && (cp == ':' || cp == ',')))
			kb_buf_fmt(buf, "%%%02X", cp);
		else
			put_harmless(buf, cp);
	}
}

/* E-mail */

enum {
	WORD_BYTES = 39, /* of an encoded word, so that a line has at most 76 */
	ASCII_MAX = 60,	 /* characters that stay as they are */
};

static void put_base64(kb_buf *buf, kb_str s)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t bits = 0;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (unsigned char)char_at(s, i + k);
		for (size_t k = 0; k < 4; k++)
			kb_buf_putc(buf,
				i + k > s.len ? '=' : digits[bits >> (18 - 6 * k) & 63]);
	}
}

static bool is_mail_plain(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] < ' ' || (unsigned char)s.data[i] >= 0x7F)
			return false;
	return s.len <= ASCII_MAX && kb_str_find(s, KB_STR("=?")) == SIZE_MAX;
}

static void put_words(kb_buf *buf, kb_str s)
{
	size_t to;

	for (size_t from = 0; from < s.len; from = to) {
		to = from + WORD_BYTES < s.len ? from + WORD_BYTES : s.len;
		while (to < s.len && ((unsigned char)s.data[to] & 0xC0) == 0x80)
			to--;
		kb_buf_puts(buf, from ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		put_base64(buf, kb_str_sub(s, from, to));
		kb_buf_puts(buf, "?=");
	}
}

void kb_buf_mail(kb_buf *buf, kb_str s, bool words)
{
	_cleanup_buf_ kb_buf clean = {0};

	kb_buf_plain(&clean, s);
	s = kb_str_trim(kb_buf_view(&clean));
	if (words || !is_mail_plain(s))
		put_words(buf, s);
	else
		kb_buf_str(buf, s);
}
