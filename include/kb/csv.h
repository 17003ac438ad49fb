/*
 * Tables as other programs export them: CSV (RFC 4180), the columns parted by commas,
 * semicolons or tabs, whichever the first line has most of. That line names the columns.
 */
#ifndef KB_CSV_H
#define KB_CSV_H

#include "kb/buf.h"
#include "kb/error.h"
#include "kb/vec.h"

struct kb_csv {
	kb_str rest; /* that is not read yet */
	char separator;
	size_t row;    /* that was read last; the names are row 1 */
	size_t column; /* that is asked for */
	kb_buf field, value;
};

/* Reads the first line of TEXT, which is borrowed. KB_E_USAGE: there is no column NAME;
 * the message says which there are. */
int kb_csv_open(
	struct kb_csv *table, kb_str text, const char *name, struct kb_error *err);
/* The column's value in the next row that has one; false at the end. It is valid until
 * the next call. */
bool kb_csv_next(struct kb_csv *table, kb_str *value);
void kb_csv_dispose(struct kb_csv *table);

#endif
