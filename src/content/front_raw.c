/* Front matter that cannot be parsed, or in a file that is not a text. It may still say
 * who may see the document. kb reads it line by line, as its author meant it, with any
 * quotes, indentation, letter case, and sign between key and value. */
#include "front.h"

enum { KEY_MAX = 40, PART_MAX = 500 /* of a key and its value within brackets */ };

struct raw {
	struct kb_arena *arena;
	const struct kb_mount *mount;
	struct {
		KB_VEC(struct kb_pair);
	} pairs;
	bool flow;    /* a bracket has been opened: keys are inside of lines, too */
	bool content; /* there was a line other than the first '---' */
	bool in_conflict, conflict;
	size_t nested; /* lines that are indented deeper belong to another key; or
			  SIZE_MAX */
	kb_str rest;   /* the lines that follow */
	kb_str below;  /* the first of them that is not blank, when REST begins ... */
	const char *below_of; /* ... here */
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* One that ends a line in YAML or in an editor. */
static size_t line_end_at(kb_str text, size_t i)
{
	static const char *const ends[] = {
		"\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"};

	for (size_t k = 0; k < KB_LEN(ends); k++)
		if (kb_str_starts(kb_str_sub(text, i, text.len), kb_str_of(ends[k])))
			return strlen(ends[k]);
	return 0;
}

/* Without NUL bytes, of which UTF-16 is full; each line ends in LF. */
static kb_str plain_lines(struct kb_arena *arena, kb_str text)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < text.len; i++) {
		size_t end = line_end_at(text, i);

		if (end) {
			kb_buf_putc(&out, '\n');
			i += end - 1;
		} else if (text.data[i]) {
			kb_buf_putc(&out, text.data[i]);
		}
	}
	return kb_arena_str(arena, kb_buf_view(&out));
}

/* A line of '---', '...', '+++' or the like. */
static bool is_fence(kb_str line)
{
	line = kb_str_trim(line);
	for (size_t i = 1; i < line.len; i++)
		if (line.data[i] != line.data[0])
			return false;
	return line.len >= 3 && strchr("-.+", line.data[0]);
}

static bool opens_conflict(kb_str line)
{
	return kb_str_starts(line, KB_STR("<<<<<<<"));
}

static kb_str without(kb_str s, const char *chars)
{
	while (s.len && strchr(chars, s.data[0]))
		s = kb_str_sub(s, 1, s.len);
	while (s.len && strchr(chars, s.data[s.len - 1]))
		s.len--;
	return s;
}

/* The sign between key and value at the beginning of S; its length in *LEN. */
static size_t find_sign(kb_str s, size_t *len)
{
	const kb_str wide = KB_STR("\xEF\xBC\x9A");

	for (size_t i = 0; i < s.len; i++) {
		*len = strchr(":=", s.data[i]) ? 1 : wide.len;
		if (*len == 1 || kb_str_starts(kb_str_sub(s, i, s.len), wide))
			return i;
	}
	return SIZE_MAX;
}

static void add(struct raw *raw, kb_str key, kb_str value)
{
	struct kb_node *nodes = kb_arena_array(raw->arena, struct kb_node, 2);
	/* A place of its own tells it from a default. */
	kb_range place = {1, 1};

	nodes[0] = (struct kb_node){.kind = KB_NODE_SCALAR, .value = key, .range = place};
	nodes[1] = (struct kb_node){
		.kind = KB_NODE_SCALAR, .quoted = true, .value = value, .range = place};
	kb_vec_push(&raw->pairs, ((struct kb_pair){&nodes[0], &nodes[1]}));
	raw->conflict |= raw->in_conflict;
}

static size_t indent_of(kb_str line)
{
	size_t n = 0;

	while (n < line.len && strchr(" \t", line.data[n]))
		n++;
	return n;
}

/* Returns the next line that is not empty, or an empty one at the end. */
static kb_str line_below(struct raw *raw)
{
	kb_str rest = raw->rest;

	if (raw->below_of == rest.data)
		return raw->below;
	raw->below_of = rest.data;
	raw->below = KB_STR("");
	while (!kb_str_trim(raw->below).len && kb_str_next(&rest, '\n', &raw->below))
		;
	return raw->below;
}

/* The value of a key that has none on its own line, at INDENT. */
static kb_str value_below(struct raw *raw, size_t indent)
{
	kb_str line = line_below(raw);

	if (!kb_str_trim(line).len ||
		(indent_of(line) <= indent && !strchr("-:", *line.data)))
		return KB_STR("");
	return without(kb_str_trim(line), " \t-:\"'[]{},");
}

/* Where a value ends that may have brackets around it or be in such. */
static size_t end_in_flow(kb_str s)
{
	bool opens = strchr("{[", s.data[0]);
	size_t n = 1;

	while (n < s.len && !strchr(opens ? "}]" : ",}]", s.data[n]))
		n++;
	return n;
}

static kb_str value_of(struct raw *raw, kb_str s, size_t indent)
{
	s = kb_str_trim(kb_str_sub(s, 0, kb_str_find(s, KB_STR(" #"))));
	if (raw->flow && s.len)
		s = kb_str_sub(s, 0, end_in_flow(s));
	if (kb_str_is(s, "~") || kb_str_is(s, "null"))
		return KB_STR("");
	s = without(s, " \t\"'[]{},");
	return s.len ? s : value_below(raw, indent);
}

/* Keys whose values have keys of their own. */
static bool has_keys_below(kb_str key)
{
	return kb_str_is(key, "placeholders") || kb_str_is(key, "notice") ||
	       kb_str_is(key, "cases") || kb_str_is(key, "translation");
}

/* "audience agents": one word alone for the value. */
static void read_words(struct raw *raw, kb_str s, size_t indent)
{
	size_t n = 0;
	kb_str key, value;

	while (n < s.len && (is_word(s.data[n]) || strchr("_-", s.data[n])))
		n++;
	key = kb_front_restriction(raw->mount, kb_str_sub(s, 0, n), true);
	value = value_of(raw, kb_str_sub(s, n, s.len), indent);
	if (key.len && kb_str_chr(value, ' ') == SIZE_MAX)
		add(raw, key, value);
}

/* What may be "key: value", at the beginning of a line or after a bracket or comma. */
static void read_part(struct raw *raw, kb_str s, size_t indent)
{
	size_t sign, len;
	kb_str word, key, value;

	while (s.len && !is_word(s.data[0]) && s.data[0] != '#')
		s = kb_str_sub(s, 1, s.len);
	if (!s.len || s.data[0] == '#')
		return;
	sign = find_sign(s, &len);
	if (sign == SIZE_MAX) {
		read_words(raw, s, indent);
		return;
	}
	word = without(kb_str_sub(s, 0, sign), " \t\"'");
	value = kb_str_sub(s, sign + len, s.len);
	key = word.len <= KEY_MAX ? kb_front_restriction(raw->mount, word, false)
				  : KB_STR("");
	if (key.len) {
		value = value_of(raw, value, indent);
		if (value.len)
			add(raw, key, value);
		return;
	}
	value = kb_str_trim(value);
	if ((value.len == 0 && has_keys_below(word)) ||
		(value.len && strchr("|>", value.data[0])))
		raw->nested = indent;
}

static bool opens_flow(kb_str line)
{
	for (size_t i = 0; i < line.len; i++) {
		bool twice = i + 1 < line.len && line.data[i + 1] == line.data[i];

		if (strchr("{[", line.data[i]) && !twice)
			return true;
		i += twice;
	}
	return false;
}

static void read_line(struct raw *raw, kb_str line)
{
	size_t indent = indent_of(line);

	if (!kb_str_trim(line).len || (raw->nested != SIZE_MAX && indent > raw->nested))
		return;
	raw->nested = SIZE_MAX;
	raw->flow |= opens_flow(line);
	read_part(raw, line, indent);
	for (size_t i = 0; raw->flow && i < line.len; i++)
		if (strchr("{[,", line.data[i]))
			read_part(raw, kb_str_sub(line, i + 1, i + 1 + PART_MAX), indent);
}

struct kb_node *kb_front_raw(
	struct kb_arena *arena, const struct kb_mount *mount, kb_str text, bool *conflict)
{
	struct raw raw = {.arena = arena, .mount = mount, .nested = SIZE_MAX};
	struct kb_node *map = kb_arena_new_of(arena, struct kb_node);
	bool conflicts;
	kb_str line;

	raw.rest = plain_lines(arena, text);
	conflicts = opens_conflict(raw.rest) ||
		    kb_str_find(raw.rest, KB_STR("\n<<<<<<<")) != SIZE_MAX;
	while (kb_str_next(&raw.rest, '\n', &line)) {
		if (is_fence(line)) {
			if (raw.content && !conflicts)
				break;
			continue;
		}
		raw.in_conflict |= opens_conflict(line);
		read_line(&raw, line);
		raw.in_conflict &= !kb_str_starts(line, KB_STR(">>>>>>>"));
		raw.content |= kb_str_trim(line).len > 0;
	}
	*conflict = raw.conflict;
	*map = (struct kb_node){.kind = KB_NODE_MAP, .len = (uint32_t)raw.pairs.len};
	map->pairs = kb_vec_freeze(&raw.pairs, arena);
	return map;
}
