#include "findings.h"

static void add_edits(
	struct kb_arena *arena, struct kb_value *map, const struct kb_diag *diag)
{
	struct kb_value *list = kb_value_set_list(arena, map, "edits");

	for (uint32_t i = 0; i < diag->nedits; i++) {
		struct kb_value *edit = kb_value_push_map(arena, list);

		kb_value_set_int(arena, edit, "offset", diag->edits[i].range.off);
		kb_value_set_int(arena, edit, "length", diag->edits[i].range.len);
		kb_value_set_str(arena, edit, "text", diag->edits[i].text);
	}
	kb_value_set_bool(arena, map, "safe", !diag->guess);
}

static void add_finding(
	struct kb_arena *arena, struct kb_value *list, const struct kb_diag *diag)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "rule", findings_rule(diag));
	kb_value_set_name(arena, map, "severity", kb_severity_name(diag->severity));
	kb_value_set_str(arena, map, "path", diag->path);
	if (diag->line) {
		kb_value_set_int(arena, map, "line", diag->line);
		kb_value_set_int(arena, map, "column", diag->col);
		kb_value_set_int(arena, map, "end_line", diag->end_line);
		kb_value_set_int(arena, map, "end_column", diag->end_col);
	}
	kb_value_set_str(arena, map, "message", diag->message);
	kb_value_set_opt(arena, map, "hint", diag->hint);
	if (diag->nedits)
		add_edits(arena, map, diag);
}

void findings_value(const struct kb_findings *findings, struct kb_report *report)
{
	struct kb_arena *arena = report->arena;
	struct kb_value *list = kb_value_set_list(arena, report->data, "findings");
	struct kb_value *summary = kb_value_set_map(arena, report->data, "summary");

	for (size_t i = 0; i < findings->len; i++)
		add_finding(arena, list, findings->items[i]);
	kb_value_set_int(arena, summary, "documents", findings->documents);
	kb_value_set_int(arena, summary, "errors", findings->counts[KB_ERROR]);
	kb_value_set_int(arena, summary, "warnings", findings->counts[KB_WARNING]);
	kb_value_set_int(arena, summary, "infos", findings->counts[KB_INFO]);
	kb_report_rows(report, list, "rule|severity|path|line>|column>|message|hint");
}
