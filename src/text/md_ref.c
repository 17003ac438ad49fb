#include "md_tree.h"

enum { NAME_LIMIT = 100, LOOK_AHEAD = 256 };

static cmark_syntax_extension *ref_extension, *id_extension;

static bool ends_name(char c)
{
	return c == '{' || c == '}' || c == '\n' || c == '\r' || c == '\0';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == MD_MARK_SPACE;
}

size_t md_ref_scan(kb_str s, size_t off, kb_str *name)
{
	size_t from = off + 2, end = from, to;

	if (s.len < off + 5 || s.data[off] != '{' || s.data[off + 1] != '{')
		return 0;
	while (end < s.len && !ends_name(s.data[end]))
		end++;
	if (end + 1 >= s.len || s.data[end] != '}' || s.data[end + 1] != '}')
		return 0;
	to = end;
	while (from < to && is_blank(s.data[from]))
		from++;
	while (to > from && is_blank(s.data[to - 1]))
		to--;
	*name = kb_str_sub(s, from, to);
	return name->len && name->len <= NAME_LIMIT ? end + 2 - off : 0;
}

bool md_ref_is_foreign(kb_str name)
{
	return *name.data == '<' || *name.data == '%';
}

/* The length of a {#id} with which S begins and a heading ends, or 0. */
static size_t id_scan(kb_str s)
{
	size_t end = 2;

	if (s.len < 4 || s.data[1] != '#')
		return 0;
	while (end < s.len && !ends_name(s.data[end]) &&
		!strchr(" \t<>\"'&`#", s.data[end]))
		end++;
	if (end == 2 || end >= s.len || s.data[end] != '}')
		return 0;
	return kb_str_trim(kb_str_sub(s, end + 1, s.len)).len ? 0 : end + 1;
}

static cmark_node *match(cmark_syntax_extension *ext, cmark_parser *parser,
	cmark_node *parent, unsigned char c, cmark_inline_parser *inl)
{
	int off = cmark_inline_parser_get_offset(inl);
	char ahead[LOOK_AHEAD + 1];
	kb_str s = {ahead, 0}, name;
	size_t len = 0;
	cmark_node *node;

	(void)parser;
	if (c == MD_MARK_STAR || c == MD_MARK_TILDE)
		return md_emphasis_match(inl, c);
	if (c != '{')
		return NULL;
	if (off && cmark_inline_parser_peek_at(inl, off - 1) == MD_MARK_ESCAPE)
		return NULL;
	while (s.len < LOOK_AHEAD &&
		(ahead[s.len] = (char)cmark_inline_parser_peek_at(inl, off + (int)s.len)))
		s.len++;
	if (ext == ref_extension)
		len = md_ref_scan(s, 0, &name);
	if (len && md_ref_is_foreign(name))
		len = 0;
	if (!len && cmark_node_get_type(parent) == CMARK_NODE_HEADING &&
		s.len < LOOK_AHEAD)
		len = id_scan(s);
	if (!len)
		return NULL;
	ahead[len] = '\0';
	node = cmark_node_new_with_mem_and_ext(CMARK_NODE_HTML_INLINE, md_mem(), ext);
	cmark_node_set_literal(node, ahead);
	cmark_inline_parser_set_offset(inl, off + (int)len);
	return node;
}

void md_ref_init(void)
{
	ref_extension = cmark_syntax_extension_new("kb-ref");
	cmark_syntax_extension_set_match_inline_func(ref_extension, match);
	id_extension = cmark_syntax_extension_new("kb-id");
	cmark_syntax_extension_set_match_inline_func(id_extension, match);
}

cmark_syntax_extension *md_ref_extension(bool literal)
{
	return literal ? id_extension : ref_extension;
}

enum md_ref md_ref_of(cmark_node *node, kb_str *name)
{
	cmark_syntax_extension *ext;
	kb_str s;

	if (cmark_node_get_type(node) != CMARK_NODE_HTML_INLINE)
		return MD_REF_NONE;
	ext = cmark_node_get_syntax_extension(node);
	if (!ext || (ext != ref_extension && ext != id_extension))
		return MD_REF_NONE;
	s = md_literal(node);
	if (s.data[1] == '#') {
		*name = kb_str_sub(s, 2, s.len - 1);
		return MD_REF_ID;
	}
	md_ref_scan(s, 0, name);
	if (*name->data != '>')
		return MD_REF_VARIABLE;
	*name = kb_str_trim(kb_str_sub(*name, 1, name->len));
	return MD_REF_INCLUDE;
}

bool md_include_of(cmark_node *paragraph, kb_str *name)
{
	cmark_node *child = cmark_node_first_child(paragraph);

	return cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH && child &&
	       !cmark_node_next(child) && md_ref_of(child, name) == MD_REF_INCLUDE;
}
