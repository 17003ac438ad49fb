/* An audit's findings as SARIF 2.1.0 (OASIS). */
#include "kb/pages.h"

static const char *level_of(enum kb_severity severity)
{
	return severity == KB_ERROR	? "error"
	       : severity == KB_WARNING ? "warning"
					: "note";
}

static void set_text(
	struct kb_arena *arena, struct kb_value *map, const char *key, kb_str text)
{
	kb_value_set_str(arena, kb_value_set_map(arena, map, key), "text", text);
}

static void add_rules(
	const struct kb_audit *audit, struct kb_arena *arena, struct kb_value *driver)
{
	struct kb_value *list = kb_value_set_list(arena, driver, "rules");

	for (int kind = 0; kind < KB_AUDIT_KINDS; kind++) {
		struct kb_value *rule;

		if (!audit->counts[kind])
			continue;
		rule = kb_value_push_map(arena, list);
		kb_value_set_str(arena, rule, "id",
			kb_str_of(kb_audit_name((enum kb_audit_kind)kind)));
		set_text(arena, rule, "shortDescription",
			kb_str_of(kb_audit_title((enum kb_audit_kind)kind)));
	}
}

static void add_result(const struct kb_library *lib,
	const struct kb_audit_finding *finding, struct kb_arena *arena,
	struct kb_value *list)
{
	struct kb_value *result = kb_value_push_map(arena, list), *place, *artifact;
	kb_str prefix = kb_source_prefix(lib->source);
	_cleanup_buf_ kb_buf uri = {0};

	kb_value_set_str(
		arena, result, "ruleId", kb_str_of(kb_audit_name(finding->kind)));
	kb_value_set_str(arena, result, "level", kb_str_of(level_of(finding->severity)));
	set_text(arena, result, "message",
		kb_arena_fmt(arena, "%.*s. To fix it: %.*s", KB_ARG(finding->message),
			KB_ARG(finding->fix)));
	place = kb_value_set_map(arena,
		kb_value_push_map(arena, kb_value_set_list(arena, result, "locations")),
		"physicalLocation");
	artifact = kb_value_set_map(arena, place, "artifactLocation");
	if (prefix.len) {
		kb_buf_url_path(&uri, prefix);
		kb_buf_putc(&uri, '/');
	}
	kb_buf_url_path(&uri, finding->path);
	kb_value_set_str(arena, artifact, "uri", kb_arena_str(arena, kb_buf_view(&uri)));
	kb_value_set_int(arena, kb_value_set_map(arena, place, "region"), "startLine",
		finding->line ? finding->line : 1);
}

void kb_audit_sarif(
	const struct kb_library *lib, const struct kb_audit *audit, kb_buf *out)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_value *root = kb_value_map(arena), *run, *driver, *results;

	kb_value_set_str(arena, root, "$schema",
		KB_STR("https://json.schemastore.org/sarif-2.1.0.json"));
	kb_value_set_str(arena, root, "version", KB_STR("2.1.0"));
	run = kb_value_push_map(arena, kb_value_set_list(arena, root, "runs"));
	driver = kb_value_set_map(arena, kb_value_set_map(arena, run, "tool"), "driver");
	kb_value_set_str(arena, driver, "name", KB_STR("kb audit"));
	add_rules(audit, arena, driver);
	results = kb_value_set_list(arena, run, "results");
	for (size_t i = 0; i < audit->len; i++)
		add_result(lib, &audit->items[i], arena, results);
	kb_value_json(root, KB_JSON_PRETTY, out);
}
