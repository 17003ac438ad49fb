/* kb stats import: access logs and ticket exports become the tables of usage/. */
#include <fcntl.h>
#include <unistd.h>

#include "output.h"
#include "progress.h"
#include "session.h"

#include "kb/moment.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "kb/unicode.h"

struct stats_import_values {
	struct kb_change_values change;
	kb_strs reports;
	const char *audience, *locale, *encoding, *month;
	int format;
};

static const char *const formats[] = {
	"auto", "combined", "common", "json", "w3c", "tickets", NULL};

#define AT(member) offsetof(struct stats_import_values, member)
static const struct kb_option options[] = {
	{0, "log-format", KB_OPT_CHOICE, AT(format), "FORMAT",
		"what the files are: auto (default), combined, common, json or w3c for "
		"access logs, or tickets",
		formats},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"whose site the access logs are of; default: the first audience", NULL},
	{'l', "locale", KB_OPT_STRING, AT(locale), "CODE",
		"the language of tickets that do not say theirs", NULL},
	{0, "month", KB_OPT_STRING, AT(month), "YYYY-MM",
		"the month in which all tickets came, such as 2026-10; default: the date "
		"of each",
		NULL},
	{0, "encoding", KB_OPT_STRING, AT(encoding), "NAME",
		"the encoding of ticket exports, such as windows-1252; default: UTF-8",
		NULL},
	KB_OUTPUT_OPTIONS(
		struct stats_import_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_CHANGE_OPTIONS(struct stats_import_values, change),
	KB_OPTION_END,
};

static int read_month(
	const char *word, kb_str timezone, time_t *out, struct kb_error *err)
{
	if (!word || !kb_month_parse(kb_str_of(word), timezone, out))
		return 0;
	return kb_error_set(
		err, KB_E_USAGE, "'%s' is not a month: write it as 2026-10", word);
}

static int read_options(const struct kb_library *lib,
	const struct stats_import_values *values, struct kb_import_options *how,
	struct kb_error *err)
{
	*how = (struct kb_import_options){.format = (enum kb_log_format)values->format,
		.encoding = values->encoding,
		.locale = KB_NONE};
	if (values->locale && kb_pick_locale(lib, values->locale, &how->locale, err))
		return -1;
	if (values->audience) {
		uint32_t audience =
			kb_config_audience(lib->config, kb_str_of(values->audience));

		if (audience == KB_NONE)
			return kb_error_unknown(err, "audience",
				kb_str_of(values->audience), lib->config->audiences,
				lib->config->naudiences, KB_STR(" in kb.yaml"));
		how->audience = audience;
	}
	return read_month(values->month, lib->config->timezone, &how->month, err);
}

static int read_file(struct kb_import *import, const char *name, struct kb_error *err)
{
	bool input = !strcmp(name, "-");
	int fd = input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return kb_error_errno(err, "cannot read %s", name);
	int failed = kb_import_add(import, name, fd, err);
	if (!input)
		close(fd);
	if (!failed)
		return 0;
	struct kb_error why = *err;
	return kb_error_set(err, why.code, "%s: %s", name, why.message);
}

static int status_of(const struct kb_import *import)
{
	for (size_t i = 0; i < import->files.len; i++)
		if (import->files.items[i].faults)
			return KB_EXIT_FOUND;
	return KB_EXIT_OK;
}

static int finish(struct kb_session *session, const struct stats_import_values *values,
	struct kb_import *import, struct kb_error *err)
{
	bool dry_run = values->change.dry_run;
	struct kb_report report;

	kb_import_finish(import);
	kb_progress_end(KB_TAKE(session->progress));
	if (kb_session_change(
		    session, dry_run, import->rewrites.items, import->rewrites.len, err))
		return -1;
	if (dry_run)
		return status_of(import);
	kb_report_import(&report, import);
	int failed = kb_output_report(
		session->cli, &values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	return failed ? -1 : status_of(import);
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct stats_import_values *values = opaque;
	struct kb_import_options how;
	int status;

	/* Visits of a document that could not be read would count nowhere, for ever. */
	if (read_options(session->lib, values, &how, err) ||
		kb_edit_check_read(session->lib, &session->diags, &(kb_strs){0}, err))
		return -1;
	struct kb_import *import = kb_import_new(session->lib, &how);
	status = 0;
	for (size_t i = 0; i < operands->len && !status; i++)
		status = read_file(import,
			kb_arena_str(session->arena, operands->items[i]).data, err);
	if (!status)
		status = finish(session, values, import, err);
	kb_import_free(import);
	return status;
}

const struct kb_command kb_cmd_stats_import = {
	.name = "stats import",
	.summary = "count access logs and ticket exports by month, into usage/",
	.operands = "FILE...|-",
	.least = 1,
	.options = options,
	.values_size = sizeof(struct stats_import_values),
	.read = AT(change.read),
	.progress = "Importing",
	.work = work,
};
