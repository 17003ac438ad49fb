/* A table for a terminal: columns side by side, and below one another where they are too
 * wide for that. */
#include "kb/escape.h"
#include "kb/unicode.h"
#include "page.h"

enum { GAP = 2, INDENT = 4, NARROWEST = 20 };

/* A table's cells without their roles. */
struct grid {
	const struct kb_text_out *text;
	const struct kb_page_block *table;
	kb_str *cells;
	size_t *widths, ncells;
};

static void pad(kb_buf *out, size_t n)
{
	static const char spaces[] = "                ";
	size_t some;

	for (; n; n -= some) {
		some = n < sizeof(spaces) - 1 ? n : sizeof(spaces) - 1;
		kb_buf_add(out, spaces, some);
	}
}

/* Takes from *REST as many words as fit, at least one. */
static kb_str take_line(kb_str *rest, size_t width)
{
	size_t end = 0, cells = 0, at = 0;

	while (at < rest->len) {
		size_t word = at;

		while (word < rest->len && rest->data[word] == ' ')
			word++;
		while (word < rest->len && rest->data[word] != ' ')
			word++;
		cells += kb_display_width(kb_str_sub(*rest, at, word));
		if (end && cells > width)
			break;
		at = end = word;
	}
	kb_str line = kb_str_trim(kb_str_sub(*rest, 0, end));
	*rest = kb_str_trim(kb_str_sub(*rest, end, rest->len));
	return line;
}

/* How wide each column is; the wide ones share what WIDTH, the terminal's, leaves. */
static void measure(struct grid *g, size_t width)
{
	const struct kb_page_column *columns = g->table->columns;
	size_t n = g->table->ncolumns, wide = kb_page_count_wide(g->table), sum = 0;

	for (size_t c = 0; c < n; c++) {
		g->widths[c] = kb_display_width(columns[c].name);
		for (size_t i = c; i < g->ncells; i += n) {
			size_t own = kb_display_width(g->cells[i]);

			if (own > g->widths[c])
				g->widths[c] = own;
		}
		sum += columns[c].wide ? 0 : g->widths[c] + GAP;
	}
	for (size_t c = 0; width && wide && c < n; c++) {
		size_t most = width > sum ? (width - sum) / wide - (wide > 1) * GAP : 0;

		if (most < NARROWEST)
			most = NARROWEST;
		if (columns[c].wide && g->widths[c] > most)
			g->widths[c] = most;
	}
}

/* A cell's next line, or all of it when it does not wrap. */
static kb_str cell_line(const struct grid *g, size_t c, kb_str *rest)
{
	kb_str line = *rest;

	if (g->table->columns[c].wide)
		return take_line(rest, g->widths[c]);
	*rest = KB_STR_NULL;
	return line;
}

/* Writes a line of a row, and says whether there is one more. */
static bool put_row_line(const struct grid *g, kb_str *rest)
{
	size_t blank = g->text->style->indent;
	bool more = false;

	for (size_t c = 0; c < g->table->ncolumns; c++) {
		kb_str line = cell_line(g, c, &rest[c]);
		size_t own = kb_display_width(line);
		size_t left = g->widths[c] > own ? g->widths[c] - own : 0;
		bool number = g->table->columns[c].number;

		more |= rest[c].len > 0;
		if (!line.len) {
			blank += left + GAP;
			continue;
		}
		pad(g->text->out, blank + (number ? left : 0));
		kb_buf_plain(g->text->out, line);
		blank = (number ? 0 : left) + GAP;
	}
	kb_buf_putc(g->text->out, '\n');
	return more;
}

static void put_row(const struct grid *g, const kb_str *cells)
{
	_cleanup_free_ kb_str *rest = kb_xcalloc(g->table->ncolumns, sizeof(*rest));

	for (size_t c = 0; c < g->table->ncolumns; c++)
		rest[c] = cells[c];
	while (put_row_line(g, rest))
		;
}

/* Are these sentences side by side that do not fit? */
static bool is_crowded(struct grid *g)
{
	size_t sum = g->text->style->indent;

	measure(g, 0);
	for (size_t c = 0; c < g->table->ncolumns; c++)
		sum += g->widths[c] + (c ? GAP : 0);
	return g->text->style->width && sum > g->text->style->width &&
	       kb_page_count_wide(g->table) > 1;
}

/* The first cell of each row, and the others on lines of their own. */
static void put_records(const struct grid *g)
{
	size_t before = g->text->style->indent, width = g->text->style->width;

	for (size_t i = 0; i < g->ncells; i++) {
		size_t indent = before + (i % g->table->ncolumns ? INDENT : 0);
		kb_str rest = g->cells[i];

		while (rest.len) {
			pad(g->text->out, indent);
			kb_buf_plain(g->text->out, take_line(&rest, width - indent));
			kb_buf_putc(g->text->out, '\n');
		}
	}
}

void kb_write_text_table(
	const struct kb_text_out *text, const struct kb_page_block *table)
{
	size_t n = table->ncolumns;
	struct grid g = {.text = text, .table = table, .ncells = table->cells.len};
	kb_str *names = kb_arena_array(text->arena, kb_str, n);

	g.widths = kb_arena_array(text->arena, size_t, n);
	g.cells = kb_arena_array(text->arena, kb_str, g.ncells);
	for (size_t i = 0; i < g.ncells; i++)
		g.cells[i] = kb_page_cell_text(table, text->arena, i);
	if (is_crowded(&g)) {
		put_records(&g);
		return;
	}
	measure(&g, text->style->width);
	for (size_t c = 0; c < n; c++)
		names[c] = table->columns[c].name;
	kb_buf_puts(text->out, KB_DIM);
	put_row(&g, names);
	kb_buf_puts(text->out, KB_RESET);
	for (size_t i = 0; i + n <= g.ncells; i += n)
		put_row(&g, &g.cells[i]);
}
