/*
 * Emphasis in scripts that have no spaces.
 *
 * In CommonMark, '**' between punctuation and a letter opens or closes nothing, because
 * a space is expected on one side of it. Chinese, Japanese, Korean, Thai, Lao, Khmer and
 * Burmese have none there: 请在**三十天内。**然后. So the guard replaces such signs by
 * marks, and for these the inline parser gets delimiters that may both open and close, as
 * those between two letters do. See https://github.com/tats-u/markdown-cjk-friendly for
 * the same rule elsewhere.
 */
#include "kb/unicode.h"
#include "md_tree.h"

static bool is_space(uint32_t cp)
{
	return cp <= ' ' || cp == 0xA0 || cp == 0x1680 ||
	       (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

static bool is_spaceless(uint32_t cp)
{
	return (cp >= 0x0E00 && cp <= 0x0EFF) || (cp >= 0x1000 && cp <= 0x11FF) ||
	       (cp >= 0x1780 && cp <= 0x17FF) || (cp >= 0x2E80 && cp <= 0xD7FF) ||
	       (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0xFF00 && cp <= 0xFFEF) ||
	       (cp >= 0x20000 && cp <= 0x3FFFF);
}

static uint32_t character_before(kb_str s, size_t at)
{
	while (at && ((unsigned char)s.data[--at] & 0xC0) == 0x80)
		;
	return kb_utf8_next(s, &at);
}

bool md_emphasis_is_inner(kb_str s, size_t from, size_t to)
{
	uint32_t before, after;

	if (!from || to >= s.len ||
		!((unsigned char)s.data[from - 1] & 0x80 ||
			(unsigned char)s.data[to] & 0x80) ||
		s.data[from - 1] == '\\' || s.data[from - 1] == ']')
		return false;
	before = character_before(s, from);
	after = kb_utf8_next(s, &to);
	return !is_space(before) && !is_space(after) &&
	       (is_spaceless(before) || is_spaceless(after));
}

cmark_node *md_emphasis_match(cmark_inline_parser *inl, unsigned char mark)
{
	char run[MD_EMPHASIS_MAX + 1] = {0};
	int off = cmark_inline_parser_get_offset(inl), n = 0;
	cmark_node *node;

	while (n < MD_EMPHASIS_MAX && cmark_inline_parser_peek_at(inl, off + n) == mark)
		run[n++] = (char)mark;
	node = cmark_node_new_with_mem(CMARK_NODE_TEXT, md_mem());
	cmark_node_set_literal(node, run);
	cmark_inline_parser_set_offset(inl, off + n);
	cmark_inline_parser_push_delimiter(
		inl, (unsigned char)md_mark_sign((char)mark), true, true, node);
	return node;
}
