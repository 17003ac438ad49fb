#include <ctype.h>

#include "kb/vec.h"
#include "template_private.h"

#define SECTIONS_MAX 32
#define DELIMITER_MAX 16

struct compiler {
	kb_str name;
	kb_str text;
	size_t at;    /* what comes next in the text */
	size_t plain; /* from here to the next tag it is plain text */
	kb_str open, close;
	struct {
		KB_VEC(struct kb_template_op);
	} ops;
	struct {
		size_t op;
		size_t at;
		kb_str name;
	} sections[SECTIONS_MAX];
	size_t nsections;
	size_t fault;
	struct kb_error *err;
};

struct tag {
	char kind; /* its sigil; '{' and '&' both as '&', 0 for none */
	kb_str inside;
	size_t start, end; /* with the delimiters */
	size_t line_end;   /* when standalone, behind its line */
	kb_str indent;	   /* if it is alone on its line, the spaces before it */
	bool standalone;
};

static int complain(struct compiler *c, size_t at, const char *message, kb_str name)
{
	size_t line = 1;

	c->fault = at;
	for (size_t i = 0; i < at && i < c->text.len; i++)
		line += c->text.data[i] == '\n';
	return kb_error_set(c->err, KB_E_CONFIG, "template %.*s, line %zu: %s%s%.*s",
		KB_ARG(c->name), line, message, name.len ? ": " : "", KB_ARG(name));
}

static bool at_line_start(const struct compiler *c, size_t at)
{
	return at == 0 || c->text.data[at - 1] == '\n';
}

static struct kb_template_op *add_op(
	struct compiler *c, enum kb_template_op_kind kind, size_t at)
{
	struct kb_template_op *op = kb_vec_add(&c->ops);

	*op = (struct kb_template_op){
		.kind = (uint8_t)kind, .line_start = at_line_start(c, at)};
	return op;
}

static void add_text(struct compiler *c, size_t from, size_t to)
{
	if (from < to)
		add_op(c, KB_TEMPLATE_TEXT, from)->text = kb_str_sub(c->text, from, to);
}

/* Is there nothing but this tag on its line? */
static void look_around(const struct compiler *c, struct tag *tag)
{
	size_t from = tag->start, to = tag->end;

	while (from > 0 &&
		(c->text.data[from - 1] == ' ' || c->text.data[from - 1] == '\t'))
		from--;
	while (to < c->text.len && (c->text.data[to] == ' ' || c->text.data[to] == '\t'))
		to++;
	if (to + 1 < c->text.len && c->text.data[to] == '\r' &&
		c->text.data[to + 1] == '\n')
		to++;
	tag->standalone =
		at_line_start(c, from) && (to == c->text.len || c->text.data[to] == '\n');
	tag->indent = kb_str_sub(c->text, from, tag->start);
	tag->line_end = to < c->text.len ? to + 1 : to;
}

static size_t find_from(kb_str text, size_t from, kb_str needle)
{
	size_t at = kb_str_find(kb_str_sub(text, from, text.len), needle);

	return at == SIZE_MAX ? at : from + at;
}

/* Reads the tag that begins at START. */
static int read_tag(struct compiler *c, size_t start, struct tag *tag)
{
	size_t from = start + c->open.len, to;
	kb_str close = c->close;
	char triple[DELIMITER_MAX + 2] = "}";

	*tag = (struct tag){.start = start};
	if (from < c->text.len && memchr("#^/>&{!=<$", c->text.data[from], 10))
		tag->kind = c->text.data[from++];
	if (tag->kind == '{' || tag->kind == '=') {
		triple[0] = tag->kind == '{' ? '}' : '=';
		memcpy(triple + 1, close.data, close.len);
		close = (kb_str){triple, close.len + 1};
	}
	to = find_from(c->text, from, close);
	if (to == SIZE_MAX)
		return complain(c, start, "a tag is not closed", KB_STR_NULL);
	tag->inside = kb_str_trim(kb_str_sub(c->text, from, to));
	tag->end = to + close.len;
	if (tag->kind == '{')
		tag->kind = '&';
	if (tag->kind && tag->kind != '&')
		look_around(c, tag);
	return 0;
}

static bool has_space(kb_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (isspace((unsigned char)s.data[i]))
			return true;
	return false;
}

static int set_delimiters(struct compiler *c, const struct tag *tag)
{
	kb_str rest = tag->inside, open;
	size_t at = 0;

	while (at < rest.len && !isspace((unsigned char)rest.data[at]))
		at++;
	open = kb_str_sub(rest, 0, at);
	rest = kb_str_trim(kb_str_sub(rest, at, rest.len));
	if (open.len == 0 || rest.len == 0 || has_space(rest) ||
		open.len > DELIMITER_MAX || rest.len > DELIMITER_MAX ||
		kb_str_chr(open, '=') != SIZE_MAX || kb_str_chr(rest, '=') != SIZE_MAX)
		return complain(c, tag->start,
			"new delimiters must be two short words without '='",
			tag->inside);
	c->open = open;
	c->close = rest;
	return 0;
}

static int open_section(struct compiler *c, const struct tag *tag)
{
	if (c->nsections == SECTIONS_MAX)
		return complain(
			c, tag->start, "sections are nested too deeply", tag->inside);
	c->sections[c->nsections].op = c->ops.len - 1;
	c->sections[c->nsections].at = tag->start;
	c->sections[c->nsections++].name = tag->inside;
	return 0;
}

static int close_section(struct compiler *c, const struct tag *tag)
{
	if (c->nsections == 0)
		return complain(c, tag->start, "a section is closed that was not opened",
			tag->inside);
	c->nsections--;
	if (!kb_str_eq(c->sections[c->nsections].name, tag->inside))
		return complain(c, tag->start,
			"this does not close the section that was opened last",
			tag->inside);
	c->ops.items[c->sections[c->nsections].op].end = (uint32_t)c->ops.len;
	return 0;
}

/* A name's parts; the first is looked up through all contexts, the others in it. */
static int set_name(struct compiler *c, const struct tag *tag, struct kb_template_op *op)
{
	kb_str rest = tag->inside, part;
	size_t dot;

	if (kb_str_is(tag->inside, ".")) {
		op->text = tag->inside;
		return 0;
	}
	while (kb_str_next(&rest, '.', &part))
		if (part.len == 0)
			return complain(
				c, tag->start, "a name has an empty part", tag->inside);
	dot = kb_str_chr(tag->inside, '.');
	op->text = kb_str_sub(tag->inside, 0, dot);
	if (dot != SIZE_MAX)
		op->rest = kb_str_sub(tag->inside, dot + 1, tag->inside.len);
	return 0;
}

static enum kb_template_op_kind op_kind(char kind)
{
	switch (kind) {
	case '#':
		return KB_TEMPLATE_SECTION;
	case '^':
		return KB_TEMPLATE_INVERTED;
	case '>':
		return KB_TEMPLATE_PARTIAL;
	case '&':
		return KB_TEMPLATE_RAW;
	default:
		return KB_TEMPLATE_ESCAPED;
	}
}

static int compile_tag(struct compiler *c, const struct tag *tag)
{
	struct kb_template_op *op;

	if (tag->kind == '!')
		return 0;
	if (tag->kind == '=')
		return set_delimiters(c, tag);
	if (tag->kind == '<' || tag->kind == '$')
		return complain(c, tag->start, "blocks and parents are not supported",
			tag->inside);
	if (tag->inside.len == 0)
		return complain(c, tag->start, "a tag is empty", KB_STR_NULL);
	if (has_space(tag->inside))
		return complain(c, tag->start, "a name has a space in it", tag->inside);
	if (tag->kind == '/')
		return close_section(c, tag);
	op = add_op(c, op_kind(tag->kind), tag->start);
	if (tag->kind == '>') {
		op->text = tag->inside;
		op->standalone = tag->standalone;
		op->rest = tag->standalone ? tag->indent : KB_STR_NULL;
		return 0;
	}
	if (set_name(c, tag, op) < 0)
		return -1;
	return tag->kind == '#' || tag->kind == '^' ? open_section(c, tag) : 0;
}

/* The text before the tag, then the tag. */
static int compile_step(struct compiler *c, size_t start)
{
	bool silent;
	struct tag tag;

	if (read_tag(c, start, &tag) < 0)
		return -1;
	add_text(c, c->plain, tag.standalone ? start - tag.indent.len : start);
	silent = tag.kind && tag.kind != '&' && !tag.standalone;
	/* It writes nothing itself, but its line is to be indented. */
	if (silent && at_line_start(c, start))
		add_op(c, KB_TEMPLATE_TEXT, start);
	if (compile_tag(c, &tag) < 0)
		return -1;
	c->at = c->plain = tag.standalone ? tag.line_end : tag.end;
	return 0;
}

static int compile(struct compiler *c)
{
	size_t start;

	while ((start = find_from(c->text, c->at, c->open)) != SIZE_MAX)
		if (compile_step(c, start) < 0)
			return -1;
	add_text(c, c->plain, c->text.len);
	if (c->nsections > 0)
		return complain(c, c->sections[c->nsections - 1].at,
			"a section is not closed", c->sections[c->nsections - 1].name);
	return 0;
}

int kb_templates_add(
	struct kb_templates *set, kb_str name, kb_str text, struct kb_error *err)
{
	struct compiler c = {
		.name = name,
		.text = kb_arena_str(set->arena, text),
		.open = KB_STR("{{"),
		.close = KB_STR("}}"),
		.err = err,
	};
	struct kb_template *template;

	if (compile(&c) < 0) {
		set->fault = c.fault;
		kb_vec_dispose(&c.ops);
		return -1;
	}
	template = kb_arena_new_of(set->arena, struct kb_template);
	template->name = kb_arena_str(set->arena, name);
	template->source = c.text;
	template->nops = c.ops.len;
	template->ops = kb_vec_freeze(&c.ops, set->arena);
	kb_map_put(&set->by_name, template->name, template);
	return 0;
}

size_t kb_templates_fault(const struct kb_templates *set)
{
	return set->fault;
}

static kb_str whole_name(const struct kb_template_op *op)
{
	kb_str name = op->text;

	if (op->kind != KB_TEMPLATE_PARTIAL && op->rest.len)
		name.len = (size_t)(op->rest.data + op->rest.len - op->text.data);
	return name;
}

const struct kb_template_tag *kb_templates_tags(
	const struct kb_templates *set, kb_str name, struct kb_arena *arena, size_t *n)
{
	static const uint8_t kinds[] = {[KB_TEMPLATE_TEXT] = KB_TAG_TEXT,
		[KB_TEMPLATE_ESCAPED] = KB_TAG_VARIABLE,
		[KB_TEMPLATE_RAW] = KB_TAG_VARIABLE,
		[KB_TEMPLATE_SECTION] = KB_TAG_SECTION,
		[KB_TEMPLATE_INVERTED] = KB_TAG_INVERTED,
		[KB_TEMPLATE_PARTIAL] = KB_TAG_PARTIAL};
	const struct kb_template *template = kb_map_get(&set->by_name, name);
	struct kb_template_tag *tags;

	*n = 0;
	if (!template)
		return NULL;
	tags = kb_arena_array(arena, struct kb_template_tag, template->nops + 1);
	for (; *n < template->nops; ++*n) {
		const struct kb_template_op *op = &template->ops[*n];
		struct kb_template_tag *tag = &tags[*n];

		tag->kind = kinds[op->kind];
		if (tag->kind == KB_TAG_TEXT)
			continue;
		tag->name = whole_name(op);
		tag->at = (size_t)(tag->name.data - template->source.data);
		tag->end = op->end;
	}
	return tags;
}
