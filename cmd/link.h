/* kb link: content and taxonomy. Each of its words is a function of its own file. */
#ifndef KB_CMD_LINK_H
#define KB_CMD_LINK_H

#include "session.h"

struct link_values {
	struct kb_read_values read;
	kb_strs locales;
	kb_strs reports;       /* the matrix, suggest */
	kb_strs issues, types; /* the matrix */
	const char *audience;  /* the matrix */
	int fail_level;	       /* the matrix */
	bool gaps;	       /* the matrix */
	const char *column;    /* suggest */
	unsigned top;	       /* suggest */
	bool dry_run, children;
};

/* Operands are those after the word; the matrix has neither. */
int kb_link_matrix(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands);
int kb_link_add(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands);
int kb_link_remove(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands);
int kb_link_suggest(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands);
int kb_link_rename(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands);

#endif
