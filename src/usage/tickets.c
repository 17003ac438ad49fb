/* Tickets: tables (CSV) and JSON Lines, by the columns that kb.yaml names in `tickets`.
 */
#include <stdio.h>
#include <stdlib.h>

#include "import.h"
#include "kb/csv.h"
#include "kb/gzip.h"
#include "kb/hash.h"
#include "kb/suggest.h"
#include "kb/unicode.h"
#include "kb/yaml.h"
#include "tickets.h"

enum { UNKNOWN_TOLD = 10, HEADER_MAX = 60, TEXT_HEAD = 4096 };

struct tickets {
	struct kb_import *import;
	struct import_parts parts;
	const char *names[TICKET_FIELDS]; /* of the columns */
	bool said[TICKET_FIELDS];	  /* kb.yaml names it */
	size_t columns[TICKET_FIELDS];	  /* of a table; SIZE_MAX: it has none */
	struct kb_suggestions suggestions;
	struct kb_arena *scratch; /* of one row */
	kb_map labels;		  /* and ids, as plain_name has them, to issues */
	kb_map unknown;		  /* unknown words for issues, to size_t * */
	uint64_t rows, unclear;	  /* UNCLEAR: that are about no known issue */
	unsigned found;		  /* bits of the fields that the file has */
	kb_strs keys;		  /* of the first object, of JSON */
};

static void read_names(struct tickets *t)
{
	const struct kb_node *map = kb_node_get(t->import->lib->config->root, "tickets");

	for (unsigned f = 0; f < TICKET_FIELDS; f++) {
		kb_str name = kb_node_str(kb_node_get(map, ticket_fields[f]));

		t->said[f] = name.len > 0;
		t->names[f] = name.len ? kb_arena_str(t->parts.arena, name).data
				       : ticket_fields[f];
	}
}

/* A name as it is compared: "cancel_order" is "Cancel order", and "cancel-order". */
static kb_str plain_name(struct kb_arena *arena, kb_str name)
{
	char *plain = kb_arena_copy(arena, name.data, name.len);

	for (size_t i = 0; i < name.len; i++)
		if (strchr("_-./", plain[i]))
			plain[i] = ' ';
	return kb_lower(arena, (kb_str){plain, name.len});
}

static void add_name(struct tickets *t, kb_str name, const struct kb_issue *issue)
{
	name = plain_name(t->parts.arena, name);
	if (!kb_map_has(&t->labels, name))
		kb_map_put(&t->labels, name, (void *)(uintptr_t)issue);
}

static void read_labels(struct tickets *t)
{
	const struct kb_taxonomy *taxonomy = t->import->lib->taxonomy;

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];

		for (uint32_t l = 0; l < issue->label.n; l++)
			add_name(t, issue->label.values[l].value, issue);
	}
	for (uint32_t i = 0; i < taxonomy->len; i++)
		add_name(t, taxonomy->issues[i].id, &taxonomy->issues[i]);
}

/* "2026-10-05", "2026-10-05 14:03", "5.10.2026 14:03", RFC 3339, seconds since 1970. */
static bool read_date(const struct tickets *t, kb_str s, time_t *out)
{
	kb_str timezone = t->import->lib->config->timezone;
	int d = 0, m = 0, y = 0, hour = 0, minute = 0, n = 0;
	bool is_day;
	char text[40];

	s = kb_str_trim(s);
	if (!kb_time_parse(s, timezone, out, &is_day))
		return true;
	if (s.len >= sizeof(text) || !s.len)
		return false;
	memcpy(text, s.data, s.len);
	text[s.len] = '\0';
	if (sscanf(text, "%4d-%2d-%2d%*1[ T]%2d:%2d%n", &y, &m, &d, &hour, &minute, &n) <
			5 &&
		sscanf(text, "%4d/%2d/%2d%n", &y, &m, &d, &n) < 3 &&
		sscanf(text, "%2d.%2d.%4d%n %2d:%2d", &d, &m, &y, &n, &hour, &minute) <
			3) {
		char *end;
		double seconds = strtod(text, &end);

		while (seconds > 1e11)
			seconds /= 1000;
		*out = (time_t)seconds;
		return !*end && seconds > 1e8;
	}
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	kb_str day = kb_arena_fmt(scratch, "%04d-%02d-%02d", y, m, d);
	if (hour > 23 || minute > 59 || kb_time_parse(day, timezone, out, &is_day))
		return false;
	*out += hour * 3600 + minute * 60;
	return true;
}

static bool is_no(kb_str s)
{
	static const char *const words[] = {"", "0", "no", "n", "false", "f", "none",
		"null", "-", "nein", "nem", "non", "tier 1", "1st level"};

	for (size_t i = 0; i < KB_LEN(words); i++)
		if (kb_str_eq_nocase(s, kb_str_of(words[i])))
			return true;
	return false;
}

/* Reads "12", "12,5", "0:12" (hours) or "0:12:30"; false: it is not a duration. */
static bool read_minutes(kb_str s, uint64_t *out)
{
	double parts[3] = {0}, n = 0;
	size_t count = 1;
	double scale = 0;

	for (size_t i = 0; i < s.len; i++) {
		char c = s.data[i];

		if (c == ':' && count < 3) {
			parts[count - 1] = n;
			count++;
			n = scale = 0;
		} else if ((c == '.' || c == ',') && !scale) {
			scale = 1;
		} else if (c >= '0' && c <= '9' && s.len < 16) {
			if (scale)
				n += (c - '0') * (scale /= 10);
			else
				n = n * 10 + (c - '0');
		} else {
			return false;
		}
	}
	parts[count - 1] = n;
	n = count == 1 ? parts[0] : parts[0] * 60 + parts[1] + parts[2] / 60;
	*out = (uint64_t)(n + 0.5);
	return true;
}

static void note_unknown(struct tickets *t, kb_str word)
{
	size_t *n = kb_map_get(&t->unknown, word);

	if (!n && t->unknown.len >= 1000)
		return;
	if (!n) {
		n = kb_arena_new_of(t->parts.arena, size_t);
		kb_map_put(&t->unknown, kb_arena_str(t->parts.arena, word), n);
	}
	++*n;
}

/* By id, alias or label; else, of a text, what it is clearly about. NULL: not known. */
static const struct kb_issue *issue_of(
	struct tickets *t, kb_str word, kb_str text, uint32_t locale)
{
	const struct kb_issue *issue = kb_taxonomy_find(t->import->lib->taxonomy, word);

	if (!issue && word.len)
		issue = kb_map_get(&t->labels, plain_name(t->scratch, word));
	if (issue || !kb_str_trim(text).len) {
		if (!issue && word.len)
			note_unknown(t, word);
		return issue;
	}
	struct kb_suggestions *s = &t->suggestions;
	s->len = 0;
	s->arena = t->scratch;
	kb_suggest_text(s, KB_STR(""), text, locale);
	const struct kb_suggestion *item = &s->items[0];
	if (item->n && item->certainty != KB_CERTAINTY_WEAK &&
		item->certainty != KB_CERTAINTY_NONE)
		return item->guesses[0].issue;
	if (word.len)
		note_unknown(t, word);
	return NULL;
}

static uint32_t locale_of(const struct tickets *t, kb_str word)
{
	const struct kb_config *config = t->import->lib->config;
	bool said = word.len > 0;
	uint32_t locale = word.len ? kb_config_locale(config, word) : KB_NONE;

	/* "de_CH" is German, if there is no other. */
	for (size_t cut = kb_str_rchr(word, '-'); locale == KB_NONE;
		cut = kb_str_rchr(word, '-')) {
		if (cut == SIZE_MAX)
			cut = kb_str_rchr(word, '_');
		if (cut == SIZE_MAX)
			break;
		word = kb_str_sub(word, 0, cut);
		locale = kb_config_locale(config, word);
	}
	if (locale == KB_NONE)
		locale = t->import->options.locale;
	/* With one language, tickets need not say theirs. */
	return locale == KB_NONE && config->nlocales == 1 && !said ? 0 : locale;
}

static uint32_t hash_of(const kb_str *values)
{
	uint64_t hash = 0;

	if (values[TICKET_ID].len)
		return (uint32_t)kb_hash64(values[TICKET_ID]);
	for (unsigned f = 0; f < TICKET_FIELDS; f++)
		hash = hash * 31 + kb_hash64(values[f]);
	return (uint32_t)(hash >> 16);
}

static const char *fault_of(const struct tickets *t, const kb_str *values)
{
	for (unsigned f = 0; f < TICKET_FIELDS; f++)
		if (kb_utf8_invalid(values[f]) != SIZE_MAX)
			return t->import->options.encoding
				       ? "it is not valid text"
				       : "it is not in UTF-8: say which encoding it is "
					 "in, such as --encoding windows-1252";
	return NULL;
}

static int take_row(struct tickets *t, size_t line, kb_str *values, struct kb_error *err)
{
	struct kb_import *import = t->import;
	const struct kb_config *config = import->lib->config;
	uint64_t numbers[ROW_NUMBERS] = {1};
	time_t time = import->options.month;
	const char *fault = fault_of(t, values);

	for (unsigned f = 0; f < TICKET_FIELDS; f++)
		values[f] = kb_str_trim(values[f]);
	uint32_t locale = locale_of(t, values[TICKET_LOCALE]);
	const struct kb_channel *channel =
		kb_config_channel_named(config, values[TICKET_CHANNEL]);
	if (!fault && !time && !read_date(t, values[TICKET_DATE], &time))
		fault = "its date cannot be read: write it as 2026-10-05";
	if (!fault && (time < 0 || time > UINT32_MAX))
		fault = "its date is not possible";
	if (!fault && !read_minutes(values[TICKET_MINUTES], &numbers[3]))
		fault = "its minutes are not a number";
	if (!fault && locale == KB_NONE)
		fault = "its language is not a locale of kb.yaml: say which one to use, "
			"such as --locale en";
	if (fault) {
		if (!t->parts.again)
			import_fault(import, line, "%s", fault);
		return 0;
	}
	struct import_part *part = parts_at(import, &t->parts, time, err);
	if (!part)
		return -1;
	if (!part_line(&t->parts, part, (struct mark){(uint32_t)time, hash_of(values)}))
		return 0;
	const struct kb_issue *issue =
		issue_of(t, values[TICKET_ISSUE], values[TICKET_TEXT], locale);
	t->unclear += !issue;
	const kb_str words[] = {issue ? issue->id : KB_STR(""),
		config->locales[locale].code,
		channel ? channel->id
			: kb_lower(t->scratch, plain_word(values[TICKET_CHANNEL]))};
	numbers[1] = !is_no(values[TICKET_LINKED]);
	numbers[2] = !is_no(values[TICKET_ESCALATED]);
	part_count(&t->parts, part, KB_USAGE_TICKETS, words, numbers);
	part->tickets++;
	return 0;
}

/* TEXT begins with its first line that is not empty. */
static int not_tickets(kb_str text, struct kb_error *err)
{
	kb_str line = kb_str_trim(kb_str_sub(text, 0, kb_str_chr(text, '\n')));

	for (size_t i = 0; i < text.len && i < TEXT_HEAD; i++)
		if ((unsigned char)text.data[i] < '\t')
			return kb_error_set(err, KB_E_USAGE,
				"it is not text: if it is a spreadsheet, save it as CSV");
	return kb_error_set(err, KB_E_USAGE,
		"it is neither an access log nor a table of tickets: its first line is "
		"'%.*s'. 'kb help stats import' lists what kb reads",
		KB_ARG(kb_str_head(line, HEADER_MAX)));
}

/* One column can be enough, but not one that is called like a line of text. */
static bool is_header(const struct tickets *t, const kb_strs *names)
{
	const unsigned about = 1u << TICKET_ISSUE | 1u << TICKET_TEXT;

	return (t->found & about) || (names->len > 1 && names->items[0].len < HEADER_MAX);
}

static int find_columns(
	struct tickets *t, const struct kb_csv *csv, kb_str text, struct kb_error *err)
{
	for (unsigned f = 0; f < TICKET_FIELDS; f++) {
		t->columns[f] = SIZE_MAX;
		if (kb_csv_column(csv, t->names[f], &t->columns[f], err) && t->said[f])
			return -1;
		t->found |= (unsigned)(t->columns[f] != SIZE_MAX) << f;
	}
	return is_header(t, &csv->names)
		       ? ticket_columns_check(t->import, t->found, &csv->names, err)
		       : not_tickets(text, err);
}

static int read_csv(struct tickets *t, kb_str text, struct kb_error *err)
{
	struct kb_csv csv;
	int failed = kb_csv_open(&csv, text, err) ||
		     find_columns(t, &csv, kb_str_trim(text), err);

	while (!failed && kb_csv_row(&csv)) {
		kb_str values[TICKET_FIELDS] = {0};

		t->rows++;
		kb_arena_reset(t->scratch);
		for (unsigned f = 0; f < TICKET_FIELDS; f++)
			if (t->columns[f] != SIZE_MAX)
				values[f] = csv.fields.items[t->columns[f]];
		if (!csv.fault)
			failed = take_row(t, csv.line, values, err);
		else if (!t->parts.again)
			import_fault(t->import, csv.line, "%s", csv.fault);
	}
	kb_csv_dispose(&csv);
	return failed ? -1 : 0;
}

/* "via.channel" goes down into a map, if there is no key of that name. */
static kb_str value_at(const struct kb_node *root, const char *name)
{
	const struct kb_node *node = kb_node_get(root, name);
	kb_str rest = kb_str_of(name), part;

	if (!node) {
		node = root;
		while (node && rest.len && kb_str_next(&rest, '.', &part))
			node = kb_node_get_str(node, part);
	}
	if (node && node->kind == KB_NODE_SEQ)
		return node->len ? kb_node_str(node->items[0]) : KB_STR("");
	return kb_node_is_null(node) ? KB_STR("") : kb_node_str(node);
}

static int take_object(
	struct tickets *t, size_t line, const struct kb_node *root, struct kb_error *err)
{
	kb_str values[TICKET_FIELDS];

	t->rows++;
	if (!root || root->kind != KB_NODE_MAP) {
		if (!t->parts.again)
			import_fault(t->import, line, "it is not a JSON object");
		return 0;
	}
	for (uint32_t i = 0; t->rows == 1 && i < root->len; i++)
		kb_vec_push(&t->keys,
			kb_arena_str(t->parts.arena, root->pairs[i].key->value));
	for (unsigned f = 0; f < TICKET_FIELDS; f++) {
		values[f] = value_at(root, t->names[f]);
		t->found |= (unsigned)(values[f].len > 0) << f;
	}
	return take_row(t, line, values, err);
}

/* One list, or an object in each line. */
static int read_json(struct tickets *t, kb_str text, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct kb_node *list;
	kb_str line;
	int failed = 0;

	if (*kb_str_trim(text).data == '[') {
		list = kb_json_parse(arena, text, err);
		for (uint32_t i = 0; list && i < list->len && !failed; i++) {
			kb_arena_reset(t->scratch);
			failed = take_object(t, 0, list->items[i], err);
		}
		return list ? failed : -1;
	}
	for (size_t n = 1; !failed && kb_str_line(&text, &line); n++) {
		if (!kb_str_trim(line).len)
			continue;
		kb_arena_reset(t->scratch);
		kb_arena_reset(arena);
		failed = take_object(t, n, kb_json_parse(arena, line, NULL), err);
	}
	return failed;
}

static int read_text(struct tickets *t, kb_str text, struct kb_error *err)
{
	kb_str first = kb_str_trim(kb_str_sub(text, 0, 4096));

	t->rows = t->unclear = t->found = 0;
	t->keys.len = 0;
	if (!first.len || !strchr("{[", *first.data))
		return read_csv(t, text, err);
	if (read_json(t, text, err))
		return -1;
	if (t->rows && !t->keys.len)
		return not_tickets(kb_str_trim(text), err);
	return t->rows ? ticket_columns_check(t->import, t->found, &t->keys, err) : 0;
}

static int unknown_cmp(const void *pa, const void *pb)
{
	const struct kb_map_entry *a = pa, *b = pb;
	size_t na = *(size_t *)a->value, nb = *(size_t *)b->value;

	if (na != nb)
		return na > nb ? -1 : 1;
	return kb_str_cmp(a->key, b->key);
}

static void tell_unknown(struct tickets *t)
{
	struct kb_map_entry *entries = t->unknown.entries;

	if (t->unknown.len)
		qsort(entries, t->unknown.len, sizeof(*entries), unknown_cmp);
	for (size_t i = 0; i < t->unknown.len && i < UNKNOWN_TOLD; i++)
		import_note(t->import,
			"no issue is called '%.*s' (tickets: %zu): write it as an alias or "
			"label of an issue in %.*s",
			KB_ARG(kb_str_head(entries[i].key, 80)),
			*(size_t *)entries[i].value,
			KB_ARG(t->import->lib->taxonomy->path));
	if (t->unknown.len > UNKNOWN_TOLD)
		import_note(t->import, "%zu more words for issues are unknown",
			t->unknown.len - UNKNOWN_TOLD);
}

static int read_twice(struct tickets *t, kb_str text, struct kb_error *err)
{
	if (read_text(t, text, err))
		return -1;
	if (parts_settle(t->import, &t->parts)) {
		kb_map_dispose(&t->unknown);
		t->unknown = (kb_map){0};
		if (read_text(t, text, err))
			return -1;
	}
	import_file(t->import)->lines = t->rows;
	parts_finish(t->import, &t->parts);
	if (t->unclear)
		import_note(t->import,
			"kb cannot tell what %llu of %llu tickets are about: they count "
			"without an issue",
			(unsigned long long)t->unclear,
			(unsigned long long)import_file(t->import)->tickets);
	tell_unknown(t);
	return 0;
}

static int decode(const struct kb_import *import, kb_buf *text, struct kb_error *err)
{
	const char *encoding = import->options.encoding;
	kb_str bytes = kb_buf_view(text);
	kb_buf out = {0};

	if (!encoding && kb_str_starts(bytes, KB_STR("\xff\xfe")))
		encoding = "utf-16le";
	else if (!encoding && kb_str_starts(bytes, KB_STR("\xfe\xff")))
		encoding = "utf-16be";
	if (!encoding)
		return 0;
	if (!kb_charset_decode(bytes, kb_str_of(encoding), &out))
		return kb_error_set(err, KB_E_USAGE,
			"there is no encoding '%s': use a name such as windows-1252, "
			"iso-8859-2 or utf-16",
			encoding);
	kb_buf_dispose(text);
	*text = out;
	return 0;
}

int import_tickets(struct kb_import *import, int fd, struct kb_error *err)
{
	const struct kb_library *lib = import->lib;
	_cleanup_buf_ kb_buf text = {0};
	struct kb_error stop;
	struct tickets t = {.import = import,
		.parts = {.kind = KB_STR("tickets"), .arena = kb_arena_new()},
		.scratch = kb_arena_new()};
	int failed = 0;

	kb_suggestions_init(
		&t.suggestions, lib, lib->config->naudiences - 1, 1, t.parts.arena);
	read_names(&t);
	read_labels(&t);
	bool stopped = kb_gzip_read(fd, KB_EXPORT_MAX, &text, &stop);
	if (stopped)
		failed = import_stopped(import, 0, &stop, false, err);
	if (stopped && stop.code == KB_E_REFUSED)
		kb_buf_clear(&text);
	if (!failed)
		failed = decode(import, &text, err);
	if (!failed && kb_str_trim(kb_buf_view(&text)).len)
		failed = read_twice(&t, kb_buf_view(&text), err);
	kb_suggestions_dispose(&t.suggestions);
	kb_map_dispose(&t.labels);
	kb_map_dispose(&t.unknown);
	kb_vec_dispose(&t.keys);
	parts_dispose(&t.parts);
	kb_arena_free(t.scratch);
	return failed;
}
