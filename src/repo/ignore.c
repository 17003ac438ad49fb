#include "ignore.h"

#include <fnmatch.h>

#include "kb/vec.h"

struct glob_part {
	kb_str glob; /* ends in a NUL */
	enum { LITERAL, SUFFIX, GLOB, ANY_DEPTH } kind;
};

struct rule {
	struct glob_part *parts;
	size_t nparts;
	bool negate;
	bool folder_only;
	bool anchored; /* to the file's folder; else to any part of the path */
};

struct kb_ignore {
	const struct kb_ignore *parent;
	struct rule *rules;
	size_t nrules;
	size_t base;
};

static bool has_wildcard(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.data[i] && strchr("*?[\\", s.data[i]))
			return true;
	return false;
}

static struct glob_part parse_part(struct kb_arena *arena, kb_str text)
{
	if (kb_str_is(text, "**"))
		return (struct glob_part){.kind = ANY_DEPTH};
	if (!has_wildcard(text))
		return (struct glob_part){kb_arena_str(arena, text), LITERAL};
	if (text.data[0] == '*' && !has_wildcard(kb_str_sub(text, 1, text.len)))
		return (struct glob_part){
			kb_arena_str(arena, kb_str_sub(text, 1, text.len)), SUFFIX};
	return (struct glob_part){kb_arena_str(arena, text), GLOB};
}

/* Spaces at the end count only after a backslash. */
static kb_str trim_line(kb_str line)
{
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	while (line.len > 0 && line.data[line.len - 1] == ' ' &&
		!(line.len > 1 && line.data[line.len - 2] == '\\'))
		line.len--;
	return line;
}

static bool take_char(kb_str *s, char c)
{
	if (s->len == 0 || s->data[0] != c)
		return false;
	*s = kb_str_sub(*s, 1, s->len);
	return true;
}

static bool parse_rule(struct kb_arena *arena, kb_str line, struct rule *rule)
{
	struct {
		KB_VEC(struct glob_part);
	} parts = {0};
	kb_str part;

	*rule = (struct rule){0};
	line = trim_line(line);
	if (line.len == 0 || line.data[0] == '#')
		return false;
	rule->negate = take_char(&line, '!');
	if (kb_str_ends(line, KB_STR("/"))) {
		rule->folder_only = true;
		line.len--;
	}
	rule->anchored = kb_str_chr(line, '/') != SIZE_MAX;
	take_char(&line, '/');
	if (line.len == 0)
		return false;
	while (kb_str_next(&line, '/', &part))
		if (part.len > 0)
			kb_vec_push(&parts, parse_part(arena, part));
	rule->nparts = parts.len;
	rule->parts = kb_vec_freeze(&parts, arena);
	return rule->nparts > 0;
}

const struct kb_ignore *kb_ignore_parse(
	struct kb_arena *arena, kb_str text, size_t base, const struct kb_ignore *parent)
{
	struct {
		KB_VEC(struct rule);
	} rules = {0};
	struct kb_ignore *ignore;
	struct rule rule;
	kb_str line;

	if (kb_str_starts(text, KB_STR("\xef\xbb\xbf")))
		text = kb_str_sub(text, 3, text.len);
	while (kb_str_next(&text, '\n', &line))
		if (parse_rule(arena, line, &rule))
			kb_vec_push(&rules, rule);
	if (rules.len == 0)
		return parent;
	ignore = kb_arena_new_of(arena, struct kb_ignore);
	ignore->parent = parent;
	ignore->base = base;
	ignore->nrules = rules.len;
	ignore->rules = kb_vec_freeze(&rules, arena);
	return ignore;
}

static bool part_matches(const struct glob_part *part, kb_str name)
{
	char text[256];

	switch (part->kind) {
	case LITERAL:
		return kb_str_eq(part->glob, name);
	case SUFFIX:
		return kb_str_ends(name, part->glob);
	case ANY_DEPTH:
		return true;
	case GLOB:
		break;
	}
	if (name.len >= sizeof(text))
		return false;
	memcpy(text, name.data, name.len);
	text[name.len] = '\0';
	return fnmatch(part->glob.data, text, 0) == 0;
}

/* As a glob's '*' goes over characters, a part "**" goes over parts of the path. At the
 * end it needs one at least. */
static bool parts_match(const struct rule *rule, kb_str path)
{
	size_t i = 0, retry = SIZE_MAX;
	kb_str rest = path, retry_rest = KB_STR_NULL, name;

	for (;;) {
		if (i < rule->nparts && rule->parts[i].kind == ANY_DEPTH) {
			if (i + 1 == rule->nparts)
				return rest.len > 0;
			retry = ++i;
			retry_rest = rest;
			continue;
		}
		if (rest.len == 0 && i == rule->nparts)
			return true;
		if (rest.len > 0 && i < rule->nparts) {
			kb_str_next(&rest, '/', &name);
			if (part_matches(&rule->parts[i], name)) {
				i++;
				continue;
			}
		}
		if (retry == SIZE_MAX || retry_rest.len == 0)
			return false;
		kb_str_next(&retry_rest, '/', &name);
		rest = retry_rest;
		i = retry;
	}
}

static bool rule_matches(
	const struct rule *rule, kb_str path, kb_str name, bool is_folder)
{
	if (rule->folder_only && !is_folder)
		return false;
	return rule->anchored ? parts_match(rule, path) : part_matches(rule->parts, name);
}

bool kb_ignore_match(const struct kb_ignore *ignore, kb_str path, bool is_folder)
{
	size_t slash = kb_str_rchr(path, '/');
	kb_str name = slash == SIZE_MAX ? path : kb_str_sub(path, slash + 1, path.len);

	for (; ignore; ignore = ignore->parent) {
		kb_str below = kb_str_sub(path, ignore->base, path.len);

		for (size_t i = ignore->nrules; i-- > 0;)
			if (rule_matches(&ignore->rules[i], below, name, is_folder))
				return !ignore->rules[i].negate;
	}
	return false;
}
