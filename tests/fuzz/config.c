/* kb.yaml. A configuration that is given back is one that everything can work under. */
#include "fuzz.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	const struct kb_config *config;

	kb_diags_init(&diags, NULL);
	config = kb_config_parse(arena, input, KB_STR("kb.yaml"), &diags);
	fuzz_findings(&diags, input);
	if (!config) {
		must(kb_diags_count(&diags, KB_ERROR), "it is refused without a reason");
		return;
	}
	must(config->nlocales && config->naudiences && config->nmounts,
		"a configuration without a locale, an audience or a mount");
	for (uint32_t i = 0; i < config->nlocales; i++) {
		uint32_t hops = 0;

		for (uint32_t at = i; at != KB_NONE; at = config->locales[at].fallback)
			must(at < config->nlocales && hops++ <= config->nlocales,
				"fallbacks go round in circles");
		kb_l10n_get(config, &config->name, i);
	}
	for (uint32_t i = 0; i < config->nredirects; i++)
		fuzz_range(config->redirects[i].range, input);
}
