#include "kb/unicode.h"

#include <unicode/uchar.h>
#include <unicode/ucasemap.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

#include "unicode_icu.h"

#define HIGH_BITS 0x8080808080808080u

static size_t ascii_run(kb_str s)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof(word) <= s.len; i += sizeof(word)) {
		memcpy(&word, s.data + i, sizeof(word));
		if (word & HIGH_BITS)
			break;
	}
	while (i < s.len && !(s.data[i] & 0x80))
		i++;
	return i;
}

static bool is_ascii(kb_str s)
{
	return ascii_run(s) == s.len;
}

/* The next code point, or a negative number if the bytes are not UTF-8. */
static UChar32 next_or_bad(kb_str s, size_t *off)
{
	const uint8_t *bytes = (const uint8_t *)s.data;
	size_t i = *off;
	UChar32 c;

	U8_NEXT(bytes, i, s.len, c);
	*off = i;
	return c;
}

size_t kb_utf8_invalid(kb_str s)
{
	size_t off = 0;

	while (off < s.len) {
		size_t start = off += ascii_run(kb_str_sub(s, off, s.len));

		if (off < s.len && next_or_bad(s, &off) < 0)
			return start;
	}
	return SIZE_MAX;
}

size_t kb_utf8_count(kb_str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += ((unsigned char)s.data[i] & 0xc0) != 0x80;
	return count;
}

static size_t code_point_width(UChar32 c)
{
	int width;

	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return 0;
	if (c < 0x300)
		return c != 0xad;
	if (U_GET_GC_MASK(c) & (U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK))
		return 0;
	width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
	return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

size_t kb_display_width(kb_str s)
{
	size_t width = 0;

	for (size_t off = 0; off < s.len;) {
		unsigned char c = (unsigned char)s.data[off];

		if (c >= 0x20 && c < 0x7f) {
			width++;
			off++;
		} else {
			width += code_point_width((UChar32)kb_utf8_next(s, &off));
		}
	}
	return width;
}

static kb_str lower_ascii(struct kb_arena *arena, kb_str s)
{
	char *out = kb_arena_alloc(arena, s.len + 1);

	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		out[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	return (kb_str){out, s.len};
}

typedef int32_t case_fn(const UCaseMap *map, char *out, int32_t cap, const char *s,
	int32_t len, UErrorCode *status);

static kb_str map_case(struct kb_arena *arena, kb_str s, case_fn *fn)
{
	UErrorCode status = U_ZERO_ERROR;
	const UCaseMap *map;
	int32_t cap, len;
	char *out;

	if (s.len > INT32_MAX / 4)
		return kb_arena_str(arena, s);
	map = kb_icu_case_map();
	cap = (int32_t)(s.len + s.len / 2 + 8);
	out = kb_arena_alloc(arena, (size_t)cap);
	len = fn(map, out, cap, s.data, (int32_t)s.len, &status);
	if (len >= cap) {
		cap = len + 1;
		out = kb_arena_alloc(arena, (size_t)cap);
		status = U_ZERO_ERROR;
		len = fn(map, out, cap, s.data, (int32_t)s.len, &status);
	}
	return U_FAILURE(status) ? kb_arena_str(arena, s) : (kb_str){out, (size_t)len};
}

kb_str kb_lower(struct kb_arena *arena, kb_str s)
{
	return is_ascii(s) ? lower_ascii(arena, s)
			   : map_case(arena, s, ucasemap_utf8ToLower);
}

kb_str kb_upper(struct kb_arena *arena, kb_str s)
{
	return map_case(arena, s, ucasemap_utf8ToUpper);
}

kb_str kb_nfc(struct kb_arena *arena, kb_str s)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	_cleanup_free_ UChar *wide = NULL;
	_cleanup_free_ UChar *composed = NULL;
	int32_t wide_len, len;

	if (is_ascii(s) || U_FAILURE(status))
		return s;
	wide = kb_icu_wide(s, &wide_len);
	composed = kb_xcalloc((size_t)wide_len * 3 + 1, sizeof(*composed));
	len = unorm2_normalize(nfc, wide, wide_len, composed, wide_len * 3 + 1, &status);
	return U_FAILURE(status) ? s : kb_icu_narrow(arena, composed, len);
}

kb_str kb_nfc_name(struct kb_arena **scratch, kb_str name)
{
	if (is_ascii(name))
		return name;
	if (!*scratch)
		*scratch = kb_arena_new();
	return kb_nfc(*scratch, name);
}

/* What github-slugger's regular expression leaves in place. */
static bool heading_keeps(UChar32 c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		       c == '_' || c == ' ';
	return (U_GET_GC_MASK(c) & (U_GC_M_MASK | U_GC_ND_MASK | U_GC_PC_MASK)) ||
	       u_hasBinaryProperty(c, UCHAR_ALPHABETIC);
}

kb_str kb_slug_heading(struct kb_arena *arena, kb_str text)
{
	kb_str lower = kb_nfc(arena, kb_lower(arena, text));
	char *out = kb_arena_alloc(arena, lower.len + 1);
	size_t len = 0;

	for (size_t off = 0; off < lower.len;) {
		size_t start = off;
		UChar32 c = next_or_bad(lower, &off);

		if (c < 0 || !heading_keeps(c))
			continue;
		memcpy(out + len, lower.data + start, off - start);
		if (c == ' ')
			out[len] = '-';
		len += off - start;
	}
	return (kb_str){out, len};
}

static bool is_folded_ascii(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80 ||
			(s.data[i] >= 'A' && s.data[i] <= 'Z'))
			return false;
	return true;
}

kb_str kb_name_fold(struct kb_arena *arena, kb_str s)
{
	return is_folded_ascii(s) ? s : kb_nfc(arena, kb_lower(arena, s));
}

static bool path_keeps(UChar32 c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	return (U_GET_GC_MASK(c) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

kb_str kb_slug_path(struct kb_arena *arena, kb_str part)
{
	kb_str text = kb_name_fold(arena, part);
	char *out = kb_arena_alloc(arena, text.len + 1);
	size_t len = 0;
	bool gap = false;

	for (size_t off = 0; off < text.len;) {
		size_t start = off;
		UChar32 c = next_or_bad(text, &off);

		if (c < 0 || !path_keeps(c)) {
			gap = len > 0;
			continue;
		}
		if (gap)
			out[len++] = '-';
		gap = false;
		memcpy(out + len, text.data + start, off - start);
		len += off - start;
	}
	return (kb_str){out, len};
}

static bool is_space(UChar32 c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x80 && u_isUWhiteSpace(c));
}

static bool joins_words(UChar32 c)
{
	return is_space(c) || c == ',' || c == ';' || c == ':' || c == '(' ||
	       c == 0x2013 || c == 0x2014;
}

/* Without what only joins to a following word. */
static kb_str trim_cut(kb_str s)
{
	while (s.len > 0) {
		size_t at = s.len - 1, off;

		while (at > 0 && ((unsigned char)s.data[at] & 0xc0) == 0x80)
			at--;
		off = at;
		if (!joins_words(next_or_bad(s, &off)))
			break;
		s.len = at;
	}
	return s;
}

/* Where to cut S so that at most MAX code points stay: after a word if that keeps at
 * least half of the line, else before a character that is not a mark. */
static size_t cut_place(kb_str s, size_t max)
{
	size_t word = 0, word_at = 0, any = 0, n = 0;

	for (size_t off = 0; off < s.len; n++) {
		size_t start = off;
		UChar32 c = (UChar32)kb_utf8_next(s, &off);

		if (n > 0 && is_space(c)) {
			word = start;
			word_at = n;
		}
		if (c < 0x300 || !(U_GET_GC_MASK(c) & U_GC_M_MASK))
			any = start;
		if (n == max)
			break;
	}
	return word_at * 2 >= max ? word : any;
}

kb_str kb_truncate(struct kb_arena *arena, kb_str s, size_t max)
{
	kb_str head;

	if (s.len <= max || kb_utf8_count(s) <= max)
		return s;
	if (max == 0)
		return KB_STR_NULL;
	head = trim_cut(kb_str_sub(s, 0, cut_place(s, max - 1)));
	return kb_arena_fmt(arena, "%.*s…", KB_ARG(head));
}
