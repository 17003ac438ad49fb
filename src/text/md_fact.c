/* Adds facts, for all files that take them from a tree. */
#include "kb/unicode.h"
#include "md_facts.h"

/* At most MAX bytes of whole characters, without markup, space at the ends. */
kb_str md_fact_text(struct kb_arena *arena, kb_str s, size_t max)
{
	s = kb_str_trim(s);
	if (s.len > max) {
		s.len = max;
		while (s.len && ((unsigned char)s.data[s.len] & 0xc0) == 0x80)
			s.len--;
	}
	return md_text_of(arena, s, true);
}

bool md_fact_may_tell(struct md_facts *f)
{
	enum { TOLD_MAX = 100 };

	return f->told++ < TOLD_MAX;
}

struct kb_link *md_fact_link(struct md_facts *f, uint8_t kind, cmark_node *node)
{
	struct kb_link *link = kb_vec_add(&f->links);

	*link = (struct kb_link){
		.kind = kind, .audience = f->audience, .heading = f->heading};
	*kb_vec_add(&f->link_nodes) = node;
	return link;
}

void md_fact_ref(struct md_facts *f, uint8_t kind, kb_str name, kb_range range)
{
	*kb_vec_add(&f->refs) = (struct kb_ref){.kind = kind,
		.audience = f->audience,
		.section = f->section,
		.name = kb_nfc(f->arena, kb_arena_str(f->arena, name)),
		.range = range};
}

void md_fact_refs(struct md_facts *f, kb_range range)
{
	struct kb_md *md = f->md;
	kb_str s = kb_str_sub(
		md->body, range.off - md->offset, range.off - md->offset + range.len);
	struct kb_ref *refs;
	size_t n;

	if (md->syntax->literal || kb_str_find(s, KB_STR("{{")) == SIZE_MAX)
		return;
	n = kb_md_refs(f->arena, s, range.off, &refs);
	for (size_t i = 0; i < n; i++)
		md_fact_ref(f, KB_REF_VARIABLE, refs[i].name, refs[i].range);
}
