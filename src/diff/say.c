/* Changes in words. */
#include "kb/unicode.h"
#include "version.h"

const char *kb_thing_name(enum kb_thing thing)
{
	static const char *const names[KB_THINGS] = {"key", "section", "step", "heading",
		"paragraph", "item", "answer", "row", "cell", "column", "code", "diagram",
		"html", "include", "rule", "link", "image", "placeholder", "callout"};

	return names[thing];
}

const char *kb_change_what_name(enum kb_change_what what)
{
	static const char *const names[] = {
		"added", "removed", "changed", "moved", "renamed", "formatted"};

	return names[what];
}

static const char *const nouns[KB_THINGS][2] = {{"", ""}, {"section", "sections"},
	{"step", "steps"}, {"heading", "headings"}, {"paragraph", "paragraphs"},
	{"list item", "list items"}, {"answer", "answers"}, {"row", "rows"},
	{"cell", "cells"}, {"column", "columns"}, {"code block", "code blocks"},
	{"diagram", "diagrams"}, {"HTML block", "HTML blocks"},
	{"included snippet", "included snippets"}, {"rule", "rules"}, {"link", "links"},
	{"image", "images"}, {"placeholder", "placeholders"}, {"call-out", "call-outs"}};

enum { NAME_MAX_CHARS = 40, VALUE_MAX_CHARS = 60, SUMMARY_MAX = 3 };

static kb_str short_value(struct kb_arena *arena, kb_str value)
{
	_cleanup_buf_ kb_buf out = {0};

	for (size_t i = 0; i < value.len; i++)
		kb_buf_putc(&out, value.data[i] == '\n' ? ' ' : value.data[i]);
	return kb_truncate(
		arena, kb_arena_str(arena, kb_buf_view(&out)), VALUE_MAX_CHARS);
}

static kb_str key_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	kb_str before = short_value(arena, c->before),
	       after = short_value(arena, c->after);

	if (before.len && after.len)
		return kb_arena_fmt(arena, "%.*s: %.*s → %.*s", KB_ARG(c->name),
			KB_ARG(before), KB_ARG(after));
	if (after.len)
		return kb_arena_fmt(
			arena, "%.*s: added %.*s", KB_ARG(c->name), KB_ARG(after));
	if (before.len)
		return kb_arena_fmt(
			arena, "%.*s: removed %.*s", KB_ARG(c->name), KB_ARG(before));
	return kb_arena_fmt(arena, "%.*s: %s", KB_ARG(c->name),
		kb_change_what_name((enum kb_change_what)c->what));
}

/* The words that went and came, when they are few. */
static kb_str words_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	_cleanup_buf_ kb_buf went = {0}, came = {0};
	uint32_t hunks = 0;

	for (uint32_t i = 0; i < c->nwords; i++) {
		const struct kb_word_run *run = &c->words[i];

		if (run->op == KB_OP_KEEP)
			continue;
		hunks += i == 0 || c->words[i - 1].op == KB_OP_KEEP;
		kb_buf_str(run->op == KB_OP_DELETE ? &went : &came, run->text);
	}
	kb_str a = kb_str_trim(kb_buf_view(&went)), b = kb_str_trim(kb_buf_view(&came));
	if (hunks != 1 || (a.len + b.len) > VALUE_MAX_CHARS || !(a.len + b.len))
		return KB_STR_NULL;
	if (!a.len)
		return kb_arena_fmt(arena, "'%.*s' added", KB_ARG(b));
	if (!b.len)
		return kb_arena_fmt(arena, "'%.*s' removed", KB_ARG(a));
	return kb_arena_fmt(arena, "'%.*s' → '%.*s'", KB_ARG(a), KB_ARG(b));
}

static kb_str noun_of(struct kb_arena *arena, const struct kb_doc_change *c)
{
	kb_str name = kb_truncate(arena, c->name, NAME_MAX_CHARS);
	bool whole = c->thing == KB_THING_SECTION || c->thing == KB_THING_STEP;

	if (c->count > 1 && !whole)
		return kb_arena_fmt(arena, "%u %s", c->count,
			nouns[c->thing == KB_THING_ANSWER || c->thing == KB_THING_ITEM ||
						c->thing == KB_THING_ROW
					? c->thing
					: KB_THING_PARAGRAPH][1]);
	if (!name.len)
		return kb_str_of(nouns[c->thing][0]);
	return kb_arena_fmt(arena, "%s '%.*s'", nouns[c->thing][0], KB_ARG(name));
}

static kb_str target_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	kb_str a = short_value(arena, c->before), b = short_value(arena, c->after);

	return kb_arena_fmt(arena, "%.*s leads elsewhere: %.*s → %.*s",
		KB_ARG(noun_of(arena, c)), KB_ARG(a), KB_ARG(b));
}

kb_str kb_doc_change_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	const char *what = kb_change_what_name((enum kb_change_what)c->what);
	bool changed = c->what == KB_WHAT_CHANGED;
	kb_str words, noun = noun_of(arena, c);

	if (c->thing == KB_THING_KEY)
		return key_phrase(arena, c);
	if (c->what == KB_WHAT_RENAMED)
		return kb_arena_fmt(arena, "%s '%.*s' renamed '%.*s'", nouns[c->thing][0],
			KB_ARG(short_value(arena, c->before)),
			KB_ARG(short_value(arena, c->after)));
	if (changed && !c->nwords &&
		(c->thing == KB_THING_ANSWER || c->thing == KB_THING_LINK))
		return target_phrase(arena, c);
	if (changed && c->thing == KB_THING_CALLOUT)
		return kb_arena_fmt(arena, "%.*s is now %.*s",
			KB_ARG(short_value(arena, c->before)),
			KB_ARG(short_value(arena, c->after)));
	if ((c->thing == KB_THING_LINK || c->thing == KB_THING_IMAGE) && !changed)
		return kb_arena_fmt(arena, "%.*s %s: %.*s", KB_ARG(noun), what,
			KB_ARG(short_value(arena, c->after.len ? c->after : c->before)));
	words = changed ? words_phrase(arena, c) : KB_STR_NULL;
	if (words.len)
		return kb_arena_fmt(arena, "%.*s: %.*s", KB_ARG(noun), KB_ARG(words));
	return kb_arena_fmt(arena, "%.*s %s", KB_ARG(noun), what);
}

kb_str kb_diff_summary(struct kb_arena *arena, const struct kb_diff *diff)
{
	_cleanup_buf_ kb_buf out = {0};
	uint32_t said = 0;

	if (!diff->from->doc && !diff->to->doc)
		return KB_STR_NULL;
	if (!diff->from->doc || !diff->to->doc) {
		const struct kb_document *doc =
			diff->to->doc ? diff->to->doc : diff->from->doc;

		return kb_arena_fmt(arena, "%s %s", diff->to->doc ? "new" : "removed",
			kb_type_name(doc->type));
	}
	for (int weight = KB_WEIGHT_SIGNIFICANT; weight > KB_WEIGHT_NONE; weight--)
		for (uint32_t i = 0; i < diff->nchanges && said < SUMMARY_MAX; i++) {
			if (diff->changes[i].weight != weight)
				continue;
			kb_buf_puts(&out, said++ ? "; " : "");
			kb_buf_str(&out, kb_doc_change_phrase(arena, &diff->changes[i]));
		}
	if (diff->nchanges > said)
		kb_buf_fmt(&out, "; and %u more", diff->nchanges - said);
	return kb_arena_str(arena, kb_buf_view(&out));
}
