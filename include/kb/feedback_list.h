/*
 * The list of feedback: all reports, how old they are, and whether the passage that
 * they are about has changed since.
 *
 * What the reporter read is the document at the report's revision or, without one, as it
 * was at the end of the day (or at the time) of the report.
 */
#ifndef KB_FEEDBACK_LIST_H
#define KB_FEEDBACK_LIST_H

#include "kb/feedback.h"
#include "kb/history.h"
#include "kb/value.h"

enum kb_feedback_since {
	KB_FEEDBACK_UNKNOWN,   /* no history, or it is not about a document */
	KB_FEEDBACK_SAME,      /* the words are the same */
	KB_FEEDBACK_ELSEWHERE, /* they changed, but not in that step */
	KB_FEEDBACK_CHANGED,
	KB_FEEDBACK_GONE, /* there is no such document or step any more */
};

struct kb_feedback_state {
	const struct kb_feedback *feedback;
	enum kb_feedback_since since;
	kb_str changes; /* of CHANGED and ELSEWHERE, in a line */
	uint32_t days;	/* since it was reported */
	bool late;	/* open for longer than audit.feedback_age, or 30 days */
};

struct kb_feedback_filter {
	const kb_strs *owners;	      /* none: any */
	const kb_strs *ids;	      /* of documents; none: any */
	const struct kb_issue *issue; /* this one and those below it; NULL: any */
	uint32_t locale;	      /* KB_NONE: any */
	bool open;		      /* only open ones */
};

struct kb_feedback_list {
	struct kb_feedback_state *items; /* open ones first, then by age, path */
	size_t len, open;
};

/* HISTORY may be empty. OUT is in ARENA and borrows from ALL. */
void kb_feedback_find(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_feedbacks *all, const struct kb_feedback_filter *filter,
	struct kb_arena *arena, struct kb_feedback_list *out);
/* Sets what happened to the passage that a report is about. */
void kb_feedback_compare(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_feedback *feedback, struct kb_arena *arena,
	struct kb_feedback_state *out);
/* "the step changed since: 14 days → 5 days", or empty. */
kb_str kb_feedback_since_text(
	struct kb_arena *arena, const struct kb_feedback_state *state);
/* Sets ROOT's keys as schemas/output/feedback.json has them. */
void kb_feedback_value(const struct kb_library *lib, const struct kb_feedback_list *list,
	struct kb_arena *arena, struct kb_value *root);

#endif
