/* What GitHub and GitLab show beside a change. */
#include "format.h"

#include "kb/escape.h"
#include "kb/json.h"

enum { SHOWN = 10 }; /* annotations of a level that GitHub shows of one step */

static void put_command(
	const struct kb_format *format, kb_buf *out, const struct kb_diag *diag)
{
	kb_buf_fmt(out, "::%s file=",
		diag->severity == KB_ERROR     ? "error"
		: diag->severity == KB_WARNING ? "warning"
					       : "notice");
	kb_buf_workflow(out, kb_format_path(format, diag->path), true);
	if (diag->line) {
		kb_buf_fmt(out, ",line=%u", diag->line);
		/* Columns are shown for places within one line only. */
		if (diag->end_line == diag->line)
			kb_buf_fmt(out, ",endLine=%u,col=%u,endColumn=%u", diag->end_line,
				diag->col, diag->end_col);
	}
	kb_buf_puts(out, ",title=");
	kb_buf_workflow(out, kb_str_of(kb_rule_info(diag->rule)->id), true);
	kb_buf_puts(out, "::");
	kb_buf_workflow(out, diag->message, false);
	if (diag->hint.len) {
		kb_buf_puts(out, "%0A");
		kb_buf_workflow(out, diag->hint, false);
	}
	kb_buf_putc(out, '\n');
}

/* How many there are of what is not shown. It is a notice itself, so it stands before the
 * others and takes the place of one. */
static void put_rest(kb_buf *out, const struct kb_findings *findings)
{
	static const char *const names[] = {"", "notice", "warning", "error"};
	bool any = findings->counts[KB_ERROR] > SHOWN ||
		   findings->counts[KB_WARNING] > SHOWN ||
		   findings->counts[KB_INFO] > SHOWN;
	const char *before = "::notice title=kb::GitHub shows the first ";
	for (int severity = KB_ERROR; any && severity >= KB_INFO; severity--) {
		size_t shown = severity == KB_INFO ? SHOWN - 1 : SHOWN;
		if (findings->counts[severity] <= shown)
			continue;
		kb_buf_fmt(out, "%s%zu of %zu %ss", before, shown,
			findings->counts[severity], names[severity]);
		before = ", ";
	}
	if (any)
		kb_buf_puts(out, "; the log of this step has them all\n");
}

void kb_format_github(const struct kb_format *format, kb_buf *out)
{
	const struct kb_findings *findings = format->findings;
	for (int severity = KB_ERROR; severity >= KB_INFO; severity--) {
		if (severity == KB_INFO)
			put_rest(out, findings);
		for (size_t i = 0; i < findings->len; i++)
			if ((int)findings->items[i]->severity == severity)
				put_command(format, out, findings->items[i]);
	}
}

static void put_position(struct kb_json *json, const char *key, struct kb_place place)
{
	kb_json_key(json, key);
	kb_json_object(json);
	kb_json_key(json, "line");
	kb_json_int(json, place.line);
	kb_json_key(json, "column");
	kb_json_int(json, place.col);
	kb_json_object_end(json);
}

static void put_location(
	const struct kb_format *format, struct kb_json *json, const struct kb_diag *diag)
{
	kb_json_key(json, "location");
	kb_json_object(json);
	kb_json_pair(json, "path", kb_format_path(format, diag->path));
	if (diag->line) {
		kb_json_key(json, "positions");
		kb_json_object(json);
		put_position(json, "begin", diag->place);
		put_position(json, "end", diag->end);
	} else {
		kb_json_key(json, "lines");
		kb_json_object(json);
		kb_json_key(json, "begin");
		kb_json_int(json, 1);
	}
	kb_json_object_end(json);
	kb_json_object_end(json);
}

void kb_format_gitlab(const struct kb_format *format, kb_buf *out)
{
	static const char *const severities[] = {
		"info", "info", "minor", "major"}; /* by enum kb_severity */
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_array(&json);
	for (size_t i = 0; i < format->findings->len; i++) {
		const struct kb_diag *diag = format->findings->items[i];
		kb_json_object(&json);
		kb_json_pair(&json, "type", KB_STR("issue"));
		kb_json_pair(
			&json, "check_name", kb_str_of(kb_rule_info(diag->rule)->id));
		kb_json_pair(&json, "description", kb_format_message(format, diag));
		kb_json_key(&json, "categories");
		kb_json_array(&json);
		kb_json_str(&json, KB_STR("Style"));
		kb_json_array_end(&json);
		kb_json_pair(&json, "severity", kb_str_of(severities[diag->severity]));
		kb_json_pair(&json, "fingerprint", kb_str_of(format->prints[i]));
		put_location(format, &json, diag);
		kb_json_object_end(&json);
	}
	kb_json_array_end(&json);
	kb_buf_putc(out, '\n');
}
