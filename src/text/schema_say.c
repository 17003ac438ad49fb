#include <stdio.h>

#include "schema_private.h"
#include "kb/unicode.h"

/* Longer lists of names help nobody. */
#define LISTED_MAX 12
#define QUOTED_MAX 160

static enum kb_rule rule_of(const struct sch_check *c, enum sch_fault fault)
{
	static const enum kb_rule front[] = {KB_RULE_FM_UNKNOWN_KEY,
		KB_RULE_SCHEMA_REQUIRED, KB_RULE_SCHEMA_TYPE, KB_RULE_SCHEMA_VALUE};

	if (c->rules == KB_SCHEMA_FRONT_MATTER)
		return front[fault];
	return fault == SCH_UNKNOWN_KEY ? KB_RULE_CONFIG_UNKNOWN_KEY
					: KB_RULE_CONFIG_VALUE;
}

/* Where a fault of a value is shown: at its text, at its key, or at its first key. */
static kb_range place_of(const struct sch_spot *spot)
{
	const struct kb_node *node = spot->node;

	if ((node->kind == KB_NODE_SCALAR || node->flow) && node->range.len > 0)
		return node->range;
	if (spot->key && !spot->item)
		return spot->key->range;
	if (!spot->key && !spot->item)
		return (kb_range){node->range.off, 0};
	return node->kind == KB_NODE_MAP && node->len > 0 ? node->pairs[0].key->range
							  : node->range;
}

/* "'tags'", "an item of 'tags'", ... in the findings' arena. */
static kb_str subject_of(struct sch_check *c, const struct sch_spot *spot)
{
	struct kb_arena *arena = c->diags->arena;

	if (!spot->key)
		return spot->item ? KB_STR("an item") : KB_STR("the file");
	if (spot->key == spot->node)
		return kb_arena_fmt(arena, "the key '%.*s'", KB_ARG(spot->key->value));
	return kb_arena_fmt(arena, spot->item ? "an item of '%.*s'" : "'%.*s'",
		KB_ARG(spot->key->value));
}

/* The schema's own message for a keyword, or empty. */
static kb_str own_message(const struct sch *sch, const char *keyword)
{
	return sch->error_messages
		       ? kb_node_str(kb_node_get(sch->error_messages, keyword))
		       : sch->error_message;
}

static struct kb_diag *add(
	struct sch_check *c, enum sch_fault fault, kb_range range, kb_str text)
{
	return kb_diag_add(
		c->diags, rule_of(c, fault), c->path, range, "%.*s", KB_ARG(text));
}

bool kb_sch_say(struct sch_check *c, const struct sch *sch, const struct sch_spot *spot,
	const char *keyword, const char *fmt, ...)
{
	kb_str subject, text = own_message(sch, keyword);
	struct kb_diag *diag;
	bool own = text.len > 0;
	kb_str day;
	va_list ap;

	c->faults++;
	if (!c->diags)
		return false;
	subject = subject_of(c, spot);
	day = own && spot->node->kind == KB_NODE_SCALAR
		      ? kb_day_fault(c->diags->arena, spot->node->value)
		      : KB_STR("");
	if (day.len)
		text = day;
	if (!own) {
		va_start(ap, fmt);
		text = kb_arena_vfmt(c->diags->arena, fmt, ap);
		va_end(ap);
	}
	if (!own || spot->key)
		text = kb_arena_fmt(c->diags->arena, "%.*s%s %.*s", KB_ARG(subject),
			own ? ":" : "", KB_ARG(text));
	diag = add(c, SCH_VALUE, place_of(spot), text);
	if (spot->node->kind == KB_NODE_SCALAR && spot->node != spot->key)
		kb_sch_hint_meant(c, sch, spot, diag);
	return false;
}

static kb_str list_words(
	struct sch_check *c, const kb_str *words, size_t n, const char *last)
{
	_cleanup_buf_ kb_buf buf = {0};

	for (size_t i = 0; i < n; i++) {
		if (i)
			kb_buf_puts(&buf, i + 1 == n ? last : ", ");
		kb_buf_str(&buf, words[i]);
	}
	return kb_arena_str(c->diags->arena, kb_buf_view(&buf));
}

static kb_str wanted_words(struct sch_check *c, unsigned types)
{
	static const struct {
		unsigned type;
		const char *words;
	} all[] = {{SCH_STRING, "text"}, {SCH_NUMBER, "a number"},
		{SCH_INTEGER, "a whole number"}, {SCH_BOOLEAN, "true or false"},
		{SCH_ARRAY, "a list"}, {SCH_OBJECT, "a group of keys"},
		{SCH_NULL, "empty"}};
	kb_str words[KB_LEN(all)];
	size_t n = 0;

	if (types & SCH_NUMBER)
		types &= ~(unsigned)SCH_INTEGER;
	for (size_t i = 0; i < KB_LEN(all); i++)
		if ((types & all[i].type) && (all[i].type != SCH_NULL || n == 0))
			words[n++] = kb_str_of(all[i].words);
	return list_words(c, words, n, " or ");
}

static const char *got_words(const struct kb_node *node)
{
	switch (kb_sch_natural(node)) {
	case SCH_NULL:
		return "but is empty";
	case SCH_ARRAY:
		return "not a list";
	case SCH_OBJECT:
		return "not a group of keys";
	case SCH_STRING:
		return node->quoted && !node->typed ? "not text in quotes" : "not text";
	default:
		return node->typed ? "not a number, true or false" : "not this";
	}
}

/* Writes a value as it was in one line. */
static void write_flow(kb_buf *buf, const struct kb_node *node, bool braces)
{
	if (buf->len > QUOTED_MAX)
		return;
	if (node->kind == KB_NODE_SCALAR) {
		kb_buf_str(buf, node->value);
		return;
	}
	if (braces)
		kb_buf_putc(buf, node->kind == KB_NODE_SEQ ? '[' : '{');
	for (uint32_t i = 0; i < node->len && buf->len <= QUOTED_MAX; i++) {
		if (i)
			kb_buf_puts(buf, ", ");
		if (node->kind == KB_NODE_SEQ) {
			write_flow(buf, node->items[i], true);
			continue;
		}
		kb_buf_str(buf, node->pairs[i].key->value);
		if (node->pairs[i].value->range.len == 0)
			continue;
		kb_buf_puts(buf, ": ");
		write_flow(buf, node->pairs[i].value, true);
	}
	if (braces)
		kb_buf_putc(buf, node->kind == KB_NODE_SEQ ? ']' : '}');
}

/* The fix changes a value of the file, but not a default of kb.yaml. */
static void add_fix(struct sch_check *c, struct kb_diag *diag, const struct kb_node *node,
	kb_str text)
{
	if (node->range.len)
		kb_diag_edit(c->diags, diag, node->range, text);
}

/* "[Yes, signed]" or "Yes: signed", read as a list or a map where text was meant. */
static bool hint_text(
	struct sch_check *c, struct kb_diag *diag, const struct kb_node *node)
{
	_cleanup_buf_ kb_buf buf = {0}, text = {0};
	const char *quote;

	if (!node->flow && !(node->kind == KB_NODE_MAP && node->len == 1 &&
				   node->pairs[0].value->kind == KB_NODE_SCALAR))
		return false;
	write_flow(&buf, node, node->flow);
	if (buf.len == 0 || buf.len > QUOTED_MAX)
		return false;
	kb_yaml_put_scalar(&text, kb_buf_view(&buf), '"', true);
	quote = strpbrk(buf.data, "\"\\") ? "'" : "\"";
	kb_diag_hint(c->diags, diag, "if it is text, put it in quotes: %s%s%s", quote,
		buf.data, quote);
	add_fix(c, diag, node, kb_buf_view(&text));
	return true;
}

/* "yes" and its like, which are words to YAML 1.2. */
static bool hint_truth(
	struct sch_check *c, struct kb_diag *diag, const struct kb_node *node)
{
	static const char *const words[] = {
		"yes", "on", "y", "no", "off", "n", "true", "false"};

	for (size_t i = 0; i < KB_LEN(words); i++) {
		kb_str word = i < 3 || i == 6 ? KB_STR("true") : KB_STR("false");

		if (!kb_str_eq_nocase(node->value, kb_str_of(words[i])))
			continue;
		kb_diag_hint(c->diags, diag, "write %.*s", KB_ARG(word));
		add_fix(c, diag, node, word);
		return true;
	}
	return false;
}

static const struct sch *behind_ref(const struct sch *sch)
{
	while (sch->ref)
		sch = sch->ref;
	return sch;
}

/* The keys that a schema knows, when there are few. */
static kb_str known_keys(struct sch_check *c, const struct sch *sch)
{
	if (sch->names.len == 0 || sch->names.len > LISTED_MAX)
		return KB_STR_NULL;
	return list_words(c, sch->names.items, sch->names.len, " and ");
}

static bool hint_type(struct sch_check *c, struct kb_diag *diag, const struct sch *sch,
	const struct sch_spot *spot, unsigned types)
{
	const struct kb_node *node = spot->node;
	bool scalar = node->kind == KB_NODE_SCALAR;
	kb_str keys = KB_STR_NULL;
	struct kb_node bare = *node;

	if (types & SCH_OBJECT)
		keys = known_keys(c, sch);
	if (!scalar && (types & SCH_STRING) && hint_text(c, diag, node))
		return true;
	if (scalar && (types & SCH_BOOLEAN) && hint_truth(c, diag, node))
		return true;
	bare.quoted = false;
	if (scalar && node->quoted && (types & (SCH_INTEGER | SCH_NUMBER)) &&
		(kb_sch_natural(&bare) & types)) {
		kb_diag_hint(c->diags, diag, "write it without quotes");
		add_fix(c, diag, node, node->value);
		return true;
	}
	if (scalar && node->value.len > 0 && node->value.len < QUOTED_MAX &&
		types == SCH_ARRAY) {
		kb_diag_hint(c->diags, diag, "write it as a list: [%.*s]",
			KB_ARG(node->value));
		return true;
	}
	if (node->kind == KB_NODE_SEQ && node->len == 1 && !(types & SCH_OBJECT)) {
		kb_diag_hint(c->diags, diag,
			"write only the value, without a dash or brackets");
		return true;
	}
	if (keys.len == 0)
		return false;
	if (node->kind == KB_NODE_SEQ && !spot->key && sch->names.len == 1)
		kb_diag_hint(c->diags, diag, "write '%.*s:' above the list",
			KB_ARG(sch->names.items[0]));
	else
		kb_diag_hint(c->diags, diag, "write its keys below it, indented: %.*s",
			KB_ARG(keys));
	return true;
}

bool kb_sch_say_type(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, unsigned types)
{
	kb_str own = own_message(sch, "type"), subject, wanted;
	struct kb_diag *diag;

	c->faults++;
	if (!c->diags)
		return false;
	subject = subject_of(c, spot);
	wanted = wanted_words(c, types);
	diag = add(c, SCH_TYPE, place_of(spot),
		kb_arena_fmt(c->diags->arena, "%.*s must be %.*s, %s", KB_ARG(subject),
			KB_ARG(wanted), got_words(spot->node)));
	if (!hint_type(c, diag, behind_ref(sch), spot, types) && own.len)
		kb_diag_hint(c->diags, diag, "%.*s", KB_ARG(own));
	return false;
}

bool kb_sch_say_choice(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, const struct kb_node *choices)
{
	kb_str own = own_message(sch, "enum"), subject, words[LISTED_MAX], text, value;
	const kb_str *near;
	struct kb_diag *diag;
	size_t n = 0;

	c->faults++;
	if (!c->diags)
		return false;
	for (uint32_t i = 0; i < choices->len && n < LISTED_MAX; i++)
		if (choices->items[i]->kind == KB_NODE_SCALAR)
			words[n++] = choices->items[i]->value;
	subject = subject_of(c, spot);
	value = kb_node_str(spot->node);
	near = kb_str_nearest(value, words, n);
	text = list_words(c, words, n, " or ");
	if (own.len)
		text = kb_arena_fmt(
			c->diags->arena, "%.*s: %.*s", KB_ARG(subject), KB_ARG(own));
	else if (value.len > 0 && value.len < QUOTED_MAX)
		text = kb_arena_fmt(c->diags->arena,
			"%.*s cannot be '%.*s'; it must be %.*s", KB_ARG(subject),
			KB_ARG(value), KB_ARG(text));
	else
		text = kb_arena_fmt(c->diags->arena, "%.*s must be %.*s", KB_ARG(subject),
			KB_ARG(text));
	diag = add(c, SCH_VALUE, place_of(spot), text);
	if (near) {
		kb_diag_hint(c->diags, diag, "did you mean '%.*s'?", KB_ARG(*near));
		add_fix(c, diag, spot->node, *near);
		if (diag)
			diag->guess = true;
	}
	return false;
}

/* The built-in schema's name, for `kb schema NAME`; empty for others. */
static kb_str builtin_name(const struct sch_check *c)
{
	kb_str name = c->schema->name;

	if (kb_str_ends(name, KB_STR(".json")))
		name.len -= 5;
	return kb_schema_builtin(name).len ? name : KB_STR_NULL;
}

/* The fix is certain, unless the file also has the key that is meant. */
static void hint_key(struct sch_check *c, struct kb_diag *diag, const struct kb_node *map,
	const struct kb_node *key, kb_str near)
{
	kb_diag_hint(c->diags, diag, "did you mean '%.*s'?", KB_ARG(near));
	if (!kb_node_get_str(map, near))
		add_fix(c, diag, key, near);
}

bool kb_sch_say_unknown(struct sch_check *c, const struct sch *sch,
	const struct kb_node *map, const struct kb_node *key)
{
	kb_str own = own_message(sch, "additionalProperties"), keys, name;
	const kb_str *near = NULL;
	struct kb_diag *diag;

	c->faults++;
	if (!c->diags)
		return false;
	diag = add(c, SCH_UNKNOWN_KEY, key->range,
		kb_arena_fmt(c->diags->arena, "the key '%.*s' is not known here",
			KB_ARG(key->value)));
	if (sch->extended_by)
		near = kb_str_nearest(key->value, sch->extended_by->names.items,
			sch->extended_by->names.len);
	if (!near)
		near = kb_str_nearest(key->value, sch->names.items, sch->names.len);
	keys = known_keys(c, sch);
	name = builtin_name(c);
	if (near)
		hint_key(c, diag, map, key, *near);
	else if (own.len)
		kb_diag_hint(c->diags, diag, "%.*s", KB_ARG(own));
	else if (keys.len)
		kb_diag_hint(c->diags, diag, "known here: %.*s", KB_ARG(keys));
	else if (name.len)
		kb_diag_hint(c->diags, diag, "'kb schema %.*s' lists the known keys",
			KB_ARG(name));
	return false;
}

/* Does MAP have a key that is reported as unknown, and that is meant to be NAME? */
static bool is_misspelled(const struct sch *sch, const struct kb_node *map, kb_str name)
{
	for (uint32_t i = 0; sch->additional && sch->additional->never && i < map->len;
		i++) {
		kb_str key = map->pairs[i].key->value;
		const kb_str *near =
			kb_map_has(&sch->properties, key)
				? NULL
				: kb_str_nearest(key, sch->names.items, sch->names.len);

		if (near && kb_str_eq(*near, name))
			return true;
	}
	return false;
}

bool kb_sch_say_missing(struct sch_check *c, const struct sch *sch,
	const struct sch_spot *spot, kb_str name)
{
	kb_str own = own_message(sch, "required");
	struct kb_diag *diag;

	c->faults++;
	if (!c->diags || is_misspelled(sch, spot->node, name))
		return false;
	for (uint32_t i = 0; i < spot->node->len; i++) {
		const struct kb_pair *pair = &spot->node->pairs[i];

		if (!kb_str_eq(pair->key->value, name))
			continue;
		diag = add(c, SCH_REQUIRED, pair->key->range,
			kb_arena_fmt(
				c->diags->arena, "'%.*s' has no value", KB_ARG(name)));
		kb_diag_hint(c->diags, diag, "write it after the colon");
		return false;
	}
	diag = add(c, SCH_REQUIRED, place_of(spot),
		kb_arena_fmt(c->diags->arena, "the key '%.*s' is missing", KB_ARG(name)));
	if (own.len)
		kb_diag_hint(c->diags, diag, "%.*s", KB_ARG(own));
	else
		kb_diag_hint(c->diags, diag, "add a line '%.*s: ...'", KB_ARG(name));
	return false;
}

void kb_sch_say_deprecated(
	struct sch_check *c, const struct sch *sch, const struct sch_spot *spot)
{
	if (!spot->key || spot->item)
		return;
	c->deprecated = true;
	kb_diag_add(c->diags, KB_RULE_SCHEMA_DEPRECATED, c->path, spot->key->range,
		sch->deprecation.len ? "'%.*s' should no longer be used: %.*s"
				     : "'%.*s' should no longer be used%.*s",
		KB_ARG(spot->key->value), KB_ARG(sch->deprecation));
}
