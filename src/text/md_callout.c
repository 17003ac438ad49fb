/* Call-outs, and quotes that only look like one. All of this fails closed. If a quote
 * opens with a text that is like a marker but not exactly a known one, or if a text seems
 * to be meant for an audience's quote but is outside it, that is an error, and nobody
 * sees the text. */
#include <limits.h>

#include "kb/char.h"
#include "kb/unicode.h"
#include "md_opening.h"

/* Reads [!WORD] at the beginning of S; REST: what follows on its line. */
static bool marker_read(kb_str s, kb_str *word, kb_str *rest)
{
	size_t end;

	s = kb_str_trim(kb_str_sub(s, 0, kb_str_chr(s, '\n')));
	end = kb_str_chr(s, ']');
	if (!kb_str_starts(s, KB_STR("[!")) || end == SIZE_MAX || end == 2)
		return false;
	*word = kb_str_sub(s, 2, end);
	*rest = kb_str_sub(s, end + 1, s.len);
	return kb_str_chr(*word, '[') == SIZE_MAX;
}

/* Blocks */

static bool is_fence(cmark_node *node)
{
	int length, offset;
	char c;

	return cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK &&
	       cmark_node_get_fenced(node, &length, &offset, &c);
}

/* The source of a leaf without prefixes; of fenced code, what follows the fence. */
static kb_str content_of(cmark_node *leaf)
{
	cmark_node_type type = cmark_node_get_type(leaf);

	if (is_fence(leaf))
		return kb_str_of(cmark_node_get_fence_info(leaf));
	if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK)
		return md_literal(leaf);
	return kb_str_of(cmark_node_get_string_content(leaf));
}

static void withhold(struct kb_md *md, cmark_node *node)
{
	md_withhold(md, node);
	md_tail_read(md, node);
}

static kb_range lines_of(struct kb_md *md, cmark_node *node)
{
	return md_lines_range(md, md_first_line(node), md_last_line(md, node));
}

/* The paragraph that a marker on the quote's first line is in, or NULL. */
static cmark_node *first_paragraph(cmark_node *quote)
{
	cmark_node *node = cmark_node_first_child(quote);

	return node && cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH ? node : NULL;
}

cmark_node *md_marker_end(cmark_node *paragraph)
{
	cmark_node *quote = cmark_node_parent(paragraph);
	cmark_node *node = cmark_node_first_child(paragraph);
	const struct md_block *block;

	if (!quote || cmark_node_get_type(quote) != CMARK_NODE_BLOCK_QUOTE ||
		first_paragraph(quote) != paragraph)
		return NULL;
	block = md_block_of(quote);
	if (block->kind == MD_PLAIN || !block->marker.len)
		return NULL;
	while (!block->one_line && cmark_node_next(node) &&
		cmark_node_get_type(node) != CMARK_NODE_SOFTBREAK &&
		cmark_node_get_type(node) != CMARK_NODE_LINEBREAK)
		node = cmark_node_next(node);
	return node;
}

/* Quotes */

/* Withholds a quote that opens with LINE, in which O looked. */
static void unknown(
	struct kb_md *md, cmark_node *quote, kb_str line, const struct md_opening *o)
{
	enum { SHOWN_MAX = 60 };
	bool audience = o->found == MD_OPENS_AUDIENCE;
	kb_str known = KB_STR("a known marker");
	kb_str hint = KB_STR(
		"write [!NOTE], [!TIP], [!IMPORTANT], [!WARNING], [!CAUTION] or an audience "
		"alone on the quote's first line, or write \\[! if it is text");

	if (audience)
		known = kb_arena_fmt(
			md->arena, "exactly the marker [!%.*s]", KB_ARG(o->nearest));
	if (o->nearest.len)
		hint = kb_arena_fmt(md->arena,
			audience
				? "write '> [!%.*s]' alone on the quote's first line; if "
				  "you only mention the marker, put it in backticks"
				: "did you mean '> [!%.*s]', alone on the quote's first "
				  "line?",
			KB_ARG(o->nearest));
	line = md_text_of(md->arena, kb_truncate(md->arena, line, SHOWN_MAX), true);
	if (md_audience_of(md, cmark_node_parent(quote)) != KB_AUDIENCE_WITHHELD)
		md_find(md, KB_RULE_CALLOUT_UNKNOWN, lines_of(md, quote), hint,
			"a quote begins with '%.*s', which is not %.*s, so the quote is "
			"withheld",
			KB_ARG(line), KB_ARG(known));
	withhold(md, quote);
}

/* Is a '[!' at the beginning of TEXT written so that it is not a marker? */
static bool is_escaped(kb_str text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.data[i];

		if (c == '\\' || c == '&')
			return true;
		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			(c >= 'a' && c <= 'z'))
			return false;
	}
	return false;
}

/* A quote that begins with exactly a known marker, or with an alert's and text. */
static bool is_marked(struct kb_md *md, cmark_node *node)
{
	uint8_t audience;
	kb_str word, rest;
	enum md_kind kind;

	if (cmark_node_get_type(node) != CMARK_NODE_BLOCK_QUOTE ||
		!first_paragraph(node) ||
		!marker_read(content_of(first_paragraph(node)), &word, &rest))
		return false;
	kind = md_marker_kind(md, word, &audience);
	return kind == MD_ALERT || (kind != MD_UNKNOWN && !rest.len);
}

/* Looks at the first words of a quote, wherever they are, but for those of code and of a
 * quote within it that says itself what it is. */
static void opening_read(struct md_opening *o, cmark_node *quote, kb_str *line)
{
	struct md_walk w = {.root = quote};

	while (!o->ended && md_walk_next(&w)) {
		if (!w.entering || w.node == quote)
			continue;
		if (is_marked(o->md, w.node))
			break;
		if (!md_is_leaf(w.node))
			continue;
		if (!line->len)
			*line = kb_str_trim(content_of(w.node));
		if (is_fence(w.node)) {
			md_opening_raw(o, content_of(w.node));
			break;
		}
		md_opening_leaf(o, w.node, cmark_node_first_child(w.node));
		w.skip = true;
	}
	md_opening_line(o);
}

/* Withholds a quote that opens with a text that may be meant as a marker. */
static void unmarked_read(struct kb_md *md, cmark_node *quote)
{
	struct md_opening o = {.md = md, .quote = true};
	kb_str line = KB_STR_NULL;

	opening_read(&o, quote, &line);
	if (md_block_of(quote)->kind == MD_UNKNOWN || o.found == MD_OPENS_AUDIENCE ||
		(o.found == MD_OPENS_MARKER && !is_escaped(line)))
		unknown(md, quote, kb_str_sub(line, 0, kb_str_chr(line, '\n')), &o);
}

static bool is_quote(cmark_node *node)
{
	return cmark_node_get_type(node) == CMARK_NODE_BLOCK_QUOTE;
}

/* The quote that LEAF, which is in QUOTE, was meant for: a line with fewer '>' continues
 * its paragraph, but was written into a quote around. */
static cmark_node *written_in(struct kb_md *md, cmark_node *quote, cmark_node *leaf)
{
	int line = md_first_line(leaf), last = md_last_line(md, leaf);
	int depth = 0, least;

	for (cmark_node *node = quote; node; node = cmark_node_parent(node))
		depth += is_quote(node);
	least = depth;
	while (++line <= last) {
		kb_str text = md_line(md, line);
		int signs = md_skip_quotes(&text, INT_MAX);

		least = signs < least ? signs : least;
	}
	for (cmark_node *node = cmark_node_parent(quote); node && depth > least;
		node = cmark_node_parent(node)) {
		depth -= is_quote(node);
		quote = is_quote(node) ? node : quote;
	}
	return quote;
}

/* Where a marker may be that a block of a quote has taken: text, raw HTML, and code that
 * is not closed; but for the quote's first line. */
static kb_str later_lines(struct kb_md *md, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);
	kb_str rest = content_of(node), line;

	if (type == CMARK_NODE_CODE_BLOCK)
		return is_fence(node) && !md_fence_is_closed(md, node) ? md_literal(node)
								       : KB_STR_NULL;
	if (type != CMARK_NODE_PARAGRAPH && type != CMARK_NODE_HTML_BLOCK)
		return KB_STR_NULL;
	if (!cmark_node_previous(node))
		kb_str_next(&rest, '\n', &line);
	return rest;
}

static bool is_marker(kb_str line)
{
	kb_str word, behind;

	return marker_read(line, &word, &behind) && !behind.len && *word.data >= 'A';
}

/* A later line of the quote's own blocks that is a marker; in *WITHIN that block. */
static bool has_later_marker(
	struct kb_md *md, cmark_node *quote, kb_str *found, cmark_node **within)
{
	cmark_node *node = cmark_node_first_child(quote);
	kb_str line;

	for (; node; node = cmark_node_next(node)) {
		kb_str rest = later_lines(md, node);

		while (kb_str_next(&rest, '\n', &line))
			if (is_marker(line)) {
				*found = line;
				*within = node;
				return true;
			}
	}
	return false;
}

static const char behind_marker[] = {' ', '\t', ':', MD_MARK_COLON, '\0'};

/* Parts the marker that PARAGRAPH begins with from the text behind it on its line. */
static bool marker_part(struct kb_md *md, cmark_node *paragraph, kb_str word, kb_str rest)
{
	cmark_node *first = cmark_node_first_child(paragraph);
	kb_str text = md_literal(first), marker, behind;
	size_t end;

	if (!strchr(behind_marker, *rest.data) ||
		cmark_node_get_type(first) != CMARK_NODE_TEXT ||
		!marker_read(text, &marker, &behind) || !kb_str_eq(marker, word))
		return false;
	end = (size_t)(marker.data + marker.len + 1 - text.data);
	while (end < text.len && strchr(behind_marker, text.data[end]))
		end++;
	if (end < text.len)
		md_text_split(md, first, end);
	return true;
}

/* What a line of the quote begins with, by the line with its marker. */
static kb_str prefix_of(struct kb_md *md, kb_str line, size_t marker)
{
	char *prefix = kb_arena_copy(md->arena, line.data, marker);

	for (size_t i = 0; i < marker; i++)
		if (prefix[i] != '>' && prefix[i] != '\t')
			prefix[i] = ' ';
	return (kb_str){prefix, marker};
}

/* Text behind an alert's marker names no audience, so it is shown. */
static void one_line(struct kb_md *md, cmark_node *paragraph, kb_str word)
{
	kb_str content = content_of(paragraph);
	kb_str marker = kb_arena_fmt(md->arena, "[!%.*s]", KB_ARG(word)), line, prefix;
	int n = cmark_node_get_end_line(paragraph);
	struct md_finding *found;
	size_t at, end;

	for (size_t i = 0; i + 1 < content.len; i++)
		n -= content.data[i] == '\n';
	line = md_line(md, n);
	found = md_find(md, KB_RULE_CALLOUT_ONE_LINE, md_lines_range(md, n, n),
		KB_STR("put the text on the next line of the quote"),
		"text follows the marker %.*s on the same line, so other programs do "
		"not show a call-out",
		KB_ARG(marker));
	at = kb_str_find(line, marker);
	if (at == SIZE_MAX)
		return;
	prefix = prefix_of(md, line, at);
	end = at += marker.len;
	while (end < line.len && strchr(behind_marker, line.data[end]))
		end++;
	found->edit = (kb_range){
		md->offset + (uint32_t)((size_t)(line.data - md->text.data) + at),
		(uint32_t)(end - at)};
	found->text = kb_arena_fmt(md->arena, "%s%.*s",
		line.data + line.len < md->text.data + md->text.len &&
				line.data[line.len] == '\r'
			? "\r\n"
			: "\n",
		KB_ARG(prefix));
}

/* What PARAGRAPH, with which a quote begins, says that the quote is. */
static void marked_read(struct kb_md *md, cmark_node *quote, cmark_node *paragraph)
{
	struct md_block *block = md_block_of(quote);
	struct md_opening o = {.md = md, .quote = true};
	kb_str word, rest;
	uint8_t audience = 0;

	if (!marker_read(content_of(paragraph), &word, &rest))
		return;
	block->kind = md_marker_kind(md, word, &audience);
	block->one_line = block->kind == MD_ALERT && rest.len;
	if (rest.len && !(block->one_line && marker_part(md, paragraph, word, rest)))
		block->kind = MD_UNKNOWN;
	if (block->kind == MD_UNKNOWN)
		return;
	block->marker = kb_arena_str(md->arena, word);
	if (audience > block->audience)
		md_audience_set(md, block, audience);
	if (block->kind == MD_AUDIENCE)
		return;
	md_opening_leaf(&o, paragraph, cmark_node_next(md_marker_end(paragraph)));
	if (o.found == MD_OPENS_AUDIENCE)
		block->kind = MD_UNKNOWN;
	else if (block->one_line)
		one_line(md, paragraph, word);
}

static bool follows_audience(cmark_node *quote)
{
	cmark_node *before = cmark_node_previous(quote);

	return before && cmark_node_get_type(before) == CMARK_NODE_BLOCK_QUOTE &&
	       md_block_of(before)->kind == MD_AUDIENCE;
}

void md_callout_read(struct kb_md *md, cmark_node *quote, uint8_t around)
{
	struct md_block *block = md_block_new(md, quote);
	cmark_node *paragraph = first_paragraph(quote), *within;
	kb_str line;

	md_audience_set(md, block, around);
	if (paragraph)
		marked_read(md, quote, paragraph);
	if (block->kind == MD_PLAIN || block->kind == MD_UNKNOWN)
		unmarked_read(md, quote);
	if (block->audience != KB_AUDIENCE_WITHHELD &&
		has_later_marker(md, quote, &line, &within)) {
		within = written_in(md, quote, within);
		md_find(md, KB_RULE_CALLOUT_UNKNOWN, lines_of(md, within),
			KB_STR("put an empty line before the marker, so that it "
			       "begins a new quote"),
			"the marker '%.*s' is not on the first line of its quote, so the "
			"quote is withheld",
			KB_ARG(line));
		withhold(md, within);
	}
	if (block->kind == MD_AUDIENCE)
		md_tail_read(md, quote);
	if (block->kind == MD_PLAIN && follows_audience(quote))
		md_find(md, KB_RULE_CALLOUT_ADJACENT, lines_of(md, quote),
			KB_STR("join the two with a '>' line, or put text between them"),
			"a plain quote follows an audience block, and everybody can "
			"read it");
}

/* Other blocks */

/* What a marker in LEAF is meant for: the quote that it is in, or the item or table's row
 * that it opens; the table with its header. */
static cmark_node *meant_by(struct kb_md *md, cmark_node *leaf)
{
	cmark_node *parent = cmark_node_parent(leaf);
	cmark_node_type type = cmark_node_get_type(parent);

	for (cmark_node *node = parent; node; node = cmark_node_parent(node))
		if (is_quote(node))
			return written_in(md, node, leaf);
	if (type == CMARK_NODE_TABLE_ROW)
		return cmark_gfm_extensions_get_table_row_is_header(parent)
			       ? cmark_node_parent(parent)
			       : parent;
	return cmark_node_first_child(parent) == leaf &&
			       (type == CMARK_NODE_ITEM ||
				       type == CMARK_NODE_FOOTNOTE_DEFINITION)
		       ? parent
		       : leaf;
}

/* Has LINE a '!', or what may become one: an entity, or one of the characters that
 * Unicode folds into it? */
static bool may_hold_bang(kb_str line)
{
	static const char *const bangs[] = {"\xc7\x83", "\xe2\x80\xbc", "\xe2\x81\x88",
		"\xe2\x81\x89", "\xef\xb8\x95", "\xef\xb9\x97", "\xef\xbc\x81"};

	if (kb_str_chr(line, '!') != SIZE_MAX || kb_str_chr(line, '&') != SIZE_MAX)
		return true;
	if (kb_byte_find(line, 0, KB_BYTE_HIGH) == line.len)
		return false;
	for (size_t i = 0; i < KB_LEN(bangs); i++)
		if (kb_str_find(line, kb_str_of(bangs[i])) != SIZE_MAX)
			return true;
	return false;
}

/* May a line of S, or what a tag breaks off it, open with a marker? Most begin with a
 * letter, and few have a '!'. */
static bool may_open(kb_str s, bool code)
{
	kb_str line;

	while (kb_str_next(&s, '\n', &line)) {
		char c;

		line = kb_str_trim(line);
		c = line.len ? *line.data | 0x20 : 'a';
		if (((c >= 'a' && c <= 'z') && kb_str_chr(line, '<') == SIZE_MAX) ||
			(code && kb_str_chr(line, '>') == SIZE_MAX))
			continue;
		if (may_hold_bang(line))
			return true;
	}
	return false;
}

/* Withholds what LEAF is in when a line of it opens with an audience's marker. */
static void stray_read(struct kb_md *md, cmark_node *leaf)
{
	cmark_node *first = cmark_node_first_child(leaf), *end = md_marker_end(leaf);
	struct md_opening o = {
		.md = md, .code = cmark_node_get_type(leaf) == CMARK_NODE_CODE_BLOCK};
	cmark_node *meant;

	md_opening_leaf(&o, leaf, end ? cmark_node_next(end) : first);
	if (!o.found)
		return;
	meant = meant_by(md, leaf);
	md_find(md, KB_RULE_CALLOUT_UNKNOWN, lines_of(md, meant),
		KB_STR("begin each line of the block with '> '; if you only mention "
		       "the marker, put it in backticks"),
		"this line begins with the marker [!%.*s], which only works alone on "
		"the first line of a quote, so this is withheld",
		KB_ARG(o.nearest));
	withhold(md, meant);
}

void md_leaf_read(struct kb_md *md, cmark_node *leaf, uint8_t around)
{
	bool code = cmark_node_get_type(leaf) == CMARK_NODE_CODE_BLOCK;

	if (around == KB_AUDIENCE_WITHHELD || !md_is_leaf(leaf) || is_fence(leaf))
		return;
	if (may_open(content_of(leaf), code))
		stray_read(md, leaf);
	if (cmark_node_get_type(leaf) == CMARK_NODE_PARAGRAPH)
		md_lazy_read(md, leaf);
}
