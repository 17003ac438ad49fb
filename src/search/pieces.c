/* The pieces of text of a document, from its facts, its text and its snippets. */
#include "index.h"

enum { DEPTH_MAX = 4, SNIPPETS_MAX = 1000 };

struct taker {
	const struct kb_search *search;
	const struct kb_library *lib;
	struct kb_reader *reader;
	struct kb_arena *arena;
	uint32_t locale;
	unsigned nsnippets; /* taken so far */
	unsigned borrows;
	kb_piece_fn *take;
	void *ctx;
};

static void take(struct taker *t, enum field field, unsigned audience, kb_str text)
{
	bool varies = kb_str_find(text, KB_STR("{{")) != SIZE_MAX;

	if (!text.len)
		return;
	if (varies) {
		t->borrows |= BORROWS_VARIABLES;
		text = kb_library_expand(t->lib, t->arena, text, t->locale);
	}
	t->take(t->ctx, field, audience, text);
}

/* A draft is not, nor what is out of date. */
static bool is_shown(const struct kb_library *lib, const struct kb_document *snippet)
{
	return kb_snippet_visible(lib, snippet, lib->config->naudiences - 1, false);
}

static void take_body(
	struct taker *t, const struct kb_document *doc, unsigned audience, unsigned depth)
{
	kb_str text = texts_get(t->search->texts, t->reader, t->arena, doc);
	struct piece piece;

	while (piece_next(&text, &piece)) {
		unsigned seen = piece.audience > audience ? piece.audience : audience;
		const struct kb_document *snippet;

		if (piece.kind != PIECE_INCLUDE) {
			take(t, (enum field)piece.kind, seen, piece.text);
			continue;
		}
		t->borrows |= BORROWS_SNIPPETS;
		snippet = kb_library_snippet(t->lib, piece.text, t->locale);
		if (snippet && is_shown(t->lib, snippet) && depth < DEPTH_MAX &&
			t->nsnippets++ < SNIPPETS_MAX)
			take_body(t, snippet,
				snippet->facts->audience > seen ? snippet->facts->audience
								: seen,
				depth + 1);
	}
}

static void take_issue(struct taker *t, const struct kb_issue *issue, unsigned audience)
{
	const struct kb_config *config = t->lib->config;
	const struct kb_node *words =
		kb_node_get_str(issue->keywords, config->locales[t->locale].code);

	if (issue->audience > audience)
		audience = issue->audience;
	take(t, KEYWORDS, audience, kb_l10n_get(config, &issue->label, t->locale));
	for (uint32_t i = 0; words && words->kind == KB_NODE_SEQ && i < words->len; i++)
		take(t, KEYWORDS, audience, kb_node_str(words->items[i]));
}

static void take_front(struct taker *t, const struct kb_facts *facts)
{
	unsigned audience = facts->audience;

	take(t, TITLE, audience, facts->title);
	take(t, QUESTION, audience, facts->question);
	take(t, SUMMARY, audience, facts->summary);
	for (size_t i = 0; i < facts->keywords.len; i++)
		take(t, KEYWORDS, audience, facts->keywords.items[i]);
	for (size_t i = 0; i < facts->tags.len; i++)
		take(t, KEYWORDS, audience, facts->tags.items[i]);
	for (size_t i = 0; i < facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(t->lib->taxonomy, facts->issues.items[i]);

		if (issue)
			take_issue(t, issue, audience);
	}
}

unsigned kb_search_pieces(const struct kb_search *search, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc, kb_piece_fn *take_fn,
	void *ctx)
{
	struct taker t = {.search = search,
		.lib = search->lib,
		.reader = reader,
		.arena = arena,
		.locale = doc->locale,
		.take = take_fn,
		.ctx = ctx};

	take_front(&t, doc->facts);
	take_body(&t, doc, doc->facts->audience, 0);
	return t.borrows;
}
