/*
 * Markup of other programs, which pages show as it is typed: containers, shortcodes, tags
 * of templates, components. Each kind has one finding in a document.
 */
#include "html.h"
#include "md_facts.h"

enum { LIST_MAX = 200 }; /* bytes of a list of attributes */

static const char callout[] =
	"write a call-out: '> [!NOTE]', and '> ' before each line of its text";
static const char plain[] =
	"write its text in Markdown, or {{> name}} for a snippet that several documents "
	"include";

static const struct {
	const char *what, *hint, *so;
} kinds[MD_FOREIGN_KINDS] = {
	[MD_FOREIGN_COLONS] = {"a block that ':::' opens", callout},
	[MD_FOREIGN_MARKS] = {"a block that '!!!' or '?\?\?' opens", callout},
	[MD_FOREIGN_TABS] = {"a tab that '===' opens", "write a heading for each tab"},
	[MD_FOREIGN_SHORTCODE] = {"the shortcode '{{<' or '{{%'", plain},
	[MD_FOREIGN_TAG] = {"the template tag '{%'", plain},
	[MD_FOREIGN_ATTRIBUTES] = {"a list of attributes in '{' and '}'",
		"delete it; for the id of a heading write {#id}"},
	[MD_FOREIGN_WIKI] = {"a wiki link in '[[' and ']]'",
		"write a link: [text](file.md)"},
	[MD_FOREIGN_CONTENTS] = {"a placeholder for a table of contents",
		"delete it: kb makes one for pages with three or more headings"},
	[MD_FOREIGN_DIRECTIVE] = {"a directive", plain},
	[MD_FOREIGN_IMPORT] = {"an import or export of MDX",
		"delete the line: pages do not run code from content"},
	[MD_FOREIGN_COMPONENT] = {"a component of MDX", plain,
		"so pages show only the text in it"},
	[MD_FOREIGN_LINK] = {"a link with '{{' or '{%'", "write the address itself",
		"so pages show its text without a link"},
};

static void found(struct md_facts *f, enum md_foreign kind, kb_range range)
{
	if (!f->foreign[kind].n++)
		f->foreign[kind].range = range;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

/* Does S begin with START, and a word after it? */
static bool opens(kb_str s, const char *start)
{
	kb_str rest;

	if (!kb_str_starts(s, kb_str_of(start)))
		return false;
	rest = kb_str_sub(s, strlen(start), s.len);
	while (rest.len && strchr(":+{. ", *rest.data))
		rest = kb_str_sub(rest, 1, rest.len);
	return rest.len && is_letter(*rest.data);
}

/* import X, {Y} from 'z'; export const x = …, export default function … */
static bool is_import(kb_str line)
{
	static const char *const exports[] = {"const ", "default function",
		"default class", "default {", "default (", "default async "};
	size_t from = kb_str_find(line, KB_STR(" from '"));

	if (from == SIZE_MAX)
		from = kb_str_find(line, KB_STR(" from \""));
	if (kb_str_starts(line, KB_STR("import ")) && from != SIZE_MAX) {
		kb_str names = kb_str_sub(line, 7, from), word;
		bool named = false;

		/* "import the list from 'Settings'" is a sentence. */
		while (kb_str_next(&names, ' ', &word)) {
			if (named && !kb_str_is(word, "as") && !strchr("{}", *word.data))
				return false;
			named = word.len && is_letter(word.data[word.len - 1]) &&
				!kb_str_is(word, "as");
		}
		return true;
	}
	for (size_t i = 0; i < KB_LEN(exports); i++)
		if (kb_str_starts(line, KB_STR("export ")) &&
			kb_str_starts(
				kb_str_sub(line, 7, line.len), kb_str_of(exports[i])))
			return true;
	return false;
}

/* .. note:: */
static bool is_directive(kb_str line)
{
	size_t end = kb_str_find(line, KB_STR("::"));

	return opens(line, ".. ") && end != SIZE_MAX &&
	       memchr(line.data + 3, ' ', end - 3) == NULL;
}

/* === "Tab", ===! "Tab", ===+ "Tab" */
static bool is_tab(kb_str line)
{
	size_t quote = kb_str_chr(line, '"');

	return kb_str_starts(line, KB_STR("===")) && quote <= 5 && quote + 1 < line.len &&
	       kb_str_chr(kb_str_sub(line, quote + 1, line.len), '"') != SIZE_MAX;
}

/* The kind of markup at the beginning of a paragraph's line, or MD_FOREIGN_KINDS. */
static enum md_foreign line_kind(kb_str line)
{
	switch (line.len ? *line.data : 0) {
	case ':':
		return opens(line, ":::") ? MD_FOREIGN_COLONS : MD_FOREIGN_KINDS;
	case '!':
		return opens(line, "!!! ") ? MD_FOREIGN_MARKS : MD_FOREIGN_KINDS;
	case '?':
		return opens(line, "?\?\? ") || opens(line, "?\?\?+ ") ? MD_FOREIGN_MARKS
								       : MD_FOREIGN_KINDS;
	case '[':
		return kb_str_eq_nocase(kb_str_trim(line), KB_STR("[toc]")) ||
				       kb_str_eq_nocase(
					       kb_str_trim(line), KB_STR("[[toc]]")) ||
				       kb_str_eq_nocase(
					       kb_str_trim(line), KB_STR("[[_toc_]]"))
			       ? MD_FOREIGN_CONTENTS
			       : MD_FOREIGN_KINDS;
	case '=':
		return is_tab(line) ? MD_FOREIGN_TABS : MD_FOREIGN_KINDS;
	case '.':
		return is_directive(line) ? MD_FOREIGN_DIRECTIVE : MD_FOREIGN_KINDS;
	case 'i':
	case 'e':
		return is_import(line) ? MD_FOREIGN_IMPORT : MD_FOREIGN_KINDS;
	default:
		return MD_FOREIGN_KINDS;
	}
}

/* The length of the list of attributes at AT, or 0: { .name }, {.name #id}, and behind a
 * link or code {target=x}. */
static size_t attributes_length(kb_str s, size_t at)
{
	kb_str rest =
		kb_str_sub(s, at + 1, s.len - at > LIST_MAX ? at + LIST_MAX : s.len);
	kb_str list, word;
	size_t end = kb_str_chr(rest, '}');
	bool name = false, value = at && strchr(")]`", s.data[at - 1]);

	if (end == SIZE_MAX || !end || kb_str_chr(kb_str_sub(rest, 0, end), '\n') < end)
		return 0;
	list = kb_str_sub(rest, 0, end);
	while (kb_str_next(&list, ' ', &word)) {
		if (word.len > 1 && *word.data == '.' && is_letter(word.data[1]))
			name = true;
		else if (value && word.len > 2 && is_letter(*word.data) &&
			 kb_str_chr(word, '=') != SIZE_MAX)
			name = true;
		else if (word.len && *word.data != '#' &&
			 kb_str_chr(word, '=') == SIZE_MAX)
			return 0;
	}
	return name ? end + 2 : 0;
}

/* The kind of markup in S at AT, or MD_FOREIGN_KINDS; *LEN gets its length. */
static enum md_foreign brace_kind(kb_str s, size_t at, size_t *len)
{
	kb_str rest = kb_str_sub(s, at, s.len);

	*len = 3;
	if (kb_str_starts(rest, KB_STR("{{<")) || kb_str_starts(rest, KB_STR("{{%")))
		return MD_FOREIGN_SHORTCODE;
	*len = 2;
	if (kb_str_starts(rest, KB_STR("{%")))
		return MD_FOREIGN_TAG;
	if (kb_str_starts(rest, KB_STR("{:")))
		return MD_FOREIGN_ATTRIBUTES;
	*len = attributes_length(s, at);
	return *len ? MD_FOREIGN_ATTRIBUTES : MD_FOREIGN_KINDS;
}

/* The length of [[words]] at AT, or 0. */
static size_t wiki_length(kb_str s, size_t at)
{
	bool letter = false;

	for (size_t i = at + 2; i + 1 < s.len && !strchr("\n[!", s.data[i]); i++) {
		if (s.data[i] == ']')
			return letter && s.data[i + 1] == ']' ? i + 2 - at : 0;
		letter |= is_letter(s.data[i]);
	}
	return 0;
}

/* Is there a C in CONTENT, and what may be foreign behind it? */
static bool has_opening(kb_str content, char c)
{
	const char *at = content.data, *end = content.data + content.len;
	size_t len;

	for (; at < end && (at = memchr(at, c, (size_t)(end - at))); at++)
		if (c == '[' ? at + 1 < end && at[1] == '['
			     : brace_kind(content, (size_t)(at - content.data), &len) !=
					MD_FOREIGN_KINDS)
			return true;
	return false;
}

bool md_foreign_may(kb_str content)
{
	kb_str line;

	if (has_opening(content, '{') || has_opening(content, '['))
		return true;
	while (kb_str_next(&content, '\n', &line))
		if (line_kind(line) != MD_FOREIGN_KINDS)
			return true;
	return false;
}

static void lines_read(struct md_facts *f, const struct md_cursor *cur, kb_str mask)
{
	kb_str rest = mask, line;

	while (kb_str_next(&rest, '\n', &line)) {
		enum md_foreign kind = line_kind(line);
		size_t at = (size_t)(line.data - mask.data);

		if (kind != MD_FOREIGN_KINDS)
			found(f, kind, md_cursor_range(cur, at, at + line.len));
	}
}

/* MASK: the content without what is not plain text. */
void md_foreign_read(struct md_facts *f, const struct md_cursor *cur, const char *mask)
{
	kb_str text = {mask, cur->s.len};
	size_t len;

	for (size_t at = 0; at < text.len; at += len) {
		enum md_foreign kind = MD_FOREIGN_KINDS;

		len = 1;
		if (text.data[at] == '{' &&
			!(at && cur->s.data[at - 1] == MD_MARK_ESCAPE)) {
			kind = brace_kind(cur->s, at, &len);
			len = len ? len : 1;
		} else if (kb_str_starts(kb_str_sub(text, at, text.len), KB_STR("[["))) {
			len = wiki_length(text, at);
			kind = len ? MD_FOREIGN_WIKI : kind;
			len = len ? len : 1;
		}
		if (kind != MD_FOREIGN_KINDS)
			found(f, kind, md_cursor_range(cur, at, at + len));
	}
	if (cmark_node_get_type(cur->block) == CMARK_NODE_PARAGRAPH)
		lines_read(f, cur, text);
}

void md_foreign_tag(
	struct md_facts *f, kb_str s, const struct md_tag *tag, kb_range range)
{
	bool component = !tag->closing && s.len > 2 && s.data[1] >= 'A' &&
			 s.data[1] <= 'Z' && s.data[2] >= 'a' && s.data[2] <= 'z';

	if (component && !kb_html_allows(tag->name))
		found(f, MD_FOREIGN_COMPONENT, range);
}

bool kb_md_dest_is_foreign(kb_str dest, bool literal)
{
	size_t len, at = kb_str_chr(dest, '{');

	if (at == SIZE_MAX)
		return false;
	if (literal && kb_str_find(dest, KB_STR("{{")) != SIZE_MAX)
		return true;
	for (; at < dest.len; at++)
		if (dest.data[at] == '{' &&
			brace_kind(dest, at, &len) < MD_FOREIGN_ATTRIBUTES)
			return true;
	return false;
}

void md_foreign_tell(struct md_facts *f)
{
	for (uint32_t i = 0; i < f->links.len; i++) {
		const struct kb_link *link = &f->links.items[i];

		if (link->kind != KB_LINK_IMAGE && link->kind != KB_LINK_HTML_IMAGE &&
			kb_md_dest_is_foreign(link->dest, f->md->syntax->literal))
			found(f, MD_FOREIGN_LINK, link->range);
	}
	for (size_t i = 0; i < MD_FOREIGN_KINDS; i++) {
		uint32_t n = f->foreign[i].n;

		if (!n)
			continue;
		md_find(f->md, KB_RULE_MARKUP_FOREIGN, f->foreign[i].range,
			kb_str_of(kinds[i].hint), "%s is not kb's markup, %s%s",
			kinds[i].what,
			kinds[i].so ? kinds[i].so : "so readers see it as it is typed",
			n > 1 ? kb_arena_fmt(
					f->md->arena, " (%u times in this document)", n)
					.data
			      : "");
	}
}
