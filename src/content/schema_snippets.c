#include "kb/schema_snippets.h"

#include "kb/config.h"
#include "kb/schema.h"
#include "kb/value.h"

struct snippets {
	struct kb_arena *arena;
	struct kb_value *root;
	struct kb_node *common; /* definitions that schemas refer to */
	kb_map seen;		/* keys that are written already */
};

static struct kb_node *schema_of(struct kb_arena *arena, const char *name)
{
	return kb_json_parse(arena, kb_schema_builtin(kb_str_of(name)), NULL);
}

/* What "common.json#/definitions/NAME" refers to, else NODE itself. */
static const struct kb_node *resolve(const struct snippets *s, const struct kb_node *node)
{
	kb_str ref = kb_node_str(kb_node_get(node, "$ref"));
	size_t slash = kb_str_rchr(ref, '/');
	const struct kb_node *found = NULL;

	if (kb_str_starts(ref, KB_STR("common.json#/definitions/")))
		found = kb_node_get_str(kb_node_get(s->common, "definitions"),
			kb_str_sub(ref, slash + 1, ref.len));
	return found ? found : node;
}

static bool is_a(const struct kb_node *schema, const char *type)
{
	const struct kb_node *any = kb_node_get(schema, "anyOf");
	bool found = kb_str_is(kb_node_str(kb_node_get(schema, "type")), type);

	for (uint32_t i = 0; any && any->kind == KB_NODE_SEQ && i < any->len; i++)
		found |= is_a(any->items[i], type);
	return found;
}

/* "key: ${1|a,b|}", "key: [$1]", "key: $1" */
static kb_str body_of(const struct snippets *s, kb_str key, const struct kb_node *schema)
{
	const struct kb_node *choices = kb_node_get(schema, "enum");
	_cleanup_buf_ kb_buf body = {0};

	kb_buf_fmt(&body, "%.*s: ", KB_ARG(key));
	if (kb_str_is(key, "type")) { /* each schema knows its own alone */
		for (int type = 0; type < KB_TYPE_COUNT; type++)
			kb_buf_fmt(&body, "%s%s", type ? "," : "${1|",
				kb_type_name((enum kb_type)type));
		kb_buf_puts(&body, "|}");
	} else if (choices && choices->kind == KB_NODE_SEQ) {
		kb_buf_puts(&body, "${1|");
		for (uint32_t i = 0; i < choices->len; i++)
			kb_buf_fmt(&body, "%s%.*s", i ? "," : "",
				KB_ARG(kb_node_str(choices->items[i])));
		kb_buf_puts(&body, "|}");
	} else if (is_a(schema, "array")) {
		kb_buf_puts(&body, "[$1]");
	} else if (is_a(schema, "boolean")) {
		kb_buf_puts(&body, "${1|true,false|}");
	} else {
		kb_buf_puts(&body, "$1");
	}
	return kb_arena_str(s->arena, kb_buf_view(&body));
}

static void put_snippet(
	struct snippets *s, kb_str name, kb_str prefix, kb_str body, kb_str description)
{
	struct kb_value *map =
		kb_value_set_map(s->arena, s->root, kb_arena_str(s->arena, name).data);

	kb_value_set_str(s->arena, map, "scope", KB_STR("markdown"));
	kb_value_set_str(s->arena, map, "prefix", prefix);
	kb_value_set_str(s->arena, map, "body", body);
	kb_value_set_str(s->arena, map, "description", description);
}

static void put_keys(struct snippets *s, const struct kb_node *schema)
{
	const struct kb_node *properties = kb_node_get(schema, "properties");

	for (uint32_t i = 0; properties && i < properties->len; i++) {
		kb_str key = properties->pairs[i].key->value;
		const struct kb_node *own = resolve(s, properties->pairs[i].value);

		if (kb_map_has(&s->seen, key))
			continue;
		kb_map_put(&s->seen, key, s);
		put_snippet(s, key, key, body_of(s, key, own),
			kb_node_str(kb_node_get(own, "description")));
	}
}

/* The first lines of a document: what its type requires, and who owns it. */
static void put_opening(struct snippets *s, enum kb_type type)
{
	bool is_answer = type == KB_WORKFLOW || type == KB_REPLY;
	const char *name = kb_type_name(type);

	put_snippet(s, kb_arena_fmt(s->arena, "kb %s", name), kb_str_of(name),
		kb_arena_fmt(s->arena,
			"---\ntitle: $1\n%sowner: $3\nstatus: draft\n---\n$0",
			is_answer ? "issues: [$2]\n" : ""),
		kb_arena_fmt(s->arena, "Front matter of a new %s", name));
}

void kb_snippets(kb_buf *out)
{
	struct snippets s = {.arena = kb_arena_new()};

	s.common = schema_of(s.arena, "common");
	s.root = kb_value_map(s.arena);
	for (int type = 0; type < KB_TYPE_COUNT; type++) {
		put_opening(&s, (enum kb_type)type);
		put_keys(&s, schema_of(s.arena, kb_type_name((enum kb_type)type)));
	}
	kb_value_json(s.root, KB_JSON_PRETTY, out);
	kb_map_dispose(&s.seen);
	kb_arena_free(s.arena);
}
