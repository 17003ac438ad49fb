#include "index.h"

#include "kb/passage.h"

enum { DEPTH_MAX = 4 };

struct taker {
	const struct kb_library *lib;
	struct kb_reader *reader;
	struct kb_arena *arena;
	uint32_t locale;
	kb_piece_fn *take;
	void *ctx;
};

static void take(struct taker *t, enum field field, unsigned audience, kb_str text)
{
	if (text.len)
		t->take(t->ctx, field, audience,
			kb_str_find(text, KB_STR("{{")) == SIZE_MAX
				? text
				: kb_library_expand(t->lib, t->arena, text, t->locale));
}

/* A diagram's source is no text: its title is. */
static bool is_drawn(kb_str info, kb_str *title)
{
	kb_str lang;
	*title = info;
	kb_str_next(title, ' ', &lang);
	return kb_str_is(lang, "dot") || kb_str_is(lang, "journey");
}

static void take_passage(struct taker *t, const struct kb_passage *p, unsigned audience)
{
	kb_str title;
	if (p->kind == KB_PASSAGE_CODE && is_drawn(p->info, &title))
		take(t, BODY, audience, title);
	else if (p->kind != KB_PASSAGE_INCLUDE && p->kind != KB_PASSAGE_RULE)
		take(t, p->kind == KB_PASSAGE_HEADING ? HEADINGS : BODY, audience,
			p->text);
}

static bool take_file(struct taker *t, const struct kb_document *doc, unsigned audience,
	unsigned depth);

/* A draft is not, nor what is out of date. */
static bool is_shown(const struct kb_library *lib, const struct kb_document *snippet)
{
	return kb_snippet_visible(lib, snippet, lib->config->naudiences - 1, false);
}

static void take_body(struct taker *t, const struct kb_passages *passages,
	unsigned audience, unsigned depth)
{
	for (uint32_t i = 0; i < passages->len; i++) {
		const struct kb_passage *p = &passages->items[i];
		unsigned seen = p->audience > audience ? p->audience : audience;
		const struct kb_document *snippet =
			p->kind != KB_PASSAGE_INCLUDE
				? NULL
				: kb_library_snippet(t->lib, p->text, t->locale);
		if (p->audience == KB_AUDIENCE_WITHHELD)
			continue;
		if (!snippet)
			take_passage(t, p, seen);
		else if (depth < DEPTH_MAX && is_shown(t->lib, snippet))
			take_file(t, snippet,
				snippet->facts->audience > seen ? snippet->facts->audience
								: seen,
				depth + 1);
	}
}

static bool take_file(
	struct taker *t, const struct kb_document *doc, unsigned audience, unsigned depth)
{
	_cleanup_buf_ kb_buf file = {0};
	struct kb_passages passages;
	kb_str body;
	uint32_t locale;
	if (kb_document_body(t->reader, doc, &file, &body, NULL))
		return false;
	struct kb_md_syntax syntax = t->lib->config->syntax;
	const struct kb_mount *mount =
		doc->mount ? doc->mount : kb_library_mount(t->lib, doc->path, &locale);
	syntax.literal = mount && !mount->expand;
	struct kb_md *md = kb_md_parse(body, doc->facts->body_offset, &syntax);
	kb_md_texts(md, t->arena, &passages);
	kb_md_free(md);
	take_body(t, &passages, audience, depth);
	return true;
}

static void take_issue(struct taker *t, const struct kb_issue *issue, unsigned audience)
{
	const struct kb_config *config = t->lib->config;
	if (issue->audience > audience)
		audience = issue->audience;
	take(t, KEYWORDS, audience, kb_l10n_get(config, &issue->label, t->locale));
	const struct kb_node *words =
		kb_node_get_str(issue->keywords, config->locales[t->locale].code);
	for (uint32_t i = 0; words && words->kind == KB_NODE_SEQ && i < words->len; i++)
		take(t, KEYWORDS, audience, kb_node_str(words->items[i]));
}

static bool has_include(const struct kb_passages *passages)
{
	for (uint32_t i = 0; i < passages->len; i++)
		if (passages->items[i].kind == KB_PASSAGE_INCLUDE)
			return true;
	return false;
}

static void take_front(struct taker *t, const struct kb_document *doc)
{
	unsigned audience = doc->facts->audience;
	take(t, TITLE, audience, doc->facts->title);
	take(t, QUESTION, audience, doc->facts->question);
	take(t, SUMMARY, audience, doc->facts->summary);
	for (size_t i = 0; i < doc->facts->keywords.len; i++)
		take(t, KEYWORDS, audience, doc->facts->keywords.items[i]);
	for (size_t i = 0; i < doc->facts->tags.len; i++)
		take(t, KEYWORDS, audience, doc->facts->tags.items[i]);
	for (size_t i = 0; i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(t->lib->taxonomy, doc->facts->issues.items[i]);
		if (issue)
			take_issue(t, issue, audience);
	}
}

bool kb_search_pieces(const struct kb_library *lib, struct kb_reader *reader,
	struct kb_arena *arena, const struct kb_document *doc, struct kb_md *md,
	kb_piece_fn *take_fn, void *ctx)
{
	struct taker t = {lib, reader, arena, doc->locale, take_fn, ctx};
	struct kb_passages passages;
	if (md) {
		kb_md_texts(md, arena, &passages);
		if (has_include(&passages))
			return false;
	}
	take_front(&t, doc);
	if (!md)
		return take_file(&t, doc, doc->facts->audience, 0);
	take_body(&t, &passages, doc->facts->audience, 0);
	return true;
}
