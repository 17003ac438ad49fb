#include "site.h"

#include "kb/embed.h"
#include "kb/unicode.h"

/*
 * A locale's strings are those of its own file, else of the language's without its
 * region, else of its fallbacks, else English; in each, the repository's own file comes
 * before the built-in one, and in both, for locales that address readers informally,
 * the section `informal` before the rest.
 */

enum { CHAIN_MAX = 32 };

struct chain {
	kb_str codes[CHAIN_MAX];
	size_t len;
};

static void chain_add(struct chain *chain, kb_str code)
{
	for (; code.len && chain->len < CHAIN_MAX; code = kb_locale_parent(code)) {
		size_t i = 0;

		while (i < chain->len && !kb_str_eq(chain->codes[i], code))
			i++;
		if (i == chain->len)
			chain->codes[chain->len++] = code;
	}
}

static bool string_known(kb_str key)
{
	kb_str english;
	size_t at = 0;

	if (kb_str_is(key, "informal"))
		return true;
	if (!kb_embed_get(KB_STR("theme/strings/en.yaml"), &english))
		return false;
	for (kb_str line; kb_str_next(&english, '\n', &line);) {
		at = kb_str_chr(line, ':');
		if (at != SIZE_MAX && kb_str_eq(kb_str_sub(line, 0, at), key))
			return true;
	}
	return false;
}

static void take(struct site *site, struct site_locale *locale, const struct kb_node *map,
	kb_str own_path)
{
	for (uint32_t i = 0; map && map->kind == KB_NODE_MAP && i < map->len; i++) {
		const struct kb_pair *pair = &map->pairs[i];
		kb_str *value;

		if (own_path.len && !string_known(kb_node_str(pair->key)))
			kb_diag_add(site->diags, KB_RULE_CONFIG_UNKNOWN_KEY, own_path,
				pair->key->range, "the interface has no string '%.*s'",
				KB_ARG(kb_node_str(pair->key)));
		if (pair->value->kind != KB_NODE_SCALAR)
			continue;
		value = kb_arena_new_of(site->arena, kb_str);
		*value = kb_node_str(pair->value);
		kb_map_put(&locale->strings, kb_node_str(pair->key), value);
	}
}

static int take_text(struct site *site, struct site_locale *locale, kb_str text,
	kb_str path, bool own, struct kb_error *err)
{
	struct kb_node *root = kb_yaml_parse(site->arena, text, 0, path, site->diags);
	const struct kb_node *informal;

	if (!root)
		return kb_error_set(
			err, KB_E_CONFIG, "%.*s cannot be read", KB_ARG(path));
	take(site, locale, root, own ? path : KB_STR(""));
	informal = kb_node_get(root, "informal");
	if (informal && site->config->locales[locale->index].informal)
		take(site, locale, informal, own ? path : KB_STR(""));
	return 0;
}

static int take_language(struct site *site, struct site_locale *locale, kb_str code,
	struct kb_reader *reader, struct kb_error *err)
{
	kb_str path = kb_arena_fmt(site->arena, "theme/strings/%.*s.yaml", KB_ARG(code)),
	       text;
	_cleanup_buf_ kb_buf buf = {0};

	if (kb_embed_get(path, &text) &&
		take_text(site, locale, text, path, false, err) < 0)
		return -1;
	if (!kb_library_entry(site->lib, path))
		return 0;
	if (kb_reader_read(reader, path, 0, &buf, err) < 0)
		return -1;
	return take_text(site, locale, kb_arena_str(site->arena, kb_buf_view(&buf)), path,
		true, err);
}

int strings_load(struct site *site, struct site_locale *locale, struct kb_reader *reader,
	struct kb_error *err)
{
	struct chain chain = {0};
	uint32_t at = locale->index;

	for (uint32_t i = 0; at != KB_NONE && i <= site->config->nlocales; i++) {
		chain_add(&chain, site->config->locales[at].code);
		at = site->config->locales[at].fallback;
	}
	chain_add(&chain, KB_STR("en"));
	while (chain.len)
		if (take_language(site, locale, chain.codes[--chain.len], reader, err) <
			0)
			return -1;
	return 0;
}

kb_str string_of(const struct site_locale *locale, const char *key)
{
	const kb_str *value = kb_map_get(&locale->strings, kb_str_of(key));

	return value ? *value : KB_STR("");
}
