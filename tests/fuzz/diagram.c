/*
 * A diagram in Graphviz's language.
 *
 * It is drawn or refused with a reason; what is drawn is markup that can run nothing.
 */
#include "markup.h"

#include "kb/diagram.h"

static bool allows(kb_str element)
{
	static const char *const names[] = {"svg", "g", "polygon", "path", "ellipse",
		"polyline", "text", "tspan", "a"};

	for (size_t i = 0; i < KB_LEN(names); i++)
		if (kb_str_is(element, names[i]))
			return true;
	return false;
}

static bool is_void(kb_str element)
{
	(void)element;
	return false;
}

static bool on_link(void *ctx, kb_str url, kb_str *href)
{
	(void)ctx;
	*href = KB_STR("/\"<&");
	return url.len > 1;
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_diagram_options options = {
		.title = KB_STR("\"<&"), .id_prefix = KB_STR("d1-"), .link = on_link};
	_cleanup_buf_ kb_buf svg = {0};
	struct kb_error err = {.code = KB_OK};
	uint32_t line;
	kb_str *urls;
	size_t n;

	if (kb_diagram_check(arena, input, &urls, &n, &line, &err) < 0)
		must(*err.message, "it is refused without a reason");
	kb_diagram_urls(arena, input, &urls);
	if (kb_diagram_svg(input, &options, &svg, &err) < 0)
		must(*err.message, "it is not drawn, without a reason");
	else
		markup_check(kb_buf_view(&svg), allows, is_void);
}
