/* Site paths: which pages they lead to. */
#include "address.h"
#include "content.h"
#include "index.h"
#include "kb/arena_str.h"
#include "kb/file.h"
#include "kb/unicode.h"
#include "link.h"

static kb_str without_scheme(kb_str url)
{
	size_t at = kb_str_find(url, KB_STR("://"));

	return at == SIZE_MAX ? url : kb_str_sub(url, at + 3, url.len);
}

/* The part of a URL behind base_url, whatever its scheme; false when it is elsewhere. */
static bool below_base(const struct kb_library *lib, kb_str url, kb_str *path)
{
	kb_str base = without_scheme(lib->config->base_url), rest = without_scheme(url);

	if (base.len == 0 || rest.len < base.len ||
		!kb_str_eq_nocase(kb_str_sub(rest, 0, base.len), base))
		return false;
	*path = kb_str_sub(rest, base.len, rest.len);
	return path->len == 0 || strchr("/?#", path->data[0]);
}

bool kb_url_is_own(const struct kb_library *lib, kb_str url, kb_str *path)
{
	if (kb_str_starts(url, KB_STR("//")))
		url = kb_str_sub(url, 2, url.len);
	else if (kb_str_find(url, KB_STR("://")) == SIZE_MAX)
		return false;
	return below_base(lib, url, path);
}

static kb_str trim_slashes(kb_str s)
{
	while (s.len && s.data[0] == '/')
		s = kb_str_sub(s, 1, s.len);
	while (s.len && s.data[s.len - 1] == '/')
		s.len--;
	return s;
}

static kb_str without_index(kb_str s)
{
	static const kb_str index = {"index.html", 10};

	if (kb_str_eq(s, index))
		return kb_str_sub(s, 0, 0);
	if (s.len > index.len && kb_str_ends(s, index) &&
		s.data[s.len - index.len - 1] == '/')
		return trim_slashes(kb_str_sub(s, 0, s.len - index.len));
	return s;
}

/* The locale that a key begins with, and what follows; KB_NONE. */
static uint32_t split_locale(const struct kb_library *lib, kb_str key, kb_str *rest)
{
	size_t slash = kb_str_chr(key, '/');
	kb_str first = kb_str_sub(key, 0, slash);

	*rest = slash == SIZE_MAX ? KB_STR("") : kb_str_sub(key, slash + 1, key.len);
	return kb_config_locale(lib->config, first);
}

/* Without its fragment, and without base_url if it begins with that. */
static kb_str own_path(const struct kb_library *lib, kb_str path)
{
	kb_str own;

	path = kb_str_trim(path);
	if (kb_url_is_own(lib, path, &own))
		path = own;
	return kb_str_sub(path, 0, kb_str_chr(path, '#'));
}

kb_str kb_site_path_key(const struct kb_library *lib, struct kb_arena *arena, kb_str path)
{
	path = own_path(lib, path);
	path = kb_str_sub(path, 0, kb_str_chr(path, '?'));
	return without_index(trim_slashes(kb_percent_decode(arena, path)));
}

kb_str kb_site_source_key(
	const struct kb_library *lib, struct kb_arena *arena, kb_str path)
{
	kb_str key = kb_site_path_key(lib, arena, path), own = own_path(lib, path);
	size_t mark = kb_str_chr(own, '?');

	if (mark == SIZE_MAX || mark + 1 == own.len)
		return key;
	return kb_arena_fmt(arena, "%.*s?%.*s", KB_ARG(key),
		KB_ARG(kb_str_sub(own, mark + 1, own.len)));
}

kb_str kb_site_folded_key(
	const struct kb_library *lib, struct kb_arena *arena, kb_str key)
{
	kb_str folded = kb_name_fold(arena, key), rest;
	uint32_t locale;

	if (kb_str_eq(folded, key))
		return key;
	locale = split_locale(lib, folded, &rest);
	if (locale == KB_NONE)
		return folded;
	return kb_arena_fmt(arena, "%.*s%s%.*s",
		KB_ARG(lib->config->locales[locale].code), rest.len ? "/" : "",
		KB_ARG(rest));
}

static bool is_among(kb_str word, const char *const *words)
{
	for (; *words; words++)
		if (kb_str_is(word, *words))
			return true;
	return false;
}

static bool has_type(const struct kb_library *lib, enum kb_type type)
{
	return lib->index->types & 1u << type;
}

static bool locale_has_page(const struct kb_library *lib, kb_str rest)
{
	static const char *const always[] = {"", "topics", "changes", NULL};
	static const kb_str topics = {"topics/", 7};
	const struct kb_issue *issue;

	if (kb_str_starts(rest, topics)) {
		kb_str id = kb_str_sub(rest, topics.len, rest.len);

		issue = kb_taxonomy_find(lib->taxonomy, id);
		return issue && kb_str_eq(issue->id, id);
	}
	return is_among(rest, always) || (kb_str_is(rest, "faq") && lib->index->faq) ||
	       (kb_str_is(rest, "contact") && lib->config->ncontacts) ||
	       (kb_str_is(rest, "articles") && has_type(lib, KB_ARTICLE)) ||
	       (kb_str_is(rest, "workflows") && has_type(lib, KB_WORKFLOW)) ||
	       (kb_str_is(rest, "replies") && has_type(lib, KB_REPLY)) ||
	       (kb_str_is(rest, "reference") && has_type(lib, KB_REFERENCE));
}

bool kb_site_is_reserved(kb_str key)
{
	static const char *const own[] = {"robots.txt", "llms.txt", "_redirects",
		"redirects.map", "redirects-query.map", "assets", "stats", NULL};
	kb_str first = kb_str_sub(key, 0, kb_str_chr(key, '/'));

	return is_among(first, own) || kb_str_starts(first, KB_STR("sitemap"));
}

bool kb_site_has_page(const struct kb_library *lib, kb_str path)
{
	static const char *const root[] = {"", "404.html", "sitemap.xml", "robots.txt",
		"llms.txt", "_redirects", "redirects.map", NULL};
	kb_str key = trim_slashes(path), rest;

	if (is_among(key, root))
		return true;
	return split_locale(lib, key, &rest) != KB_NONE && locale_has_page(lib, rest);
}

void kb_target_document(const struct kb_library *lib, struct kb_document *doc,
	uint32_t locale, struct kb_target *out)
{
	struct kb_document *theirs =
		doc->family ? kb_family_find(lib, doc->family, locale) : NULL;

	out->kind = KB_TARGET_DOCUMENT;
	out->family = doc->family;
	out->doc = theirs ? theirs : doc;
}

/* Of the documents with an alias, the one nearest to the reader. */
static struct kb_document *alias_nearest(
	const struct kb_library *lib, const struct kb_alias *first, uint32_t locale)
{
	for (; locale != KB_NONE; locale = lib->config->locales[locale].fallback)
		for (const struct kb_alias *alias = first; alias; alias = alias->next)
			if (alias->doc->locale == locale)
				return alias->doc;
	return first ? first->doc : NULL;
}

static struct kb_document *alias_find(
	const struct kb_library *lib, kb_str key, uint32_t locale)
{
	return alias_nearest(lib, kb_map_get(&lib->index->aliases, key), locale);
}

/* Pages but for a locale's home page, which one links to by intent, are the reader's. */
static void page_target(const struct kb_library *lib, struct kb_arena *arena, kb_str key,
	uint32_t locale, struct kb_target *out)
{
	kb_str rest;

	out->kind = KB_TARGET_PAGE;
	out->page = key;
	if (split_locale(lib, key, &rest) != KB_NONE && rest.len)
		out->page = kb_arena_fmt(arena, "%.*s/%.*s",
			KB_ARG(lib->config->locales[locale].code), KB_ARG(rest));
	if ((out->page.len && kb_str_chr(kb_path_base(out->page), '.') == SIZE_MAX) ||
		(kb_str_starts(rest, KB_STR("topics/")) &&
			!kb_str_ends(rest, KB_STR("/feed.xml"))))
		out->page = kb_arena_fmt(arena, "%.*s/", KB_ARG(out->page));
}

enum { REDIRECTS_MAX = 8 };

static bool key_resolve(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, kb_str key, unsigned depth, struct kb_target *out);

static bool redirect_follow(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, const struct kb_redirect *redirect, unsigned depth,
	struct kb_target *out)
{
	kb_str to = redirect->to, id = to, own;
	struct kb_family *family;

	if (kb_str_starts(id, KB_STR("id:")))
		id = kb_str_sub(id, 3, id.len);
	family = kb_library_family(lib, kb_nfc(arena, id));
	if (family) {
		struct kb_document *doc = kb_family_find(lib, family, locale);

		for (uint32_t l = 0; !doc; l++)
			doc = family->by_locale[l];
		kb_target_document(lib, doc, locale, out);
		return true;
	}
	if (kb_url_is_own(lib, to, &own) || kb_str_starts(to, KB_STR("/")))
		return depth < REDIRECTS_MAX &&
		       key_resolve(lib, arena, locale, kb_site_path_key(lib, arena, to),
			       depth + 1, out);
	out->kind = KB_TARGET_EXTERNAL;
	out->url = to;
	return kb_str_starts(to, KB_STR("https://")) ||
	       kb_str_starts(to, KB_STR("http://"));
}

/* The address of an issue's page under the issue's id, when KEY has a former one. */
static bool former_topic(
	const struct kb_library *lib, struct kb_arena *arena, kb_str key, kb_str *now)
{
	static const kb_str topics = {"topics/", 7};
	const struct kb_issue *issue;
	kb_str rest, id;

	if (split_locale(lib, key, &rest) == KB_NONE || !kb_str_starts(rest, topics))
		return false;
	id = kb_str_sub(rest, topics.len, rest.len);
	issue = kb_taxonomy_find(lib->taxonomy, id);
	if (!issue || kb_str_eq(issue->id, id))
		return false;
	*now = kb_arena_fmt(arena, "%.*s%.*s",
		KB_ARG(kb_str_sub(key, 0, key.len - id.len)), KB_ARG(issue->id));
	return true;
}

/* Exactly this path: an address, an alias, a redirect, a page. */
static bool key_resolve(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, kb_str key, unsigned depth, struct kb_target *out)
{
	struct kb_document *doc = kb_map_get(&lib->index->addresses, key);
	const struct kb_redirect *redirect;

	if (doc) {
		kb_target_document(lib, doc, locale, out);
		return true;
	}
	doc = kb_site_has_page(lib, key) ? NULL : alias_find(lib, key, locale);
	if (doc) {
		kb_target_document(lib, doc, locale, out);
		out->by_alias = true;
		return true;
	}
	redirect = kb_map_get(&lib->index->redirects, key);
	if (redirect && redirect_follow(lib, arena, locale, redirect, depth, out)) {
		out->by_alias = true;
		return true;
	}
	if (former_topic(lib, arena, key, &key))
		out->by_alias = true;
	else if (!kb_site_has_page(lib, key))
		return false;
	page_target(lib, arena, key, locale, out);
	return true;
}

/* A page that another locale's address or alias stands for: fallbacks have pages too. */
static bool other_locale(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, kb_str key, struct kb_target *out)
{
	kb_str rest;
	uint32_t named = split_locale(lib, key, &rest);
	struct kb_document *doc = NULL;

	if (named == KB_NONE || rest.len == 0)
		return false;
	for (uint32_t l = named; l != KB_NONE && !doc;
		l = lib->config->locales[l].fallback)
		doc = kb_map_get(&lib->index->addresses,
			kb_arena_fmt(arena, "%.*s/%.*s",
				KB_ARG(lib->config->locales[l].code), KB_ARG(rest)));
	if (!doc)
		doc = kb_map_get(&lib->index->addresses,
			kb_arena_fmt(arena, "%.*s/%.*s",
				KB_ARG(lib->config->locales[locale].code), KB_ARG(rest)));
	if (!doc && (doc = alias_find(lib, rest, locale)))
		out->by_alias = true;
	if (doc)
		kb_target_document(lib, doc, locale, out);
	return doc != NULL;
}

/* What an alias or a redirect that ends in '*' covers. */
static bool covered(const struct kb_library *lib, struct kb_arena *arena, uint32_t locale,
	kb_str key, struct kb_target *out)
{
	const struct kb_library_index *index = lib->index;
	const struct kb_prefix *prefix = kb_prefixes_find(&index->alias_prefixes, key);

	if (prefix) {
		kb_target_document(
			lib, alias_nearest(lib, prefix->value, locale), locale, out);
	} else {
		prefix = kb_prefixes_find(&index->redirect_prefixes, key);
		if (!prefix ||
			!redirect_follow(lib, arena, locale, prefix->value, 0, out))
			return false;
	}
	out->by_alias = true;
	return true;
}

/* A path from the content root, as in a site that serves its files as they are. */
static bool root_file(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, kb_str key, struct kb_target *out)
{
	struct kb_document *doc = kb_library_by_path(lib, key);

	if (!doc) {
		key = kb_library_follow(lib, arena, key);
		doc = kb_library_by_path(lib, key);
	}
	if (doc) {
		kb_target_document(lib, doc, locale, out);
		return true;
	}
	out->entry = kb_library_entry(lib, key);
	if (!out->entry || kb_path_is_markdown(key)) {
		out->entry = NULL;
		return false;
	}
	out->kind = KB_TARGET_FILE;
	return true;
}

static bool without_base_path(const struct kb_library *lib, kb_str key, kb_str *rest)
{
	kb_str host = without_scheme(lib->config->base_url);
	size_t slash = kb_str_chr(host, '/');
	kb_str base =
		slash == SIZE_MAX ? KB_STR("") : kb_str_sub(host, slash + 1, host.len);

	if (base.len == 0 || !kb_str_starts(key, base) ||
		(key.len > base.len && key.data[base.len] != '/'))
		return false;
	*rest = trim_slashes(kb_str_sub(key, base.len, key.len));
	return true;
}

bool kb_site_resolve(const struct kb_library *lib, struct kb_arena *arena,
	uint32_t locale, kb_str path, struct kb_target *out)
{
	kb_str key = kb_site_path_key(lib, arena, path), rest;
	kb_str source = kb_site_source_key(lib, arena, path);

	return (!kb_str_eq(source, key) &&
		       key_resolve(lib, arena, locale, source, 0, out)) ||
	       key_resolve(lib, arena, locale, key, 0, out) ||
	       key_resolve(lib, arena, locale, kb_nfc(arena, key), 0, out) ||
	       (without_base_path(lib, key, &rest) &&
		       key_resolve(lib, arena, locale, rest, 0, out)) ||
	       other_locale(lib, arena, locale, key, out) ||
	       root_file(lib, arena, locale, key, out) ||
	       covered(lib, arena, locale, key, out);
}

void kb_redirect_resolve(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_redirect *redirect, struct kb_target *out)
{
	kb_str rest;
	uint32_t locale =
		split_locale(lib, kb_site_path_key(lib, arena, redirect->from), &rest);

	*out = (struct kb_target){0};
	if (!redirect_follow(
		    lib, arena, locale == KB_NONE ? 0 : locale, redirect, 0, out))
		*out = (struct kb_target){
			.kind = KB_TARGET_BROKEN, .fault = KB_FAULT_SITE};
}

/* Among the keys of MAP: one with the same last part in a folder of a like name, or one
 * of a like name in the same folder. */
static kb_str near_key(const kb_map *map, kb_str key)
{
	_cleanup_free_ kb_str *names = kb_xcalloc(map->len, sizeof(*names));
	_cleanup_free_ size_t *keys = kb_xcalloc(map->len, sizeof(*keys));
	kb_str dir = kb_path_dir(key), name = kb_path_base(key);
	const kb_str *near;
	size_t n = 0;

	for (int same_name = 1; same_name >= 0; same_name--, n = 0) {
		for (size_t i = 0; i < map->len; i++) {
			kb_str other = map->entries[i].key,
			       other_dir = kb_path_dir(other);
			bool is_near = same_name ? kb_str_eq(kb_path_base(other), name)
						 : kb_str_eq(other_dir, dir);

			if (!is_near)
				continue;
			keys[n] = i;
			names[n++] =
				same_name ? kb_path_base(other_dir) : kb_path_base(other);
		}
		near = kb_str_nearest(same_name ? kb_path_base(dir) : name, names, n);
		if (near)
			return map->entries[keys[near - names]].key;
		if (same_name && n == 1 && name.len > 8)
			return map->entries[keys[0]].key;
	}
	return KB_STR_NULL;
}

const struct kb_document *kb_site_begins(
	const struct kb_library *lib, struct kb_arena *arena, kb_str path, kb_str *source)
{
	kb_str key = kb_site_path_key(lib, arena, path);
	const struct kb_redirect *redirect = NULL;
	const struct kb_alias *alias = NULL;
	size_t end = key.len;

	while (end && !alias && !redirect) {
		while (end && key.data[end - 1] != '-' && key.data[end - 1] != '/')
			end--;
		if (!end || key.data[--end] == '/')
			return NULL;
		key.len = end;
		alias = kb_map_get(&lib->index->aliases, key);
		redirect = kb_map_get(&lib->index->redirects, key);
	}
	if (alias)
		*source = alias->doc->facts->aliases.items[alias->item];
	else if (redirect)
		*source = redirect->from;
	return alias ? alias->doc : NULL;
}

kb_str kb_site_nearest(const struct kb_library *lib, struct kb_arena *arena, kb_str path)
{
	kb_str key = kb_site_path_key(lib, arena, path);
	kb_str near = key.len ? near_key(&lib->index->addresses, key) : KB_STR_NULL;

	if (key.len && !near.len)
		near = near_key(&lib->index->aliases, key);
	return near.len ? kb_arena_fmt(arena, "/%.*s/", KB_ARG(near)) : near;
}
