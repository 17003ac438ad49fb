/* kb link: its options, and what it does. */
#ifndef KB_CMD_LINK_H
#define KB_CMD_LINK_H

#include "session.h"

struct link_values {
	struct kb_read_values read;
	kb_strs reports, locales, issues, types;
	const char *audience;
	int fail_level;
	bool gaps;
};

int kb_link_matrix(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err);

#endif
