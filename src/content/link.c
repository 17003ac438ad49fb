/* What a link's destination means. */
#include "content.h"
#include "index.h"
#include "kb/arena_str.h"
#include "kb/file.h"
#include "kb/unicode.h"
#include "link.h"

/* The resolution of one link. */
struct resolver {
	const struct kb_library *lib;
	struct kb_arena *arena;
	const struct kb_document *doc;
	uint32_t locale;
	struct kb_target *out;
	bool guess; /* say what is probably meant, which takes a look at all there is */
	struct kb_document
		*named; /* the document that the link names, in its own locale */
};

static void broken(struct resolver *r, enum kb_target_fault fault, kb_str nearest)
{
	r->out->kind = KB_TARGET_BROKEN;
	r->out->fault = (uint8_t)fault;
	r->out->nearest = nearest;
}

static void document_target(struct resolver *r, struct kb_document *doc)
{
	r->named = doc;
	kb_target_document(r->lib, doc, r->locale, r->out);
}

static kb_str near_heading(
	struct resolver *r, const struct kb_md_facts *facts, kb_str fragment)
{
	size_t n = (size_t)facts->nheadings + facts->nanchors;
	_cleanup_free_ kb_str *ids = r->guess ? kb_xcalloc(n, sizeof(*ids)) : NULL;
	const kb_str *near;

	if (!ids)
		return KB_STR_NULL;
	n = 0;
	for (uint32_t i = 0; i < facts->nheadings; i++)
		ids[n++] = facts->headings[i].id;
	for (uint32_t i = 0; i < facts->nanchors; i++)
		ids[n++] = facts->anchors[i].id;
	near = kb_str_nearest(fragment, ids, n);
	return near ? *near : KB_STR_NULL;
}

/* The heading of the reader's document that stands where the named document has it. */
static kb_str translated_fragment(
	const struct kb_document *from, const struct kb_document *to, kb_str fragment)
{
	if (from->facts->body.nheadings != to->facts->body.nheadings)
		return KB_STR_NULL;
	for (uint32_t i = 0; i < from->facts->body.nheadings; i++)
		if (kb_str_eq(from->facts->body.headings[i].id, fragment))
			return to->facts->body.headings[i].id;
	return KB_STR_NULL;
}

static void check_fragment(struct resolver *r)
{
	struct kb_target *out = r->out;

	if (out->fragment.len == 0 || out->kind != KB_TARGET_DOCUMENT ||
		out->doc->facts->broken ||
		kb_document_has_fragment(r->lib, out->doc, out->fragment))
		return;
	if (r->named && r->named != out->doc && !r->named->facts->broken &&
		kb_document_has_fragment(r->lib, r->named, out->fragment)) {
		out->fragment = translated_fragment(r->named, out->doc, out->fragment);
		return;
	}
	broken(r, KB_FAULT_FRAGMENT,
		near_heading(r, &out->doc->facts->body, out->fragment));
}

/* In a snippet, a part of whatever includes it may be meant. */
static void own_fragment(struct resolver *r)
{
	const struct kb_document *doc = r->doc;

	r->out->kind = KB_TARGET_FRAGMENT;
	if (doc->facts->type == KB_SNIPPET || doc->facts->broken ||
		kb_document_has_fragment(r->lib, doc, r->out->fragment))
		return;
	broken(r, KB_FAULT_FRAGMENT,
		near_heading(r, &doc->facts->body, r->out->fragment));
}

static kb_str near_id(struct resolver *r, kb_str id)
{
	_cleanup_free_ kb_str *ids =
		r->guess ? kb_xcalloc(r->lib->nfamilies, sizeof(*ids)) : NULL;
	const kb_str *near;

	if (!ids)
		return KB_STR_NULL;
	for (uint32_t i = 0; i < r->lib->nfamilies; i++)
		ids[i] = r->lib->families[i]->id;
	near = kb_str_nearest(id, ids, r->lib->nfamilies);
	return near ? *near : KB_STR_NULL;
}

static void id_target(struct resolver *r, kb_str id)
{
	struct kb_family *family = kb_library_family(r->lib, id);
	struct kb_document *doc;

	if (!family) {
		broken(r, KB_FAULT_ID, near_id(r, id));
		return;
	}
	doc = kb_family_find(r->lib, family, r->doc->locale);
	for (uint32_t l = 0; !doc; l++)
		doc = family->by_locale[l];
	document_target(r, doc);
}

static void site_target(struct resolver *r, kb_str path)
{
	if (!kb_site_resolve(r->lib, r->arena, r->locale, path, r->out)) {
		broken(r, KB_FAULT_SITE,
			r->guess ? kb_site_nearest(r->lib, r->arena, path) : KB_STR_NULL);
		return;
	}
	/* A fragment may be as the writer's own locale has it. */
	if (r->out->family)
		r->named = kb_family_find(r->lib, r->out->family, r->doc->locale);
}

/* "https" of "https://…"; empty when there is none. */
static kb_str scheme_of(kb_str dest)
{
	for (size_t i = 0; i < dest.len; i++) {
		char c = dest.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (c == ':' && i > 0)
			return kb_str_sub(dest, 0, i);
		if (!letter && (i == 0 || !((c >= '0' && c <= '9') || strchr("+-.", c))))
			break;
	}
	return KB_STR_NULL;
}

/* With its query, for any, or for all that begin as it does. */
static bool is_alias(const struct resolver *r, kb_str url)
{
	const struct kb_library_index *index = r->lib->index;
	kb_str key;

	if (!index->aliases.len)
		return false;
	key = kb_site_path_key(r->lib, r->arena, url);
	return kb_map_has(&index->aliases, kb_site_source_key(r->lib, r->arena, url)) ||
	       kb_map_has(&index->aliases, key) ||
	       kb_prefixes_find(&index->alias_prefixes, key);
}

static void external_target(struct resolver *r, kb_str url)
{
	kb_str own;

	if (kb_url_is_own(r->lib, url, &own)) {
		site_target(r, own.len ? own : KB_STR("/"));
		return;
	}
	if (is_alias(r, url)) {
		site_target(r, url);
		return;
	}
	r->out->kind = KB_TARGET_EXTERNAL;
	r->out->url = url;
	r->out->fragment = KB_STR_NULL;
}

/* Variables are expanded; a reply's own placeholders stay. False: a name is unknown. */
static bool expand(struct resolver *r, kb_str *dest)
{
	struct kb_ref *refs;
	size_t n;

	if (kb_str_find(*dest, KB_STR("{{")) == SIZE_MAX ||
		(r->doc->mount && !r->doc->mount->expand))
		return true;
	n = kb_md_refs(r->arena, *dest, 0, &refs);
	for (size_t i = 0; i < n; i++)
		if (!kb_config_variable(r->lib->config, refs[i].name) &&
			!(r->doc->reply &&
				kb_reply_placeholder(r->doc->reply, refs[i].name)))
			return false;
	*dest = kb_library_expand(r->lib, r->arena, *dest, r->locale);
	return true;
}

static void scheme_target(struct resolver *r, kb_str scheme, kb_str dest, kb_str path)
{
	kb_str rest = kb_str_sub(path, scheme.len + 1, path.len);

	if (kb_str_eq_nocase(scheme, KB_STR("id")))
		id_target(r, kb_nfc(r->arena, kb_percent_decode(r->arena, rest)));
	else if (kb_str_eq_nocase(scheme, KB_STR("kb"))) {
		r->out->kind = KB_TARGET_END;
		r->out->url = dest;
	} else if (kb_url_is_safe(dest))
		external_target(r, dest);
	else
		broken(r, KB_FAULT_SCHEME, KB_STR_NULL);
}

/* "www.example.com/x": an address without its beginning. */
static bool names_host(kb_str path)
{
	kb_str host = kb_str_sub(path, 0, kb_str_chr(path, '/'));
	size_t dot = kb_str_chr(host, '.');

	return kb_str_starts(path, KB_STR("www.")) ||
	       (host.len < path.len && dot != SIZE_MAX && dot > 0 && dot + 2 < host.len);
}

/* A path as a browser read it at an address that the document had: from its last '/'. */
static bool target_from(struct resolver *r, kb_str former, kb_str path)
{
	kb_str dir = kb_site_path_key(r->lib, r->arena, former), joined;
	struct kb_target found = {.fragment = r->out->fragment};

	if (kb_str_chr(former, '*') != SIZE_MAX || kb_str_chr(former, '?') != SIZE_MAX ||
		kb_str_find(former, KB_STR("://")) != SIZE_MAX)
		return false;
	if (!kb_str_ends(former, KB_STR("/")))
		dir = kb_path_dir(dir);
	if (!kb_link_join(r->arena, dir, path, &joined))
		return false;
	joined = kb_arena_fmt(r->arena, "/%.*s", KB_ARG(joined));
	if (!kb_site_resolve(r->lib, r->arena, r->locale, joined, &found) &&
		!kb_site_resolve(r->lib, r->arena, r->locale,
			kb_arena_fmt(r->arena, "%.*s.html", KB_ARG(joined)), &found))
		return false;
	*r->out = found;
	if (found.family)
		r->named = kb_family_find(r->lib, found.family, r->doc->locale);
	return true;
}

/* The first redirect that leads to the document by its id, then by its address. */
static const struct kb_redirect *redirect_to(
	const struct resolver *r, const struct kb_document *doc, bool address)
{
	kb_str to = doc->id;

	if (address)
		to = kb_arena_fmt(r->arena, "/%.*s/%.*s",
			KB_ARG(r->lib->config->locales[doc->locale].code),
			KB_ARG(doc->address));
	return kb_map_get(&r->lib->index->redirects_to, to);
}

/* The home page of the former site has no address that can be redirected: its links name
 * the documents of its folder, which have. */
static bool target_from_home(struct resolver *r, kb_str path)
{
	struct kb_document *doc;
	kb_str full;

	if (!kb_link_join(r->arena, kb_path_dir(r->doc->path), path, &full))
		return false;
	if (kb_str_eq(kb_path_ext(full), KB_STR(".html")))
		full.len -= KB_STR(".html").len;
	doc = kb_library_by_path(r->lib, kb_arena_fmt(r->arena, "%.*s.md", KB_ARG(full)));
	if (!doc || (!redirect_to(r, doc, false) && !redirect_to(r, doc, true)))
		return false;
	document_target(r, doc);
	return true;
}

static bool former_target(struct resolver *r, kb_str path)
{
	const kb_strs *aliases = &r->doc->facts->aliases;
	const struct kb_redirect *redirect;

	if (!path.len)
		return false;
	for (size_t i = 0; i < aliases->len; i++)
		if (target_from(r, aliases->items[i], path))
			return true;
	for (int address = 0; address < 2; address++)
		for (redirect = redirect_to(r, r->doc, address); redirect;
			redirect = redirect->next)
			if (target_from(r, redirect->from, path))
				return true;
	return target_from_home(r, path);
}

static void path_target(struct resolver *r, kb_str path)
{
	struct kb_document *doc = NULL;

	switch (kb_link_path(r->lib, r->arena, r->doc, path, &doc, r->guess, r->out)) {
	case KB_FAULT_NONE:
		if (doc)
			document_target(r, doc);
		else
			r->out->kind = KB_TARGET_FILE;
		break;
	case KB_FAULT_CASE:
		broken(r, KB_FAULT_CASE, r->out->nearest);
		break;
	case KB_FAULT_OUTSIDE:
		if (!former_target(r, path))
			broken(r, KB_FAULT_OUTSIDE, KB_STR_NULL);
		break;
	case KB_FAULT_NOTDOC:
		broken(r, KB_FAULT_NOTDOC, KB_STR_NULL);
		break;
	default:
		if (former_target(r, path))
			break;
		if (!r->out->nearest.len && names_host(path))
			r->out->nearest =
				kb_arena_fmt(r->arena, "https://%.*s", KB_ARG(path));
		broken(r, KB_FAULT_FILE, r->out->nearest);
	}
}

static void resolve(struct resolver *r, kb_str dest)
{
	kb_str path, scheme;
	size_t hash;

	*r->out = (struct kb_target){0};
	dest = kb_str_trim(dest);
	if (kb_md_dest_is_foreign(dest, r->doc->mount && !r->doc->mount->expand) ||
		!expand(r, &dest)) {
		broken(r, KB_FAULT_VARIABLE, KB_STR_NULL);
		return;
	}
	hash = kb_str_chr(dest, '#');
	path = kb_str_sub(dest, 0, hash);
	if (hash != SIZE_MAX)
		r->out->fragment =
			kb_nfc(r->arena, kb_percent_decode(r->arena,
						 kb_str_sub(dest, hash + 1, dest.len)));
	scheme = scheme_of(path);
	if (scheme.len)
		scheme_target(r, scheme, dest, path);
	else if (kb_str_starts(path, KB_STR("//")) || kb_str_starts(path, KB_STR("{{")))
		external_target(r, dest);
	else if (kb_str_starts(path, KB_STR("/")))
		site_target(r, path);
	else if (path.len || hash == SIZE_MAX)
		path_target(r, kb_str_sub(path, 0, kb_str_chr(path, '?')));
	else
		own_fragment(r);
	check_fragment(r);
}

void kb_link_resolve(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, uint32_t locale, kb_str dest,
	struct kb_target *out)
{
	struct resolver r = {
		.lib = lib, .arena = arena, .doc = doc, .locale = locale, .out = out};

	resolve(&r, dest);
}

kb_str kb_link_nearest(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str dest)
{
	struct kb_target target = {0};
	struct resolver r = {.lib = lib,
		.arena = arena,
		.doc = doc,
		.locale = doc->locale,
		.out = &target,
		.guess = true};

	resolve(&r, dest);
	return target.nearest;
}

static bool names_text(kb_str dest)
{
	kb_str path = kb_str_sub(dest, 0, kb_str_chr(dest, '#'));

	return kb_path_is_markdown(path) || scheme_of(path).len ||
	       kb_str_starts(path, KB_STR("/")) || kb_str_ends(path, KB_STR("/"));
}

enum kb_workflow_link kb_library_workflow_link(
	void *ctx, const struct kb_document *doc, kb_str dest)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_target target;

	kb_link_resolve(ctx, scratch, doc, doc->locale, dest, &target);
	if (target.doc && target.family && target.family == doc->family)
		return KB_WL_OWN;
	if (target.doc)
		return target.doc->facts->type == KB_WORKFLOW ? KB_WL_WORKFLOW
							      : KB_WL_OTHER;
	return target.kind == KB_TARGET_BROKEN && target.fault != KB_FAULT_SCHEME &&
			       names_text(dest)
		       ? KB_WL_UNKNOWN
		       : KB_WL_OTHER;
}
