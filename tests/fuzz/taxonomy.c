/* taxonomy.yaml. What is read is a tree: parents come before their children. */
#include "fuzz.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_config *config = fuzz_config();

	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	const struct kb_taxonomy *taxonomy;

	kb_diags_init(&diags, NULL);
	taxonomy =
		kb_taxonomy_parse(arena, config, input, KB_STR("taxonomy.yaml"), &diags);
	fuzz_findings(&diags, input);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];

		fuzz_range(issue->range, input);
		fuzz_range(issue->owner_range, input);
		must(issue->end > i && issue->end <= taxonomy->len, "its end is wrong");
		must(issue->parent == KB_NONE ||
				(issue->parent < i &&
					taxonomy->issues[issue->parent].end >=
						issue->end),
			"its parent does not hold it");
		must(issue->audience < config->naudiences, "its audience is unknown");
		must(kb_taxonomy_find(taxonomy, issue->id), "'%.*s' is not found",
			KB_ARG(issue->id));
	}
}
