/*
 * Call-outs, and what must be withheld. All of this fails closed: a quote that
 * opens with anything like a marker and is not exactly a known one, and text that
 * looks as if it were meant to stand in an audience's quote and does not, are
 * errors and seen by nobody.
 */
#include "kb/unicode.h"
#include "md_tree.h"

static const char *const alerts[] = {"NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"};

/* Markers */

static bool has_lower(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] >= 'a' && s.data[i] <= 'z')
			return true;
	return false;
}

static enum md_kind marker_kind(struct kb_md *md, kb_str word, uint8_t *audience)
{
	const struct kb_md_syntax *syntax = md->syntax;
	kb_str lower;

	for (size_t i = 0; i < KB_LEN(alerts); i++)
		if (kb_str_is(word, alerts[i]))
			return MD_ALERT;
	for (size_t i = 0; i < syntax->nregions; i++)
		if (kb_str_eq(word, syntax->regions[i]))
			return MD_REGION;
	if (has_lower(word))
		return MD_UNKNOWN;
	lower = kb_lower(md->arena, word);
	for (size_t i = 0; i < syntax->naudiences; i++)
		if (kb_str_eq(lower, kb_lower(md->arena, syntax->audiences[i]))) {
			*audience = (uint8_t)i;
			return MD_AUDIENCE;
		}
	return MD_UNKNOWN;
}

static kb_str upper(struct kb_arena *arena, kb_str s)
{
	char *copy = kb_arena_copy(arena, s.data, s.len);

	for (size_t i = 0; i < s.len; i++)
		if (copy[i] >= 'a' && copy[i] <= 'z')
			copy[i] = (char)(copy[i] - 'a' + 'A');
	return (kb_str){copy, s.len};
}

/* The known marker nearest to WORD, or empty. */
static kb_str marker_nearest(struct kb_md *md, kb_str word)
{
	const struct kb_md_syntax *syntax = md->syntax;
	size_t n = 0, cap = KB_LEN(alerts) + syntax->nregions + syntax->naudiences;
	kb_str *known = kb_arena_array(md->arena, kb_str, cap);
	const kb_str *nearest;

	for (size_t i = 0; i < syntax->naudiences; i++)
		known[n++] = upper(md->arena, syntax->audiences[i]);
	for (size_t i = 0; i < KB_LEN(alerts); i++)
		known[n++] = kb_str_of(alerts[i]);
	for (size_t i = 0; i < syntax->nregions; i++)
		known[n++] = syntax->regions[i];
	nearest = kb_str_nearest(upper(md->arena, word), known, n);
	return nearest ? *nearest : KB_STR_NULL;
}

/* Text */

static void skip(kb_str *s, size_t n)
{
	*s = kb_str_sub(*s, n, s->len);
}

/* Bytes of white space at the beginning of S, no-break and zero-width ones too. */
static size_t space_length(kb_str s)
{
	static const char *const spaces[] = {" ", "\t", "\n", "\r", "\xc2\xa0",
		"\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x81\xa0",
		"\xef\xbb\xbf", "\xe3\x80\x80", "\xe2\x80\xaf", "\xe2\x80\x89",
		"\xe2\x80\x83", "\xe2\x80\x82", "\xc2\xad", "\xe2\x80\x8e",
		"\xe2\x80\x8f", "\x1a", "&nbsp;", "&ensp;", "&emsp;"};

	for (size_t i = 0; i < KB_LEN(spaces); i++)
		if (kb_str_starts(s, kb_str_of(spaces[i])))
			return strlen(spaces[i]);
	return 0;
}

static void skip_spaces(kb_str *s)
{
	size_t n;

	while ((n = space_length(*s)))
		skip(s, n);
}

/* Skips what may stand before a marker that is meant as one: space, emphasis, tags. */
static void skip_dress(kb_str *s)
{
	struct md_tag tag;
	size_t n;

	for (;;) {
		skip_spaces(s);
		if (s->len && strchr("*_~`#>", *s->data))
			skip(s, 1);
		else if ((n = md_tag_skip(*s, 0)))
			skip(s, n);
		else if (md_tag_read(*s, 0, &tag))
			skip(s, tag.len);
		else
			return;
	}
}

/* Does S open with '[!', however dressed? WORD: what the brackets hold. */
static bool opens_marker(kb_str s, kb_str *word)
{
	size_t end = 0;

	skip_dress(&s);
	if (!s.len || *s.data != '[')
		return false;
	skip(&s, 1);
	skip_dress(&s);
	if (!kb_str_starts(s, KB_STR("!")) && !kb_str_starts(s, KB_STR("\xef\xbc\x81")) &&
		!kb_str_starts(s, KB_STR("&#33;")) && !kb_str_starts(s, KB_STR("&excl;")))
		return false;
	skip(&s, *s.data == '!' ? 1 : *s.data == '&' ? kb_str_chr(s, ';') + 1 : 3);
	while (end < s.len && s.data[end] != ']' && s.data[end] != '\n')
		end++;
	*word = kb_str_trim(kb_str_sub(s, 0, end));
	return true;
}

/* WORD up to what ends a word. */
static kb_str first_word(kb_str word)
{
	size_t n = 0;

	while (n < word.len && !strchr(" \t:.,;?!()[]|*~`<>", word.data[n]))
		n++;
	return kb_str_sub(word, 0, n);
}

/* Is WORD an audience's marker, or nearer to one than to any other? */
static bool is_near_audience(struct kb_md *md, kb_str word)
{
	enum { WORD_MAX = 60 };
	uint8_t audience;
	kb_str nearest;

	if (!word.len || word.len > WORD_MAX)
		return false;
	if (marker_kind(md, word, &audience) != MD_UNKNOWN)
		return marker_kind(md, word, &audience) == MD_AUDIENCE;
	nearest = marker_nearest(md, word);
	return nearest.len && marker_kind(md, nearest, &audience) == MD_AUDIENCE;
}

/* Does LINE open with '[!' and an audience's name, or nearly, whatever follows? Code
 * speaks of a marker and is none. */
static bool opens_audience(struct kb_md *md, kb_str line, kb_str *word)
{
	if (!opens_marker(line, word) || !word->len ||
		memchr(line.data, '`', (size_t)(word->data - line.data)))
		return false;
	if (is_near_audience(md, *word))
		return true;
	*word = first_word(*word);
	return is_near_audience(md, *word);
}

/* Does S open with what may be meant for [!AGENTS]: [AGENTS], !AGENTS, ![AGENTS]? */
static bool opens_near_marker(struct kb_md *md, kb_str s, kb_str *word)
{
	const char *from;
	bool mark, bracket;
	uint8_t audience;

	s = kb_str_sub(s, 0, kb_str_chr(s, '\n'));
	from = s.data;
	skip_dress(&s);
	if (s.len && memchr(from, '`', (size_t)(s.data - from)))
		return false;
	mark = s.len && *s.data == '!';
	skip(&s, mark);
	bracket = s.len && *s.data == '[';
	skip(&s, bracket);
	while (s.len && strchr(" \t!", *s.data))
		skip(&s, 1);
	*word = first_word(s);
	if (!(mark || bracket) || marker_kind(md, *word, &audience) != MD_AUDIENCE)
		return false;
	skip(&s, word->len);
	while (bracket && s.len && strchr(" \t!:", *s.data))
		skip(&s, 1);
	return !bracket || (s.len && *s.data == ']' && !kb_str_starts(s, KB_STR("](")));
}

static kb_str first_line(kb_str s)
{
	return kb_str_sub(s, 0, kb_str_chr(s, '\n'));
}

/* Is S, but for space around it, exactly [!WORD]? */
static bool is_marker_alone(kb_str s, kb_str *word)
{
	s = kb_str_trim(s);
	if (!kb_str_starts(s, KB_STR("[!")) || s.data[s.len - 1] != ']')
		return false;
	*word = kb_str_sub(s, 2, s.len - 1);
	return word->len && kb_str_chr(*word, ']') == SIZE_MAX &&
	       kb_str_chr(*word, '[') == SIZE_MAX;
}

static kb_str content_of(cmark_node *leaf)
{
	cmark_node_type type = cmark_node_get_type(leaf);

	if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK)
		return md_literal(leaf);
	return kb_str_of(cmark_node_get_string_content(leaf));
}

static bool is_indented_code(cmark_node *node)
{
	int length, offset;
	char c;

	return cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK &&
	       !cmark_node_get_fenced(node, &length, &offset, &c);
}

/* The block that holds a quote's first words; NULL when that is a quote or fenced code.
 */
static cmark_node *opening_leaf(cmark_node *quote)
{
	cmark_node *node = cmark_node_first_child(quote);

	while (node) {
		cmark_node_type type = cmark_node_get_type(node);
		cmark_node *child = cmark_node_first_child(node);

		if (type == CMARK_NODE_BLOCK_QUOTE)
			return NULL;
		if (type == CMARK_NODE_CODE_BLOCK)
			return is_indented_code(node) ? node : NULL;
		if (!child || md_is_inline(child))
			return node;
		node = child;
	}
	return NULL;
}

static int quote_depth(cmark_node *node)
{
	int depth = 0;

	for (; node; node = cmark_node_parent(node))
		depth += cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
	return depth;
}

/* Takes up to MAX '>' and the space around them off; how many there were. */
static int skip_quotes(kb_str *line, int max)
{
	int n = 0;

	for (;;) {
		while (line->len && strchr(" \t", *line->data))
			skip(line, 1);
		if (n == max || !line->len || *line->data != '>')
			return n;
		skip(line, 1);
		n++;
	}
}

/* What the source has as the quote's first words: cmark takes link definitions away. */
static kb_str opening_source(struct kb_md *md, cmark_node *quote)
{
	int line = cmark_node_get_start_line(quote), depth = quote_depth(quote);
	kb_str s = md_line(md, line);
	size_t column = (size_t)cmark_node_get_start_column(quote);

	s = kb_str_sub(s, column ? column : 1, s.len);
	while (!kb_str_trim(s).len && line < cmark_node_get_end_line(quote)) {
		s = md_line(md, ++line);
		skip_quotes(&s, depth);
	}
	return s;
}

/* [![badge](x.png)](y): an image in a link, and no marker. */
static bool is_linked_image(cmark_node *leaf)
{
	cmark_node *link = cmark_node_first_child(leaf);
	cmark_node *image = link && cmark_node_get_type(link) == CMARK_NODE_LINK
				    ? cmark_node_first_child(link)
				    : NULL;

	return image && cmark_node_get_type(image) == CMARK_NODE_IMAGE;
}

/* A later line of the quote's own paragraphs that begins like a marker. */
static bool has_later_marker(cmark_node *quote, kb_str *found)
{
	cmark_node *node = cmark_node_first_child(quote);
	bool first = true;
	kb_str word;

	for (; node; node = cmark_node_next(node), first = false) {
		kb_str rest, line;

		if (cmark_node_get_type(node) != CMARK_NODE_PARAGRAPH)
			continue;
		rest = content_of(node);
		if (first)
			kb_str_next(&rest, '\n', &line);
		while (kb_str_next(&rest, '\n', &line))
			if (is_marker_alone(line, &word) && *word.data >= 'A') {
				*found = word;
				return true;
			}
	}
	return false;
}

/* Quotes */

static void withhold(struct kb_md *md, cmark_node *node)
{
	struct md_block *block = md_block_new(md, node);

	block->kind = MD_UNKNOWN;
	block->audience = KB_AUDIENCE_WITHHELD;
}

static kb_range quote_line(struct kb_md *md, cmark_node *node)
{
	int line = cmark_node_get_start_line(node);

	return md_lines_range(md, line, line);
}

static void unknown(struct kb_md *md, cmark_node *quote, kb_str word)
{
	kb_str nearest = marker_nearest(md, word);
	kb_str hint =
		KB_STR("write the marker alone on the quote's first line, or \\[! for "
		       "text that begins so");
	uint8_t audience;

	if (nearest.len)
		hint = kb_arena_fmt(md->arena,
			"did you mean '> [!%.*s]', alone on the quote's first line?",
			KB_ARG(nearest));
	if (marker_kind(md, word, &audience) != MD_UNKNOWN)
		md_find(md, KB_RULE_CALLOUT_UNKNOWN, quote_line(md, quote), hint,
			"the marker [!%.*s] does not stand alone on the quote's first "
			"line, so the "
			"quote is withheld",
			KB_ARG(word));
	else
		md_find(md, KB_RULE_CALLOUT_UNKNOWN, quote_line(md, quote), hint,
			"a quote opens with [!%.*s], which is no known marker, so it is "
			"withheld",
			KB_ARG(kb_str_sub(word, 0, 60)));
	withhold(md, quote);
}

/* Does the quote open with a link or an image? */
static bool is_link_first(cmark_node *leaf)
{
	cmark_node *node = cmark_node_first_child(leaf);

	while (node && (cmark_node_get_type(node) == CMARK_NODE_EMPH ||
			       cmark_node_get_type(node) == CMARK_NODE_STRONG))
		node = cmark_node_first_child(node);
	return node && (cmark_node_get_type(node) == CMARK_NODE_LINK ||
			       cmark_node_get_type(node) == CMARK_NODE_IMAGE);
}

/* A quote that opens with what is no marker and was meant as one. */
static void near_read(
	struct kb_md *md, cmark_node *quote, cmark_node *leaf, kb_str source)
{
	kb_str word, content;

	if (!leaf || cmark_node_get_type(leaf) == CMARK_NODE_HTML_BLOCK)
		return;
	content = content_of(leaf);
	if ((is_link_first(leaf) || !opens_near_marker(md, content, &word)) &&
		(kb_str_starts(kb_str_trim(source), kb_str_trim(first_line(content))) ||
			!opens_near_marker(md, source, &word)))
		return;
	md_find(md, KB_RULE_CALLOUT_UNKNOWN, quote_line(md, quote),
		kb_arena_fmt(md->arena,
			"did you mean '> [!%.*s]', alone on the quote's first line?",
			KB_ARG(word)),
		"a quote opens with what is nearly the marker [!%.*s], so it is withheld",
		KB_ARG(word));
	withhold(md, quote);
}

static void adjacent(struct kb_md *md, cmark_node *quote)
{
	cmark_node *next = cmark_node_next(quote);
	cmark_node *leaf;
	kb_str word;

	if (!next || cmark_node_get_type(next) != CMARK_NODE_BLOCK_QUOTE)
		return;
	leaf = opening_leaf(next);
	if (leaf && opens_marker(opening_source(md, next), &word))
		return;
	md_find(md, KB_RULE_CALLOUT_ADJACENT, quote_line(md, next),
		KB_STR("join the two with a line '>', or put text between them"),
		"a plain quote follows an audience's block and is for everybody");
}

/* Does the quote open with '[!', in the tree or in what cmark took away from it? */
static bool quote_opens_marker(
	cmark_node *quote, cmark_node *leaf, kb_str source, kb_str *word)
{
	if (!leaf) /* it opens with another quote, or with code */
		return !cmark_node_first_child(quote) && opens_marker(source, word);
	if (is_linked_image(leaf))
		return false;
	return opens_marker(content_of(leaf), word) || opens_marker(source, word);
}

/* The kind of a quote that opens with '[!'. */
static enum md_kind quote_kind(struct kb_md *md, cmark_node *quote, cmark_node *leaf,
	kb_str source, kb_str *word, uint8_t *audience)
{
	kb_str again;

	if (!leaf || cmark_node_parent(leaf) != quote ||
		cmark_node_get_type(leaf) != CMARK_NODE_PARAGRAPH ||
		!is_marker_alone(first_line(content_of(leaf)), word) ||
		!is_marker_alone(source, &again) || !kb_str_eq(*word, again))
		return MD_UNKNOWN;
	return marker_kind(md, *word, audience);
}

void md_callout_read(struct kb_md *md, cmark_node *quote, uint8_t around)
{
	cmark_node *leaf = opening_leaf(quote);
	struct md_block *block = md_block_new(md, quote);
	kb_str source = opening_source(md, quote), word;
	uint8_t audience = 0;

	block->audience = around;
	if (quote_opens_marker(quote, leaf, source, &word))
		block->kind = quote_kind(md, quote, leaf, source, &word, &audience);
	if (block->kind == MD_UNKNOWN || has_later_marker(quote, &word)) {
		unknown(md, quote, word);
		return;
	}
	if (block->kind == MD_PLAIN) {
		near_read(md, quote, leaf, source);
		return;
	}
	block->marker = kb_arena_str(md->arena, word);
	if (audience > around)
		block->audience = audience;
	if (block->kind == MD_AUDIENCE)
		adjacent(md, quote);
}

/* Other blocks */

/* How many quotes must be open for a line to stand in the innermost audience's block. */
static int audience_depth(cmark_node *node)
{
	for (; node; node = cmark_node_parent(node)) {
		struct md_block *block = md_is_inline(node) ? NULL : md_block_of(node);

		if (block && block->kind == MD_AUDIENCE)
			return quote_depth(node);
	}
	return 0;
}

/* Lines that continue an audience's quote without its '>'. */
static void lazy_read(struct kb_md *md, cmark_node *paragraph)
{
	int depth = audience_depth(paragraph);
	int first = cmark_node_get_start_line(paragraph);

	for (int i = first + 1; depth && i <= cmark_node_get_end_line(paragraph); i++) {
		kb_str line = md_line(md, i);

		if (skip_quotes(&line, depth) == depth)
			continue;
		md_find(md, KB_RULE_CALLOUT_LAZY, md_lines_range(md, i, i),
			KB_STR("begin the line with '>', or put an empty line before it"),
			"this line continues an audience's block without '>', so its "
			"paragraph is "
			"withheld");
		withhold(md, paragraph);
		return;
	}
}

static void stray(struct kb_md *md, cmark_node *node, kb_str word, const char *why)
{
	md_find(md, KB_RULE_CALLOUT_UNKNOWN, quote_line(md, node),
		KB_STR("begin each line of the block with '> ', with empty lines around "
		       "the block"),
		"[!%.*s] %s, so this is withheld", KB_ARG(word), why);
	withhold(md, node);
}

/* A marker that names an audience at the beginning of a line that is in no quote, though
 * it may have a '>'. */
static bool has_stray_marker(struct kb_md *md, kb_str text, bool quoted, kb_str *word)
{
	kb_str line;
	uint8_t audience;

	while (kb_str_next(&text, '\n', &line)) {
		int quotes = skip_quotes(&line, 100);

		if (kb_str_chr(line, '[') == SIZE_MAX || (quoted && !quotes))
			continue;
		if (quotes ? opens_marker(line, word)
			   : is_marker_alone(line, word) &&
					marker_kind(md, *word, &audience) == MD_AUDIENCE)
			return true;
	}
	return false;
}

/* Is LEAF the one whose first line is its quote's marker? */
static bool holds_marker(cmark_node *leaf)
{
	cmark_node *quote = cmark_node_parent(leaf);

	return cmark_node_get_type(quote) == CMARK_NODE_BLOCK_QUOTE &&
	       md_block_of(quote)->kind != MD_PLAIN &&
	       cmark_node_first_child(quote) == leaf;
}

/* A line that opens with an audience's marker and is no quote's first. */
static bool has_audience_line(struct kb_md *md, cmark_node *leaf, kb_str *word)
{
	kb_str rest = content_of(leaf), line;

	if (cmark_node_get_type(leaf) == CMARK_NODE_HTML_BLOCK)
		skip(&rest, md_tag_skip(rest, 0));
	if (holds_marker(leaf))
		kb_str_next(&rest, '\n', &line);
	while (kb_str_next(&rest, '\n', &line))
		if (kb_str_chr(line, '[') != SIZE_MAX && opens_audience(md, line, word))
			return true;
	return false;
}

/* What LEAF opens: an item, or a table's row; the table with its header. */
static cmark_node *opened_by(cmark_node *leaf)
{
	cmark_node *parent = cmark_node_parent(leaf);

	if (cmark_node_get_type(leaf) == CMARK_NODE_TABLE_CELL)
		return cmark_gfm_extensions_get_table_row_is_header(parent)
			       ? cmark_node_parent(parent)
			       : parent;
	return cmark_node_get_type(parent) == CMARK_NODE_ITEM &&
			       cmark_node_first_child(parent) == leaf
		       ? parent
		       : leaf;
}

static void audience_line(struct kb_md *md, cmark_node *leaf, kb_str word)
{
	kb_str nearest = marker_nearest(md, word);

	md_find(md, KB_RULE_CALLOUT_UNKNOWN, quote_line(md, leaf),
		kb_arena_fmt(md->arena,
			"write '> [!%.*s]' alone on a line and begin each line of the "
			"block with '> ', or write \\[! for text that begins so",
			KB_ARG(nearest)),
		"[!%.*s] does not stand alone on the first line of a quote, so this is "
		"withheld",
		KB_ARG(word));
	withhold(md, opened_by(leaf));
}

static bool may_hold_marker(cmark_node_type type)
{
	return type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING ||
	       type == CMARK_NODE_TABLE_CELL || type == CMARK_NODE_HTML_BLOCK;
}

void md_leaf_read(struct kb_md *md, cmark_node *leaf, uint8_t around)
{
	cmark_node_type type = cmark_node_get_type(leaf);
	cmark_node *parent = cmark_node_parent(leaf);
	kb_str word;

	if (around == KB_AUDIENCE_WITHHELD)
		return;
	if (type == CMARK_NODE_HTML_BLOCK) {
		if (has_stray_marker(md, content_of(leaf), true, &word))
			stray(md, leaf, word,
				"stands in raw HTML, where a quote is none");
	} else if (is_indented_code(leaf)) {
		if (has_stray_marker(md, content_of(leaf), true, &word))
			stray(md, leaf, word, "is indented so far that it is code");
	} else if (type == CMARK_NODE_PARAGRAPH) {
		bool in_quote =
			parent && cmark_node_get_type(parent) == CMARK_NODE_BLOCK_QUOTE;

		if (has_stray_marker(md, content_of(leaf), in_quote, &word))
			stray(md, leaf, word, "stands in no quote");
		else
			lazy_read(md, leaf);
	}
	if (may_hold_marker(type) && md_audience_of(leaf) != KB_AUDIENCE_WITHHELD &&
		has_audience_line(md, leaf, &word))
		audience_line(md, leaf, word);
}
