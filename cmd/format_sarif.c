/* OASIS SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */
#include "format.h"

#include "kb/embed.h"
#include "kb/json.h"

struct sarif {
	const struct kb_format *format;
	struct kb_json json;
	uint32_t index[KB_RULE_COUNT]; /* of a rule among those listed, from 1 */
};

static const char *level_of(enum kb_severity severity)
{
	return severity == KB_ERROR	? "error"
	       : severity == KB_WARNING ? "warning"
					: "note";
}

static void pair_int(struct kb_json *json, const char *key, long long value)
{
	kb_json_key(json, key);
	kb_json_int(json, value);
}

/* An object with one pair: {"text": "…"} */
static void put_wrapped(
	struct kb_json *json, const char *key, const char *inner, kb_str value)
{
	kb_json_key(json, key);
	kb_json_object(json);
	kb_json_pair(json, inner, value);
	kb_json_object_end(json);
}

/* A page's paragraph behind its title and summary, in one line. */
static kb_str explanation_of(struct kb_arena *arena, kb_str page)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str line;
	int paragraph = 0;
	for (bool was_blank = true; kb_str_next(&page, '\n', &line);) {
		bool blank = !kb_str_trim(line).len;
		paragraph += was_blank && !blank;
		was_blank = blank;
		if (paragraph == 3 && !blank) {
			kb_buf_puts(&out, out.len ? " " : "");
			kb_buf_str(&out, line);
		}
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

static void put_rule(struct sarif *s, enum kb_rule rule)
{
	const struct kb_rule_info *info = kb_rule_info(rule);
	struct kb_json *json = &s->json;
	kb_str page;
	kb_json_object(json);
	kb_json_pair(json, "id", kb_str_of(info->id));
	put_wrapped(json, "shortDescription", "text", kb_str_of(info->summary));
	if (kb_embed_get(
		    kb_arena_fmt(s->format->arena, "rules/%s.md", info->id), &page)) {
		put_wrapped(json, "fullDescription", "text",
			explanation_of(s->format->arena, page));
		kb_json_key(json, "help");
		kb_json_object(json);
		kb_json_pair(json, "text", page);
		kb_json_pair(json, "markdown", page);
		kb_json_object_end(json);
	}
	put_wrapped(json, "defaultConfiguration", "level",
		kb_str_of(level_of((enum kb_severity)info->severity)));
	kb_json_key(json, "properties");
	kb_json_object(json);
	kb_json_key(json, "tags");
	kb_json_array(json);
	kb_json_str(json, kb_str_of(info->family));
	kb_json_array_end(json);
	kb_json_object_end(json);
	kb_json_object_end(json);
}

/* The rules of the findings, in the order of the table. */
static void put_rules(struct sarif *s)
{
	const struct kb_findings *findings = s->format->findings;
	uint32_t n = 0;
	for (size_t i = 0; i < findings->len; i++)
		s->index[findings->items[i]->rule] = 1;
	kb_json_key(&s->json, "rules");
	kb_json_array(&s->json);
	for (int rule = 0; rule < KB_RULE_COUNT; rule++) {
		if (!s->index[rule])
			continue;
		s->index[rule] = ++n;
		put_rule(s, (enum kb_rule)rule);
	}
	kb_json_array_end(&s->json);
}

static void put_artifact(struct sarif *s, kb_str path)
{
	_cleanup_buf_ kb_buf uri = {0};
	kb_buf_url_path(&uri, kb_format_path(s->format, path));
	kb_json_key(&s->json, "artifactLocation");
	kb_json_object(&s->json);
	kb_json_pair(&s->json, "uri", kb_buf_view(&uri));
	kb_json_pair(&s->json, "uriBaseId", KB_STR("ROOT"));
	kb_json_object_end(&s->json);
}

static void put_region(
	struct sarif *s, const char *key, struct kb_place from, struct kb_place to)
{
	kb_json_key(&s->json, key);
	kb_json_object(&s->json);
	pair_int(&s->json, "startLine", from.line);
	pair_int(&s->json, "startColumn", from.unit);
	pair_int(&s->json, "endLine", to.line);
	pair_int(&s->json, "endColumn", to.unit);
	kb_json_object_end(&s->json);
}

static void put_location(struct sarif *s, const struct kb_diag *diag)
{
	kb_json_key(&s->json, "locations");
	kb_json_array(&s->json);
	kb_json_object(&s->json);
	kb_json_key(&s->json, "physicalLocation");
	kb_json_object(&s->json);
	put_artifact(s, diag->path);
	if (diag->line)
		put_region(s, "region", diag->place, diag->end);
	kb_json_object_end(&s->json);
	kb_json_object_end(&s->json);
	kb_json_array_end(&s->json);
}

static void put_fix(struct sarif *s, const struct kb_diag *diag)
{
	struct kb_json *json = &s->json;
	kb_json_key(json, "fixes");
	kb_json_array(json);
	kb_json_object(json);
	if (diag->hint.len)
		put_wrapped(json, "description", "text", diag->hint);
	kb_json_key(json, "artifactChanges");
	kb_json_array(json);
	kb_json_object(json);
	put_artifact(s, diag->path);
	kb_json_key(json, "replacements");
	kb_json_array(json);
	for (uint32_t i = 0; i < diag->nedits; i++) {
		const struct kb_edit *edit = &diag->edits[i];
		kb_json_object(json);
		put_region(s, "deletedRegion", edit->from, edit->to);
		put_wrapped(json, "insertedContent", "text", edit->text);
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
	kb_json_object_end(json);
	kb_json_array_end(json);
	kb_json_object_end(json);
	kb_json_array_end(json);
}

static void put_result(struct sarif *s, size_t i)
{
	const struct kb_diag *diag = s->format->findings->items[i];
	struct kb_json *json = &s->json;
	kb_json_object(json);
	kb_json_pair(json, "ruleId", kb_str_of(kb_rule_info(diag->rule)->id));
	pair_int(json, "ruleIndex", s->index[diag->rule] - 1);
	kb_json_pair(json, "level", kb_str_of(level_of(diag->severity)));
	put_wrapped(json, "message", "text", kb_format_message(s->format, diag));
	put_location(s, diag);
	put_wrapped(
		json, "partialFingerprints", "kb/v1", kb_str_of(s->format->prints[i]));
	if (kb_format_mends(diag))
		put_fix(s, diag);
	kb_json_object_end(json);
}

static void put_tool(struct sarif *s)
{
	struct kb_json *json = &s->json;
	kb_json_key(json, "tool");
	kb_json_object(json);
	kb_json_key(json, "driver");
	kb_json_object(json);
	kb_json_pair(json, "name", KB_STR("kb"));
	kb_json_pair(json, "semanticVersion", KB_STR(KB_VERSION));
	put_rules(s);
	kb_json_object_end(json);
	kb_json_object_end(json);
}

void kb_format_sarif(const struct kb_format *format, kb_buf *out)
{
	struct sarif s = {.format = format};
	struct kb_json *json = &s.json;
	kb_json_init(json, out, true);
	kb_json_object(json);
	kb_json_pair(
		json, "$schema", KB_STR("https://json.schemastore.org/sarif-2.1.0.json"));
	kb_json_pair(json, "version", KB_STR("2.1.0"));
	kb_json_key(json, "runs");
	kb_json_array(json);
	kb_json_object(json);
	put_tool(&s);
	kb_json_pair(json, "columnKind", KB_STR("utf16CodeUnits"));
	kb_json_key(json, "originalUriBaseIds");
	kb_json_object(json);
	kb_json_key(json, "ROOT");
	kb_json_object(json);
	put_wrapped(json, "description", "text", KB_STR("The repository's root"));
	kb_json_object_end(json);
	kb_json_object_end(json);
	kb_json_key(json, "results");
	kb_json_array(json);
	for (size_t i = 0; i < format->findings->len; i++)
		put_result(&s, i);
	kb_json_array_end(json);
	kb_json_object_end(json);
	kb_json_array_end(json);
	kb_json_object_end(json);
	kb_buf_putc(out, '\n');
}
