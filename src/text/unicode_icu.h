/*
 * What the parts of the ICU adapter share: one thread's cache of ICU's objects,
 * and the way between UTF-8 and UTF-16.
 *
 * Nothing of ICU is touched before the first call. Its default locale is then set
 * to the root, so that results do not depend on the environment.
 */
#ifndef KB_TEXT_UNICODE_ICU_H
#define KB_TEXT_UNICODE_ICU_H

#include <unicode/ubrk.h>
#include <unicode/ucal.h>
#include <unicode/ucasemap.h>
#include <unicode/ucol.h>
#include <unicode/udat.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>

#include "kb/unicode.h"

#define KB_ICU_LOCALE_MAX ULOC_FULLNAME_CAPACITY

/* ICU's id of a BCP 47 tag; the root for anything else. */
void kb_icu_locale(kb_str tag, char id[KB_ICU_LOCALE_MAX]);

/* The thread's own, valid until the next of these calls; NULL when ICU has none. */
const UCaseMap *kb_icu_case_map(void);
const UCollator *kb_icu_collator(kb_str locale);
const UDateFormat *kb_icu_date_format(kb_str locale, kb_str tz);
UCalendar *kb_icu_calendar(kb_str tz);
const UNumberFormat *kb_icu_number_format(kb_str locale);
const UPluralRules *kb_icu_plural_rules(kb_str locale, bool ordinal);
UBreakIterator *kb_icu_breaks(enum kb_break kind); /* has no text yet */

/* UTF-16 of S, on the heap; invalid bytes become U+FFFD. */
UChar *kb_icu_wide(kb_str s, int32_t *len);
kb_str kb_icu_narrow(struct kb_arena *arena, const UChar *wide, int32_t len);

#endif
