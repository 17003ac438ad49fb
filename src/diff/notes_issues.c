/* The taxonomy, and the documents that its issues touch. */
#include "library.h"

static void touch(struct kb_note *note, kb_str path)
{
	for (size_t i = 0; i < note->touched.len; i++)
		if (kb_str_eq(note->touched.items[i], path))
			return;
	kb_vec_push(&note->touched, path);
}

static void touch_issue(const struct kb_library *lib, struct kb_note *note, kb_str id)
{
	const struct kb_issue *issue = kb_taxonomy_find(lib->taxonomy, id);

	for (uint32_t i = 0; i < lib->ndocs; i++)
		for (size_t k = 0; k < lib->docs[i]->facts->issues.len; k++) {
			kb_str own = lib->docs[i]->facts->issues.items[k];

			if (!kb_str_eq(own, id) &&
				!(issue && kb_taxonomy_find(lib->taxonomy, own) == issue))
				continue;
			touch(note, lib->docs[i]->path);
			break;
		}
}

/* The issue that it is now: the same id, or the one that took it for an alias. */
static const struct kb_issue *issue_in(
	const struct kb_taxonomy *to, const struct kb_issue *issue)
{
	return kb_taxonomy_find(to, issue->id);
}

static kb_str parent_id(const struct kb_taxonomy *taxonomy, const struct kb_issue *issue)
{
	return issue->parent == KB_NONE ? KB_STR("the top")
					: taxonomy->issues[issue->parent].id;
}

static struct kb_note *tell_issue(struct library_pair *l, enum kb_change_action action,
	kb_str id, kb_str before, kb_str after)
{
	struct kb_note *note = note_add(l, KB_NOTE_ISSUE, action,
		action == KB_CHANGE_ADDED || action == KB_CHANGE_CHANGED
			? KB_WEIGHT_MINOR
			: KB_WEIGHT_SIGNIFICANT);

	note->path = l->to->taxonomy->path;
	note->name = id;
	note->before = before;
	note->after = after;
	touch_issue(l->to, note, id);
	if (action == KB_CHANGE_REMOVED)
		touch_issue(l->from, note, id);
	return note;
}

static kb_str label_text(struct library_pair *l, const struct kb_library *lib,
	const struct kb_issue *issue, const struct kb_issue *other)
{
	(void)lib;
	return notes_l10n_text(l, &issue->label, &other->label);
}

static kb_str description_text(struct library_pair *l, const struct kb_library *lib,
	const struct kb_issue *issue, const struct kb_issue *other)
{
	(void)lib;
	return notes_l10n_text(l, &issue->description, &other->description);
}

static kb_str owner_text(struct library_pair *l, const struct kb_library *lib,
	const struct kb_issue *issue, const struct kb_issue *other)
{
	(void)l, (void)lib, (void)other;
	return issue->owner;
}

static kb_str tier_text(struct library_pair *l, const struct kb_library *lib,
	const struct kb_issue *issue, const struct kb_issue *other)
{
	(void)lib, (void)other;
	return issue->tier ? kb_arena_fmt(l->arena, "%u", issue->tier) : KB_STR_NULL;
}

static kb_str needs_text(struct library_pair *l, const struct kb_library *lib,
	const struct kb_issue *issue, const struct kb_issue *other)
{
	_cleanup_buf_ kb_buf out = {0};

	(void)lib, (void)other;
	for (unsigned type = 0; type < KB_TYPE_COUNT; type++)
		if (issue->needs & 1u << type)
			kb_buf_fmt(&out, "%s%s", out.len ? ", " : "",
				kb_type_name((enum kb_type)type));
	return kb_arena_str(l->arena, kb_buf_view(&out));
}

static kb_str audience_text(struct library_pair *l, const struct kb_library *lib,
	const struct kb_issue *issue, const struct kb_issue *other)
{
	(void)l, (void)other;
	return lib->config->audiences[issue->audience];
}

static const struct property {
	const char *name;
	/* The value; if it has locales, those that differ from the other's. */
	kb_str (*text)(struct library_pair *l, const struct kb_library *lib,
		const struct kb_issue *issue, const struct kb_issue *other);
	bool inherited;
	enum kb_weight weight;
} properties[] = {
	{"label", label_text, false, KB_WEIGHT_MINOR},
	{"description", description_text, false, KB_WEIGHT_MINOR},
	{"owner", owner_text, true, KB_WEIGHT_MINOR},
	{"tier", tier_text, true, KB_WEIGHT_MINOR},
	{"needs", needs_text, true, KB_WEIGHT_MINOR},
	{"audience", audience_text, true, KB_WEIGHT_SIGNIFICANT},
};

/* Is it told of the parent, from which both have the value? */
static bool is_told_above(struct library_pair *l, const struct property *property,
	const struct kb_issue *a, const struct kb_issue *b)
{
	const struct kb_taxonomy *from = l->from->taxonomy, *to = l->to->taxonomy;
	const struct kb_issue *above, *now;

	if (!property->inherited || a->parent == KB_NONE || b->parent == KB_NONE)
		return false;
	above = &from->issues[a->parent];
	now = &to->issues[b->parent];
	return issue_in(to, above) == now &&
	       kb_str_eq(property->text(l, l->from, a, b),
		       property->text(l, l->from, above, now)) &&
	       kb_str_eq(property->text(l, l->to, b, a),
		       property->text(l, l->to, now, above));
}

static void compare_property(struct library_pair *l, const struct property *property,
	const struct kb_issue *a, const struct kb_issue *b)
{
	kb_str was = property->text(l, l->from, a, b);
	kb_str is = property->text(l, l->to, b, a);
	struct kb_note *note;

	if (kb_str_eq(was, is) || is_told_above(l, property, a, b))
		return;
	note = tell_issue(l, KB_CHANGE_CHANGED, b->id, was, is);
	note->weight = (uint8_t)property->weight;
	note->text = kb_arena_fmt(l->arena, "the %s of %.*s: %.*s → %.*s", property->name,
		KB_ARG(b->id), KB_ARG(was.len ? was : KB_STR("none")),
		KB_ARG(is.len ? is : KB_STR("none")));
}

static bool lists_differ(
	struct library_pair *l, const struct kb_node *a, const struct kb_node *b)
{
	struct changes changes = {.arena = l->arena};
	bool differ;

	if (!a || !b)
		return a != b;
	maps_compare(&changes, a, b);
	differ = changes.list.len > 0;
	kb_vec_dispose(&changes.list);
	return differ;
}

/* What search and classification go by. */
static void compare_words(
	struct library_pair *l, const struct kb_issue *a, const struct kb_issue *b)
{
	if (lists_differ(l, a->keywords, b->keywords) ||
		lists_differ(l, a->examples, b->examples))
		tell_issue(l, KB_CHANGE_CHANGED, b->id, KB_STR_NULL, KB_STR_NULL)->text =
			kb_arena_fmt(l->arena, "the words that find %.*s changed",
				KB_ARG(b->id));
}

static void compare_issue(
	struct library_pair *l, const struct kb_issue *a, const struct kb_issue *b)
{
	struct kb_arena *arena = l->arena;
	kb_str above = parent_id(l->from->taxonomy, a);
	kb_str now = parent_id(l->to->taxonomy, b);

	if (!kb_str_eq(a->id, b->id))
		tell_issue(l, KB_CHANGE_RENAMED, b->id, a->id, b->id)->text =
			kb_arena_fmt(arena, "%.*s is now called %.*s", KB_ARG(a->id),
				KB_ARG(b->id));
	if (!kb_str_eq(above, now))
		tell_issue(l, KB_CHANGE_MOVED, b->id, above, now)->text =
			kb_arena_fmt(arena, "%.*s moved from %.*s to %.*s", KB_ARG(b->id),
				KB_ARG(above), KB_ARG(now));
	if (a->retired != b->retired)
		tell_issue(l, KB_CHANGE_REMOVED, b->id, KB_STR_NULL, KB_STR_NULL)->text =
			kb_arena_fmt(arena, "%.*s is %s", KB_ARG(b->id),
				b->retired ? "retired" : "in use again");
	for (size_t i = 0; i < KB_LEN(properties); i++)
		compare_property(l, &properties[i], a, b);
	compare_words(l, a, b);
}

void notes_of_issues(struct library_pair *l)
{
	const struct kb_taxonomy *from = l->from->taxonomy, *to = l->to->taxonomy;

	if (!notes_asked(l, to->path))
		return;
	if (from->broken || to->broken) {
		if (kb_path_change_to(l->changes, to->path))
			notes_tell_broken(l, KB_NOTE_ISSUE, to->path, to->broken);
		return;
	}
	for (uint32_t i = 0; i < from->len; i++) {
		const struct kb_issue *a = &from->issues[i], *b = issue_in(to, a);

		if (b)
			compare_issue(l, a, b);
		else
			tell_issue(l, KB_CHANGE_REMOVED, a->id,
				notes_l10n_text(l, &a->label, NULL), KB_STR_NULL)
				->text =
				kb_arena_fmt(l->arena, "%.*s is gone", KB_ARG(a->id));
	}
	for (uint32_t i = 0; i < to->len; i++) {
		const struct kb_issue *b = &to->issues[i];
		bool known = kb_taxonomy_find(from, b->id) != NULL;

		for (size_t k = 0; k < b->aliases.len && !known; k++)
			known = kb_taxonomy_find(from, b->aliases.items[k]) != NULL;
		if (!known)
			tell_issue(l, KB_CHANGE_ADDED, b->id, KB_STR_NULL,
				notes_l10n_text(l, &b->label, NULL))
				->text =
				kb_arena_fmt(l->arena, "%.*s is new", KB_ARG(b->id));
	}
}
