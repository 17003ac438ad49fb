#include "external.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kb/check.h"
#include "kb/external.h"

enum { TIMEOUT_SECONDS = 20, CACHE_HOURS = 24, RETRIES = 2, OFFLINE = 3 };

static int read_number(const char *name, const char *word, unsigned standard,
	unsigned max, unsigned *out, struct kb_error *err)
{
	char *end = NULL;
	unsigned long n = standard;

	if (word)
		n = strtoul(word, &end, 10);
	if (word && (*word < '0' || *word > '9' || *end || n > max))
		return kb_error_set(err, KB_E_USAGE,
			"--%s takes a number from 0 to %u, not '%s'", name, max, word);
	*out = (unsigned)n;
	return 0;
}

int kb_external_read(struct kb_external_values *values, struct kb_error *err)
{
	return read_number("external-timeout", values->timeout_word, TIMEOUT_SECONDS,
		       3600, &values->timeout, err) ||
			       read_number("external-age", values->hours_word,
				       CACHE_HOURS, 10000, &values->hours, err)
		       ? -1
		       : 0;
}

/* "$XDG_CACHE_HOME/kb/external", or below ~/.cache; NULL: there is no home. */
static const char *cache_path(struct kb_arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return kb_arena_fmt(arena, "%s/kb/external", cache).data;
	if (home && *home == '/')
		return kb_arena_fmt(arena, "%s/.cache/kb/external", home).data;
	return NULL;
}

struct selection {
	const kb_strs *paths;
	const struct kb_path_changes *changes;
};

static bool is_selected(void *ctx, kb_str path)
{
	const struct selection *selection = ctx;

	return kb_path_selected(selection->paths, path) &&
	       (!selection->changes || kb_path_edited(selection->changes, path));
}

static void show_progress(void *ctx, size_t done, size_t n)
{
	(void)ctx;
	fprintf(stderr, "\r\033[KChecking other sites: %zu of %zu", done, n);
	if (done == n)
		fprintf(stderr, "\r\033[K");
	fflush(stderr);
}

int kb_external_check(const struct kb_cli *cli, const struct kb_external_values *values,
	struct kb_session *session, const kb_strs *paths,
	const struct kb_path_changes *changes, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct selection selection = {paths, changes};
	struct kb_external_options options = {
		.http = {.timeout_ms = values->timeout ? values->timeout * 1000 : 1,
			.retries = RETRIES,
			.allow_private = values->private},
		.cache = cache_path(arena),
		.cache_hours = values->hours,
		.wants = is_selected,
		.wants_ctx = &selection};
	struct kb_external_report report;

	if (isatty(STDERR_FILENO) && !cli->no_progress && !cli->quiet)
		options.http.progress = show_progress;
	if (kb_check_external(session->lib, &options, &session->diags, &report, err))
		return -1;
	if (!cli->quiet)
		fprintf(stderr,
			"kb: %zu link%s to other sites, %zu address%s, %zu asked now\n",
			report.links, report.links == 1 ? "" : "s", report.addresses,
			report.addresses == 1 ? "" : "es", report.asked);
	if (!cli->quiet && report.asked >= OFFLINE && report.silent == report.asked)
		kb_complain("none of them answered: is this computer connected?");
	return 0;
}
