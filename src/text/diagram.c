#include "kb/diagram.h"

#include "graphviz.h"
#include "svg.h"

#define _cleanup_drawing_ _cleanup_(kb_drawing_dispose)

static size_t urls_take(
	struct kb_arena *arena, const struct kb_drawing *drawing, kb_str **out)
{
	kb_str rest = kb_arena_str(arena, kb_buf_view(&drawing->urls)), url;
	size_t n = 0;

	*out = NULL;
	for (size_t i = 0; i < rest.len; i++)
		n += !rest.data[i];
	if (n)
		*out = kb_arena_array(arena, kb_str, n);
	for (size_t i = 0; i < n && kb_str_next(&rest, '\0', &url); i++)
		(*out)[i] = url;
	return n;
}

/* The drawing as a part of a page. Graphviz copies the source's words into its SVG. */
static int make_svg(const struct kb_drawing *drawing, const kb_str *urls, size_t nurls,
	const struct kb_diagram_options *options, kb_buf *out, struct kb_error *err)
{
	int failed = kb_svg_of_graph(
		kb_buf_view(&drawing->data), urls, nurls, options, out, err);

	return failed && err && err->code == KB_E_CONFIG
		       ? kb_error_set(err, KB_E_CONFIG,
				 "a label has a character that a page cannot show")
		       : failed;
}

int kb_diagram_svg(kb_str dot, const struct kb_diagram_options *options, kb_buf *out,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	_cleanup_drawing_ struct kb_drawing drawing = {0};
	kb_str *urls;
	size_t n;

	if (kb_diagram_ask(dot, KB_DRAWING_SVG, &drawing, err))
		return -1;
	n = urls_take(arena, &drawing, &urls);
	return make_svg(&drawing, urls, n, options, out, err);
}

int kb_diagram_check(struct kb_arena *arena, kb_str dot, kb_str **urls, size_t *nurls,
	uint32_t *line, struct kb_error *err)
{
	const struct kb_diagram_options options = {.link = NULL};
	_cleanup_drawing_ struct kb_drawing drawing = {0};
	_cleanup_buf_ kb_buf svg = {0};
	int failed = kb_diagram_ask(dot, KB_DRAWING_SVG, &drawing, err);

	*line = drawing.line;
	*nurls = urls_take(arena, &drawing, urls);
	return failed ? -1 : make_svg(&drawing, *urls, *nurls, &options, &svg, err);
}

size_t kb_diagram_urls(struct kb_arena *arena, kb_str dot, kb_str **out)
{
	_cleanup_drawing_ struct kb_drawing drawing = {0};

	*out = NULL;
	return kb_diagram_ask(dot, KB_DRAWING_NONE, &drawing, NULL)
		       ? 0
		       : urls_take(arena, &drawing, out);
}

void kb_dot_quote(kb_buf *out, kb_str s)
{
	kb_buf_putc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.data[i] == '\n')
			kb_buf_puts(out, "\\n");
		else if (s.data[i] == '\r' || s.data[i] == '\0')
			continue;
		else if (s.data[i] == '"' || s.data[i] == '\\')
			kb_buf_fmt(out, "\\%c", s.data[i]);
		else if (s.data[i] == '&') /* Graphviz reads entities */
			kb_buf_puts(out, "&amp;");
		else
			kb_buf_putc(out, s.data[i]);
	}
	kb_buf_putc(out, '"');
}
