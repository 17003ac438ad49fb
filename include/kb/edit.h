/*
 * Changes of content.
 *
 * An operation reads a library and returns the new texts of files; it changes no file.
 * kb_edit_apply writes all of them or none, and kb_edit_patch shows them as a patch. If
 * an operation fails, its message is for the user, and the caller drops the rewrites.
 */
#ifndef KB_EDIT_H
#define KB_EDIT_H

#include "kb/operand.h"
#include "kb/rewrite.h"

/* What operations read, and what they return. Texts and paths are in the arena. */
struct kb_rewrites {
	const struct kb_library *lib;
	const struct kb_diags *findings; /* of loading it, finished or not */
	struct kb_arena *arena;
	KB_VEC(struct kb_rewrite);
};

/*
 * Changes files below the source's root: all, or none. This is the one function that
 * changes content. KB_E_REFUSED also when a file is not checked out; KB_E_USAGE for a
 * bare repository.
 */
int kb_edit_apply(struct kb_source *source, const struct kb_rewrite *rewrites, size_t n,
	struct kb_error *err);
/* Appends the patch that makes these changes, for git apply in the repository's root. */
int kb_edit_patch(struct kb_source *source, const struct kb_rewrite *rewrites, size_t n,
	kb_buf *out, struct kb_error *err);

/* Fails if a file of PATHS exists but could not be read: a change of many files must not
 * skip any. */
int kb_edit_check_read(const struct kb_library *lib, const struct kb_diags *findings,
	const kb_strs *paths, struct kb_error *err);

/* Adds an issue to the documents, or removes it. A document that needs no change gets no
 * rewrite. */
int kb_edit_add_issue(struct kb_rewrites *rewrites, const kb_docs *docs,
	const struct kb_issue *issue, struct kb_error *err);
int kb_edit_remove_issue(struct kb_rewrites *rewrites, const kb_docs *docs,
	const struct kb_issue *issue, struct kb_error *err);

struct kb_renamed_issue {
	kb_str from, to;
};

/* What a rename changes. */
struct kb_renamed {
	struct {
		KB_VEC(struct kb_renamed_issue);
	} names; /* the caller disposes of it */
	unsigned documents, feedback, tests, mounts, counts; /* places */
	kb_str kept; /* an issue below that is called after it and keeps its id; or empty
		      */
	kb_str unread; /* a file that may keep the former id, as it cannot be read; or
			  empty */
};
/* Changes the id of an issue wherever it is used, and with CHILDREN the ids of those
 * below it that begin with it and a dot. Former ids become aliases. */
int kb_edit_rename_issue(struct kb_rewrites *rewrites, kb_str from, kb_str to,
	bool children, struct kb_renamed *renamed, struct kb_error *err);

/* A document whose owner has read it. */
struct kb_reviewed {
	const struct kb_document *doc;
	kb_str date, before; /* of the review, and the one before; or empty */
	const struct kb_document *source; /* what it translates; or NULL */
	const char *revision;		  /* the source's blob, as it will be */
	bool uncommitted; /* neither HEAD nor these reviews have the source like that */
};
/* Sets `reviewed` to DATE ("2026-11-20"; NULL: today) and, in translations, the revision
 * of the source. Sorts DOCS, sources first; REVIEWED has one for each. */
int kb_edit_review(struct kb_rewrites *rewrites, kb_docs *docs, const char *date,
	struct kb_reviewed **reviewed, struct kb_error *err);

/* A translation that its source has left behind. */
struct kb_left_behind {
	const struct kb_document *doc, *source;
	kb_str extent; /* "2 paragraphs" of the source changed */
	kb_str since;  /* a date */
};
/* The translations in DOCS that have not changed since their source did. A reviewer must
 * confirm that they are still right. */
int kb_edit_left_behind(struct kb_rewrites *rewrites, const kb_docs *docs,
	struct kb_left_behind **behind, size_t *n, struct kb_error *err);

#endif
