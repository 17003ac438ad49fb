/* Words and sentences. */
#include "kb/unicode.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include "kb/vec.h"
#include "unicode_icu.h"

size_t kb_text_breaks(
	struct kb_arena *arena, kb_str s, enum kb_break kind, uint32_t **ends)
{
	struct {
		KB_VEC(uint32_t);
	} list = {0};
	UBreakIterator *breaks = kb_icu_breaks(kind);
	UErrorCode status = U_ZERO_ERROR;
	UText *text = utext_openUTF8(NULL, s.data ? s.data : "", (int64_t)s.len, &status);
	size_t n;

	if (breaks && s.len)
		ubrk_setUText(breaks, text, &status);
	if (breaks && s.len && U_SUCCESS(status))
		while (ubrk_next(breaks) != UBRK_DONE)
			kb_vec_push(&list, (uint32_t)ubrk_current(breaks));
	utext_close(text);
	if (s.len && (!list.len || list.items[list.len - 1] != s.len))
		kb_vec_push(&list, (uint32_t)s.len);
	n = list.len;
	*ends = kb_vec_freeze(&list, arena);
	return n;
}
