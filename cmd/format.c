#include "format.h"

#include <stdlib.h>

#include "kb/map.h"
#include "kb/source.h"

/* Of the rule, the path and the line's text; of equal ones, their number. */
static void make_print(struct kb_format *format, kb_map *seen, size_t i)
{
	const struct kb_diag *diag = format->findings->items[i];
	kb_str key = kb_arena_fmt(format->arena, "%s\n%.*s\n%.*s\n%.*s",
		kb_rule_info(diag->rule)->id, KB_ARG(diag->path),
		KB_ARG(kb_str_trim(diag->source)), KB_ARG(diag->message));
	size_t n = (size_t)(uintptr_t)kb_map_get(seen, key);
	kb_map_put(seen, key, (void *)(uintptr_t)(n + 1));
	if (n)
		key = kb_arena_fmt(format->arena, "%.*s\n%zu", KB_ARG(key), n);
	kb_blob_id(key, format->prints[i]);
}

void kb_format_init(
	struct kb_format *format, const struct kb_findings *findings, kb_str prefix)
{
	kb_map seen = {0};
	*format = (struct kb_format){
		.findings = findings, .arena = kb_arena_new(), .prefix = prefix};
	format->prints = kb_xcalloc(findings->len + 1, sizeof(*format->prints));
	for (size_t i = 0; i < findings->len; i++)
		make_print(format, &seen, i);
	kb_map_dispose(&seen);
}

void kb_format_dispose(struct kb_format *format)
{
	kb_arena_free(format->arena);
	free(format->prints);
}

kb_str kb_format_path(const struct kb_format *format, kb_str path)
{
	if (!format->prefix.len)
		return path;
	return kb_arena_fmt(
		format->arena, "%.*s/%.*s", KB_ARG(format->prefix), KB_ARG(path));
}

kb_str kb_format_message(const struct kb_format *format, const struct kb_diag *diag)
{
	if (!diag->hint.len)
		return diag->message;
	return kb_arena_fmt(
		format->arena, "%.*s; %.*s", KB_ARG(diag->message), KB_ARG(diag->hint));
}

bool kb_format_mends(const struct kb_diag *diag)
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

void kb_format_jsonl(const struct kb_format *format, kb_buf *out)
{
	struct kb_json json;
	for (size_t i = 0; i < format->findings->len; i++) {
		kb_json_init(&json, out, false);
		kb_print_json_finding(&json, format->findings->items[i]);
		kb_buf_putc(out, '\n');
	}
}
