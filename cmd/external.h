/* kb validate --external: its options, and where its cache is. */
#ifndef KB_CMD_EXTERNAL_H
#define KB_CMD_EXTERNAL_H

#include "session.h"

#include "kb/change.h"

struct kb_external_values {
	bool external, private;
	unsigned timeout, hours; /* set by kb_external_read */
	const char *timeout_word, *hours_word;
};
#define KB_EXTERNAL_OPTIONS(type, member)                                                \
	{0, "external", KB_OPT_FLAG, offsetof(type, member.external), NULL,              \
		"also check links to other sites", NULL},                                \
		{0, "external-private", KB_OPT_FLAG, offsetof(type, member.private),     \
			NULL, "with --external: also check your private network", NULL}, \
		{0, "external-timeout", KB_OPT_STRING,                                   \
			offsetof(type, member.timeout_word), "SECONDS",                  \
			"with --external: the time to wait for an answer; default: 20",  \
			NULL},                                                           \
	{                                                                                \
		0, "external-age", KB_OPT_STRING, offsetof(type, member.hours_word),     \
			"HOURS",                                                         \
			"with --external: check again after this time; "                 \
			"default: 24",                                                   \
			NULL                                                             \
	}

/* Reads the numbers; -1 if one is not a number. */
int kb_external_read(struct kb_external_values *values, struct kb_error *err);
/* Adds the findings of the selected documents; with CHANGES, of those among them that
 * were edited. */
int kb_external_check(const struct kb_cli *cli, const struct kb_external_values *values,
	struct kb_session *session, const kb_strs *paths,
	const struct kb_path_changes *changes, struct kb_error *err);

#endif
