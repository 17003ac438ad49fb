/* The counts of one file, by month. */
#include "import.h"

enum { ROWS_MAX = 1 << 17 }; /* in each table, as anybody can send searches */

struct import_part *parts_at(struct kb_import *import, struct import_parts *parts,
	time_t time, struct kb_error *err)
{
	for (size_t i = parts->items.len; i-- > 0;) {
		struct import_part *part = parts->items.items[i];

		if (time >= part->month->from && time < part->month->to)
			return part;
	}
	struct month *month = import_month(import, time, err);
	if (!month)
		return NULL;
	struct import_part *part = kb_arena_new_of(parts->arena, struct import_part);
	part->month = month;
	struct span *was = kb_arena_array(parts->arena, struct span, month->spans.len);
	for (size_t i = 0; i < month->spans.len; i++) {
		part->database |= is_database(month->spans.items[i].kind, parts->kind);
		if (kb_str_eq(month->spans.items[i].kind, parts->kind))
			was[part->nwas++] = month->spans.items[i];
	}
	part->was = was;
	part->same = kb_arena_array(parts->arena, bool, part->nwas);
	seen_begin(&part->seen, part->was, part->nwas);
	kb_vec_push(&parts->items, part);
	return part;
}

bool part_line(struct import_parts *parts, struct import_part *part, struct mark line)
{
	if (!parts->again) {
		span_add(&part->span, line);
		seen_add(&part->seen, line);
		part->fresh += !part->database;
		return !part->database;
	}
	for (size_t i = 0; i < part->nwas; i++)
		if (part->same[i] && span_covers(&part->was[i], line))
			return false;
	part->fresh += !part->database;
	return !part->database;
}

void part_count(struct import_parts *parts, struct import_part *part, unsigned table,
	const kb_str *words, const uint64_t *numbers)
{
	const struct kb_usage_format *format = &kb_usage_formats[table];
	char key[4096];
	size_t len = 0;

	for (size_t i = 0; i < format->words; i++) {
		kb_str word = kb_str_sub(words[i], 0, 1000);

		if (len + word.len + 1 > sizeof(key))
			return;
		memcpy(key + len, word.data ? word.data : "", word.len);
		len += word.len;
		key[len++] = '\0';
	}
	struct row *row = kb_map_get(&part->tables[table], (kb_str){key, len});
	if (!row && part->tables[table].len >= ROWS_MAX)
		return;
	if (!row) {
		row = kb_arena_new_of(parts->arena, struct row);
		for (size_t i = 0; i < format->words; i++)
			row->words[i] = kb_arena_str(parts->arena, words[i]);
		kb_map_put(&part->tables[table],
			kb_arena_str(parts->arena, (kb_str){key, len}), row);
	}
	row_add(row, table, numbers);
}

static void forget_counts(struct import_part *part)
{
	for (unsigned t = 0; t < KB_USAGE_TABLES; t++) {
		kb_map_dispose(&part->tables[t]);
		part->tables[t] = (kb_map){0};
	}
	part->views = part->votes = part->searches = part->tickets = part->fresh = 0;
}

/* Compares the part with the spans of its month; true: some of it was counted before. */
static bool compare(struct kb_import *import, struct import_part *part)
{
	bool any = false;

	if (part->database)
		import_note(import,
			"a database has counted %s, so the lines of that month do not "
			"count again",
			part->month->name);
	for (size_t i = 0; i < part->nwas; i++) {
		enum seen_result result =
			seen_ask(&part->seen, i, part->span.from, part->span.to);

		if (result == SEEN_UNSURE)
			import_note(import,
				"%.*s has few lines of %s, in a period that was imported "
				"before, so they count as the same: if they are another "
				"server's, import its whole log",
				KB_ARG(import_file(import)->name), part->month->name);
		if (result == SEEN_MORE)
			import_fault(import, 0,
				"in %s, it has the lines of a log that was imported "
				"before and others between them, which cannot be told "
				"apart: delete the month's files in usage/ and import "
				"all logs of it again",
				part->month->name);
		if (result == SEEN_SAME || result == SEEN_UNSURE || result == SEEN_MORE)
			any = part->same[i] = true;
	}
	return any;
}

bool parts_settle(struct kb_import *import, struct import_parts *parts)
{
	for (size_t i = 0; i < parts->items.len; i++)
		parts->again |= compare(import, parts->items.items[i]);
	for (size_t i = 0; i < parts->items.len && parts->again; i++)
		forget_counts(parts->items.items[i]);
	return parts->again;
}

static void add_counts(struct kb_import *import, const struct import_part *part)
{
	for (unsigned t = 0; t < KB_USAGE_TABLES; t++)
		for (size_t i = 0; i < part->tables[t].len; i++) {
			const struct row *row = part->tables[t].entries[i].value;

			if (t == KB_USAGE_SEARCHES)
				month_add_search(part->month, row->words, row->numbers,
					import->arena);
			else
				month_add(part->month, t, row->words, row->numbers,
					import->arena);
		}
}

static bool has_counts(const struct import_part *part)
{
	size_t rows = 0;

	for (unsigned t = 0; t < KB_USAGE_TABLES; t++)
		rows += part->tables[t].len;
	return rows > 0;
}

static bool is_joined(const struct import_part *part, const struct span *span)
{
	for (size_t i = 0; i < part->nwas; i++)
		if (part->same[i] && part->was[i].from == span->from &&
			part->was[i].to == span->to &&
			part->was[i].lines == span->lines &&
			kb_str_eq(part->was[i].kind, span->kind))
			return true;
	return false;
}

/* The part's span takes the place of those that it continues. */
static void note_span(struct kb_import *import, const struct import_parts *parts,
	struct import_part *part)
{
	struct month *month = part->month;
	struct span span = span_take(
		&part->span, kb_arena_str(import->arena, parts->kind), import->arena);
	bool joined = false;
	size_t n = 0;

	span.lines = part->fresh;
	for (size_t i = 0; i < part->nwas; i++)
		if (part->same[i]) {
			struct span old = part->was[i];

			span = span_join(&old, &span, span.lines, import->arena);
			joined = true;
		}
	for (size_t i = 0; i < month->spans.len; i++)
		if (!joined || !is_joined(part, &month->spans.items[i]))
			month->spans.items[n++] = month->spans.items[i];
	month->spans.len = n;
	kb_vec_push(&month->spans, span);
	month->changed[TABLES] = true;
}

void parts_finish(struct kb_import *import, struct import_parts *parts)
{
	struct kb_import_file *file = import_file(import);

	for (size_t i = 0; i < parts->items.len; i++) {
		struct import_part *part = parts->items.items[i];
		uint64_t lines = part->span.lines;

		if (!lines)
			continue;
		file->known += lines - part->fresh;
		file->views += part->views;
		file->votes += part->votes;
		file->searches += part->searches;
		file->tickets += part->tickets;
		/* What counts nothing may count once kb.yaml is right. */
		if (!part->fresh || !has_counts(part))
			continue;
		add_counts(import, part);
		note_span(import, parts, part);
	}
}

void parts_dispose(struct import_parts *parts)
{
	for (size_t i = 0; i < parts->items.len; i++) {
		struct import_part *part = parts->items.items[i];

		for (unsigned t = 0; t < KB_USAGE_TABLES; t++)
			kb_map_dispose(&part->tables[t]);
		seen_dispose(&part->seen);
		span_dispose(&part->span);
	}
	kb_vec_dispose(&parts->items);
	kb_arena_free(parts->arena);
}
