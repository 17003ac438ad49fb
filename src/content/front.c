#include "front.h"

#include "content.h"
#include "kb/document.h"

const kb_str *kb_front_keys(size_t *n)
{
#define K(name)                                                                          \
	{                                                                                \
		name, sizeof(name) - 1                                                   \
	}
	static const kb_str known[] = {K("id"), K("title"), K("type"), K("summary"),
		K("question"), K("audience"), K("status"), K("issues"), K("owner"),
		K("deputy"), K("reviewed"), K("review_every"), K("publish_at"),
		K("expires_at"), K("regions"), K("variant_of"), K("channels"),
		K("products"), K("tags"), K("keywords"), K("aliases"), K("related"),
		K("slug"), K("weight"), K("promoted"), K("notice"), K("translation"),
		K("subject"), K("placeholders"), K("cases")};
#undef K

	*n = KB_LEN(known);
	return known;
}

static bool is_list_key(kb_str key)
{
	static const char *const keys[] = {"issues", "regions", "channels", "products",
		"tags", "keywords", "aliases", "related"};

	for (size_t i = 0; i < KB_LEN(keys); i++)
		if (kb_str_is(key, keys[i]))
			return true;
	return false;
}

static bool is_one_of(kb_str word, const char *const words[4])
{
	for (int i = 0; i < 4; i++)
		if (kb_str_eq_nocase(word, kb_str_of(words[i])))
			return true;
	return false;
}

bool kb_front_says_draft(const struct kb_node *front)
{
	static const char *const yes[4] = {"true", "yes", "on", "1"};
	static const char *const no[4] = {"false", "no", "off", "0"};

	for (uint32_t i = 0; front && i < front->len; i++) {
		kb_str key = kb_node_str(front->pairs[i].key);
		kb_str value = kb_node_str(front->pairs[i].value);

		if (kb_str_eq_nocase(key, KB_STR("draft")) && is_one_of(value, yes))
			return true;
		if (kb_str_eq_nocase(key, KB_STR("published")) && is_one_of(value, no))
			return true;
	}
	return false;
}

static kb_str restriction_named(kb_str word)
{
	static const kb_str keys[] = {{"audience", 8}, {"status", 6}, {"publish_at", 10},
		{"expires_at", 10}, {"type", 4}, {"draft", 5}, {"published", 9}};

	for (size_t i = 0; i < KB_LEN(keys); i++)
		if (kb_str_eq_nocase(word, keys[i]))
			return keys[i];
	return KB_STR("");
}

/* What a key is to the mount: kb's own key, or empty for one that is ignored. */
static const kb_str *foreign_key(const struct kb_mount *mount, kb_str word, bool exact)
{
	static const kb_str ignored = {"", 0};

	for (uint32_t i = 0; i < mount->nkeys; i++) {
		const kb_str *from = &mount->keys[i].from;

		if (exact ? kb_str_eq_nocase(*from, word)
			  : kb_str_nearest(word, from, 1) != NULL)
			return &mount->keys[i].to;
	}
	for (size_t i = 0; exact && i < mount->ignore.len; i++)
		if (kb_str_eq_nocase(mount->ignore.items[i], word))
			return &ignored;
	return NULL;
}

kb_str kb_front_restriction(const struct kb_mount *mount, kb_str word, bool exact)
{
	const kb_str *meant = foreign_key(mount, word, true);
	kb_str key = restriction_named(meant ? *meant : word);
	size_t n;
	const kb_str *known = kb_front_keys(&n);

	if (meant || key.len || exact)
		return key;
	meant = kb_str_nearest(word, known, n);
	if (!meant)
		meant = foreign_key(mount, word, false);
	return meant ? restriction_named(*meant) : key;
}

struct meta {
	struct kb_arena *arena;
	KB_VEC(struct kb_pair);
};

static bool is_foreign(const struct kb_mount *mount, kb_str key)
{
	for (uint32_t i = 0; i < mount->nkeys; i++)
		if (kb_str_eq(mount->keys[i].from, key))
			return true;
	for (size_t i = 0; i < mount->ignore.len; i++)
		if (kb_str_eq(mount->ignore.items[i], key))
			return true;
	return false;
}

static struct kb_pair *meta_find(struct meta *meta, kb_str key)
{
	for (size_t i = 0; i < meta->len; i++)
		if (kb_str_eq(kb_node_str(meta->items[i].key), key))
			return &meta->items[i];
	return NULL;
}

static bool is_given(const struct kb_pair *pair)
{
	return pair && !kb_node_is_null(pair->value);
}

/* A list of the existing values, if there are any, and the new ones. */
static struct kb_node *list_join(
	struct kb_arena *arena, struct kb_node *a, struct kb_node *b)
{
	struct kb_node *list = kb_arena_new_of(arena, struct kb_node);
	struct kb_node *parts[2] = {a, b};
	size_t n = 0;

	for (int i = 0; i < 2; i++)
		n += !parts[i] ? 0 : parts[i]->kind == KB_NODE_SEQ ? parts[i]->len : 1;
	*list = (struct kb_node){.kind = KB_NODE_SEQ, .range = a ? a->range : b->range};
	list->items = kb_arena_array(arena, struct kb_node *, n);
	for (int i = 0; i < 2; i++) {
		if (!parts[i])
			continue;
		if (parts[i]->kind != KB_NODE_SEQ) {
			list->items[list->len++] = parts[i];
			continue;
		}
		for (uint32_t j = 0; j < parts[i]->len; j++)
			list->items[list->len++] = parts[i]->items[j];
	}
	return list;
}

static struct kb_node *key_node(struct kb_arena *arena, kb_str name, kb_range range)
{
	struct kb_node *key = kb_arena_new_of(arena, struct kb_node);

	*key = (struct kb_node){.kind = KB_NODE_SCALAR, .value = name, .range = range};
	return key;
}

/* Puts the value of a foreign key under kb's own name for it. */
static void map_key(struct meta *meta, const struct kb_pair *foreign, kb_str to)
{
	struct kb_pair *own = meta_find(meta, to);
	bool given = is_given(own), list = is_list_key(to);
	struct kb_node *value = foreign->value;

	if (kb_node_is_null(value) || (given && !list))
		return;
	if (list)
		value = list_join(meta->arena, given ? own->value : NULL, value);
	if (own)
		own->value = value;
	else
		kb_vec_push(meta,
			((struct kb_pair){
				key_node(meta->arena, to, foreign->key->range), value}));
}

enum { COPY_DEPTH = 32 };

/* A default is nowhere in the document. */
static struct kb_node *copy_placeless(
	struct kb_arena *arena, const struct kb_node *node, unsigned depth)
{
	struct kb_node *copy = kb_arena_copy(arena, node, sizeof(*node));

	copy->range = (kb_range){0, 0};
	if (copy->kind != KB_NODE_SCALAR && depth == COPY_DEPTH)
		copy->len = 0;
	if (copy->kind == KB_NODE_SEQ) {
		copy->items = kb_arena_array(arena, struct kb_node *, copy->len);
		for (uint32_t i = 0; i < copy->len; i++)
			copy->items[i] = copy_placeless(arena, node->items[i], depth + 1);
	} else if (copy->kind == KB_NODE_MAP) {
		copy->pairs = kb_arena_array(arena, struct kb_pair, copy->len);
		for (uint32_t i = 0; i < copy->len; i++)
			copy->pairs[i] = (struct kb_pair){
				copy_placeless(arena, node->pairs[i].key, depth + 1),
				copy_placeless(arena, node->pairs[i].value, depth + 1)};
	}
	return copy;
}

static void add_default(struct meta *meta, const struct kb_pair *pair)
{
	struct kb_pair *own = meta_find(meta, kb_node_str(pair->key));
	struct kb_node *value;

	if (is_given(own) || kb_node_is_null(pair->value))
		return;
	value = copy_placeless(meta->arena, pair->value, 0);
	if (own)
		own->value = value;
	else
		kb_vec_push(
			meta, ((struct kb_pair){
				      copy_placeless(meta->arena, pair->key, 0), value}));
}

struct kb_node *kb_front_meta(
	struct kb_arena *arena, const struct kb_mount *mount, struct kb_node *front)
{
	struct meta meta = {.arena = arena};
	struct kb_node *map;

	if (!mount->nkeys && !mount->ignore.len && !mount->defaults)
		return front;
	for (uint32_t i = 0; i < front->len; i++)
		if (!is_foreign(mount, kb_node_str(front->pairs[i].key)))
			kb_vec_push(&meta, front->pairs[i]);
	for (uint32_t i = 0; i < mount->nkeys; i++)
		for (uint32_t j = 0; j < front->len; j++)
			if (kb_str_eq(kb_node_str(front->pairs[j].key),
				    mount->keys[i].from))
				map_key(&meta, &front->pairs[j], mount->keys[i].to);
	for (uint32_t i = 0; mount->defaults && i < mount->defaults->len; i++)
		add_default(&meta, &mount->defaults->pairs[i]);
	map = kb_arena_new_of(arena, struct kb_node);
	*map = *front;
	map->len = (uint32_t)meta.len;
	map->pairs = kb_vec_freeze(&meta, arena);
	return map;
}
