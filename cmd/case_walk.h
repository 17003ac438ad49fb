/* A workflow, step by step: what kb case --walk knows, and what it shows. */
#ifndef KB_CMD_CASE_WALK_H
#define KB_CMD_CASE_WALK_H

#include "case.h"

struct walk_place { /* where the walk is */
	const struct kb_document *doc;
	uint32_t step;
};

struct call { /* of a workflow from a step's text; the agent comes back to that */
	struct walk_place from;
	const struct call *outer;
	uint32_t depth; /* from 1 */
};

struct turn { /* something that was typed */
	struct walk_place at;
	const struct call *call;
	const struct kb_edge *edge; /* the answer; NULL: a call was begun */
};

struct walk {
	const struct kb_cli *cli;
	const struct kb_library *lib;
	struct kb_reader *reader;
	const struct kb_answer *answer;
	struct kb_arena *arena;
	struct walk_place at;
	const struct call *call; /* that the walk is in, or NULL */
	struct {
		KB_VEC(struct turn);
	} trail;
	char *line;
	size_t size;
	bool ended; /* the input */
};

const struct kb_step *walk_step(const struct walk_place *place);
kb_str walk_title(const struct walk *w, const struct kb_document *doc);
kb_str walk_step_title(const struct walk *w, const struct walk_place *place);
/* What the reader gets of the workflow that a link of the document leads to, and the
 * step; its document is NULL when there is none. */
struct walk_place walk_target(const struct walk *w, uint32_t link);
/* "resolved", "escalated to Logistics (extension 340)" */
kb_str walk_outcome(const struct walk *w, const struct kb_edge *edge);

/* On standard error. */
void walk_show_start(const struct walk *w, const struct kb_document *doc);
void walk_show_document(const struct walk *w, const struct kb_document *doc);
void walk_show_step(const struct walk *w);

/* The path taken, as one pastes it into a ticket. */
void walk_put_note(const struct walk *w, const struct walk_place *start, kb_buf *note);

#endif
