/* kb audit: what is stale, missing or orphaned. */
#include "output.h"
#include "session.h"
#include "kb/pick.h"
#include "progress.h"

#include "kb/check.h"
#include "kb/pages.h"
#include "kb/moment.h"
#include "kb/unicode.h"

struct audit_values {
	struct kb_read_values read;
	kb_strs reports, owners;
	const char *issue, *locale, *as_of;
	int min_severity, fail_level;
	bool summary;
};

static const char *const min_severities[] = {"info", "warning", "error", NULL};

#define AT(member) offsetof(struct audit_values, member)
static const struct kb_option options[] = {
	{0, "owner", KB_OPT_LIST, AT(owners), "ID",
		"only what this person or team owns; may be repeated", NULL},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"only what is about this issue or one below it", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"only what is in this locale, or missing from it", NULL},
	{0, "min-severity", KB_OPT_CHOICE, AT(min_severity), "LEVEL",
		"leave out findings below info (default), warning or error",
		min_severities},
	{0, "as-of", KB_OPT_STRING, AT(as_of), "DATE",
		"report as of this date, such as 2026-11-20; default: today", NULL},
	{0, "summary", KB_OPT_FLAG, AT(summary), NULL,
		"print only the number of findings of each kind", NULL},
	{0, "fail-level", KB_OPT_CHOICE, AT(fail_level), "LEVEL",
		"end with status 1 on findings of this severity or worse: error "
		"(default), warning, info or none",
		kb_fail_levels},
	KB_OUTPUT_OPTIONS(
		struct audit_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct audit_values, read),
	KB_OPTION_END,
};

struct audit_run {
	struct kb_session *session;
	const struct audit_values *values;
	struct kb_history *history;
	struct kb_audit found;
	struct kb_audit_filter filter;
};

static int status_of(const struct audit_run *run)
{
	int level = run->values->fail_level;

	for (size_t i = 0; i < run->found.len; i++)
		if (level < 3 && (int)run->found.items[i].severity >= KB_ERROR - level)
			return KB_EXIT_FOUND;
	return KB_EXIT_OK;
}

/* Somebody of people.yaml, or whom content names although they are not there. */
static int check_owner(const struct audit_run *run, kb_str id, struct kb_error *err)
{
	for (size_t i = 0; i < run->found.len; i++)
		if (kb_str_eq(run->found.items[i].owner, id))
			return 0;
	return kb_pick_person(run->session->lib, id, err);
}

static int read_filters(struct audit_run *run, struct kb_error *err)
{
	const struct audit_values *values = run->values;
	const struct kb_library *lib = run->session->lib;

	run->filter = (struct kb_audit_filter){.owners = &values->owners,
		.locale = KB_NONE,
		.least = (enum kb_severity)(KB_INFO + values->min_severity)};
	for (size_t i = 0; i < values->owners.len; i++)
		if (check_owner(run, values->owners.items[i], err))
			return -1;
	if (values->locale &&
		kb_pick_locale(lib, values->locale, &run->filter.locale, err))
		return -1;
	return values->issue ? kb_pick_issue(lib, kb_str_of(values->issue),
				       &run->filter.issue, err)
			     : 0;
}

static void tell_unknown(const struct audit_run *run)
{
	const struct kb_history *history = run->history;
	bool told = kb_source_git_fault(run->session->source).len > 0;

	if (kb_history_shallow(history))
		kb_complain("this clone lacks a part of the history, and what depends "
			    "on it is left out: run 'git fetch --unshallow', or set "
			    "fetch-depth: 0 in CI");
	else if (!kb_history_commits(history) && !told)
		kb_complain("there is no history here, and what depends on it is left "
			    "out: changes since a review, the age of drafts, how far "
			    "translations are behind");
}

/* --as-of: every check looks at the library's clock. */
static int set_clock(struct audit_run *run, struct kb_error *err)
{
	struct kb_library *lib = run->session->lib;
	const char *day = run->values->as_of;

	if (day && kb_moment_parse(
			   kb_str_of(day), lib->config->timezone, lib->now, &lib->now))
		return kb_error_set(err, KB_E_USAGE,
			"'%s' is not a date: write it as 2026-11-20", day);
	return 0;
}

static int find(struct audit_run *run, struct kb_error *err)
{
	struct kb_check_options check = {.threads = run->values->read.jobs};
	struct kb_session *session = run->session;

	if (set_clock(run, err) || kb_history_load(&run->history, session->source, err))
		return -1;
	kb_check(session->lib, &check, &session->diags);
	kb_source_finish(session->source, &session->diags);
	kb_audit_find(session->lib, run->history, &session->diags, check.threads,
		session->arena, &run->found);
	return read_filters(run, err);
}

static int print(struct audit_run *run, struct kb_error *err)
{
	const struct kb_session *session = run->session;
	struct kb_report report;

	kb_audit_choose(session->lib, &run->filter, &run->found);
	kb_report_audit(&report, session->lib, &run->found, run->values->summary);
	int failed = kb_output_report(
		session->cli, &run->values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	if (!failed && !session->cli->quiet)
		tell_unknown(run);
	return failed ? -1 : status_of(run);
}

static int audit(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	struct audit_run run = {.session = session, .values = values};

	(void)operands;
	int status = find(&run, err);
	kb_progress_end(KB_TAKE(session->progress));
	if (!status)
		status = print(&run, err);
	kb_history_free(run.history);
	return status;
}

const struct kb_command kb_cmd_audit = {
	.name = "audit",
	.summary = "report content that is out of date or missing, by owner",
	.operands = "",
	.options = options,
	.values_size = sizeof(struct audit_values),
	.draws = true,
	.needs = KB_NEEDS_CHECK,
	.read = AT(read),
	.progress = "Auditing",
	.work = audit,
};
