/* kb init --hook: Git's hook before a commit. */
#ifndef KB_CMD_INIT_HOOK_H
#define KB_CMD_INIT_HOOK_H

#include "cmd.h"

/* Is there something at PATH? */
bool init_exists(kb_str path);
/* The part of DIR that is there; empty: nothing of it, or the folder that kb began in. */
kb_str init_part_there(struct kb_arena *arena, kb_str dir);
/* Before anything is written: can the hook be, in DIR, which may be yet to be made? */
bool init_hook_fits(struct kb_arena *arena, kb_str dir);
int init_hook_install(const struct kb_cli *cli, struct kb_arena *arena);

#endif
