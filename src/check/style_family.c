/* The family of style: each rule of the locale, on each document. */
#include "style.h"

static void run_rule(struct style_run *run)
{
	if (!style_may_find(run->rule, run->text))
		return;
	if (run->rule->kind == STYLE_METRIC)
		style_count(run);
	else if (run->rule->kind == STYLE_CAPITALIZATION)
		style_case(run);
	else
		style_find(run);
}

void kb_check_style(struct kb_checker *checker, const struct kb_document *doc,
	kb_str file, struct kb_md *md)
{
	const struct style_rules *rules = checker->style;
	uint32_t n = rules ? rules->nby_locale[doc->locale] : 0, scopes = 0;
	struct style_text *text;

	if (!n || checker->lib->config->severities[KB_RULE_STYLE] == KB_OFF)
		return;
	for (uint32_t i = 0; i < n; i++)
		scopes |= rules->items[rules->by_locale[doc->locale][i]].scopes;
	text = kb_arena_new_of(checker->scratch, struct style_text);
	style_text_read(checker, doc, file, md, scopes, text);
	for (uint32_t i = 0; i < n; i++) {
		struct style_run run = {.checker = checker,
			.doc = doc,
			.text = text,
			.rule = &rules->items[rules->by_locale[doc->locale][i]]};

		run_rule(&run);
	}
}
