#include "tree.h"

static void whole(void **state)
{
	static const char *const files[] = {"en/articles/Care/Clean it.md",
		"---\n"
		"title: Clean\n"
		"summary: How to clean.\n"
		"question: How do I clean?\n"
		"reviewed: 2026-03-29\n"
		"review_every: 6m\n"
		"expires_at: 2026-12-31\n"
		"publish_at: 2026-01-02T03:04:05Z\n"
		"tags: one\n"
		"aliases: [/old/, /older/]\n"
		"weight: -3\n"
		"promoted: true\n"
		"notice: {date: 2026-03-01, for: agents, text: New}\n"
		"translation: {revision: abc1234, date: 2026-02-01}\n"
		"regions: [AT]\n"
		"---\n"
		"## One\nText\n",
		NULL};
	struct kb_document *doc;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	doc = tree_doc(&tree, "en/articles/Care/Clean it.md");
	assert_str(doc->id, "articles/care/clean-it");
	assert_str(doc->address, "articles/care/clean-it/");
	assert_int_equal(doc->facts->type, KB_ARTICLE);
	assert_int_equal(doc->facts->status, KB_PUBLISHED);
	assert_int_equal(doc->facts->audience, 0);
	assert_int_equal(doc->facts->review_every.months, 6);
	assert_int_equal(doc->facts->reviewed, 1774742400);
	assert_int_equal(doc->facts->publish_at, 1767323045);
	assert_int_equal(
		doc->facts->expires_at, 1798761600); /* midnight that ends the day */
	assert_int_equal(doc->facts->tags.len, 1);
	assert_int_equal(doc->facts->aliases.len, 2);
	assert_int_equal(doc->facts->weight, -3);
	assert_true(doc->facts->promoted);
	assert_true(doc->facts->notice.given);
	assert_int_equal(doc->facts->notice.audience, 1);
	assert_string_equal(doc->facts->translation.revision, "abc1234");
	assert_int_equal(doc->facts->body.nheadings, 1);
	assert_int_equal(strlen(doc->facts->blob), 40);
	assert_int_equal(
		kb_facts_item_range(doc->facts, "aliases", 1).len, strlen("/older/"));
	assert_int_equal(kb_facts_range(doc->facts, "title").off, strlen("---\ntitle: "));
	assert_true(kb_document_visible(tree.lib, doc, 0, false));
	tree_close(&tree);
}

static void keys_and_defaults(void **state)
{
	static const char *const files[] = {"kb.yaml",
		"name: x\nlocales: [{code: en}]\n"
		"content:\n"
		"  - path: docs/**/*.md\n"
		"    type: article\n"
		"    defaults: {owner: care, audience: agents, tags: [a]}\n"
		"    keys: {permalink: aliases, redirect_from: aliases, description: "
		"summary}\n"
		"    ignore: [layout]\n",
		"docs/a.md",
		"---\ntitle: A\nlayout: x\npermalink: /a/\naliases: [/own/]\n"
		"redirect_from:\n  - /b/\n  - /c/\ndescription: Short\naudience: "
		"public\n---\nText\n",
		"docs/b.md", "---\ntitle: B\nredirect_from:\nowner:\n---\nText\n", NULL};
	struct kb_document *a, *b;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	a = tree_doc(&tree, "docs/a.md");
	b = tree_doc(&tree, "docs/b.md");
	assert_int_equal(a->facts->aliases.len, 4);
	assert_str(a->facts->aliases.items[0], "/own/");
	assert_str(a->facts->aliases.items[1], "/a/");
	assert_str(a->facts->aliases.items[3], "/c/");
	assert_str(a->facts->summary, "Short");
	assert_int_equal(a->facts->audience, 0);
	assert_str(a->facts->owner, "care");
	assert_null(kb_node_get(kb_facts_meta(a->facts), "layout"));
	assert_str(a->id, "docs/a");
	assert_int_equal(b->facts->audience, 1);
	assert_str(b->facts->owner, "care");
	assert_int_equal(b->facts->aliases.len, 0);
	tree_close(&tree);
}

static void faults(void **state)
{
	static const char *const files[] = {"en/articles/a.md",
		"---\ntitle: A\naudience: agnets\nstatus: drafft\nreviewed: 2026-02-30\n"
		"regions: [AU]\ntype: artikel\nreview_every: often\n---\nText\n",
		NULL};
	static const char *const places[] = {
		"agnets", "drafft", "2026-02-30", "AU]", "artikel", "often"};
	struct kb_document *doc;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	doc = tree_doc(&tree, "en/articles/a.md");
	assert_false(doc->facts->broken);
	assert_int_equal(doc->facts->audience, 1);
	assert_int_equal(doc->facts->status, KB_DRAFT);
	for (size_t i = 0; i < KB_LEN(places); i++) {
		uint32_t at = (uint32_t)(strstr(files[1], places[i]) - files[1]);
		size_t found = 0;

		for (size_t j = 0; j < tree.diags.len; j++)
			found += tree.diags.items[j].range.off == at;
		if (found != 1) {
			tree_print(&tree.diags);
			fail_msg("%zu findings at %s", found, places[i]);
		}
	}
	tree_close(&tree);
}

static void broken(void **state)
{
	static const char *const files[] = {"en/articles/a.md", "no front matter\n",
		"en/articles/b.md", "---\ntitle: B\xff\n---\n", "en/articles/c.md",
		"\xEF\xBB\xBF---\ntitle: C\n---\nText\n", "en/articles/d.md",
		"---\ntitle: [\n---\nText\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(tree.lib->ndocs, 4);
	assert_true(tree_doc(&tree, "en/articles/a.md")->facts->broken);
	assert_true(tree_doc(&tree, "en/articles/b.md")->facts->broken);
	assert_true(tree_doc(&tree, "en/articles/d.md")->facts->broken);
	assert_null(tree_doc(&tree, "en/articles/a.md")->family);
	assert_false(kb_document_visible(
		tree.lib, tree_doc(&tree, "en/articles/a.md"), 1, true));
	diags_one(&tree.diags, KB_RULE_FM_MISSING);
	assert_int_equal(diags_one(&tree.diags, KB_RULE_ENCODING_UTF8)->range.off, 12);
	diags_one(&tree.diags, KB_RULE_ENCODING_BOM);
	assert_str(tree_doc(&tree, "en/articles/c.md")->facts->title, "C");
	assert_int_equal(tree_doc(&tree, "en/articles/c.md")->facts->body_offset, 20);
	tree_close(&tree);
}

static void faulty_defaults(void **state)
{
	static const char *const files[] = {"kb.yaml",
		"name: x\nlocales: [{code: en}]\n"
		"content: [{path: docs, type: article, defaults: {audience: agnets}}]\n",
		"docs/a.md", "---\ntitle: A\n---\nText\n", "docs/b.md",
		"---\ntitle: B\n---\nText\n", NULL};
	const struct kb_diag *diag;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diag = diags_one(&tree.diags, KB_RULE_SCHEMA_VALUE);
	assert_str(diag->path, "kb.yaml");
	assert_int_equal(diag->range.off, strstr(files[1], "agnets") - files[1]);
	assert_int_equal(tree_doc(&tree, "docs/a.md")->facts->audience, 1);
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(keys_and_defaults),
		cmocka_unit_test(faults),
		cmocka_unit_test(broken),
		cmocka_unit_test(faulty_defaults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
