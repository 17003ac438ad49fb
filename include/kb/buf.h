/*
 * Growing byte buffers.
 *
 * A NUL always follows the bytes; the length does not count it. A buffer may have a
 * maximum. It drops what exceeds the maximum and sets `overflow`, so a writer can check
 * once at the end. {0} is an empty buffer without a maximum.
 */
#ifndef KB_BUF_H
#define KB_BUF_H

#include "kb/mem.h"

typedef struct kb_buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max; /* 0: none */
	bool overflow;
} kb_buf;

/* Each appends to BUF, which grows as needed and stays NUL-terminated. Text that is
 * added must not be a part of BUF itself. */
void kb_buf_add(kb_buf *buf, const void *data, size_t len);
void kb_buf_str(kb_buf *buf, kb_str s);
void kb_buf_puts(kb_buf *buf, const char *cstr);
void kb_buf_putc(kb_buf *buf, char c);
/* Appends what printf would print. */
void kb_buf_fmt(kb_buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void kb_buf_vfmt(kb_buf *buf, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Append a number as its bytes, and a text behind its length: for hashes and for files of
 * this machine. Different texts in turn never give the same bytes. */
void kb_buf_number(kb_buf *buf, uint64_t n);
void kb_buf_counted(kb_buf *buf, kb_str s);
/* Appends a code point as UTF-8, or U+FFFD if CP is not a code point. */
void kb_buf_utf8(kb_buf *buf, uint32_t cp);
/* Appends text or an attribute of HTML: & < > " ' become entities. */
void kb_buf_html(kb_buf *buf, kb_str s);
/* Appends a path of an address: all but what RFC 3986 allows in a path, and '/', becomes
 * percent signs. */
void kb_buf_url_path(kb_buf *buf, kb_str s);
/* Makes room for LEN more bytes, so that BUF does not grow in steps. */
void kb_buf_reserve(kb_buf *buf, size_t len);
/* Makes BUF empty but keeps its memory for what comes next. */
void kb_buf_clear(kb_buf *buf);
/* Frees the memory; BUF is empty afterwards and can be used again. */
void kb_buf_dispose(kb_buf *buf);

static inline kb_str kb_buf_view(const kb_buf *buf)
{
	return (kb_str){buf->data, buf->len};
}

static inline void kb_cleanup_buf(kb_buf *buf)
{
	kb_buf_dispose(buf);
}
#define _cleanup_buf_ _cleanup_(kb_cleanup_buf)

#endif
