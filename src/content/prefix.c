/* Aliases and redirects that end in '*' and cover all addresses with the same beginning.
 */
#include "index.h"
#include "kb/taxonomy.h"

bool kb_site_is_prefix(kb_str key, kb_str *text)
{
	if (!kb_str_ends(key, KB_STR("*")) || kb_str_chr(key, '?') != SIZE_MAX)
		return false;
	*text = kb_str_sub(key, 0, key.len - 1);
	return true;
}

static int prefix_cmp(const void *pa, const void *pb)
{
	const struct kb_prefix *a = pa, *b = pb;

	return kb_str_cmp(a->text, b->text);
}

static struct kb_prefixes prefixes_new(struct kb_arena *arena, const kb_map *map)
{
	struct kb_prefixes all = {0};
	kb_str text;

	for (size_t i = 0; i < map->len; i++)
		all.len += kb_site_is_prefix(map->entries[i].key, &text);
	all.items = kb_arena_array(arena, struct kb_prefix, all.len);
	for (size_t i = 0, n = 0; i < map->len; i++)
		if (kb_site_is_prefix(map->entries[i].key, &text))
			all.items[n++] = (struct kb_prefix){
				.text = text, .value = map->entries[i].value};
	if (all.len)
		qsort(all.items, all.len, sizeof(*all.items), prefix_cmp);
	for (size_t i = 1; i < all.len; i++) {
		struct kb_prefix *shorter = &all.items[i - 1];

		while (shorter && !kb_str_starts(all.items[i].text, shorter->text))
			shorter = shorter->shorter;
		all.items[i].shorter = shorter;
	}
	return all;
}

/* What begins with a prefix is at or behind it in the order, and all that is between
 * begins with it, too. */
struct kb_prefix *kb_prefixes_find(const struct kb_prefixes *prefixes, kb_str key)
{
	_cleanup_buf_ kb_buf folder = {0};
	size_t from = 0, to = prefixes->len;
	struct kb_prefix *prefix;

	if (!to)
		return NULL;
	kb_buf_fmt(&folder, "%.*s/", KB_ARG(key));
	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (kb_str_cmp(prefixes->items[middle].text, kb_buf_view(&folder)) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	prefix = from ? &prefixes->items[from - 1] : NULL;
	while (prefix && !kb_str_starts(kb_buf_view(&folder), prefix->text))
		prefix = prefix->shorter;
	return prefix;
}

static bool covers(const struct kb_prefixes *prefixes, kb_str text)
{
	const struct kb_prefix *prefix = kb_prefixes_find(prefixes, text);

	while (prefix && prefix->text.len > text.len)
		prefix = prefix->shorter;
	return prefix && prefix->covers && kb_str_eq(prefix->text, text);
}

bool kb_site_prefix_covers(const struct kb_library *lib, kb_str text)
{
	return covers(&lib->index->alias_prefixes, text) ||
	       covers(&lib->index->redirect_prefixes, text);
}

struct cover {
	struct kb_library *lib;
	struct kb_diags *diags;
};

static void tell(struct cover *c, struct kb_prefix *prefix, kb_str page, const char *kind,
	kb_str written, kb_str file, kb_range range)
{
	if (prefix->covers)
		return;
	prefix->covers = true;
	kb_diag_hint(c->diags,
		kb_diag_add(c->diags, KB_RULE_ALIAS_CONFLICT, file, range,
			"the %s '%.*s' covers the page '/%.*s'", kind, KB_ARG(written),
			KB_ARG(page)),
		"write a longer part of the address before the '*'");
}

static void check_page(struct cover *c, kb_str page)
{
	const struct kb_library_index *index = c->lib->index;
	struct kb_prefix *prefix = kb_prefixes_find(&index->alias_prefixes, page);
	const struct kb_alias *alias = prefix ? prefix->value : NULL;
	const struct kb_redirect *redirect;

	if (alias)
		tell(c, prefix, page, "alias",
			alias->doc->facts->aliases.items[alias->item], alias->doc->path,
			kb_facts_item_range(alias->doc->facts, "aliases", alias->item));
	prefix = kb_prefixes_find(&index->redirect_prefixes, page);
	redirect = prefix ? prefix->value : NULL;
	if (redirect)
		tell(c, prefix, page, "redirect", redirect->from, c->lib->config->path,
			redirect->range);
}

static void check_locale(struct cover *c, kb_str code)
{
	static const char *const lists[] = {"", "/topics", "/faq", "/contact",
		"/articles", "/workflows", "/replies", "/reference"};
	const struct kb_taxonomy *taxonomy = c->lib->taxonomy;
	struct kb_arena *arena = c->diags->arena;

	for (size_t i = 0; i < KB_LEN(lists); i++)
		check_page(c, kb_arena_fmt(arena, "%.*s%s", KB_ARG(code), lists[i]));
	for (uint32_t i = 0; i < taxonomy->len; i++)
		check_page(c, kb_arena_fmt(arena, "%.*s/topics/%.*s", KB_ARG(code),
				      KB_ARG(taxonomy->issues[i].id)));
}

void kb_library_index_prefixes(struct kb_library *lib, struct kb_diags *diags)
{
	static const char *const files[] = {"", "404.html", "robots.txt", "llms.txt",
		"sitemap.xml", "_redirects", "redirects.map", "redirects-query.map",
		"assets", "stats"};
	struct kb_library_index *index = lib->index;
	struct cover c = {lib, diags};

	index->alias_prefixes = prefixes_new(index->arena, &index->aliases);
	index->redirect_prefixes = prefixes_new(index->arena, &index->redirects);
	if (!index->alias_prefixes.len && !index->redirect_prefixes.len)
		return;
	for (size_t i = 0; i < KB_LEN(files); i++)
		check_page(&c, kb_str_of(files[i]));
	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		check_locale(&c, lib->config->locales[l].code);
	for (size_t i = 0; i < index->addresses.len; i++)
		check_page(&c, index->addresses.entries[i].key);
}
