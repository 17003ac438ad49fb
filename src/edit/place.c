/* Where new documents go. */
#include "kb/mount.h"
#include "new.h"

#define LOCALE "{locale}"

static kb_str with_locale(struct kb_arena *arena, kb_str path, kb_str code)
{
	_cleanup_buf_ kb_buf out = {0};
	size_t at;

	while ((at = kb_str_find(path, KB_STR(LOCALE))) != SIZE_MAX) {
		kb_buf_str(&out, kb_str_sub(path, 0, at));
		kb_buf_str(&out, code);
		path = kb_str_sub(path, at + strlen(LOCALE), path.len);
	}
	kb_buf_str(&out, path);
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* The texts before the pattern's first wildcard and after its last one. */
static void split_pattern(kb_str pattern, kb_str *before, kb_str *after)
{
	size_t first = 0, last = pattern.len;

	while (first < pattern.len && !strchr("*?[", pattern.data[first]))
		first++;
	while (last > first && !strchr("*?]", pattern.data[last - 1]))
		last--;
	*before = kb_str_sub(pattern, 0, first);
	*after = kb_str_sub(pattern, last, pattern.len);
}

/* Does the mount say where documents of the locale are? */
static bool serves(
	const struct kb_library *lib, const struct kb_mount *mount, uint32_t locale)
{
	return kb_str_find(mount->path, KB_STR(LOCALE)) != SIZE_MAX ||
	       kb_config_locale(lib->config, mount->locale) == locale;
}

const struct kb_mount *edit_place(const struct kb_library *lib, struct kb_arena *arena,
	enum kb_type type, uint32_t locale, kb_str name, kb_str *path)
{
	const struct kb_config *config = lib->config;
	struct kb_mounts *mounts = kb_mounts_new(arena, config);
	const struct kb_mount *found = NULL;

	for (uint32_t i = 0; i < config->nmounts && !found; i++) {
		kb_str before, after;
		uint32_t its_locale;

		if (!serves(lib, &config->mounts[i], locale))
			continue;
		split_pattern(with_locale(arena, config->mounts[i].path,
				      config->locales[locale].code),
			&before, &after);
		*path = kb_arena_fmt(arena, "%.*s%.*s%.*s", KB_ARG(before), KB_ARG(name),
			KB_ARG(after));
		found = kb_mounts_match(mounts, *path, &its_locale);
		if (found && (its_locale != locale ||
				     (found->has_type && found->type != type)))
			found = NULL;
	}
	kb_mounts_dispose(mounts);
	return found;
}

bool edit_name_of(const struct kb_library *lib, struct kb_arena *arena,
	const struct kb_document *doc, kb_str *name)
{
	kb_str before, after;
	kb_str code = lib->config->locales[doc->locale].code;

	split_pattern(with_locale(arena, doc->mount->path, code), &before, &after);
	if (!kb_str_starts(doc->path, before) || !kb_str_ends(doc->path, after) ||
		doc->path.len <= before.len + after.len)
		return false;
	*name = kb_str_sub(doc->path, before.len, doc->path.len - after.len);
	return true;
}

int edit_no_place(enum kb_type type, struct kb_error *err)
{
	return kb_error_set(err, KB_E_USAGE,
		"kb.yaml has no content folder for documents of type %s in that locale",
		kb_type_name(type));
}
