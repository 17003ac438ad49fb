/* What changed documents bring with them: addresses, translations, includes, files. */
#include "kb/outdated.h"
#include "library.h"

static bool has_page(const struct kb_library *lib, const struct kb_document *doc)
{
	return doc && !doc->facts->broken && doc->address.len &&
	       kb_document_visible(lib, doc, lib->config->naudiences - 1, false);
}

static kb_str full_address(struct library_pair *l, const struct kb_library *lib,
	const struct kb_document *doc)
{
	return kb_arena_fmt(l->arena, "/%.*s/%.*s",
		KB_ARG(lib->config->locales[doc->locale].code), KB_ARG(doc->address));
}

static bool leads_on(struct library_pair *l, kb_str address)
{
	struct kb_target target;

	if (!l->to->ndocs)
		return false;
	kb_link_resolve(l->to, l->arena, l->to->docs[0], l->to->docs[0]->locale, address,
		&target);
	return target.kind == KB_TARGET_DOCUMENT;
}

static void tell_address(struct library_pair *l, const struct kb_doc_diff *doc)
{
	struct kb_note *note;
	kb_str before, after = KB_STR_NULL;
	bool led, page = has_page(l->to, doc->to);

	if (!has_page(l->from, doc->from))
		return;
	before = full_address(l, l->from, doc->from);
	if (page)
		after = full_address(l, l->to, doc->to);
	if (kb_str_eq(before, after))
		return;
	led = leads_on(l, before);
	note = note_add(l, KB_NOTE_ADDRESS, page ? KB_CHANGE_CHANGED : KB_CHANGE_REMOVED,
		led ? KB_WEIGHT_MINOR : KB_WEIGHT_SIGNIFICANT);
	note->path = doc->to ? doc->to->path : doc->from->path;
	note->before = before;
	note->after = after;
	note->text = page ? kb_arena_fmt(l->arena, "%.*s is now %.*s%s", KB_ARG(before),
				    KB_ARG(after),
				    led ? "; the former address redirects there"
					: ", but the former address has no redirect")
			  : kb_arena_fmt(l->arena, "%.*s is gone%s", KB_ARG(before),
				    led ? "; its address redirects elsewhere"
					: ", and its address has no redirect");
}

/* Does it say that it translates the source as it stands now? */
static bool is_up_to_date(
	const struct kb_document *translation, const struct kb_document *source)
{
	size_t n = strlen(translation->facts->translation.revision);

	return n && strncmp(translation->facts->translation.revision, source->facts->blob,
			    n) == 0;
}

static void tell_translations(struct library_pair *l, const struct kb_doc_diff *doc)
{
	const struct kb_family *family = doc->to ? doc->to->family : NULL;

	if (!family || !doc->from || !kb_diff_must_be_followed(doc->diff))
		return;
	for (uint32_t i = 0; i < l->to->config->nlocales; i++) {
		const struct kb_document *translation = family->by_locale[i];
		struct kb_note *note;
		bool dated;

		if (!translation || kb_document_source(l->to, translation) != doc->to ||
			is_up_to_date(translation, doc->to))
			continue;
		dated = translation->facts->translation.revision[0] != '\0';
		if (!dated && kb_path_change_to(l->changes, translation->path))
			continue;
		note = note_add(l, KB_NOTE_TRANSLATION, KB_CHANGE_CHANGED,
			(enum kb_weight)doc->diff->weight);
		note->path = translation->path;
		note->name = doc->to->path;
		note->text = kb_arena_fmt(l->arena,
			"%u paragraph%s of its source %.*s changed",
			doc->diff->paragraphs, doc->diff->paragraphs == 1 ? "" : "s",
			KB_ARG(doc->to->path));
		if (!doc->diff->paragraphs)
			note->text = kb_arena_fmt(l->arena, "its source %.*s changed",
				KB_ARG(doc->to->path));
	}
}

static bool refers(const struct kb_library *lib, const struct kb_document *doc,
	const struct kb_document *snippet)
{
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++)
		if (doc->facts->body.refs[i].kind == KB_REF_INCLUDE &&
			kb_library_snippet(lib, doc->facts->body.refs[i].name,
				doc->locale) == snippet)
			return true;
	return false;
}

static void tell_snippet(struct library_pair *l, const struct kb_doc_diff *doc)
{
	const struct kb_library *lib = doc->to ? l->to : l->from;
	const struct kb_document *snippet = doc->to ? doc->to : doc->from;
	struct kb_note *note;

	if (snippet->facts->type != KB_SNIPPET || doc->diff->weight < KB_WEIGHT_MINOR)
		return;
	note = note_add(l, KB_NOTE_SNIPPET,
		!doc->from ? KB_CHANGE_ADDED
		: doc->to  ? KB_CHANGE_CHANGED
			   : KB_CHANGE_REMOVED,
		(enum kb_weight)doc->diff->weight);
	note->path = snippet->path;
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (refers(lib, lib->docs[i], snippet))
			kb_vec_push(&note->touched, lib->docs[i]->path);
	note->text = kb_arena_fmt(l->arena, "%zu document%s it", note->touched.len,
		note->touched.len == 1 ? " includes" : "s include");
}

/* Files of the content that are neither documents nor read for what they say. */
static void tell_files(struct library_pair *l)
{
	size_t n;
	const struct kb_path_change *changes = kb_path_changes_items(l->changes, &n);

	for (size_t i = 0; i < n; i++) {
		const struct kb_path_change *c = &changes[i];
		kb_str path = c->to.len ? c->to : c->from;
		struct kb_note *note;

		if (kb_library_by_path(l->to, c->to) ||
			kb_library_by_path(l->from, c->from) ||
			kb_str_eq(path, l->to->config->path) ||
			kb_str_eq(path, l->to->taxonomy->path) ||
			kb_str_eq(path, l->to->people->path) ||
			(l->options->selected &&
				!l->options->selected(l->options->ctx, path)))
			continue;
		note = note_add(l, KB_NOTE_FILE,
			!c->from.len				? KB_CHANGE_ADDED
			: !c->to.len				? KB_CHANGE_REMOVED
			: strcmp(c->old_blob, c->new_blob) == 0 ? KB_CHANGE_MOVED
								: KB_CHANGE_CHANGED,
			KB_WEIGHT_MINOR);
		note->path = path;
		if (c->from.len && c->to.len && !kb_str_eq(c->from, c->to))
			note->before = c->from;
		note->text = kb_arena_fmt(l->arena, "%s%s%.*s",
			kb_change_action_name((enum kb_change_action)note->action),
			note->before.len ? " from " : "", KB_ARG(note->before));
	}
}

void notes_of_documents(struct library_pair *l)
{
	for (size_t i = 0; i < l->docs.len; i++) {
		tell_address(l, &l->docs.items[i]);
		tell_translations(l, &l->docs.items[i]);
		tell_snippet(l, &l->docs.items[i]);
	}
	tell_files(l);
}
