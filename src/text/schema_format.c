#include "schema_private.h"

#include "kb/unicode.h"

/*
 * The formats of draft-07 that kb checks; a schema that asks for another one is
 * refused.
 */

static const struct {
	const char *name, *words;
} formats[] = {
	[SCH_FORMAT_NONE] = {"", ""},
	[SCH_FORMAT_DATE] = {"date", "a date such as 2026-11-20"},
	[SCH_FORMAT_TIME] = {"time", "a time such as 09:30:00Z"},
	[SCH_FORMAT_DATE_TIME] = {"date-time",
		"a date and time such as 2026-11-20T09:30:00Z"},
	[SCH_FORMAT_EMAIL] = {"email", "an email address"},
	[SCH_FORMAT_HOSTNAME] = {"hostname", "a host name such as help.example.com"},
	[SCH_FORMAT_URI] = {"uri", "an address such as https://example.com/help"},
	[SCH_FORMAT_URI_REFERENCE] = {"uri-reference", "an address or a path"},
	[SCH_FORMAT_REGEX] = {"regex", "a regular expression"},
};

const char *kb_sch_format_words(enum sch_format format)
{
	return formats[format].words;
}

int kb_sch_format(kb_str name, uint8_t *out)
{
	for (size_t i = SCH_FORMAT_DATE; i < KB_LEN(formats); i++) {
		if (kb_str_is(name, formats[i].name)) {
			*out = (uint8_t)i;
			return 0;
		}
	}
	return -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_alnum(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_moment(kb_str s, bool day)
{
	bool is_day;
	time_t t;

	return kb_time_parse(s, KB_STR("UTC"), &t, &is_day) == 0 && is_day == day;
}

/* A time of day with an offset: a date-time without its date. */
static bool is_time(kb_str s)
{
	char moment[64] = "2024-12-31T";

	if (s.len > 40)
		return false;
	memcpy(moment + 11, s.data, s.len);
	return is_moment((kb_str){moment, 11 + s.len}, false);
}

static bool is_hostname(kb_str s)
{
	size_t label = 0;

	if (s.len == 0 || s.len > 253)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];
		bool edge = label == 0 || i + 1 == s.len || s.data[i + 1] == '.';

		if (c == '.') {
			if (label == 0)
				return false;
			label = 0;
		} else if (++label > 63 || !(is_alnum(c) || (c == '-' && !edge))) {
			return false;
		}
	}
	return label > 0;
}

static bool is_email(kb_str s)
{
	size_t at = kb_str_rchr(s, '@');
	bool dot = true;

	if (at == SIZE_MAX || at == 0 || at > 64)
		return false;
	for (size_t i = 0; i < at; i++) {
		unsigned char c = (unsigned char)s.data[i];

		if (c <= ' ' || c == 0x7F || strchr("()<>[]:;@\\,\"", c) ||
			(c == '.' && dot))
			return false;
		dot = c == '.';
	}
	return !dot && is_hostname(kb_str_sub(s, at + 1, s.len));
}

/* Has only what RFC 3986 allows; letters of other scripts count, as in RFC 3987. */
static bool is_uri_text(kb_str s)
{
	static const char hex[] = "0123456789abcdefABCDEF";

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.data[i];

		if (c <= ' ' || c == 0x7F || strchr("<>\"{}|\\^`", c))
			return false;
		if (c == '%' && (i + 2 >= s.len || !strchr(hex, s.data[i + 1]) ||
					!strchr(hex, s.data[i + 2])))
			return false;
	}
	return true;
}

static bool is_uri(kb_str s)
{
	size_t i = 0;

	while (i < s.len && (is_alnum(s.data[i]) || (i && strchr("+-.", s.data[i]))))
		i++;
	return i > 0 && i + 1 < s.len && s.data[i] == ':' && !is_digit(s.data[0]) &&
	       is_uri_text(s);
}

static bool is_regex(kb_str s)
{
	struct kb_regex *regex;

	if (kb_regex_compile(&regex, s, KB_REGEX_ECMA, NULL) < 0)
		return false;
	kb_regex_free(regex);
	return true;
}

bool kb_sch_format_ok(enum sch_format format, kb_str value)
{
	switch (format) {
	case SCH_FORMAT_DATE:
		return is_moment(value, true);
	case SCH_FORMAT_TIME:
		return is_time(value);
	case SCH_FORMAT_DATE_TIME:
		return is_moment(value, false);
	case SCH_FORMAT_EMAIL:
		return is_email(value);
	case SCH_FORMAT_HOSTNAME:
		return is_hostname(value);
	case SCH_FORMAT_URI:
		return is_uri(value);
	case SCH_FORMAT_URI_REFERENCE:
		return is_uri_text(value);
	case SCH_FORMAT_REGEX:
		return is_regex(value);
	default:
		return true;
	}
}
