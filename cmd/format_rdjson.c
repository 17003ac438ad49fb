/* reviewdog's diagnostic format (rdf.DiagnosticResult as JSON): columns count bytes. */
#include "format.h"

#include "kb/json.h"

static void put_position(struct kb_json *json, const char *key, struct kb_place place)
{
	kb_json_key(json, key);
	kb_json_object(json);
	kb_json_key(json, "line");
	kb_json_int(json, place.line);
	kb_json_key(json, "column");
	kb_json_int(json, place.byte);
	kb_json_object_end(json);
}

static void put_range(struct kb_json *json, struct kb_place from, struct kb_place to)
{
	kb_json_key(json, "range");
	kb_json_object(json);
	put_position(json, "start", from);
	put_position(json, "end", to);
	kb_json_object_end(json);
}

static void put_suggestions(struct kb_json *json, const struct kb_diag *diag)
{
	if (!kb_format_mends(diag))
		return;
	kb_json_key(json, "suggestions");
	kb_json_array(json);
	for (uint32_t i = 0; i < diag->nedits; i++) {
		kb_json_object(json);
		put_range(json, diag->edits[i].from, diag->edits[i].to);
		kb_json_pair(json, "text", diag->edits[i].text);
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
}

static void put_diagnostic(
	const struct kb_format *format, struct kb_json *json, const struct kb_diag *diag)
{
	static const char *const severities[] = {
		"UNKNOWN_SEVERITY", "INFO", "WARNING", "ERROR"};
	kb_json_object(json);
	kb_json_pair(json, "message", kb_format_message(format, diag));
	kb_json_key(json, "location");
	kb_json_object(json);
	kb_json_pair(json, "path", kb_format_path(format, diag->path));
	if (diag->line)
		put_range(json, diag->place, diag->end);
	kb_json_object_end(json);
	kb_json_pair(json, "severity", kb_str_of(severities[diag->severity]));
	kb_json_key(json, "code");
	kb_json_object(json);
	kb_json_pair(json, "value", kb_str_of(kb_rule_info(diag->rule)->id));
	kb_json_object_end(json);
	put_suggestions(json, diag);
	kb_json_object_end(json);
}

void kb_format_rdjson(const struct kb_format *format, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "source");
	kb_json_object(&json);
	kb_json_pair(&json, "name", KB_STR("kb"));
	kb_json_object_end(&json);
	kb_json_key(&json, "diagnostics");
	kb_json_array(&json);
	for (size_t i = 0; i < format->findings->len; i++)
		put_diagnostic(format, &json, format->findings->items[i]);
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}
