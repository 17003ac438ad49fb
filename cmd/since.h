/* What a change brought: the findings of --since and --staged. */
#ifndef KB_CMD_SINCE_H
#define KB_CMD_SINCE_H

#include "session.h"

#include "kb/brought.h"

struct kb_since {
	const char *rev; /* --since; NULL: HEAD, with --staged */
	bool wanted;	 /* is there anything to compare with? */

	struct kb_brought base; /* the older version */
	/* For links to files that moved, without --since: changes since HEAD. */
	struct kb_source *head;
	struct kb_path_changes *moved;
	const struct kb_session *session;
};

/* Opens the version that SESSION, read with VALUES, is to be compared with, and finds
 * what changed. If kb has no older version to compare with, a note says why, and all
 * findings count. */
int kb_since_open(struct kb_since *since, const struct kb_cli *cli,
	const struct kb_read_values *values, const struct kb_session *session,
	struct kb_error *err);
/* Is every file what it was? Then there is nothing to check. */
bool kb_since_unchanged(const struct kb_since *since);
/* For kb_check's options: CTX is a struct kb_since that was opened. */
const struct kb_path_changes *kb_since_changes(void *ctx);
void kb_since_dispose(struct kb_since *since);

#endif
