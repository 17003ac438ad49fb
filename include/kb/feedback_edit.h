/*
 * Adding feedback, and closing it.
 *
 * A report becomes a file of its own in feedback/, so that two never conflict. The file's
 * name ends with a key that is made from where the report comes from, or from what it
 * says: the same report added again is known, also after it was settled. Personal data is
 * masked (kb/privacy.h).
 */
#ifndef KB_FEEDBACK_EDIT_H
#define KB_FEEDBACK_EDIT_H

#include "kb/edit.h"
#include "kb/feedback.h"
#include "kb/history.h"

/* A report as it was given, unchecked. Empty: not given. */
struct kb_feedback_given {
	kb_str where; /* the document, as kb_feedback_find_place reads it */
	kb_str issue, locale, step, revision, kind, text, status, note;
	kb_str reporter; /* an id of people.yaml, an email address, or a name */
	kb_str key;	 /* where it comes from: a Message-ID, the address of an issue */
	time_t created;	 /* 0: now */
	kb_str origin;	 /* in words for messages: "row 12", "message 3" */
};

enum kb_feedback_result {
	KB_FEEDBACK_ADDED,
	KB_FEEDBACK_KNOWN,   /* there is a file for it */
	KB_FEEDBACK_REFUSED, /* see reason */
};
struct kb_feedback_added {
	enum kb_feedback_result result;
	kb_str path;   /* of its file */
	kb_str reason; /* why it was refused, without its origin */
	size_t masked; /* places with personal data */
};

/* Adds reports to a set of rewrites. Dispose of it before the rewrites. */
struct kb_feedback_adder {
	struct kb_rewrites *rewrites;
	const struct kb_history *history;  /* resolves revisions; may be NULL */
	struct kb_feedback_given fallback; /* used where a report gives nothing */
	struct kb_privacy *privacy;
	kb_map known;  /* keys that files have */
	char head[41]; /* HEAD's commit, or empty */
};
/* Begins with the reports that the library of REWRITES has already. */
void kb_feedback_adder_init(struct kb_feedback_adder *adder, struct kb_rewrites *rewrites,
	const struct kb_history *history);
void kb_feedback_adder_dispose(struct kb_feedback_adder *adder);
/* Adds the rewrite for one report; OUT says what happened to it. A report is refused if
 * it has no text, or names neither an existing document nor an existing issue. An unknown
 * locale, kind, step or reporter is left out. */
void kb_edit_add_feedback(struct kb_feedback_adder *adder,
	const struct kb_feedback_given *given, struct kb_feedback_added *out);

/* Closes or reopens a report: STATUS is "done", "declined", "accepted" or "open". NOTE
 * may be empty: the former one stays. COMMIT (hex, may be empty) is added to the note. */
int kb_edit_close_feedback(struct kb_rewrites *rewrites,
	const struct kb_feedback *feedback, kb_str status, kb_str note, kb_str commit,
	struct kb_error *err);

/* Exports */

struct kb_feedback_reports {
	struct {
		KB_VEC(struct kb_feedback_given);
	} given;
	/* What cannot be read: "row 12: a quote is not closed". */
	kb_strs faults;
	size_t ignored; /* automatic messages, pull requests: no reports at all */
};
extern const char
	*const kb_feedback_formats[]; /* "mbox", "csv", ..., NULL past the last */
/* Reads TEXT, an export in a FORMAT of kb_feedback_formats or, with NULL, the one that it
 * looks like. UNFINISHED: its end may still be written, so a last line that is not whole
 * is left out. Strings are in ARENA or borrow from TEXT. Fails if it is not in that
 * format. */
int kb_feedback_read_export(const struct kb_library *lib, struct kb_arena *arena,
	kb_str text, const char *format, bool unfinished, struct kb_feedback_reports *out,
	struct kb_error *err);
/* Frees the lists; their strings stay. */
void kb_feedback_reports_dispose(struct kb_feedback_reports *reports);

#endif
