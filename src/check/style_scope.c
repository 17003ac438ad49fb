/* Where a rule looks. */
#include "style.h"

static const char *const scope_names[STYLE_SCOPES] = {
	[STYLE_TEXT] = "text",
	[STYLE_HEADING] = "heading",
	[STYLE_H1] = "heading.h1",
	[STYLE_H1 + 1] = "heading.h2",
	[STYLE_H1 + 2] = "heading.h3",
	[STYLE_H1 + 3] = "heading.h4",
	[STYLE_H1 + 4] = "heading.h5",
	[STYLE_H1 + 5] = "heading.h6",
	[STYLE_PARAGRAPH] = "paragraph",
	[STYLE_LIST] = "list",
	[STYLE_TABLE] = "table",
	[STYLE_TABLE_HEADER] = "table.header",
	[STYLE_TABLE_CELL] = "table.cell",
	[STYLE_BLOCKQUOTE] = "blockquote",
	[STYLE_SENTENCE] = "sentence",
	[STYLE_ALT] = "alt",
	[STYLE_LINK] = "link",
	[STYLE_STRONG] = "strong",
	[STYLE_EMPHASIS] = "emphasis",
	[STYLE_CODE] = "code",
	[STYLE_RAW] = "raw",
	[STYLE_SUMMARY] = "summary",
	[STYLE_ARTICLE] = "article",
	[STYLE_WORKFLOW] = "workflow",
	[STYLE_REPLY] = "reply",
	[STYLE_REFERENCE] = "reference",
	[STYLE_TITLE] = "title",
	[STYLE_SUBJECT] = "subject",
};

static bool scope_find(kb_str word, enum style_scope *out)
{
	for (int i = 0; i < STYLE_SCOPES; i++)
		if (kb_str_is(word, scope_names[i])) {
			*out = (enum style_scope)i;
			return true;
		}
	return false;
}

static const char *unknown(struct kb_arena *arena, kb_str word)
{
	kb_str names[STYLE_SCOPES];
	const kb_str *near;

	for (int i = 0; i < STYLE_SCOPES; i++)
		names[i] = kb_str_of(scope_names[i]);
	near = kb_str_nearest(word, names, STYLE_SCOPES);
	return kb_arena_fmt(arena, "there is no scope '%.*s'%s%.*s%s", KB_ARG(word),
		near ? ": did you mean '" : "", KB_ARG(near ? *near : KB_STR("")),
		near ? "'?" : "")
		.data;
}

static const char *read_part(
	struct kb_arena *arena, kb_str part, struct style_selector *out)
{
	bool negated = kb_str_starts(part, KB_STR("~"));
	enum style_scope scope;

	part = kb_str_trim(negated ? kb_str_sub(part, 1, part.len) : part);
	if (kb_str_ends(part, KB_STR(".md"))) /* Vale names the kind of file, too */
		part.len -= strlen(".md");
	if (!scope_find(part, &scope))
		return unknown(arena, part);
	*(negated ? &out->none : &out->all) |= 1u << scope;
	return NULL;
}

const char *style_scopes_parse(
	struct kb_arena *arena, const kb_strs *list, struct style_rule *rule)
{
	const char *why;

	rule->nselectors = list->len ? list->len : 1;
	rule->selectors = kb_arena_array(arena, struct style_selector, rule->nselectors);
	if (!list->len)
		rule->selectors[0].all = 1u << STYLE_TEXT;
	for (size_t i = 0; i < list->len; i++) {
		kb_str rest = list->items[i], part;

		while (kb_str_next(&rest, '&', &part))
			if ((why = read_part(
				     arena, kb_str_trim(part), &rule->selectors[i])))
				return why;
		if (!rule->selectors[i].all)
			rule->selectors[i].all = 1u << STYLE_TEXT;
	}
	for (size_t i = 0; i < rule->nselectors; i++)
		rule->scopes |= rule->selectors[i].all;
	return NULL;
}
