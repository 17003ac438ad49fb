/* Findings that only follow from another one are left out: the cause is what to fix. */
#include "family.h"

static bool is_name(enum kb_rule rule)
{
	return rule == KB_RULE_PERSON_UNKNOWN || rule == KB_RULE_ISSUE_UNKNOWN;
}

static kb_str place_key(struct kb_arena *arena, const struct kb_diag *diag)
{
	return kb_arena_fmt(arena, "%u %u %.*s", diag->range.off, diag->range.len,
		KB_ARG(diag->path));
}

void kb_check_causes(struct kb_diags *diags)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_map names = {0};
	size_t n = 0;

	for (size_t i = 0; i < diags->len; i++) {
		const struct kb_diag *diag = &diags->items[i];

		if (is_name(diag->rule))
			kb_map_put(&names, place_key(arena, diag), arena);
	}
	for (size_t i = 0; i < diags->len; i++) {
		const struct kb_diag *diag = &diags->items[i];
		bool follows = diag->rule == KB_RULE_SCHEMA_VALUE && names.len &&
			       kb_map_has(&names, place_key(arena, diag));

		if (!follows)
			diags->items[n++] = *diag;
	}
	diags->len = n;
	kb_map_dispose(&names);
}
