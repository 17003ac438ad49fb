/* kb init --hook: Git's hook before a commit. */
#ifndef KB_CMD_INIT_HOOK_H
#define KB_CMD_INIT_HOOK_H

#include "cmd.h"

/* Does PATH exist, as a file of any kind? */
bool init_exists(kb_str path);
/* The part of DIR that exists; empty if none of it does. */
kb_str init_part_there(struct kb_arena *arena, kb_str dir);
/* Fails if the hook cannot be installed in DIR, which need not exist yet. */
int init_hook_check(kb_str dir, struct kb_error *err);
int init_hook_install(
	const struct kb_cli *cli, struct kb_arena *arena, struct kb_error *err);

#endif
