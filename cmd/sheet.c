#include "sheet.h"

#include "kb/escape.h"
#include "kb/unicode.h"

enum part_kind { PART_HEADING, PART_PARAGRAPH, PART_TABLE };

struct column {
	kb_str name;
	bool number, wide;
};

struct kb_sheet_part {
	enum part_kind kind;
	int level;
	kb_str text;  /* of a heading or paragraph */
	kb_str url;   /* that a paragraph ends with; or empty */
	kb_str names; /* of a table's columns, as given */
	struct column *columns;
	size_t ncolumns;
	kb_strs cells;
};

enum { GAP = 2, INDENT = 4, NARROWEST = 20 };

void kb_sheet_init(struct kb_sheet *sheet, const char *title)
{
	*sheet = (struct kb_sheet){.arena = kb_arena_new(), .lang = KB_STR("en")};
	sheet->title = kb_arena_str(sheet->arena, kb_str_of(title));
}

void kb_sheet_dispose(struct kb_sheet *sheet)
{
	for (size_t i = 0; i < sheet->parts.len; i++)
		kb_vec_dispose(&sheet->parts.items[i]->cells);
	kb_vec_dispose(&sheet->parts);
	kb_arena_free(sheet->arena);
	*sheet = (struct kb_sheet){0};
}

static struct kb_sheet_part *add_part(struct kb_sheet *sheet, enum part_kind kind)
{
	struct kb_sheet_part *part = kb_arena_new_of(sheet->arena, struct kb_sheet_part);
	part->kind = kind;
	kb_vec_push(&sheet->parts, part);
	return part;
}

void kb_sheet_heading(struct kb_sheet *sheet, int level, const char *fmt, ...)
{
	struct kb_sheet_part *part = add_part(sheet, PART_HEADING);
	va_list ap;
	va_start(ap, fmt);
	part->level = level;
	part->text = kb_arena_vfmt(sheet->arena, fmt, ap);
	va_end(ap);
}

void kb_sheet_paragraph(struct kb_sheet *sheet, const char *fmt, ...)
{
	struct kb_sheet_part *part = add_part(sheet, PART_PARAGRAPH);
	va_list ap;
	va_start(ap, fmt);
	part->text = kb_arena_vfmt(sheet->arena, fmt, ap);
	va_end(ap);
}

void kb_sheet_address(struct kb_sheet *sheet, kb_str url)
{
	sheet->parts.items[sheet->parts.len - 1]->url = kb_arena_str(sheet->arena, url);
}

void kb_sheet_table(struct kb_sheet *sheet, const char *columns)
{
	struct kb_sheet_part *part = add_part(sheet, PART_TABLE);
	part->names = kb_arena_str(sheet->arena, kb_str_of(columns));
	kb_str rest = part->names, name;
	struct {
		KB_VEC(struct column);
	} list = {0};
	while (kb_str_next(&rest, '|', &name)) {
		struct column column = {.name = name};
		column.number = kb_str_ends(name, KB_STR(">"));
		column.wide = kb_str_ends(name, KB_STR("*"));
		if (column.number || column.wide)
			column.name.len--;
		kb_vec_push(&list, column);
	}
	part->ncolumns = list.len;
	part->columns = kb_vec_freeze(&list, sheet->arena);
}

void kb_sheet_cell(struct kb_sheet *sheet, kb_str text)
{
	struct kb_sheet_part *part = sheet->parts.items[sheet->parts.len - 1];
	kb_vec_push(&part->cells, kb_arena_str(sheet->arena, text));
}

void kb_sheet_cell_fmt(struct kb_sheet *sheet, const char *fmt, ...)
{
	struct kb_sheet_part *part = sheet->parts.items[sheet->parts.len - 1];
	va_list ap;
	va_start(ap, fmt);
	kb_vec_push(&part->cells, kb_arena_vfmt(sheet->arena, fmt, ap));
	va_end(ap);
}

static void pad(kb_buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		kb_buf_putc(out, ' ');
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

static size_t count_wide(const struct kb_sheet_part *part)
{
	size_t n = 0;
	for (size_t c = 0; c < part->ncolumns; c++)
		n += part->columns[c].wide;
	return n;
}

/* How wide each column is; the wide ones share what the terminal leaves. */
static void measure(const struct kb_sheet_part *part, size_t width, size_t *widths)
{
	size_t sum = 0, wide = count_wide(part);
	for (size_t c = 0; c < part->ncolumns; c++) {
		widths[c] = kb_display_width(part->columns[c].name);
		for (size_t i = c; i < part->cells.len; i += part->ncolumns) {
			size_t own = kb_display_width(part->cells.items[i]);
			if (own > widths[c])
				widths[c] = own;
		}
		sum += part->columns[c].wide ? 0 : widths[c] + GAP;
	}
	for (size_t c = 0; width && wide && c < part->ncolumns; c++) {
		size_t most = width > sum ? (width - sum) / wide - (wide > 1) * GAP : 0;
		if (most < NARROWEST)
			most = NARROWEST;
		if (part->columns[c].wide && widths[c] > most)
			widths[c] = most;
	}
}

static void put_row(const struct kb_sheet_part *part, const kb_str *cells,
	const size_t *widths, kb_buf *out)
{
	_cleanup_free_ kb_str *rest = kb_xcalloc(part->ncolumns, sizeof(*rest));
	bool more = true;
	for (size_t c = 0; c < part->ncolumns; c++)
		rest[c] = cells[c];
	while (more) {
		size_t blank = 0;
		more = false;
		for (size_t c = 0; c < part->ncolumns; c++) {
			kb_str line = part->columns[c].wide
					      ? take_line(&rest[c], widths[c])
					      : rest[c];
			if (!part->columns[c].wide)
				rest[c] = KB_STR_NULL;
			size_t own = kb_display_width(line);
			size_t left = widths[c] > own ? widths[c] - own : 0;
			bool number = part->columns[c].number;
			if (line.len) {
				pad(out, blank + (number ? left : 0));
				kb_buf_plain(out, line);
				blank = (number ? 0 : left) + GAP;
			} else {
				blank += left + GAP;
			}
			more |= rest[c].len > 0;
		}
		kb_buf_putc(out, '\n');
	}
}

/* Sentences side by side that do not fit? */
static bool is_crowded(const struct kb_sheet_part *part, size_t width, size_t *widths)
{
	size_t sum = 0;
	measure(part, 0, widths);
	for (size_t c = 0; c < part->ncolumns; c++)
		sum += widths[c] + (c ? GAP : 0);
	return width && sum > width && count_wide(part) > 1;
}

/* The first cell of a row, and what else it has on lines of their own. */
static void put_records(const struct kb_sheet_part *part, size_t width, kb_buf *out)
{
	for (size_t i = 0; i < part->cells.len; i++) {
		size_t indent = i % part->ncolumns ? INDENT : 0;
		kb_str rest = part->cells.items[i];
		while (rest.len) {
			pad(out, indent);
			kb_buf_plain(out, take_line(&rest, width - indent));
			kb_buf_putc(out, '\n');
		}
	}
}

static void put_text_table(const struct kb_sheet_part *part, size_t width, kb_buf *out)
{
	_cleanup_free_ size_t *widths = kb_xcalloc(part->ncolumns, sizeof(*widths));
	_cleanup_free_ kb_str *names = kb_xcalloc(part->ncolumns, sizeof(*names));
	if (is_crowded(part, width, widths)) {
		put_records(part, width, out);
		return;
	}
	measure(part, width, widths);
	for (size_t c = 0; c < part->ncolumns; c++)
		names[c] = part->columns[c].name;
	kb_buf_puts(out, KB_DIM);
	put_row(part, names, widths, out);
	kb_buf_puts(out, KB_RESET);
	for (size_t i = 0; i + part->ncolumns <= part->cells.len; i += part->ncolumns)
		put_row(part, &part->cells.items[i], widths, out);
}

static void put_paragraph(kb_str text, size_t width, kb_buf *out)
{
	while (text.len) {
		kb_buf_plain(out, width ? take_line(&text, width) : text);
		kb_buf_putc(out, '\n');
		if (!width)
			return;
	}
}

void kb_sheet_text(const struct kb_sheet *sheet, size_t width, kb_buf *out)
{
	for (size_t i = 0; i < sheet->parts.len; i++) {
		const struct kb_sheet_part *part = sheet->parts.items[i];
		if (i && (part->kind == PART_HEADING ||
				 sheet->parts.items[i - 1]->kind != PART_HEADING))
			kb_buf_putc(out, '\n');
		if (part->kind == PART_TABLE) {
			put_text_table(part, width, out);
		} else if (part->kind == PART_PARAGRAPH) {
			put_paragraph(
				part->url.len
					? kb_arena_fmt(sheet->arena, "%.*s, %.*s",
						  KB_ARG(part->text), KB_ARG(part->url))
					: part->text,
				width, out);
		} else {
			kb_buf_puts(out, KB_BOLD);
			kb_buf_plain(out, part->text);
			kb_buf_puts(out, KB_RESET "\n");
		}
	}
}

static void put_markdown(kb_buf *out, kb_str text)
{
	kb_buf_markdown(out, text, KB_MARKDOWN_FORGE);
}

static void put_markdown_row(kb_buf *out, const kb_str *cells, size_t n)
{
	for (size_t c = 0; c < n; c++) {
		kb_buf_puts(out, c ? " | " : "| ");
		put_markdown(out, cells[c]);
	}
	kb_buf_puts(out, " |\n");
}

static void put_markdown_table(const struct kb_sheet_part *part, kb_buf *out)
{
	_cleanup_free_ kb_str *names = kb_xcalloc(part->ncolumns, sizeof(*names));
	for (size_t c = 0; c < part->ncolumns; c++)
		names[c] = part->columns[c].name;
	put_markdown_row(out, names, part->ncolumns);
	for (size_t c = 0; c < part->ncolumns; c++)
		kb_buf_puts(out, part->columns[c].number ? "|--:" : "|---");
	kb_buf_puts(out, "|\n");
	for (size_t i = 0; i + part->ncolumns <= part->cells.len; i += part->ncolumns)
		put_markdown_row(out, &part->cells.items[i], part->ncolumns);
}

static void put_markdown_address(kb_buf *out, kb_str url)
{
	kb_buf_puts(out, ", <");
	kb_buf_url(out, url);
	kb_buf_putc(out, '>');
}

void kb_sheet_markdown(const struct kb_sheet *sheet, kb_buf *out)
{
	kb_buf_puts(out, "# ");
	put_markdown(out, sheet->title);
	kb_buf_putc(out, '\n');
	for (size_t i = 0; i < sheet->parts.len; i++) {
		const struct kb_sheet_part *part = sheet->parts.items[i];
		kb_buf_putc(out, '\n');
		if (part->kind == PART_TABLE) {
			put_markdown_table(part, out);
			continue;
		}
		if (part->kind == PART_HEADING)
			kb_buf_puts(out, part->level == 2 ? "## " : "### ");
		put_markdown(out, part->text);
		if (part->url.len)
			put_markdown_address(out, part->url);
		kb_buf_putc(out, '\n');
	}
}

static const char page_style[] =
	":root{color-scheme:light dark;background:Canvas;color:CanvasText}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;"
	"padding:0 1rem}p{overflow-wrap:anywhere}"
	"h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}h3{font-size:1rem}"
	".scroll{overflow-x:auto}"
	"table{border-collapse:collapse;font-size:.9rem}"
	"th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;"
	"border-bottom:1px solid #8885}"
	"th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}"
	"@media(max-width:40rem){.s thead{display:none}"
	".s tr{display:block;padding:.5rem 0;border-bottom:1px solid #8885}"
	".s td{display:block;padding:0;border:0;overflow-wrap:anywhere}"
	".s td+td{padding-left:1rem}}";

static void put_html_cell(
	kb_buf *out, const char *tag, const struct column *column, kb_str text)
{
	kb_buf_fmt(out, "<%s%s%s>", tag,
		*tag == 't' && tag[1] == 'h' ? " scope=\"col\"" : "",
		column->number ? " class=\"n\"" : "");
	kb_buf_html(out, text);
	kb_buf_fmt(out, "</%s>", tag);
}

static void put_html_table(const struct kb_sheet_part *part, kb_buf *out)
{
	kb_buf_puts(out, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" "
			 "aria-label=\"");
	kb_buf_html(out, part->columns[0].name);
	kb_buf_fmt(out, "\">\n<table%s>\n<thead><tr>",
		count_wide(part) > 1 ? " class=\"s\"" : "");
	for (size_t c = 0; c < part->ncolumns; c++)
		put_html_cell(out, "th", &part->columns[c], part->columns[c].name);
	kb_buf_puts(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i + part->ncolumns <= part->cells.len; i += part->ncolumns) {
		kb_buf_puts(out, "<tr>");
		for (size_t c = 0; c < part->ncolumns; c++)
			put_html_cell(
				out, "td", &part->columns[c], part->cells.items[i + c]);
		kb_buf_puts(out, "</tr>\n");
	}
	kb_buf_puts(out, "</tbody>\n</table>\n</div>\n");
}

static void put_html_text(kb_buf *out, const struct kb_sheet_part *part)
{
	const char *tag = part->kind == PART_PARAGRAPH ? "p"
			  : part->level == 2	       ? "h2"
						       : "h3";
	kb_buf_fmt(out, "<%s>", tag);
	kb_buf_html(out, part->text);
	if (part->url.len) {
		kb_buf_puts(out, ", <a href=\"");
		kb_buf_html(out, part->url);
		kb_buf_puts(out, "\">");
		kb_buf_html(out, part->url);
		kb_buf_puts(out, "</a>");
	}
	kb_buf_fmt(out, "</%s>\n", tag);
}

void kb_sheet_html(const struct kb_sheet *sheet, kb_buf *out)
{
	kb_buf_puts(out, "<!doctype html>\n<html lang=\"");
	kb_buf_html(out, sheet->lang);
	kb_buf_puts(out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
			 "<meta name=\"viewport\" content=\"width=device-width\">\n"
			 "<title>");
	kb_buf_html(out, sheet->title);
	kb_buf_fmt(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>",
		page_style);
	kb_buf_html(out, sheet->title);
	kb_buf_puts(out, "</h1>\n");
	for (size_t i = 0; i < sheet->parts.len; i++) {
		const struct kb_sheet_part *part = sheet->parts.items[i];
		if (part->kind == PART_TABLE)
			put_html_table(part, out);
		else
			put_html_text(out, part);
	}
	kb_buf_puts(out, "</main>\n</body>\n</html>\n");
}

void kb_sheet_csv(const struct kb_sheet *sheet, kb_buf *out)
{
	const struct kb_sheet_part *last = NULL;
	for (size_t i = 0; i < sheet->parts.len; i++) {
		const struct kb_sheet_part *part = sheet->parts.items[i];
		if (part->kind != PART_TABLE)
			continue;
		if (!last || !kb_str_eq(last->names, part->names)) {
			kb_buf_puts(out, last ? "\r\n" : "");
			for (size_t c = 0; c < part->ncolumns; c++) {
				kb_buf_puts(out, c ? "," : "");
				kb_buf_csv(out, part->columns[c].name, false);
			}
			kb_buf_puts(out, "\r\n");
		}
		last = part;
		for (size_t k = 0, c = 0; k < part->cells.len; k++) {
			kb_buf_csv(out, part->cells.items[k], part->columns[c].number);
			c = c + 1 < part->ncolumns ? c + 1 : 0;
			kb_buf_puts(out, c ? "," : "\r\n");
		}
	}
}
