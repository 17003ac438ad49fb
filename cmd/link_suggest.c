/* kb link suggest: which issues documents or customers' words are about. */
#include "input.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "output.h"
#include "session.h"

struct link_suggest_values {
	struct kb_read_values read;
	kb_strs reports, locales;
	const char *column;
	unsigned top;
};

#define AT(member) offsetof(struct link_suggest_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"the locale of the customers' texts; for an id, only the document in "
		"this locale; may be repeated",
		NULL},
	{0, "column", KB_OPT_STRING, AT(column), "NAME",
		"read the texts from this column of a table (CSV) in FILE or standard "
		"input",
		NULL},
	{0, "top", KB_OPT_NUMBER, AT(top), "N",
		"at most N issues per text; default: "
		"3",
		NULL},
	KB_OUTPUT_OPTIONS(
		struct link_suggest_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct link_suggest_values, read),
	KB_OPTION_END,
};

enum { TABLE_MAX = 1 << 30 };

static int suggest_texts(struct kb_suggestions *suggestions,
	const struct link_suggest_values *values, const char *file, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	const kb_strs *locales = &values->locales;
	uint32_t locale;

	if (kb_pick_locale(suggestions->lib,
		    locales->len
			    ? kb_arena_str(suggestions->arena, locales->items[0]).data
			    : NULL,
		    &locale, err) ||
		kb_input_file(file, TABLE_MAX, &text, err))
		return -1;
	if (values->column)
		return kb_suggest_column(
			suggestions, kb_buf_view(&text), values->column, locale, err);
	kb_suggest_text(suggestions, KB_STR("text"), kb_buf_view(&text), locale);
	return 0;
}

static int suggest_documents(struct kb_suggestions *suggestions,
	const struct link_suggest_values *values, const kb_strs *operands,
	struct kb_error *err)
{
	const struct kb_library *lib = suggestions->lib;
	struct kb_reader *reader = kb_reader_new(lib->source);
	kb_docs docs = {0};
	int failed = 0;

	for (size_t i = 0; i < operands->len && !failed; i++)
		failed = kb_operand_documents(lib, suggestions->arena, operands->items[i],
			&values->locales, &docs, err);
	if (!operands->len)
		kb_documents_without_issue(lib, &docs);
	for (size_t i = 0; i < docs.len && !failed; i++)
		kb_suggest_document(suggestions, reader, docs.items[i]);
	kb_reader_free(reader);
	kb_vec_dispose(&docs);
	return failed;
}

static int print(const struct kb_cli *cli, const struct link_suggest_values *values,
	const struct kb_suggestions *suggestions, struct kb_error *err)
{
	struct kb_report report;
	int status = KB_EXIT_FOUND;

	for (size_t i = 0; i < suggestions->len; i++)
		if (suggestions->items[i].n)
			status = KB_EXIT_OK;
	kb_report_suggestions(&report, suggestions, values->column != NULL);
	if (kb_output_report(cli, &values->reports, &report, NULL, NULL, err))
		status = -1;
	kb_report_dispose(&report);
	return status;
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct link_suggest_values *values = opaque;

	return values->column && operands->len > 1
		       ? kb_error_set(err, KB_E_USAGE,
				 "--column takes one table: a FILE, or - for standard input")
		       : 0;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct link_suggest_values *values = opaque;
	const struct kb_library *lib = session->lib;
	struct kb_suggestions suggestions;
	const char *operand =
		operands->len ? kb_arena_str(session->arena, operands->items[0]).data
			      : "-";
	bool input = strcmp(operand, "-") == 0;

	kb_suggestions_init(&suggestions, lib, lib->config->naudiences - 1,
		values->top ? values->top : 3, session->arena);
	int status = values->column || (operands->len == 1 && input)
			     ? suggest_texts(&suggestions, values, operand, err)
			     : suggest_documents(&suggestions, values, operands, err);
	if (!status)
		status = print(session->cli, values, &suggestions, err);
	kb_suggestions_dispose(&suggestions);
	return status;
}

const struct kb_command kb_cmd_link_suggest = {
	.name = "link suggest",
	.summary = "suggest issues for documents or for customers' texts",
	.operands = "[PATH|ID...|-]",
	.options = options,
	.values_size = sizeof(struct link_suggest_values),
	.check = check,
	.read = AT(read),
	.work = work,
};
