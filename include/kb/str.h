/*
 * Borrowed strings.
 *
 * A kb_str is a pointer and a length: a slice of bytes that something else owns (the text
 * of a file, an arena, a literal). It is passed by value. It need not end in NUL and may
 * contain any byte. An empty kb_str may have a NULL pointer. Text is
 * UTF-8 unless said otherwise; lengths are bytes.
 */
#ifndef KB_STR_H
#define KB_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct kb_str {
	const char *data;
	size_t len;
} kb_str;

/* A place in a file: bytes from its beginning, before any BOM is dropped. */
typedef struct kb_range {
	uint32_t off;
	uint32_t len;
} kb_range;

#define KB_STR(literal) ((kb_str){(literal), sizeof(literal) - 1})
#define KB_STR_NULL ((kb_str){NULL, 0})
/* For printf's "%.*s". */
#define KB_ARG(s) (int)(s).len, (s).data ? (s).data : ""

static inline kb_str kb_str_of(const char *cstr)
{
	return (kb_str){cstr, cstr ? strlen(cstr) : 0};
}

static inline kb_str kb_str_sub(kb_str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	/* Nothing is added to a NULL pointer. */
	return (kb_str){from ? s.data + from : s.data, to - from};
}

static inline bool kb_str_eq(kb_str a, kb_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool kb_str_is(kb_str s, const char *cstr)
{
	/* Most are told apart by their first byte. */
	if (!cstr || !s.len)
		return !s.len && (!cstr || !*cstr);
	return *cstr == *s.data && strlen(cstr) == s.len && !memcmp(s.data, cstr, s.len);
}

/* Does S begin, or end, with the bytes of the other? */
bool kb_str_starts(kb_str s, kb_str prefix);
bool kb_str_ends(kb_str s, kb_str suffix);
/* Compares bytes, like strcmp: in UTF-8 this is the order of code points. */
int kb_str_cmp(kb_str a, kb_str b);
/* ASCII letters of either case are equal; other bytes are compared as they are. */
bool kb_str_eq_nocase(kb_str a, kb_str b);
/* Offset of the first (last) occurrence, or SIZE_MAX. */
size_t kb_str_find(kb_str s, kb_str needle);
size_t kb_str_chr(kb_str s, char c);
size_t kb_str_rchr(kb_str s, char c);
/* Without spaces, tabs and line ends on both sides. */
kb_str kb_str_trim(kb_str s);
/* At most so many bytes from its beginning (its end), in whole characters. */
kb_str kb_str_head(kb_str s, size_t most);
kb_str kb_str_tail(kb_str s, size_t most);
/* Reads decimal digits alone. False if S is empty, has anything else, or is more than
 * MAX. */
bool kb_str_digits(kb_str s, uint64_t max, uint64_t *out);
/* Takes the text before SEP off the front of *rest into *part; false at the end. */
bool kb_str_next(kb_str *rest, char sep, kb_str *part);

/*
 * Lines. A line ends with LF, CRLF or a lone CR, as in YAML and Markdown. All code that
 * reads text that people wrote uses these functions, so that it always advances: the
 * start of the next line does not depend on what is cut off the end of this one.
 */
/* Takes the next line, without its end, off the front of *rest; false when nothing is
 * left. */
bool kb_str_line(kb_str *rest, kb_str *line);
/* The line that begins at OFF, without its end; the next one begins at *next. */
kb_str kb_line_at(kb_str text, size_t off, size_t *next);
/* Where the line that holds the byte at OFF begins. */
size_t kb_line_start(kb_str text, size_t off);
/* Where the line after it begins: beyond OFF, or the text's end. */
size_t kb_line_next(kb_str text, size_t off);
/* Where it ends, without its line end. */
size_t kb_line_end(kb_str text, size_t off);
/* What ends the first line; LF when nothing does. */
const char *kb_line_ending(kb_str text);

/* Decodes the UTF-8 at *off (which must be inside S) and steps over it; U+FFFD for a byte
 * that does not belong to a character. */
uint32_t kb_utf8_next(kb_str s, size_t *off);
/* For tables in memory: it may differ between machines and versions. */
uint64_t kb_str_hash(kb_str s);

/*
 * The candidate nearest to WORD by edit distance (insertions, deletions,
 * substitutions, swaps of neighbors), when near enough to be meant; else NULL.
 * For 'did you mean'.
 */
const kb_str *kb_str_nearest(kb_str word, const kb_str *candidates, size_t n);

#endif
