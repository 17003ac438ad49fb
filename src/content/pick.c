#include "kb/pick.h"

#include "kb/coverage.h"
#include "kb/unicode.h"

/* As people write it after POSIX: "de_AT". */
static kb_str with_dashes(struct kb_arena *arena, kb_str word)
{
	char *copy = kb_arena_copy(arena, word.data, word.len);

	for (size_t i = 0; i < word.len; i++)
		if (copy[i] == '_')
			copy[i] = '-';
	return (kb_str){copy, word.len};
}

/* "at" in "de-AT", "de" in "de-DE" */
static bool is_part_of(kb_str word, kb_str code)
{
	kb_str part;

	while (kb_str_next(&code, '-', &part))
		if (kb_str_eq_nocase(part, word))
			return true;
	return false;
}

int kb_locale_unknown(const struct kb_config *config, kb_str word, struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};
	kb_strs codes = {0};
	const kb_str *near = NULL;

	for (uint32_t i = 0; i < config->nlocales; i++) {
		kb_str code = config->locales[i].code;

		kb_buf_fmt(&list, "%s%.*s", i ? ", " : "", KB_ARG(code));
		kb_vec_push(&codes, code);
	}
	for (size_t i = 0; i < codes.len && !near; i++)
		if (is_part_of(word, codes.items[i]))
			near = &codes.items[i];
	kb_error_set(err, KB_E_USAGE, "kb.yaml has no locale '%.*s', only %s%s%.*s%s",
		KB_ARG(word), list.data, near ? ": did you mean '" : "",
		KB_ARG(near ? *near : KB_STR("")), near ? "'?" : "");
	kb_vec_dispose(&codes);
	return -1;
}

int kb_pick_locale(const struct kb_library *lib, const char *tag, uint32_t *out,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str canonical = KB_STR("");
	uint32_t found = 0;

	if (tag && !kb_locale_canonical(
			   arena, with_dashes(arena, kb_str_of(tag)), &canonical))
		return kb_error_set(err, KB_E_USAGE,
			"'%s' is not a locale: write it like 'de' or 'de-AT'", tag);
	for (kb_str at = canonical; tag && at.len; at = kb_locale_parent(at)) {
		found = kb_config_locale(lib->config, at);
		if (found != KB_NONE)
			break;
	}
	if (found == KB_NONE)
		return kb_locale_unknown(lib->config, kb_str_of(tag), err);
	*out = found;
	return 0;
}

bool kb_pick_stands_in(const struct kb_library *lib, struct kb_arena *arena,
	const char *tag, kb_str *asked, kb_str *picked)
{
	uint32_t found = 0;

	if (!tag || kb_pick_locale(lib, tag, &found, NULL) ||
		!kb_locale_canonical(arena, with_dashes(arena, kb_str_of(tag)), asked))
		return false;
	*picked = lib->config->locales[found].code;
	return !kb_str_eq(*picked, *asked);
}

kb_str kb_reads_like_text(
	const struct kb_library *lib, struct kb_arena *arena, uint32_t locale)
{
	kb_str code = lib->config->locales[locale].code, rest = code, language;

	kb_str_next(&rest, '-', &language);
	language = kb_locale_name_in(arena, KB_STR("en"), language);
	return kb_arena_fmt(
		arena, "like %.*s: try --locale %.*s", KB_ARG(language), KB_ARG(code));
}

static bool has_name(const struct kb_named *named, kb_str word)
{
	for (uint32_t i = 0; i < named->name.n; i++)
		if (kb_str_eq_nocase(named->name.values[i].value, word))
			return true;
	return kb_str_eq_nocase(named->id, word);
}

/* The region that a tag names, as kb.yaml writes it: "AT" of "de-at". */
static kb_str own_region(
	struct kb_arena *arena, const struct kb_config *config, kb_str tag)
{
	kb_str rest = with_dashes(arena, tag), part;

	kb_str_next(&rest, '-', &part); /* the language */
	while (kb_str_next(&rest, '-', &part))
		for (uint32_t i = 0; i < config->nregions; i++)
			if (kb_str_eq_nocase(config->regions[i].id, part))
				return config->regions[i].id;
	return KB_STR("");
}

static int region_unknown(
	const struct kb_config *config, const char *region, struct kb_error *err)
{
	_cleanup_buf_ kb_buf list = {0};

	for (uint32_t i = 0; i < config->nregions; i++)
		kb_buf_fmt(&list, "%s%.*s (%.*s)", i ? ", " : "",
			KB_ARG(config->regions[i].id),
			KB_ARG(kb_l10n_get(config, &config->regions[i].name, 0)));
	return kb_error_set(err, KB_E_USAGE, "kb.yaml has no region '%s'%s%s", region,
		list.len ? ", only " : ", and no other regions",
		list.len ? list.data : "");
}

int kb_pick_region(const struct kb_library *lib, const char *region, const char *locale,
	kb_str *out, struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct kb_config *config = lib->config;

	if (!region) {
		*out = own_region(arena, config, kb_str_of(locale));
		return 0;
	}
	for (uint32_t i = 0; i < config->nregions; i++)
		if (has_name(&config->regions[i], kb_str_of(region))) {
			*out = config->regions[i].id;
			return 0;
		}
	return region_unknown(config, region, err);
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

int kb_pick_type(kb_str word, enum kb_type *out, struct kb_error *err)
{
	return kb_type_parse(word, out)
		       ? kb_error_set(err, KB_E_USAGE,
				 "there is no type '%.*s': choose one of article, "
				 "workflow, reply, reference and snippet",
				 KB_ARG(word))
		       : 0;
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
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	bool trusted = kb_audience_trusted(lib->config, audience);
	const bool *shown = kb_issues_shown(lib, audience, arena);
	kb_strs ids = {0};

	if (found && (trusted || shown[kb_taxonomy_index(taxonomy, found)])) {
		*out = found;
		return 0;
	}
	for (uint32_t i = 0; i < taxonomy->len; i++)
		if (trusted || shown[i])
			kb_vec_push(&ids, taxonomy->issues[i].id);
	kb_error_unknown(err, "issue", id, ids.items, ids.len,
		kb_arena_fmt(arena, " in %.*s", KB_ARG(taxonomy->path)));
	kb_vec_dispose(&ids);
	return -1;
}

int kb_pick_issue(const struct kb_library *lib, kb_str id, const struct kb_issue **out,
	struct kb_error *err)
{
	return kb_pick_issue_for(lib, id, lib->config->naudiences, out, err);
}

int kb_pick_person(const struct kb_library *lib, kb_str id, struct kb_error *err)
{
	const struct kb_people *people = lib->people;
	_cleanup_buf_ kb_buf others = {0};
	kb_strs ids = {0};

	if (kb_people_find(people, id))
		return 0;
	kb_buf_fmt(&others, " in %.*s%s", KB_ARG(people->path),
		people->len ? ", which has " : "");
	for (uint32_t i = 0; i < people->len; i++) {
		kb_vec_push(&ids, people->items[i].id);
		kb_buf_fmt(&others, "%s%.*s", i ? ", " : "", KB_ARG(people->items[i].id));
	}
	kb_error_unknown(
		err, "person or team", id, ids.items, ids.len, kb_buf_view(&others));
	kb_vec_dispose(&ids);
	return -1;
}
