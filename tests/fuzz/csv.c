/*
 * Tables: reading always ends, and each row begins at a later line than the one before,
 * with a field for each column.
 */
#include "fuzz.h"

#include "kb/csv.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	struct kb_csv csv;
	size_t line = 0;

	(void)arena;
	if (!kb_csv_open(&csv, input, NULL)) {
		line = csv.line;
		while (kb_csv_row(&csv)) {
			must(csv.line > line, "line %zu after %zu", csv.line, line);
			must(csv.fields.len >= csv.names.len, "%zu fields",
				csv.fields.len);
			line = csv.line;
		}
	}
	kb_csv_dispose(&csv);
}
