#include "session.h"
#include "progress.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/pick.h"

/* For -v: what is worked on. */
static void note_session(const struct kb_session *session)
{
	const struct kb_library *lib = session->lib;
	kb_str root = kb_source_root(session->source);
	kb_str commit = kb_source_commit(session->source);

	kb_say(stderr, "kb: %.*s%s%.*s: documents %u, locales %u, issues %u, files %zu\n",
		KB_ARG(root), commit.len ? " at " : "", KB_ARG(commit), lib->ndocs,
		lib->config->nlocales, lib->taxonomy->len, lib->nentries);
}

/* Returns the path of the work tree's kb.yaml, or an empty string. */
static kb_str config_today(struct kb_arena *arena)
{
	struct kb_source *now = NULL;
	kb_str root = KB_STR_NULL;

	if (kb_source_open(&now, ".", NULL, NULL, NULL) == 0)
		root = kb_arena_str(arena, kb_source_root(now));
	if (now)
		kb_source_free(now);
	return root.len ? kb_arena_fmt(arena, "%.*s/kb.yaml", KB_ARG(root)) : root;
}

static int open_past(const struct kb_cli *cli, struct kb_source **out, const char *rev,
	const char *config, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = NULL;

	if (!kb_source_open(out, ".", rev, config, err))
		return 0;
	if (err->code != KB_E_NOTFOUND || !rev || config)
		return -1;
	arena = kb_arena_new();
	kb_str today = config_today(arena);
	if (!today.len || kb_source_open(out, ".", rev, today.data, NULL))
		return -1;
	if (cli && !cli->quiet)
		kb_complain("%s has no kb.yaml: using the current one", rev);
	return 0;
}

static int open_source(const struct kb_cli *cli, struct kb_session *session,
	const struct kb_read_values *values, struct kb_error *err)
{
	session->source = values->source;
	if (session->source)
		return 0;
	if (values->past)
		return open_past(cli, &session->source, values->rev, values->config, err);
	return values->staged
		       ? kb_source_open_staged(&session->source, ".", values->config, err)
		       : kb_source_open(
				 &session->source, ".", values->rev, values->config, err);
}

/* Replaces the text of a file by the one on standard input. */
static int take_stdin(struct kb_session *session, const struct kb_read_values *values,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str path;

	if (!values->stdin_filename)
		return 0;
	if (!kb_operand_below(
		    session->source, arena, kb_str_of(values->stdin_filename), &path) ||
		!path.len)
		return kb_error_set(err, KB_E_USAGE,
			"'%s' is not a file below the content root",
			values->stdin_filename);
	kb_source_replace(session->source, path, values->stdin_text);
	return 0;
}

int kb_session_recover(
	const struct kb_cli *cli, const struct kb_source *source, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_recovered found;
	int failed = kb_rewrites_recover(kb_source_root(source),
		kb_source_journal(source, arena), arena, &found, err);

	if (cli && !cli->quiet && found.files)
		kb_complain("an earlier run of kb ended while it was changing files: "
			    "%zu file%s as before that run again",
			found.files, found.files == 1 ? " is" : "s are");
	for (size_t i = 0; cli && i < found.edited.len; i++)
		kb_complain("%.*s was edited after that run, so kb left it unchanged",
			KB_ARG(found.edited.items[i]));
	kb_vec_dispose(&found.edited);
	return failed;
}

struct kb_rewrites kb_session_rewrites(const struct kb_session *session)
{
	return (struct kb_rewrites){.lib = session->lib,
		.findings = &session->diags,
		.arena = session->arena};
}

int kb_session_change(const struct kb_session *session, bool dry_run,
	const struct kb_rewrite *rewrites, size_t n, struct kb_error *err)
{
	_cleanup_buf_ kb_buf patch = {0};

	if (!dry_run)
		return kb_edit_apply(session->source, rewrites, n, err);
	if (kb_edit_patch(session->source, rewrites, n, &patch, err))
		return -1;
	/* Programs apply the patch: they need its bytes, and a terminal does not. */
	if (isatty(STDOUT_FILENO))
		kb_put(NULL, stdout, kb_buf_view(&patch));
	else
		kb_put_bytes(stdout, kb_buf_view(&patch));
	return 0;
}

/* Says once that there is a repository, and kb goes on without it. */
static int tell_fault(const struct kb_cli *cli, const struct kb_session *session,
	const struct kb_read_values *values, struct kb_error *err)
{
	kb_str fault = kb_source_git_fault(session->source);

	if (fault.len && values->history)
		return kb_error_set(
			err, KB_E_GIT, "%.*s, and this needs its history", KB_ARG(fault));
	if (fault.len && !values->nrewrites && !cli->quiet)
		kb_complain("%.*s; without it there are no dates, no history, and no "
			    "--since, --staged and --rev",
			KB_ARG(fault));
	return 0;
}

static int open_content(struct kb_session *session, const struct kb_read_values *values,
	struct kb_error *err)
{
	struct kb_library_options options = {.threads = values->jobs,
		.now = values->like ? values->like->now : 0,
		.as_of = values->as_of,
		.like = values->like,
		.no_store = values->no_cache,
		.no_index = values->no_index};

	if (values->check) {
		session->texts = kb_check_texts_new();
		options.check = kb_check_texts_check(session->texts);
		options.keeper = kb_check_texts_keeper(session->texts);
	}
	if (values->keeper)
		options.keeper = values->keeper;
	kb_diags_init(&session->diags, NULL);
	if (values->config && access(values->config, F_OK) < 0)
		return kb_error_set(err, KB_E_NOTFOUND,
			"there is no file '%s' for --config", values->config);
	if (open_source(session->cli, session, values, err)) {
		if (err->code == KB_E_NOTFOUND && !values->rev && !values->staged)
			kb_error_set(err, KB_E_NOTFOUND,
				"there is no kb.yaml in this folder or above it: run "
				"'kb init', or 'kb init --adopt' for existing "
				"Markdown");
		return -1;
	}
	kb_source_use_threads(session->source, values->jobs);
	if (!values->rev && !values->staged &&
		kb_session_recover(session->cli, session->source, err))
		return -1;
	if (tell_fault(session->cli, session, values, err) ||
		take_stdin(session, values, err))
		return -1;
	for (size_t i = 0; i < values->nrewrites; i++)
		kb_source_replace(session->source, values->rewrites[i].path,
			values->rewrites[i].after);
	return values->search ? kb_search_load(&session->search, &session->lib,
					session->source, &options, &session->diags, err)
			      : kb_library_load(&session->lib, session->source, &options,
					&session->diags, err);
}

static void close_content(struct kb_session *session)
{
	kb_diags_dispose(&session->diags);
	kb_search_free(KB_TAKE(session->search));
	if (session->lib)
		kb_library_free(KB_TAKE(session->lib));
	kb_check_texts_free(KB_TAKE(session->texts));
	kb_source_free(KB_TAKE(session->source));
}

int kb_session_reopen(struct kb_session *session, const struct kb_read_values *values,
	struct kb_error *err)
{
	close_content(session);
	if (open_content(session, values, err)) {
		if (err->code == KB_E_CONFIG)
			kb_source_finish(session->source, &session->diags);
		return -1;
	}
	if (session->cli->verbose)
		note_session(session);
	return 0;
}

int kb_session_open(const struct kb_cli *cli, struct kb_session *session,
	const struct kb_read_values *values, struct kb_error *err)
{
	*session = (struct kb_session){.cli = cli, .arena = kb_arena_new()};
	return kb_session_reopen(session, values, err);
}

void kb_session_dispose(struct kb_session *session)
{
	close_content(session);
	kb_arena_free(session->arena);
}

void kb_note_locale(
	const struct kb_cli *cli, const struct kb_library *lib, const char *tag)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str asked, picked;

	if (!cli->quiet && kb_pick_stands_in(lib, arena, tag, &asked, &picked))
		kb_complain("kb.yaml has no locale '%.*s': using '%.*s'", KB_ARG(asked),
			KB_ARG(picked));
}

int kb_session_run(const struct kb_cli *cli, const struct kb_command *command,
	void *values, const kb_strs *operands, struct kb_error *err)
{
	struct kb_read_values *read = (void *)((char *)values + command->read);
	struct kb_session session;
	int status = -1;

	read->check |= command->needs & KB_NEEDS_CHECK;
	read->search |= command->needs & KB_NEEDS_SEARCH;
	read->history |= command->needs & KB_NEEDS_HISTORY;
	read->past |= command->needs & KB_NEEDS_PAST;
	struct kb_progress *progress =
		command->progress ? kb_progress_start(cli, command->progress) : NULL;
	bool failed = kb_session_open(cli, &session, read, err);
	bool broken = failed && err->code == KB_E_CONFIG;
	session.progress = progress;
	if (!failed || (broken && command->takes_broken))
		status = command->work(&session, values, operands, err);
	kb_progress_end(KB_TAKE(session.progress));
	if (broken && !command->takes_broken)
		kb_output_complain(cli, &session.diags, KB_INFO);
	kb_session_dispose(&session);
	return status;
}
