/*
 * Reading email: messages (RFC 5322, MIME by RFC 2045 to 2047, RFC 3676) as people's
 * programs write them, and mbox files of them.
 *
 *	kb_str rest = file, raw;
 *	while (kb_mbox_next(&rest, &raw))
 *		kb_message_read(arena, raw, &message);
 *
 * Any bytes can be read: what is damaged in one message spoils nothing in the next one,
 * and of a damaged message the readable part is used. Depth, parts and lengths are
 * limited. Attachments are never decoded.
 */
#ifndef KB_MAIL_H
#define KB_MAIL_H

#include <time.h>

#include "kb/buf.h"

/* Strings are UTF-8 in the arena, and may be empty. */
struct kb_message {
	kb_str from, name; /* the sender's address, and how they call themselves */
	kb_str subject;
	kb_str id;	/* Message-ID without its brackets */
	time_t date;	/* 0: unknown */
	kb_str text;	/* plain text, or the text of HTML; without signature and, unless
			   there is nothing else, without quoted lines */
	bool automatic; /* an out-of-office reply, a delivery report or the like */
};

/* Takes the next message of an mbox off *REST. A text without 'From ' lines is a single
 * message. False at the end. */
bool kb_mbox_next(kb_str *rest, kb_str *message);
/* Does TEXT begin as an mbox or as a message does? */
bool kb_mail_begins(kb_str text);
/* Returns false if MESSAGE has no header. */
bool kb_message_read(struct kb_arena *arena, kb_str message, struct kb_message *out);

#endif
