/* people.yaml. */
#include "fuzz.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_config *config = fuzz_config();

	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	const struct kb_people *people;

	kb_diags_init(&diags, NULL);
	people = kb_people_parse(arena, config, input, KB_STR("people.yaml"), &diags);
	fuzz_findings(&diags, input);
	for (uint32_t i = 0; i < people->len; i++) {
		fuzz_range(people->items[i].range, input);
		kb_person_left(config, &people->items[i], 1790000000);
		must(kb_people_find(people, people->items[i].id), "'%.*s' is not found",
			KB_ARG(people->items[i].id));
	}
}
