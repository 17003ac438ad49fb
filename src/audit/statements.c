/* Sentences that state a number: prices, shares, times and phone numbers. */
#include <stdlib.h>

#include "kb/function_words.h"
#include "kb/hash.h"
#include "kb/token.h"
#include "profile.h"

enum { WORDS_MAX = 40, SENTENCE_MAX = 160, STEM = 6, PHONE_DIGITS = 8 };

/* Folded words, or with '*' their ends, as in German and Hungarian compounds. */
static const struct {
	const char *word;
	enum profile_unit unit;
} units[] = {
	{"eur", UNIT_MONEY},
	{"euro", UNIT_MONEY},
	{"euros", UNIT_MONEY},
	{"usd", UNIT_MONEY},
	{"dollars", UNIT_MONEY},
	{"gbp", UNIT_MONEY},
	{"chf", UNIT_MONEY},
	{"ft", UNIT_MONEY},
	{"huf", UNIT_MONEY},
	{"forint", UNIT_MONEY},
	{"percent", UNIT_PERCENT},
	{"prozent", UNIT_PERCENT},
	{"szazalek", UNIT_PERCENT},
	{"minute", UNIT_MINUTE},
	{"minutes", UNIT_MINUTE},
	{"minuten", UNIT_MINUTE},
	{"min", UNIT_MINUTE},
	{"*perc", UNIT_MINUTE},
	{"percig", UNIT_MINUTE},
	{"minutos", UNIT_MINUTE},
	{"hour", UNIT_HOUR},
	{"hours", UNIT_HOUR},
	{"*stunde", UNIT_HOUR},
	{"*stunden", UNIT_HOUR},
	{"ora", UNIT_HOUR},
	{"oran", UNIT_HOUR},
	{"heures", UNIT_HOUR},
	{"horas", UNIT_HOUR},
	{"day", UNIT_DAY},
	{"days", UNIT_DAY},
	{"*tag", UNIT_DAY},
	{"*tage", UNIT_DAY},
	{"*tagen", UNIT_DAY},
	{"*nap", UNIT_DAY},
	{"*napon", UNIT_DAY},
	{"*napos", UNIT_DAY},
	{"jour", UNIT_DAY},
	{"jours", UNIT_DAY},
	{"dia", UNIT_DAY},
	{"dias", UNIT_DAY},
	{"week", UNIT_WEEK},
	{"weeks", UNIT_WEEK},
	{"*woche", UNIT_WEEK},
	{"*wochen", UNIT_WEEK},
	{"het", UNIT_WEEK},
	{"heten", UNIT_WEEK},
	{"semaines", UNIT_WEEK},
	{"semanas", UNIT_WEEK},
	{"month", UNIT_MONTH},
	{"months", UNIT_MONTH},
	{"*monat", UNIT_MONTH},
	{"*monate", UNIT_MONTH},
	{"*monaten", UNIT_MONTH},
	{"honap", UNIT_MONTH},
	{"honapon", UNIT_MONTH},
	{"mois", UNIT_MONTH},
	{"meses", UNIT_MONTH},
	{"year", UNIT_YEAR},
	{"years", UNIT_YEAR},
	{"*jahr", UNIT_YEAR},
	{"*jahre", UNIT_YEAR},
	{"*jahren", UNIT_YEAR},
	{"ev", UNIT_YEAR},
	{"even", UNIT_YEAR},
	{"eves", UNIT_YEAR},
	{"ans", UNIT_YEAR},
	{"anos", UNIT_YEAR},
};

static bool unit_of(kb_str fold, enum profile_unit *unit)
{
	for (size_t i = 0; i < KB_LEN(units); i++) {
		const char *word = units[i].word;

		if (*word == '*' ? kb_str_ends(fold, kb_str_of(word + 1))
				 : kb_str_is(fold, word)) {
			*unit = units[i].unit;
			return true;
		}
	}
	return false;
}

struct found_number {
	enum profile_unit unit;
	bool known;
	uint32_t from, to;
};

struct sentence {
	kb_str text;
	const struct kb_function_words *function;
	struct found_number numbers[8];
	unsigned nnumbers;
	uint32_t words[WORDS_MAX];
	unsigned nwords;
	unsigned since; /* words since the last number */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A unit is the word behind the number, or the one after that: "5 working days". */
static bool take_word(void *ctx, const struct kb_word *word)
{
	struct sentence *s = ctx;
	enum profile_unit unit;
	bool digits = is_digit(s->text.data[word->from]);
	struct found_number *last = s->nnumbers ? &s->numbers[s->nnumbers - 1] : NULL;

	if (digits) {
		s->since = 0;
		/* "1.299,00" is one number in several words. */
		if (last && word->from <= last->to + 1 && !last->known &&
			!kb_str_starts(
				kb_str_sub(s->text, last->to, word->from), KB_STR("-"))) {
			last->to = word->to;
			return true;
		}
		if (s->nnumbers == KB_LEN(s->numbers))
			return false;
		s->numbers[s->nnumbers++] =
			(struct found_number){.from = word->from, .to = word->to};
		return true;
	}
	s->since++;
	if (last && !last->known && s->since <= 2 && unit_of(word->fold, &unit)) {
		last->unit = unit;
		last->known = true;
	} else if (!kb_function_words_has(s->function, word->fold) &&
		   s->nwords < WORDS_MAX) {
		s->words[s->nwords++] =
			(uint32_t)kb_hash64(kb_str_sub(word->fold, 0, STEM));
	}
	return true;
}

static kb_str around(const struct sentence *s, const struct found_number *n, bool before)
{
	kb_str side = before ? kb_str_sub(s->text, 0, n->from)
			     : kb_str_sub(s->text, n->to, s->text.len);

	side = kb_str_trim(side);
	if (before && kb_str_ends(side, KB_STR("\xc2\xa0")))
		side.len -= 2;
	else if (!before && kb_str_starts(side, KB_STR("\xc2\xa0")))
		side = kb_str_sub(side, 2, side.len);
	return side;
}

static bool is_phone(const struct sentence *s, const struct found_number *n)
{
	unsigned digits = 0;

	if (!n->from || s->text.data[n->from - 1] != '+')
		return false;
	for (size_t i = n->from;
		i < s->text.len &&
		(is_digit(s->text.data[i]) || strchr(" /()-", s->text.data[i]));
		i++)
		digits += is_digit(s->text.data[i]);
	return digits >= PHONE_DIGITS;
}

/* Signs beside a number. */
static void find_sign(const struct sentence *s, struct found_number *n)
{
	static const char *const money[] = {"€", "$", "£", "¥"};
	kb_str before = around(s, n, true), behind = around(s, n, false);

	for (size_t i = 0; i < KB_LEN(money) && !n->known; i++)
		if (kb_str_ends(before, kb_str_of(money[i])) ||
			kb_str_starts(behind, kb_str_of(money[i]))) {
			n->known = true;
			n->unit = UNIT_MONEY;
		}
	if (!n->known && kb_str_starts(behind, KB_STR("%"))) {
		n->known = true;
		n->unit = UNIT_PERCENT;
	}
	if (!n->known && is_phone(s, n)) {
		n->known = true;
		n->unit = UNIT_PHONE;
		while (n->to < s->text.len &&
			(is_digit(s->text.data[n->to]) ||
				strchr(" /()-", s->text.data[n->to])))
			n->to++;
	}
}

static int word_cmp(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	return (a > b) - (a < b);
}

/* Digits alone; "25.00" and "25,-" are 25. */
static void put_number(
	const struct sentence *s, const struct found_number *n, kb_buf *out)
{
	kb_str text = kb_str_sub(s->text, n->from, n->to);

	if (n->unit == UNIT_MONEY && text.len > 3 &&
		(kb_str_ends(text, KB_STR(".00")) || kb_str_ends(text, KB_STR(",00"))))
		text.len -= 3;
	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.data[i]))
			kb_buf_putc(out, text.data[i]);
}

static void put_padded(kb_buf *out, const void *data, size_t len)
{
	kb_buf_add(out, data, len);
	while (len++ % 4)
		kb_buf_putc(out, '\0');
}

static void put_statement(const struct sentence *s, unsigned unit, kb_buf *out)
{
	_cleanup_buf_ kb_buf number = {0};
	kb_str text = kb_str_head(s->text, SENTENCE_MAX);

	for (unsigned i = 0; i < s->nnumbers; i++) {
		if (!s->numbers[i].known || s->numbers[i].unit != unit)
			continue;
		kb_buf_puts(&number, number.len ? " " : "");
		put_number(s, &s->numbers[i], &number);
	}
	uint32_t head[] = {unit, s->nwords, (uint32_t)number.len, (uint32_t)text.len};
	kb_buf_add(out, head, sizeof(head));
	put_padded(out, s->words, s->nwords * sizeof(*s->words));
	put_padded(out, number.data, number.len);
	put_padded(out, text.data, text.len);
}

static uint32_t put_sentence(kb_str locale, kb_str text, kb_buf *out)
{
	struct sentence s = {
		.text = text, .function = kb_function_words_of(locale), .since = 9};
	unsigned done = 0;
	uint32_t n = 0;

	kb_words(text, take_word, &s);
	for (unsigned i = 0; i < s.nnumbers; i++)
		if (!s.numbers[i].known)
			find_sign(&s, &s.numbers[i]);
	qsort(s.words, s.nwords, sizeof(*s.words), word_cmp);
	for (unsigned i = 0; i < s.nnumbers; i++) {
		unsigned bit = 1u << s.numbers[i].unit;

		if (!s.numbers[i].known || done & bit)
			continue;
		done |= bit;
		put_statement(&s, s.numbers[i].unit, out);
		n++;
	}
	return n;
}

static bool has_digit(kb_str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.data[i]))
			return true;
	return false;
}

uint32_t statements_put(kb_str locale, kb_str passage, kb_buf *out)
{
	uint32_t n = 0;
	size_t from = 0;
	bool digits = false;

	if (!has_digit(passage))
		return 0;
	for (size_t i = 0; i <= passage.len; i++) {
		char c = i < passage.len ? passage.data[i] : '\n';
		bool ends = c == '\n' || (strchr(".!?", c) && c && i + 1 < passage.len &&
						 passage.data[i + 1] == ' ' &&
						 (!i || !is_digit(passage.data[i - 1])));

		digits |= is_digit(c);
		if (!ends)
			continue;
		if (digits)
			n += put_sentence(locale,
				kb_str_trim(kb_str_sub(passage, from, i + 1)), out);
		from = i + 1;
		digits = false;
	}
	return n;
}
