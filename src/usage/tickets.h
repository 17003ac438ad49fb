/* What the columns of ticket exports say; private to src/usage. */
#ifndef USAGE_TICKETS_H
#define USAGE_TICKETS_H

#include "kb/stats.h"

enum ticket_field {
	TICKET_ID,
	TICKET_DATE,
	TICKET_ISSUE,
	TICKET_TEXT,
	TICKET_LOCALE,
	TICKET_CHANNEL,
	TICKET_LINKED,
	TICKET_ESCALATED,
	TICKET_MINUTES,
	TICKET_FIELDS
};
/* The keys of 'tickets' in kb.yaml, and what columns are called if it does not say. */
extern const char *const ticket_fields[TICKET_FIELDS];

/*
 * Fails if an export, with the options, does not say when its tickets came, what they are
 * about, and in which language. FOUND has a bit for each field that a column is known
 * for. NAMES are those of its columns: the message lists them, and says what to write.
 */
int ticket_columns_check(const struct kb_import *import, unsigned found,
	const kb_strs *names, struct kb_error *err);

#endif
