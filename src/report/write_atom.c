/* News as an Atom feed. */
#include "kb/atom.h"
#include "kb/pages.h"

static kb_str text_of(const struct kb_value *map, const char *key)
{
	return kb_value_text(kb_value_get(map, kb_str_of(key)));
}

/* What a change says is English; a notice is in its document's language. */
static void put_entry(kb_buf *out, const struct kb_value *item)
{
	const struct kb_value *doc = kb_value_get(item, KB_STR("documents"))->items[0];
	bool notice = kb_str_is(text_of(item, "kind"), "notice");

	kb_atom_entry(
		out, &(struct kb_atom_entry){.id = text_of(item, "id"),
			     .title = text_of(item, "title"),
			     .updated = text_of(item, "updated"),
			     .page = text_of(doc, "url"),
			     .content = text_of(item, "text"),
			     .lang = notice ? text_of(doc, "locale") : KB_STR("en")});
}

void kb_report_atom(
	const struct kb_report *report, const struct kb_news_report *told, kb_buf *out)
{
	const struct kb_value *items = kb_value_get(report->data, KB_STR("items"));
	const struct kb_config *config = told->lib->config;
	kb_str name = kb_l10n_get(config, &config->name, 0);
	struct kb_arena *arena = report->arena;
	struct kb_atom_feed feed = {.id = kb_arena_fmt(arena, "tag:%.*s,2026:changes",
					    KB_ARG(kb_news_host(told->lib))),
		.title = kb_arena_fmt(arena, "%.*s: what changed", KB_ARG(name)),
		.lang = config->locales[0].code,
		.updated = items->len ? text_of(items->items[0], "updated")
				      : kb_news_stamp(arena, told->from),
		.author = name};

	if (config->base_url.len)
		feed.page = kb_arena_fmt(arena, "%.*s/", KB_ARG(config->base_url));
	kb_atom_head(out, &feed);
	for (uint32_t i = 0; i < items->len; i++)
		put_entry(out, items->items[i]);
	kb_atom_tail(out);
}
