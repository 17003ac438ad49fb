/* What the readers of exports share; private to src/edit. */
#ifndef EDIT_FEEDBACK_EXPORT_H
#define EDIT_FEEDBACK_EXPORT_H

#include "kb/feedback_edit.h"

struct feedback_export {
	const struct kb_library *lib;
	struct kb_arena *arena;
	kb_str text;
	bool unfinished;
	struct kb_feedback_reports *out;
};

/* Notes that what is at ORIGIN could not be read. */
void export_fault(struct feedback_export *e, kb_str origin, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Takes the value of a field by its name; false: it is not a field of a report, or is
 * empty. */
bool export_take(struct feedback_export *e, struct kb_feedback_given *it, kb_str name,
	kb_str value);
/* The path of the document with this title, or empty. */
kb_str export_titled(struct feedback_export *e, kb_str title);
/* feedback_csv.c: a table whose first line names the fields. */
int export_read_csv(struct feedback_export *e, struct kb_error *err);
/* feedback_lines.c: takes what lines of a report's TEXT name (the page, the locale, the
 * revision, ...), and returns the text without them. */
kb_str export_read_lines(
	struct feedback_export *e, struct kb_feedback_given *it, kb_str text);
/* feedback_json.c: one JSON object a line, or a list of them; and the issues of forges.
 */
void export_read_json(struct feedback_export *e, bool forge);

#endif
