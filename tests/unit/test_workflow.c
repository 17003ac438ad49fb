#include "tree.h"

#define HEAD "---\ntitle: W\nissues: [a]\n---\n"
#define TAXONOMY "issues:\n  - {id: a, label: A}\n"

static const char parcel[] =
	"---\ntitle: Parcel\nissues: [a]\ncases:\n"
	"  - answers: [No scan, Found]\n    outcome: resolved\n---\n"
	"Use this.\n\n"
	"## Check the tracking\nFirst [verify](verify.md), see "
	"[this](../articles/x.md).\n\n"
	"- [Delivered](#ask-the-neighbours)\n"
	"- [No scan](#open-a-trace) — count Saturdays out\n"
	"- [Refund instead](refund.md#pay)\n\n"
	"## Ask the neighbours\nAsk.\n\n"
	"## Open a trace\n- [Found](kb:resolved)\n- [Form](kb:waiting)\n"
	"- [No answer](kb:escalate/logistics)\n- [Again](parcel.md#check-the-tracking)\n";

static void graph(void **state)
{
	static const char *const files[] = {"taxonomy.yaml", TAXONOMY,
		"en/workflows/parcel.md", parcel, "en/workflows/verify.md",
		HEAD "## Ask\n- [Yes](kb:resolved)\n", "en/workflows/refund.md",
		HEAD "## Pay\n- [Yes](kb:closed)\n", "en/articles/x.md",
		"---\ntitle: X\n---\nText\n", NULL};
	const kb_str answers[] = {KB_STR("No scan"), KB_STR("No answer")};
	const struct kb_workflow *w;
	const struct kb_step *step;
	struct kb_walk walk;
	struct tree tree;
	uint32_t positions[2];

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	w = tree_doc(&tree, "en/workflows/parcel.md")->workflow;
	assert_int_equal(w->nsteps, 3);
	step = &w->steps[0];
	assert_int_equal(step->nedges, 3);
	assert_int_equal(step->edges[0].kind, KB_EDGE_STEP);
	assert_int_equal(step->edges[0].step, 1);
	assert_str(step->edges[1].answer, "No scan");
	assert_str(step->edges[1].note, "count Saturdays out");
	assert_int_equal(step->edges[2].kind, KB_EDGE_HANDOVER);
	assert_int_equal(step->ncalls, 1);
	assert_true(w->steps[1].edges[0].next);
	assert_int_equal(w->steps[1].edges[0].step, 2);
	step = &w->steps[2];
	assert_int_equal(step->edges[2].kind, KB_EDGE_ESCALATE);
	assert_str(step->edges[2].team, "logistics");
	assert_int_equal(step->edges[3].kind, KB_EDGE_STEP);
	assert_int_equal(step->edges[3].step, 0);
	assert_int_equal(w->ncases, 1);

	walk = kb_workflow_walk(w, w->cases[0].answers.items, w->cases[0].answers.len);
	assert_int_equal(walk.state, KB_WALK_END);
	assert_str(kb_edge_outcome(tree.arena, walk.edge), "resolved");
	assert_int_equal(walk.steps, 2);
	walk = kb_workflow_walk(w, answers, 1);
	assert_int_equal(walk.state, KB_WALK_OPEN);
	assert_int_equal(walk.step, 2);
	assert_int_equal(kb_workflow_positions(w, answers, 2, positions), 2);
	walk = kb_workflow_walk_positions(w, positions, 2);
	assert_str(kb_edge_outcome(tree.arena, walk.edge), "escalate/logistics");
	assert_int_equal(kb_workflow_walk(w, &answers[1], 1).state, KB_WALK_NO_ANSWER);
	tree_close(&tree);
}

/* The findings of one workflow: their rules, in the order given. */
static void expect(const char *text, const enum kb_rule *rules, size_t n)
{
	const char *files[] = {"taxonomy.yaml", TAXONOMY, "en/workflows/w.md", text,
		"en/articles/x.md", "---\ntitle: X\n---\nText\n", NULL};
	struct tree tree;

	tree_open(&tree, files);
	for (size_t i = 0; i < n; i++)
		diags_one(&tree.diags, rules[i]);
	if (tree.diags.len != n) {
		tree_print(&tree.diags);
		fail_msg("%zu findings, not %zu", tree.diags.len, n);
	}
	tree_close(&tree);
}

#define EXPECT(text, ...)                                                                \
	do {                                                                             \
		const enum kb_rule rules_[] = {__VA_ARGS__};                             \
		expect(HEAD text, rules_, KB_LEN(rules_));                               \
	} while (0)

static void faults(void **state)
{
	(void)state;
	EXPECT("Only text.\n", KB_RULE_WORKFLOW_EMPTY);
	EXPECT("## A\nText\n", KB_RULE_WORKFLOW_LAST_STEP);
	EXPECT("## A\n- [x](kb:resolved)\n- plain\n", KB_RULE_WORKFLOW_ANSWER_MIXED);
	EXPECT("## A\n- [x](kb:resolved)\n- [y](../articles/x.md)\n",
		KB_RULE_WORKFLOW_TARGET);
	EXPECT("## A\n- Yes: [go](kb:resolved)\n", KB_RULE_WORKFLOW_ANSWER_MIXED);
	EXPECT("## A\nIt is [done](kb:closed).\n\n- [x](kb:resolved)\n",
		KB_RULE_WORKFLOW_END_MISPLACED);
	EXPECT("## A\n- [x](kb:resolved)\n- [x](kb:closed)\n",
		KB_RULE_WORKFLOW_ANSWER_DUPLICATE);
	EXPECT("## A\n- [x](kb:resolvd)\n", KB_RULE_WORKFLOW_END_UNKNOWN);
	EXPECT("## A\n- [x](kb:escalate)\n", KB_RULE_WORKFLOW_END_UNKNOWN);
	EXPECT("## A\n- [x](#c)\n- [y](kb:resolved)\n", KB_RULE_WORKFLOW_TARGET);
	EXPECT("## A\n- [x](kb:resolved)\n\n## B\n- [y](kb:closed)\n",
		KB_RULE_WORKFLOW_UNREACHABLE);
	EXPECT("## A\n- [x](#a)\n", KB_RULE_WORKFLOW_DEAD_END);
	EXPECT("## A\n- [x](kb:resolved)\n- [y](#a-1)\n\n## A\n- [x](kb:closed)\n",
		KB_RULE_WORKFLOW_STEP_DUPLICATE);
}

static void hints(void **state)
{
	static const char *const files[] = {"taxonomy.yaml", TAXONOMY,
		"en/workflows/w.md",
		HEAD "## Open a trace\n- [x](#open-a-trce)\n- [y](kb:resolvd)\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_str(diags_one(&tree.diags, KB_RULE_WORKFLOW_TARGET)->hint,
		"did you mean '#open-a-trace'?");
	assert_str(diags_one(&tree.diags, KB_RULE_WORKFLOW_END_UNKNOWN)->hint,
		"did you mean kb:resolved?");
	tree_close(&tree);
}

/* A last list of links to articles is reading matter, not answers. */
static void list_of_articles(void **state)
{
	static const char *const files[] = {"taxonomy.yaml", TAXONOMY,
		"en/workflows/w.md",
		HEAD
		"## A\nSee:\n\n- [x](../articles/x.md)\n\n## B\n- [y](kb:resolved)\n",
		"en/articles/x.md", "---\ntitle: X\n---\nText\n", NULL};
	const struct kb_workflow *w;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	w = tree_doc(&tree, "en/workflows/w.md")->workflow;
	assert_int_equal(w->steps[0].nedges, 1);
	assert_true(w->steps[0].edges[0].next);
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(graph),
		cmocka_unit_test(faults),
		cmocka_unit_test(hints),
		cmocka_unit_test(list_of_articles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
