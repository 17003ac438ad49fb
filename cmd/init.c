/* kb init: starts a help center, or makes one of the Markdown that is there. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "init_hook.h"
#include "kb/file.h"
#include "kb/moment.h"
#include "kb/pages.h"
#include "session.h"

/* Where kb was built from no known place, people have to say where it is. */
#define UNKNOWN_UPSTREAM "https://github.com/your-organization/kb"

struct init_values {
	bool adopt, hook;
	const char *name;
};

#define AT(field) offsetof(struct init_values, field)
static const struct kb_option init_options[] = {
	{0, "adopt", KB_OPT_FLAG, AT(adopt), NULL,
		"write the configuration for existing Markdown", NULL},
	{0, "name", KB_OPT_STRING, AT(name), "NAME",
		"the name of the help center; default: the folder's name", NULL},
	{0, "hook", KB_OPT_FLAG, AT(hook), NULL,
		"let Git validate the content before each commit", NULL},
	KB_OPTION_END,
};

/* Writes all files, or none if one of them exists already. */
static int write_files(const struct kb_cli *cli, struct kb_source *source,
	const struct kb_rewrites *files, struct kb_error *err)
{
	bool refused = false;

	for (size_t i = 0; i < files->len; i++) {
		if (!init_exists(files->items[i].path))
			continue;
		kb_complain("%.*s already exists; left unchanged",
			KB_ARG(files->items[i].path));
		refused = true;
	}
	if (refused)
		return kb_error_set(err, KB_E_REFUSED, "nothing was written");
	if (kb_edit_apply(source, files->items, files->len, err))
		return -1;
	for (size_t i = 0; i < files->len && !cli->quiet; i++) {
		kb_str path = files->items[i].path;

		if (!kb_str_starts(path, KB_STR(".kb/")) || cli->verbose)
			kb_say(stdout, "  %.*s\n", KB_ARG(path));
	}
	return 0;
}

/* "my-help_center" -> "My help center" */
static kb_str name_of_folder(struct kb_arena *arena)
{
	char path[PATH_MAX];
	kb_str base =
		getcwd(path, sizeof(path)) ? kb_path_base(kb_str_of(path)) : KB_STR_NULL;

	return base.len ? kb_adopt_label(arena, base) : KB_STR("Help Center");
}

static int print_adoption(const struct kb_cli *cli, const struct kb_adoption *adoption,
	struct kb_error *err)
{
	struct kb_report report;

	if (cli->quiet)
		return 0;
	kb_say(stdout, "\n");
	kb_report_adoption(&report, adoption);
	int failed = kb_output_report(cli, &(kb_strs){0}, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	return failed;
}

static int adopt(const struct kb_cli *cli, struct kb_source *source,
	struct kb_rewrites *files, kb_str name, struct kb_error *err)
{
	struct kb_adoption adoption = {0};

	if (init_exists(KB_STR("kb.yaml")))
		return kb_error_set(
			err, KB_E_REFUSED, "kb.yaml already exists; nothing was written");
	int failed = kb_edit_adopt(files, &adoption, source, name,
			     name_of_folder(files->arena), kb_now(), err) ||
		     write_files(cli, source, files, err) ||
		     print_adoption(cli, &adoption, err);
	kb_adoption_dispose(&adoption);
	return failed ? -1 : 0;
}

static int make_new(const struct kb_cli *cli, struct kb_source *source,
	struct kb_rewrites *files, kb_str name, struct kb_error *err)
{
	const struct kb_init init = {.name = name,
		.upstream = kb_str_of(KB_UPSTREAM[0] ? KB_UPSTREAM : UNKNOWN_UPSTREAM),
		.revision = KB_STR(KB_REVISION),
		.now = kb_now()};

	if (init_exists(KB_STR("kb.yaml")))
		return kb_error_set(err, KB_E_REFUSED,
			"there is already a help center here (kb.yaml): nothing was "
			"written; 'kb new' creates a document");
	kb_edit_init(files, &init);
	if (write_files(cli, source, files, err))
		return -1;
	if (!cli->quiet)
		kb_say(stdout,
			"\nNext:\n  1. Put your own details into kb.yaml and "
			"people.yaml.\n  2. kb validate\n  3. kb publish\n'kb new' "
			"creates a document.\n");
	if (!KB_UPSTREAM[0] && !cli->quiet)
		kb_complain(
			"before you publish from CI, set KB_SOURCE to the address of kb's "
			"Git repository in .github/workflows/kb.yml or .gitlab-ci.yml");
	return 0;
}

/* The folder, made where it is missing. */
static int enter(kb_str dir, struct kb_error *err)
{
	if (!dir.len)
		return 0;
	if (kb_mkdirs(dir.data, err))
		return -1;
	return chdir(dir.data) ? kb_error_errno(err, "cannot work in '%s'", dir.data) : 0;
}

/* Takes away the folders that were made for nothing. */
static void leave(struct kb_arena *arena, int from, kb_str dir, kb_str there)
{
	for (; dir.len > there.len; dir = kb_path_dir(dir))
		unlinkat(from, kb_arena_str(arena, dir).data, AT_REMOVEDIR);
}

static int fill_folder(const struct kb_cli *cli, const struct init_values *values,
	struct kb_arena *arena, struct kb_error *err)
{
	struct kb_rewrites files = {.arena = arena};
	struct kb_source *source = NULL;
	kb_str given = kb_str_of(values->name ? values->name : "");
	int failed = kb_source_open_folder(&source, ".", err) ||
		     kb_session_recover(cli, source, err);

	if (!failed && values->adopt)
		failed = adopt(cli, source, &files, given, err);
	else if (!failed && (!values->hook || !init_exists(KB_STR("kb.yaml"))))
		failed = make_new(cli, source, &files,
			given.len ? given : name_of_folder(arena), err);
	kb_vec_dispose(&files);
	kb_source_free(source);
	return failed;
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct init_values *values = opaque;

	return values->hook
		       ? init_hook_check(
				 operands->len ? operands->items[0] : KB_STR("."), err)
		       : 0;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct init_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str dir = operands->len ? operands->items[0] : KB_STR_NULL;
	kb_str there = init_part_there(arena, dir);
	int from = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed = enter(dir, err) || fill_folder(cli, values, arena, err);

	if (failed)
		leave(arena, from, dir, there);
	else if (values->hook)
		failed = init_hook_install(cli, arena, err);
	if (from >= 0)
		close(from);
	return failed ? -1 : KB_EXIT_OK;
}

const struct kb_command kb_cmd_init = {
	.name = "init",
	.summary = "create a help center, or adopt existing Markdown",
	.operands = "[DIR]",
	.most = 1,
	.options = init_options,
	.values_size = sizeof(struct init_values),
	.draws = true,
	.check = check,
	.run = run,
};
