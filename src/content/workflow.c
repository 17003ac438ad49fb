#include "kb/workflow.h"

#include "content.h"
#include "kb/arena_str.h"
#include "kb/file.h"
#include "kb/unicode.h"

/* The building of one workflow. */
struct workflow_builder {
	struct kb_arena *arena;
	const struct kb_document *doc;
	struct kb_workflow *workflow;
	struct kb_diags *diags;
	kb_workflow_link_fn *link;
	void *ctx;
	kb_map steps; /* from id to index + 1 */
	kb_map texts; /* of headings without an id of their own, to those */
};

static const struct kb_heading *heading_of(
	const struct workflow_builder *b, uint32_t step)
{
	return &b->doc->facts->body.headings[b->workflow->steps[step].heading];
}

static kb_str without_fragment(kb_str dest)
{
	return kb_str_sub(dest, 0, kb_str_chr(dest, '#'));
}

/* Without the other documents each link to text may be one to a workflow. */
static enum kb_workflow_link guess_link(const struct kb_document *doc, kb_str dest)
{
	kb_str path = without_fragment(dest);

	if (kb_str_eq(path, kb_path_base(doc->path)))
		return KB_WL_OWN;
	if (kb_str_starts(dest, KB_STR("id:")) || kb_str_starts(dest, KB_STR("/")))
		return KB_WL_UNKNOWN;
	if (kb_str_chr(path, ':') == SIZE_MAX &&
		(kb_str_ends(path, KB_STR(".md")) || kb_str_ends(path, KB_STR("/"))))
		return KB_WL_UNKNOWN;
	return KB_WL_OTHER;
}

static enum kb_workflow_link link_role(const struct workflow_builder *b, kb_str dest)
{
	if (kb_str_starts(dest, KB_STR("#")))
		return KB_WL_OWN;
	return b->link ? b->link(b->ctx, b->doc, dest) : guess_link(b->doc, dest);
}

static bool is_end(kb_str dest)
{
	return kb_str_starts(dest, KB_STR("kb:"));
}

/* Is an item that begins with this link an answer? */
static bool is_answer(const struct workflow_builder *b, const struct kb_item *item)
{
	kb_str dest;

	if (item->link == KB_NONE)
		return false;
	dest = b->doc->facts->body.links[item->link].dest;
	return is_end(dest) || link_role(b, dest) != KB_WL_OTHER;
}

/* Does a link lead to an end or a step, and so mean an answer wherever it stands? */
static bool leads_on(const struct workflow_builder *b, const struct kb_link *link)
{
	if (link->audience == KB_AUDIENCE_WITHHELD || link->kind != KB_LINK_LINK)
		return false;
	return is_end(link->dest) ||
	       (kb_str_starts(link->dest, KB_STR("#")) &&
		       kb_map_has(&b->steps,
			       kb_percent_decode(b->arena,
				       kb_str_sub(link->dest, 1, link->dest.len))));
}

/* The link by which an item means an answer, though it does not begin with it. */
static uint32_t inner_link(const struct workflow_builder *b,
	const struct kb_section *section, const struct kb_item *item)
{
	for (uint32_t i = section->links_from; i < section->links_to; i++) {
		const struct kb_link *link = &b->doc->facts->body.links[i];

		if (link->range.off >= item->range.off &&
			link->range.off < item->range.off + item->range.len &&
			leads_on(b, link))
			return i;
	}
	return KB_NONE;
}

/* The items that are answers, or mean to be. */
static uint32_t count_answers(
	const struct workflow_builder *b, const struct kb_section *section)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < section->nitems; i++)
		n += is_answer(b, &section->items[i]) ||
		     inner_link(b, section, &section->items[i]) != KB_NONE ||
		     kb_workflow_mistake(b->arena, &section->items[i], &(kb_str){0});
	return n;
}

static uint8_t end_kind(kb_str end, kb_str *team)
{
	static const kb_str escalate = {"escalate/", 9};

	if (kb_str_is(end, "resolved"))
		return KB_EDGE_RESOLVED;
	if (kb_str_is(end, "waiting"))
		return KB_EDGE_WAITING;
	if (kb_str_is(end, "closed"))
		return KB_EDGE_CLOSED;
	if (!kb_str_starts(end, escalate) || end.len == escalate.len)
		return KB_EDGE_UNKNOWN;
	*team = kb_str_sub(end, escalate.len, end.len);
	return KB_EDGE_ESCALATE;
}

static void complain_end(
	struct workflow_builder *b, const struct kb_edge *edge, kb_str end)
{
	static const kb_str ends[] = {
		{"resolved", 8}, {"waiting", 7}, {"closed", 6}, {"escalate", 8}};
	const kb_str *near = kb_str_nearest(
		kb_str_sub(end, 0, kb_str_chr(end, '/')), ends, KB_LEN(ends));
	struct kb_diag *diag = kb_diag_add(b->diags, KB_RULE_WORKFLOW_END_UNKNOWN,
		b->doc->path, edge->range, "there is no outcome 'kb:%.*s'", KB_ARG(end));

	if (near == &ends[3])
		kb_diag_hint(b->diags, diag, "name the team: kb:escalate/logistics");
	else if (near)
		kb_diag_hint(b->diags, diag, "did you mean kb:%.*s?", KB_ARG(*near));
	else
		kb_diag_hint(b->diags, diag,
			"the outcomes are kb:resolved, kb:waiting, kb:closed and "
			"kb:escalate/ with a team");
}

static kb_str fragment_of(struct kb_arena *arena, kb_str dest)
{
	size_t hash = kb_str_chr(dest, '#');

	if (hash == SIZE_MAX)
		return KB_STR_NULL;
	return kb_nfc(
		arena, kb_percent_decode(arena, kb_str_sub(dest, hash + 1, dest.len)));
}

static void complain_step(
	struct workflow_builder *b, const struct kb_edge *edge, kb_str id)
{
	kb_str *ids = kb_arena_array(b->diags->arena, kb_str, b->workflow->nsteps);
	struct kb_reading reading = {.arena = b->diags->arena, .diags = b->diags};
	struct kb_diag *diag;

	for (uint32_t i = 0; i < b->workflow->nsteps; i++)
		ids[i] = kb_arena_fmt(
			reading.arena, "#%.*s", KB_ARG(heading_of(b, i)->id));
	b->workflow->lost_answer = true;
	diag = kb_diag_add(b->diags, KB_RULE_WORKFLOW_TARGET, b->doc->path, edge->range,
		"the answer leads to '#%.*s', but there is no such step", KB_ARG(id));
	kb_reading_nearest(&reading, diag,
		kb_arena_fmt(reading.arena, "#%.*s", KB_ARG(id)), ids,
		b->workflow->nsteps);
}

/* A fragment of this document: a step, or nothing that an answer can lead to. */
static void read_own_target(struct workflow_builder *b, struct kb_edge *edge, kb_str dest)
{
	kb_str id = fragment_of(b->arena, dest);
	uintptr_t step = (uintptr_t)kb_map_get(&b->steps, id);

	edge->kind = KB_EDGE_UNKNOWN;
	if (id.len == 0 && kb_str_chr(dest, '#') == SIZE_MAX)
		step = 1; /* the document itself: from the start again */
	if (step) {
		edge->kind = KB_EDGE_STEP;
		edge->step = (uint32_t)step - 1;
	} else {
		complain_step(b, edge, id);
	}
}

static void complain_below(struct workflow_builder *b, const struct kb_item *item)
{
	struct kb_diag *diag = kb_diag_add(b->diags, KB_RULE_WORKFLOW_ANSWER_BELOW,
		b->doc->path, item->below,
		"text below an answer's first paragraph is not shown");

	kb_diag_hint(b->diags, diag,
		"put it on the same line as the answer, or in the step that the answer "
		"leads to");
}

static void read_edge(
	struct workflow_builder *b, struct kb_edge *edge, const struct kb_item *item)
{
	const struct kb_link *link = &b->doc->facts->body.links[item->link];
	kb_str end;

	*edge = (struct kb_edge){.step = KB_NONE,
		.answer = kb_str_trim(link->text),
		.note = item->note,
		.link = item->link,
		.range = link->range};
	if (item->below.len)
		complain_below(b, item);
	if (is_end(link->dest)) {
		end = kb_percent_decode(
			b->arena, kb_str_sub(link->dest, 3, link->dest.len));
		edge->kind = end_kind(end, &edge->team);
		if (edge->kind == KB_EDGE_UNKNOWN)
			complain_end(b, edge, end);
	} else if (link_role(b, link->dest) == KB_WL_OWN) {
		read_own_target(b, edge, link->dest);
	} else {
		edge->kind = KB_EDGE_HANDOVER;
	}
}

/* What an answer's target was meant to be: an end or a step, but for its spelling. */
static kb_str meant_target(const struct workflow_builder *b, kb_str target)
{
	static const char *const ends[] = {"resolved", "waiting", "closed"};
	kb_str id = kb_slug_heading(b->diags->arena, target);

	for (size_t i = 0; i < KB_LEN(ends); i++)
		if (kb_str_is(id, ends[i]) || kb_str_is(target, ends[i]))
			return kb_arena_fmt(b->diags->arena, "kb:%s", ends[i]);
	if (kb_str_starts(target, KB_STR("escalate/")))
		return kb_arena_fmt(b->diags->arena, "kb:%.*s", KB_ARG(target));
	if (kb_map_has(&b->steps, id))
		return kb_arena_fmt(b->diags->arena, "#%.*s", KB_ARG(id));
	return KB_STR_NULL;
}

/* An item that begins with a link, to nothing that an answer can lead to. */
static void complain_target(struct workflow_builder *b, const struct kb_link *link)
{
	kb_str meant = meant_target(b, link->dest);
	struct kb_diag *diag =
		kb_diag_add(b->diags, KB_RULE_WORKFLOW_TARGET, b->doc->path, link->range,
			"the answer leads to '%.*s', which is not a workflow",
			KB_ARG(link->dest));

	b->workflow->lost_answer = true;
	if (meant.len)
		kb_diag_hint(b->diags, diag, "did you mean '%.*s'?", KB_ARG(meant));
	else
		kb_diag_hint(b->diags, diag,
			"answers lead to a step (#id), another workflow, or an outcome "
			"such as kb:resolved; link to other documents in the text of "
			"the step");
}

static void complain_mixed(struct workflow_builder *b, const struct kb_item *item,
	const struct kb_link *link)
{
	kb_str target = link ? link->dest : KB_STR_NULL, answer = item->text;
	bool mistake = kb_workflow_mistake(b->diags->arena, item, &target);
	struct kb_diag *diag = kb_diag_add(b->diags, KB_RULE_WORKFLOW_ANSWER_MIXED,
		b->doc->path, item->range,
		link ? "this item has a link to a step or an outcome, but does not "
		       "begin with it"
		: mistake
			? "this item is not an answer, because it does not begin with a "
			  "link"
			: "this item is not an answer, but other items in the "
			  "step's last list are");

	if (mistake) {
		if (kb_str_starts(answer, KB_STR("[")))
			answer = kb_str_sub(answer, 1, kb_str_chr(answer, ']'));
		else
			answer = kb_str_sub(answer, 0, kb_str_find(answer, target));
		if (!kb_str_starts(target, KB_STR("kb:")))
			target = meant_target(b, target);
	}
	answer = kb_workflow_answer_text(answer);
	if (!answer.len && link)
		answer = kb_str_trim(link->text);
	if (answer.len && target.len)
		kb_diag_hint(b->diags, diag, "write '- [%.*s](%.*s)'", KB_ARG(answer),
			KB_ARG(target));
	else
		kb_diag_hint(b->diags, diag,
			"begin it with a link to a step, another workflow or an "
			"outcome such as kb:resolved, or move it out of the list");
}

static void check_same_answer(
	struct workflow_builder *b, kb_map *answers, const struct kb_edge *edge)
{
	if (kb_map_put(answers, edge->answer, (void *)(uintptr_t)edge))
		kb_diag_add(b->diags, KB_RULE_WORKFLOW_ANSWER_DUPLICATE, b->doc->path,
			edge->range, "the step already has the answer '%.*s'",
			KB_ARG(edge->answer));
}

static void read_answers(struct workflow_builder *b, struct kb_step *step,
	const struct kb_section *section, uint32_t n)
{
	_cleanup_(kb_map_dispose) kb_map answers = {0};

	step->edges = kb_arena_array(b->arena, struct kb_edge, n);
	for (uint32_t i = 0; i < section->nitems; i++) {
		const struct kb_item *item = &section->items[i];
		struct kb_item meant = {.link = inner_link(b, section, item)};
		const struct kb_link *links = b->doc->facts->body.links;

		if (is_answer(b, item)) {
			read_edge(b, &step->edges[step->nedges], item);
			check_same_answer(b, &answers, &step->edges[step->nedges++]);
		} else if (meant.link != KB_NONE) {
			complain_mixed(b, item, &links[meant.link]);
			read_edge(b, &step->edges[step->nedges++], &meant);
		} else if (item->link != KB_NONE) {
			complain_target(b, &links[item->link]);
		} else {
			complain_mixed(b, item, NULL);
		}
	}
}

/* Without answers a step goes on to the next one. */
static void read_next(struct workflow_builder *b, uint32_t index)
{
	struct kb_step *step = &b->workflow->steps[index];

	if (index + 1 == b->workflow->nsteps) {
		kb_diag_hint(b->diags,
			kb_diag_add(b->diags, KB_RULE_WORKFLOW_LAST_STEP, b->doc->path,
				heading_of(b, index)->range,
				"the last step has no answers, so it does not lead to "
				"an outcome"),
			"end it with a list of links such as '- [It "
			"works](kb:resolved)'");
		return;
	}
	step->edges = kb_arena_new_of(b->arena, struct kb_edge);
	step->edges[step->nedges++] = (struct kb_edge){.kind = KB_EDGE_STEP,
		.next = true,
		.step = index + 1,
		.link = KB_NONE,
		.range = heading_of(b, index)->range};
}

/* An end is where an answer leads; in text nobody follows it. */
static void complain_misplaced(struct workflow_builder *b, const struct kb_link *link)
{
	kb_str text = kb_str_trim(link->text);

	if (link->audience == KB_AUDIENCE_WITHHELD)
		return;
	kb_diag_hint(b->diags,
		kb_diag_add(b->diags, KB_RULE_WORKFLOW_END_MISPLACED, b->doc->path,
			link->range,
			"the link to '%.*s' is not an answer, so it has no effect",
			KB_ARG(link->dest)),
		"make it an item of the step's last list: '- [%.*s](%.*s)'", KB_ARG(text),
		KB_ARG(link->dest));
}

static void complain_intro(struct workflow_builder *b, const struct kb_section *section)
{
	for (uint32_t i = section->links_from; i < section->links_to; i++)
		if (is_end(b->doc->facts->body.links[i].dest))
			complain_misplaced(b, &b->doc->facts->body.links[i]);
}

static void read_calls(struct workflow_builder *b, struct kb_step *step,
	const struct kb_section *section)
{
	struct {
		KB_VEC(uint32_t);
	} calls = {0};
	uint32_t edge = 0; /* answers are in the order of their links */

	for (uint32_t i = section->links_from; i < section->links_to; i++) {
		const struct kb_link *link = &b->doc->facts->body.links[i];
		enum kb_workflow_link role;

		while (edge < step->nedges && step->edges[edge].link < i)
			edge++;
		if (link->kind == KB_LINK_IMAGE || link->kind == KB_LINK_HTML_IMAGE ||
			(edge < step->nedges && step->edges[edge].link == i))
			continue;
		if (is_end(link->dest)) {
			complain_misplaced(b, link);
			continue;
		}
		role = link_role(b, link->dest);
		if (role == KB_WL_WORKFLOW || (role == KB_WL_UNKNOWN && !b->link))
			kb_vec_push(&calls, i);
	}
	step->ncalls = (uint32_t)calls.len;
	step->calls = kb_vec_freeze(&calls, b->arena);
}

/* Two steps of one id: an explicit one, or one text, whose second id nobody can foresee.
 */
static void check_step_id(struct workflow_builder *b, uint32_t index)
{
	const struct kb_heading *own = heading_of(b, index), *other = NULL;
	uintptr_t same = (uintptr_t)kb_map_get(&b->steps, own->id);
	kb_str text = kb_str_trim(own->text);

	if (same)
		other = heading_of(b, (uint32_t)same - 1);
	else
		kb_map_put(&b->steps, own->id, (void *)(uintptr_t)(index + 1));
	if (!own->explicit_id && !other && !(other = kb_map_get(&b->texts, text)))
		kb_map_put(&b->texts, text, (void *)(uintptr_t)own);
	if (other)
		kb_diag_hint(b->diags,
			kb_diag_add(b->diags, KB_RULE_WORKFLOW_STEP_DUPLICATE,
				b->doc->path, own->range,
				"there is already a step with the id '%.*s'",
				KB_ARG(other->id)),
			"give it another title, or its own id such as {#once-more}");
}

static void read_steps(struct workflow_builder *b)
{
	const struct kb_md_facts *facts = &b->doc->facts->body;
	struct kb_workflow *workflow = b->workflow;

	workflow->steps = kb_arena_array(b->arena, struct kb_step, facts->nsections);
	for (uint32_t i = 0; i < facts->nsections; i++) {
		uint32_t index = workflow->nsteps;

		if (facts->sections[i].heading == KB_NONE) {
			complain_intro(b, &facts->sections[i]);
			continue;
		}
		workflow->steps[workflow->nsteps++] = (struct kb_step){
			.heading = facts->sections[i].heading, .section = i};
		check_step_id(b, index);
	}
	for (uint32_t i = 0; i < workflow->nsteps; i++) {
		struct kb_step *step = &workflow->steps[i];
		const struct kb_section *section = &facts->sections[step->section];
		uint32_t n = count_answers(b, section);

		if (n)
			read_answers(b, step, section, n);
		else
			read_next(b, i);
		read_calls(b, step, section);
	}
}

static void read_cases(
	struct kb_arena *arena, struct kb_workflow *workflow, const struct kb_node *node)
{
	if (!node || node->kind != KB_NODE_SEQ)
		return;
	workflow->cases = kb_arena_array(arena, struct kb_case, node->len);
	for (uint32_t i = 0; i < node->len; i++)
		if (node->items[i]->kind == KB_NODE_MAP)
			workflow->cases[workflow->ncases++] = (struct kb_case){
				.answers = kb_node_strs(
					arena, kb_node_get(node->items[i], "answers")),
				.outcome = kb_node_str(
					kb_node_get(node->items[i], "outcome")),
				.node = node->items[i],
			};
}

struct kb_workflow *kb_workflow_build(struct kb_arena *arena,
	const struct kb_document *doc, kb_workflow_link_fn *link, void *ctx,
	struct kb_diags *diags)
{
	struct workflow_builder b = {
		.arena = arena, .doc = doc, .diags = diags, .link = link, .ctx = ctx};

	b.workflow = kb_arena_new_of(arena, struct kb_workflow);
	read_steps(&b);
	read_cases(arena, b.workflow, kb_node_get(kb_facts_meta(doc->facts), "cases"));
	if (b.workflow->nsteps)
		kb_workflow_check_graph(doc, b.workflow, diags);
	else
		kb_diag_hint(diags,
			kb_diag_add(diags, KB_RULE_WORKFLOW_EMPTY, doc->path,
				kb_facts_range(doc->facts, "title"),
				"the workflow has no steps"),
			"begin each step with a level 2 heading such as '## Check the "
			"tracking'");
	kb_map_dispose(&b.steps);
	kb_map_dispose(&b.texts);
	return b.workflow;
}
