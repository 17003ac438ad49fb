/* Text that readers of a more public audience can read now and could not before. */
#include "kb/unicode.h"
#include "library.h"

enum { HIDDEN = KB_AUDIENCE_WITHHELD, LIGHT = 16, EXCERPT = 60 };

/* The most public audience that reads the block on a site; HIDDEN: nobody. */
static unsigned readers(const struct kb_library *lib, const struct kb_document *doc,
	const struct kb_block *block)
{
	unsigned audience = block->audience > doc->facts->audience ? block->audience
								   : doc->facts->audience;
	bool shown = doc->facts->type == KB_SNIPPET
			     ? doc->facts->status != KB_DRAFT
			     : doc->facts->status == KB_PUBLISHED ||
				       doc->facts->status == KB_ARCHIVED;

	if (doc->facts->broken || block->audience == KB_AUDIENCE_WITHHELD || !shown ||
		(doc->facts->publish_at && doc->facts->publish_at > lib->now) ||
		!block->size)
		return HIDDEN;
	return audience;
}

static kb_str audience_name(const struct kb_library *lib, unsigned audience)
{
	return audience < lib->config->naudiences ? lib->config->audiences[audience]
						  : KB_STR("nobody");
}

/* What went elsewhere: by text, who could read it. */
struct gone {
	uint64_t hash;
	unsigned readers;
};

struct audience_scan {
	struct library_pair *l;
	struct {
		KB_VEC(struct gone);
	} gone;
	/* Of the document at hand. */
	uint32_t blocks;
	unsigned before, after;
	kb_str excerpt;
};

static int gone_cmp(const void *pa, const void *pb)
{
	const struct gone *a = pa, *b = pb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->readers > b->readers) - (a->readers < b->readers);
}

static void take_gone(struct audience_scan *s)
{
	for (size_t d = 0; d < s->l->docs.len; d++) {
		const struct kb_diff *diff = s->l->docs.items[d].diff;

		for (uint32_t i = 0; i < diff->nops; i++) {
			const struct kb_block *block =
				&diff->from->blocks[diff->ops[i].old_block];

			if (diff->ops[i].kind == KB_OP_DELETE && block->size >= LIGHT)
				kb_vec_push(&s->gone,
					((struct gone){block->text_hash,
						readers(s->l->from, diff->from->doc,
							block)}));
		}
	}
	if (s->gone.len)
		qsort(s->gone.items, s->gone.len, sizeof(*s->gone.items), gone_cmp);
}

/* The most public audience that could read a text that has gone; -1: none was there. */
static int gone_readers(const struct audience_scan *s, uint64_t hash)
{
	size_t low = 0, high = s->gone.len;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (s->gone.items[mid].hash < hash)
			low = mid + 1;
		else
			high = mid;
	}
	return low < s->gone.len && s->gone.items[low].hash == hash
		       ? (int)s->gone.items[low].readers
		       : -1;
}

static void take_block(
	struct audience_scan *s, const struct kb_diff *diff, const struct kb_op *op)
{
	const struct kb_block *block;
	unsigned after;
	int before;

	if (op->new_block == KB_NONE)
		return;
	block = &diff->to->blocks[op->new_block];
	after = readers(s->l->to, diff->to->doc, block);
	before = op->old_block == KB_NONE ? gone_readers(s, block->text_hash)
					  : (int)readers(s->l->from, diff->from->doc,
						    &diff->from->blocks[op->old_block]);
	if (before < 0 || (unsigned)before <= after)
		return;
	if (!s->blocks++) {
		s->before = (unsigned)before;
		s->after = after;
		s->excerpt = block_text(s->l->arena, block);
	}
	if (after < s->after)
		s->after = after;
}

static void tell_document(struct audience_scan *s, const struct kb_doc_diff *doc)
{
	struct library_pair *l = s->l;
	struct kb_note *note;

	s->blocks = 0;
	for (uint32_t i = 0; i < doc->diff->nops; i++)
		take_block(s, doc->diff, &doc->diff->ops[i]);
	if (!s->blocks)
		return;
	note = note_add(l, KB_NOTE_READERS, KB_CHANGE_CHANGED, KB_WEIGHT_SIGNIFICANT);
	note->path = doc->to->path;
	note->before = audience_name(l->from, s->before);
	note->after = audience_name(l->to, s->after);
	note->text = kb_arena_fmt(l->arena,
		"readers of '%.*s' can now read %u block%s that %s%.*s%s could: \"%.*s\"",
		KB_ARG(note->after), s->blocks, s->blocks == 1 ? "" : "s",
		s->before == HIDDEN ? "" : "only those of '", KB_ARG(note->before),
		s->before == HIDDEN ? "" : "'",
		KB_ARG(kb_truncate(l->arena, s->excerpt, EXCERPT)));
}

/* The most public document that includes the snippet; HIDDEN: none does. */
static unsigned includers(const struct kb_library *lib, const struct kb_document *snippet)
{
	static const struct kb_block text = {.size = 1};
	unsigned least = HIDDEN;

	for (uint32_t i = 0; i < lib->ndocs; i++) {
		const struct kb_document *doc = lib->docs[i];

		for (uint32_t r = 0; r < doc->facts->body.nrefs; r++) {
			const struct kb_ref *ref = &doc->facts->body.refs[r];
			struct kb_block at = text;
			unsigned now;

			at.audience = ref->audience;
			if (ref->kind != KB_REF_INCLUDE ||
				doc->facts->type == KB_SNIPPET ||
				kb_library_snippet(lib, ref->name, doc->locale) !=
					snippet)
				continue;
			now = readers(lib, doc, &at);
			least = now < least ? now : least;
		}
	}
	return least;
}

/* A snippet that a more public document includes now. */
static void tell_snippet(struct audience_scan *s, const struct kb_document *snippet)
{
	struct library_pair *l = s->l;
	const struct kb_document *was =
		kb_document_in(l->from, l->to, snippet, l->changes);
	unsigned before = was ? includers(l->from, was) : HIDDEN;
	unsigned after = includers(l->to, snippet);
	struct kb_note *note;

	if (!was || after >= before || before == HIDDEN)
		return;
	note = note_add(l, KB_NOTE_READERS, KB_CHANGE_CHANGED, KB_WEIGHT_SIGNIFICANT);
	note->path = snippet->path;
	note->before = audience_name(l->from, before);
	note->after = audience_name(l->to, after);
	note->text = kb_arena_fmt(l->arena,
		"the snippet is now in a document for '%.*s'; so far only those for '%.*s' "
		"included it",
		KB_ARG(note->after), KB_ARG(note->before));
}

/* Snippets that documents include now and did not include before. */
static void tell_included(struct audience_scan *s)
{
	struct library_pair *l = s->l;
	kb_map seen = {0};

	for (size_t d = 0; d < l->docs.len; d++) {
		const struct kb_document *doc = l->docs.items[d].to;

		for (uint32_t r = 0; doc && r < doc->facts->body.nrefs; r++) {
			struct kb_document *snippet =
				doc->facts->body.refs[r].kind == KB_REF_INCLUDE
					? kb_library_snippet(l->to,
						  doc->facts->body.refs[r].name,
						  doc->locale)
					: NULL;

			if (!snippet || kb_map_has(&seen, snippet->path))
				continue;
			kb_map_put(&seen, snippet->path, snippet);
			tell_snippet(s, snippet);
		}
	}
	kb_map_dispose(&seen);
}

void notes_of_readers(struct library_pair *l)
{
	struct audience_scan s = {.l = l};

	take_gone(&s);
	for (size_t i = 0; i < l->docs.len; i++)
		if (l->docs.items[i].to)
			tell_document(&s, &l->docs.items[i]);
	tell_included(&s);
	kb_vec_dispose(&s.gone);
}
