#include "kb/pages.h"
#include "kb/unicode.h"

static void add_fact(struct kb_report *report, kb_str text)
{
	if (!text.len)
		return;
	kb_report_text(report, KB_ROLE_BREAK, KB_STR(""));
	kb_report_text(report, KB_ROLE_FAINT, text);
}

static kb_str head_of(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback_state *state)
{
	const struct kb_feedback *it = state->feedback;
	_cleanup_buf_ kb_buf head = {0};

	kb_buf_fmt(&head, "%s", kb_feedback_kinds[it->kind]);
	if (it->locale != KB_NONE)
		kb_buf_fmt(
			&head, " · %.*s", KB_ARG(lib->config->locales[it->locale].code));
	if (it->step.len)
		kb_buf_fmt(&head, " · step %.*s", KB_ARG(it->step));
	if (it->created)
		kb_buf_fmt(&head, " · %.*s",
			KB_ARG(kb_day_format(
				report->arena, lib->config->timezone, it->created)));
	if (kb_feedback_is_open(it) && state->days)
		kb_buf_fmt(&head, " (%u day%s ago)", state->days,
			state->days == 1 ? "" : "s");
	if (it->reporter.len)
		kb_buf_fmt(&head, " · from %.*s", KB_ARG(it->reporter));
	return kb_arena_str(report->arena, kb_buf_view(&head));
}

static void add_item(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback_state *state)
{
	const struct kb_feedback *it = state->feedback;

	kb_report_item(report, 0, "-");
	kb_report_text(report, KB_ROLE_STRONG, it->about);
	kb_report_fmt(report, state->late ? KB_ROLE_WARNING : KB_ROLE_PLAIN, " %s",
		kb_feedback_statuses[it->status]);
	kb_report_fmt(
		report, KB_ROLE_PLAIN, " · %.*s", KB_ARG(head_of(report, lib, state)));
	kb_report_text(report, KB_ROLE_BREAK, KB_STR(""));
	kb_report_text(report, KB_ROLE_PLAIN, it->text);
	add_fact(report, kb_feedback_since_text(report->arena, state));
	if (it->note.len)
		add_fact(report,
			kb_arena_fmt(report->arena, "note: %.*s", KB_ARG(it->note)));
	add_fact(report, it->path);
}

void kb_report_feedback(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback_list *list)
{
	kb_report_init(report, "Feedback");
	kb_feedback_value(lib, list, report->arena, report->data);
	kb_report_rows(report, kb_value_get(report->data, KB_STR("feedback")),
		"id|document|issue|locale|step|kind|status|owner|reporter|created|days>|since|text|note");
	kb_report_paragraph(report, "%zu report%s, %zu open.", list->len,
		list->len == 1 ? "" : "s", list->open);
	for (size_t i = 0; i < list->len; i++)
		add_item(report, lib, &list->items[i]);
}

void kb_report_answer(struct kb_report *report, const struct kb_library *lib,
	const struct kb_feedback *it, kb_str title, kb_str address, kb_str changes)
{
	const struct kb_config *config = lib->config;
	bool done = it->status == KB_FEEDBACK_DONE;

	kb_report_init(report, "Your feedback");
	kb_report_paragraph(report, "Thank you for your feedback%s%.*s.",
		title.len ? " on " : "", KB_ARG(title));
	kb_report_paragraph(report, "You wrote:");
	kb_report_code(report, 0, ">", it->text);
	kb_report_paragraph(report, done ? "This is done."
				    : it->status == KB_FEEDBACK_DECLINED
					    ? "We decided not to change this."
					    : "We are working on this.");
	if (it->note.len)
		kb_report_fmt(report, KB_ROLE_PLAIN, " %.*s", KB_ARG(it->note));
	if (done && changes.len)
		kb_report_paragraph(report, "What changed: %.*s", KB_ARG(changes));
	if (address.len) {
		kb_report_paragraph(report, "The page: ");
		kb_report_text(report, KB_ROLE_LINK, address);
	}
	kb_report_paragraph(
		report, "%.*s", KB_ARG(kb_l10n_get(config, &config->name, 0)));
}
