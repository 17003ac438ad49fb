/* The {{variables}} of a line. */
#include "kb/library.h"

struct expansion {
	const struct kb_config *config;
	uint32_t locale;
};

static bool expand_variable(void *ctx, kb_str name, kb_str *value, bool *placeholder)
{
	const struct expansion *expansion = ctx;
	const struct kb_variable *variable = kb_config_variable(expansion->config, name);

	*placeholder = false;
	if (variable)
		*value = kb_l10n_get(
			expansion->config, &variable->value, expansion->locale);
	return variable != NULL;
}

kb_str kb_config_expand(const struct kb_config *config, struct kb_arena *arena,
	kb_str text, uint32_t locale)
{
	struct expansion expansion = {config, locale};
	const struct kb_md_hooks hooks = {.ctx = &expansion, .variable = expand_variable};
	_cleanup_buf_ kb_buf out = {0};

	if (kb_str_find(text, KB_STR("{{")) == SIZE_MAX)
		return text;
	kb_md_expand(text, &hooks, &out);
	return kb_arena_str(arena, kb_buf_view(&out));
}

kb_str kb_library_expand(const struct kb_library *lib, struct kb_arena *arena,
	kb_str text, uint32_t locale)
{
	return kb_config_expand(lib->config, arena, text, locale);
}
