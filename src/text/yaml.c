#include "yaml_private.h"

#include <stdlib.h>
#include <yaml.h>

#include "kb/conflict.h"
#include "kb/escape.h"
#include "kb/map.h"
#include "kb/vec.h"

#define TEXT_MAX (8u << 20)
#define DEPTH_MAX 100
/* Nodes that aliases may add to what is written. */
#define EXPANDED_MAX 20000
/* Up to here, keys are compared one with another. */
#define PAIRWISE_MAX 16

struct anchor {
	struct kb_node *node; /* NULL while it is being read */
	size_t size;
	unsigned height;
};

struct yaml_builder {
	const struct kb_yaml_input *in;
	struct kb_arena *arena;
	yaml_parser_t parser;
	bool ascii;
	size_t cp, byte; /* the same place, in code points and in bytes */
	size_t count, expanded;
	kb_map anchors;
	kb_range quote; /* see struct kb_yaml_fault */
};

/* Where a node is in the tree. */
struct spot {
	int indent; /* of the block collection around it; -1: none */
	unsigned depth;
};

static struct kb_node *build_node(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot, unsigned *height);

static bool is_ascii(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.data[i] >= 0x80)
			return false;
	return true;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* libyaml's marks count code points. */
static size_t byte_at(struct yaml_builder *b, size_t index)
{
	kb_str text = b->in->text;

	if (b->ascii)
		return index < text.len ? index : text.len;
	for (; b->cp < index && b->byte < text.len; b->cp++)
		for (b->byte++;
			b->byte < text.len && is_continuation(text.data[b->byte]);)
			b->byte++;
	for (; b->cp > index && b->byte > 0; b->cp--)
		for (b->byte--; b->byte > 0 && is_continuation(text.data[b->byte]);)
			b->byte--;
	return b->byte;
}

static void fault(struct yaml_builder *b)
{
	yaml_parser_t *parser = &b->parser;
	struct kb_yaml_fault found = {.quote = b->quote};

	if (parser->error == YAML_MEMORY_ERROR)
		kb_oom();
	if (parser->error == YAML_READER_ERROR) {
		kb_yaml_explain_bytes(b->in, parser->problem_offset,
			parser->problem_value,
			strstr(parser->problem, "control") != NULL);
		return;
	}
	found.problem = kb_str_of(parser->problem);
	found.context = kb_str_of(parser->context);
	found.at = byte_at(b, parser->problem_mark.index);
	found.context_at =
		parser->context ? byte_at(b, parser->context_mark.index) : found.at;
	kb_yaml_explain(b->in, &found);
}

static bool next_event(struct yaml_builder *b, yaml_event_t *event)
{
	if (yaml_parser_parse(&b->parser, event))
		return true;
	fault(b);
	return false;
}

/* Steps over "&anchor" and "!tag", which libyaml counts as a part of the node. */
static size_t skip_properties(kb_str text, size_t at)
{
	while (at < text.len && (text.data[at] == '&' || text.data[at] == '!')) {
		while (at < text.len && !strchr(" \t\r\n", text.data[at]))
			at++;
		while (at < text.len && strchr(" \t\r\n", text.data[at]))
			at++;
	}
	return at;
}

static kb_range range_of(const struct yaml_builder *b, size_t from, size_t to)
{
	return (kb_range){
		b->in->base + (uint32_t)from, to > from ? (uint32_t)(to - from) : 0};
}

static uint32_t range_end(kb_range range)
{
	return range.off + range.len;
}

/* The name of a node's anchor and the tag, wherever the event keeps them. */
static const char *event_anchor(const yaml_event_t *event)
{
	const yaml_char_t *anchor = event->type == YAML_SCALAR_EVENT
					    ? event->data.scalar.anchor
				    : event->type == YAML_SEQUENCE_START_EVENT
					    ? event->data.sequence_start.anchor
					    : event->data.mapping_start.anchor;

	return (const char *)anchor;
}

static const char *event_tag(const yaml_event_t *event)
{
	const yaml_char_t *tag = event->type == YAML_SCALAR_EVENT ? event->data.scalar.tag
				 : event->type == YAML_SEQUENCE_START_EVENT
					 ? event->data.sequence_start.tag
					 : event->data.mapping_start.tag;

	return (const char *)tag;
}

static struct kb_node *new_node(struct yaml_builder *b, enum kb_node_kind kind)
{
	struct kb_node *node = kb_arena_new_of(b->arena, struct kb_node);

	node->kind = (uint8_t)kind;
	b->count++;
	return node;
}

static bool tag_known(const char *tag)
{
	static const char *const known[] = {"!", YAML_STR_TAG, YAML_INT_TAG,
		YAML_FLOAT_TAG, YAML_BOOL_TAG, YAML_NULL_TAG, YAML_SEQ_TAG, YAML_MAP_TAG,
		YAML_TIMESTAMP_TAG};

	for (size_t i = 0; i < KB_LEN(known); i++)
		if (strcmp(tag, known[i]) == 0)
			return true;
	return false;
}

static size_t block_scalar_end(kb_str text, size_t start, size_t end)
{
	while (end > start && strchr(" \t\r\n", text.data[end - 1]))
		end--;
	return end;
}

/* What the escape at AT, in double quotes, stands for; *LEN: its bytes. */
static uint32_t escape_at(kb_str text, size_t at, size_t *len)
{
	static const struct {
		char c;
		uint32_t cp;
	} escapes[] = {{'0', 0}, {'a', 7}, {'b', 8}, {'v', 0xB}, {'f', 0xC}, {'e', 0x1B},
		{'N', 0x85}, {'L', 0x2028}, {'P', 0x2029}};
	char c = at + 1 < text.len ? text.data[at + 1] : ' ', digits[9] = "";
	size_t n = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;

	*len = 2 + n;
	for (size_t i = 0; i < KB_LEN(escapes); i++)
		if (escapes[i].c == c)
			return escapes[i].cp;
	if (!n || at + 2 + n > text.len)
		return ' ';
	memcpy(digits, text.data + at + 2, n);
	return (uint32_t)strtoul(digits, NULL, 16);
}

/* Escapes of characters that have no place in content. */
static void find_escapes(struct yaml_builder *b, size_t start, size_t end)
{
	struct kb_controls controls = {.diags = b->in->diags, .path = b->in->path};
	size_t len;

	for (size_t at = start; at < end; at += len) {
		uint32_t cp = ' ';

		len = 1;
		if (b->in->text.data[at] == '\\')
			cp = escape_at(b->in->text, at, &len);
		if (kb_char_unwanted(cp))
			kb_controls_add(&controls, range_of(b, at, at + len), cp);
	}
}

/* The value as everybody may print it. */
static kb_str clean_value(
	struct yaml_builder *b, const yaml_event_t *event, size_t start, size_t end)
{
	kb_str value = {
		(const char *)event->data.scalar.value, event->data.scalar.length};
	_cleanup_buf_ kb_buf clean = {0};
	size_t at = 0, from;
	uint32_t cp;

	if (!kb_unwanted_next(value, &at, &from, &cp))
		return kb_arena_str(b->arena, value);
	if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		find_escapes(b, start, end);
	kb_buf_wanted(&clean, value);
	return kb_arena_str(b->arena, kb_buf_view(&clean));
}

static struct kb_node *build_scalar(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot)
{
	kb_str text = b->in->text;
	size_t start = byte_at(b, event->start_mark.index);
	size_t end = byte_at(b, event->end_mark.index);
	yaml_scalar_style_t style = event->data.scalar.style;
	struct kb_node *node = new_node(b, KB_NODE_SCALAR);
	const char *tag = event->data.scalar.tag ? event_tag(event) : NULL;

	if (tag || event->data.scalar.anchor)
		start = skip_properties(text, start);
	if (start > end)
		start = end;
	if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
		end = block_scalar_end(text, start, end);
	} else if (style != YAML_PLAIN_SCALAR_STYLE &&
		   event->start_mark.line != event->end_mark.line) {
		b->quote = (kb_range){(uint32_t)start, (uint32_t)(end - start)};
		if (!kb_yaml_check_lines(b->in, b->quote, (size_t)spot.indent + 1))
			return NULL;
	}
	if (style == YAML_PLAIN_SCALAR_STYLE)
		kb_yaml_check_cut(b->in, start, end);
	else
		node->quoted = true;
	if (tag && (strcmp(tag, "!") == 0 || strcmp(tag, YAML_STR_TAG) == 0))
		node->quoted = true;
	node->value = clean_value(b, event, start, end);
	node->range = range_of(b, start, end);
	return node;
}

static struct kb_node *build_alias(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot, unsigned *height)
{
	size_t start = byte_at(b, event->start_mark.index);
	size_t end = byte_at(b, event->end_mark.index);
	const struct anchor *anchor = kb_map_get(
		&b->anchors, kb_str_of((const char *)event->data.alias.anchor));
	struct kb_node *node;

	if (!anchor) {
		kb_yaml_find_sign(b->in, start,
			"a reference to another value, but no value has that name");
		return NULL;
	}
	b->expanded += anchor->size;
	if (!anchor->node || b->expanded > EXPANDED_MAX ||
		spot.depth + anchor->height > DEPTH_MAX) {
		kb_yaml_find(b->in, KB_RULE_YAML_SYNTAX, start, end,
			anchor->node
				? "the references in this file repeat too many values"
				: "this reference is inside the value that it refers to");
		return NULL;
	}
	node = new_node(b, KB_NODE_SCALAR);
	*node = *anchor->node;
	node->range = range_of(b, start, end);
	*height = anchor->height;
	return node;
}

/* Takes the second pair's lines out when it says what the first one says. */
static void fix_duplicate(struct yaml_builder *b, struct kb_diag *diag,
	const struct kb_pair *first, const struct kb_pair *second)
{
	const struct kb_yaml_input *in = b->in;
	size_t from = second->key->range.off - in->base;
	size_t to = range_end(second->value->range) - in->base;
	size_t start = kb_line_start(in->text, from);

	if (!kb_node_same(first->value, second->value) ||
		kb_str_trim(kb_str_sub(in->text, start, from)).len)
		return;
	while (to < in->text.len &&
		(in->text.data[to] == ' ' || in->text.data[to] == '\t'))
		to++;
	if (to < in->text.len && to == kb_line_end(in->text, to))
		kb_yaml_fix(in, diag, start, kb_line_next(in->text, to), KB_STR(""));
}

static void find_duplicate(struct yaml_builder *b, const struct kb_pair *first_pair,
	const struct kb_pair *second_pair)
{
	const struct kb_node *first = first_pair->key, *second = second_pair->key;
	const struct kb_yaml_input *in = b->in;
	uint32_t line = kb_yaml_line_number(in, first->range.off - in->base);
	struct kb_diag *diag = kb_diag_add(in->diags, KB_RULE_YAML_DUPLICATE_KEY,
		in->path, second->range, "the key '%.*s' appears twice",
		KB_ARG(second->value));

	if (line)
		kb_diag_hint(in->diags, diag,
			"it first appears in line %u; keep one of the two",
			(unsigned)line);
	else
		kb_diag_hint(in->diags, diag,
			"it already appears further up; keep one of the two");
	fix_duplicate(b, diag, first_pair, second_pair);
}

static void check_duplicates(struct yaml_builder *b, const struct kb_node *map)
{
	kb_map seen = {0};

	for (uint32_t i = 1; map->len <= PAIRWISE_MAX && i < map->len; i++) {
		for (uint32_t j = 0; j < i; j++) {
			if (!kb_str_eq(
				    map->pairs[i].key->value, map->pairs[j].key->value))
				continue;
			find_duplicate(b, &map->pairs[j], &map->pairs[i]);
			break;
		}
	}
	for (uint32_t i = 0; map->len > PAIRWISE_MAX && i < map->len; i++) {
		struct kb_pair *pair = &map->pairs[i];
		const struct kb_pair *first = kb_map_get(&seen, pair->key->value);

		if (first)
			find_duplicate(b, first, pair);
		else
			kb_map_put(&seen, pair->key->value, pair);
	}
	kb_map_dispose(&seen);
}

/* The spot of a collection's children; START is its first byte. */
static struct spot spot_in(
	const struct yaml_builder *b, struct spot spot, size_t start, bool flow)
{
	spot.depth++;
	if (flow)
		return spot;
	spot.indent = (int)(start - kb_line_start(b->in->text, start));
	return spot;
}

static void set_collection_range(struct yaml_builder *b, struct kb_node *node,
	size_t start, const yaml_event_t *end)
{
	const struct kb_node *first = NULL, *last = NULL;
	kb_str text = b->in->text;

	if (node->len > 0 && node->kind == KB_NODE_MAP) {
		first = node->pairs[0].key;
		last = node->pairs[node->len - 1].value;
	} else if (node->len > 0) {
		last = node->items[node->len - 1];
	}
	if (node->flow && start < text.len && strchr("[{", text.data[start])) {
		node->range = range_of(b, start, byte_at(b, end->end_mark.index));
		return;
	}
	if (first && first->range.off < b->in->base + start)
		start = first->range.off - b->in->base;
	node->range =
		range_of(b, start, last ? range_end(last->range) - b->in->base : start);
}

static struct kb_node *build_seq(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot, unsigned *height)
{
	bool flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
	size_t start = skip_properties(b->in->text, byte_at(b, event->start_mark.index));
	struct {
		KB_VEC(struct kb_node *);
	} items = {0};
	struct kb_node *node = new_node(b, KB_NODE_SEQ);

	spot = spot_in(b, spot, start, flow);
	for (;;) {
		_cleanup_(yaml_event_delete) yaml_event_t next = {0};
		struct kb_node *item;
		unsigned below = 0;

		if (!next_event(b, &next))
			break;
		if (next.type == YAML_SEQUENCE_END_EVENT) {
			node->flow = flow;
			node->len = (uint32_t)items.len;
			node->items = kb_vec_freeze(&items, b->arena);
			set_collection_range(b, node, start, &next);
			return node;
		}
		item = build_node(b, &next, spot, &below);
		if (!item)
			break;
		*height = below > *height ? below : *height;
		kb_vec_push(&items, item);
	}
	kb_vec_dispose(&items);
	return NULL;
}

/* A key is a scalar; "{{x}}" outside quotes is a map whose key is a map. */
static bool key_ok(struct yaml_builder *b, const yaml_event_t *event)
{
	const struct kb_yaml_input *in = b->in;
	size_t at = byte_at(b, event->start_mark.index);
	struct kb_yaml_line line;
	struct kb_diag *diag;
	kb_str quoted;

	if (event->type == YAML_SCALAR_EVENT || event->type == YAML_ALIAS_EVENT)
		return true;
	line = kb_yaml_line_at(in->text, at);
	if (line.value < line.value_end && in->text.data[line.value] == '{')
		at = line.value;
	diag = kb_yaml_find(in, KB_RULE_YAML_SYNTAX, at, line.value_end,
		"a value that begins with '%c%c' must be in quotes", in->text.data[at],
		at + 1 < in->text.len ? in->text.data[at + 1] : ' ');
	quoted = kb_str_sub(in->text, at, line.value_end);
	if (at == line.value)
		kb_yaml_fix_quote(in, diag, at, line.value_end, quoted);
	quoted = at == line.value ? kb_yaml_line_quoted(in, &line, quoted)
				  : kb_yaml_quote(in, quoted);
	kb_diag_hint(in->diags, diag, "write: %.*s", KB_ARG(quoted));
	return false;
}

/* Reads a pair, whose first event is FIRST. */
static bool build_pair(struct yaml_builder *b, yaml_event_t *first, struct spot spot,
	unsigned *height, struct kb_pair *pair)
{
	_cleanup_(yaml_event_delete) yaml_event_t next = {0};

	if (!key_ok(b, first))
		return false;
	pair->key = build_node(b, first, spot, height);
	if (!pair->key)
		return false;
	if (pair->key->kind != KB_NODE_SCALAR) {
		kb_diag_add(b->in->diags, KB_RULE_YAML_SYNTAX, b->in->path,
			pair->key->range, "a key must be a plain word");
		return false;
	}
	if (!next_event(b, &next))
		return false;
	pair->value = build_node(b, &next, spot, height);
	return pair->value != NULL;
}

static struct kb_node *build_map(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot, unsigned *height)
{
	bool flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	size_t start = skip_properties(b->in->text, byte_at(b, event->start_mark.index));
	struct {
		KB_VEC(struct kb_pair);
	} pairs = {0};
	struct kb_node *node = new_node(b, KB_NODE_MAP);

	spot = spot_in(b, spot, start, flow);
	for (;;) {
		_cleanup_(yaml_event_delete) yaml_event_t next = {0};
		struct kb_pair pair = {0};
		unsigned below = 0;

		if (!next_event(b, &next))
			break;
		if (next.type == YAML_MAPPING_END_EVENT) {
			node->flow = flow;
			node->len = (uint32_t)pairs.len;
			node->pairs = kb_vec_freeze(&pairs, b->arena);
			set_collection_range(b, node, start, &next);
			check_duplicates(b, node);
			return node;
		}
		if (!build_pair(b, &next, spot, &below, &pair))
			break;
		*height = below > *height ? below : *height;
		kb_vec_push(&pairs, pair);
	}
	kb_vec_dispose(&pairs);
	return NULL;
}

static struct kb_node *build_plain_node(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot, unsigned *height)
{
	if (event->type == YAML_SCALAR_EVENT)
		return build_scalar(b, event, spot);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return build_seq(b, event, spot, height);
	return build_map(b, event, spot, height);
}

static struct kb_node *build_node(
	struct yaml_builder *b, yaml_event_t *event, struct spot spot, unsigned *height)
{
	struct anchor *anchor = NULL;
	struct kb_node *node;
	size_t before = b->count + b->expanded;
	unsigned below = 0;

	if (spot.depth > DEPTH_MAX) {
		size_t at = byte_at(b, event->start_mark.index);

		kb_yaml_find(b->in, KB_RULE_YAML_SYNTAX, at, at,
			"lists and maps are nested more than %d levels deep here",
			DEPTH_MAX);
		return NULL;
	}
	if (event->type == YAML_ALIAS_EVENT)
		return build_alias(b, event, spot, height);
	if (event_tag(event) && !tag_known(event_tag(event))) {
		kb_yaml_find_sign(
			b->in, byte_at(b, event->start_mark.index), "a YAML type");
		return NULL;
	}
	if (event_anchor(event)) {
		anchor = kb_arena_new_of(b->arena, struct anchor);
		kb_map_put(&b->anchors,
			kb_arena_str(b->arena, kb_str_of(event_anchor(event))), anchor);
	}
	node = build_plain_node(b, event, spot, &below);
	if (!node)
		return NULL;
	below += node->kind != KB_NODE_SCALAR;
	*height = below > *height ? below : *height;
	if (anchor) {
		anchor->node = node;
		anchor->size = b->count + b->expanded - before;
		anchor->height = below;
	}
	return node;
}

/* After the document only the stream's end may come. */
static bool at_end(struct yaml_builder *b)
{
	_cleanup_(yaml_event_delete) yaml_event_t end = {0};
	_cleanup_(yaml_event_delete) yaml_event_t after = {0};
	struct kb_diag *diag;
	size_t at;

	if (!next_event(b, &end) || !next_event(b, &after))
		return false;
	if (after.type == YAML_STREAM_END_EVENT)
		return true;
	at = byte_at(b, after.start_mark.index);
	diag = kb_yaml_find(b->in, KB_RULE_YAML_SYNTAX, at,
		kb_yaml_line_at(b->in->text, at).value_end,
		"a second YAML document begins here; this file can contain only one");
	kb_diag_hint(b->in->diags, diag,
		"delete this line, or move the text after it to its own file");
	return false;
}

static struct kb_node *build_document(struct yaml_builder *b)
{
	static const struct spot top = {.indent = -1};
	struct kb_node *node = NULL;
	unsigned height = 0;

	for (;;) {
		_cleanup_(yaml_event_delete) yaml_event_t event = {0};

		if (!next_event(b, &event))
			return NULL;
		if (event.type == YAML_STREAM_END_EVENT) {
			node = new_node(b, KB_NODE_MAP);
			node->range.off = b->in->base;
			return node;
		}
		if (event.type == YAML_STREAM_START_EVENT ||
			event.type == YAML_DOCUMENT_START_EVENT)
			continue;
		node = build_node(b, &event, top, &height);
		return node && at_end(b) ? node : NULL;
	}
}

struct kb_node *kb_yaml_build(struct kb_arena *arena, const struct kb_yaml_input *in)
{
	struct yaml_builder b = {.in = in, .arena = arena, .ascii = is_ascii(in->text)};
	struct kb_node *root = NULL;

	if (in->text.len > TEXT_MAX) {
		kb_yaml_find(in, KB_RULE_YAML_SYNTAX, 0, 0,
			"this YAML is larger than %u MB", TEXT_MAX >> 20);
		return NULL;
	}
	if (!yaml_parser_initialize(&b.parser))
		kb_oom();
	yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&b.parser,
		(const unsigned char *)(in->text.data ? in->text.data : ""),
		in->text.len);
	root = build_document(&b);
	yaml_parser_delete(&b.parser);
	kb_map_dispose(&b.anchors);
	if (root)
		kb_controls_find(
			&(struct kb_controls){.diags = in->diags, .path = in->path},
			in->text, in->base);
	if (root && root->kind == KB_NODE_SCALAR && root->len == 0 &&
		kb_node_is_null(root)) {
		root->kind = KB_NODE_MAP;
		root->pairs = NULL;
	}
	return root;
}

struct kb_node *kb_yaml_parse(struct kb_arena *arena, kb_str text, uint32_t base,
	kb_str path, struct kb_diags *diags)
{
	struct kb_yaml_input in = {text, base, base == 0, path, diags};

	if (kb_str_starts(text, KB_STR("\xEF\xBB\xBF"))) {
		in.text = kb_str_sub(text, 3, text.len);
		in.base += 3;
	}
	if (kb_conflict_check(in.text, in.base, path, diags))
		return NULL;
	return kb_yaml_build(arena, &in);
}
