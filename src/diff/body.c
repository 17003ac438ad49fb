/* What the operations on blocks mean. */
#include "kb/workflow.h"
#include "version.h"

struct body {
	struct changes *changes;
	struct kb_arena *arena;
	const struct block_pairs *pairs;
	struct targets targets;
	const struct kb_version *from, *to;
	bool *told_old, *told_new; /* by block: a change has said it */
	uint32_t *columns; /* of the table: new column to old one; KB_NONE: it is new */
	uint32_t ncolumns;
};

static bool is_workflow(const struct kb_version *version)
{
	return version->doc->facts->type == KB_WORKFLOW;
}

static bool is_section(const struct kb_block *block)
{
	return block->kind == KB_BLOCK_HEADING && !block->quote && !block->depth;
}

static bool is_step(const struct kb_version *version, const struct kb_block *block)
{
	return is_workflow(version) && is_section(block) && block->level == 2;
}

/* The link that the block begins with, when it is an answer of a step. */
static const struct kb_span *answer_of(
	const struct kb_version *version, const struct kb_block *block)
{
	const struct kb_workflow *workflow = version->doc->workflow;
	const struct kb_block_part *part = block->parts;
	uint32_t end = block->range.off + block->range.len;

	if (!workflow || !block->opens_item || block->kind != KB_BLOCK_PARAGRAPH)
		return NULL;
	for (uint32_t s = 0; s < workflow->nsteps; s++)
		for (uint32_t e = 0; e < workflow->steps[s].nedges; e++) {
			const struct kb_edge *edge = &workflow->steps[s].edges[e];

			if (edge->link == KB_NONE ||
				edge->range.off + edge->range.len <= block->range.off ||
				edge->range.off >= end)
				continue;
			for (uint32_t i = 0; i < part->nspans; i++)
				if (part->spans[i].kind == KB_SPAN_LINK)
					return &part->spans[i];
		}
	return NULL;
}

bool block_is_diagram(const struct kb_block *block)
{
	return block->kind == KB_BLOCK_CODE &&
	       (kb_str_starts(block->info, KB_STR("dot")) ||
		       kb_str_starts(block->info, KB_STR("journey")));
}

static enum kb_element element_of(
	const struct kb_version *version, const struct kb_block *block)
{
	switch (block->kind) {
	case KB_BLOCK_HEADING:
		return is_step(version, block) ? KB_ELEMENT_STEP
		       : is_section(block)     ? KB_ELEMENT_SECTION
					       : KB_ELEMENT_HEADING;
	case KB_BLOCK_ROW:
		return KB_ELEMENT_ROW;
	case KB_BLOCK_CODE:
		return block_is_diagram(block) ? KB_ELEMENT_DIAGRAM : KB_ELEMENT_CODE;
	case KB_BLOCK_HTML:
		return KB_ELEMENT_HTML;
	case KB_BLOCK_INCLUDE:
		return KB_ELEMENT_INCLUDE;
	case KB_BLOCK_RULE:
		return KB_ELEMENT_RULE;
	default:
		return answer_of(version, block) ? KB_ELEMENT_ANSWER
		       : block->opens_item	 ? KB_ELEMENT_ITEM
						 : KB_ELEMENT_PARAGRAPH;
	}
}

static kb_str name_of(const struct kb_version *version, const struct kb_block *block)
{
	const struct kb_span *answer = answer_of(version, block);
	const struct kb_block_part *part = block->parts;

	if (block->kind == KB_BLOCK_HEADING || block->kind == KB_BLOCK_INCLUDE)
		return part->text;
	if (block_is_diagram(block)) {
		size_t space = kb_str_chr(block->info, ' ');

		return space == SIZE_MAX
			       ? KB_STR_NULL
			       : kb_str_sub(block->info, space + 1, block->info.len);
	}
	if (block->kind == KB_BLOCK_ROW)
		return part->text;
	return answer ? kb_str_sub(part->text, answer->from, answer->to) : KB_STR_NULL;
}

static kb_str section_of(const struct kb_version *version, uint32_t block)
{
	uint32_t above = block == KB_NONE ? KB_NONE : version->blocks[block].above;

	return above == KB_NONE ? KB_STR_NULL : version->blocks[above].parts->text;
}

/* A change of the text of these blocks, not yet weighed. */
static struct kb_doc_change change_at(const struct body *b, enum kb_change_action action,
	uint32_t old_block, uint32_t new_block)
{
	const struct kb_version *version = new_block == KB_NONE ? b->from : b->to;
	uint32_t at = new_block == KB_NONE ? old_block : new_block;
	struct kb_doc_change change = {.action = (uint8_t)action,
		.element = (uint8_t)element_of(version, &version->blocks[at]),
		.name = name_of(version, &version->blocks[at]),
		.section = section_of(version, at),
		.old_block = old_block,
		.new_block = new_block,
		.count = 1};

	if (old_block != KB_NONE)
		change.old_line =
			version_line(b->from, b->from->blocks[old_block].range.off);
	if (new_block != KB_NONE)
		change.new_line = version_line(b->to, b->to->blocks[new_block].range.off);
	return change;
}

static void push(struct body *b, const struct kb_doc_change *change)
{
	kb_vec_push(&b->changes->list, *change);
}

/* Sections that came or went as a whole */

static uint32_t section_end(const struct kb_version *version, uint32_t heading)
{
	uint32_t end = heading + 1;
	const struct kb_block *blocks = version->blocks;

	while (end < version->nblocks &&
		!(is_section(&blocks[end]) && blocks[end].level <= blocks[heading].level))
		end++;
	return end;
}

static bool alone(const uint32_t *other, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (other[i] != KB_NONE)
			return false;
	return true;
}

static kb_str texts(
	struct body *b, const struct kb_version *version, uint32_t from, uint32_t to)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t i = from; i < to; i++) {
		kb_buf_puts(&out, i > from ? "\n" : "");
		kb_buf_str(&out, block_text(b->arena, &version->blocks[i]));
	}
	return kb_arena_str(b->arena, kb_buf_view(&out));
}

static bool has_variables(const struct kb_block *block)
{
	for (uint32_t p = 0; p < block->nparts; p++)
		for (uint32_t i = 0; i < block->parts[p].nspans; i++)
			if (block->parts[p].spans[i].kind == KB_SPAN_VARIABLE)
				return true;
	return false;
}

static bool is_warning(const struct kb_block *block)
{
	return kb_str_is(block->marker, "WARNING") ||
	       kb_str_is(block->marker, "CAUTION") ||
	       kb_str_is(block->marker, "IMPORTANT");
}

/* Text that came or went as a whole. */
static void weigh_whole(struct body *b, struct kb_doc_change *change,
	const struct kb_version *version, uint32_t from, uint32_t to)
{
	bool came = version == b->to;
	kb_str text = came ? change->after : change->before, reason;
	struct kb_word_run run = {came ? KB_OP_INSERT : KB_OP_DELETE, text};
	struct word_runs words = {&run, 1};
	bool number = words_weight(b->arena, &words, &reason) == KB_WEIGHT_SIGNIFICANT &&
		      kb_str_is(reason, "a number changed");

	change->weight = KB_WEIGHT_MINOR;
	change->reason = came ? KB_STR("text added") : KB_STR("text removed");
	for (uint32_t i = from; i < to; i++) {
		if (is_warning(&version->blocks[i])) {
			change->weight = KB_WEIGHT_SIGNIFICANT;
			change->reason = came ? KB_STR("a warning was added")
					      : KB_STR("a warning was removed");
		} else if (has_variables(&version->blocks[i]) &&
			   version->doc->facts->type == KB_REPLY) {
			change->weight = KB_WEIGHT_SIGNIFICANT;
			change->reason = KB_STR("text with a placeholder");
		}
	}
	if (number && change->weight == KB_WEIGHT_MINOR) {
		change->weight = KB_WEIGHT_SIGNIFICANT;
		change->reason = came ? KB_STR("text with a number was added")
				      : KB_STR("text with a number was removed");
	}
	if (change->element == KB_ELEMENT_ITEM && version->blocks[from].ordered) {
		change->weight = KB_WEIGHT_SIGNIFICANT;
		change->reason = came ? KB_STR("an item of a numbered list was added")
				      : KB_STR("an item of a numbered list was removed");
	}
	if (change->element == KB_ELEMENT_STEP || change->element == KB_ELEMENT_ANSWER) {
		change->weight = KB_WEIGHT_SIGNIFICANT;
		change->reason = change->element == KB_ELEMENT_STEP
					 ? KB_STR("the steps changed")
					 : KB_STR("the answers changed");
	}
	if (change->element == KB_ELEMENT_RULE) {
		change->weight = KB_WEIGHT_TRIVIAL;
		change->reason = KB_STR("formatting");
	}
}

static void tell_whole(struct body *b, bool came, uint32_t at)
{
	const struct kb_version *version = came ? b->to : b->from;
	const uint32_t *other = came ? b->pairs->from_of : b->pairs->to_of;
	bool *told = came ? b->told_new : b->told_old;
	uint32_t end =
		is_section(&version->blocks[at]) ? section_end(version, at) : at + 1;
	struct kb_doc_change change;
	kb_str *text;

	if (told[at])
		return;
	change = change_at(b, came ? KB_CHANGE_ADDED : KB_CHANGE_REMOVED,
		came ? KB_NONE : at, came ? at : KB_NONE);
	if (!alone(other, at, end)) {
		end = at + 1;
		if (change.element == KB_ELEMENT_SECTION)
			change.element = KB_ELEMENT_HEADING;
	}
	memset(told + at, true, end - at);
	change.count = end - at;
	text = came ? &change.after : &change.before;
	*text = end - at == 1 ? block_text(b->arena, &version->blocks[at])
			      : texts(b, version, at, end);
	weigh_whole(b, &change, version, at, end);
	push(b, &change);
}

/* Moves */

/* Where a section is now: after its neighbor; of anything else: in which section. */
static kb_str place_of(struct body *b, const struct kb_version *version, uint32_t at)
{
	const struct kb_block *blocks = version->blocks, *block = &blocks[at];
	uint32_t before = at;

	if (!is_section(block))
		return block->above == KB_NONE ? KB_STR("to the beginning")
					       : kb_arena_fmt(b->arena, "into '%.*s'",
							 KB_ARG(section_of(version, at)));
	while (before-- > 0 && before != block->above)
		if (is_section(&blocks[before]) && blocks[before].above == block->above)
			return kb_arena_fmt(b->arena, "after '%.*s'",
				KB_ARG(blocks[before].parts->text));
	return block->above == KB_NONE
		       ? KB_STR("to the beginning")
		       : kb_arena_fmt(b->arena, "to the beginning of '%.*s'",
				 KB_ARG(section_of(version, at)));
}

static void tell_moved(struct body *b, uint32_t at)
{
	const struct block_pairs *p = b->pairs;
	const struct kb_block *block = &b->to->blocks[at];
	bool section = is_section(block);
	uint32_t end = at + 1, limit = section ? section_end(b->to, at) : b->to->nblocks;
	struct kb_doc_change change;

	if (b->told_new[at])
		return;
	while (end < limit &&
		(section ? p->moved[end] || p->from_of[end] == KB_NONE
			 : p->moved[end] && p->from_of[end] == p->from_of[end - 1] + 1 &&
					!is_section(&b->to->blocks[end]) &&
					b->to->blocks[end].above == block->above))
		end++;
	change = change_at(b, KB_CHANGE_MOVED, p->from_of[at], at);
	change.count = 0;
	for (uint32_t i = at; i < end; i++) {
		b->told_new[i] |= p->from_of[i] != KB_NONE;
		change.count += p->from_of[i] != KB_NONE;
	}
	if (change.element == KB_ELEMENT_ITEM || change.element == KB_ELEMENT_PARAGRAPH)
		change.name = block->parts->text;
	change.weight = KB_WEIGHT_MINOR;
	change.reason = KB_STR("a different order");
	change.before = section_of(b->from, p->from_of[at]);
	change.after = section || !kb_str_eq(change.before, change.section)
			       ? place_of(b, b->to, at)
			       : KB_STR_NULL;
	if (change.element == KB_ELEMENT_STEP) {
		change.weight = KB_WEIGHT_SIGNIFICANT;
		change.reason = KB_STR("the order of the steps changed");
	} else if (change.element == KB_ELEMENT_ITEM && block->ordered) {
		change.weight = KB_WEIGHT_SIGNIFICANT;
		change.reason = KB_STR("the order of a numbered list changed");
	} else if (change.element == KB_ELEMENT_ITEM ||
		   change.element == KB_ELEMENT_ROW) {
		change.weight = KB_WEIGHT_TRIVIAL;
	}
	push(b, &change);
}

/* Links */

static void tell_link(struct body *b, const struct kb_doc_change *at,
	const struct kb_span *before, const struct kb_span *after)
{
	struct kb_doc_change change = *at;
	const struct kb_span *span = after ? after : before;
	/* The same words that lead elsewhere, since the document moved. */
	bool full = before && after && kb_str_eq(before->dest, after->dest);

	kb_str (*label)(struct kb_arena *, const struct kb_version *, kb_str) =
		full ? target_full_label : target_label;
	bool answer = at->element == KB_ELEMENT_ANSWER && before && after;
	bool image = span->kind == KB_SPAN_IMAGE;
	bool process =
		answer ||
		(before && target_is_process(&b->targets, b->from, before->dest)) ||
		(after && target_is_process(&b->targets, b->to, after->dest));

	change.action = !before	 ? KB_CHANGE_ADDED
			: !after ? KB_CHANGE_REMOVED
				 : KB_CHANGE_CHANGED;
	change.before = before ? label(b->arena, b->from, before->dest) : KB_STR_NULL;
	change.after = after ? label(b->arena, b->to, after->dest) : KB_STR_NULL;
	change.broken =
		before && after && target_lost(&b->targets, before->dest, after->dest);
	change.element = answer	 ? KB_ELEMENT_ANSWER
			 : image ? KB_ELEMENT_IMAGE
				 : KB_ELEMENT_LINK;
	if (!answer)
		change.name = KB_STR_NULL;
	change.weight = process ? KB_WEIGHT_SIGNIFICANT : KB_WEIGHT_MINOR;
	change.reason = answer	  ? KB_STR("the process changed")
			: process ? KB_STR("a link to a process changed")
			: image	  ? KB_STR("an image changed")
				  : KB_STR("a link changed");
	push(b, &change);
}

static bool is_link(const struct kb_span *span)
{
	return span->kind == KB_SPAN_LINK || span->kind == KB_SPAN_IMAGE;
}

struct span_lists {
	const struct kb_block_part *a, *c;
	bool *done_a, *done_c;
};

static struct span_lists spans_of(
	struct body *b, const struct kb_block_part *a, const struct kb_block_part *c)
{
	return (struct span_lists){a, c, kb_arena_array(b->arena, bool, a->nspans),
		kb_arena_array(b->arena, bool, c->nspans)};
}

/* Pairs what is the same on both sides, in order. */
static void spans_settle(struct body *b, struct span_lists *s, bool variables)
{
	for (uint32_t i = 0; i < s->a->nspans; i++)
		for (uint32_t j = 0; j < s->c->nspans && !s->done_a[i]; j++) {
			const struct kb_span *x = &s->a->spans[i], *y = &s->c->spans[j];
			bool same = x->kind == y->kind && !s->done_c[j] &&
				    (variables ? x->kind == KB_SPAN_VARIABLE &&
							    kb_str_eq(x->dest, y->dest)
					       : is_link(x) && target_same(&b->targets,
								       x->dest, y->dest));

			if (same)
				s->done_a[i] = s->done_c[j] = true;
		}
}

static bool tell_links(struct body *b, const struct kb_doc_change *at,
	const struct kb_block_part *x, const struct kb_block_part *y)
{
	struct span_lists s = spans_of(b, x, y);
	bool told = false;
	uint32_t j = 0;

	spans_settle(b, &s, false);
	for (uint32_t i = 0; i < x->nspans; i++) {
		if (!is_link(&x->spans[i]) || s.done_a[i])
			continue;
		while (j < y->nspans && (!is_link(&y->spans[j]) || s.done_c[j] ||
						y->spans[j].kind != x->spans[i].kind))
			j++;
		tell_link(b, at, &x->spans[i], j < y->nspans ? &y->spans[j] : NULL);
		if (j < y->nspans)
			s.done_c[j++] = true;
		told = true;
	}
	for (j = 0; j < y->nspans; j++) {
		if (!is_link(&y->spans[j]) || s.done_c[j])
			continue;
		tell_link(b, at, NULL, &y->spans[j]);
		told = true;
	}
	return told;
}

static bool is_variable(const struct body *b, kb_str name)
{
	return kb_config_variable(b->from->config, name) ||
	       kb_config_variable(b->to->config, name);
}

static bool tell_variables(struct body *b, const struct kb_doc_change *at,
	const struct kb_block_part *x, const struct kb_block_part *y)
{
	struct span_lists s = spans_of(b, x, y);
	bool told = false;

	spans_settle(b, &s, true);
	for (int side = 0; side < 2; side++) {
		const struct kb_block_part *part = side ? y : x;
		const bool *done = side ? s.done_c : s.done_a;

		for (uint32_t i = 0; i < part->nspans; i++) {
			struct kb_doc_change change = *at;

			if (part->spans[i].kind != KB_SPAN_VARIABLE || done[i])
				continue;
			change.element = is_variable(b, part->spans[i].dest)
						 ? KB_ELEMENT_VARIABLE
						 : KB_ELEMENT_PLACEHOLDER;
			change.action = side ? KB_CHANGE_ADDED : KB_CHANGE_REMOVED;
			change.name = part->spans[i].dest;
			change.before = change.after = KB_STR_NULL;
			change.weight = KB_WEIGHT_SIGNIFICANT;
			change.reason = change.element == KB_ELEMENT_VARIABLE
						? KB_STR("the variables changed")
						: KB_STR("the placeholders changed");
			push(b, &change);
			told = true;
		}
	}
	return told;
}

/* Words */

static bool tell_words(
	struct body *b, const struct kb_doc_change *at, kb_str before, kb_str after)
{
	struct kb_doc_change change = *at;
	struct word_runs words;

	if (kb_str_eq(before, after))
		return false;
	words.runs = kb_diff_words(b->arena, before, after, &words.n);
	change.before = before;
	change.after = after;
	change.words = words.runs;
	change.nwords = words.n;
	change.reason = KB_STR("typography");
	change.weight = (uint8_t)words_weight(b->arena, &words, &change.reason);
	if (change.weight == KB_WEIGHT_NONE)
		change.weight = KB_WEIGHT_TRIVIAL;
	if (change.element == KB_ELEMENT_CODE || change.element == KB_ELEMENT_DIAGRAM) {
		change.reason = change.element == KB_ELEMENT_CODE
					? KB_STR("code changed")
					: KB_STR("a diagram changed");
		if (change.weight < KB_WEIGHT_MINOR)
			change.weight = KB_WEIGHT_MINOR;
	}
	push(b, &change);
	return true;
}

static bool tell_part(struct body *b, const struct kb_doc_change *at,
	const struct kb_block_part *x, const struct kb_block_part *y)
{
	size_t words = b->changes->list.len;
	bool told = tell_words(b, at, x->text, y->text), variables;

	told = tell_links(b, at, x, y) || told;
	variables = tell_variables(b, at, x, y);
	/* What is written where a variable was, or the other way round. */
	if (variables && told && words < b->changes->list.len &&
		b->changes->list.items[words].nwords)
		b->changes->list.items[words].weight = KB_WEIGHT_SIGNIFICANT;
	return told || variables;
}

/* Tables */

static const struct kb_block_part *head_cell(
	const struct body *b, uint32_t row, uint32_t col)
{
	for (uint32_t i = row + 1; i-- > 0 && b->to->blocks[i].kind == KB_BLOCK_ROW;)
		if (b->to->blocks[i].header)
			return col < b->to->blocks[i].nparts
				       ? &b->to->blocks[i].parts[col]
				       : NULL;
	return NULL;
}

static void tell_column(
	struct body *b, const struct kb_doc_change *at, bool came, kb_str head)
{
	struct kb_doc_change change = *at;

	change.element = KB_ELEMENT_COLUMN;
	change.action = came ? KB_CHANGE_ADDED : KB_CHANGE_REMOVED;
	change.name = head;
	change.before = change.after = KB_STR_NULL;
	change.weight = KB_WEIGHT_MINOR;
	change.reason = came ? KB_STR("text added") : KB_STR("text removed");
	push(b, &change);
}

uint32_t *kb_diff_columns(struct kb_arena *arena, const struct kb_block *before,
	const struct kb_block *after)
{
	uint64_t *old = kb_arena_array(arena, uint64_t, before->nparts);
	uint64_t *new = kb_arena_array(arena, uint64_t, after->nparts);
	uint32_t *columns = kb_arena_array(arena, uint32_t, after->nparts);

	for (uint32_t i = 0; i < after->nparts; i++)
		new[i] = kb_str_hash(after->parts[i].text);
	for (uint32_t i = 0; i < before->nparts; i++)
		old[i] = kb_str_hash(before->parts[i].text);
	if (before->nparts != after->nparts)
		lcs_find(new, after->nparts, old, before->nparts, columns);
	for (uint32_t i = 0; i < after->nparts && before->nparts == after->nparts; i++)
		columns[i] = i;
	return columns;
}

static void read_columns(
	struct body *b, const struct kb_block *x, const struct kb_block *y)
{
	b->ncolumns = y->nparts;
	b->columns = kb_diff_columns(b->arena, x, y);
}

static bool column_known(const struct body *b, uint32_t old)
{
	for (uint32_t i = 0; i < b->ncolumns; i++)
		if (b->columns[i] == old)
			return true;
	return false;
}

static void tell_row(struct body *b, const struct kb_doc_change *at,
	const struct kb_block *x, const struct kb_block *y)
{
	struct kb_doc_change cell = *at;

	if (y->header || !b->columns || b->ncolumns != y->nparts)
		read_columns(b, x, y);
	for (uint32_t i = 0; y->header && i < x->nparts; i++)
		if (!column_known(b, i))
			tell_column(b, at, false, x->parts[i].text);
	for (uint32_t i = 0; i < y->nparts; i++) {
		uint32_t old = b->columns[i];
		const struct kb_block_part *head = head_cell(b, at->new_block, i);

		if (old == KB_NONE || old >= x->nparts) {
			if (y->header)
				tell_column(b, at, true, y->parts[i].text);
			continue;
		}
		cell.element = KB_ELEMENT_CELL;
		cell.name = head && !y->header ? head->text : KB_STR_NULL;
		if (i && cell.name.len && y->parts[0].text.len)
			cell.name = kb_arena_fmt(b->arena, "%.*s, %.*s",
				KB_ARG(y->parts[0].text), KB_ARG(head->text));
		tell_part(b, &cell, &x->parts[old], &y->parts[i]);
	}
}

/* Blocks that stay and are not what they were */

static void tell_heading(struct body *b, struct kb_doc_change *at,
	const struct kb_block *x, const struct kb_block *y)
{
	at->action = KB_CHANGE_RENAMED;
	if (tell_words(b, at, x->parts->text, y->parts->text) || x->level == y->level)
		return;
	at->action = KB_CHANGE_CHANGED;
	at->before = kb_arena_fmt(b->arena, "level %u", x->level);
	at->after = kb_arena_fmt(b->arena, "level %u", y->level);
	at->weight = is_step(b->from, x) != is_step(b->to, y) ? KB_WEIGHT_SIGNIFICANT
							      : KB_WEIGHT_TRIVIAL;
	at->reason = at->weight == KB_WEIGHT_TRIVIAL ? KB_STR("formatting")
						     : KB_STR("the steps changed");
	push(b, at);
}

static kb_str form_of(const struct kb_block *block)
{
	return block->marker.len ? block->marker
	       : block->quote	 ? KB_STR("quote")
				 : KB_STR("text");
}

/* "text for agents" */
static kb_str readers_of(
	struct body *b, const struct kb_version *version, const struct kb_block *block)
{
	const struct kb_config *config = version->config;

	if (!block->audience)
		return KB_STR("text for everybody");
	return block->audience < config->naudiences
		       ? kb_arena_fmt(b->arena, "text for %.*s",
				 KB_ARG(config->audiences[block->audience]))
		       : KB_STR("text for nobody");
}

static bool tell_readers(struct body *b, const struct kb_doc_change *at,
	const struct kb_block *x, const struct kb_block *y)
{
	struct kb_doc_change change = *at;

	if (x->audience == y->audience && kb_str_eq(x->marker, y->marker))
		return false;
	change.element = KB_ELEMENT_CALLOUT;
	change.before = form_of(x);
	change.after = form_of(y);
	change.weight = KB_WEIGHT_MINOR;
	change.reason = KB_STR("a call-out changed");
	if (x->audience != y->audience || is_warning(x) != is_warning(y)) {
		change.weight = KB_WEIGHT_SIGNIFICANT;
		if (x->audience != y->audience) {
			change.before = readers_of(b, b->from, x);
			change.after = readers_of(b, b->to, y);
		}
		change.reason = x->audience != y->audience
					? KB_STR("who may read it changed")
					: KB_STR("a warning was added or removed");
	}
	push(b, &change);
	return true;
}

static void tell_formatted(struct body *b, struct kb_doc_change *at,
	const struct kb_block *x, const struct kb_block *y)
{
	at->action = KB_CHANGE_FORMATTED;
	at->before = block_text(b->arena, x);
	at->after = block_text(b->arena, y);
	at->weight = KB_WEIGHT_TRIVIAL;
	at->reason = KB_STR("formatting");
	if (x->done != y->done)
		at->reason = KB_STR("a box was checked or cleared");
	push(b, at);
}

/* Is it a link that leads where it did, under the new name of that, and nothing else? */
static bool part_follows(struct body *b, const struct kb_block_part *a,
	const struct kb_block_part *c, bool *renamed)
{
	if (a->nspans != c->nspans || !kb_str_eq(a->text, c->text))
		return false;
	for (uint32_t i = 0; i < a->nspans; i++) {
		const struct kb_span *x = &a->spans[i], *y = &c->spans[i];

		if (kb_str_eq(x->dest, y->dest))
			continue;
		if (!is_link(x) || !is_link(y) ||
			!target_same(&b->targets, x->dest, y->dest))
			return false;
		*renamed = true;
	}
	return true;
}

static bool only_follows(
	struct body *b, const struct kb_block *x, const struct kb_block *y)
{
	bool renamed = false;

	if (x->nparts != y->nparts)
		return false;
	for (uint32_t p = 0; p < x->nparts; p++)
		if (!part_follows(b, &x->parts[p], &y->parts[p], &renamed))
			return false;
	return renamed;
}

static void tell_replaced(struct body *b, const struct kb_op *op)
{
	const struct kb_block *x = &b->from->blocks[op->old_block];
	const struct kb_block *y = &b->to->blocks[op->new_block];
	struct kb_doc_change at =
		change_at(b, KB_CHANGE_CHANGED, op->old_block, op->new_block);
	size_t before = b->changes->list.len;

	if (y->kind == KB_BLOCK_HEADING)
		tell_heading(b, &at, x, y);
	else if (y->kind == KB_BLOCK_ROW)
		tell_row(b, &at, x, y);
	else
		tell_part(b, &at, x->parts, y->parts);
	tell_readers(b, &at, x, y);
	if (b->changes->list.len == before && !only_follows(b, x, y) &&
		!(y->kind == KB_BLOCK_ROW && x->nparts != y->nparts))
		tell_formatted(b, &at, x, y);
}

/* The same as it was written, in a document that is elsewhere now. */
static void tell_kept(struct body *b, const struct kb_op *op)
{
	const struct kb_block *x = &b->from->blocks[op->old_block];
	const struct kb_block *y = &b->to->blocks[op->new_block];
	struct kb_doc_change at =
		change_at(b, KB_CHANGE_CHANGED, op->old_block, op->new_block);

	for (uint32_t i = 0; i < y->nparts; i++)
		tell_links(b, &at, &x->parts[i], &y->parts[i]);
}

static void tell(struct body *b, const struct kb_op *op)
{
	const struct kb_block *block =
		op->new_block == KB_NONE ? NULL : &b->to->blocks[op->new_block];

	if (block && block->kind == KB_BLOCK_ROW && block->header) {
		b->columns = NULL;
		if (op->old_block != KB_NONE)
			read_columns(b, &b->from->blocks[op->old_block], block);
	}
	if (op->kind == KB_OP_INSERT)
		tell_whole(b, true, op->new_block);
	else if (op->kind == KB_OP_DELETE)
		tell_whole(b, false, op->old_block);
	if (op->kind == KB_OP_MOVE)
		tell_moved(b, op->new_block);
	if (op->kind == KB_OP_REPLACE || (op->kind == KB_OP_MOVE && !op->same))
		tell_replaced(b, op);
	if (op->same && targets_shifted(&b->targets))
		tell_kept(b, op);
}

void body_compare(struct changes *changes, const struct kb_diff *diff,
	const struct block_pairs *pairs, const struct kb_diff_links *links)
{
	struct body b = {.changes = changes,
		.arena = changes->arena,
		.pairs = pairs,
		.targets = {changes->arena, diff->from, diff->to, pairs, links},
		.from = diff->from,
		.to = diff->to};

	b.told_old = kb_arena_array(b.arena, bool, b.from->nblocks);
	b.told_new = kb_arena_array(b.arena, bool, b.to->nblocks);
	for (uint32_t i = 0; i < diff->nops; i++)
		tell(&b, &diff->ops[i]);
}
