#include "findings.h"

#include "kb/embed.h"

struct sarif {
	const struct findings_run *run;
	struct kb_arena *arena;
	uint32_t index[KB_RULE_COUNT]; /* Of a rule among those listed, from 1. */
};

static const char *level_of(enum kb_severity severity)
{
	return severity == KB_ERROR	? "error"
	       : severity == KB_WARNING ? "warning"
					: "note";
}

/* Sets a map KEY that has one string: {"text": "…"}. */
static void set_wrapped(struct sarif *s, struct kb_value *map, const char *key,
	const char *inner, kb_str value)
{
	kb_value_set_str(s->arena, kb_value_set_map(s->arena, map, key), inner, value);
}

/* Sets a list KEY that has one map, and returns that map. */
static struct kb_value *set_only(struct sarif *s, struct kb_value *map, const char *key)
{
	return kb_value_push_map(s->arena, kb_value_set_list(s->arena, map, key));
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

static void add_rule(struct sarif *s, struct kb_value *list, enum kb_rule rule)
{
	const struct kb_rule_info *info = kb_rule_info(rule);
	struct kb_value *map = kb_value_push_map(s->arena, list), *help;
	kb_str page;

	kb_value_set_name(s->arena, map, "id", info->id);
	set_wrapped(s, map, "shortDescription", "text", kb_str_of(info->summary));
	if (kb_embed_get(kb_arena_fmt(s->arena, "rules/%s.md", info->id), &page)) {
		set_wrapped(s, map, "fullDescription", "text",
			explanation_of(s->arena, page));
		help = kb_value_set_map(s->arena, map, "help");
		kb_value_set_str(s->arena, help, "text", page);
		kb_value_set_str(s->arena, help, "markdown", page);
	}
	set_wrapped(s, map, "defaultConfiguration", "level",
		kb_str_of(level_of((enum kb_severity)info->severity)));
	map = kb_value_set_map(s->arena, map, "properties");
	kb_value_push_str(s->arena, kb_value_set_list(s->arena, map, "tags"),
		kb_str_of(info->family));
}

/* The rules of the findings, in the order of the table. */
static void add_rules(struct sarif *s, struct kb_value *driver)
{
	const struct kb_findings *findings = s->run->findings;
	struct kb_value *list = kb_value_set_list(s->arena, driver, "rules");
	uint32_t n = 0;

	for (size_t i = 0; i < findings->len; i++)
		s->index[findings->items[i]->rule] = 1;
	for (int rule = 0; rule < KB_RULE_COUNT; rule++) {
		if (!s->index[rule])
			continue;
		s->index[rule] = ++n;
		add_rule(s, list, (enum kb_rule)rule);
	}
}

static void set_artifact(struct sarif *s, struct kb_value *map, kb_str path)
{
	struct kb_value *artifact = kb_value_set_map(s->arena, map, "artifactLocation");
	_cleanup_buf_ kb_buf uri = {0};

	kb_buf_url_path(&uri, findings_path(s->run, path));
	kb_value_set_str(
		s->arena, artifact, "uri", kb_arena_str(s->arena, kb_buf_view(&uri)));
	kb_value_set_str(s->arena, artifact, "uriBaseId", KB_STR("ROOT"));
}

static void set_region(struct sarif *s, struct kb_value *map, const char *key,
	struct kb_place from, struct kb_place to)
{
	struct kb_value *region = kb_value_set_map(s->arena, map, key);

	kb_value_set_int(s->arena, region, "startLine", from.line);
	kb_value_set_int(s->arena, region, "startColumn", from.unit);
	kb_value_set_int(s->arena, region, "endLine", to.line);
	kb_value_set_int(s->arena, region, "endColumn", to.unit);
}

static void set_fix(struct sarif *s, struct kb_value *result, const struct kb_diag *diag)
{
	struct kb_value *fix = set_only(s, result, "fixes"), *change, *list;

	if (diag->hint.len)
		set_wrapped(s, fix, "description", "text", diag->hint);
	change = set_only(s, fix, "artifactChanges");
	set_artifact(s, change, diag->path);
	list = kb_value_set_list(s->arena, change, "replacements");
	for (uint32_t i = 0; i < diag->nedits; i++) {
		const struct kb_edit *edit = &diag->edits[i];
		struct kb_value *one = kb_value_push_map(s->arena, list);

		set_region(s, one, "deletedRegion", edit->from, edit->to);
		set_wrapped(s, one, "insertedContent", "text", edit->text);
	}
}

static void add_result(struct sarif *s, struct kb_value *list, size_t i)
{
	const struct kb_diag *diag = s->run->findings->items[i];
	struct kb_value *map = kb_value_push_map(s->arena, list), *place;

	kb_value_set_str(s->arena, map, "ruleId", findings_rule(diag));
	kb_value_set_int(s->arena, map, "ruleIndex", s->index[diag->rule] - 1);
	kb_value_set_name(s->arena, map, "level", level_of(diag->severity));
	set_wrapped(s, map, "message", "text", findings_message(s->run, diag));
	place = kb_value_set_map(
		s->arena, set_only(s, map, "locations"), "physicalLocation");
	set_artifact(s, place, diag->path);
	if (diag->line)
		set_region(s, place, "region", diag->place, diag->end);
	set_wrapped(s, map, "partialFingerprints", "kb/v1", kb_str_of(s->run->prints[i]));
	if (findings_has_fix(diag))
		set_fix(s, map, diag);
}

struct kb_value *findings_sarif(const struct findings_run *run)
{
	struct sarif s = {.run = run, .arena = run->arena};
	struct kb_value *root = kb_value_map(s.arena), *one, *part;

	kb_value_set_str(s.arena, root, "$schema",
		KB_STR("https://json.schemastore.org/sarif-2.1.0.json"));
	kb_value_set_str(s.arena, root, "version", KB_STR("2.1.0"));
	one = set_only(&s, root, "runs");
	part = kb_value_set_map(
		s.arena, kb_value_set_map(s.arena, one, "tool"), "driver");
	kb_value_set_str(s.arena, part, "name", KB_STR("kb"));
	kb_value_set_str(s.arena, part, "semanticVersion", KB_STR(KB_VERSION));
	add_rules(&s, part);
	kb_value_set_str(s.arena, one, "columnKind", KB_STR("utf16CodeUnits"));
	part = kb_value_set_map(s.arena, one, "originalUriBaseIds");
	part = kb_value_set_map(s.arena, part, "ROOT");
	set_wrapped(&s, part, "description", "text", KB_STR("The repository's root"));
	part = kb_value_set_list(s.arena, one, "results");
	for (size_t i = 0; i < run->findings->len; i++)
		add_result(&s, part, i);
	return root;
}
