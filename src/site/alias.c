#include "site.h"

#include "kb/file.h"
#include "manifest.h"

/* What is collected under one former address. */
struct former {
	kb_str key;
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

static bool usable_key(kb_str key)
{
	kb_str part;

	if (!manifest_path_safe(key))
		return false;
	for (size_t i = 0; i < key.len; i++)
		if (strchr("?\\<>\"|*", key.data[i]))
			return false;
	while (kb_str_next(&key, '/', &part))
		if (kb_str_starts(part, KB_STR(".kb-")))
			return false;
	return true;
}

/* What the site writes that is no page. */
static bool reserved_key(kb_str key)
{
	static const char *const own[] = {"robots.txt", "llms.txt", "_redirects",
		"redirects.map", "assets", "stats"};
	kb_str first = kb_str_sub(key, 0, kb_str_chr(key, '/'));

	for (size_t i = 0; i < KB_LEN(own); i++)
		if (kb_str_is(first, own[i]))
			return true;
	return kb_str_starts(first, KB_STR("sitemap"));
}

static struct former *former_at(struct formers *all, kb_str path)
{
	kb_str key = kb_site_path_key(all->site->lib, all->scratch, path);
	struct former *former = kb_map_get(&all->by_key, key);

	if (former || !usable_key(key) || kb_map_has(&all->site->by_address, key))
		return former;
	former = kb_arena_new_of(all->scratch, struct former);
	former->key = key;
	kb_map_put(&all->by_key, key, former);
	return former;
}

/* Of two documents that are no translations of each other, the first stays. */
static void lead_to(struct former *former, const struct page *page)
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
	const struct page *page = doc->aliases.len && doc->family &&
						  doc->type != KB_SNIPPET &&
						  plan_visible(all->site, doc)
					  ? plan_original(all->site, doc)
					  : NULL;

	for (size_t i = 0; page && i < doc->aliases.len; i++) {
		struct former *former = former_at(all, doc->aliases.items[i]);

		if (former)
			lead_to(former, page);
	}
}

/* A document named by id: all its translations. */
static void lead_to_family(
	struct formers *all, struct former *former, const struct kb_family *family)
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
	struct former *former = former_at(all, redirect->from);
	const struct page *page = NULL;
	struct kb_target target = {0};

	if (!former)
		return;
	/* A path means the page that stands there, an id each reader's translation. */
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
			struct former *former = former_at(all,
				kb_arena_fmt(all->scratch, "%.*s/topics/%.*s",
					KB_ARG(code), KB_ARG(issue->aliases.items[i])));

			if (former)
				lead_to(former, page);
		}
	}
}

static void add_page(struct site *site, struct former *former)
{
	kb_str ext = kb_path_ext(former->key);
	bool file = kb_str_eq_nocase(ext, KB_STR(".html")) ||
		    kb_str_eq_nocase(ext, KB_STR(".htm"));
	struct alias *alias;
	struct page *page;

	if (former->targets.len == 0 && former->url.len == 0)
		return;
	page = plan_add(site, PAGE_ALIAS,
		former->targets.len ? former->targets.items[0]->locale : site->source,
		kb_arena_fmt(
			site->arena, "%.*s%s", KB_ARG(former->key), file ? "" : "/"));
	if (!page)
		return;
	alias = kb_arena_new_of(site->arena, struct alias);
	alias->url = kb_arena_str(site->arena, former->url);
	alias->ntargets = (uint32_t)former->targets.len;
	alias->targets = kb_vec_freeze(&former->targets, site->arena);
	page->alias = alias;
}

void plan_aliases(struct site *site)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct formers all = {.site = site, .scratch = scratch};

	for (uint32_t i = 0; i < site->lib->ndocs; i++)
		if (!site->lib->docs[i]->broken)
			add_document(&all, site->lib->docs[i]);
	for (uint32_t i = 0; i < site->config->nredirects; i++)
		add_redirect(&all, &site->config->redirects[i]);
	for (uint32_t i = 0; i < site->lib->taxonomy->len; i++)
		add_issue(&all, &site->lib->taxonomy->issues[i]);
	for (size_t i = 0; i < all.by_key.len; i++) {
		struct former *former = all.by_key.entries[i].value;

		if (!reserved_key(former->key))
			add_page(site, former);
		kb_vec_dispose(&former->targets);
	}
	kb_map_dispose(&all.by_key);
}
