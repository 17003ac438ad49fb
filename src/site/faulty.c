#include "site.h"

/*
 * A document with errors keeps the page that it had: a typing error takes nothing from
 * readers. A page that shows what the new text withholds does not stay: the new text is
 * published, without what its errors withhold. A document that had no page holds the
 * whole site back, unless that is allowed.
 */

enum { DEPTH_MAX = 16 };

static bool in_error(
	const struct site *site, const struct kb_document *doc, unsigned depth)
{
	if (doc->facts->broken || doc->former || kb_map_has(&site->faulty, doc->path))
		return true;
	for (uint32_t i = 0; depth < DEPTH_MAX && i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet =
			ref->kind == KB_REF_INCLUDE && ref->audience <= site->audience
				? kb_library_snippet(site->lib, ref->name, doc->locale)
				: NULL;

		if (snippet && snippet != doc && in_error(site, snippet, depth + 1))
			return true;
	}
	return false;
}

bool plan_is_faulty(const struct site *site, const struct kb_document *doc)
{
	return doc->facts->broken || doc->former ||
	       (site->faulty.len && in_error(site, doc, 0));
}

static uint32_t locale_of(const struct site *site, kb_str path)
{
	kb_str code = kb_str_sub(path, 0, kb_str_chr(path, '/'));

	for (uint32_t i = 0; i < site->nlocales; i++)
		if (kb_str_eq(site->locales[i].code, code))
			return i;
	return KB_NONE;
}

/* False: it must not be written any more. */
static bool keep_page(struct site *site, const struct kb_document *doc, kb_str path)
{
	const kb_str index = KB_STR("index.html");
	uint32_t locale = locale_of(site, path);
	struct page *page;

	if (locale == KB_NONE)
		return true;
	if (kb_str_ends(path, index))
		path.len -= index.len;
	page = plan_add(site, PAGE_KEPT, locale, kb_arena_str(site->arena, path));
	if (!page)
		return false;
	page->doc = doc;
	kb_map_put(&site->kept,
		kb_arena_fmt(site->arena, "%.*s %.*s", KB_ARG(site->locales[locale].code),
			KB_ARG(doc->path)),
		page);
	return true;
}

static bool keep_file(struct site *site, const struct kb_document *doc, kb_str path)
{
	/* What comes along with a page has no page of its own. */
	if (kb_str_ends(path, KB_STR("/index.html")))
		return keep_page(site, doc, path);
	output_keep(site->out, path);
	return false;
}

/* Keeps the pages that a document had, or lets them be made again; returns whether there
 * were any. */
static bool keep_document(struct site *site, const struct kb_document *doc)
{
	kb_strs former = {0};
	bool any = false;

	output_former(site->out, doc->path, &former);
	if (former.len && !doc->former && !doc->facts->broken &&
		withheld_is_shown(site, doc, &former)) {
		site->renewed++;
		any = true;
	} else {
		for (size_t i = 0; i < former.len; i++)
			any |= keep_file(site, doc, former.items[i]);
	}
	kb_vec_dispose(&former);
	return any;
}

static void collect_errors(struct site *site)
{
	const struct kb_diags *findings = site->options->findings;

	for (size_t i = 0; findings && i < findings->len; i++)
		if (findings->items[i].severity == KB_ERROR)
			kb_map_put(&site->faulty, findings->items[i].path, site);
}

int plan_faulty(struct site *site, struct kb_error *err)
{
	const struct kb_library *lib = site->lib;
	const struct kb_document *first = NULL;
	uint32_t without = 0;

	collect_errors(site);
	if (!site->options->allow_broken &&
		kb_map_has(&site->faulty, lib->taxonomy->path))
		return kb_error_set(err, KB_E_CONFIG,
			"%.*s has errors; fix them, or use --allow-broken to publish "
			"anyway",
			KB_ARG(lib->taxonomy->path));
	for (uint32_t i = 0; i < lib->ndocs; i++) {
		struct kb_document *doc = lib->docs[i];

		/* What is not for this audience (any more) keeps nothing. */
		if (!plan_is_faulty(site, doc) ||
			!kb_document_allowed(
				site->lib, doc, site->audience, site->options->drafts) ||
			keep_document(site, doc))
			continue;
		if (!first)
			first = doc;
		without++;
	}
	if (!without || site->options->allow_broken)
		return 0;
	return kb_error_set(err, KB_E_CONFIG,
		"%u document%s %s errors, and there is no page from an earlier publish "
		"to keep (such as %.*s); fix %s, or use --allow-broken to publish "
		"without %s",
		without, without == 1 ? "" : "s", without == 1 ? "has" : "have",
		KB_ARG(first->path), without == 1 ? "it" : "them",
		without == 1 ? "it" : "them");
}
