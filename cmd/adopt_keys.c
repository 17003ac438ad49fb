/* What the front matter that is there means to kb. */
#include "adopt.h"

#include <ctype.h>

#include "kb/file.h"
#include "kb/unicode.h"

/* Kinds of value that a key of kb's takes. */
enum shape {
	SHAPE_STRING = 1,
	SHAPE_LIST = 2,
	SHAPE_INT = 4,
	SHAPE_PATHS = 8, /* that begin with '/' */
	SHAPE_PART = 16, /* of a path: a string without '/' */
};

static const struct known_key {
	const char *from, *to;
	unsigned shapes;
} known_keys[] = {
	/* kb's own, which foreign documents may have with another meaning: not id, type,
	 * status, audience, owner, notice and the like, which mean kb's thing only in kb.
	 */
	{"title", "title", SHAPE_STRING | SHAPE_INT},
	{"summary", "summary", SHAPE_STRING},
	{"slug", "slug", SHAPE_PART | SHAPE_INT},
	{"tags", "tags", SHAPE_STRING | SHAPE_LIST},
	{"keywords", "keywords", SHAPE_LIST},
	{"aliases", "aliases", SHAPE_PATHS},
	{"weight", "weight", SHAPE_INT},
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
};

static struct adopt_key *key_for(struct adoption *a, kb_str name)
{
	for (size_t i = 0; i < a->keys.len; i++) {
		if (kb_str_eq(a->keys.items[i].name, name))
			return &a->keys.items[i];
	}
	struct adopt_key *key = kb_vec_add(&a->keys);
	*key = (struct adopt_key){.name = name};
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
	return false;
}

static void add_alias(
	struct adoption *a, const struct adopt_key *key, const struct kb_node *node)
{
	if (is_path(node) && holds_paths(key->name))
		kb_map_put(&a->aliases, node->value, a);
}

static void count_list(
	struct adoption *a, struct adopt_key *key, const struct kb_node *list)
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
	struct adoption *a, struct adopt_key *key, const struct kb_node *value)
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
		key->parts += !is_int && kb_str_chr(value->value, '/') == SIZE_MAX;
		key->paths += is_path(value);
		add_alias(a, key, value);
	}
}

static bool fits(const struct adopt_key *key, unsigned shapes)
{
	size_t n = 0;
	if (shapes & SHAPE_PATHS)
		return key->paths == key->count;
	n += shapes & SHAPE_STRING ? key->strings : 0;
	n += shapes & SHAPE_PART ? key->parts : 0;
	n += shapes & SHAPE_LIST ? key->lists : 0;
	n += shapes & SHAPE_INT ? key->ints : 0;
	return n == key->count;
}

/* Of several keys that would feed one that is no list, the most frequent does. */
static bool is_taken(const struct adoption *a, const char *to, size_t count)
{
	if (strcmp(to, "aliases") == 0 || strcmp(to, "tags") == 0)
		return false;
	for (size_t i = 0; i < a->keys.len; i++) {
		const struct adopt_key *other = &a->keys.items[i];
		if (other->to && strcmp(other->to, to) == 0 && other->count >= count)
			return true;
	}
	return false;
}

static void decide(struct adoption *a, struct adopt_key *key)
{
	for (size_t i = 0; i < KB_LEN(known_keys); i++) {
		const struct known_key *known = &known_keys[i];
		if (!kb_str_is(key->name, known->from) || !fits(key, known->shapes))
			continue;
		if (!is_taken(a, known->to, key->count))
			key->to = known->to;
		return;
	}
}

static int key_by_count(const void *pa, const void *pb)
{
	const struct adopt_key *a = pa, *b = pb;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return kb_str_cmp(a->name, b->name);
}

static int key_by_name(const void *pa, const void *pb)
{
	return kb_str_cmp(((const struct adopt_key *)pa)->name,
		((const struct adopt_key *)pb)->name);
}

/* A path that kb makes a page for itself: the site's and a locale's first page, 404. */
static bool is_own_page(struct kb_arena *arena, kb_str path)
{
	kb_str code;
	while (kb_str_starts(path, KB_STR("/")))
		path = kb_str_sub(path, 1, path.len);
	while (kb_str_ends(path, KB_STR("/")))
		path.len--;
	return path.len == 0 || kb_str_is(path, "index.html") ||
	       kb_str_is(path, "404.html") ||
	       (path.len <= 7 && path.len != 3 && path.len != 4 &&
		       kb_locale_canonical(arena, path, &code) &&
		       !kb_str_eq_nocase(kb_locale_name(arena, code), code));
}

static const struct kb_node *own_path(const struct adopt_doc *doc)
{
	static const char *const keys[] = {"permalink", "url", "path"};
	for (size_t i = 0; i < KB_LEN(keys); i++) {
		const struct kb_node *node = kb_node_get(doc->front, keys[i]);
		if (node && is_path(node))
			return node;
	}
	return NULL;
}

static bool says(const struct kb_node *front, const char *key, bool wanted)
{
	bool value;
	const struct kb_node *node = kb_node_get(front, key);
	return node && kb_node_bool(node, &value) == 0 && value == wanted;
}

static void ignore(struct adoption *a, struct adopt_doc *doc, const char *why)
{
	doc->dropped = true;
	kb_vec_push(&a->ignored, ((struct adopt_ignored){doc->path, why}));
}

static bool is_draft(const struct kb_node *front)
{
	return says(front, "draft", true) || says(front, "published", false);
}

/* Pages that were nothing but a redirect, those that kb makes itself, and drafts. */
static void drop_unpublished(struct adoption *a)
{
	size_t kept = 0;
	for (size_t i = 0; i < a->docs.len; i++) {
		struct adopt_doc *doc = &a->docs.items[i];
		const struct kb_pair *to = kb_node_pair(doc->front, "redirect_to");
		const struct kb_node *path = own_path(doc);
		if (to && to->value->kind == KB_NODE_SCALAR) {
			ignore(a, doc, "nothing but a redirect");
			if (path && kb_map_has(&a->aliases, kb_node_str(to->value)))
				kb_vec_push(&a->redirects,
					((struct kb_pair){
						(struct kb_node *)path, to->value}));
		} else if (path && is_own_page(a->arena, path->value)) {
			ignore(a, doc, "kb makes this page itself");
		} else if (is_draft(doc->front)) {
			ignore(a, doc,
				"a draft: it says 'draft: true' or 'published: false'");
			a->drafts++;
		}
		if (!doc->dropped)
			a->docs.items[kept++] = *doc;
	}
	a->docs.len = kept;
}

void adopt_keys(struct adoption *a)
{
	for (size_t i = 0; i < a->docs.len; i++) {
		const struct kb_node *front = a->docs.items[i].front;
		for (uint32_t k = 0; front && k < front->len; k++)
			count_value(a, key_for(a, kb_node_str(front->pairs[k].key)),
				front->pairs[k].value);
	}
	if (a->keys.len)
		qsort(a->keys.items, a->keys.len, sizeof a->keys.items[0], key_by_count);
	for (size_t i = 0; i < a->keys.len; i++)
		decide(a, &a->keys.items[i]);
	if (a->keys.len)
		qsort(a->keys.items, a->keys.len, sizeof a->keys.items[0], key_by_name);
	drop_unpublished(a);
}
