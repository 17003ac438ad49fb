/*
 * An article that is checked by each family of rules but style and diagrams, which have
 * targets of their own. Findings and edits lie in it.
 */
#include "checking.h"

FUZZ(kb_str input, struct kb_arena *arena)
{
	static void (*const families[])(struct kb_checker *,
		const struct kb_document *) = {kb_check_audience, kb_check_dates,
		kb_check_includes, kb_check_links, kb_check_locale, kb_check_people,
		kb_check_reply, kb_check_taxonomy, kb_check_text, kb_check_workflow};
	static const kb_str path = {"en/articles/descale.md", 22};
	struct kb_check_moves moves = {.asked = true};
	struct kb_document *doc;
	struct checking c;

	checking_open(&c, arena, (kb_str[]){path, input, KB_STR_NULL});
	doc = checking_document(&c, input);
	c.checker.moves = &moves;
	for (size_t i = 0; i < KB_LEN(families) && !doc->facts->broken; i++)
		families[i](&c.checker, doc);
	if (!doc->facts->broken)
		checking_privacy(&c, doc, input);
	fuzz_findings(&c.diags, input);
	checking_close(&c);
}
