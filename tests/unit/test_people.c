#include "tree.h"

static void read_people(void **state)
{
	static const char *const files[] = {"people.yaml",
		"care:\n  name: Care\n  members: [ann]\n  tier: 2\n  locales: [en, de]\n"
		"ann:\n  name: Ann\n  until: 2026-09-30\n"
		"  away:\n    - {from: 2026-08-01, to: 2026-08-09}\n",
		NULL};
	const struct kb_person *care, *ann;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	care = kb_people_find(tree.lib->people, KB_STR("care"));
	ann = kb_people_find(tree.lib->people, KB_STR("ann"));
	assert_true(care->team);
	assert_int_equal(care->tier, 2);
	assert_int_equal(care->locales.len, 2);
	assert_false(ann->team);
	assert_int_equal(ann->until, 1790726400);
	assert_int_equal(ann->naway, 1);
	assert_int_equal(ann->away[0].to - ann->away[0].from, 8 * 86400);
	assert_null(kb_people_find(tree.lib->people, KB_STR("bob")));
	assert_false(kb_person_left(tree.lib->config, care, 1790812800));
	assert_false(kb_person_left(tree.lib->config, ann, 1790812799));
	assert_true(kb_person_left(tree.lib->config, ann, 1790812800)); /* 2026-10-01 */
	tree_close(&tree);
}

static void faults(void **state)
{
	static const char *const files[] = {"people.yaml",
		"care:\n  name: Care\n  members: [an]\n"
		"ann:\n  name: Ann\n"
		"  away: [{from: 2026-08-09, to: 2026-08-01}]\n",
		NULL};
	const struct kb_diag *diag;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(tree.status, 0);
	diag = diags_one(&tree.diags, KB_RULE_PEOPLE_MEMBER);
	assert_int_equal(diag->range.off, strlen("care:\n  name: Care\n  members: ["));
	assert_str(diag->hint, "did you mean 'ann'?");
	diags_one(&tree.diags, KB_RULE_CONFIG_VALUE);
	assert_int_equal(kb_people_find(tree.lib->people, KB_STR("ann"))->naway, 0);
	tree_close(&tree);
}

static void missing_file(void **state)
{
	static const char *const files[] = {NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	assert_int_equal(tree.lib->people->len, 0);
	assert_int_equal(tree.lib->taxonomy->len, 0);
	assert_int_equal(tree.lib->ndocs, 0);
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_people),
		cmocka_unit_test(faults),
		cmocka_unit_test(missing_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
