/* The difference for programs: schemas/output/diff.json. */
#include "diff.h"

#include "kb/json.h"

static void pair_if(struct kb_json *json, const char *key, kb_str value)
{
	if (value.len)
		kb_json_pair(json, key, value);
}

static void pair_int(struct kb_json *json, const char *key, uint32_t value)
{
	if (!value || value == KB_NONE)
		return;
	kb_json_key(json, key);
	kb_json_int(json, value);
}

static void put_words(struct kb_json *json, const struct kb_doc_change *c)
{
	kb_json_key(json, "words");
	kb_json_array(json);
	for (uint32_t i = 0; i < c->nwords; i++) {
		kb_json_object(json);
		kb_json_pair(json, "op",
			kb_str_of(kb_op_name((enum kb_op_kind)c->words[i].op)));
		kb_json_pair(json, "text", c->words[i].text);
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
}

static void put_change(
	struct kb_arena *arena, struct kb_json *json, const struct kb_doc_change *c)
{
	kb_json_object(json);
	kb_json_pair(
		json, "thing", kb_str_of(kb_element_name((enum kb_element)c->element)));
	kb_json_pair(json, "what",
		kb_str_of(kb_change_action_name((enum kb_change_action)c->action)));
	kb_json_pair(
		json, "weight", kb_str_of(kb_weight_name((enum kb_weight)c->weight)));
	kb_json_pair(json, "reason", c->reason);
	kb_json_pair(json, "text", kb_doc_change_phrase(arena, c));
	pair_if(json, "name", c->name);
	pair_if(json, "section", c->section);
	pair_if(json, "before", c->before);
	pair_if(json, "after", c->after);
	pair_int(json, "old_line", c->old_line);
	pair_int(json, "new_line", c->new_line);
	if (c->nwords)
		put_words(json, c);
	kb_json_object_end(json);
}

static void put_span(struct kb_json *json, const struct kb_span *span)
{
	static const char *const kinds[] = {"emph", "strong", "strike", "code", "link",
		"image", "footnote", "variable", "html"};

	kb_json_object(json);
	kb_json_pair(json, "kind", kb_str_of(kinds[span->kind]));
	kb_json_key(json, "from");
	kb_json_int(json, span->from);
	kb_json_key(json, "to");
	kb_json_int(json, span->to);
	pair_if(json, "dest", span->dest);
	pair_if(json, "title", span->title);
	kb_json_object_end(json);
}

static void put_flag(struct kb_json *json, const char *key, bool value)
{
	if (!value)
		return;
	kb_json_key(json, key);
	kb_json_bool(json, true);
}

static void put_block(struct kb_json *json, const struct kb_block *block)
{
	static const char *const kinds[] = {
		"paragraph", "heading", "row", "code", "html", "include", "rule"};

	kb_json_object(json);
	kb_json_pair(json, "kind", kb_str_of(kinds[block->kind]));
	pair_int(json, "level", block->level);
	pair_int(json, "depth", block->depth);
	pair_int(json, "audience", block->audience);
	put_flag(json, "ordered", block->ordered);
	put_flag(json, "item", block->opens_item);
	put_flag(json, "task", block->task);
	put_flag(json, "done", block->done);
	put_flag(json, "quote", block->quote);
	put_flag(json, "header", block->header);
	pair_if(json, "marker", block->marker);
	pair_if(json, "info", block->info);
	kb_json_key(json, "parts");
	kb_json_array(json);
	for (uint32_t i = 0; i < block->nparts; i++) {
		kb_json_object(json);
		kb_json_pair(json, "text", block->parts[i].text);
		if (block->parts[i].nspans) {
			kb_json_key(json, "spans");
			kb_json_array(json);
			for (uint32_t k = 0; k < block->parts[i].nspans; k++)
				put_span(json, &block->parts[i].spans[k]);
			kb_json_array_end(json);
		}
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static void put_op(
	struct kb_json *json, const struct kb_diff *diff, const struct kb_op *op)
{
	kb_json_object(json);
	kb_json_pair(json, "op", kb_str_of(kb_op_name((enum kb_op_kind)op->kind)));
	if (op->old_block != KB_NONE) {
		kb_json_key(json, "old");
		kb_json_int(json, op->old_block);
	}
	if (op->new_block != KB_NONE) {
		kb_json_key(json, "new");
		kb_json_int(json, op->new_block);
	}
	if (op->new_block != KB_NONE && !op->same) {
		kb_json_key(json, "block");
		put_block(json, &diff->to->blocks[op->new_block]);
	}
	kb_json_object_end(json);
}

static void put_operations(struct kb_json *json, const struct kb_diff *diff)
{
	kb_json_key(json, "blocks");
	kb_json_array(json);
	for (uint32_t i = 0; i < diff->from->nblocks; i++)
		put_block(json, &diff->from->blocks[i]);
	kb_json_array_end(json);
	kb_json_key(json, "operations");
	kb_json_array(json);
	for (uint32_t i = 0; i < diff->nops; i++)
		put_op(json, diff, &diff->ops[i]);
	kb_json_array_end(json);
}

static void put_document(const struct diff_report *report, struct kb_json *json,
	const struct kb_doc_diff *doc)
{
	const struct kb_document *d = diff_document(doc);
	const struct kb_library *lib = doc->to ? report->diff->to : report->diff->from;

	kb_json_object(json);
	kb_json_pair(json, "path", d->path);
	if (doc->moved)
		kb_json_pair(json, "old_path", doc->from->path);
	if (doc->translation) {
		kb_json_pair(json, "source", doc->to->path);
		kb_json_pair(json, "since", doc->since);
	}
	pair_if(json, "id", d->id);
	kb_json_pair(json, "locale", lib->config->locales[d->locale].code);
	kb_json_pair(json, "type", kb_str_of(kb_type_name(d->facts->type)));
	pair_if(json, "title", d->facts->title);
	kb_json_pair(json, "status",
		doc->translation ? KB_STR("behind") : kb_str_of(diff_status(doc)));
	kb_json_pair(json, "weight", kb_str_of(kb_weight_name(doc->diff->weight)));
	kb_json_pair(json, "summary", kb_diff_summary(report->arena, doc->diff));
	kb_json_key(json, "paragraphs");
	kb_json_int(json, doc->diff->paragraphs);
	kb_json_key(json, "changes");
	kb_json_array(json);
	for (uint32_t i = 0; i < doc->diff->nchanges; i++)
		if (diff_counts(report, doc->diff->changes[i].weight))
			put_change(report->arena, json, &doc->diff->changes[i]);
	kb_json_array_end(json);
	if (report->operations)
		put_operations(json, doc->diff);
	kb_json_object_end(json);
}

static void put_note(struct kb_json *json, const struct kb_note *note)
{
	kb_json_object(json);
	kb_json_pair(
		json, "kind", kb_str_of(kb_note_name((enum kb_note_kind)note->kind)));
	kb_json_pair(json, "what",
		kb_str_of(kb_change_action_name((enum kb_change_action)note->action)));
	kb_json_pair(
		json, "weight", kb_str_of(kb_weight_name((enum kb_weight)note->weight)));
	kb_json_pair(json, "path", note->path);
	pair_if(json, "name", note->name);
	pair_if(json, "before", note->before);
	pair_if(json, "after", note->after);
	kb_json_pair(json, "text", note->text);
	kb_json_key(json, "touched");
	kb_json_array(json);
	for (size_t i = 0; i < note->touched.len; i++)
		kb_json_str(json, note->touched.items[i]);
	kb_json_array_end(json);
	kb_json_object_end(json);
}

void diff_json(const struct diff_report *report, kb_buf *out)
{
	struct kb_json json;

	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_pair(&json, "from", report->from);
	kb_json_pair(&json, "to", report->to);
	kb_json_pair(&json, "weight", kb_str_of(kb_weight_name(report->diff->weight)));
	kb_json_key(&json, "documents");
	kb_json_array(&json);
	for (uint32_t i = 0; i < report->diff->ndocs; i++)
		if (diff_shows(report, &report->diff->docs[i]))
			put_document(report, &json, &report->diff->docs[i]);
	kb_json_array_end(&json);
	kb_json_key(&json, "notes");
	kb_json_array(&json);
	for (uint32_t i = 0; i < report->diff->nnotes; i++)
		if (diff_counts(report, report->diff->notes[i].weight))
			put_note(&json, &report->diff->notes[i]);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}
