/*
 * MessageFormat. ICU's C interface takes a message's arguments as varargs whose
 * types the pattern decides; patterns come from files that people write, so the
 * pattern is walked here, and ICU gives plural rules and numbers.
 */
#include "kb/unicode.h"

#include <math.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "unicode_icu.h"

#define DEPTH_MAX 16

struct message {
	kb_str locale;
	kb_str pattern;
	const struct kb_arg *args;
	size_t nargs;
	kb_buf *out;
	struct kb_error *err;
};

/* The number that '#' stands for, inside a plural. */
struct plural {
	double number;
	bool active;
};

static int format_part(
	const struct message *m, kb_str part, struct plural plural, unsigned depth);

static int complain(const struct message *m, const char *message)
{
	return kb_error_set(m->err, KB_E_CONFIG, "the message '%.*s' %s",
		KB_ARG(m->pattern), message);
}

static void put_number(const struct message *m, double number)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNumberFormat *format = kb_icu_number_format(m->locale);
	UChar wide[64];
	char text[256];
	int32_t len, n = 0;

	if (!format) {
		kb_buf_fmt(m->out, "%g", number);
		return;
	}
	len = unum_formatDouble(format, number, wide, KB_LEN(wide), NULL, &status);
	u_strToUTF8(text, sizeof(text), &n, wide, len, &status);
	if (U_SUCCESS(status))
		kb_buf_add(m->out, text, (size_t)n);
	else
		kb_buf_fmt(m->out, "%g", number);
}

static void put_arg(const struct message *m, const struct kb_arg *arg)
{
	if (arg->is_num)
		put_number(m, arg->num);
	else
		kb_buf_str(m->out, arg->str);
}

/* At an apostrophe: past the literal text that it begins, which is one apostrophe
 * ('') or, before a character of the syntax, all up to the next lone one. */
static size_t skip_quote(kb_str text, size_t at, bool in_plural, kb_buf *out)
{
	char next = at + 1 < text.len ? text.data[at + 1] : '\0';

	if (next != '{' && next != '}' && !(in_plural && next == '#')) {
		if (out)
			kb_buf_putc(out, '\'');
		return at + (next == '\'' ? 2 : 1);
	}
	for (at++; at < text.len; at++) {
		if (text.data[at] == '\'') {
			if (at + 1 >= text.len || text.data[at + 1] != '\'')
				return at + 1;
			at++;
		}
		if (out)
			kb_buf_putc(out, text.data[at]);
	}
	return at;
}

/* Where the brace at OPEN is closed, or SIZE_MAX. */
static size_t closing_brace(kb_str text, size_t open)
{
	size_t level = 0;

	for (size_t i = open; i < text.len;) {
		char c = text.data[i];

		if (c == '\'') {
			i = skip_quote(text, i, true, NULL);
			continue;
		}
		level += c == '{';
		if (c == '}' && --level == 0)
			return i;
		i++;
	}
	return SIZE_MAX;
}

static bool take_until(kb_str *rest, const char *stops, kb_str *word)
{
	size_t i = 0;

	*rest = kb_str_trim(*rest);
	while (i < rest->len && !memchr(stops, rest->data[i], strlen(stops)))
		i++;
	*word = kb_str_trim(kb_str_sub(*rest, 0, i));
	*rest = kb_str_sub(*rest, i, rest->len);
	return word->len > 0;
}

static bool to_number(kb_str s, double *out)
{
	char text[32], *end;

	if (s.len == 0 || s.len >= sizeof(text))
		return false;
	memcpy(text, s.data, s.len);
	text[s.len] = '\0';
	*out = strtod(text, &end);
	return *end == '\0';
}

static kb_str plural_keyword(
	const struct message *m, double number, bool ordinal, char text[32])
{
	UErrorCode status = U_ZERO_ERROR;
	const UPluralRules *rules = kb_icu_plural_rules(m->locale, ordinal);
	UChar wide[32];
	int32_t len, n = 0;

	if (!rules)
		return KB_STR("other");
	len = uplrules_select(rules, number, wide, KB_LEN(wide), &status);
	u_strToUTF8(text, 32, &n, wide, len, &status);
	return U_SUCCESS(status) ? (kb_str){text, (size_t)n} : KB_STR("other");
}

/* The next "key {text}" of a plural or a select; 1, 0 at the end, -1 when broken. */
static int next_choice(const struct message *m, kb_str *rest, kb_str *key, kb_str *text)
{
	size_t end;

	*rest = kb_str_trim(*rest);
	if (rest->len == 0)
		return 0;
	if (!take_until(rest, " \t\r\n{", key))
		return complain(m, "has a choice without a name");
	*rest = kb_str_trim(*rest);
	if (rest->len == 0 || rest->data[0] != '{')
		return complain(m, "has a choice without a text in braces");
	end = closing_brace(*rest, 0);
	if (end == SIZE_MAX)
		return complain(m, "has a '{' that is not closed");
	*text = kb_str_sub(*rest, 1, end);
	*rest = kb_str_sub(*rest, end + 1, rest->len);
	return 1;
}

/* Of the choices, the one named EXACT ("=1") by its number, else WANTED, else 'other'. */
static int find_choice(const struct message *m, kb_str choices, kb_str wanted,
	const double *exact, kb_str *text)
{
	kb_str key, found;
	int more, rank = 0;
	bool has_other = false;
	double n;

	*text = KB_STR("");
	while ((more = next_choice(m, &choices, &key, &found)) > 0) {
		int r = kb_str_is(key, "other");

		has_other |= r;
		if (exact && key.data[0] == '=') {
			if (!to_number(kb_str_sub(key, 1, key.len), &n))
				return complain(m, "has a choice '=' without a number");
			r = n == *exact ? 3 : 0;
		} else if (kb_str_eq(key, wanted)) {
			r = 2;
		}
		if (r > rank) {
			rank = r;
			*text = found;
		}
	}
	if (more == 0 && !has_other)
		return complain(m, "lacks the choice 'other'");
	return more;
}

static int take_plural_offset(const struct message *m, kb_str *choices, double *offset)
{
	kb_str word;

	*offset = 0;
	*choices = kb_str_trim(*choices);
	if (!kb_str_starts(*choices, KB_STR("offset:")))
		return 0;
	*choices = kb_str_sub(*choices, 7, choices->len);
	if (!take_until(choices, " \t\r\n", &word) || !to_number(word, offset))
		return complain(m, "has an 'offset:' without a number");
	return 0;
}

static int format_plural(const struct message *m, const struct kb_arg *arg,
	kb_str choices, bool ordinal, unsigned depth)
{
	struct plural plural = {.active = true};
	char keyword[32];
	double number = arg->num, offset;
	kb_str text;

	if (!arg->is_num && !to_number(arg->str, &number))
		return complain(
			m, "asks for the plural of something that is not a number");
	if (take_plural_offset(m, &choices, &offset) < 0)
		return -1;
	plural.number = number - offset;
	if (find_choice(m, choices, plural_keyword(m, plural.number, ordinal, keyword),
		    &number, &text) < 0)
		return -1;
	return format_part(m, text, plural, depth + 1);
}

static int format_select(const struct message *m, const struct kb_arg *arg,
	kb_str choices, struct plural plural, unsigned depth)
{
	kb_str text;

	if (find_choice(m, choices, arg->str, NULL, &text) < 0)
		return -1;
	return format_part(m, text, plural, depth + 1);
}

/* The text between the braces of an argument. */
static int format_argument(
	const struct message *m, kb_str inside, struct plural plural, unsigned depth)
{
	kb_str name, type = KB_STR_NULL;
	const struct kb_arg *arg;
	double index;

	if (!take_until(&inside, ",", &name) || !to_number(name, &index) || index < 0 ||
		index != floor(index))
		return complain(m, "has an argument in braces that is not a number");
	if (index >= (double)m->nargs)
		return complain(m, "uses an argument that it is not given");
	arg = &m->args[(size_t)index];
	if (inside.len > 0) {
		inside = kb_str_sub(inside, 1, inside.len);
		take_until(&inside, ",", &type);
		inside = kb_str_sub(inside, 1, inside.len);
	}
	if (type.len == 0 || kb_str_is(type, "number")) {
		put_arg(m, arg);
		return 0;
	}
	if (kb_str_is(type, "plural") || kb_str_is(type, "selectordinal"))
		return format_plural(m, arg, inside, type.data[0] == 's', depth);
	if (kb_str_is(type, "select"))
		return format_select(m, arg, inside, plural, depth);
	return complain(m, "has an argument of a type other than number, plural, "
			   "selectordinal and select");
}

static int format_part(
	const struct message *m, kb_str part, struct plural plural, unsigned depth)
{
	if (depth > DEPTH_MAX)
		return complain(m, "is nested too deeply");
	for (size_t i = 0; i < part.len;) {
		char c = part.data[i];

		if (c == '\'') {
			i = skip_quote(part, i, plural.active, m->out);
		} else if (c == '{') {
			size_t end = closing_brace(part, i);

			if (end == SIZE_MAX)
				return complain(m, "has a '{' that is not closed");
			if (format_argument(
				    m, kb_str_sub(part, i + 1, end), plural, depth) < 0)
				return -1;
			i = end + 1;
		} else if (c == '}') {
			return complain(m, "has a '}' without a '{'");
		} else {
			if (c == '#' && plural.active)
				put_number(m, plural.number);
			else
				kb_buf_putc(m->out, c);
			i++;
		}
	}
	return 0;
}

int kb_message_format(struct kb_arena *arena, kb_str locale, kb_str pattern,
	const struct kb_arg *args, size_t nargs, kb_str *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {.max = (size_t)1 << 20};
	struct message m = {locale, pattern, args, nargs, &text, err};

	if (format_part(&m, pattern, (struct plural){0}, 0) < 0)
		return -1;
	*out = kb_arena_str(arena, kb_buf_view(&text));
	return 0;
}
