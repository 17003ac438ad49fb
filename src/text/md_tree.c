/* What is known of a block beside what the parser says, and findings on it. */
#include "md_memory.h"

struct md_finding *md_find(struct kb_md *md, enum kb_rule rule, kb_range range,
	kb_str hint, const char *fmt, ...)
{
	struct md_finding *f = kb_vec_add(&md->findings);
	va_list ap;

	va_start(ap, fmt);
	*f = (struct md_finding){.rule = rule,
		.range = range,
		.message = kb_arena_vfmt(md->arena, fmt, ap),
		.hint = kb_arena_str(md->arena, hint)};
	va_end(ap);
	return f;
}

struct md_block *md_block_new(struct kb_md *md, cmark_node *node)
{
	struct md_block *block = md_block_of(node);

	if (!block) {
		block = kb_arena_new_of(md->arena, struct md_block);
		cmark_node_set_user_data(node, block);
	}
	return block;
}

void md_withhold(struct kb_md *md, cmark_node *node)
{
	struct md_block *block = md_block_new(md, node);

	block->kind = MD_UNKNOWN;
	md_audience_set(md, block, KB_AUDIENCE_WITHHELD);
}

void md_audience_set(struct kb_md *md, struct md_block *block, uint8_t audience)
{
	block->audience = audience;
	md->withholds |= audience > 0;
}

static uint8_t audience_around(cmark_node *node)
{
	uint8_t audience = 0;

	for (; node; node = cmark_node_parent(node)) {
		struct md_block *block = md_is_inline(node) ? NULL : md_block_of(node);

		if (block && block->audience > audience)
			audience = block->audience;
	}
	return audience;
}

uint8_t md_audience_of(const struct kb_md *md, cmark_node *node)
{
	uint8_t audience = md->withholds || MD_CHECKED ? audience_around(node) : 0;

	if (audience)
		md_check_withholds(md);
	return audience;
}

void md_text_split(struct kb_md *md, cmark_node *text, size_t off)
{
	cmark_node *behind = NULL;

	md_memory_begin(md->arena, SIZE_MAX, NULL);
	behind = cmark_node_new_with_mem(CMARK_NODE_TEXT, md_mem());
	cmark_node_set_literal(behind, cmark_node_get_literal(text) + off);
	cmark_node_insert_after(text, behind);
	cmark_node_set_literal(
		text, kb_arena_str(md->arena, kb_str_sub(md_literal(text), 0, off)).data);
	md_memory_end();
}

char md_mark_sign(char mark)
{
	switch (mark) {
	case MD_MARK_SPACE:
		return ' ';
	case MD_MARK_COLON:
		return ':';
	case MD_MARK_STAR:
		return '*';
	case MD_MARK_TILDE:
		return '~';
	default:
		return 0;
	}
}
