/*
 * A workflow's graph, its walks and its diagram.
 *
 * Edges lead to steps that exist; a walk by the answers of the graph itself arrives
 * somewhere in it, however the answers go round in circles.
 */
#include "fuzz.h"

static void check_graph(
	const struct kb_workflow *workflow, const struct kb_document *doc, kb_str file)
{
	for (uint32_t s = 0; s < workflow->nsteps; s++) {
		const struct kb_step *step = &workflow->steps[s];

		must(step->heading < doc->facts->body.nheadings,
			"a step without a heading");
		must(step->section < doc->facts->body.nsections, "a step without a text");
		for (uint32_t c = 0; c < step->ncalls; c++)
			must(step->calls[c] < doc->facts->body.nlinks,
				"a call without a link");
		for (uint32_t e = 0; e < step->nedges; e++) {
			const struct kb_edge *edge = &step->edges[e];

			fuzz_range(edge->range, file);
			must(edge->kind != KB_EDGE_STEP || edge->step < workflow->nsteps,
				"an edge to step %u of %u", edge->step, workflow->nsteps);
			must(edge->link == KB_NONE ||
					edge->link < doc->facts->body.nlinks,
				"an edge without a link");
		}
	}
}

/* Takes the I-th answer at the I-th step, and so on, as often as it may. */
static void walk(const struct kb_workflow *workflow)
{
	kb_str answers[40] = {{0}};
	uint32_t places[40];
	size_t n = 0;
	struct kb_walk at = kb_workflow_walk(workflow, answers, 0);

	while (n < KB_LEN(answers) && at.state == KB_WALK_OPEN) {
		const struct kb_step *step;

		must(at.step < workflow->nsteps, "a walk stops outside of the graph");
		step = &workflow->steps[at.step];
		if (!step->nedges) /* the last one, which lacks them */
			break;
		answers[n] = step->edges[n % step->nedges].answer;
		n++;
		at = kb_workflow_walk(workflow, answers, n);
	}
	n = kb_workflow_positions(workflow, answers, n, places);
	kb_workflow_walk_positions(workflow, places, n);
}

FUZZ(kb_str input, struct kb_arena *arena)
{
	const struct kb_config *config = fuzz_config();
	const struct kb_mount *mount = config->mounts;

	_cleanup_(kb_diags_dispose) struct kb_diags diags;
	struct kb_workflow *workflow;
	struct kb_document *doc;

	while (mount->type != KB_WORKFLOW)
		mount++;
	kb_diags_init(&diags, NULL);
	doc = kb_document_parse(arena, config, NULL, mount, 0,
		KB_STR("en/workflows/x.md"), input, &diags);
	if (doc->facts->broken)
		return;
	workflow = kb_workflow_build(arena, doc, NULL, NULL, &diags);
	fuzz_findings(&diags, input);
	if (!workflow)
		return;
	check_graph(workflow, doc, input);
	if (workflow->nsteps)
		walk(workflow);
}
