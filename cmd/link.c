/* kb link: which issue has content of which type in which locale, and what is missing. */
#include "output.h"
#include "session.h"

#include "kb/pages.h"

struct link_values {
	struct kb_read_values read;
	struct kb_gaps_wanted wanted;
	kb_strs reports;
	int fail_level;
};

#define AT(member) offsetof(struct link_values, member)
static const char *const types[] = {"article", "workflow", "reply", NULL};
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(wanted.locales), "CODE",
		"only this locale; may be repeated", NULL},
	{'i', "issue", KB_OPT_LIST, AT(wanted.issues), "ISSUE",
		"only this issue and those below it; may be repeated", NULL},
	{'t', "type", KB_OPT_LIST, AT(wanted.types), "TYPE",
		"only article, workflow or reply; may be repeated", types},
	{0, "audience", KB_OPT_STRING, AT(wanted.audience), "NAME",
		"show what this audience can see; default: everything that is "
		"published",
		NULL},
	{0, "gaps", KB_OPT_FLAG, AT(wanted.gaps_only), NULL,
		"only content that is needed but missing", NULL},
	KB_FAIL_LEVEL_OPTION(struct link_values, fail_level),
	KB_OUTPUT_OPTIONS(struct link_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct link_values, read),
	KB_OPTION_END,
};

static int status_of(const struct kb_gaps *gaps, int level)
{
	for (size_t i = 0; i < gaps->len; i++)
		if (level < 3 && (int)gaps->items[i].severity >= KB_ERROR - level)
			return KB_EXIT_FOUND;
	return KB_EXIT_OK;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct link_values *values = opaque;
	struct kb_report report;
	struct kb_gaps gaps;
	int failed;

	(void)operands;
	failed = kb_gaps_find(&gaps, session->lib, &values->wanted, session->arena, err);
	if (!failed) {
		kb_report_coverage(&report, &gaps);
		failed = kb_output_report(
			session->cli, &values->reports, &report, NULL, NULL, err);
		kb_report_dispose(&report);
	}
	int status = failed ? -1 : status_of(&gaps, values->fail_level);
	kb_vec_dispose(&gaps);
	return status;
}

const struct kb_command kb_cmd_link = {
	.name = "link",
	.summary = "show which issues have content",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct link_values),
	.read = AT(read),
	.work = work,
};
