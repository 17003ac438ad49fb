/*
 * Characters that have no place in content, and those that act where text is printed.
 */
#ifndef KB_CHAR_H
#define KB_CHAR_H

#include "kb/str.h"

/* What a character does to the place where it is printed. */
enum kb_char {
	KB_CHAR_PLAIN,
	KB_CHAR_SPACE, /* tabs, line ends, page breaks, line and paragraph separators */
	KB_CHAR_BIDI,  /* direction marks and isolates, which right-to-left text needs */
	KB_CHAR_CONTROL, /* control characters, overrides of direction, noncharacters */
};
enum kb_char kb_char_kind(uint32_t cp);
/* Is it a control character, or a space that no keyboard types? Content must not have it.
 */
bool kb_char_unwanted(uint32_t cp);
/* The entity of a character that is markup in HTML: & < > or ". NULL for any other. */
const char *kb_char_entity(uint32_t cp);
/* Finds the next such character of S from *AT on, and sets its bytes [*FROM, *AT) and its
 * code point. Returns false at the end of S. */
bool kb_unwanted_next(kb_str s, size_t *at, size_t *from, uint32_t *cp);

/* What a single byte may be or begin, so that text is copied in runs of the bytes that a
 * writer need not look at. A byte may be of several classes. */
enum kb_byte {
	KB_BYTE_ODD = 1,    /* may begin a character that has no place in content */
	KB_BYTE_HIGH = 2,   /* not ASCII: has to be decoded to be known */
	KB_BYTE_MARKUP = 4, /* & < > " */
	KB_BYTE_APOSTROPHE = 8,
	KB_BYTE_JSON = 16,	/* may need an escape within a JSON string */
	KB_BYTE_NO_PATH = 32,	/* is percent-encoded in a URL's path (RFC 3986: pchar) */
	KB_BYTE_NO_URL = 64,	/* is changed in a URL within an attribute of HTML */
	KB_BYTE_MARKDOWN = 128, /* may be markup in the middle of a line */
};
extern const uint8_t kb_byte_classes[256];

/* The first byte of S from AT on that is of one of CLASSES, or S.len. */
static inline size_t kb_byte_find(kb_str s, size_t at, uint8_t classes)
{
	const unsigned char *p = (const unsigned char *)s.data;

	for (; at + 4 <= s.len; at += 4)
		if ((kb_byte_classes[p[at]] | kb_byte_classes[p[at + 1]] |
			    kb_byte_classes[p[at + 2]] | kb_byte_classes[p[at + 3]]) &
			classes)
			break;
	while (at < s.len && !(kb_byte_classes[p[at]] & classes))
		at++;
	return at;
}

/* Is one of the eight bytes at P below 0x20, or 0x7f? In each byte of a word the high bit
 * is set when the byte is below, as the subtraction borrows; bytes from 0x80 do not
 * count. */
static inline bool kb_word_has_control(const char *p)
{
	const uint64_t each = UINT64_MAX / 0xff; /* 0x01 in each byte */
	uint64_t word, del;

	memcpy(&word, p, sizeof(word));
	del = word ^ each * 0x7f;
	return (((word - each * 0x20) & ~word) | ((del - each) & ~del)) & each * 0x80;
}

static inline bool kb_word_is_ascii(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return !(word & UINT64_MAX / 0xff * 0x80);
}

#endif
