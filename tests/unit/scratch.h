/*
 * A folder of a test's own, with Git's environment fixed: nobody's configuration, one
 * identity, dates that the test sets.
 */
#ifndef SCRATCH_H
#define SCRATCH_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

static char scratch_dir[256];

__attribute__((format(printf, 1, 2))) static inline const char *scratch_path(
	const char *fmt, ...)
{
	static char paths[4][1024];
	static unsigned next;
	char *path = paths[next++ % 4];
	int n = snprintf(path, sizeof(paths[0]), "%s/", scratch_dir);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(path + n, sizeof(paths[0]) - (size_t)n, fmt, ap);
	va_end(ap);
	return path;
}

/* Runs a shell script in the folder; the test fails when it does. */
static inline void scratch_run(const char *script)
{
	static char text[16384];

	snprintf(text, sizeof(text), "set -e; cd '%s'; exec 2>&1; %s", scratch_dir,
		script);
	if (system(text) != 0)
		fail_msg("failed: %s", text);
}

/* Where kb keeps what it makes of content that is not in Git: beside the folder, which is
 * content itself in many tests. */
static inline const char *scratch_cache(void)
{
	static char path[sizeof(scratch_dir) + 8];

	snprintf(path, sizeof(path), "%s.cache", scratch_dir);
	return path;
}

static inline int scratch_setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(scratch_dir, sizeof(scratch_dir), "%s/kb-unit-XXXXXX",
		tmp ? tmp : "/tmp");
	if (!mkdtemp(scratch_dir))
		return -1;
	setenv("HOME", scratch_dir, 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_AUTHOR_NAME", "A U Thor", 1);
	setenv("GIT_AUTHOR_EMAIL", "author@example.com", 1);
	setenv("GIT_COMMITTER_NAME", "C O Mitter", 1);
	setenv("GIT_COMMITTER_EMAIL", "committer@example.com", 1);
	setenv("GIT_AUTHOR_DATE", "1700000000 +0000", 1);
	setenv("GIT_COMMITTER_DATE", "1700000000 +0000", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("GIT_CONFIG_GLOBAL"); /* tests write to the one below HOME */
	setenv("XDG_CACHE_HOME", scratch_cache(), 1);
	unsetenv("GIT_DIR");
	unsetenv("GIT_WORK_TREE");
	unsetenv("GIT_INDEX_FILE");
	scratch_run("git config --global init.defaultBranch main;"
		    "git config --global protocol.file.allow always");
	return 0;
}

static inline int scratch_teardown(void **state)
{
	char command[sizeof(scratch_dir) * 3 + 64];

	(void)state;
	snprintf(command, sizeof(command), "chmod -R u+rwx '%s'; rm -rf '%s' '%s'",
		scratch_dir, scratch_dir, scratch_cache());
	return system(command);
}

#endif
