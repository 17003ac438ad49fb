/* Monthly counts that a database made, as 'kb stats sql' asks for them. */
#include "import.h"
#include "kb/csv.h"
#include "kb/unicode.h"

/* KIND: views, reasons or searches; then the table's words and numbers. */
const char aggregate_columns[] = "month,kind,word1,word2,word3,word4,n1,n2,n3,n4";

enum { MONTH, TABLE, WORDS, NUMBERS = WORDS + ROW_WORDS };

bool is_database(kb_str kind, kb_str audience)
{
	return kb_str_starts(kind, audience) &&
	       kb_str_is(kb_str_sub(kind, audience.len, kind.len), "/database");
}

static unsigned table_of(kb_str name)
{
	for (unsigned t = 0; t < KB_USAGE_TABLES; t++) {
		kb_str prefix = kb_str_of(kb_usage_formats[t].prefix);
		size_t slash = kb_str_chr(prefix, '/');

		if (t != KB_USAGE_TICKETS &&
			kb_str_eq(name, kb_str_sub(prefix, slash + 1, prefix.len - 1)))
			return t;
	}
	return KB_USAGE_TABLES;
}

/* The month, emptied when it comes up first. */
static struct month *month_of(
	struct kb_import *import, kb_strs *seen, kb_str name, struct kb_error *err)
{
	kb_str audience = import->lib->config->audiences[import->options.audience];
	time_t time;
	size_t n = 0;

	if (kb_month_parse(name, import->lib->config->timezone, &time)) {
		err->code = KB_OK;
		return NULL;
	}
	struct month *month = import_month(import, time, err);
	for (size_t i = 0; i < seen->len && month; i++)
		if (kb_str_is(seen->items[i], month->name))
			return month;
	if (!month)
		return NULL;
	kb_vec_push(seen, kb_str_of(month->name));
	month_clear(month, audience);
	for (size_t i = 0; i < month->spans.len; i++)
		if (!kb_str_eq(month->spans.items[i].kind, audience) &&
			!is_database(month->spans.items[i].kind, audience))
			month->spans.items[n++] = month->spans.items[i];
	month->spans.len = n;
	month->changed[TABLES] = true;
	kb_vec_push(
		&month->spans, ((struct span){.kind = kb_arena_fmt(import->arena,
						      "%.*s/database", KB_ARG(audience)),
				       .from = (uint32_t)month->from,
				       .to = (uint32_t)month->to - 1,
				       .head = (uint32_t)month->from,
				       .tail = (uint32_t)month->to - 1}));
	return month;
}

/* Only the rows of the site's audience replace what was counted before. */
static bool is_foreign(struct kb_import *import, unsigned table, const kb_str *words)
{
	kb_str own = import->lib->config->audiences[import->options.audience];
	kb_str audience = words[table == KB_USAGE_SEARCHES ? 1 : 2];

	if (kb_str_eq(audience, own))
		return false;
	if (!import_file(import)->unknown++)
		import_note(import,
			"rows of the audience '%.*s' are left out; add --audience to "
			"import them",
			KB_ARG(kb_str_head(audience, 80)));
	return true;
}

static int take_row(struct kb_import *import, const struct kb_csv *csv, kb_strs *seen,
	struct kb_error *err)
{
	struct kb_import_file *file = import_file(import);
	const kb_str *fields = csv->fields.items;
	unsigned table = table_of(fields[TABLE]);
	uint64_t n[ROW_NUMBERS];
	bool good = !csv->fault && table != KB_USAGE_TABLES;

	file->lines++;
	/* Databases leave out numbers that a table does not have. */
	for (size_t i = 0; i < ROW_NUMBERS && good; i++)
		good = kb_str_digits(fields[NUMBERS + i], COUNT_MAX, &n[i]) ||
		       !fields[NUMBERS + i].len;
	if (good && is_foreign(import, table, fields + WORDS))
		return 0;
	struct month *month = good ? month_of(import, seen, fields[MONTH], err) : NULL;
	if (good && !month && err->code)
		return -1;
	if (!month) {
		import_fault(
			import, csv->line, "it is not a row that 'kb stats sql' makes");
		return 0;
	}
	month_add(month, table, fields + WORDS, n, import->arena);
	if (table == KB_USAGE_VIEWS) {
		file->views += n[0];
		file->votes += n[1] + n[2] + n[3];
	} else if (table == KB_USAGE_SEARCHES) {
		file->searches += n[0];
	}
	return 0;
}

int import_aggregates(struct kb_import *import, kb_str text, struct kb_error *err)
{
	struct kb_csv csv;
	kb_strs seen = {0};
	int failed = kb_csv_open(&csv, text, err);

	while (!failed && kb_csv_row(&csv))
		failed = take_row(import, &csv, &seen, err);
	kb_vec_dispose(&seen);
	kb_csv_dispose(&csv);
	return failed;
}
