#include "kb/rule.h"

#include "kb/diag.h"

static const struct kb_rule_info rules[] = {
#define KB_RULE(name, id, family, severity, summary) {id, family, severity, summary},
#include "kb/rules.def"
#undef KB_RULE
};

const struct kb_rule_info *kb_rule_info(enum kb_rule rule)
{
	return &rules[rule];
}

int kb_rule_find(kb_str id, enum kb_rule *out)
{
	for (int i = 0; i < KB_RULE_COUNT; i++) {
		if (kb_str_is(id, rules[i].id)) {
			*out = (enum kb_rule)i;
			return 0;
		}
	}
	return -1;
}

const char *kb_rule_nearest(kb_str id)
{
	kb_str ids[KB_RULE_COUNT];
	const kb_str *best;

	for (int i = 0; i < KB_RULE_COUNT; i++)
		ids[i] = kb_str_of(rules[i].id);
	best = kb_str_nearest(id, ids, KB_RULE_COUNT);
	return best ? best->data : NULL;
}
