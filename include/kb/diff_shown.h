/*
 * A difference between libraries as a report shows it: only changes of enough weight.
 */
#ifndef KB_DIFF_SHOWN_H
#define KB_DIFF_SHOWN_H

#include "kb/library_diff.h"
#include "kb/value.h"

struct kb_diff_shown {
	const struct kb_library_diff *diff;
	kb_str from, to; /* As people call them: a commit's id, "the work tree". */
	enum kb_weight least;
	bool operations; /* The data has blocks, and the operations that make the new
			  * ones.
			  */
};

/* Is a change or a note of this weight shown? Is a document, and how many are? */
bool kb_diff_weighs(const struct kb_diff_shown *shown, unsigned weight);
bool kb_diff_shows(const struct kb_diff_shown *shown, const struct kb_doc_diff *doc);
size_t kb_diff_count(const struct kb_diff_shown *shown);
/* "2 documents, and what changed touches 24 more" */
kb_str kb_diff_headline(const struct kb_diff_shown *shown, struct kb_arena *arena);
/* "added" */
const char *kb_doc_diff_status(const struct kb_doc_diff *doc);
/* The newer document, or the one that was removed. */
const struct kb_document *kb_doc_diff_document(const struct kb_doc_diff *doc);
/* How many changes there are of each weight: ", 2 significant, 1 minor"; or "". */
kb_str kb_doc_diff_counts(const struct kb_diff_shown *shown, struct kb_arena *arena,
	const struct kb_doc_diff *doc);
/* Sets ROOT's keys as schemas/output/diff.json has them. */
void kb_diff_value(
	const struct kb_diff_shown *shown, struct kb_arena *arena, struct kb_value *root);

#endif
