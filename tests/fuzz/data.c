/*
 * A file of data: its path (feedback/x.yaml, usage/views-2026-11.csv, search-tests.yaml)
 * and, behind a line '%%%', its text. Findings lie in it.
 */
#include "checking.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	kb_str rest = input, path = fuzz_part(&rest);
	struct kb_privacy *privacy;
	struct checking c;

	checking_open(&c, arena, (kb_str[]){path, rest, KB_STR_NULL});
	kb_check_data(&c.checker);
	privacy = kb_privacy_load(&c.checker);
	kb_check_privacy_feedback(&c.checker, privacy);
	fuzz_findings(&c.diags, rest);
	kb_privacy_free(privacy);
	checking_close(&c);
}
