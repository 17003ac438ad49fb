#include "kb/csv.h"

static size_t line_end_length(kb_str s, size_t at)
{
	if (at >= s.len)
		return 0;
	if (s.data[at] == '\r')
		return at + 1 < s.len && s.data[at + 1] == '\n' ? 2 : 1;
	return s.data[at] == '\n';
}

static bool ends_field(const struct kb_csv *t, size_t at)
{
	return at >= t->rest.len || t->rest.data[at] == t->separator ||
	       line_end_length(t->rest, at);
}

static void end_field(struct kb_csv *t)
{
	kb_vec_push(&t->ends, t->values.len);
}

static void put(struct kb_csv *t, char c)
{
	if (c)
		kb_buf_putc(&t->values, c);
}

/* Reads a field in quotes that begins at AT; returns where it ends, or SIZE_MAX when it
 * is not closed. A lone quote is text, but not in a field of several lines: there the
 * quote that closes the field is rather the one that is missing. */
static size_t read_quoted(struct kb_csv *t, size_t at, size_t *lines)
{
	size_t first = *lines;
	bool lone = false;

	for (size_t i = at + 1; i < t->rest.len; i++) {
		char c = t->rest.data[i];

		if (c == '"' && i + 1 < t->rest.len && t->rest.data[i + 1] == '"') {
			i++;
		} else if (c == '"') {
			if (ends_field(t, i + 1))
				return i + 1;
			lone = true;
		}
		put(t, c);
		*lines += line_end_length(t->rest, i) == 1;
		if (lone && *lines > first)
			break;
	}
	t->fault = "a quote is not closed";
	return SIZE_MAX;
}

/* Reads a row; QUOTES: those at the beginning of a field mean something. */
static void read_row(struct kb_csv *t, bool quotes)
{
	size_t at = 0, lines = 0;

	kb_buf_clear(&t->values);
	t->ends.len = 0;
	for (;;) {
		if (quotes && at < t->rest.len && t->rest.data[at] == '"') {
			at = read_quoted(t, at, &lines);
			if (at == SIZE_MAX)
				return;
		}
		while (!ends_field(t, at))
			put(t, t->rest.data[at++]);
		end_field(t);
		if (at >= t->rest.len || t->rest.data[at] != t->separator)
			break;
		at++;
	}
	at += line_end_length(t->rest, at);
	if (lines && t->names.len && t->ends.len != t->names.len) {
		t->fault = "a quote is not closed";
		return;
	}
	t->rest = kb_str_sub(t->rest, at, t->rest.len);
	t->next_line = t->line + lines + 1;
}

static bool is_blank(const struct kb_csv *t)
{
	return !kb_str_trim(kb_buf_view(&t->values)).len;
}

static void take_fields(struct kb_csv *t)
{
	size_t from = 0;

	t->fields.len = 0;
	for (size_t i = 0; i < t->ends.len; i++) {
		kb_str field =
			kb_str_sub(kb_buf_view(&t->values), from, t->ends.items[i]);

		from = t->ends.items[i];
		kb_vec_push(&t->fields, field);
		if (t->names.len && i >= t->names.len && kb_str_trim(field).len &&
			!t->fault)
			t->fault = "it has more fields than there are columns";
	}
	while (t->fields.len < t->names.len)
		kb_vec_push(&t->fields, KB_STR(""));
}

bool kb_csv_row(struct kb_csv *t)
{
	do {
		if (!t->rest.len)
			return false;
		t->line = t->next_line;
		t->fault = NULL;
		t->row++;
		read_row(t, true);
		if (t->fault)
			read_row(t, false);
	} while (is_blank(t));
	take_fields(t);
	return true;
}

static char separator_of(kb_str text)
{
	static const char separators[] = {',', ';', '\t', '|'};
	size_t counts[KB_LEN(separators)] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len && (quoted || !line_end_length(text, i)); i++) {
		quoted ^= text.data[i] == '"';
		for (size_t s = 0; !quoted && s < KB_LEN(separators); s++)
			counts[s] += text.data[i] == separators[s];
	}
	for (size_t s = 1; s < KB_LEN(separators); s++)
		if (counts[s] > counts[best])
			best = s;
	return separators[best];
}

/* The line that spreadsheets put first: sep=; */
static void read_sep(struct kb_csv *t)
{
	kb_str line = kb_str_sub(t->rest, 0, kb_line_end(t->rest, 0));
	kb_str word = line;

	if (word.len > 2 && *word.data == '"' && kb_str_ends(word, KB_STR("\"")))
		word = kb_str_sub(word, 1, word.len - 1);
	if (word.len != 5 || !kb_str_eq_nocase(kb_str_sub(word, 0, 4), KB_STR("sep=")))
		return;
	t->separator = word.data[4];
	t->rest = kb_str_sub(
		t->rest, line.len + line_end_length(t->rest, line.len), t->rest.len);
	t->next_line++;
}

int kb_csv_open(struct kb_csv *t, kb_str text, struct kb_error *err)
{
	kb_str bom = KB_STR("\xef\xbb\xbf");

	if (kb_str_starts(text, bom))
		text = kb_str_sub(text, bom.len, text.len);
	*t = (struct kb_csv){.rest = text, .next_line = 1};
	read_sep(t);
	while (line_end_length(t->rest, 0)) {
		t->rest = kb_str_sub(t->rest, line_end_length(t->rest, 0), t->rest.len);
		t->next_line++;
	}
	if (!t->separator)
		t->separator = separator_of(t->rest);
	if (!kb_csv_row(t))
		return kb_error_set(err, KB_E_USAGE, "the table is empty");
	t->row = 1;
	kb_buf_str(&t->heads, kb_buf_view(&t->values));
	for (size_t i = 0; i < t->fields.len; i++) {
		kb_str name = t->fields.items[i];

		if (name.len)
			name.data = t->heads.data + (name.data - t->values.data);
		kb_vec_push(&t->names, kb_str_trim(name));
	}
	return 0;
}

static int no_column(const kb_strs *names, const char *name, struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};
	const kb_str *near = kb_str_nearest(kb_str_of(name), names->items, names->len);

	for (size_t i = 0; i < names->len && !near; i++) {
		const kb_str *other = &names->items[i];

		if (kb_str_eq_nocase(*other, kb_str_of(name)))
			near = other;
	}
	for (size_t i = 0; i < names->len; i++)
		kb_buf_fmt(&list, "%s'%.*s'", i ? ", " : "", KB_ARG(names->items[i]));
	if (near)
		return kb_error_set(err, KB_E_USAGE,
			"the table's first line has no column '%s': did you mean "
			"'%.*s'? It has %.*s",
			name, KB_ARG(*near), KB_ARG(kb_buf_view(&list)));
	return kb_error_set(err, KB_E_USAGE,
		"the table's first line has no column '%s': it has %.*s", name,
		KB_ARG(kb_buf_view(&list)));
}

int kb_csv_column(
	const struct kb_csv *t, const char *name, size_t *column, struct kb_error *err)
{
	for (size_t i = 0; i < t->names.len; i++)
		if (kb_str_is(t->names.items[i], name)) {
			*column = i;
			return 0;
		}
	return no_column(&t->names, name, err);
}

void kb_csv_dispose(struct kb_csv *t)
{
	kb_buf_dispose(&t->values);
	kb_buf_dispose(&t->heads);
	kb_vec_dispose(&t->names);
	kb_vec_dispose(&t->fields);
	kb_vec_dispose(&t->ends);
}
