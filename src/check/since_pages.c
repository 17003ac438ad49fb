/*
 * Addresses that were public and are no longer: pages, aliases and redirects of the older
 * version, at which the newer one's site for the same audience has nothing.
 */
#include "family.h"
#include "since.h"

#include "kb/buf.h"

enum { LISTED_MAX = 3 }; /* addresses that a message spells out */

/* What is at an address. */
struct page_at {
	const struct kb_document *doc; /* NULL: a redirect of kb.yaml */
	bool alias;
};

/* The site of one version for one audience. */
struct site_view {
	const struct kb_library *lib;
	unsigned audience;
	struct kb_arena *arena;
	kb_map places; /* by site path without slashes at its ends */
};

static void put_place(
	struct site_view *view, kb_str key, const struct kb_document *doc, bool alias)
{
	struct page_at *place;

	if (kb_map_has(&view->places, key))
		return;
	place = kb_arena_new_of(view->arena, struct page_at);
	*place = (struct page_at){doc, alias};
	kb_map_put(&view->places, key, place);
}

static const struct kb_document *shown_in(
	const struct site_view *view, const struct kb_family *family, uint32_t locale)
{
	const struct kb_config *config = view->lib->config;

	for (; locale != KB_NONE; locale = config->locales[locale].fallback) {
		const struct kb_document *doc = family->by_locale[locale];

		if (doc && kb_document_visible(view->lib, doc, view->audience, false))
			return doc;
	}
	return NULL;
}

static void add_pages(struct site_view *view, uint32_t locale)
{
	kb_str code = view->lib->config->locales[locale].code;

	for (uint32_t i = 0; i < view->lib->nfamilies; i++) {
		const struct kb_document *doc =
			shown_in(view, view->lib->families[i], locale);

		if (doc && doc->address.len)
			put_place(view,
				kb_arena_fmt(view->arena, "%.*s/%.*s", KB_ARG(code),
					KB_ARG(kb_str_sub(
						doc->address, 0, doc->address.len - 1))),
				doc, false);
	}
}

static void add_aliases(struct site_view *view)
{
	const struct kb_library *lib = view->lib;

	for (uint32_t i = 0; i < lib->ndocs; i++) {
		const struct kb_document *doc = lib->docs[i];

		if (!kb_document_visible(lib, doc, view->audience, false))
			continue;
		for (size_t a = 0; a < doc->facts->aliases.len; a++)
			put_place(view,
				kb_site_source_key(
					lib, view->arena, doc->facts->aliases.items[a]),
				doc, true);
	}
}

static bool redirect_leads(
	const struct site_view *view, const struct kb_redirect *redirect)
{
	struct kb_target target;

	kb_redirect_resolve(view->lib, view->arena, redirect, &target);
	if (target.kind != KB_TARGET_DOCUMENT)
		return target.kind != KB_TARGET_BROKEN;
	for (uint32_t l = 0; l < view->lib->config->nlocales; l++)
		if (shown_in(view, target.family, l))
			return true;
	return false;
}

static void add_redirects(struct site_view *view)
{
	const struct kb_config *config = view->lib->config;

	for (uint32_t i = 0; i < config->nredirects; i++)
		if (redirect_leads(view, &config->redirects[i]))
			put_place(view,
				kb_site_source_key(view->lib, view->arena,
					config->redirects[i].from),
				NULL, false);
}

static void view_site(struct site_view *view)
{
	for (uint32_t l = 0; l < view->lib->config->nlocales; l++)
		add_pages(view, l);
	add_aliases(view);
	add_redirects(view);
}

/* Addresses that one document of the older version lost. They may include its own page:
 * in other locales, pages that replaced a missing translation come and go. */
struct loss {
	const struct kb_document *doc; /* NULL: redirects of kb.yaml */
	unsigned audience;
	kb_str own;    /* empty: not lost */
	kb_strs pages; /* as one writes them: "/en/articles/x/"; its own is the first */
	kb_strs aliases;
};

struct losses {
	KB_VEC(struct loss);
};

static struct loss *loss_of(struct losses *losses, kb_map *by_path,
	const struct kb_document *doc, unsigned audience)
{
	kb_str key = doc ? doc->path : KB_STR("");
	uintptr_t at = (uintptr_t)kb_map_get(by_path, key);

	if (!at) {
		kb_vec_push(losses, ((struct loss){.doc = doc, .audience = audience}));
		at = losses->len;
		kb_map_put(by_path, key, (void *)at);
	}
	return &losses->items[at - 1];
}

static bool is_own_page(
	const struct kb_library *lib, const struct kb_document *doc, kb_str key)
{
	kb_str code = lib->config->locales[doc->locale].code;

	return kb_str_starts(key, code) && key.len > code.len &&
	       key.data[code.len] == '/';
}

static void note_lost(const struct site_view *before, struct loss *loss, kb_str key,
	const struct page_at *place)
{
	kb_str page = kb_arena_fmt(before->arena, "/%.*s/", KB_ARG(key));

	if (!place->doc || place->alias) {
		kb_vec_push(&loss->aliases, kb_str_sub(page, 0, page.len - 1));
		return;
	}
	kb_vec_push(&loss->pages, page);
	if (is_own_page(before->lib, place->doc, key)) {
		loss->own = page;
		loss->pages.items[loss->pages.len - 1] = loss->pages.items[0];
		loss->pages.items[0] = page;
	}
}

/* What the site for one audience lost; an address is lost once, to the most public. */
static void compare_views(const struct site_view *before, const struct site_view *after,
	struct losses *losses, kb_map *by_path, kb_map *seen)
{
	for (size_t i = 0; i < before->places.len; i++) {
		kb_str key = before->places.entries[i].key;
		const struct page_at *place = before->places.entries[i].value;

		if (kb_map_has(&after->places, key) ||
			kb_site_has_page(after->lib, key) || kb_map_has(seen, key))
			continue;
		kb_map_put(seen, key, (void *)place);
		note_lost(before, loss_of(losses, by_path, place->doc, before->audience),
			key, place);
	}
}

/* "/a/, /b/, /c/ and 2 more" */
static kb_str list_addresses(struct kb_arena *arena, kb_str first, const kb_strs *more)
{
	_cleanup_buf_ kb_buf out = {0};
	size_t listed = first.len > 0, n = listed + more->len;

	kb_buf_str(&out, first);
	for (size_t i = 0; i < more->len && listed < LISTED_MAX; i++, listed++)
		kb_buf_fmt(&out, "%s%.*s",
			!listed		  ? ""
			: listed + 1 == n ? " and "
					  : ", ",
			KB_ARG(more->items[i]));
	if (n > listed)
		kb_buf_fmt(&out, " and %zu more", n - listed);
	return kb_arena_str(arena, kb_buf_view(&out));
}

static kb_range redirects_range(const struct kb_config *config)
{
	const struct kb_pair *pair = kb_node_pair(config->root, "redirects");

	return pair ? pair->key->range : (kb_range){0, 0};
}

/* Another language's text of it that serves as well, or the locale's home page. */
static kb_str redirect_target(const struct kb_versions *v, const struct loss *loss)
{
	const struct kb_family *family = kb_library_family(v->lib, loss->doc->id);
	kb_str code = v->base->config->locales[loss->doc->locale].code;
	uint32_t locale = kb_config_locale(v->lib->config, code);
	const struct kb_document *doc = family && locale != KB_NONE
						? kb_family_find(v->lib, family, locale)
						: NULL;

	if (doc && kb_document_visible(v->lib, doc, loss->audience, false))
		return doc->id;
	return locale == KB_NONE ? KB_STR("/")
				 : kb_arena_fmt(v->arena, "/%.*s/", KB_ARG(code));
}

static kb_str site_name(const struct kb_versions *v, unsigned audience)
{
	kb_str name = v->base->config->audiences[audience];

	return audience ? kb_arena_fmt(v->arena, "the site for %.*s", KB_ARG(name))
			: KB_STR("the public site");
}

static void report_gone(struct kb_versions *v, const struct loss *loss)
{
	struct kb_diag *diag = kb_diag_add(v->diags, KB_RULE_PAGE_VANISHED,
		v->lib->config->path, redirects_range(v->lib->config),
		"%.*s is %s, and its former address %.*s on %.*s has no redirect",
		KB_ARG(loss->doc->path),
		kb_library_entry(v->lib, loss->doc->path) ? "no longer a document"
							  : "gone",
		KB_ARG(list_addresses(v->arena, loss->own, &loss->aliases)),
		KB_ARG(site_name(v, loss->audience)));

	kb_diag_hint(v->diags, diag,
		"add a redirect to kb.yaml under 'redirects', such as '%.*s: %.*s'",
		KB_ARG(loss->own), KB_ARG(redirect_target(v, loss)));
}

/* Why a document that is there has no page, the key that says so, and what to do. */
struct page_reason {
	const char *why, *key, *hint;
};

static struct page_reason reason_of(const struct kb_document *doc, unsigned audience)
{
	static const char archive[] =
		"'status: archived' keeps the page with a notice, and 'expires_at' "
		"removes it from the site permanently";

	if (doc->facts->type == KB_SNIPPET)
		return (struct page_reason){"it is now a snippet", "type",
			"add a redirect for it to kb.yaml, under 'redirects'"};
	if (doc->facts->status == KB_DRAFT)
		return (struct page_reason){"it is now a draft", "status", archive};
	if (doc->facts->status == KB_REVIEW)
		return (struct page_reason){"it is now in review", "status", archive};
	if (doc->facts->audience > audience)
		return (struct page_reason){"it is now for fewer readers", "audience",
			"give it another 'slug', and add a redirect for the other "
			"readers to kb.yaml, under 'redirects'"};
	return (struct page_reason){"its 'publish_at' is in the future", "publish_at",
		"to keep the page until then, remove 'publish_at'"};
}

static void report_hidden(
	struct kb_versions *v, const struct loss *loss, const struct kb_document *now)
{
	struct page_reason reason = reason_of(now, loss->audience);
	struct kb_diag *diag = kb_diag_add(v->diags, KB_RULE_PAGE_VANISHED, now->path,
		kb_facts_range(now->facts, reason.key),
		"this was on %.*s at %.*s; %s, and that address has no redirect",
		KB_ARG(site_name(v, loss->audience)),
		KB_ARG(list_addresses(v->arena, loss->own, &loss->aliases)), reason.why);

	kb_diag_hint(v->diags, diag, "%s", reason.hint);
}

static void report_moved(
	struct kb_versions *v, const struct loss *loss, const struct kb_document *now)
{
	struct kb_diag *diag = kb_diag_add(v->diags, KB_RULE_PAGE_MOVED, now->path,
		kb_versions_place(now, "slug"),
		"the page moved from %.*s to /%.*s/%.*s, but its former address has no "
		"redirect",
		KB_ARG(loss->own), KB_ARG(v->lib->config->locales[now->locale].code),
		KB_ARG(now->address));

	kb_diag_hint(v->diags, diag, "add to its 'aliases': %.*s",
		KB_ARG(list_addresses(v->arena, KB_STR_NULL, &loss->pages)));
	if (kb_versions_sure(v, loss->doc))
		kb_versions_edit(v, diag, now, "aliases", &loss->pages, KB_STR_NULL);
}

static void report_pages(
	struct kb_versions *v, const struct loss *loss, const struct kb_document *now)
{
	/* A page of a faulty document stays; one that ends by a date is meant to. */
	if (now && (now->facts->broken || (now->facts->expires_at &&
						  now->facts->expires_at <= v->lib->now)))
		return;
	if (!now)
		report_gone(v, loss);
	else if (kb_document_visible(v->lib, now, loss->audience, false))
		report_moved(v, loss, now);
	else
		report_hidden(v, loss, now);
}

static void report_aliases(
	struct kb_versions *v, const struct loss *loss, const struct kb_document *now)
{
	kb_str path = now ? now->path : v->lib->config->path;
	kb_range range =
		now ? kb_versions_place(now, "aliases") : redirects_range(v->lib->config);
	struct kb_diag *diag = kb_diag_add(v->diags, KB_RULE_PAGE_VANISHED, path, range,
		"%.*s no longer has a redirect",
		KB_ARG(list_addresses(v->arena, KB_STR_NULL, &loss->aliases)));

	kb_diag_hint(v->diags, diag,
		now ? "put it back into 'aliases': other sites may still link there"
		    : "put it back under 'redirects': other sites may still link there");
	if (now)
		kb_versions_edit(v, diag, now, "aliases", &loss->aliases, KB_STR_NULL);
}

/* Broken redirects have a finding of their own. */
static void drop_broken(struct kb_versions *v, struct loss *loss)
{
	const struct kb_config *config = v->lib->config;
	size_t kept = 0;
	kb_map there = {0};

	for (uint32_t i = 0; i < config->nredirects; i++)
		kb_map_put(&there,
			kb_site_source_key(v->lib, v->arena, config->redirects[i].from),
			&config->redirects[i]);
	for (size_t i = 0; i < loss->aliases.len; i++)
		if (!kb_map_has(&there, kb_str_sub(loss->aliases.items[i], 1, SIZE_MAX)))
			loss->aliases.items[kept++] = loss->aliases.items[i];
	loss->aliases.len = kept;
	kb_map_dispose(&there);
}

static void report(struct kb_versions *v, struct loss *loss)
{
	const struct kb_document *now = loss->doc ? kb_versions_now(v, loss->doc) : NULL;

	if (!loss->doc)
		drop_broken(v, loss);
	if (loss->own.len)
		report_pages(v, loss, now);
	else if (loss->aliases.len && (!now || !now->facts->broken))
		report_aliases(v, loss, now);
}

static void compare_sites(struct kb_versions *v, struct losses *losses)
{
	unsigned n = v->base->config->naudiences;
	kb_map by_path = {0}, seen = {0};

	for (unsigned a = 0; a < n && a < v->lib->config->naudiences; a++) {
		struct site_view before = {v->base, a, v->arena, {0}};
		struct site_view after = {v->lib, a, v->arena, {0}};

		view_site(&before);
		view_site(&after);
		compare_views(&before, &after, losses, &by_path, &seen);
		kb_map_dispose(&before.places);
		kb_map_dispose(&after.places);
	}
	kb_map_dispose(&by_path);
	kb_map_dispose(&seen);
}

void kb_versions_pages(struct kb_versions *v)
{
	struct losses losses = {0};

	compare_sites(v, &losses);
	for (size_t i = 0; i < losses.len; i++) {
		report(v, &losses.items[i]);
		kb_vec_dispose(&losses.items[i].pages);
		kb_vec_dispose(&losses.items[i].aliases);
	}
	kb_vec_dispose(&losses);
}
