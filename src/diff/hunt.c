/* What the searches for a subject ask, and how they note what they find. */
#include "hunt.h"

struct kb_touch *hunt_add(struct search *s, enum kb_touch_kind kind, kb_range range)
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

bool hunt_is_subject(const struct hunt *hunt, const struct kb_document *doc)
{
	const struct kb_subject *subject = hunt->subject;

	return subject->kind == KB_SUBJECT_DOCUMENT && doc &&
	       (subject->doc ? subject->doc == doc : subject->family == doc->family);
}

bool hunt_leads_there(const struct hunt *hunt, const struct kb_target *target)
{
	return target->kind == KB_TARGET_DOCUMENT && hunt_is_subject(hunt, target->doc);
}

bool hunt_names(const struct hunt *hunt, kb_str id, uint32_t locale)
{
	const struct kb_family *family = kb_library_family(hunt->lib, id);

	return family && family == hunt->subject->family &&
	       hunt_is_subject(hunt, kb_family_find(hunt->lib, family, locale));
}

bool hunt_is_issue(const struct hunt *hunt, kb_str id, kb_str *detail)
{
	const struct kb_taxonomy *taxonomy = hunt->lib->taxonomy;
	const struct kb_issue *issue = kb_taxonomy_find(taxonomy, id);
	uint32_t from = kb_taxonomy_index(taxonomy, hunt->subject->issue);

	*detail = issue ? issue->id : KB_STR_NULL;
	return issue && issue >= &taxonomy->issues[from] &&
	       issue < &taxonomy->issues[taxonomy->issues[from].end];
}

bool hunt_is_member(const struct kb_person *team, kb_str id)
{
	for (size_t i = 0; i < team->members.len; i++)
		if (kb_str_eq(team->members.items[i], id))
			return true;
	return false;
}

bool hunt_is_person(const struct hunt *hunt, kb_str id, kb_str *detail)
{
	const struct kb_person *person = kb_people_find(hunt->lib->people, id);

	*detail = KB_STR_NULL;
	if (person == hunt->subject->person)
		return person != NULL;
	if (!person || !hunt_is_member(person, hunt->subject->person->id))
		return false;
	*detail = person->id;
	return true;
}

void hunt_say(void *ctx, kb_range range, kb_str words_found)
{
	struct search *s = ctx;

	hunt_add(s, KB_TOUCH_TEXT, range)->detail =
		kb_arena_str(s->worker->arena, words_found);
}
