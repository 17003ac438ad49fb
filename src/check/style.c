#include "style.h"

enum { FOUND_MAX = 200 }; /* findings of a rule in a document; nobody reads more */

kb_range style_place(const struct style_unit *unit, kb_range range)
{
	return kb_passage_range(unit->passage, unit->from + range.off,
		unit->from + range.off + range.len);
}

bool style_selects(const struct style_rule *rule, const struct style_unit *unit)
{
	for (size_t i = 0; i < rule->nselectors; i++) {
		const struct style_selector *selector = &rule->selectors[i];
		uint32_t all = selector->all;
		/* A rule for a kind of document checks its running text. */
		uint32_t types = 1u << STYLE_ARTICLE | 1u << STYLE_WORKFLOW |
				 1u << STYLE_REPLY | 1u << STYLE_REFERENCE;

		if (!(all & ~types))
			all |= 1u << STYLE_TEXT;
		if ((unit->scopes & all) == all && !(unit->scopes & selector->none))
			return true;
	}
	return false;
}

/* The message with its %s filled in; %% is a percent sign. */
static kb_str message_of(struct kb_arena *arena, const struct style_rule *rule,
	kb_str first, kb_str second)
{
	_cleanup_buf_ kb_buf out = {0};
	kb_str message = rule->message;
	size_t n = 0;

	for (size_t i = 0; i < message.len; i++) {
		char next = i + 1 < message.len ? message.data[i + 1] : '\0';

		if (message.data[i] == '%' && (next == 's' || next == 'd')) {
			kb_buf_str(&out, n++ ? second : first);
			i++;
		} else {
			kb_buf_putc(&out, message.data[i]);
			i += message.data[i] == '%' && next == '%';
		}
	}
	while (out.len && strchr(" \n", out.data[out.len - 1]))
		out.len--;
	return kb_arena_str(arena, kb_buf_view(&out));
}

struct kb_diag *style_add(struct style_run *run, const struct style_unit *unit,
	kb_range range, kb_str first, kb_str second)
{
	const struct style_rule *rule = run->rule;
	bool last = !rule->limit && run->found == FOUND_MAX;
	struct kb_diag *diag;
	kb_str message;

	if (run->found++ >= (rule->limit ? rule->limit : FOUND_MAX + 1))
		return NULL;
	if (unit && range.len > 200) /* a whole paragraph: its beginning is enough */
		range.len = 0;
	message =
		last ? KB_STR("this rule finds more from here on, which is not reported")
		     : message_of(run->checker->scratch, rule, first, second);
	diag = kb_diag_add(run->checker->diags, KB_RULE_STYLE, run->doc->path,
		unit ? style_place(unit, range) : range, "%.*s (%.*s)", KB_ARG(message),
		KB_ARG(rule->name));
	if (!diag)
		return NULL;
	kb_diag_lower(diag, rule->severity);
	if (rule->link.len)
		kb_diag_hint(run->checker->diags, diag, "see %.*s", KB_ARG(rule->link));
	return last ? NULL : diag;
}
