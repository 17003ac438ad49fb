#include "content.h"

#include "kb/arena_str.h"

/* Broken YAML makes a configuration file unusable, also by a rule that is off; a mere
 * doubt stays what it is. */
static enum kb_rule config_rule(
	const struct kb_reading *reading, const struct kb_diag *diag)
{
	bool config =
		kb_str_starts(kb_str_of(kb_rule_info(diag->rule)->id), KB_STR("config-"));
	bool conflict = diag->rule == KB_RULE_CONFLICT_MARKER &&
			!kb_rule_is_off(reading->diags, diag->rule, KB_STR(""), 0);

	return config || conflict || diag->severity < KB_ERROR ? diag->rule
							       : KB_RULE_CONFIG_SYNTAX;
}

static void reading_take(struct kb_reading *reading, const struct kb_diags *from)
{
	for (size_t i = 0; i < from->len; i++) {
		const struct kb_diag *diag = &from->items[i];
		struct kb_diag *copy = kb_diag_add(reading->diags,
			config_rule(reading, diag), reading->path, diag->range, "%.*s",
			KB_ARG(diag->message));

		if (diag->hint.len)
			kb_diag_hint(reading->diags, copy, "%.*s", KB_ARG(diag->hint));
		kb_diag_edits_copy(reading->diags, copy, diag);
		reading->faults += diag->severity == KB_ERROR;
	}
}

static void check_by_schema(struct kb_reading *reading, const struct kb_node *root,
	const char *name, struct kb_diags *found)
{
	_cleanup_(kb_cleanup_schema) struct kb_schema *schema = NULL;
	struct kb_error err;

	if (kb_schema_compile(&schema, kb_schema_builtin(kb_str_of(name)),
		    kb_str_of(name), NULL, NULL, &err) < 0)
		kb_reading_fault(
			reading, NULL, "the built-in schema is broken: %s", err.message);
	else
		kb_schema_check(schema, root, reading->path, KB_SCHEMA_CONFIG, found);
}

struct kb_node *kb_reading_parse(
	struct kb_reading *reading, kb_str text, const char *schema)
{
	struct kb_diags found;
	struct kb_node *root;

	kb_diags_init(&found, NULL);
	root = kb_yaml_parse(reading->arena, text, 0, reading->path, &found);
	if (root)
		check_by_schema(reading, root, schema, &found);
	reading_take(reading, &found);
	kb_diags_dispose(&found);
	return root;
}

/* Has the schema a finding at this very place? One is enough. */
static bool is_said(const struct kb_reading *reading, kb_range range)
{
	for (size_t i = 0; range.len && i < reading->diags->len; i++) {
		const struct kb_diag *diag = &reading->diags->items[i];

		if (diag->range.off == range.off && diag->range.len == range.len &&
			kb_str_eq(diag->path, reading->path))
			return true;
	}
	return false;
}

struct kb_diag *kb_reading_fault(
	struct kb_reading *reading, const struct kb_node *node, const char *fmt, ...)
{
	kb_range range = node ? node->range : (kb_range){0, 0};
	kb_str message;
	va_list ap;

	va_start(ap, fmt);
	message = kb_arena_vfmt(reading->arena, fmt, ap);
	va_end(ap);
	reading->faults++;
	if (is_said(reading, range))
		return NULL;
	return kb_diag_add(reading->diags, KB_RULE_CONFIG_VALUE, reading->path, range,
		"%.*s", KB_ARG(message));
}

void kb_reading_nearest(struct kb_reading *reading, struct kb_diag *diag, kb_str word,
	const kb_str *candidates, size_t n)
{
	const kb_str *near = kb_str_nearest(word, candidates, n);

	if (near)
		kb_diag_hint(reading->diags, diag, "did you mean '%.*s'?", KB_ARG(*near));
	else if (n && n <= 12)
		kb_diag_hint(reading->diags, diag, "use %.*s",
			KB_ARG(kb_strs_listed(reading->arena, candidates, n)));
}
