#include "kb/str.h"

#include "kb/mem.h"

bool kb_str_starts(kb_str s, kb_str prefix)
{
	return s.len >= prefix.len && kb_str_eq(kb_str_sub(s, 0, prefix.len), prefix);
}

bool kb_str_ends(kb_str s, kb_str suffix)
{
	return s.len >= suffix.len &&
	       kb_str_eq(kb_str_sub(s, s.len - suffix.len, s.len), suffix);
}

int kb_str_cmp(kb_str a, kb_str b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int c = n ? memcmp(a.data, b.data, n) : 0;

	if (c)
		return c;
	return a.len < b.len ? -1 : a.len > b.len;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool kb_str_eq_nocase(kb_str a, kb_str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

/* Needles are short, and begin with what is rare: memchr is faster than memmem. */
size_t kb_str_find(kb_str s, kb_str needle)
{
	const char *at = s.data, *end;

	if (needle.len == 0)
		return 0;
	if (needle.len > s.len)
		return SIZE_MAX;
	end = s.data + s.len - needle.len + 1;
	while ((at = memchr(at, needle.data[0], (size_t)(end - at)))) {
		if (memcmp(at, needle.data, needle.len) == 0)
			return (size_t)(at - s.data);
		if (++at == end)
			break;
	}
	return SIZE_MAX;
}

size_t kb_str_chr(kb_str s, char c)
{
	const char *hit = s.len ? memchr(s.data, c, s.len) : NULL;

	return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

size_t kb_str_rchr(kb_str s, char c)
{
	const char *hit = s.len ? memrchr(s.data, c, s.len) : NULL;

	return hit ? (size_t)(hit - s.data) : SIZE_MAX;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

kb_str kb_str_trim(kb_str s)
{
	size_t from = 0, to = s.len;

	while (from < to && is_space(s.data[from]))
		from++;
	while (to > from && is_space(s.data[to - 1]))
		to--;
	return kb_str_sub(s, from, to);
}

/* Length of the UTF-8 sequence at P, or 0 when it is not valid. */
static size_t utf8_sequence(const unsigned char *p, size_t left)
{
	size_t n = *p < 0x80		     ? 1
		   : *p >= 0xC2 && *p < 0xE0 ? 2
		   : *p >= 0xE0 && *p < 0xF0 ? 3
		   : *p >= 0xF0 && *p < 0xF5 ? 4
					     : 0;

	if (n == 0 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) ||
		(*p == 0xF0 && p[1] < 0x90) || (*p == 0xF4 && p[1] > 0x8F))
		return 0;
	return n;
}

uint32_t kb_utf8_next(kb_str s, size_t *off)
{
	const unsigned char *p = (const unsigned char *)s.data + *off;
	size_t n = utf8_sequence(p, s.len - *off);
	uint32_t cp = n < 2 ? *p : *p & (0x7Fu >> n);

	*off += n ? n : 1;
	for (size_t i = 1; i < n; i++)
		cp = cp << 6 | (p[i] & 0x3F);
	return n ? cp : 0xFFFD;
}

static bool is_inside(kb_str s, size_t at)
{
	return at < s.len && ((unsigned char)s.data[at] & 0xc0) == 0x80;
}

kb_str kb_str_head(kb_str s, size_t most)
{
	size_t to = s.len > most ? most : s.len;

	while (to && is_inside(s, to))
		to--;
	return kb_str_sub(s, 0, to);
}

kb_str kb_str_tail(kb_str s, size_t most)
{
	size_t from = s.len > most ? s.len - most : 0;

	while (from && is_inside(s, from))
		from++;
	return kb_str_sub(s, from, s.len);
}

bool kb_str_digits(kb_str s, uint64_t max, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		uint64_t digit = (uint64_t)(s.data[i] - '0');

		if (digit > 9 || digit > max || *out > (max - digit) / 10)
			return false;
		*out = *out * 10 + digit;
	}
	return s.len > 0;
}

bool kb_str_next(kb_str *rest, char sep, kb_str *part)
{
	size_t at;

	if (!rest->data)
		return false;
	at = kb_str_chr(*rest, sep);
	if (at == SIZE_MAX) {
		*part = *rest;
		*rest = KB_STR_NULL;
		return true;
	}
	*part = kb_str_sub(*rest, 0, at);
	*rest = kb_str_sub(*rest, at + 1, rest->len);
	return true;
}

/* Does a line begin at AT? Between CR and LF none does. */
static bool begins_line(kb_str text, size_t at)
{
	char before = at > 0 ? text.data[at - 1] : '\n';

	return before == '\n' ||
	       (before == '\r' && (at == text.len || text.data[at] != '\n'));
}

size_t kb_line_start(kb_str text, size_t off)
{
	if (off > text.len)
		off = text.len;
	while (!begins_line(text, off))
		off--;
	return off;
}

/* The first LF or CR from AT on, or the end. It looks for both in a part of the text at a
 * time: a text may hold none of the one and many of the other. */
static size_t find_ending(kb_str text, size_t at)
{
	enum { WINDOW = 256 };

	for (; at < text.len; at += WINDOW) {
		kb_str part = kb_str_sub(text, at, at + WINDOW);
		size_t lf = kb_str_chr(part, '\n'), cr;

		part.len = lf < part.len ? lf : part.len;
		cr = kb_str_chr(part, '\r');
		if (cr != SIZE_MAX || lf != SIZE_MAX)
			return at + (cr < lf ? cr : lf);
	}
	return text.len;
}

kb_str kb_line_at(kb_str text, size_t off, size_t *next)
{
	size_t end = find_ending(text, off), after = end;

	if (after < text.len)
		after += text.data[after] == '\r' && after + 1 < text.len &&
					 text.data[after + 1] == '\n'
				 ? 2
				 : 1;
	*next = after;
	return kb_str_sub(text, off, end);
}

size_t kb_line_next(kb_str text, size_t off)
{
	size_t next;

	kb_line_at(text, off, &next);
	return next;
}

size_t kb_line_end(kb_str text, size_t off)
{
	return find_ending(text, kb_line_start(text, off));
}

const char *kb_line_ending(kb_str text)
{
	size_t end = kb_line_end(text, 0), next = kb_line_next(text, 0);

	if (end == next || text.data[end] == '\n')
		return "\n";
	return next - end == 2 ? "\r\n" : "\r";
}

bool kb_str_line(kb_str *rest, kb_str *line)
{
	size_t next;

	if (!rest->len)
		return false;
	*line = kb_line_at(*rest, 0, &next);
	*rest = kb_str_sub(*rest, next, rest->len);
	return true;
}

/* FNV-1a, finished by a multiply-shift so that low bits are good. */
/* Every bit of the result depends on every bit (David Stafford's "Mix13", as in
 * SplitMix64). */
static uint64_t mix_hash(uint64_t h)
{
	h = (h ^ h >> 30) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 27) * 0x94d049bb133111ebu;
	return h ^ h >> 31;
}

/* All of a string of less than eight bytes. */
static uint64_t short_word(kb_str s)
{
	uint32_t from, to;

	if (s.len < 4)
		return s.len ? (unsigned char)s.data[0] |
				       (uint64_t)(unsigned char)s.data[s.len / 2] << 8 |
				       (uint64_t)(unsigned char)s.data[s.len - 1] << 16
			     : 0;
	memcpy(&from, s.data, sizeof(from));
	memcpy(&to, s.data + s.len - sizeof(to), sizeof(to));
	return from | (uint64_t)to << 32;
}

uint64_t kb_str_hash(kb_str s)
{
	uint64_t h = s.len * 0x9e3779b97f4a7c15u, word;

	if (s.len < sizeof(word))
		return mix_hash(h ^ short_word(s));
	for (size_t i = 0; i + sizeof(word) < s.len; i += sizeof(word)) {
		memcpy(&word, s.data + i, sizeof(word));
		h = (h ^ word) * 0xbf58476d1ce4e5b9u;
		h ^= h >> 32;
	}
	memcpy(&word, s.data + s.len - sizeof(word), sizeof(word));
	return mix_hash(h ^ word);
}

enum { NEAREST_MAX = 64 };

/* Damerau's distance (optimal string alignment), case of ASCII letters ignored; LIMIT or
 * more once it cannot be less. */
static unsigned edit_distance(kb_str a, kb_str b, unsigned limit)
{
	unsigned rows[3][NEAREST_MAX + 1];
	unsigned *before = rows[0], *last = rows[1], *now = rows[2];

	for (unsigned j = 0; j <= b.len; j++)
		last[j] = j;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned *spare = before, least = i;

		now[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			bool same = lower(a.data[i - 1]) == lower(b.data[j - 1]);
			unsigned best = last[j - 1] + !same;

			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 &&
				lower(a.data[i - 1]) == lower(b.data[j - 2]) &&
				lower(a.data[i - 2]) == lower(b.data[j - 1]) &&
				before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
			least = best < least ? best : least;
		}
		if (least >= limit)
			return limit;
		before = last;
		last = now;
		now = spare;
	}
	return last[b.len];
}

/* The letters of S, those of either case the same, and some others not told apart. */
static uint64_t letters(kb_str s)
{
	uint64_t set = 0;

	for (size_t i = 0; i < s.len; i++)
		set |= UINT64_C(1) << (lower(s.data[i]) & 63);
	return set;
}

/* Each letter that only one of the words has takes a change of its own. */
static unsigned least_distance(uint64_t a, uint64_t b)
{
	unsigned out = (unsigned)__builtin_popcountll(a & ~b);
	unsigned in = (unsigned)__builtin_popcountll(b & ~a);

	return out > in ? out : in;
}

const kb_str *kb_str_nearest(kb_str word, const kb_str *candidates, size_t n)
{
	const kb_str *best = NULL;
	uint64_t set;
	unsigned best_distance = (unsigned)(word.len < 5 ? 1 : (word.len + 1) / 3) + 1;

	if (word.len == 0 || word.len > NEAREST_MAX)
		return NULL;
	set = letters(word);
	for (size_t i = 0; i < n; i++) {
		unsigned d;
		size_t longer = candidates[i].len > word.len
					? candidates[i].len - word.len
					: word.len - candidates[i].len;

		if (candidates[i].len == 0 || candidates[i].len > NEAREST_MAX ||
			longer >= best_distance ||
			least_distance(set, letters(candidates[i])) >= best_distance)
			continue;
		d = edit_distance(word, candidates[i], best_distance);
		if (d < best_distance) {
			best_distance = d;
			best = &candidates[i];
		}
	}
	return best;
}
