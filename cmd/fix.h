/* kb validate --fix: rounds of fixing, then files written or a patch printed. */
#ifndef KB_CMD_FIX_H
#define KB_CMD_FIX_H

#include "session.h"

#include "kb/fix.h"

struct kb_fixing {
	struct kb_fix fix;
	unsigned rounds;
};

void kb_fixing_init(struct kb_fixing *fixing);
void kb_fixing_dispose(struct kb_fixing *fixing);

/*
 * Fixes what can be fixed in the files of PATHS, as they are SESSION and checked. True:
 * something was, so open and check again with VALUES, which then say how the files read.
 */
bool kb_fixing_round(struct kb_fixing *fixing, const struct kb_session *session,
	const kb_strs *paths, struct kb_read_values *values);
/* Writes the fixed files or, with DRY_RUN, prints the patch that would; of standard
 * input, prints the fixed text. Says how many. */
int kb_fixing_end(const struct kb_cli *cli, struct kb_fixing *fixing,
	const struct kb_session *session, const struct kb_read_values *values,
	bool dry_run, struct kb_error *err);

#endif
