/* Operations that change content: what they return, and that nothing else happens. */
#include "tree.h"

#include "kb/draft.h"
#include "kb/pick.h"

static const char *const files[] = {"people.yaml",
	"support:\n  name: Support\n  members: [ann]\nann:\n  name: Ann\n",
	"taxonomy.yaml",
	"issues:\n  - id: lost\n    label: Lost\n  - {id: old, label: Old, retired: true}\n",
	"en/articles/care.md",
	"---\nid: care\ntitle: Care\nowner: ann\nreviewed: 2026-01-01\n---\nText.\n",
	"en/workflows/parcel.md",
	"---\nid: parcel\ntitle: Parcel\nowner: ann\nissues: [lost]\n---\n## Ask\n\nAsk.\n\n"
	"- [Yes](kb:resolved)\n",
	NULL};

static struct kb_rewrites rewrites_of(struct tree *tree)
{
	return (struct kb_rewrites){
		.lib = tree->lib, .findings = &tree->diags, .arena = tree->arena};
}

static int answer(struct kb_draft *draft, enum kb_question question, const char *word)
{
	return kb_draft_answer(draft, question, kb_str_of(word), NULL);
}

static void a_draft_asks_until_it_is_complete(void **state)
{
	struct tree tree;
	struct kb_draft draft;
	bool optional;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(kb_draft_init(&draft, tree.lib, tree.arena, KB_WORKFLOW, 0,
				 KB_STR("how"), NULL),
		0);
	assert_str(draft.path, "en/workflows/how.md");
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_TITLE);
	assert_false(optional);
	assert_int_equal(answer(&draft, KB_ASK_TITLE, ""),
		0); /* an empty title is not an answer */
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_TITLE);
	assert_int_equal(answer(&draft, KB_ASK_TITLE, "How"), 0);
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_OWNER);
	assert_int_equal(answer(&draft, KB_ASK_OWNER, "anna"), -1);
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_OWNER);
	assert_int_equal(answer(&draft, KB_ASK_OWNER, "ann"), 0);
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_ISSUE);
	assert_false(optional);
	assert_int_equal(answer(&draft, KB_ASK_ISSUE, ""), 0);
	assert_int_equal(answer(&draft, KB_ASK_ISSUE, "old"), -1); /* retired */
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_ISSUE);
	assert_int_equal(answer(&draft, KB_ASK_ISSUE, "lost"), 0);
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_NOTHING);
	kb_draft_dispose(&draft);
	tree_close(&tree);
}

static void an_article_may_be_about_nothing(void **state)
{
	struct tree tree;
	struct kb_draft draft;
	bool optional;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(kb_draft_init(&draft, tree.lib, tree.arena, KB_ARTICLE, 0,
				 KB_STR("help/How to?"), NULL),
		0);
	assert_str(draft.id, "help/how-to");
	assert_str(draft.title, "How to?");
	answer(&draft, KB_ASK_OWNER, "support");
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_ISSUE);
	assert_true(optional);
	assert_int_equal(answer(&draft, KB_ASK_ISSUE, ""), 0);
	assert_int_equal(kb_draft_next(&draft, &optional), KB_ASK_NOTHING);
	kb_draft_dispose(&draft);
	tree_close(&tree);
}

static void ids_that_there_cannot_be(void **state)
{
	static const struct {
		enum kb_type type;
		uint32_t locale;
		const char *id, *message;
	} cases[] = {{KB_ARTICLE, 0, "../x", "is not a valid id"},
		{KB_ARTICLE, 0, "/x", "is not a valid id"}, {KB_ARTICLE, 0, "!", NULL},
		{KB_ARTICLE, 0, "??", "is not a valid id"},
		{KB_ARTICLE, 0, "care", "is taken by en/articles/care.md"},
		{KB_ARTICLE, 1, "care", NULL},
		{KB_REPLY, 1, "care", "is taken by en/articles/care.md"}};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		struct kb_draft draft;
		struct kb_error err = {0};
		int failed = kb_draft_init(&draft, tree.lib, tree.arena, cases[i].type,
			cases[i].locale, kb_str_of(cases[i].id), &err);

		assert_int_equal(failed, cases[i].message ? -1 : 0);
		if (cases[i].message)
			assert_non_null(strstr(err.message, cases[i].message));
		kb_draft_dispose(&draft);
	}
	tree_close(&tree);
}

static void translations_begin_once_each(void **state)
{
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	struct kb_rewrites rewrites = rewrites_of(&tree);

	assert_int_equal(kb_edit_translate(&rewrites, KB_STR("care"), 1, NULL), 0);
	assert_int_equal(kb_edit_translate(&rewrites, KB_STR("care"), 1, NULL), 0);
	assert_int_equal(kb_edit_translate(&rewrites, KB_STR("parcel"), 1, NULL), 0);
	assert_int_equal(kb_edit_translate(&rewrites, KB_STR("none"), 1, NULL), -1);
	assert_int_equal(kb_edit_translate(&rewrites, KB_STR("care"), 0, NULL), -1);
	assert_int_equal(rewrites.len, 2);
	assert_str(rewrites.items[0].path, "de/articles/care.md");
	assert_true(rewrites.items[0].is_new);
	assert_true(kb_str_find(rewrites.items[0].after, KB_STR("reviewed")) == SIZE_MAX);
	kb_vec_dispose(&rewrites);
	tree_close(&tree);
}

static void issues_are_added_and_taken_out(void **state)
{
	struct tree tree;
	kb_str all = KB_STR("all");
	const kb_strs locales = {.items = &all, .len = 1};
	const struct kb_issue *lost, *old;
	kb_docs docs = {0};

	(void)state;
	tree_open(&tree, files);
	struct kb_rewrites rewrites = rewrites_of(&tree);

	assert_int_equal(kb_pick_issue(tree.lib, KB_STR("lost"), &lost, NULL), 0);
	assert_int_equal(kb_pick_issue(tree.lib, KB_STR("old"), &old, NULL), 0);
	assert_int_equal(kb_operand_documents(tree.lib, tree.arena, KB_STR("care"),
				 &locales, &docs, NULL),
		0);
	assert_int_equal(kb_edit_add_issue(&rewrites, &docs, old, NULL), -1);
	assert_int_equal(kb_edit_remove_issue(&rewrites, &docs, lost, NULL), 0);
	assert_int_equal(rewrites.len, 0); /* it is not about it */
	assert_int_equal(kb_edit_add_issue(&rewrites, &docs, lost, NULL), 0);
	assert_int_equal(rewrites.len, 1);
	assert_true(kb_str_find(rewrites.items[0].after, KB_STR("issues: [lost]\n")) !=
		    SIZE_MAX);
	docs.len = 0;
	kb_operand_documents(
		tree.lib, tree.arena, KB_STR("parcel"), &locales, &docs, NULL);
	assert_int_equal(kb_edit_remove_issue(&rewrites, &docs, lost, NULL), -1);
	kb_vec_dispose(&docs);
	kb_vec_dispose(&rewrites);
	tree_close(&tree);
}

static void changes_are_made_all_or_none(void **state)
{
	struct tree tree;
	_cleanup_buf_ kb_buf patch = {0}, text = {0};
	char path[128];

	(void)state;
	tree_open(&tree, files);
	struct kb_rewrite rewrites[] = {
		{.path = KB_STR("en/articles/new.md"),
			.after = KB_STR("New\n"),
			.is_new = true},
		{.path = KB_STR("taxonomy.yaml"),
			.before = KB_STR("not what it is"),
			.after = KB_STR("issues: []\n")},
	};
	assert_int_equal(kb_edit_apply(tree.source, rewrites, 2, NULL), -1);
	snprintf(path, sizeof(path), "%s/en/articles/new.md", tree.dir);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_int_equal(kb_edit_patch(tree.source, rewrites, 1, &patch, NULL), 0);
	assert_int_not_equal(access(path, F_OK), 0);
	assert_true(kb_str_find(kb_buf_view(&patch),
			    KB_STR("+++ b/en/articles/new.md")) != SIZE_MAX);
	assert_int_equal(kb_edit_apply(tree.source, rewrites, 1, NULL), 0);
	assert_int_equal(kb_file_read(path, 0, &text, NULL), 0);
	assert_str(kb_buf_view(&text), "New\n");
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draft_asks_until_it_is_complete),
		cmocka_unit_test(an_article_may_be_about_nothing),
		cmocka_unit_test(ids_that_there_cannot_be),
		cmocka_unit_test(translations_begin_once_each),
		cmocka_unit_test(issues_are_added_and_taken_out),
		cmocka_unit_test(changes_are_made_all_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
