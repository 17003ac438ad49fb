#include "kb/csv.h"

/* Takes a field off the front of what is left; *LAST: it ends its line. */
static bool next_field(struct kb_csv *t, bool *last)
{
	kb_str rest = t->rest;
	size_t i = 0;
	bool quoted = rest.len && rest.data[0] == '"';

	kb_buf_clear(&t->field);
	if (!rest.len)
		return false;
	for (i = quoted; i < rest.len; i++) {
		char c = rest.data[i];

		if (quoted && c == '"') {
			if (i + 1 >= rest.len || rest.data[i + 1] != '"') {
				quoted = false;
				continue;
			}
			i++;
		} else if (!quoted && (c == t->separator || c == '\n')) {
			break;
		} else if (!quoted && c == '\r') {
			continue;
		}
		kb_buf_putc(&t->field, c);
	}
	*last = i >= rest.len || rest.data[i] == '\n';
	t->rest = kb_str_sub(rest, i < rest.len ? i + 1 : i, rest.len);
	return true;
}

static char separator_of(kb_str text)
{
	static const char separators[] = {',', ';', '\t'};
	size_t counts[KB_LEN(separators)] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.len && (quoted || text.data[i] != '\n'); i++) {
		quoted ^= text.data[i] == '"';
		for (size_t s = 0; !quoted && s < KB_LEN(separators); s++)
			counts[s] += text.data[i] == separators[s];
	}
	for (size_t s = 1; s < KB_LEN(separators); s++)
		if (counts[s] > counts[best])
			best = s;
	return separators[best];
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

int kb_csv_open(struct kb_csv *table, kb_str text, const char *name, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_strs names = {0};
	kb_str bom = KB_STR("\xef\xbb\xbf");
	bool last = false, found = false;

	if (kb_str_starts(text, bom))
		text = kb_str_sub(text, bom.len, text.len);
	*table = (struct kb_csv){.rest = text, .separator = separator_of(text), .row = 1};
	if (!kb_str_trim(text).len)
		return kb_error_set(err, KB_E_USAGE, "the table is empty");
	while (!last && next_field(table, &last)) {
		kb_str field = kb_arena_str(arena, kb_buf_view(&table->field));

		if (kb_str_is(field, name)) {
			table->column = names.len;
			found = true;
		}
		kb_vec_push(&names, field);
	}
	int failed = found ? 0 : no_column(&names, name, err);
	kb_vec_dispose(&names);
	return failed;
}

bool kb_csv_next(struct kb_csv *table, kb_str *value)
{
	bool last = false, has = false;

	while (!has && table->rest.len) {
		table->row++;
		last = false;
		for (size_t at = 0; !last && next_field(table, &last); at++)
			if (at == table->column) {
				kb_buf_clear(&table->value);
				kb_buf_str(&table->value, kb_buf_view(&table->field));
				has = true;
			}
	}
	*value = kb_buf_view(&table->value);
	return has;
}

void kb_csv_dispose(struct kb_csv *table)
{
	kb_buf_dispose(&table->field);
	kb_buf_dispose(&table->value);
}
