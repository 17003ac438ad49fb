#include "kb/token.h"

#include "kb/buf.h"
#include "kb/unicode.h"

struct token_span {
	uint32_t from, to;
};
struct fold {
	uint32_t cp, lower;
	const char *fold;
};

#define WORD(a, b) {a, b},
static const struct token_span word_spans[] = {
#include "token_table.def"
};
#undef WORD
#define PAIR(a, b) {a, b},
static const struct token_span pair_spans[] = {
#include "token_table.def"
};
#undef PAIR
#define FOLD(cp, lower, fold) {cp, lower, fold},
static const struct fold folds[] = {
#include "token_table.def"
};
#undef FOLD

static bool span_holds(const struct token_span *spans, size_t n, uint32_t cp)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (cp > spans[mid].to)
			from = mid + 1;
		else
			to = mid;
	}
	return from < n && cp >= spans[from].from;
}

static const struct fold *fold_of(uint32_t cp)
{
	size_t from = 0, to = KB_LEN(folds);

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (folds[mid].cp < cp)
			from = mid + 1;
		else
			to = mid;
	}
	return from < KB_LEN(folds) && folds[from].cp == cp ? &folds[from] : NULL;
}

enum letter_kind { PART, LETTER, PAIRED, APOSTROPHE, NOTHING };

static bool is_ascii_letter(uint32_t c)
{
	return (c | 0x20) - 'a' < 26 || c - '0' < 10;
}

static enum letter_kind kind_of(uint32_t cp)
{
	if (cp < 0x80)
		return is_ascii_letter(cp) ? LETTER : cp == '\'' ? APOSTROPHE : PART;
	if (cp == 0xad || cp == 0x200c || cp == 0x200d || cp == 0x2060)
		return NOTHING;
	if (cp == 0x2019)
		return APOSTROPHE;
	if (span_holds(word_spans, KB_LEN(word_spans), cp))
		return LETTER;
	return span_holds(pair_spans, KB_LEN(pair_spans), cp) ? PAIRED : PART;
}

/* Accents and vowel points that are left out: Latin's, Hebrew's and Arabic's. */
static bool is_dropped(uint32_t cp)
{
	return (cp >= 0x300 && cp <= 0x36f) || (cp >= 0x591 && cp <= 0x5c7) ||
	       (cp >= 0x64b && cp <= 0x655) || cp == 0x640 || cp == 0x670;
}

#define WORD_MAX 64 /* characters */

struct cutter {
	kb_str text;
	kb_word_fn *fn;
	void *ctx;
	kb_buf lower, fold;
	uint32_t from, to, count;
	bool apostrophe; /* one comes after the word so far */
	bool ended;
};

static void word_end(struct cutter *c)
{
	struct kb_word word = {.from = c->from, .to = c->to};

	word.lower = kb_buf_view(&c->lower);
	word.fold = kb_buf_view(&c->fold);
	if (word.fold.len && !c->fn(c->ctx, &word))
		c->ended = true;
	kb_buf_clear(&c->lower);
	kb_buf_clear(&c->fold);
	c->count = 0;
	c->apostrophe = false;
}

static void letter_add(struct cutter *c, uint32_t cp)
{
	const struct fold *fold;

	if (cp < 0x80) {
		char low = (char)(cp - 'A' < 26 ? cp | 0x20 : cp);

		kb_buf_putc(&c->lower, low);
		kb_buf_putc(&c->fold, low);
	} else if ((fold = fold_of(cp))) {
		kb_buf_utf8(&c->lower, fold->lower);
		kb_buf_puts(&c->fold, fold->fold);
	} else {
		kb_buf_utf8(&c->lower, cp);
		if (!is_dropped(cp))
			kb_buf_utf8(&c->fold, cp);
	}
}

/* A run of a script without spaces, in overlapping pairs; one alone is a word. */
static void cut_pairs(struct cutter *c, size_t *off)
{
	size_t before = SIZE_MAX, at = *off, next = at;
	uint32_t last = 0, n = 0;

	while (at < c->text.len && !c->ended) {
		uint32_t cp = kb_utf8_next(c->text, &next);
		bool inside = kind_of(cp) == PAIRED;

		if (!inside && n != 1)
			break;
		if (n) {
			c->from = (uint32_t)before;
			c->to = (uint32_t)(inside ? next : at);
			letter_add(c, last);
			if (inside)
				letter_add(c, cp);
			word_end(c);
		}
		if (!inside)
			break;
		before = at;
		last = cp;
		n++;
		at = next;
	}
	if (n == 1 && at >= c->text.len && !c->ended) {
		c->from = (uint32_t)before;
		c->to = (uint32_t)at;
		letter_add(c, last);
		word_end(c);
	}
	*off = at;
}

static void take_letter(struct cutter *c, uint32_t cp, size_t at, size_t next)
{
	if (c->apostrophe && c->count <= 2)
		word_end(c);
	if (!c->count)
		c->from = (uint32_t)at;
	c->apostrophe = false;
	if (c->count < WORD_MAX)
		letter_add(c, cp);
	c->count++;
	c->to = (uint32_t)next;
}

/* The first byte from OFF on that a word can begin with. */
static size_t skip_signs(kb_str text, size_t off)
{
	while (off < text.len && (unsigned char)text.data[off] < 0x80 &&
		!is_ascii_letter((unsigned char)text.data[off]))
		off++;
	return off;
}

/* A word of ASCII's letters and digits alone, which most are, is read at once: it folds
 * to itself. False: it is no such word. */
static bool take_plain(struct cutter *c, size_t *off)
{
	const size_t at = *off, left = c->text.len - at;
	const size_t most = left < WORD_MAX ? left : WORD_MAX;
	const char *text = c->text.data + at;
	char lower[WORD_MAX];
	size_t n = 0;

	/* A digit has the bit that makes a letter small. */
	for (; n < most && is_ascii_letter((unsigned char)text[n]); n++)
		lower[n] = (char)(text[n] | 0x20);
	unsigned char next = n < left ? (unsigned char)text[n] : ' ';
	if (!n || n == WORD_MAX || next >= 0x80 || next == '\'')
		return false;
	struct kb_word word = {.from = (uint32_t)at,
		.to = (uint32_t)(at + n),
		.lower = {lower, n},
		.fold = {lower, n}};
	*off = at + n;
	c->ended = !c->fn(c->ctx, &word);
	return true;
}

void kb_words(kb_str text, kb_word_fn *fn, void *ctx)
{
	struct cutter c = {.text = text, .fn = fn, .ctx = ctx};
	size_t off = 0;

	while (off < text.len && !c.ended) {
		if (!c.count && !c.apostrophe) {
			off = skip_signs(text, off);
			if (off == text.len || take_plain(&c, &off))
				continue;
		}
		size_t at = off;
		uint32_t cp = kb_utf8_next(text, &off);
		switch (kind_of(cp)) {
		case LETTER:
			take_letter(&c, cp, at, off);
			break;
		case APOSTROPHE:
			if (c.count && !c.apostrophe)
				c.apostrophe = true;
			else
				word_end(&c);
			break;
		case PAIRED:
			word_end(&c);
			off = at;
			cut_pairs(&c, &off);
			break;
		case PART:
			word_end(&c);
			break;
		case NOTHING:
			break;
		}
	}
	if (!c.ended)
		word_end(&c);
	kb_buf_dispose(&c.lower);
	kb_buf_dispose(&c.fold);
}

static bool is_inside(kb_str s, size_t at)
{
	return at < s.len && ((unsigned char)s.data[at] & 0xc0) == 0x80;
}

/* Takes off what both begin with and what both end with, whole letters. */
static void trim(kb_str *a, kb_str *b)
{
	size_t from = 0, to = 0;

	while (from < a->len && from < b->len && a->data[from] == b->data[from])
		from++;
	while (from && (is_inside(*a, from) || is_inside(*b, from)))
		from--;
	while (to < a->len - from && to < b->len - from &&
		a->data[a->len - to - 1] == b->data[b->len - to - 1])
		to++;
	while (to && (is_inside(*a, a->len - to) || is_inside(*b, b->len - to)))
		to--;
	*a = kb_str_sub(*a, from, a->len - to);
	*b = kb_str_sub(*b, from, b->len - to);
}

static bool is_exchanged(kb_str a, kb_str b)
{
	size_t cut = 0;

	kb_utf8_next(a, &cut);
	return a.len == b.len &&
	       kb_str_eq(kb_str_sub(a, 0, cut), kb_str_sub(b, b.len - cut, b.len)) &&
	       kb_str_eq(kb_str_sub(a, cut, a.len), kb_str_sub(b, 0, b.len - cut));
}

bool kb_word_is_letter(const struct kb_word *word)
{
	return kb_utf8_count(word->fold) == 1 && !kb_word_has_digit(word->fold);
}

bool kb_word_has_digit(kb_str word)
{
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] >= '0' && word.data[i] <= '9')
			return true;
	return false;
}

bool kb_word_near(kb_str a, kb_str b)
{
	size_t na, nb;

	trim(&a, &b);
	na = kb_utf8_count(a);
	nb = kb_utf8_count(b);
	return na + nb > 0 &&
	       ((na <= 1 && nb <= 1) || (na == 2 && nb == 2 && is_exchanged(a, b)));
}
