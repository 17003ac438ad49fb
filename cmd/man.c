/* Manual pages in mdoc, made when kb is built. */
#include "help.h"
#include "prose.h"

static void put_option(kb_buf *out, const struct kb_option *option)
{
	_cleanup_buf_ kb_buf label = {0};
	kb_option_label(&label, option);
	kb_buf_puts(out, ".It Sy ");
	prose_mdoc_line(out, kb_buf_view(&label));
	kb_buf_putc(out, '\n');
	prose_mdoc_line(out, kb_str_of(option->help));
	kb_buf_puts(out, ".\n");
}

static void put_options(kb_buf *out, const char *title, const struct kb_option *option)
{
	if (!option || !option->name)
		return;
	kb_buf_fmt(out, ".Sh %s\n.Bl -tag -width Ds\n", title);
	for (; option->name; option++)
		put_option(out, option);
	kb_buf_puts(out, ".El\n");
}

static void put_head(kb_buf *out, const struct kb_command *command)
{
	const char *dash = command ? "-" : "", *name = command ? command->name : "";
	kb_buf_puts(out, ".Dd " KB_DATE "\n.Dt KB");
	kb_buf_puts(out, dash);
	for (const char *c = name; *c; c++)
		kb_buf_putc(out, (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c));
	kb_buf_fmt(
		out, " 1\n.Os kb %s\n.Sh NAME\n.Nm kb%s%s\n.Nd ", KB_VERSION, dash, name);
	kb_buf_puts(out, command ? command->summary
				 : "customer-support knowledge as Markdown in Git");
	kb_buf_puts(out, "\n.Sh SYNOPSIS\n.Sy kb");
	if (command) {
		kb_buf_fmt(out, " %s\n[OPTION...]", name);
		kb_buf_fmt(
			out, "%s%s\n", *command->operands ? " " : "", command->operands);
	} else {
		kb_buf_puts(out, "\n[OPTION...] COMMAND [ARGUMENT...]\n");
	}
}

static void put_commands(const struct kb_cli *cli, kb_buf *out)
{
	kb_buf_puts(out, ".Sh COMMANDS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; cli->commands[i]; i++)
		kb_buf_fmt(out,
			kb_command_is_below(cli->commands[i], NULL)
				? ".It Sy kb %s\n%s.\n"
				: ".It Xr kb-%s 1\n%s.\n",
			cli->commands[i]->name, cli->commands[i]->summary);
	kb_buf_puts(out, ".El\n");
}

/* A subcommand, on the page of its command. */
static void put_below(kb_buf *out, const struct kb_command *command)
{
	kb_buf_fmt(out, ".Sh KB %s\n.Sy kb %s\n%s\n.Pp\nTo %s.\n.Bl -tag -width Ds\n",
		command->name, command->name, command->operands, command->summary);
	for (const struct kb_option *o = command->options; o && o->name; o++)
		put_option(out, o);
	kb_buf_puts(out, ".El\n");
}

static void put_see_also(kb_buf *out, const struct kb_command *command)
{
	kb_buf_puts(out, ".Sh SEE ALSO\n.Xr git 1");
	kb_buf_puts(out, command ? " ,\n.Xr kb 1\n" : "\n");
}

void kb_man_page(const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	kb_str prose = kb_man_prose(command);
	size_t at = kb_str_find(prose, KB_STR("\n## "));
	put_head(out, command);
	kb_buf_puts(out, ".Sh DESCRIPTION\n");
	prose_mdoc(out, kb_str_sub(prose, 0, at));
	if (command)
		put_options(out, "OPTIONS", command->options);
	else
		put_commands(cli, out);
	for (size_t i = 0; command && cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], command))
			put_below(out, cli->commands[i]);
	put_options(
		out, command ? "OPTIONS OF EVERY COMMAND" : "OPTIONS", kb_global_options);
	if (at != SIZE_MAX)
		prose_mdoc(out, kb_str_sub(prose, at + 1, prose.len));
	put_see_also(out, command);
}
