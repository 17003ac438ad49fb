#include "cmd.h"

#include <stdio.h>

#include "kb/diag.h"
#include "kb/embed.h"
#include "kb/report.h"

static int list_rules(void)
{
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		const struct kb_rule_info *rule = kb_rule_info((enum kb_rule)i);

		kb_say(stdout, "%-28s %s\n", rule->id, rule->summary);
	}
	return KB_EXIT_OK;
}

static int explain(const struct kb_cli *cli, kb_str id)
{
	enum kb_rule rule;

	if (kb_rule_find(id, &rule)) {
		const char *near = kb_rule_nearest(id);

		kb_complain("there is no rule '%.*s'%s%s%s", KB_ARG(id),
			near ? ": did you mean '" : ": 'kb explain' lists them",
			near ? near : "", near ? "'?" : "");
		return KB_EXIT_FAILED;
	}
	_cleanup_buf_ kb_buf path = {0}, out = {0};
	const struct kb_report_style style = {.color = cli->color_out, .width = 78};
	struct kb_report report;
	kb_str text = KB_STR_NULL;
	kb_buf_fmt(&path, "rules/%.*s.md", KB_ARG(id));
	kb_embed_get(kb_buf_view(&path), &text);
	kb_report_init(&report, "");
	kb_report_prose(&report, text);
	kb_report_write(&report, KB_STR("text"), &style, &out, NULL);
	kb_report_dispose(&report);
	kb_put(cli, stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

static int run(const struct kb_cli *cli, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	(void)values;
	(void)err;
	if (!operands->len)
		return list_rules();
	int status = KB_EXIT_OK;
	for (size_t i = 0; i < operands->len; i++) {
		if (i)
			kb_say(stdout, "\n");
		if (explain(cli, operands->items[i]))
			status = KB_EXIT_FAILED;
	}
	return status;
}

const struct kb_command kb_cmd_explain = {
	.name = "explain",
	.summary = "explain what a rule checks, why, and how to fix it",
	.operands = "[RULE...]",
	.run = run,
};
