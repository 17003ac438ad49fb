#include "kb/usage.h"

#include "kb/csv.h"
#include "kb/file.h"
#include "kb/interval.h"
#include "kb/yaml.h"

const struct kb_usage_format kb_usage_formats[KB_USAGE_TABLES] = {
	[KB_USAGE_VIEWS] = {"usage/views-",
		"document,locale,audience,views,helpful,unhelpful,copies", 3, 4},
	[KB_USAGE_REASONS] = {"usage/reasons-", "document,locale,audience,reason,count",
		4, 1},
	[KB_USAGE_SEARCHES] = {"usage/searches-",
		"locale,audience,query,count,results,clicks", 3, 3},
	[KB_USAGE_TICKETS] = {"usage/tickets-",
		"issue,locale,channel,tickets,linked,escalated,minutes", 3, 4},
};

enum { WORDS_MAX = 4, NUMBERS_MAX = 4 };

struct usage_row {
	kb_str words[WORDS_MAX];
	uint64_t numbers[NUMBERS_MAX];
};

struct month_rows {
	kb_str name;
	unsigned number;
	struct {
		KB_VEC(struct kb_usage_views);
	} views;
	struct {
		KB_VEC(struct kb_usage_reason);
	} reasons;
	struct {
		KB_VEC(struct kb_usage_search);
	} searches;
	struct {
		KB_VEC(struct kb_usage_tickets);
	} tickets;
};

struct reading {
	const struct kb_library *lib;
	struct kb_arena *arena;
	struct kb_reader *reader;
	struct {
		KB_VEC(struct month_rows);
	} months;
};

/* The table that the file at PATH is; its month goes to *NUMBER, and to *NAME if it is
 * not NULL. KB_USAGE_TABLES: it is not a table. */
static enum kb_usage_table kb_usage_file(kb_str path, kb_str *name, unsigned *number)
{
	kb_str ext = KB_STR(".csv");

	for (unsigned t = 0; t < KB_USAGE_TABLES; t++) {
		kb_str prefix = kb_str_of(kb_usage_formats[t].prefix), month;
		uint64_t y, m;

		if (!kb_str_starts(path, prefix) || !kb_str_ends(path, ext) ||
			path.len != prefix.len + 7 + ext.len)
			continue;
		month = kb_str_sub(path, prefix.len, prefix.len + 7);
		if (month.data[4] != '-' ||
			!kb_str_digits(kb_str_sub(month, 0, 4), 9999, &y) ||
			!kb_str_digits(kb_str_sub(month, 5, 7), 12, &m) || !m)
			continue;
		if (name)
			*name = month;
		*number = (unsigned)(y * 12 + m - 1);
		return t;
	}
	return KB_USAGE_TABLES;
}

static struct month_rows *month_at(struct reading *reading, kb_str name, unsigned number)
{
	for (size_t i = 0; i < reading->months.len; i++)
		if (reading->months.items[i].number == number)
			return &reading->months.items[i];
	struct month_rows *month = kb_vec_add(&reading->months);
	*month = (struct month_rows){.name = name, .number = number};
	return month;
}

static bool read_row(const struct kb_csv *csv, const struct kb_usage_format *format,
	struct kb_arena *arena, struct usage_row *row)
{
	const kb_str *fields = csv->fields.items;

	if (csv->fault)
		return false;
	for (size_t i = 0; i < format->numbers; i++)
		if (!kb_str_digits(
			    fields[format->words + i], UINT32_MAX, &row->numbers[i]))
			return false;
	for (size_t i = 0; i < format->words; i++)
		row->words[i] = kb_arena_str(arena, fields[i]);
	return true;
}

static void add_row(struct reading *reading, struct month_rows *month,
	enum kb_usage_table table, const struct usage_row *row)
{
	const struct kb_library *lib = reading->lib;
	const kb_str *w = row->words;
	const uint64_t *n = row->numbers;

	switch (table) {
	case KB_USAGE_VIEWS:
		kb_vec_push(&month->views,
			((struct kb_usage_views){w[0], kb_library_family(lib, w[0]),
				kb_config_locale(lib->config, w[1]),
				kb_config_audience(lib->config, w[2]), n[0], n[1], n[2],
				n[3]}));
		break;
	case KB_USAGE_REASONS:
		kb_vec_push(&month->reasons,
			((struct kb_usage_reason){w[0], kb_library_family(lib, w[0]),
				kb_config_locale(lib->config, w[1]),
				kb_config_audience(lib->config, w[2]), w[3], n[0]}));
		break;
	case KB_USAGE_SEARCHES:
		kb_vec_push(&month->searches,
			((struct kb_usage_search){kb_config_locale(lib->config, w[0]),
				kb_config_audience(lib->config, w[1]), w[2], n[0], n[2],
				n[1]}));
		break;
	default:
		kb_vec_push(
			&month->tickets, ((struct kb_usage_tickets){w[0],
						 kb_taxonomy_find(lib->taxonomy, w[0]),
						 kb_config_locale(lib->config, w[1]),
						 w[2], n[0], n[1], n[2], n[3]}));
	}
}

static bool has_columns(const struct kb_csv *csv, const char *columns)
{
	kb_str rest = kb_str_of(columns), name;
	size_t n = 0;

	while (kb_str_next(&rest, ',', &name))
		if (n >= csv->names.len || !kb_str_eq(csv->names.items[n++], name))
			return false;
	return true;
}

static void read_table(struct reading *reading, const struct kb_entry *entry)
{
	_cleanup_buf_ kb_buf text = {0};
	struct usage_row row = {0};
	struct kb_csv csv;
	kb_str name;
	unsigned number;
	enum kb_usage_table table = kb_usage_file(entry->path, &name, &number);
	const struct kb_usage_format *format = &kb_usage_formats[table];

	if (table == KB_USAGE_TABLES ||
		kb_reader_read(reading->reader, entry->path, 0, &text, NULL))
		return;
	struct month_rows *month = month_at(reading, name, number);
	bool found = !kb_csv_open(&csv, kb_buf_view(&text), NULL) &&
		     has_columns(&csv, format->columns);
	while (found && kb_csv_row(&csv))
		if (read_row(&csv, format, reading->arena, &row))
			add_row(reading, month, table, &row);
	kb_csv_dispose(&csv);
}

static int month_cmp(const void *pa, const void *pb)
{
	const struct kb_usage_month *a = pa, *b = pb;

	return a->number < b->number ? -1 : a->number > b->number;
}

static void take_month(
	struct kb_usage_month *to, struct month_rows *from, struct kb_arena *arena)
{
	to->name = from->name;
	to->number = from->number;
	to->nviews = from->views.len;
	to->views = kb_vec_freeze(&from->views, arena);
	to->nreasons = from->reasons.len;
	to->reasons = kb_vec_freeze(&from->reasons, arena);
	to->nsearches = from->searches.len;
	to->searches = kb_vec_freeze(&from->searches, arena);
	to->ntickets = from->tickets.len;
	to->tickets = kb_vec_freeze(&from->tickets, arena);
}

void kb_usage_read(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_usage *usage)
{
	struct reading reading = {
		.lib = lib, .arena = arena, .reader = kb_reader_new(lib->source)};

	for (size_t i = 0; i < lib->nentries; i++)
		if (lib->entries[i].kind == KB_ENTRY_FILE)
			read_table(&reading, &lib->entries[i]);
	kb_reader_free(reading.reader);
	usage->len = reading.months.len;
	usage->months = kb_arena_array(arena, struct kb_usage_month, usage->len);
	for (size_t i = 0; i < usage->len; i++)
		take_month(&usage->months[i], &reading.months.items[i], arena);
	kb_vec_dispose(&reading.months);
	if (usage->len)
		qsort(usage->months, usage->len, sizeof(*usage->months), month_cmp);
}

unsigned kb_usage_unread(const struct kb_config *config)
{
	struct kb_interval interval = {.months = 3};

	kb_interval_parse(
		kb_node_str(kb_node_get(kb_node_get(config->root, "audit"), "no_views")),
		&interval);
	return interval.months + (interval.days + 29) / 30;
}

const struct kb_usage_month *kb_usage_month(const struct kb_usage *usage, kb_str name)
{
	for (size_t i = 0; i < usage->len; i++)
		if (kb_str_eq(usage->months[i].name, name))
			return &usage->months[i];
	return NULL;
}
