/* What the parts of the mail reader share; private to src/text. */
#ifndef TEXT_MAIL_H
#define TEXT_MAIL_H

#include "kb/mail.h"

/* Splits ENTITY at the empty line after its header. */
void mail_split(kb_str entity, kb_str *header, kb_str *body);
/* The value of the first field NAME, unfolded, in ARENA; empty if there is none. */
kb_str mail_field(struct kb_arena *arena, kb_str header, const char *name);
/* A parameter of a field such as Content-Type, without its quotes; or empty. */
kb_str mail_parameter(struct kb_arena *arena, kb_str value, const char *name);
/* VALUE with its encoded words (RFC 2047) decoded. */
kb_str mail_words(struct kb_arena *arena, kb_str value);
/* 0: it is not a date. */
time_t mail_date(kb_str value);
/* Append the bytes that ENCODED stands for. Q: an encoded word, where '_' is a space. */
void mail_base64(kb_str encoded, kb_buf *out);
void mail_quoted_printable(kb_str encoded, bool q, kb_buf *out);
/* BYTES as UTF-8 in ARENA. Without a usable CHARSET it is UTF-8 if valid, else
 * windows-1252. */
kb_str mail_decode(struct kb_arena *arena, kb_str bytes, kb_str charset);

#endif
