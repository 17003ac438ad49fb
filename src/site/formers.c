/* The former addresses that no file can stand for, as the missing page reads them. */
#include "kb/escape.h"
#include "values.h"

/* The page, or one for each language. */
static void put_targets(struct job *job, struct kb_value *row, const struct alias *alias)
{
	struct kb_value *list = kb_value_set_list(job->arena, row, "to");

	for (uint32_t i = 0; i == 0 || i < alias->ntargets; i++) {
		struct kb_value *to = kb_value_push_map(job->arena, list);

		if (alias->url.len) {
			v_str(job, to, "url", alias->url);
			continue;
		}
		v_str(job, to, "lang",
			job->site->locales[alias->targets[i]->locale].code);
		v_str(job, to, "href", href_to(job, alias->targets[i], KB_STR("")));
	}
}

/* {from, query?, to: [{lang, href} or {url}]}; without a query, FROM is a prefix. */
static void put_former(struct job *job, struct kb_value *list, const struct alias *alias)
{
	struct kb_value *row = kb_value_push_map(job->arena, list);
	_cleanup_buf_ kb_buf query = {0};
	kb_str from = alias->from;

	if (!alias->prefix && kb_str_ends(from, KB_STR("/")))
		from.len--;
	v_str(job, row, "from", from);
	if (!alias->prefix) {
		kb_buf_url(&query, alias->query);
		v_str(job, row, "query", kb_arena_str(job->arena, kb_buf_view(&query)));
	}
	put_targets(job, row, alias);
}

int formers_write(struct site *site, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct job job = {.site = site, .arena = arena};
	struct kb_value *list = kb_value_list(arena);
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < site->aliases.len; i++) {
		const struct alias *alias = site->aliases.items[i];

		if (alias->prefix || alias->query.len)
			put_former(&job, list, alias);
	}
	if (!list->len)
		return 0;
	kb_value_json(list, KB_JSON_LINE, &out);
	return theme_hashed(
		site, site->arena, &out, "redirects", "json", &site->formers, err);
}
