#include "md_place.h"

static char peek(const struct md_cursor *cur, size_t n)
{
	return cur->pos + n < cur->s.len ? cur->s.data[cur->pos + n] : '\0';
}

static bool is_punct(char c)
{
	return c > ' ' && c < 0x7f &&
	       !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		       (c >= 'A' && c <= 'Z'));
}

/* Takes C or goes astray. */
static void take(struct md_cursor *cur, char c)
{
	if (peek(cur, 0) == c)
		cur->pos++;
	else
		cur->lost = true;
}

static size_t code_point_length(const char *s)
{
	size_t n = 1;

	while (((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* The length of what has an entity's form at the cursor, or 0. */
static size_t entity_length(const struct md_cursor *cur)
{
	size_t n = 1;

	while (peek(cur, n) == '#' ||
		(peek(cur, n) && !is_punct(peek(cur, n)) && peek(cur, n) > ' '))
		n++;
	return n > 1 && n < 40 && peek(cur, n) == ';' ? n + 1 : 0;
}

/* The length of the entity in TEXT at the cursor, in bytes; 0: there is none. */
static size_t entity_text(const struct md_cursor *cur, size_t len, const char *text)
{
	kb_str raw = kb_str_sub(cur->s, cur->pos, cur->pos + len);
	size_t n;

	if (*text == '&' && !kb_str_is(raw, "&amp;") && !kb_str_is(raw, "&AMP;") &&
		!kb_str_is(raw, "&#38;") && !kb_str_starts(raw, KB_STR("&#x")) &&
		!kb_str_starts(raw, KB_STR("&#0")) && !kb_str_starts(raw, KB_STR("&#X")))
		return 0;
	n = code_point_length(text);
	/* A few entities are two characters. */
	if (cur->pos + len < cur->s.len && text[n] &&
		text[n] != cur->s.data[cur->pos + len] && (unsigned char)text[n] >= 0x80)
		n += code_point_length(text + n);
	return n;
}

static void piece_add(struct md_cursor *cur, size_t text, size_t content, size_t len)
{
	struct md_pieces *pieces = cur->pieces;
	struct md_piece *last =
		pieces && pieces->len ? &pieces->items[pieces->len - 1] : NULL;

	if (last && last->text + last->len == text &&
		last->content + last->len == content)
		last->len += len;
	else if (pieces)
		kb_vec_push(pieces, ((struct md_piece){text, content, len}));
}

/* How many bytes of TEXT the content has as they are, up to what may be an escape or an
 * entity. */
static size_t same_length(const struct md_cursor *cur, const char *text)
{
	const char *content = cur->s.data + cur->pos;
	size_t left = cur->pos < cur->s.len ? cur->s.len - cur->pos : 0, n = 0;

	while (n < left && text[n] && content[n] == text[n] && text[n] != '\\' &&
		text[n] != '&')
		n++;
	return n;
}

static void take_text(struct md_cursor *cur, const char *text)
{
	const char *start = text;

	while (*text && !cur->lost) {
		size_t len, n = same_length(cur, text);
		char c;

		if (n) {
			piece_add(cur, (size_t)(text - start), cur->pos, n);
			cur->pos += n;
			text += n;
			continue;
		}
		c = peek(cur, 0);
		if (c == '\\' && is_punct(peek(cur, 1)) && peek(cur, 1) == *text) {
			piece_add(cur, (size_t)(text - start), cur->pos + 1, 1);
			cur->pos += 2;
			text++;
		} else if (c == '&' && (len = entity_length(cur)) &&
			   (n = entity_text(cur, len, text))) {
			cur->pos += len;
			text += n;
		} else if (c == *text) {
			piece_add(cur, (size_t)(text - start), cur->pos, 1);
			cur->pos++;
			text++;
		} else {
			cur->lost = true;
		}
	}
}

static void take_code(struct md_cursor *cur)
{
	size_t ticks = 0, run = 0;

	while (peek(cur, 0) == '`') {
		cur->pos++;
		ticks++;
	}
	while (run != ticks && cur->pos < cur->s.len) {
		for (; peek(cur, 0) && peek(cur, 0) != '`'; cur->pos++)
			;
		for (run = 0; peek(cur, 0) == '`'; cur->pos++)
			run++;
	}
	if (!ticks || run != ticks)
		cur->lost = true;
}

static void take_literal(struct md_cursor *cur, kb_str literal)
{
	if (kb_str_starts(kb_str_sub(cur->s, cur->pos, cur->s.len), literal))
		cur->pos += literal.len;
	else
		cur->lost = true;
}

static void take_break(struct md_cursor *cur)
{
	if (peek(cur, 0) == '\\')
		cur->pos++;
	while (peek(cur, 0) == ' ' || peek(cur, 0) == '\t')
		cur->pos++;
	take(cur, '\n');
	while (peek(cur, 0) == ' ' || peek(cur, 0) == '\t')
		cur->pos++;
}

static void take_until(struct md_cursor *cur, char end)
{
	while (peek(cur, 0) && peek(cur, 0) != end)
		cur->pos += peek(cur, 0) == '\\' && is_punct(peek(cur, 1)) ? 2 : 1;
	take(cur, end);
}

static void take_emphasis(struct md_cursor *cur, size_t n)
{
	for (; n; n--) {
		char c = peek(cur, 0);

		take(cur, c == '_' || c == MD_MARK_STAR ? c : '*');
	}
}

static void take_tildes(struct md_cursor *cur)
{
	char c = peek(cur, 0) == MD_MARK_TILDE ? MD_MARK_TILDE : '~';

	take(cur, c);
	if (peek(cur, 0) == c)
		cur->pos++;
}

/* Destinations */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t skip_space(kb_str s, size_t at)
{
	while (at < s.len && is_space(s.data[at]))
		at++;
	return at;
}

/* The end of the destination at FROM (as cmark reads it), or SIZE_MAX. */
static size_t dest_end(kb_str s, size_t from)
{
	size_t at = from, parens = 0;

	if (at < s.len && s.data[at] == '<') {
		for (at++; at < s.len && s.data[at] != '>'; at++) {
			if (s.data[at] == '\n' || s.data[at] == '<')
				return SIZE_MAX;
			at += s.data[at] == '\\';
		}
		return at < s.len ? at + 1 : SIZE_MAX;
	}
	for (; at < s.len && !is_space(s.data[at]); at++) {
		if (s.data[at] == '\\' && at + 1 < s.len && is_punct(s.data[at + 1]))
			at++;
		else if (s.data[at] == '(')
			parens++;
		else if (s.data[at] == ')' && !parens--)
			return at;
	}
	return at < s.len ? at : SIZE_MAX;
}

/* The end of a title at FROM; FROM when there is none. */
static size_t title_end(kb_str s, size_t from)
{
	size_t at = from;
	char end;

	if (at >= s.len || !strchr("\"'(", s.data[at]))
		return from;
	end = s.data[at] == '(' ? ')' : s.data[at];
	for (at++; at < s.len && s.data[at] != end; at++)
		at += s.data[at] == '\\';
	return at < s.len ? at + 1 : from;
}

/* Reads (dest "title") at the cursor. */
static bool take_inline_dest(struct md_cursor *cur)
{
	size_t from = skip_space(cur->s, cur->pos + 1), to, at;
	bool pointy;

	if (peek(cur, 0) != '(')
		return false;
	to = dest_end(cur->s, from);
	if (to == SIZE_MAX)
		return false;
	at = skip_space(cur->s, to);
	if (at > to)
		at = skip_space(cur->s, title_end(cur->s, at));
	if (at >= cur->s.len || cur->s.data[at] != ')')
		return false;
	pointy = to > from && cur->s.data[from] == '<';
	cur->has_dest = true;
	cur->dest_from = from + pointy;
	cur->dest_to = to - pointy;
	cur->pos = at + 1;
	return true;
}

/* What follows a link's text: a destination, a label, or nothing. */
static void take_target(struct md_cursor *cur, size_t open)
{
	size_t close = cur->pos, from, to;

	take(cur, ']');
	if (take_inline_dest(cur))
		return;
	from = open;
	to = close;
	if (peek(cur, 0) == '[') {
		size_t start = cur->pos + 1;

		take_until(cur, ']');
		if (cur->pos - 1 > start) {
			from = start;
			to = cur->pos - 1;
		}
	}
	cur->label = kb_str_trim(kb_str_sub(cur->s, from, to));
}

static void enter_link(struct md_cursor *cur, cmark_node *node)
{
	if (cmark_node_get_type(node) == CMARK_NODE_IMAGE)
		take_literal(cur, KB_STR("!["));
	else if (peek(cur, 0) == '[' || peek(cur, 0) == '<')
		cur->pos++;
}

void md_cursor_enter(struct md_cursor *cur, cmark_node *node)
{
	cmark_node_type type = cmark_node_get_type(node);

	if (cur->lost)
		return;
	if (type == CMARK_NODE_TEXT)
		take_text(cur, cmark_node_get_literal(node));
	else if (type == CMARK_NODE_CODE)
		take_code(cur);
	else if (type == CMARK_NODE_HTML_INLINE)
		take_literal(cur, md_literal(node));
	else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
		take_break(cur);
	else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG)
		take_emphasis(cur, type == CMARK_NODE_STRONG ? 2 : 1);
	else if (type == CMARK_NODE_STRIKETHROUGH)
		take_tildes(cur);
	else if (type == CMARK_NODE_FOOTNOTE_REFERENCE)
		take_until(cur, ']');
	else if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
		enter_link(cur, node);
}

void md_cursor_leave(struct md_cursor *cur, cmark_node *node, size_t from)
{
	cmark_node_type type = cmark_node_get_type(node);
	char open = from < cur->s.len ? cur->s.data[from] : '\0';

	cur->has_dest = false;
	cur->label = KB_STR_NULL;
	if (cur->lost)
		return;
	if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG) {
		take_emphasis(cur, type == CMARK_NODE_STRONG ? 2 : 1);
	} else if (type == CMARK_NODE_STRIKETHROUGH) {
		take_tildes(cur);
	} else if (type == CMARK_NODE_IMAGE) {
		take_target(cur, from + 2);
	} else if (type == CMARK_NODE_LINK && open == '[') {
		take_target(cur, from + 1);
	} else if (type == CMARK_NODE_LINK) {
		cur->has_dest = true;
		cur->dest_from = from + (open == '<');
		cur->dest_to = cur->pos;
		if (open == '<')
			take(cur, '>');
	}
}
