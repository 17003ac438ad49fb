/* Comments that switch rules off and on again, which is done where findings are finished.
 */
#include "content.h"

#include "kb/rule.h"

static void check_word(
	struct kb_reading *reading, kb_str path, kb_str text, kb_str word, kb_str comment)
{
	kb_str ids[KB_RULE_COUNT];
	struct kb_diag *diag;
	enum kb_rule rule;

	if (kb_rule_find(word, &rule) == 0)
		return;
	for (int i = 0; i < KB_RULE_COUNT; i++)
		ids[i] = kb_str_of(kb_rule_info((enum kb_rule)i)->id);
	diag = kb_diag_add(reading->diags, KB_RULE_DISABLE_UNKNOWN, path,
		(kb_range){(uint32_t)(word.data - text.data), (uint32_t)word.len},
		"there is no rule '%.*s', so this %.*s has no effect", KB_ARG(word),
		(int)kb_str_chr(comment, ' '), comment.data);
	kb_reading_nearest(reading, diag, word, ids, KB_RULE_COUNT);
}

static void check_comment(
	struct kb_reading *reading, kb_str path, kb_str text, kb_str comment)
{
	kb_str rest = kb_str_trim(comment), word, verb;

	comment = rest;
	kb_str_next(&rest, ' ', &verb);
	if (!kb_str_is(verb, "kb-disable") && !kb_str_is(verb, "kb-enable"))
		return;
	if (!kb_str_trim(rest).len)
		kb_diag_hint(reading->diags,
			kb_diag_add(reading->diags, KB_RULE_DISABLE_UNKNOWN, path,
				(kb_range){(uint32_t)(verb.data - text.data),
					(uint32_t)verb.len},
				"this %.*s does not name a rule, so it has no effect",
				KB_ARG(verb)),
			"write the name of the rule, which is in brackets after the "
			"finding");
	while (kb_str_next(&rest, ' ', &word))
		if (word.len)
			check_word(reading, path, text, word, comment);
}

void kb_suppressions_check(struct kb_reading *reading, kb_str path, kb_str text)
{
	size_t at = 0;

	while (at < text.len) {
		size_t open = kb_str_find(kb_str_sub(text, at, text.len), KB_STR("<!--"));

		if (open == SIZE_MAX)
			return;
		open += at + strlen("<!--");
		size_t len = kb_str_find(kb_str_sub(text, open, text.len), KB_STR("-->"));
		if (len == SIZE_MAX)
			return;
		check_comment(reading, path, text, kb_str_sub(text, open, open + len));
		at = open + len;
	}
}
