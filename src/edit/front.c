#include "front.h"

int kb_front_open(struct kb_front *front, struct kb_arena *arena,
	struct kb_source *source, const struct kb_document *doc, struct kb_error *err)
{
	struct kb_reader *reader = kb_reader_new(source);
	_cleanup_buf_ kb_buf text = {0};
	struct kb_error why;
	int failed = kb_reader_read(reader, doc->path, 0, &text, err);

	kb_reader_free(reader);
	if (failed)
		return -1;
	*front = (struct kb_front){
		.doc = doc, .before = kb_arena_str(arena, kb_buf_view(&text))};
	if (kb_yaml_open(&front->yaml, arena, front->before, true, &why))
		return kb_error_set(err, KB_E_REFUSED,
			"the front matter of %.*s cannot be read: %s", KB_ARG(doc->path),
			why.message);
	return 0;
}

bool kb_front_means(const struct kb_document *doc, kb_str own, const char *key)
{
	const struct kb_mount *mount = doc->mount;

	if (kb_str_is(own, key))
		return true;
	for (uint32_t i = 0; i < mount->nkeys; i++)
		if (kb_str_is(mount->keys[i].to, key) &&
			kb_str_eq(mount->keys[i].from, own))
			return true;
	return false;
}

kb_str kb_front_key(const struct kb_front *front, const char *key)
{
	const struct kb_node *root = front->yaml.root;
	kb_str name = kb_str_of(key);

	for (uint32_t i = 0; i < root->len && !kb_node_get(root, key); i++)
		if (kb_front_means(front->doc, root->pairs[i].key->value, key))
			return root->pairs[i].key->value;
	return name;
}

const char *kb_front_after(const struct kb_front *front, const char *key)
{
	static const char *const order[] = {"id", "title", "question", "type", "summary",
		"audience", "status", "issues", "owner", "deputy", "reviewed",
		"review_every", "publish_at", "expires_at", "regions", "variant_of",
		"channels", "products", "tags", "keywords", "aliases", "related", "slug",
		"weight", "promoted", "notice", "translation"};
	const char *after = NULL;

	for (size_t i = 0; i < KB_LEN(order) && strcmp(order[i], key) != 0; i++)
		if (kb_node_get(front->yaml.root, order[i]))
			after = order[i];
	return after;
}

struct kb_rewrite kb_front_rewrite(const struct kb_front *front)
{
	return (struct kb_rewrite){.path = front->doc->path,
		.before = front->before,
		.after = front->yaml.file};
}

const struct kb_node *kb_front_find(const struct kb_node *value, kb_str id, uint32_t *at)
{
	*at = 0;
	if (value && value->kind == KB_NODE_SCALAR)
		return kb_str_eq(value->value, id) ? value : NULL;
	for (; value && value->kind == KB_NODE_SEQ && *at < value->len; ++*at)
		if (kb_str_eq(kb_node_str(value->items[*at]), id))
			return value->items[*at];
	return NULL;
}
