#include "kb/pages.h"
#include "kb/pick.h"

/* GUESS: NULL when no word is known. CERTAINTY: of the first one. */
static void add_row(struct kb_report *report, const struct kb_suggestion *item,
	const struct kb_guess *guess, const char *certainty)
{
	_cleanup_buf_ kb_buf words = {0};

	for (size_t k = 0; guess && k < guess->words.len; k++)
		kb_buf_fmt(
			&words, "%s%.*s", k ? ", " : "", KB_ARG(guess->words.items[k]));
	kb_report_cell(report, item->source);
	kb_report_cell(report, item->excerpt);
	kb_report_cell(report, guess ? guess->issue->id : KB_STR(""));
	if (guess)
		kb_report_cell_fmt(report, "%.3f", guess->score);
	else
		kb_report_cell(report, KB_STR(""));
	kb_report_cell(report, kb_str_of(certainty));
	kb_report_cell(report, kb_buf_view(&words));
}

static void add_languages(
	struct kb_report *report, const struct kb_suggestions *suggestions, bool table)
{
	for (uint32_t l = 0; l < suggestions->lib->config->nlocales; l++) {
		size_t like = 0, texts = 0;

		for (size_t i = 0; i < suggestions->len; i++) {
			like += suggestions->items[i].reads_like == l;
			texts += !suggestions->items[i].empty;
		}
		if (!like)
			continue;
		kb_str language = kb_reads_like_text(suggestions->lib, report->arena, l);
		if (table)
			kb_report_paragraph(report, "%zu of %zu texts read%s %.*s.", like,
				texts, like == 1 ? "s" : "", KB_ARG(language));
		else
			kb_report_paragraph(report, "It reads %.*s.", KB_ARG(language));
	}
}

void kb_report_suggestions(
	struct kb_report *report, const struct kb_suggestions *suggestions, bool table)
{
	size_t guesses = 0;

	kb_report_init(report, "Suggestions");
	kb_suggestions_value(suggestions, report->arena, report->data);
	kb_report_table(
		report, "Source|Text*|Issue|Score>|Certainty|Words that decided*");
	for (size_t i = 0; i < suggestions->len; i++) {
		const struct kb_suggestion *item = &suggestions->items[i];
		const char *certainty = kb_certainty_name(item->certainty);

		for (size_t k = 0; k < item->n; k++)
			add_row(report, item, &item->guesses[k], k ? "" : certainty);
		if (!item->n && table && !item->empty)
			add_row(report, item, NULL, certainty);
		guesses += item->n;
	}
	if (!guesses)
		kb_report_paragraph(report, "%s",
			suggestions->len
				? "No issue fits: kb knows no word of the text. "
				  "Add keywords and examples to taxonomy.yaml."
				: "Every document that can have an issue has one. "
				  "To see suggestions for one, name it: kb link "
				  "suggest PATH");
	add_languages(report, suggestions, table);
}
