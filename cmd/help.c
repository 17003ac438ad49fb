#include "help.h"

#include <stdio.h>

#include "kb/report.h"

static const struct kb_report_style short_style = {.width = 78},
				    manual_style = {.width = 78, .indent = 4};

static void add_options(
	struct kb_report *report, const char *title, const struct kb_option *option)
{
	if (!option || !option->name)
		return;
	if (*title)
		kb_report_heading(report, 2, "%s", title);
	for (; option->name; option++) {
		_cleanup_buf_ kb_buf label = {0};

		kb_buf_puts(&label, option->letter ? "" : "    ");
		kb_option_label(&label, option);
		kb_report_term(report, kb_buf_view(&label));
		kb_report_add(report, "%s", option->help);
	}
}

static void add_synopsis(struct kb_report *report, const struct kb_command *command)
{
	kb_report_fmt(report, KB_ROLE_STRONG, "kb%s%s", command ? " " : "",
		command ? command->name : "");
	kb_report_add(report, " [OPTION...]%s%s",
		!command || *command->operands ? " " : "",
		command ? command->operands : "COMMAND [ARGUMENT...]");
}

static void add_commands(struct kb_report *report, const struct kb_cli *cli)
{
	for (size_t i = 0; cli->commands[i]; i++) {
		kb_report_term(report, kb_str_of(cli->commands[i]->name));
		kb_report_add(report, "%s", cli->commands[i]->summary);
	}
}

static void add_short(struct kb_report *report, const struct kb_cli *cli,
	const struct kb_command *command)
{
	kb_report_paragraph(report, "usage: ");
	add_synopsis(report, command);
	if (command) {
		kb_report_paragraph(report, "To %s.", command->summary);
		add_options(report, "", command->options);
	} else {
		add_commands(report, cli);
		kb_report_paragraph(report, "Options:");
		add_options(report, "", kb_global_options);
	}
	kb_report_paragraph(report, "'kb help%s%s' says more.",
		command ? " " : " COMMAND", command ? command->name : "");
}

/* A subcommand, in the manual of its command. */
static void add_below(struct kb_report *report, const struct kb_command *command)
{
	kb_report_heading(report, 2, "kb %s %s", command->name, command->operands);
	kb_report_paragraph(report, "To %s.", command->summary);
	add_options(report, "", command->options);
}

/* All but the name. The sections of the text come after the options. */
static void add_manual(struct kb_report *report, const struct kb_cli *cli,
	const struct kb_command *command)
{
	kb_str prose = kb_man_prose(command);
	size_t at = kb_str_find(prose, KB_STR("\n## "));

	kb_report_heading(report, 2, "Synopsis");
	kb_report_paragraph(report, "%s", "");
	add_synopsis(report, command);
	kb_report_heading(report, 2, "Description");
	kb_report_prose(report, kb_str_sub(prose, 0, at));
	if (command) {
		add_options(report, "Options", command->options);
	} else {
		kb_report_heading(report, 2, "Commands");
		add_commands(report, cli);
	}
	for (size_t i = 0; command && cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], command))
			add_below(report, cli->commands[i]);
	add_options(report, command ? "Options of every command" : "Options",
		kb_global_options);
	kb_report_prose(report, kb_str_sub(prose, at, prose.len));
}

static const char *summary_of(const struct kb_command *command)
{
	return command ? command->summary
		       : "customer-support knowledge as Markdown in Git";
}

static void put_manual(
	const struct kb_cli *cli, const struct kb_command *command, kb_buf *out)
{
	struct kb_report_style style = manual_style;
	struct kb_report report;

	kb_report_init(&report, "");
	style.color = cli->color_out;
	kb_report_heading(&report, 2, "Name");
	kb_report_paragraph(&report, "kb%s%s – %s", command ? " " : "",
		command ? command->name : "", summary_of(command));
	add_manual(&report, cli, command);
	kb_report_write(&report, KB_STR("text"), &style, out, NULL);
	kb_report_dispose(&report);
}

static void put_short(
	const struct kb_cli *cli, const struct kb_command *command, kb_buf *out)
{
	struct kb_report report;

	kb_report_init(&report, "");
	add_short(&report, cli, command);
	kb_report_write(&report, KB_STR("text"), &short_style, out, NULL);
	kb_report_dispose(&report);
}

/* In mdoc, when kb is built. */
static void put_man(
	const struct kb_cli *cli, const struct kb_command *command, kb_buf *out)
{
	const char *dash = command ? "-" : "", *name = command ? command->name : "";
	struct kb_report report;

	kb_buf_fmt(out, ".Dd " KB_DATE "\n.Dt KB%s", dash);
	for (const char *c = name; *c; c++)
		kb_buf_putc(out, (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c));
	kb_buf_fmt(out, " 1\n.Os kb %s\n.Sh NAME\n.Nm kb%s%s\n.Nd %s\n", KB_VERSION, dash,
		name, summary_of(command));
	kb_report_init(&report, "");
	add_manual(&report, cli, command);
	kb_report_write(&report, KB_STR("mdoc"), &manual_style, out, NULL);
	kb_report_dispose(&report);
	kb_buf_fmt(out, ".Sh SEE ALSO\n.Xr git 1%s", command ? " ,\n.Xr kb 1\n" : "\n");
}

void kb_help_print(const struct kb_cli *cli, const struct kb_command *command, FILE *to)
{
	_cleanup_buf_ kb_buf out = {0};

	if (cli->help)
		put_manual(cli, command, &out);
	else
		put_short(cli, command, &out);
	kb_put(cli, to, kb_buf_view(&out));
}

void kb_version_print(void)
{
	kb_say(stdout, "kb " KB_VERSION "\n" KB_LIBRARIES "\n");
}

static const char *const shell_words[] = {"bash", "zsh", "fish", NULL};

struct help_values {
	bool man;
	kb_strs shells;
};

static const struct kb_option help_options[] = {
	{0, "man", KB_OPT_FLAG, offsetof(struct help_values, man), NULL,
		"print the source of the manual page (mdoc)", NULL},
	{0, "completion", KB_OPT_LIST, offsetof(struct help_values, shells), "SHELL",
		"print the completion script for bash, zsh or fish", shell_words},
	KB_OPTION_END,
};

static int run_help(const struct kb_cli *cli, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct help_values *values = opaque;
	const struct kb_command *command = NULL;
	_cleanup_buf_ kb_buf out = {0}, name = {0};

	(void)err;
	for (size_t i = 0; i < operands->len; i++)
		kb_buf_fmt(&name, "%s%.*s", i ? " " : "", KB_ARG(operands->items[i]));
	if (name.len && !(command = kb_command_find(cli, kb_buf_view(&name)))) {
		kb_command_unknown(cli, kb_buf_view(&name));
		return KB_EXIT_FAILED;
	}
	for (size_t i = 0; i < values->shells.len; i++)
		kb_completion(cli, &out, values->shells.items[i].data);
	if (values->man)
		put_man(cli, command, &out);
	else if (!values->shells.len && !operands->len)
		put_short(cli, NULL, &out);
	else if (!values->shells.len)
		put_manual(cli, command, &out);
	if (values->man || values->shells.len)
		kb_put_bytes(stdout, kb_buf_view(&out));
	else
		kb_put(cli, stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

const struct kb_command kb_cmd_help = {
	.name = "help",
	.summary = "explain kb or a command",
	.operands = "[COMMAND]",
	.options = help_options,
	.values_size = sizeof(struct help_values),
	.run = run_help,
};
