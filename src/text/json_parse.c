#include "kb/yaml.h"

#include <jansson.h>

/*
 * Objects come in the order of the text. jansson limits nesting itself (2048).
 */
static struct kb_node *convert(struct kb_arena *arena, const json_t *json);

static struct kb_node *scalar(struct kb_arena *arena, kb_str value, bool quoted)
{
	struct kb_node *node = kb_arena_new_of(arena, struct kb_node);

	node->kind = KB_NODE_SCALAR;
	node->quoted = quoted;
	node->typed = true;
	node->value = value;
	return node;
}

static struct kb_node *convert_array(struct kb_arena *arena, const json_t *json)
{
	struct kb_node *node = kb_arena_new_of(arena, struct kb_node);
	size_t len = json_array_size(json);

	node->kind = KB_NODE_SEQ;
	node->typed = true;
	node->len = (uint32_t)len;
	node->items = kb_arena_array(arena, struct kb_node *, len);
	for (size_t i = 0; i < len; i++)
		node->items[i] = convert(arena, json_array_get(json, i));
	return node;
}

static struct kb_node *convert_object(struct kb_arena *arena, json_t *json)
{
	struct kb_node *node = kb_arena_new_of(arena, struct kb_node);
	size_t len = json_object_size(json), i = 0;

	node->kind = KB_NODE_MAP;
	node->typed = true;
	node->len = (uint32_t)len;
	node->pairs = kb_arena_array(arena, struct kb_pair, len);
	for (void *it = json_object_iter(json); it;
		it = json_object_iter_next(json, it)) {
		kb_str key = {json_object_iter_key(it), json_object_iter_key_len(it)};

		node->pairs[i].key = scalar(arena, kb_arena_str(arena, key), true);
		node->pairs[i++].value = convert(arena, json_object_iter_value(it));
	}
	return node;
}

static struct kb_node *convert(struct kb_arena *arena, const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return convert_object(arena, (json_t *)(uintptr_t)json);
	case JSON_ARRAY:
		return convert_array(arena, json);
	case JSON_STRING: {
		kb_str value = {json_string_value(json), json_string_length(json)};

		return scalar(arena, kb_arena_str(arena, value), true);
	}
	case JSON_INTEGER:
		return scalar(arena,
			kb_arena_fmt(
				arena, "%" JSON_INTEGER_FORMAT, json_integer_value(json)),
			false);
	case JSON_REAL:
		return scalar(arena, kb_arena_fmt(arena, "%.17g", json_real_value(json)),
			false);
	case JSON_TRUE:
		return scalar(arena, KB_STR("true"), false);
	case JSON_FALSE:
		return scalar(arena, KB_STR("false"), false);
	default:
		return scalar(arena, KB_STR("null"), false);
	}
}

struct kb_node *kb_json_parse(struct kb_arena *arena, kb_str text, struct kb_error *err)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
	struct kb_node *node;
	json_error_t error;
	json_t *json;

	if (kb_str_starts(text, KB_STR("\xEF\xBB\xBF")))
		text = kb_str_sub(text, 3, text.len);
	json_set_alloc_funcs(kb_xmalloc, free);
	json = json_loadb(text.data ? text.data : "", text.len, flags, &error);
	if (!json && json_error_code(&error) == json_error_numeric_overflow)
		json = json_loadb(
			text.data, text.len, flags | JSON_DECODE_INT_AS_REAL, &error);
	if (!json) {
		kb_error_set(err, KB_E_CONFIG,
			"this is not valid JSON: line %d, column %d: %s", error.line,
			error.column, error.text);
		return NULL;
	}
	node = convert(arena, json);
	json_decref(json);
	return node;
}

static struct kb_value *scalar_value(struct kb_arena *arena, const struct kb_node *node)
{
	if (node->quoted)
		return kb_value_str(arena, node->value);
	if (kb_str_is(node->value, "null"))
		return kb_value_null(arena);
	if (kb_str_is(node->value, "true") || kb_str_is(node->value, "false"))
		return kb_value_bool(arena, kb_str_is(node->value, "true"));
	return kb_value_number(arena, node->value);
}

static struct kb_value *value_of(struct kb_arena *arena, const struct kb_node *node)
{
	bool seq = node->kind == KB_NODE_SEQ;
	struct kb_value *value;

	if (node->kind == KB_NODE_SCALAR)
		return scalar_value(arena, node);
	value = seq ? kb_value_list(arena) : kb_value_map(arena);
	for (uint32_t i = 0; i < node->len; i++)
		if (seq)
			kb_value_push(arena, value, value_of(arena, node->items[i]));
		else
			kb_value_set(arena, value, node->pairs[i].key->value.data,
				value_of(arena, node->pairs[i].value));
	return value;
}

struct kb_value *kb_json_value(struct kb_arena *arena, kb_str text, struct kb_error *err)
{
	const struct kb_node *node = kb_json_parse(arena, text, err);

	return node ? value_of(arena, node) : NULL;
}
