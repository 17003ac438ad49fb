/* kb case: its parts. */
#ifndef KB_CMD_CASE_H
#define KB_CMD_CASE_H

#include "cmd.h"

#include "kb/answer.h"
#include "kb/classify.h"
#include "kb/report.h"

/* What a customer's words were taken for. */
struct kb_case_guesses {
	struct kb_guess *items; /* best first */
	size_t n;		/* 0: no word of the text is known */
	enum kb_certainty certainty;
	uint32_t reads_like; /* the locale whose language the text is in, when that is
				not the one whose words were looked for; KB_NONE */
};

/* Classifies TEXT ("-": standard input) for the query's locale and audience, into
 * ARENA. The query needs no issue yet. */
int kb_case_guess(const struct kb_library *lib, const char *text,
	const struct kb_answer_query *query, struct kb_arena *arena,
	struct kb_case_guesses *out, struct kb_error *err);
/* Adds the guesses to a page, with the commands that show the others, and with that for
 * the FIRST one if its case does not follow. OPTIONS is how the commands end. */
void kb_case_guess_page(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_case_guesses *guesses,
	bool first, kb_str options);
/* Sets the member "classified" of ROOT (schemas/api/case.json). */
void kb_case_guess_value(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_case_guesses *guesses,
	struct kb_arena *arena, struct kb_value *root);

/*
 * Goes through a workflow of the answer step by step: asks on standard error, reads
 * answers from standard input, and appends a note on the case. KB_EXIT_FOUND when
 * the input ended before the case did.
 */
int kb_case_walk(const struct kb_cli *cli, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_answer *answer, kb_buf *note,
	struct kb_error *err);

#endif
