#include "since.h"

#include <stdio.h>
#include <stdlib.h>

static const char *name_of(const struct kb_since *since)
{
	return since->rev ? since->rev : "HEAD";
}

static void note_base(const struct kb_since *since, enum kb_brought_base base)
{
	if (base == KB_BROUGHT_NO_CONFIG || base == KB_BROUGHT_BAD_CONFIG)
		kb_complain("%s at %s, so all of the content counts as changed",
			base == KB_BROUGHT_BAD_CONFIG ? "kb.yaml was broken"
						      : "there was no kb.yaml",
			name_of(since));
}

/* In a partial clone, the content of an older version may be missing. */
static void note_opened(const struct kb_since *since, const struct kb_cli *cli)
{
	size_t n;

	kb_path_changes_items(since->base.changes, &n);
	if (cli->verbose)
		kb_say(stderr, "kb: since %.*s: changed files %zu\n",
			KB_ARG(kb_source_commit(since->base.source)), n);
	if (!cli->quiet && kb_brought_unread(&since->base, &since->session->diags))
		kb_complain(
			"some files of %s cannot be read, so what changed in them is not "
			"known; if this is a partial clone, run: git fetch --refetch "
			"--no-filter",
			name_of(since));
}

bool kb_since_unchanged(const struct kb_since *since)
{
	size_t n = 1;

	if (since->wanted)
		kb_path_changes_items(since->base.changes, &n);
	return n == 0;
}

/* A CI job that runs the hooks on all files has nothing staged, so everything is checked.
 * Within a hook Git names the index, and a commit need not change content. */
static bool is_nothing_staged(const struct kb_since *since)
{
	return !since->rev && kb_since_unchanged(since) && !getenv("GIT_INDEX_FILE");
}

int kb_since_open(struct kb_since *since, const struct kb_cli *cli,
	const struct kb_read_values *values, const struct kb_session *session,
	struct kb_error *err)
{
	const struct kb_brought_options options = {
		since->rev, values->rev, values->config, values->jobs, values->no_cache};
	bool again = since->session != NULL;
	enum kb_brought_base base;

	since->session = session;
	kb_path_changes_free(KB_TAKE(since->moved));
	kb_brought_dispose(&since->base);
	if (!since->wanted)
		return 0;
	if (kb_brought_open(&since->base, session->lib, &options, &base, err))
		return -1;
	since->wanted = base == KB_BROUGHT_BASE;
	if (!cli->quiet)
		note_base(since, base);
	if (is_nothing_staged(since)) {
		since->wanted = false;
		kb_brought_dispose(&since->base);
		if (!cli->quiet)
			kb_complain("nothing is staged, so everything is checked");
	} else if (since->wanted && !again) {
		note_opened(since, cli);
	}
	return 0;
}

const struct kb_path_changes *kb_since_changes(void *ctx)
{
	struct kb_since *since = ctx;
	struct kb_source *now = since->session->source;

	if (since->wanted)
		return since->base.changes;
	if (since->moved || kb_source_commit(now).len || !kb_head_exists(".", NULL))
		return since->moved;
	if (!since->head)
		kb_source_open(&since->head, ".", "HEAD", NULL, NULL);
	if (since->head)
		kb_path_changes_find(&since->moved, since->head, now, NULL);
	return since->moved;
}

void kb_since_dispose(struct kb_since *since)
{
	kb_path_changes_free(since->moved);
	kb_source_free(since->head);
	kb_brought_dispose(&since->base);
}
