/*
 * Diagrams: Graphviz's dot language drawn as SVG that a page can hold.
 *
 * Graphviz runs in processes of its own, from any number of threads: what it cannot
 * digest ends one drawing, never the program. The SVG has no style of its own, no script,
 * no font name and no absolute color: classes that the theme's style sheet gives colors
 * to. Ids begin with the prefix given. The bytes do not depend on installed fonts.
 */
#ifndef KB_DIAGRAM_H
#define KB_DIAGRAM_H

#include "kb/buf.h"
#include "kb/error.h"

/* What has more is refused. */
enum {
	KB_DIAGRAM_NODES_MAX = 120,
	KB_DIAGRAM_EDGES_MAX = 240,
	KB_JOURNEY_STAGES_MAX = 100,
	KB_DIAGRAMS_MAX = 100 /* of one document */
};

struct kb_diagram_options {
	kb_str title;	  /* text alternative, its aria-label */
	kb_str id_prefix; /* of ids in the SVG, unique on the page */
	/* What a node's URL becomes; false: the node is not a link. May be NULL. */
	bool (*link)(void *ctx, kb_str url, kb_str *href);
	void *ctx;
};

/*
 * Forks the process that drawings are made by. A program that has threads calls it
 * before it starts them and while it has little memory; otherwise the first drawing does.
 * The process costs nothing until then, keeps no file of the program open, and ends when
 * the program does.
 */
void kb_diagram_start(void);
/* Ends it, and forgets how long drawings took. A later drawing starts it again. */
void kb_diagram_stop(void);

/* Draws; -1 with Graphviz's own words in ERR when the source is wrong. */
int kb_diagram_svg(kb_str dot, const struct kb_diagram_options *options, kb_buf *out,
	struct kb_error *err);
/* Can it be drawn? Gives its URLs, or the line of the mistake, which counts from 1 in the
 * source; 0: not known. */
int kb_diagram_check(struct kb_arena *arena, kb_str dot, kb_str **urls, size_t *nurls,
	uint32_t *line, struct kb_error *err);
/* The URL attributes of a graph's nodes and edges; none when it has a mistake. */
size_t kb_diagram_urls(struct kb_arena *arena, kb_str dot, kb_str **urls);
/* S as a dot string in quotes. */
void kb_dot_quote(kb_buf *out, kb_str s);
/* An SVG file made safe to publish (an image that content links to): no script, handler,
 * foreign object, external reference, or style that loads. Returns -1 if it is not an SVG
 * file. */
int kb_svg_clean(kb_str svg, kb_buf *out, struct kb_error *err);

#endif
