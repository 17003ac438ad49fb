/* The options of every command, and finding a command by its name. */
#include "cmd.h"

static const char *const color_words[] = {"auto", "always", "never", NULL};

#define AT(field) offsetof(struct kb_cli, field)
const struct kb_option kb_global_options[] = {
	{'C', "directory", KB_OPT_STRING, AT(dir), "DIR", "run as if started in DIR",
		NULL},
	{'q', "quiet", KB_OPT_FLAG, AT(quiet), NULL, "print results only", NULL},
	{'v', "verbose", KB_OPT_FLAG, AT(verbose), NULL, "print more details", NULL},
	{0, "color", KB_OPT_CHOICE, AT(color), "WHEN",
		"color the output: auto (on a terminal), always or never", color_words},
	{0, "no-progress", KB_OPT_FLAG, AT(no_progress), NULL, "show no progress", NULL},
	{'h', "usage", KB_OPT_FLAG, AT(short_help), NULL, "print a short help", NULL},
	{0, "help", KB_OPT_FLAG, AT(help), NULL, "print the manual", NULL},
	{0, "version", KB_OPT_FLAG, AT(version), NULL,
		"print the versions of kb and its libraries", NULL},
	KB_OPTION_END,
};

const struct kb_command *kb_command_find(const struct kb_cli *cli, kb_str name)
{
	for (size_t i = 0; cli->commands[i]; i++) {
		if (kb_str_is(name, cli->commands[i]->name))
			return cli->commands[i];
	}
	return NULL;
}

bool kb_command_is_below(
	const struct kb_command *command, const struct kb_command *parent)
{
	kb_str name = kb_str_of(command->name);
	size_t space = kb_str_chr(name, ' ');

	return space != SIZE_MAX &&
	       (!parent || kb_str_is(kb_str_sub(name, 0, space), parent->name));
}

void kb_command_unknown(const struct kb_cli *cli, kb_str name)
{
	struct kb_error err;
	kb_strs names = {0};

	for (size_t i = 0; cli->commands[i]; i++)
		kb_vec_push(&names, kb_str_of(cli->commands[i]->name));
	kb_error_unknown(&err, "command", name, names.items, names.len,
		KB_STR(": 'kb help' lists them"));
	kb_fail(&err);
	kb_vec_dispose(&names);
}
