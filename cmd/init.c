/* kb init: starts a help center, or makes one of the Markdown that is there. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "adopt_report.h"
#include "init_hook.h"
#include "kb/file.h"
#include "kb/moment.h"
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

/* Writes all or, where one of them is there already, none. */
static int write_files(const struct kb_cli *cli, struct kb_source *source,
	const struct kb_rewrites *files)
{
	struct kb_error err;
	bool refused = false;

	for (size_t i = 0; i < files->len; i++) {
		if (!init_exists(files->items[i].path))
			continue;
		kb_complain("%.*s already exists; left unchanged",
			KB_ARG(files->items[i].path));
		refused = true;
	}
	if (refused) {
		kb_complain("nothing was written");
		return KB_EXIT_FAILED;
	}
	if (kb_edit_apply(source, files->items, files->len, &err))
		return kb_fail(&err);
	for (size_t i = 0; i < files->len && !cli->quiet; i++) {
		kb_str path = files->items[i].path;

		if (!kb_str_starts(path, KB_STR(".kb/")) || cli->verbose)
			kb_say(stdout, "  %.*s\n", KB_ARG(path));
	}
	return KB_EXIT_OK;
}

/* "my-help_center" -> "My help center" */
static kb_str name_of_folder(struct kb_arena *arena)
{
	char path[PATH_MAX];
	kb_str base =
		getcwd(path, sizeof(path)) ? kb_path_base(kb_str_of(path)) : KB_STR_NULL;

	return base.len ? kb_adopt_label(arena, base) : KB_STR("Help Center");
}

static int adopt(const struct kb_cli *cli, struct kb_source *source,
	struct kb_rewrites *files, kb_str name)
{
	struct kb_adoption adoption = {0};
	struct kb_error err;
	_cleanup_buf_ kb_buf report = {0};

	if (init_exists(KB_STR("kb.yaml"))) {
		kb_complain("kb.yaml already exists; nothing was written");
		return KB_EXIT_FAILED;
	}
	int status = kb_edit_adopt(files, &adoption, source, name,
			     name_of_folder(files->arena), kb_now(), &err)
			     ? kb_fail(&err)
			     : write_files(cli, source, files);
	if (!status && !cli->quiet) {
		adopt_write_report(&report, &adoption);
		kb_say(stdout, "\n%.*s", KB_ARG(kb_buf_view(&report)));
	}
	kb_adoption_dispose(&adoption);
	return status;
}

static int make_new(const struct kb_cli *cli, struct kb_source *source,
	struct kb_rewrites *files, kb_str name)
{
	const struct kb_init init = {.name = name,
		.upstream = kb_str_of(KB_UPSTREAM[0] ? KB_UPSTREAM : UNKNOWN_UPSTREAM),
		.revision = KB_STR(KB_REVISION),
		.now = kb_now()};

	if (init_exists(KB_STR("kb.yaml"))) {
		kb_complain("there is already a help center here (kb.yaml): nothing "
			    "was written; 'kb new' creates a document");
		return KB_EXIT_FAILED;
	}
	kb_edit_init(files, &init);
	int status = write_files(cli, source, files);
	if (!status && !cli->quiet)
		kb_say(stdout,
			"\nNext:\n  1. Put your own details into kb.yaml and "
			"people.yaml.\n  2. kb validate\n  3. kb publish\n'kb new' "
			"creates a document.\n");
	if (!status && !KB_UPSTREAM[0] && !cli->quiet)
		kb_complain("write where kb's source is into "
			    ".github/workflows/kb.yml and .gitlab-ci.yml (KB_SOURCE)");
	return status;
}

/* The folder, made where it is missing. */
static int enter(const kb_strs *operands)
{
	struct kb_error err;

	if (!operands->len)
		return KB_EXIT_OK;
	const char *dir = operands->items[0].data;
	if (kb_mkdirs(dir, &err))
		return kb_fail(&err);
	if (chdir(dir) == 0)
		return KB_EXIT_OK;
	kb_error_errno(&err, "cannot work in '%s'", dir);
	return kb_fail(&err);
}

/* Takes away the folders that were made for nothing. */
static void leave(struct kb_arena *arena, int from, kb_str dir, kb_str there)
{
	for (; dir.len > there.len; dir = kb_path_dir(dir))
		unlinkat(from, kb_arena_str(arena, dir).data, AT_REMOVEDIR);
}

static int fill_folder(const struct kb_cli *cli, const struct init_values *values,
	struct kb_arena *arena)
{
	struct kb_rewrites files = {.arena = arena};
	struct kb_source *source = NULL;
	kb_str given = kb_str_of(values->name ? values->name : "");
	struct kb_error err;
	int status = KB_EXIT_OK;

	if (kb_source_open_folder(&source, ".", &err) ||
		kb_session_recover(cli, source, &err))
		status = kb_fail(&err);
	else if (values->adopt)
		status = adopt(cli, source, &files, given);
	else if (!values->hook || !init_exists(KB_STR("kb.yaml")))
		status = make_new(
			cli, source, &files, given.len ? given : name_of_folder(arena));
	kb_vec_dispose(&files);
	kb_source_free(source);
	return status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct init_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str dir = operands->len ? operands->items[0] : KB_STR_NULL;

	if (values->hook && !init_hook_fits(arena, dir.len ? dir : KB_STR(".")))
		return KB_EXIT_FAILED;
	kb_str there = init_part_there(arena, dir);
	int from = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = enter(operands);
	if (!status)
		status = fill_folder(cli, values, arena);
	if (status)
		leave(arena, from, dir, there);
	if (!status && values->hook)
		status = init_hook_install(cli, arena);
	if (from >= 0)
		close(from);
	return status;
}

const struct kb_command kb_cmd_init = {
	.name = "init",
	.summary = "create a help center, or adopt existing Markdown",
	.operands = "[DIR]",
	.most = 1,
	.options = init_options,
	.values_size = sizeof(struct init_values),
	.draws = true,
	.run = run,
};
