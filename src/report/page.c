/* Building a report. */
#include "page.h"

void kb_report_init(struct kb_report *report, const char *title)
{
	*report = (struct kb_report){
		.arena = kb_arena_new(), .level = 1, .lang = KB_STR("en")};
	report->title = kb_arena_str(report->arena, kb_str_of(title));
	report->data = kb_value_map(report->arena);
	kb_value_set_int(report->arena, report->data, "version", 1);
}

void kb_report_dispose(struct kb_report *report)
{
	for (size_t i = 0; i < report->blocks.len; i++) {
		kb_vec_dispose(&report->blocks.items[i]->runs);
		kb_vec_dispose(&report->blocks.items[i]->cells);
	}
	kb_vec_dispose(&report->blocks);
	kb_vec_dispose(&report->rows);
	kb_arena_free(report->arena);
	*report = (struct kb_report){0};
}

static struct kb_page_block *add_block(struct kb_report *report, enum kb_page_kind kind)
{
	struct kb_page_block *block =
		kb_arena_new_of(report->arena, struct kb_page_block);

	block->kind = kind;
	kb_vec_push(&report->blocks, block);
	return block;
}

static struct kb_page_block *last_block(struct kb_report *report)
{
	return report->blocks.items[report->blocks.len - 1];
}

static void add_run(struct kb_report *report, enum kb_role role, kb_str text)
{
	if (text.len || role == KB_ROLE_BREAK)
		kb_vec_push(
			&last_block(report)->runs, ((struct kb_page_run){role, text}));
}

static void add_plain(struct kb_report *report, const char *fmt, va_list ap)
{
	add_run(report, KB_ROLE_PLAIN, kb_arena_vfmt(report->arena, fmt, ap));
}

void kb_report_heading(struct kb_report *report, unsigned level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_block(report, KB_PAGE_HEADING)->level = level;
	add_plain(report, fmt, ap);
	va_end(ap);
}

void kb_report_paragraph(struct kb_report *report, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_block(report, KB_PAGE_PARAGRAPH);
	add_plain(report, fmt, ap);
	va_end(ap);
}

void kb_report_line(struct kb_report *report, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	kb_report_item(report, 0, "");
	add_plain(report, fmt, ap);
	va_end(ap);
}

void kb_report_item(struct kb_report *report, unsigned depth, const char *mark)
{
	struct kb_page_block *block = add_block(report, KB_PAGE_ITEM);

	block->level = depth;
	block->mark = kb_arena_str(report->arena, kb_str_of(mark));
}

void kb_report_term(struct kb_report *report, kb_str term)
{
	add_block(report, KB_PAGE_TERM)->mark = kb_arena_str(report->arena, term);
}

void kb_report_code(
	struct kb_report *report, unsigned depth, const char *mark, kb_str code)
{
	struct kb_page_block *block = add_block(report, KB_PAGE_CODE);

	block->level = depth;
	block->mark = kb_arena_str(report->arena, kb_str_of(mark));
	add_run(report, KB_ROLE_PLAIN, kb_arena_str(report->arena, code));
}

static struct kb_page_column *read_columns(
	struct kb_arena *arena, kb_str names, size_t *n)
{
	struct {
		KB_VEC(struct kb_page_column);
	} list = {0};
	kb_str name;

	while (kb_str_next(&names, '|', &name)) {
		struct kb_page_column column = {.name = name};

		column.number = kb_str_ends(name, KB_STR(">"));
		column.wide = kb_str_ends(name, KB_STR("*"));
		column.name.len -= column.number || column.wide;
		kb_vec_push(&list, column);
	}
	*n = list.len;
	return kb_vec_freeze(&list, arena);
}

void kb_report_table(struct kb_report *report, const char *columns)
{
	struct kb_page_block *block = add_block(report, KB_PAGE_TABLE);

	block->names = kb_arena_str(report->arena, kb_str_of(columns));
	block->columns = read_columns(report->arena, block->names, &block->ncolumns);
}

void kb_report_row(struct kb_report *report)
{
	add_block(report, KB_PAGE_ROW);
}

void kb_report_markup(struct kb_report *report, kb_str html, kb_str caption)
{
	add_block(report, KB_PAGE_MARKUP)->markup = kb_arena_str(report->arena, html);
	kb_report_text(report, KB_ROLE_PLAIN, caption);
}

void kb_report_part(struct kb_report *report)
{
	add_block(report, KB_PAGE_PART);
}

void kb_report_part_end(struct kb_report *report)
{
	add_block(report, KB_PAGE_PART_END);
}

void kb_report_cell(struct kb_report *report, kb_str text)
{
	struct kb_page_block *block = last_block(report);

	kb_vec_push(&block->cells, block->runs.len);
	kb_report_text(report, KB_ROLE_PLAIN, text);
}

void kb_report_cell_fmt(struct kb_report *report, const char *fmt, ...)
{
	struct kb_page_block *block = last_block(report);
	va_list ap;

	va_start(ap, fmt);
	kb_vec_push(&block->cells, block->runs.len);
	add_plain(report, fmt, ap);
	va_end(ap);
}

void kb_report_text(struct kb_report *report, enum kb_role role, kb_str text)
{
	add_run(report, role, kb_arena_str(report->arena, text));
}

void kb_report_fmt(struct kb_report *report, enum kb_role role, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_run(report, role, kb_arena_vfmt(report->arena, fmt, ap));
	va_end(ap);
}

void kb_report_add(struct kb_report *report, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add_plain(report, fmt, ap);
	va_end(ap);
}

void kb_report_indent(struct kb_report *report, unsigned depth)
{
	last_block(report)->level = depth;
}

void kb_report_changed(struct kb_report *report, enum kb_role how)
{
	last_block(report)->change = how;
}

void kb_report_language(struct kb_report *report, kb_str lang, bool rtl)
{
	last_block(report)->lang = kb_arena_str(report->arena, lang);
	last_block(report)->rtl = rtl;
}

void kb_report_rows(
	struct kb_report *report, const struct kb_value *list, const char *columns)
{
	struct kb_report_rows rows = {.list = list};

	rows.names = kb_arena_str(report->arena, kb_str_of(columns));
	rows.columns = read_columns(report->arena, rows.names, &rows.ncolumns);
	kb_vec_push(&report->rows, rows);
}

struct kb_page_runs kb_page_block_runs(const struct kb_page_block *block)
{
	return (struct kb_page_runs){block->runs.items, block->runs.len};
}

struct kb_page_runs kb_page_cell(const struct kb_page_block *block, size_t cell)
{
	size_t from = block->cells.items[cell];
	size_t to = cell + 1 < block->cells.len ? block->cells.items[cell + 1]
						: block->runs.len;

	return (struct kb_page_runs){block->runs.items + from, to - from};
}

kb_str kb_page_cell_text(
	const struct kb_page_block *block, struct kb_arena *arena, size_t cell)
{
	struct kb_page_runs runs = kb_page_cell(block, cell);
	kb_str text = runs.len ? runs.items[0].text : KB_STR_NULL;

	for (size_t i = 1; i < runs.len; i++)
		text = kb_arena_fmt(
			arena, "%.*s%.*s", KB_ARG(text), KB_ARG(runs.items[i].text));
	return text;
}

size_t kb_page_count_wide(const struct kb_page_block *block)
{
	size_t n = 0;

	for (size_t c = 0; c < block->ncolumns; c++)
		n += block->columns[c].wide;
	return n;
}

static bool is_line(enum kb_page_kind kind)
{
	return kind == KB_PAGE_ITEM || kind == KB_PAGE_TERM || kind == KB_PAGE_ROW;
}

bool kb_page_is_empty(const struct kb_page_block *block)
{
	return block->kind == KB_PAGE_TABLE && !block->cells.len;
}

bool kb_page_opens(const struct kb_report *report, size_t index)
{
	enum kb_page_kind before =
		index ? report->blocks.items[index - 1]->kind : KB_PAGE_HEADING;

	return before == KB_PAGE_HEADING || before == KB_PAGE_PART;
}

bool kb_page_continues(const struct kb_report *report, size_t index)
{
	const struct kb_page_block *block = report->blocks.items[index];
	const struct kb_page_block *before =
		index ? report->blocks.items[index - 1] : NULL;
	/* Code that is deeper than a page's own belongs to the item before it. */
	bool inner = block->kind == KB_PAGE_CODE && block->level;

	return before && (is_line(block->kind) || inner) &&
	       (is_line(before->kind) || (before->kind == KB_PAGE_CODE && before->level));
}
