/* Addresses, aliases and redirects by the key of their site path. */
#include "address.h"
#include "index.h"

static kb_str address_key(struct kb_library *lib, const struct kb_document *doc)
{
	return kb_arena_fmt(lib->index->arena, "%.*s/%.*s",
		KB_ARG(lib->config->locales[doc->locale].code),
		KB_ARG(kb_str_sub(doc->address, 0, doc->address.len - 1)));
}

static void address_add(
	struct kb_library *lib, struct kb_document *doc, struct kb_diags *diags)
{
	kb_str key = address_key(lib, doc);
	struct kb_document *other = kb_map_get(&lib->index->addresses, key);
	kb_range range = kb_document_range(doc, "slug");

	if (!range.len)
		range = kb_document_range(doc, "title");
	if (!other)
		kb_map_put(&lib->index->addresses, key, doc);
	else
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ADDRESS_DUPLICATE, doc->path, range,
				"%.*s has the address /%.*s/ too", KB_ARG(other->path),
				KB_ARG(key)),
			"give one of them another 'slug', or rename the file");
}

/* What else has the alias's site path; empty: nothing. */
static kb_str alias_rival(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str key)
{
	const struct kb_document *other = kb_map_get(&lib->index->addresses, key);
	const struct kb_alias *alias = kb_map_get(&lib->index->aliases, key);

	if (other && other != doc)
		return kb_arena_fmt(arena, "the address of %.*s", KB_ARG(other->path));
	if (kb_site_has_page(lib, key))
		return KB_STR("the address of a page that kb makes");
	if (alias && alias->doc->family != doc->family)
		return kb_arena_fmt(
			arena, "an alias of %.*s already", KB_ARG(alias->doc->path));
	return KB_STR_NULL;
}

static void alias_push(struct kb_library *lib, struct kb_document *doc, kb_str key)
{
	struct kb_alias *own = kb_arena_new_of(lib->index->arena, struct kb_alias);
	struct kb_alias *first = kb_map_get(&lib->index->aliases, key);

	own->doc = doc;
	own->last = own;
	if (!first) {
		kb_map_put(&lib->index->aliases, key, own);
		return;
	}
	first->last->next = own;
	first->last = own;
}

static void alias_add(struct kb_library *lib, struct kb_document *doc, uint32_t i,
	struct kb_diags *diags)
{
	kb_str written = doc->aliases.items[i];
	kb_str key = kb_site_path_key(lib, lib->index->arena, written);
	kb_str rival = alias_rival(lib, diags->arena, doc, key);

	if (rival.len)
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ALIAS_CONFLICT, doc->path,
				kb_document_item_range(doc, "aliases", i),
				"the alias '%.*s' is %.*s", KB_ARG(written),
				KB_ARG(rival)),
			"delete it here, or change the other");
	alias_push(lib, doc, key);
}

static void redirect_add(
	struct kb_library *lib, struct kb_redirect *redirect, struct kb_diags *diags)
{
	kb_str key = kb_site_path_key(lib, lib->index->arena, redirect->from);
	const struct kb_document *doc = kb_map_get(&lib->index->addresses, key);
	const struct kb_alias *alias = kb_map_get(&lib->index->aliases, key);

	if (doc)
		kb_diag_add(diags, KB_RULE_ALIAS_CONFLICT, lib->config->path,
			redirect->range,
			"the redirect begins at '%.*s', which is the address of %.*s",
			KB_ARG(redirect->from), KB_ARG(doc->path));
	else if (alias)
		kb_diag_add(diags, KB_RULE_ALIAS_CONFLICT, lib->config->path,
			redirect->range,
			"the redirect begins at '%.*s', which is an alias of %.*s",
			KB_ARG(redirect->from), KB_ARG(alias->doc->path));
	else if (kb_site_has_page(lib, key))
		kb_diag_add(diags, KB_RULE_ALIAS_CONFLICT, lib->config->path,
			redirect->range,
			"the redirect begins at '%.*s', where kb makes a page",
			KB_ARG(redirect->from));
	kb_map_put(&lib->index->redirects, key, redirect);
}

void kb_library_index_addresses(struct kb_library *lib, struct kb_diags *diags)
{
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (!lib->docs[i]->broken && lib->docs[i]->address.len)
			address_add(lib, lib->docs[i], diags);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		for (uint32_t j = 0; j < lib->docs[i]->aliases.len; j++)
			alias_add(lib, lib->docs[i], j, diags);
	for (uint32_t i = 0; i < lib->config->nredirects; i++)
		redirect_add(lib, &lib->config->redirects[i], diags);
}
