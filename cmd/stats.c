/* kb stats: how content is used, and what is missing from it. */
#include "cmd.h"

static int run(const struct kb_cli *cli, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	(void)cli;
	(void)values;
	(void)operands;
	return kb_error_set(err, KB_E_USAGE,
		"write 'kb stats import FILE...', or 'kb help stats' for more");
}

const struct kb_command kb_cmd_stats = {
	.name = "stats",
	.summary = "count how content is used, and find topics that need work",
	.operands = "",
	.run = run,
};
