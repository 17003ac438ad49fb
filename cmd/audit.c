/* kb audit: what is stale, missing or orphaned. */
#include "output.h"
#include "session.h"
#include "kb/pick.h"
#include "progress.h"

#include "kb/change.h"
#include "kb/check.h"
#include "kb/pages.h"
#include "kb/moment.h"
#include "kb/unicode.h"

struct audit_values {
	struct kb_read_values read;
	kb_strs reports, owners;
	const char *issue, *locale, *as_of;
	const char *sender, *to;
	int min_severity, fail_level;
	bool summary;
};

static const char *const min_severities[] = {"info", "warning", "error", NULL};

static const char *const formats[] = {
	"text", "markdown", "html", "json", "csv", "sarif", "email", NULL};

#define AT(member) offsetof(struct audit_values, member)
static const struct kb_option options[] = {
	{0, "owner", KB_OPT_LIST, AT(owners), "ID",
		"only what this person or team owns; 'me': you and your teams, by the "
		"email address that Git uses; may be repeated",
		NULL},
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
	KB_FAIL_LEVEL_OPTION(struct audit_values, fail_level),
	KB_OUTPUT_OPTIONS(struct audit_values, reports, formats,
		"print text (default), markdown, html, json, csv, sarif, or an email to "
		"--owner; may be repeated, each with --output"),
	{0, "from", KB_OPT_STRING, AT(sender), "ADDRESS",
		"the sender of the email; default: the email address under 'contact' "
		"in kb.yaml",
		NULL},
	{0, "to", KB_OPT_STRING, AT(to), "ADDRESS",
		"the recipients of the email; default: the owner's address, or those of "
		"the team's members",
		NULL},
	KB_READ_OPTIONS(struct audit_values, read),
	KB_OPTION_END,
};

struct audit_run {
	struct kb_session *session;
	const struct audit_values *values;
	struct kb_history *history;
	struct kb_audit found;
	struct kb_audit_scores scores;
	struct kb_audit_filter filter;
	kb_strs owners;
	struct kb_report report;
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

/* The teams of a person count as the person. */
static void add_with_teams(struct audit_run *run, kb_str id)
{
	const struct kb_people *people = run->session->lib->people;

	kb_vec_push(&run->owners, id);
	for (uint32_t i = 0; i < people->len; i++)
		for (size_t k = 0; k < people->items[i].members.len; k++)
			if (kb_str_eq(people->items[i].members.items[k], id))
				kb_vec_push(&run->owners, people->items[i].id);
}

static int add_me(struct audit_run *run, struct kb_error *err)
{
	const struct kb_people *people = run->session->lib->people;
	kb_str email = kb_git_email(".", run->session->arena);

	for (uint32_t i = 0; email.len && i < people->len; i++)
		if (kb_str_eq_nocase(people->items[i].email, email)) {
			add_with_teams(run, people->items[i].id);
			return 0;
		}
	return email.len ? kb_error_set(err, KB_E_USAGE,
				   "nobody in %.*s has the email address %.*s, which Git "
				   "uses: add it, or name yourself with --owner ID",
				   KB_ARG(people->path), KB_ARG(email))
			 : kb_error_set(err, KB_E_USAGE,
				   "Git has no email address for you: run 'git config "
				   "user.email ADDRESS', or use --owner ID");
}

static int read_owners(struct audit_run *run, struct kb_error *err)
{
	const kb_strs *given = &run->values->owners;

	for (size_t i = 0; i < given->len; i++) {
		kb_str id = given->items[i];

		if (kb_str_is(id, "me") &&
			!kb_people_find(run->session->lib->people, id)) {
			if (add_me(run, err))
				return -1;
			continue;
		}
		if (check_owner(run, id, err))
			return -1;
		kb_vec_push(&run->owners, id);
	}
	return 0;
}

static int read_filters(struct audit_run *run, struct kb_error *err)
{
	const struct audit_values *values = run->values;
	const struct kb_library *lib = run->session->lib;

	run->filter = (struct kb_audit_filter){.owners = &run->owners,
		.locale = KB_NONE,
		.least = (enum kb_severity)(KB_INFO + values->min_severity)};
	if (read_owners(run, err))
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
		return kb_moment_refuse(err, kb_str_of(day), "2026-11-20");
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

/* The addresses of the owners: a team's own, else its members'. */
static kb_str addresses(const struct audit_run *run)
{
	const struct kb_library *lib = run->session->lib;
	_cleanup_buf_ kb_buf list = {0};

	for (size_t i = 0; i < run->owners.len; i++) {
		const struct kb_person *owner =
			kb_people_find(lib->people, run->owners.items[i]);
		bool own = owner && owner->email.len;

		if (own)
			kb_buf_fmt(&list, "%s%.*s", list.len ? ", " : "",
				KB_ARG(owner->email));
		for (size_t k = 0; owner && !own && k < owner->members.len; k++) {
			const struct kb_person *member =
				kb_people_find(lib->people, owner->members.items[k]);

			if (member && member->email.len &&
				!kb_person_left(lib->config, member, lib->now))
				kb_buf_fmt(&list, "%s%.*s", list.len ? ", " : "",
					KB_ARG(member->email));
		}
	}
	return kb_arena_str(run->session->arena, kb_buf_view(&list));
}

static int write_mail(const struct audit_run *run, kb_buf *out, struct kb_error *err)
{
	const struct kb_library *lib = run->session->lib;
	struct kb_mail mail = {.from = kb_str_of(run->values->sender),
		.to = kb_str_of(run->values->to),
		.date = lib->now};

	if (!run->owners.len)
		return kb_error_set(err, KB_E_USAGE,
			"an email needs its owner: use --owner, once for each message");
	const struct kb_person *owner = kb_people_find(lib->people, run->owners.items[0]);
	if (!mail.to.len)
		mail.to = addresses(run);
	for (uint32_t i = 0; i < lib->config->ncontacts && !mail.from.len; i++)
		mail.from = lib->config->contacts[i].email;
	mail.subject = kb_arena_fmt(run->session->arena, "%.*s: %zu finding%s for %.*s",
		KB_ARG(kb_l10n_get(lib->config, &lib->config->name, 0)), run->found.len,
		run->found.len == 1 ? "" : "s",
		KB_ARG(owner && owner->name.len ? owner->name : run->owners.items[0]));
	return kb_report_mail(&run->report, &mail, out, err);
}

/* A page with charts; a report of a part of the content has none. */
static int write_page(struct audit_run *run, kb_buf *out, struct kb_error *err)
{
	const struct kb_library *lib = run->session->lib;
	struct kb_arena *arena = run->session->arena;
	struct kb_audit_month *months =
		kb_arena_array(arena, struct kb_audit_month, KB_TREND_MONTHS);
	const struct kb_stats_wanted wanted = {.issue = run->filter.issue,
		.locale = run->filter.locale,
		.owner = run->owners.len ? run->owners.items[0] : KB_STR("")};
	struct kb_stats stats;
	struct kb_report page;
	int no_usage = kb_stats_find(lib, run->history, &wanted, arena, &stats, NULL);

	kb_audit_trend(lib, run->history, run->values->read.jobs, arena, months);
	kb_report_audit_page(&page, lib,
		&(struct kb_audit_told){
			&run->found, &run->scores, months, no_usage ? NULL : &stats});
	int failed = kb_report_write(
		&page, KB_STR("html"), &(struct kb_report_style){0}, out, err);
	kb_report_dispose(&page);
	kb_stats_dispose(&stats);
	return failed;
}

static int write_own(void *ctx, kb_str format, kb_buf *out, struct kb_error *err)
{
	struct audit_run *run = ctx;

	if (kb_str_is(format, "html") && !run->values->summary)
		return write_page(run, out, err);
	if (kb_str_is(format, "email"))
		return write_mail(run, out, err);
	if (!kb_str_is(format, "sarif"))
		return 1;
	kb_audit_sarif(run->session->lib, &run->found, out);
	return 0;
}

static int print(struct audit_run *run, struct kb_error *err)
{
	const struct kb_session *session = run->session;

	kb_audit_score(session->lib, &run->found, session->arena, &run->scores);
	kb_audit_choose(session->lib, &run->filter, &run->found);
	kb_report_audit(&run->report, session->lib, &run->found, &run->scores,
		run->values->summary);
	int failed = kb_output_report(
		session->cli, &run->values->reports, &run->report, write_own, run, err);
	kb_report_dispose(&run->report);
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
	kb_vec_dispose(&run.owners);
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
