#include "tree.h"

#define DOC(title) "---\ntitle: " title "\n---\nText\n"

static void families(void **state)
{
	static const char *const files[] = {"en/articles/a.md", DOC("A"),
		"de/articles/a.md", DOC("A de"), "de-AT/articles/a.md", DOC("A at"),
		"de/articles/b.md", DOC("B"), "en/articles/c.md",
		"---\ntitle: C\nvariant_of: articles/a\nregions: [AT]\n---\nText\n",
		NULL};
	struct kb_family *a, *c;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	assert_int_equal(tree.lib->ndocs, 5);
	assert_int_equal(tree.lib->nfamilies, 3);
	a = kb_library_family(tree.lib, KB_STR("articles/a"));
	c = kb_library_family(tree.lib, KB_STR("articles/c"));
	assert_str(kb_family_find(tree.lib, a, 2)->facts->title, "A at");
	assert_null(kb_family_find(
		tree.lib, kb_library_family(tree.lib, KB_STR("articles/b")), 0));
	assert_str(kb_document_source(tree.lib, kb_family_find(tree.lib, a, 2))
			   ->facts->title,
		"A de");
	assert_null(kb_document_source(tree.lib, kb_family_find(tree.lib, a, 0)));
	assert_ptr_equal(c->general, a);
	assert_ptr_equal(kb_family_for_region(tree.lib, a, KB_STR("AT")), c);
	assert_ptr_equal(kb_family_for_region(tree.lib, a, KB_STR("DE")), a);
	assert_ptr_equal(kb_family_for_region(tree.lib, c, KB_STR_NULL), a);
	tree_close(&tree);
}

static void conflicts(void **state)
{
	static const char *const files[] = {"en/articles/a.md",
		"---\nid: x\ntitle: A\naliases: [/de/articles/b/, /old/]\n---\nText\n",
		"en/articles/b.md",
		"---\nid: x\ntitle: B\nslug: a\naliases: [/old/]\n---\nText\n",
		"de/articles/b.md", DOC("B de"), "en/articles/d.md",
		"---\ntitle: D\naliases: [/en/contact, /old/index.html]\n---\nText\n",
		NULL};
	size_t aliases = 0;
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_str(diags_one(&tree.diags, KB_RULE_FM_DUPLICATE_ID)->path,
		"en/articles/b.md");
	assert_str(diags_one(&tree.diags, KB_RULE_ADDRESS_DUPLICATE)->path,
		"en/articles/b.md");
	for (size_t i = 0; i < tree.diags.len; i++)
		aliases += tree.diags.items[i].rule == KB_RULE_ALIAS_CONFLICT;
	assert_int_equal(
		aliases, 3); /* another address, a page, another family's alias */
	tree_close(&tree);
}

static void unmounted(void **state)
{
	static const char *const files[] = {"README.md", "x\n", "CHANGELOG.md", "x\n",
		".github/x.md", "x\n", "notes/x.md", "x\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_str(diags_one(&tree.diags, KB_RULE_FILE_UNMOUNTED)->path, "notes/x.md");
	assert_int_equal(tree.diags.len, 1);
	tree_close(&tree);
}

static void entries(void **state)
{
	static const char *const files[] = {
		"en/articles/Grün.md", DOC("A"), "en/img/a.PNG", "x", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_non_null(kb_library_entry(tree.lib, KB_STR("en/img/a.PNG")));
	assert_null(kb_library_entry(tree.lib, KB_STR("en/img/a.png")));
	assert_str(kb_library_entry_nocase(tree.lib, KB_STR("en/img/a.png"))->path,
		"en/img/a.PNG");
	assert_str(kb_library_entry_nocase(tree.lib, KB_STR("en/articles/GRÜN.md"))->path,
		"en/articles/Grün.md");
	assert_null(kb_library_entry_nocase(tree.lib, KB_STR("en/articles/b.md")));
	tree_close(&tree);
}

static void visibility(void **state)
{
	static const char *const files[] = {"en/articles/draft.md",
		"---\ntitle: A\nstatus: review\n---\nText\n", "en/articles/agents.md",
		"---\ntitle: A\naudience: agents\n---\nText\n", "en/articles/later.md",
		"---\ntitle: A\npublish_at: 2099-01-01\n---\nText\n",
		"en/articles/gone.md",
		"---\ntitle: A\nexpires_at: 2020-01-01\n---\nText\n",
		"en/articles/today.md",
		"---\ntitle: A\nexpires_at: 2026-09-21\n---\nText\n",
		"en/articles/old.md", "---\ntitle: A\nstatus: archived\n---\nText\n",
		"en/snippets/s.md", DOC("S"), NULL};
	static const struct {
		const char *path;
		bool public, agents, drafts;
	} rows[] = {
		{"en/articles/draft.md", false, false, true},
		{"en/articles/agents.md", false, true, true},
		{"en/articles/later.md", false, false, false},
		{"en/articles/gone.md", false, false, false},
		{"en/articles/today.md", true, true, true},
		{"en/articles/old.md", true, true, true},
		{"en/snippets/s.md", false, false, false},
	};
	struct tree tree;

	(void)state;
	tree_open(&tree, files); /* now is 2026-09-21 */
	for (size_t i = 0; i < KB_LEN(rows); i++) {
		const struct kb_document *doc = tree_doc(&tree, rows[i].path);

		assert_int_equal(
			kb_document_visible(tree.lib, doc, 0, false), rows[i].public);
		assert_int_equal(
			kb_document_visible(tree.lib, doc, 1, false), rows[i].agents);
		assert_int_equal(
			kb_document_visible(tree.lib, doc, 1, true), rows[i].drafts);
	}
	tree_close(&tree);
}

static void snippets_and_variables(void **state)
{
	static const char *const files[] = {"en/snippets/legal/warranty.md", DOC("S"),
		"en/articles/warranty.md", DOC("A"), NULL};
	struct kb_reader *reader;
	_cleanup_buf_ kb_buf file = {0};
	struct kb_document *doc;
	struct tree tree;
	kb_str body;

	(void)state;
	tree_open(&tree, files);
	doc = kb_library_snippet(tree.lib, KB_STR("legal/warranty"), 2);
	assert_non_null(doc);
	assert_ptr_equal(
		kb_library_snippet(tree.lib, KB_STR("snippets/legal/warranty"), 0), doc);
	assert_null(kb_library_snippet(tree.lib, KB_STR("articles/warranty"), 0));
	assert_str(kb_library_expand(
			   tree.lib, tree.arena, KB_STR("{{shop.phone}}: {{x}}"), 1),
		"eins: {{x}}");
	reader = kb_reader_new(tree.source);
	assert_int_equal(kb_document_body(reader, doc, &file, &body, &tree.err), 0);
	assert_str(body, "Text\n");
	kb_reader_free(reader);
	tree_close(&tree);
}

static void broken_config(void **state)
{
	static const char *const files[] = {"kb.yaml", "name: [\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(tree.status, -1);
	assert_int_equal(tree.err.code, KB_E_CONFIG);
	assert_true(kb_diags_count(&tree.diags, KB_ERROR) > 0);
	tree_close(&tree);
}

static void own_schema(void **state)
{
	static const char *const files[] = {"kb.yaml",
		"name: x\nlocales: [{code: en}]\nschemas: {article: "
		"schema/article.json}\n",
		"schema/article.json",
		"{\"type\": \"object\", \"required\": [\"title\", \"cost\"]}",
		"en/articles/a.md", DOC("A"), NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(tree.status, 0);
	assert_str(diags_one(&tree.diags, KB_RULE_SCHEMA_REQUIRED)->path,
		"en/articles/a.md");
	tree_close(&tree);
}

static void extended_schema(void **state)
{
	static const char *const files[] = {"kb.yaml",
		"name: x\nlocales: [{code: en}]\nschemas: {article: "
		"schema/article.json}\n",
		"schema/article.json",
		"{\"allOf\": [{\"$ref\": \"kb:article\"}], \"properties\": {\"cost\": "
		"{\"$ref\": \"more.json#/definitions/cost\"}}}",
		"schema/more.json",
		"{\"definitions\": {\"cost\": {\"type\": \"integer\"}}}",
		"en/articles/a.md", "---\ntitle: A\ncost: 3\n---\nText\n",
		"en/articles/b.md", "---\ntitle: B\ncost: dear\nprise: 3\n---\nText\n",
		NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(tree.status, 0);
	assert_str(diags_one(&tree.diags, KB_RULE_SCHEMA_TYPE)->path, "en/articles/b.md");
	assert_str(
		diags_one(&tree.diags, KB_RULE_FM_UNKNOWN_KEY)->path, "en/articles/b.md");
	assert_int_equal(tree.diags.len, 2);
	tree_close(&tree);
}

static void missing_schema(void **state)
{
	static const char *const files[] = {"kb.yaml",
		"name: x\nlocales: [{code: en}]\nschemas: {article: none.json}\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	assert_int_equal(tree.status, -1);
	assert_int_equal(tree.err.code, KB_E_CONFIG);
	diags_one(&tree.diags, KB_RULE_CONFIG_VALUE);
	tree_close(&tree);
}

/* Of a library with two issues, and a document when there is one. */
static struct kb_hash shape_of(const char *issues, const char *document)
{
	const char *const files[] = {"taxonomy.yaml", issues,
		document ? "en/articles/a.md" : NULL, document, NULL};
	struct kb_hash shape, outline;
	struct tree tree;

	tree_open(&tree, files);
	assert_true(kb_library_shape(tree.lib, &shape));
	assert_true(kb_library_outline(tree.lib, &outline));
	assert_memory_not_equal(&shape, &outline, sizeof(shape));
	tree_close(&tree);
	return shape;
}

#define ISSUES(a, b) "issues:\n  - {id: a, " a "}\n  - {id: b, " b "}\n"

static void shape(void **state)
{
	static const char *const same[] = {ISSUES("label: X", "label: B"),
		ISSUES("label: {en: A, de: X}", "description: X, label: B")};
	static const char *const others[] = {ISSUES("label: A, tier: 2", "label: B"),
		ISSUES("label: A, owner: x", "label: B"),
		ISSUES("label: A, needs: [reply]", "label: B"),
		ISSUES("label: A, audience: agents", "label: B"),
		ISSUES("label: A, retired: true", "label: B"),
		ISSUES("label: A, aliases: [x]", "label: B"),
		ISSUES("label: A, keywords: {en: [x]}", "label: B"),
		ISSUES("label: A, examples: {en: [x]}", "label: B"),
		"issues:\n  - {id: b, label: A}\n  - {id: a, label: B}\n",
		"issues: [{id: a, label: A, children: [{id: b, label: B}]}]\n",
		"issues: [{id: a, label: A}, {id: b, label: B}, {id: c, label: C}]\n",
		"issues: [{id: a, label: A}]\n", "issues: [\n", "x: [1]\n"};
	const char *const given = ISSUES("label: A", "label: B");
	struct kb_hash known = shape_of(given, NULL), other;

	(void)state;
	for (size_t i = 0; i < KB_LEN(same); i++) {
		other = shape_of(same[i], NULL);
		assert_memory_equal(&other, &known, sizeof(known));
	}
	for (size_t i = 0; i < KB_LEN(others); i++) {
		other = shape_of(others[i], NULL);
		if (memcmp(&other, &known, sizeof(known)) == 0)
			fail_msg("as without: %s", others[i]);
	}
	known = shape_of(given, DOC("A"));
	other = shape_of(given, DOC("B"));
	assert_memory_equal(&other, &known, sizeof(known));
	other = shape_of(given, "---\ntitle: A\nweight: 2\n---\nText\n");
	assert_memory_not_equal(&other, &known, sizeof(known));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families),
		cmocka_unit_test(conflicts),
		cmocka_unit_test(unmounted),
		cmocka_unit_test(entries),
		cmocka_unit_test(visibility),
		cmocka_unit_test(snippets_and_variables),
		cmocka_unit_test(broken_config),
		cmocka_unit_test(own_schema),
		cmocka_unit_test(extended_schema),
		cmocka_unit_test(missing_schema),
		cmocka_unit_test(shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
