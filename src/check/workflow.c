/* What a workflow needs the whole library for: teams, hand-overs, cases, length. */
#include "family.h"

static void check_team(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	const struct kb_people *people = checker->lib->people;
	kb_str *ids;
	const kb_str *nearest;
	struct kb_diag *diag;

	if (kb_people_find(people, edge->team))
		return;
	ids = kb_arena_array(checker->scratch, kb_str, people->len);
	for (uint32_t i = 0; i < people->len; i++)
		ids[i] = people->items[i].id;
	diag = kb_diag_add(checker->diags, KB_RULE_WORKFLOW_TEAM, doc->path, edge->range,
		"people.yaml has no team '%.*s' to escalate to", KB_ARG(edge->team));
	nearest = kb_str_nearest(edge->team, ids, people->len);
	if (nearest)
		kb_diag_hint(checker->diags, diag, "did you mean 'kb:escalate/%.*s'?",
			KB_ARG(*nearest));
}

/* The document that a hand-over leads to; NULL when the link is broken. */
static const struct kb_document *handover(struct kb_checker *checker,
	const struct kb_document *doc, const struct kb_edge *edge, kb_str *fragment)
{
	struct kb_target target;

	if (edge->link == KB_NONE)
		return NULL;
	kb_link_resolve(checker->lib, checker->scratch, doc, doc->locale,
		doc->facts.links[edge->link].dest, &target);
	*fragment = target.fragment;
	return target.kind == KB_TARGET_DOCUMENT ? target.doc : NULL;
}

static bool has_step(const struct kb_document *doc, kb_str id)
{
	for (uint32_t i = 0; doc->workflow && i < doc->workflow->nsteps; i++)
		if (kb_str_eq(doc->facts.headings[doc->workflow->steps[i].heading].id, id))
			return true;
	return false;
}

static void check_handover(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	kb_str fragment = KB_STR_NULL;
	const struct kb_document *to = handover(checker, doc, edge, &fragment);

	/* A broken link is reported with the links. */
	if (!to || to->broken)
		return;
	if (to->type != KB_WORKFLOW)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_TARGET, doc->path,
				edge->range, "an answer leads to %.*s, which is no workflow",
				KB_ARG(to->path)),
			"answers lead to a step (#id), another workflow, or an end such as "
			"kb:resolved; link to other documents in the step's text");
	else if (fragment.len && !has_step(to, fragment))
		kb_diag_add(checker->diags, KB_RULE_WORKFLOW_TARGET, doc->path, edge->range,
			"%.*s has no step '#%.*s'", KB_ARG(to->path), KB_ARG(fragment));
}

/* Steps on the longest path from STEP that comes back to none; length[] is its memory. */
static uint32_t longest(const struct kb_workflow *workflow, uint32_t step, uint32_t *length,
	bool *on_path)
{
	uint32_t best = 0;

	if (length[step])
		return length[step];
	on_path[step] = true;
	for (uint32_t i = 0; i < workflow->steps[step].nedges; i++) {
		const struct kb_edge *edge = &workflow->steps[step].edges[i];

		if (edge->kind == KB_EDGE_STEP && edge->step < workflow->nsteps
			&& !on_path[edge->step]) {
			uint32_t n = longest(workflow, edge->step, length, on_path);

			best = n > best ? n : best;
		}
	}
	on_path[step] = false;
	return length[step] = best + 1;
}

static void check_length(struct kb_checker *checker, const struct kb_document *doc)
{
	uint32_t n = doc->workflow->nsteps, limit = checker->lib->config->limits.workflow_steps;
	uint32_t steps;

	/* The recursion is as deep as there are steps. */
	if (!limit || n <= limit)
		return;
	steps = n > 2000 ? n
			 : longest(doc->workflow, 0, kb_arena_array(checker->scratch, uint32_t, n),
				   kb_arena_array(checker->scratch, bool, n));
	if (steps > limit)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_LONG, doc->path,
				kb_document_range(doc, "title"),
				"a path through the workflow has %u steps, more than %u", steps,
				limit),
			"move a part into a workflow of its own, and call it or hand over to it");
}

/* Where an answer leads in words of a case's outcome. */
static kb_str outcome_of(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	const struct kb_document *to;
	kb_str fragment;

	switch (edge->kind) {
	case KB_EDGE_RESOLVED:
		return KB_STR("resolved");
	case KB_EDGE_WAITING:
		return KB_STR("waiting");
	case KB_EDGE_CLOSED:
		return KB_STR("closed");
	case KB_EDGE_ESCALATE:
		return kb_arena_fmt(checker->scratch, "escalate/%.*s", KB_ARG(edge->team));
	case KB_EDGE_HANDOVER:
		to = handover(checker, doc, edge, &fragment);
		return to ? to->id : KB_STR("");
	default:
		return KB_STR("");
	}
}

/* A case's walk: where it stands, or where it ended. */
struct walk {
	const struct kb_document *doc;   /* whose steps are walked */
	const struct kb_document *words; /* whose answers the case is written in */
	uint32_t step;
	const struct kb_edge *end; /* the edge that ended the walk */
};

static const struct kb_edge *edge_by_answer(const struct kb_document *doc, uint32_t step,
	kb_str answer, uint32_t *position)
{
	if (step >= doc->workflow->nsteps)
		return NULL;
	for (uint32_t i = 0; i < doc->workflow->steps[step].nedges; i++) {
		const struct kb_edge *edge = &doc->workflow->steps[step].edges[i];

		if (!edge->next && kb_str_eq(edge->answer, answer)) {
			*position = i;
			return edge;
		}
	}
	return NULL;
}

/* Goes through steps without answers to the next one that asks something. */
static void skip_to_question(struct walk *walk)
{
	const struct kb_workflow *workflow = walk->doc->workflow;

	for (uint32_t n = 0; n < workflow->nsteps && walk->step < workflow->nsteps; n++) {
		const struct kb_step *step = &workflow->steps[walk->step];

		if (step->nedges != 1 || !step->edges[0].next)
			return;
		walk->step = step->edges[0].step;
	}
}

/* False when no answer of the step has this text. */
static bool walk_answer(struct walk *walk, kb_str answer)
{
	const struct kb_edge *edge;
	uint32_t position = 0;

	skip_to_question(walk);
	edge = edge_by_answer(walk->words, walk->step, answer, &position);
	if (!edge)
		return false;
	if (walk->doc != walk->words) {
		if (walk->step >= walk->doc->workflow->nsteps
			|| position >= walk->doc->workflow->steps[walk->step].nedges)
			return false;
		edge = &walk->doc->workflow->steps[walk->step].edges[position];
	}
	if (edge->kind == KB_EDGE_STEP)
		walk->step = edge->step;
	else
		walk->end = edge;
	return true;
}

static kb_range case_range(const struct kb_document *doc, const struct kb_document *words,
	const struct kb_case *one, const char *key, uint32_t item)
{
	const struct kb_node *node = kb_node_get(one->node, key);

	if (doc != words)
		return kb_document_range(doc, "title");
	if (node && node->kind == KB_NODE_SEQ && item < node->len)
		return node->items[item]->range;
	return node ? node->range : one->node->range;
}

static void check_case(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *words, uint32_t number)
{
	const struct kb_case *one = &words->workflow->cases[number];
	struct walk walk = {.doc = doc, .words = words};
	const char *whose = doc == words ? "" : " of the source";
	kb_str outcome;

	for (uint32_t i = 0; i < one->answers.len; i++) {
		kb_str answer = one->answers.items[i];

		if (walk.end || !walk_answer(&walk, answer)) {
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_CASE, doc->path,
				case_range(doc, words, one, "answers", i),
				walk.end ? "case %u%s goes on with \"%.*s\" after an end"
					 : "case %u%s: the step that it has come to has no answer "
					   "\"%.*s\"",
				number + 1, whose, KB_ARG(answer));
			return;
		}
	}
	outcome = walk.end ? outcome_of(checker, doc, walk.end) : KB_STR("");
	if (!kb_str_eq(outcome, one->outcome))
		kb_diag_add(checker->diags, KB_RULE_WORKFLOW_CASE, doc->path,
			case_range(doc, words, one, "outcome", 0),
			walk.end ? "case %u%s leads to '%.*s', not to '%.*s'"
				 : "case %u%s does not come to an end%.*s; it should be '%.*s'",
			number + 1, whose, KB_ARG(outcome), KB_ARG(one->outcome));
}

/* A translation without cases is checked by its source's, by position. */
static void check_cases(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_document *words = doc;

	if (!doc->workflow->ncases && !doc->regions.len && !doc->variant_of.len)
		words = kb_document_source(checker->lib, doc);
	if (!words || words->broken || !words->workflow
		|| words->workflow->nsteps != doc->workflow->nsteps)
		return;
	for (uint32_t i = 0; i < words->workflow->ncases; i++)
		check_case(checker, doc, words, i);
}

void kb_check_workflow(struct kb_checker *checker, const struct kb_document *doc)
{
	bool escalates = false;

	if (!doc->workflow || !doc->workflow->nsteps)
		return;
	for (uint32_t s = 0; s < doc->workflow->nsteps; s++) {
		for (uint32_t i = 0; i < doc->workflow->steps[s].nedges; i++) {
			const struct kb_edge *edge = &doc->workflow->steps[s].edges[i];

			escalates |= edge->kind == KB_EDGE_ESCALATE
				|| edge->kind == KB_EDGE_HANDOVER;
			if (edge->kind == KB_EDGE_ESCALATE)
				check_team(checker, doc, edge);
			else if (edge->kind == KB_EDGE_HANDOVER)
				check_handover(checker, doc, edge);
		}
	}
	if (!escalates)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_ESCALATION, doc->path,
				kb_document_range(doc, "title"),
				"the workflow has no way to escalate"),
			"give a step an answer that leads to kb:escalate/ and a team");
	check_length(checker, doc);
	check_cases(checker, doc);
}
