/* People, variables and the other keys of kb.yaml. */
#include "kb/unicode.h"
#include "library.h"

/* People */

static void put_part(kb_buf *out, kb_str text)
{
	if (text.len)
		kb_buf_fmt(out, "%s%.*s", out->len ? ", " : "", KB_ARG(text));
}

static kb_str person_text(
	struct library_pair *l, const struct kb_library *lib, const struct kb_person *p)
{
	_cleanup_buf_ kb_buf out = {0};

	put_part(&out, notes_l10n_text(l, &p->local.name, NULL));
	put_part(&out, notes_l10n_text(l, &p->local.contact, NULL));
	put_part(&out, p->email);
	put_part(&out, notes_l10n_text(l, &p->local.hours, NULL));
	for (size_t i = 0; i < p->members.len; i++)
		kb_buf_fmt(&out, "%s%.*s",
			i ? ", " : "; members: ", KB_ARG(p->members.items[i]));
	if (p->tier)
		kb_buf_fmt(&out, "; tier %u", p->tier);
	for (uint32_t i = 0; i < p->naway; i++)
		kb_buf_fmt(&out, "; away %.*s to %.*s",
			KB_ARG(kb_day_format(
				l->arena, lib->config->timezone, p->away[i].from)),
			KB_ARG(kb_day_format(
				l->arena, lib->config->timezone, p->away[i].to)));
	if (p->until)
		kb_buf_fmt(&out, "; until %.*s",
			KB_ARG(kb_day_format(l->arena, lib->config->timezone, p->until)));
	return kb_arena_str(l->arena, kb_buf_view(&out));
}

static void tell_person(struct library_pair *l, enum kb_change_action action,
	const struct kb_person *a, const struct kb_person *b)
{
	kb_str id = b ? b->id : a->id;
	kb_str before = a ? person_text(l, l->from, a) : KB_STR_NULL;
	kb_str after = b ? person_text(l, l->to, b) : KB_STR_NULL;
	struct kb_note *note;

	if (kb_str_eq(before, after))
		return;
	note = note_add(l, KB_NOTE_PERSON, action, KB_WEIGHT_MINOR);
	note->path = l->to->people->path;
	note->name = id;
	note->before = before;
	note->after = after;
	for (uint32_t i = 0; i < l->to->ndocs; i++)
		if (kb_str_eq(l->to->docs[i]->facts->owner, id))
			kb_vec_push(&note->touched, l->to->docs[i]->path);
	note->text = a && b ? kb_arena_fmt(l->arena, "%.*s: %.*s → %.*s", KB_ARG(id),
				      KB_ARG(before), KB_ARG(after))
			    : kb_arena_fmt(l->arena, "%.*s %s", KB_ARG(id),
				      a ? "is gone" : "is new");
}

static void compare_people(struct library_pair *l)
{
	const struct kb_people *from = l->from->people, *to = l->to->people;

	if (!notes_asked(l, to->path))
		return;
	if (from->broken || to->broken) {
		if (kb_path_change_to(l->changes, to->path))
			notes_tell_broken(l, KB_NOTE_PERSON, to->path, to->broken);
		return;
	}
	for (uint32_t i = 0; i < from->len; i++) {
		const struct kb_person *b = kb_people_find(to, from->items[i].id);

		tell_person(
			l, b ? KB_CHANGE_CHANGED : KB_CHANGE_REMOVED, &from->items[i], b);
	}
	for (uint32_t i = 0; i < to->len; i++)
		if (!kb_people_find(from, to->items[i].id))
			tell_person(l, KB_CHANGE_ADDED, NULL, &to->items[i]);
}

/* Variables */

static const struct kb_variable *variable_in(const struct kb_config *config, kb_str name)
{
	for (uint32_t i = 0; i < config->nvariables; i++)
		if (kb_str_eq(config->variables[i].name, name))
			return &config->variables[i];
	return NULL;
}

static void tell_variable(struct library_pair *l, enum kb_change_action action,
	const struct kb_variable *a, const struct kb_variable *b)
{
	kb_str before =
		a ? notes_l10n_text(l, &a->value, b ? &b->value : NULL) : KB_STR_NULL;
	kb_str after =
		b ? notes_l10n_text(l, &b->value, a ? &a->value : NULL) : KB_STR_NULL;
	kb_str name = b ? b->name : a->name, reason;
	struct kb_note *note;

	if (kb_str_eq(before, after))
		return;
	note = note_add(l, KB_NOTE_VARIABLE, action,
		a && b ? kb_diff_text_weight(l->arena, before, after, &reason)
		       : KB_WEIGHT_MINOR);
	note->path = l->to->config->path;
	note->name = name;
	note->before = before;
	note->after = after;
	for (uint32_t i = 0; i < l->to->ndocs; i++) {
		const struct kb_md_facts *facts = &l->to->docs[i]->facts->body;

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

static void compare_variables(struct library_pair *l)
{
	const struct kb_config *from = l->from->config, *to = l->to->config;

	for (uint32_t i = 0; i < from->nvariables; i++) {
		const struct kb_variable *b = variable_in(to, from->variables[i].name);

		tell_variable(l, b ? KB_CHANGE_CHANGED : KB_CHANGE_REMOVED,
			&from->variables[i], b);
	}
	for (uint32_t i = 0; i < to->nvariables; i++)
		if (!variable_in(from, to->variables[i].name))
			tell_variable(l, KB_CHANGE_ADDED, NULL, &to->variables[i]);
}

static void compare_config(struct library_pair *l)
{
	struct changes changes = {.arena = l->arena};

	maps_compare(&changes, l->from->config->root, l->to->config->root);
	for (size_t i = 0; i < changes.list.len; i++) {
		const struct kb_doc_change *c = &changes.list.items[i];
		struct kb_note *note;

		if (kb_str_starts(c->name, KB_STR("variables")))
			continue;
		note = note_add(l, KB_NOTE_SETTING, (enum kb_change_action)c->action,
			KB_WEIGHT_MINOR);
		note->path = l->to->config->path;
		note->name = c->name;
		note->before = c->before;
		note->after = c->after;
		note->text = kb_doc_change_phrase(l->arena, c);
	}
	kb_vec_dispose(&changes.list);
}

void notes_of_settings(struct library_pair *l)
{
	compare_people(l);
	if (!notes_asked(l, l->to->config->path))
		return;
	compare_variables(l);
	compare_config(l);
}
