/*
 * SVG that Graphviz drew, made into a part of a page (libxml2). See diagram.h.
 */
#ifndef KB_SVG_H
#define KB_SVG_H

#include "kb/diagram.h"

/* What letters are laid out with, in points, and what the style sheet shows them in, in
 * pixels. A reader's sans-serif may be a fifth wider than the Helvetica of the layout. */
#define KB_DIAGRAM_FONT_SIZE "15.5"
enum { KB_DIAGRAM_FONT_SHOWN = 13 };

/* A link in SVG holds a place in URLS. */
int kb_svg_of_graph(kb_str svg, const kb_str *urls, size_t nurls,
	const struct kb_diagram_options *options, kb_buf *out, struct kb_error *err);

#endif
