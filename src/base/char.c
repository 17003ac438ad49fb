#include "kb/char.h"

enum kb_char kb_char_kind(uint32_t cp)
{
	if (cp < 0xA0)
		return (cp >= '\t' && cp <= '\r') || cp == 0x85 ? KB_CHAR_SPACE
		       : cp < ' ' || cp >= 0x7F			? KB_CHAR_CONTROL
								: KB_CHAR_PLAIN;
	if (cp == 0x2028 || cp == 0x2029)
		return KB_CHAR_SPACE;
	if (cp == 0x202D || cp == 0x202E || (cp >= 0xFDD0 && cp <= 0xFDEF) ||
		(cp >= 0xFFF9 && cp <= 0xFFFB) || (cp & 0xFFFE) == 0xFFFE)
		return KB_CHAR_CONTROL;
	if (cp == 0x61C || cp == 0x200E || cp == 0x200F ||
		(cp >= 0x202A && cp <= 0x202C) || (cp >= 0x2066 && cp <= 0x2069))
		return KB_CHAR_BIDI;
	return KB_CHAR_PLAIN;
}

bool kb_char_unwanted(uint32_t cp)
{
	enum kb_char kind = kb_char_kind(cp);

	return kind == KB_CHAR_CONTROL ||
	       (kind == KB_CHAR_SPACE && cp != '\t' && cp != '\n' && cp != '\r');
}

/* A byte's classes: those of ASCII by what the byte is. */
enum {
	N = 0,
	P = KB_BYTE_NO_PATH,		     /* # % ? */
	A = KB_BYTE_MARKUP | KB_BYTE_NO_URL, /* & */
	T = KB_BYTE_APOSTROPHE | KB_BYTE_NO_URL,
	U = KB_BYTE_NO_PATH | KB_BYTE_NO_URL,
	G = U | KB_BYTE_MARKUP, /* > */
	W = U | KB_BYTE_JSON,	/* tabs, line ends, \ [ */
	Q = W | KB_BYTE_MARKUP, /* " < */
	C = W | KB_BYTE_ODD,	/* control characters */
	H = W | KB_BYTE_HIGH,
	/* # & * < [ \ ] ` | and _ ~ */
	MP = P | KB_BYTE_MARKDOWN,
	MA = A | KB_BYTE_MARKDOWN,
	MN = N | KB_BYTE_MARKDOWN,
	MQ = Q | KB_BYTE_MARKDOWN,
	MW = W | KB_BYTE_MARKDOWN,
	MU = U | KB_BYTE_MARKDOWN,
	B = H | KB_BYTE_ODD, /* of U+0080 to U+00BF, U+2000 to U+2FFF, U+F000 and up */
};

const uint8_t kb_byte_classes[256] = {
	C, C, C, C, C, C, C, C, C, W, W, C, C, W, C, C,	    /* 0x00 */
	C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C,	    /* 0x10 */
	U, N, Q, MP, N, P, MA, T, N, N, MN, N, N, N, N, N,  /* 0x20 */
	N, N, N, N, N, N, N, N, N, N, N, N, MQ, N, G, P,    /* 0x30 */
	N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,	    /* 0x40 */
	N, N, N, N, N, N, N, N, N, N, N, MW, MW, MU, U, MN, /* 0x50 */
	MU, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,    /* 0x60 */
	N, N, N, N, N, N, N, N, N, N, N, U, MU, U, MN, C,   /* 0x70 */
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,	    /* 0x80 */
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,	    /* 0x90 */
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,	    /* 0xA0 */
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,	    /* 0xB0 */
	H, H, B, H, H, H, H, H, H, H, H, H, H, H, H, H,	    /* 0xC0 */
	H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H,	    /* 0xD0 */
	H, H, B, H, H, H, H, H, H, H, H, H, H, H, H, B,	    /* 0xE0 */
	B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,	    /* 0xF0 */
};

/* The next byte of S that may begin such a character: most words of eight bytes have
 * none. */
static size_t find_odd(kb_str s, size_t at)
{
	for (size_t end, odd; at < s.len; at = end) {
		const char *p = s.data + at;

		end = at + sizeof(uint64_t);
		if (end <= s.len && kb_word_is_ascii(p) && !kb_word_has_control(p))
			continue;
		end = end < s.len ? end : s.len;
		odd = kb_byte_find(kb_str_sub(s, 0, end), at, KB_BYTE_ODD);
		if (odd < end)
			return odd;
	}
	return s.len;
}

bool kb_unwanted_next(kb_str s, size_t *at, size_t *from, uint32_t *cp)
{
	while ((*at = find_odd(s, *at)) < s.len) {
		*from = *at;
		*cp = kb_utf8_next(s, at);
		if (kb_char_unwanted(*cp))
			return true;
	}
	return false;
}

const char *kb_char_entity(uint32_t cp)
{
	switch (cp) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}
