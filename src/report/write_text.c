/* A page for a terminal. */
#include "kb/escape.h"
#include "kb/unicode.h"
#include "page.h"

enum { CONTEXT = 48, LONGEST = 400, BREAK_INDENT = 4, TERM_INDENT = 2, TERM_MAX = 28 };

/* Where the next word goes. */
struct cursor {
	const struct kb_text_out *text;
	size_t column, left; /* LEFT: where the next line begins. */
	size_t spaces;	     /* Due before the next word. */
	size_t tail;	     /* How wide the rest of the run's last word is. */
	const char *on, *off;
};

static void pad(kb_buf *out, size_t n)
{
	while (n--)
		kb_buf_putc(out, ' ');
}

static void new_line(struct cursor *c)
{
	kb_buf_putc(c->text->out, '\n');
	pad(c->text->out, c->left);
	c->column = c->left;
	c->spaces = 0;
}

/* TAIL is what follows in other runs without a space. */
static void put_word(struct cursor *c, kb_str word, size_t tail)
{
	size_t width = kb_display_width(word);

	if (c->spaces && c->column > c->left &&
		c->column + c->spaces + width + tail > c->text->style->width)
		new_line(c);
	pad(c->text->out, c->spaces);
	c->column += c->spaces + width;
	c->spaces = 0;
	kb_buf_puts(c->text->out, c->on);
	kb_buf_plain(c->text->out, word);
	kb_buf_puts(c->text->out, c->off);
}

static void put_words(struct cursor *c, kb_str text)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.data[i] != ' ')
			continue;
		if (i > from)
			put_word(c, kb_str_sub(text, from, i),
				i == text.len ? c->tail : 0);
		from = i + 1;
		c->spaces += i < text.len;
	}
}

/* Text that wraps, or stays on its line. */
static void put_styled(struct cursor *c, kb_str text, const char *on, const char *off)
{
	kb_buf *out = c->text->out;

	c->on = on;
	c->off = off;
	if (c->text->style->width) {
		put_words(c, text);
		return;
	}
	kb_buf_puts(out, on);
	kb_buf_plain(out, text);
	kb_buf_puts(out, off);
}

static void put_changed(struct cursor *c, const struct kb_page_run *run)
{
	bool added = run->role == KB_ROLE_ADDED, color = c->text->style->color;
	kb_str text = kb_str_head(run->text, LONGEST);

	kb_buf_puts(c->text->out, color	  ? (added ? KB_INSERTED : KB_DELETED)
				  : added ? "{+"
					  : "[-");
	kb_buf_plain(c->text->out, text);
	kb_buf_puts(c->text->out, text.len < run->text.len ? "…" : "");
	kb_buf_puts(c->text->out, color ? KB_RESET : added ? "+}" : "-]");
}

/* As much as says where one is. */
static void put_kept(struct cursor *c, kb_str text, bool first, bool last)
{
	size_t most = first || last ? CONTEXT : 2 * CONTEXT;

	if (text.len <= most) {
		kb_buf_plain(c->text->out, text);
		return;
	}
	kb_buf_plain(c->text->out, first ? KB_STR_NULL : kb_str_head(text, CONTEXT));
	kb_buf_puts(c->text->out, "…");
	kb_buf_plain(c->text->out, last ? KB_STR_NULL : kb_str_tail(text, CONTEXT));
}

/* In black and white, quotes show where code of several words begins and ends. */
static void put_code_run(struct cursor *c, kb_str text)
{
	bool quote = !c->text->style->color && kb_str_chr(text, ' ') != SIZE_MAX;

	if (quote)
		text = kb_arena_fmt(c->text->arena, "'%.*s'", KB_ARG(text));
	put_styled(c, text, KB_BOLD, KB_RESET);
}

static size_t tail_width(const struct kb_page_runs *runs, size_t i)
{
	size_t width = 0;

	while (++i < runs->len && runs->items[i].role != KB_ROLE_BREAK) {
		kb_str text = runs->items[i].text;
		size_t space = kb_str_chr(text, ' ');

		width += kb_display_width(kb_str_sub(text, 0, space));
		if (space != SIZE_MAX)
			break;
	}
	return width;
}

static bool is_word_change(const struct kb_page_runs *runs, size_t i)
{
	return i < runs->len && runs->items[i].role >= KB_ROLE_ADDED &&
	       runs->items[i].role <= KB_ROLE_KEPT;
}

static void put_runs(struct cursor *c, struct kb_page_runs runs)
{
	static const char *const styles[] = {[KB_ROLE_STRONG] = KB_BOLD,
		[KB_ROLE_FAINT] = KB_DIM,
		[KB_ROLE_MARK] = KB_WARNING_STYLE,
		[KB_ROLE_ERROR] = KB_ERROR_STYLE,
		[KB_ROLE_WARNING] = KB_WARNING_STYLE,
		[KB_ROLE_NOTE] = KB_NOTE_STYLE,
		[KB_ROLE_BREAK] = NULL};

	for (size_t i = 0; i < runs.len; i++) {
		const struct kb_page_run *run = &runs.items[i];
		const char *style = styles[run->role];

		c->tail = c->text->style->width ? tail_width(&runs, i) : 0;
		if (run->role == KB_ROLE_BREAK)
			new_line(c);
		else if (run->role == KB_ROLE_ADDED || run->role == KB_ROLE_REMOVED)
			put_changed(c, run);
		else if (run->role == KB_ROLE_KEPT)
			put_kept(c, run->text, !i || !is_word_change(&runs, i - 1),
				!is_word_change(&runs, i + 1));
		else if (run->role == KB_ROLE_CODE)
			put_code_run(c, run->text);
		else
			put_styled(
				c, run->text, style ? style : "", style ? KB_RESET : "");
	}
}

static void put_heading(const struct kb_text_out *text, const struct kb_page_block *block)
{
	pad(text->out, block->level > 2 ? text->style->indent / 2 : 0);
	kb_buf_puts(text->out, KB_BOLD);
	for (size_t i = 0; i < block->runs.len; i++)
		kb_buf_plain(text->out, block->runs.items[i].text);
	kb_buf_puts(text->out, KB_RESET "\n");
}

/* What comes after a break in an item is deeper than the item, but what wraps is not. */
static bool has_break(const struct kb_page_block *block)
{
	for (size_t i = 0; i < block->runs.len; i++)
		if (block->runs.items[i].role == KB_ROLE_BREAK)
			return true;
	return false;
}

static void put_lines(const struct kb_text_out *text, const struct kb_page_block *block)
{
	size_t left = text->style->indent + 2 * (size_t)block->level;
	size_t mark = block->mark.len ? kb_display_width(block->mark) + 1 : 0;
	struct cursor c = {.text = text, .column = left + mark, .left = left + mark};

	pad(text->out, left);
	if (block->mark.len)
		kb_buf_fmt(text->out, "%s%.*s%s ",
			kb_str_is(block->mark, "!") ? KB_WARNING_STYLE : "",
			KB_ARG(block->mark), kb_str_is(block->mark, "!") ? KB_RESET : "");
	if (has_break(block))
		c.left = left + BREAK_INDENT;
	put_runs(&c, kb_page_block_runs(block));
	kb_buf_putc(text->out, '\n');
}

static void put_term(const struct kb_text_out *text, const struct kb_page_block *block)
{
	size_t width = TERM_INDENT + kb_display_width(block->mark);
	struct cursor c = {.text = text, .column = text->terms, .left = text->terms};

	pad(text->out, TERM_INDENT);
	kb_buf_plain(text->out, block->mark);
	if (width + TERM_INDENT > text->terms) {
		kb_buf_putc(text->out, '\n');
		width = 0;
	}
	pad(text->out, text->terms - width);
	put_runs(&c, kb_page_block_runs(block));
	kb_buf_putc(text->out, '\n');
}

static void put_row(const struct kb_text_out *text, const struct kb_page_block *block)
{
	struct cursor c = {.text = text};

	for (size_t i = 0; i < block->cells.len; i++) {
		kb_buf_puts(text->out, i ? " | " : "");
		put_runs(&c, kb_page_cell(block, i));
	}
	kb_buf_putc(text->out, '\n');
}

static void put_code(const struct kb_text_out *text, const struct kb_page_block *block)
{
	kb_str rest = block->runs.len ? block->runs.items[0].text : KB_STR_NULL, line;

	while (rest.len && kb_str_next(&rest, '\n', &line)) {
		if (line.len || block->mark.len)
			pad(text->out, text->style->indent + 2 * (size_t)block->level);
		kb_buf_str(text->out, block->mark);
		kb_buf_str(text->out, line);
		kb_buf_putc(text->out, '\n');
	}
}

static void put_block(const struct kb_text_out *text, const struct kb_page_block *block)
{
	switch (block->kind) {
	case KB_PAGE_HEADING:
		put_heading(text, block);
		break;
	case KB_PAGE_PARAGRAPH:
	case KB_PAGE_ITEM:
	case KB_PAGE_PART:
		put_lines(text, block);
		break;
	case KB_PAGE_TERM:
		put_term(text, block);
		break;
	case KB_PAGE_CODE:
		put_code(text, block);
		break;
	case KB_PAGE_ROW:
		put_row(text, block);
		break;
	case KB_PAGE_TABLE:
		kb_write_text_table(text, block);
		break;
	case KB_PAGE_MARKUP:
	case KB_PAGE_PART_END:
		break;
	}
}

/* The explanations of all terms of a page begin in one column. */
static size_t term_column(const struct kb_report *report)
{
	size_t column = 0;

	for (size_t i = 0; i < report->blocks.len; i++) {
		const struct kb_page_block *block = report->blocks.items[i];
		size_t width = kb_display_width(block->mark) + 2 * TERM_INDENT;

		if (block->kind == KB_PAGE_TERM && width > column && width <= TERM_MAX)
			column = width;
	}
	return column;
}

void kb_write_text(
	const struct kb_report *report, const struct kb_report_style *style, kb_buf *out)
{
	struct kb_text_out text = {style, report->arena, out, term_column(report)};
	bool first = true;

	for (size_t i = 0; i < report->blocks.len; i++) {
		const struct kb_page_block *block = report->blocks.items[i];

		if (block->kind == KB_PAGE_MARKUP || block->kind == KB_PAGE_PART_END ||
			kb_page_is_empty(block))
			continue;
		if (!first &&
			(block->kind == KB_PAGE_HEADING || !kb_page_opens(report, i)) &&
			!kb_page_continues(report, i))
			kb_buf_putc(out, '\n');
		first = false;
		put_block(&text, block);
	}
}
