/* What the commands about feedback share. */
#ifndef KB_CMD_FEEDBACK_H
#define KB_CMD_FEEDBACK_H

#include "session.h"

#include "kb/feedback_edit.h"
#include "kb/feedback_list.h"

/* Adds reports to the content, all of them or none. */
struct feedback_import {
	const struct kb_session *session;
	struct kb_history *history;
	struct kb_rewrites rewrites;
	struct kb_feedback_adder adder;
	size_t added, known, refused, masked, ignored;
};
int feedback_begin(struct feedback_import *import, const struct kb_session *session,
	struct kb_error *err);
/* Takes the reports of FILE, which may be NULL, and says which are left out. */
void feedback_take(struct feedback_import *import,
	const struct kb_feedback_reports *reports, const char *file);
/* Writes what was taken, and prints the paths. A report may have been left out because
 * content could not be read: then nothing is written. */
int feedback_write(struct feedback_import *import, bool dry_run, struct kb_error *err);
void feedback_end(struct feedback_import *import);
/* Is there a document at WHERE, and does it have the heading that WHERE names behind a
 * '#' or that STEP names? STEP may be empty. -1 with ERR: no, or no document. */
int feedback_check_place(const struct kb_session *session, kb_str where, kb_str step,
	struct kb_error *err);

/* cmd/feedback_watch.c: calls IMPORT for each file that appears in or changes below
 * FOLDER, until a signal ends kb. */
typedef int feedback_file_fn(void *ctx, const char *file, struct kb_error *err);
int feedback_watch(
	const char *folder, feedback_file_fn *import, void *ctx, struct kb_error *err);

#endif
