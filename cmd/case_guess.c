/* kb case --text: which issue a customer's words are about. */
#include "case.h"
#include "kb/pick.h"

#include <stdio.h>

#include "kb/coverage.h"

enum {
	GUESSES_MAX = 4,
	OFFERED_FROM = 10, /* in a thousand */
	TEXT_MAX = 1 << 20
};

static int read_text(const char *given, kb_buf *out, struct kb_error *err)
{
	char chunk[16384];
	size_t n;
	if (strcmp(given, "-") != 0) {
		kb_buf_puts(out, given);
		return 0;
	}
	while ((n = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
		if (out->len + n > TEXT_MAX)
			return kb_error_set(err, KB_E_REFUSED,
				"standard input holds more than a message: %u bytes at "
				"most",
				(unsigned)TEXT_MAX);
		kb_buf_add(out, chunk, n);
	}
	return ferror(stdin) ? kb_error_errno(err, "cannot read standard input") : 0;
}

int kb_case_guess(const struct kb_library *lib, const char *text,
	const struct kb_answer_query *query, struct kb_arena *arena,
	struct kb_case_guesses *out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf words = {0};
	if (read_text(text, &words, err))
		return -1;
	struct kb_classifier *classifier =
		kb_classifier_new(lib, query->locale, query->audience);
	out->n = kb_classify(
		classifier, arena, kb_buf_view(&words), GUESSES_MAX, &out->items);
	out->certainty = kb_guess_certainty(out->items, out->n);
	out->reads_like = kb_reads_like(lib->config,
		out->n ? out->items[0].locale : query->locale, kb_buf_view(&words));
	if (out->reads_like != KB_NONE)
		out->certainty = KB_CERTAINTY_WEAK;
	for (size_t i = 0; i < out->n; i++) /* they are parts of the text */
		for (size_t k = 0; k < out->items[i].words.len; k++)
			out->items[i].words.items[k] =
				kb_arena_str(arena, out->items[i].words.items[k]);
	kb_classifier_free(classifier);
	return 0;
}

static kb_str label_of(const struct kb_library *lib, const struct kb_answer_query *query,
	const struct kb_issue *issue)
{
	kb_str label = kb_l10n_get(lib->config, &issue->label, query->locale);
	return label.len ? label : issue->id;
}

static void add_guess(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_guess *guess)
{
	kb_report_fmt(report, KB_ROLE_PLAIN, "%.*s (%.*s), %d %%",
		KB_ARG(label_of(lib, query, guess->issue)), KB_ARG(guess->issue->id),
		(int)(guess->score * 100 + 0.5));
	for (size_t i = 0; i < guess->words.len; i++)
		kb_report_fmt(report, KB_ROLE_PLAIN, "%s'%.*s'", i ? ", " : ": ",
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
	const struct kb_answer_query *query, const struct kb_case_guesses *guesses)
{
	const struct kb_config *config = lib->config;
	const struct kb_guess *best = guesses->items;
	const char *remark = remark_on(guesses->certainty);
	if (!kb_locale_serves(config, best->locale, query->locale)) {
		kb_report_item(report, 0, "");
		kb_report_fmt(report, KB_ROLE_PLAIN,
			"Its words are known in %.*s, not in %.*s.",
			KB_ARG(config->locales[best->locale].code),
			KB_ARG(config->locales[query->locale].code));
	}
	if (guesses->reads_like != KB_NONE) {
		kb_report_item(report, 0, "");
		kb_report_fmt(report, KB_ROLE_PLAIN, "This reads %.*s.",
			KB_ARG(kb_reads_like_text(
				lib, report->arena, guesses->reads_like)));
	} else if (remark) {
		kb_report_item(report, 0, "");
		kb_report_text(report, KB_ROLE_PLAIN, kb_str_of(remark));
	}
}

void kb_case_guess_page(struct kb_report *report, const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_case_guesses *guesses,
	bool first, kb_str options)
{
	kb_report_item(report, 0, "");
	kb_report_text(report, KB_ROLE_STRONG, KB_STR("Sounds like:"));
	kb_report_text(report, KB_ROLE_PLAIN, KB_STR(" "));
	add_guess(report, lib, query, guesses->items);
	if (first)
		add_command(report, guesses->items, options);
	add_remarks(report, lib, query, guesses);
	for (size_t i = 1; i < guesses->n; i++) {
		const struct kb_guess *guess = &guesses->items[i];
		if (guess->score * 1000 < OFFERED_FROM || !guess->words.len)
			break;
		kb_report_item(report, 1, "or:");
		add_guess(report, lib, query, guess);
		add_command(report, guess, options);
	}
}

void kb_case_guess_value(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_case_guesses *guesses,
	struct kb_arena *arena, struct kb_value *root)
{
	const struct kb_locale *locales = lib->config->locales;
	struct kb_value *map = kb_value_set_map(arena, root, "classified"), *list;
	kb_value_set_str(arena, map, "certainty",
		kb_str_of(kb_certainty_name(guesses->certainty)));
	kb_value_set_str(arena, map, "locale", locales[guesses->items[0].locale].code);
	if (guesses->reads_like != KB_NONE)
		kb_value_set_str(
			arena, map, "reads_like", locales[guesses->reads_like].code);
	list = kb_value_set_list(arena, map, "guesses");
	for (size_t i = 0; i < guesses->n; i++) {
		const struct kb_guess *guess = &guesses->items[i];
		struct kb_value *item = kb_value_push_map(arena, list);
		kb_value_set_str(arena, item, "issue", guess->issue->id);
		kb_value_set_str(
			arena, item, "label", label_of(lib, query, guess->issue));
		kb_value_set_decimal(arena, item, "score", guess->score);
		kb_value_set_strs(arena, item, "words", &guess->words);
	}
}
