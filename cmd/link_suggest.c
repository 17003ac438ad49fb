/* kb link suggest: which issues documents or customers' words are about. */
#include "link.h"
#include "operand.h"
#include "pick.h"
#include "sheet_report.h"

#include <stdio.h>

#include "kb/classify.h"
#include "kb/coverage.h"
#include "kb/json.h"

struct suggesting {
	const struct kb_opened *opened;
	const struct link_values *values;
	struct kb_arena *arena;
	struct kb_classifier **classifiers; /* by locale, made when asked for */
	uint32_t locale;		    /* of free text */
	struct kb_sheet sheet;
	kb_buf data; /* the same as JSON */
	struct kb_json json;
	size_t guesses;
};

static void put_row(struct suggesting *s, kb_str what, const struct kb_guess *guess)
{
	_cleanup_buf_ kb_buf words = {0};
	for (size_t k = 0; k < guess->words.len; k++)
		kb_buf_fmt(
			&words, "%s%.*s", k ? ", " : "", KB_ARG(guess->words.items[k]));
	kb_sheet_cell(&s->sheet, what);
	kb_sheet_cell(&s->sheet, guess->issue->id);
	kb_sheet_cell_fmt(&s->sheet, "%.3f", guess->score);
	kb_sheet_cell(&s->sheet, kb_buf_view(&words));
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

static void put_json(struct suggesting *s, kb_str what, uint32_t locale,
	const struct kb_guess *guesses, size_t n, size_t most)
{
	const struct kb_config *config = s->opened->lib->config;
	struct kb_json *json = &s->json;
	kb_json_object(json);
	kb_json_pair(json, "of", what);
	kb_json_pair(json, "locale", config->locales[n ? guesses->locale : locale].code);
	kb_json_pair(json, "certainty",
		n ? kb_str_of(kb_certainty_name(kb_guess_certainty(guesses, n)))
		  : KB_STR("none"));
	kb_json_key(json, "issues");
	kb_json_array(json);
	for (size_t i = 0; i < n && i < most; i++)
		put_issue(json, &guesses[i]);
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static void suggest(struct suggesting *s, uint32_t locale, kb_str what, kb_str text)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	const struct kb_library *lib = s->opened->lib;
	struct kb_guess *guesses;
	if (!s->classifiers[locale])
		s->classifiers[locale] =
			kb_classifier_new(lib, locale, lib->config->naudiences - 1);
	size_t most = s->values->top ? s->values->top : 3;
	/* Two at least, to tell how near the second is. */
	size_t n = kb_classify(
		s->classifiers[locale], scratch, text, most > 1 ? most : 2, &guesses);
	put_json(s, what, locale, guesses, n, most);
	if (n > most)
		n = most;
	for (size_t i = 0; i < n; i++)
		put_row(s, what, &guesses[i]);
	s->guesses += n;
}

static void suggest_document(
	struct suggesting *s, struct kb_reader *reader, const struct kb_document *doc)
{
	_cleanup_buf_ kb_buf text = {0}, file = {0};
	kb_str body = KB_STR("");
	kb_document_body(reader, doc, &file, &body, NULL);
	kb_buf_fmt(&text, "%.*s\n%.*s\n%.*s\n", KB_ARG(doc->title), KB_ARG(doc->question),
		KB_ARG(doc->summary));
	for (size_t i = 0; i < doc->keywords.len; i++)
		kb_buf_fmt(&text, "%.*s\n", KB_ARG(doc->keywords.items[i]));
	kb_buf_str(&text, kb_str_sub(body, 0, 2000));
	suggest(s, doc->locale, doc->path, kb_buf_view(&text));
}

static int suggest_documents(
	struct suggesting *s, const kb_strs *operands, struct kb_error *err)
{
	const struct kb_library *lib = s->opened->lib;
	kb_docs docs = {0};
	int failed = 0;
	for (size_t i = 0; i < operands->len && !failed; i++)
		failed = kb_operand_documents(s->opened, s->arena, operands->items[i],
			&s->values->locales, &docs, err);
	for (uint32_t i = 0; i < lib->ndocs && !operands->len; i++)
		if (!lib->docs[i]->issues.len && !lib->docs[i]->broken &&
			kb_type_takes_issues(lib->docs[i]->type))
			kb_vec_push(&docs, lib->docs[i]);
	struct kb_reader *reader = kb_reader_new(lib->source);
	for (size_t i = 0; i < docs.len && !failed; i++)
		suggest_document(s, reader, docs.items[i]);
	kb_reader_free(reader);
	kb_vec_dispose(&docs);
	return failed;
}

/* Takes a field of a CSV text (RFC 4180) off its front; *last: it ends its line. */
static bool next_field(kb_str *rest, kb_buf *field, bool *last)
{
	size_t i = 0;
	bool quoted = rest->len && rest->data[0] == '"';
	kb_buf_clear(field);
	if (!rest->len)
		return false;
	for (i = quoted; i < rest->len; i++) {
		char c = rest->data[i];
		if (quoted && c == '"') {
			if (i + 1 >= rest->len || rest->data[i + 1] != '"') {
				quoted = false;
				continue;
			}
			i++;
		} else if (!quoted && (c == ',' || c == '\n')) {
			break;
		} else if (!quoted && c == '\r') {
			continue;
		}
		kb_buf_putc(field, c);
	}
	*last = i >= rest->len || rest->data[i] == '\n';
	*rest = kb_str_sub(*rest, i < rest->len ? i + 1 : i, rest->len);
	return true;
}

static int suggest_column(struct suggesting *s, kb_str csv, struct kb_error *err)
{
	_cleanup_buf_ kb_buf field = {0};
	kb_str wanted = kb_str_of(s->values->column);
	size_t column = SIZE_MAX, at = 0;
	bool last = false;
	kb_str bom = KB_STR("\xef\xbb\xbf");
	if (kb_str_starts(csv, bom))
		csv = kb_str_sub(csv, bom.len, csv.len);
	for (; !last && next_field(&csv, &field, &last); at++)
		if (kb_str_eq(kb_buf_view(&field), wanted))
			column = at;
	if (column == SIZE_MAX)
		return kb_error_set(err, KB_E_USAGE,
			"the first line of the table names no column '%s'",
			s->values->column);
	at = 0;
	for (size_t row = 2; next_field(&csv, &field, &last); at = last ? 0 : at + 1) {
		if (at == column) {
			char where[32];
			int n = snprintf(where, sizeof where, "row %zu", row);
			suggest(s, s->locale, (kb_str){where, (size_t)n},
				kb_buf_view(&field));
		}
		row += last;
	}
	return 0;
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

static int suggest_text(struct suggesting *s, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	const kb_strs *locales = &s->values->locales;
	if (kb_pick_locale(s->opened->lib,
		    locales->len ? kb_arena_str(s->arena, locales->items[0]).data : NULL,
		    &s->locale, err) ||
		read_input(&text, err))
		return -1;
	if (s->values->column)
		return suggest_column(s, kb_buf_view(&text), err);
	suggest(s, s->locale, KB_STR("text"), kb_buf_view(&text));
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
	kb_sheet_init(&s->sheet, "Suggestions");
	kb_sheet_table(&s->sheet, "Of|Issue|Score>|Words that decided*");
	kb_json_init(&s->json, &s->data, true);
	kb_json_object(&s->json);
	kb_json_key(&s->json, "version");
	kb_json_int(&s->json, 1);
	kb_json_key(&s->json, "suggestions");
	kb_json_array(&s->json);
}

static void end(struct suggesting *s)
{
	kb_json_array_end(&s->json);
	kb_json_object_end(&s->json);
	kb_buf_putc(&s->data, '\n');
	if (!s->guesses)
		kb_sheet_paragraph(&s->sheet, "There is nothing to suggest.");
}

static int report(const struct kb_cli *cli, struct suggesting *s, const kb_strs *operands)
{
	const struct kb_library *lib = s->opened->lib;
	struct kb_error err;
	bool text = s->values->column ||
		    (operands->len == 1 && kb_str_is(operands->items[0], "-"));
	s->classifiers =
		kb_arena_array(s->arena, struct kb_classifier *, lib->config->nlocales);
	begin(s);
	int failed = text ? suggest_text(s, &err) : suggest_documents(s, operands, &err);
	end(s);
	if (!failed)
		failed = kb_sheet_report(
			cli, &s->values->reports, &s->sheet, put_own, s, &err);
	for (uint32_t i = 0; i < lib->config->nlocales; i++)
		kb_classifier_free(s->classifiers[i]);
	kb_sheet_dispose(&s->sheet);
	kb_buf_dispose(&s->data);
	if (failed)
		return kb_fail(&err);
	return s->guesses ? KB_EXIT_OK : KB_EXIT_FOUND;
}

int kb_link_suggest(
	const struct kb_cli *cli, struct link_values *values, const kb_strs *operands)
{
	struct kb_opened opened;
	struct kb_error err;
	int status;
	if (kb_open(cli, &opened, &values->read, &err)) {
		status = kb_open_failed(cli, &opened, &err);
	} else {
		struct suggesting s = {
			.opened = &opened, .values = values, .arena = kb_arena_new()};
		status = report(cli, &s, operands);
		kb_arena_free(s.arena);
	}
	kb_opened_dispose(&opened);
	return status;
}
