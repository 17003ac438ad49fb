/* Values that are one string for all, or one a locale. */
#include "content.h"

static bool locale_of_key(
	const struct kb_config *config, const struct kb_node *key, kb_str *code)
{
	uint32_t locale = kb_config_locale(config, kb_node_str(key));

	if (locale == KB_NONE)
		return false;
	*code = config->locales[locale].code;
	return true;
}

static struct kb_l10n l10n_of(struct kb_arena *arena, uint32_t n)
{
	struct kb_l10n text = {.n = n};

	text.values = kb_arena_array(arena, struct kb_l10n_value, n);
	return text;
}

static void complain(const struct kb_config *config, struct kb_arena *arena,
	const struct kb_node *node, kb_str path, struct kb_diags *diags,
	const char *problem)
{
	struct kb_reading reading = {.arena = arena, .path = path, .diags = diags};
	struct kb_diag *diag = kb_reading_fault(
		&reading, node, "'%.*s' %s", KB_ARG(kb_node_str(node)), problem);

	kb_reading_nearest(&reading, diag, kb_node_str(node),
		kb_config_codes(config, arena), config->nlocales);
}

struct kb_l10n kb_l10n_parse(const struct kb_config *config, struct kb_arena *arena,
	const struct kb_node *node, kb_str path, struct kb_diags *diags)
{
	struct kb_l10n text = {0};

	if (!node || kb_node_is_null(node) || node->kind == KB_NODE_SEQ)
		return text;
	if (node->kind == KB_NODE_SCALAR) {
		text = l10n_of(arena, 1);
		text.values[0].value = node->value;
		return text;
	}
	text = l10n_of(arena, node->len);
	text.n = 0;
	for (uint32_t i = 0; i < node->len; i++) {
		const struct kb_pair *pair = &node->pairs[i];
		kb_str code;

		if (!locale_of_key(config, pair->key, &code)) {
			complain(config, arena, pair->key, path, diags,
				"is not a locale of kb.yaml");
			continue;
		}
		if (pair->value->kind != KB_NODE_SCALAR)
			complain(config, arena, pair->key, path, diags, "needs a text");
		else
			text.values[text.n++] =
				(struct kb_l10n_value){code, pair->value->value};
	}
	return text;
}

static const struct kb_l10n_value *value_for(const struct kb_l10n *text, kb_str code)
{
	for (uint32_t i = 0; i < text->n; i++)
		if (text->values[i].locale.len == 0 ||
			kb_str_eq(text->values[i].locale, code))
			return &text->values[i];
	return NULL;
}

bool kb_l10n_exact(const struct kb_config *config, const struct kb_l10n *text,
	uint32_t locale, kb_str *out)
{
	const struct kb_l10n_value *value = value_for(text, config->locales[locale].code);

	if (!value)
		return false;
	*out = value->value;
	return true;
}

kb_str kb_l10n_get(
	const struct kb_config *config, const struct kb_l10n *text, uint32_t locale)
{
	kb_str value;

	if (text->n == 0)
		return KB_STR_NULL;
	for (; locale != KB_NONE; locale = config->locales[locale].fallback)
		if (kb_l10n_exact(config, text, locale, &value))
			return value;
	return text->values[0].value;
}
