/*
 * An SVG file made safe to publish.
 *
 * It is markup that can run and load nothing, and stays so when it is cleaned again.
 */
#include "markup.h"

#include "kb/diagram.h"

static bool allows(kb_str element)
{
	static const char *const bad[] = {"script", "foreignObject", "a", "iframe",
		"handler", "animate", "set", "animateTransform", "animateMotion",
		"object", "embed", "audio", "video", "link"};

	for (size_t i = 0; i < KB_LEN(bad); i++)
		if (kb_str_eq_nocase(element, kb_str_of(bad[i])))
			return false;
	return element.len > 0;
}

static bool is_void(kb_str element)
{
	(void)element;
	return false;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	_cleanup_buf_ kb_buf once = {0}, twice = {0};
	struct kb_error err;

	(void)arena;
	if (kb_svg_clean(input, &once, &err) < 0)
		return;
	markup_check(kb_buf_view(&once), allows, is_void);
	must(kb_svg_clean(kb_buf_view(&once), &twice, &err) == 0,
		"it cannot be read again: %s: %.*s", err.message,
		KB_ARG(kb_buf_view(&once)));
	markup_check(kb_buf_view(&twice), allows, is_void);
	must(twice.len <= once.len, "%.*s becomes %.*s", KB_ARG(kb_buf_view(&once)),
		KB_ARG(kb_buf_view(&twice)));
}
