/* kb link: which issue has content of which type in which locale, and what is missing. */
#include "link_matrix.h"
#include "output.h"

#include "kb/pick.h"

#define AT(member) offsetof(struct link_values, member)
static const char *const types[] = {"article", "workflow", "reply", NULL};
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"only this locale; may be repeated", NULL},
	{'i', "issue", KB_OPT_LIST, AT(issues), "ISSUE",
		"only this issue and those below it; may be repeated", NULL},
	{'t', "type", KB_OPT_LIST, AT(types), "TYPE",
		"only article, workflow or reply; may be repeated", types},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"what this audience sees; default: all that is published", NULL},
	{0, "gaps", KB_OPT_FLAG, AT(gaps), NULL, "only what is needed and missing", NULL},
	{0, "fail-level", KB_OPT_CHOICE, AT(fail_level), "LEVEL",
		"end with status 1 on findings of this severity or worse: error "
		"(default), warning, info or none",
		kb_fail_levels},
	KB_OUTPUT_OPTIONS(struct link_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct link_values, read),
	KB_OPTION_END,
};

const struct kb_command kb_cmd_link = {
	.name = "link",
	.summary = "show which issues have content",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct link_values),
	.read = AT(read),
	.work = kb_link_matrix,
};
