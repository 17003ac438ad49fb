/* Addresses, aliases and redirects by the key of their site path. */
#include "address.h"
#include "index.h"
#include "kb/file.h"
#include "kb/name.h"
#include "kb/unicode.h"

/* Where a site path is written. */
struct address_use {
	kb_str file;
	kb_range range;
};

static kb_str address_key(struct kb_library *lib, const struct kb_document *doc)
{
	kb_str code = lib->config->locales[doc->locale].code;
	size_t len = doc->address.len - 1;
	char *key = kb_arena_alloc(lib->index->names, code.len + 1 + len + 1);

	memcpy(key, code.data, code.len);
	key[code.len] = '/';
	memcpy(key + code.len + 1, doc->address.data, len);
	return (kb_str){key, code.len + 1 + len};
}

/* A name that could be in the place of one that cannot. */
static kb_str better_name(struct kb_arena *arena, kb_str part)
{
	if (part.len > KB_NAME_BYTES_MAX / 2)
		return kb_slug_path(arena, kb_truncate(arena, part, 40));
	return kb_arena_fmt(arena, "%.*s-page", KB_ARG(part));
}

static void check_address(
	const struct kb_document *doc, kb_str key, struct kb_diags *diags)
{
	kb_str part, better;
	const char *fault = kb_path_fault(key, &part);
	bool own = part.data + part.len == key.data + key.len;
	struct kb_diag *diag;

	if (!fault)
		return;
	better = better_name(diags->arena, part);
	diag = kb_diag_add(diags, KB_RULE_ADDRESS_INVALID, doc->path,
		own ? kb_facts_range(doc->facts, "slug") : (kb_range){0, 0},
		"no page can have the address '/%.*s/': '%.*s' %s", KB_ARG(key),
		KB_ARG(part), fault);
	if (!own)
		kb_diag_hint(diags, diag, "rename the folder, for example to '%.*s'",
			KB_ARG(better));
	else
		kb_diag_hint(diags, diag,
			doc->facts->slug.len
				? "choose another slug, for example '%.*s'"
				: "add the line 'slug: %.*s' to the block between "
				  "the '---' lines, or rename the file",
			KB_ARG(better));
}

static void address_add(
	struct kb_library *lib, struct kb_document *doc, struct kb_diags *diags)
{
	kb_str key = address_key(lib, doc);
	struct kb_document *other = kb_map_get(&lib->index->addresses, key);
	kb_range range;

	check_address(doc, key, diags);
	if (!other) {
		kb_map_put(&lib->index->addresses, key, doc);
		return;
	}
	range = kb_facts_range(doc->facts, "slug");
	if (!range.len)
		range = kb_facts_range(doc->facts, "title");
	kb_diag_hint(diags,
		kb_diag_add(diags, KB_RULE_ADDRESS_DUPLICATE, doc->path, range,
			"%.*s also has the address /%.*s/", KB_ARG(other->path),
			KB_ARG(key)),
		"give one of them a different 'slug', or rename the file");
}

static void source_hint(const struct kb_library *lib, struct kb_diags *diags,
	struct kb_diag *diag, kb_str written)
{
	kb_str key = kb_site_path_key(lib, diags->arena, written), path;

	for (size_t i = 0; i < key.len; i++)
		if (strchr("*|()[]^$", key.data[i])) {
			kb_diag_hint(diags, diag,
				"write each address separately: patterns do not work "
				"here");
			return;
		}
	if (kb_path_normalize(diags->arena, key, &path) && path.len &&
		!kb_str_eq(path, key))
		kb_diag_hint(diags, diag, "write '/%.*s'", KB_ARG(path));
	else
		kb_diag_hint(diags, diag, "delete it: readers cannot come from there");
}

/* Can something be served where an alias or a redirect begins? An address of another site
 * only says which links are meant. */
static void check_source(const struct kb_library *lib, struct kb_diags *diags,
	struct address_use place, const char *kind, kb_str written)
{
	kb_str key = kb_site_path_key(lib, diags->arena, written), part;
	size_t hash = kb_str_chr(written, '#');
	const char *fault;

	if (kb_str_find(key, KB_STR("://")) != SIZE_MAX)
		return;
	if (hash != SIZE_MAX) {
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ADDRESS_INVALID, place.file,
				place.range,
				"the %s '%.*s' has a part after '#', which browsers do "
				"not send",
				kind, KB_ARG(written)),
			"write '%.*s'", KB_ARG(kb_str_sub(written, 0, hash)));
		return;
	}
	if (kb_str_ends(written, KB_STR("*")) && kb_str_chr(written, '?') != SIZE_MAX) {
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ADDRESS_INVALID, place.file,
				place.range, "the %s '%.*s' has a '*' in its query", kind,
				KB_ARG(written)),
			"write each query separately: patterns do not work here");
		return;
	}
	if (kb_site_is_prefix(key, &key) && kb_str_ends(key, KB_STR("/")))
		key.len--;
	fault = key.len ? kb_path_fault(key, &part) : NULL;
	if (fault)
		source_hint(lib, diags,
			kb_diag_add(diags, KB_RULE_ADDRESS_INVALID, place.file,
				place.range, "the %s '%.*s' cannot be served: '%.*s' %s",
				kind, KB_ARG(written), KB_ARG(part), fault),
			written);
}

/* Names what else has the path KEY, or one that differs in letter case only; empty when
 * nothing has. A document may spell the address of its own FAMILY in another way. */
static kb_str page_rival(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, const struct kb_family *family, kb_str key)
{
	kb_str folded = kb_site_folded_key(lib, arena, key);
	bool exact = kb_str_eq(folded, key);
	const char *but = exact ? "" : ", except for upper and lower case";
	const struct kb_document *other = kb_map_get(&lib->index->addresses, folded);

	if (other && (exact ? other != doc : other->family != family))
		return kb_arena_fmt(
			arena, "the address of %.*s%s", KB_ARG(other->path), but);
	if (kb_site_has_page(lib, folded))
		return kb_arena_fmt(
			arena, "the address of a page that kb creates%s", but);
	if (kb_site_is_reserved(folded))
		return kb_arena_fmt(arena, "the address of a file that kb writes%s", but);
	return KB_STR_NULL;
}

static kb_str alias_rival(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str key)
{
	kb_str rival = page_rival(lib, arena, doc, doc->family, key);
	const struct kb_alias *alias = kb_map_get(
		&lib->index->folded_aliases, kb_site_folded_key(lib, arena, key));
	bool exact = kb_map_has(&lib->index->aliases, key);

	if (rival.len || !alias || alias->doc->family == doc->family)
		return rival;
	return kb_arena_fmt(arena, "already an alias of %.*s%s", KB_ARG(alias->doc->path),
		exact ? "" : ", except for upper and lower case");
}

static void alias_push(
	struct kb_library *lib, struct kb_document *doc, uint32_t item, kb_str key)
{
	struct kb_alias *own = kb_arena_new_of(lib->index->arena, struct kb_alias);
	struct kb_alias *first = kb_map_get(&lib->index->aliases, key);
	kb_str folded = kb_site_folded_key(lib, lib->index->arena, key);

	own->doc = doc;
	own->item = item;
	own->last = own;
	if (!kb_map_has(&lib->index->folded_aliases, folded))
		kb_map_put(&lib->index->folded_aliases, folded, own);
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
	kb_str written = doc->facts->aliases.items[i];
	kb_str key = kb_site_source_key(lib, lib->index->arena, written);
	kb_str rival = alias_rival(lib, diags->arena, doc, key);
	struct address_use place = {
		doc->path, kb_facts_item_range(doc->facts, "aliases", i)};

	if (rival.len)
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ALIAS_CONFLICT, place.file,
				place.range, "the alias '%.*s' is %.*s", KB_ARG(written),
				KB_ARG(rival)),
			"delete it here, or change the other one");
	else
		check_source(lib, diags, place, "alias", written);
	alias_push(lib, doc, i, key);
}

static const struct kb_family *family_of(
	const struct kb_library *lib, const struct kb_redirect *redirect)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_target target;

	kb_redirect_resolve(lib, scratch, redirect, &target);
	return target.family;
}

static kb_str redirect_rival(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_redirect *redirect, kb_str key, kb_str folded)
{
	const struct kb_alias *alias = kb_map_get(&lib->index->folded_aliases, folded);
	const struct kb_redirect *other =
		kb_map_get(&lib->index->folded_redirects, folded);
	bool asks = alias || kb_map_has(&lib->index->addresses, folded);
	const struct kb_family *family = asks ? family_of(lib, redirect) : NULL;
	kb_str rival = page_rival(lib, arena, NULL, family, key);

	if (rival.len)
		return rival;
	if (alias && alias->doc->family != family)
		return kb_arena_fmt(arena, "an alias of %.*s", KB_ARG(alias->doc->path));
	if (other && !kb_str_eq(other->to, redirect->to))
		return kb_arena_fmt(arena, "where the redirect from '%.*s' begins",
			KB_ARG(other->from));
	return KB_STR_NULL;
}

static void redirect_add(
	struct kb_library *lib, struct kb_redirect *redirect, struct kb_diags *diags)
{
	kb_str key = kb_site_source_key(lib, lib->index->arena, redirect->from);
	kb_str folded = kb_site_folded_key(lib, lib->index->arena, key);
	kb_str rival = redirect_rival(lib, diags->arena, redirect, key, folded);
	struct address_use place = {lib->config->path, redirect->range};

	if (rival.len)
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ALIAS_CONFLICT, place.file,
				place.range,
				"the redirect begins at '%.*s', which is %.*s",
				KB_ARG(redirect->from), KB_ARG(rival)),
			"delete one of them");
	else
		check_source(lib, diags, place, "redirect", redirect->from);
	if (!kb_map_has(&lib->index->folded_redirects, folded))
		kb_map_put(&lib->index->folded_redirects, folded, redirect);
	if (!kb_map_has(&lib->index->redirects, key))
		kb_map_put(&lib->index->redirects, key, redirect);
}

/* Redirects by where they lead, each in the order of kb.yaml. */
static void index_targets(struct kb_library *lib)
{
	for (uint32_t i = lib->config->nredirects; i-- > 0;) {
		struct kb_redirect *redirect = &lib->config->redirects[i];

		redirect->next =
			kb_map_put(&lib->index->redirects_to, redirect->to, redirect);
	}
}

/* The id of an issue is in the address of its page. */
static void check_issue(const struct kb_taxonomy *taxonomy, const struct kb_issue *issue,
	kb_map *folded, struct kb_diags *diags)
{
	kb_str fold = kb_name_fold(diags->arena, issue->id), part;
	const char *fault = kb_path_fault(issue->id, &part);
	const struct kb_issue *like = kb_map_put(folded, fold, (void *)(uintptr_t)issue);

	if (fault)
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ADDRESS_INVALID, taxonomy->path,
				issue->range,
				"the id '%.*s' cannot be part of a page's address: it "
				"%s",
				KB_ARG(issue->id), fault),
			"choose another id, for example '%.*s'",
			KB_ARG(better_name(diags->arena, issue->id)));
	else if (like && !kb_str_eq(like->id, issue->id))
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_ADDRESS_DUPLICATE, taxonomy->path,
				issue->range,
				"the issue '%.*s' has the same id except for upper and "
				"lower case, so both pages have the same address",
				KB_ARG(like->id)),
			"choose a different id for one of them");
	for (size_t i = 0; i < issue->aliases.len; i++)
		if ((fault = kb_path_fault(issue->aliases.items[i], &part)))
			kb_diag_add(diags, KB_RULE_ADDRESS_INVALID, taxonomy->path,
				issue->range,
				"the former id '%.*s' cannot be served: it %s",
				KB_ARG(issue->aliases.items[i]), fault);
}

static void check_issues(const struct kb_library *lib, struct kb_diags *diags)
{
	kb_map folded = {0};

	for (uint32_t i = 0; i < lib->taxonomy->len; i++)
		if (!lib->taxonomy->issues[i].retired)
			check_issue(
				lib->taxonomy, &lib->taxonomy->issues[i], &folded, diags);
	kb_map_dispose(&folded);
}

void kb_library_index_pages(struct kb_library *lib, struct kb_diags *diags)
{
	kb_map_reserve(&lib->index->addresses, lib->ndocs);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		if (!lib->docs[i]->facts->broken && lib->docs[i]->address.len)
			address_add(lib, lib->docs[i], diags);
}

void kb_library_index_addresses(struct kb_library *lib, struct kb_diags *diags)
{
	for (uint32_t i = 0; i < lib->ndocs; i++)
		for (uint32_t j = 0; j < lib->docs[i]->facts->aliases.len; j++)
			alias_add(lib, lib->docs[i], j, diags);
	for (uint32_t i = 0; i < lib->config->nredirects; i++)
		redirect_add(lib, &lib->config->redirects[i], diags);
	index_targets(lib);
	kb_library_index_prefixes(lib, diags);
	check_issues(lib, diags);
}
