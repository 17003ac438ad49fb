#include "tree.h"

#define TAXONOMY                                                                         \
	"issues:\n"                                                                      \
	"  - id: delivery\n"                                                             \
	"    label: {en: Delivery, de: Lieferung}\n"                                     \
	"    owner: care\n"                                                              \
	"    tier: 1\n"                                                                  \
	"    needs: [article]\n"                                                         \
	"    children:\n"                                                                \
	"      - id: delivery.missing\n"                                                 \
	"        label: {en: Missing, de: Fehlt}\n"                                      \
	"        aliases: [lost]\n"                                                      \
	"        tier: 2\n"                                                              \
	"        needs: [workflow, reply]\n"                                             \
	"      - id: delivery.fraud\n"                                                   \
	"        label: Fraud\n"                                                         \
	"        audience: agents\n"                                                     \
	"  - id: account\n"                                                              \
	"    label: Account\n"

static const struct kb_issue *issue(const struct tree *tree, const char *id)
{
	const struct kb_issue *found =
		kb_taxonomy_find(tree->lib->taxonomy, kb_str_of(id));

	assert_non_null(found);
	return found;
}

static void inheritance(void **state)
{
	static const char *const files[] = {"taxonomy.yaml", TAXONOMY, NULL};
	const struct kb_issue *top, *missing, *fraud;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	assert_int_equal(tree.lib->taxonomy->len, 4);
	top = issue(&tree, "delivery");
	missing = issue(&tree, "lost");
	fraud = issue(&tree, "delivery.fraud");
	assert_str(missing->id, "delivery.missing");
	assert_str(missing->owner, "care");
	assert_int_equal(missing->tier, 2);
	assert_int_equal(missing->needs, 1u << KB_WORKFLOW | 1u << KB_REPLY);
	assert_int_equal(fraud->needs, 1u << KB_ARTICLE);
	assert_int_equal(fraud->tier, 1);
	assert_int_equal(fraud->audience, 1);
	const struct kb_taxonomy *taxonomy = tree.lib->taxonomy;
	const struct kb_issue *account = issue(&tree, "account");
	kb_str unknown = KB_STR("unknown"), former[] = {unknown, KB_STR("lost")};
	const kb_strs ids = {.items = former, .len = 2}, none = {0};
	assert_true(kb_issue_below(taxonomy, top, top));
	assert_true(kb_issue_below(taxonomy, fraud, top));
	assert_false(kb_issue_below(taxonomy, account, top));
	assert_false(kb_issue_below(taxonomy, top, missing));
	assert_false(kb_issue_below(taxonomy, NULL, top));
	assert_true(kb_issues_have(taxonomy, &ids, missing));
	assert_false(kb_issues_have(taxonomy, &ids, top));
	assert_true(kb_issues_below(taxonomy, &ids, top));
	assert_false(kb_issues_below(taxonomy, &ids, account));
	assert_false(kb_issues_below(taxonomy, &none, top));
	assert_int_equal(top->end, 3);
	assert_int_equal(missing->parent, 0);
	assert_int_equal(missing->depth, 1);
	assert_int_equal(issue(&tree, "account")->parent, KB_NONE);
	tree_close(&tree);
}

static void duplicates(void **state)
{
	static const char *const files[] = {"taxonomy.yaml",
		"issues:\n  - {id: a, label: A, aliases: [b]}\n  - {id: b, label: B}\n"
		"  - {id: c, label: C}\n  - {id: c, label: D}\n",
		NULL};
	size_t found = 0;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	for (size_t i = 0; i < tree.diags.len; i++)
		found += tree.diags.items[i].rule == KB_RULE_ISSUE_DUPLICATE;
	assert_int_equal(found, 2);
	assert_str(issue(&tree, "b")->id, "b");
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inheritance),
		cmocka_unit_test(duplicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
