#include "kb/diff_shown.h"

static void set_number(
	struct kb_arena *arena, struct kb_value *map, const char *key, uint32_t n)
{
	if (n && n != KB_NONE)
		kb_value_set_int(arena, map, key, n);
}

static void set_flag(
	struct kb_arena *arena, struct kb_value *map, const char *key, bool is)
{
	if (is)
		kb_value_set_bool(arena, map, key, true);
}

static void add_words(
	struct kb_arena *arena, struct kb_value *map, const struct kb_doc_change *change)
{
	struct kb_value *list = kb_value_set_list(arena, map, "words");

	for (uint32_t i = 0; i < change->nwords; i++) {
		const struct kb_word_run *run = &change->words[i];
		struct kb_value *words = kb_value_push_map(arena, list);

		kb_value_set_name(
			arena, words, "op", kb_op_name((enum kb_op_kind)run->op));
		kb_value_set_str(arena, words, "text", run->text);
	}
}

/* What a change of a document and one of something else have alike. */
static void set_action(
	struct kb_arena *arena, struct kb_value *map, unsigned action, unsigned weight)
{
	kb_value_set_name(
		arena, map, "what", kb_change_action_name((enum kb_change_action)action));
	kb_value_set_name(arena, map, "weight", kb_weight_name((enum kb_weight)weight));
}

static void set_names(struct kb_arena *arena, struct kb_value *map, kb_str name,
	kb_str section, kb_str before, kb_str after)
{
	kb_value_set_opt(arena, map, "name", name);
	kb_value_set_opt(arena, map, "section", section);
	kb_value_set_opt(arena, map, "before", before);
	kb_value_set_opt(arena, map, "after", after);
}

static void add_change(
	struct kb_arena *arena, struct kb_value *list, const struct kb_doc_change *change)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_name(
		arena, map, "thing", kb_element_name((enum kb_element)change->element));
	set_action(arena, map, change->action, change->weight);
	kb_value_set_str(arena, map, "reason", change->reason);
	kb_value_set_str(arena, map, "text", kb_doc_change_phrase(arena, change));
	set_names(
		arena, map, change->name, change->section, change->before, change->after);
	set_number(arena, map, "old_line", change->old_line);
	set_number(arena, map, "new_line", change->new_line);
	if (change->nwords)
		add_words(arena, map, change);
}

static void add_span(
	struct kb_arena *arena, struct kb_value *list, const struct kb_span *span)
{
	static const char *const kinds[] = {"emph", "strong", "strike", "code", "link",
		"image", "footnote", "variable", "html"};
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_name(arena, map, "kind", kinds[span->kind]);
	kb_value_set_int(arena, map, "from", span->from);
	kb_value_set_int(arena, map, "to", span->to);
	kb_value_set_opt(arena, map, "dest", span->dest);
	kb_value_set_opt(arena, map, "title", span->title);
}

static void add_parts(
	struct kb_arena *arena, struct kb_value *map, const struct kb_block *block)
{
	struct kb_value *list = kb_value_set_list(arena, map, "parts"), *spans;

	for (uint32_t i = 0; i < block->nparts; i++) {
		const struct kb_block_part *part = &block->parts[i];
		struct kb_value *one = kb_value_push_map(arena, list);

		kb_value_set_str(arena, one, "text", part->text);
		if (!part->nspans)
			continue;
		spans = kb_value_set_list(arena, one, "spans");
		for (uint32_t k = 0; k < part->nspans; k++)
			add_span(arena, spans, &part->spans[k]);
	}
}

static void fill_block(
	struct kb_arena *arena, struct kb_value *map, const struct kb_block *block)
{
	static const char *const kinds[] = {
		"paragraph", "heading", "row", "code", "html", "include", "rule"};

	kb_value_set_name(arena, map, "kind", kinds[block->kind]);
	set_number(arena, map, "level", block->level);
	set_number(arena, map, "depth", block->depth);
	set_number(arena, map, "audience", block->audience);
	set_flag(arena, map, "ordered", block->ordered);
	set_flag(arena, map, "item", block->opens_item);
	set_flag(arena, map, "task", block->task);
	set_flag(arena, map, "done", block->done);
	set_flag(arena, map, "quote", block->quote);
	set_flag(arena, map, "header", block->header);
	kb_value_set_opt(arena, map, "marker", block->marker);
	kb_value_set_opt(arena, map, "info", block->info);
	add_parts(arena, map, block);
}

static void add_operation(struct kb_arena *arena, struct kb_value *list,
	const struct kb_diff *diff, const struct kb_op *op)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_name(arena, map, "op", kb_op_name((enum kb_op_kind)op->kind));
	if (op->old_block != KB_NONE)
		kb_value_set_int(arena, map, "old", op->old_block);
	if (op->new_block == KB_NONE)
		return;
	kb_value_set_int(arena, map, "new", op->new_block);
	if (!op->same)
		fill_block(arena, kb_value_set_map(arena, map, "block"),
			&diff->to->blocks[op->new_block]);
}

static void add_operations(
	struct kb_arena *arena, struct kb_value *map, const struct kb_diff *diff)
{
	struct kb_value *blocks = kb_value_set_list(arena, map, "blocks");
	struct kb_value *operations = kb_value_set_list(arena, map, "operations");

	for (uint32_t i = 0; i < diff->from->nblocks; i++)
		fill_block(
			arena, kb_value_push_map(arena, blocks), &diff->from->blocks[i]);
	for (uint32_t i = 0; i < diff->nops; i++)
		add_operation(arena, operations, diff, &diff->ops[i]);
}

static void add_document(const struct kb_diff_shown *shown, struct kb_arena *arena,
	struct kb_value *list, const struct kb_doc_diff *doc)
{
	const struct kb_document *d = kb_doc_diff_document(doc);
	const struct kb_library *lib = doc->to ? shown->diff->to : shown->diff->from;
	struct kb_value *map = kb_value_push_map(arena, list), *changes;

	kb_value_set_str(arena, map, "path", d->path);
	if (doc->moved)
		kb_value_set_str(arena, map, "old_path", doc->from->path);
	if (doc->translation) {
		kb_value_set_str(arena, map, "source", doc->to->path);
		kb_value_set_str(arena, map, "since", doc->since);
	}
	kb_value_set_opt(arena, map, "id", d->id);
	kb_value_set_str(arena, map, "locale", lib->config->locales[d->locale].code);
	kb_value_set_name(arena, map, "type", kb_type_name(d->facts->type));
	kb_value_set_opt(arena, map, "title", d->facts->title);
	kb_value_set_name(arena, map, "status",
		doc->translation ? "behind" : kb_doc_diff_status(doc));
	kb_value_set_name(arena, map, "weight", kb_weight_name(doc->diff->weight));
	kb_value_set_str(arena, map, "summary", kb_diff_summary(arena, doc->diff));
	kb_value_set_int(arena, map, "paragraphs", doc->diff->paragraphs);
	changes = kb_value_set_list(arena, map, "changes");
	for (uint32_t i = 0; i < doc->diff->nchanges; i++)
		if (kb_diff_weighs(shown, doc->diff->changes[i].weight))
			add_change(arena, changes, &doc->diff->changes[i]);
	if (shown->operations)
		add_operations(arena, map, doc->diff);
}

static void add_note(
	struct kb_arena *arena, struct kb_value *list, const struct kb_note *note)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_name(
		arena, map, "kind", kb_note_name((enum kb_note_kind)note->kind));
	set_action(arena, map, note->action, note->weight);
	kb_value_set_str(arena, map, "path", note->path);
	set_names(arena, map, note->name, KB_STR_NULL, note->before, note->after);
	kb_value_set_str(arena, map, "text", note->text);
	kb_value_set_strs(arena, map, "touched", &note->touched);
}

void kb_diff_value(
	const struct kb_diff_shown *shown, struct kb_arena *arena, struct kb_value *root)
{
	const struct kb_library_diff *diff = shown->diff;
	struct kb_value *list;

	kb_value_set_str(arena, root, "from", shown->from);
	kb_value_set_str(arena, root, "to", shown->to);
	kb_value_set_name(arena, root, "weight", kb_weight_name(diff->weight));
	list = kb_value_set_list(arena, root, "documents");
	for (uint32_t i = 0; i < diff->ndocs; i++)
		if (kb_diff_shows(shown, &diff->docs[i]))
			add_document(shown, arena, list, &diff->docs[i]);
	list = kb_value_set_list(arena, root, "notes");
	for (uint32_t i = 0; i < diff->nnotes; i++)
		if (kb_diff_weighs(shown, diff->notes[i].weight))
			add_note(arena, list, &diff->notes[i]);
}
