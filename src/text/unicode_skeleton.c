#include "kb/unicode.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include "unicode_icu.h"

/* UTF-16 of S, folded and decomposed, on the heap; NULL when ICU cannot. */
static UChar *decomposed(kb_str s, int32_t *len)
{
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *forms[] = {
		unorm2_getNFKCCasefoldInstance(&status), unorm2_getNFDInstance(&status)};
	UChar *text = kb_icu_wide(s, len);

	for (size_t i = 0; i < KB_LEN(forms); i++) {
		UErrorCode sizing = status;
		int32_t need = U_FAILURE(status) ? 0
						 : unorm2_normalize(forms[i], text, *len,
							   NULL, 0, &sizing);
		UChar *next = kb_xcalloc((size_t)need + 1, sizeof(*next));

		*len = unorm2_normalize(forms[i], text, *len, next, need + 1, &status);
		free(text);
		text = next;
	}
	if (U_SUCCESS(status))
		return text;
	free(text);
	return NULL;
}

/* Quotation marks of some language that Unicode counts among the brackets. */
static bool is_quotation_mark(UChar32 c)
{
	return c == 0x201a || c == 0x201e || c == 0x2e42 ||
	       (c >= 0x3008 && c <= 0x300f) || (c >= 0x301d && c <= 0x301f);
}

/* The byte that stands for one of ASCII; 0: it cannot be seen. */
static char ascii(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	if (c == '{' || c == '}')
		return c == '{' ? '(' : ')';
	if (c == '\t' || c == '\r')
		return ' ';
	return (c >= ' ' && c < 0x7f) || c == '\n' ? c : '\0';
}

/* The same for another character that is neither letter nor digit. */
static char symbol(UChar32 c)
{
	switch (u_charType(c)) {
	case U_CONTROL_CHAR:
	case U_FORMAT_CHAR:
	case U_NON_SPACING_MARK:
	case U_ENCLOSING_MARK:
	case U_COMBINING_SPACING_MARK:
		return '\0';
	case U_SPACE_SEPARATOR:
	case U_LINE_SEPARATOR:
	case U_PARAGRAPH_SEPARATOR:
		return ' ';
	case U_START_PUNCTUATION:
		return is_quotation_mark(c) ? '.' : '[';
	case U_END_PUNCTUATION:
		return is_quotation_mark(c) ? '.' : ']';
	default:
		return '.';
	}
}

static void add(kb_buf *out, UChar32 c)
{
	char byte;

	if (c < 0x80) {
		if ((byte = ascii((char)c)))
			kb_buf_putc(out, byte);
	} else if (c == 0x1c3) /* a letter for a click, which looks like '!' */
		kb_buf_putc(out, '!');
	else if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER)
		kb_buf_putc(out, (char)('0' + u_charDigitValue(c)));
	else if (u_isalpha(c))
		kb_buf_utf8(out, (uint32_t)c);
	else if ((byte = symbol(c)))
		kb_buf_putc(out, byte);
}

static bool is_ascii(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] & 0x80)
			return false;
	return true;
}

/* ICU is not asked about ASCII, which decomposes into itself. */
static kb_str ascii_skeleton(struct kb_arena *arena, kb_str s)
{
	char *out = kb_arena_alloc(arena, s.len + 1), byte;
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if ((byte = ascii(s.data[i])))
			out[n++] = byte;
	return (kb_str){out, n};
}

kb_str kb_skeleton(struct kb_arena *arena, kb_str s)
{
	_cleanup_buf_ kb_buf out = {0};
	int32_t len = 0, i = 0;
	UChar *text;
	UChar32 c;

	if (is_ascii(s))
		return ascii_skeleton(arena, s);
	text = decomposed(s, &len);
	while (text && i < len) {
		U16_NEXT(text, i, len, c);
		add(&out, c);
	}
	free(text);
	return kb_arena_str(arena, kb_buf_view(&out));
}
