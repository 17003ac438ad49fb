/* kb stats report: topics that need work, the most expensive first. */
#include "output.h"
#include "progress.h"
#include "session.h"

#include "kb/moment.h"
#include "kb/pages.h"
#include "kb/pick.h"

struct stats_values {
	struct kb_read_values read;
	kb_strs reports;
	const char *month, *as_of, *issue, *locale, *owner;
};

#define AT(member) offsetof(struct stats_values, member)
static const struct kb_option options[] = {
	{0, "month", KB_OPT_STRING, AT(month), "YYYY-MM",
		"report on this month, such as 2026-10; default: the last one that is over",
		NULL},
	{0, "as-of", KB_OPT_STRING, AT(as_of), "DATE",
		"report as of this date, such as 2026-11-20; default: today", NULL},
	{'i', "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"only this issue and those below it", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "CODE", "only this locale", NULL},
	{0, "owner", KB_OPT_STRING, AT(owner), "ID", "only what this person or team owns",
		NULL},
	KB_OUTPUT_OPTIONS(
		struct stats_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct stats_values, read),
	KB_OPTION_END,
};

static int read_wanted(struct kb_library *lib, const struct stats_values *values,
	struct kb_stats_wanted *wanted, struct kb_error *err)
{
	*wanted = (struct kb_stats_wanted){.month = values->month,
		.locale = KB_NONE,
		.owner = kb_str_of(values->owner)};
	if (values->as_of && kb_moment_parse(kb_str_of(values->as_of),
				     lib->config->timezone, lib->now, &lib->now))
		return kb_error_set(err, KB_E_USAGE,
			"'%s' is not a date: write it as 2026-11-20", values->as_of);
	if (values->locale && kb_pick_locale(lib, values->locale, &wanted->locale, err))
		return -1;
	if (values->owner && kb_pick_person(lib, wanted->owner, err))
		return -1;
	return values->issue
		       ? kb_pick_issue(lib, kb_str_of(values->issue), &wanted->issue, err)
		       : 0;
}

static int print(struct kb_session *session, const struct stats_values *values,
	const struct kb_stats *stats, struct kb_error *err)
{
	struct kb_report report;

	kb_progress_end(KB_TAKE(session->progress));
	kb_report_stats(&report, session->lib, stats);
	int failed = kb_output_report(
		session->cli, &values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	return failed ? -1 : KB_EXIT_OK;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct stats_values *values = opaque;
	struct kb_history *history = NULL;
	struct kb_stats_wanted wanted;
	struct kb_stats stats = {0};

	(void)operands;
	int status = read_wanted(session->lib, values, &wanted, err) ||
		     kb_history_load(&history, session->source, err) ||
		     kb_stats_find(
			     session->lib, history, &wanted, session->arena, &stats, err);
	status = status ? -1 : print(session, values, &stats, err);
	kb_stats_dispose(&stats);
	kb_history_free(history);
	return status;
}

const struct kb_command kb_cmd_stats_report = {
	.name = "stats report",
	.summary = "report topics that need work, the most expensive first",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct stats_values),
	.read = AT(read),
	.progress = "Reporting",
	.work = work,
};
