/* Headers of messages: fields, encoded words, dates. */
#include "mail.h"

#include <ctype.h>

#include "kb/unicode.h"

enum { HEADER_MAX = 1 << 18, FIELD_MAX = 1 << 14 };

void mail_split(kb_str entity, kb_str *header, kb_str *body)
{
	size_t at = 0, next;

	while (at < entity.len) {
		kb_str line = kb_line_at(entity, at, &next);

		if (!line.len)
			break;
		at = next;
	}
	*header = kb_str_sub(entity, 0, at < HEADER_MAX ? at : HEADER_MAX);
	*body = at < entity.len ? kb_str_sub(entity, kb_line_next(entity, at), entity.len)
				: KB_STR_NULL;
}

static bool is_field(kb_str line, kb_str name)
{
	return line.len > name.len && line.data[name.len] == ':' &&
	       kb_str_eq_nocase(kb_str_sub(line, 0, name.len), name);
}

kb_str mail_field(struct kb_arena *arena, kb_str header, const char *name)
{
	_cleanup_buf_ kb_buf value = {.max = FIELD_MAX};
	kb_str line;
	bool found = false;

	while (kb_str_line(&header, &line)) {
		bool folded = line.len && (line.data[0] == ' ' || line.data[0] == '\t');

		if (found && !folded)
			break;
		if (found) {
			kb_buf_putc(&value, ' ');
			kb_buf_str(&value, kb_str_trim(line));
		} else if (!folded && is_field(line, kb_str_of(name))) {
			found = true;
			kb_buf_str(&value, kb_str_trim(kb_str_sub(
						   line, strlen(name) + 1, line.len)));
		}
	}
	return kb_arena_str(arena, kb_buf_view(&value));
}

/* The rest of VALUE behind its next ';' outside of quotes. */
static kb_str next_parameter(kb_str value)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < value.len && (quoted || value.data[i] != ';'); i++) {
		if (quoted && value.data[i] == '\\')
			i++;
		else
			quoted ^= value.data[i] == '"';
	}
	return kb_str_trim(kb_str_sub(value, i + 1, value.len));
}

static kb_str unquoted(struct kb_arena *arena, kb_str value)
{
	_cleanup_buf_ kb_buf out = {0};
	bool quoted = value.len && value.data[0] == '"';

	for (size_t i = quoted; i < value.len; i++) {
		char c = value.data[i];

		if (quoted ? c == '"' : c == ';' || c == ' ' || c == '\t' || c == '(')
			break;
		if (quoted && c == '\\' && i + 1 < value.len)
			c = value.data[++i];
		kb_buf_putc(&out, c);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

kb_str mail_parameter(struct kb_arena *arena, kb_str value, const char *name)
{
	kb_str key = kb_str_of(name);

	while ((value = next_parameter(value)).len) {
		kb_str behind = kb_str_trim(kb_str_sub(value, key.len, value.len));

		if (kb_str_eq_nocase(kb_str_sub(value, 0, key.len), key) && behind.len &&
			behind.data[0] == '=')
			return unquoted(
				arena, kb_str_trim(kb_str_sub(behind, 1, behind.len)));
	}
	return KB_STR_NULL;
}

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

void mail_quoted_printable(kb_str encoded, bool q, kb_buf *out)
{
	for (size_t i = 0; i < encoded.len; i++) {
		char c = encoded.data[i];
		int high = i + 2 < encoded.len ? digit_of(encoded.data[i + 1]) : -1;
		int low = i + 2 < encoded.len ? digit_of(encoded.data[i + 2]) : -1;
		kb_str rest = kb_str_sub(encoded, i + 1, encoded.len);
		size_t end = 0;

		while (end < rest.len &&
			(rest.data[end] == ' ' || rest.data[end] == '\t'))
			end++;
		if (q && c == '_') {
			kb_buf_putc(out, ' ');
		} else if (c == '=' && high >= 0 && low >= 0) {
			kb_buf_putc(out, (char)(high * 16 + low));
			i += 2;
		} else if (c == '=' && !q && end < rest.len &&
			   (rest.data[end] == '\n' || rest.data[end] == '\r')) {
			i += kb_line_next(rest, 0); /* a soft line break */
		} else {
			kb_buf_putc(out, c);
		}
	}
}

void mail_base64(kb_str encoded, kb_buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0;
	unsigned n = 0;

	for (size_t i = 0; i < encoded.len && encoded.data[i] != '='; i++) {
		const char *digit =
			encoded.data[i] ? strchr(digits, encoded.data[i]) : NULL;

		if (!digit)
			continue;
		bits = bits << 6 | (uint32_t)(digit - digits);
		n += 6;
		if (n < 8)
			continue;
		n -= 8;
		kb_buf_putc(out, (char)(bits >> n & 0xff));
	}
}

kb_str mail_decode(struct kb_arena *arena, kb_str bytes, kb_str charset)
{
	_cleanup_buf_ kb_buf out = {0};
	bool unicode = kb_utf8_invalid(bytes) == SIZE_MAX;
	bool is_utf8 = !charset.len || kb_str_eq_nocase(charset, KB_STR("utf-8")) ||
		       kb_str_eq_nocase(charset, KB_STR("us-ascii"));

	if ((unicode && is_utf8) || !bytes.len)
		return kb_arena_str(arena, bytes);
	if (is_utf8 || !kb_charset_decode(bytes, charset, &out)) {
		if (unicode)
			return kb_arena_str(arena, bytes);
		kb_charset_decode(bytes, KB_STR("windows-1252"), &out);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

struct encoded_word {
	kb_str charset, text;
	char encoding; /* 'b' or 'q' */
	size_t len;    /* all of it */
};

/* "=?iso-8859-1*de?Q?f=FCr?=" */
static bool read_word(kb_str s, struct encoded_word *word)
{
	size_t charset, text, end;

	if (!kb_str_starts(s, KB_STR("=?")))
		return false;
	charset = kb_str_chr(kb_str_sub(s, 2, s.len), '?');
	if (charset == SIZE_MAX || charset > 60 || charset + 5 > s.len ||
		s.data[charset + 4] != '?')
		return false;
	word->charset = kb_str_sub(s, 2, charset + 2);
	word->charset = kb_str_sub(word->charset, 0, kb_str_chr(word->charset, '*'));
	word->encoding = (char)tolower((unsigned char)s.data[charset + 3]);
	text = charset + 5;
	end = kb_str_find(kb_str_sub(s, text, s.len), KB_STR("?="));
	if (end == SIZE_MAX || !strchr("bq", word->encoding))
		return false;
	word->text = kb_str_sub(s, text, text + end);
	word->len = text + end + 2;
	return true;
}

/* Words that follow each other may split a character: their bytes are joined first. */
static size_t put_words(struct kb_arena *arena, kb_str value, kb_buf *out)
{
	_cleanup_buf_ kb_buf bytes = {0};
	struct encoded_word word, next;
	size_t at = 0, behind;

	read_word(value, &word);
	next = word;
	do {
		if (next.encoding == 'b')
			mail_base64(next.text, &bytes);
		else
			mail_quoted_printable(next.text, true, &bytes);
		at += next.len;
		behind = at;
		while (behind < value.len && strchr(" \t", value.data[behind]))
			behind++;
		if (!read_word(kb_str_sub(value, behind, value.len), &next))
			break;
		at = behind;
	} while (kb_str_eq_nocase(next.charset, word.charset));
	kb_buf_str(out, mail_decode(arena, kb_buf_view(&bytes), word.charset));
	return at;
}

kb_str mail_words(struct kb_arena *arena, kb_str value)
{
	_cleanup_buf_ kb_buf out = {0};
	struct encoded_word word;
	size_t at = 0;

	while (at < value.len) {
		if (value.data[at] == '=' &&
			read_word(kb_str_sub(value, at, value.len), &word)) {
			at += put_words(arena, kb_str_sub(value, at, value.len), &out);
		} else {
			size_t end = at + 1;

			while (end < value.len && value.data[end] != '=')
				end++;
			kb_buf_str(&out, mail_decode(arena, kb_str_sub(value, at, end),
						 KB_STR_NULL));
			at = end;
		}
	}
	return kb_arena_str(arena, kb_str_trim(kb_buf_view(&out)));
}

static long number_of(kb_str word)
{
	long n = 0;

	for (size_t i = 0; i < word.len; i++) {
		if (!isdigit((unsigned char)word.data[i]) || n > 100000)
			return -1;
		n = n * 10 + word.data[i] - '0';
	}
	return word.len ? n : -1;
}

/* "+0130", or a name that RFC 5322 still allows; others are read as UTC. */
static long zone_seconds(kb_str word)
{
	static const struct {
		const char *name;
		int hours;
	} names[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7},
		{"MDT", -6}, {"PST", -8}, {"PDT", -7}};
	long n = number_of(kb_str_sub(word, 1, word.len));

	for (size_t i = 0; i < KB_LEN(names); i++)
		if (kb_str_is(word, names[i].name))
			return names[i].hours * 3600L;
	if (n < 0 || n > 2359 || (word.data[0] != '+' && word.data[0] != '-'))
		return 0;
	n = n / 100 * 3600 + n % 100 * 60;
	return word.data[0] == '-' ? -n : n;
}

static bool read_clock(kb_str word, struct tm *tm)
{
	kb_str part;
	long n[3] = {-1, -1, 0};

	for (int i = 0; i < 3 && kb_str_next(&word, ':', &part); i++)
		n[i] = number_of(part);
	if (n[0] < 0 || n[0] > 23 || n[1] < 0 || n[1] > 59 || n[2] < 0 || n[2] > 60)
		return false;
	tm->tm_hour = (int)n[0];
	tm->tm_min = (int)n[1];
	tm->tm_sec = (int)n[2];
	return true;
}

time_t mail_date(kb_str value)
{
	struct tm tm = {.tm_mon = -1};
	long zone = 0, n;
	bool clock = false, zoned = false;
	kb_str word;

	while (kb_str_next(&value, ' ', &word)) {
		if (word.len && word.data[word.len - 1] == ',')
			continue;
		n = number_of(word);
		if (kb_str_chr(word, ':') != SIZE_MAX) {
			clock = read_clock(word, &tm);
		} else if (tm.tm_mon < 0 && kb_month_named(word) >= 0) {
			tm.tm_mon = kb_month_named(word);
		} else if (n >= 1 && n <= 31 && !tm.tm_mday) {
			tm.tm_mday = (int)n;
		} else if (n >= 0 && !tm.tm_year) {
			tm.tm_year = (int)(n >= 1900 ? n - 1900 : n < 50 ? n + 100 : n);
		} else if (clock && word.len && !zoned) {
			zone = zone_seconds(word);
			zoned = true; /* A comment follows. */
		}
	}
	if (tm.tm_mon < 0 || !tm.tm_mday || tm.tm_year < 70 || tm.tm_year > 1000)
		return 0;
	return timegm(&tm) - zone;
}
