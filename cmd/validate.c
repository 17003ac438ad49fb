#include "external.h"
#include "kb/fix.h"
#include "input.h"
#include "progress.h"
#include "since.h"

#include <stdio.h>

struct validate_values {
	struct kb_read_values read;
	struct kb_findings_values report;
	struct kb_input_values input;
	struct kb_external_values external;
	const char *since;
	bool list_rules, fix, dry_run;
};

static const struct kb_option options[] = {
	KB_FINDINGS_OPTIONS(struct validate_values, report),
	{0, "fix", KB_OPT_FLAG, offsetof(struct validate_values, fix), NULL,
		"fix what has a safe fix, then report the rest", NULL},
	{'n', "dry-run", KB_OPT_FLAG, offsetof(struct validate_values, dry_run), NULL,
		"with --fix: write nothing; print a patch of the fixes", NULL},
	{0, "since", KB_OPT_STRING, offsetof(struct validate_values, since), "REV",
		"report only problems that are new since the merge base with REV", NULL},
	{0, "staged", KB_OPT_FLAG, offsetof(struct validate_values, read.staged), NULL,
		"check the index and report what it changes", NULL},
	KB_INPUT_OPTIONS(struct validate_values, input),
	KB_EXTERNAL_OPTIONS(struct validate_values, external),
	{0, "list-rules", KB_OPT_FLAG, offsetof(struct validate_values, list_rules), NULL,
		"list the rules with their severity", NULL},
	KB_READ_OPTIONS(struct validate_values, read),
	KB_OPTION_END,
};

static int list_rules(void)
{
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		const struct kb_rule_info *rule = kb_rule_info((enum kb_rule)i);

		kb_say(stdout, "%-28s %-8s %-12s %s\n", rule->id,
			kb_severity_name((enum kb_severity)rule->severity), rule->family,
			rule->summary);
	}
	return KB_EXIT_OK;
}

static void select_findings(const struct kb_session *session, const kb_strs *paths,
	struct kb_findings *findings)
{
	for (size_t i = 0; i < session->diags.len; i++) {
		const struct kb_diag *diag = &session->diags.items[i];

		if (kb_path_selected(paths, diag->path))
			kb_findings_add(findings, diag);
	}
	if (!session->lib)
		return;
	for (uint32_t i = 0; i < session->lib->ndocs; i++)
		findings->documents +=
			kb_path_selected(paths, session->lib->docs[i]->path);
}

/* A patch, or what standard input becomes; then the findings are in the status alone. */
static bool prints_text(const struct validate_values *values)
{
	return values->dry_run || (values->fix && values->input.stdin_filename);
}

/* What is being validated. */
struct validation {
	struct kb_session session;
	struct kb_fix fix;
	struct kb_input input;
	struct kb_since since;
	struct kb_arena *arena;
	kb_strs paths;
};

static int report(const struct kb_cli *cli, const struct validate_values *values,
	const struct validation *v)
{
	struct kb_findings findings = {.fresh = v->since.wanted, .quiet = cli->quiet};
	struct kb_error err;

	if (v->session.source)
		findings.prefix = kb_source_prefix(v->session.source);
	select_findings(&v->session, &v->paths, &findings);
	int status = kb_output_status(values->report.fail_level, &findings);
	if (!prints_text(values) &&
		kb_output_findings(cli, &values->report.reports, &findings, &err))
		status = kb_fail(&err);
	kb_vec_dispose(&findings);
	return status;
}

/* The files that are asked for. */
static int find_paths(const struct kb_cli *cli, const struct validate_values *values,
	struct validation *v, struct kb_error *err)
{
	kb_str given = kb_str_of(values->read.stdin_filename);
	const kb_strs stdin_file = {&given, given.len > 0, 1};
	struct kb_error why;

	v->paths.len = 0;
	if (kb_operand_paths(
		    v->session.lib, v->arena, &v->input.operands, &v->paths, err))
		return -1;
	/* An editor asks about any file. */
	if (kb_operand_paths(v->session.lib, v->arena, &stdin_file, &v->paths, &why) &&
		!cli->quiet)
		kb_complain("%s", why.message);
	if (v->input.restricted && !v->paths.len)
		kb_vec_push(&v->paths, KB_STR("/"));
	return 0;
}

static int ask_external(const struct kb_cli *cli, const struct validate_values *values,
	struct validation *v, struct kb_error *err)
{
	if (!values->external.external)
		return 0;
	return kb_external_check(cli, &values->external, &v->session, &v->paths,
		v->since.wanted ? kb_since_changes(&v->since) : NULL, err);
}

static int check_once(const struct kb_cli *cli, const struct validate_values *values,
	struct validation *v, struct kb_progress *progress, struct kb_error *err)
{
	struct kb_check_options check_options = {.threads = values->read.jobs,
		.changes = kb_since_changes,
		.ctx = &v->since};

	if (kb_session_open(cli, &v->session, &values->read, err) ||
		kb_since_open(&v->since, cli, &values->read, &v->session, err))
		return -1;
	kb_progress_phase(progress, "Checking");
	check_options.base = v->since.base.lib;
	if (kb_since_unchanged(&v->since))
		v->session.diags.len = 0;
	else
		kb_check(v->session.lib, &check_options, &v->session.diags);
	if (find_paths(cli, values, v, err) ||
		(values->fix && kb_edit_check_read(v->session.lib, &v->session.diags,
					&v->paths, err)) ||
		(!values->fix && ask_external(cli, values, v, err)))
		return -1;
	kb_brought_finish(
		&v->since.base, v->session.lib, values->read.jobs, &v->session.diags);
	return 0;
}

/* Makes a round of fixing. Without a kb.yaml that can be read, that is all there is, if
 * nothing else is asked for. */
static bool apply_fixes(struct validate_values *values, struct validation *v, bool failed,
	const struct kb_error *err)
{
	bool config = failed && err->code == KB_E_CONFIG && !v->session.lib &&
		      !v->input.operands.len && !v->input.restricted &&
		      !values->read.stdin_filename;
	struct kb_rewrite *rewrites;

	if (!values->fix || (failed && !config))
		return false;
	bool changed = kb_fix_content(&v->fix, v->session.source, v->session.lib,
		&v->session.diags, &v->paths, values->read.config);
	values->read.nrewrites = kb_fix_rewrites(&v->fix, &rewrites);
	values->read.rewrites = rewrites;
	return changed;
}

/* Opens and checks, again after each round of fixing. */
static int examine(const struct kb_cli *cli, struct validate_values *values,
	struct validation *v, struct kb_error *err)
{
	struct kb_progress *progress = kb_progress_start(cli, "Reading");
	int failed;

	for (;;) {
		failed = check_once(cli, values, v, progress, err);
		if (!apply_fixes(values, v, failed, err))
			break;
		kb_session_dispose(&v->session);
		kb_progress_phase(progress, "Fixing");
	}
	/* No fix depends on what other sites answer, so kb asks them last, and once. */
	if (!failed && values->fix && values->external.external) {
		failed = ask_external(cli, values, v, err);
		kb_brought_finish(&v->since.base, v->session.lib, values->read.jobs,
			&v->session.diags);
	}
	kb_progress_end(progress);
	return failed;
}

/* Writes the fixed files or prints the patch that would; of standard input, the text. */
static int change(const struct kb_cli *cli, const struct validate_values *values,
	struct validation *v, struct kb_error *err)
{
	struct kb_rewrite *rewrites;
	size_t n = kb_fix_rewrites(&v->fix, &rewrites), fixed = kb_fix_count(&v->fix);

	if (values->read.stdin_filename && !values->dry_run)
		kb_put_bytes(stdout, n ? rewrites->after : values->read.stdin_text);
	else if (kb_session_change(&v->session, values->dry_run, rewrites, n, err))
		return -1;
	if (!cli->quiet && n)
		kb_complain("%s %zu finding%s in %zu file%s",
			values->dry_run ? "would fix" : "fixed", fixed,
			fixed == 1 ? "" : "s", n, n == 1 ? "" : "s");
	else if (!cli->quiet)
		kb_complain("there is nothing that kb can fix");
	return 0;
}

static int validate(
	const struct kb_cli *cli, struct validate_values *values, struct validation *v)
{
	struct kb_error err;

	if (examine(cli, values, v, &err)) {
		if (prints_text(values))
			return kb_session_failed(cli, &v->session, &err);
		if (err.code == KB_E_CONFIG)
			report(cli, values, v);
		return kb_fail(&err);
	}
	if (values->fix && change(cli, values, v, &err))
		return kb_fail(&err);
	return report(cli, values, v);
}

/* Options that make no sense together. */
static int refuse(const struct validate_values *values, struct kb_error *err)
{
	if (values->dry_run && !values->fix)
		return kb_error_set(err, KB_E_USAGE, "--dry-run belongs to --fix");
	if (values->fix && (values->read.rev || values->read.staged))
		return kb_error_set(err, KB_E_USAGE,
			"--fix changes files in the work tree: it cannot fix %s",
			values->read.rev ? "--rev" : "--staged");
	if (values->read.staged && values->read.rev)
		return kb_error_set(err, KB_E_USAGE,
			"a revision has no index: leave out --rev or --staged");
	if (prints_text(values) && values->report.reports.len)
		return kb_error_set(err, KB_E_USAGE,
			"%s prints a %s: leave out --format and --output",
			values->dry_run ? "--dry-run" : "--fix of standard input",
			values->dry_run ? "patch" : "text");
	return 0;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct validate_values *values = opaque;
	struct validation v = {0};
	struct kb_error err;

	values->read.check = true;
	if (values->list_rules)
		return list_rules();
	if (refuse(values, &err) || kb_external_read(&values->external, &err))
		return kb_fail(&err);
	v.since.rev = values->since;
	values->read.history = values->since != NULL;
	v.since.wanted = values->since || values->read.staged;
	v.arena = kb_arena_new();
	kb_fix_init(&v.fix);
	int status =
		kb_input_read(&v.input, &values->input, operands, &values->read, &err)
			? kb_fail(&err)
			: validate(cli, values, &v);
	kb_since_dispose(&v.since);
	kb_session_dispose(&v.session);
	kb_input_dispose(&v.input);
	kb_fix_dispose(&v.fix);
	kb_vec_dispose(&v.paths);
	kb_arena_free(v.arena);
	return status;
}

const struct kb_command kb_cmd_validate = {
	.name = "validate",
	.summary = "find problems in the content",
	.operands = "[PATH...]",
	.options = options,
	.values_size = sizeof(struct validate_values),
	.draws = true,
	.run = run,
};
