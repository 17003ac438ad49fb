/* Front matter, key by key. */
#include "kb/hash.h"
#include "library.h"

static const struct key_weight {
	const char *key;
	enum kb_weight weight;
	const char *reason;
} key_weights[] = {
	{"status", KB_WEIGHT_SIGNIFICANT, "its status changed"},
	{"audience", KB_WEIGHT_SIGNIFICANT, "who may read it changed"},
	{"regions", KB_WEIGHT_SIGNIFICANT, "where it applies changed"},
	{"variant_of", KB_WEIGHT_SIGNIFICANT, "where it applies changed"},
	{"publish_at", KB_WEIGHT_SIGNIFICANT, "when it applies changed"},
	{"expires_at", KB_WEIGHT_SIGNIFICANT, "when it applies changed"},
	{"channels", KB_WEIGHT_SIGNIFICANT, "the channels changed"},
	{"placeholders", KB_WEIGHT_SIGNIFICANT, "the placeholders changed"},
	{"cases", KB_WEIGHT_TRIVIAL, "upkeep"},
	{"type", KB_WEIGHT_SIGNIFICANT, "its type changed"},
	{"id", KB_WEIGHT_SIGNIFICANT, "its id changed"},
	{"reviewed", KB_WEIGHT_TRIVIAL, "a review"},
	{"review_every", KB_WEIGHT_TRIVIAL, "upkeep"},
	{"translation", KB_WEIGHT_TRIVIAL, "upkeep"},
	{"weight", KB_WEIGHT_TRIVIAL, "order of lists"},
	{"promoted", KB_WEIGHT_TRIVIAL, "order of lists"},
	{"keywords", KB_WEIGHT_TRIVIAL, "search"},
	{"tags", KB_WEIGHT_TRIVIAL, "search"},
	{"notice", KB_WEIGHT_TRIVIAL, "it describes the other changes"},
	{"title", KB_WEIGHT_NONE, ""},
	{"summary", KB_WEIGHT_NONE, ""},
	{"question", KB_WEIGHT_NONE, ""},
	{"subject", KB_WEIGHT_NONE, ""},
};

static const char *const status_names[] = {"draft", "review", "published", "archived"};

static void put_node(kb_buf *out, const struct kb_node *node, bool inside)
{
	const char *open = node->kind == KB_NODE_MAP ? "{" : "[";

	if (node->kind == KB_NODE_SCALAR) {
		kb_buf_str(out, node->value);
		return;
	}
	kb_buf_puts(out, inside ? open : "");
	for (uint32_t i = 0; i < node->len; i++) {
		kb_buf_puts(out, i ? ", " : "");
		if (node->kind == KB_NODE_MAP) {
			kb_buf_str(out, node->pairs[i].key->value);
			kb_buf_puts(out, ": ");
		}
		put_node(out,
			node->kind == KB_NODE_MAP ? node->pairs[i].value : node->items[i],
			true);
	}
	kb_buf_puts(out, !inside ? "" : node->kind == KB_NODE_MAP ? "}" : "]");
}

static kb_str node_text(struct kb_arena *arena, const struct kb_node *node)
{
	_cleanup_buf_ kb_buf out = {0};

	if (node)
		put_node(&out, node, false);
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* The value in MAP for the key of pair N of OTHER; of a key that is there twice, the
 * first value belongs to the first, and so on. */
static const struct kb_node *counterpart(
	const struct kb_node *map, const struct kb_node *other, uint32_t n)
{
	kb_str key = other->pairs[n].key->value;
	uint32_t before = 0;

	for (uint32_t i = 0; i < n; i++)
		before += kb_str_eq(other->pairs[i].key->value, key);
	for (uint32_t i = 0; i < map->len; i++)
		if (kb_str_eq(map->pairs[i].key->value, key) && !before--)
			return map->pairs[i].value;
	return NULL;
}

static bool same_node(const struct kb_node *a, const struct kb_node *b)
{
	if (a->kind != b->kind || a->len != b->len)
		return false;
	if (a->kind == KB_NODE_SCALAR)
		return kb_str_eq(a->value, b->value);
	for (uint32_t i = 0; i < a->len; i++) {
		const struct kb_node *other =
			a->kind == KB_NODE_SEQ ? b->items[i] : counterpart(b, a, i);

		if (!other || !same_node(a->kind == KB_NODE_SEQ ? a->items[i]
								: a->pairs[i].value,
				      other))
			return false;
	}
	return true;
}

struct front_diff {
	struct changes *changes;
	const struct kb_version *from, *to;
};

static void weigh(struct front_diff *f, struct kb_doc_change *change, kb_str top)
{
	const struct key_weight *found = NULL;
	struct word_runs words;

	change->weight = KB_WEIGHT_MINOR;
	change->reason = KB_STR("front matter");
	for (size_t i = 0; i < KB_LEN(key_weights); i++)
		if (kb_str_is(top, key_weights[i].key))
			found = &key_weights[i];
	if (found && found->weight != KB_WEIGHT_NONE) {
		change->weight = (uint8_t)found->weight;
		change->reason = kb_str_of(found->reason);
	} else if (found) {
		words.runs = kb_diff_words(
			f->changes->arena, change->before, change->after, &words.n);
		change->weight =
			(uint8_t)words_weight(f->changes->arena, &words, &change->reason);
		change->words = words.runs;
		change->nwords = words.n;
	}
	if (kb_str_is(top, "placeholders") &&
		(kb_str_ends(change->name, KB_STR(".description")) ||
			kb_str_ends(change->name, KB_STR(".example")))) {
		change->weight = KB_WEIGHT_MINOR;
		change->reason = KB_STR("the description of a placeholder changed");
	}
}

static struct kb_doc_change *put(struct front_diff *f, kb_str top, kb_str name,
	const struct kb_node *a, const struct kb_node *b, kb_str before, kb_str after)
{
	struct kb_doc_change change = {.element = KB_ELEMENT_KEY,
		.action = !a   ? KB_CHANGE_ADDED
			  : !b ? KB_CHANGE_REMOVED
			       : KB_CHANGE_CHANGED,
		.name = name,
		.before = before,
		.after = after,
		.old_block = KB_NONE,
		.new_block = KB_NONE};

	if (f->from && a && a->range.len)
		change.old_line = version_line(f->from, a->range.off);
	if (f->to && b && b->range.len)
		change.new_line = version_line(f->to, b->range.off);
	weigh(f, &change, top);
	kb_vec_push(&f->changes->list, change);
	return &f->changes->list.items[f->changes->list.len - 1];
}

static bool has_item(const struct kb_node *list, const struct kb_node *item)
{
	for (uint32_t i = 0; i < list->len; i++)
		if (same_node(list->items[i], item))
			return true;
	return false;
}

static kb_str only_in(
	struct kb_arena *arena, const struct kb_node *a, const struct kb_node *b)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t i = 0; i < a->len; i++) {
		if (has_item(b, a->items[i]))
			continue;
		kb_buf_puts(&out, out.len ? ", " : "");
		put_node(&out, a->items[i], true);
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* A single value stands for a list of one. */
static const struct kb_node *as_list(
	struct kb_arena *arena, const struct kb_node *node, const struct kb_node *other)
{
	struct kb_node *list;

	if (node->kind != KB_NODE_SCALAR || other->kind != KB_NODE_SEQ)
		return node;
	list = kb_arena_new_of(arena, struct kb_node);
	*list = *node;
	list->kind = KB_NODE_SEQ;
	list->len = 1;
	list->items = kb_arena_new_of(arena, struct kb_node *);
	list->items[0] = kb_arena_copy(arena, node, sizeof(*node));
	return list;
}

static void compare_map(struct front_diff *f, kb_str top, kb_str prefix,
	const struct kb_node *a, const struct kb_node *b, unsigned depth);

static void compare_list(struct front_diff *f, kb_str top, kb_str name,
	const struct kb_node *a, const struct kb_node *b)
{
	struct kb_arena *arena = f->changes->arena;
	kb_str before = only_in(arena, a, b), after = only_in(arena, b, a);
	struct kb_doc_change *change;

	if (before.len || after.len || a->len != b->len) {
		put(f, top, name, a, b, before, after);
		return;
	}
	change = put(f, top, name, a, b, node_text(arena, a), node_text(arena, b));
	change->weight = KB_WEIGHT_TRIVIAL;
	change->reason = KB_STR("a different order");
}

static void compare(struct front_diff *f, kb_str top, kb_str name,
	const struct kb_node *a, const struct kb_node *b, unsigned depth)
{
	struct kb_arena *arena = f->changes->arena;

	if (a && b) {
		a = as_list(arena, a, b);
		b = as_list(arena, b, a);
		if (same_node(a, b))
			return;
	}
	if (a && b && a->kind == KB_NODE_MAP && b->kind == KB_NODE_MAP && depth < 4)
		compare_map(f, top, name, a, b, depth);
	else if (a && b && a->kind == KB_NODE_SEQ && b->kind == KB_NODE_SEQ &&
		 (uint64_t)a->len * b->len < 100000)
		compare_list(f, top, name, a, b);
	else
		put(f, top, name, a, b, node_text(arena, a), node_text(arena, b));
}

/* The values that a map has for a key: several, if the key is there twice. */
struct key_values {
	const struct kb_node **items;
	uint32_t len;
};

static void values_of(struct kb_arena *arena, const struct kb_node *map, kb_str key,
	struct key_values *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < map->len; i++)
		n += kb_str_eq(map->pairs[i].key->value, key);
	out->len = 0;
	out->items = kb_arena_array(arena, const struct kb_node *, n + 1);
	for (uint32_t i = 0; i < map->len; i++)
		if (kb_str_eq(map->pairs[i].key->value, key))
			out->items[out->len++] = map->pairs[i].value;
}

static uint64_t *hashes_of(struct kb_arena *arena, const struct key_values *values)
{
	uint64_t *hashes = kb_arena_array(arena, uint64_t, values->len + 1);

	for (uint32_t i = 0; i < values->len; i++) {
		_cleanup_buf_ kb_buf text = {0};

		put_node(&text, values->items[i], true);
		hashes[i] = kb_hash64(kb_buf_view(&text));
	}
	return hashes;
}

/* Values that are the same belong together, then the others in their order. The first
 * one counts, so an exchange is a difference. */
static void compare_twice(struct front_diff *f, kb_str top, kb_str name,
	const struct key_values *a, const struct key_values *b, unsigned depth)
{
	struct kb_arena *arena = f->changes->arena;
	uint64_t *old = hashes_of(arena, a), *new = hashes_of(arena, b);
	uint32_t *same = kb_arena_array(arena, uint32_t, a->len + 1), j = 0;
	bool *taken = kb_arena_array(arena, bool, b->len + 1);

	lcs_find(old, a->len, new, b->len, same);
	for (uint32_t i = 0; i < a->len; i++)
		if (same[i] != KB_NONE)
			taken[same[i]] = true;
	for (uint32_t i = 0; i < a->len; i++) {
		if (same[i] != KB_NONE)
			continue;
		while (j < b->len && taken[j])
			j++;
		bool changed = j < b->len && new[j] != old[i];
		compare(f, top, name, a->items[i], changed ? b->items[j] : NULL, depth);
		j += changed;
	}
	for (; j < b->len; j++)
		if (!taken[j])
			compare(f, top, name, NULL, b->items[j], depth);
}

static void compare_key(struct front_diff *f, kb_str top, kb_str prefix, kb_str key,
	const struct kb_node *a, const struct kb_node *b, unsigned depth)
{
	struct kb_arena *arena = f->changes->arena;
	struct key_values from, to;
	kb_str name =
		prefix.len ? kb_arena_fmt(arena, "%.*s.%.*s", KB_ARG(prefix), KB_ARG(key))
			   : key;

	top = prefix.len ? top : key;
	values_of(arena, a, key, &from);
	values_of(arena, b, key, &to);
	if (from.len > 1 || to.len > 1)
		compare_twice(f, top, name, &from, &to, depth);
	else
		compare(f, top, name, from.items[0], to.items[0], depth);
}

static void compare_map(struct front_diff *f, kb_str top, kb_str prefix,
	const struct kb_node *a, const struct kb_node *b, unsigned depth)
{
	for (int side = 0; side < 2; side++) {
		const struct kb_node *map = side ? b : a;

		for (uint32_t i = 0; i < map->len; i++) {
			kb_str key = map->pairs[i].key->value;

			if (kb_node_get_str(map, key) == map->pairs[i].value &&
				(!side || !kb_node_get_str(a, key)))
				compare_key(f, top, prefix, key, a, b, depth + 1);
		}
	}
}

void maps_compare(
	struct changes *changes, const struct kb_node *a, const struct kb_node *b)
{
	struct front_diff f = {.changes = changes};

	compare_map(&f, KB_STR_NULL, KB_STR_NULL, a, b, 0);
}

static kb_str status_of(const struct kb_version *version)
{
	return kb_str_of(status_names[version->doc->facts->status]);
}

static kb_str audience_of(const struct kb_version *version)
{
	return version->config->audiences[version->doc->facts->audience];
}

/* A key for which something stands where it is not given: a default of its type, or of
 * kb.yaml, which may have changed. */
static void compare_default(
	struct front_diff *f, size_t first, kb_str name, kb_str before, kb_str after)
{
	struct kb_doc_change *change = NULL;

	for (size_t i = first; i < f->changes->list.len && !change; i++)
		if (kb_str_eq(f->changes->list.items[i].name, name))
			change = &f->changes->list.items[i];
	if (!change && kb_str_eq(before, after))
		return;
	if (kb_str_eq(before, after)) {
		change->weight = KB_WEIGHT_TRIVIAL;
		change->reason = change->action == KB_CHANGE_REMOVED
					 ? KB_STR("this is the default")
					 : KB_STR("this was the default");
		return;
	}
	if (!change)
		change = put(f, name, name, NULL, NULL, before, after);
	change->before = before;
	change->after = after;
	change->action = KB_CHANGE_CHANGED;
}

/* A file may have been there before it was a document. */
static kb_str state_of(const struct kb_version *version)
{
	return !version->doc->facts->broken    ? KB_STR("readable")
	       : kb_version_has_front(version) ? KB_STR("broken")
					       : KB_STR("missing");
}

void front_compare(struct changes *changes, const struct kb_version *from,
	const struct kb_version *to)
{
	struct front_diff f = {changes, from, to};
	size_t first = changes->list.len;

	if (from->doc->facts->broken || to->doc->facts->broken) {
		struct kb_doc_change change = {.element = KB_ELEMENT_KEY,
			.action = KB_CHANGE_CHANGED,
			.name = KB_STR("front matter"),
			.weight = KB_WEIGHT_SIGNIFICANT,
			.reason = to->doc->facts->broken ? KB_STR("it cannot be read")
							 : KB_STR("it can now be read"),
			.before = state_of(from),
			.after = state_of(to),
			.old_block = KB_NONE,
			.new_block = KB_NONE};

		if (!kb_str_eq(change.before, change.after))
			kb_vec_push(&changes->list, change);
		return;
	}
	compare_map(&f, KB_STR_NULL, KB_STR_NULL, from->doc->facts->front,
		to->doc->facts->front, 0);
	compare_default(&f, first, KB_STR("status"), status_of(from), status_of(to));
	compare_default(
		&f, first, KB_STR("audience"), audience_of(from), audience_of(to));
}
