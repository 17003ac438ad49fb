#include "kb/suggest.h"

#include <stdio.h>

#include "kb/coverage.h"
#include "kb/csv.h"
#include "kb/unicode.h"

enum { EXCERPT = 200 }; /* characters */

void kb_suggestions_init(struct kb_suggestions *suggestions, const struct kb_library *lib,
	unsigned audience, size_t most, struct kb_arena *arena)
{
	*suggestions = (struct kb_suggestions){.lib = lib,
		.arena = arena,
		.audience = audience,
		.most = most,
		.classifiers = kb_arena_array(
			arena, struct kb_classifier *, lib->config->nlocales)};
}

void kb_suggestions_dispose(struct kb_suggestions *suggestions)
{
	for (uint32_t i = 0; i < suggestions->lib->config->nlocales; i++)
		kb_classifier_free(suggestions->classifiers[i]);
	kb_vec_dispose(suggestions);
}

/* A text in one line, and not all of a long one. */
static kb_str excerpt_of(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf line = {0};
	size_t at = 0;

	for (size_t n = 0; at < text.len && n < EXCERPT; n++) {
		uint32_t cp = kb_utf8_next(text, &at);
		bool space = cp <= ' ' || cp == 0x7f;

		if (!space)
			kb_buf_utf8(&line, cp);
		else if (line.len && line.data[line.len - 1] != ' ')
			kb_buf_putc(&line, ' ');
	}
	kb_buf_puts(&line, kb_str_trim(kb_str_sub(text, at, text.len)).len ? "…" : "");
	return kb_arena_str(arena, kb_str_trim(kb_buf_view(&line)));
}

/* The classifier's guesses, whose words are parts of the text, as copies. */
static void take_guesses(struct kb_suggestions *s, struct kb_suggestion *item,
	const struct kb_guess *guesses, size_t n)
{
	item->n = n < s->most ? n : s->most;
	item->guesses = kb_arena_array(s->arena, struct kb_guess, item->n);
	for (size_t i = 0; i < item->n; i++) {
		kb_strs *words = &item->guesses[i].words;

		item->guesses[i] = guesses[i];
		words->items = kb_arena_array(s->arena, kb_str, words->len);
		for (size_t k = 0; k < words->len; k++)
			words->items[k] =
				kb_arena_str(s->arena, guesses[i].words.items[k]);
	}
}

static struct kb_classifier *classifier_of(struct kb_suggestions *s, uint32_t locale)
{
	struct kb_classifier **classifier = &s->classifiers[locale];

	if (!*classifier)
		*classifier = kb_classifier_new(s->lib, locale, s->audience);
	return *classifier;
}

static struct kb_suggestion *suggest(
	struct kb_suggestions *s, kb_str source, kb_str text, uint32_t locale)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_suggestion *item = kb_vec_add(s);
	struct kb_guess *guesses;
	/* Two at least, to tell how near the second is. */
	size_t n = kb_classify(classifier_of(s, locale), scratch, text,
		s->most > 1 ? s->most : 2, &guesses);

	*item = (struct kb_suggestion){.source = kb_arena_str(s->arena, source),
		.certainty = kb_guess_certainty(guesses, n),
		.locale = n ? guesses->locale : locale,
		.reads_like = KB_NONE,
		.empty = !kb_str_trim(text).len};
	take_guesses(s, item, guesses, n);
	return item;
}

void kb_suggest_text(
	struct kb_suggestions *s, kb_str source, kb_str text, uint32_t locale)
{
	struct kb_suggestion *item = suggest(s, source, text, locale);

	item->excerpt = excerpt_of(s->arena, text);
	item->reads_like = kb_reads_like(s->lib->config, item->locale, text);
	if (item->reads_like != KB_NONE && item->n)
		item->certainty = KB_CERTAINTY_WEAK;
}

/* The locale that knows most of the text's words: half of them or more, and more than
 * twice as many as the source locale. KB_NONE if no locale does. A text such as "Passwort
 * vergessen" has no function words to tell its language. */
static uint32_t locale_knowing(struct kb_suggestions *s, kb_str text)
{
	double most = 2 * kb_classifier_knows(classifier_of(s, 0), text);
	uint32_t best = KB_NONE;

	for (uint32_t l = 1; most < 1 && l < s->lib->config->nlocales; l++) {
		double known = kb_classifier_knows(classifier_of(s, l), text);

		if (known > most && known >= 0.5) {
			most = known;
			best = l;
		}
	}
	return best;
}

void kb_suggest_any(struct kb_suggestions *s, kb_str source, kb_str text)
{
	uint32_t locale = kb_reads_like(s->lib->config, 0, text);

	if (locale == KB_NONE)
		locale = locale_knowing(s, text);
	kb_suggest_text(s, source, text, locale == KB_NONE ? 0 : locale);
	s->items[s->len - 1].reads_like = locale;
}

void kb_suggest_document(
	struct kb_suggestions *s, struct kb_reader *reader, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf text = {0}, file = {0};
	kb_str body = KB_STR("");

	kb_document_body(reader, doc, &file, &body, NULL);
	kb_buf_fmt(&text, "%.*s\n%.*s\n%.*s\n", KB_ARG(doc->facts->title),
		KB_ARG(doc->facts->question), KB_ARG(doc->facts->summary));
	for (size_t i = 0; i < doc->facts->keywords.len; i++)
		kb_buf_fmt(&text, "%.*s\n", KB_ARG(doc->facts->keywords.items[i]));
	kb_buf_str(&text, kb_str_sub(body, 0, 2000));
	suggest(s, doc->path, kb_buf_view(&text), doc->locale)->excerpt =
		excerpt_of(s->arena, doc->facts->title);
}

int kb_suggest_column(struct kb_suggestions *s, kb_str table, const char *column,
	uint32_t locale, struct kb_error *err)
{
	struct kb_csv csv;
	size_t at = 0;
	int failed =
		kb_csv_open(&csv, table, err) || kb_csv_column(&csv, column, &at, err);

	while (!failed && kb_csv_row(&csv)) {
		char row[32];
		int n = snprintf(row, sizeof(row), "row %zu", csv.row);

		kb_suggest_text(
			s, (kb_str){row, (size_t)n}, csv.fields.items[at], locale);
	}
	kb_csv_dispose(&csv);
	return failed ? -1 : 0;
}

void kb_documents_without_issue(const struct kb_library *lib, kb_docs *docs)
{
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (!lib->docs[i]->facts->issues.len && !lib->docs[i]->facts->broken &&
			kb_type_takes_issues(lib->docs[i]->facts->type))
			kb_vec_push(docs, lib->docs[i]);
}

void kb_suggestions_value(
	const struct kb_suggestions *s, struct kb_arena *arena, struct kb_value *root)
{
	const struct kb_locale *locales = s->lib->config->locales;

	kb_value_set_int(arena, root, "version", 1);
	struct kb_value *list = kb_value_set_list(arena, root, "suggestions");
	for (size_t i = 0; i < s->len; i++) {
		const struct kb_suggestion *item = &s->items[i];
		struct kb_value *map = kb_value_push_map(arena, list), *issues;

		kb_value_set_str(arena, map, "of", item->source);
		kb_value_set_str(arena, map, "locale", locales[item->locale].code);
		if (item->reads_like != KB_NONE)
			kb_value_set_str(
				arena, map, "reads_like", locales[item->reads_like].code);
		kb_value_set_str(arena, map, "certainty",
			kb_str_of(kb_certainty_name(item->certainty)));
		issues = kb_value_set_list(arena, map, "issues");
		for (size_t k = 0; k < item->n; k++) {
			const struct kb_guess *guess = &item->guesses[k];
			struct kb_value *issue = kb_value_push_map(arena, issues);

			kb_value_set_str(arena, issue, "issue", guess->issue->id);
			kb_value_set_decimal(arena, issue, "score", guess->score);
			kb_value_set_strs(arena, issue, "words", &guess->words);
		}
	}
}
