/*
 * Tables as other programs export them: CSV (RFC 4180) and its common variants.
 *
 * Columns are separated by commas, semicolons, tabs or bars: the character that a line
 * 'sep=;' names, otherwise the one that the first line has most of. That line has the
 * names of the columns. Lines end with LF, CRLF or CR. A quote inside a field counts as
 * text. NUL bytes and a byte order mark are left out, and so are empty lines.
 *
 * A broken row (an unclosed quote, too many fields) is returned with its fault. The next
 * row then begins at the next line, so a broken row never affects another one.
 */
#ifndef KB_CSV_H
#define KB_CSV_H

#include "kb/buf.h"
#include "kb/error.h"
#include "kb/vec.h"

struct kb_csv {
	kb_str rest; /* The part that is not read yet. */
	char separator;
	size_t row;	   /* Of the row read last; the names are row 1. */
	size_t line;	   /* In which it begins. */
	const char *fault; /* NULL: the row is fine. */
	kb_strs names;	   /* Of the columns, without spaces at their ends. */
	kb_strs fields;	   /* Of the row, at least one for each name. */

	size_t next_line; /* Private, as all that follows. */
	kb_buf values, heads;
	struct {
		KB_VEC(size_t);
	} ends;
};

/* Reads the names of the columns. TEXT is borrowed. Fails if TEXT is empty. Dispose of
 * TABLE in both cases. */
int kb_csv_open(struct kb_csv *table, kb_str text, struct kb_error *err);
/* The number of the column NAME. KB_E_USAGE: no column has it; the message lists them. */
int kb_csv_column(const struct kb_csv *table, const char *name, size_t *column,
	struct kb_error *err);
/* Reads the next row that has text; false at the end. Its fields are valid until the next
 * call. */
bool kb_csv_row(struct kb_csv *table);
/* Frees what reading the table took; TEXT stays the caller's. */
void kb_csv_dispose(struct kb_csv *table);

#endif
