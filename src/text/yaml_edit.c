#include "yaml_private.h"

static void cleanup_change(struct kb_yaml_change *change)
{
	kb_buf_dispose(&change->text);
}
#define _cleanup_change_ _cleanup_(cleanup_change)

static size_t end_of(kb_range range)
{
	return (size_t)range.off + range.len;
}

/* Making the tree that is meant. */

static struct kb_node *new_scalar(struct kb_arena *arena, kb_str value)
{
	struct kb_node *node = kb_arena_new_of(arena, struct kb_node);

	*node = (struct kb_node){.kind = KB_NODE_SCALAR,
		.quoted = true,
		.value = kb_arena_str(arena, value)};
	return node;
}

static struct kb_node *new_list(struct kb_arena *arena, const struct kb_node *before,
	const kb_str *values, size_t n)
{
	struct kb_node *list = kb_arena_new_of(arena, struct kb_node);
	bool is_list = before && before->kind == KB_NODE_SEQ;
	uint32_t had = is_list ? before->len : before && !kb_node_is_null(before);

	*list = (struct kb_node){.kind = KB_NODE_SEQ, .len = had + (uint32_t)n};
	list->items = kb_arena_array(arena, struct kb_node *, list->len);
	for (uint32_t i = 0; i < had; i++)
		list->items[i] =
			is_list ? before->items[i] : new_scalar(arena, before->value);
	for (size_t i = 0; i < n; i++)
		list->items[had + i] = new_scalar(arena, values[i]);
	return list;
}

/* LIST without its item I, MAP without its pair I. */
static struct kb_node *without(
	struct kb_arena *arena, const struct kb_node *node, uint32_t i)
{
	struct kb_node *copy = kb_arena_copy(arena, node, sizeof(*node));

	copy->len--;
	if (node->kind == KB_NODE_MAP) {
		copy->pairs = kb_arena_copy(
			arena, node->pairs, node->len * sizeof(*node->pairs));
		memmove(&copy->pairs[i], &copy->pairs[i + 1],
			(copy->len - i) * sizeof(*copy->pairs));
	} else {
		copy->items = kb_arena_copy(
			arena, node->items, node->len * sizeof(*node->items));
		memmove(&copy->items[i], &copy->items[i + 1],
			(copy->len - i) * sizeof(*copy->items));
	}
	return copy;
}

/* MAP with a pair more at the place AT. */
static struct kb_node *with_pair(struct kb_arena *arena, const struct kb_node *map,
	uint32_t at, struct kb_pair pair)
{
	struct kb_node *copy = kb_arena_copy(arena, map, sizeof(*map));

	copy->pairs = kb_arena_array(arena, struct kb_pair, (size_t)map->len + 1);
	for (uint32_t i = 0; i < map->len; i++)
		copy->pairs[i + (i >= at)] = map->pairs[i];
	copy->pairs[at] = pair;
	copy->len++;
	return copy;
}

/* Would a comment be removed with the text between FROM and TO? */
static bool has_comment(const struct kb_yaml_text *yaml, size_t from, size_t to)
{
	return kb_str_chr(kb_str_sub(yaml->file, from, to), '#') != SIZE_MAX;
}

/* The file's manner. */

static void count_quotes(const struct kb_yaml_text *yaml, const struct kb_node *node,
	size_t *twice, size_t *once)
{
	if (node->kind == KB_NODE_SCALAR) {
		char c = node->range.len ? yaml->file.data[node->range.off] : 0;

		*twice += node->quoted && c == '"';
		*once += node->quoted && c == '\'';
		return;
	}
	for (uint32_t i = 0; i < node->len; i++)
		count_quotes(yaml,
			node->kind == KB_NODE_MAP ? node->pairs[i].value : node->items[i],
			twice, once);
}

static char quote_of(const struct kb_yaml_text *yaml)
{
	size_t twice = 0, once = 0;

	count_quotes(yaml, yaml->root, &twice, &once);
	return once > twice ? '\'' : '"';
}

/* Is NODE in brackets, or a collection in brackets itself? */
static bool find_flow(const struct kb_node *at, const struct kb_node *node, bool *flow)
{
	bool before = *flow;

	*flow |= at->kind != KB_NODE_SCALAR && at->flow;
	if (at == node)
		return true;
	for (uint32_t i = 0; at->kind == KB_NODE_SEQ && i < at->len; i++)
		if (find_flow(at->items[i], node, flow))
			return true;
	for (uint32_t i = 0; at->kind == KB_NODE_MAP && i < at->len; i++)
		if (find_flow(at->pairs[i].key, node, flow) ||
			find_flow(at->pairs[i].value, node, flow))
			return true;
	*flow = before;
	return false;
}

static bool in_flow(const struct kb_yaml_text *yaml, const struct kb_node *node)
{
	bool flow = false;

	find_flow(yaml->root, node, &flow);
	return flow;
}

static size_t column_of(kb_str text, size_t at)
{
	return at - kb_line_start(text, at);
}

/* The dash before a block list's item. */
static size_t dash_of(kb_str text, const struct kb_node *item)
{
	size_t at = item->range.off, start = kb_line_start(text, at);

	while (at > start && text.data[at - 1] != '-')
		at--;
	return at > start ? at - 1 : SIZE_MAX;
}

/* The first key whose value is a list of scalars, or NULL. */
static const struct kb_pair *first_list(const struct kb_node *node)
{
	const struct kb_pair *found = NULL;

	for (uint32_t i = 0; !found && node->kind == KB_NODE_SEQ && i < node->len; i++)
		found = first_list(node->items[i]);
	for (uint32_t i = 0; !found && node->kind == KB_NODE_MAP && i < node->len; i++) {
		const struct kb_node *value = node->pairs[i].value;
		bool is_list = value->kind == KB_NODE_SEQ && value->len &&
			       value->items[0]->kind == KB_NODE_SCALAR;

		found = is_list ? &node->pairs[i] : first_list(value);
	}
	return found;
}

/* How many columns to the right of its key the first dash of a block list is, in MAP or
 * else in the whole tree; -1: lists are in brackets. */
static int dash_indent(const struct kb_yaml_text *yaml, const struct kb_node *map)
{
	const struct kb_pair *pair = first_list(map);
	size_t dash;

	if (!pair)
		pair = first_list(yaml->root);
	if (!pair || pair->value->flow)
		return -1;
	dash = dash_of(yaml->file, pair->value->items[0]);
	if (dash == SIZE_MAX)
		return -1;
	return (int)column_of(yaml->file, dash) -
	       (int)column_of(yaml->file, pair->key->range.off);
}

static void put_spaces(kb_buf *out, size_t n)
{
	while (n-- > 0)
		kb_buf_putc(out, ' ');
}

/* Writing values. */

static void put_like(
	struct kb_yaml_change *change, const struct kb_node *like, kb_str value)
{
	const struct kb_yaml_text *yaml = change->yaml;
	char c = like->range.len ? yaml->file.data[like->range.off] : 0;

	if (like->quoted && (c == '"' || c == '\''))
		kb_yaml_put_quoted(&change->text, value, c);
	else
		kb_yaml_put_scalar(
			&change->text, value, quote_of(yaml), in_flow(yaml, like));
}

static void put_flow_items(struct kb_yaml_change *change, const kb_str *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kb_buf_puts(&change->text, i ? ", " : "");
		kb_yaml_put_scalar(
			&change->text, values[i], quote_of(change->yaml), true);
	}
}

static void put_block_items(
	struct kb_yaml_change *change, size_t column, const kb_str *values, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put_spaces(&change->text, column);
		kb_buf_puts(&change->text, "- ");
		kb_yaml_put_scalar(
			&change->text, values[i], quote_of(change->yaml), false);
		kb_buf_puts(&change->text, kb_line_ending(change->yaml->file));
	}
}

/* Places. */

/* The end of what a node takes: of a block scalar that keeps its last blank lines, those
 * too. */
static size_t node_end(kb_str text, const struct kb_node *node)
{
	size_t end = end_of(node->range);
	kb_str head;

	if (node->kind != KB_NODE_SCALAR || !node->quoted || !node->range.len ||
		!strchr("|>", text.data[node->range.off]))
		return end;
	head = kb_str_sub(text, node->range.off, node->range.off + 3);
	while (kb_str_chr(head, '+') != SIZE_MAX && end < text.len) {
		size_t next = kb_line_next(text, end);

		if (kb_str_trim(kb_str_sub(text, next, kb_line_next(text, next))).len ||
			next == kb_line_next(text, next))
			break;
		end = next;
	}
	return end;
}

static uint32_t pair_index(const struct kb_node *map, const char *key)
{
	const struct kb_pair *pair = key ? kb_node_pair(map, key) : NULL;

	return pair ? (uint32_t)(pair - map->pairs) : map->len ? map->len - 1 : 0;
}

static bool is_blank_before(kb_str text, size_t at)
{
	size_t start = kb_line_start(text, at);

	return kb_str_trim(kb_str_sub(text, start, at)).len == 0;
}

/* Lines that are put in at AT, the start of a line or the end of the YAML. */
static void place_lines(struct kb_yaml_change *change, size_t at)
{
	kb_str file = change->yaml->file;
	const char *eol = kb_line_ending(change->yaml->file);
	size_t len = strlen(eol);

	change->from = change->to = at;
	if (kb_line_start(file, at) == at)
		return;
	/* The last line has no end; neither shall the new last one. */
	memmove(change->text.data + len, change->text.data, change->text.len - len);
	memcpy(change->text.data, eol, len);
}

/* A new pair "KEY:VALUE" after the pair of the name AFTER. */
static void place_pair(struct kb_yaml_change *change, const struct kb_node *map,
	kb_str key, kb_str value, const char *after)
{
	const struct kb_yaml_text *yaml = change->yaml;
	const struct kb_pair *last =
		map->len ? &map->pairs[pair_index(map, after)] : NULL;
	kb_buf *out = &change->text;

	if (map->flow) {
		change->from = change->to =
			last ? end_of(last->value->range) : map->range.off + 1;
		kb_buf_puts(out, last ? ", " : "");
		kb_yaml_put_scalar(out, key, quote_of(yaml), true);
		kb_buf_fmt(out, ":%.*s", KB_ARG(value));
		return;
	}
	if (last)
		put_spaces(out, column_of(yaml->file, map->pairs[0].key->range.off));
	kb_yaml_put_scalar(out, key, quote_of(yaml), false);
	kb_buf_fmt(out, ":%.*s%s", KB_ARG(value), kb_line_ending(yaml->file));
	place_lines(
		change, last ? kb_line_next(yaml->file, node_end(yaml->file, last->value))
			     : end_of(yaml->range));
}

static bool is_block_collection(const struct kb_node *node)
{
	return node->kind != KB_NODE_SCALAR && !node->flow && node->range.len;
}

/* Gives KEY the value written as TEXT (with the space before it) and meant as NODE. */
static int set_text(struct kb_yaml_change *change, const struct kb_node *map, kb_str key,
	kb_str text, struct kb_node *node, const char *after, struct kb_error *err)
{
	struct kb_node *now = kb_node_get_str(map, key);
	struct kb_pair pair = {new_scalar(change->yaml->arena, key), node};

	if (!now) {
		change->target = map;
		change->becomes = with_pair(change->yaml->arena, map,
			map->len ? pair_index(map, after) + 1 : 0, pair);
		place_pair(change, map, key, text, after);
		return kb_yaml_commit(change, err);
	}
	if (is_block_collection(now))
		return kb_error_set(err, KB_E_REFUSED,
			"'%.*s' has several values on separate lines; change it by hand",
			KB_ARG(key));
	change->target = now;
	change->becomes = node;
	change->from = now->range.off;
	change->to = end_of(now->range);
	if (now->range.len)
		text = kb_str_sub(text, 1, text.len);
	kb_buf_str(&change->text, text);
	return kb_yaml_commit(change, err);
}

/* The operations. */

int kb_yaml_replace(struct kb_yaml_text *yaml, const struct kb_node *node, kb_str value,
	struct kb_error *err)
{
	_cleanup_change_ struct kb_yaml_change change = {.yaml = yaml,
		.from = node->range.off,
		.to = end_of(node->range),
		.target = node,
		.becomes = new_scalar(yaml->arena, value)};

	put_like(&change, node, value);
	return kb_yaml_commit(&change, err);
}

int kb_yaml_set(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	kb_str value, const char *after, struct kb_error *err)
{
	_cleanup_change_ struct kb_yaml_change change = {.yaml = yaml};
	_cleanup_buf_ kb_buf text = {0};
	const struct kb_node *now = kb_node_get_str(map, key);

	if (now && now->kind == KB_NODE_SCALAR && now->range.len)
		return kb_yaml_replace(yaml, now, value, err);
	kb_buf_putc(&text, ' ');
	kb_yaml_put_scalar(&text, value, quote_of(yaml), in_flow(yaml, map));
	return set_text(&change, map, key, kb_buf_view(&text),
		new_scalar(yaml->arena, value), after, err);
}

int kb_yaml_set_map(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	kb_str inner, kb_str value, const char *after, struct kb_error *err)
{
	_cleanup_change_ struct kb_yaml_change change = {.yaml = yaml};
	_cleanup_buf_ kb_buf text = {0};
	struct kb_node empty = {.kind = KB_NODE_MAP};
	struct kb_pair pair = {
		new_scalar(yaml->arena, inner), new_scalar(yaml->arena, value)};

	kb_buf_puts(&text, " {");
	kb_yaml_put_scalar(&text, inner, quote_of(yaml), true);
	kb_buf_puts(&text, ": ");
	kb_yaml_put_scalar(&text, value, quote_of(yaml), true);
	kb_buf_putc(&text, '}');
	return set_text(&change, map, key, kb_buf_view(&text),
		with_pair(yaml->arena, &empty, 0, pair), after, err);
}

int kb_yaml_remove(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	struct kb_error *err)
{
	_cleanup_change_ struct kb_yaml_change change = {.yaml = yaml, .target = map};
	kb_str file = yaml->file;
	const struct kb_pair *pair;
	uint32_t i = 0;

	while (i < map->len && !kb_str_eq(map->pairs[i].key->value, key))
		i++;
	if (i == map->len)
		return kb_error_set(
			err, KB_E_NOTFOUND, "there is no key '%.*s'", KB_ARG(key));
	pair = &map->pairs[i];
	change.becomes = without(yaml->arena, map, i);
	change.from = pair->key->range.off;
	change.to = end_of(pair->value->range);
	if (map->flow && i > 0) {
		change.from = end_of(pair[-1].value->range);
		if (has_comment(yaml, change.from, pair->key->range.off))
			return kb_yaml_refuse(err);
	} else if (map->flow || !is_blank_before(file, change.from)) {
		if (i + 1 < map->len)
			change.to = pair[1].key->range.off;
		if (has_comment(yaml, end_of(pair->value->range), change.to))
			return kb_yaml_refuse(err);
	} else {
		change.from = kb_line_start(file, change.from);
		change.to = kb_line_next(file, node_end(file, pair->value));
		if (kb_line_start(file, change.to) != change.to && i > 0)
			change.from = kb_line_end(file, change.from - 1);
	}
	return kb_yaml_commit(&change, err);
}

/* Adds to a list that has brackets. */
static void add_flow(struct kb_yaml_change *change, const struct kb_node *list,
	const kb_str *values, size_t n)
{
	kb_str file = change->yaml->file;
	const struct kb_node *last = list->len ? list->items[list->len - 1] : NULL;
	size_t own = last ? kb_line_start(file, last->range.off) : 0;

	change->from = change->to = last ? end_of(last->range) : list->range.off + 1;
	if (list->len > 1 && own > list->items[0]->range.off &&
		is_blank_before(file, last->range.off)) {
		for (size_t i = 0; i < n; i++) { /* each item on its own line */
			kb_buf_fmt(
				&change->text, ",%s", kb_line_ending(change->yaml->file));
			kb_buf_str(&change->text, kb_str_sub(file, own, last->range.off));
			put_flow_items(change, &values[i], 1);
		}
		return;
	}
	kb_buf_puts(&change->text, last ? ", " : "");
	put_flow_items(change, values, n);
}

static int add_block(struct kb_yaml_change *change, const struct kb_node *list,
	const kb_str *values, size_t n, struct kb_error *err)
{
	kb_str file = change->yaml->file;
	const struct kb_node *last = list->items[list->len - 1];
	size_t dash = dash_of(file, last);

	if (dash == SIZE_MAX)
		return kb_error_set(err, KB_E_REFUSED,
			"kb cannot tell where the items of this list begin; change it "
			"by hand");
	put_block_items(change, column_of(file, dash), values, n);
	place_lines(change, kb_line_next(file, node_end(file, last)));
	return 0;
}

/* Writes a whole list, for a key that has none. */
static void put_list(const struct kb_yaml_text *yaml, const struct kb_node *map,
	const kb_str *values, size_t n, kb_buf *out)
{
	_cleanup_change_ struct kb_yaml_change list = {
		.yaml = (struct kb_yaml_text *)yaml};
	int indent = in_flow(yaml, map) ? -1 : dash_indent(yaml, map);
	size_t column =
		map->len ? column_of(yaml->file, map->pairs[0].key->range.off) : 0;

	if (indent < 0) {
		put_flow_items(&list, values, n);
		kb_buf_fmt(out, " [%.*s]", KB_ARG(kb_buf_view(&list.text)));
		return;
	}
	put_block_items(&list, column + (size_t)indent, values, n);
	list.text.len -= strlen(kb_line_ending(yaml->file));
	kb_buf_fmt(out, "%s%.*s", kb_line_ending(yaml->file),
		KB_ARG(kb_buf_view(&list.text)));
}

int kb_yaml_add(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	const kb_str *values, size_t n, const char *after, struct kb_error *err)
{
	_cleanup_change_ struct kb_yaml_change change = {.yaml = yaml};
	struct kb_node *now = kb_node_get_str(map, key);
	struct kb_node *list = new_list(yaml->arena, now, values, n);
	_cleanup_buf_ kb_buf text = {0};

	if (now && now->kind == KB_NODE_MAP)
		return kb_error_set(
			err, KB_E_REFUSED, "'%.*s' is not a list", KB_ARG(key));
	change.target = now;
	change.becomes = list;
	if (!now || kb_node_is_null(now)) {
		put_list(yaml, map, values, n, &text);
		return set_text(&change, map, key, kb_buf_view(&text), list, after, err);
	}
	if (now->kind == KB_NODE_SCALAR) {
		kb_str old = kb_str_sub(yaml->file, now->range.off, end_of(now->range));

		change.from = now->range.off;
		change.to = end_of(now->range);
		kb_buf_putc(&change.text, '[');
		if (now->quoted && strchr("\"'", old.data[0]))
			kb_buf_str(&change.text, old);
		else
			put_flow_items(&change, &now->value, 1);
		kb_buf_puts(&change.text, ", ");
		put_flow_items(&change, values, n);
		kb_buf_putc(&change.text, ']');
	} else if (now->flow || !now->len) {
		add_flow(&change, now, values, n);
	} else if (add_block(&change, now, values, n, err) < 0) {
		return -1;
	}
	return kb_yaml_commit(&change, err);
}

int kb_yaml_drop(struct kb_yaml_text *yaml, const struct kb_node *map, kb_str key,
	uint32_t i, struct kb_error *err)
{
	_cleanup_change_ struct kb_yaml_change change = {.yaml = yaml};
	struct kb_node *list = kb_node_get_str(map, key);
	kb_str file = yaml->file;

	if (!list || list->kind != KB_NODE_SEQ || list->len < 2)
		return kb_yaml_remove(yaml, map, key, err);
	change.target = list;
	change.becomes = without(yaml->arena, list, i);
	if (list->flow) {
		const struct kb_node *item = list->items[i];

		change.from = i ? end_of(list->items[i - 1]->range) : item->range.off;
		change.to = i ? end_of(item->range) : list->items[1]->range.off;
		if (has_comment(yaml, i ? change.from : end_of(item->range),
			    i ? item->range.off : change.to))
			return kb_yaml_refuse(err);
		return kb_yaml_commit(&change, err);
	}
	change.from = kb_line_start(file, list->items[i]->range.off);
	change.to = kb_line_next(file, node_end(file, list->items[i]));
	if (kb_line_start(file, change.to) != change.to && i > 0)
		change.from = kb_line_end(file, change.from - 1);
	return kb_yaml_commit(&change, err);
}
