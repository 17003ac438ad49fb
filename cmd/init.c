#include "adopt.h"
#include "session.h"
#include "kb/schema_snippets.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kb/moment.h"
#include "kb/embed.h"
#include "kb/file.h"
#include "kb/schema.h"
#include "kb/unicode.h"

/* Where kb was built from no known place, people have to say where it is. */
#define UNKNOWN_UPSTREAM "https://github.com/your-organisation/kb"

struct init_values {
	bool adopt, hook;
	const char *name;
};

#define AT(field) offsetof(struct init_values, field)
static const struct kb_option init_options[] = {
	{0, "adopt", KB_OPT_FLAG, AT(adopt), NULL,
		"write the configuration for the Markdown that is there", NULL},
	{0, "name", KB_OPT_STRING, AT(name), "NAME",
		"what the help center is called; default: from the folder's name", NULL},
	{0, "hook", KB_OPT_FLAG, AT(hook), NULL,
		"have Git validate the content before each commit", NULL},
	KB_OPTION_END,
};

/* What is written into the folder that kb works in. */
struct init_files {
	struct kb_arena *arena;
	struct kb_source *source; /* the folder */
	KB_VEC(struct kb_rewrite);
};

/* Templates whose names would be hidden, or that stand elsewhere. */
static const struct {
	const char *from, *to;
} renamed[] = {
	{"init/editorconfig", ".editorconfig"},
	{"init/gitignore", ".gitignore"},
	{"init/vscode/settings.json", ".vscode/settings.json"},
	{"init/vscode/tasks.json", ".vscode/tasks.json"},
	{"init/github/workflows/kb.yml", ".github/workflows/kb.yml"},
	{"init/gitlab-ci.yml", ".gitlab-ci.yml"},
};

static kb_str target_path(kb_str embedded)
{
	for (size_t i = 0; i < KB_LEN(renamed); i++) {
		if (kb_str_is(embedded, renamed[i].from))
			return kb_str_of(renamed[i].to);
	}
	return kb_str_sub(embedded, strlen("init/"), embedded.len);
}

static void add_file(struct init_files *files, kb_str path, kb_str text)
{
	kb_vec_push(files,
		((struct kb_rewrite){.path = path, .after = text, .is_new = true}));
}

/* What @WORD@ in a template becomes. */
struct blank {
	const char *word;
	kb_str text;
};

static kb_str fill(
	struct kb_arena *arena, kb_str template, const struct blank *blanks, size_t n)
{
	_cleanup_buf_ kb_buf out = {0};
	for (size_t i = 0, b; i < template.len;) {
		kb_str rest = kb_str_sub(template, i, template.len);
		for (b = 0; b < n; b++)
			if (kb_str_starts(rest, kb_str_of(blanks[b].word)))
				break;
		if (b == n) {
			kb_buf_putc(&out, template.data[i++]);
			continue;
		}
		kb_buf_str(&out, blanks[b].text);
		i += strlen(blanks[b].word);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void add_schemas(struct init_files *files)
{
	const char *name;
	for (size_t i = 0; (name = kb_schema_builtin_name(i)); i++)
		add_file(files, kb_arena_fmt(files->arena, ".kb/schemas/%s.json", name),
			kb_schema_builtin(kb_str_of(name)));
}

static void add_templates(struct init_files *files, kb_str name)
{
	size_t n;
	const struct kb_embed *all = kb_embed_list(&n);
	const struct blank blanks[] = {
		{"@NAME@", name},
		{"@TODAY@", kb_day_format(files->arena, KB_STR("UTC"), kb_now())},
		{"@SOURCE@", kb_str_of(KB_UPSTREAM[0] ? KB_UPSTREAM : UNKNOWN_UPSTREAM)},
		{"@REVISION@", KB_STR(KB_REVISION)},
	};
	_cleanup_buf_ kb_buf snippets = {0};
	for (size_t i = 0; i < n; i++) {
		kb_str path = kb_str_of(all[i].path);
		if (kb_str_starts(path, KB_STR("init/")) &&
			!kb_str_is(path, "init/pre-commit"))
			add_file(files, target_path(path),
				fill(files->arena, all[i].data, blanks, KB_LEN(blanks)));
	}
	add_schemas(files);
	kb_snippets(&snippets);
	add_file(files, KB_STR(".vscode/kb.code-snippets"),
		kb_arena_str(files->arena, kb_buf_view(&snippets)));
}

static bool exists(kb_str path)
{
	struct stat st;
	return lstat(path.data, &st) == 0;
}

/* The part of DIR that is there; empty: nothing of it, or the folder that kb began in. */
static kb_str part_there(struct kb_arena *arena, kb_str dir)
{
	while (dir.len && !exists(kb_arena_str(arena, dir)))
		dir = kb_path_dir(dir);
	return dir;
}

/* Writes all or, where one of them is there already, none. */
static int write_files(const struct kb_cli *cli, const struct init_files *files)
{
	struct kb_error err;
	bool refused = false;
	for (size_t i = 0; i < files->len; i++) {
		if (!exists(files->items[i].path))
			continue;
		kb_complain("%.*s is there already and stays as it is",
			KB_ARG(files->items[i].path));
		refused = true;
	}
	if (refused) {
		kb_complain("nothing was written");
		return KB_EXIT_FAILED;
	}
	if (kb_edit_apply(files->source, files->items, files->len, &err))
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
		getcwd(path, sizeof path) ? kb_path_base(kb_str_of(path)) : KB_STR_NULL;
	return base.len ? adopt_label(arena, base) : KB_STR("Help Center");
}

/* A line that Git prints, or nothing. */
static kb_str ask_git(struct kb_arena *arena, const char *command)
{
	char line[PATH_MAX] = "";
	FILE *pipe = popen(command, "r");
	if (!pipe)
		return KB_STR_NULL;
	if (!fgets(line, sizeof line, pipe))
		line[0] = '\0';
	bool good = pclose(pipe) == 0;
	return good ? kb_arena_str(arena, kb_str_trim(kb_str_of(line))) : KB_STR_NULL;
}

/* Where the hook goes; empty, having said why, where it cannot. */
static kb_str hook_path(struct kb_arena *arena)
{
	kb_str folder = ask_git(arena, "git rev-parse --git-path hooks 2>/dev/null");
	if (!folder.len) {
		kb_complain("there is no Git repository here to install a hook in: 'git "
			    "init' "
			    "makes one");
		return KB_STR_NULL;
	}
	kb_str path = kb_arena_fmt(arena, "%.*s/pre-commit", KB_ARG(folder));
	if (exists(path)) {
		kb_complain("%.*s is there already and stays as it is: add 'kb validate' "
			    "to it",
			KB_ARG(path));
		return KB_STR_NULL;
	}
	return path;
}

/* Before anything is written: can the hook be, in a folder that may be yet to come? */
static int check_hook(struct kb_arena *arena, const kb_strs *operands)
{
	kb_str dir = operands->len ? operands->items[0] : KB_STR(".");
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dir = part_there(arena, dir);
	if (!dir.len)
		dir = operands->items[0].data[0] == '/' ? KB_STR("/") : KB_STR(".");
	bool good = here >= 0 && chdir(kb_arena_str(arena, dir).data) == 0 &&
		    hook_path(arena).len;
	good = here >= 0 && fchdir(here) == 0 && good;
	if (here >= 0)
		close(here);
	return good ? KB_EXIT_OK : KB_EXIT_FAILED;
}

static int install_hook(const struct kb_cli *cli, struct kb_arena *arena)
{
	struct kb_error err;
	kb_str text = KB_STR_NULL;
	kb_str path = hook_path(arena);
	kb_str prefix = ask_git(arena, "git rev-parse --show-prefix 2>/dev/null");
	if (!path.len)
		return KB_EXIT_FAILED;
	kb_embed_get(KB_STR("init/pre-commit"), &text);
	const struct blank name = {"@NAME@", prefix.len ? prefix : KB_STR(".")};
	text = fill(arena, text, &name, 1);
	if (kb_file_write(path.data, text, &err))
		return kb_fail(&err);
	if (chmod(path.data, 0755)) {
		kb_error_errno(&err, "cannot make %s executable", path.data);
		return kb_fail(&err);
	}
	if (!cli->quiet)
		kb_say(stdout, "  %.*s\n", KB_ARG(path));
	return KB_EXIT_OK;
}

static void add_adoption(
	struct init_files *files, const struct adoption *adoption, kb_str name)
{
	_cleanup_buf_ kb_buf out = {0};
	adopt_write_config(&out, adoption, name);
	add_file(files, KB_STR("kb.yaml"), kb_arena_str(files->arena, kb_buf_view(&out)));
	kb_buf_clear(&out);
	adopt_write_taxonomy(&out, adoption);
	add_file(files, KB_STR("taxonomy.yaml"),
		kb_arena_str(files->arena, kb_buf_view(&out)));
	kb_buf_clear(&out);
	adopt_write_people(&out);
	add_file(files, KB_STR("people.yaml"),
		kb_arena_str(files->arena, kb_buf_view(&out)));
	if (!adoption->ignored.len)
		return;
	kb_buf_clear(&out);
	adopt_write_ignore(&out, adoption);
	add_file(files, KB_STR(".kbignore"),
		kb_arena_str(files->arena, kb_buf_view(&out)));
}

/* A .gitignore for the sites; one that is there stays as it is. */
static void add_gitignore(struct init_files *files, struct adoption *adoption)
{
	_cleanup_buf_ kb_buf there = {0};
	kb_str text = KB_STR_NULL;
	if (!exists(KB_STR(".gitignore"))) {
		kb_embed_get(KB_STR("init/gitignore"), &text);
		add_file(files, KB_STR(".gitignore"), text);
		return;
	}
	adoption->site_in_git =
		kb_file_read(".gitignore", 0, &there, NULL) ||
		kb_str_find(kb_buf_view(&there), KB_STR("public")) == SIZE_MAX;
}

/* The files, then kb.yaml once more, with the rules that begin as warnings by what the
 * files say. */
static int add_files(struct init_files *files, struct adoption *adoption, kb_str name,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};
	add_adoption(files, adoption, name);
	add_gitignore(files, adoption);
	for (size_t i = 0; i < files->len; i++)
		kb_source_replace(
			files->source, files->items[i].path, files->items[i].after);
	if (adopt_baseline(adoption, files->source, err))
		return -1;
	adopt_write_config(&out, adoption, name);
	files->items[0].after = kb_arena_str(files->arena, kb_buf_view(&out));
	return 0;
}

static int adopt(const struct kb_cli *cli, struct init_files *files, kb_str name)
{
	struct adoption adoption = {0};
	struct kb_error err;
	_cleanup_buf_ kb_buf report = {0};
	if (exists(KB_STR("kb.yaml"))) {
		kb_complain("kb.yaml is there already and stays as it is");
		return KB_EXIT_FAILED;
	}
	int failed = adopt_survey(&adoption, files->source, kb_now(), &err);
	if (!name.len)
		name = adoption.name.len ? adoption.name : name_of_folder(files->arena);
	if (!failed)
		failed = add_files(files, &adoption, name, &err);
	int status = failed ? kb_fail(&err) : write_files(cli, files);
	if (!status && !cli->quiet) {
		adopt_write_report(&report, &adoption);
		kb_say(stdout, "\n%.*s", KB_ARG(kb_buf_view(&report)));
	}
	adopt_dispose(&adoption);
	return status;
}

static int make_new(const struct kb_cli *cli, struct init_files *files, kb_str name)
{
	if (exists(KB_STR("kb.yaml"))) {
		kb_complain("there is a help center here already (kb.yaml): nothing was "
			    "written; 'kb new' starts a document");
		return KB_EXIT_FAILED;
	}
	add_templates(files, name);
	int status = write_files(cli, files);
	if (!status && !cli->quiet)
		kb_say(stdout, "\nNext:\n"
			       "  1. Say who you are in kb.yaml and people.yaml.\n"
			       "  2. kb validate\n"
			       "  3. kb publish\n"
			       "'kb new' starts a document.\n");
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
	struct init_files *files)
{
	kb_str given = kb_str_of(values->name ? values->name : "");
	struct kb_error err;
	int status = KB_EXIT_OK;
	if (kb_source_open_folder(&files->source, ".", &err) ||
		kb_session_recover(cli, files->source, &err))
		return kb_fail(&err);
	if (values->adopt)
		status = adopt(cli, files, given);
	else if (!values->hook || !exists(KB_STR("kb.yaml")))
		status = make_new(
			cli, files, given.len ? given : name_of_folder(files->arena));
	return status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct init_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct init_files files = {.arena = arena};
	kb_str dir = operands->len ? operands->items[0] : KB_STR_NULL;
	if (operands->len > 1) {
		kb_complain("'kb init' takes one folder");
		return KB_EXIT_FAILED;
	}
	if (values->hook && check_hook(arena, operands))
		return KB_EXIT_FAILED;
	kb_str there = part_there(arena, dir);
	int from = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int status = enter(operands);
	if (!status)
		status = fill_folder(cli, values, &files);
	if (status)
		leave(arena, from, dir, there);
	if (!status && values->hook)
		status = install_hook(cli, arena);
	if (from >= 0)
		close(from);
	kb_vec_dispose(&files);
	kb_source_free(files.source);
	return status;
}

const struct kb_command kb_cmd_init = {
	.name = "init",
	.summary = "make a content repository, or adopt the Markdown that is there",
	.operands = "[DIR]",
	.options = init_options,
	.values_size = sizeof(struct init_values),
	.draws = true,
	.run = run,
};
