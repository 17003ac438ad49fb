#include "kb/buf.h"

#include <stdio.h>

#include "kb/char.h"

static bool reserve_more(kb_buf *buf, size_t len)
{
	size_t need, cap;

	if (buf->overflow)
		return false;
	if (buf->max && (len > buf->max || buf->len > buf->max - len)) {
		buf->overflow = true;
		return false;
	}
	if (__builtin_add_overflow(buf->len, len + 1, &need))
		need = SIZE_MAX; /* xrealloc says that memory is gone */
	if (need <= buf->cap)
		return true;
	cap = buf->cap ? buf->cap : 64;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	buf->data = kb_xrealloc(buf->data, cap, 1);
	buf->cap = cap;
	return true;
}

/* Room for LEN more bytes and a NUL; false (and remembered) past the maximum. Most texts
 * are short and fit into the room that is there. */
static inline bool reserve(kb_buf *buf, size_t len)
{
	if (len < buf->cap - buf->len && !buf->max && !buf->overflow)
		return true;
	return reserve_more(buf, len);
}

void kb_buf_reserve(kb_buf *buf, size_t len)
{
	if (!buf->max)
		reserve(buf, len);
}

void kb_buf_add(kb_buf *buf, const void *data, size_t len)
{
	if (!reserve(buf, len))
		return;
	if (len)
		memcpy(buf->data + buf->len, data, len);
	buf->len += len;
	buf->data[buf->len] = '\0';
}

void kb_buf_str(kb_buf *buf, kb_str s)
{
	kb_buf_add(buf, s.data, s.len);
}

void kb_buf_puts(kb_buf *buf, const char *cstr)
{
	kb_buf_add(buf, cstr, strlen(cstr));
}

void kb_buf_number(kb_buf *buf, uint64_t n)
{
	kb_buf_add(buf, &n, sizeof(n));
}

void kb_buf_counted(kb_buf *buf, kb_str s)
{
	kb_buf_number(buf, s.len);
	kb_buf_str(buf, s);
}

void kb_buf_putc(kb_buf *buf, char c)
{
	if (!reserve(buf, 1))
		return;
	buf->data[buf->len++] = c;
	buf->data[buf->len] = '\0';
}

/* Most texts fit into the room that is there, so that they are formatted once. */
void kb_buf_vfmt(kb_buf *buf, const char *fmt, va_list ap)
{
	size_t room = buf->cap - buf->len;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(room ? buf->data + buf->len : NULL, room, fmt, again);
	va_end(again);
	if (len < 0 || !reserve(buf, (size_t)len)) {
		if (room)
			buf->data[buf->len] = '\0';
		return;
	}
	if ((size_t)len >= room)
		vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, ap);
	buf->len += (size_t)len;
}

void kb_buf_fmt(kb_buf *buf, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kb_buf_vfmt(buf, fmt, ap);
	va_end(ap);
}

void kb_buf_utf8(kb_buf *buf, uint32_t cp)
{
	char s[4];
	size_t n = 0;

	if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
		cp = 0xFFFD;
	if (cp < 0x80) {
		s[n++] = (char)cp;
	} else if (cp < 0x800) {
		s[n++] = (char)(0xC0 | cp >> 6);
		s[n++] = (char)(0x80 | (cp & 0x3F));
	} else if (cp < 0x10000) {
		s[n++] = (char)(0xE0 | cp >> 12);
		s[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
		s[n++] = (char)(0x80 | (cp & 0x3F));
	} else {
		s[n++] = (char)(0xF0 | cp >> 18);
		s[n++] = (char)(0x80 | (cp >> 12 & 0x3F));
		s[n++] = (char)(0x80 | (cp >> 6 & 0x3F));
		s[n++] = (char)(0x80 | (cp & 0x3F));
	}
	kb_buf_add(buf, s, n);
}

/* What a character becomes; NULL: it stays. */
static const char *html_of(uint32_t cp)
{
	const char *entity = cp == '\'' ? "&#39;" : kb_char_entity(cp);

	return entity						     ? entity
	       : cp == 0xFFFD || kb_char_kind(cp) == KB_CHAR_CONTROL ? "\xEF\xBF\xBD"
	       : kb_char_unwanted(cp)				     ? " "
								     : NULL;
}

void kb_buf_html(kb_buf *buf, kb_str s)
{
	const uint8_t stops =
		KB_BYTE_ODD | KB_BYTE_HIGH | KB_BYTE_MARKUP | KB_BYTE_APOSTROPHE;
	size_t done = 0;

	for (size_t at = 0; (at = kb_byte_find(s, at, stops)) < s.len;) {
		size_t from = at;
		const char *entity = html_of(kb_utf8_next(s, &at));

		if (!entity)
			continue;
		kb_buf_add(buf, s.data + done, from - done);
		kb_buf_puts(buf, entity);
		done = at;
	}
	kb_buf_add(buf, s.data ? s.data + done : "", s.len - done);
}

void kb_buf_url_path(kb_buf *buf, kb_str s)
{
	for (size_t from = 0, at; from < s.len; from = at + 1) {
		at = kb_byte_find(s, from, KB_BYTE_NO_PATH);
		kb_buf_add(buf, s.data + from, at - from);
		if (at < s.len)
			kb_buf_fmt(buf, "%%%02X", (unsigned char)s.data[at]);
	}
}

void kb_buf_clear(kb_buf *buf)
{
	buf->len = 0;
	buf->overflow = false;
	if (buf->data)
		buf->data[0] = '\0';
}

void kb_buf_dispose(kb_buf *buf)
{
	free(buf->data);
	*buf = (kb_buf){0};
}
