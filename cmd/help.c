#include "help.h"

#include <stdio.h>

#include "prose.h"

#define OPTION_COLUMN 28

static void print_options(kb_buf *out, const struct kb_option *option)
{
	for (; option && option->name; option++) {
		size_t from = out->len;
		kb_buf_puts(out, option->letter ? "  " : "      ");
		kb_option_label(out, option);
		size_t width = out->len - from;
		if (width + 2 > OPTION_COLUMN) {
			kb_buf_putc(out, '\n');
			width = 0;
		}
		for (; width < OPTION_COLUMN; width++)
			kb_buf_putc(out, ' ');
		prose_wrap(out, kb_str_of(option->help), OPTION_COLUMN, OPTION_COLUMN,
			false);
	}
}

static void print_synopsis(kb_buf *out, const struct kb_command *command)
{
	if (command)
		kb_buf_fmt(out, "kb %s [OPTION...]%s%s\n", command->name,
			*command->operands ? " " : "", command->operands);
	else
		kb_buf_puts(out, "kb [OPTION...] COMMAND [ARGUMENT...]\n");
}

static void print_commands(const struct kb_cli *cli, kb_buf *out, unsigned indent)
{
	for (size_t i = 0; cli->commands[i]; i++)
		kb_buf_fmt(out, "%*s%-14s%s\n", (int)indent, "", cli->commands[i]->name,
			cli->commands[i]->summary);
}

static void print_short(
	const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	kb_buf_puts(out, "usage: ");
	print_synopsis(out, command);
	if (command && command->options && command->options->name) {
		kb_buf_fmt(out, "\nTo %s.\n\n", command->summary);
		print_options(out, command->options);
	} else if (command) {
		kb_buf_fmt(out, "\nTo %s.\n", command->summary);
	} else {
		kb_buf_puts(out, "\n");
		print_commands(cli, out, 2);
		kb_buf_puts(out, "\n");
		print_options(out, kb_global_options);
	}
	kb_buf_fmt(out, "\n'kb help%s%s' says more.\n", command ? " " : " COMMAND",
		command ? command->name : "");
}

static void print_title(kb_buf *out, const char *title)
{
	kb_buf_fmt(out, "%s" KB_BOLD "%s" KB_RESET "\n", out->len ? "\n" : "", title);
}

/* What stands before the first level-2 heading, and what from there on. */
static void split_prose(kb_str prose, kb_str *description, kb_str *sections)
{
	size_t at = kb_str_find(prose, KB_STR("\n## "));
	*description = kb_str_sub(prose, 0, at);
	*sections = at == SIZE_MAX ? KB_STR_NULL : kb_str_sub(prose, at + 1, prose.len);
}

/* A subcommand, in the manual of its command. */
static void print_below(kb_buf *out, const struct kb_command *command)
{
	kb_buf_fmt(out, "\n" KB_BOLD "kb %s" KB_RESET " %s\n", command->name,
		command->operands);
	kb_buf_fmt(out, "    To %s.\n\n", command->summary);
	print_options(out, command->options);
}

static void print_manual(
	const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	kb_str description, sections;
	split_prose(kb_man_prose(command), &description, &sections);
	print_title(out, "Name");
	kb_buf_fmt(out, "    kb%s%s – %s\n", command ? " " : "",
		command ? command->name : "",
		command ? command->summary
			: "customer-support knowledge as Markdown in Git");
	print_title(out, "Synopsis");
	kb_buf_puts(out, "    ");
	print_synopsis(out, command);
	print_title(out, "Description");
	_cleanup_buf_ kb_buf text = {0};
	prose_terminal(&text, description, 4, cli->color_out);
	kb_buf_str(out, kb_buf_view(&text));
	if (!command) {
		print_title(out, "Commands");
		print_commands(cli, out, 4);
	}
	if (command && command->options && command->options->name) {
		print_title(out, "Options");
		print_options(out, command->options);
	}
	for (size_t i = 0; command && cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], command))
			print_below(out, cli->commands[i]);
	print_title(out, command ? "Options of every command" : "Options");
	print_options(out, kb_global_options);
	if (sections.len)
		prose_terminal(out, sections, 4, cli->color_out);
}

void kb_help_print(const struct kb_cli *cli, const struct kb_command *command, FILE *to)
{
	_cleanup_buf_ kb_buf out = {0};
	if (cli->help)
		print_manual(cli, &out, command);
	else
		print_short(cli, &out, command);
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
		"print the manual page's source (mdoc)", NULL},
	{0, "completion", KB_OPT_LIST, offsetof(struct help_values, shells), "SHELL",
		"print the completion script for bash, zsh or fish", shell_words},
	KB_OPTION_END,
};

static int run_help(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct help_values *values = opaque;
	const struct kb_command *command = NULL;
	_cleanup_buf_ kb_buf out = {0}, name = {0};
	for (size_t i = 0; i < operands->len; i++)
		kb_buf_fmt(&name, "%s%.*s", i ? " " : "", KB_ARG(operands->items[i]));
	if (name.len && !(command = kb_command_find(cli, kb_buf_view(&name)))) {
		kb_command_unknown(cli, kb_buf_view(&name));
		return KB_EXIT_FAILED;
	}
	for (size_t i = 0; i < values->shells.len; i++)
		kb_completion(cli, &out, values->shells.items[i].data);
	if (values->man)
		kb_man_page(cli, &out, command);
	else if (!values->shells.len && !operands->len)
		print_short(cli, &out, NULL);
	else if (!values->shells.len)
		print_manual(cli, &out, command);
	if (values->man || values->shells.len)
		kb_put_bytes(stdout, kb_buf_view(&out));
	else
		kb_put(cli, stdout, kb_buf_view(&out));
	return KB_EXIT_OK;
}

const struct kb_command kb_cmd_help = {
	.name = "help",
	.summary = "explain kb or one of its commands",
	.operands = "[COMMAND]",
	.options = help_options,
	.values_size = sizeof(struct help_values),
	.run = run_help,
};
