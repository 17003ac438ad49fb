#include "kb/escape.h"
#include "kb/unicode.h"
#include "md_tree.h"

void md_text_add(kb_buf *out, kb_str s, bool code)
{
	for (size_t i = 0; i < s.len;) {
		size_t from = i;

		i = kb_byte_find(s, i, KB_BYTE_ODD);
		kb_buf_add(out, s.data + from, i - from);
		if (i == s.len)
			break;
		from = i;
		kb_utf8_next(s, &i);
		if (md_mark_sign(s.data[from]))
			kb_buf_putc(out, md_mark_sign(s.data[from]));
		else if (s.data[from] != MD_MARK_ESCAPE)
			kb_buf_wanted(out, kb_str_sub(s, from, i));
		else if (code)
			kb_buf_putc(out, '\\');
	}
}

kb_str md_text_of(struct kb_arena *arena, kb_str s, bool code)
{
	_cleanup_buf_ kb_buf out = {0};

	if (kb_byte_find(s, 0, KB_BYTE_ODD) == s.len)
		return kb_arena_str(arena, s);
	md_text_add(&out, s, code);
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* Code, in which no {{…}} is expanded by whoever expands the text. */
static void plain_code(kb_buf *out, kb_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == MD_MARK_ESCAPE) {
			kb_buf_putc(out, '\\');
			continue;
		}
		if (kb_str_starts(kb_str_sub(s, i, s.len), KB_STR("{{")) &&
			(i == 0 || s.data[i - 1] != '{'))
			kb_buf_putc(out, MD_MARK_ESCAPE);
		kb_buf_putc(out, s.data[i]);
	}
}

static void plain_leaf(kb_buf *out, const struct kb_md *md, cmark_node *node)
{
	kb_str name;

	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_TEXT:
		kb_buf_str(out, md_literal(node));
		break;
	case CMARK_NODE_CODE:
		if (md->syntax->literal)
			kb_buf_str(out, md_literal(node));
		else
			plain_code(out, md_literal(node));
		break;
	case CMARK_NODE_SOFTBREAK:
	case CMARK_NODE_LINEBREAK:
		kb_buf_putc(out, ' ');
		break;
	case CMARK_NODE_HTML_INLINE:
		if (md_ref_of(node, &name) == MD_REF_VARIABLE)
			kb_buf_str(out, md_literal(node));
		break;
	default:
		break;
	}
}

void md_plain_add(kb_buf *out, const struct kb_md *md, cmark_node *node)
{
	struct md_walk w = {.root = node};

	while (md_walk_next(&w))
		if (w.entering)
			plain_leaf(out, md, w.node);
}

void md_expand(kb_str s, char escape, const struct kb_md_hooks *hooks, kb_buf *out)
{
	for (size_t i = 0; i < s.len;) {
		kb_str name, value;
		bool placeholder = false;
		size_t len = 0, from = i;

		while (i < s.len && s.data[i] != '{' && s.data[i] != escape)
			i++;
		md_text_add(out, kb_str_sub(s, from, i), false);
		if (i == s.len)
			break;
		if (s.data[i] == escape) {
			bool literal = i + 2 < s.len && s.data[i + 1] == '{' &&
				       s.data[i + 2] == '{';

			kb_buf_add(out, s.data + i + literal, literal ? 2 : 1);
			i += literal ? 3 : 1;
			continue;
		}
		len = md_ref_scan(s, i, &name);
		if (len && hooks && hooks->variable &&
			hooks->variable(hooks->ctx, name, &value, &placeholder))
			kb_buf_str(out, value);
		else
			md_text_add(out, kb_str_sub(s, i, i + (len ? len : 1)), false);
		i += len ? len : 1;
	}
}

void kb_md_expand(kb_str text, const struct kb_md_hooks *hooks, kb_buf *out)
{
	md_expand(text, '\\', hooks, out);
}

size_t kb_md_refs(struct kb_arena *arena, kb_str text, uint32_t base, struct kb_ref **out)
{
	struct {
		KB_VEC(struct kb_ref);
	} refs = {0};
	size_t n;
	kb_str name;

	for (size_t i = 0; i < text.len;) {
		size_t len = text.data[i] == '{' ? md_ref_scan(text, i, &name) : 0;

		if (text.data[i] == '\\' &&
			kb_str_starts(kb_str_sub(text, i, text.len), KB_STR("\\{{")))
			i += 2;
		if (len && !md_ref_is_foreign(name))
			*kb_vec_add(&refs) = (struct kb_ref){.kind = KB_REF_VARIABLE,
				.name = kb_nfc(arena, kb_arena_str(arena, name)),
				.range = {base + (uint32_t)i, (uint32_t)len}};
		i += len ? len : 1;
	}
	n = refs.len;
	*out = kb_vec_freeze(&refs, arena);
	return n;
}
