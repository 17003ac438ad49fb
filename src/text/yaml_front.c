#include "yaml_private.h"

#define BOM "\xEF\xBB\xBF"

struct front_block {
	struct kb_yaml_input in; /* its text is the whole file after a BOM */
	size_t start;		 /* of the YAML */
	size_t close, body;	 /* of the closing line, and after it */
};

/* Is the line that begins at OFF exactly MARK, but for white space after it? */
static bool line_is(kb_str text, size_t off, const char *mark, size_t *next)
{
	struct kb_yaml_line line = kb_yaml_line_at(text, off);
	kb_str words = kb_str_trim(kb_str_sub(text, line.start, line.end));

	*next = line.next;
	return line.content == line.start && kb_str_is(words, mark);
}

static bool find_close(struct front_block *front)
{
	kb_str text = front->in.text;
	size_t at = front->start;

	for (; at < text.len; at = kb_line_next(text, at)) {
		if ((text.data[at] != '-' && text.data[at] != '.') ||
			(!line_is(text, at, "---", &front->body) &&
				!line_is(text, at, "...", &front->body)))
			continue;
		front->close = at;
		return true;
	}
	return false;
}

static void find_missing(const struct kb_yaml_input *in)
{
	struct kb_yaml_line line = {0};
	struct kb_diag *diag;
	kb_str first;
	size_t at = 0;

	while (kb_yaml_line_take(in->text, &at, &line) && kb_yaml_line_blank(&line))
		;
	first = kb_str_sub(in->text, line.content, line.value_end);
	diag = kb_yaml_find(
		in, KB_RULE_FM_MISSING, 0, 0, "this document has no front matter");
	if (kb_str_is(first, "---"))
		kb_diag_hint(in->diags, diag,
			"'---' must be the first line: delete everything before it");
	else if (kb_str_is(first, "+++") || kb_str_starts(first, KB_STR("{")))
		kb_diag_hint(in->diags, diag,
			"this is %s, but kb reads YAML: write 'title: ...' and the "
			"other keys between two '---' lines",
			first.data[0] == '+' ? "TOML" : "JSON");
	else if (kb_str_starts(first, KB_STR("--")) ||
		 kb_str_starts(first, KB_STR("\xE2\x80\x94")) ||
		 kb_str_starts(first, KB_STR("\xE2\x80\x93")))
		kb_diag_hint(in->diags, diag, "the first line must be exactly '---'");
	else if (kb_yaml_line_is_key(in->text, &line))
		kb_diag_hint(in->diags, diag,
			"write '---' on a line of its own above this line, and "
			"again below the last key");
	else
		kb_diag_hint(in->diags, diag,
			"begin the file with three lines: '---', 'title: ...' and '---'");
}

/* Can the line be a part of YAML: a key, an item, a comment, a continuation? */
static bool looks_like_yaml(kb_str text, const struct kb_yaml_line *line)
{
	char c;

	if (kb_yaml_line_blank(line))
		return true;
	c = text.data[line->content];
	return line->content > line->start || c == '}' || c == ']' ||
	       (c == '-' && line->value > line->content) ||
	       (c == '#' && line->content + 1 < line->end &&
		       text.data[line->content + 1] != '#') ||
	       kb_yaml_line_is_key(text, line);
}

/*
 * Where front matter without a closing line probably ends: before the first line
 * that is none of YAML's, or the comments (or headings) and blank lines above it.
 */
static size_t probable_end(const struct front_block *front)
{
	kb_str text = front->in.text;
	size_t end = front->start, at = front->start;
	struct kb_yaml_line line;

	while (kb_yaml_line_take(text, &at, &line) && looks_like_yaml(text, &line)) {
		if (!kb_yaml_line_blank(&line) && text.data[line.content] != '#')
			end = at;
	}
	return end;
}

/* "---" as a line of its own at END, with the file's line ends. */
static kb_str closing_line(const struct kb_yaml_input *in, size_t end)
{
	const char *ending = kb_line_ending(in->text);
	bool begun = kb_line_start(in->text, end) != end;

	return kb_arena_fmt(in->diags->arena, "%s---%s", begun ? ending : "", ending);
}

static void find_unclosed(const struct front_block *front, size_t end)
{
	const struct kb_yaml_input *in = &front->in;
	struct kb_diag *diag = kb_yaml_find(
		in, KB_RULE_FM_UNCLOSED, end, end, "the front matter is not closed");

	kb_diag_hint(
		in->diags, diag, "put a '---' line before this line, after the last key");
	kb_yaml_fix(in, diag, end, end, closing_line(in, end));
}

/* Is the text between the probable end and a line of '---' part of the document's text?
 * Such text has empty lines and no keys. */
static bool is_text(const struct front_block *front, size_t end)
{
	kb_str text = front->in.text;
	struct kb_yaml_line line;
	bool blank = false;
	size_t at = end;

	while (at < front->close && kb_yaml_line_take(text, &at, &line)) {
		if (line.indent == 0 && kb_yaml_line_is_key(text, &line))
			return false;
		blank = blank || kb_yaml_line_blank(&line);
	}
	return blank && kb_str_trim(kb_str_sub(text, end, front->close)).len > 0;
}

static struct kb_node *parse_front(struct kb_arena *arena, struct front_block *front)
{
	struct kb_yaml_input in = front->in;
	size_t before = in.diags->len, end;
	struct kb_node *root;

	in.text = kb_str_sub(in.text, front->start, front->close);
	in.base += (uint32_t)front->start;
	in.line = 2;
	root = kb_yaml_build(arena, &in);
	if (!root) {
		end = probable_end(front);
		if (end < front->close && is_text(front, end)) {
			in.diags->len = before;
			find_unclosed(front, end);
			front->body = end;
		}
		return NULL;
	}
	if (root->kind == KB_NODE_MAP)
		return root;
	kb_diag_hint(in.diags,
		kb_diag_add(in.diags, KB_RULE_YAML_SYNTAX, in.path, root->range,
			"front matter is made of lines such as 'title: Returns'"),
		"begin each line with a key, a colon and a space");
	return NULL;
}

struct kb_node *kb_front_matter_parse(struct kb_arena *arena, kb_str file, kb_str path,
	kb_str *body, uint32_t *body_off, struct kb_diags *diags)
{
	struct front_block front = {
		.in = {.text = file, .line = 1, .path = path, .diags = diags}};
	struct kb_node *root = NULL;

	if (kb_str_starts(file, KB_STR(BOM))) {
		front.in.text = kb_str_sub(file, 3, file.len);
		front.in.base = 3;
	}
	if (!line_is(front.in.text, 0, "---", &front.start)) {
		find_missing(&front.in);
	} else if (!find_close(&front)) {
		front.body = probable_end(&front);
		find_unclosed(&front, front.body);
	} else {
		root = parse_front(arena, &front);
	}
	*body = kb_str_sub(front.in.text, front.body, front.in.text.len);
	*body_off = front.in.base + (uint32_t)front.body;
	return root;
}
