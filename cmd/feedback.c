/* kb feedback list, add, close: what readers report, and what became of it. */
#include "feedback.h"

#include <unistd.h>

#include "input.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "kb/change.h"

enum { TEXT_MAX = 1 << 20, HEADINGS_SHOWN = 8 };

/* list */

struct list_values {
	struct kb_read_values read;
	kb_strs reports, owners;
	const char *issue, *locale;
	bool open;
};

#define AT(member) offsetof(struct list_values, member)
static const struct kb_option list_options[] = {
	{0, "open", KB_OPT_FLAG, AT(open), NULL, "only what nobody has settled", NULL},
	{0, "owner", KB_OPT_LIST, AT(owners), "ID",
		"only about what this person or team owns; may be repeated", NULL},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"only about this issue or one below it", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE", "only in this locale", NULL},
	KB_OUTPUT_OPTIONS(struct list_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct list_values, read),
	KB_OPTION_END,
};

static int read_filter(const struct kb_session *session, const struct list_values *values,
	struct kb_feedback_filter *filter, struct kb_error *err)
{
	const struct kb_library *lib = session->lib;

	*filter = (struct kb_feedback_filter){
		.owners = &values->owners, .locale = KB_NONE, .open = values->open};
	for (size_t i = 0; i < values->owners.len; i++)
		if (kb_pick_person(lib, values->owners.items[i], err))
			return -1;
	if (values->locale && kb_pick_locale(lib, values->locale, &filter->locale, err))
		return -1;
	return values->issue
		       ? kb_pick_issue(lib, kb_str_of(values->issue), &filter->issue, err)
		       : 0;
}

/* The ids of the documents that the operands name. */
static int read_documents(const struct kb_session *session, const kb_strs *operands,
	kb_strs *ids, struct kb_error *err)
{
	struct kb_feedback_place place;

	for (size_t i = 0; i < operands->len; i++) {
		if (!kb_feedback_find_place(
			    session->lib, session->arena, operands->items[i], &place))
			return kb_document_unknown(session->lib, operands->items[i], err);
		kb_vec_push(ids, place.family->id);
	}
	return 0;
}

static int print_list(struct kb_session *session, const struct list_values *values,
	const struct kb_feedback_filter *filter, struct kb_error *err)
{
	struct kb_history *history = NULL;
	struct kb_feedback_list list;
	struct kb_feedbacks all;
	struct kb_report report;

	if (kb_history_load(&history, session->source, err))
		return -1;
	kb_feedback_read(session->lib, session->arena, &all);
	kb_feedback_find(session->lib, history, &all, filter, session->arena, &list);
	kb_report_feedback(&report, session->lib, &list);
	int failed = kb_output_report(
		session->cli, &values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	kb_history_free(history);
	return failed ? -1 : KB_EXIT_OK;
}

static int list(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct list_values *values = opaque;
	struct kb_feedback_filter filter;
	kb_strs ids = {0};
	int status = read_filter(session, values, &filter, err) ||
				     read_documents(session, operands, &ids, err)
			     ? -1
			     : 0;

	filter.ids = &ids;
	if (!status)
		status = print_list(session, values, &filter, err);
	kb_vec_dispose(&ids);
	return status;
}

const struct kb_command kb_cmd_feedback = {
	.name = "feedback",
	.summary = "manage reports on content",
	.operands = "",
	.options = list_options,
	.values_size = sizeof(struct list_values),
	.read = AT(read),
	.work = list,
};

const struct kb_command kb_cmd_feedback_list = {
	.name = "feedback list",
	.summary = "list reports on content",
	.operands = "[PATH|ID...]",
	.options = list_options,
	.values_size = sizeof(struct list_values),
	.read = AT(read),
	.work = list,
};
#undef AT

/* add */

int feedback_begin(struct feedback_import *import, const struct kb_session *session,
	struct kb_error *err)
{
	*import = (struct feedback_import){
		.session = session, .rewrites = kb_session_rewrites(session)};
	int failed = kb_history_load(&import->history, session->source, err);
	kb_feedback_adder_init(&import->adder, &import->rewrites, import->history);
	return failed;
}

void feedback_take(struct feedback_import *import,
	const struct kb_feedback_reports *reports, const char *file)
{
	struct kb_feedback_added added;

	import->ignored += reports->ignored;
	for (size_t i = 0; i < reports->given.len; i++) {
		const struct kb_feedback_given *given = &reports->given.items[i];

		kb_edit_add_feedback(&import->adder, given, &added);
		import->added += added.result == KB_FEEDBACK_ADDED;
		import->known += added.result == KB_FEEDBACK_KNOWN;
		import->refused += added.result == KB_FEEDBACK_REFUSED;
		import->masked += added.masked;
		if (added.result == KB_FEEDBACK_REFUSED)
			kb_complain("%s%s%.*s: %.*s", file ? file : "", file ? ": " : "",
				KB_ARG(given->origin), KB_ARG(added.reason));
	}
}

int feedback_write(struct feedback_import *import, bool dry_run, struct kb_error *err)
{
	const struct kb_session *session = import->session;
	const struct kb_rewrites *rewrites = &import->rewrites;

	if ((import->refused && kb_edit_check_read(session->lib, &session->diags,
					&(kb_strs){0}, err)) ||
		kb_session_change(session, dry_run, rewrites->items, rewrites->len, err))
		return -1;
	for (size_t i = 0; i < rewrites->len && !dry_run; i++)
		kb_say(stdout, "%.*s\n", KB_ARG(rewrites->items[i].path));
	return 0;
}

void feedback_end(struct feedback_import *import)
{
	kb_feedback_adder_dispose(&import->adder);
	kb_vec_dispose(&import->rewrites);
	kb_history_free(import->history);
}

struct add_values {
	struct kb_change_values change;
	const char *issue, *locale, *kind, *step, *revision, *reporter;
};

#define AT(member) offsetof(struct add_values, member)
static const struct kb_option add_options[] = {
	{'k', "kind", KB_OPT_STRING, AT(kind), "KIND",
		"wrong (default), outdated, unclear, missing (default with --issue "
		"alone), suggestion or praise",
		kb_feedback_kinds},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"the issue that lacks content; then WHERE can be left out", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"the locale that was read; default: that of WHERE", NULL},
	{0, "step", KB_OPT_STRING, AT(step), "STEP",
		"the step or heading of the document, as in its address", NULL},
	{0, "revision", KB_OPT_STRING, AT(revision), "REV",
		"the commit or blob that was read; default: HEAD", NULL},
	{0, "reporter", KB_OPT_STRING, AT(reporter), "ID",
		"who reports it: an id in people.yaml, or 'customer'", NULL},
	KB_CHANGE_OPTIONS(struct add_values, change),
	KB_OPTION_END,
};

static int step_unknown(
	const struct kb_document *doc, kb_str where, kb_str step, struct kb_error *err)
{
	const struct kb_md_facts *body = &doc->facts->body;
	_cleanup_buf_ kb_buf list = {0};
	kb_strs ids = {0};

	for (uint32_t i = 0; i < body->nheadings; i++) {
		kb_vec_push(&ids, body->headings[i].id);
		if (i < HEADINGS_SHOWN)
			kb_buf_fmt(&list, "%s%.*s", i ? ", " : ": its headings are ",
				KB_ARG(body->headings[i].id));
	}
	const kb_str *near = kb_str_nearest(step, ids.items, ids.len);
	kb_error_set(err, KB_E_USAGE, "'%.*s' has no step or heading '%.*s'%s%.*s%s",
		KB_ARG(where), KB_ARG(step), near ? ": did you mean '" : "",
		KB_ARG(near ? *near : kb_buf_view(&list)), near ? "'?" : "");
	kb_vec_dispose(&ids);
	return -1;
}

int feedback_check_place(
	const struct kb_session *session, kb_str where, kb_str step, struct kb_error *err)
{
	struct kb_feedback_place place;
	kb_str page = kb_str_sub(where, 0, kb_str_chr(where, '#'));

	if (step.len)
		where = kb_arena_fmt(
			session->arena, "%.*s#%.*s", KB_ARG(page), KB_ARG(step));
	if (!kb_feedback_find_place(session->lib, session->arena, where, &place))
		return kb_document_unknown(session->lib, page, err);
	return place.missing.len ? step_unknown(place.doc, page, place.missing, err) : 0;
}

static int check_given(const struct kb_session *session,
	const struct kb_feedback_given *given, struct kb_error *err)
{
	const struct kb_issue *issue;
	uint32_t locale;

	if (given->where.len &&
		feedback_check_place(session, given->where, given->step, err))
		return -1;
	if (given->issue.len && kb_pick_issue(session->lib, given->issue, &issue, err))
		return -1;
	if (given->locale.len &&
		kb_pick_locale(session->lib, given->locale.data, &locale, err))
		return -1;
	return given->reporter.len && !kb_str_is(given->reporter, "customer") &&
			       kb_pick_person(session->lib, given->reporter, err)
		       ? -1
		       : 0;
}

/* The operands that are left: the text, or '-' for standard input. */
static int read_text(struct kb_session *session, const kb_strs *operands, size_t from,
	kb_str *text, struct kb_error *err)
{
	_cleanup_buf_ kb_buf words = {0};

	for (size_t i = from; i < operands->len; i++)
		kb_buf_fmt(&words, "%s%.*s", i > from ? " " : "",
			KB_ARG(operands->items[i]));
	if (!words.len && isatty(STDIN_FILENO))
		return kb_error_set(err, KB_E_USAGE,
			"the text is missing: write it behind the document, or pipe it "
			"into kb");
	if (!words.len || kb_str_is(kb_buf_view(&words), "-")) {
		kb_buf_clear(&words);
		if (kb_input_file("-", TEXT_MAX, &words, err))
			return -1;
	}
	*text = kb_arena_str(session->arena, kb_buf_view(&words));
	return kb_str_trim(*text).len ? 0
				      : kb_error_set(err, KB_E_USAGE,
						"the report has no text: write "
						"'kb feedback add DOCUMENT TEXT'");
}

static int add(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct add_values *values = opaque;
	struct kb_feedback_given given = {.issue = kb_str_of(values->issue),
		.locale = kb_str_of(values->locale),
		.kind = kb_str_of(values->kind),
		.step = kb_str_of(values->step),
		.revision = kb_str_of(values->revision),
		.reporter = kb_str_of(values->reporter)};
	struct kb_feedback_reports one = {.given = {.items = &given, .len = 1}};
	struct feedback_import import = {0};
	size_t from = values->issue == NULL;

	if (from > operands->len)
		return kb_error_set(err, KB_E_USAGE,
			"write the document that the report is about, or use --issue");
	if (from)
		given.where = operands->items[0];
	if (check_given(session, &given, err) ||
		read_text(session, operands, from, &given.text, err))
		return -1;
	int failed = feedback_begin(&import, session, err);
	if (!failed) {
		feedback_take(&import, &one, NULL);
		failed = feedback_write(&import, values->change.dry_run, err);
	}
	feedback_end(&import);
	if (failed)
		return -1;
	if (import.known)
		kb_complain("this report is already there");
	if (import.masked && !session->cli->quiet)
		kb_complain("personal data was taken out: %zu place%s", import.masked,
			import.masked == 1 ? "" : "s");
	return import.refused ? KB_EXIT_FAILED : KB_EXIT_OK;
}

const struct kb_command kb_cmd_feedback_add = {
	.name = "feedback add",
	.summary = "report something about a document or an issue",
	.operands = "[WHERE] [TEXT|-]",
	.options = add_options,
	.values_size = sizeof(struct add_values),
	.read = AT(change.read),
	.work = add,
};
#undef AT
