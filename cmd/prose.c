#include "prose.h"

#include "kb/escape.h"

#include "kb/unicode.h"

#define WIDTH 78

static kb_str first_line(kb_str text)
{
	return kb_str_sub(text, 0, kb_str_chr(text, '\n'));
}

static void drop_line(kb_str *rest)
{
	size_t end = kb_str_chr(*rest, '\n');
	*rest = kb_str_sub(*rest, end == SIZE_MAX ? rest->len : end + 1, rest->len);
}

static bool is_blank(kb_str line)
{
	return kb_str_trim(line).len == 0;
}

/* The length of a list item's marker with the space after it, or 0. */
static size_t marker_len(kb_str line)
{
	if (kb_str_starts(line, KB_STR("- ")) || kb_str_starts(line, KB_STR("* ")))
		return 2;
	size_t n = 0;
	while (n < line.len && line.data[n] >= '0' && line.data[n] <= '9')
		n++;
	return n && kb_str_starts(kb_str_sub(line, n, line.len), KB_STR(". ")) ? n + 2
									       : 0;
}

static bool begins_block(kb_str line)
{
	return is_blank(line) || line.data[0] == '#' || line.data[0] == '|' ||
	       kb_str_starts(line, KB_STR("```")) || marker_len(line);
}

static void take_heading(kb_str *rest, struct prose_block *block)
{
	kb_str line = first_line(*rest);
	while (block->level < line.len && line.data[block->level] == '#')
		block->level++;
	block->kind = PROSE_HEADING;
	block->text = kb_str_trim(kb_str_sub(line, block->level, line.len));
	drop_line(rest);
}

static void take_fence(kb_str *rest, struct prose_block *block)
{
	drop_line(rest);
	const char *from = rest->data;
	while (rest->len && !kb_str_starts(*rest, KB_STR("```")))
		drop_line(rest);
	block->kind = PROSE_CODE;
	block->text = (kb_str){from, (size_t)(rest->data - from)};
	drop_line(rest);
}

static void take_indented(kb_str *rest, struct kb_arena *arena, struct prose_block *block)
{
	_cleanup_buf_ kb_buf code = {0};
	kb_str line = first_line(*rest);
	while (rest->len && (is_blank(line) || kb_str_starts(line, KB_STR("    ")))) {
		kb_buf_str(&code, kb_str_sub(line, 4, line.len));
		kb_buf_putc(&code, '\n');
		drop_line(rest);
		line = first_line(*rest);
	}
	while (code.len > 1 && code.data[code.len - 2] == '\n')
		code.len--;
	block->kind = PROSE_CODE;
	block->text = kb_arena_str(arena, kb_buf_view(&code));
}

static void take_table(kb_str *rest, struct prose_block *block)
{
	const char *from = rest->data;
	while (kb_str_starts(*rest, KB_STR("|")))
		drop_line(rest);
	block->kind = PROSE_TABLE;
	block->text = (kb_str){from, (size_t)(rest->data - from)};
}

static void take_text(kb_str *rest, struct kb_arena *arena, struct prose_block *block)
{
	_cleanup_buf_ kb_buf text = {0};
	size_t marker = marker_len(*rest);
	block->kind = marker ? PROSE_ITEM : PROSE_PARAGRAPH;
	block->marker = kb_str_sub(*rest, 0, marker ? marker - 1 : 0);
	*rest = kb_str_sub(*rest, marker, rest->len);
	do {
		kb_buf_str(&text, kb_str_trim(first_line(*rest)));
		kb_buf_putc(&text, ' ');
		drop_line(rest);
	} while (rest->len && !begins_block(first_line(*rest)));
	block->text = kb_arena_str(arena, kb_str_trim(kb_buf_view(&text)));
}

bool prose_next(kb_str *rest, struct kb_arena *arena, struct prose_block *block)
{
	while (rest->len && is_blank(first_line(*rest)))
		drop_line(rest);
	if (!rest->len)
		return false;
	*block = (struct prose_block){0};
	if (rest->data[0] == '#')
		take_heading(rest, block);
	else if (kb_str_starts(*rest, KB_STR("```")))
		take_fence(rest, block);
	else if (kb_str_starts(*rest, KB_STR("    ")))
		take_indented(rest, arena, block);
	else if (rest->data[0] == '|')
		take_table(rest, block);
	else
		take_text(rest, arena, block);
	return true;
}

/* What a piece of inline text is, for the two that print it. */
enum span { SPAN_TEXT, SPAN_CODE, SPAN_STRONG };

static bool between(kb_str *rest, const char *mark, kb_str *inner)
{
	kb_str m = kb_str_of(mark);
	if (!kb_str_starts(*rest, m))
		return false;
	kb_str tail = kb_str_sub(*rest, m.len, rest->len);
	size_t end = kb_str_find(tail, m);
	if (end == SIZE_MAX || end == 0)
		return false;
	*inner = kb_str_sub(tail, 0, end);
	*rest = kb_str_sub(tail, end + m.len, tail.len);
	return true;
}

/* [text](to): the text alone, as the manual has no links to follow. */
static bool link_text(kb_str *rest, kb_str *inner)
{
	size_t middle = kb_str_find(*rest, KB_STR("]("));
	if (rest->data[0] != '[' || middle == SIZE_MAX)
		return false;
	kb_str tail = kb_str_sub(*rest, middle, rest->len);
	size_t end = kb_str_chr(tail, ')');
	if (end == SIZE_MAX)
		return false;
	*inner = kb_str_sub(*rest, 1, middle);
	*rest = kb_str_sub(tail, end + 1, tail.len);
	return true;
}

static bool next_span(kb_str *rest, enum span *kind, kb_str *inner)
{
	if (!rest->len)
		return false;
	*kind = SPAN_CODE;
	if (between(rest, "``", inner) || between(rest, "`", inner))
		return true;
	*kind = SPAN_STRONG;
	if (between(rest, "**", inner))
		return true;
	*kind = SPAN_TEXT;
	if (link_text(rest, inner))
		return true;
	size_t n = 1;
	while (n < rest->len && !strchr("`*[", rest->data[n]))
		n++;
	*inner = kb_str_sub(*rest, 0, n);
	*rest = kb_str_sub(*rest, n, rest->len);
	return true;
}

struct wrapper {
	kb_buf *out;
	unsigned column, left;
	bool color;
	bool space;	/* white space is due before the next word */
	const char *on; /* the colour of what is printed now */
};

static void put_word(struct wrapper *w, kb_str word)
{
	unsigned width = (unsigned)kb_display_width(word);
	if (w->space && w->column + 1 + width > WIDTH && w->column > w->left) {
		kb_buf_putc(w->out, '\n');
		for (unsigned i = 0; i < w->left; i++)
			kb_buf_putc(w->out, ' ');
		w->column = w->left;
	} else if (w->space) {
		kb_buf_putc(w->out, ' ');
		w->column++;
	}
	kb_buf_fmt(w->out, "%s%.*s%s", w->on, KB_ARG(word), *w->on ? KB_RESET : "");
	w->column += width;
	w->space = false;
}

static void put_words(struct wrapper *w, kb_str text)
{
	size_t from = 0;
	for (size_t i = 0; i <= text.len; i++) {
		if (i < text.len && text.data[i] != ' ')
			continue;
		if (i > from)
			put_word(w, kb_str_sub(text, from, i));
		from = i + 1;
		if (i < text.len)
			w->space = true;
	}
}

void prose_wrap(kb_buf *out, kb_str text, unsigned at, unsigned left, bool color)
{
	struct wrapper w = {
		.out = out, .column = at, .left = left, .color = color, .on = ""};
	enum span kind;
	kb_str inner;
	while (next_span(&text, &kind, &inner)) {
		w.on = color && kind != SPAN_TEXT ? KB_BOLD : "";
		if (kind == SPAN_CODE && !color && kb_str_chr(inner, ' ') != SIZE_MAX) {
			_cleanup_buf_ kb_buf quoted = {0};
			kb_buf_fmt(&quoted, "'%.*s'", KB_ARG(inner));
			put_words(&w, kb_buf_view(&quoted));
		} else {
			put_words(&w, inner);
		}
	}
	kb_buf_putc(out, '\n');
}

static void put_indent(kb_buf *out, unsigned n)
{
	while (n--)
		kb_buf_putc(out, ' ');
}

static void put_code(kb_buf *out, kb_str code, unsigned indent)
{
	kb_str line;
	for (kb_str rest = code; rest.len && kb_str_next(&rest, '\n', &line);) {
		if (line.len)
			put_indent(out, indent);
		kb_buf_str(out, line);
		kb_buf_putc(out, '\n');
	}
}

/* A table's row as a paragraph: cells parted by two spaces; the line of dashes is left
 * out. */
static void put_table(kb_buf *out, kb_str table, unsigned indent, bool color)
{
	kb_str line, cell;
	for (kb_str rest = table; rest.len && kb_str_next(&rest, '\n', &line);) {
		_cleanup_buf_ kb_buf row = {0};
		line = kb_str_trim(line);
		if (kb_str_find(line, KB_STR("---")) != SIZE_MAX)
			continue;
		line = kb_str_sub(line, 1, line.len - 1);
		while (line.len && kb_str_next(&line, '|', &cell))
			kb_buf_fmt(&row, "%s%.*s", row.len ? " – " : "",
				KB_ARG(kb_str_trim(cell)));
		put_indent(out, indent);
		prose_wrap(out, kb_buf_view(&row), indent, indent + 4, color);
	}
}

static void put_heading(kb_buf *out, const struct prose_block *block, unsigned indent)
{
	put_indent(out, block->level > 2 ? indent / 2 : 0);
	kb_buf_fmt(out, KB_BOLD "%.*s" KB_RESET "\n", KB_ARG(block->text));
}

void prose_terminal(kb_buf *out, kb_str text, unsigned indent, bool color)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct prose_block block;
	enum prose_kind before = PROSE_HEADING;
	for (kb_str rest = text; prose_next(&rest, arena, &block); before = block.kind) {
		bool together = before == PROSE_HEADING ||
				(block.kind == PROSE_ITEM && before == PROSE_ITEM);
		if (out->len && (!together || block.kind == PROSE_HEADING))
			kb_buf_putc(out, '\n');
		if (block.kind == PROSE_HEADING) {
			put_heading(out, &block, indent);
		} else if (block.kind == PROSE_CODE) {
			put_code(out, block.text, indent + 4);
		} else if (block.kind == PROSE_TABLE) {
			put_table(out, block.text, indent, color);
		} else {
			unsigned left = indent;
			put_indent(out, indent);
			if (block.kind == PROSE_ITEM) {
				kb_buf_fmt(out, "%.*s ", KB_ARG(block.marker));
				left += (unsigned)block.marker.len + 1;
			}
			prose_wrap(out, block.text, left, left, color);
		}
	}
}

/* Does a sentence end before the white space at I? mdoc wants the next on a new line. */
static bool ends_sentence(kb_str text, size_t i)
{
	return i && text.data[i] == ' ' && text.data[i - 1] == '.' && i + 1 < text.len &&
	       text.data[i + 1] >= 'A' && text.data[i + 1] <= 'Z';
}

void prose_mdoc_line(kb_buf *out, kb_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];
		if (ends_sentence(text, i)) {
			kb_buf_putc(out, '\n');
			continue;
		}
		if (i == 0 && (c == '.' || c == '\''))
			kb_buf_puts(out, "\\&");
		if (c == '\\')
			kb_buf_puts(out, "\\e");
		else if (c == '-')
			kb_buf_puts(out, "\\-");
		else
			kb_buf_putc(out, c);
	}
}

static void put_mdoc_text(kb_buf *out, kb_str text)
{
	enum span kind;
	kb_str inner;
	while (next_span(&text, &kind, &inner)) {
		if (kind == SPAN_TEXT && kb_str_ends(inner, KB_STR(". ")) && text.len) {
			prose_mdoc_line(out, kb_str_sub(inner, 0, inner.len - 1));
			kb_buf_putc(out, '\n');
			continue;
		}
		kb_buf_puts(out, kind == SPAN_TEXT ? "" : "\\fB");
		prose_mdoc_line(out, inner);
		kb_buf_puts(out, kind == SPAN_TEXT ? "" : "\\fR");
	}
	kb_buf_putc(out, '\n');
}

static void put_mdoc_literal(kb_buf *out, kb_str text)
{
	kb_str line;
	kb_buf_puts(out, ".Bd -literal -offset indent\n");
	for (kb_str rest = text; rest.len && kb_str_next(&rest, '\n', &line);) {
		prose_mdoc_line(out, line);
		kb_buf_putc(out, '\n');
	}
	kb_buf_puts(out, ".Ed\n");
}

static void put_mdoc_heading(kb_buf *out, const struct prose_block *block)
{
	kb_buf_puts(out, block->level > 2 ? ".Ss " : ".Sh ");
	for (size_t i = 0; i < block->text.len; i++) {
		char c = block->text.data[i];
		bool lower = c >= 'a' && c <= 'z' && block->level <= 2;
		kb_buf_putc(out, lower ? (char)(c - 'a' + 'A') : c);
	}
	kb_buf_putc(out, '\n');
}

void prose_mdoc(kb_buf *out, kb_str text)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct prose_block block;
	enum prose_kind before = PROSE_HEADING;
	for (kb_str rest = text; prose_next(&rest, arena, &block); before = block.kind) {
		if (before == PROSE_ITEM && block.kind != PROSE_ITEM)
			kb_buf_puts(out, ".El\n");
		if (block.kind == PROSE_HEADING) {
			put_mdoc_heading(out, &block);
		} else if (block.kind == PROSE_CODE || block.kind == PROSE_TABLE) {
			put_mdoc_literal(out, block.text);
		} else if (block.kind == PROSE_ITEM) {
			if (before != PROSE_ITEM)
				kb_buf_puts(out, ".Bl -bullet -compact\n");
			kb_buf_puts(out, ".It\n");
			put_mdoc_text(out, block.text);
		} else {
			kb_buf_puts(out, before == PROSE_HEADING ? "" : ".Pp\n");
			put_mdoc_text(out, block.text);
		}
	}
	if (before == PROSE_ITEM)
		kb_buf_puts(out, ".El\n");
}
