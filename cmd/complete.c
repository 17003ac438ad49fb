/* Completions for bash, zsh and fish, made from the option tables. */
#include "help.h"

#include <stdio.h>

/* What may stand where a value or an operand does. */
enum words {
	WORDS_NONE,
	WORDS_FILES,
	WORDS_FOLDERS,
	WORDS_COMMANDS,
	WORDS_RULES,
	WORDS_TYPES
};

static enum words words_of(const char *argument)
{
	static const struct {
		const char *argument;
		enum words words;
	} table[] = {{"FILE", WORDS_FILES}, {"PATH", WORDS_FILES}, {"DIR", WORDS_FOLDERS},
		{"COMMAND", WORDS_COMMANDS}, {"RULE", WORDS_RULES},
		{"TYPE", WORDS_TYPES}};

	for (size_t i = 0; argument && i < KB_LEN(table); i++) {
		if (strstr(argument, table[i].argument))
			return table[i].words;
	}
	return WORDS_NONE;
}

static void put_joined(kb_buf *out, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		kb_buf_fmt(out, "%s%s", i ? " " : "", words[i]);
}

static void put_command_names(const struct kb_cli *cli, kb_buf *out)
{
	for (size_t i = 0; cli->commands[i]; i++)
		if (!kb_command_is_below(cli->commands[i], NULL))
			kb_buf_fmt(out, "%s%s", i ? " " : "", cli->commands[i]->name);
}

/* The second words of PARENT's subcommands. False: it has none. */
static bool put_below(const struct kb_cli *cli, kb_buf *out,
	const struct kb_command *parent, const char *between)
{
	bool any = false;

	for (size_t i = 0; cli->commands[i]; i++) {
		if (!kb_command_is_below(cli->commands[i], parent))
			continue;
		kb_buf_fmt(out, "%s%s", any ? between : "",
			strchr(cli->commands[i]->name, ' ') + 1);
		any = true;
	}
	return any;
}

/* The shell's own code that lists words of a kind, or NULL for what it does itself. */
static const char *lister(enum words words)
{
	return words == WORDS_RULES   ? "$(kb explain 2>/dev/null | cut -d' ' -f1)"
	       : words == WORDS_TYPES ? "$(kb schema 2>/dev/null)"
				      : NULL;
}

static void put_bash_words(const struct kb_cli *cli, kb_buf *out, enum words words)
{
	if (words == WORDS_FILES || words == WORDS_FOLDERS) {
		kb_buf_fmt(out, "COMPREPLY=($(compgen -%c -- \"$cur\"))",
			words == WORDS_FILES ? 'f' : 'd');
		return;
	}
	kb_buf_puts(out, "COMPREPLY=($(compgen -W \"");
	if (words == WORDS_COMMANDS)
		put_command_names(cli, out);
	else
		kb_buf_puts(out, lister(words) ? lister(words) : "");
	kb_buf_puts(out, "\" -- \"$cur\"))");
}

static void put_bash_values(const struct kb_cli *cli, kb_buf *out, const char *command,
	const struct kb_option *option)
{
	for (; option && option->name; option++) {
		enum words words = words_of(option->arg);

		if (option->kind == KB_OPT_FLAG)
			continue;
		kb_buf_fmt(out, "\t%s:--%s", command, option->name);
		if (option->letter)
			kb_buf_fmt(out, " | %s:-%c", command, option->letter);
		kb_buf_puts(out, ")\n\t\t");
		if (option->choices) {
			kb_buf_puts(out, "COMPREPLY=($(compgen -W \"");
			put_joined(out, option->choices);
			kb_buf_puts(out, "\" -- \"$cur\"))");
		} else {
			put_bash_words(cli, out, words);
		}
		kb_buf_puts(out, "\n\t\treturn ;;\n");
	}
}

static void put_bash_options(kb_buf *out, const struct kb_option *option)
{
	for (; option && option->name; option++) {
		kb_buf_fmt(out, " --%s", option->name);
		if (option->letter)
			kb_buf_fmt(out, " -%c", option->letter);
	}
}

enum { NAME_MAX_LEN = 64 };

/* "link-add" */
static const char *joined_name(char name[NAME_MAX_LEN], const struct kb_command *command)
{
	snprintf(name, NAME_MAX_LEN, "%s", command->name);
	char *space = strchr(name, ' ');
	if (space)
		*space = '-';
	return name;
}

static void put_bash_operands(
	const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	_cleanup_buf_ kb_buf below = {0};

	if (put_below(cli, &below, command, " "))
		kb_buf_fmt(
			out, "COMPREPLY=($(compgen -W \"%s\" -- \"$cur\"))", below.data);
	else
		put_bash_words(cli, out, words_of(command->operands));
}

static void put_bash(const struct kb_cli *cli, kb_buf *out)
{
	char name[NAME_MAX_LEN];

	kb_buf_puts(out,
		"# bash completion for kb; made by 'kb help --completion bash'.\n"
		"_kb()\n{\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - "
		"1]}\n"
		"\tlocal command= i\n"
		"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		"\t\tcase ${COMP_WORDS[i]} in\n"
		"\t\t-C | --directory | --color) ((i++)) ;;\n"
		"\t\t-*) ;;\n"
		"\t\t*) case $command-${COMP_WORDS[i]} in\n");
	for (size_t i = 0; cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], NULL))
			kb_buf_fmt(out, "\t\t\t%s) command+=-${COMP_WORDS[i]} ;;\n",
				joined_name(name, cli->commands[i]));
	kb_buf_puts(out, "\t\t\t-*) command=${COMP_WORDS[i]} ;;\n"
			 "\t\t\tesac ;;\n"
			 "\t\tesac\n\tdone\n"
			 "\tcase $command:$prev in\n");
	put_bash_values(cli, out, "*", kb_global_options);
	for (size_t i = 0; cli->commands[i]; i++)
		put_bash_values(cli, out, joined_name(name, cli->commands[i]),
			cli->commands[i]->options);
	kb_buf_puts(out, "\tesac\n\tlocal options=\"");
	put_bash_options(out, kb_global_options);
	kb_buf_puts(out, "\"\n\tcase $command:$cur in\n");
	for (size_t i = 0; cli->commands[i]; i++) {
		kb_buf_fmt(out, "\t%s:-*)\n\t\tCOMPREPLY=($(compgen -W \"$options",
			joined_name(name, cli->commands[i]));
		put_bash_options(out, cli->commands[i]->options);
		kb_buf_puts(out, "\" -- \"$cur\")) ;;\n");
		kb_buf_fmt(out, "\t%s:*)\n\t\t", name);
		put_bash_operands(cli, out, cli->commands[i]);
		kb_buf_puts(out, " ;;\n");
	}
	kb_buf_puts(out,
		"\t:-*)\n\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
		"\t:*)\n\t\t");
	put_bash_words(cli, out, WORDS_COMMANDS);
	kb_buf_puts(out, " ;;\n\tesac\n}\ncomplete -o filenames -F _kb kb\n");
}

/* In single quotes; brackets and colons mean something to _arguments. */
static void put_zsh_text(kb_buf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("[]:\\", *text))
			kb_buf_putc(out, '\\');
		kb_buf_puts(out, *text == '\'' ? "'\\''" : (char[]){*text, 0});
	}
}

static void put_zsh_action(const struct kb_cli *cli, kb_buf *out, enum words words,
	const char *const *choices)
{
	if (choices) {
		kb_buf_putc(out, '(');
		put_joined(out, choices);
		kb_buf_putc(out, ')');
	} else if (words == WORDS_FILES) {
		kb_buf_puts(out, "_files");
	} else if (words == WORDS_FOLDERS) {
		kb_buf_puts(out, "_files -/");
	} else if (words == WORDS_COMMANDS) {
		kb_buf_putc(out, '(');
		put_command_names(cli, out);
		kb_buf_putc(out, ')');
	} else if (lister(words)) {
		kb_buf_puts(out, words == WORDS_RULES
					 ? "($(kb explain | cut -d\" \" -f1))"
					 : "($(kb schema))");
	} else {
		kb_buf_putc(out, ' ');
	}
}

static void put_zsh_option(
	const struct kb_cli *cli, kb_buf *out, const struct kb_option *option)
{
	bool many = option->kind == KB_OPT_LIST || option->kind == KB_OPT_PAIRS;
	const char *value = option->kind == KB_OPT_FLAG ? "" : "=";

	kb_buf_puts(out, " \\\n\t\t");
	if (option->letter && many)
		kb_buf_fmt(
			out, "'*'{-%c+,--%s%s}'[", option->letter, option->name, value);
	else if (option->letter)
		kb_buf_fmt(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->letter,
			option->name, option->letter, *value ? "+" : "", option->name,
			value);
	else
		kb_buf_fmt(out, "'%s--%s%s[", many ? "*" : "", option->name, value);
	put_zsh_text(out, option->help);
	kb_buf_putc(out, ']');
	if (option->kind != KB_OPT_FLAG) {
		kb_buf_fmt(out, ":%s:", option->arg);
		put_zsh_action(cli, out, words_of(option->arg), option->choices);
	}
	kb_buf_putc(out, '\'');
}

static void put_zsh_command(
	const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	char name[NAME_MAX_LEN];
	_cleanup_buf_ kb_buf below = {0};

	kb_buf_fmt(out, "\t%s)\n\t\t_arguments -s -S", joined_name(name, command));
	for (const struct kb_option *o = command->options; o && o->name; o++)
		put_zsh_option(cli, out, o);
	for (const struct kb_option *o = kb_global_options; o->name; o++)
		put_zsh_option(cli, out, o);
	if (put_below(cli, &below, command, " ")) {
		kb_buf_fmt(out, " \\\n\t\t'1:SUBCOMMAND:(%s)'", below.data);
	} else if (*command->operands) {
		kb_buf_puts(out, " \\\n\t\t'*:");
		put_zsh_text(out, command->operands);
		kb_buf_putc(out, ':');
		put_zsh_action(cli, out, words_of(command->operands), NULL);
		kb_buf_putc(out, '\'');
	}
	kb_buf_puts(out, " ;;\n");
}

static void put_zsh(const struct kb_cli *cli, kb_buf *out)
{
	char name[NAME_MAX_LEN];

	kb_buf_puts(out, "#compdef kb\n"
			 "# zsh completion for kb; made by 'kb help --completion zsh'.\n"
			 "_kb()\n{\n"
			 "\tlocal context state state_descr line\n"
			 "\ttypeset -A opt_args\n"
			 "\t_arguments -C -s -S");
	for (const struct kb_option *o = kb_global_options; o->name; o++)
		put_zsh_option(cli, out, o);
	kb_buf_puts(out,
		" \\\n\t\t'1:COMMAND:->command' '*::ARGUMENT:->argument' && return\n"
		"\tif [[ $state == command ]]; then\n"
		"\t\tlocal -a commands=(");
	for (size_t i = 0; cli->commands[i]; i++) {
		if (kb_command_is_below(cli->commands[i], NULL))
			continue;
		kb_buf_fmt(out, "\n\t\t\t'%s:", cli->commands[i]->name);
		put_zsh_text(out, cli->commands[i]->summary);
		kb_buf_putc(out, '\'');
	}
	kb_buf_puts(out, ")\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
			 "\tlocal command=$words[1]\n"
			 "\tcase $command-$words[2] in\n\t");
	for (size_t i = 0, n = 0; cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], NULL))
			kb_buf_fmt(out, "%s%s", n++ ? " | " : "",
				joined_name(name, cli->commands[i]));
	kb_buf_puts(out, ")\n\t\tif ((CURRENT > 2)); then\n"
			 "\t\t\tcommand+=-$words[2]\n\t\t\tshift words\n"
			 "\t\t\t((CURRENT--))\n\t\tfi ;;\n\tesac\n"
			 "\tcase $command in\n");
	for (size_t i = 0; cli->commands[i]; i++)
		put_zsh_command(cli, out, cli->commands[i]);
	kb_buf_puts(out, "\tesac\n}\n_kb \"$@\"\n");
}

static void put_fish_quoted(kb_buf *out, const char *text)
{
	kb_buf_putc(out, '\'');
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			kb_buf_putc(out, '\\');
		kb_buf_putc(out, *text);
	}
	kb_buf_putc(out, '\'');
}

static void put_fish_words(const struct kb_cli *cli, kb_buf *out, enum words words,
	const char *const *choices)
{
	if (choices) {
		kb_buf_puts(out, " -xa '");
		put_joined(out, choices);
		kb_buf_putc(out, '\'');
	} else if (words == WORDS_FILES) {
		kb_buf_puts(out, " -rF");
	} else if (words == WORDS_FOLDERS) {
		kb_buf_puts(out, " -xa '(__fish_complete_directories)'");
	} else if (words == WORDS_COMMANDS) {
		kb_buf_puts(out, " -xa '");
		put_command_names(cli, out);
		kb_buf_putc(out, '\'');
	} else if (words == WORDS_RULES) {
		kb_buf_puts(out, " -xa '(kb explain | string replace -r \" .*\" \"\")'");
	} else if (words == WORDS_TYPES) {
		kb_buf_puts(out, " -xa '(kb schema)'");
	} else {
		kb_buf_puts(out, " -x");
	}
}

static void put_fish_options(const struct kb_cli *cli, kb_buf *out, const char *condition,
	const struct kb_option *option)
{
	for (; option && option->name; option++) {
		kb_buf_fmt(out, "complete -c kb%s -l %s", condition, option->name);
		if (option->letter)
			kb_buf_fmt(out, " -s %c", option->letter);
		if (option->kind != KB_OPT_FLAG)
			put_fish_words(cli, out, words_of(option->arg), option->choices);
		kb_buf_puts(out, " -d ");
		put_fish_quoted(out, option->help);
		kb_buf_putc(out, '\n');
	}
}

/* When the line is one of this command: "link", "link; and … add" for a subcommand, and
 * for a command with some, none of them. */
static void put_fish_condition(
	const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	_cleanup_buf_ kb_buf below = {0};
	const char *second = strchr(command->name, ' ');

	kb_buf_fmt(out, "__fish_seen_subcommand_from %.*s",
		(int)(second ? (size_t)(second - command->name) : strlen(command->name)),
		command->name);
	if (second)
		kb_buf_fmt(out, "; and __fish_seen_subcommand_from%s", second);
	if (put_below(cli, &below, command, " "))
		kb_buf_fmt(out, "; and not __fish_seen_subcommand_from %s", below.data);
}

static void put_fish_command(
	const struct kb_cli *cli, kb_buf *out, const struct kb_command *command)
{
	_cleanup_buf_ kb_buf condition = {0};
	const char *second = strchr(command->name, ' ');
	const struct kb_command *parent = NULL;

	for (size_t i = 0; second && cli->commands[i]; i++)
		if (kb_command_is_below(command, cli->commands[i]))
			parent = cli->commands[i];
	kb_buf_puts(out, "complete -c kb -n ");
	if (parent) {
		kb_buf_putc(out, '\'');
		put_fish_condition(cli, out, parent);
		kb_buf_putc(out, '\'');
	} else {
		kb_buf_puts(out, "__fish_use_subcommand");
	}
	kb_buf_fmt(out, " -a %s -d ", second ? second + 1 : command->name);
	put_fish_quoted(out, command->summary);
	kb_buf_putc(out, '\n');
	kb_buf_puts(&condition, " -n '");
	put_fish_condition(cli, &condition, command);
	kb_buf_putc(&condition, '\'');
	put_fish_options(cli, out, condition.data, command->options);
	enum words words = words_of(command->operands);
	if (words == WORDS_NONE)
		return;
	kb_buf_fmt(out, "complete -c kb%s", condition.data);
	put_fish_words(cli, out, words, NULL);
	kb_buf_putc(out, '\n');
}

static void put_fish(const struct kb_cli *cli, kb_buf *out)
{
	kb_buf_puts(out,
		"# fish completion for kb; made by 'kb help --completion fish'.\n"
		"complete -c kb -f\n");
	put_fish_options(cli, out, "", kb_global_options);
	for (size_t i = 0; cli->commands[i]; i++)
		put_fish_command(cli, out, cli->commands[i]);
}

void kb_completion(const struct kb_cli *cli, kb_buf *out, const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		put_bash(cli, out);
	else if (strcmp(shell, "zsh") == 0)
		put_zsh(cli, out);
	else
		put_fish(cli, out);
}
