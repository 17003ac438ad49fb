#include "month.h"

#include "kb/csv.h"
#include "kb/escape.h"
#include "kb/hash.h"

static const struct kb_usage_format rare_format = {
	"usage/rare-", "locale,audience,hash,count,results,clicks", 3, 3};

static const char spans_prefix[] = "usage/imported-";

static const struct kb_usage_format *format_of(unsigned table)
{
	return table == TABLE_RARE ? &rare_format : &kb_usage_formats[table];
}

static kb_str path_of(const struct month *month, unsigned table, struct kb_arena *arena)
{
	return kb_arena_fmt(arena, "%s%s.csv",
		table == TABLES ? spans_prefix : format_of(table)->prefix, month->name);
}

static kb_str key_of(
	const struct kb_usage_format *format, const kb_str *words, struct kb_arena *arena)
{
	_cleanup_buf_ kb_buf key = {0};

	for (size_t i = 0; i < format->words; i++) {
		kb_buf_str(&key, words[i]);
		kb_buf_putc(&key, '\0');
	}
	return kb_arena_str(arena, kb_buf_view(&key));
}

static struct row *row_at(
	struct month *month, unsigned table, const kb_str *words, struct kb_arena *arena)
{
	const struct kb_usage_format *format = format_of(table);
	kb_str key = key_of(format, words, arena);
	struct row *row = kb_map_get(&month->tables[table], key);

	if (row)
		return row;
	row = kb_arena_new_of(arena, struct row);
	for (size_t i = 0; i < format->words; i++)
		row->words[i] = kb_arena_str(arena, words[i]);
	kb_map_put(&month->tables[table], key, row);
	return row;
}

/* All but the results of searches is added up. */
static bool is_most(unsigned table, size_t number)
{
	return (table == KB_USAGE_SEARCHES || table == TABLE_RARE) && number == 1;
}

void row_add(struct row *row, unsigned table, const uint64_t *numbers)
{
	for (size_t i = 0; i < format_of(table)->numbers; i++) {
		if (!is_most(table, i))
			row->numbers[i] += numbers[i];
		else if (numbers[i] > row->numbers[i])
			row->numbers[i] = numbers[i];
	}
}

void month_add(struct month *month, unsigned table, const kb_str *words,
	const uint64_t *numbers, struct kb_arena *arena)
{
	row_add(row_at(month, table, words, arena), table, numbers);
	month->changed[table] = true;
}

static bool read_row(struct month *month, unsigned table, const struct kb_csv *csv,
	struct kb_arena *arena)
{
	const struct kb_usage_format *format = format_of(table);
	uint64_t numbers[ROW_NUMBERS];

	if (csv->fault)
		return false;
	for (size_t i = 0; i < format->numbers; i++)
		if (!kb_str_digits(
			    csv->fields.items[format->words + i], COUNT_MAX, &numbers[i]))
			return false;
	row_add(row_at(month, table, csv->fields.items, arena), table, numbers);
	return true;
}

static bool read_span(
	struct month *month, const struct kb_csv *csv, struct kb_arena *arena)
{
	struct span span;

	if (csv->fault || !span_read(csv->fields.items, arena, &span))
		return false;
	kb_vec_push(&month->spans, span);
	return true;
}

static int read_table(struct month *month, unsigned table, kb_str path,
	struct kb_arena *arena, struct kb_error *err)
{
	struct kb_csv csv;
	kb_str columns =
		kb_str_of(table == TABLES ? span_columns : format_of(table)->columns);
	bool good = true;

	if (!kb_str_trim(month->texts[table]).len)
		return 0;
	good = !kb_csv_open(&csv, month->texts[table], NULL) &&
	       kb_str_starts(month->texts[table], columns);
	while (good && kb_csv_row(&csv))
		good = table == TABLES ? read_span(month, &csv, arena)
				       : read_row(month, table, &csv, arena);
	size_t line = csv.line;
	kb_csv_dispose(&csv);
	if (good)
		return 0;
	return kb_error_set(err, KB_E_USAGE,
		"%.*s is not right in line %zu, so nothing can be added to it: correct "
		"that line ('kb validate' says what is wrong)",
		KB_ARG(path), line);
}

int month_read(struct month *month, const struct kb_library *lib,
	struct kb_reader *reader, struct kb_arena *arena, struct kb_error *err)
{
	for (unsigned t = 0; t <= TABLES; t++) {
		_cleanup_buf_ kb_buf text = {0};
		kb_str path = path_of(month, t, arena);

		if (!kb_library_entry(lib, path))
			continue;
		if (kb_reader_read(reader, path, 0, &text, err))
			return -1;
		month->there[t] = true;
		month->texts[t] = kb_arena_str(arena, kb_buf_view(&text));
		if (read_table(month, t, path, arena, err))
			return -1;
	}
	return 0;
}

/* What stands for the words of a search that few made. */
static kb_str rare_word(kb_str query, struct kb_arena *arena)
{
	return kb_arena_fmt(arena, "%016llx", (unsigned long long)kb_hash64(query));
}

void month_add_search(struct month *month, const kb_str *words, const uint64_t *numbers,
	struct kb_arena *arena)
{
	const kb_str rare_words[] = {words[0], words[1], rare_word(words[2], arena)};
	kb_str key = key_of(&rare_format, rare_words, arena);
	struct row *rare = kb_map_get(&month->tables[TABLE_RARE], key), *row;

	row = row_at(month, KB_USAGE_SEARCHES, words, arena);
	row_add(row, KB_USAGE_SEARCHES, numbers);
	month->changed[KB_USAGE_SEARCHES] = month->changed[TABLE_RARE] = true;
	if (!rare)
		return;
	row_add(row, KB_USAGE_SEARCHES, rare->numbers);
	*rare = (struct row){0}; /* Rows without a count are not written. */
}

static bool has_numbers(const struct row *row)
{
	for (size_t i = 0; i < ROW_NUMBERS; i++)
		if (row->numbers[i])
			return true;
	return false;
}

/* Takes the searches that few made out of the table, and keeps their hashes. */
static void hide_rare(struct month *month, struct kb_arena *arena)
{
	kb_map *searches = &month->tables[KB_USAGE_SEARCHES];

	for (size_t i = 0; i < searches->len; i++) {
		struct row *row = searches->entries[i].value;

		if (!has_numbers(row) || row->numbers[0] >= KB_STATS_FLOOR)
			continue;
		const kb_str words[] = {
			row->words[0], row->words[1], rare_word(row->words[2], arena)};
		struct row *rare = row_at(month, TABLE_RARE, words, arena);
		for (size_t w = 0; w < 3; w++)
			rare->words[w] = words[w];
		row_add(rare, TABLE_RARE, row->numbers);
		memset(row->numbers, 0, sizeof(row->numbers));
	}
}

void month_clear(struct month *month, kb_str audience)
{
	for (unsigned t = 0; t < TABLES; t++) {
		bool search = t == KB_USAGE_SEARCHES || t == TABLE_RARE;

		for (size_t i = 0; i < month->tables[t].len; i++) {
			struct row *row = month->tables[t].entries[i].value;

			if (t != KB_USAGE_TICKETS &&
				kb_str_eq(row->words[search ? 1 : 2], audience))
				memset(row->numbers, 0, sizeof(row->numbers));
		}
		month->changed[t] = t != KB_USAGE_TICKETS;
	}
}

static int row_cmp(const void *pa, const void *pb)
{
	const struct row *a = *(const struct row *const *)pa;
	const struct row *b = *(const struct row *const *)pb;

	for (size_t i = 0; i < ROW_WORDS; i++) {
		int order = kb_str_cmp(a->words[i], b->words[i]);

		if (order)
			return order;
	}
	return 0;
}

kb_str plain_word(kb_str word)
{
	for (word = kb_str_trim(word); kb_csv_is_formula(word);
		word = kb_str_trim(word)) {
		size_t at = 0;

		kb_utf8_next(word, &at);
		word = kb_str_sub(word, at, word.len);
	}
	return word;
}

static void put_row(
	kb_buf *out, const struct kb_usage_format *format, const struct row *row)
{
	for (size_t i = 0; i < format->words; i++) {
		kb_buf_puts(out, i ? "," : "");
		kb_buf_csv(out, row->words[i], false);
	}
	for (size_t i = 0; i < format->numbers; i++)
		kb_buf_fmt(out, ",%llu", (unsigned long long)row->numbers[i]);
	kb_buf_putc(out, '\n');
}

static void put_table(const struct month *month, unsigned table, kb_buf *out)
{
	const kb_map *map = &month->tables[table];
	const struct kb_usage_format *format = format_of(table);
	struct {
		KB_VEC(const struct row *);
	} rows = {0};

	for (size_t i = 0; i < map->len; i++)
		if (has_numbers(map->entries[i].value))
			kb_vec_push(&rows, map->entries[i].value);
	if (rows.len) {
		qsort(rows.items, rows.len, sizeof(*rows.items), row_cmp);
		kb_buf_fmt(out, "%s\n", format->columns);
	}
	for (size_t i = 0; i < rows.len; i++)
		put_row(out, format, rows.items[i]);
	kb_vec_dispose(&rows);
}

static int span_cmp(const void *pa, const void *pb)
{
	const struct span *a = pa, *b = pb;
	int order = kb_str_cmp(a->kind, b->kind);

	if (order)
		return order;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return a->lines < b->lines ? -1 : a->lines > b->lines;
}

static void put_spans(struct month *month, kb_buf *out)
{
	if (!month->spans.len)
		return;
	qsort(month->spans.items, month->spans.len, sizeof(*month->spans.items),
		span_cmp);
	kb_buf_fmt(out, "%s\n", span_columns);
	for (size_t i = 0; i < month->spans.len; i++)
		span_write(&month->spans.items[i], out);
}

void month_write(struct month *month, struct kb_import *import)
{
	struct kb_arena *arena = import->arena;

	if (month->changed[KB_USAGE_SEARCHES])
		hide_rare(month, arena);
	for (unsigned t = 0; t <= TABLES; t++) {
		_cleanup_buf_ kb_buf out = {0};

		if (!month->changed[t])
			continue;
		if (t == TABLES)
			put_spans(month, &out);
		else
			put_table(month, t, &out);
		/* A table that is there stays, if only with its columns. */
		if (!out.len && month->there[t])
			kb_buf_fmt(&out, "%s\n",
				t == TABLES ? span_columns : format_of(t)->columns);
		if (!out.len || kb_str_eq(kb_buf_view(&out), month->texts[t]))
			continue;
		kb_vec_push(&import->rewrites,
			((struct kb_rewrite){.path = path_of(month, t, arena),
				.before = month->texts[t],
				.after = kb_arena_str(arena, kb_buf_view(&out)),
				.is_new = !month->there[t]}));
	}
}

void month_dispose(struct month *month)
{
	for (unsigned t = 0; t < TABLES; t++)
		kb_map_dispose(&month->tables[t]);
	kb_vec_dispose(&month->spans);
}
