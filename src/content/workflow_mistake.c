/* Answers of a workflow that are nearly written as such. */
#include "content.h"
#include "kb/markdown.h"

/* The '(target)' of a text that looks like a link, but is not one because of its spaces.
 */
static kb_str broken_link(kb_str text)
{
	size_t at = kb_str_find(text, KB_STR("]("));

	if (!kb_str_starts(text, KB_STR("[")) || at == SIZE_MAX)
		return KB_STR_NULL;
	text = kb_str_sub(text, at + 2, text.len);
	return kb_str_sub(text, 0, kb_str_chr(text, ')'));
}

static kb_str bare_end(kb_str text)
{
	static const char *const ends[] = {
		"kb:resolved", "kb:waiting", "kb:closed", "kb:escalate/"};

	for (size_t i = 0; i < KB_LEN(ends); i++) {
		size_t at = kb_str_find(text, kb_str_of(ends[i]));

		if (at != SIZE_MAX) {
			text = kb_str_sub(text, at, text.len);
			return kb_str_sub(text, 0, kb_str_chr(text, ' '));
		}
	}
	return KB_STR_NULL;
}

bool kb_workflow_mistake(
	struct kb_arena *arena, const struct kb_item *item, kb_str *target)
{
	kb_str found = item->link == KB_NONE ? broken_link(item->text) : KB_STR_NULL;
	char *out;
	size_t n = 0;

	if (kb_str_starts(found, KB_STR("#"))) {
		*target = kb_str_sub(found, 1, found.len);
		return true;
	}
	if (!kb_str_starts(found, KB_STR("kb:")))
		found = item->link == KB_NONE ? bare_end(item->text) : KB_STR_NULL;
	if (!found.len)
		return false;
	out = kb_arena_alloc(arena, found.len);
	for (size_t i = 0; i < found.len; i++)
		if (found.data[i] != ' ')
			out[n++] = found.data[i];
	*target = (kb_str){out, n};
	return true;
}

kb_str kb_workflow_answer_text(kb_str text)
{
	static const char *const marks[] = {" ", "\t", ":", "-", ">", ".", ",", "=", "(",
		"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x86\x92", "\xe2\x87\x92"};

	for (size_t i = 0; i < KB_LEN(marks); i++)
		if (kb_str_ends(text, kb_str_of(marks[i]))) {
			text = kb_str_sub(text, 0, text.len - strlen(marks[i]));
			i = (size_t)-1;
		}
	return kb_str_trim(text);
}
