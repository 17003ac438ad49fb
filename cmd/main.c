#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "help.h"
#include "kb/diagram.h"

const struct kb_command *const kb_commands[] = {
	&kb_cmd_init,
	&kb_cmd_new,
	&kb_cmd_validate,
	&kb_cmd_review,
	&kb_cmd_link,
	&kb_cmd_owners,
	&kb_cmd_publish,
	&kb_cmd_case,
	&kb_cmd_reply,
	&kb_cmd_find,
	&kb_cmd_diff,
	&kb_cmd_changes,
	&kb_cmd_impact,
	&kb_cmd_log,
	&kb_cmd_show,
	&kb_cmd_audit,
	&kb_cmd_explain,
	&kb_cmd_schema,
	&kb_cmd_help,
	NULL,
};

static const char *const color_words[] = {"auto", "always", "never", NULL};

#define AT(field) offsetof(struct kb_cli, field)
const struct kb_option kb_global_options[] = {
	{'C', "directory", KB_OPT_STRING, AT(dir), "DIR", "work as if started in DIR",
		NULL},
	{'q', "quiet", KB_OPT_FLAG, AT(quiet), NULL, "print results only", NULL},
	{'v', "verbose", KB_OPT_FLAG, AT(verbose), NULL, "say more about what is done",
		NULL},
	{0, "color", KB_OPT_CHOICE, AT(color), "WHEN",
		"colour the output: auto (on a terminal), always or never", color_words},
	{0, "no-progress", KB_OPT_FLAG, AT(no_progress), NULL, "show no progress", NULL},
	{'h', "usage", KB_OPT_FLAG, AT(short_help), NULL, "print a short help", NULL},
	{0, "help", KB_OPT_FLAG, AT(help), NULL, "print the manual", NULL},
	{0, "version", KB_OPT_FLAG, AT(version), NULL,
		"print the version of kb and of its libraries", NULL},
	KB_OPTION_END,
};

void kb_put_bytes(FILE *to, kb_str bytes)
{
	if (bytes.len)
		fwrite(bytes.data, 1, bytes.len, to);
}

void kb_put(const struct kb_cli *cli, FILE *to, kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};
	bool color = cli && (to == stdout ? cli->color_out : cli->color_err);
	kb_buf_text(&out, text, color);
	kb_put_bytes(to, kb_buf_view(&out));
}

void kb_say(FILE *to, const char *fmt, ...)
{
	_cleanup_buf_ kb_buf text = {0};
	va_list ap;
	va_start(ap, fmt);
	kb_buf_vfmt(&text, fmt, ap);
	va_end(ap);
	kb_put(NULL, to, kb_buf_view(&text));
}

void kb_complain(const char *fmt, ...)
{
	_cleanup_buf_ kb_buf message = {0}, line = {0};
	va_list ap;
	va_start(ap, fmt);
	kb_buf_vfmt(&message, fmt, ap);
	va_end(ap);
	kb_buf_plain(&line, kb_buf_view(&message));
	fflush(stdout);
	kb_say(stderr, "kb: %.*s\n", KB_ARG(kb_buf_view(&line)));
}

int kb_fail(const struct kb_error *err)
{
	kb_complain("%s", err->message);
	return KB_EXIT_FAILED;
}

const struct kb_command *kb_command_find(kb_str name)
{
	for (size_t i = 0; kb_commands[i]; i++) {
		if (kb_str_is(name, kb_commands[i]->name))
			return kb_commands[i];
	}
	return NULL;
}

void kb_command_unknown(kb_str name)
{
	kb_strs names = {0};
	for (size_t i = 0; kb_commands[i]; i++)
		kb_vec_push(&names, kb_str_of(kb_commands[i]->name));
	const kb_str *near = kb_str_nearest(name, names.items, names.len);
	if (near)
		kb_complain("there is no command '%.*s': did you mean '%.*s'?",
			KB_ARG(name), KB_ARG(*near));
	else
		kb_complain(
			"there is no command '%.*s': 'kb help' lists them", KB_ARG(name));
	kb_vec_dispose(&names);
}

static void end_out_of_memory(void)
{
	static const char message[] = "kb: out of memory\n";
	(void)!write(STDERR_FILENO, message, sizeof message - 1);
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

static int enter_directory(const struct kb_cli *cli)
{
	struct kb_error err;
	if (!cli->dir || chdir(cli->dir) == 0)
		return 0;
	kb_error_errno(&err, "cannot work in '%s'", cli->dir);
	return kb_fail(&err);
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
		status = kb_help_print(cli, command);
	} else if (operands.len && !*command->operands) {
		kb_complain("'kb %s' takes no '%.*s'", command->name,
			KB_ARG(operands.items[0]));
	} else {
		cli->color_out = wants_color(cli->color, STDOUT_FILENO);
		cli->color_err = wants_color(cli->color, STDERR_FILENO);
		if (command->draws)
			kb_diagram_start();
		status = enter_directory(cli);
		if (!status)
			status = command->run(cli, values, &operands);
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
		return kb_help_print(cli, NULL);
	else {
		kb_complain("a command is missing: 'kb help' lists them");
		return KB_EXIT_FAILED;
	}
	return KB_EXIT_OK;
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
	const struct kb_command *command = kb_command_find(kb_str_of(argv[at]));
	if (!command) {
		kb_command_unknown(kb_str_of(argv[at]));
		return KB_EXIT_FAILED;
	}
	_cleanup_free_ void *values = kb_xcalloc(1, command->values_size + 1);
	int status = run_command(command, cli, values, argc - at - 1, argv + at + 1);
	dispose_values(command->options, values);
	return status;
}

int main(int argc, char **argv)
{
	struct kb_cli cli = {0};
	take_closed_descriptors();
	kb_oom_handler_set(end_out_of_memory);
	signal(SIGPIPE, SIG_DFL);
	int status = argc ? dispatch(&cli, argc - 1, argv + 1) : KB_EXIT_FAILED;
	return flush_output(status);
}
