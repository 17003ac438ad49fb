#include "md_opening.h"

#include "html.h"
#include "kb/unicode.h"

/* Words */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* Is the word the letters and digits of NAME? */
static bool is_word(const struct md_opening *o, kb_str name)
{
	kb_str s = kb_skeleton(o->md->arena, name);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if (is_letter(s.data[i]) &&
			(n == o->word_len || o->word[n++] != s.data[i]))
			return false;
	return n == o->word_len;
}

static bool is_number(const struct md_opening *o)
{
	for (size_t i = 0; i < o->word_len; i++)
		if (o->word[i] > '9' || o->word[i] < '0')
			return false;
	return true;
}

static void find(struct md_opening *o, enum md_opens found, kb_str nearest)
{
	if (found <= o->found || (o->code && !o->quoted))
		return;
	o->found = found;
	o->nearest = nearest;
	o->ended = found == MD_OPENS_AUDIENCE;
}

/* Is what comes next marked, so that it may be a marker's word? */
static bool is_marked(const struct md_opening *o)
{
	if (o->words)
		return o->bang && o->square;
	if (o->quote)
		return o->bang || o->square || o->round;
	return o->square || (o->in_label && o->bang);
}

/* The word is over, as NEXT follows. */
static void word_end(struct md_opening *o, char next)
{
	const struct kb_md_syntax *syntax = o->md->syntax;
	bool closed = o->round && (next == ')' || next == '>');

	if (o->words ? !is_marked(o) : !o->bang && !(o->quote && (o->square || closed)))
		return;
	for (size_t i = 0; i < syntax->naudiences; i++)
		if (is_word(o, syntax->audiences[i]))
			find(o, MD_OPENS_AUDIENCE,
				md_marker_upper(o->md, syntax->audiences[i]));
}

static void mark_end(struct md_opening *o)
{
	kb_str mark = kb_str_trim((kb_str){o->mark, o->mark_len}), nearest;
	enum md_kind kind;

	o->in_mark = false;
	kind = md_marker_meant(o->md, mark, &nearest);
	if (kind == MD_AUDIENCE)
		find(o, MD_OPENS_AUDIENCE, nearest);
	else if (!o->words && (o->quote || (o->quoted && kind == MD_UNKNOWN)))
		find(o, MD_OPENS_MARKER, nearest);
}

/* Words of the text come. In a quote, only a whole marker on their line counts now. */
static void words_begin(struct md_opening *o)
{
	o->words = o->quote;
	o->ended = !o->quote;
	o->mentioned = MD_OPENS_WORDS;
	o->bang = false;
}

static void letter(struct md_opening *o, char c)
{
	if (is_marked(o)) {
		if (o->word_len < sizeof(o->word) - 1)
			o->word[o->word_len++] = c;
	} else if (c < '0' || c > '9') {
		words_begin(o);
	}
	o->open = false;
}

static void close(struct md_opening *o, uint8_t *brackets)
{
	*brackets -= *brackets > 0;
	if (o->word_len || o->words || brackets == &o->round)
		o->bang = false;
	o->word_len = 0;
}

static void bang(struct md_opening *o)
{
	if (o->words && !o->open)
		return;
	o->bang = true;
	if (o->in_mark || !o->open)
		return;
	o->in_mark = true;
	o->mark_len = 0;
}

static void sign(struct md_opening *o, char c)
{
	if (o->word_len && is_number(o))
		o->word_len = 0;
	if (o->word_len)
		word_end(o, c);
	if (c == '[')
		o->square += o->square < UINT8_MAX;
	else if (c == '(' || c == '<')
		o->round += o->round < UINT8_MAX;
	else if (c == ']')
		close(o, &o->square);
	else if (c == ')' || (c == '>' && o->round))
		close(o, &o->round);
	else if (c == '>')
		o->quoted = true;
	else if (c == '!')
		bang(o);
	if (c != ' ' && c != '\n')
		o->open = c == '[';
}

static void add(struct md_opening *o, char c)
{
	if (o->in_mark && (c == ']' || c == '[' || c == '\n'))
		mark_end(o);
	else if (o->in_mark && o->mark_len < sizeof(o->mark))
		o->mark[o->mark_len++] = c;
	if (is_letter(c))
		letter(o, c);
	else
		sign(o, c);
}

static void folded_add(struct md_opening *o, kb_str text)
{
	enum { PIECE = 60 }; /* most texts are over with their first letter */

	for (size_t from = 0, to; from < text.len && !o->ended; from = to) {
		kb_str piece;

		to = from + PIECE < text.len ? from + PIECE : text.len;
		while (to < text.len && ((unsigned char)text.data[to] & 0xc0) == 0x80)
			to++;
		piece = kb_skeleton(o->md->arena, kb_str_sub(text, from, to));
		for (size_t i = 0; i < piece.len && !o->ended; i++)
			add(o, piece.data[i]);
	}
}

/* TEXT with its entities decoded, also those that come of others: &amp;#91; */
static kb_str decoded(struct kb_arena *arena, kb_str text)
{
	size_t before;

	do {
		_cleanup_buf_ kb_buf out = {0};

		before = text.len;
		if (kb_str_chr(text, '&') == SIZE_MAX)
			break;
		kb_html_unescape(text, &out);
		text = kb_arena_str(arena, kb_buf_view(&out));
	} while (text.len < before);
	return text;
}

/* Text without markup. */
static void md_opening_text(struct md_opening *o, kb_str text)
{
	while (text.len && !o->ended) {
		size_t n = *text.data == '<'; /* a tag would be taken out */

		while (n < text.len && text.data[n] != '<')
			n++;
		folded_add(o, decoded(o->md->arena, kb_str_sub(text, 0, n)));
		text = kb_str_sub(text, n, text.len);
	}
}

void md_opening_line(struct md_opening *o)
{
	if (!o->ended)
		add(o, '\n');
	if (!o->ended)
		find(o, o->mentioned, o->nearest);
	o->mentioned = MD_OPENS_WORDS;
	o->ended |= o->words;
	if (!o->quote && !o->found)
		*o = (struct md_opening){.md = o->md, .code = o->code};
}

/* Parts that are looked at by themselves */

static struct md_opening part_of(const struct md_opening *o)
{
	return (struct md_opening){.md = o->md, .quote = o->quote, .in_label = true};
}

static void part_add(struct md_opening *o, const struct md_opening *part)
{
	find(o, part->found, part->nearest);
}

static void code_add(struct md_opening *o, kb_str literal)
{
	struct md_opening part = part_of(o);

	if (is_marked(o)) {
		md_opening_text(o, literal);
		return;
	}
	if (o->words)
		return;
	part.in_label = false;
	md_opening_text(&part, literal);
	md_opening_line(&part);
	if (!o->quote || !part.found) {
		words_begin(o);
		return;
	}
	o->mentioned = part.found;
	o->nearest = part.nearest;
}

static void image_add(struct md_opening *o, cmark_node *image)
{
	_cleanup_buf_ kb_buf text = {0};
	struct md_opening part = part_of(o);

	md_plain_add(&text, o->md, image);
	md_opening_text(&part, kb_buf_view(&text));
	md_opening_line(&part);
	part_add(o, &part);
}

/* <agents> */
static void tag_add(struct md_opening *o, const struct md_tag *tag)
{
	struct md_opening part = part_of(o);

	if (md_tag_breaks(tag))
		md_opening_line(o);
	if (o->ended || o->words || tag->closing)
		return;
	md_opening_text(&part, KB_STR("<"));
	md_opening_text(&part, kb_str_of(tag->name));
	md_opening_text(&part, KB_STR(">"));
	part_add(o, &part);
}

/* Raw text */

void md_opening_raw(struct md_opening *o, kb_str html)
{
	struct md_tag tag = {.unclosed = false};
	kb_str name;

	for (size_t i = 0, n; i < html.len; i += n) {
		kb_str rest = kb_str_sub(html, i, html.len);

		if ((n = tag.unclosed ? 0 : md_tag_skip(html, i))) {
			if (kb_str_chr(kb_str_sub(rest, 0, n), '\n') != SIZE_MAX)
				md_opening_line(o);
			continue;
		}
		if (strchr("\r\n", *rest.data)) {
			md_opening_line(o);
			n = 1;
		} else if (!tag.unclosed && md_tag_read(html, i, &tag)) {
			tag_add(o, &tag);
			/* Later lines of a tag that is not closed may hold a marker. */
			n = kb_str_chr(rest, '\n');
			n = n < tag.len ? n : tag.len;
		} else if (!(n = md_ref_scan(rest, 0, &name))) {
			while (++n < rest.len && !strchr("<{\r\n", rest.data[n]))
				;
			md_opening_text(o, kb_str_sub(rest, 0, n));
		}
	}
}

/* The tree */

static void html_add(struct md_opening *o, cmark_node *node)
{
	struct md_tag tag;
	kb_str name;

	if (!md_ref_of(node, &name) && md_tag_read(md_literal(node), 0, &tag))
		tag_add(o, &tag);
}

static void inline_add(struct md_opening *o, struct md_walk *w)
{
	cmark_node_type type = cmark_node_get_type(w->node);

	if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
		md_opening_line(o);
	} else if (type == CMARK_NODE_HTML_INLINE) {
		html_add(o, w->node);
	} else if (type == CMARK_NODE_IMAGE) {
		if (!o->ended && !o->words)
			image_add(o, w->node);
		w->skip = true;
	} else if (o->ended) {
		return;
	} else if (type == CMARK_NODE_TEXT) {
		md_opening_text(o, md_literal(w->node));
	} else if (type == CMARK_NODE_CODE) {
		code_add(o, md_literal(w->node));
	}
}

static void link_enter(struct md_opening *o, struct md_opening *around)
{
	*around = *o;
	*o = part_of(o);
	o->open = true;
	o->ended = around->ended;
	o->words = around->words;
	o->square = around->words;
}

static void link_leave(struct md_opening *o, const struct md_opening *around)
{
	struct md_opening label = *o;

	md_opening_line(&label);
	*o = *around;
	part_add(o, &label);
}

static void inlines_add(struct md_opening *o, cmark_node *first)
{
	struct md_opening around;

	for (; first; first = cmark_node_next(first)) {
		struct md_walk w = {.root = first};

		while (md_walk_next(&w)) {
			bool link = cmark_node_get_type(w.node) == CMARK_NODE_LINK;

			if (link && w.entering)
				link_enter(o, &around);
			else if (link)
				link_leave(o, &around);
			else if (w.entering)
				inline_add(o, &w);
		}
	}
}

/* Has a line of S a "[^" without a ']'? */
static bool has_open_note(kb_str s)
{
	kb_str line;
	size_t at;

	while (kb_str_next(&s, '\n', &line))
		while ((at = kb_str_find(line, KB_STR("[^"))) != SIZE_MAX) {
			line = kb_str_sub(line, at + 2, line.len);
			if (kb_str_chr(line, ']') == SIZE_MAX)
				return true;
		}
	return false;
}

/* cmark-gfm loses letters where a "[^" has its ']' on a later line, so the source is
 * looked at, too; from the second line on unless FIRST is the first inline. */
static void source_add(struct md_opening *o, cmark_node *leaf, cmark_node *first)
{
	kb_str source = kb_str_of(cmark_node_get_string_content(leaf)), line;

	if (first != cmark_node_first_child(leaf))
		kb_str_next(&source, '\n', &line);
	if (o->found || !has_open_note(source))
		return;
	*o = (struct md_opening){.md = o->md, .quote = o->quote};
	md_opening_raw(o, source);
}

void md_opening_leaf(struct md_opening *o, cmark_node *leaf, cmark_node *first)
{
	cmark_node_type type = cmark_node_get_type(leaf);

	if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_CODE_BLOCK)
		md_opening_raw(o, md_literal(leaf));
	else
		inlines_add(o, first);
	md_opening_line(o);
	if (type == CMARK_NODE_PARAGRAPH)
		source_add(o, leaf, first);
	md_opening_line(o);
}
