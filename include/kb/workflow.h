/*
 * Workflows as graphs (content-format.md, 'Workflows'): a step is a level-2
 * heading, its answers the items of its last list, each of which leads to a step,
 * another workflow, or an end.
 */
#ifndef KB_WORKFLOW_H
#define KB_WORKFLOW_H

#include "kb/document.h"

enum kb_edge_kind {
	KB_EDGE_STEP,	  /* to a step of this workflow */
	KB_EDGE_HANDOVER, /* to another workflow, or a step of it */
	KB_EDGE_RESOLVED,
	KB_EDGE_WAITING,
	KB_EDGE_CLOSED,
	KB_EDGE_ESCALATE,
	KB_EDGE_UNKNOWN, /* a target that cannot be understood; a finding says so */
};

struct kb_edge {
	uint8_t kind;
	bool next;     /* no answer but the way on to the next step */
	uint32_t step; /* KB_EDGE_STEP: index */
	kb_str team;   /* KB_EDGE_ESCALATE */
	kb_str answer; /* the link's text */
	kb_str note;   /* what follows it */
	uint32_t link; /* index into facts.links, or KB_NONE (next) */
	kb_range range;
};

struct kb_step {
	uint32_t heading; /* index into facts.headings */
	uint32_t section; /* index into facts.sections */
	struct kb_edge *edges;
	uint32_t nedges;
	uint32_t *calls; /* indices into facts.links: other workflows that its text links
			    to */
	uint32_t ncalls;
};

struct kb_case { /* an item of `cases` */
	kb_strs answers;
	kb_str outcome; /* "resolved", "escalate/team", a workflow's id */
	struct kb_node *node;
};

struct kb_workflow {
	struct kb_step *steps;
	uint32_t nsteps;
	struct kb_case *cases;
	uint32_t ncases;
	/* An answer leads to a step that does not exist. It may have been meant to lead
	 * to any other, so what is not reached, or does not end, is not known. */
	bool lost_answer;
};

/* What a link in a workflow leads to, which decides if it is an answer or a call. */
enum kb_workflow_link {
	KB_WL_OWN,	/* this document: a step by its fragment */
	KB_WL_WORKFLOW, /* another workflow */
	KB_WL_UNKNOWN,	/* unknown: nothing is there, or kb cannot know */
	KB_WL_OTHER,	/* certainly not a workflow */
};
typedef enum kb_workflow_link kb_workflow_link_fn(
	void *ctx, const struct kb_document *doc, kb_str dest);

/*
 * Reads the graph from DOC's facts; structural faults are findings. LINK tells what
 * destinations other than '#step' and 'kb:end' are; without it (NULL), each link to a
 * Markdown file, a site path or an id: may be a workflow. A last list without a
 * single answer is text.
 */
struct kb_workflow *kb_workflow_build(struct kb_arena *arena,
	const struct kb_document *doc, kb_workflow_link_fn *link, void *ctx,
	struct kb_diags *diags);

/* "resolved", "waiting", "closed", "escalate/<team>"; empty for an edge without an
 * outcome.
 */
kb_str kb_edge_outcome(struct kb_arena *arena, const struct kb_edge *edge);

/* Where a list of answers leads from the start. Steps without answers are passed. */
enum kb_walk_state {
	KB_WALK_END,	   /* to an end or a hand-over, with the last answer: see edge */
	KB_WALK_OPEN,	   /* the answers are used up at `step`, which asks another one */
	KB_WALK_NO_ANSWER, /* answers[used] is not an answer of `step` */
	KB_WALK_TOO_MANY,  /* an end came before answers[used] */
	KB_WALK_LOST,	   /* to a target that is not known */
};
struct kb_walk {
	enum kb_walk_state state;
	uint32_t step;		    /* where it stopped */
	uint32_t used;		    /* answers that were taken */
	uint32_t steps;		    /* that were passed, the last one included */
	const struct kb_edge *edge; /* the last one taken, or NULL */
};
struct kb_walk kb_workflow_walk(
	const struct kb_workflow *workflow, const kb_str *answers, size_t n);
/* The same by the positions of the answers, for a translation: those that
 * kb_workflow_positions found in its source (into OUT, n long; as many as there are). */
size_t kb_workflow_positions(const struct kb_workflow *workflow, const kb_str *answers,
	size_t n, uint32_t *out);
struct kb_walk kb_workflow_walk_positions(
	const struct kb_workflow *workflow, const uint32_t *positions, size_t n);

#endif
