/*
 * What a change of words weighs. Numbers, negations and what is counted make it
 * significant; other letters for the same word, and marks, make it trivial.
 */
#include "kb/unicode.h"
#include "version.h"
#include "word_sense.h"

enum { MINUS = 0x2212 };

/* What a hunk, words that went for words that came, holds. */
struct hunk_side {
	kb_strs words; /* in lower case, without spaces and marks; numbers are plain */
	kb_strs senses[SENSES];
};

/* ¢ £ ¥ ± ² ³ µ ¹ ¼ ½ ¾ */
static bool is_measure(uint32_t cp)
{
	return cp == 0xa2 || cp == 0xa3 || cp == 0xa5 || (cp >= 0xb1 && cp <= 0xb3) ||
	       cp == 0xb5 || cp == 0xb9 || (cp >= 0xbc && cp <= 0xbe);
}

static bool is_mark(uint32_t cp)
{
	return cp <= ' ' ||
	       (cp < 0x7f && !((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') &&
		       !(cp >= '0' && cp <= '9') && cp != '$' && cp != '%') ||
	       (cp >= 0x7f && cp < 0xc0 && !is_measure(cp)) || cp == 0xd7 ||
	       cp == MINUS || (cp >= 0x2000 && cp < 0x2070) ||
	       (cp >= 0x3000 && cp < 0x3004) || (cp >= 0x3008 && cp < 0x3020) ||
	       cp == 0xff01 || cp == 0xff08 || cp == 0xff09 || cp == 0xff0c ||
	       cp == 0xff0e || cp == 0xff1a || cp == 0xff1f;
}

bool is_marks(kb_str s)
{
	for (size_t at = 0; at < s.len;)
		if (!is_mark(kb_utf8_next(s, &at)))
			return false;
	return true;
}

/* The space that separates thousands, as in 14 000. */
static bool is_group_space(kb_str s)
{
	return kb_str_is(s, " ") || kb_str_is(s, "\xc2\xa0") ||
	       kb_str_is(s, "\xe2\x80\xaf") || kb_str_is(s, "\xe2\x80\x89");
}

/* Does PIECE continue the number before it, as the 000 of 14 000 does? */
static bool continues_number(const struct hunk_side *side, kb_str gap, kb_str piece)
{
	const kb_strs *numbers = &side->senses[SENSE_NUMBER];
	kb_str last =
		side->words.len ? side->words.items[side->words.len - 1] : KB_STR_NULL;

	return is_group_space(gap) && piece.len == 3 && is_digits(piece) &&
	       numbers->len && is_digits(last) && last.data[0] != '0' &&
	       kb_str_eq(last, numbers->items[numbers->len - 1]);
}

static void take_word(
	struct kb_arena *arena, struct hunk_side *side, kb_str gap, kb_str word)
{
	kb_str plain;
	enum sense sense = word_sense(arena, word, &plain);

	if (continues_number(side, gap, plain)) {
		kb_strs *numbers = &side->senses[SENSE_NUMBER];
		kb_str whole = kb_arena_fmt(arena, "%.*s%.*s",
			KB_ARG(numbers->items[numbers->len - 1]), KB_ARG(plain));

		numbers->items[numbers->len - 1] = whole;
		side->words.items[side->words.len - 1] = whole;
		return;
	}
	kb_vec_push(&side->words, plain);
	kb_vec_push(&side->senses[sense], plain);
}

kb_str composed(struct kb_arena *arena, kb_str s)
{
	/* The first bytes of accents that are characters of their own. */
	if (kb_str_chr(s, '\xcc') != SIZE_MAX || kb_str_chr(s, '\xcd') != SIZE_MAX)
		return kb_nfc(arena, s);
	return s;
}

/* In lower case, with a straight apostrophe and composed letters, without soft hyphens
 * and what else joins: ICU takes a narrow no-break space into a word. */
static kb_str plain_word(struct kb_arena *arena, kb_str word)
{
	_cleanup_buf_ kb_buf out = {0};

	word = kb_lower(arena, composed(arena, word));
	for (size_t at = 0; at < word.len;) {
		uint32_t cp = kb_utf8_next(word, &at);

		if (cp == 0x2019)
			kb_buf_putc(&out, '\'');
		else if (cp < 0x80 || !is_mark(cp))
			kb_buf_utf8(&out, cp);
	}
	return out.len == word.len ? word : kb_arena_str(arena, kb_buf_view(&out));
}

/* The signs that belong to the word before them: "C++", "C#", "90°". AFTER: what follows
 * S. A sign between two words joins them. */
static kb_str own_signs(kb_str s, kb_str after)
{
	size_t n = 0, next = 0;

	while (n < s.len && (s.data[n] == '+' || s.data[n] == '#' ||
				    kb_str_starts(kb_str_sub(s, n, s.len), KB_STR("°"))))
		n += s.data[n] == '+' || s.data[n] == '#' ? 1 : strlen("°");
	after = n < s.len ? kb_str_sub(s, n, s.len) : after;
	if (after.len && !is_mark(kb_utf8_next(after, &next)))
		return KB_STR("");
	return kb_str_sub(s, 0, n);
}

static void take_side(struct kb_arena *arena, struct hunk_side *side, kb_str text)
{
	uint32_t *ends;
	size_t n = kb_text_breaks(arena, text, KB_BREAK_WORD, &ends);
	kb_str gap = KB_STR_NULL;

	for (size_t i = 0; i < n; i++) {
		kb_str piece = kb_str_sub(text, i ? ends[i - 1] : 0, ends[i]);

		if (!is_marks(piece)) {
			take_word(arena, side, gap, plain_word(arena, piece));
			gap = KB_STR_NULL;
		} else if (side->words.len && !gap.len &&
			   own_signs(piece, kb_str_sub(text, ends[i], text.len)).len) {
			kb_str *last = &side->words.items[side->words.len - 1];

			*last = kb_arena_fmt(
				arena, "%.*s%.*s", KB_ARG(*last), KB_ARG(piece));
		} else {
			gap = gap.len ? KB_STR(",") : piece;
		}
	}
}

static int str_cmp(const void *a, const void *b)
{
	return kb_str_cmp(*(const kb_str *)a, *(const kb_str *)b);
}

static bool same_words(kb_strs *a, kb_strs *b, bool sorted)
{
	if (a->len != b->len)
		return false;
	if (sorted && a->len) {
		qsort(a->items, a->len, sizeof(*a->items), str_cmp);
		qsort(b->items, b->len, sizeof(*b->items), str_cmp);
	}
	for (size_t i = 0; i < a->len; i++)
		if (!kb_str_eq(a->items[i], b->items[i]))
			return false;
	return true;
}

/* The letters of an abbreviation such as "z.b", else the whole word. */
static void add_parts(kb_strs *parts, kb_str word)
{
	kb_str rest = word, part;
	size_t first = parts->len;

	while (kb_str_next(&rest, '.', &part))
		kb_vec_push(parts, part);
	for (size_t i = first; i < parts->len; i++)
		if (kb_utf8_count(parts->items[i]) != 1)
			parts->len = first;
	if (parts->len == first)
		kb_vec_push(parts, word);
}

/* "z.B." and "z. B." have them. */
static bool same_parts(const kb_strs *a, const kb_strs *b)
{
	kb_strs parts[2] = {{0}, {0}};

	for (size_t i = 0; i < a->len; i++)
		add_parts(&parts[0], a->items[i]);
	for (size_t i = 0; i < b->len; i++)
		add_parts(&parts[1], b->items[i]);
	bool same = same_words(&parts[0], &parts[1], false);
	kb_vec_dispose(&parts[0]);
	kb_vec_dispose(&parts[1]);
	return same;
}

static bool near(kb_str a, kb_str b)
{
	size_t shortest = a.len < b.len ? a.len : b.len;
	size_t head = 0, tail = 0, left, right;

	while (head < shortest && a.data[head] == b.data[head])
		head++;
	while (tail < shortest - head &&
		a.data[a.len - 1 - tail] == b.data[b.len - 1 - tail])
		tail++;
	left = kb_utf8_count(kb_str_sub(a, head, a.len - tail));
	right = kb_utf8_count(kb_str_sub(b, head, b.len - tail));
	/* A dot is part of an address or of a file's name. */
	if (kb_utf8_count(a) < 4 || kb_utf8_count(b) < 4 ||
		kb_str_chr(a, '.') != kb_str_chr(b, '.'))
		return false;
	if (left <= 1 && right <= 1)
		return true;
	/* Two letters that changed places. */
	return left == 2 && right == 2 && a.len == b.len && head + 2 <= a.len &&
	       a.data[head] == b.data[head + 1] && a.data[head + 1] == b.data[head];
}

static bool is_spelling(const struct hunk_side *a, const struct hunk_side *b)
{
	if (a->words.len != b->words.len || !a->words.len)
		return false;
	for (size_t i = 0; i < a->words.len; i++)
		if (!kb_str_eq(a->words.items[i], b->words.items[i]) &&
			!near(a->words.items[i], b->words.items[i]))
			return false;
	return true;
}

static kb_str last_word(kb_str s)
{
	size_t from;

	s = kb_str_trim(s);
	for (from = s.len; from && s.data[from - 1] != ' ' && s.data[from - 1] != '\n';)
		from--;
	return kb_str_sub(s, from, s.len);
}

static kb_str first_word(kb_str s)
{
	size_t to = 0;

	s = kb_str_trim(s);
	while (to < s.len && s.data[to] != ' ' && s.data[to] != '\n')
		to++;
	return kb_str_sub(s, 0, to);
}

/* Words beside a number say what is counted: days, euros, a month. Words that only came
 * or went do so between a number and its noun: "3 working days". */
static bool counted(
	const struct hunk_side *a, const struct hunk_side *b, kb_str before, kb_str after)
{
	bool behind = has_digit(last_word(before));

	if (a->words.len > 2 || b->words.len > 2)
		return false;
	if (a->words.len && b->words.len)
		return behind || has_digit(first_word(after));
	return behind && first_word(after).len && !is_marks(first_word(after));
}

/* What compares: < > ≤ ≥ ≠ */
static kb_str comparison(kb_str s)
{
	static const char *const signs[] = {"<", ">", "≤", "≥", "≠"};

	for (size_t i = 0; i < KB_LEN(signs); i++)
		if (kb_str_find(s, kb_str_of(signs[i])) != SIZE_MAX)
			return kb_str_of(signs[i]);
	return KB_STR("");
}

/* A minus that came or went: "at -5", and not the dash of "3-5"; or "< 5" for "≤ 5". */
static bool is_sign(kb_str before, kb_str went, kb_str came, kb_str after)
{
	kb_str mark = went.len ? went : came, number = kb_str_trim(after);
	bool minus =
		!(went.len && came.len) &&
		(kb_str_is(mark, "-") || kb_str_is(mark, "−") || kb_str_is(mark, "–"));
	bool begins = !before.len || before.data[before.len - 1] == ' ';

	if (!number.len || number.data[0] < '0' || number.data[0] > '9')
		return false;
	return (minus && begins && number.len == after.len) ||
	       !kb_str_eq(comparison(went), comparison(came));
}

/* "C" for "C++", "90" for "90°" */
static bool other_signs(kb_str before, kb_str went, kb_str came, kb_str after)
{
	return before.len && !strchr(" \n", before.data[before.len - 1]) &&
	       !kb_str_eq(own_signs(went, after), own_signs(came, after));
}

static void dispose_side(struct hunk_side *side)
{
	kb_vec_dispose(&side->words);
	for (size_t i = 0; i < KB_LEN(side->senses); i++)
		kb_vec_dispose(&side->senses[i]);
}

/* "Must" for "may": both sides have such words, and others. */
static bool other_modal(const struct hunk_side *a, const struct hunk_side *b)
{
	size_t here = 0, there = 0;
	bool other = false;

	for (int s = SENSE_DUTY; s <= SENSE_ADVICE; s++) {
		here += a->senses[s].len;
		there += b->senses[s].len;
		other |= !a->senses[s].len != !b->senses[s].len;
	}
	return here && there && other;
}

static enum kb_weight hunk_weight(struct kb_arena *arena, kb_str before, kb_str went,
	kb_str came, kb_str after, kb_str *reason)
{
	struct hunk_side a = {0}, b = {0};
	enum kb_weight weight = KB_WEIGHT_MINOR;

	take_side(arena, &a, went);
	take_side(arena, &b, came);
	*reason = KB_STR("the wording changed");
	if (!same_words(&a.senses[SENSE_NUMBER], &b.senses[SENSE_NUMBER], true) ||
		is_sign(before, went, came, after)) {
		*reason = KB_STR("a number changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (!same_words(&a.senses[SENSE_DATE], &b.senses[SENSE_DATE], true)) {
		*reason = KB_STR("a date changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (a.senses[SENSE_NEGATION].len != b.senses[SENSE_NEGATION].len) {
		*reason = KB_STR("a negation was added or removed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (other_modal(&a, &b)) {
		*reason = KB_STR("what must, should or may be done changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (other_signs(before, went, came, after)) {
		if (has_digit(last_word(before))) {
			*reason = KB_STR("the unit of a number changed");
			weight = KB_WEIGHT_SIGNIFICANT;
		}
	} else if (same_parts(&a.words, &b.words)) {
		*reason = KB_STR("typography");
		weight = KB_WEIGHT_TRIVIAL;
	} else if (is_spelling(&a, &b)) {
		*reason = KB_STR("spelling");
		weight = KB_WEIGHT_TRIVIAL;
	} else if (words_oppose(&a.words, &b.words)) {
		*reason = KB_STR("a word means the opposite");
		weight = KB_WEIGHT_SIGNIFICANT;
	} else if (counted(&a, &b, before, after)) {
		*reason = KB_STR("the unit of a number changed");
		weight = KB_WEIGHT_SIGNIFICANT;
	}
	dispose_side(&a);
	dispose_side(&b);
	return weight;
}

/* The words of one side: what both have, and what is the side's own. */
static void take_whole(struct kb_arena *arena, struct hunk_side *side,
	const struct word_runs *words, uint8_t own)
{
	_cleanup_buf_ kb_buf text = {0};

	for (uint32_t i = 0; i < words->n; i++)
		if (words->runs[i].op == KB_OP_KEEP || words->runs[i].op == own)
			kb_buf_str(&text, words->runs[i].text);
	take_side(arena, side, kb_arena_str(arena, kb_buf_view(&text)));
}

/* Hunks may cut through "z. B." */
static bool is_typography(struct kb_arena *arena, const struct word_runs *words)
{
	struct hunk_side a = {0}, b = {0};

	take_whole(arena, &a, words, KB_OP_DELETE);
	take_whole(arena, &b, words, KB_OP_INSERT);
	bool same = same_parts(&a.words, &b.words);
	dispose_side(&a);
	dispose_side(&b);
	return same;
}

enum kb_weight words_weight(
	struct kb_arena *arena, const struct word_runs *words, kb_str *reason)
{
	enum kb_weight most = KB_WEIGHT_NONE;
	kb_str before = KB_STR_NULL;

	for (uint32_t i = 0; i < words->n;) {
		kb_str went = KB_STR_NULL, came = KB_STR_NULL, why, after;
		enum kb_weight weight;

		if (words->runs[i].op == KB_OP_KEEP) {
			before = words->runs[i++].text;
			continue;
		}
		if (words->runs[i].op == KB_OP_DELETE)
			went = words->runs[i++].text;
		if (i < words->n && words->runs[i].op == KB_OP_INSERT)
			came = words->runs[i++].text;
		after = i < words->n && words->runs[i].op == KB_OP_KEEP
				? words->runs[i].text
				: KB_STR_NULL;
		weight = hunk_weight(arena, before, went, came, after, &why);
		if (weight > most) {
			most = weight;
			*reason = why;
		}
	}
	if (most == KB_WEIGHT_MINOR && is_typography(arena, words)) {
		*reason = KB_STR("typography");
		return KB_WEIGHT_TRIVIAL;
	}
	return most;
}

enum kb_weight kb_diff_text_weight(
	struct kb_arena *arena, kb_str before, kb_str after, kb_str *reason)
{
	struct word_runs words;

	*reason = KB_STR_NULL;
	words.runs = kb_diff_words(arena, before, after, &words.n);
	return words_weight(arena, &words, reason);
}

const char *kb_weight_name(enum kb_weight weight)
{
	static const char *const names[] = {"none", "trivial", "minor", "significant"};

	return names[weight];
}
