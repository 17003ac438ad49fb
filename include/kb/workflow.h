/*
 * Workflows as graphs (content-format.md, 'Workflows'): a step is a level-2
 * heading, its answers the items of its last list, each of which leads to a step,
 * another workflow, or an end.
 */
#ifndef KB_WORKFLOW_H
#define KB_WORKFLOW_H

#include "kb/document.h"

enum kb_edge_kind {
	KB_EDGE_STEP,     /* to a step of this workflow */
	KB_EDGE_HANDOVER, /* to another workflow, or a step of it */
	KB_EDGE_RESOLVED,
	KB_EDGE_WAITING,
	KB_EDGE_CLOSED,
	KB_EDGE_ESCALATE,
	KB_EDGE_UNKNOWN,  /* a target that cannot be understood; a finding says so */
};

struct kb_edge {
	uint8_t kind;
	bool next;      /* no answer but the way on to the next step */
	uint32_t step;  /* KB_EDGE_STEP: index */
	kb_str team;    /* KB_EDGE_ESCALATE */
	kb_str answer;  /* the link's text */
	kb_str note;    /* what follows it */
	uint32_t link;  /* index into facts.links, or KB_NONE (next) */
	kb_range range;
};

struct kb_step {
	uint32_t heading; /* index into facts.headings */
	uint32_t section; /* index into facts.sections */
	struct kb_edge *edges;
	uint32_t nedges;
	uint32_t *calls; /* indices into facts.links: links in its text that are not answers */
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
};

/* Reads the graph from DOC's facts; structural faults are findings. */
struct kb_workflow *kb_workflow_build(struct kb_arena *arena, const struct kb_document *doc,
	struct kb_diags *diags);

#endif
