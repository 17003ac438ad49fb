/* Reads values that are one string for all locales, or one for each. */
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

static struct kb_l10n l10n_parse(const struct kb_config *config, struct kb_arena *arena,
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

struct kb_l10n kb_reading_l10n(struct kb_reading *reading, const struct kb_config *config,
	const struct kb_node *node)
{
	size_t before = reading->diags->len;
	struct kb_l10n text =
		l10n_parse(config, reading->arena, node, reading->path, reading->diags);

	reading->faults += (unsigned)(reading->diags->len - before);
	return text;
}
