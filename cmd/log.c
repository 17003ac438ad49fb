/* kb log: a document's versions, each with what changed in a line. */
#include "output.h"
#include "session.h"

#include "kb/moment.h"
#include "kb/operand.h"
#include "kb/pages.h"

struct log_values {
	struct kb_read_values read;
	kb_strs reports, locales;
	const char *since, *until;
	unsigned most;
	int least; /* enum kb_weight */
};

static const char *const weights[] = {"none", "trivial", "minor", "significant", NULL};

#define AT(member) offsetof(struct log_values, member)
static const struct kb_option options[] = {
	{'n', "max-count", KB_OPT_NUMBER, AT(most), "N",
		"at most N versions of each document", NULL},
	{0, "since", KB_OPT_STRING, AT(since), "DATE",
		"only versions since then: 2026-10-01 or '30 days ago'", NULL},
	{0, "until", KB_OPT_STRING, AT(until), "DATE", "only versions until then", NULL},
	{0, "min-weight", KB_OPT_CHOICE, AT(least), "WEIGHT",
		"only versions with a change of at least this weight: none (default), "
		"trivial, minor or significant",
		weights},
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"for an id, the document in this locale; may be repeated; 'all' means "
		"every locale",
		NULL},
	KB_OUTPUT_OPTIONS(struct log_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct log_values, read),
	KB_OPTION_END,
};

static int read_moment(const struct kb_library *lib, const char *words, time_t *out,
	struct kb_error *err)
{
	if (!words ||
		!kb_moment_parse(kb_str_of(words), lib->config->timezone, lib->now, out))
		return 0;
	return kb_moment_refuse(err, kb_str_of(words), "2026-10-01 or '30 days ago'");
}

/* The documents that are asked for; without a word, all. */
static int find_documents(const struct kb_session *session,
	const struct log_values *values, const kb_strs *operands, kb_docs *docs,
	struct kb_error *err)
{
	const struct kb_library *lib = session->lib;
	static const kb_str all = {"all", 3};
	kb_strs locales = values->locales;

	if (!locales.len)
		locales = (kb_strs){.items = (kb_str *)(uintptr_t)&all, .len = 1};
	for (size_t i = 0; i < operands->len; i++)
		if (kb_operand_documents(
			    lib, session->arena, operands->items[i], &locales, docs, err))
			return -1;
	for (uint32_t i = 0; i < lib->ndocs && !operands->len; i++)
		kb_vec_push(docs, lib->docs[i]);
	return 0;
}

static int show(const struct kb_session *session, const struct log_values *values,
	struct kb_history *history, const kb_docs *docs, struct kb_error *err)
{
	struct kb_log_options find = {
		.most = values->most, .least = (enum kb_weight)values->least};
	struct kb_report report;
	struct kb_log log;

	if (read_moment(session->lib, values->since, &find.since, err) ||
		read_moment(session->lib, values->until, &find.until, err))
		return -1;
	kb_log_find(session->lib, history, docs, &find, session->arena, &log);
	kb_report_log(&report, session->lib, &log);
	int failed = kb_output_report(
		session->cli, &values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	if (kb_history_shallow(history) && !session->cli->quiet)
		kb_complain("this clone lacks a part of the history: run 'git fetch "
			    "--unshallow', or set fetch-depth: 0 in CI");
	return failed ? -1 : log.entries ? KB_EXIT_OK : KB_EXIT_FOUND;
}

static int list(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	struct kb_history *history = NULL;
	kb_docs docs = {0};
	int status = -1;

	if (!find_documents(session, values, operands, &docs, err) &&
		!kb_history_load(&history, session->source, err))
		status = show(session, values, history, &docs, err);
	kb_history_free(history);
	kb_vec_dispose(&docs);
	return status;
}

const struct kb_command kb_cmd_log = {
	.name = "log",
	.summary = "list the versions of documents and what changed in each",
	.operands = "[PATH|ID...]",
	.options = options,
	.values_size = sizeof(struct log_values),
	.needs = KB_NEEDS_HISTORY,
	.read = AT(read),
	.work = list,
};
