/* Changes in words. */
#include "kb/unicode.h"
#include "version.h"

const char *kb_element_name(enum kb_element element)
{
	static const char *const names[KB_ELEMENTS] = {"key", "section", "step",
		"heading", "paragraph", "item", "answer", "row", "cell", "column", "code",
		"diagram", "html", "include", "rule", "link", "image", "placeholder",
		"callout", "variable"};

	return names[element];
}

const char *kb_change_action_name(enum kb_change_action action)
{
	static const char *const names[] = {
		"added", "removed", "changed", "moved", "renamed", "formatted"};

	return names[action];
}

static const char *const nouns[KB_ELEMENTS][2] = {{"", ""}, {"section", "sections"},
	{"step", "steps"}, {"heading", "headings"}, {"paragraph", "paragraphs"},
	{"list item", "list items"}, {"answer", "answers"}, {"row", "rows"},
	{"cell", "cells"}, {"column", "columns"}, {"code block", "code blocks"},
	{"diagram", "diagrams"}, {"HTML block", "HTML blocks"},
	{"included snippet", "included snippets"}, {"rule", "rules"}, {"link", "links"},
	{"image", "images"}, {"placeholder", "placeholders"}, {"call-out", "call-outs"},
	{"variable", "variables"}};

enum {
	NAME_MAX_CHARS = 40,
	VALUE_MAX_CHARS = 60,
	SUMMARY_MAX = 3,
	HUNKS_MAX = 3,
	WHOLE_MAX_CHARS = 30,
	PHRASE_MAX = 100
};

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

	/* What differs is further on: this would say nothing. */
	if (before.len && after.len && !kb_str_eq(before, after))
		return kb_arena_fmt(arena, "%.*s: %.*s → %.*s", KB_ARG(c->name),
			KB_ARG(before), KB_ARG(after));
	if (after.len && !before.len)
		return kb_arena_fmt(
			arena, "%.*s: added %.*s", KB_ARG(c->name), KB_ARG(after));
	if (before.len && !after.len)
		return kb_arena_fmt(
			arena, "%.*s: removed %.*s", KB_ARG(c->name), KB_ARG(before));
	return kb_arena_fmt(arena, "%.*s: %s", KB_ARG(c->name),
		kb_change_action_name((enum kb_change_action)c->action));
}

/* Words that went, for words that came. */
struct hunk {
	kb_str went, came, before, after; /* the last two stay, and belong to a number */
};

static bool is_digit_at(kb_str s, size_t at)
{
	return at < s.len && s.data[at] >= '0' && s.data[at] <= '9';
}

/* What is counted, behind a number: " EUR". */
static kb_str counted(struct kb_arena *arena, kb_str kept)
{
	uint32_t *ends, from = 0;
	size_t n;

	while (from < kept.len && kept.data[from] == ' ')
		from++;
	n = kb_text_breaks(arena, kb_str_sub(kept, from, kept.len), KB_BREAK_WORD, &ends);
	if (!n || is_marks(kb_str_sub(kept, from, from + ends[0])))
		return KB_STR_NULL;
	return kb_str_sub(kept, 0, from + ends[0]);
}

/* A currency's sign, or a word that is written on to the number. */
static kb_str written_on(struct kb_arena *arena, kb_str kept)
{
	uint32_t *ends;
	size_t n = kb_text_breaks(arena, kept, KB_BREAK_WORD, &ends);
	kb_str last = kb_str_sub(kept, n > 1 ? ends[n - 2] : 0, kept.len);

	return is_marks(last) ? KB_STR_NULL : last;
}

/* The hunk at the run AT; returns the run behind it. */
static uint32_t read_hunk(struct kb_arena *arena, const struct kb_doc_change *c,
	uint32_t at, struct hunk *hunk)
{
	kb_str before = at ? c->words[at - 1].text : KB_STR_NULL, after, *side;
	bool begins = false, ends = false;

	*hunk = (struct hunk){0};
	for (; at < c->nwords && c->words[at].op != KB_OP_KEEP; at++) {
		side = c->words[at].op == KB_OP_DELETE ? &hunk->went : &hunk->came;
		*side = c->words[at].text;
		begins |= is_digit_at(*side, 0);
		ends |= is_digit_at(*side, side->len - 1);
	}
	after = at < c->nwords ? c->words[at].text : KB_STR_NULL;
	hunk->before = begins ? written_on(arena, before) : KB_STR_NULL;
	hunk->after = ends ? counted(arena, after) : KB_STR_NULL;
	return at;
}

static void put_side(
	struct kb_arena *arena, kb_buf *out, const struct hunk *hunk, kb_str words)
{
	kb_str whole = kb_arena_fmt(arena, "%.*s%.*s%.*s", KB_ARG(hunk->before),
		KB_ARG(words), KB_ARG(hunk->after));

	kb_buf_fmt(out, "'%.*s'", KB_ARG(short_value(arena, kb_str_trim(whole))));
}

static void put_hunk(struct kb_arena *arena, kb_buf *out, const struct hunk *hunk)
{
	bool went = kb_str_trim(hunk->went).len > 0;
	bool came = kb_str_trim(hunk->came).len > 0;

	kb_buf_puts(out, out->len ? ", " : "");
	if (went)
		put_side(arena, out, hunk, hunk->went);
	kb_buf_puts(out, went && came ? " → " : "");
	if (came)
		put_side(arena, out, hunk, hunk->came);
	kb_buf_puts(out, !came ? " removed" : !went ? " added" : "");
}

/* The words that went and came: all when they are few, else those that matter. */
static kb_str words_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	_cleanup_buf_ kb_buf all = {0}, best = {0};
	uint32_t hunks = 0, said = 0;
	struct hunk hunk;
	kb_str reason;

	for (uint32_t i = 0; i < c->nwords; i++) {
		if (c->words[i].op == KB_OP_KEEP)
			continue;
		i = read_hunk(arena, c, i, &hunk);
		if (!kb_str_trim(hunk.went).len && !kb_str_trim(hunk.came).len)
			continue;
		if (hunks++ < HUNKS_MAX)
			put_hunk(arena, &all, &hunk);
		if (c->weight < KB_WEIGHT_SIGNIFICANT || best.len > PHRASE_MAX ||
			said == HUNKS_MAX ||
			kb_diff_text_weight(arena, hunk.went, hunk.came, &reason) <
				KB_WEIGHT_SIGNIFICANT)
			continue;
		put_hunk(arena, &best, &hunk);
		said++;
	}
	/* A few words are understood as a whole: "up to 3 working days". */
	if (hunks == 1 && c->before.len && c->after.len &&
		kb_utf8_count(c->before) <= WHOLE_MAX_CHARS &&
		kb_utf8_count(c->after) <= WHOLE_MAX_CHARS)
		return kb_arena_fmt(
			arena, "'%.*s' → '%.*s'", KB_ARG(c->before), KB_ARG(c->after));
	if (hunks <= HUNKS_MAX && all.len <= PHRASE_MAX)
		return kb_arena_str(arena, kb_buf_view(&all));
	kb_buf_puts(&best, said && said < hunks ? ", …" : "");
	return kb_arena_str(arena, kb_buf_view(&best));
}

static kb_str noun_of(struct kb_arena *arena, const struct kb_doc_change *c)
{
	kb_str name = kb_truncate(arena, c->name, NAME_MAX_CHARS);
	bool whole = c->element == KB_ELEMENT_SECTION || c->element == KB_ELEMENT_STEP;

	if (c->count > 1 && !whole)
		return kb_arena_fmt(arena, "%u %s", c->count,
			nouns[c->element == KB_ELEMENT_ANSWER ||
						c->element == KB_ELEMENT_ITEM ||
						c->element == KB_ELEMENT_ROW
					? c->element
					: KB_ELEMENT_PARAGRAPH][1]);
	if (!name.len)
		return kb_str_of(nouns[c->element][0]);
	return kb_arena_fmt(arena, "%s '%.*s'", nouns[c->element][0], KB_ARG(name));
}

static kb_str target_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	kb_str a = short_value(arena, c->before), b = short_value(arena, c->after);

	return kb_arena_fmt(arena, "%.*s %s: %.*s → %.*s", KB_ARG(noun_of(arena, c)),
		c->broken ? "is now broken" : "leads elsewhere", KB_ARG(a), KB_ARG(b));
}

kb_str kb_doc_change_phrase(struct kb_arena *arena, const struct kb_doc_change *c)
{
	const char *action = kb_change_action_name((enum kb_change_action)c->action);
	bool changed = c->action == KB_CHANGE_CHANGED;
	kb_str words, noun = noun_of(arena, c);

	if (c->element == KB_ELEMENT_KEY)
		return key_phrase(arena, c);
	if (c->action == KB_CHANGE_RENAMED)
		return kb_arena_fmt(arena, "%s '%.*s' renamed '%.*s'",
			nouns[c->element][0], KB_ARG(short_value(arena, c->before)),
			KB_ARG(short_value(arena, c->after)));
	if (changed && !c->nwords &&
		(c->element == KB_ELEMENT_ANSWER || c->element == KB_ELEMENT_LINK ||
			(c->element == KB_ELEMENT_IMAGE && c->broken)))
		return target_phrase(arena, c);
	if (changed && c->element == KB_ELEMENT_CALLOUT)
		return kb_arena_fmt(arena, "%.*s is now %.*s",
			KB_ARG(short_value(arena, c->before)),
			KB_ARG(short_value(arena, c->after)));
	if ((c->element == KB_ELEMENT_LINK || c->element == KB_ELEMENT_IMAGE) && !changed)
		return kb_arena_fmt(arena, "%.*s %s: %.*s", KB_ARG(noun), action,
			KB_ARG(short_value(arena, c->after.len ? c->after : c->before)));
	if (c->action == KB_CHANGE_MOVED && c->after.len)
		return kb_arena_fmt(arena, "%.*s moved %.*s", KB_ARG(noun),
			KB_ARG(short_value(arena, c->after)));
	/* Its first cell, which names it, says little of a row. */
	if (c->element == KB_ELEMENT_ROW && c->count == 1 &&
		c->action == KB_CHANGE_ADDED && c->after.len > c->name.len)
		return kb_arena_fmt(
			arena, "row added: '%.*s'", KB_ARG(short_value(arena, c->after)));
	words = changed ? words_phrase(arena, c) : KB_STR_NULL;
	if (words.len)
		return kb_arena_fmt(arena, "%.*s: %.*s", KB_ARG(noun), KB_ARG(words));
	return kb_arena_fmt(arena, "%.*s %s", KB_ARG(noun), action);
}

/* How many changes of this weight say nothing but their kind, as this one does. */
static uint32_t count_same(
	struct kb_arena *arena, const struct kb_diff *diff, uint32_t at, bool *done)
{
	const struct kb_doc_change *c = &diff->changes[at], *other;
	uint32_t n = 1;

	for (uint32_t i = at + 1; i < diff->nchanges; i++) {
		other = &diff->changes[i];
		if (other->weight != c->weight || other->element != c->element ||
			other->action != c->action || other->name.len ||
			!kb_str_eq(kb_doc_change_phrase(arena, other),
				kb_doc_change_phrase(arena, c)))
			continue;
		done[i] = true;
		n++;
	}
	return n;
}

static void put_summary(struct kb_arena *arena, kb_buf *out, const struct kb_diff *diff,
	uint32_t at, bool *done)
{
	const struct kb_doc_change *c = &diff->changes[at];
	const char *action = kb_change_action_name((enum kb_change_action)c->action);
	kb_str phrase = kb_doc_change_phrase(arena, c);
	kb_str text = c->action == KB_CHANGE_ADDED ? c->after : c->before;
	bool bare = kb_str_eq(
		phrase, kb_arena_fmt(arena, "%s %s", nouns[c->element][0], action));
	bool whole = bare && c->weight == KB_WEIGHT_SIGNIFICANT && text.len &&
		     (c->action == KB_CHANGE_ADDED || c->action == KB_CHANGE_REMOVED);
	uint32_t same = bare && !whole ? count_same(arena, diff, at, done) : 1;

	kb_buf_puts(out, out->len ? "; " : "");
	if (same > 1) {
		kb_buf_fmt(out, "%u %s %s", same, nouns[c->element][1], action);
		return;
	}
	if (c->section.len && !c->name.len && c->action != KB_CHANGE_MOVED)
		kb_buf_fmt(out, "in '%.*s', ",
			KB_ARG(kb_truncate(arena, c->section, NAME_MAX_CHARS)));
	kb_buf_str(out, phrase);
	if (whole)
		kb_buf_fmt(out, ": '%.*s'", KB_ARG(short_value(arena, text)));
}

kb_str kb_diff_summary(struct kb_arena *arena, const struct kb_diff *diff)
{
	_cleanup_buf_ kb_buf out = {0};
	_cleanup_free_ bool *done = NULL;
	uint32_t said = 0, left = 0;

	if (!diff->from->doc && !diff->to->doc)
		return KB_STR_NULL;
	if (!diff->from->doc || !diff->to->doc) {
		const struct kb_document *doc =
			diff->to->doc ? diff->to->doc : diff->from->doc;

		return kb_arena_fmt(arena, "%s %s", diff->to->doc ? "new" : "removed",
			kb_type_name(doc->facts->type));
	}
	done = kb_xcalloc(diff->nchanges + 1, sizeof(*done));
	for (int weight = KB_WEIGHT_SIGNIFICANT; weight > KB_WEIGHT_NONE; weight--)
		for (uint32_t i = 0; i < diff->nchanges; i++) {
			if (diff->changes[i].weight != weight || done[i])
				continue;
			if (said++ < SUMMARY_MAX)
				put_summary(arena, &out, diff, i, done);
			else
				left++;
		}
	if (left)
		kb_buf_fmt(&out, "; and %u more", left);
	return kb_arena_str(arena, kb_buf_view(&out));
}
