/*
 * A change of YAML at its place: an operation (first line: its letter), a key, a value
 * and, behind a line '%%%', a text; it is made in each map of the text.
 *
 * Either the new text says exactly what was meant, told here by trees of our own and
 * not by those of the editor, or it is refused and nothing changes.
 */
#include "fuzz.h"

#include "kb/escape.h"
#include "kb/unicode.h"
#include "kb/yaml_edit.h"

enum { MAPS_MAX = 20 };

struct change {
	char letter;
	kb_str key, value;
};

static kb_str line(kb_str *rest)
{
	kb_str line = KB_STR("");

	kb_str_next(rest, '\n', &line);
	return line;
}

/* All maps of a tree, outer ones first. */
static uint32_t maps_of(
	const struct kb_node *node, const struct kb_node **maps, uint32_t n)
{
	if (node->kind == KB_NODE_MAP && n < MAPS_MAX)
		maps[n++] = node;
	for (uint32_t i = 0; node->kind != KB_NODE_SCALAR && i < node->len; i++)
		n = maps_of(
			node->kind == KB_NODE_MAP ? node->pairs[i].value : node->items[i],
			maps, n);
	return n;
}

static int make(struct kb_yaml_text *yaml, const struct kb_node *map,
	struct change change, struct kb_error *err)
{
	switch (change.letter) {
	case 'r':
		return kb_yaml_remove(yaml, map, change.key, err);
	case 'a':
		return kb_yaml_add(yaml, map, change.key, &change.value, 1, "title", err);
	case 'd':
		return kb_yaml_drop(yaml, map, change.key, 0, err);
	case 'm':
		return kb_yaml_set_map(
			yaml, map, change.key, KB_STR("in"), change.value, "title", err);
	default:
		return kb_yaml_set(yaml, map, change.key, change.value, "title", err);
	}
}

static bool is_text(const struct kb_node *node, kb_str text)
{
	return node && node->kind == KB_NODE_SCALAR && kb_str_eq(node->value, text);
}

/* Is NOW what the change makes of BEFORE (NULL: nothing), a value of the map? */
static bool is_meant(
	struct change change, const struct kb_node *before, const struct kb_node *now)
{
	bool was_list = before && before->kind == KB_NODE_SEQ;
	uint32_t had = was_list ? before->len : before && !kb_node_is_null(before);

	switch (change.letter) {
	case 'r':
		return !now;
	case 'd':
		return was_list && before->len > 1
			       ? now && now->kind == KB_NODE_SEQ &&
					 now->len == before->len - 1 &&
					 kb_node_same(now->items[0], before->items[1])
			       : !now;
	case 'a':
		return now && now->kind == KB_NODE_SEQ && now->len == had + 1 &&
		       is_text(now->items[had], change.value) &&
		       (!had || kb_node_same(now->items[0],
					was_list ? before->items[0] : before));
	case 'm':
		return now && now->kind == KB_NODE_MAP && now->len == 1 &&
		       is_text(now->pairs[0].value, change.value);
	default:
		return is_text(now, change.value);
	}
}

/* NOW is BEFORE with the change in the map that is the I-th; COUNT counts maps. */
static void check(struct change change, const struct kb_node *before,
	const struct kb_node *now, uint32_t wanted, uint32_t *count)
{
	bool here = before->kind == KB_NODE_MAP && (*count)++ == wanted;
	uint32_t n = 0;

	must(before->kind == now->kind, "a value of another kind");
	if (before->kind == KB_NODE_SCALAR) {
		must(kb_node_same(before, now), "'%.*s' is '%.*s' now",
			KB_ARG(before->value), KB_ARG(now->value));
		return;
	}
	if (before->kind == KB_NODE_SEQ) {
		must(before->len == now->len, "a list of another length");
		for (uint32_t i = 0; i < before->len; i++)
			check(change, before->items[i], now->items[i], wanted, count);
		return;
	}
	for (uint32_t i = 0; i < before->len; i++) {
		const struct kb_pair *pair = &before->pairs[i];

		if (here && kb_str_eq(pair->key->value, change.key)) {
			n += kb_node_get_str(now, change.key) != NULL;
			continue;
		}
		while (here && n < now->len &&
			kb_str_eq(now->pairs[n].key->value, change.key))
			n++;
		must(n < now->len && kb_node_same(pair->key, now->pairs[n].key),
			"key '%.*s' is gone", KB_ARG(pair->key->value));
		check(change, pair->value, now->pairs[n++].value, wanted, count);
	}
	if (here)
		must(is_meant(change, kb_node_get_str(before, change.key),
			     kb_node_get_str(now, change.key)),
			"'%.*s' is not what was meant", KB_ARG(change.key));
	else
		must(n == now->len, "a map of another length");
}

static bool has_twins(const struct kb_node *map)
{
	for (uint32_t i = 0; i < map->len; i++)
		if (kb_node_get_str(map, map->pairs[i].key->value) != map->pairs[i].value)
			return true;
	return false;
}

static void edit(struct kb_arena *arena, kb_str file, struct change change, uint32_t at)
{
	const struct kb_node *maps[MAPS_MAX], *map;
	struct kb_yaml_text yaml, old;

	_cleanup_(kb_diags_dispose) struct kb_diags diags = {0};
	struct kb_error err = {.code = KB_OK};
	struct kb_node *now;
	uint32_t count = 0;

	if (kb_yaml_open(&yaml, arena, file, false, &err) < 0 ||
		at >= maps_of(yaml.root, maps, 0))
		return;
	map = maps[at];
	old = yaml;
	if (has_twins(map) || make(&yaml, map, change, &err) < 0) {
		must(kb_str_eq(yaml.file, file) && yaml.root == old.root,
			"it was refused and changed");
		return;
	}
	kb_diags_init(&diags, NULL);
	now = kb_yaml_parse(arena, yaml.file, 0, KB_STR("x.yaml"), &diags);
	must(now, "the new text cannot be read: %.*s", KB_ARG(yaml.file));
	must(kb_node_same(now, yaml.root), "the new text says another thing");
	check(change, old.root, now, at, &count);
}

/* A scalar is read as what was written, alone and within brackets. */
static void check_scalar(struct kb_arena *arena, kb_str value)
{
	for (int i = 0; i < 4; i++) {
		_cleanup_buf_ kb_buf text = {0};

		_cleanup_(kb_diags_dispose) struct kb_diags diags;
		struct kb_node *root;

		kb_diags_init(&diags, NULL);
		kb_buf_puts(&text, i < 2 ? "k: " : "k: [x, ");
		kb_yaml_put_scalar(&text, value, i % 2 ? '\'' : '"', i >= 2);
		kb_buf_puts(&text, i < 2 ? "\n" : ", y]\n");
		root = kb_yaml_parse(
			arena, kb_buf_view(&text), 0, KB_STR("x.yaml"), &diags);
		must(root, "it cannot be read: %.*s", KB_ARG(kb_buf_view(&text)));
		root = kb_node_get(root, "k");
		must(i < 2 || (root->kind == KB_NODE_SEQ && root->len == 3), "%.*s",
			KB_ARG(kb_buf_view(&text)));
		must(is_text(i < 2 ? root : root->items[1], value),
			"it says another thing: %.*s", KB_ARG(kb_buf_view(&text)));
	}
}

/* What has no place in content is another text when it is read. */
static bool is_clean(kb_str s)
{
	size_t at = 0, from;
	uint32_t cp;

	return kb_utf8_invalid(s) == SIZE_MAX && !kb_unwanted_next(s, &at, &from, &cp);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, head = fuzz_part(&rest), letter = line(&head);
	struct change change = {letter.len ? *letter.data : 's', line(&head), head};

	if (!is_clean(change.key) || !is_clean(change.value))
		return;
	check_scalar(arena, change.value);
	for (uint32_t i = 0; i < MAPS_MAX; i++)
		edit(arena, rest, change, i);
}
