#include "schema_private.h"

#include <stdio.h>

typedef int keyword_fn(struct sch_compiler *c, struct sch *sch,
	const struct kb_node *value, kb_str base);

struct keyword {
	const char *name;
	keyword_fn *fn;
};

static size_t path_push(struct sch_compiler *c, kb_str part)
{
	size_t len = c->path.len;

	kb_buf_putc(&c->path, '/');
	kb_buf_str(&c->path, part);
	return len;
}

static void path_pop(struct sch_compiler *c, size_t len)
{
	c->path.len = len;
	c->path.data[len] = '\0';
}

static struct sch *make_at(
	struct sch_compiler *c, const struct kb_node *node, kb_str base, kb_str part)
{
	size_t len = path_push(c, part);
	struct sch *sch = kb_sch_make(c, node, base);

	path_pop(c, len);
	return sch;
}

static int set_schema(struct sch_compiler *c, struct sch **out,
	const struct kb_node *value, kb_str base)
{
	*out = kb_sch_make(c, value, base);
	return *out ? 0 : -1;
}

static int set_list(struct sch_compiler *c, struct sch_list *out,
	const struct kb_node *value, kb_str base)
{
	if (value->kind != KB_NODE_SEQ)
		return kb_sch_fail(c, "this must be a list of schemas");
	out->items = kb_arena_array(c->schema->arena, struct sch *, value->len);
	for (uint32_t i = 0; i < value->len; i++) {
		char part[16];

		snprintf(part, sizeof(part), "%u", (unsigned)i);
		out->items[i] = make_at(c, value->items[i], base, kb_str_of(part));
		if (!out->items[i])
			return -1;
		out->len++;
	}
	return 0;
}

static int set_number(
	struct sch_compiler *c, struct sch_limit *out, const struct kb_node *value)
{
	if (kb_node_float(value, &out->value) < 0)
		return kb_sch_fail(c, "this must be a number");
	out->given = true;
	return 0;
}

static int set_count(
	struct sch_compiler *c, struct sch_limit *out, const struct kb_node *value)
{
	if (set_number(c, out, value) < 0)
		return -1;
	return out->value >= 0 ? 0 : kb_sch_fail(c, "this must not be less than 0");
}

static int set_regex(struct sch_compiler *c, struct kb_regex **out, kb_str pattern)
{
	struct kb_error err;

	if (kb_regex_compile(out, pattern, KB_REGEX_ECMA, &err) < 0)
		return kb_sch_fail(c, "%s", err.message);
	kb_vec_push(&c->schema->regexes, *out);
	return 0;
}

static int set_strings(struct sch_compiler *c, kb_strs *out, const struct kb_node *value)
{
	if (value->kind != KB_NODE_SEQ)
		return kb_sch_fail(c, "this must be a list of names");
	out->items = kb_arena_array(c->schema->arena, kb_str, value->len);
	for (uint32_t i = 0; i < value->len; i++) {
		if (!value->items[i]->quoted)
			return kb_sch_fail(c, "this must be a list of names");
		out->items[out->len++] = value->items[i]->value;
	}
	return 0;
}

static bool is_map(struct sch_compiler *c, const struct kb_node *value)
{
	if (value->kind == KB_NODE_MAP)
		return true;
	kb_sch_fail(c, "this must be an object");
	return false;
}

#define ARGS                                                                             \
	struct sch_compiler *c, struct sch *sch, const struct kb_node *value, kb_str base
#define UNUSED ((void)c, (void)sch, (void)value, (void)base)
#define KEYWORD(name, call)                                                              \
	static int name(ARGS)                                                            \
	{                                                                                \
		UNUSED;                                                                  \
		return call;                                                             \
	}
#define NUMBER_KEYWORD(field)                                                            \
	KEYWORD(do_##field, (sch->number_words = true, set_number(c, &sch->field, value)))

NUMBER_KEYWORD(maximum)
NUMBER_KEYWORD(minimum)
NUMBER_KEYWORD(exclusive_maximum)
NUMBER_KEYWORD(exclusive_minimum)
KEYWORD(do_max_length, (sch->string_words = true, set_count(c, &sch->max_length, value)))
KEYWORD(do_min_length, (sch->string_words = true, set_count(c, &sch->min_length, value)))
KEYWORD(do_max_items, set_count(c, &sch->max_items, value))
KEYWORD(do_min_items, set_count(c, &sch->min_items, value))
KEYWORD(do_max_properties, set_count(c, &sch->max_properties, value))
KEYWORD(do_min_properties, set_count(c, &sch->min_properties, value))
KEYWORD(do_additional_items, set_schema(c, &sch->additional_items, value, base))
KEYWORD(do_contains, set_schema(c, &sch->contains, value, base))
KEYWORD(do_additional, set_schema(c, &sch->additional, value, base))
KEYWORD(do_property_names, set_schema(c, &sch->property_names, value, base))
KEYWORD(do_if, set_schema(c, &sch->if_sch, value, base))
KEYWORD(do_then, set_schema(c, &sch->then_sch, value, base))
KEYWORD(do_else, set_schema(c, &sch->else_sch, value, base))
KEYWORD(do_not, set_schema(c, &sch->not_sch, value, base))
KEYWORD(do_all_of, set_list(c, &sch->all_of, value, base))
KEYWORD(do_any_of, set_list(c, &sch->any_of, value, base))
KEYWORD(do_one_of, set_list(c, &sch->one_of, value, base))
KEYWORD(do_required, set_strings(c, &sch->required, value))
KEYWORD(do_const, (sch->constant = value, 0))
KEYWORD(do_annotation, 0)

static int do_multiple_of(ARGS)
{
	(void)base;
	sch->number_words = true;
	if (set_number(c, &sch->multiple_of, value) < 0)
		return -1;
	return sch->multiple_of.value > 0 ? 0
					  : kb_sch_fail(c, "this must be more than 0");
}

static int do_unique(ARGS)
{
	(void)base;
	return kb_node_bool(value, &sch->unique) < 0
		       ? kb_sch_fail(c, "this must be true or false")
		       : 0;
}

static int do_enum(ARGS)
{
	(void)base;
	if (value->kind != KB_NODE_SEQ)
		return kb_sch_fail(c, "this must be a list of values");
	sch->choices = value;
	return 0;
}

static int do_pattern(ARGS)
{
	(void)base;
	if (!value->quoted)
		return kb_sch_fail(c, "this must be a regular expression");
	sch->string_words = true;
	sch->pattern_text = value->value;
	return set_regex(c, &sch->pattern, value->value);
}

static int do_format(ARGS)
{
	(void)base;
	sch->string_words = true;
	if (kb_sch_format(kb_node_str(value), &sch->format) < 0)
		return kb_sch_fail(c, "kb does not know the format '%.*s'",
			KB_ARG(kb_node_str(value)));
	return 0;
}

static enum sch_type type_named(kb_str name)
{
	static const struct {
		const char *name;
		enum sch_type type;
	} types[] = {{"null", SCH_NULL}, {"boolean", SCH_BOOLEAN},
		{"integer", SCH_INTEGER}, {"number", SCH_NUMBER}, {"string", SCH_STRING},
		{"array", SCH_ARRAY}, {"object", SCH_OBJECT}};

	for (size_t i = 0; i < KB_LEN(types); i++)
		if (kb_str_is(name, types[i].name))
			return types[i].type;
	return 0;
}

static int add_type(struct sch_compiler *c, struct sch *sch, const struct kb_node *name)
{
	enum sch_type type = type_named(kb_node_str(name));

	sch->types |= (uint8_t)type;
	return type ? 0
		    : kb_sch_fail(c, "'%.*s' is not a type", KB_ARG(kb_node_str(name)));
}

static int do_type(ARGS)
{
	(void)base;
	for (uint32_t i = 0; value->kind == KB_NODE_SEQ && i < value->len; i++)
		if (add_type(c, sch, value->items[i]) < 0)
			return -1;
	return value->kind == KB_NODE_SEQ ? 0 : add_type(c, sch, value);
}

static int do_items(ARGS)
{
	if (value->kind != KB_NODE_SEQ)
		return set_schema(c, &sch->items, value, base);
	sch->has_tuple = true;
	return set_list(c, &sch->tuple, value, base);
}

static int do_properties(ARGS)
{
	if (!is_map(c, value))
		return -1;
	sch->names.items = kb_arena_array(c->schema->arena, kb_str, value->len);
	for (uint32_t i = 0; i < value->len; i++) {
		kb_str name = value->pairs[i].key->value;
		struct sch *property = make_at(c, value->pairs[i].value, base, name);

		if (!property)
			return -1;
		kb_map_put(&sch->properties, name, property);
		sch->names.items[sch->names.len++] = name;
	}
	return 0;
}

static int do_pattern_properties(ARGS)
{
	if (!is_map(c, value))
		return -1;
	sch->patterns = kb_arena_array(c->schema->arena, struct sch_pattern, value->len);
	for (uint32_t i = 0; i < value->len; i++) {
		struct sch_pattern *pattern = &sch->patterns[i];
		kb_str text = value->pairs[i].key->value;

		if (set_regex(c, &pattern->regex, text) < 0)
			return -1;
		pattern->sch = make_at(c, value->pairs[i].value, base, text);
		if (!pattern->sch)
			return -1;
		sch->npatterns++;
	}
	return 0;
}

static int do_dependencies(ARGS)
{
	if (!is_map(c, value))
		return -1;
	sch->dependencies =
		kb_arena_array(c->schema->arena, struct sch_dependency, value->len);
	for (uint32_t i = 0; i < value->len; i++) {
		struct sch_dependency *dependency = &sch->dependencies[i];
		const struct kb_node *needs = value->pairs[i].value;

		dependency->name = value->pairs[i].key->value;
		sch->ndependencies++;
		if (needs->kind == KB_NODE_SEQ
				? set_strings(c, &dependency->keys, needs) < 0
				: set_schema(c, &dependency->sch, needs, base) < 0)
			return -1;
	}
	return 0;
}

static int do_definitions(ARGS)
{
	(void)sch;
	if (!is_map(c, value))
		return -1;
	for (uint32_t i = 0; i < value->len; i++)
		if (!make_at(c, value->pairs[i].value, base, value->pairs[i].key->value))
			return -1;
	return 0;
}

static int do_error_message(ARGS)
{
	(void)base;
	if (value->kind == KB_NODE_SEQ)
		return kb_sch_fail(c, "this must be a message, or an object of messages");
	if (value->kind == KB_NODE_MAP)
		sch->error_messages = value;
	else
		sch->error_message = value->value;
	return 0;
}

static int do_deprecated(ARGS)
{
	(void)base;
	if (kb_node_bool(value, &sch->deprecated) < 0)
		return kb_sch_fail(c, "this must be true or false");
	return 0;
}

static int do_deprecation(ARGS)
{
	(void)base;
	if (value->kind != KB_NODE_SCALAR)
		return kb_sch_fail(c, "this must be a message");
	sch->deprecation = value->value;
	sch->deprecated = true;
	return 0;
}

static const struct keyword keywords[] = {
	{"$comment", do_annotation},
	{"$id", do_annotation},
	{"$schema", do_annotation},
	{"title", do_annotation},
	{"description", do_annotation},
	{"default", do_annotation},
	{"examples", do_annotation},
	{"readOnly", do_annotation},
	{"writeOnly", do_annotation},
	{"contentEncoding", do_annotation},
	{"contentMediaType", do_annotation},
	{"deprecated", do_deprecated},
	{"deprecationMessage", do_deprecation},
	{"markdownDescription", do_annotation},
	{"enumDescriptions", do_annotation},
	{"markdownEnumDescriptions", do_annotation},
	{"defaultSnippets", do_annotation},
	{"errorMessage", do_error_message},
	{"definitions", do_definitions},
	{"type", do_type},
	{"enum", do_enum},
	{"const", do_const},
	{"multipleOf", do_multiple_of},
	{"maximum", do_maximum},
	{"exclusiveMaximum", do_exclusive_maximum},
	{"minimum", do_minimum},
	{"exclusiveMinimum", do_exclusive_minimum},
	{"maxLength", do_max_length},
	{"minLength", do_min_length},
	{"pattern", do_pattern},
	{"format", do_format},
	{"items", do_items},
	{"additionalItems", do_additional_items},
	{"maxItems", do_max_items},
	{"minItems", do_min_items},
	{"uniqueItems", do_unique},
	{"contains", do_contains},
	{"maxProperties", do_max_properties},
	{"minProperties", do_min_properties},
	{"required", do_required},
	{"properties", do_properties},
	{"patternProperties", do_pattern_properties},
	{"additionalProperties", do_additional},
	{"dependencies", do_dependencies},
	{"propertyNames", do_property_names},
	{"if", do_if},
	{"then", do_then},
	{"else", do_else},
	{"allOf", do_all_of},
	{"anyOf", do_any_of},
	{"oneOf", do_one_of},
	{"not", do_not},
};

static int unknown_keyword(struct sch_compiler *c, kb_str name)
{
	kb_str names[KB_LEN(keywords)];
	const kb_str *near;

	for (size_t i = 0; i < KB_LEN(keywords); i++)
		names[i] = kb_str_of(keywords[i].name);
	near = kb_str_nearest(name, names, KB_LEN(names));
	if (near)
		return kb_sch_fail(c,
			"kb does not know the keyword '%.*s'; did you mean '%.*s'?",
			KB_ARG(name), KB_ARG(*near));
	return kb_sch_fail(c,
		"kb does not know the keyword '%.*s' (JSON Schema, draft-07)",
		KB_ARG(name));
}

static int note_stray(struct sch_compiler *c, const struct kb_pair *pair)
{
	kb_vec_push(&c->strays,
		((struct sch_stray){
			pair, kb_arena_str(c->schema->arena, kb_buf_view(&c->path))}));
	return 0;
}

/* Does a $ref lead to it, or to what is in it? */
static bool is_referred_to(const struct sch_compiler *c, const struct kb_node *node)
{
	kb_str key = {(const char *)&node, sizeof(node)};

	if (kb_map_has(&c->made, key))
		return true;
	for (uint32_t i = 0; i < node->len; i++)
		if ((node->kind == KB_NODE_MAP &&
			    is_referred_to(c, node->pairs[i].value)) ||
			(node->kind == KB_NODE_SEQ && is_referred_to(c, node->items[i])))
			return true;
	return false;
}

/* An unknown key is refused, unless it holds schemas that a $ref leads to. */
static int check_strays(struct sch_compiler *c)
{
	for (size_t i = 0; i < c->strays.len; i++) {
		const struct sch_stray *stray = &c->strays.items[i];

		if (is_referred_to(c, stray->pair->value))
			continue;
		kb_buf_clear(&c->path);
		kb_buf_str(&c->path, stray->path);
		return unknown_keyword(c, stray->pair->key->value);
	}
	return 0;
}

static int compile_pair(
	struct sch_compiler *c, struct sch *sch, const struct kb_pair *pair, kb_str base)
{
	size_t len = path_push(c, pair->key->value);
	int result = -1;
	size_t i;

	for (i = 0; i < KB_LEN(keywords); i++)
		if (kb_str_is(pair->key->value, keywords[i].name))
			break;
	if (i < KB_LEN(keywords))
		result = keywords[i].fn(c, sch, pair->value, base);
	else
		result = note_stray(c, pair);
	path_pop(c, len);
	return result;
}

static int compile_ref(
	struct sch_compiler *c, struct sch *sch, const struct kb_node *ref, kb_str base)
{
	struct sch_place place;

	if (!ref->quoted)
		return kb_sch_fail(c, "'$ref' must be a string");
	if (kb_sch_resolve(c, ref->value, base, &place) < 0)
		return -1;
	sch->ref = kb_sch_make(c, place.node, place.base);
	return sch->ref ? 0 : -1;
}

static int compile(
	struct sch_compiler *c, struct sch *sch, const struct kb_node *node, kb_str base)
{
	const struct kb_node *ref = kb_node_get(node, "$ref");
	const struct kb_node *definitions = kb_node_get(node, "definitions");
	bool yes = true;

	if (node->kind != KB_NODE_MAP) {
		if (kb_node_bool(node, &yes) < 0)
			return kb_sch_fail(c, "a schema is an object, true or false");
		sch->never = !yes;
		return 0;
	}
	base = kb_sch_base(c, node, base);
	if (ref && definitions && do_definitions(c, sch, definitions, base) < 0)
		return -1;
	if (ref)
		return compile_ref(c, sch, ref, base);
	for (uint32_t i = 0; i < node->len; i++)
		if (compile_pair(c, sch, &node->pairs[i], base) < 0)
			return -1;
	return 0;
}

/* A node is compiled once, however many $refs lead to it, circles among them. */
struct sch *kb_sch_make(struct sch_compiler *c, const struct kb_node *node, kb_str base)
{
	const struct kb_node **address;
	struct sch *sch;
	kb_str key = {(const char *)&node, sizeof(node)};

	sch = kb_map_get(&c->made, key);
	if (sch)
		return sch;
	sch = kb_arena_new_of(c->schema->arena, struct sch);
	address = kb_arena_copy(c->schema->arena, &node, sizeof(node));
	key.data = (const char *)address;
	kb_map_put(&c->made, key, sch);
	kb_vec_push(&c->schema->all, sch);
	return compile(c, sch, node, base) < 0 ? NULL : sch;
}

static bool in_circle(struct sch *sch);

static bool list_in_circle(const struct sch_list *list)
{
	for (uint32_t i = 0; i < list->len; i++)
		if (in_circle(list->items[i]))
			return true;
	return false;
}

/* Does a schema lead to itself without a step down in the value? That never ends. */
static bool in_circle(struct sch *sch)
{
	bool circle;

	if (!sch || sch->mark == 2)
		return false;
	if (sch->mark == 1)
		return true;
	sch->mark = 1;
	circle = in_circle(sch->ref) || in_circle(sch->if_sch) ||
		 in_circle(sch->then_sch) || in_circle(sch->else_sch) ||
		 in_circle(sch->not_sch) || list_in_circle(&sch->all_of) ||
		 list_in_circle(&sch->any_of) || list_in_circle(&sch->one_of);
	for (uint32_t i = 0; !circle && i < sch->ndependencies; i++)
		circle = in_circle(sch->dependencies[i].sch);
	sch->mark = 2;
	return circle;
}

static struct sch *target(struct sch *sch)
{
	while (sch->ref)
		sch = sch->ref;
	return sch;
}

/* Schemas of kb's own that the root takes in with allOf know the root's keys, too. */
static void extend(struct sch_compiler *c, const struct kb_node *root)
{
	const struct kb_node *all = kb_node_get(root, "allOf");

	for (uint32_t i = 0; all && all->kind == KB_NODE_SEQ && i < all->len; i++) {
		kb_str ref = kb_node_str(kb_node_get(all->items[i], "$ref"));

		if (kb_str_starts(ref, KB_STR("kb:")))
			target(c->schema->root->all_of.items[i])->extended_by =
				c->schema->root;
	}
}

static int compile_root(struct sch_compiler *c, kb_str text)
{
	struct kb_schema *schema = c->schema;
	struct kb_error err;
	struct kb_node *root = kb_json_parse(schema->arena, text, &err);

	if (!root)
		return kb_sch_fail(c, "%s", err.message);
	if (kb_sch_add_text(c, root, schema->name) < 0)
		return -1;
	schema->root = kb_sch_make(c, root, schema->name);
	if (!schema->root || check_strays(c) < 0)
		return -1;
	for (size_t i = 0; i < schema->all.len; i++)
		if (in_circle(schema->all.items[i]))
			return kb_sch_fail(c, "a schema refers to itself endlessly");
	extend(c, root);
	return 0;
}

int kb_schema_compile(struct kb_schema **out, kb_str text, kb_str name,
	kb_schema_load_fn *load, void *ctx, struct kb_error *err)
{
	struct kb_schema *schema = kb_xcalloc(1, sizeof(*schema));
	struct sch_compiler c = {.schema = schema, .load = load, .ctx = ctx, .err = err};
	int result;

	schema->arena = kb_arena_new();
	schema->name = kb_arena_str(schema->arena, name);
	result = compile_root(&c, text);
	kb_map_dispose(&c.places);
	kb_map_dispose(&c.made);
	kb_vec_dispose(&c.strays);
	kb_buf_dispose(&c.path);
	if (result < 0)
		kb_schema_free(schema);
	else
		*out = schema;
	return result;
}

void kb_schema_free(struct kb_schema *schema)
{
	if (!schema)
		return;
	for (size_t i = 0; i < schema->all.len; i++)
		kb_map_dispose(&schema->all.items[i]->properties);
	for (size_t i = 0; i < schema->regexes.len; i++)
		kb_regex_free(schema->regexes.items[i]);
	kb_vec_dispose(&schema->all);
	kb_vec_dispose(&schema->regexes);
	kb_arena_free(schema->arena);
	free(schema);
}
