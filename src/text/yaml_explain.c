#include "yaml_private.h"

/*
 * libyaml says where it could not go on; people want to know what they typed.
 * Each explain_... looks for one mistake and says whether it found it; the first
 * that does has the word.
 */

struct yaml_view {
	const struct kb_yaml_input *in;
	const struct kb_yaml_fault *fault;
	struct kb_yaml_line line;   /* the one to be fixed, as far as libyaml knows */
	struct kb_yaml_line before; /* the last one before it that is not blank */
	bool has_before;
};

static bool problem_is(const struct yaml_view *v, const char *part)
{
	return kb_str_find(v->fault->problem, kb_str_of(part)) != SIZE_MAX;
}

static bool context_is(const struct yaml_view *v, const char *part)
{
	return kb_str_find(v->fault->context, kb_str_of(part)) != SIZE_MAX;
}

static char byte(const struct yaml_view *v, size_t at)
{
	return at < v->in->text.len ? v->in->text.data[at] : '\0';
}

static kb_str cut(const struct yaml_view *v, size_t from, size_t to)
{
	return kb_str_sub(v->in->text, from, to);
}

static kb_str line_value(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	return cut(v, line->value, line->value_end);
}

static void hint_quote(const struct yaml_view *v, const struct kb_yaml_line *line,
	kb_str value, struct kb_diag *diag)
{
	kb_yaml_fix_quote(v->in, diag, line->value, line->value_end, value);
	value = kb_yaml_line_quoted(v->in, line, value);
	kb_diag_hint(v->in->diags, diag, "put the value in quotes: %.*s", KB_ARG(value));
}

/* For a fix that is one of several that may be meant. */
static void set_guess(struct kb_diag *diag)
{
	if (diag)
		diag->guess = true;
}

/* A finding on the line's value, with VALUE in quotes in its place as hint. */
static bool find_quote(const struct yaml_view *v, const struct kb_yaml_line *line,
	kb_str value, const char *message)
{
	hint_quote(v, line, value,
		kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, line->value, line->value_end,
			"%s", message));
	return true;
}

/* The same for a value that begins with a sign that YAML keeps for itself. */
static bool find_sign(
	const struct yaml_view *v, const struct kb_yaml_line *line, const char *meaning)
{
	hint_quote(v, line, line_value(v, line),
		kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, line->value, line->value_end,
			"a value that begins with '%c' %s", byte(v, line->value),
			meaning));
	return true;
}

/* Two spaces for each tab from TAB to the line's text. */
static void fix_line(const struct yaml_view *v, struct kb_diag *diag,
	const struct kb_yaml_line *line, size_t tab)
{
	_cleanup_buf_ kb_buf spaces = {0};

	for (size_t i = tab; i < line->content; i++)
		kb_buf_puts(&spaces, byte(v, i) == '\t' ? "  " : " ");
	kb_yaml_fix(v->in, diag, tab, line->content, kb_buf_view(&spaces));
}

/* The line, and all others that begin with a tab: the next one would be said next. */
static void fix_tabs(const struct yaml_view *v, struct kb_diag *diag,
	const struct kb_yaml_line *line, size_t tab)
{
	struct kb_yaml_line other;
	size_t at = 0;

	while (kb_yaml_line_take(v->in->text, &at, &other)) {
		if (other.start == line->start)
			fix_line(v, diag, &other, tab);
		else if (byte(v, other.start) == '\t' && !kb_yaml_line_blank(&other))
			fix_line(v, diag, &other, other.start);
	}
}

static bool find_tab(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	size_t tab = line->start;
	struct kb_diag *diag;

	while (tab < line->content && byte(v, tab) != '\t')
		tab++;
	if (tab == line->content)
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_TAB, tab, line->content,
		"this line is indented with a tab; YAML requires spaces");
	kb_diag_hint(v->in->diags, diag, "replace each tab with two spaces");
	fix_tabs(v, diag, line, tab);
	return true;
}

/* A tab in place of the space behind '-' or ':'. */
static bool find_inner_tab(const struct yaml_view *v)
{
	size_t at = v->fault->at;
	struct kb_diag *diag;

	if (byte(v, at) != '\t')
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_TAB, at, at + 1,
		"this is a tab; YAML requires a space");
	kb_diag_hint(v->in->diags, diag, "replace the tab with a space");
	kb_yaml_fix(v->in, diag, at, at + 1, KB_STR(" "));
	return true;
}

static bool explain_tab(const struct yaml_view *v)
{
	struct kb_yaml_line problem = kb_yaml_line_at(v->in->text, v->fault->at);

	return find_tab(v, &problem) || find_tab(v, &v->line) || find_inner_tab(v);
}

/* U+0085, U+2028 and U+2029 end lines for libyaml, and nobody sees them. */
static bool explain_separator(const struct yaml_view *v)
{
	size_t from = v->has_before ? v->before.start : v->line.start;
	struct kb_diag *diag;

	for (size_t i = from; i < v->line.end; i++) {
		kb_str at = cut(v, i, i + 3);
		bool line =
			kb_str_is(at, "\xE2\x80\xA8") || kb_str_is(at, "\xE2\x80\xA9");

		if (!line && !kb_str_starts(at, KB_STR("\xC2\x85")))
			continue;
		diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, i, i + (line ? 3 : 2),
			"an invisible line separator breaks this value in two");
		kb_diag_hint(v->in->diags, diag,
			"delete it (it is between the visible characters), or replace "
			"it with a space");
		kb_yaml_fix(v->in, diag, i, i + (line ? 3 : 2), KB_STR(" "));
		return true;
	}
	return false;
}

/* The length of the typographic quote at an end of the text, or 0. */
static size_t typographic_mark(kb_str s, bool at_end)
{
	static const char *const marks[] = {"\xE2\x80\x9C", "\xE2\x80\x9D",
		"\xE2\x80\x9E", "\xE2\x80\x98", "\xE2\x80\x99", "\xE2\x80\x9A",
		"\xC2\xAB", "\xC2\xBB"};

	for (size_t i = 0; i < KB_LEN(marks); i++) {
		kb_str mark = kb_str_of(marks[i]);

		if (at_end ? kb_str_ends(s, mark) : kb_str_starts(s, mark))
			return mark.len;
	}
	return 0;
}

/* Text in typographic quotes, which mean nothing to YAML: the inner text, or empty. */
static kb_str typographic(kb_str value)
{
	size_t front = typographic_mark(value, false),
	       back = typographic_mark(value, true);

	if (!front || !back || front + back >= value.len)
		return KB_STR_NULL;
	return kb_str_sub(value, front, value.len - back);
}

/* A hint with the quote closed at the end of the line where it opens. */
static void find_unclosed(const struct yaml_view *v, size_t at)
{
	struct kb_yaml_line line = kb_yaml_line_at(v->in->text, at);
	kb_str value = cut(v, at + 1, line.value_end);
	struct kb_diag *diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, at, at + 1,
		"the quote that opens here is not closed");

	value.len -= typographic_mark(value, true);
	if (at == line.value) {
		kb_yaml_fix_quote(v->in, diag, at, line.value_end, value);
		set_guess(diag);
		value = kb_yaml_line_quoted(v->in, &line, value);
		kb_diag_hint(v->in->diags, diag, "close it where the value ends: %.*s",
			KB_ARG(value));
	} else {
		kb_diag_hint(
			v->in->diags, diag, "put a %c where the value ends", byte(v, at));
	}
}

/* Does the scalar that took several lines hold one that looks like a key? */
static bool quote_holds_key(const struct yaml_view *v)
{
	size_t at = v->fault->quote.off, end = at + v->fault->quote.len;
	struct kb_yaml_line line;

	at = kb_line_next(v->in->text, at);
	while (at < end && kb_yaml_line_take(v->in->text, &at, &line))
		if (kb_yaml_line_is_key(v->in->text, &line))
			return true;
	return false;
}

static bool explain_unclosed(const struct yaml_view *v)
{
	const struct kb_yaml_fault *fault = v->fault;
	size_t end = fault->quote.off + fault->quote.len;

	if (context_is(v, "quoted scalar") && problem_is(v, "unexpected")) {
		find_unclosed(v, fault->context_at);
		return true;
	}
	if (fault->quote.len == 0 || fault->at < end || !quote_holds_key(v))
		return false;
	if (kb_line_start(v->in->text, fault->at) > end)
		return false;
	find_unclosed(v, fault->quote.off);
	return true;
}

static bool explain_escape(const struct yaml_view *v)
{
	size_t at = v->fault->at;
	struct kb_yaml_line line = kb_yaml_line_at(v->in->text, v->fault->context_at);
	kb_str value = cut(v, v->fault->context_at + 1, line.value_end);
	struct kb_diag *diag;

	if (!context_is(v, "parsing a quoted scalar"))
		return false;
	while (at > v->fault->context_at && byte(v, at) != '\\')
		at--;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, at, at + 2,
		"in double quotes, a backslash begins a code such as \\n, but this is "
		"not one");
	if (kb_str_ends(value, KB_STR("\"")) && v->fault->context_at == line.value) {
		value.len--;
		kb_yaml_fix_quote(v->in, diag, line.value, line.value_end, value);
		set_guess(diag);
		value = kb_yaml_line_quoted(v->in, &line, value);
		kb_diag_hint(
			v->in->diags, diag, "use single quotes: %.*s", KB_ARG(value));
	} else {
		kb_diag_hint(v->in->diags, diag,
			"use single quotes, or write two backslashes");
	}
	return true;
}

/* Text after a closing quote, or text that contains the quote it is in. */
static bool find_after_quote(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	kb_str value = line_value(v, line);
	char quote = value.data[0];
	kb_str inner;

	if (value.len > 2 && value.data[value.len - 1] == quote) {
		inner = kb_str_sub(value, 1, value.len - 1);
		if (kb_str_chr(inner, quote) == SIZE_MAX)
			return false;
		return find_quote(v, line, inner,
			quote == '\''
				? "the apostrophe inside the value ends the quoted text"
				: "the quote inside the value ends the quoted text");
	}
	if (value.len < 2 ||
		kb_str_chr(kb_str_sub(value, 1, value.len), quote) == SIZE_MAX)
		return false;
	return find_quote(v, line, value, "the value continues after its closing quote");
}

/* A list or a map that is one, but for a mistake inside it or a bracket too many. */
static bool find_in_bracket(
	const struct yaml_view *v, const struct kb_yaml_line *line, char close)
{
	size_t at = v->fault->at;
	struct kb_diag *diag;

	if (at < line->value || at >= line->value_end)
		return false;
	if (problem_is(v, "did not find expected ','")) {
		diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, at, line->value_end,
			"a comma is missing before this, or a quote further left is "
			"not closed");
		kb_diag_hint(v->in->diags, diag,
			"put a comma between two items, and quotes at both ends of an "
			"item");
		return true;
	}
	if (kb_str_trim(cut(v, at, line->value_end)).len != 1 || byte(v, at) != close)
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, at, at + 1,
		"there is one '%c' too many", close);
	kb_diag_hint(v->in->diags, diag, "delete it");
	kb_yaml_fix(v->in, diag, at, at + 1, KB_STR(""));
	return true;
}

static bool find_bracket(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	kb_str value = line_value(v, line);
	char open = value.data[0], close = open == '[' ? ']' : '}';
	struct kb_diag *diag;

	if (open == '{' && value.len > 1 &&
		(value.data[1] == '{' || value.data[1] == '%'))
		return find_sign(v, line, "must be in quotes");
	if (find_in_bracket(v, line, close))
		return true;
	if (kb_str_chr(value, close) != SIZE_MAX)
		return find_sign(v, line,
			open == '[' ? "is parsed as a list but is not one"
				    : "is parsed as a map but is not one");
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, line->value, line->value + 1,
		"the '%c' that opens here is not closed", open);
	kb_diag_hint(v->in->diags, diag, "put '%c' where the %s ends", close,
		open == '[' ? "list" : "map");
	return true;
}

static bool find_block_sign(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	kb_str value = line_value(v, line);
	struct kb_diag *diag;

	if (!context_is(v, "block scalar"))
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, line->value, line->value_end,
		"after '%c', the text must begin on the next line", value.data[0]);
	hint_quote(v, line, value, diag);
	set_guess(diag);
	return true;
}

static bool find_dash(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	kb_str key = cut(v, line->content, line->value);
	kb_str value = line_value(v, line);
	struct kb_diag *diag;

	if (!problem_is(v, "block sequence entries"))
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, line->value, line->value_end,
		"a list must begin on the line after its key");
	kb_diag_hint(v->in->diags, diag,
		"put '%.*s' on its own line below '%.*s', indented by two more spaces",
		KB_ARG(value), KB_ARG(kb_str_trim(key)));
	return true;
}

/* Mistakes that a value's first character shows. */
static bool explain_first_sign(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	kb_str value = line_value(v, line);

	if (value.len == 0)
		return false;
	switch (value.data[0]) {
	case '{':
	case '[':
		return find_bracket(v, line);
	case '"':
	case '\'':
		return find_after_quote(v, line);
	case '%':
	case '@':
	case '`':
	case ',':
	case ']':
	case '}':
		return find_sign(v, line, "must be in quotes");
	case '&':
		return context_is(v, "anchor") &&
		       find_sign(v, line, "is parsed as a name for the value");
	case '!':
		return context_is(v, "tag") &&
		       find_sign(v, line, "is parsed as a YAML type");
	case '*':
		return find_sign(v, line, "is parsed as a reference to another value");
	case '|':
	case '>':
		return find_block_sign(v, line);
	case '-':
		return find_dash(v, line);
	case '?':
		return problem_is(v, "mapping keys") &&
		       find_sign(v, line, "must be in quotes");
	default:
		return false;
	}
}

static bool explain_value(const struct yaml_view *v)
{
	return explain_first_sign(v, &v->line);
}

/* "key:value", without a space; the colon's place in the line, or 0. */
static size_t missing_space(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	for (size_t i = line->content; i < line->value_end; i++) {
		char c = byte(v, i);

		if (c == ':')
			return i > line->content && byte(v, i + 1) != '/' ? i : 0;
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
			    c == '-'))
			return 0;
	}
	return 0;
}

/* A key whose colon lacks the space after it, or is of the wide kind. */
static bool find_bad_colon(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	static const kb_str wide = {"\xEF\xBC\x9A", 3};
	size_t colon = missing_space(v, line), after = colon + 1;
	const char *message = "a space is missing after the colon";
	struct kb_diag *diag;
	kb_str key, value;

	if (line->key != line->key_end)
		return false;
	if (!colon) {
		colon = kb_str_find(line_value(v, line), wide);
		if (colon == SIZE_MAX)
			return false;
		colon += line->value;
		after = colon + wide.len;
		message = "YAML does not accept a wide colon";
	}
	key = cut(v, line->content, colon);
	value = kb_str_trim(cut(v, after, line->value_end));
	diag = kb_yaml_find(
		v->in, KB_RULE_YAML_SYNTAX, line->content, after, "%s", message);
	kb_diag_hint(v->in->diags, diag, "write: %.*s: %.*s", KB_ARG(key), KB_ARG(value));
	while (byte(v, after) == ' ')
		after++;
	kb_yaml_fix(v->in, diag, colon, after, KB_STR(": "));
	return true;
}

static bool explain_bad_colon(const struct yaml_view *v)
{
	if (!problem_is(v, "could not find expected ':'") &&
		!problem_is(v, "mapping values"))
		return false;
	return find_bad_colon(v, &v->line) ||
	       (v->has_before && find_bad_colon(v, &v->before));
}

/* A line that is neither "key: value" nor a part of the value above. */
static bool find_no_key(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	struct kb_yaml_line above;
	struct kb_diag *diag =
		kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, line->content, line->value_end,
			"this line is neither 'key: value' nor an indented part of the "
			"value above");

	if (kb_yaml_line_before(v->in->text, line, &above) && above.key != above.key_end)
		kb_diag_hint(v->in->diags, diag,
			"to continue the value of '%.*s', begin the line with %zu "
			"spaces",
			KB_ARG(cut(v, above.key, above.key_end)), above.indent + 2);
	else
		kb_diag_hint(v->in->diags, diag,
			"write 'key: value', or indent the line by two spaces");
	return true;
}

static bool explain_no_key(const struct yaml_view *v)
{
	return problem_is(v, "could not find expected ':'") && find_no_key(v, &v->line);
}

static bool find_deeper(const struct yaml_view *v)
{
	kb_str key = cut(v, v->line.key, v->line.key_end);
	size_t more = v->line.indent - v->before.indent;

	if (!v->has_before || v->before.indent > v->line.indent)
		return false;
	if (v->before.key == v->before.key_end && v->before.value == v->before.content)
		return find_no_key(v, &v->before);
	kb_diag_hint(v->in->diags,
		kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, v->line.content,
			v->line.value_end,
			"the key '%.*s' is indented further than the line above it",
			KB_ARG(key)),
		"remove %zu space%s before it; a key can only be indented there below "
		"a key without a value",
		more, more == 1 ? "" : "s");
	return true;
}

/* The word before the colon when it could be a key: "title: Returns owner: me". */
static kb_str second_key(const struct yaml_view *v)
{
	size_t from = v->fault->at;
	kb_str word;

	while (from > v->line.value && byte(v, from - 1) != ' ')
		from--;
	word = cut(v, from, v->fault->at);
	for (size_t i = 0; i < word.len; i++)
		if (!((word.data[i] >= 'a' && word.data[i] <= 'z') ||
			    word.data[i] == '_'))
			return KB_STR_NULL;
	return from > v->line.value ? word : KB_STR_NULL;
}

/* "title: Returns: how to", and keys that are indented too far. */
static bool explain_colon(const struct yaml_view *v)
{
	kb_str value = line_value(v, &v->line), inner, word;
	struct kb_diag *diag;

	if (!problem_is(v, "mapping values"))
		return false;
	if (v->fault->at <= v->line.key_end)
		return find_deeper(v);
	inner = typographic(value);
	if (inner.len > 0)
		return find_quote(v, &v->line, inner,
			"YAML does not accept curly quotes; replace them with straight "
			"ones");
	word = second_key(v);
	if (word.len == 0)
		return find_quote(v, &v->line, value,
			"a value that contains a colon and a space must be in quotes");
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, v->line.value, v->line.value_end,
		"a value that contains a colon and a space must be in quotes");
	kb_yaml_fix_quote(v->in, diag, v->line.value, v->line.value_end, value);
	set_guess(diag);
	value = kb_yaml_line_quoted(v->in, &v->line, value);
	kb_diag_hint(v->in->diags, diag,
		"if '%.*s' is a key, begin a new line before it; otherwise write: %.*s",
		KB_ARG(word), KB_ARG(value));
	return true;
}

/* The '#' after which the line's value is a comment, or the line's end. */
static size_t comment_at(const struct yaml_view *v, const struct kb_yaml_line *line)
{
	for (size_t i = line->value; i + 1 < line->value_end; i++)
		if ((byte(v, i) == ' ' || byte(v, i) == '\t') && byte(v, i + 1) == '#')
			return i + 1;
	return line->value_end;
}

/* A value whose first line was cut by '#' cannot go on in the next. */
static bool explain_cut(const struct yaml_view *v)
{
	size_t at = v->has_before ? comment_at(v, &v->before) : 0;
	struct kb_diag *diag;

	if (!v->has_before || at == v->before.value_end ||
		v->line.indent <= v->before.indent || v->before.value == at)
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, at, v->before.value_end,
		"'#' begins a comment here, so the next line is not part of a value");
	kb_diag_hint(v->in->diags, diag,
		"if it is text, put the whole value in quotes, from its first line to "
		"its last");
	return true;
}

/* A line that begins in no column where one may begin. */
static bool explain_indent(const struct yaml_view *v)
{
	struct kb_yaml_line first = kb_yaml_line_at(v->in->text, v->fault->context_at);
	size_t column = v->fault->context_at - first.start;
	bool in_list = problem_is(v, "expected '-' indicator");
	struct kb_diag *diag;

	if (v->fault->at != v->line.content ||
		!(in_list || problem_is(v, "did not find expected key")))
		return false;
	if (!in_list && v->line.key != v->line.key_end && v->has_before &&
		v->before.indent < v->line.indent)
		return find_deeper(v);
	if (!in_list && byte(v, v->line.content) == '-') {
		diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, v->line.content,
			v->line.value_end, "there is a list item where a key should be");
		kb_diag_hint(v->in->diags, diag,
			"a list goes below a key without another value: 'key:', and "
			"then '  - item' on the next line");
	} else if (in_list && v->line.indent == column) {
		diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, v->line.content,
			v->line.value_end,
			"this line is in a list but does not begin with '- '");
		kb_diag_hint(v->in->diags, diag,
			"begin it with '- ' if it is an item of the list; otherwise "
			"indent it like the key that it belongs to");
	} else {
		diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, v->line.content,
			v->line.value_end,
			"this line is not indented like any line above it");
		kb_diag_hint(v->in->diags, diag,
			"begin it with as many spaces as the line above (%zu), or as "
			"'%.*s' (%zu)",
			v->has_before ? v->before.indent : 0,
			KB_ARG(cut(v, first.content, first.key_end)), first.indent);
	}
	return true;
}

static bool explain_percent(const struct yaml_view *v)
{
	if (!context_is(v, "directive"))
		return false;
	kb_diag_hint(v->in->diags,
		kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, v->line.content,
			v->line.value_end, "a line cannot begin with '%%'"),
		"delete it, or put what belongs to the text of a value in quotes");
	return true;
}

/* A bracket anywhere in a line whose list or map never ends. */
static bool explain_open(const struct yaml_view *v)
{
	size_t at = v->fault->context_at;
	bool list = context_is(v, "flow sequence");
	struct kb_diag *diag;

	if (!list && !context_is(v, "flow mapping"))
		return false;
	diag = kb_yaml_find(v->in, KB_RULE_YAML_SYNTAX, at, at + 1,
		"the %s that opens here is not closed, or a comma is missing between "
		"two %s",
		list ? "list" : "map", list ? "items" : "keys");
	kb_diag_hint(v->in->diags, diag,
		"close it with '%c'; if it is text, put it in quotes", list ? ']' : '}');
	return true;
}

/* A value in brackets, in quotes or with a sign on the line above. */
static bool explain_before(const struct yaml_view *v)
{
	return v->has_before && problem_is(v, "did not find expected key") &&
	       v->fault->at == v->line.content && explain_first_sign(v, &v->before);
}

void kb_yaml_explain(const struct kb_yaml_input *in, const struct kb_yaml_fault *fault)
{
	static bool (*const explain[])(const struct yaml_view *) = {explain_tab,
		explain_unclosed, explain_escape, explain_separator, explain_percent,
		explain_bad_colon, explain_value, explain_colon, explain_cut,
		explain_no_key, explain_open, explain_indent, explain_before};
	struct yaml_view v = {.in = in, .fault = fault};
	bool context = context_is(&v, "while scanning") || context_is(&v, "flow");
	struct kb_diag *diag;

	v.line = kb_yaml_line_at(in->text, context ? fault->context_at : fault->at);
	v.has_before = kb_yaml_line_before(in->text, &v.line, &v.before);
	for (size_t i = 0; i < KB_LEN(explain); i++)
		if (explain[i](&v))
			return;
	diag = kb_yaml_find(in, KB_RULE_YAML_SYNTAX, fault->at, v.line.value_end,
		"this is not valid YAML from here on (%.*s)", KB_ARG(fault->problem));
	kb_diag_hint(in->diags, diag,
		"check the quotes, the colons, and the spaces at the beginning of this "
		"line and the line above");
}
