/* Taxonomy, people, variables and the other keys of kb.yaml. */
#include "kb/unicode.h"
#include "library.h"

static bool asked(const struct library *l, kb_str path)
{
	return !l->options->selected || l->options->selected(l->options->ctx, path);
}

static kb_str l10n_text(struct library *l, const struct kb_l10n *value)
{
	_cleanup_buf_ kb_buf out = {0};

	for (uint32_t i = 0; i < value->n; i++) {
		kb_buf_puts(&out, i ? ", " : "");
		if (value->values[i].locale.len)
			kb_buf_fmt(&out, "%.*s: ", KB_ARG(value->values[i].locale));
		kb_buf_str(&out, value->values[i].value);
	}
	return kb_arena_str(l->arena, kb_buf_view(&out));
}

/* Issues */

static void touch(struct kb_note *note, kb_str path)
{
	for (size_t i = 0; i < note->touched.len; i++)
		if (kb_str_eq(note->touched.items[i], path))
			return;
	kb_vec_push(&note->touched, path);
}

/* A file of which nothing can be compared. */
static void tell_broken(struct library *l, enum kb_note_kind kind, kb_str path, bool now)
{
	struct kb_note *note = note_add(l, kind, KB_WHAT_CHANGED, KB_WEIGHT_SIGNIFICANT);

	note->path = path;
	note->text = now ? KB_STR("it cannot be read, so what changed in it is not known")
			 : KB_STR("it could not be read before, so what changed in it is "
				  "not known");
}

static void touch_issue(const struct kb_library *lib, struct kb_note *note, kb_str id)
{
	const struct kb_issue *issue = kb_taxonomy_find(lib->taxonomy, id);

	for (uint32_t i = 0; i < lib->ndocs; i++)
		for (size_t k = 0; k < lib->docs[i]->issues.len; k++) {
			kb_str own = lib->docs[i]->issues.items[k];

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

static struct kb_note *tell_issue(struct library *l, enum kb_change_what what, kb_str id,
	kb_str before, kb_str after)
{
	struct kb_note *note = note_add(l, KB_NOTE_ISSUE, what,
		what == KB_WHAT_ADDED || what == KB_WHAT_CHANGED ? KB_WEIGHT_MINOR
								 : KB_WEIGHT_SIGNIFICANT);

	note->path = l->to->taxonomy->path;
	note->name = id;
	note->before = before;
	note->after = after;
	touch_issue(l->to, note, id);
	if (what == KB_WHAT_REMOVED)
		touch_issue(l->from, note, id);
	return note;
}

static void compare_issue(
	struct library *l, const struct kb_issue *a, const struct kb_issue *b)
{
	struct kb_arena *arena = l->arena;
	kb_str was = l10n_text(l, &a->label), is = l10n_text(l, &b->label);
	kb_str above = parent_id(l->from->taxonomy, a);
	kb_str now = parent_id(l->to->taxonomy, b);

	if (!kb_str_eq(a->id, b->id))
		tell_issue(l, KB_WHAT_RENAMED, b->id, a->id, b->id)->text = kb_arena_fmt(
			arena, "%.*s is now called %.*s", KB_ARG(a->id), KB_ARG(b->id));
	if (!kb_str_eq(above, now))
		tell_issue(l, KB_WHAT_MOVED, b->id, above, now)->text =
			kb_arena_fmt(arena, "%.*s moved from %.*s to %.*s", KB_ARG(b->id),
				KB_ARG(above), KB_ARG(now));
	if (!kb_str_eq(was, is))
		tell_issue(l, KB_WHAT_CHANGED, b->id, was, is)->text =
			kb_arena_fmt(arena, "the label of %.*s: %.*s → %.*s",
				KB_ARG(b->id), KB_ARG(was), KB_ARG(is));
	if (a->retired != b->retired)
		tell_issue(l, KB_WHAT_REMOVED, b->id, KB_STR_NULL, KB_STR_NULL)->text =
			kb_arena_fmt(arena, "%.*s is %s", KB_ARG(b->id),
				b->retired ? "retired" : "in use again");
	if (!kb_str_eq(a->owner, b->owner))
		tell_issue(l, KB_WHAT_CHANGED, b->id, a->owner, b->owner)->text =
			kb_arena_fmt(arena, "the owner of %.*s: %.*s → %.*s",
				KB_ARG(b->id), KB_ARG(a->owner), KB_ARG(b->owner));
	if (a->tier != b->tier || a->needs != b->needs || a->audience != b->audience)
		tell_issue(l, KB_WHAT_CHANGED, b->id, KB_STR_NULL, KB_STR_NULL)->text =
			kb_arena_fmt(arena, "%.*s has another tier, audience or needs",
				KB_ARG(b->id));
}

static void compare_taxonomy(struct library *l)
{
	const struct kb_taxonomy *from = l->from->taxonomy, *to = l->to->taxonomy;

	if (!asked(l, to->path))
		return;
	if (from->broken || to->broken) {
		if (kb_path_change_to(l->changes, to->path))
			tell_broken(l, KB_NOTE_ISSUE, to->path, to->broken);
		return;
	}
	for (uint32_t i = 0; i < from->len; i++) {
		const struct kb_issue *a = &from->issues[i], *b = issue_in(to, a);

		if (b)
			compare_issue(l, a, b);
		else
			tell_issue(l, KB_WHAT_REMOVED, a->id, l10n_text(l, &a->label),
				KB_STR_NULL)
				->text =
				kb_arena_fmt(l->arena, "%.*s is gone", KB_ARG(a->id));
	}
	for (uint32_t i = 0; i < to->len; i++) {
		const struct kb_issue *b = &to->issues[i];
		bool known = kb_taxonomy_find(from, b->id) != NULL;

		for (size_t k = 0; k < b->aliases.len && !known; k++)
			known = kb_taxonomy_find(from, b->aliases.items[k]) != NULL;
		if (!known)
			tell_issue(l, KB_WHAT_ADDED, b->id, KB_STR_NULL,
				l10n_text(l, &b->label))
				->text =
				kb_arena_fmt(l->arena, "%.*s is new", KB_ARG(b->id));
	}
}

/* People */

static kb_str person_text(
	struct library *l, const struct kb_library *lib, const struct kb_person *p)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_buf_fmt(&out, "%.*s", KB_ARG(p->name));
	if (p->contact.len)
		kb_buf_fmt(&out, ", %.*s", KB_ARG(p->contact));
	if (p->email.len)
		kb_buf_fmt(&out, ", %.*s", KB_ARG(p->email));
	if (p->hours.len)
		kb_buf_fmt(&out, ", %.*s", KB_ARG(p->hours));
	for (size_t i = 0; i < p->members.len; i++)
		kb_buf_fmt(&out, "%s%.*s",
			i ? ", " : "; members: ", KB_ARG(p->members.items[i]));
	if (p->tier)
		kb_buf_fmt(&out, "; tier %u", p->tier);
	if (p->until)
		kb_buf_fmt(&out, "; until %.*s",
			KB_ARG(kb_day_format(l->arena, lib->config->timezone, p->until)));
	return kb_arena_str(l->arena, kb_buf_view(&out));
}

static void tell_person(struct library *l, enum kb_change_what what,
	const struct kb_person *a, const struct kb_person *b)
{
	kb_str id = b ? b->id : a->id;
	kb_str before = a ? person_text(l, l->from, a) : KB_STR_NULL;
	kb_str after = b ? person_text(l, l->to, b) : KB_STR_NULL;
	struct kb_note *note;

	if (kb_str_eq(before, after))
		return;
	note = note_add(l, KB_NOTE_PERSON, what, KB_WEIGHT_MINOR);
	note->path = l->to->people->path;
	note->name = id;
	note->before = before;
	note->after = after;
	for (uint32_t i = 0; i < l->to->ndocs; i++)
		if (kb_str_eq(l->to->docs[i]->owner, id))
			kb_vec_push(&note->touched, l->to->docs[i]->path);
	note->text = a && b ? kb_arena_fmt(l->arena, "%.*s: %.*s → %.*s", KB_ARG(id),
				      KB_ARG(before), KB_ARG(after))
			    : kb_arena_fmt(l->arena, "%.*s %s", KB_ARG(id),
				      a ? "is gone" : "is new");
}

static void compare_people(struct library *l)
{
	const struct kb_people *from = l->from->people, *to = l->to->people;

	if (!asked(l, to->path))
		return;
	if (from->broken || to->broken) {
		if (kb_path_change_to(l->changes, to->path))
			tell_broken(l, KB_NOTE_PERSON, to->path, to->broken);
		return;
	}
	for (uint32_t i = 0; i < from->len; i++) {
		const struct kb_person *b = kb_people_find(to, from->items[i].id);

		tell_person(l, b ? KB_WHAT_CHANGED : KB_WHAT_REMOVED, &from->items[i], b);
	}
	for (uint32_t i = 0; i < to->len; i++)
		if (!kb_people_find(from, to->items[i].id))
			tell_person(l, KB_WHAT_ADDED, NULL, &to->items[i]);
}

/* Variables */

static const struct kb_variable *variable_in(const struct kb_config *config, kb_str name)
{
	for (uint32_t i = 0; i < config->nvariables; i++)
		if (kb_str_eq(config->variables[i].name, name))
			return &config->variables[i];
	return NULL;
}

static void tell_variable(struct library *l, enum kb_change_what what,
	const struct kb_variable *a, const struct kb_variable *b)
{
	kb_str before = a ? l10n_text(l, &a->value) : KB_STR_NULL;
	kb_str after = b ? l10n_text(l, &b->value) : KB_STR_NULL;
	kb_str name = b ? b->name : a->name, reason;
	struct kb_note *note;

	if (kb_str_eq(before, after))
		return;
	note = note_add(l, KB_NOTE_VARIABLE, what,
		a && b ? kb_diff_text_weight(l->arena, before, after, &reason)
		       : KB_WEIGHT_MINOR);
	note->path = l->to->config->path;
	note->name = name;
	note->before = before;
	note->after = after;
	for (uint32_t i = 0; i < l->to->ndocs; i++) {
		const struct kb_facts *facts = &l->to->docs[i]->facts;

		for (uint32_t r = 0; r < facts->nrefs; r++) {
			if (facts->refs[r].kind != KB_REF_VARIABLE ||
				!kb_str_eq(facts->refs[r].name, name))
				continue;
			kb_vec_push(&note->touched, l->to->docs[i]->path);
			break;
		}
	}
	note->text = a && b ? kb_arena_fmt(l->arena, "{{%.*s}}: %.*s → %.*s",
				      KB_ARG(name), KB_ARG(before), KB_ARG(after))
			    : kb_arena_fmt(l->arena, "{{%.*s}} %s", KB_ARG(name),
				      a ? "is gone" : "is new");
}

static void compare_variables(struct library *l)
{
	const struct kb_config *from = l->from->config, *to = l->to->config;

	for (uint32_t i = 0; i < from->nvariables; i++) {
		const struct kb_variable *b = variable_in(to, from->variables[i].name);

		tell_variable(
			l, b ? KB_WHAT_CHANGED : KB_WHAT_REMOVED, &from->variables[i], b);
	}
	for (uint32_t i = 0; i < to->nvariables; i++)
		if (!variable_in(from, to->variables[i].name))
			tell_variable(l, KB_WHAT_ADDED, NULL, &to->variables[i]);
}

static void compare_config(struct library *l)
{
	struct changes changes = {.arena = l->arena};

	maps_compare(&changes, l->from->config->root, l->to->config->root);
	for (size_t i = 0; i < changes.list.len; i++) {
		const struct kb_doc_change *c = &changes.list.items[i];
		struct kb_note *note;

		if (kb_str_starts(c->name, KB_STR("variables")))
			continue;
		note = note_add(l, KB_NOTE_SETTING, (enum kb_change_what)c->what,
			KB_WEIGHT_MINOR);
		note->path = l->to->config->path;
		note->name = c->name;
		note->before = c->before;
		note->after = c->after;
		note->text = kb_doc_change_phrase(l->arena, c);
	}
	kb_vec_dispose(&changes.list);
}

void notes_of_settings(struct library *l)
{
	compare_taxonomy(l);
	compare_people(l);
	if (!asked(l, l->to->config->path))
		return;
	compare_variables(l);
	compare_config(l);
}
