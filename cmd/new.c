/* kb new: starts documents and translations. */
#include "session.h"

#include <stdio.h>
#include <unistd.h>

#include "kb/draft.h"
#include "kb/pick.h"

struct new_values {
	struct kb_read_values read;
	const char *title, *summary, *owner, *locale;
	kb_strs issues, translate_of;
};

#define AT(field) offsetof(struct new_values, field)
static const struct kb_option options[] = {
	{'t', "title", KB_OPT_STRING, AT(title), "TEXT", "the document's title", NULL},
	{0, "summary", KB_OPT_STRING, AT(summary), "TEXT",
		"the document's summary, "
		"in one or two sentences",
		NULL},
	{0, "owner", KB_OPT_STRING, AT(owner), "ID",
		"the owner: a person or team in "
		"people.yaml",
		NULL},
	{'i', "issue", KB_OPT_LIST, AT(issues), "ISSUE",
		"an issue in taxonomy.yaml; may be repeated", NULL},
	{0, "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"the document's locale; default: the first one in kb.yaml", NULL},
	{0, "translate-of", KB_OPT_LIST, AT(translate_of), "PATH|ID",
		"translate this document into --locale; may be repeated", NULL},
	{0, "config", KB_OPT_STRING, AT(read.config), "FILE",
		"use FILE instead of the nearest kb.yaml", NULL},
	KB_OPTION_END,
};

/* Choices that are listed; a longer list names the file. */
enum { LISTED = 60 };

static void list_line(uint32_t depth, kb_str id, kb_str name)
{
	kb_say(stderr, "  %*s%.*s%s%.*s\n", (int)(2 * depth), "", KB_ARG(id),
		name.len ? "  " : "", KB_ARG(name));
}

static void list_people(const struct kb_library *lib)
{
	uint32_t listed = 0;

	for (uint32_t i = 0; i < lib->people->len && listed < LISTED; i++) {
		const struct kb_person *person = &lib->people->items[i];

		if (!(person->until && person->until < lib->now) && ++listed)
			list_line(0, person->id, person->name);
	}
	if (listed == LISTED)
		kb_say(stderr, "  … see %.*s\n", KB_ARG(lib->people->path));
}

static void list_issues(const struct kb_library *lib)
{
	uint32_t listed = 0;

	for (uint32_t i = 0; i < lib->taxonomy->len && listed < LISTED; i++) {
		const struct kb_issue *issue = &lib->taxonomy->issues[i];

		if (!issue->retired && ++listed)
			list_line(issue->depth, issue->id,
				kb_l10n_get(lib->config, &issue->label, 0));
	}
	if (listed == LISTED)
		kb_say(stderr, "  … see %.*s\n", KB_ARG(lib->taxonomy->path));
}

static const struct {
	const char *text, *missing;
	void (*list)(const struct kb_library *lib);
} questions[] = {
	[KB_ASK_TITLE] = {"Title", "the title is missing: use --title", NULL},
	[KB_ASK_OWNER] = {"Owner (an id in people.yaml)",
		"the owner is missing: use --owner", list_people},
	[KB_ASK_ISSUE] = {"Issue (an id in taxonomy.yaml)",
		"the issue is missing: use --issue", list_issues},
};

/* Reads a line of the terminal; false when it ended. */
static bool read_line(const char *question, bool optional, char *line, int size)
{
	kb_say(stderr, "%s%s: ", question, optional ? "; empty: none" : "");
	return fgets(line, size, stdin) != NULL;
}

/* Asks until the answer is right. Without a terminal, nobody can answer. */
static int ask(struct kb_draft *draft, enum kb_question question, bool optional,
	struct kb_error *err)
{
	char line[1024];
	bool terminal = isatty(STDIN_FILENO);

	if (terminal && questions[question].list)
		questions[question].list(draft->lib);
	while (terminal &&
		read_line(questions[question].text, optional, line, sizeof(line))) {
		kb_str answer = kb_str_trim(kb_str_of(line));

		if (!answer.len && !optional)
			continue;
		if (!kb_draft_answer(draft, question, answer, err))
			return 0;
		kb_say(stderr, "%s\n", err->message);
	}
	return optional
		       ? kb_draft_answer(draft, question, KB_STR(""), err)
		       : kb_error_set(err, KB_E_USAGE, "%s", questions[question].missing);
}

static int complete(
	struct kb_draft *draft, const struct new_values *values, struct kb_error *err)
{
	enum kb_question question;
	bool optional;

	draft->summary = kb_str_of(values->summary);
	if (kb_draft_answer(draft, KB_ASK_TITLE, kb_str_of(values->title), err) ||
		kb_draft_answer(draft, KB_ASK_OWNER, kb_str_of(values->owner), err))
		return -1;
	for (size_t i = 0; i < values->issues.len; i++)
		if (kb_draft_answer(draft, KB_ASK_ISSUE, values->issues.items[i], err))
			return -1;
	while ((question = kb_draft_next(draft, &optional)) != KB_ASK_NOTHING)
		if (ask(draft, question, optional, err))
			return -1;
	return 0;
}

static int start(struct kb_rewrites *rewrites, const struct new_values *values,
	uint32_t locale, const kb_strs *operands, struct kb_error *err)
{
	struct kb_draft draft = {0};
	enum kb_type type;

	if (operands->len != 2)
		return kb_error_set(err, KB_E_USAGE,
			"write the type and the id of the document, such as 'kb new "
			"article descale'");
	if (kb_pick_type(operands->items[0], &type, err))
		return -1;
	int failed = kb_draft_init(&draft, rewrites->lib, rewrites->arena, type, locale,
			     operands->items[1], err) ||
		     complete(&draft, values, err);
	if (!failed)
		kb_edit_new(rewrites, &draft);
	kb_draft_dispose(&draft);
	return failed ? -1 : 0;
}

static int translate(struct kb_rewrites *rewrites, const struct new_values *values,
	uint32_t locale, const kb_strs *operands, struct kb_error *err)
{
	if (operands->len)
		return kb_error_set(err, KB_E_USAGE,
			"--translate-of replaces TYPE and ID: leave out '%.*s'",
			KB_ARG(operands->items[0]));
	if (!values->locale)
		return kb_error_set(err, KB_E_USAGE,
			"the locale to translate into is missing: use --locale");
	for (size_t i = 0; i < values->translate_of.len; i++)
		if (kb_edit_translate(
			    rewrites, values->translate_of.items[i], locale, err))
			return -1;
	return 0;
}

static void tell(const struct kb_rewrites *rewrites, bool quiet)
{
	bool draft = false;

	for (size_t i = 0; i < rewrites->len; i++) {
		kb_say(stdout, "%.*s\n", KB_ARG(rewrites->items[i].path));
		draft |= kb_str_find(rewrites->items[i].after,
				 KB_STR("\nstatus: draft\n")) != SIZE_MAX;
	}
	fflush(stdout);
	if (draft && !quiet)
		kb_say(stderr,
			rewrites->len == 1
				? "a draft: set 'status: published' to show it\n"
				: "drafts: set 'status: published' to show them\n");
}

static int run(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct new_values *values = opaque;
	const struct kb_config *config = session->lib->config;
	struct kb_rewrites rewrites = kb_session_rewrites(session);
	uint32_t locale =
		values->locale ? kb_config_locale(config, kb_str_of(values->locale)) : 0;

	if (locale == KB_NONE)
		return kb_error_set(err, KB_E_USAGE,
			"kb.yaml has no locale '%s': add it there first", values->locale);
	int failed = (values->translate_of.len ? translate : start)(
			     &rewrites, values, locale, operands, err) ||
		     kb_edit_apply(session->source, rewrites.items, rewrites.len, err);
	if (!failed)
		tell(&rewrites, session->cli->quiet);
	kb_vec_dispose(&rewrites);
	return failed ? -1 : KB_EXIT_OK;
}

const struct kb_command kb_cmd_new = {
	.name = "new",
	.summary = "create a document, or start a translation",
	.operands = "[TYPE ID]",
	.options = options,
	.values_size = sizeof(struct new_values),
	.read = AT(read),
	.work = run,
};
