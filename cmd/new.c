/* kb new: starts documents and translations. */
#include "session.h"

#include <stdio.h>
#include <unistd.h>

#include "input.h"
#include "kb/coverage.h"
#include "kb/draft.h"
#include "kb/pick.h"
#include "kb/ticket.h"

struct new_values {
	struct kb_read_values read;
	const char *title, *summary, *owner, *locale, *from_ticket;
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
	{0, "from-ticket", KB_OPT_STRING, AT(from_ticket), "FILE",
		"start from a customer's words in FILE; - is standard input. TYPE and ID "
		"can be left out",
		NULL},
	{0, "config", KB_OPT_STRING, AT(read.config), "FILE",
		"use FILE instead of the nearest kb.yaml", NULL},
	KB_OPTION_END,
};

/* Choices that are listed; a longer list names the file. */
enum { LISTED = 60, TICKET_MAX = 1 << 20 };

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
		"the owner is missing: use --owner with an id from people.yaml",
		list_people},
	[KB_ASK_ISSUE] = {"Issue (an id in taxonomy.yaml)",
		"the issue is missing: use --issue with an id from taxonomy.yaml",
		list_issues},
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

static void tell_similar(const struct kb_session *session, const struct kb_ticket *ticket)
{
	if (session->cli->quiet)
		return;
	if (ticket->nsimilar)
		kb_say(stderr, "Is one of these about it? Then improve it instead:\n");
	for (size_t i = 0; i < ticket->nsimilar; i++)
		list_line(0, ticket->similar[i].doc->path,
			ticket->similar[i].doc->facts->title);
	if (ticket->issue)
		kb_say(stderr, "The issue: %.*s\n", KB_ARG(ticket->issue->id));
	if (ticket->masked)
		kb_complain("personal data was taken out: %zu place%s", ticket->masked,
			ticket->masked == 1 ? "" : "s");
}

/* What the ticket says, where options do not. */
static int fill_from_ticket(struct kb_draft *draft, const struct new_values *values,
	const struct kb_ticket *ticket, struct kb_error *err)
{
	const struct kb_issue *issue = ticket->issue;

	draft->question = ticket->question;
	draft->keywords = ticket->keywords;
	draft->nkeywords = ticket->nkeywords;
	if (!values->title && kb_draft_answer(draft, KB_ASK_TITLE, ticket->title, err))
		return -1;
	if (issue && !values->issues.len && kb_type_takes_issues(draft->type) &&
		kb_draft_answer(draft, KB_ASK_ISSUE, issue->id, err))
		return -1;
	/* An owner who is gone is asked for. */
	if (issue && !values->owner && !draft->has_owner)
		kb_draft_answer(draft, KB_ASK_OWNER, issue->owner, NULL);
	return 0;
}

static int start_from_ticket(struct kb_session *session, struct kb_rewrites *rewrites,
	const struct new_values *values, uint32_t locale, const kb_strs *operands,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	struct kb_draft draft = {0};
	struct kb_ticket ticket;
	enum kb_type type = KB_ARTICLE;

	if (operands->len && kb_pick_type(operands->items[0], &type, err))
		return -1;
	if (kb_input_file(values->from_ticket, TICKET_MAX, &text, err) ||
		kb_ticket_read(session->lib, session->search, kb_buf_view(&text),
			values->locale ? locale : KB_NONE, session->arena, &ticket, err))
		return -1;
	tell_similar(session, &ticket);
	int failed =
		kb_draft_init(&draft, rewrites->lib, rewrites->arena, type, ticket.locale,
			operands->len > 1 ? operands->items[1] : ticket.name, err) ||
		fill_from_ticket(&draft, values, &ticket, err) ||
		complete(&draft, values, err);
	if (!failed)
		kb_edit_new(rewrites, &draft);
	kb_draft_dispose(&draft);
	return failed ? -1 : 0;
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
	int failed = (values->from_ticket ? start_from_ticket(session, &rewrites, values,
						    locale, operands, err)
					  : (values->translate_of.len ? translate
								      : start)(&rewrites,
						    values, locale, operands, err)) ||
		     kb_edit_apply(session->source, rewrites.items, rewrites.len, err);
	if (!failed)
		tell(&rewrites, session->cli->quiet);
	kb_vec_dispose(&rewrites);
	return failed ? -1 : KB_EXIT_OK;
}

/* Similar documents are searched for. */
static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct new_values *values = opaque;

	values->read.search = values->from_ticket != NULL;
	if (!values->from_ticket)
		return 0;
	if (values->translate_of.len)
		return kb_error_set(err, KB_E_USAGE,
			"--from-ticket and --translate-of exclude each other");
	return operands->len > 2
		       ? kb_error_set(err, KB_E_USAGE, "write 'kb new TYPE ID', no more")
		       : 0;
}

const struct kb_command kb_cmd_new = {
	.name = "new",
	.summary = "create a document, or start a translation",
	.operands = "[TYPE ID]",
	.options = options,
	.values_size = sizeof(struct new_values),
	.check = check,
	.read = AT(read),
	.work = run,
};
