/* What no one version shows, but for addresses: ids, anchors and issues that are gone. */
#include "since.h"

/* The file's path makes the id of a document that gives none. */
static void check_id(struct kb_versions *v, const struct kb_document *doc)
{
	const struct kb_document *now =
		doc->facts->broken ? NULL : kb_versions_by_path(v, doc);
	struct kb_diag *diag;

	if (!now || now->facts->broken || kb_str_eq(now->id, doc->id) ||
		kb_versions_by_id(v, doc))
		return;
	diag = kb_diag_add(v->diags, KB_RULE_ID_CHANGED, now->path,
		kb_versions_place(now, "id"),
		"the id of the document changed from '%.*s' to '%.*s'", KB_ARG(doc->id),
		KB_ARG(now->id));
	kb_diag_hint(v->diags, diag,
		"links by id, translations, statistics and feedback use the former id; "
		"to keep it, write: id: %.*s",
		KB_ARG(doc->id));
	if (!kb_has_own_id(now) && kb_versions_sure(v, doc))
		kb_versions_edit(v, diag, now, "id", NULL, doc->id);
}

static void anchor_vanished(
	struct kb_versions *v, const struct kb_document *now, kb_str id)
{
	if (kb_document_has_fragment(v->lib, now, id))
		return;
	kb_diag_hint(v->diags,
		kb_diag_add(v->diags, KB_RULE_ANCHOR_VANISHED, now->path,
			kb_facts_range(now->facts, "title"),
			"the anchor '#%.*s' is gone, but links from elsewhere may lead "
			"to it",
			KB_ARG(id)),
		"write '<a id=\"%.*s\"></a>' before the text that replaces it",
		KB_ARG(id));
}

/* Ids that somebody gave by hand are meant to stay. */
static void check_anchors(struct kb_versions *v, const struct kb_document *doc)
{
	const struct kb_document *now;

	if (!kb_document_visible(v->base, doc, doc->facts->audience, false))
		return;
	now = kb_versions_now(v, doc);
	if (!now || strcmp(now->facts->blob, doc->facts->blob) == 0 ||
		!kb_document_visible(v->lib, now, doc->facts->audience, false))
		return;
	for (uint32_t i = 0; i < doc->facts->body.nheadings; i++)
		if (doc->facts->body.headings[i].explicit_id)
			anchor_vanished(v, now, doc->facts->body.headings[i].id);
	for (uint32_t i = 0; i < doc->facts->body.nanchors; i++)
		anchor_vanished(v, now, doc->facts->body.anchors[i].id);
}

/* An issue that is new and has a label of the one that is gone: its new name. */
static const struct kb_issue *renamed(
	const struct kb_versions *v, const struct kb_issue *old)
{
	for (uint32_t i = 0; i < v->lib->taxonomy->len; i++) {
		const struct kb_issue *issue = &v->lib->taxonomy->issues[i];

		if (kb_taxonomy_find(v->base->taxonomy, issue->id) || !old->label.n)
			continue;
		for (uint32_t l = 0; l < issue->label.n; l++)
			if (kb_str_eq(issue->label.values[l].value,
				    old->label.values[0].value))
				return issue;
	}
	return NULL;
}

static kb_range parent_range(const struct kb_versions *v, const struct kb_issue *old)
{
	const struct kb_issue *parent = NULL;

	for (uint32_t up = old->parent; up != KB_NONE && !parent;
		up = v->base->taxonomy->issues[up].parent)
		parent = kb_taxonomy_find(
			v->lib->taxonomy, v->base->taxonomy->issues[up].id);
	return parent ? parent->range : (kb_range){0, 0};
}

static void issue_removed(struct kb_versions *v, const struct kb_issue *old)
{
	const struct kb_issue *now = renamed(v, old);
	struct kb_diag *diag = kb_diag_add(v->diags, KB_RULE_ISSUE_REMOVED,
		v->lib->taxonomy->path, now ? now->range : parent_range(v, old),
		"the issue '%.*s' was removed, and no other issue has it as an alias",
		KB_ARG(old->id));

	if (now)
		kb_diag_hint(v->diags, diag,
			"if it is now '%.*s', add to that issue: aliases: [%.*s]",
			KB_ARG(now->id), KB_ARG(old->id));
	else
		kb_diag_hint(v->diags, diag,
			"tickets and statistics still use it: keep it with 'retired: "
			"true', or add its id to the 'aliases' of the issue that "
			"replaces it");
}

static void check_issues(struct kb_versions *v)
{
	const struct kb_taxonomy *before = v->base->taxonomy, *after = v->lib->taxonomy;

	for (uint32_t i = 0; i < before->len && !after->broken; i++)
		if (!before->issues[i].retired &&
			!kb_taxonomy_find(after, before->issues[i].id))
			issue_removed(v, &before->issues[i]);
}

void kb_check_versions(const struct kb_library *base, const struct kb_library *lib,
	const struct kb_path_changes *changes, struct kb_diags *diags)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_versions v = {
		base, lib, changes, diags, arena, kb_reader_new(lib->source)};

	kb_versions_pages(&v);
	for (uint32_t i = 0; i < base->ndocs; i++) {
		check_id(&v, base->docs[i]);
		check_anchors(&v, base->docs[i]);
	}
	check_issues(&v);
	kb_reader_free(v.reader);
}
