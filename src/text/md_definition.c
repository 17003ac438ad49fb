#include "kb/unicode.h"
#include "md_opening.h"
#include "md_place.h"

/* Link definitions, [label]: address. */

struct definition {
	kb_str label;  /* as it is written; a footnote's begins with '^' */
	kb_range dest; /* in md->text */
};

/* Lower case, runs of space one space. */
static kb_str normalize(struct kb_arena *arena, kb_str label)
{
	kb_str lower = kb_lower(arena, kb_str_trim(label));
	char *out = kb_arena_alloc(arena, lower.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < lower.len; i++) {
		bool space = strchr(" \t\n\r", lower.data[i]) != NULL;

		if (!space || out[n - 1] != ' ')
			out[n++] = space ? ' ' : lower.data[i];
	}
	return (kb_str){out, n};
}

static size_t skip_over(kb_str s, size_t at, const char *chars)
{
	while (at < s.len && strchr(chars, s.data[at]) && s.data[at])
		at++;
	return at;
}

/* The end of a label whose '[' is just before AT, or SIZE_MAX. */
static size_t label_end(kb_str s, size_t at)
{
	for (; at < s.len; at++) {
		if (s.data[at] == '\\')
			at++;
		else if (s.data[at] == ']')
			return at;
		else if (s.data[at] == '[')
			break;
	}
	return SIZE_MAX;
}

/* The label of the definition or footnote with which a line begins, as it is written;
 * *END: behind its ':'. */
static bool label_read(const struct kb_md *md, size_t line, kb_str *label, size_t *end)
{
	kb_str s = md->text;
	size_t at = skip_over(s, line, " \t>"), close;

	if (at >= s.len || s.data[at] != '[')
		return false;
	close = label_end(s, at + 1);
	if (close >= s.len || close + 1 >= s.len || s.data[close + 1] != ':')
		return false;
	*label = kb_str_sub(s, at + 1, close);
	*end = close + 2;
	return label->len > 0;
}

/* Reads the definition [label]: dest at the beginning of a line. */
static void definition_read(struct kb_md *md, size_t line)
{
	kb_str s = md->text, label;
	size_t at, end, from;
	struct definition *d;

	if (!label_read(md, line, &label, &end))
		return;
	d = kb_arena_new_of(md->arena, struct definition);
	d->label = label;
	label = normalize(md->arena, label);
	from = skip_over(s, end, " \t");
	if (from < s.len && strchr("\r\n", s.data[from]))
		from = skip_over(s, skip_over(s, from, "\r\n"), " \t>");
	if (!label.len || kb_map_has(&md->definitions, label))
		return;
	at = from;
	while (at < s.len && !strchr(" \t\r\n", s.data[at]))
		at++;
	if (at < s.len && s.data[from] == '<') {
		size_t close = kb_str_chr(kb_str_sub(s, from, s.len), '>');

		at = close == SIZE_MAX ? at : from + close;
		from++;
	}
	d->dest = (kb_range){(uint32_t)from, (uint32_t)(at - from)};
	kb_map_put(&md->definitions, label, d);
}

static void definitions_read(struct kb_md *md)
{
	if (md->definitions_read)
		return;
	md->definitions_read = true;
	for (uint32_t i = 0; i < md_line_count(md); i++)
		definition_read(md, md->lines.items[i]);
}

kb_str md_definition_near(struct kb_md *md, kb_str label)
{
	_cleanup_free_ kb_str *labels = NULL;
	const struct definition *d;
	const kb_str *near;

	definitions_read(md);
	if (!md->definitions.len)
		return KB_STR_NULL;
	labels = kb_xcalloc(md->definitions.len, sizeof(*labels));
	for (size_t i = 0; i < md->definitions.len; i++)
		labels[i] = md->definitions.entries[i].key;
	near = kb_str_nearest(normalize(md->arena, label), labels, md->definitions.len);
	d = near ? kb_map_get(&md->definitions, *near) : NULL;
	return d ? d->label : KB_STR_NULL;
}

bool md_definition_find(struct kb_md *md, kb_str label, kb_range *dest)
{
	struct definition *d;

	definitions_read(md);
	d = kb_map_get(&md->definitions, normalize(md->arena, label));
	if (!d)
		return false;
	*dest = (kb_range){md->offset + d->dest.off, d->dest.len};
	return true;
}

/* Definitions in a block that is not for everybody: cmark lets the whole text use them.
 */

enum { WITHHELD = 1, COVERED = 2, USED = 4 }; /* of a line */

static void lines_mark(uint8_t *lines, uint32_t nlines, int from, int to, uint8_t mark)
{
	for (int i = from < 1 ? 1 : from; i <= to && (uint32_t)i <= nlines; i++)
		lines[i] |= mark;
}

/* The lines that a leaf's own text takes up: those of definitions before it are left
 * in its range and taken out of its content. */
static void leaf_cover(uint8_t *lines, uint32_t nlines, cmark_node *leaf)
{
	cmark_node_type type = cmark_node_get_type(leaf);
	int first = cmark_node_get_start_line(leaf), last = cmark_node_get_end_line(leaf);
	kb_str content, line;
	int n = 0;

	if (type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_ITEM ||
		type == CMARK_NODE_FOOTNOTE_DEFINITION)
		return; /* of definitions alone */
	if (type == CMARK_NODE_HEADING && first < last)
		return; /* underlined: its words begin like no definition */
	if (type == CMARK_NODE_PARAGRAPH) {
		content = kb_str_of(cmark_node_get_string_content(leaf));
		while (kb_str_next(&content, '\n', &line))
			n++;
		first = last - n + 1;
	}
	if (type == CMARK_NODE_CODE_BLOCK) { /* which nothing may have closed */
		content = md_literal(leaf);
		while (kb_str_next(&content, '\n', &line))
			n++;
		last = n && first + n - 1 < last ? first + n - 1 : last;
	}
	lines_mark(lines, nlines, first, last, COVERED);
}

/* Marks the lines; false when no block is withheld from anybody. */
static bool lines_read(struct kb_md *md, uint8_t *lines, uint32_t nlines)
{
	struct md_walk w = {.root = md->root};
	bool any = md->below != NULL;

	for (uint32_t i = 1; md->below && i <= nlines; i++)
		lines[i] = md->below[i] ? WITHHELD : 0;
	while (md_walk_next(&w)) {
		struct md_block *block;

		w.skip = md_is_leaf(w.node);
		if (!w.entering || w.node == w.root)
			continue;
		block = md_block_of(w.node);
		if (block && block->audience) {
			any = true;
			lines_mark(lines, nlines, cmark_node_get_start_line(w.node),
				cmark_node_get_end_line(w.node), WITHHELD);
		}
		if (md_is_leaf(w.node))
			leaf_cover(lines, nlines, w.node);
	}
	return any;
}

static bool is_footnote(kb_str label)
{
	return label.len && *label.data == '^' && !memchr(label.data, ' ', label.len) &&
	       !memchr(label.data, '\t', label.len) &&
	       !memchr(label.data, '\n', label.len);
}

/* Where the ':' of the definition is with which the line at OFF begins, or SIZE_MAX. */
static size_t definition_colon(kb_str s, size_t off, kb_str *label)
{
	for (;;) {
		size_t at = skip_over(s, off, " \t>-+*.)0123456789"), end;

		if (at >= s.len || s.data[at] != '[')
			return SIZE_MAX;
		end = label_end(s, at + 1);
		if (end >= s.len || end + 1 >= s.len || s.data[end + 1] != ':')
			return SIZE_MAX;
		*label = kb_str_sub(s, at + 1, end);
		off = end + 2;
		if (!is_footnote(*label))
			return end + 1;
	}
}

bool md_definition_is_marker(struct kb_md *md, size_t off, bool quoted, size_t *colon)
{
	struct md_opening o = {.md = md,
		.quote = true,
		.in_label = !quoted,
		.open = true,
		.square = quoted};
	kb_str label;

	*colon = definition_colon(md->text, off, &label);
	if (*colon == SIZE_MAX)
		return false;
	md_opening_raw(&o, label);
	md_opening_line(&o);
	return o.found;
}

static void colon_put(struct kb_md *md, size_t at)
{
	if (md->text.data == md->body.data)
		md->text.data = kb_arena_copy(md->arena, md->text.data, md->text.len);
	((char *)md->text.data)[at] = MD_MARK_COLON;
}

/* All that looks like a definition is made text, be it one or not: text stays the same.
 */
bool md_definitions_withhold(struct kb_md *md)
{
	uint32_t nlines = md_line_count(md);
	uint8_t *lines;
	bool any = false;

	if (!md->withholds && !MD_CHECKED)
		return false;
	lines = kb_arena_alloc(md->arena, nlines + 2);
	if (!lines_read(md, lines, nlines))
		return false;
	md_check_withholds(md);
	for (uint32_t i = 1; i <= nlines; i++) {
		kb_str label;
		size_t colon = lines[i] & WITHHELD
				       ? definition_colon(
						 md->text, md->lines.items[i - 1], &label)
				       : SIZE_MAX;

		if (colon == SIZE_MAX)
			continue;
		any = true;
		colon_put(md, colon);
		if (lines[i] & COVERED || (md->below && md->below[i]))
			continue;
		md_find(md, KB_RULE_CALLOUT_DEFINITION,
			md_lines_range(md, (int)i, (int)i),
			KB_STR("write the address in the link itself: [text](address)"),
			"this link definition is ignored: it would apply to the whole "
			"document, but the block is not for everybody");
	}
	return any;
}

/* Definitions that are of no use */

/* Lines of code and of raw HTML define nothing; notes that cmark kept are used. */
static uint8_t *lines_seen(struct kb_md *md)
{
	uint32_t nlines = md_line_count(md);
	uint8_t *lines = kb_arena_alloc(md->arena, nlines + 2);
	struct md_walk w = {.root = md->root};

	while (md_walk_next(&w)) {
		cmark_node_type type = cmark_node_get_type(w.node);

		w.skip = md_is_leaf(w.node);
		if (w.entering &&
			(type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK))
			lines_mark(lines, nlines, cmark_node_get_start_line(w.node),
				cmark_node_get_end_line(w.node), COVERED);
	}
	for (size_t i = 0; i < md->footnotes.len; i++) {
		int line = cmark_node_get_start_line(md->footnotes.items[i].node);

		lines_mark(lines, nlines, line, line, USED);
	}
	return lines;
}

static void definition_check(struct kb_md *md, kb_map *seen, kb_str label, bool used)
{
	kb_str key = normalize(md->arena, label);
	kb_range range = {
		md->offset + (uint32_t)(label.data - md->text.data), (uint32_t)label.len};
	bool note = *label.data == '^';

	if (kb_map_has(seen, key))
		md_find(md, KB_RULE_REFERENCE_UNUSED, range,
			KB_STR("delete this line, or give it another label"),
			"the label '%.*s' is defined twice, and the first definition "
			"counts",
			KB_ARG(label));
	else if (note && !used)
		md_find(md, KB_RULE_REFERENCE_UNUSED, range,
			kb_arena_fmt(md->arena,
				"write '[%.*s]' where it belongs, or delete it",
				KB_ARG(label)),
			"no text refers to the footnote '%.*s', so no page shows it",
			KB_ARG(kb_str_sub(label, 1, label.len)));
	kb_map_put(seen, key, md);
}

void md_definitions_check(struct kb_md *md)
{
	uint8_t *lines = NULL;
	kb_map seen = {0};
	kb_str label;
	size_t end;

	for (uint32_t i = 0; i < md_line_count(md); i++) {
		if (!label_read(md, md->lines.items[i], &label, &end))
			continue;
		if (!lines)
			lines = lines_seen(md);
		if (!(lines[i + 1] & COVERED))
			definition_check(md, &seen, label, lines[i + 1] & USED);
	}
	kb_map_dispose(&seen);
}
