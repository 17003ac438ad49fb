/* What the front matter that is there means to kb. */
#include "adopt.h"

#include <ctype.h>

#include "kb/document.h"

/* Kinds of value that a key of kb's takes. */
enum shape {
	SHAPE_STRING = 1,
	SHAPE_LIST = 2,
	SHAPE_INT = 4,
	SHAPE_PATHS = 8, /* that begin with '/' */
	SHAPE_ANY = 16,	 /* whatever it is: what does not fit shall be a finding */
};

static const struct known_key {
	const char *from, *to;
	unsigned shapes;
} known_keys[] = {
	{"redirect_from", "aliases", SHAPE_PATHS},
	{"redirects", "aliases", SHAPE_PATHS},
	{"permalink", "aliases", SHAPE_PATHS},
	{"url", "aliases", SHAPE_PATHS},
	{"path", "aliases", SHAPE_PATHS},
	{"description", "summary", SHAPE_STRING},
	{"short_description", "summary", SHAPE_STRING},
	{"excerpt", "summary", SHAPE_STRING},
	{"lead", "summary", SHAPE_STRING},
	{"intro", "summary", SHAPE_STRING},
	{"order", "weight", SHAPE_INT},
	{"nav_order", "weight", SHAPE_INT},
	{"position", "weight", SHAPE_INT},
	{"sidebar_position", "weight", SHAPE_INT},
	/* Dates before or after which a site does not show a page, so they are never
	   ignored. */
	{"publishDate", "publish_at", SHAPE_ANY},
	{"pubdate", "publish_at", SHAPE_ANY},
	{"expiryDate", "expires_at", SHAPE_ANY},
	{"unpublishDate", "expires_at", SHAPE_ANY},
};

static struct kb_adopt_key *key_for(struct kb_adoption *a, kb_str name)
{
	for (size_t i = 0; i < a->keys.len; i++) {
		if (kb_str_eq(a->keys.items[i].name, name))
			return &a->keys.items[i];
	}
	struct kb_adopt_key *key = kb_vec_add(&a->keys);
	*key = (struct kb_adopt_key){.name = name};
	return key;
}

static bool is_path(const struct kb_node *node)
{
	return node->kind == KB_NODE_SCALAR && kb_str_starts(node->value, KB_STR("/"));
}

/* Does the key hold the document's own paths? */
static bool holds_paths(kb_str name)
{
	for (size_t i = 0; i < KB_LEN(known_keys); i++) {
		if (kb_str_is(name, known_keys[i].from))
			return known_keys[i].shapes & SHAPE_PATHS;
	}
	return kb_str_is(name, "aliases");
}

static void add_alias(
	struct kb_adoption *a, const struct kb_adopt_key *key, const struct kb_node *node)
{
	if (is_path(node) && holds_paths(key->name))
		kb_map_put(&a->aliases, node->value, a);
}

static void count_list(
	struct kb_adoption *a, struct kb_adopt_key *key, const struct kb_node *list)
{
	bool scalars = true, paths = true;

	for (uint32_t i = 0; i < list->len; i++) {
		scalars &= list->items[i]->kind == KB_NODE_SCALAR;
		paths &= is_path(list->items[i]);
		add_alias(a, key, list->items[i]);
	}
	key->lists += scalars;
	key->paths += paths;
}

static void count_value(
	struct kb_adoption *a, struct kb_adopt_key *key, const struct kb_node *value)
{
	long long number;

	if (kb_node_is_null(value))
		return;
	key->count++;
	if (value->kind == KB_NODE_SEQ) {
		count_list(a, key, value);
	} else if (value->kind == KB_NODE_SCALAR) {
		bool is_int = kb_node_int(value, &number) == 0;

		key->ints += is_int;
		key->strings += !is_int;
		key->paths += is_path(value);
		add_alias(a, key, value);
	}
}

static bool fits(const struct kb_adopt_key *key, unsigned shapes)
{
	size_t n = 0;

	if (shapes & SHAPE_ANY)
		return true;
	if (shapes & SHAPE_PATHS)
		return key->paths == key->count;
	n += shapes & SHAPE_STRING ? key->strings : 0;
	n += shapes & SHAPE_LIST ? key->lists : 0;
	n += shapes & SHAPE_INT ? key->ints : 0;
	return n == key->count;
}

/* If several foreign keys could become one that is not a list, the most frequent one
 * does. kb's own key wins over any of them in a document that has both. */
static bool is_taken(
	const struct kb_adoption *a, const struct known_key *known, size_t count)
{
	if (strcmp(known->to, "aliases") == 0 || known->shapes & SHAPE_ANY)
		return false;
	for (size_t i = 0; i < a->keys.len; i++) {
		const struct kb_adopt_key *other = &a->keys.items[i];

		if (other->to && strcmp(other->to, known->to) == 0 &&
			!kb_str_eq_nocase(other->name, kb_str_of(known->to)) &&
			other->count >= count)
			return true;
	}
	return false;
}

/*
 * kb's own keys mean what they say, whatever their values: to leave one alone could put
 * on a site what was a draft, internal or not due. "Status" is one, too.
 */
static const char *own_key(kb_str name)
{
	size_t n;
	const kb_str *keys = kb_front_keys(&n);

	for (size_t i = 0; i < n; i++) {
		if (kb_str_eq_nocase(name, keys[i]))
			return keys[i].data;
	}
	return NULL;
}

static void decide(struct kb_adoption *a, struct kb_adopt_key *key)
{
	key->to = own_key(key->name);
	for (size_t i = 0; !key->to && i < KB_LEN(known_keys); i++) {
		const struct known_key *known = &known_keys[i];
		bool same = known->shapes & SHAPE_ANY
				    ? kb_str_eq_nocase(key->name, kb_str_of(known->from))
				    : kb_str_is(key->name, known->from);

		if (!same || !fits(key, known->shapes))
			continue;
		if (!is_taken(a, known, key->count))
			key->to = known->to;
		return;
	}
}

static int key_by_count(const void *pa, const void *pb)
{
	const struct kb_adopt_key *a = pa, *b = pb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return kb_str_cmp(a->name, b->name);
}

static int key_by_name(const void *pa, const void *pb)
{
	return kb_str_cmp(((const struct kb_adopt_key *)pa)->name,
		((const struct kb_adopt_key *)pb)->name);
}

void adopt_keys(struct kb_adoption *a)
{
	for (size_t i = 0; i < a->docs.len; i++) {
		const struct kb_node *front = a->docs.items[i].front;

		for (uint32_t k = 0; front && k < front->len; k++)
			count_value(a, key_for(a, kb_node_str(front->pairs[k].key)),
				front->pairs[k].value);
	}
	if (a->keys.len)
		qsort(a->keys.items, a->keys.len, sizeof(a->keys.items[0]), key_by_count);
	for (size_t i = 0; i < a->keys.len; i++)
		decide(a, &a->keys.items[i]);
	if (a->keys.len)
		qsort(a->keys.items, a->keys.len, sizeof(a->keys.items[0]), key_by_name);
}
