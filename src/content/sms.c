/* Lengths of short messages: 3GPP TS 23.038 (the default alphabet) and 23.040 (parts). */
#include "kb/reply.h"
#include "kb/unicode.h"

enum {
	GSM_ONE = 160,
	GSM_PART = 153,
	UCS2_ONE = 70,
	UCS2_PART = 67,
};

/* Septets of a character in the default alphabet; 0: it is not in it. */
static unsigned gsm_septets(uint32_t cp)
{
	static const uint16_t basic[] = {0xA1, 0xA3, 0xA4, 0xA5, 0xA7, 0xBF, 0xC4, 0xC5,
		0xC6, 0xC7, 0xC9, 0xD1, 0xD6, 0xD8, 0xDC, 0xDF, 0xE0, 0xE4, 0xE5, 0xE6,
		0xE8, 0xE9, 0xEC, 0xF1, 0xF2, 0xF6, 0xF8, 0xF9, 0xFC, 0x393, 0x394, 0x398,
		0x39B, 0x39E, 0x3A0, 0x3A3, 0x3A6, 0x3A8, 0x3A9};

	if (cp == 0x20AC || cp == '\f' ||
		(cp < 0x80 && cp && strchr("^{}\\[~]|", (int)cp)))
		return 2;
	if (cp == '\n' || cp == '\r' || (cp >= 0x20 && cp < 0x7F && cp != '`'))
		return 1;
	for (size_t i = 0; i < KB_LEN(basic); i++)
		if (cp == basic[i])
			return 1;
	return 0;
}

static unsigned utf16_units(uint32_t cp)
{
	return cp > 0xFFFF ? 2 : 1;
}

/* Parts of at most PART units; a character of two units stays in one part. */
static uint32_t count_parts(
	kb_str text, unsigned (*units)(uint32_t), uint32_t one, uint32_t part)
{
	uint32_t total = 0, parts = 1, used = 0;

	for (size_t off = 0; off < text.len;) {
		unsigned n = units(kb_utf8_next(text, &off));

		total += n;
		if (used + n > part) {
			parts++;
			used = 0;
		}
		used += n;
	}
	if (total <= one)
		return total > 0;
	return parts;
}

kb_str kb_sms_wide(kb_str text)
{
	for (size_t off = 0, from = 0; off < text.len; from = off)
		if (gsm_septets(kb_utf8_next(text, &off)) == 0)
			return kb_str_sub(text, from, off);
	return KB_STR_NULL;
}

uint32_t kb_sms_segments(kb_str text, bool *ucs2)
{
	bool wide = kb_sms_wide(text).len > 0;

	if (ucs2)
		*ucs2 = wide;
	return wide ? count_parts(text, utf16_units, UCS2_ONE, UCS2_PART)
		    : count_parts(text, gsm_septets, GSM_ONE, GSM_PART);
}
