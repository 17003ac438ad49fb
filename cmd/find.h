/* kb find's two ways to ask. */
#ifndef KB_CMD_FIND_H
#define KB_CMD_FIND_H

#include "kb/pick.h"
#include "kb/json.h"
#include "output.h"

#include "kb/search.h"

struct find_values;
struct finder {
	const struct kb_cli *cli;
	const struct find_values *values;
	const struct kb_library *lib;
	struct kb_search *search;
	struct kb_arena *arena;
	struct kb_search_query query; /* as the options say */
};

/* Runs the golden queries of the file at PATH; what one says itself goes before options.
 * The exit status; -1: they cannot be run. */
int kb_find_test(struct finder *f, const char *path, bool json, struct kb_error *err);

#endif
