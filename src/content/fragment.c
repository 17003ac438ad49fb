/* Headings and anchors that a link's fragment names. */
#include "content.h"
#include "index.h"
#include "kb/unicode.h"

enum {
	VISITED_MAX = 256, /* snippets in one document */
	MANY = 200,	   /* headings and anchors that are worth an index */
};

struct fragment_search {
	const struct kb_library *lib;
	kb_str fragment;
	uint32_t locale;
	const struct kb_document *visited[VISITED_MAX];
	unsigned n;
};

void kb_library_index_fragments(struct kb_library *lib)
{
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_md_facts *facts = &lib->docs[d]->facts->body;
		kb_map *ids;

		if (facts->nheadings + facts->nanchors < MANY)
			continue;
		ids = kb_arena_new_of(lib->index->arena, kb_map);
		for (uint32_t i = 0; i < facts->nheadings; i++)
			kb_map_put(ids, facts->headings[i].id, lib->docs[d]);
		for (uint32_t i = 0; i < facts->nanchors; i++)
			kb_map_put(ids, facts->anchors[i].id, lib->docs[d]);
		kb_map_settle(ids, lib->index->arena);
		kb_map_put(&lib->index->fragments, lib->docs[d]->path, ids);
	}
}

static bool has_own(
	const struct kb_library *lib, const struct kb_document *doc, kb_str fragment)
{
	const struct kb_md_facts *facts = &doc->facts->body;
	const kb_map *ids = facts->nheadings + facts->nanchors < MANY
				    ? NULL
				    : kb_map_get(&lib->index->fragments, doc->path);

	if (ids)
		return kb_map_has(ids, fragment);
	for (uint32_t i = 0; i < facts->nheadings; i++)
		if (kb_str_eq(facts->headings[i].id, fragment))
			return true;
	for (uint32_t i = 0; i < facts->nanchors; i++)
		if (kb_str_eq(facts->anchors[i].id, fragment))
			return true;
	return false;
}

static bool is_visited(struct fragment_search *search, const struct kb_document *doc)
{
	for (unsigned i = 0; i < search->n; i++)
		if (search->visited[i] == doc)
			return true;
	if (search->n == VISITED_MAX)
		return true;
	search->visited[search->n++] = doc;
	return false;
}

static bool has_below(
	struct fragment_search *search, const struct kb_document *doc, unsigned depth)
{
	if (has_own(search->lib, doc, search->fragment))
		return true;
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet;

		if (ref->kind != KB_REF_INCLUDE || depth == 0)
			continue;
		snippet = kb_library_snippet(search->lib, ref->name, search->locale);
		if (snippet && !is_visited(search, snippet) &&
			has_below(search, snippet, depth - 1))
			return true;
	}
	return false;
}

kb_str kb_document_title_id(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc)
{
	struct fragment_search search = {.lib = lib, .locale = doc->locale};

	if (doc->title_again)
		return doc->facts->body.headings[0].id;
	search.fragment = kb_slug_heading(
		arena, kb_library_expand(lib, arena, doc->facts->title, doc->locale));
	return has_below(&search, doc, lib->config->limits.snippet_depth)
		       ? KB_STR_NULL
		       : search.fragment;
}

bool kb_fragment_is_title(
	const struct kb_library *lib, const struct kb_document *doc, kb_str fragment)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();

	return doc->facts->title.len &&
	       kb_str_eq(kb_document_title_id(lib, scratch, doc), fragment);
}

bool kb_document_has_fragment(
	const struct kb_library *lib, const struct kb_document *doc, kb_str fragment)
{
	struct fragment_search search = {
		.lib = lib, .fragment = fragment, .locale = doc->locale};

	/* The top of a page, and a browser's own text fragments. */
	if (fragment.len == 0 || kb_str_is(fragment, "top") ||
		kb_str_starts(fragment, KB_STR(":~:")))
		return true;
	return has_below(&search, doc, lib->config->limits.snippet_depth) ||
	       kb_fragment_is_title(lib, doc, fragment);
}
