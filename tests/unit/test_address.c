#include "tree.h"

struct expected {
	const char *path, *id, *address;
};

static void check(const char *config, const struct expected *items, size_t n)
{
	const char *files[64] = {"kb.yaml", config};
	struct tree tree;

	for (size_t i = 0; i < n; i++) {
		files[2 + 2 * i] = items[i].path;
		files[3 + 2 * i] = "---\ntitle: X\n---\nText\n";
	}
	tree_open(&tree, files);
	diags_none(&tree.diags);
	for (size_t i = 0; i < n; i++) {
		const struct kb_document *doc = tree_doc(&tree, items[i].path);

		assert_str(doc->id, items[i].id);
		assert_str(doc->address, items[i].address);
	}
	tree_close(&tree);
}

static void default_layout(void **state)
{
	static const struct expected items[] = {
		{"de/articles/Über uns/Öffnung.md", "articles/über-uns/öffnung",
			"articles/über-uns/öffnung/"},
		{"de/articles/care/index.md", "articles/care/index", "articles/care/"},
		{"de/articles/machine/README.md", "articles/machine/readme",
			"articles/machine/"},
		{"de-at/articles/care/x.md", "articles/care/x", "articles/care/x/"},
		{"en/reference/tone.md", "reference/tone", "reference/tone/"},
		{"en/snippets/warranty.md", "snippets/warranty", ""},
	};

	(void)state;
	check("name: x\nlocales: [{code: en}, {code: de}, {code: de-AT}]\n", items,
		KB_LEN(items));
}

static void locale_in_name(void **state)
{
	static const struct expected items[] = {
		{"content/_help/Create Account/overview._en.md",
			"content/help/create-account/overview",
			"articles/create-account/overview/"},
		{"content/_help/Create Account/overview._de.md",
			"content/help/create-account/overview",
			"articles/create-account/overview/"},
		{"content/_help/index._de.md", "content/help/index", "articles/"},
		{"tutorials/foo/01.de.md", "tutorials/foo/01", "articles/foo/01/"},
		{"tutorials/foo/01.en.md", "tutorials/foo/01", "articles/foo/01/"},
		{"pages/foo/en.md", "pages/foo", "reference/foo/"},
		{"pages/foo/de.md", "pages/foo", "reference/foo/"},
		{"books/foo/de/intro.md", "books/foo/intro", "reference/foo/intro/"},
	};

	(void)state;
	check("name: x\nlocales: [{code: en}, {code: de}]\ncontent:\n"
	      "  - {path: 'content/_help/**/*._{locale}.md', type: article}\n"
	      "  - {path: 'tutorials/*/*.{locale}.md', type: article}\n"
	      "  - {path: 'pages/*/{locale}.md', type: reference}\n"
	      "  - {path: 'books/*/{locale}/*.md', type: reference}\n",
		items, KB_LEN(items));
}

static void no_locale(void **state)
{
	static const struct expected items[] = {
		{"docs/a b/c.md", "docs/a-b/c", "articles/a-b/c/"},
		{"docs/Index.md", "docs/index", "articles/"},
		{"docs/!!.md", "docs/untitled", "articles/untitled/"},
		{"docs/-before.md", "docs/before", "articles/before/"},
		{"docs/behind-.md", "docs/behind", "articles/behind/"},
		{"docs/a--b.md", "docs/a-b", "articles/a-b/"},
	};

	(void)state;
	check("name: x\nlocales: [{code: en}]\ncontent: [{path: docs, type: article}]\n",
		items, KB_LEN(items));
}

/* A mount that gives no type moves no page; one that gives it does. */
static void nested_mounts(void **state)
{
	static const struct expected items[] = {
		{"docs/a/index.md", "docs/a/index", "articles/a/"},
		{"docs/a/overview.md", "docs/a/overview", "articles/a/overview/"},
		{"docs/b/_index.md", "docs/b/index", "articles/b/"},
		{"docs/in/x/y.md", "docs/in/x/y", "reference/x/y/"},
		{"docs/in/x/deep/y.md", "docs/in/x/deep/y", "reference/x/deep/y/"},
		{"help/de/a/x.md", "a/x", "articles/a/x/"},
		{"help/en/b/x.md", "b/x", "articles/b/x/"},
		{"wide/content/de/x.md", "x", "articles/x/"},
	};

	(void)state;
	check("name: x\nlocales: [{code: en}, {code: de}]\ncontent:\n"
	      "  - {path: docs, type: article, locale: en}\n"
	      "  - {path: docs/a, locale: en, defaults: {tags: [a]}}\n"
	      "  - {path: docs/in, type: reference, locale: en}\n"
	      "  - {path: docs/in/x, locale: en, defaults: {tags: [x]}}\n"
	      "  - {path: 'help/{locale}', type: article}\n"
	      "  - {path: 'help/{locale}/a', defaults: {tags: [a]}}\n"
	      "  - {path: 'help/en/b', defaults: {tags: [b]}}\n"
	      "  - {path: wide, type: article, locale: en}\n"
	      "  - {path: 'wide/content/{locale}', defaults: {tags: [w]}}\n",
		items, KB_LEN(items));
}

static void slug(void **state)
{
	static const char *const files[] = {"en/articles/a.md",
		"---\ntitle: A\nslug: Fresh Name\n---\nText\n",
		"en/articles/care/index.md", "---\ntitle: B\nslug: cleaning\n---\nText\n",
		"en/articles/index.md", "---\ntitle: C\nslug: start\n---\nText\n", NULL};
	struct tree tree;

	(void)state;
	tree_open(&tree, files);
	diags_none(&tree.diags);
	assert_str(tree_doc(&tree, "en/articles/a.md")->address, "articles/fresh-name/");
	assert_str(tree_doc(&tree, "en/articles/care/index.md")->address,
		"articles/cleaning/");
	assert_str(tree_doc(&tree, "en/articles/index.md")->address, "articles/start/");
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_layout),
		cmocka_unit_test(locale_in_name),
		cmocka_unit_test(no_locale),
		cmocka_unit_test(nested_mounts),
		cmocka_unit_test(slug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
