/* Words that a text writes in parts, or with signs. */
#include "kb/buf.h"
#include "kb/token.h"

enum { PARTS = 3, CODE_MAX = 4, BARE_MAX = 2, SIGNS_MAX = 4 };

struct compounder {
	kb_str text;
	kb_word_fn *fn;
	void *ctx;
	struct compound_part {
		uint32_t from, to;
		kb_buf lower, fold;
	} parts[PARTS]; /* the run of joined words that may go on */
	size_t n;
	bool stopped;
};

static unsigned char byte_at(kb_str s, size_t at)
{
	return at < s.len ? (unsigned char)s.data[at] : ' ';
}

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool is_small(unsigned char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_capital(unsigned char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_ascii(kb_str text, const struct kb_word *word, bool (*is)(unsigned char))
{
	for (size_t i = word->from; i < word->to; i++)
		if (!is(byte_at(text, i)))
			return false;
	return true;
}

static bool is_letter(unsigned char c)
{
	return c >= 0x80 || is_capital(c) || is_small(c);
}

/* "ERR" of "ERR 404". */
static bool begins_code(kb_str text, const struct kb_word *word)
{
	return word->to - word->from <= CODE_MAX &&
	       is_capital(byte_at(text, word->from)) && is_ascii(text, word, is_capital);
}

bool kb_words_meet(kb_str text, uint32_t to, uint32_t from)
{
	size_t at = to;

	if (to < from)
		kb_utf8_next(text, &at);
	return to < from && at == from;
}

/* The sign between two words, if there is but one, and it joins: a hyphen, '_', '&', '.',
 * ' '; or 0. */
static char sign_between(kb_str text, size_t from, size_t to)
{
	static const struct {
		char sign;
		const char *written;
	} signs[] = {{'-', "-"}, {'_', "_"}, {'&', "&"}, {'.', "."}, {' ', " "},
		{'-', "\u2010"}, {'-', "\u2011"}, {' ', "\u00a0"}, {' ', "\u202f"}};

	for (size_t i = 0; i < KB_LEN(signs); i++)
		if (kb_str_is(kb_str_sub(text, from, to), signs[i].written))
			return signs[i].sign;
	return 0;
}

/* Does WORD go on after the part before it? Numbers do not ("2026-11"), nor do sentences
 * and long names ("a.example.org"). */
static bool joins(const struct compounder *c, const struct kb_word *word)
{
	const struct compound_part *before = &c->parts[c->n - 1];
	const struct kb_word x = {.from = before->from, .to = before->to};

	switch (sign_between(c->text, before->to, word->from)) {
	case '-':
	case '_':
	case '&':
		return !is_digit(byte_at(c->text, before->to - 1)) ||
		       !is_digit(byte_at(c->text, word->from));
	case '.':
		return byte_at(c->text, word->to) != '.' && c->n == 1 &&
		       (!before->from || byte_at(c->text, before->from - 1) <= ' ') &&
		       is_ascii(c->text, &x, is_letter) &&
		       is_ascii(c->text, word, is_letter);
	case ' ':
		return begins_code(c->text, &x) && is_digit(byte_at(c->text, word->from));
	default:
		return false;
	}
}

/* May a word be the first part of one? Most are not, and are not kept. */
static bool may_go_on(kb_str text, const struct kb_word *word)
{
	unsigned char next = byte_at(text, word->to);

	return next == '-' || next == '_' || next == '&' || next == '.' || next >= 0x80 ||
	       (next == ' ' && begins_code(text, word));
}

static void keep(struct compounder *c, const struct kb_word *word)
{
	struct compound_part *part = &c->parts[c->n++];

	part->from = word->from;
	part->to = word->to;
	kb_buf_clear(&part->lower);
	kb_buf_clear(&part->fold);
	kb_buf_str(&part->lower, word->lower);
	kb_buf_str(&part->fold, word->fold);
}

static void give(struct compounder *c, struct kb_word word)
{
	c->stopped = c->stopped || !c->fn(c->ctx, &word);
}

/* The parts from the I-th on and WORD, as one. */
static void give_joined(struct compounder *c, size_t i, const struct kb_word *word)
{
	_cleanup_buf_ kb_buf lower = {0}, fold = {0};
	uint32_t from = c->parts[i].from;

	for (; i < c->n; i++) {
		kb_buf_str(&lower, kb_buf_view(&c->parts[i].lower));
		kb_buf_str(&fold, kb_buf_view(&c->parts[i].fold));
	}
	kb_buf_str(&lower, word->lower);
	kb_buf_str(&fold, word->fold);
	give(c, (struct kb_word){from, word->to, kb_buf_view(&lower), kb_buf_view(&fold),
			KB_WORD_COMPOUND});
}

/* The signs that belong to a word: "++" and "#" after it, a dot before it. */
static uint32_t signs_after(kb_str text, const struct kb_word *word)
{
	uint32_t end = word->to;
	unsigned char sign = byte_at(text, end);

	if (sign != '+' && sign != '#')
		return end;
	while (byte_at(text, end) == '+' && end < word->to + SIGNS_MAX)
		end++;
	if (end == word->to && byte_at(text, end) == '#')
		end++;
	unsigned char next = byte_at(text, end);
	return is_letter(next) || is_digit(next) ? word->to : end;
}

static bool has_dot(kb_str text, const struct kb_word *word)
{
	size_t at = word->from;
	unsigned char before = at > 1 ? byte_at(text, at - 2) : ' ';

	return at && byte_at(text, at - 1) == '.' && is_letter(byte_at(text, at)) &&
	       (before <= ' ' || before == '(' || before == '"' || before == '\'');
}

static void give_signs(struct compounder *c, const struct kb_word *word, uint32_t end)
{
	_cleanup_buf_ kb_buf lower = {0};
	bool dot = has_dot(c->text, word);

	kb_buf_puts(&lower, dot ? "dot" : "");
	kb_buf_str(&lower, word->fold);
	for (uint32_t at = word->to; at < end; at++)
		kb_buf_puts(&lower, byte_at(c->text, at) == '#' ? "sharp" : "plus");
	give(c, (struct kb_word){word->from - dot, end, kb_buf_view(&lower),
			kb_buf_view(&lower), KB_WORD_SIGNED});
}

static bool take_word(void *ctx, const struct kb_word *word)
{
	struct compounder *c = ctx;
	struct kb_word own = *word;
	uint32_t end = signs_after(c->text, word);
	bool joined = c->n && joins(c, word);

	own.kind = end > word->to && word->to - word->from <= BARE_MAX ? KB_WORD_BARE
		   : joined					       ? KB_WORD_JOINED
								       : KB_WORD_ALONE;
	give(c, own);
	if (end > word->to || has_dot(c->text, word))
		give_signs(c, word, end);
	for (size_t i = joined ? c->n : 0; i-- > 0;)
		give_joined(c, i, word);
	if (!joined || c->n == PARTS - 1)
		c->n = 0;
	if (may_go_on(c->text, word))
		keep(c, word);
	else
		c->n = 0;
	return !c->stopped;
}

void kb_words_joined(kb_str text, kb_word_fn *fn, void *ctx)
{
	struct compounder c = {.text = text, .fn = fn, .ctx = ctx};

	kb_words(text, take_word, &c);
	for (size_t i = 0; i < PARTS; i++) {
		kb_buf_dispose(&c.parts[i].lower);
		kb_buf_dispose(&c.parts[i].fold);
	}
}
