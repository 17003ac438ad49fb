/* A page as Markdown for a forge: a comment on a pull request, an issue, a file. */
#include "kb/escape.h"
#include "page.h"

enum { CONTEXT = 60, LONGEST = 300 };

/* Where text is: what is escaped, and how roles are written, depends on it. */
enum place { IN_LINE, IN_CELL, IN_TAG };

static void put_escaped(kb_buf *out, kb_str text, enum place place)
{
	kb_buf_markdown(
		out, text, place == IN_TAG ? KB_MARKDOWN_FORGE_TAG : KB_MARKDOWN_FORGE);
}

/* Marks need text without white space at their ends. */
static void put_marked(
	kb_buf *out, kb_str text, const char *open, const char *close, enum place place)
{
	kb_str inner = kb_str_trim(text);

	if (!inner.len)
		return;
	kb_buf_puts(out, inner.data > text.data ? " " : "");
	kb_buf_puts(out, open);
	put_escaped(out, inner, place);
	kb_buf_puts(out, close);
	kb_buf_puts(out, inner.data + inner.len < text.data + text.len ? " " : "");
}

static void put_changed(kb_buf *out, kb_str text, bool added)
{
	kb_str part = kb_str_head(text, LONGEST);
	bool cut = part.len < text.len;

	put_marked(out, part, added ? "<ins>" : "<del>",
		added ? (cut ? "…</ins>" : "</ins>") : (cut ? "…</del>" : "</del>"),
		IN_LINE);
}

static void put_kept(kb_buf *out, kb_str text, bool first, bool last)
{
	if (text.len <= 2 * CONTEXT) {
		put_escaped(out, text, IN_LINE);
		return;
	}
	put_escaped(out, first ? KB_STR_NULL : kb_str_head(text, CONTEXT), IN_LINE);
	kb_buf_puts(out, "…");
	put_escaped(out, last ? KB_STR_NULL : kb_str_tail(text, CONTEXT), IN_LINE);
}

static void put_address(kb_buf *out, kb_str url)
{
	kb_buf_putc(out, '<');
	kb_buf_url(out, url);
	kb_buf_putc(out, '>');
}

static void put_run(kb_buf *out, struct kb_page_runs runs, size_t i, enum place place)
{
	bool first = !i || runs.items[i - 1].role == KB_ROLE_BREAK;
	bool last = i + 1 == runs.len;
	kb_str text = runs.items[i].text;

	switch (runs.items[i].role) {
	case KB_ROLE_STRONG:
	case KB_ROLE_MARK:
		put_marked(out, text, place == IN_TAG ? "<b>" : "**",
			place == IN_TAG ? "</b>" : "**", place);
		break;
	case KB_ROLE_CODE:
		if (place == IN_LINE)
			kb_buf_markdown_code(out, text);
		else
			put_escaped(out, text, place);
		break;
	case KB_ROLE_ADDED:
	case KB_ROLE_REMOVED:
		put_changed(out, text, runs.items[i].role == KB_ROLE_ADDED);
		break;
	case KB_ROLE_KEPT:
		put_kept(out, text, first, last);
		break;
	case KB_ROLE_LINK:
		put_address(out, text);
		break;
	case KB_ROLE_BREAK:
		kb_buf_puts(out, place == IN_LINE ? "\n  <br>" : "<br>");
		break;
	default:
		put_escaped(out, text, place);
	}
}

static void put_runs(kb_buf *out, struct kb_page_runs runs, enum place place)
{
	for (size_t i = 0; i < runs.len; i++)
		put_run(out, runs, i, place);
}

static void put_cells(
	const struct kb_page_block *block, size_t from, size_t n, kb_buf *out)
{
	for (size_t c = 0; c < n; c++) {
		kb_buf_puts(out, c ? " | " : "");
		put_runs(out, kb_page_cell(block, from + c), IN_CELL);
	}
}

static void put_table(const struct kb_page_block *block, kb_buf *out)
{
	size_t n = block->ncolumns;

	for (size_t c = 0; c < n; c++) {
		kb_buf_puts(out, c ? " | " : "| ");
		put_escaped(out, block->columns[c].name, IN_CELL);
	}
	kb_buf_puts(out, " |\n");
	for (size_t c = 0; c < n; c++)
		kb_buf_puts(out, block->columns[c].number ? "|--:" : "|---");
	kb_buf_puts(out, "|\n");
	for (size_t i = 0; i + n <= block->cells.len; i += n) {
		kb_buf_puts(out, "| ");
		put_cells(block, i, n, out);
		kb_buf_puts(out, " |\n");
	}
}

/* A fence is longer than any row of backticks in the code. */
static void put_code(const struct kb_page_block *block, kb_buf *out)
{
	kb_str code = block->runs.len ? block->runs.items[0].text : KB_STR_NULL;
	size_t longest = 2, row = 0;

	for (size_t i = 0; i < code.len; i++) {
		row = code.data[i] == '`' ? row + 1 : 0;
		longest = row > longest ? row : longest;
	}
	for (int end = 0; end < 2; end++) {
		for (size_t i = 0; i <= longest; i++)
			kb_buf_putc(out, '`');
		kb_buf_putc(out, '\n');
		if (end)
			break;
		kb_buf_wanted(out, code);
		kb_buf_puts(out, kb_str_ends(code, KB_STR("\n")) ? "" : "\n");
	}
}

static void put_item(const struct kb_page_block *block, kb_buf *out)
{
	bool number = block->mark.len && block->mark.data[0] >= '0' &&
		      block->mark.data[0] <= '9';

	for (unsigned i = 0; i < block->level; i++)
		kb_buf_puts(out, "  ");
	kb_buf_fmt(out, "%.*s ", KB_ARG(number ? block->mark : KB_STR("-")));
	put_runs(out, kb_page_block_runs(block), IN_LINE);
	kb_buf_putc(out, '\n');
}

static void put_block(const struct kb_page_block *block, kb_buf *out)
{
	struct kb_page_runs runs = kb_page_block_runs(block);

	switch (block->kind) {
	case KB_PAGE_HEADING:
		for (unsigned i = 0; i < block->level; i++)
			kb_buf_putc(out, '#');
		kb_buf_putc(out, ' ');
		/* fallthrough */
	case KB_PAGE_PARAGRAPH:
		put_runs(out, runs, IN_LINE);
		kb_buf_putc(out, '\n');
		break;
	case KB_PAGE_ITEM:
		put_item(block, out);
		break;
	case KB_PAGE_TERM:
		kb_buf_puts(out, "- ");
		put_marked(out, kb_str_trim(block->mark), "**", "**", IN_LINE);
		kb_buf_puts(out, ": ");
		put_runs(out, runs, IN_LINE);
		kb_buf_putc(out, '\n');
		break;
	case KB_PAGE_CODE:
		put_code(block, out);
		break;
	case KB_PAGE_TABLE:
		put_table(block, out);
		break;
	case KB_PAGE_ROW:
		kb_buf_puts(out, "- ");
		put_cells(block, 0, block->cells.len, out);
		kb_buf_putc(out, '\n');
		break;
	case KB_PAGE_PART:
		kb_buf_puts(out, "<details><summary>");
		put_runs(out, runs, IN_TAG);
		kb_buf_puts(out, "</summary>\n");
		break;
	case KB_PAGE_PART_END:
		kb_buf_puts(out, "</details>\n");
		break;
	case KB_PAGE_MARKUP:
		break;
	}
}

void kb_write_markdown(const struct kb_report *report, kb_buf *out)
{
	enum kb_page_kind before = KB_PAGE_HEADING;

	kb_buf_puts(out, report->level == 2 ? "## " : "# ");
	put_escaped(out, report->title, IN_LINE);
	kb_buf_putc(out, '\n');
	for (size_t i = 0; i < report->blocks.len; i++) {
		const struct kb_page_block *block = report->blocks.items[i];

		if (block->kind == KB_PAGE_MARKUP || kb_page_is_empty(block))
			continue;
		if (!kb_page_continues(report, i) &&
			!(block->kind == KB_PAGE_PART && before == KB_PAGE_PART_END))
			kb_buf_putc(out, '\n');
		put_block(block, out);
		before = block->kind;
	}
}
