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

bool kb_unwanted_next(kb_str s, size_t *at, size_t *from, uint32_t *cp)
{
	while (*at < s.len) {
		unsigned char c = (unsigned char)s.data[*at];

		/* Most bytes begin no such character. */
		if ((c >= ' ' && c < 0x7F) ||
			(c > 0x7F && c < 0xEF && c != 0xC2 && c != 0xE2)) {
			++*at;
			continue;
		}
		*from = *at;
		*cp = kb_utf8_next(s, at);
		if (kb_char_unwanted(*cp))
			return true;
	}
	return false;
}
