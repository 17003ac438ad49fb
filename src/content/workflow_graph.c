/* Can each step be reached, and an end from each? */
#include "content.h"
#include "kb/workflow.h"

struct workflow_check {
	const struct kb_document *doc;
	const struct kb_workflow *workflow;
	struct kb_diags *diags;
};

static const struct kb_heading *heading_of(
	const struct workflow_check *graph, uint32_t step)
{
	return &graph->doc->facts->body.headings[graph->workflow->steps[step].heading];
}

static bool leads_to_step(const struct kb_edge *edge)
{
	return edge->kind == KB_EDGE_STEP;
}

static void check_reached(const struct workflow_check *graph, bool *seen, uint32_t *queue)
{
	const struct kb_workflow *workflow = graph->workflow;
	uint32_t head = 0, tail = 0;

	seen[0] = true;
	queue[tail++] = 0;
	while (head < tail) {
		const struct kb_step *step = &workflow->steps[queue[head++]];

		for (uint32_t i = 0; i < step->nedges; i++) {
			const struct kb_edge *edge = &step->edges[i];

			if (leads_to_step(edge) && !seen[edge->step]) {
				seen[edge->step] = true;
				queue[tail++] = edge->step;
			}
		}
	}
	for (uint32_t i = 0; i < workflow->nsteps; i++)
		if (!seen[i])
			kb_diag_hint(graph->diags,
				kb_diag_add(graph->diags, KB_RULE_WORKFLOW_UNREACHABLE,
					graph->doc->path, heading_of(graph, i)->range,
					"no answer leads to the step '%.*s'",
					KB_ARG(heading_of(graph, i)->text)),
				"add an answer that leads to #%.*s, or delete the step",
				KB_ARG(heading_of(graph, i)->id));
}

/* A broken target or a last step without answers has its own finding: it counts as an
 * end. */
static bool ends_here(const struct kb_step *step)
{
	for (uint32_t i = 0; i < step->nedges; i++)
		if (!leads_to_step(&step->edges[i]))
			return true;
	return step->nedges == 0;
}

/* Who leads to step s: from[first[s]] to from[first[s + 1] - 1]. */
struct reverse {
	uint32_t *first;
	uint32_t *from;
};

static struct reverse reverse_of(
	const struct kb_workflow *workflow, struct kb_arena *arena)
{
	struct reverse r = {
		.first = kb_arena_array(arena, uint32_t, (size_t)workflow->nsteps + 2)};

	for (uint32_t s = 0; s < workflow->nsteps; s++)
		for (uint32_t i = 0; i < workflow->steps[s].nedges; i++)
			if (leads_to_step(&workflow->steps[s].edges[i]))
				r.first[workflow->steps[s].edges[i].step + 2]++;
	for (uint32_t s = 2; s <= workflow->nsteps + 1; s++)
		r.first[s] += r.first[s - 1];
	r.from = kb_arena_array(arena, uint32_t, r.first[workflow->nsteps + 1]);
	for (uint32_t s = 0; s < workflow->nsteps; s++)
		for (uint32_t i = 0; i < workflow->steps[s].nedges; i++)
			if (leads_to_step(&workflow->steps[s].edges[i]))
				r.from[r.first[workflow->steps[s].edges[i].step + 1]++] =
					s;
	return r;
}

static void check_ends(const struct workflow_check *graph, bool *good, uint32_t *queue,
	struct kb_arena *scratch)
{
	const struct kb_workflow *workflow = graph->workflow;
	struct reverse before = reverse_of(workflow, scratch);
	uint32_t head = 0, tail = 0;

	for (uint32_t i = 0; i < workflow->nsteps; i++)
		if ((good[i] = ends_here(&workflow->steps[i])))
			queue[tail++] = i;
	while (head < tail) {
		uint32_t s = queue[head++];

		for (uint32_t i = before.first[s]; i < before.first[s + 1]; i++)
			if (!good[before.from[i]]) {
				good[before.from[i]] = true;
				queue[tail++] = before.from[i];
			}
	}
	for (uint32_t i = 0; i < workflow->nsteps; i++)
		if (!good[i])
			kb_diag_hint(graph->diags,
				kb_diag_add(graph->diags, KB_RULE_WORKFLOW_DEAD_END,
					graph->doc->path, heading_of(graph, i)->range,
					"the step '%.*s' does not lead to an outcome",
					KB_ARG(heading_of(graph, i)->text)),
				"make one of its answers lead to an outcome such as "
				"kb:resolved or kb:escalate/ with a team");
}

void kb_workflow_check_graph(const struct kb_document *doc,
	const struct kb_workflow *workflow, struct kb_diags *diags)
{
	_cleanup_arena_ struct kb_arena *scratch = kb_arena_new();
	const struct workflow_check graph = {doc, workflow, diags};
	uint32_t n = workflow->nsteps;

	if (workflow->lost_answer)
		return;
	check_reached(&graph, kb_arena_array(scratch, bool, n),
		kb_arena_array(scratch, uint32_t, n));
	check_ends(&graph, kb_arena_array(scratch, bool, n),
		kb_arena_array(scratch, uint32_t, n), scratch);
}
