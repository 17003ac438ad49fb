/* Items of news, and who may read them. */
#include "news.h"

bool news_reads(
	const struct kb_library *lib, const struct kb_document *doc, unsigned audience)
{
	return doc && doc->facts->type != KB_SNIPPET &&
	       kb_document_visible(lib, doc, audience, false);
}

static bool has(const kb_strs *list, kb_str word)
{
	for (size_t i = 0; i < list->len; i++)
		if (kb_str_eq(list->items[i], word))
			return true;
	return false;
}

/* Is it what a reader of the locale gets, be it in that of a fallback? */
static bool serves(const struct news *n, const struct kb_document *doc)
{
	const struct kb_library *to = n->diff->to,
				*lib = doc->number < to->ndocs &&
						       to->docs[doc->number] == doc
					       ? to
					       : n->diff->from;
	uint32_t locale;

	if (n->filter->locale == KB_NONE)
		return true;
	locale = kb_config_locale(
		lib->config, to->config->locales[n->filter->locale].code);
	return doc->locale == locale ||
	       (locale != KB_NONE && doc->family &&
		       kb_family_find(lib, doc->family, locale) == doc);
}

bool news_asked(const struct news *n, const struct kb_document *doc)
{
	const struct kb_news_filter *f = n->filter;

	return serves(n, doc) &&
	       (!f->region.len || !doc->facts->regions.len ||
		       has(&doc->facts->regions, f->region)) &&
	       (!f->owner.len || kb_str_eq(doc->facts->owner, f->owner) ||
		       kb_str_eq(doc->facts->deputy, f->owner)) &&
	       (!f->issue || kb_issues_below(n->diff->to->taxonomy, &doc->facts->issues,
				     f->issue));
}

unsigned news_audience(const struct news *n, const struct kb_library *lib)
{
	kb_str name = n->diff->to->config->audiences[n->filter->audience];
	uint32_t audience = kb_config_audience(lib->config, name);

	return audience == KB_NONE ? 0 : audience;
}

kb_str news_key(const struct news *n, kb_str key)
{
	char id[41];

	if (n->trusted)
		return key;
	kb_blob_id(key, id);
	return kb_arena_fmt(n->arena, "text/%.12s", id);
}

bool news_has_note(const struct news *n, size_t commit)
{
	for (size_t i = 0; i < n->notes.len; i++)
		if (n->notes.items[i].commit == commit)
			return true;
	return false;
}

struct kb_news_item *news_add(
	struct news *n, enum kb_news_kind kind, const struct kb_document *doc)
{
	struct kb_news_item *item = kb_vec_add(&n->items);

	*item = (struct kb_news_item){.kind = kind,
		.title = doc->facts->title,
		.audience = doc->facts->audience,
		.ndocs = 1};
	item->docs = kb_arena_array(n->arena, const struct kb_document *, 1);
	item->docs[0] = doc;
	return item;
}

struct kb_news_item *news_add_change(struct news *n, const struct kb_document *doc,
	kb_str key, kb_str text, size_t commit)
{
	struct kb_news_item *item = news_add(n, KB_NEWS_CHANGE, doc);
	/* What no commit did alone is dated by the last one. */
	struct kb_history_commit c =
		kb_history_commit(n->history, commit == SIZE_MAX ? 0 : commit);

	item->text = text;
	item->updated = c.committed;
	item->commit = kb_arena_str(n->arena, kb_str_of(c.id));
	item->key = kb_arena_fmt(n->arena, "%.*s/%.12s", KB_ARG(key), c.id);
	return item;
}
