/* people.yaml: the people and teams that own content. */
#ifndef KB_PEOPLE_H
#define KB_PEOPLE_H

#include <time.h>

#include "kb/config.h"

struct kb_away {
	time_t from, to; /* days; to is inclusive */
};

struct kb_person {
	kb_str id, email;
	kb_str name, contact, hours; /* in the source locale, as reports show them */
	struct {
		struct kb_l10n name, contact, hours;
	} local;
	kb_strs members; /* not empty: a team */
	kb_strs locales;
	uint32_t tier; /* 0: not given */
	time_t until;  /* the last day; 0: stays */
	struct kb_away *away;
	uint32_t naway;
	bool team;
	kb_range range; /* of the id */
};

struct kb_people {
	kb_str path;
	struct kb_person *items; /* in the order of the file */
	uint32_t len;
	kb_map by_id;
	bool missing; /* there is no such file */
	bool broken;  /* it cannot be read, so any id may exist */
};

/* Reads people.yaml. A text that is broken (with findings) or missing (data NULL) gives
 * an empty set. Never NULL. */
const struct kb_people *kb_people_parse(struct kb_arena *arena,
	const struct kb_config *config, kb_str text, kb_str path, struct kb_diags *diags);
/* The person or team with this id, or NULL. */
const struct kb_person *kb_people_find(const struct kb_people *people, kb_str id);
/* Has the person left: is `until` over? */
bool kb_person_left(
	const struct kb_config *config, const struct kb_person *person, time_t now);

#endif
