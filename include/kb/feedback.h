/*
 * Feedback: what readers report about content, one file for each report in feedback/.
 *
 * A report is about a document, perhaps about one step of it, or about an issue for which
 * something is missing. Broken files are left out: kb validate reports
 * what is wrong with them.
 */
#ifndef KB_FEEDBACK_H
#define KB_FEEDBACK_H

#include "kb/library.h"

enum kb_feedback_kind {
	KB_FEEDBACK_WRONG,
	KB_FEEDBACK_OUTDATED,
	KB_FEEDBACK_UNCLEAR,
	KB_FEEDBACK_MISSING,
	KB_FEEDBACK_SUGGESTION,
	KB_FEEDBACK_PRAISE,
	KB_FEEDBACK_KINDS
};
enum kb_feedback_status {
	KB_FEEDBACK_OPEN,
	KB_FEEDBACK_ACCEPTED, /* still to be done */
	KB_FEEDBACK_DECLINED,
	KB_FEEDBACK_DONE,
	KB_FEEDBACK_STATUSES
};

struct kb_feedback {
	kb_str path;
	kb_str id; /* the file's name without its extension */
	enum kb_feedback_kind kind;
	enum kb_feedback_status status;
	const struct kb_family *family; /* of the document, or NULL */
	const struct kb_document *doc;	/* what the reporter's locale has, or NULL */
	const struct kb_issue *issue;	/* or NULL */
	kb_str about; /* the id that the file names, whether there is such one or not */
	uint32_t locale;			     /* KB_NONE: not given or unknown */
	kb_str step, revision, text, reporter, note; /* as written; may be empty */
	time_t created;				     /* 0: not given */
	kb_str owner; /* of the document or issue; may be empty */
};

struct kb_feedbacks {
	struct kb_feedback *items; /* by path */
	size_t len;
};

extern const char *const kb_feedback_kinds[];	 /* NULL past the last */
extern const char *const kb_feedback_statuses[]; /* NULL past the last */

/* Is it a file of feedback by its path? */
bool kb_feedback_is_path(kb_str path);
/* Is it still open or accepted? Praise is never open. */
bool kb_feedback_is_open(const struct kb_feedback *feedback);
/* Reads all reports. They are in ARENA and borrow from LIB. */
void kb_feedback_read(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_feedbacks *out);
/* What people write for a document or a part of it. */
struct kb_feedback_place {
	struct kb_family *family;
	const struct kb_document *doc; /* the one that is meant or, of an id, any */
	uint32_t locale;	       /* KB_NONE: the words do not say it */
	kb_str step;	/* the id of a heading that the document has, or empty */
	kb_str missing; /* the fragment that WORD has and the document lacks, or empty */
};
/* Finds the document that WORD means: an id ("descale", "descale#rinse", "id:descale"), a
 * path, "de/descale", or the address of its page, on this site or a former one. False if
 * nothing fits. */
bool kb_feedback_find_place(const struct kb_library *lib, struct kb_arena *arena,
	kb_str word, struct kb_feedback_place *out);

/* The report whose file has this id, path or name; NULL: no file has it. */
const struct kb_feedback *kb_feedback_by_id(const struct kb_feedbacks *all, kb_str id);

#endif
