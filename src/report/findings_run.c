#include "findings.h"

kb_str findings_path(const struct findings_run *run, kb_str path)
{
	kb_str prefix = run->findings->prefix;

	return prefix.len ? kb_arena_fmt(
				    run->arena, "%.*s/%.*s", KB_ARG(prefix), KB_ARG(path))
			  : path;
}

kb_str findings_message(const struct findings_run *run, const struct kb_diag *diag)
{
	if (!diag->hint.len)
		return diag->message;
	return kb_arena_fmt(
		run->arena, "%.*s; %.*s", KB_ARG(diag->message), KB_ARG(diag->hint));
}

kb_str findings_rule(const struct kb_diag *diag)
{
	return kb_str_of(kb_rule_info(diag->rule)->id);
}

bool findings_has_fix(const struct kb_diag *diag)
{
	for (uint32_t i = 0; i < diag->nedits; i++) {
		const struct kb_edit *edit = &diag->edits[i];
		bool nothing = edit->from.line == edit->to.line &&
			       edit->from.col == edit->to.col && !edit->text.len;

		if (!edit->from.line || nothing)
			return false;
	}
	return diag->nedits > 0;
}

void findings_set_place(const struct findings_run *run, struct kb_value *map,
	const char *key, uint32_t line, uint32_t column)
{
	struct kb_value *place = kb_value_set_map(run->arena, map, key);

	kb_value_set_int(run->arena, place, "line", line);
	kb_value_set_int(run->arena, place, "column", column);
}
