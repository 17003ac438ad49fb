#include "pick.h"

#include "kb/unicode.h"

int kb_pick_locale(const struct kb_library *lib, const char *tag, uint32_t *out,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str canonical = KB_STR("");
	uint32_t found = 0;
	if (tag && !kb_locale_canonical(arena, kb_str_of(tag), &canonical))
		return kb_error_set(err, KB_E_USAGE,
			"'%s' is no locale: write it as in 'de' or 'de-AT'", tag);
	for (kb_str at = canonical; tag && at.len; at = kb_locale_parent(at)) {
		found = kb_config_locale(lib->config, at);
		if (found != KB_NONE)
			break;
	}
	if (found == KB_NONE)
		return kb_error_set(err, KB_E_USAGE,
			"kb.yaml has no locale '%s', nor its language", tag);
	*out = found;
	return 0;
}

void kb_note_locale(
	const struct kb_cli *cli, const struct kb_library *lib, const char *tag)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str asked;
	uint32_t found;
	if (!tag || cli->quiet || kb_pick_locale(lib, tag, &found, NULL) ||
		!kb_locale_canonical(arena, kb_str_of(tag), &asked))
		return;
	kb_str code = lib->config->locales[found].code;
	if (!kb_str_eq(code, asked))
		kb_complain("kb.yaml has no locale '%.*s': '%.*s' stands in for it",
			KB_ARG(asked), KB_ARG(code));
}

static bool has_region(const struct kb_config *config, kb_str code)
{
	for (uint32_t i = 0; i < config->nregions; i++)
		if (kb_str_eq(config->regions[i].id, code))
			return true;
	return false;
}

/* The region that a tag names, as kb.yaml writes it: "AT" of "de-at". */
static kb_str own_region(const struct kb_config *config, kb_str tag)
{
	kb_str part;
	kb_str_next(&tag, '-', &part); /* the language */
	while (kb_str_next(&tag, '-', &part))
		for (uint32_t i = 0; i < config->nregions; i++)
			if (kb_str_eq_nocase(config->regions[i].id, part))
				return config->regions[i].id;
	return KB_STR("");
}

int kb_pick_region(const struct kb_library *lib, const char *region, const char *locale,
	kb_str *out, struct kb_error *err)
{
	kb_str own = own_region(lib->config, kb_str_of(locale));
	if (region && !has_region(lib->config, kb_str_of(region)))
		return kb_error_set(
			err, KB_E_USAGE, "kb.yaml has no region '%s'", region);
	*out = region ? kb_str_of(region) : own;
	return 0;
}

int kb_pick_channel(const struct kb_library *lib, const char *name,
	const struct kb_channel **out, struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};
	if (!name)
		return 0;
	const struct kb_channel *found =
		kb_config_channel_named(lib->config, kb_str_of(name));
	for (uint32_t i = 0; i < lib->config->nchannels; i++)
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "",
			KB_ARG(lib->config->channels[i].id));
	if (!found)
		return kb_error_set(err, KB_E_USAGE,
			"there is no channel '%s': kb.yaml has %s", name, list.data);
	*out = found;
	return 0;
}

int kb_pick_audience(const struct kb_library *lib, const char *name, unsigned *out,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};
	uint32_t found = lib->config->naudiences - 1;
	if (name)
		found = kb_config_audience(lib->config, kb_str_of(name));
	for (uint32_t i = 0; i < lib->config->naudiences; i++)
		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "",
			KB_ARG(lib->config->audiences[i]));
	if (found == KB_NONE)
		return kb_error_set(err, KB_E_USAGE,
			"there is no audience '%s': kb.yaml has %s", name, list.data);
	*out = found;
	return 0;
}

int kb_pick_issue_for(const struct kb_library *lib, kb_str id, unsigned audience,
	const struct kb_issue **out, struct kb_error *err)
{
	const struct kb_taxonomy *taxonomy = lib->taxonomy;
	const struct kb_issue *found = kb_taxonomy_find(taxonomy, id);
	kb_strs ids = {0};
	if (found && found->audience <= audience) {
		*out = found;
		return 0;
	}
	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (taxonomy->issues[i].audience <= audience)
			kb_vec_push(&ids, taxonomy->issues[i].id);
	const kb_str *near = kb_str_nearest(id, ids.items, ids.len);
	kb_error_set(err, KB_E_NOTFOUND, "there is no issue '%.*s'%s%.*s%s", KB_ARG(id),
		near ? ": did you mean '" : "", KB_ARG(near ? *near : KB_STR("")),
		near ? "'?" : "");
	kb_vec_dispose(&ids);
	return -1;
}

int kb_pick_issue(const struct kb_library *lib, kb_str id, const struct kb_issue **out,
	struct kb_error *err)
{
	return kb_pick_issue_for(lib, id, KB_NONE, out, err);
}
