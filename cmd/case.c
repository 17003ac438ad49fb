/* kb case: what an agent needs once a case is classified. */
#include "case.h"

#include "open.h"
#include "pick.h"

#include <stdio.h>

struct case_values {
	struct kb_read_values read;
	const char *locale, *region, *channel, *audience;
	bool walk;
	int format;
};

static const char *const formats[] = {"text", "json", NULL};

#define AT(field) offsetof(struct case_values, field)
static const struct kb_option options[] = {
	{0, "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"answer in this locale; default: the source locale", NULL},
	{0, "region", KB_OPT_STRING, AT(region), "REGION",
		"for a customer in this region; default: the locale's own, when kb.yaml "
		"has it",
		NULL},
	{0, "channel", KB_OPT_STRING, AT(channel), "CHANNEL",
		"only what serves this channel, with the replies' texts for it", NULL},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"what this audience may see; default: the most trusted one", NULL},
	{0, "walk", KB_OPT_FLAG, AT(walk), NULL,
		"go through the workflow step by step and print a note on the case",
		NULL},
	{0, "format", KB_OPT_CHOICE, AT(format), "FORMAT", "print text (default) or json",
		formats},
	KB_READ_OPTIONS(struct case_values, read),
	KB_OPTION_END,
};

static int read_query(const struct kb_library *lib, const struct case_values *values,
	kb_str issue, struct kb_answer_query *query, struct kb_error *err)
{
	if (kb_pick_audience(lib, values->audience, &query->audience, err) ||
		kb_pick_locale(lib, values->locale, &query->locale, err) ||
		kb_pick_region(
			lib, values->region, values->locale, &query->region, err) ||
		kb_pick_channel(lib, values->channel, &query->channel, err))
		return -1;
	return kb_pick_issue(lib, issue, &query->issue, err);
}

static int print_answer(const struct kb_cli *cli, const struct case_values *values,
	const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_answer *answer, struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_json json;
	int status = kb_answer_count(answer) ? KB_EXIT_OK : KB_EXIT_FOUND;
	if (values->walk) {
		status = kb_case_walk(cli, lib, reader, answer, &out, err);
	} else if (values->format == 1) {
		kb_json_init(&json, &out, true);
		if (kb_answer_json(lib, reader, answer, &json, err))
			return kb_fail(err);
		kb_buf_putc(&out, '\n');
	} else if (kb_case_text(lib, reader, answer, cli->color_out, &out, err)) {
		return kb_fail(err);
	}
	kb_put(stdout, kb_buf_view(&out));
	return status;
}

static int answer_case(const struct kb_cli *cli, const struct case_values *values,
	const struct kb_library *lib, kb_str issue)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_answer_query query = {0};
	struct kb_answer answer;
	struct kb_error err;
	if (read_query(lib, values, issue, &query, &err))
		return kb_fail(&err);
	kb_answer_find(lib, &query, arena, &answer);
	struct kb_reader *reader = kb_reader_new(lib->source);
	int status = print_answer(cli, values, lib, reader, &answer, &err);
	kb_reader_free(reader);
	return status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	const struct case_values *values = opaque;
	struct kb_opened opened;
	struct kb_error err;
	int status;
	if (operands->len != 1) {
		kb_complain("'kb case' takes one ISSUE: 'kb link' lists them");
		return KB_EXIT_FAILED;
	}
	if (kb_open(cli, &opened, &values->read, &err))
		status = kb_open_failed(cli, &opened, &err);
	else
		status = answer_case(cli, values, opened.lib, operands->items[0]);
	kb_opened_dispose(&opened);
	return status;
}

const struct kb_command kb_cmd_case = {
	.name = "case",
	.summary = "show what an agent needs for a case: workflow, replies, articles",
	.operands = "ISSUE",
	.options = options,
	.values_size = sizeof(struct case_values),
	.run = run,
};
