/* kb feedback import: reports from mail, tables, JSON and issues, once or as they come.
 */
#include "feedback.h"

#include <sys/stat.h>

#include "input.h"
#include "kb/pick.h"

enum { EXPORT_MAX = 256 << 20 };

struct import_values {
	struct kb_change_values change;
	const char *format, *watch;
	const char *document, *issue, *locale, *kind, *reporter;
};

#define AT(member) offsetof(struct import_values, member)
static const struct kb_option options[] = {
	{0, "from", KB_OPT_STRING, AT(format), "FORMAT",
		"read FILE as mbox, csv, jsonl, github or gitlab; default: what it looks "
		"like",
		kb_feedback_formats},
	{0, "watch", KB_OPT_STRING, AT(watch), "DIR",
		"also import the files in DIR, and go on as they come, until a signal",
		NULL},
	{0, "document", KB_OPT_STRING, AT(document), "PATH|ID",
		"for reports that name no document", NULL},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"for reports that name neither a document nor an issue", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"for reports that name no locale", NULL},
	{'k', "kind", KB_OPT_STRING, AT(kind), "KIND",
		"for reports of no known kind; default: wrong, or missing if one is "
		"about an issue",
		kb_feedback_kinds},
	{0, "reporter", KB_OPT_STRING, AT(reporter), "ID", "for reports that name nobody",
		NULL},
	KB_CHANGE_OPTIONS(struct import_values, change),
	KB_OPTION_END,
};

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct import_values *values = opaque;
	struct stat st;

	if (!operands->len && !values->watch)
		return kb_error_set(err, KB_E_USAGE,
			"write 'kb feedback import FILE...', '-' for standard input, or "
			"'--watch DIR'");
	if (values->watch && (stat(values->watch, &st) || !S_ISDIR(st.st_mode)))
		return kb_error_set(
			err, KB_E_USAGE, "'%s' is not a folder", values->watch);
	return values->watch && values->change.dry_run
		       ? kb_error_set(err, KB_E_USAGE,
				 "--watch writes as reports come: leave out --dry-run")
		       : 0;
}

struct importing {
	struct kb_session *session; /* of the files that are there at first */
	const struct import_values *values;
	bool failed; /* something could not be read */
};

static int check_fallback(const struct importing *i, struct kb_error *err)
{
	const struct import_values *values = i->values;
	const struct kb_library *lib = i->session->lib;
	const struct kb_issue *issue;
	uint32_t locale;

	if (values->document && feedback_check_place(i->session,
					kb_str_of(values->document), KB_STR(""), err))
		return -1;
	if (values->issue && kb_pick_issue(lib, kb_str_of(values->issue), &issue, err))
		return -1;
	return values->locale ? kb_pick_locale(lib, values->locale, &locale, err) : 0;
}

/* In numbers, on standard error. */
static void feedback_tell(const struct feedback_import *import)
{
	const struct {
		size_t n;
		const char *text;
	} counts[] = {{import->known, "already there"}, {import->refused, "left out"},
		{import->ignored, "no reports"},
		{import->masked, "personal data taken out"}};
	_cleanup_buf_ kb_buf line = {0};

	kb_buf_fmt(&line, "%zu report%s added", import->added,
		import->added == 1 ? "" : "s");
	for (size_t i = 0; i < KB_LEN(counts); i++)
		if (counts[i].n)
			kb_buf_fmt(&line, ", %zu %s", counts[i].n, counts[i].text);
	kb_complain("%.*s", KB_ARG(kb_buf_view(&line)));
}

static int begin(const struct importing *i, struct kb_session *session,
	struct feedback_import *import, struct kb_error *err)
{
	const struct import_values *values = i->values;

	if (feedback_begin(import, session, err))
		return -1;
	import->adder.fallback =
		(struct kb_feedback_given){.where = kb_str_of(values->document),
			.issue = kb_str_of(values->issue),
			.locale = kb_str_of(values->locale),
			.kind = kb_str_of(values->kind),
			.reporter = kb_str_of(values->reporter)};
	return 0;
}

/* UNFINISHED: its end may still be written. */
static int take_file(struct importing *i, struct feedback_import *import,
	const char *file, bool unfinished, struct kb_error *err)
{
	const struct kb_session *session = import->session;
	struct kb_feedback_reports reports = {0};
	_cleanup_buf_ kb_buf text = {0};
	int failed =
		kb_input_file(file, EXPORT_MAX, &text, err) ||
		kb_feedback_read_export(session->lib, session->arena, kb_buf_view(&text),
			i->values->format, unfinished, &reports, err);

	if (!failed)
		feedback_take(import, &reports, file);
	for (size_t k = 0; k < reports.faults.len && !failed; k++)
		kb_complain("%s: %.*s", file, KB_ARG(reports.faults.items[k]));
	i->failed |= reports.faults.len > 0;
	kb_feedback_reports_dispose(&reports);
	return failed ? -1 : 0;
}

static int finish(struct importing *i, struct feedback_import *import, bool unfinished,
	struct kb_error *err)
{
	if (feedback_write(import, i->values->change.dry_run, err))
		return -1;
	i->failed |= import->refused > 0;
	if (!import->session->cli->quiet &&
		(!unfinished || import->added || import->refused))
		feedback_tell(import);
	return 0;
}

/* Content may have changed since the last file came. */
static int import_watched(void *ctx, const char *file, struct kb_error *err)
{
	struct importing *i = ctx;
	struct feedback_import import = {0};
	struct kb_session session;
	int failed = kb_session_open(
			     i->session->cli, &session, &i->values->change.read, err) ||
		     begin(i, &session, &import, err) ||
		     take_file(i, &import, file, true, err) ||
		     finish(i, &import, true, err);

	feedback_end(&import);
	kb_session_dispose(&session);
	fflush(stdout);
	return failed;
}

static int import_files(struct importing *i, const kb_strs *files, struct kb_error *err)
{
	struct feedback_import import = {0};
	int failed = begin(i, i->session, &import, err);

	for (size_t k = 0; k < files->len && !failed; k++)
		failed = take_file(i, &import, files->items[k].data, false, err);
	failed = failed || finish(i, &import, false, err);
	feedback_end(&import);
	return failed;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	struct importing i = {.session = session, .values = opaque};
	const char *folder = i.values->watch;

	if (check_fallback(&i, err) ||
		(operands->len && import_files(&i, operands, err)) ||
		(folder && feedback_watch(folder, import_watched, &i, err)))
		return -1;
	return i.failed && !folder ? KB_EXIT_FOUND : KB_EXIT_OK;
}

const struct kb_command kb_cmd_feedback_import = {
	.name = "feedback import",
	.summary = "import reports from mail, tables, JSON, or issues",
	.operands = "[FILE...]",
	.options = options,
	.values_size = sizeof(struct import_values),
	.check = check,
	.read = AT(change.read),
	.work = work,
};
