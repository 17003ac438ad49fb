/* Which documents and issues an audience sees. */
#include "index.h"

static bool is_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	bool unfinished = doc->status == KB_DRAFT || doc->status == KB_REVIEW;

	return !doc->broken && doc->audience <= audience && (drafts || !unfinished) &&
	       (!doc->publish_at || doc->publish_at <= lib->now) &&
	       (!doc->expires_at || lib->now < doc->expires_at);
}

bool kb_document_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return doc->type != KB_SNIPPET && is_visible(lib, doc, audience, drafts);
}

bool kb_snippet_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return doc->type == KB_SNIPPET && is_visible(lib, doc, audience, drafts);
}

/* Calls for each issue of each document once; an alias and its issue are one. */
static void each_issue(
	const struct kb_library *lib, void (*call)(const struct kb_library *lib,
					      struct kb_document *doc, uint32_t issue))
{
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		struct kb_document *doc = lib->docs[d];

		for (size_t i = 0; i < doc->issues.len; i++) {
			const struct kb_issue *issue =
				kb_taxonomy_find(lib->taxonomy, doc->issues.items[i]);
			bool again = !issue;

			for (size_t j = 0; j < i && !again; j++)
				again = kb_taxonomy_find(lib->taxonomy,
						doc->issues.items[j]) == issue;
			if (!again)
				call(lib, doc, kb_taxonomy_index(lib->taxonomy, issue));
		}
	}
}

static void count_issue(
	const struct kb_library *lib, struct kb_document *doc, uint32_t issue)
{
	struct kb_library_index *index = lib->index;

	index->issue_first[issue + 2]++;
	if (doc->status != KB_ARCHIVED &&
		kb_document_visible(lib, doc, doc->audience, false) &&
		doc->audience < index->issue_audience[issue])
		index->issue_audience[issue] = doc->audience;
}

static void fill_issue(
	const struct kb_library *lib, struct kb_document *doc, uint32_t issue)
{
	lib->index->by_issue[lib->index->issue_first[issue + 1]++] = doc;
}

void kb_library_index_issues(struct kb_library *lib)
{
	struct kb_library_index *index = lib->index;
	uint32_t n = lib->taxonomy->len;

	index->issue_first = kb_arena_array(index->arena, uint32_t, (size_t)n + 2);
	index->issue_audience = kb_arena_array(index->arena, uint8_t, n);
	memset(index->issue_audience, UINT8_MAX, n);
	each_issue(lib, count_issue);
	for (uint32_t i = 2; i <= n + 1; i++)
		index->issue_first[i] += index->issue_first[i - 1];
	index->by_issue = kb_arena_array(
		index->arena, struct kb_document *, index->issue_first[n + 1]);
	each_issue(lib, fill_issue);
	/* From the leaves up: children stand after their parents. */
	for (uint32_t i = n; i-- > 0;) {
		const struct kb_issue *issue = &lib->taxonomy->issues[i];
		uint8_t *own = &index->issue_audience[i];

		if (*own < issue->audience)
			*own = issue->audience;
		if (issue->parent != KB_NONE &&
			*own < index->issue_audience[issue->parent])
			index->issue_audience[issue->parent] = *own;
	}
}

bool kb_issue_visible(
	const struct kb_library *lib, const struct kb_issue *issue, unsigned audience)
{
	uint8_t needed =
		lib->index->issue_audience[kb_taxonomy_index(lib->taxonomy, issue)];

	return needed != UINT8_MAX && needed <= audience;
}

struct kb_document *const *kb_library_issue_documents(
	const struct kb_library *lib, const struct kb_issue *issue, uint32_t *n)
{
	uint32_t i = kb_taxonomy_index(lib->taxonomy, issue);

	*n = lib->index->issue_first[i + 1] - lib->index->issue_first[i];
	return lib->index->by_issue + lib->index->issue_first[i];
}
