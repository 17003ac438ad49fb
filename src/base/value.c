#include "kb/value.h"

#include <ctype.h>

/* Up to so many keys a map is searched from end to end. */
#define LINEAR_MAX 8

static struct kb_value *value_new(struct kb_arena *arena, enum kb_value_type type)
{
	struct kb_value *value = kb_arena_new_of(arena, struct kb_value);

	value->type = type;
	return value;
}

struct kb_value *kb_value_null(struct kb_arena *arena)
{
	return value_new(arena, KB_VALUE_NULL);
}

struct kb_value *kb_value_str(struct kb_arena *arena, kb_str s)
{
	struct kb_value *value = value_new(arena, KB_VALUE_STR);

	value->str = s.data;
	value->len = s.len < UINT32_MAX ? (uint32_t)s.len : UINT32_MAX;
	value->truth = s.len > 0;
	return value;
}

struct kb_value *kb_value_number(struct kb_arena *arena, kb_str json)
{
	struct kb_value *value = kb_value_str(arena, json);

	value->type = KB_VALUE_NUMBER;
	value->truth =
		isdigit((unsigned char)json.data[strcspn(json.data, "123456789eE")]);
	return value;
}

struct kb_value *kb_value_int(struct kb_arena *arena, long long n)
{
	return kb_value_number(arena, kb_arena_fmt(arena, "%lld", n));
}

/* A number from 0 to a billion, to three places. */
static struct kb_value *kb_value_decimal(struct kb_arena *arena, double n)
{
	long long mille = n > 0 ? (long long)(n * 1000 + 0.5) : 0;

	return kb_value_number(
		arena, kb_arena_fmt(arena, "%lld.%03lld", mille / 1000, mille % 1000));
}

struct kb_value *kb_value_bool(struct kb_arena *arena, bool truth)
{
	struct kb_value *value = value_new(arena, KB_VALUE_BOOL);

	value->truth = truth;
	return value;
}

struct kb_value *kb_value_list(struct kb_arena *arena)
{
	return value_new(arena, KB_VALUE_LIST);
}

struct kb_value *kb_value_map(struct kb_arena *arena)
{
	return value_new(arena, KB_VALUE_MAP);
}

/* Room for one more of SIZE bytes; the arena keeps what is outgrown. */
static void *grow(struct kb_arena *arena, struct kb_value *value, void *old, size_t size)
{
	void *bigger;

	if (value->len < value->cap)
		return old;
	value->cap = value->cap ? value->cap * 2 : 4;
	bigger = kb_arena_alloc(arena, kb_size_mul(value->cap, size));
	if (value->len)
		memcpy(bigger, old, value->len * size);
	return bigger;
}

void kb_value_push(
	struct kb_arena *arena, struct kb_value *list, const struct kb_value *item)
{
	list->items = grow(arena, list, list->items, sizeof(*list->items));
	list->items[list->len++] = item;
}

void kb_value_push_str(struct kb_arena *arena, struct kb_value *list, kb_str s)
{
	kb_value_push(arena, list, kb_value_str(arena, s));
}

struct kb_value *kb_value_push_map(struct kb_arena *arena, struct kb_value *list)
{
	struct kb_value *map = kb_value_map(arena);

	kb_value_push(arena, list, map);
	return map;
}

/* The slots are twice as many as there is room for members, a power of two. */
static uint32_t *find_slot(const struct kb_value *map, kb_str key)
{
	size_t mask = (size_t)map->cap * 2 - 1;
	size_t i = (size_t)kb_str_hash(key) & mask;

	while (map->slots[i] && !kb_str_eq(map->members[map->slots[i] - 1].key, key))
		i = (i + 1) & mask;
	return &map->slots[i];
}

static struct kb_member *find_member(const struct kb_value *map, kb_str key)
{
	uint32_t slot;

	if (map->slots) {
		slot = *find_slot(map, key);
		return slot ? &map->members[slot - 1] : NULL;
	}
	for (uint32_t i = 0; i < map->len; i++)
		if (kb_str_eq(map->members[i].key, key))
			return &map->members[i];
	return NULL;
}

static void add_member(
	struct kb_arena *arena, struct kb_value *map, struct kb_member member)
{
	uint32_t cap = map->cap;

	map->members = grow(arena, map, map->members, sizeof(*map->members));
	map->members[map->len++] = member;
	if (map->len <= LINEAR_MAX)
		return;
	if (map->cap == cap) {
		*find_slot(map, member.key) = map->len;
		return;
	}
	map->slots = kb_arena_array(arena, uint32_t, (size_t)map->cap * 2);
	for (uint32_t i = 0; i < map->len; i++)
		*find_slot(map, map->members[i].key) = i + 1;
}

void kb_value_set(struct kb_arena *arena, struct kb_value *map, const char *key,
	const struct kb_value *value)
{
	struct kb_member *member = find_member(map, kb_str_of(key));

	if (member)
		member->value = value;
	else
		add_member(arena, map, (struct kb_member){kb_str_of(key), value});
}

void kb_value_set_str(
	struct kb_arena *arena, struct kb_value *map, const char *key, kb_str s)
{
	kb_value_set(arena, map, key, kb_value_str(arena, s));
}

void kb_value_set_bool(
	struct kb_arena *arena, struct kb_value *map, const char *key, bool b)
{
	kb_value_set(arena, map, key, kb_value_bool(arena, b));
}

void kb_value_set_name(
	struct kb_arena *arena, struct kb_value *map, const char *key, const char *name)
{
	kb_value_set_str(arena, map, key, kb_str_of(name));
}

void kb_value_set_opt(
	struct kb_arena *arena, struct kb_value *map, const char *key, kb_str s)
{
	if (s.len)
		kb_value_set_str(arena, map, key, s);
}

void kb_value_set_int(
	struct kb_arena *arena, struct kb_value *map, const char *key, long long n)
{
	kb_value_set(arena, map, key, kb_value_int(arena, n));
}

void kb_value_set_decimal(
	struct kb_arena *arena, struct kb_value *map, const char *key, double n)
{
	kb_value_set(arena, map, key, kb_value_decimal(arena, n));
}

void kb_value_set_strs(struct kb_arena *arena, struct kb_value *map, const char *key,
	const kb_strs *list)
{
	struct kb_value *value = kb_value_set_list(arena, map, key);

	for (size_t i = 0; i < list->len; i++)
		kb_value_push_str(arena, value, list->items[i]);
}

struct kb_value *kb_value_set_list(
	struct kb_arena *arena, struct kb_value *map, const char *key)
{
	struct kb_value *list = kb_value_list(arena);

	kb_value_set(arena, map, key, list);
	return list;
}

struct kb_value *kb_value_set_map(
	struct kb_arena *arena, struct kb_value *map, const char *key)
{
	struct kb_value *inner = kb_value_map(arena);

	kb_value_set(arena, map, key, inner);
	return inner;
}

void kb_value_set_parent(struct kb_value *map, const struct kb_value *parent)
{
	map->parent = parent;
}

const struct kb_value *kb_value_get(const struct kb_value *map, kb_str key)
{
	const struct kb_member *member;

	for (; map && map->type == KB_VALUE_MAP; map = map->parent)
		if ((member = find_member(map, key)))
			return member->value;
	return NULL;
}

kb_str kb_value_text(const struct kb_value *value)
{
	bool has =
		value && (value->type == KB_VALUE_STR || value->type == KB_VALUE_NUMBER);

	return has ? (kb_str){value->str, value->len} : KB_STR_NULL;
}

void kb_value_print(const struct kb_value *value, kb_buf *out)
{
	const uint32_t head[] = {value->type, value->truth, value->len};

	kb_buf_add(out, head, sizeof(head));
	kb_buf_str(out, kb_value_text(value));
	for (uint32_t i = 0; value->type == KB_VALUE_LIST && i < value->len; i++)
		kb_value_print(value->items[i], out);
	for (uint32_t i = 0; value->type == KB_VALUE_MAP && i < value->len; i++) {
		const struct kb_member *member = &value->members[i];
		uint32_t key = (uint32_t)member->key.len;

		kb_buf_add(out, &key, sizeof(key));
		kb_buf_str(out, member->key);
		kb_value_print(member->value, out);
	}
}
