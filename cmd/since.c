#include "since.h"

#include <stdio.h>
#include <stdlib.h>

static void note(const struct kb_cli *cli, const char *text, const char *rev)
{
	if (!cli->quiet)
		kb_complain(
			"%s at %s, so all of the content counts as changed", text, rev);
}

static int load_base(struct kb_since *since, const struct kb_cli *cli,
	const struct kb_read_values *values, const struct kb_session *session,
	const char *rev, struct kb_error *err)
{
	struct kb_library_options options = {.threads = values->jobs,
		.now = session->lib->now,
		.like = session->lib,
		.no_store = values->no_cache};
	struct kb_session *base = &since->base;
	struct kb_error why;

	if (values->check) {
		base->texts = kb_check_texts_new();
		options.check = kb_check_texts_check(base->texts);
	}

	kb_diags_init(&base->diags, NULL);
	if (kb_source_open(&base->source, ".", rev, values->config, &why) == 0 &&
		kb_library_load(&base->lib, base->source, &options, &base->diags, &why) ==
			0)
		return 0;
	if (why.code != KB_E_NOTFOUND && why.code != KB_E_CONFIG) {
		*err = why;
		return -1;
	}
	note(cli, why.code == KB_E_CONFIG ? "kb.yaml was broken" : "there was no kb.yaml",
		since->rev ? since->rev : "HEAD");
	since->wanted = false;
	return 0;
}

static int open_base(struct kb_since *since, const struct kb_cli *cli,
	const struct kb_read_values *values, const struct kb_session *session,
	struct kb_error *err)
{
	char base[41] = "HEAD";

	if (since->rev && kb_merge_base(base, ".", since->rev, values->rev, err) < 0)
		return -1;
	if (!since->rev && !kb_head_exists(".", NULL)) {
		since->wanted = false;
		return 0;
	}
	return load_base(since, cli, values, session, base, err);
}

static size_t count_unread(const struct kb_diags *diags)
{
	size_t n = 0;

	for (size_t i = 0; i < diags->len; i++)
		n += diags->items[i].rule == KB_RULE_FILE_READ ||
		     diags->items[i].rule == KB_RULE_LFS_POINTER;
	return n;
}

/* In a partial clone, the content of a former version may be missing. */
static void note_session(const struct kb_since *since, const struct kb_cli *cli,
	const struct kb_session *session)
{
	size_t unread = count_unread(&since->base.diags);
	size_t n;

	kb_path_changes_items(since->changes, &n);
	if (cli->verbose)
		kb_say(stderr, "kb: since %.*s: changed files %zu\n",
			KB_ARG(kb_source_commit(since->base.source)), n);
	if (!cli->quiet && unread > count_unread(&session->diags))
		kb_complain(
			"some files of %s cannot be read, so what changed in them is not "
			"known; if this is a partial clone, run: git fetch --refetch "
			"--no-filter",
			since->rev ? since->rev : "HEAD");
}

bool kb_since_unchanged(const struct kb_since *since)
{
	size_t n = 1;

	if (since->wanted)
		kb_path_changes_items(since->changes, &n);
	return n == 0;
}

/* A CI job that runs the hooks on all files has nothing staged, so everything is checked.
 * Within a hook Git names the index, and a commit need not change content. */
static bool is_nothing_staged(const struct kb_since *since)
{
	return !since->rev && kb_since_unchanged(since) && !getenv("GIT_INDEX_FILE");
}

static void check_everything(struct kb_since *since, const struct kb_cli *cli)
{
	since->wanted = false;
	kb_session_dispose(&since->base);
	since->base = (struct kb_session){0};
	if (!cli->quiet)
		kb_complain("nothing is staged, so everything is checked");
}

int kb_since_open(struct kb_since *since, const struct kb_cli *cli,
	const struct kb_read_values *values, const struct kb_session *session,
	struct kb_error *err)
{
	bool again = since->session != NULL;

	since->session = session;
	since->base_checked = false;
	kb_path_changes_free(KB_TAKE(since->changes));
	kb_session_dispose(&since->base);
	since->base = (struct kb_session){0};
	if (since->wanted && open_base(since, cli, values, session, err) < 0)
		return -1;
	if (!since->wanted)
		return 0;
	if (kb_path_changes_find(
		    &since->changes, since->base.source, session->source, err) < 0)
		return -1;
	if (is_nothing_staged(since))
		check_everything(since, cli);
	else if (!again)
		note_session(since, cli, session);
	return 0;
}

const struct kb_path_changes *kb_since_changes(void *ctx)
{
	struct kb_since *since = ctx;
	struct kb_source *now = since->session->source;

	if (since->changes || kb_source_commit(now).len || !kb_head_exists(".", NULL))
		return since->changes;
	if (!since->head)
		kb_source_open(&since->head, ".", "HEAD", NULL, NULL);
	if (since->head)
		kb_path_changes_find(&since->changes, since->head, now, NULL);
	return since->changes;
}

static bool any_elsewhere(const struct kb_since *since, const struct kb_diags *diags)
{
	for (size_t i = 0; i < diags->len; i++)
		if (!kb_path_edited(since->changes, diags->items[i].path))
			return true;
	return false;
}

void kb_since_finish(struct kb_since *since, const struct kb_read_values *values,
	struct kb_session *session)
{
	struct kb_check_options options = {.threads = values->jobs};

	if (since->wanted)
		kb_check_versions(
			since->base.lib, session->lib, since->changes, &session->diags);
	kb_source_finish(session->source, &session->diags);
	if (!since->wanted)
		return;
	/* Only what stands elsewhere has to be compared. */
	if (!since->base_checked && any_elsewhere(since, &session->diags)) {
		kb_check(since->base.lib, &options, &since->base.diags);
		kb_source_finish(since->base.source, &since->base.diags);
		since->base_checked = true;
	}
	kb_diags_since(&session->diags, &since->base.diags, since->changes);
}

void kb_since_dispose(struct kb_since *since)
{
	kb_path_changes_free(since->changes);
	kb_source_free(since->head);
	kb_session_dispose(&since->base);
}
