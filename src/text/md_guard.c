/*
 * Makes a text fit for cmark. Bytes that no page may hold are replaced, one for
 * one, by marks, so that places stay; so are the spaces in [x]({{ url }}), which
 * would end the destination, and the backslash of \{{, which cmark would drop
 * from destinations and titles. A table whose cells would take too much memory
 * loses its delimiter row and so becomes a paragraph. Where quotes and lists are
 * nested too deeply, or the text is too long, the rest is cut off: to show it
 * otherwise than it was meant might show what a call-out withholds. A link's definition
 * whose label is a call-out's marker is made text, which is withheld like any such text.
 */
#include "kb/char.h"
#include "kb/unicode.h"
#include "md_tree.h"

enum {
	TEXT_MAX = 4 << 20,
	DEPTH_MAX = 100,   /* of containers that one line opens or continues */
	INDENT_MAX = 400,  /* bytes before a line's text, where markers are looked for */
	COLUMNS_MAX = 256, /* of a table */
	PIPES_MAX = 2000,  /* in a line of a table */
	DELIMITERS_MAX = 16, /* rows like |---| in one run of lines */
	CELLS_MAX = 100000,  /* in a document, short rows filled up */
	DEST_MAX = 2000,     /* bytes of a link's destination that are looked at */
};

struct guard {
	struct kb_md *md;
	char *copy; /* of the body, once something had to change */
	/* of the run of lines that are not blank */
	uint32_t delimiters, pipes, columns, rows;
	uint32_t delimiter_row; /* offset of the first dash */
	uint64_t cells;		/* of the document */
	bool told;
};

static void put(struct guard *g, size_t off, char c)
{
	struct kb_md *md = g->md;

	if (!g->copy) {
		g->copy = kb_arena_copy(md->arena, md->text.data, md->text.len);
		md->text.data = g->copy;
	}
	g->copy[off] = c;
}

static void cut(struct guard *g, size_t off, kb_str hint, const char *message)
{
	g->md->text.len = off;
	g->md->lines.len = 0; /* they are looked for again */
	md_find(g->md, KB_RULE_MARKDOWN_TOO_COMPLEX,
		(kb_range){g->md->offset + (uint32_t)off, 0}, hint,
		"%s, so nothing from here on is shown", message);
}

static bool is_control(unsigned char c)
{
	return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

static void replace_controls(struct guard *g)
{
	kb_str s = g->md->text;

	for (size_t i = 0, end; i < s.len; i = end) {
		end = i + sizeof(uint64_t);
		if (end <= s.len && !kb_word_has_control(s.data + i))
			continue;
		end = end < s.len ? end : s.len;
		for (; i < end; i++)
			if (is_control((unsigned char)s.data[i]))
				put(g, i, MD_MARK_BAD);
	}
}

static void replace_invalid(struct guard *g)
{
	kb_str s = g->md->text;
	size_t at = 0, bad;

	while ((bad = kb_utf8_invalid(kb_str_sub(s, at, s.len))) != SIZE_MAX) {
		put(g, at + bad, MD_MARK_BAD);
		at += bad + 1;
	}
}

static bool is_escaped(kb_str s, size_t off)
{
	size_t n = 0;

	while (n < off && s.data[off - n - 1] == '\\')
		n++;
	return n % 2 == 1;
}

/* Spaces within {{ }} from OFF to the end of the destination. */
static void mark_spaces(struct guard *g, size_t off)
{
	kb_str s = g->md->text, name;

	s.len = s.len - off > DEST_MAX ? off + DEST_MAX : s.len;
	while (off < s.len && s.data[off] != ')' && s.data[off] != '\n') {
		size_t len = md_ref_scan(s, off, &name);

		for (size_t i = 0; i < len; i++)
			if (s.data[off + i] == ' ')
				put(g, off + i, MD_MARK_SPACE);
		if (!len && (s.data[off] == ' ' || s.data[off] == '\t'))
			break;
		off += len ? len : 1;
	}
}

/* Moves *AT to the next WORD in S. */
static bool find(kb_str s, size_t *at, kb_str word)
{
	size_t next = kb_str_find(kb_str_sub(s, *at, s.len), word);

	*at += next == SIZE_MAX ? 0 : next;
	return next != SIZE_MAX;
}

static void mark_refs(struct guard *g)
{
	kb_str s = g->md->text;

	for (size_t at = 0; find(s, &at, KB_STR("{{")); at++)
		if (is_escaped(s, at))
			put(g, at - 1, MD_MARK_ESCAPE);
	for (size_t at = 0; find(s, &at, KB_STR("](")); at += 2)
		mark_spaces(g, at + 2);
}

/* Emphasis in text without spaces: see md_emphasis.c. A longer run may be a fence. */
static void mark_emphasis(struct guard *g, char sign, size_t longest, char mark)
{
	kb_str s = g->md->text;
	const char *end = s.data + s.len, *p = s.data;

	while (p < end && (p = memchr(p, sign, (size_t)(end - p)))) {
		size_t from = (size_t)(p - s.data), to = from;

		while (to < s.len && s.data[to] == sign)
			to++;
		if (to - from <= longest && md_emphasis_is_inner(s, from, to))
			for (; from < to; from++)
				put(g, from, mark);
		p = s.data + to;
	}
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The length of a marker of a quote, list item or footnote at OFF, or 0. */
static size_t marker_length(kb_str line, size_t off)
{
	size_t end = off;
	char c = line.data[off];
	bool marks;

	if (c == '>')
		return 1;
	if (c == '[' && off + 1 < line.len && line.data[off + 1] == '^') {
		while (end < line.len && line.data[end] != ']')
			end++;
		return end + 1 < line.len && line.data[end + 1] == ':' ? end + 2 - off
								       : 0;
	}
	while (end < line.len && line.data[end] >= '0' && line.data[end] <= '9')
		end++;
	if (end == line.len)
		return 0;
	c = line.data[end];
	marks = end > off ? c == '.' || c == ')' : c == '-' || c == '+' || c == '*';
	end++;
	return marks && (end == line.len || is_blank(line.data[end])) ? end - off : 0;
}

/* How many such markers LINE begins with; one far to the right is too many. TEXT: where
 * they end. */
static uint32_t line_depth(kb_str line, size_t *text)
{
	uint32_t depth = 0;
	size_t i = 0, len;

	while (i < line.len) {
		if (is_blank(line.data[i])) {
			i++;
			continue;
		}
		len = marker_length(line, i);
		if (!len)
			break;
		depth += i > INDENT_MAX ? DEPTH_MAX + 1 : 1;
		i += len;
	}
	*text = i;
	return depth;
}

/* - - - - and * * * * are rules, however long. */
static bool is_rule(kb_str line)
{
	char mark = 0;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.data[i];

		if (is_blank(c))
			continue;
		if ((c != '-' && c != '*') || (mark && c != mark))
			return false;
		mark = c;
	}
	return true;
}

static kb_str without_prefix(kb_str line)
{
	while (line.len && (is_blank(*line.data) || *line.data == '>')) {
		line.data++;
		line.len--;
	}
	return line;
}

/* The columns of a table's delimiter row; 0 if LINE is not one. */
static uint32_t delimiter_columns(kb_str line)
{
	uint32_t pipes = 0;
	bool dash = false, colon = false;

	line = kb_str_trim(line);
	for (size_t i = 0; i < line.len; i++) {
		char c = line.data[i];

		if (c != '|' && c != '-' && c != ':' && c != ' ' && c != '\t')
			return 0;
		pipes += c == '|';
		dash |= c == '-';
		colon |= c == ':';
	}
	return dash && (pipes || colon) ? pipes + 1 : 0;
}

static void table_defuse(struct guard *g, uint32_t off)
{
	put(g, off, MD_MARK_BAD);
	g->columns = 0;
	if (g->told)
		return;
	g->told = true;
	md_find(g->md, KB_RULE_MARKDOWN_TOO_COMPLEX, (kb_range){g->md->offset + off, 1},
		KB_STR("split the table, or link to a spreadsheet"),
		"the table has too many cells, so it is shown as plain text");
}

static uint32_t count_pipes(kb_str line)
{
	uint32_t n = 0;
	const char *p = line.data, *end = line.data + line.len;

	while (p < end && (p = memchr(p, '|', (size_t)(end - p)))) {
		n++;
		p++;
	}
	return n;
}

static void table_line(struct guard *g, kb_str line)
{
	kb_str rest = without_prefix(line);
	uint32_t columns, pipes;

	if (!rest.len) {
		g->delimiters = g->pipes = g->columns = g->rows = 0;
		return;
	}
	pipes = count_pipes(rest);
	if (pipes > g->pipes)
		g->pipes = pipes;
	columns = delimiter_columns(rest);
	if (columns) {
		g->delimiter_row = (uint32_t)(rest.data - g->md->text.data) +
				   (uint32_t)kb_str_chr(rest, '-');
		g->columns = columns;
		g->delimiters++;
	}
	if (!g->columns)
		return;
	g->cells += pipes > g->columns ? pipes : g->columns;
	if (g->columns > COLUMNS_MAX || g->pipes > PIPES_MAX || g->cells > CELLS_MAX ||
		g->delimiters > DELIMITERS_MAX)
		table_defuse(g, g->delimiter_row);
}

/* Looks at line N; false once the text is cut. */
static bool line_check(struct guard *g, int n, bool tables)
{
	kb_str line = md_line(g->md, n);
	bool quoted;
	size_t text, off = (size_t)(line.data - g->md->text.data), colon;

	if (line_depth(line, &text) > DEPTH_MAX && !is_rule(line)) {
		cut(g, off, KB_STR("remove some levels of the quote or list"),
			"quotes or lists are nested too deeply");
		return false;
	}
	if (tables)
		table_line(g, line);
	quoted = kb_str_chr(kb_str_sub(line, 0, text), '>') != SIZE_MAX;
	if (quoted)
		md_source_note(g->md, n, kb_str_sub(line, text, line.len));
	if (text < line.len && line.data[text] == '[' &&
		md_definition_is_marker(g->md, off + text, quoted, &colon))
		put(g, colon, MD_MARK_COLON);
	return true;
}

static void check_lines(struct guard *g)
{
	struct kb_md *md = g->md;
	bool tables = kb_str_chr(md->text, '|') != SIZE_MAX ||
		      kb_str_find(md->text, KB_STR(":-")) != SIZE_MAX ||
		      kb_str_find(md->text, KB_STR("-:")) != SIZE_MAX;

	for (uint32_t i = 1, n = md_line_count(md); i <= n; i++)
		if (!line_check(g, (int)i, tables))
			return;
}

void md_guard(struct kb_md *md)
{
	struct guard g = {.md = md};

	md->text = md->body;
	if (md->text.len > TEXT_MAX) {
		size_t end = TEXT_MAX;

		while (end && md->text.data[end - 1] != '\n')
			end--;
		cut(&g, end, KB_STR("split the document"), "the document is too long");
	}
	replace_controls(&g);
	replace_invalid(&g);
	if (!md->syntax->literal && kb_str_find(md->text, KB_STR("{{")) != SIZE_MAX)
		mark_refs(&g);
	mark_emphasis(&g, '*', MD_EMPHASIS_MAX, MD_MARK_STAR);
	mark_emphasis(&g, '~', 2, MD_MARK_TILDE);
	check_lines(&g);
}
