/* A page as the body of a manual page in mdoc (mdoc(7) of mandoc): headings of level 2
 * are its sections. */
#include "kb/escape.h"
#include "page.h"

/* Does a sentence end before the space at I? mdoc wants the next one on a new line. */
static bool ends_sentence(kb_str text, size_t i)
{
	return i && text.data[i] == ' ' && text.data[i - 1] == '.' && i + 1 < text.len &&
	       text.data[i + 1] >= 'A' && text.data[i + 1] <= 'Z';
}

/* What mdoc would take for markup is escaped. */
static void put_line(kb_buf *out, kb_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		bool first = !out->len || out->data[out->len - 1] == '\n';
		char c = text.data[i];

		if (ends_sentence(text, i)) {
			kb_buf_putc(out, '\n');
			continue;
		}
		if (first && (c == '.' || c == '\''))
			kb_buf_puts(out, "\\&");
		if (c == '\\')
			kb_buf_puts(out, "\\e");
		else if (c == '-')
			kb_buf_puts(out, "\\-");
		else
			kb_buf_putc(out, c);
	}
}

static void put_runs(kb_buf *out, struct kb_page_runs runs)
{
	for (size_t i = 0; i < runs.len; i++) {
		bool bold = runs.items[i].role == KB_ROLE_CODE ||
			    runs.items[i].role == KB_ROLE_STRONG;
		kb_str text = runs.items[i].text;
		bool ends = i + 1 < runs.len && kb_str_ends(text, KB_STR(". "));

		if (runs.items[i].role == KB_ROLE_BREAK)
			kb_buf_puts(out, "\n.br\n");
		kb_buf_puts(out, bold ? "\\fB" : "");
		put_line(out, kb_str_sub(text, 0, text.len - ends));
		kb_buf_puts(out, ends ? "\n" : "");
		kb_buf_puts(out, bold ? "\\fR" : "");
	}
	kb_buf_putc(out, '\n');
}

static void put_literal(kb_buf *out, kb_str text)
{
	kb_str line;

	kb_buf_puts(out, ".Bd -literal -offset indent\n");
	while (text.len && kb_str_next(&text, '\n', &line)) {
		put_line(out, line);
		kb_buf_putc(out, '\n');
	}
	kb_buf_puts(out, ".Ed\n");
}

static void put_table(
	kb_buf *out, const struct kb_report *report, const struct kb_page_block *table)
{
	_cleanup_buf_ kb_buf text = {0}, plain = {0};
	const struct kb_report_style style = {0};
	const struct kb_text_out to = {&style, report->arena, &text, 0};

	kb_write_text_table(&to, table);
	kb_buf_text(&plain, kb_buf_view(&text), false);
	put_literal(out, kb_buf_view(&plain));
}

static void put_heading(kb_buf *out, const struct kb_page_block *block)
{
	kb_str text = block->runs.len ? block->runs.items[0].text : KB_STR_NULL;

	kb_buf_puts(out, block->level > 2 ? ".Ss " : ".Sh ");
	for (size_t i = 0; i < text.len; i++) {
		bool lower =
			text.data[i] >= 'a' && text.data[i] <= 'z' && block->level <= 2;

		kb_buf_putc(out, lower ? (char)(text.data[i] - 'a' + 'A') : text.data[i]);
	}
	kb_buf_putc(out, '\n');
}

static void put_block(kb_buf *out, const struct kb_report *report, size_t i)
{
	const struct kb_page_block *block = report->blocks.items[i];
	bool listed = i && report->blocks.items[i - 1]->kind == block->kind;

	switch (block->kind) {
	case KB_PAGE_HEADING:
		put_heading(out, block);
		break;
	case KB_PAGE_CODE:
		put_literal(
			out, block->runs.len ? block->runs.items[0].text : KB_STR_NULL);
		break;
	case KB_PAGE_TABLE:
		put_table(out, report, block);
		break;
	case KB_PAGE_ITEM:
		kb_buf_puts(out, listed ? "" : ".Bl -bullet -compact\n");
		kb_buf_puts(out, ".It\n");
		put_runs(out, kb_page_block_runs(block));
		break;
	case KB_PAGE_TERM:
		kb_buf_puts(out, listed ? ".It Sy " : ".Bl -tag -width Ds\n.It Sy ");
		put_line(out, kb_str_trim(block->mark));
		kb_buf_putc(out, '\n');
		put_runs(out, kb_page_block_runs(block));
		break;
	case KB_PAGE_MARKUP:
	case KB_PAGE_PART_END:
		break;
	default:
		kb_buf_puts(out, kb_page_opens(report, i) ? "" : ".Pp\n");
		put_runs(out, kb_page_block_runs(block));
	}
}

void kb_write_mdoc(const struct kb_report *report, kb_buf *out)
{
	size_t n = report->blocks.len;

	for (size_t i = 0; i < n; i++) {
		enum kb_page_kind kind = report->blocks.items[i]->kind;
		bool last = i + 1 == n || report->blocks.items[i + 1]->kind != kind;

		put_block(out, report, i);
		if (last && (kind == KB_PAGE_ITEM || kind == KB_PAGE_TERM))
			kb_buf_puts(out, ".El\n");
	}
}
