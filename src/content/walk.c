/* Walks through workflows. */
#include "kb/workflow.h"

kb_str kb_edge_outcome(struct kb_arena *arena, const struct kb_edge *edge)
{
	switch (edge->kind) {
	case KB_EDGE_RESOLVED:
		return KB_STR("resolved");
	case KB_EDGE_WAITING:
		return KB_STR("waiting");
	case KB_EDGE_CLOSED:
		return KB_STR("closed");
	case KB_EDGE_ESCALATE:
		return kb_arena_fmt(arena, "escalate/%.*s", KB_ARG(edge->team));
	default:
		return KB_STR_NULL;
	}
}

/* Goes through steps without answers to the one that asks something. */
static void skip_to_question(const struct kb_workflow *workflow, struct kb_walk *walk)
{
	for (;;) {
		const struct kb_step *step = &workflow->steps[walk->step];

		if (step->nedges != 1 || !step->edges[0].next)
			return;
		walk->step = step->edges[0].step;
		walk->steps++;
	}
}

static struct kb_walk walk_begin(const struct kb_workflow *workflow)
{
	struct kb_walk walk = {.state = KB_WALK_LOST};

	if (workflow->nsteps == 0)
		return walk;
	walk.state = KB_WALK_OPEN;
	walk.steps = 1;
	skip_to_question(workflow, &walk);
	return walk;
}

/* Takes the answer at POSITION (KB_NONE: there is none); false when the walk is over. */
static bool walk_take(
	const struct kb_workflow *workflow, struct kb_walk *walk, uint32_t position)
{
	const struct kb_step *step = &workflow->steps[walk->step];

	if (walk->state == KB_WALK_END) {
		walk->state = KB_WALK_TOO_MANY;
		return false;
	}
	if (position >= step->nedges || step->edges[position].next) {
		walk->state = KB_WALK_NO_ANSWER;
		return false;
	}
	walk->edge = &step->edges[position];
	walk->used++;
	if (walk->edge->kind == KB_EDGE_UNKNOWN) {
		walk->state = KB_WALK_LOST;
		return false;
	}
	if (walk->edge->kind != KB_EDGE_STEP) {
		walk->state = KB_WALK_END;
		return true;
	}
	walk->step = walk->edge->step;
	walk->steps++;
	skip_to_question(workflow, walk);
	return true;
}

static uint32_t position_of(
	const struct kb_workflow *workflow, uint32_t step, kb_str answer)
{
	for (uint32_t i = 0; i < workflow->steps[step].nedges; i++)
		if (kb_str_eq(workflow->steps[step].edges[i].answer, kb_str_trim(answer)))
			return i;
	return KB_NONE;
}

struct kb_walk kb_workflow_walk(
	const struct kb_workflow *workflow, const kb_str *answers, size_t n)
{
	struct kb_walk walk = walk_begin(workflow);

	for (size_t i = 0; i < n && workflow->nsteps; i++)
		if (!walk_take(workflow, &walk,
			    position_of(workflow, walk.step, answers[i])))
			break;
	return walk;
}

size_t kb_workflow_positions(const struct kb_workflow *workflow, const kb_str *answers,
	size_t n, uint32_t *out)
{
	struct kb_walk walk = walk_begin(workflow);

	for (size_t i = 0; i < n && workflow->nsteps; i++) {
		out[i] = position_of(workflow, walk.step, answers[i]);
		if (!walk_take(workflow, &walk, out[i]))
			return i;
	}
	return workflow->nsteps ? n : 0;
}

struct kb_walk kb_workflow_walk_positions(
	const struct kb_workflow *workflow, const uint32_t *positions, size_t n)
{
	struct kb_walk walk = walk_begin(workflow);

	for (size_t i = 0; i < n && workflow->nsteps; i++)
		if (!walk_take(workflow, &walk, positions[i]))
			break;
	return walk;
}
