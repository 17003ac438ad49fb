/* What a workflow needs the whole library for: teams, hand-overs, cases, length. */
#include "family.h"

#include "kb/diagram.h"
#include "kb/map.h"

static void check_team(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	const struct kb_people *people = checker->lib->people;
	_cleanup_free_ kb_str *ids = NULL;
	struct kb_diag *diag;

	if (people->missing || people->broken || kb_people_find(people, edge->team))
		return;
	ids = kb_xcalloc(people->len, sizeof(*ids));
	for (uint32_t i = 0; i < people->len; i++)
		ids[i] = people->items[i].id;
	diag = kb_diag_add(checker->diags, KB_RULE_WORKFLOW_TEAM, doc->path, edge->range,
		"people.yaml has no team '%.*s' to escalate to", KB_ARG(edge->team));
	kb_check_hint_nearest(checker, diag, "did you mean 'kb:escalate/%.*s'?",
		edge->team, ids, people->len);
}

/* The document that a hand-over leads to; NULL when the link is broken. */
static const struct kb_document *handover(struct kb_checker *checker,
	const struct kb_document *doc, const struct kb_edge *edge, kb_str *fragment)
{
	struct kb_target target;

	if (edge->link == KB_NONE)
		return NULL;
	kb_link_resolve(checker->lib, checker->scratch, doc, doc->locale,
		doc->facts->body.links[edge->link].dest, &target);
	*fragment = target.fragment;
	return target.kind == KB_TARGET_DOCUMENT ? target.doc : NULL;
}

static bool has_step(const struct kb_document *doc, kb_str id)
{
	for (uint32_t i = 0; doc->workflow && i < doc->workflow->nsteps; i++)
		if (kb_str_eq(
			    doc->facts->body.headings[doc->workflow->steps[i].heading].id,
			    id))
			return true;
	return false;
}

static void check_handover(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	kb_str fragment = KB_STR_NULL;
	const struct kb_document *to = handover(checker, doc, edge, &fragment);

	/* A broken link is reported with the links. */
	if (!to || to->facts->broken)
		return;
	if (to->facts->type != KB_WORKFLOW)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_TARGET, doc->path,
				edge->range,
				"an answer leads to %.*s, which is not a workflow",
				KB_ARG(to->path)),
			"answers lead to a step (#id), another workflow, or an outcome "
			"such as kb:resolved; link to other documents in the text of "
			"the step");
	else if (fragment.len && !has_step(to, fragment))
		kb_diag_add(checker->diags, KB_RULE_WORKFLOW_TARGET, doc->path,
			edge->range, "%.*s has no step '#%.*s'", KB_ARG(to->path),
			KB_ARG(fragment));
}

/* Steps on the longest path from STEP that comes back to none; length[] is its memory. */
static uint32_t longest(const struct kb_workflow *workflow, uint32_t step,
	uint32_t *length, bool *on_path)
{
	uint32_t best = 0;

	if (length[step])
		return length[step];
	on_path[step] = true;
	for (uint32_t i = 0; i < workflow->steps[step].nedges; i++) {
		const struct kb_edge *edge = &workflow->steps[step].edges[i];

		if (edge->kind == KB_EDGE_STEP && edge->step < workflow->nsteps &&
			!on_path[edge->step]) {
			uint32_t n = longest(workflow, edge->step, length, on_path);

			best = n > best ? n : best;
		}
	}
	on_path[step] = false;
	return length[step] = best + 1;
}

static void check_length(struct kb_checker *checker, const struct kb_document *doc)
{
	uint32_t n = doc->workflow->nsteps,
		 limit = checker->lib->config->limits.workflow_steps;
	uint32_t steps;

	/* The recursion is as deep as there are steps. */
	if (!limit || n <= limit)
		return;
	steps = n > 2000 ? n
			 : longest(doc->workflow, 0,
				   kb_arena_array(checker->scratch, uint32_t, n),
				   kb_arena_array(checker->scratch, bool, n));
	if (steps > limit)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_LONG, doc->path,
				kb_facts_range(doc->facts, "title"),
				"a path through the workflow has %u steps, more than %u",
				steps, limit),
			"move a part into its own workflow, and call it or hand over "
			"to it");
}

/* The node of the diagram that an edge leads to, unless it is a step: as few as there may
 * be, so that each end that several answers have is there once. */
static kb_str end_node(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	if (edge->kind == KB_EDGE_HANDOVER && edge->link != KB_NONE)
		return doc->facts->body.links[edge->link].dest;
	return kb_edge_outcome(checker->scratch, edge);
}

static size_t count_edges(const struct kb_workflow *workflow)
{
	size_t n = 0;

	for (uint32_t s = 0; s < workflow->nsteps; s++)
		n += workflow->steps[s].nedges + workflow->steps[s].ncalls;
	return n;
}

static size_t count_nodes(struct kb_checker *checker, const struct kb_document *doc)
{
	kb_map ends = {0};
	size_t n;

	for (uint32_t s = 0; s < doc->workflow->nsteps; s++) {
		const struct kb_step *step = &doc->workflow->steps[s];

		for (uint32_t i = 0; i < step->nedges; i++)
			if (step->edges[i].kind != KB_EDGE_STEP)
				kb_map_put(&ends, end_node(checker, doc, &step->edges[i]),
					&ends);
		for (uint32_t i = 0; i < step->ncalls; i++)
			kb_map_put(&ends, doc->facts->body.links[step->calls[i]].dest,
				&ends);
	}
	n = doc->workflow->nsteps + ends.len;
	kb_map_dispose(&ends);
	return n;
}

/* The page shows the steps in any case. */
static void check_diagram(struct kb_checker *checker, const struct kb_document *doc)
{
	size_t edges = count_edges(doc->workflow), nodes;
	struct kb_diag *diag;

	if (doc->workflow->nsteps + edges <= KB_DIAGRAM_NODES_MAX)
		return;
	nodes = count_nodes(checker, doc);
	if (nodes <= KB_DIAGRAM_NODES_MAX && edges <= KB_DIAGRAM_EDGES_MAX)
		return;
	diag = kb_diag_add(checker->diags, KB_RULE_DIAGRAM_SYNTAX, doc->path,
		kb_facts_range(doc->facts, "title"),
		"the workflow has %zu steps and outcomes and %zu answers and calls, "
		"too many for a diagram",
		nodes, edges);
	kb_diag_hint(checker->diags, diag,
		"move a part into its own workflow, so that there are at most %d and %d",
		KB_DIAGRAM_NODES_MAX, KB_DIAGRAM_EDGES_MAX);
	kb_diag_lower(diag, KB_WARNING);
}

/* Where an answer leads in words of a case's outcome. */
static kb_str outcome_of(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_edge *edge)
{
	const struct kb_document *to;
	kb_str fragment;

	if (edge->kind != KB_EDGE_HANDOVER)
		return kb_edge_outcome(checker->scratch, edge);
	to = handover(checker, doc, edge, &fragment);
	return to && to->facts->type == KB_WORKFLOW ? to->id : KB_STR("");
}

static kb_range case_range(const struct kb_document *doc, const struct kb_document *words,
	const struct kb_case *one, const char *key, uint32_t item)
{
	const struct kb_node *node = kb_node_get(one->node, key);

	if (doc != words)
		return kb_facts_range(doc->facts, "title");
	if (node && node->kind == KB_NODE_SEQ && item < node->len)
		return node->items[item]->range;
	return node ? node->range : one->node->range;
}

/* A translation gives the source's answers by their positions there; false when the
 * source's own case is broken. */
static bool walk_case(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *words, const struct kb_case *one, struct kb_walk *walk)
{
	const kb_str *answers = one->answers.items;
	size_t n = one->answers.len;
	uint32_t *positions;

	if (doc == words) {
		*walk = kb_workflow_walk(doc->workflow, answers, n);
		return true;
	}
	positions = kb_arena_array(checker->scratch, uint32_t, n);
	if (kb_workflow_positions(words->workflow, answers, n, positions) < n)
		return false;
	*walk = kb_workflow_walk_positions(doc->workflow, positions, n);
	return true;
}

static void check_case(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *words, uint32_t number)
{
	const struct kb_case *one = &words->workflow->cases[number];
	const char *whose = doc == words ? "" : " of the source";
	struct kb_walk walk;
	kb_str outcome;
	bool ends;

	if (!walk_case(checker, doc, words, one, &walk))
		return;
	/* The answer is reported: its target is broken, or it is not read as one. */
	if (walk.state == KB_WALK_LOST ||
		(walk.state == KB_WALK_NO_ANSWER && doc->workflow->lost_answer))
		return;
	ends = walk.state == KB_WALK_END;
	outcome = ends ? outcome_of(checker, doc, walk.edge) : KB_STR("");
	if (ends && !outcome.len) /* that answer's broken link is reported */
		return;
	if (walk.state == KB_WALK_NO_ANSWER || walk.state == KB_WALK_TOO_MANY)
		kb_diag_add(checker->diags, KB_RULE_WORKFLOW_CASE, doc->path,
			case_range(doc, words, one, "answers", walk.used),
			walk.state == KB_WALK_TOO_MANY
				? "case %u%s has the answer '%.*s' after it has reached an "
				  "outcome"
				: "case %u%s has the answer '%.*s', which the step that "
				  "it reaches does not have",
			number + 1, whose, KB_ARG(one->answers.items[walk.used]));
	else if (!kb_str_eq(outcome, one->outcome))
		kb_diag_add(checker->diags, KB_RULE_WORKFLOW_CASE, doc->path,
			case_range(doc, words, one, "outcome", 0),
			ends ? "case %u%s leads to %.*s, not to %.*s"
			     : "case %u%s does not reach an outcome%.*s; it should "
			       "reach %.*s",
			number + 1, whose, KB_ARG(outcome), KB_ARG(one->outcome));
}

/* A translation without cases is checked by its source's, by position. */
static void check_cases(struct kb_checker *checker, const struct kb_document *doc)
{
	const struct kb_document *words = doc;

	if (!doc->workflow->ncases && !doc->facts->regions.len &&
		!doc->facts->variant_of.len)
		words = kb_document_source(checker->lib, doc);
	if (!words || words->facts->broken || !words->workflow ||
		words->workflow->nsteps != doc->workflow->nsteps ||
		(words != doc && kb_check_reordered(checker, doc, words)))
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

			escalates |= edge->kind == KB_EDGE_ESCALATE ||
				     edge->kind == KB_EDGE_HANDOVER;
			if (edge->kind == KB_EDGE_ESCALATE)
				check_team(checker, doc, edge);
			else if (edge->kind == KB_EDGE_HANDOVER)
				check_handover(checker, doc, edge);
		}
	}
	if (!escalates)
		kb_diag_hint(checker->diags,
			kb_diag_add(checker->diags, KB_RULE_WORKFLOW_ESCALATION,
				doc->path, kb_facts_range(doc->facts, "title"),
				"the workflow has no way to escalate"),
			"give a step an answer that leads to kb:escalate/ and a team");
	check_length(checker, doc);
	check_diagram(checker, doc);
	check_cases(checker, doc);
}
