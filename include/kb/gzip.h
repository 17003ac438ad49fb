/*
 * Reading a stream line by line, unpacked if it is gzip (zlib): several gzip members one
 * after another, too. Memory is bounded: a line that is longer than KB_LINE_MAX is cut.
 */
#ifndef KB_GZIP_H
#define KB_GZIP_H

#include "kb/buf.h"
#include "kb/error.h"

enum { KB_LINE_MAX = 1 << 16 };

struct kb_lines;

/* Reads from FD, of which it makes a copy. Never NULL. */
struct kb_lines *kb_lines_new(int fd);
/* Closes its copy of the descriptor and frees it; NULL is fine. */
void kb_lines_free(struct kb_lines *lines);
/* The next line without its end; LF, CRLF or CR ends it. It is valid until the next call.
 * Returns false at the end, and if reading fails: see kb_lines_check. */
bool kb_lines_next(struct kb_lines *lines, kb_str *line);
/* Was the line cut? */
bool kb_lines_cut(const struct kb_lines *lines);
/* The number of the line read last, from 1. */
size_t kb_lines_number(const struct kb_lines *lines);
/* After the end: fails if something stopped the reading: KB_E_FORMAT for a gzip file that
 * is damaged or cut short, KB_E_IO for what the system says. */
int kb_lines_check(const struct kb_lines *lines, struct kb_error *err);

/* Appends all that FD still has, unpacked, but for more than MAX bytes (KB_E_REFUSED). */
int kb_gzip_read(int fd, size_t max, kb_buf *out, struct kb_error *err);

#endif
