/* kb case: what an agent needs once a case is classified. */
#include "case.h"

#include "kb/arena_str.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "input.h"
#include "output.h"
#include "session.h"

#include <stdio.h>

enum { GUESSES_MAX = 4, TEXT_MAX = 1 << 20 };

struct case_values {
	struct kb_read_values read;
	const char *text, *locale, *region, *channel, *audience;
	kb_strs reports;
	bool walk;
};

static const char *const formats[] = {"text", "markdown", "html", "json", NULL};

#define AT(field) offsetof(struct case_values, field)
static const struct kb_option options[] = {
	{0, "text", KB_OPT_STRING, AT(text), "TEXT",
		"classify the customer's words instead of ISSUE; - is standard input",
		NULL},
	{0, "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"answer in this locale; default: the language of --text, or the source "
		"locale",
		NULL},
	{0, "region", KB_OPT_STRING, AT(region), "REGION",
		"for a customer in this region; default: the locale's own, if kb.yaml "
		"has it",
		NULL},
	{0, "channel", KB_OPT_STRING, AT(channel), "CHANNEL",
		"only what is for this channel, with the replies' texts for it", NULL},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"show what this audience can see; default: the most trusted one", NULL},
	{0, "walk", KB_OPT_FLAG, AT(walk), NULL,
		"go through the workflow step by step and print a note about the case",
		NULL},
	KB_OUTPUT_OPTIONS(struct case_values, reports, formats,
		"print text (default), markdown, html or json; may be repeated, each with "
		"--output"),
	KB_READ_OPTIONS(struct case_values, read),
	KB_OPTION_END,
};

struct case_run {
	const struct kb_cli *cli;
	const struct case_values *values;
	const struct kb_library *lib;
	struct kb_reader *reader;
	struct kb_arena *arena;
	struct kb_answer answer;
	struct kb_suggestions texts; /* with --text, that one */
	const struct kb_suggestion *guessed;
	const char
		*locale; /* --locale, or that of the text's language; NULL: the source */
};

static int read_query(
	const struct case_run *a, struct kb_answer_query *query, struct kb_error *err)
{
	const struct kb_library *lib = a->lib;
	const struct case_values *values = a->values;

	if (kb_pick_audience(lib, values->audience, &query->audience, err) ||
		kb_pick_locale(lib, a->locale, &query->locale, err) ||
		kb_pick_region(lib, values->region, a->locale, &query->region, err))
		return -1;
	return kb_pick_channel(lib, values->channel, &query->channel, err);
}

/* How a command for another issue ends, so that it asks for the same. */
static kb_str same_options(const struct case_run *a)
{
	const struct case_values *values = a->values;
	const struct {
		const char *name, *value;
	} given[] = {{"locale", a->locale}, {"region", values->region},
		{"channel", values->channel}, {"audience", values->audience},
		{"rev", values->read.rev}};
	kb_str text = KB_STR("");

	for (size_t i = 0; i < KB_LEN(given); i++)
		if (given[i].value)
			text = kb_arena_fmt(a->arena, "%.*s --%s %.*s", KB_ARG(text),
				given[i].name,
				KB_ARG(kb_arena_shell_word(
					a->arena, kb_str_of(given[i].value))));
	return values->walk ? kb_arena_fmt(a->arena, "%.*s --walk", KB_ARG(text)) : text;
}

/* Who names no locale gets no answer to a weak guess. */
static bool is_doubtful(const struct case_run *a)
{
	return a->values->text && !a->values->locale &&
	       a->guessed->certainty == KB_CERTAINTY_WEAK;
}

static void add_guesses(const struct case_run *a, struct kb_report *report)
{
	if (a->values->text)
		kb_report_guesses(report, a->lib, &a->answer.query, a->guessed,
			is_doubtful(a), same_options(a));
}

static int walk(const struct case_run *a, struct kb_error *err)
{
	_cleanup_buf_ kb_buf guesses = {0}, note = {0};
	const struct kb_report_style style = {.color = a->cli->color_err};
	struct kb_report report;

	kb_report_init(&report, "");
	add_guesses(a, &report);
	kb_report_write(&report, KB_STR("text"), &style, &guesses, NULL);
	kb_report_dispose(&report);
	kb_put(a->cli, stderr, kb_buf_view(&guesses));
	if (is_doubtful(a))
		return KB_EXIT_FOUND;
	int status = kb_case_walk(a->cli, a->lib, a->reader, &a->answer, &note, err);
	kb_put(a->cli, stdout, kb_buf_view(&note));
	return status;
}

static int fill_data(
	const struct case_run *a, struct kb_report *report, struct kb_error *err)
{
	if (kb_answer_value(
		    a->lib, a->reader, &a->answer, report->arena, report->data, err))
		return -1;
	if (a->values->text)
		kb_guesses_value(a->lib, &a->answer.query, a->guessed, report->arena,
			report->data);
	return 0;
}

static int fill_page(
	const struct case_run *a, struct kb_report *report, struct kb_error *err)
{
	add_guesses(a, report);
	return is_doubtful(a)
		       ? 0
		       : kb_report_case(report, a->lib, a->reader, &a->answer, err);
}

static bool is_asked_for(const kb_strs *words, const char *format)
{
	for (size_t i = 0; i < words->len; i++)
		if (kb_str_is(words->items[i], format))
			return true;
	return false;
}

static int print_answer(const struct case_run *a, struct kb_error *err)
{
	_cleanup_(kb_report_dispose) struct kb_report report;
	const kb_strs *words = &a->values->reports;

	kb_report_init(&report, "Case");
	/* Steps and texts of all documents are for programs. */
	if ((is_asked_for(words, "json") && fill_data(a, &report, err)) ||
		fill_page(a, &report, err) ||
		kb_output_report(a->cli, words, &report, NULL, NULL, err))
		return -1;
	return kb_answer_count(&a->answer) && !is_doubtful(a) ? KB_EXIT_OK
							      : KB_EXIT_FOUND;
}

/* Classifies the customer's words, in their own language unless a locale is given. */
static int guess(struct case_run *a, struct kb_answer_query *query, struct kb_error *err)
{
	const char *given = a->values->text;
	_cleanup_buf_ kb_buf text = {0};

	if (strcmp(given, "-") != 0)
		kb_buf_puts(&text, given);
	else if (kb_input_file(given, TEXT_MAX, &text, err))
		return -1;
	kb_suggestions_init(&a->texts, a->lib, query->audience, GUESSES_MAX, a->arena);
	if (a->locale)
		kb_suggest_text(
			&a->texts, KB_STR("text"), kb_buf_view(&text), query->locale);
	else
		kb_suggest_any(&a->texts, KB_STR("text"), kb_buf_view(&text));
	a->guessed = &a->texts.items[0];
	if (a->locale || a->guessed->reads_like == KB_NONE)
		return 0;
	a->locale = a->lib->config->locales[a->guessed->reads_like].code.data;
	return read_query(a, query, err);
}

/* The issue that is named, or that the customer's words are about; 0 and none when they
 * say nothing. */
static int find_issue(struct case_run *a, const kb_strs *operands,
	struct kb_answer_query *query, struct kb_error *err)
{
	if (!a->values->text)
		return kb_pick_issue_for(
			a->lib, operands->items[0], query->audience, &query->issue, err);
	if (guess(a, query, err))
		return -1;
	if (a->guessed->n)
		query->issue = a->guessed->guesses[0].issue;
	else if (a->guessed->reads_like != KB_NONE && a->values->locale)
		kb_complain("the text could not be classified; it looks %.*s",
			KB_ARG(kb_reads_like_text(
				a->lib, a->arena, a->guessed->reads_like)));
	else
		kb_complain("the text could not be classified: name the ISSUE ('kb "
			    "link' lists them), or the text's language with --locale");
	return 0;
}

static int answer_case(struct case_run *a, const kb_strs *operands, struct kb_error *err)
{
	struct kb_answer_query query = {0};

	if (read_query(a, &query, err) || find_issue(a, operands, &query, err))
		return -1;
	if (!query.issue)
		return KB_EXIT_FOUND;
	kb_note_locale(a->cli, a->lib, a->values->locale);
	kb_answer_find(a->lib, &query, a->arena, &a->answer);
	return a->values->walk ? walk(a, err) : print_answer(a, err);
}

/* Operands that are a customer's words, as 'kb case I cannot log in' gives them: an issue
 * has no space. Empty: they are not. */
static kb_str words_of(struct kb_arena *arena, const kb_strs *operands)
{
	kb_str words = KB_STR("");

	for (size_t i = 0; i < operands->len; i++)
		words = kb_arena_fmt(arena, "%.*s%s%.*s", KB_ARG(words), i ? " " : "",
			KB_ARG(operands->items[i]));
	return kb_str_chr(kb_str_trim(words), ' ') == SIZE_MAX ? KB_STR("") : words;
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct case_values *values = opaque;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str words = words_of(arena, operands);
	const char *wrong = NULL;

	if (values->text && operands->len)
		wrong = "give an ISSUE or a --text, not both";
	else if (words.len)
		return kb_error_set(err, KB_E_USAGE,
			"there is no issue '%.*s': did you mean --text %.*s?",
			KB_ARG(words), KB_ARG(kb_arena_shell_word(arena, words)));
	else if (!values->text && operands->len != 1)
		wrong = "'kb case' takes one ISSUE ('kb link' lists them), or --text "
			"with what the customer wrote";
	else if (values->walk && values->reports.len)
		wrong = "--walk prints a note on the case: it has no --format";
	else if (values->walk && values->text && strcmp(values->text, "-") == 0)
		wrong = "--walk reads answers from standard input: give the text itself "
			"to --text";
	return wrong ? kb_error_set(err, KB_E_USAGE, "%s", wrong) : 0;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	struct case_run a = {.cli = session->cli,
		.values = opaque,
		.locale = ((const struct case_values *)opaque)->locale,
		.lib = session->lib,
		.reader = kb_reader_new(session->source),
		.arena = session->arena};
	int status = answer_case(&a, operands, err);

	if (a.guessed)
		kb_suggestions_dispose(&a.texts);
	kb_reader_free(a.reader);
	return status;
}

const struct kb_command kb_cmd_case = {
	.name = "case",
	.summary = "show what an agent needs for a case: workflow, replies, articles",
	.operands = "[ISSUE]",
	.options = options,
	.values_size = sizeof(struct case_values),
	.check = check,
	.read = AT(read),
	.work = work,
};
