#include "kb/coverage.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "kb/unicode.h"

enum { OFFERED_FROM = 10 }; /* In a thousand. */

static kb_str label_of(const struct kb_library *lib, const struct kb_answer_query *query,
	const struct kb_issue *issue)
{
	kb_str label = kb_l10n_get(lib->config, &issue->label, query->locale);

	return label.len ? label : issue->id;
}

static void add_guess(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_guess *guess)
{
	kb_report_add(report, "%.*s (%.*s), %d %%",
		KB_ARG(label_of(lib, query, guess->issue)), KB_ARG(guess->issue->id),
		(int)(guess->score * 100 + 0.5));
	for (size_t i = 0; i < guess->words.len; i++)
		kb_report_add(report, "%s'%.*s'", i ? ", " : ": ",
			KB_ARG(guess->words.items[i]));
}

static const char *remark_on(enum kb_certainty certainty)
{
	static const char *const remarks[] = {
		[KB_CERTAINTY_CLEAR] = NULL,
		[KB_CERTAINTY_CLOSE] = "The next one is nearly as likely.",
		[KB_CERTAINTY_WEAK] = "This is a weak guess: the words say little.",
	};

	return remarks[certainty];
}

/* The command that shows what there is on a guess. */
static void add_command(
	struct kb_report *report, const struct kb_guess *guess, kb_str options)
{
	kb_report_item(report, 3, "");
	kb_report_fmt(report, KB_ROLE_FAINT, "kb case %.*s%.*s", KB_ARG(guess->issue->id),
		KB_ARG(options));
}

/* About the likeliest one. */
static void add_remarks(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_suggestion *guessed)
{
	const struct kb_config *config = lib->config;
	const struct kb_guess *best = guessed->guesses;
	const char *remark = remark_on(guessed->certainty);

	if (!kb_locale_serves(config, best->locale, query->locale)) {
		kb_report_item(report, 0, "");
		kb_report_add(report, "Its words are known in %.*s, not in %.*s.",
			KB_ARG(config->locales[best->locale].code),
			KB_ARG(config->locales[query->locale].code));
	}
	if (guessed->reads_like == query->locale) {
		kb_report_item(report, 0, "");
		kb_report_add(report,
			"This reads like %.*s, so the answer is in %.*s: use --locale "
			"for another one.",
			KB_ARG(kb_locale_name_in(report->arena, KB_STR("en"),
				config->locales[query->locale].code)),
			KB_ARG(config->locales[query->locale].code));
	} else if (guessed->reads_like != KB_NONE) {
		kb_report_item(report, 0, "");
		kb_report_add(report, "This reads %.*s.",
			KB_ARG(kb_reads_like_text(
				lib, report->arena, guessed->reads_like)));
	}
	if (remark && (guessed->reads_like == KB_NONE ||
			      guessed->reads_like == query->locale)) {
		kb_report_item(report, 0, "");
		kb_report_text(report, KB_ROLE_PLAIN, kb_str_of(remark));
	}
}

void kb_report_guesses(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_suggestion *guessed,
	bool first, kb_str options)
{
	kb_report_item(report, 0, "");
	kb_report_text(report, KB_ROLE_STRONG, KB_STR("Sounds like:"));
	kb_report_add(report, " ");
	add_guess(report, lib, query, guessed->guesses);
	if (first)
		add_command(report, guessed->guesses, options);
	add_remarks(report, lib, query, guessed);
	for (size_t i = 1; i < guessed->n; i++) {
		const struct kb_guess *guess = &guessed->guesses[i];

		if (guess->score * 1000 < OFFERED_FROM || !guess->words.len)
			break;
		kb_report_item(report, 1, "or:");
		add_guess(report, lib, query, guess);
		add_command(report, guess, options);
	}
}

void kb_guesses_value(const struct kb_library *lib, const struct kb_answer_query *query,
	const struct kb_suggestion *guessed, struct kb_arena *arena,
	struct kb_value *root)
{
	const struct kb_locale *locales = lib->config->locales;
	struct kb_value *map = kb_value_set_map(arena, root, "classified"), *list;

	kb_value_set_name(arena, map, "certainty", kb_certainty_name(guessed->certainty));
	kb_value_set_str(arena, map, "locale", locales[guessed->guesses[0].locale].code);
	if (guessed->reads_like != KB_NONE)
		kb_value_set_str(
			arena, map, "reads_like", locales[guessed->reads_like].code);
	list = kb_value_set_list(arena, map, "guesses");
	for (size_t i = 0; i < guessed->n; i++) {
		const struct kb_guess *guess = &guessed->guesses[i];
		struct kb_value *item = kb_value_push_map(arena, list);

		kb_value_set_str(arena, item, "issue", guess->issue->id);
		kb_value_set_str(
			arena, item, "label", label_of(lib, query, guess->issue));
		kb_value_set_decimal(arena, item, "score", guess->score);
		kb_value_set_strs(arena, item, "words", &guess->words);
	}
}
