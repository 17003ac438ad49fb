#include "site.h"

#include "kb/file.h"
#include "kb/name.h"

/* What is collected under one former address. */
struct former_address {
	kb_str key, query;
	bool prefix; /* of all addresses that begin with the key */
	kb_str url;
	const struct kb_family *family;
	struct {
		KB_VEC(const struct page *);
	} targets;
};

struct formers {
	struct site *site;
	struct kb_arena *scratch;
	kb_map by_key;
};

/* "/?p=12": the home page's address has no name. */
static bool is_home_query(kb_str source)
{
	return kb_str_starts(source, KB_STR("?"));
}

/* NULL: nothing can be served there, or something else is. */
static struct former_address *former_at(struct formers *all, kb_str path)
{
	const struct kb_library *lib = all->site->lib;
	kb_str source = kb_site_source_key(lib, all->scratch, path);
	kb_str key = kb_site_path_key(lib, all->scratch, path), part;
	struct former_address *former = kb_map_get(&all->by_key, source);
	bool prefix = kb_site_is_prefix(source, &key);
	kb_str bare = kb_str_ends(key, KB_STR("/")) ? kb_path_dir(key) : key;

	if (former || (!is_home_query(source) && kb_path_fault(bare, &part)) ||
		kb_site_is_reserved(kb_site_folded_key(lib, all->scratch, key)) ||
		(prefix ? kb_site_prefix_covers(lib, key)
			: kb_map_has(&all->site->by_address, source)))
		return former;
	former = kb_arena_new_of(all->scratch, struct former_address);
	former->key = key;
	former->prefix = prefix;
	if (!prefix)
		former->query = kb_str_sub(source, key.len + 1, source.len);
	kb_map_put(&all->by_key, source, former);
	return former;
}

/* If two documents are not translations of each other, the first one stays. */
static void lead_to(struct former_address *former, const struct page *page)
{
	const struct kb_family *family = page->doc ? page->doc->family : NULL;

	if (former->url.len || (former->targets.len && former->family != family))
		return;
	former->family = family;
	for (size_t i = 0; i < former->targets.len; i++)
		if (former->targets.items[i] == page)
			return;
	kb_vec_push(&former->targets, page);
}

static void add_document(struct formers *all, const struct kb_document *doc)
{
	const struct page *page = doc->facts->aliases.len && doc->family &&
						  doc->facts->type != KB_SNIPPET &&
						  plan_visible(all->site, doc)
					  ? plan_original(all->site, doc)
					  : NULL;

	for (size_t i = 0; page && i < doc->facts->aliases.len; i++) {
		struct former_address *former =
			former_at(all, doc->facts->aliases.items[i]);

		if (former)
			lead_to(former, page);
	}
}

/* A document named by id: all its translations. */
static void lead_to_family(struct formers *all, struct former_address *former,
	const struct kb_family *family)
{
	const struct site *site = all->site;

	for (uint32_t i = 0; i < site->config->nlocales; i++) {
		const struct kb_document *doc = family->by_locale[i];
		const struct page *page =
			doc && plan_visible(site, doc) ? plan_original(site, doc) : NULL;

		if (page)
			lead_to(former, page);
	}
}

static void add_redirect(struct formers *all, const struct kb_redirect *redirect)
{
	const struct site *site = all->site;
	struct former_address *former = former_at(all, redirect->from);
	const struct page *page = NULL;
	struct kb_target target = {0};

	if (!former)
		return;
	/* A path means the page at this path; an id means each reader's translation. */
	if (kb_str_chr(redirect->to, '/') != SIZE_MAX)
		page = plan_at(
			site, kb_site_path_key(site->lib, all->scratch, redirect->to));
	if (page) {
		lead_to(former, page);
		return;
	}
	kb_redirect_resolve(site->lib, all->scratch, redirect, &target);
	if (target.kind == KB_TARGET_EXTERNAL)
		former->url = former->targets.len ? KB_STR("") : target.url;
	else if (target.kind == KB_TARGET_DOCUMENT && target.family)
		lead_to_family(all, former, target.family);
}

/* The pages of an issue had its former ids in their addresses. */
static void add_issue(struct formers *all, const struct kb_issue *issue)
{
	const struct site *site = all->site;

	for (uint32_t l = 0; issue->aliases.len && l < site->config->nlocales; l++) {
		kb_str code = site->config->locales[l].code;
		const struct page *page =
			plan_at(site, kb_arena_fmt(all->scratch, "%.*s/topics/%.*s",
					      KB_ARG(code), KB_ARG(issue->id)));

		for (size_t i = 0; page && i < issue->aliases.len; i++) {
			struct former_address *former = former_at(all,
				kb_arena_fmt(all->scratch, "%.*s/topics/%.*s",
					KB_ARG(code), KB_ARG(issue->aliases.items[i])));

			if (former)
				lead_to(former, page);
		}
	}
}

/* Does the page that has the path, but for letter case, lead to the same? */
static bool leads_there(const struct page *page, const struct alias *alias)
{
	if (!page->alias)
		return alias->ntargets && page == alias->targets[0];
	return alias->ntargets ? page->alias->ntargets &&
					 page->alias->targets[0] == alias->targets[0]
			       : kb_str_eq(page->alias->url, alias->url);
}

/* Servers tell queries and letter case apart, files do not. */
static void add_alias(struct site *site, struct former_address *former)
{
	kb_str ext = kb_path_ext(former->key);
	bool file = kb_str_eq_nocase(ext, KB_STR(".html")) ||
		    kb_str_eq_nocase(ext, KB_STR(".htm"));
	struct alias *alias = kb_arena_new_of(site->arena, struct alias);
	const struct page *like;
	struct page *page;
	bool no_page;

	if (former->targets.len == 0 && former->url.len == 0)
		return;
	alias->from = kb_arena_fmt(site->arena, "%.*s%s", KB_ARG(former->key),
		file || former->prefix || !former->key.len ? "" : "/");
	alias->prefix = former->prefix;
	alias->query = kb_arena_str(site->arena, former->query);
	alias->url = kb_arena_str(site->arena, former->url);
	alias->ntargets = (uint32_t)former->targets.len;
	alias->targets = kb_vec_freeze(&former->targets, site->arena);
	no_page = alias->query.len || alias->prefix;
	like = no_page ? NULL : plan_like(site, alias->from);
	if (like && !leads_there(like, alias))
		return;
	kb_vec_push(&site->aliases, alias);
	page = no_page || like ? NULL
			       : plan_add(site, PAGE_ALIAS,
					 alias->ntargets ? alias->targets[0]->locale
							 : site->source,
					 alias->from);
	if (page)
		page->alias = alias;
}

/* What a prefix covers has no page, but for the prefix itself: hosts without redirects
 * have that at least. */
static void add_bare(struct formers *all, const struct former_address *prefix)
{
	struct former_address *bare =
		prefix->key.len ? former_at(all, prefix->key) : NULL;

	if (!bare || bare->url.len || bare->targets.len)
		return;
	bare->url = prefix->url;
	bare->family = prefix->family;
	for (size_t i = 0; i < prefix->targets.len; i++)
		kb_vec_push(&bare->targets, prefix->targets.items[i]);
}

/* Servers take the first that fits: prefixes are last, the longest of them first. */
static int alias_cmp(const void *pa, const void *pb)
{
	const struct alias *a = *(const struct alias *const *)pa;
	const struct alias *b = *(const struct alias *const *)pb;

	if (a->from.len != b->from.len)
		return a->from.len > b->from.len ? -1 : 1;
	return kb_str_cmp(a->from, b->from);
}

static void add_all(struct formers *all, bool prefixes)
{
	struct site *site = all->site;
	size_t first = site->aliases.len;

	for (size_t i = 0; i < all->by_key.len; i++) {
		struct former_address *former = all->by_key.entries[i].value;

		if (former->prefix == prefixes)
			add_alias(site, former);
	}
	if (prefixes && site->aliases.len > first)
		qsort(site->aliases.items + first, site->aliases.len - first,
			sizeof(*site->aliases.items), alias_cmp);
}

void plan_aliases(struct site *site)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct formers all = {.site = site, .scratch = scratch};

	for (uint32_t i = 0; i < site->lib->ndocs; i++)
		if (!site->lib->docs[i]->facts->broken)
			add_document(&all, site->lib->docs[i]);
	for (uint32_t i = 0; i < site->config->nredirects; i++)
		add_redirect(&all, &site->config->redirects[i]);
	for (uint32_t i = 0; i < site->lib->taxonomy->len; i++)
		add_issue(&all, &site->lib->taxonomy->issues[i]);
	for (size_t i = 0, n = all.by_key.len; i < n; i++) {
		const struct former_address *former = all.by_key.entries[i].value;

		if (former->prefix)
			add_bare(&all, former);
	}
	add_all(&all, false);
	add_all(&all, true);
	for (size_t i = 0; i < all.by_key.len; i++)
		kb_vec_dispose(
			&((struct former_address *)all.by_key.entries[i].value)->targets);
	kb_map_dispose(&all.by_key);
}
