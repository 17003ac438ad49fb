/* kb validate --fix: rounds of mending, then files written or a patch printed. */
#ifndef KB_CMD_FIX_H
#define KB_CMD_FIX_H

#include "open.h"

#include "kb/fix.h"

struct kb_fixing {
	struct kb_fix fix;
	unsigned rounds;
};

void kb_fixing_init(struct kb_fixing *fixing);
void kb_fixing_dispose(struct kb_fixing *fixing);

/*
 * Mends what can be mended in the files of PATHS, as they are OPENED and checked. True:
 * something was, so open and check again with VALUES, which then say how the files read.
 */
bool kb_fixing_round(struct kb_fixing *fixing, const struct kb_opened *opened,
	const kb_strs *paths, struct kb_read_values *values);
/* Writes the mended files or, with DRY_RUN, prints the patch that would; of standard
 * input, prints the mended text. Says how many. */
int kb_fixing_end(const struct kb_cli *cli, struct kb_fixing *fixing,
	const struct kb_opened *opened, const struct kb_read_values *values, bool dry_run,
	struct kb_error *err);

/* Writes files anew or, with DRY_RUN, prints the patch that would. */
int kb_rewrites_make(struct kb_source *source, const struct kb_rewrite *rewrites,
	size_t n, bool dry_run, struct kb_error *err);

#endif
