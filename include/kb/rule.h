/*
 * The table of rules: everything that kb can find wrong with content.
 *
 * rules.def is the one list, an X-macro: enum name, stable id, family, default
 * severity, one-line summary. docs/rules/ID.md explains each and how it is fixed,
 * and is what `kb explain ID` prints; a test compares the two.
 */
#ifndef KB_RULE_H
#define KB_RULE_H

#include "kb/str.h"

enum kb_rule {
#define KB_RULE(name, id, family, severity, summary) KB_RULE_##name,
#include "kb/rules.def"
#undef KB_RULE
	KB_RULE_COUNT
};

struct kb_rule_info {
	const char *id;
	const char *family;
	int severity; /* enum kb_severity */
	const char *summary;
};

/* What the table has about a rule. Never NULL. */
const struct kb_rule_info *kb_rule_info(enum kb_rule rule);
/* By id; -1 when there is none. */
int kb_rule_find(kb_str id, enum kb_rule *out);
/* The id nearest to a mistyped one, for 'did you mean', or NULL. */
const char *kb_rule_nearest(kb_str id);

#endif
