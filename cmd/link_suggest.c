/* kb link suggest: which issues documents or customers' words are about. */
#include "session.h"
#include "kb/operand.h"
#include "kb/pick.h"
#include "output.h"
#include "kb/csv.h"

#include <stdio.h>

#include "kb/classify.h"
#include "kb/coverage.h"
#include "kb/file.h"
#include "kb/json.h"
#include "kb/unicode.h"

struct suggest_values {
	struct kb_read_values read;
	kb_strs reports, locales;
	const char *column;
	unsigned top;
};

#define AT(member) offsetof(struct suggest_values, member)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"the locale of what customers wrote; of an id, only the document in it; "
		"may be repeated",
		NULL},
	{0, "column", KB_OPT_STRING, AT(column), "NAME",
		"FILE, or standard input, is a table (CSV); take the texts of this column",
		NULL},
	{0, "top", KB_OPT_NUMBER, AT(top), "N", "at most N issues for each; default: 3",
		NULL},
	KB_OUTPUT_OPTIONS(
		struct suggest_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct suggest_values, read),
	KB_OPTION_END,
};

struct suggesting {
	const struct kb_session *session;
	const struct suggest_values *values;
	struct kb_arena *arena;
	struct kb_classifier **classifiers; /* by locale, made when asked for */
	uint32_t locale;		    /* of free text */
	struct kb_report sheet;
	kb_buf data; /* the same as JSON */
	struct kb_json json;
	size_t guesses;
	size_t *like, texts; /* by locale, how many read like it; NULL: documents */
};

struct asked {
	kb_str source, text;
	kb_str shown; /* for people */
	uint32_t locale, reads_like;
};

enum { EXCERPT = 200 }; /* characters */

/* A text in one line, and not all of a long one. */
static void put_excerpt(struct suggesting *s, kb_str text)
{
	_cleanup_buf_ kb_buf line = {0};
	size_t at = 0, n = 0;
	while (at < text.len && n < EXCERPT) {
		uint32_t cp = kb_utf8_next(text, &at);
		bool space = cp <= ' ' || cp == 0x7f;
		if (!space)
			kb_buf_utf8(&line, cp);
		else if (line.len && line.data[line.len - 1] != ' ')
			kb_buf_putc(&line, ' ');
		n++;
	}
	kb_buf_puts(&line, kb_str_trim(kb_str_sub(text, at, text.len)).len ? "…" : "");
	kb_report_cell(&s->sheet, kb_str_trim(kb_buf_view(&line)));
}

/* GUESS: NULL when no word is known. CERTAINTY: of the first one. */
static void put_row(struct suggesting *s, const struct asked *asked,
	const struct kb_guess *guess, const char *certainty)
{
	_cleanup_buf_ kb_buf words = {0};
	for (size_t k = 0; guess && k < guess->words.len; k++)
		kb_buf_fmt(
			&words, "%s%.*s", k ? ", " : "", KB_ARG(guess->words.items[k]));
	kb_report_cell(&s->sheet, asked->source);
	put_excerpt(s, asked->shown);
	kb_report_cell(&s->sheet, guess ? guess->issue->id : KB_STR(""));
	if (guess)
		kb_report_cell_fmt(&s->sheet, "%.3f", guess->score);
	else
		kb_report_cell(&s->sheet, KB_STR(""));
	kb_report_cell(&s->sheet, kb_str_of(certainty));
	kb_report_cell(&s->sheet, kb_buf_view(&words));
}

static void put_issue(struct kb_json *json, const struct kb_guess *guess)
{
	kb_json_object(json);
	kb_json_pair(json, "issue", guess->issue->id);
	kb_json_key(json, "score");
	kb_json_number(json, guess->score);
	kb_json_key(json, "words");
	kb_json_array(json);
	for (size_t k = 0; k < guess->words.len; k++)
		kb_json_str(json, guess->words.items[k]);
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static void put_json(struct suggesting *s, const struct asked *asked,
	const struct kb_guess *guesses, size_t n, const char *certainty)
{
	const struct kb_locale *locales = s->session->lib->config->locales;
	struct kb_json *json = &s->json;
	kb_json_object(json);
	kb_json_pair(json, "of", asked->source);
	kb_json_pair(json, "locale", locales[n ? guesses->locale : asked->locale].code);
	if (asked->reads_like != KB_NONE)
		kb_json_pair(json, "reads_like", locales[asked->reads_like].code);
	kb_json_pair(json, "certainty", kb_str_of(certainty));
	kb_json_key(json, "issues");
	kb_json_array(json);
	for (size_t i = 0; i < n; i++)
		put_issue(json, &guesses[i]);
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static const char *certainty_of(
	const struct asked *asked, const struct kb_guess *guesses, size_t n)
{
	if (!n)
		return "none";
	return kb_certainty_name(asked->reads_like != KB_NONE
					 ? KB_CERTAINTY_WEAK
					 : kb_guess_certainty(guesses, n));
}

static void suggest(struct suggesting *s, struct asked *asked)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	const struct kb_library *lib = s->session->lib;
	struct kb_classifier **classifier = &s->classifiers[asked->locale];
	struct kb_guess *guesses;
	if (!*classifier)
		*classifier = kb_classifier_new(
			lib, asked->locale, lib->config->naudiences - 1);
	size_t most = s->values->top ? s->values->top : 3;
	/* Two at least, to tell how near the second is. */
	size_t n = kb_classify(
		*classifier, scratch, asked->text, most > 1 ? most : 2, &guesses);
	asked->reads_like =
		s->like ? kb_reads_like(lib->config, n ? guesses->locale : asked->locale,
				  asked->text)
			: KB_NONE;
	const char *certainty = certainty_of(asked, guesses, n);
	if (asked->reads_like != KB_NONE)
		s->like[asked->reads_like]++;
	if (n > most)
		n = most;
	put_json(s, asked, guesses, n, certainty);
	for (size_t i = 0; i < n; i++)
		put_row(s, asked, &guesses[i], i ? "" : certainty);
	if (!n && s->values->column && kb_str_trim(asked->text).len)
		put_row(s, asked, NULL, certainty);
	s->guesses += n;
}

/* What a customer wrote. */
static void suggest_text(struct suggesting *s, kb_str source, kb_str text)
{
	suggest(s, &(struct asked){.source = source,
			   .text = text,
			   .shown = text,
			   .locale = s->locale});
	s->texts += kb_str_trim(text).len > 0;
}

static void suggest_document(
	struct suggesting *s, struct kb_reader *reader, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf text = {0}, file = {0};
	kb_str body = KB_STR("");
	kb_document_body(reader, doc, &file, &body, NULL);
	kb_buf_fmt(&text, "%.*s\n%.*s\n%.*s\n", KB_ARG(doc->facts->title),
		KB_ARG(doc->facts->question), KB_ARG(doc->facts->summary));
	for (size_t i = 0; i < doc->facts->keywords.len; i++)
		kb_buf_fmt(&text, "%.*s\n", KB_ARG(doc->facts->keywords.items[i]));
	kb_buf_str(&text, kb_str_sub(body, 0, 2000));
	suggest(s, &(struct asked){.source = doc->path,
			   .text = kb_buf_view(&text),
			   .shown = doc->facts->title,
			   .locale = doc->locale});
}

static int suggest_documents(
	struct suggesting *s, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = s->session->lib;
	kb_docs docs = {0};
	int failed = 0;
	for (size_t i = 0; i < operands->len && !failed; i++)
		failed = kb_operand_documents(s->session->lib, s->arena,
			operands->items[i], &s->values->locales, &docs, err);
	for (uint32_t i = 0; i < lib->ndocs && !operands->len; i++)
		if (!lib->docs[i]->facts->issues.len && !lib->docs[i]->facts->broken &&
			kb_type_takes_issues(lib->docs[i]->facts->type))
			kb_vec_push(&docs, lib->docs[i]);
	struct kb_reader *reader = kb_reader_new(lib->source);
	for (size_t i = 0; i < docs.len && !failed; i++)
		suggest_document(s, reader, docs.items[i]);
	kb_reader_free(reader);
	kb_vec_dispose(&docs);
	return failed;
}

static int suggest_column(struct suggesting *s, kb_str csv, struct kb_error *err)
{
	struct kb_csv table;
	kb_str value;
	int failed = kb_csv_open(&table, csv, s->values->column, err);
	while (!failed && kb_csv_next(&table, &value)) {
		char where[32];
		int n = snprintf(where, sizeof where, "row %zu", table.row);
		suggest_text(s, (kb_str){where, (size_t)n}, value);
	}
	kb_csv_dispose(&table);
	return failed;
}

static int read_input(kb_buf *text, struct kb_error *err)
{
	char chunk[65536];
	size_t n;
	while ((n = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
		if (text->len + n > (size_t)1 << 30)
			return kb_error_set(err, KB_E_REFUSED,
				"standard input holds more than 1 GiB");
		kb_buf_add(text, chunk, n);
	}
	return 0;
}

/* FILE: NULL for standard input. */
static int suggest_texts(struct suggesting *s, const char *file, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	const kb_strs *locales = &s->values->locales;
	if (kb_pick_locale(s->session->lib,
		    locales->len ? kb_arena_str(s->arena, locales->items[0]).data : NULL,
		    &s->locale, err) ||
		(file ? kb_file_read(file, 0, &text, err) : read_input(&text, err)))
		return -1;
	if (s->values->column)
		return suggest_column(s, kb_buf_view(&text), err);
	suggest_text(s, KB_STR("text"), kb_buf_view(&text));
	return 0;
}

static bool put_own(void *ctx, kb_str format, kb_buf *out)
{
	struct suggesting *s = ctx;
	if (!kb_str_is(format, "json"))
		return false;
	kb_buf_str(out, kb_buf_view(&s->data));
	return true;
}

static void begin(struct suggesting *s)
{
	kb_report_init(&s->sheet, "Suggestions");
	kb_report_table(
		&s->sheet, "Source|Text*|Issue|Score>|Certainty|Words that decided*");
	kb_json_init(&s->json, &s->data, true);
	kb_json_object(&s->json);
	kb_json_key(&s->json, "version");
	kb_json_int(&s->json, 1);
	kb_json_key(&s->json, "suggestions");
	kb_json_array(&s->json);
}

static void put_languages(struct suggesting *s)
{
	const struct kb_library *lib = s->session->lib;
	for (uint32_t l = 0; s->like && l < lib->config->nlocales; l++) {
		kb_str like =
			s->like[l] ? kb_reads_like_text(lib, s->arena, l) : KB_STR("");
		if (like.len && s->values->column)
			kb_report_paragraph(&s->sheet, "%zu of %zu texts read%s %.*s.",
				s->like[l], s->texts, s->like[l] == 1 ? "s" : "",
				KB_ARG(like));
		else if (like.len)
			kb_report_paragraph(&s->sheet, "It reads %.*s.", KB_ARG(like));
	}
}

static void end(struct suggesting *s)
{
	kb_json_array_end(&s->json);
	kb_json_object_end(&s->json);
	kb_buf_putc(&s->data, '\n');
	if (!s->guesses)
		kb_report_paragraph(&s->sheet, "There is nothing to suggest.");
	put_languages(s);
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct suggest_values *values = opaque;
	return values->column && operands->len > 1
		       ? kb_error_set(err, KB_E_USAGE,
				 "--column takes one table: a FILE, or - for standard input")
		       : 0;
}

static int report(struct suggesting *s, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = s->session->lib;
	const char *operand =
		operands->len ? kb_arena_str(s->arena, operands->items[0]).data : "-";
	bool input = strcmp(operand, "-") == 0;
	bool text = s->values->column || (operands->len == 1 && input);
	s->classifiers =
		kb_arena_array(s->arena, struct kb_classifier *, lib->config->nlocales);
	if (text)
		s->like = kb_arena_array(s->arena, size_t, lib->config->nlocales);
	begin(s);
	int failed = text ? suggest_texts(s, input ? NULL : operand, err)
			  : suggest_documents(s, operands, err);
	end(s);
	if (!failed)
		failed = kb_output_report(
			s->session->cli, &s->values->reports, &s->sheet, put_own, s, err);
	for (uint32_t i = 0; i < lib->config->nlocales; i++)
		kb_classifier_free(s->classifiers[i]);
	kb_report_dispose(&s->sheet);
	kb_buf_dispose(&s->data);
	return failed ? -1 : s->guesses ? KB_EXIT_OK : KB_EXIT_FOUND;
}

static int work(struct kb_session *session, void *values, const kb_strs *operands,
	struct kb_error *err)
{
	struct suggesting s = {
		.session = session, .values = values, .arena = session->arena};
	return report(&s, operands, err);
}

const struct kb_command kb_cmd_link_suggest = {
	.name = "link suggest",
	.summary = "propose issues for documents or for what customers wrote",
	.operands = "[PATH|ID...|-]",
	.options = options,
	.values_size = sizeof(struct suggest_values),
	.check = check,
	.read = AT(read),
	.work = work,
};
