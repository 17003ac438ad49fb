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
	struct kb_input files;
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

static bool list_rules(const struct kb_cli *cli, void *opaque)
{
	const struct validate_values *values = opaque;

	(void)cli;
	if (!values->list_rules)
		return false;
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		const struct kb_rule_info *rule = kb_rule_info((enum kb_rule)i);

		kb_say(stdout, "%-28s %-8s %-12s %s\n", rule->id,
			kb_severity_name((enum kb_severity)rule->severity), rule->family,
			rule->summary);
	}
	return true;
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
	struct kb_session *session;
	const struct validate_values *values;
	struct kb_read_values read; /* with the fixes that were made so far */
	struct kb_fix fix;
	struct kb_since since;
	kb_strs paths;
};

static int report(const struct validation *v, struct kb_error *err)
{
	const struct kb_session *session = v->session;
	const struct kb_findings_values *values = &v->values->report;
	struct kb_findings findings = {
		.fresh = v->since.wanted, .quiet = session->cli->quiet};

	if (session->source)
		findings.prefix = kb_source_prefix(session->source);
	select_findings(session, &v->paths, &findings);
	int status = kb_output_status(values->fail_level, &findings);
	if (!prints_text(v->values) &&
		kb_output_findings(session->cli, &values->reports, &findings, err))
		status = -1;
	kb_vec_dispose(&findings);
	return status;
}

/* The files that are asked for. */
static int find_paths(struct validation *v, struct kb_error *err)
{
	const struct kb_session *session = v->session;
	const struct kb_input *files = &v->values->files;
	kb_str given = kb_str_of(v->read.stdin_filename);
	const kb_strs stdin_file = {&given, given.len > 0, 1};
	struct kb_error why;

	v->paths.len = 0;
	if (kb_operand_paths(
		    session->lib, session->arena, &files->operands, &v->paths, err))
		return -1;
	/* An editor asks about any file. */
	if (kb_operand_paths(
		    session->lib, session->arena, &stdin_file, &v->paths, &why) &&
		!session->cli->quiet)
		kb_complain("%s", why.message);
	if (files->restricted && !v->paths.len)
		kb_vec_push(&v->paths, KB_STR("/"));
	return 0;
}

static int ask_external(struct validation *v, struct kb_error *err)
{
	if (!v->values->external.external)
		return 0;
	return kb_external_check(v->session->cli, &v->values->external, v->session,
		&v->paths, v->since.wanted ? kb_since_changes(&v->since) : NULL, err);
}

static int check_once(struct validation *v, struct kb_error *err)
{
	struct kb_session *session = v->session;
	struct kb_check_options check_options = {
		.threads = v->read.jobs, .changes = kb_since_changes, .ctx = &v->since};

	if (kb_since_open(&v->since, session->cli, &v->read, session, err))
		return -1;
	kb_progress_phase(session->progress, "Checking");
	check_options.base = v->since.base.lib;
	if (kb_since_unchanged(&v->since))
		session->diags.len = 0;
	else
		kb_check(session->lib, &check_options, &session->diags);
	if (find_paths(v, err) ||
		(v->values->fix && kb_edit_check_read(session->lib, &session->diags,
					   &v->paths, err)) ||
		(!v->values->fix && ask_external(v, err)))
		return -1;
	kb_brought_finish(&v->since.base, session->lib, v->read.jobs, &session->diags);
	return 0;
}

/* Makes a round of fixing. Without a kb.yaml that can be read, that is all there is, if
 * nothing else is asked for. */
static bool apply_fixes(struct validation *v, bool failed, const struct kb_error *err)
{
	const struct kb_input *files = &v->values->files;
	struct kb_session *session = v->session;
	bool config = failed && err->code == KB_E_CONFIG && !session->lib &&
		      !files->operands.len && !files->restricted &&
		      !v->read.stdin_filename;
	struct kb_rewrite *rewrites;

	if (!v->values->fix || (failed && !config))
		return false;
	bool changed = kb_fix_content(&v->fix, session->source, session->lib,
		&session->diags, &v->paths, v->read.config);
	v->read.nrewrites = kb_fix_rewrites(&v->fix, &rewrites);
	v->read.rewrites = rewrites;
	return changed;
}

/* Checks, again after each round of fixing. FAILED: the content could not be read. */
static int examine(struct validation *v, bool failed, struct kb_error *err)
{
	struct kb_session *session = v->session;

	for (;;) {
		failed = failed || check_once(v, err);
		if (!apply_fixes(v, failed, err))
			break;
		failed = kb_session_reopen(session, &v->read, err);
		kb_progress_phase(session->progress, "Fixing");
	}
	/* No fix depends on what other sites answer, so kb asks them last, and once. */
	if (!failed && v->values->fix && v->values->external.external) {
		failed = ask_external(v, err);
		kb_brought_finish(
			&v->since.base, session->lib, v->read.jobs, &session->diags);
	}
	kb_progress_end(KB_TAKE(session->progress));
	return failed ? -1 : 0;
}

/* Writes the fixed files or prints the patch that would; of standard input, the text. */
static int change(struct validation *v, struct kb_error *err)
{
	bool dry_run = v->values->dry_run, quiet = v->session->cli->quiet;
	struct kb_rewrite *rewrites;
	size_t n = kb_fix_rewrites(&v->fix, &rewrites), fixed = kb_fix_count(&v->fix);

	if (v->read.stdin_filename && !dry_run)
		kb_put_bytes(stdout, n ? rewrites->after : v->read.stdin_text);
	else if (kb_session_change(v->session, dry_run, rewrites, n, err))
		return -1;
	if (!quiet && n)
		kb_complain("%s %zu finding%s in %zu file%s",
			dry_run ? "would fix" : "fixed", fixed, fixed == 1 ? "" : "s", n,
			n == 1 ? "" : "s");
	else if (!quiet)
		kb_complain("there is nothing that kb can fix");
	return 0;
}

/* The findings of a configuration that cannot be read are printed as any. */
static int report_broken(const struct validation *v, const struct kb_error *err)
{
	struct kb_error why;

	if (err->code != KB_E_CONFIG)
		return -1;
	if (prints_text(v->values))
		kb_output_complain(v->session->cli, &v->session->diags, KB_INFO);
	else if (report(v, &why) < 0)
		kb_fail(&why);
	return -1;
}

static int validate(struct validation *v, struct kb_error *err)
{
	if (examine(v, !v->session->lib, err))
		return report_broken(v, err);
	if (v->values->fix && change(v, err))
		return -1;
	return report(v, err);
}

/* Options that make no sense together. */
static int check_options(const struct validate_values *values, struct kb_error *err)
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

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct validate_values *values = opaque;

	if (values->list_rules)
		return 0;
	values->read.history = values->since != NULL;
	return check_options(values, err) || kb_external_read(&values->external, err) ||
			       kb_input_read(&values->files, &values->input, operands,
				       &values->read, err)
		       ? -1
		       : 0;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct validate_values *values = opaque;
	struct validation v = {.session = session,
		.values = values,
		.read = values->read,
		.since = {.rev = values->since,
			.wanted = values->since || values->read.staged}};

	(void)operands;
	kb_fix_init(&v.fix);
	int status = validate(&v, err);
	kb_since_dispose(&v.since);
	kb_fix_dispose(&v.fix);
	kb_vec_dispose(&v.paths);
	return status;
}

static void dispose(void *opaque)
{
	struct validate_values *values = opaque;

	kb_input_dispose(&values->files);
}

const struct kb_command kb_cmd_validate = {
	.name = "validate",
	.summary = "find problems in the content",
	.operands = "[PATH...]",
	.options = options,
	.values_size = sizeof(struct validate_values),
	.draws = true,
	.check = check,
	.shortcut = list_rules,
	.needs = KB_NEEDS_CHECK,
	.read = offsetof(struct validate_values, read),
	.takes_broken = true,
	.progress = "Reading",
	.work = work,
	.dispose = dispose,
};
