/* kb case: its parts. */
#ifndef KB_CMD_CASE_H
#define KB_CMD_CASE_H

#include "cmd.h"

#include "kb/answer.h"

/*
 * Goes through a workflow of the answer step by step: asks on standard error, reads
 * answers from standard input, and appends a note on the case. KB_EXIT_FOUND when
 * the input ended before the case did.
 */
int kb_case_walk(const struct kb_cli *cli, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_answer *answer, kb_buf *note,
	struct kb_error *err);

#endif
