#include <limits.h>

#include "md_place.h"

static bool is_end(char c)
{
	return c == '\n' || c == '\r';
}

static void lines_read(struct kb_md *md)
{
	kb_str s = md->text;
	bool cr =
		kb_str_chr(s, '\r') != SIZE_MAX; /* in few texts: only '\n' ends a line */

	*kb_vec_add(&md->lines) = 0;
	for (size_t at = 0; at < s.len;) {
		size_t lf = cr ? 0 : kb_str_chr(kb_str_sub(s, at, s.len), '\n');

		if (cr)
			at = kb_line_next(s, at);
		else
			at = lf == SIZE_MAX ? s.len : at + lf + 1;
		*kb_vec_add(&md->lines) = (uint32_t)at;
	}
	if (kb_line_start(s, s.len) == s.len)
		*kb_vec_add(&md->lines) = (uint32_t)s.len;
}

uint32_t md_line_count(struct kb_md *md)
{
	if (!md->lines.len)
		lines_read(md);
	return (uint32_t)md->lines.len - 1;
}

kb_str md_line(struct kb_md *md, int line)
{
	kb_str s;

	if (line < 1 || (uint32_t)line > md_line_count(md))
		return KB_STR("");
	s = kb_str_sub(md->text, md->lines.items[line - 1], md->lines.items[line]);
	while (s.len && is_end(s.data[s.len - 1]))
		s.len--;
	return s;
}

kb_range md_lines_range(struct kb_md *md, int first, int last)
{
	kb_str from = md_line(md, first), to = md_line(md, last);
	size_t start, end;

	if (first < 1 || (uint32_t)first > md_line_count(md))
		return (kb_range){md->offset, 0};
	start = (size_t)(from.data - md->text.data);
	end = (uint32_t)last <= md_line_count(md) && last >= first
		      ? (size_t)(to.data - md->text.data) + to.len
		      : start + from.len;
	return (kb_range){md->offset + (uint32_t)start, (uint32_t)(end - start)};
}

/* The lines of blocks */

int md_skip_quotes(kb_str *line, int max)
{
	for (int n = 0;; n++) {
		while (line->len && strchr(" \t", *line->data))
			*line = kb_str_sub(*line, 1, line->len);
		if (n == max || !line->len || *line->data != '>')
			return n;
		*line = kb_str_sub(*line, 1, line->len);
	}
}

static int lines_of_text(cmark_node *node)
{
	kb_str text =
		kb_str_trim(cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK
				    ? md_literal(node)
				    : kb_str_of(cmark_node_get_string_content(node)));
	kb_str line;
	int n = 0;

	while (text.data && kb_str_next(&text, '\n', &line))
		n++;
	return n;
}

/* cmark makes a table of a paragraph's end, and then gives the paragraph no lines and the
 * table those of both. */
int md_first_line(cmark_node *node)
{
	int line = cmark_node_get_start_line(node);
	cmark_node *next = cmark_node_next(node), *before = cmark_node_previous(node);

	if (!line && next)
		return cmark_node_get_start_line(next);
	if (cmark_node_get_type(node) == CMARK_NODE_TABLE && before &&
		!cmark_node_get_start_line(before))
		return line + lines_of_text(before);
	return line;
}

int md_last_line(struct kb_md *md, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	int first = md_first_line(node), last = cmark_node_get_end_line(node);
	kb_str line;

	/* cmark's is wrong for HTML that ends with its own end. */
	if (last < first || type == CMARK_NODE_HTML_BLOCK)
		last = first + lines_of_text(node) - 1;
	while (last > first && type != CMARK_NODE_BLOCK_QUOTE) {
		line = md_line(md, last);
		md_skip_quotes(&line, INT_MAX);
		if (line.len)
			break;
		last--;
	}
	return last > first ? last : first;
}

bool md_fence_is_closed(struct kb_md *md, cmark_node *node)
{
	int first = cmark_node_get_start_line(node), last = cmark_node_get_end_line(node);
	kb_str code = md_literal(node), line = md_line(md, last), part;
	int length, offset, n = 0;
	char mark;

	if (!cmark_node_get_fenced(node, &length, &offset, &mark))
		return false;
	md_skip_quotes(&line, INT_MAX);
	line = kb_str_trim(line);
	while ((size_t)n < line.len && line.data[n] == mark)
		n++;
	if (n < length || (size_t)n < line.len)
		return false;
	for (n = 0; code.len && kb_str_next(&code, '\n', &part);)
		n++;
	return n == last - first - 1;
}

/* From content to source */

static kb_str trim_right(kb_str s)
{
	while (s.len && strchr(" \t\r\n", s.data[s.len - 1]))
		s.len--;
	return s;
}

static kb_str trim_left(kb_str s)
{
	while (s.len && strchr(" \t", *s.data))
		s = kb_str_sub(s, 1, s.len);
	return s;
}

static void map_add(struct md_cursor *cur, const char *content, const char *source)
{
	*kb_vec_add(&cur->map) = (struct md_map_line){
		(size_t)(content - cur->s.data), (size_t)(source - cur->md->text.data)};
}

/* Are the content's lines the ends of the source's from LINE on? */
static bool map_lines(struct md_cursor *cur, int line)
{
	kb_str rest = cur->s, part;

	cur->map.len = 0;
	for (; kb_str_next(&rest, '\n', &part); line++) {
		kb_str want = trim_right(trim_left(part)),
		       have = trim_right(md_line(cur->md, line));

		if (!want.len)
			continue;
		if (!kb_str_ends(have, want))
			return false;
		map_add(cur, want.data, have.data + have.len - want.len);
	}
	return true;
}

static bool map_atx(struct md_cursor *cur)
{
	kb_str line = md_line(cur->md, cmark_node_get_start_line(cur->block));
	int column = cmark_node_get_start_column(cur->block);

	line = kb_str_sub(line, column > 0 ? (size_t)column - 1 : 0, line.len);
	if (!line.len || *line.data != '#')
		return false;
	while (line.len && *line.data == '#')
		line = kb_str_sub(line, 1, line.len);
	line = trim_left(line);
	if (!kb_str_starts(line, trim_left(cur->s)))
		return false;
	map_add(cur, trim_left(cur->s).data, line.data);
	return true;
}

/* A cell's row in the source. The header's own lines are not to be relied on. */
static kb_str row_source(struct kb_md *md, cmark_node *row, cmark_node *table)
{
	cmark_node *next = cmark_node_next(row);
	int line = cmark_node_get_start_line(row), column;
	kb_str s;

	if (cmark_gfm_extensions_get_table_row_is_header(row))
		line = next ? cmark_node_get_start_line(next) - 2
			    : cmark_node_get_end_line(table) - 1;
	s = md_line(md, line);
	column = cmark_node_get_start_column(table);
	if (line == cmark_node_get_start_line(table) && column > 0)
		return kb_str_sub(s, (size_t)column - 1, s.len);
	while (s.len && strchr(" \t>", *s.data))
		s = kb_str_sub(s, 1, s.len);
	return s;
}

static size_t cell_end(kb_str row)
{
	size_t i = 0;

	while (i < row.len && row.data[i] != '|')
		i += row.data[i] == '\\' && i + 1 < row.len ? 2 : 1;
	return i < row.len ? i : row.len;
}

static bool map_cell(struct md_cursor *cur)
{
	cmark_node *row = cmark_node_parent(cur->block),
		   *cell = cmark_node_first_child(row);
	kb_str s = row_source(cur->md, row, cmark_node_parent(row));

	cur->pipes = true;
	if (s.len && *s.data == '|')
		s = kb_str_sub(s, 1, s.len);
	for (; cell && cell != cur->block; cell = cmark_node_next(cell))
		s = kb_str_sub(s, cell_end(s) + 1, s.len);
	s = trim_left(kb_str_sub(s, 0, cell_end(s)));
	if (s.len < cur->s.len)
		return false;
	map_add(cur, cur->s.data, s.data);
	return true;
}

static bool map_paragraph(struct md_cursor *cur)
{
	int first = cmark_node_get_start_line(cur->block);
	int last = cmark_node_get_end_line(cur->block), lines = 0;
	cmark_node *next = cmark_node_next(cur->block);
	kb_str rest = cur->s, part;

	if (!first && next && cmark_node_get_type(next) == CMARK_NODE_TABLE) {
		first = cmark_node_get_start_line(next);
		last = cmark_node_get_end_line(next);
	}
	while (kb_str_next(&rest, '\n', &part))
		lines += trim_left(part).len > 0;
	if (map_lines(cur, last - lines + 1))
		return true;
	for (int line = first; line <= last; line++)
		if (map_lines(cur, line))
			return true;
	return false;
}

static bool map_read(struct md_cursor *cur)
{
	cmark_node_type type = cmark_node_get_type(cur->block);

	if (type == CMARK_NODE_HTML_BLOCK)
		return map_lines(cur, cmark_node_get_start_line(cur->block));
	if (type == CMARK_NODE_TABLE_CELL)
		return map_cell(cur);
	if (type == CMARK_NODE_HEADING && map_atx(cur))
		return true;
	return map_paragraph(cur);
}

void md_cursor_init(struct md_cursor *cur, struct kb_md *md, cmark_node *block)
{
	*cur = (struct md_cursor){.md = md, .block = block};
	cur->s = cmark_node_get_type(block) == CMARK_NODE_HTML_BLOCK
			 ? md_literal(block)
			 : kb_str_of(cmark_node_get_string_content(block));
	cur->lost = !map_read(cur);
}

void md_cursor_dispose(struct md_cursor *cur)
{
	kb_vec_dispose(&cur->map);
}

/* The source's byte for the content's. */
static size_t to_source(const struct md_cursor *cur, size_t off)
{
	size_t low = 0, high = cur->map.len, n, at;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (cur->map.items[middle].content > off)
			high = middle;
		else
			low = middle;
	}
	n = off > cur->map.items[low].content ? off - cur->map.items[low].content : 0;
	at = cur->map.items[low].source;
	if (!cur->pipes)
		return at + n;
	for (; n && at < cur->md->text.len; n--)
		at += kb_str_starts(kb_str_sub(cur->md->text, at, at + 2), KB_STR("\\|"))
			      ? 2
			      : 1;
	return at;
}

static kb_range block_range(const struct md_cursor *cur)
{
	cmark_node *node = cur->block;

	if (cmark_node_get_type(node) == CMARK_NODE_TABLE_CELL)
		node = cmark_node_parent(node);
	return md_lines_range(
		cur->md, cmark_node_get_start_line(node), cmark_node_get_end_line(node));
}

kb_range md_cursor_range(const struct md_cursor *cur, size_t from, size_t to)
{
	size_t start, end;

	if (cur->lost || !cur->map.len)
		return block_range(cur);
	start = to_source(cur, from);
	end = to > from ? to_source(cur, to) : start;
	if (end > cur->md->text.len)
		end = cur->md->text.len;
	if (start > end)
		start = end;
	return (kb_range){cur->md->offset + (uint32_t)start, (uint32_t)(end - start)};
}
