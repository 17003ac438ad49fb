#include "init_hook.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/adopt.h"
#include "kb/file.h"

bool init_exists(kb_str path)
{
	struct stat st;

	return lstat(path.data, &st) == 0;
}

kb_str init_part_there(struct kb_arena *arena, kb_str dir)
{
	while (dir.len && !init_exists(kb_arena_str(arena, dir)))
		dir = kb_path_dir(dir);
	return dir;
}

/* A line that Git prints, or nothing. */
static kb_str ask_git(struct kb_arena *arena, const char *command)
{
	char line[PATH_MAX] = "";
	FILE *pipe = popen(command, "r");

	if (!pipe)
		return KB_STR_NULL;
	if (!fgets(line, sizeof(line), pipe))
		line[0] = '\0';
	bool good = pclose(pipe) == 0;
	return good ? kb_arena_str(arena, kb_str_trim(kb_str_of(line))) : KB_STR_NULL;
}

/* Where the hook goes; empty, with the error, if it cannot be there. */
static kb_str hook_path(struct kb_arena *arena, struct kb_error *err)
{
	kb_str folder = ask_git(arena, "git rev-parse --git-path hooks 2>/dev/null");

	if (!folder.len) {
		kb_error_set(err, KB_E_GIT,
			"there is no Git repository here for the hook: run 'git init' "
			"first");
		return KB_STR_NULL;
	}
	kb_str path = kb_arena_fmt(arena, "%.*s/pre-commit", KB_ARG(folder));
	if (!init_exists(path))
		return path;
	kb_error_set(err, KB_E_REFUSED,
		"%.*s already exists; left unchanged: add 'kb validate' to it",
		KB_ARG(path));
	return KB_STR_NULL;
}

int init_hook_check(kb_str dir, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	bool absolute = kb_str_starts(dir, KB_STR("/"));
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	dir = init_part_there(arena, dir);
	if (!dir.len)
		dir = absolute ? KB_STR("/") : KB_STR(".");
	kb_error_set(err, KB_E_IO, "cannot work in '%.*s'", KB_ARG(dir));
	bool good = here >= 0 && chdir(kb_arena_str(arena, dir).data) == 0 &&
		    hook_path(arena, err).len;
	good = here >= 0 && fchdir(here) == 0 && good;
	if (here >= 0)
		close(here);
	return good ? 0 : -1;
}

int init_hook_install(
	const struct kb_cli *cli, struct kb_arena *arena, struct kb_error *err)
{
	kb_str path = hook_path(arena, err);
	kb_str prefix = ask_git(arena, "git rev-parse --show-prefix 2>/dev/null");

	if (!path.len)
		return -1;
	kb_str text = kb_init_hook(arena, prefix.len ? prefix : KB_STR("."));
	if (kb_file_write(path.data, text, err))
		return -1;
	if (chmod(path.data, 0755))
		return kb_error_errno(err, "cannot make %s executable", path.data);
	if (!cli->quiet)
		kb_say(stdout, "  %.*s\n", KB_ARG(path));
	return 0;
}
