/* Text in other encodings than UTF-8. */
#include "kb/unicode.h"

#include <unicode/ucnv.h>
#include "unicode_icu.h"

/* As browsers read these names (WHATWG Encoding Standard): senders call the larger set by
 * the smaller one's name. */
static const char *browser_name(const char *charset)
{
	static const char *const names[][2] = {{"iso-8859-1", "windows-1252"},
		{"latin1", "windows-1252"}, {"us-ascii", "windows-1252"},
		{"ascii", "windows-1252"}, {"iso-8859-9", "windows-1254"},
		{"gb2312", "gb18030"}, {"gbk", "gb18030"},
		{"ks_c_5601-1987", "windows-949"}, {"euc-kr", "windows-949"},
		{"shift_jis", "windows-31j"}};

	for (size_t i = 0; i < KB_LEN(names); i++)
		if (kb_str_eq_nocase(kb_str_of(charset), kb_str_of(names[i][0])))
			return names[i][1];
	return charset;
}

bool kb_charset_decode(kb_str bytes, kb_str charset, kb_buf *out)
{
	char name[64], locale[KB_ICU_LOCALE_MAX];
	UErrorCode status = U_ZERO_ERROR;

	if (!charset.len || charset.len >= sizeof(name) || bytes.len > INT32_MAX / 4)
		return false;
	memcpy(name, charset.data, charset.len);
	name[charset.len] = '\0';
	kb_icu_locale(KB_STR_NULL, locale); /* sets ICU up */
	int32_t n = ucnv_convert("UTF-8", browser_name(name), NULL, 0, bytes.data,
		(int32_t)bytes.len, &status);
	if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
		return false;
	_cleanup_free_ char *text = kb_xmalloc((size_t)n + 1);
	status = U_ZERO_ERROR;
	n = ucnv_convert("UTF-8", browser_name(name), text, n + 1, bytes.data,
		(int32_t)bytes.len, &status);
	if (U_FAILURE(status))
		return false;
	kb_buf_add(out, text, (size_t)n);
	return true;
}
