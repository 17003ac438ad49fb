/*
 * Graphviz, as diagram.c uses it.
 *
 * Graphviz writes out of bounds, loops and takes gigabytes on a few bytes of source, so
 * it never runs in kb's own process. The server is a process without threads that kb
 * forks. It forks a process for each drawing, which has little time and memory, cannot
 * open a file or socket, and ends with the drawing. So one drawing cannot change another,
 * whatever its source does. A picture needs fonts: its process may read files, and no
 * source of a document gets there.
 */
#ifndef KB_GRAPHVIZ_H
#define KB_GRAPHVIZ_H

#include "kb/buf.h"
#include "kb/error.h"

enum kb_drawing_kind {
	KB_DRAWING_NONE, /* the addresses alone */
	KB_DRAWING_SVG,
	KB_DRAWING_PNG, /* with fonts; of a source that kb wrote itself */
};

struct kb_drawing {
	kb_buf data;   /* as Graphviz writes it; a link in it is a place among the URLs */
	kb_buf urls;   /* each followed by a NUL */
	uint32_t line; /* of an error, counted from 1; 0: not known */
};

/* Loads the library; later calls do nothing. */
int kb_graphviz_load(struct kb_error *err);
/* Reads DOT and draws it. -1 with Graphviz's own words when the source is wrong. Fills
 * what OUT, which is {0}, holds. */
int kb_graphviz_draw(kb_str dot, enum kb_drawing_kind kind, struct kb_drawing *out,
	struct kb_error *err);

/* The same in a process of its own, from any thread; see kb_diagram_start. */
int kb_diagram_ask(kb_str dot, enum kb_drawing_kind kind, struct kb_drawing *out,
	struct kb_error *err);
void kb_drawing_dispose(struct kb_drawing *drawing);

#endif
