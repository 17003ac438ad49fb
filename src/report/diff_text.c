/* A document's text with what came and went. */
#include "diff.h"

enum { AROUND = 1 }; /* Blocks that stay are shown so far from what changed. */

struct text {
	struct kb_report *report;
	const struct kb_locale *locale;
	uint32_t *old_of;  /* Of a table: the old column of each new one, or NULL. */
	uint32_t ncolumns; /* New ones. */
};

/* OLD is NULL for what is new, NEW for what is gone. */
static void add_words(struct kb_report *report, const struct kb_block_part *old,
	const struct kb_block_part *new)
{
	static const enum kb_role roles[] = {[KB_OP_KEEP] = KB_ROLE_PLAIN,
		[KB_OP_INSERT] = KB_ROLE_ADDED,
		[KB_OP_DELETE] = KB_ROLE_REMOVED};
	uint32_t n;
	struct kb_word_run *runs = kb_diff_words(report->arena,
		old ? old->text : KB_STR_NULL, new ? new->text : KB_STR_NULL, &n);

	for (uint32_t i = 0; i < n; i++)
		kb_report_text(report, roles[runs[i].op], runs[i].text);
}

static const struct kb_block_part *part_at(const struct kb_block *block, uint32_t i)
{
	return block && i < block->nparts ? &block->parts[i] : NULL;
}

static void add_cell(struct kb_report *report, const struct kb_block_part *old,
	const struct kb_block_part *new)
{
	kb_report_cell(report, KB_STR_NULL);
	add_words(report, old, new);
}

static void add_row(
	const struct text *text, const struct kb_block *old, const struct kb_block *new)
{
	const struct kb_block *block = new ? new : old;
	bool mapped = old && new && text->ncolumns == new->nparts;
	uint32_t done = 0;

	kb_report_row(text->report);
	for (uint32_t i = 0; i < block->nparts; i++) {
		uint32_t from = mapped ? text->old_of[i] : i;

		for (; mapped && from != KB_NONE && done < from; done++)
			add_cell(text->report, part_at(old, done), NULL);
		done += mapped && from != KB_NONE;
		add_cell(text->report, from == KB_NONE ? NULL : part_at(old, from),
			part_at(new, i));
	}
	for (; mapped && done < old->nparts; done++)
		add_cell(text->report, part_at(old, done), NULL);
}

static void add_block(struct text *text, const struct kb_block *old,
	const struct kb_block *new, enum kb_role change)
{
	const struct kb_block *block = new ? new : old;
	struct kb_report *report = text->report;

	if (block->kind == KB_BLOCK_ROW && block->header) {
		text->ncolumns = old && new ? new->nparts : 0;
		text->old_of =
			old && new ? kb_diff_columns(report->arena, old, new) : NULL;
	}
	if (block->kind == KB_BLOCK_ROW)
		add_row(text, old, new);
	else if (block->kind == KB_BLOCK_HEADING)
		kb_report_heading(report, block->level < 3 ? 3 : block->level, "%s", "");
	else if (block->kind == KB_BLOCK_CODE)
		kb_report_code(report, 0, "", KB_STR_NULL);
	else
		kb_report_paragraph(report, "%s", block->opens_item ? "• " : "");
	if (block->kind != KB_BLOCK_ROW) {
		kb_report_fmt(report, KB_ROLE_FAINT, "%.*s%s", KB_ARG(block->marker),
			block->marker.len ? " " : "");
		add_words(report, part_at(old, 0), part_at(new, 0));
	}
	if (block->kind != KB_BLOCK_HEADING)
		kb_report_indent(report, block->depth);
	kb_report_changed(report, change);
	if (text->locale)
		kb_report_language(report, text->locale->code, text->locale->rtl);
}

/* By new block: is there something to say of it? There is not of a link that is written
 * in another way and leads where it led. */
static bool *find_told(struct kb_arena *arena, const struct kb_diff *diff)
{
	bool *told = kb_arena_array(arena, bool, diff->to->nblocks);

	for (uint32_t i = 0; i < diff->nchanges; i++)
		if (diff->changes[i].new_block != KB_NONE)
			told[diff->changes[i].new_block] = true;
	return told;
}

static enum kb_op_kind shown_kind(const struct kb_op *op, const bool *told)
{
	if (op->kind != KB_OP_KEEP && op->kind != KB_OP_REPLACE)
		return op->kind;
	return told[op->new_block] ? KB_OP_REPLACE : KB_OP_KEEP;
}

static bool near_change(const struct kb_diff *diff, const bool *told, uint32_t i)
{
	for (uint32_t k = i > AROUND ? i - AROUND : 0; k <= i + AROUND && k < diff->nops;
		k++)
		if (shown_kind(&diff->ops[k], told) != KB_OP_KEEP)
			return true;
	return false;
}

void diff_text(struct kb_report *report, const struct kb_diff *diff,
	const struct kb_locale *locale)
{
	static const enum kb_role changes[] = {[KB_OP_KEEP] = KB_ROLE_KEPT,
		[KB_OP_INSERT] = KB_ROLE_ADDED,
		[KB_OP_DELETE] = KB_ROLE_REMOVED,
		[KB_OP_REPLACE] = KB_ROLE_MARK,
		[KB_OP_MOVE] = KB_ROLE_MOVED};
	const bool *told = find_told(report->arena, diff);
	struct text text = {.report = report, .locale = locale};
	bool gap = false;

	for (uint32_t i = 0; i < diff->nops; i++) {
		const struct kb_op *op = &diff->ops[i];
		const struct kb_block *old, *new;

		if (!near_change(diff, told, i)) {
			if (!gap)
				kb_report_paragraph(report, "…");
			gap = true;
			continue;
		}
		gap = false;
		old = op->old_block == KB_NONE ? NULL
					       : &diff->from->blocks[op->old_block];
		new = op->new_block == KB_NONE ? NULL : &diff->to->blocks[op->new_block];
		if (old || new) /* always */
			add_block(&text, old, new, changes[shown_kind(op, told)]);
	}
}
