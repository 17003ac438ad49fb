#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "help.h"
#include "session.h"
#include "kb/diagram.h"
#include "kb/markdown.h"

static const struct kb_command *const commands[] = {
	&kb_cmd_init,
	&kb_cmd_new,
	&kb_cmd_validate,
	&kb_cmd_review,
	&kb_cmd_link,
	&kb_cmd_link_add,
	&kb_cmd_link_remove,
	&kb_cmd_link_rename,
	&kb_cmd_link_suggest,
	&kb_cmd_owners,
	&kb_cmd_publish,
	&kb_cmd_case,
	&kb_cmd_reply,
	&kb_cmd_suggest,
	&kb_cmd_feedback,
	&kb_cmd_feedback_add,
	&kb_cmd_feedback_close,
	&kb_cmd_feedback_import,
	&kb_cmd_feedback_list,
	&kb_cmd_find,
	&kb_cmd_diff,
	&kb_cmd_changes,
	&kb_cmd_impact,
	&kb_cmd_log,
	&kb_cmd_show,
	&kb_cmd_audit,
	&kb_cmd_stats,
	&kb_cmd_stats_import,
	&kb_cmd_stats_report,
	&kb_cmd_stats_sql,
	&kb_cmd_explain,
	&kb_cmd_schema,
	&kb_cmd_help,
	NULL,
};

static void end_out_of_memory(void)
{
	static const char message[] = "kb: out of memory\n";

	(void)!write(STDERR_FILENO, message, sizeof(message) - 1);
	_exit(KB_EXIT_FAILED);
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

static bool wants_color(int when, int fd)
{
	if (when)
		return when == 1;
	if (is_set("NO_COLOR"))
		return false;
	const char *force = getenv("CLICOLOR_FORCE");
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	const char *term = getenv("TERM");
	return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

static void dispose_values(const struct kb_option *options, void *values)
{
	for (; options && options->name; options++) {
		if (options->kind == KB_OPT_LIST || options->kind == KB_OPT_PAIRS)
			kb_vec_dispose(
				(kb_strs *)(void *)((char *)values + options->offset));
	}
}

static int enter_directory(const struct kb_cli *cli, struct kb_error *err)
{
	if (!cli->dir || chdir(cli->dir) == 0)
		return 0;
	return kb_error_errno(err, "cannot work in '%s'", cli->dir);
}

/* A descriptor that is closed would be given to the next file that is opened, and what is
 * printed would go into it. Reading and writing here fail instead, as if it were closed.
 */
static void take_closed_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What a program's result is worth depends on its having been written. Some file systems
 * say only when a file is closed that they could not write it. */
static int flush_output(int status)
{
	bool failed = ferror(stdout);

	errno = 0;
	failed |= fflush(stdout) != 0;
	if (!failed && (close(STDOUT_FILENO) == 0 || errno == EBADF || errno == EINTR))
		return status;
	if (errno != EPIPE)
		kb_complain("cannot write to standard output: %s",
			errno ? strerror(errno) : "not all was written");
	return KB_EXIT_FAILED;
}

static bool has_below(const struct kb_cli *cli, const struct kb_command *command)
{
	for (size_t i = 0; cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], command))
			return true;
	return false;
}

/* Says how the command is written when it is not. */
static bool fits(const struct kb_cli *cli, const struct kb_command *command,
	const kb_strs *operands)
{
	size_t most = *command->operands && !command->most ? SIZE_MAX : command->most;

	if (operands->len >= command->least && operands->len <= most)
		return true;
	if (!*command->operands && has_below(cli, command)) {
		_cleanup_arena_ struct kb_arena *arena = kb_arena_new();

		kb_command_unknown(cli, kb_arena_fmt(arena, "%s %.*s", command->name,
						KB_ARG(operands->items[0])));
	} else if (!*command->operands) {
		kb_complain("'kb %s' takes no '%.*s'", command->name,
			KB_ARG(operands->items[0]));
	} else {
		kb_complain("write 'kb %s %s'", command->name, command->operands);
	}
	return false;
}

/* The exit status, or -1 with the error. */
static int call(const struct kb_command *command, const struct kb_cli *cli, void *values,
	const kb_strs *operands, struct kb_error *err)
{
	if (enter_directory(cli, err) ||
		(command->check && command->check(values, operands, err)))
		return -1;
	if (command->shortcut && command->shortcut(cli, values))
		return KB_EXIT_OK;
	return command->work ? kb_session_run(cli, command, values, operands, err)
			     : command->run(cli, values, operands, err);
}

static int run_command(const struct kb_command *command, struct kb_cli *cli, void *values,
	int argc, char **argv)
{
	struct kb_option_table tables[] = {
		{kb_global_options, cli}, {command->options, values}};
	struct kb_error err;
	kb_strs operands = {0};
	int status = KB_EXIT_FAILED;

	if (kb_options_parse(tables, 2, argc, argv, &operands, &err)) {
		kb_fail(&err);
		kb_say(stderr, "'kb %s -h' lists the options.\n", command->name);
	} else if (cli->help || cli->short_help) {
		cli->color_out = wants_color(cli->color, STDOUT_FILENO);
		kb_help_print(cli, command, stdout);
		status = KB_EXIT_OK;
	} else if (!fits(cli, command, &operands)) {
		;
	} else {
		cli->color_out = wants_color(cli->color, STDOUT_FILENO);
		cli->color_err = wants_color(cli->color, STDERR_FILENO);
		if (command->draws)
			kb_diagram_start();
		status = call(command, cli, values, &operands, &err);
		if (command->dispose)
			command->dispose(values);
		if (status < 0)
			status = kb_fail(&err);
		if (cli->verbose)
			kb_say(stderr, "parsed: %llu texts\n",
				(unsigned long long)kb_md_parsed());
		kb_diagram_stop();
	}
	kb_vec_dispose(&operands);
	return status;
}

/* kb's own options without a command. */
static int run_bare(struct kb_cli *cli)
{
	cli->color_out = wants_color(cli->color, STDOUT_FILENO);
	if (cli->version)
		kb_version_print();
	else if (cli->help || cli->short_help)
		kb_help_print(cli, NULL, stdout);
	else
		kb_help_print(cli, NULL, stderr);
	return cli->version || cli->help || cli->short_help ? KB_EXIT_OK : KB_EXIT_FAILED;
}

/* The subcommand that a word after options may name, as in 'kb link -l de add': the word
 * goes out of ARGV. */
static const struct kb_command *subcommand(const struct kb_cli *cli,
	const struct kb_command *command, int *argc, char **argv)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_option_table tables[KB_LEN(commands) + 2] = {
		{kb_global_options, NULL}, {command->options, NULL}};
	size_t n = 2;

	for (size_t i = 0; cli->commands[i]; i++)
		if (kb_command_is_below(cli->commands[i], command))
			tables[n++].options = cli->commands[i]->options;
	int at = n > 2 ? kb_options_before_operand(tables, n, *argc, argv) : *argc;
	const struct kb_command *found =
		at < *argc ? kb_command_find(cli, kb_arena_fmt(arena, "%s %s",
							  command->name, argv[at]))
			   : NULL;
	if (!found)
		return command;
	memmove(&argv[at], &argv[at + 1], (size_t)(*argc - at) * sizeof(*argv));
	--*argc;
	return found;
}

static int dispatch(struct kb_cli *cli, int argc, char **argv)
{
	struct kb_option_table global = {kb_global_options, cli};
	struct kb_error err;
	kb_strs none = {0};
	int at = kb_options_before_operand(&global, 1, argc, argv);

	if (kb_options_parse(&global, 1, at, argv, &none, &err))
		return kb_fail(&err);
	if (at == argc || cli->version)
		return run_bare(cli);
	const struct kb_command *command = kb_command_find(cli, kb_str_of(argv[at]));
	if (!command) {
		kb_command_unknown(cli, kb_str_of(argv[at]));
		return KB_EXIT_FAILED;
	}
	argc -= at + 1;
	argv += at + 1;
	command = subcommand(cli, command, &argc, argv);
	_cleanup_free_ void *values = kb_xcalloc(1, command->values_size + 1);
	int status = run_command(command, cli, values, argc, argv);
	dispose_values(command->options, values);
	return status;
}

int main(int argc, char **argv)
{
	struct kb_cli cli = {.commands = commands};

	take_closed_descriptors();
	kb_oom_handler_set(end_out_of_memory);
	signal(SIGPIPE, SIG_DFL);
	int status = argc ? dispatch(&cli, argc - 1, argv + 1) : KB_EXIT_FAILED;
	return flush_output(status);
}
