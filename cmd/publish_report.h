/* What publishing prints when it is done. */
#ifndef KB_CMD_PUBLISH_REPORT_H
#define KB_CMD_PUBLISH_REPORT_H

#include "cmd.h"

#include "kb/diag.h"
#include "kb/next_change.h"

struct publish_report {
	const struct kb_cli *cli;
	const struct kb_library *lib;
	const struct kb_publish_options *options; /* with an arena: files are listed */
	struct kb_arena *arena;
	bool json;
	struct kb_publish_report report;
	size_t counts[KB_ERROR + 1]; /* of findings */
	struct kb_turn *turns;	     /* what the clock changes next */
	size_t nturns;
};

void publish_report_json(const struct publish_report *r);
/* Appends the summary. */
void publish_report_text(const struct publish_report *r, kb_buf *out);
/* For --next-change. */
void publish_report_next(const struct publish_report *r);

#endif
