#include "open.h"
#include "progress.h"

#include <stdio.h>

#include "kb/check.h"

struct validate_values {
	struct kb_read_values read;
	struct kb_report_values report;
	bool list_rules;
};

static const struct kb_option options[] = {
	KB_REPORT_OPTIONS(struct validate_values, report),
	{0, "list-rules", KB_OPT_FLAG, offsetof(struct validate_values, list_rules), NULL,
		"list the rules with their severity and end", NULL},
	KB_READ_OPTIONS(struct validate_values, read),
	KB_OPTION_END,
};

static int list_rules(void)
{
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		const struct kb_rule_info *rule = kb_rule_info((enum kb_rule)i);
		printf("%-28s %-8s %-12s %s\n", rule->id,
			kb_severity_name((enum kb_severity)rule->severity), rule->family,
			rule->summary);
	}
	return KB_EXIT_OK;
}

static void select_findings(const struct kb_opened *opened, const kb_strs *paths,
	struct kb_findings *findings)
{
	for (size_t i = 0; i < opened->diags.len; i++) {
		const struct kb_diag *diag = &opened->diags.items[i];
		if (kb_path_selected(paths, diag->path))
			kb_findings_add(findings, diag);
	}
	if (!opened->lib)
		return;
	for (uint32_t i = 0; i < opened->lib->ndocs; i++)
		findings->documents +=
			kb_path_selected(paths, opened->lib->docs[i]->path);
}

static int report(const struct kb_cli *cli, const struct validate_values *values,
	const struct kb_opened *opened, const kb_strs *paths)
{
	struct kb_findings findings = {0};
	struct kb_error err;
	select_findings(opened, paths, &findings);
	int status = kb_report_status(&values->report, &findings);
	if (kb_report_write(cli, &values->report, &findings, &err))
		status = kb_fail(&err);
	kb_vec_dispose(&findings);
	return status;
}

static int check(const struct kb_cli *cli, const struct validate_values *values,
	const kb_strs *operands, struct kb_opened *opened)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_check_options check_options = {.threads = values->read.jobs};
	struct kb_error err;
	kb_strs paths = {0};
	int status;
	struct kb_progress *progress = kb_progress_start(cli, "Reading");
	int failed = kb_open(cli, opened, &values->read, &err);
	if (!failed) {
		kb_progress_phase(progress, "Checking");
		kb_check(opened->lib, &check_options, &opened->diags);
		kb_opened_finish(opened);
	}
	kb_progress_end(progress);
	if (failed && err.code == KB_E_CONFIG) {
		report(cli, values, opened, &paths);
		status = kb_fail(&err);
	} else if (failed || kb_operand_paths(opened, arena, operands, &paths, &err)) {
		status = kb_fail(&err);
	} else {
		status = report(cli, values, opened, &paths);
	}
	kb_vec_dispose(&paths);
	return status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct validate_values *values = opaque;
	struct kb_opened opened;
	if (values->list_rules)
		return list_rules();
	int status = check(cli, values, operands, &opened);
	kb_opened_dispose(&opened);
	return status;
}

const struct kb_command kb_cmd_validate = {
	.name = "validate",
	.summary = "find everything that is wrong with content",
	.operands = "[PATH...]",
	.options = options,
	.values_size = sizeof(struct validate_values),
	.run = run,
};
