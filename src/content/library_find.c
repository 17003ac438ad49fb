/* Looks documents, families and entries up in a library. */
#include "index.h"
#include "kb/file.h"
#include "kb/unicode.h"

kb_str kb_library_config_text(const struct kb_library *lib)
{
	return lib->index->config_text;
}

const struct kb_mount *kb_library_mount(
	const struct kb_library *lib, kb_str path, uint32_t *locale)
{
	return kb_mounts_match(lib->index->mounts, path, locale);
}

struct kb_document *kb_library_by_path(const struct kb_library *lib, kb_str path)
{
	return kb_map_get(&lib->index->by_path, path);
}

struct kb_family *kb_library_family(const struct kb_library *lib, kb_str id)
{
	return kb_map_get(&lib->index->families, id);
}

static int entry_cmp(const void *key, const void *item)
{
	return kb_str_cmp(*(const kb_str *)key, ((const struct kb_entry *)item)->path);
}

const struct kb_entry *kb_library_entry(const struct kb_library *lib, kb_str path)
{
	if (lib->nentries == 0)
		return NULL;
	return bsearch(
		&path, lib->entries, lib->nentries, sizeof(*lib->entries), entry_cmp);
}

/* Follows the first link in *PATH. Returns false when it has no link. */
static bool follow_once(
	const struct kb_library *lib, struct kb_arena *arena, kb_str *path)
{
	for (size_t end = 1; end <= path->len; end++) {
		const kb_str *to = end == path->len || path->data[end] == '/'
					   ? kb_map_get(&lib->index->links,
						     kb_str_sub(*path, 0, end))
					   : NULL;

		if (!to)
			continue;
		kb_path_join(arena, *to,
			kb_str_sub(*path, end + (end < path->len), path->len), path);
		return true;
	}
	return false;
}

enum { LINKS_MAX = 40 };

kb_str kb_library_follow(
	const struct kb_library *lib, struct kb_arena *arena, kb_str path)
{
	for (unsigned n = 0; lib->index->links.len && n < LINKS_MAX; n++)
		if (!follow_once(lib, arena, &path))
			break;
	return path;
}

struct kb_document *kb_family_find(
	const struct kb_library *lib, const struct kb_family *family, uint32_t locale)
{
	for (; locale != KB_NONE; locale = lib->config->locales[locale].fallback)
		if (family->by_locale[locale])
			return family->by_locale[locale];
	return NULL;
}

static bool family_is_for(
	const struct kb_library *lib, const struct kb_family *family, kb_str region)
{
	for (uint32_t l = 0; l < lib->config->nlocales; l++) {
		const struct kb_document *doc = family->by_locale[l];

		for (size_t i = 0; doc && i < doc->facts->regions.len; i++)
			if (kb_str_eq(doc->facts->regions.items[i], region))
				return true;
	}
	return false;
}

struct kb_family *kb_family_for_region(
	const struct kb_library *lib, struct kb_family *family, kb_str region)
{
	struct kb_family *general = family->general ? family->general : family;

	for (uint32_t i = 0; region.len && i < general->nvariants; i++)
		if (family_is_for(lib, general->variants[i], region))
			return general->variants[i];
	return general;
}

struct kb_document *kb_document_source(
	const struct kb_library *lib, const struct kb_document *doc)
{
	uint32_t locale = lib->config->locales[doc->locale].fallback;

	if (!doc->family || locale == KB_NONE)
		return NULL;
	return kb_family_find(lib, doc->family, locale);
}

struct kb_document *kb_library_snippet(
	const struct kb_library *lib, kb_str name, uint32_t locale)
{
	static const kb_str folder = {"snippets/", 9};
	_cleanup_arena_ struct kb_arena *scratch = NULL;
	struct kb_family *family;
	struct kb_document *doc;
	char id[256];

	name = kb_nfc_name(&scratch, name);
	family = kb_library_family(lib, name);
	doc = family ? kb_family_find(lib, family, locale) : NULL;
	if (doc && doc->facts->type == KB_SNIPPET)
		return doc;
	if (kb_str_starts(name, folder))
		name = kb_str_sub(name, folder.len, name.len);
	else if (name.len + folder.len > sizeof(id))
		return NULL;
	else {
		memcpy(id, folder.data, folder.len);
		memcpy(id + folder.len, name.data, name.len);
		name = (kb_str){id, name.len + folder.len};
	}
	family = kb_library_family(lib, name);
	doc = family ? kb_family_find(lib, family, locale) : NULL;
	return doc && doc->facts->type == KB_SNIPPET ? doc : NULL;
}
