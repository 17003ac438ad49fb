/* What the searches for a subject ask, and how they note what they find. */
#include "touch.h"

struct kb_touch *touch_add(
	struct impact_search *s, enum kb_touch_kind kind, kb_range range)
{
	struct kb_touch *touch = kb_vec_add(s->found);

	*touch = (struct kb_touch){.kind = kind, .range = range};
	if (s->doc) {
		touch->doc = s->doc;
		touch->path = s->doc->path;
		touch->owner = s->doc->facts->owner;
	}
	return touch;
}

bool touch_is_subject(const struct impact_run *run, const struct kb_document *doc)
{
	const struct kb_subject *subject = run->subject;

	return subject->kind == KB_SUBJECT_DOCUMENT && doc &&
	       (subject->doc ? subject->doc == doc : subject->family == doc->family);
}

bool touch_leads_there(const struct impact_run *run, const struct kb_target *target)
{
	/* A link whose heading is gone leads there anyway. */
	bool there =
		target->kind == KB_TARGET_DOCUMENT ||
		(target->kind == KB_TARGET_BROKEN && target->fault == KB_FAULT_FRAGMENT);

	return there && target->doc && touch_is_subject(run, target->doc);
}

bool touch_names(const struct impact_run *run, kb_str id, uint32_t locale)
{
	const struct kb_family *family = kb_library_family(run->lib, id);

	return family && family == run->subject->family &&
	       touch_is_subject(run, kb_family_find(run->lib, family, locale));
}

bool touch_is_issue(const struct impact_run *run, kb_str id, kb_str *detail)
{
	const struct kb_taxonomy *taxonomy = run->lib->taxonomy;
	const struct kb_issue *issue = kb_taxonomy_find(taxonomy, id);

	*detail = issue ? issue->id : KB_STR_NULL;
	return kb_issue_below(taxonomy, issue, run->subject->issue);
}

bool touch_is_member(const struct kb_person *team, kb_str id)
{
	for (size_t i = 0; i < team->members.len; i++)
		if (kb_str_eq(team->members.items[i], id))
			return true;
	return false;
}

bool touch_is_person(const struct impact_run *run, kb_str id, kb_str *detail)
{
	const struct kb_person *person = kb_people_find(run->lib->people, id);

	*detail = KB_STR_NULL;
	if (person == run->subject->person)
		return person != NULL;
	if (!person || !touch_is_member(person, run->subject->person->id))
		return false;
	*detail = person->id;
	return true;
}

void touch_say(void *ctx, kb_range range, kb_str words_found)
{
	struct impact_search *s = ctx;

	touch_add(s, KB_TOUCH_TEXT, range)->detail =
		kb_arena_str(s->worker->arena, words_found);
}
