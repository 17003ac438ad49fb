/* A version of a document as readers of an audience see it. */
#include "kb/library.h"
#include "version.h"

struct audience_view {
	struct kb_arena *arena;
	const struct kb_version *version;
	const struct kb_library *lib;
	unsigned audience;
	bool trusted;
	bool differs; /* they do not see all of it */
};

/* What a page does not show as it is written: only the most trusted know how it is. */
static bool is_source(const struct kb_block *block)
{
	return block->kind == KB_BLOCK_INCLUDE || block->kind == KB_BLOCK_HTML;
}

static bool sees_link(const struct audience_view *s, kb_str dest)
{
	const struct kb_document *doc = s->version->doc;
	struct kb_target target;

	if (!s->lib)
		return true;
	kb_link_resolve(s->lib, s->arena, doc, doc->locale, dest, &target);
	return kb_target_visible(s->lib, doc, doc->locale, &target, s->audience);
}

static bool sees_span(const struct audience_view *s, const struct kb_span *span)
{
	switch (span->kind) {
	case KB_SPAN_LINK:
	case KB_SPAN_IMAGE:
		return sees_link(s, span->dest);
	case KB_SPAN_VARIABLE:
		return s->version->doc->facts->type == KB_REPLY &&
		       !kb_config_variable(s->version->config, span->dest);
	default:
		return span->kind != KB_SPAN_HTML && span->kind != KB_SPAN_FOOTNOTE;
	}
}

static struct kb_block_part part_for(
	struct audience_view *s, const struct kb_block *block, struct kb_block_part part)
{
	const struct kb_span *all = part.spans;
	uint32_t n = part.nspans;

	/* A diagram is drawn; its source has ids and remarks. */
	if (block->kind == KB_BLOCK_CODE && block_is_diagram(block)) {
		part.text = KB_STR_NULL;
		s->differs = true;
	}
	part.spans = kb_arena_array(s->arena, struct kb_span, n);
	part.nspans = 0;
	for (uint32_t i = 0; i < n; i++)
		if (sees_span(s, &all[i]))
			part.spans[part.nspans++] = all[i];
	s->differs |= part.nspans < n;
	return part;
}

static struct kb_block block_for(struct audience_view *s, const struct kb_block *block)
{
	struct kb_block own = *block;

	own.above = KB_NONE;
	if (s->trusted)
		return own;
	own.parts = kb_arena_array(s->arena, struct kb_block_part, own.nparts);
	for (uint32_t i = 0; i < own.nparts; i++)
		own.parts[i] = part_for(s, block, block->parts[i]);
	block_hash(&own);
	return own;
}

static bool sees_all(const struct audience_view *s)
{
	for (uint32_t i = 0; i < s->version->nblocks; i++)
		if (s->version->blocks[i].audience > s->audience)
			return false;
	return s->trusted;
}

const struct kb_version *version_for(struct kb_arena *arena,
	const struct kb_version *version, const struct kb_library *lib, unsigned audience)
{
	struct kb_version *own;
	struct audience_view s = {arena, version, lib, audience, true, false};

	if (!version || !version->doc)
		return version;
	s.trusted = kb_audience_trusted(version->config, audience);
	if (sees_all(&s))
		return version;
	own = kb_arena_copy(arena, version, sizeof(*version));
	own->blocks = kb_arena_array(arena, struct kb_block, version->nblocks);
	own->nblocks = 0;
	for (uint32_t i = 0; i < version->nblocks; i++) {
		const struct kb_block *block = &version->blocks[i];

		if (block->audience <= audience && (s.trusted || !is_source(block)))
			own->blocks[own->nblocks++] = block_for(&s, block);
	}
	if (!s.differs && own->nblocks == version->nblocks)
		return version;
	version_place(own);
	return own;
}
