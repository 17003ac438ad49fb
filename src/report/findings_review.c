/* Findings beside a change: GitLab's and reviewdog's JSON. */
#include "findings.h"

struct kb_value *findings_gitlab(const struct findings_run *run)
{
	static const char *const severities[] = {
		"info", "info", "minor", "major"}; /* By enum kb_severity. */
	struct kb_arena *arena = run->arena;
	struct kb_value *list = kb_value_list(arena);

	for (size_t i = 0; i < run->findings->len; i++) {
		const struct kb_diag *diag = run->findings->items[i];
		struct kb_value *map = kb_value_push_map(arena, list), *part;

		kb_value_set_str(arena, map, "type", KB_STR("issue"));
		kb_value_set_str(arena, map, "check_name", findings_rule(diag));
		kb_value_set_str(arena, map, "description", findings_message(run, diag));
		kb_value_push_str(arena, kb_value_set_list(arena, map, "categories"),
			KB_STR("Style"));
		kb_value_set_name(arena, map, "severity", severities[diag->severity]);
		kb_value_set_name(arena, map, "fingerprint", run->prints[i]);
		map = kb_value_set_map(arena, map, "location");
		kb_value_set_str(arena, map, "path", findings_path(run, diag->path));
		part = kb_value_set_map(arena, map, diag->line ? "positions" : "lines");
		if (diag->line) {
			findings_set_place(run, part, "begin", diag->line, diag->col);
			findings_set_place(
				run, part, "end", diag->end_line, diag->end_col);
		} else {
			kb_value_set_int(arena, part, "begin", 1);
		}
	}
	return list;
}

static void set_range(const struct findings_run *run, struct kb_value *map,
	struct kb_place from, struct kb_place to)
{
	struct kb_value *range = kb_value_set_map(run->arena, map, "range");

	findings_set_place(run, range, "start", from.line, from.byte);
	findings_set_place(run, range, "end", to.line, to.byte);
}

static void set_suggestions(
	const struct findings_run *run, struct kb_value *map, const struct kb_diag *diag)
{
	struct kb_value *list = kb_value_set_list(run->arena, map, "suggestions");

	for (uint32_t i = 0; i < diag->nedits; i++) {
		const struct kb_edit *edit = &diag->edits[i];
		struct kb_value *one = kb_value_push_map(run->arena, list);

		set_range(run, one, edit->from, edit->to);
		kb_value_set_str(run->arena, one, "text", edit->text);
	}
}

static void add_diagnostic(
	const struct findings_run *run, struct kb_value *list, const struct kb_diag *diag)
{
	static const char *const severities[] = {
		"UNKNOWN_SEVERITY", "INFO", "WARNING", "ERROR"};
	struct kb_arena *arena = run->arena;
	struct kb_value *map = kb_value_push_map(arena, list), *location;

	kb_value_set_str(arena, map, "message", findings_message(run, diag));
	location = kb_value_set_map(arena, map, "location");
	kb_value_set_str(arena, location, "path", findings_path(run, diag->path));
	if (diag->line)
		set_range(run, location, diag->place, diag->end);
	kb_value_set_name(arena, map, "severity", severities[diag->severity]);
	kb_value_set_str(arena, kb_value_set_map(arena, map, "code"), "value",
		findings_rule(diag));
	if (findings_has_fix(diag))
		set_suggestions(run, map, diag);
}

struct kb_value *findings_rdjson(const struct findings_run *run)
{
	struct kb_value *root = kb_value_map(run->arena);
	struct kb_value *source = kb_value_set_map(run->arena, root, "source");
	struct kb_value *list = kb_value_set_list(run->arena, root, "diagnostics");

	kb_value_set_str(run->arena, source, "name", KB_STR("kb"));
	for (size_t i = 0; i < run->findings->len; i++)
		add_diagnostic(run, list, run->findings->items[i]);
	return root;
}
