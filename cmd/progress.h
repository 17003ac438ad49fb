/*
 * What kb is doing, on a terminal's standard error, when it takes longer than
 * half a second.
 */
#ifndef KB_CMD_PROGRESS_H
#define KB_CMD_PROGRESS_H

#include "cmd.h"

struct kb_progress;

/* NULL when nothing is to be shown; the other functions take that. */
struct kb_progress *kb_progress_start(const struct kb_cli *cli, const char *phase);
/* What is done from now on: "Checking"; a literal. */
void kb_progress_phase(struct kb_progress *progress, const char *phase);
/* Clears the line; nothing is written to it afterwards. */
void kb_progress_end(struct kb_progress *progress);

#endif
