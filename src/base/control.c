#include "kb/diag.h"
#include "kb/escape.h"

enum { EDITS_MAX = 1000 };

static const char *what_is(uint32_t cp)
{
	if (kb_char_kind(cp) == KB_CHAR_SPACE)
		return "a line or page separator";
	if (cp == 0x202D || cp == 0x202E)
		return "a character that changes the direction of text";
	return cp < 0xA0 ? "a control character"
			 : "not a character that a page may contain";
}

void kb_controls_add(struct kb_controls *c, kb_range range, uint32_t cp)
{
	bool space = kb_char_kind(cp) == KB_CHAR_SPACE;

	if (!c->n++) {
		c->diag = kb_diag_add(c->diags, KB_RULE_ENCODING_CONTROL, c->path, range,
			"U+%04X is %s", cp, what_is(cp));
		kb_diag_hint(c->diags, c->diag,
			space ? "replace it with a space" : "delete it");
	}
	if (c->n <= EDITS_MAX)
		kb_diag_edit(c->diags, c->diag, range, space ? KB_STR(" ") : KB_STR(""));
}

void kb_controls_find(struct kb_controls *c, kb_str text, uint32_t base)
{
	size_t at = 0, from;
	uint32_t cp;

	while (kb_unwanted_next(text, &at, &from, &cp))
		kb_controls_add(
			c, (kb_range){base + (uint32_t)from, (uint32_t)(at - from)}, cp);
}
