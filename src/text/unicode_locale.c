#include "kb/unicode.h"

#include <ctype.h>
#include <stdio.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "unicode_icu.h"

static bool is_tag_text(kb_str tag)
{
	if (tag.len == 0 || tag.len >= KB_ICU_LOCALE_MAX)
		return false;
	for (size_t i = 0; i < tag.len; i++)
		if (!isalnum((unsigned char)tag.data[i]) && tag.data[i] != '-')
			return false;
	return true;
}

bool kb_locale_canonical(struct kb_arena *arena, kb_str tag, kb_str *out)
{
	UErrorCode status = U_ZERO_ERROR;
	char text[KB_ICU_LOCALE_MAX], id[KB_ICU_LOCALE_MAX], canonical[KB_ICU_LOCALE_MAX];
	int32_t parsed = 0, len;

	if (!is_tag_text(tag))
		return false;
	memcpy(text, tag.data, tag.len);
	text[tag.len] = '\0';
	uloc_forLanguageTag(text, id, sizeof(id), &parsed, &status);
	if (U_FAILURE(status) || (size_t)parsed != tag.len)
		return false;
	len = uloc_toLanguageTag(id, canonical, sizeof(canonical), true, &status);
	if (U_FAILURE(status) || status == U_STRING_NOT_TERMINATED_WARNING)
		return false;
	*out = kb_arena_str(arena, (kb_str){canonical, (size_t)len});
	return true;
}

kb_str kb_locale_parent(kb_str tag)
{
	size_t dash = kb_str_rchr(tag, '-');

	if (dash == SIZE_MAX)
		return KB_STR_NULL;
	/* A single letter only announces what followed it. */
	if (dash >= 2 && tag.data[dash - 2] == '-')
		dash -= 2;
	return kb_str_sub(tag, 0, dash);
}

static kb_str capitalize(struct kb_arena *arena, UChar *name, int32_t len)
{
	UChar32 first;
	int32_t next = 0;

	if (len == 0)
		return KB_STR_NULL;
	U16_NEXT(name, next, len, first);
	first = u_totitle(first);
	if (U16_LENGTH(first) == next) {
		next = 0;
		U16_APPEND_UNSAFE(name, next, first);
	}
	return kb_icu_narrow(arena, name, len);
}

kb_str kb_locale_name(struct kb_arena *arena, kb_str tag)
{
	UErrorCode status = U_ZERO_ERROR;
	char id[KB_ICU_LOCALE_MAX];
	UChar name[256];
	int32_t len;

	kb_icu_locale(tag, id);
	len = uloc_getDisplayName(id, id, name, KB_LEN(name), &status);
	if (!id[0] || U_FAILURE(status) || status == U_USING_DEFAULT_WARNING ||
		status == U_STRING_NOT_TERMINATED_WARNING)
		return tag;
	return capitalize(arena, name, len);
}

kb_str kb_locale_name_in(struct kb_arena *arena, kb_str locale, kb_str tag)
{
	UErrorCode status = U_ZERO_ERROR;
	char id[KB_ICU_LOCALE_MAX], in[KB_ICU_LOCALE_MAX];
	UChar name[256];
	int32_t len;

	kb_icu_locale(tag, id);
	kb_icu_locale(locale, in);
	len = uloc_getDisplayName(id, in, name, KB_LEN(name), &status);
	if (!id[0] || U_FAILURE(status) || len == 0 ||
		status == U_USING_DEFAULT_WARNING ||
		status == U_STRING_NOT_TERMINATED_WARNING)
		return tag;
	return kb_icu_narrow(arena, name, len);
}

bool kb_locale_rtl(kb_str tag)
{
	char id[KB_ICU_LOCALE_MAX];

	kb_icu_locale(tag, id);
	return id[0] && uloc_isRightToLeft(id);
}

kb_str kb_region_name(struct kb_arena *arena, kb_str locale, kb_str region)
{
	UErrorCode status = U_ZERO_ERROR;
	char id[KB_ICU_LOCALE_MAX], country[16];
	UChar name[256];
	int32_t len;

	if (!is_tag_text(region) || region.len > 3)
		return region;
	kb_icu_locale(locale, id);
	snprintf(country, sizeof(country), "und_%.*s", KB_ARG(region));
	len = uloc_getDisplayCountry(country, id, name, KB_LEN(name), &status);
	if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING || len == 0 ||
		status == U_STRING_NOT_TERMINATED_WARNING)
		return region;
	return kb_icu_narrow(arena, name, len);
}

int kb_collate(kb_str locale, kb_str a, kb_str b)
{
	UErrorCode status = U_ZERO_ERROR;
	const UCollator *collator;
	UCollationResult order = UCOL_EQUAL;

	if (kb_str_eq(a, b))
		return 0;
	collator = kb_icu_collator(locale);
	if (collator && a.len < INT32_MAX && b.len < INT32_MAX)
		order = ucol_strcollUTF8(collator, a.len ? a.data : "", (int32_t)a.len,
			b.len ? b.data : "", (int32_t)b.len, &status);
	if (U_FAILURE(status) || order == UCOL_EQUAL)
		return kb_str_cmp(a, b);
	return order;
}

void kb_collate_key(kb_str locale, kb_str s, kb_buf *key)
{
	const UCollator *collator = kb_icu_collator(locale);
	_cleanup_free_ UChar *wide = NULL;
	uint8_t bytes[512], *all = bytes;
	int32_t len = 0, n;

	if (!collator || s.len >= INT32_MAX) {
		kb_buf_str(key, s);
		return;
	}
	wide = kb_icu_wide(s, &len);
	n = ucol_getSortKey(collator, wide, len, bytes, sizeof(bytes));
	if (n > (int32_t)sizeof(bytes)) {
		all = kb_xmalloc((size_t)n);
		n = ucol_getSortKey(collator, wide, len, all, n);
	}
	kb_buf_add(key, all, n > 0 ? (size_t)n : 0);
	if (all != bytes)
		free(all);
}
