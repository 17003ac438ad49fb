/*
 * Changes the front matter of each document named, in every way that kb knows, and takes
 * the change back: the bytes must be the former ones. Prints how many changes were made,
 * and how many kb refused to make.
 * usage: yaml_roundtrip FILE...
 */
#include <stdio.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/yaml_edit.h"

static size_t documents, changes, refused, faults;

static void fault(const char *path, const char *message, kb_str key)
{
	printf("%s: %s '%.*s' is not undone\n", path, message, KB_ARG(key));
	faults++;
}

static bool same_elsewhere(
	const struct kb_yaml_text *before, const struct kb_yaml_text *after, kb_str key)
{
	for (uint32_t i = 0; i < before->root->len; i++) {
		const struct kb_pair *pair = &before->root->pairs[i];
		const struct kb_node *now =
			kb_node_get_str(after->root, pair->key->value);

		if (!kb_str_eq(pair->key->value, key) &&
			(!now || !kb_node_same(now, pair->value)))
			return false;
	}
	return true;
}

/* Is the value written as kb would write it? */
static bool is_canonical(
	const struct kb_yaml_text *yaml, const struct kb_node *node, bool flow)
{
	_cleanup_buf_ kb_buf text = {0};

	kb_yaml_put_scalar(&text, node->value, '"', flow);
	return kb_str_eq(kb_buf_view(&text), kb_str_sub(yaml->file, node->range.off,
						     node->range.off + node->range.len));
}

static void set_and_restore(const char *path, const struct kb_yaml_text *yaml, kb_str key)
{
	struct kb_yaml_text now = *yaml;
	const struct kb_node *old = kb_node_get_str(yaml->root, key);
	struct kb_error err;

	if (kb_yaml_set(&now, now.root, key, KB_STR("2026-11-25"), "owner", &err)) {
		refused++;
		return;
	}
	changes++;
	if (!same_elsewhere(yaml, &now, key))
		fault(path, "another key than", key);
	if (old && kb_node_is_null(old))
		return; /* nothing writes nothing */
	if (!old) {
		if (kb_yaml_remove(&now, now.root, key, &err) ||
			!kb_str_eq(now.file, yaml->file))
			fault(path, "adding", key);
	} else if (kb_yaml_set(&now, now.root, key, old->value, NULL, &err) ||
		   !kb_node_same(now.root, yaml->root)) {
		fault(path, "setting", key);
	} else if (is_canonical(yaml, old, false) && !kb_str_eq(now.file, yaml->file)) {
		fault(path, "setting, byte for byte,", key);
	}
}

static void add_and_drop(const char *path, const struct kb_yaml_text *yaml, kb_str key)
{
	struct kb_yaml_text now = *yaml;
	const struct kb_node *old = kb_node_get_str(yaml->root, key);
	const kb_str value = KB_STR("it's: [new]");
	struct kb_error err;
	uint32_t at;

	if (kb_yaml_add(&now, now.root, key, &value, 1, "title", &err)) {
		refused++;
		return;
	}
	changes++;
	at = kb_node_get_str(now.root, key)->len - 1;
	if (!same_elsewhere(yaml, &now, key))
		fault(path, "another key than", key);
	if (kb_yaml_drop(&now, now.root, key, at, &err))
		fault(path, err.message, key);
	else if (!kb_str_eq(now.file, yaml->file) &&
		 (!old || (old->kind == KB_NODE_SEQ && old->len)))
		fault(path, "adding to", key);
}

static void drop_and_add(const char *path, const struct kb_yaml_text *yaml, kb_str key)
{
	struct kb_yaml_text now = *yaml;
	const struct kb_node *old = kb_node_get_str(yaml->root, key);
	const struct kb_node *last = old->items[old->len - 1];
	struct kb_error err;

	if (kb_yaml_drop(&now, now.root, key, old->len - 1, &err)) {
		refused++;
		return;
	}
	changes++;
	if (!same_elsewhere(yaml, &now, key))
		fault(path, "another key than", key);
	if (kb_yaml_add(&now, now.root, key, &last->value, 1, NULL, &err) ||
		!kb_node_same(now.root, yaml->root))
		fault(path, "dropping from", key);
	else if (is_canonical(yaml, last, old->flow) && !kb_str_eq(now.file, yaml->file))
		fault(path, "dropping, byte for byte, from", key);
}

static bool has_twins(const struct kb_node *map)
{
	for (uint32_t i = 0; i < map->len; i++)
		if (kb_node_get_str(map, map->pairs[i].key->value) != map->pairs[i].value)
			return true;
	return false;
}

static void check(const char *path, struct kb_arena *arena, kb_str file)
{
	struct kb_yaml_text yaml;

	if (kb_yaml_open(&yaml, arena, file, true, NULL) || has_twins(yaml.root))
		return;
	documents++;
	set_and_restore(path, &yaml, KB_STR("kb-new"));
	add_and_drop(path, &yaml, KB_STR("kb-list"));
	for (uint32_t i = 0; i < yaml.root->len; i++) {
		const struct kb_node *value = yaml.root->pairs[i].value;
		kb_str key = yaml.root->pairs[i].key->value;
		struct kb_yaml_text now = yaml;

		if (value->kind == KB_NODE_SCALAR)
			set_and_restore(path, &yaml, key);
		if (value->kind != KB_NODE_MAP)
			add_and_drop(path, &yaml, key);
		if (value->kind == KB_NODE_SEQ && value->len > 1 &&
			value->items[value->len - 1]->kind == KB_NODE_SCALAR)
			drop_and_add(path, &yaml, key);
		changes += !kb_yaml_remove(&now, now.root, key, NULL);
	}
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
		_cleanup_buf_ kb_buf file = {0};
		struct kb_error err;

		if (kb_file_read(argv[i], 0, &file, &err)) {
			fprintf(stderr, "%s\n", err.message);
			return 2;
		}
		check(argv[i], arena, kb_buf_view(&file));
	}
	printf("%zu documents, %zu changes, %zu refused, %zu faults\n", documents,
		changes, refused, faults);
	return faults > 0;
}
