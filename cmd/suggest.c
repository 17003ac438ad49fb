/* kb suggest: a change for those who do not know Git, on a branch of its own. */
#include "session.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kb/check.h"
#include "kb/commit.h"
#include "kb/feedback.h"
#include "kb/file.h"
#include "kb/pick.h"
#include "kb/unicode.h"

struct suggest_change_values {
	struct kb_read_values read;
	const char *locale, *message, *branch, *file;
};

#define AT(member) offsetof(struct suggest_change_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"the document's locale; default: the first one in which it exists", NULL},
	{'m', "message", KB_OPT_STRING, AT(message), "TEXT",
		"what the change is and why; default: 'Suggest a change to TITLE'", NULL},
	{0, "branch", KB_OPT_STRING, AT(branch), "NAME",
		"the name of the branch; default: suggest/ID", NULL},
	{0, "file", KB_OPT_STRING, AT(file), "FILE",
		"take the new text from FILE instead of an editor", NULL},
	KB_CONTENT_OPTIONS(struct suggest_change_values, read),
	KB_OPTION_END,
};

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct suggest_change_values *values = opaque;

	(void)operands;
	return values->file || isatty(STDIN_FILENO)
		       ? 0
		       : kb_error_set(err, KB_E_USAGE,
				 "there is no terminal for an editor: write the new text to "
				 "a file, and add --file FILE");
}

struct suggesting {
	struct kb_session *session;
	const struct suggest_change_values *values;
	const struct kb_document *doc;
	kb_str before, after;
	kb_str draft; /* the file that is edited */
};

static int find_document(struct suggesting *s, kb_str word, struct kb_error *err)
{
	const struct kb_library *lib = s->session->lib;
	struct kb_feedback_place place;
	uint32_t locale = KB_NONE;

	if (s->values->locale && kb_pick_locale(lib, s->values->locale, &locale, err))
		return -1;
	if (!kb_feedback_find_place(lib, s->session->arena, word, &place))
		return kb_document_unknown(lib, word, err);
	s->doc = locale == KB_NONE ? place.doc : place.family->by_locale[locale];
	return s->doc ? 0
		      : kb_error_set(err, KB_E_USAGE, "'%.*s' does not exist in %s",
				KB_ARG(place.family->id), s->values->locale);
}

static int read_before(struct suggesting *s, struct kb_error *err)
{
	struct kb_source *source = s->session->source;
	struct kb_reader *reader = kb_reader_new(source);
	_cleanup_buf_ kb_buf text = {0};
	int failed = kb_reader_read(reader, s->doc->path, 0, &text, err);

	kb_reader_free(reader);
	if (failed)
		return -1;
	s->before = kb_arena_str(s->session->arena, kb_buf_view(&text));
	return kb_file_is_committed(source, s->doc->path, s->before)
		       ? 0
		       : kb_error_set(err, KB_E_REFUSED,
				 "%.*s has changes that are not committed: commit them, or "
				 "undo them with 'git restore', and run kb again",
				 KB_ARG(s->doc->path));
}

/* As Git runs it: a command of the shell with the file as its argument. */
static int edit(const struct suggesting *s, struct kb_error *err)
{
	const char *editor = getenv("VISUAL");
	int status;

	editor = editor && *editor ? editor : getenv("EDITOR");
	editor = editor && *editor ? editor : "vi";
	kb_str command = kb_arena_fmt(s->session->arena, "%s \"$@\"", editor);
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command.data, editor, s->draft.data,
			(char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return kb_error_errno(err, "cannot start the editor '%s'", editor);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0
		       ? 0
		       : kb_error_set(err, KB_E_IO,
				 "the editor '%s' ended with an error: choose another with "
				 "$EDITOR",
				 editor);
}

static int read_after(struct suggesting *s, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};

	if (kb_file_read(
		    s->values->file ? s->values->file : s->draft.data, 0, &text, err))
		return -1;
	s->after = kb_arena_str(s->session->arena, kb_buf_view(&text));
	return 0;
}

/* Prints what is wrong with the new text; *ERRORS: it must not be committed. */
static int validate(const struct suggesting *s, bool *errors, struct kb_error *err)
{
	const struct kb_rewrite rewrite = {
		.path = s->doc->path, .before = s->before, .after = s->after};
	struct kb_read_values read = s->values->read;
	struct kb_session session;
	struct kb_diags own;

	read.rewrites = &rewrite;
	read.nrewrites = 1;
	read.check = true;
	int failed = kb_session_open(s->session->cli, &session, &read, err);
	kb_diags_init(&own, NULL);
	if (!failed) {
		kb_check(session.lib, &(struct kb_check_options){.threads = read.jobs},
			&session.diags);
		kb_source_finish(session.source, &session.diags);
	}
	for (size_t i = 0; i < session.diags.len && !failed; i++)
		if (kb_str_eq(session.diags.items[i].path, s->doc->path)) {
			kb_vec_push(&own, session.diags.items[i]);
			*errors |= session.diags.items[i].severity == KB_ERROR;
		}
	kb_output_complain(s->session->cli, &own, KB_WARNING);
	kb_diags_dispose(&own);
	kb_session_dispose(&session);
	return failed;
}

static bool wants_again(void)
{
	char line[16];

	kb_say(stderr, "Edit it again? [Y/n] ");
	return fgets(line, sizeof(line), stdin) && !strchr("nN", line[0]);
}

/* Edits and validates until the text can be committed. 1: there is nothing to commit. */
static int make_text(struct suggesting *s, struct kb_error *err)
{
	bool errors;

	do {
		errors = false;
		if ((!s->values->file && edit(s, err)) || read_after(s, err))
			return -1;
		if (kb_str_eq(s->before, s->after))
			return 1;
		if (validate(s, &errors, err))
			return -1;
	} while (errors && !s->values->file && wants_again());
	return errors ? kb_error_set(err, KB_E_REFUSED,
				"the text has errors, so it was not committed")
		      : 0;
}

static void tell(const struct suggesting *s, const struct kb_committed *made)
{
	kb_str remote = made->remote.len ? made->remote : KB_STR("origin");

	kb_say(stdout, "%.*s\n", KB_ARG(made->branch));
	fflush(stdout);
	if (s->session->cli->quiet)
		return;
	kb_say(stderr,
		"Committed %.10s on the branch '%.*s'. Your files and your branch are as "
		"before.\nSend it to the others:\n\n    git push %.*s %.*s\n",
		made->id, KB_ARG(made->branch), KB_ARG(remote), KB_ARG(made->branch));
	if (kb_str_find(made->url, KB_STR("github.com")) != SIZE_MAX)
		kb_say(stderr, "    gh pr create --head %.*s --fill\n",
			KB_ARG(made->branch));
	else if (kb_str_find(made->url, KB_STR("gitlab")) != SIZE_MAX)
		kb_say(stderr, "    glab mr create --source-branch %.*s --fill\n",
			KB_ARG(made->branch));
	kb_say(stderr, "\nThrow it away: git branch -D %.*s\n", KB_ARG(made->branch));
}

static int commit(const struct suggesting *s, struct kb_error *err)
{
	struct kb_arena *arena = s->session->arena;
	struct kb_commit_request request = {.path = s->doc->path,
		.text = s->after,
		.branch = kb_str_of(s->values->branch),
		.message = kb_str_of(s->values->message)};
	struct kb_committed made;

	if (!request.branch.len)
		request.branch = kb_arena_fmt(
			arena, "suggest/%.*s", KB_ARG(kb_slug_path(arena, s->doc->id)));
	if (!request.message.len)
		request.message = kb_arena_fmt(
			arena, "Suggest a change to %.*s", KB_ARG(s->doc->facts->title));
	if (kb_commit_make(s->session->source, &request, arena, &made, err))
		return -1;
	tell(s, &made);
	return 0;
}

/* A copy of the document to edit, in a folder of its own. */
static int make_draft(struct suggesting *s, char *folder, struct kb_error *err)
{
	if (!mkdtemp(folder))
		return kb_error_errno(err, "cannot make a folder in '%s'", folder);
	s->draft = kb_arena_fmt(
		s->session->arena, "%s/%.*s", folder, KB_ARG(kb_path_base(s->doc->path)));
	return kb_file_write(s->draft.data, s->before, err);
}

static int suggest(struct suggesting *s, struct kb_error *err)
{
	const char *tmp = getenv("TMPDIR");
	kb_str folder = kb_arena_fmt(
		s->session->arena, "%s/kb-suggest-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	char *path = kb_arena_copy(s->session->arena, folder.data, folder.len + 1);
	int status;

	if (!s->values->file && make_draft(s, path, err))
		return -1;
	status = make_text(s, err);
	if (status == 0)
		status = commit(s, err);
	else if (status > 0)
		kb_complain("nothing changed, so there is nothing to suggest");
	/* What could not be committed stays, so that nobody types it again. */
	if (!s->values->file && status >= 0) {
		unlink(s->draft.data);
		rmdir(path);
	} else if (!s->values->file && s->after.len) {
		kb_complain("your text is in %.*s", KB_ARG(s->draft));
	}
	return status < 0 ? -1 : KB_EXIT_OK;
}

static int work(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	struct suggesting s = {.session = session, .values = values};

	return find_document(&s, operands->items[0], err) || read_before(&s, err)
		       ? -1
		       : suggest(&s, err);
}

const struct kb_command kb_cmd_suggest = {
	.name = "suggest",
	.summary = "suggest a change without knowing Git",
	.operands = "PATH|ID",
	.least = 1,
	.most = 1,
	.options = options,
	.values_size = sizeof(struct suggest_change_values),
	.check = check,
	.read = AT(read),
	.work = work,
};
