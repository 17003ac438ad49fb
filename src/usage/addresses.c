#include "addresses.h"

enum { FOUND_MAX = 1 << 15 };

struct address_place {
	const struct kb_document *doc; /* NULL: none */
	time_t until;		       /* 0: it is the page's address today */
};

void addresses_init(struct addresses *a, const struct kb_library *lib)
{
	*a = (struct addresses){.lib = lib, .arena = kb_arena_new()};
	for (uint32_t i = 0; i < lib->config->nredirects; i++)
		a->queries |= kb_str_chr(lib->config->redirects[i].from, '?') != SIZE_MAX;
	for (uint32_t d = 0; d < lib->ndocs; d++)
		for (size_t i = 0; i < lib->docs[d]->facts->aliases.len; i++)
			a->queries |= kb_str_chr(lib->docs[d]->facts->aliases.items[i],
					      '?') != SIZE_MAX;
}

void addresses_dispose(struct addresses *a)
{
	kb_history_free(a->history);
	if (a->mounts)
		kb_mounts_dispose(a->mounts);
	kb_map_dispose(&a->found);
	kb_map_dispose(&a->former);
	kb_arena_free(a->arena);
}

/* What a partial clone lacks is left out: its pages count at the addresses that they have
 * now. */
static void stop(struct addresses *a, const struct kb_error *err)
{
	if (err->code != KB_E_OBJECT && !a->stopped.code)
		a->stopped = *err;
}

static const struct kb_history *history_of(struct addresses *a)
{
	struct kb_error err;

	if (!a->history && !a->stopped.code && !kb_source_git_fault(a->lib->source).len &&
		kb_history_load(&a->history, a->lib->source, &err))
		stop(a, &err);
	return a->history;
}

static bool read_blob(
	struct addresses *a, const struct kb_history_version *version, kb_buf *bytes)
{
	struct kb_error err;

	if (!version->blob[0])
		return false;
	if (!kb_history_blob(a->history, kb_str_of(version->blob), bytes, &err))
		return true;
	stop(a, &err);
	return false;
}

/* When a file first had TEXT in it; 0: it is not known. */
static time_t first_time(struct addresses *a, kb_str path, kb_str text)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	const struct kb_history *history = history_of(a);
	struct kb_history_version *versions;
	time_t first = 0;
	size_t n = history ? kb_history_versions(history, scratch, path, &versions) : 0;

	for (size_t i = 0; i < n; i++) {
		_cleanup_buf_ kb_buf bytes = {0};

		if (versions[i].kind == KB_VERSION_UNKNOWN)
			return 0;
		if (!read_blob(a, &versions[i], &bytes) ||
			kb_str_find(kb_buf_view(&bytes), text) == SIZE_MAX)
			break;
		first = versions[i].commit.committed;
	}
	return first;
}

/* Does an alias or a redirect that is written as FROM begin at KEY? */
static bool begins_at(const struct addresses *a, struct kb_arena *scratch, kb_str from,
	kb_str key, kb_str source)
{
	kb_str text, own = kb_site_source_key(a->lib, scratch, from);

	if (kb_str_eq(own, key) || kb_str_eq(own, source))
		return true;
	return kb_site_is_prefix(own, &text) && kb_str_starts(key, text);
}

/* When the redirect was made through which TARGET leads to DOC; 0: it is not known. */
static time_t redirected_since(
	struct addresses *a, const struct kb_document *doc, kb_str target)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	const struct kb_config *config = a->lib->config;
	kb_str key = kb_site_path_key(a->lib, scratch, target);
	kb_str source = kb_site_source_key(a->lib, scratch, target);

	for (uint32_t l = 0; l < config->nlocales; l++) {
		const struct kb_document *other = doc->family->by_locale[l];

		for (size_t i = 0; other && i < other->facts->aliases.len; i++)
			if (begins_at(a, scratch, other->facts->aliases.items[i], key,
				    source))
				return first_time(
					a, other->path, other->facts->aliases.items[i]);
	}
	for (uint32_t i = 0; i < config->nredirects; i++)
		if (begins_at(a, scratch, config->redirects[i].from, key, source))
			return first_time(a, config->path, config->redirects[i].from);
	return 0;
}

/* The key of the page that a version of a document had. */
static kb_str version_key(struct addresses *a, const struct kb_document *doc,
	const struct kb_history_version *version, struct kb_arena *scratch)
{
	_cleanup_buf_ kb_buf bytes = {0};
	struct kb_diags diags;
	uint32_t locale = doc->locale, off;
	kb_str body;
	enum kb_type type;

	if (!a->mounts)
		a->mounts = kb_mounts_new(a->arena, a->lib->config);
	const struct kb_mount *mount = kb_mounts_match(a->mounts, version->path, &locale);
	if (!mount || locale == KB_NONE || !read_blob(a, version, &bytes))
		return KB_STR("");
	kb_diags_init(&diags, NULL);
	const struct kb_node *front = kb_front_matter_parse(
		scratch, kb_buf_view(&bytes), version->path, &body, &off, &diags);
	kb_diags_dispose(&diags);
	if (kb_type_parse(kb_node_str(kb_node_get(front, "type")), &type))
		type = mount->has_type ? mount->type : doc->facts->type;
	kb_str code = a->lib->config->locales[locale].code;
	kb_str address = kb_address_of(scratch, mount, version->path, code, type,
		kb_node_str(kb_node_get(front, "slug")));
	if (!address.len)
		return address;
	return kb_site_path_key(a->lib, a->arena,
		kb_arena_fmt(a->arena, "/%.*s/%.*s", KB_ARG(code), KB_ARG(address)));
}

static kb_str page_key(
	const struct addresses *a, const struct kb_document *doc, struct kb_arena *arena)
{
	return kb_site_path_key(a->lib, arena,
		kb_arena_fmt(arena, "/%.*s/%.*s",
			KB_ARG(a->lib->config->locales[doc->locale].code),
			KB_ARG(doc->address)));
}

static void read_former(struct addresses *a, const struct kb_document *doc)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	struct kb_history_version *versions;
	size_t n = kb_history_versions(a->history, scratch, doc->path, &versions);
	kb_str now = page_key(a, doc, scratch);

	for (size_t i = 1; i < n; i++) {
		kb_str key = version_key(a, doc, &versions[i], scratch);
		const struct address_place *known =
			key.len ? kb_map_get(&a->former, key) : NULL;
		time_t until = versions[i - 1].commit.committed;

		if (!key.len || kb_str_eq(key, now) || (known && known->until >= until))
			continue;
		struct address_place *place =
			kb_arena_new_of(a->arena, struct address_place);
		*place = (struct address_place){doc, until};
		kb_map_put(&a->former, key, place);
	}
}

/* Reads the addresses that documents had. {0} in FORMER says that it was not done yet. */
static const struct address_place *find_former(struct addresses *a, kb_str target)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();

	if (!a->former.len && history_of(a)) {
		for (uint32_t d = 0; d < a->lib->ndocs; d++)
			if (!a->lib->docs[d]->facts->broken &&
				a->lib->docs[d]->address.len)
				read_former(a, a->lib->docs[d]);
		kb_map_put(&a->former, KB_STR(""), NULL);
	}
	return kb_map_get(&a->former, kb_site_path_key(a->lib, scratch, target));
}

/* The locale that a path begins with, below the site's own folder. OTHER is set when it
 * is written in another way. */
static uint32_t locale_of(const struct addresses *a, kb_str path, bool *other)
{
	kb_str base = a->lib->config->base_url, first;
	size_t at = kb_str_find(base, KB_STR("://"));
	size_t slash = at == SIZE_MAX
			       ? SIZE_MAX
			       : kb_str_chr(kb_str_sub(base, at + 3, base.len), '/');
	uint32_t locale;

	if (slash != SIZE_MAX) {
		kb_str folder = kb_str_sub(base, at + 3 + slash, base.len);

		if (kb_str_starts(path, folder))
			path = kb_str_sub(path, folder.len, path.len);
	}
	path = kb_str_sub(path, path.len && *path.data == '/', path.len);
	first = kb_str_sub(path, 0, kb_str_chr(path, '/'));
	locale = kb_config_locale(a->lib->config, first);
	/* Servers tell letter case apart, so nobody has seen a page at "/EN/". */
	if (locale != KB_NONE && !kb_str_eq(first, a->lib->config->locales[locale].code))
		*other = true;
	return locale;
}

/* Only pages of documents have such a path; others need no look at the history. */
static bool may_be_former(kb_str path)
{
	static const char *const folders[] = {
		"/articles/", "/workflows/", "/replies/", "/reference/"};

	for (size_t i = 0; i < KB_LEN(folders); i++)
		if (kb_str_find(path, kb_str_of(folders[i])) != SIZE_MAX)
			return true;
	return false;
}

static struct address_place find_place(struct addresses *a, kb_str target)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	bool other = false;
	uint32_t locale = locale_of(a, target, &other);
	struct kb_target found = {0};
	const struct address_place *former;

	if (other)
		return (struct address_place){0};
	if (kb_site_resolve(
		    a->lib, scratch, locale == KB_NONE ? 0 : locale, target, &found) &&
		found.kind == KB_TARGET_DOCUMENT && found.doc && found.doc->family) {
		const struct kb_document *doc = found.doc;

		if (!found.by_alias)
			return (struct address_place){doc, 0};
		time_t since = redirected_since(a, doc, target);
		return (struct address_place){since ? doc : NULL, since};
	}
	former = locale != KB_NONE && may_be_former(target) ? find_former(a, target)
							    : NULL;
	return former ? *former : (struct address_place){0};
}

const struct kb_document *addresses_find(struct addresses *a, kb_str target, time_t time)
{
	struct address_place *place, once;

	if (!a->queries)
		target = kb_str_sub(target, 0, kb_str_chr(target, '?'));
	place = kb_map_get(&a->found, target);
	if (!place) {
		once = find_place(a, target);
		place = &once;
		if (a->found.len < FOUND_MAX)
			kb_map_put(&a->found, kb_arena_str(a->arena, target),
				kb_arena_copy(a->arena, &once, sizeof(once)));
	}
	return place->until && time >= place->until ? NULL : place->doc;
}

struct listing {
	struct addresses *addresses;
	void (*each)(void *ctx, kb_str key, const struct kb_document *doc, time_t until);
	void *ctx;
	kb_map seen;
};

static void list_key(struct listing *l, kb_str key)
{
	struct address_place place;

	if (!key.len || kb_map_has(&l->seen, key))
		return;
	kb_map_put(&l->seen, kb_arena_str(l->addresses->arena, key), l);
	place = find_place(
		l->addresses, kb_arena_fmt(l->addresses->arena, "/%.*s", KB_ARG(key)));
	if (place.doc)
		l->each(l->ctx, key, place.doc, place.until);
}

/* The same page in each locale that shows it. */
static void list_pages(struct listing *l, const struct kb_document *doc)
{
	struct addresses *a = l->addresses;

	for (uint32_t i = 0; i < a->lib->config->nlocales; i++)
		list_key(l, kb_site_path_key(a->lib, a->arena,
				    kb_arena_fmt(a->arena, "/%.*s/%.*s",
					    KB_ARG(a->lib->config->locales[i].code),
					    KB_ARG(doc->address))));
}

void addresses_list(struct addresses *a,
	void (*each)(void *ctx, kb_str key, const struct kb_document *doc, time_t until),
	void *ctx)
{
	struct listing l = {a, each, ctx, {0}};
	const struct kb_config *config = a->lib->config;
	kb_str text;

	for (uint32_t d = 0; d < a->lib->ndocs; d++) {
		const struct kb_document *doc = a->lib->docs[d];

		if (doc->facts->broken || !doc->address.len)
			continue;
		list_pages(&l, doc);
		for (size_t i = 0; i < doc->facts->aliases.len; i++) {
			kb_str key = kb_site_path_key(
				a->lib, a->arena, doc->facts->aliases.items[i]);

			if (!kb_site_is_prefix(key, &text))
				list_key(&l, key);
		}
	}
	for (uint32_t i = 0; i < config->nredirects; i++) {
		kb_str key =
			kb_site_path_key(a->lib, a->arena, config->redirects[i].from);

		if (!kb_site_is_prefix(key, &text))
			list_key(&l, key);
	}
	find_former(a, KB_STR("/"));
	for (size_t i = 0; i < a->former.len; i++)
		list_key(&l, a->former.entries[i].key);
	kb_map_dispose(&l.seen);
}
