/*
 * Markdown that failed to be Markdown and so is shown as it was typed. Each kind is
 * looked for in a mask of a block's content: its plain text, in which links, code,
 * tags and escaped characters are blotted out. Guesses at a label are few; the
 * rest is linear in the text.
 */
#include "md_facts.h"

enum {
	DEST_MAX = 300, /* bytes of a destination that are looked at */
	SHOWN_MAX = 80,
	BLOT = 0x02,
};

struct leftover_scan {
	struct md_facts *f;
	const struct md_cursor *cur;
	kb_str mask;
};

static void leftover(struct md_facts *f, kb_range range, kb_str hint, const char *message)
{
	if (md_fact_may_tell(f))
		md_find(f->md, KB_RULE_MARKDOWN_LEFTOVER, range, hint, "%s", message);
}

/* Text has what its leaf's content has, and what entities stand for. */
bool md_leftover_may_any(cmark_node *leaf)
{
	kb_str s = kb_str_of(cmark_node_get_string_content(leaf));

	return kb_str_chr(s, ']') != SIZE_MAX || kb_str_chr(s, '&') != SIZE_MAX ||
	       (cmark_node_get_type(leaf) == CMARK_NODE_PARAGRAPH &&
		       (kb_str_chr(s, '#') != SIZE_MAX ||
			       kb_str_chr(s, '|') != SIZE_MAX));
}

bool md_leftover_may(cmark_node *leaf, cmark_node *text)
{
	kb_str s = md_literal(text);

	return kb_str_chr(s, ']') != SIZE_MAX ||
	       (cmark_node_get_type(leaf) == CMARK_NODE_PARAGRAPH &&
		       (kb_str_starts(s, KB_STR("#")) || kb_str_chr(s, '|') != SIZE_MAX));
}

char *md_leftover_mask(struct md_facts *f, kb_str content)
{
	char *mask = kb_arena_alloc(f->md->arena, content.len + 1);

	for (size_t i = 0; i < content.len; i++)
		mask[i] = content.data[i] == '\n' ? '\n' : BLOT;
	mask[content.len] = '\0';
	return mask;
}

void md_leftover_text(char *mask, kb_str content, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (content.data[i] == '\\' && i + 1 < to)
			i++;
		else
			mask[i] = content.data[i];
	}
}

/* Links */

static bool starts_any(kb_str s, const char *const *starts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_starts(s, kb_str_of(starts[i])))
			return true;
	return false;
}

/* Does S look like an address or the path of a file, and not like words in brackets? */
static bool is_path(kb_str s)
{
	static const char *const starts[] = {"http://", "https://",
		"mailto:", "tel:", "id:", "kb:", "./", "../", "#", "www."};
	static const char *const ends[] = {".md", ".html", ".htm", ".pdf", ".png", ".jpg",
		".jpeg", ".gif", ".svg", ".webp", ".docx", ".xlsx", ".zip", ".csv",
		".txt"};

	if (s.len < 2 || memchr(s.data, BLOT, s.len) ||
		kb_str_find(s, KB_STR("{{")) != SIZE_MAX ||
		kb_str_find(s, KB_STR("{%")) != SIZE_MAX)
		return false;
	if (starts_any(s, starts, KB_LEN(starts)))
		return true;
	s = kb_str_sub(s, 0, kb_str_chr(s, '#'));
	for (size_t i = 0; i < KB_LEN(ends); i++)
		if (s.len > strlen(ends[i]) &&
			kb_str_eq_nocase(kb_str_sub(s, s.len - strlen(ends[i]), s.len),
				kb_str_of(ends[i])))
			return true;
	return false;
}

static bool has_blank(kb_str s)
{
	return kb_str_chr(s, ' ') != SIZE_MAX || kb_str_chr(s, '\t') != SIZE_MAX;
}

/* The text from the bracket at OFF to the one that closes it, or empty. */
static kb_str bracketed(kb_str s, size_t off)
{
	char open = s.data[off], close = open == '(' ? ')' : ']';
	size_t depth = 1;

	for (size_t i = off + 1; i < s.len && i - off < DEST_MAX; i++) {
		if (s.data[i] == '\n')
			break;
		depth += s.data[i] == open;
		if (s.data[i] == close && --depth == 0)
			return kb_str_sub(s, off + 1, i);
	}
	return KB_STR_NULL;
}

/* Removes a title at the end of a link's destination. */
static kb_str take_title(kb_str *dest)
{
	kb_str s = kb_str_trim(*dest), title = KB_STR_NULL;
	char quote = s.len ? s.data[s.len - 1] : 0;

	if (quote == '"' || quote == '\'')
		for (size_t i = s.len - 1; i-- > 1;)
			if (s.data[i] == quote && strchr(" \t", s.data[i - 1])) {
				title = kb_str_sub(s, i, s.len);
				s = kb_str_trim(kb_str_sub(s, 0, i));
				break;
			}
	*dest = s;
	return title;
}

static kb_str content(const struct leftover_scan *s, size_t from, size_t to)
{
	return kb_str_sub(s->cur->s, from, to < from + SHOWN_MAX ? to : from + SHOWN_MAX);
}

/* [x](a b.md): OPEN and AT are where its '[' and its '(' stand. */
static size_t link_blank(struct leftover_scan *s, size_t open, size_t at)
{
	kb_str in = bracketed(s->mask, at), dest = in, title = take_title(&dest), hint;
	bool image = open && s->mask.data[open - 1] == '!';

	if (!has_blank(dest) || !is_path(dest) || kb_str_chr(dest, '<') != SIZE_MAX)
		return 0;
	hint = kb_arena_fmt(s->f->md->arena,
		"write '(<%.*s>%s%.*s)', or %%20 for each space", KB_ARG(dest),
		title.len ? " " : "", KB_ARG(title));
	leftover(s->f, md_cursor_range(s->cur, open - image, at + in.len + 2), hint,
		image ? "the path of an image has a space, so this is shown as it is "
			"typed"
		      : "the path of a link has a space, so this is shown as it is "
			"typed");
	return at + in.len + 2;
}

/* [x] (a.md): CLOSE is where its ']' stands. */
static size_t link_apart(struct leftover_scan *s, size_t open, size_t close)
{
	size_t at = close + 1;
	kb_str in;

	while (at < s->mask.len && strchr(" \t", s->mask.data[at]))
		at++;
	if (at == close + 1 || at - close > 4 || at >= s->mask.len ||
		s->mask.data[at] != '(')
		return 0;
	in = bracketed(s->mask, at);
	if (has_blank(in) || !is_path(in))
		return 0;
	leftover(s->f, md_cursor_range(s->cur, open, at + in.len + 2),
		kb_arena_fmt(s->f->md->arena, "write '%.*s(%.*s)', without the space",
			KB_ARG(content(s, open, close + 1)), KB_ARG(in)),
		"there is a space between ']' and '(', so this is shown as it is typed");
	return at + in.len + 2;
}

/* (x)[a.md]: OPEN is where its '(' stands, AT its '['. */
static size_t link_swapped(struct leftover_scan *s, size_t open, size_t at)
{
	kb_str in = bracketed(s->mask, at);

	if (has_blank(in) || !is_path(in))
		return 0;
	leftover(s->f, md_cursor_range(s->cur, open, at + in.len + 2),
		kb_arena_fmt(s->f->md->arena, "write '[%.*s](%.*s)'",
			KB_ARG(content(s, open + 1, at - 1)), KB_ARG(in)),
		"the brackets of a link are the wrong way round, so this is shown as it "
		"is typed");
	return at + in.len + 2;
}

/* References */

static bool has_letter(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (((s.data[i] | 32) >= 'a' && (s.data[i] | 32) <= 'z') ||
			(unsigned char)s.data[i] >= 0x80)
			return true;
	return false;
}

/* A definition in a block for an audience has a finding, and its links follow from it. */
static bool is_withheld(const struct kb_md *md)
{
	for (size_t i = 0; i < md->findings.len; i++)
		if (md->findings.items[i].rule == KB_RULE_CALLOUT_DEFINITION)
			return true;
	return false;
}

/* [text][label] and [text][] with a label that the text does not define. */
static size_t reference_full(struct leftover_scan *s, size_t open, size_t close)
{
	kb_str text = content(s, open + 1, close), label = bracketed(s->mask, close + 1),
	       near;
	size_t end = close + label.len + 3;
	bool image = open && s->mask.data[open - 1] == '!';

	if (!label.data || is_withheld(s->f->md) || memchr(label.data, BLOT, label.len) ||
		!has_letter(label.len ? label : text) || !has_letter(text) ||
		(open && has_letter(content(s, open - 1, open))) || is_path(label))
		return 0;
	label = label.len ? label : text;
	if (!md_fact_may_tell(s->f))
		return end;
	near = md_definition_near(s->f->md, label);
	md_find(s->f->md, KB_RULE_REFERENCE_UNDEFINED,
		md_cursor_range(s->cur, open - image, end),
		near.len ? kb_arena_fmt(s->f->md->arena, "did you mean '[%.*s][%.*s]'?",
				   KB_ARG(text), KB_ARG(near))
			 : kb_arena_fmt(s->f->md->arena,
				   "write '%s[%.*s](address)', or '[%.*s]: address' on a "
				   "line of its own",
				   image ? "!" : "", KB_ARG(text), KB_ARG(label)),
		"no line defines the label '%.*s', so this is shown as it is typed",
		KB_ARG(label));
	return end;
}

/* [label] alone is a reference if the text defines nearly this label. */
static void reference_short(struct leftover_scan *s, size_t open, size_t close)
{
	enum { GUESSES_MAX = 50 };
	kb_str label = content(s, open + 1, close), near;

	if (!has_letter(label) || memchr(s->mask.data + open, BLOT, close - open) ||
		s->f->guesses++ >= GUESSES_MAX ||
		!(near = md_definition_near(s->f->md, label)).len ||
		!md_fact_may_tell(s->f))
		return;
	md_find(s->f->md, KB_RULE_REFERENCE_UNDEFINED,
		md_cursor_range(s->cur, open, close + 1),
		kb_arena_fmt(s->f->md->arena, "did you mean '[%.*s]'?", KB_ARG(near)),
		"no line defines the label '%.*s', so this is shown as it is typed",
		KB_ARG(label));
}

/* [^label] without a note; but [^a-z] is an expression. */
static bool reference_note(struct leftover_scan *s, size_t open, size_t close)
{
	kb_str label = content(s, open + 2, close), near;

	if (open + 2 >= close || s->mask.data[open + 1] != '^')
		return false;
	if (has_blank(label) || memchr(label.data, BLOT, label.len) ||
		(label.len == 3 && label.data[1] == '-') || !md_fact_may_tell(s->f))
		return true;
	near = md_definition_near(
		s->f->md, kb_arena_fmt(s->f->md->arena, "^%.*s", KB_ARG(label)));
	md_find(s->f->md, KB_RULE_REFERENCE_UNDEFINED,
		md_cursor_range(s->cur, open, close + 1),
		near.len ? kb_arena_fmt(s->f->md->arena, "did you mean '[%.*s]'?",
				   KB_ARG(near))
			 : kb_arena_fmt(s->f->md->arena,
				   "write the footnote on a line of its own: '[^%.*s]: "
				   "text'",
				   KB_ARG(label)),
		"there is no footnote '%.*s', so this is shown as it is typed",
		KB_ARG(label));
	return true;
}

static size_t reference_at(struct leftover_scan *s, size_t open, size_t close)
{
	char next = close + 1 < s->mask.len ? s->mask.data[close + 1] : '\0';

	if (s->f->audience == KB_AUDIENCE_WITHHELD || reference_note(s, open, close))
		return 0;
	if (next == '[')
		return reference_full(s, open, close);
	if (next != ':' && next != ']' && !(open && s->mask.data[open - 1] == '['))
		reference_short(s, open, close);
	return 0;
}

static size_t link_at(struct leftover_scan *s, size_t i, size_t square, size_t round)
{
	char c = s->mask.data[i];
	char next = i + 1 < s->mask.len ? s->mask.data[i + 1] : '\0';

	size_t end;

	if (c == ']' && square != SIZE_MAX && i > square + 1) {
		end = next == '(' ? link_blank(s, square, i + 1)
				  : link_apart(s, square, i);
		return end || next == '(' ? end : reference_at(s, square, i);
	}
	if (c == ')' && next == '[' && round != SIZE_MAX && i > round + 1)
		return link_swapped(s, round, i + 1);
	return 0;
}

static void links_read(struct leftover_scan *s)
{
	size_t square = SIZE_MAX, round = SIZE_MAX; /* where the last was opened */

	for (size_t i = 0; i < s->mask.len; i++) {
		char c = s->mask.data[i];
		size_t end;

		if (c == '[') {
			square = i;
		} else if (c == '(') {
			round = i;
		} else if (c == '\n') {
			square = round = SIZE_MAX;
		} else if (c == ']' || c == ')') {
			end = link_at(s, i, square, round);
			if (c == ']' || end)
				square = SIZE_MAX;
			if (c == ')' || end)
				round = SIZE_MAX;
			i = end ? end - 1 : i;
		}
	}
}

/* Lines */

/* #Words: a single # is also the beginning of tags and numbers, so the line must look
 * like a heading. */
static bool is_heading(kb_str line)
{
	size_t n = 0;
	unsigned char c;

	while (n < line.len && line.data[n] == '#')
		n++;
	if (!n || n > 6 || n >= line.len)
		return false;
	c = (unsigned char)line.data[n];
	if (!(c >= 'A' && c <= 'Z') && c < 0x80)
		return n > 1 && c >= 'a' && c <= 'z';
	return n > 1 || kb_str_find(line, KB_STR(" #")) == SIZE_MAX;
}

static void heading_read(struct leftover_scan *s, size_t at, kb_str line)
{
	size_t n = 0;
	kb_str text;

	while (n < line.len && line.data[n] == '#')
		n++;
	text = content(s, at + n, at + line.len);
	leftover(s->f, md_cursor_range(s->cur, at, at + line.len),
		kb_arena_fmt(s->f->md->arena,
			"write '%.*s %.*s', or \\# to show the sign itself", (int)n,
			line.data, KB_ARG(text)),
		"a heading has no space after its '#', so it is shown as it is typed");
}

/* The cells of a table's row; 0: it is not one. DELIMITERS: |---|:-:| and nothing else.
 */
static size_t row_cells(kb_str line, bool delimiters)
{
	size_t pipes = 0;
	bool dash = false;

	line = kb_str_trim(line);
	for (size_t i = 0; i < line.len; i++) {
		pipes += line.data[i] == '|';
		dash |= line.data[i] == '-';
		if (delimiters && !strchr("|-: \t", line.data[i]))
			return 0;
	}
	if (!pipes || (delimiters && !dash))
		return 0;
	return pipes + 1 - (line.data[0] == '|') - (line.data[line.len - 1] == '|');
}

static void row_read(struct leftover_scan *s, size_t at, kb_str line, kb_str before)
{
	size_t cells = row_cells(line, true),
	       wanted = cells ? row_cells(before, false) : 0;

	if (!wanted || cells == wanted)
		return;
	leftover(s->f, md_cursor_range(s->cur, at, at + line.len),
		kb_arena_fmt(s->f->md->arena,
			"the row above has %zu cells and this one has %zu: write '---' "
			"between '|' once for each cell",
			wanted, cells),
		"the second row of the table does not have as many columns as the "
		"first, so the table is shown as it is typed");
}

static void lines_read(struct leftover_scan *s)
{
	kb_str rest = s->mask, line, before = KB_STR_NULL;

	for (bool first = true; kb_str_next(&rest, '\n', &line); first = false) {
		size_t blank = 0, at;

		while (blank < line.len && strchr(" \t", line.data[blank]))
			blank++;
		line = kb_str_sub(line, blank, line.len);
		at = (size_t)(line.data - s->mask.data);
		if (is_heading(line))
			heading_read(s, at, line);
		else if (!first && line.len)
			row_read(s, at, line, before);
		before = line;
	}
}

void md_leftover_read(struct md_facts *f, const struct md_cursor *cur, const char *mask)
{
	struct leftover_scan s = {f, cur, {mask, cur->s.len}};

	if (cur->lost)
		return;
	links_read(&s);
	if (cmark_node_get_type(cur->block) == CMARK_NODE_PARAGRAPH)
		lines_read(&s);
}

/* Fences */

void md_leftover_fence(struct md_facts *f, cmark_node *fence)
{
	int first = cmark_node_get_start_line(fence);
	int length, offset;
	char mark;

	if (!cmark_node_get_fenced(fence, &length, &offset, &mark) ||
		md_fence_is_closed(f->md, fence))
		return;
	leftover(f, md_lines_range(f->md, first, first),
		kb_arena_fmt(f->md->arena,
			"write '%.*s' alone on the line after the code",
			length > 8 ? 8 : length, mark == '~' ? "~~~~~~~~" : "````````"),
		"this code fence is not closed, so the rest of its list item, quote or "
		"document is shown as code");
}
