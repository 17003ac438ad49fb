/* kb impact: what a change would touch. */
#include "session.h"
#include "kb/operand.h"
#include "output.h"

#include <stdio.h>

#include "kb/impact.h"
#include "kb/pages.h"

struct impact_values {
	struct kb_read_values read;
	kb_strs reports;
	int as;
};

/* In the order of enum kb_subject_kind, behind "anything". */
static const char *const kinds[] = {
	"anything", "document", "variable", "issue", "person", "phrase", NULL};

#define AT(field) offsetof(struct impact_values, field)
static const struct kb_option options[] = {
	{0, "as", KB_OPT_CHOICE, AT(as), "KIND",
		"treat WHAT as a document, variable, issue, person or phrase; default: "
		"the first of these that has this name",
		kinds},
	KB_OUTPUT_OPTIONS(
		struct impact_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct impact_values, read),
	KB_OPTION_END,
};

/* Names of one kind: of documents, kb_document_near knows them. */
static void list_names(
	const struct kb_library *lib, enum kb_subject_kind kind, kb_strs *names)
{
	if (kind == KB_SUBJECT_VARIABLE)
		for (uint32_t i = 0; i < lib->config->nvariables; i++) {
			kb_str name = lib->config->variables[i].name;
			size_t dot = kb_str_chr(name, '.');

			kb_vec_push(names, name);
			if (dot != SIZE_MAX)
				kb_vec_push(names, kb_str_sub(name, 0, dot));
		}
	if (kind == KB_SUBJECT_ISSUE)
		for (uint32_t i = 0; i < lib->taxonomy->len; i++)
			kb_vec_push(names, lib->taxonomy->issues[i].id);
	if (kind == KB_SUBJECT_PERSON)
		for (uint32_t i = 0; i < lib->people->len; i++)
			kb_vec_push(names, lib->people->items[i].id);
}

/* What of this kind may be meant; or empty. */
static kb_str near_name(
	const struct kb_library *lib, enum kb_subject_kind kind, kb_str word)
{
	kb_strs names = {0};

	if (kind == KB_SUBJECT_DOCUMENT)
		return kb_document_near(lib, word, KB_TYPE_COUNT);
	list_names(lib, kind, &names);
	const kb_str *near = kb_str_nearest(word, names.items, names.len);
	kb_str found = near ? *near : KB_STR_NULL;
	kb_vec_dispose(&names);
	return found;
}

/* A single word that no text has is more likely a mistyped name than a phrase. */
static void note_near(const struct kb_library *lib, kb_str word)
{
	_cleanup_buf_ kb_buf list = {0};

	for (int i = 0; i < KB_SUBJECT_PHRASE; i++) {
		kb_str near = near_name(lib, (enum kb_subject_kind)i, word);

		if (near.len)
			kb_buf_fmt(&list, "%sthe %s '%.*s'", list.len ? ", or " : "",
				i == KB_SUBJECT_PERSON
					? "person or team"
					: kb_subject_name((enum kb_subject_kind)i),
				KB_ARG(near));
	}
	if (list.len)
		kb_complain("did you mean %s?", list.data);
}

/* A path from where the user stands is one below the content root. */
static int find_subject(const struct kb_session *session,
	const struct impact_values *values, kb_str word, struct kb_subject *out,
	unsigned *others, struct kb_error *err)
{
	enum kb_subject_kind kind =
		values->as ? (enum kb_subject_kind)(values->as - 1) : KB_SUBJECT_KINDS;
	kb_strs operand = {.items = &word, .len = 1}, paths = {0};
	bool is_path =
		!kb_operand_paths(session->lib, session->arena, &operand, &paths, NULL) &&
		kb_library_by_path(session->lib, paths.items[0]);

	if (is_path && (!values->as || kind == KB_SUBJECT_DOCUMENT))
		word = paths.items[0];
	kb_vec_dispose(&paths);
	if (!kb_subject_find(session->lib, word, kind, out, others, err))
		return 0;
	kb_str near = values->as ? near_name(session->lib, kind, word) : KB_STR_NULL;
	if (near.len)
		kb_error_set(err, KB_E_NOTFOUND,
			"there is no %s '%.*s': did you mean '%.*s'?",
			kb_subject_name(kind), KB_ARG(word), KB_ARG(near));
	return -1;
}

static void note_others(const struct kb_subject *subject, unsigned others)
{
	for (int i = 0; i < KB_SUBJECT_KINDS; i++)
		if (others & 1u << i)
			kb_complain("treating '%.*s' as the %s; use --as %s for the %s",
				KB_ARG(kb_subject_id(subject)),
				kb_subject_name(subject->kind), kinds[i + 1],
				kinds[i + 1]);
}

static int find_impact(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct impact_values *values = opaque;
	bool quiet = session->cli->quiet;
	kb_str word = operands->items[0];
	struct kb_subject subject;
	struct kb_impact impact;
	struct kb_report report;
	unsigned others;

	if (find_subject(session, values, word, &subject, &others, err))
		return -1;
	if (!quiet)
		note_others(&subject, others);
	kb_impact_find(
		session->lib, &subject, values->read.jobs, session->arena, &impact);
	kb_report_impact(&report, session->lib, &subject, &impact);
	int failed = kb_output_report(
		session->cli, &values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	if (failed)
		return -1;
	if (!impact.len && !values->as && subject.kind == KB_SUBJECT_PHRASE && !quiet)
		note_near(session->lib, word);
	return impact.len ? KB_EXIT_OK : KB_EXIT_FOUND;
}

static int check(void *values, const kb_strs *operands, struct kb_error *err)
{
	(void)values;
	return operands->len == 1
		       ? 0
		       : kb_error_set(err, KB_E_USAGE,
				 "write 'kb impact WHAT': an id, a path, a variable, an "
				 "issue, a person, or a phrase in quotes");
}

const struct kb_command kb_cmd_impact = {
	.name = "impact",
	.summary = "show everything that a change would affect",
	.operands = "WHAT",
	.options = options,
	.values_size = sizeof(struct impact_values),
	.draws = true,
	.check = check,
	.read = AT(read),
	.work = find_impact,
};
