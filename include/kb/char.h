/*
 * Characters that have no place in content, and those that act where text is printed.
 */
#ifndef KB_CHAR_H
#define KB_CHAR_H

#include "kb/str.h"

/* What a character does where text is printed. */
enum kb_char {
	KB_CHAR_PLAIN,
	KB_CHAR_SPACE, /* tabs, line ends, page breaks, line and paragraph separators */
	KB_CHAR_BIDI,  /* direction marks and isolates, which right-to-left text needs */
	KB_CHAR_CONTROL, /* control characters, overrides of direction, noncharacters */
};
enum kb_char kb_char_kind(uint32_t cp);
/* Has no place in content: a control character, or a space that no keyboard makes. */
bool kb_char_unwanted(uint32_t cp);
/* Finds the next such character of S from *AT on, and sets its bytes [*FROM, *AT) and its
 * code point. Returns false at the end of S. */
bool kb_unwanted_next(kb_str s, size_t *at, size_t *from, uint32_t *cp);

#endif
