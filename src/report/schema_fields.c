/* The fields of a file that people write, as a table made from its JSON Schema. */
#include "kb/pages.h"
#include "kb/schema.h"
#include "kb/yaml.h"

/* What "#/definitions/NAME" refers to, all of which common.json has, else NODE itself. */
static const struct kb_node *resolve(
	const struct kb_node *common, const struct kb_node *node)
{
	kb_str ref = kb_node_str(kb_node_get(node, "$ref"));
	const struct kb_node *found = NULL;

	if (kb_str_find(ref, KB_STR("#/definitions/")) != SIZE_MAX)
		found = kb_node_get_str(kb_node_get(common, "definitions"),
			kb_str_sub(ref, kb_str_rchr(ref, '/') + 1, ref.len));
	return found ? found : node;
}

static const char *word_for(kb_str type)
{
	static const char *const words[][2] = {{"array", "list"},
		{"boolean", "true or false"}, {"integer", "number"}, {"object", "map"},
		{"string", "text"}};

	for (size_t i = 0; i < KB_LEN(words); i++)
		if (kb_str_is(type, words[i][0]))
			return words[i][1];
	return type.len ? type.data : "text";
}

static void add_kind(kb_buf *out, const char *kind)
{
	if (kb_str_find(kb_buf_view(out), kb_str_of(kind)) != SIZE_MAX)
		return;
	kb_buf_puts(out, out->len ? " or " : "");
	kb_buf_puts(out, kind);
}

/* "text", "list or text", "draft, review" */
static void put_kinds(
	kb_buf *out, const struct kb_node *common, const struct kb_node *field)
{
	bool several;
	const struct kb_node *choices = kb_node_get(field, "enum"),
			     *type = kb_node_get(field, "type"),
			     *any = kb_node_get(field, "anyOf");

	if (!any)
		any = kb_node_get(field, "allOf");
	several = any && any->kind == KB_NODE_SEQ;
	if (choices && choices->kind == KB_NODE_SEQ)
		for (uint32_t i = 0; i < choices->len; i++)
			kb_buf_fmt(out, "%s%.*s", i ? ", " : "",
				KB_ARG(kb_node_str(choices->items[i])));
	else if (type && type->kind == KB_NODE_SEQ)
		for (uint32_t i = 0; i < type->len; i++)
			add_kind(out, word_for(kb_node_str(type->items[i])));
	else if (type)
		add_kind(out, word_for(kb_node_str(type)));
	for (uint32_t i = 0; several && !type && !choices && i < any->len; i++) {
		_cleanup_buf_ kb_buf one = {0};

		put_kinds(&one, common, resolve(common, any->items[i]));
		kb_buf_putc(&one, '\0');
		add_kind(out, one.data);
	}
}

static bool is_required(const struct kb_node *schema, kb_str key)
{
	const struct kb_node *keys = kb_node_get(schema, "required");

	for (uint32_t i = 0; keys && keys->kind == KB_NODE_SEQ && i < keys->len; i++)
		if (kb_str_eq(kb_node_str(keys->items[i]), key))
			return true;
	return false;
}

bool kb_report_schema(struct kb_report *report, kb_str name)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	kb_str text = kb_schema_builtin(name);
	const struct kb_node *schema = text.len ? kb_json_parse(arena, text, NULL) : NULL;
	const struct kb_node *common =
		kb_json_parse(arena, kb_schema_builtin(KB_STR("common")), NULL);
	const struct kb_node *fields = kb_node_get(schema, "properties");

	if (!fields || fields->kind != KB_NODE_MAP)
		return false;
	kb_report_prose(report, kb_node_str(kb_node_get(schema, "description")));
	kb_report_table(report, "Field|Required|Type|Meaning*");
	for (uint32_t i = 0; i < fields->len; i++) {
		const struct kb_node *field = resolve(common, fields->pairs[i].value);
		kb_str key = kb_node_str(fields->pairs[i].key);
		_cleanup_buf_ kb_buf kinds = {0};

		put_kinds(&kinds, common, field);
		kb_report_cell(report, key);
		kb_report_cell(
			report, is_required(schema, key) ? KB_STR("yes") : KB_STR(""));
		kb_report_cell(report, kb_buf_view(&kinds));
		kb_report_cell(report, kb_node_str(kb_node_get(field, "description")));
	}
	return true;
}
