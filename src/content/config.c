#include "kb/config.h"
#include "kb/unicode.h"

static const char *const type_names[KB_TYPE_COUNT] = {
	[KB_ARTICLE] = "article",
	[KB_WORKFLOW] = "workflow",
	[KB_REPLY] = "reply",
	[KB_REFERENCE] = "reference",
	[KB_SNIPPET] = "snippet",
};

const char *kb_type_name(enum kb_type type)
{
	return type_names[type];
}

int kb_type_parse(kb_str word, enum kb_type *out)
{
	for (int i = 0; i < KB_TYPE_COUNT; i++) {
		if (kb_str_is(word, type_names[i])) {
			*out = (enum kb_type)i;
			return 0;
		}
	}
	return -1;
}

/* Are they equal but for case, and for '_' instead of '-'? */
static bool code_matches(kb_str code, kb_str written)
{
	if (code.len != written.len)
		return false;
	for (size_t i = 0; i < code.len; i++) {
		char c = written.data[i] == '_' ? '-' : written.data[i];

		if (!kb_str_eq_nocase((kb_str){&c, 1}, kb_str_sub(code, i, i + 1)))
			return false;
	}
	return true;
}

uint32_t kb_config_locale(const struct kb_config *config, kb_str code)
{
	for (uint32_t i = 0; i < config->nlocales; i++)
		if (code_matches(config->locales[i].code, code))
			return i;
	return KB_NONE;
}

kb_str *kb_config_codes(const struct kb_config *config, struct kb_arena *arena)
{
	kb_str *codes = kb_arena_array(arena, kb_str, config->nlocales);

	for (uint32_t i = 0; i < config->nlocales; i++)
		codes[i] = config->locales[i].code;
	return codes;
}

uint32_t kb_config_audience(const struct kb_config *config, kb_str name)
{
	for (uint32_t i = 0; i < config->naudiences; i++)
		if (kb_str_eq(config->audiences[i], name))
			return i;
	return KB_NONE;
}

/* Compares a name with that of a variable. */
static int variable_cmp(const void *name, const void *variable)
{
	return kb_str_cmp(
		*(const kb_str *)name, ((const struct kb_variable *)variable)->name);
}

const struct kb_variable *kb_config_variable(const struct kb_config *config, kb_str name)
{
	_cleanup_arena_ struct kb_arena *scratch = NULL;

	if (config->nvariables == 0)
		return NULL;
	name = kb_nfc_name(&scratch, name);
	return bsearch(&name, config->variables, config->nvariables,
		sizeof(*config->variables), variable_cmp);
}

const struct kb_channel *kb_config_channel(const struct kb_config *config, kb_str id)
{
	for (uint32_t i = 0; i < config->nchannels; i++)
		if (kb_str_eq(config->channels[i].id, id))
			return &config->channels[i];
	return NULL;
}

/* The next byte that tells names apart, ASCII letters in lower case; -1 at the end. */
static int next_letter(kb_str name, size_t *at)
{
	while (*at < name.len) {
		unsigned char c = (unsigned char)name.data[(*at)++];

		if (c >= 'A' && c <= 'Z')
			return c | 0x20;
		if (c == 0 || !strchr(" \t-_.:", c))
			return c;
	}
	return -1;
}

/* "E-Mail", "e mail" and "email" are one name. */
static bool same_name(kb_str a, kb_str b)
{
	size_t i = 0, j = 0;
	int c;

	do {
		c = next_letter(a, &i);
		if (c != next_letter(b, &j))
			return false;
	} while (c >= 0);
	return true;
}

const struct kb_channel *kb_config_channel_named(
	const struct kb_config *config, kb_str name)
{
	for (uint32_t i = 0; i < config->nchannels; i++) {
		const struct kb_channel *channel = &config->channels[i];

		if (same_name(channel->id, name))
			return channel;
		for (uint32_t j = 0; j < channel->name.n; j++)
			if (same_name(channel->name.values[j].value, name))
				return channel;
	}
	return NULL;
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

bool kb_l10n_has(const struct kb_l10n *text, kb_str word)
{
	for (uint32_t i = 0; i < text->n; i++)
		if (kb_str_eq_nocase(text->values[i].value, word))
			return true;
	return false;
}
