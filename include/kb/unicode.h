/*
 * Unicode and locales (ICU). All text is UTF-8.
 *
 * Nothing here keeps state between calls except caches of ICU's objects, one per thread.
 * Locale codes are BCP 47.
 */
#ifndef KB_UNICODE_H
#define KB_UNICODE_H

#include <time.h>

#include "kb/buf.h"
#include "kb/error.h"

/* Offset of the first byte that is not valid UTF-8, or SIZE_MAX. */
size_t kb_utf8_invalid(kb_str s);
/* Appends BYTES of another encoding as UTF-8, with U+FFFD for what is not valid. The name
 * is one that browsers know ("iso-8859-1" is read as windows-1252) or that ICU knows.
 * Returns false if CHARSET is unknown. */
bool kb_charset_decode(kb_str bytes, kb_str charset, kb_buf *out);
size_t kb_utf8_count(kb_str s);	   /* code points */
size_t kb_display_width(kb_str s); /* terminal cells; East Asian wide count 2 */

kb_str kb_lower(struct kb_arena *arena,
	kb_str s); /* full case folding of the root locale's lower case */
kb_str kb_upper(struct kb_arena *arena, kb_str s);
/* The composed form of S (NFC): one code point for a letter with its accent. */
kb_str kb_nfc(struct kb_arena *arena, kb_str s);
/* The same, in *SCRATCH, which is made if it is NULL and NAME is not ASCII. */
kb_str kb_nfc_name(struct kb_arena **scratch, kb_str name);
/* GitHub's slug of a heading's text (github-slugger's rules; no numbering of repeats), in
 * NFC. */
kb_str kb_slug_heading(struct kb_arena *arena, kb_str text);
/* Names and paths that have this in common are one to file systems that ignore letter
 * case, or how a letter with an accent is composed: in small letters, NFC. */
kb_str kb_name_fold(struct kb_arena *arena, kb_str s);
/* A part of an address: NFC, lower case, letters, marks and digits of any script kept,
 * runs of all else one '-', none at the ends. */
kb_str kb_slug_path(struct kb_arena *arena, kb_str part);
/* A web address as browsers send it: the host in ASCII (IDNA, UTS 46), spaces and what is
 * not ASCII behind it in percent signs. */
kb_str kb_url_ascii(struct kb_arena *arena, kb_str url);
/* What S looks like, for comparisons that nobody may evade: compatibility forms and case
 * folded, accents and characters that cannot be seen left out. Letters and digits stay;
 * each bracket is '[' or ']' ('(' or ')' for round and curly ones), each space ' ',
 * ASCII's other characters are themselves and all else is '.'. */
kb_str kb_skeleton(struct kb_arena *arena, kb_str s);
/* Where S may be cut: the end of each word (UAX 29, so that spaces and punctuation are
 * pieces of their own; Chinese, Japanese and Thai by a dictionary) or sentence, the last
 * one being the length. Returns how many. */
enum kb_break { KB_BREAK_WORD, KB_BREAK_SENTENCE };
size_t kb_text_breaks(
	struct kb_arena *arena, kb_str s, enum kb_break kind, uint32_t **ends);
/* At most MAX code points, cut between words, with '…' when cut. */
kb_str kb_truncate(struct kb_arena *arena, kb_str s, size_t max);

/* Is it a well-formed BCP 47 tag? Its canonical form ("de-at" -> "de-AT"). */
bool kb_locale_canonical(struct kb_arena *arena, kb_str tag, kb_str *out);
/* "de-AT" -> "de" -> "" (RFC 4647 lookup). */
kb_str kb_locale_parent(kb_str tag);
/* The locale's name in its own language ("Deutsch (Österreich)"), first letter upper
 * case. */
kb_str kb_locale_name(struct kb_arena *arena, kb_str tag);
/* The same in another one ("de" in "hu": "német"), as it is written within a sentence. */
kb_str kb_locale_name_in(struct kb_arena *arena, kb_str locale, kb_str tag);
/* Is the language written from right to left? */
bool kb_locale_rtl(kb_str tag);
/* A region's name in a locale ("AT" in "hu": "Ausztria"); the code when unknown. */
kb_str kb_region_name(struct kb_arena *arena, kb_str locale, kb_str region);
/* Orders by the locale's collation; ties by bytes. */
int kb_collate(kb_str locale, kb_str a, kb_str b);
/* Appends bytes that are ordered as kb_collate orders texts, but for ties: for long
 * lists, in which comparing texts takes longer. */
void kb_collate_key(kb_str locale, kb_str s, kb_buf *key);

/* "20 November 2026" as the locale writes it, in the time zone given ("Europe/Berlin").
 */
kb_str kb_date_format(struct kb_arena *arena, kb_str locale, kb_str timezone, time_t t);
/* ICU MessageFormat with numbered arguments: "{0, plural, one {# article} other {#
 * articles}}". */
struct kb_arg {
	kb_str str; /* used when is_num is false */
	double num;
	bool is_num;
};
/* Formats PATTERN for LOCALE with its arguments {0}, {1}, … in ARENA. Fails if it is
 * not a valid pattern; the message says why. */
int kb_message_format(struct kb_arena *arena, kb_str locale, kb_str pattern,
	const struct kb_arg *args, size_t nargs, kb_str *out, struct kb_error *err);

/* A calendar day "2026-11-20" or an RFC 3339 time; a day begins at midnight in TIMEZONE.
 * Returns -1 for anything else, also for a day that does not exist. */
int kb_time_parse(kb_str s, kb_str timezone, time_t *out, bool *is_day);
/* Does the time zone exist? Names are those of the IANA database: "Europe/Berlin". */
bool kb_timezone_known(kb_str timezone);
/* Says why S, which is written as a date, is not one: "February has no day 31". Returns
 * an empty string if it is one, or is not written as a date. */
kb_str kb_day_fault(struct kb_arena *arena, kb_str s);
/* The day that T is in, counted from 1970-01-01, and when such a day begins in TIMEZONE:
 * days are 23 to 25 hours long. */
int64_t kb_day_number(kb_str timezone, time_t t);
time_t kb_day_start(kb_str timezone, int64_t number);
/* The month that T is in, 12 for each year and 0 for January of the year 0, and when such
 * a month begins in TIMEZONE. */
unsigned kb_month_number(kb_str timezone, time_t t);
time_t kb_month_start(kb_str timezone, unsigned number);
/* The beginning in TIMEZONE of a month such as "2026-10"; -1: it is not one. */
int kb_month_parse(kb_str month, kb_str timezone, time_t *out);
/* 0 for a WORD that begins with "Jan" in any case, and so on; -1 for any other. */
int kb_month_named(kb_str word);
/* "2026-11-20" (the day in TIMEZONE). */
kb_str kb_day_format(struct kb_arena *arena, kb_str timezone, time_t t);
/* "2026-11-20T09:30:00+01:00" (in TIMEZONE), as kb_time_parse reads it. */
kb_str kb_time_format(struct kb_arena *arena, kb_str timezone, time_t t);

#endif
