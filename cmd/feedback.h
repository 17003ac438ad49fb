/* What the commands about feedback share. */
#ifndef KB_CMD_FEEDBACK_H
#define KB_CMD_FEEDBACK_H

#include "session.h"

#include "kb/feedback_edit.h"
#include "kb/feedback_list.h"

/* Adds reports to the content, and says what became of each. */
struct feedback_import {
	const struct kb_session *session;
	struct kb_history *history; /* NULL: revisions stay as they are given */
	struct kb_feedback_given fallback;
	bool dry_run;
	size_t added, known, refused, masked, ignored;
};
int feedback_add(struct feedback_import *import,
	const struct kb_feedback_reports *reports, const char *file,
	struct kb_error *err);
/* In numbers, on standard error. */
void feedback_tell(const struct feedback_import *import);

/* cmd/feedback_watch.c: calls IMPORT for each file that appears in or changes below
 * FOLDER, until a signal ends kb. */
typedef int feedback_file_fn(void *ctx, const char *file, struct kb_error *err);
int feedback_watch(
	const char *folder, feedback_file_fn *import, void *ctx, struct kb_error *err);

#endif
