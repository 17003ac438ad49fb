/* A version of a document as a list of blocks. */
#include "version.h"

#include "kb/unicode.h"
#include "kb/workflow.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value + 0x9e3779b97f4a7c15u + (hash << 6) + (hash >> 2);
	return hash * 0xff51afd7ed558ccdu;
}

static uint64_t mix_str(uint64_t hash, kb_str s)
{
	return mix(mix(hash, s.len), kb_str_hash(s));
}

static uint64_t part_hash(const struct kb_block_part *part)
{
	uint64_t hash = mix_str(1, part->text);

	for (uint32_t i = 0; i < part->nspans; i++) {
		const struct kb_span *span = &part->spans[i];

		hash = mix(mix(mix(hash, span->kind), span->from), span->to);
		hash = mix_str(mix_str(hash, span->dest), span->title);
	}
	return hash;
}

void block_hash(struct kb_block *block)
{
	uint64_t words = mix(0, block->kind);
	uint64_t all = mix(0, block->kind);
	uint8_t shape[] = {block->level, block->depth, block->audience, block->ordered,
		block->opens_item, block->task, block->done, block->quote, block->header};

	for (size_t i = 0; i < KB_LEN(shape); i++)
		all = mix(all, shape[i]);
	all = mix_str(mix_str(all, block->marker), block->info);
	block->size = 0;
	for (uint32_t i = 0; i < block->nparts; i++) {
		words = mix_str(words, block->parts[i].text);
		all = mix(all, part_hash(&block->parts[i]));
		block->size += (uint32_t)block->parts[i].text.len;
	}
	block->text_hash = words;
	block->full_hash = all;
}

static const uint8_t kinds[] = {[KB_PASSAGE_PARAGRAPH] = KB_BLOCK_PARAGRAPH,
	[KB_PASSAGE_HEADING] = KB_BLOCK_HEADING,
	[KB_PASSAGE_CELL] = KB_BLOCK_ROW,
	[KB_PASSAGE_CODE] = KB_BLOCK_CODE,
	[KB_PASSAGE_HTML] = KB_BLOCK_HTML,
	[KB_PASSAGE_INCLUDE] = KB_BLOCK_INCLUDE,
	[KB_PASSAGE_RULE] = KB_BLOCK_RULE};

static struct kb_block block_of(
	const struct kb_passage *p, const struct kb_md_facts *facts)
{
	struct kb_block block = {.kind = kinds[p->kind],
		.level = p->level,
		.depth = p->depth,
		.audience = p->audience,
		.ordered = p->ordered,
		.opens_item = p->opens_item,
		.task = p->task,
		.done = p->done,
		.quote = p->quote,
		.header = p->header,
		.marker = p->marker,
		.info = p->info,
		.above = KB_NONE,
		.heading = KB_NONE,
		.range = p->range};

	if (p->kind == KB_PASSAGE_HEADING && p->heading < facts->nheadings) {
		const struct kb_heading *heading = &facts->headings[p->heading];

		block.heading = p->heading;
		block.info = heading->explicit_id ? heading->id : KB_STR_NULL;
	}
	return block;
}

/* For each byte of TEXT, its place once runs of spaces are single ones; and one more for
 * the end. */
static uint32_t *join_blanks(struct kb_arena *arena, kb_str text, kb_buf *out)
{
	uint32_t *places = kb_arena_array(arena, uint32_t, text.len + 1);

	for (size_t i = 0; i < text.len; i++) {
		places[i] = (uint32_t)out->len;
		if (!(i && text.data[i] == ' ' && text.data[i - 1] == ' '))
			kb_buf_putc(out, text.data[i]);
	}
	places[text.len] = (uint32_t)out->len;
	return places;
}

/* Running text is the same with one space or two. */
static struct kb_block_part part_of(struct kb_arena *arena, const struct kb_passage *p)
{
	struct kb_block_part part = {p->text, p->spans, p->nspans};
	bool flows = p->kind == KB_PASSAGE_PARAGRAPH || p->kind == KB_PASSAGE_HEADING ||
		     p->kind == KB_PASSAGE_CELL;
	_cleanup_buf_ kb_buf text = {0};
	uint32_t *places;

	if (!flows || kb_str_find(p->text, KB_STR("  ")) == SIZE_MAX)
		return part;
	places = join_blanks(arena, p->text, &text);
	part.text = kb_arena_str(arena, kb_buf_view(&text));
	part.spans = kb_arena_array(arena, struct kb_span, p->nspans);
	for (uint32_t i = 0; i < p->nspans; i++) {
		part.spans[i] = p->spans[i];
		part.spans[i].from = places[p->spans[i].from];
		part.spans[i].to = places[p->spans[i].to];
	}
	return part;
}

static bool same_row(const struct kb_passage *a, const struct kb_passage *b)
{
	return b->kind == KB_PASSAGE_CELL && a->row == b->row && a->block == b->block &&
	       a->col < b->col;
}

void version_place(struct kb_version *version)
{
	uint32_t open[7] = {
		KB_NONE, KB_NONE, KB_NONE, KB_NONE, KB_NONE, KB_NONE, KB_NONE};

	for (uint32_t i = 0; i < version->nblocks; i++) {
		struct kb_block *block = &version->blocks[i];
		unsigned level = block->kind == KB_BLOCK_HEADING && !block->quote &&
						 !block->depth && block->level < 7
					 ? block->level
					 : 0;

		for (unsigned l = (level ? level : 7);
			l-- > 1 && block->above == KB_NONE;)
			block->above = open[l];
		for (unsigned l = level; level && l < 7; l++)
			open[l] = KB_NONE;
		if (level)
			open[level] = i;
	}
}

static void take_blocks(struct kb_version *version, struct kb_arena *arena,
	const struct kb_passages *passages)
{
	struct {
		KB_VEC(struct kb_block);
	} blocks = {0};

	for (uint32_t i = 0; i < passages->len;) {
		const struct kb_passage *p = &passages->items[i];
		struct kb_block block = block_of(p, &version->doc->facts->body);
		uint32_t n = 1;

		while (p->kind == KB_PASSAGE_CELL && i + n < passages->len &&
			same_row(&p[n - 1], &p[n]))
			n++;
		block.parts = kb_arena_array(arena, struct kb_block_part, n);
		block.nparts = n;
		for (uint32_t k = 0; k < n; k++)
			block.parts[k] = part_of(arena, &p[k]);
		block.range.len =
			p[n - 1].range.off + p[n - 1].range.len - block.range.off;
		block_hash(&block);
		kb_vec_push(&blocks, block);
		i += n;
	}
	version->nblocks = (uint32_t)blocks.len;
	version->blocks = kb_vec_freeze(&blocks, arena);
	version_place(version);
}

/* Bytes that are not text: kb can only say whether they are the same. */
static void take_bytes(struct kb_version *version, struct kb_arena *arena)
{
	struct kb_block *block = version->blocks =
		kb_arena_new_of(arena, struct kb_block);

	*block = (struct kb_block){.kind = KB_BLOCK_CODE,
		.above = KB_NONE,
		.heading = KB_NONE,
		.info = KB_STR("unreadable"),
		.nparts = 1,
		.parts = kb_arena_new_of(arena, struct kb_block_part)};
	block->parts->text = kb_str_of(version->doc->facts->blob);
	block_hash(block);
	version->nblocks = 1;
}

static void take_lines(struct kb_version *version, struct kb_arena *arena)
{
	struct {
		KB_VEC(uint32_t);
	} lines = {0};

	kb_vec_push(&lines, 0);
	for (uint32_t i = 0; i < version->text.len; i++)
		if (version->text.data[i] == '\n')
			kb_vec_push(&lines, i + 1);
	version->nlines = (uint32_t)lines.len;
	version->lines = kb_vec_freeze(&lines, arena);
}

struct kb_version *kb_version_read(struct kb_arena *arena, const struct kb_config *config,
	const struct kb_mount *mount, uint32_t locale, kb_str path, kb_str text)
{
	struct kb_version *version = kb_arena_new_of(arena, struct kb_version);
	struct kb_md_syntax syntax = config->syntax;
	struct kb_passages passages;
	struct kb_diags diags;
	struct kb_md *md;

	kb_diags_init(&diags, NULL);
	version->config = config;
	version->text = text = kb_arena_str(arena, text);
	take_lines(version, arena);
	version->doc =
		kb_document_parse(arena, config, NULL, mount, locale, path, text, &diags);
	if (kb_utf8_invalid(text) != SIZE_MAX) {
		take_bytes(version, arena);
	} else {
		uint32_t off = version->doc->facts->body_offset;

		syntax.literal = !mount->expand;
		syntax.steps = version->doc->facts->type == KB_WORKFLOW;
		md = kb_md_parse(kb_str_sub(text, off, text.len), off, &syntax);
		kb_md_passages(md, arena, &passages);
		kb_md_free(md);
		take_blocks(version, arena, &passages);
		if (version->doc->facts->type == KB_WORKFLOW &&
			!version->doc->facts->broken)
			version->doc->workflow = kb_workflow_build(
				arena, version->doc, NULL, NULL, &diags);
	}
	kb_diags_dispose(&diags);
	return version;
}

bool kb_version_has_front(const struct kb_version *version)
{
	size_t bom = kb_str_starts(version->text, KB_STR("\xEF\xBB\xBF")) ? 3 : 0;

	return version->doc->facts->body_offset > bom;
}

uint32_t version_line(const struct kb_version *version, uint32_t off)
{
	uint32_t low = 0, high = version->nlines;

	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (version->lines[mid] <= off)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

kb_str block_text(struct kb_arena *arena, const struct kb_block *block)
{
	_cleanup_buf_ kb_buf out = {0};

	if (block->nparts == 1)
		return block->parts->text;
	for (uint32_t i = 0; i < block->nparts; i++) {
		kb_buf_puts(&out, i ? " | " : "");
		kb_buf_str(&out, block->parts[i].text);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}
