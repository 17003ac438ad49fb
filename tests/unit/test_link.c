#include "tree.h"

static const char *const files[] = {"en/articles/a.md",
	"---\ntitle: A\n---\n## First part\n\n## Second\n\n{{> note}}\n",
	"de/articles/a.md",
	"---\ntitle: A de\n---\n## Erster Teil\n\n## Zweiter\n\n{{> note}}\n",
	"en/articles/care/b.md",
	"---\ntitle: B\naliases: [/help/b/, /en/help/bee/]\n---\n## Two\n\n<a "
	"id=\"x\"></a>y\n",
	"de/articles/care/b.md", "---\ntitle: B de\naliases: [/help/b/]\n---\nText\n",
	"en/articles/care/README.md", "---\ntitle: Care\n---\nText\n",
	"en/snippets/note.md", "---\ntitle: N\n---\n## Note\n", "en/img/Cup.png", "x",
	"loose/x.md", "x\n", "kb.yaml",
	TREE_CONFIG "redirects: {/old/: articles/a, /older/: /old/, /round/: /round/}\n",
	NULL};

struct row {
	const char *from, *dest;
	enum kb_target_kind kind;
	int fault;
	const char *found; /* path, page, URL; or the nearest of what is broken */
};

static void check(const struct tree *tree, const struct row *row, uint32_t locale)
{
	struct kb_document *doc = tree_doc(tree, row->from);
	struct kb_target target;
	kb_str found = KB_STR_NULL;

	if (locale == KB_NONE)
		locale = doc->locale;
	kb_link_resolve(
		tree->lib, tree->arena, doc, locale, kb_str_of(row->dest), &target);
	if (target.kind != row->kind || target.fault != row->fault)
		fail_msg("%s: kind %d, fault %d", row->dest, target.kind, target.fault);
	switch (target.kind) {
	case KB_TARGET_EXTERNAL:
		found = target.url;
		break;
	case KB_TARGET_DOCUMENT:
		found = target.doc->path;
		break;
	case KB_TARGET_FILE:
		found = target.entry->path;
		break;
	case KB_TARGET_PAGE:
		found = target.page;
		break;
	case KB_TARGET_BROKEN:
		found = target.nearest.len ? target.nearest
					   : kb_link_nearest(tree->lib, tree->arena, doc,
						     kb_str_of(row->dest));
		break;
	case KB_TARGET_FRAGMENT:
		found = target.fragment;
	}
	if (row->found && !kb_str_is(found, row->found))
		fail_msg("%s: \"%.*s\" is not \"%s\"", row->dest, KB_ARG(found),
			row->found);
}

static void check_all(const struct row *rows, size_t n)
{
	struct tree tree;

	tree_open(&tree, files);
	assert_int_equal(tree.status, 0);
	for (size_t i = 0; i < n; i++)
		check(&tree, &rows[i], KB_NONE);
	tree_close(&tree);
}

#define EN_A "en/articles/a.md"
#define DE_A "de/articles/a.md"
#define EN_B "en/articles/care/b.md"
#define DE_B "de/articles/care/b.md"

static void relative(void **state)
{
	static const struct row rows[] = {
		{EN_A, "care/b.md", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_B, "../a.md?x#second", KB_TARGET_DOCUMENT, 0, EN_A},
		{EN_A, "./care/%62.md#x", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "care/", KB_TARGET_DOCUMENT, 0, "en/articles/care/README.md"},
		{EN_A, "care", KB_TARGET_DOCUMENT, 0, "en/articles/care/README.md"},
		{EN_A, "../img/Cup.png", KB_TARGET_FILE, 0, "en/img/Cup.png"},
		{DE_A, "../img/Cup.png", KB_TARGET_FILE, 0, "en/img/Cup.png"},
		{DE_A, "care/README.md", KB_TARGET_DOCUMENT, 0,
			"en/articles/care/README.md"},
		{DE_A, "../../en/articles/care/b.md", KB_TARGET_DOCUMENT, 0, DE_B},
		{EN_A, "../../de/articles/care/b.md", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "../img/cup.png", KB_TARGET_BROKEN, KB_FAULT_CASE,
			"../img/Cup.png"},
		{EN_A, "b.md", KB_TARGET_BROKEN, KB_FAULT_FILE, NULL},
		{EN_A, "care/c.md", KB_TARGET_BROKEN, KB_FAULT_FILE, "care/b.md"},
		{EN_B, "b", KB_TARGET_BROKEN, KB_FAULT_FILE, "b.md"},
		{EN_A, "../../../x.md", KB_TARGET_BROKEN, KB_FAULT_OUTSIDE, NULL},
		{EN_A, "../../loose/x.md", KB_TARGET_BROKEN, KB_FAULT_NOTDOC, NULL},
		{EN_A, "www.example.com/x", KB_TARGET_BROKEN, KB_FAULT_FILE,
			"https://www.example.com/x"},
		{EN_A, "", KB_TARGET_BROKEN, KB_FAULT_FILE, NULL},
	};

	(void)state;
	check_all(rows, KB_LEN(rows));
}

static void fragments(void **state)
{
	static const struct row rows[] = {
		{EN_A, "#first-part", KB_TARGET_FRAGMENT, 0, "first-part"},
		{EN_A, "#", KB_TARGET_FRAGMENT, 0, NULL},
		{EN_A, "#note", KB_TARGET_FRAGMENT, 0, NULL},
		{EN_A, "#first-prt", KB_TARGET_BROKEN, KB_FAULT_FRAGMENT, "first-part"},
		{EN_A, "care/b.md#two", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "care/b.md#three", KB_TARGET_BROKEN, KB_FAULT_FRAGMENT, NULL},
		{EN_B, "../a.md#note", KB_TARGET_DOCUMENT, 0, EN_A},
		{"en/snippets/note.md", "#anything", KB_TARGET_FRAGMENT, 0, NULL},
	};
	const struct row translated = {
		EN_B, "../a.md#second", KB_TARGET_DOCUMENT, 0, DE_A};
	struct kb_target target;
	struct tree tree;

	(void)state;
	check_all(rows, KB_LEN(rows));
	tree_open(&tree, files);
	check(&tree, &translated, 1);
	kb_link_resolve(tree.lib, tree.arena, tree_doc(&tree, EN_B), 1,
		KB_STR("../a.md#second"), &target);
	assert_str(target.fragment, "zweiter");
	tree_close(&tree);
}

/* Many headings are looked up in an index. */
static void many_headings(void **state)
{
	_cleanup_buf_ kb_buf text = {0};
	const char *long_doc[] = {"en/articles/long.md", NULL, NULL};
	const struct row rows[] = {
		{"en/articles/long.md", "#part-299", KB_TARGET_FRAGMENT, 0, "part-299"},
		{"en/articles/long.md", "#part-300", KB_TARGET_BROKEN, KB_FAULT_FRAGMENT,
			NULL},
	};
	struct tree tree;

	(void)state;
	kb_buf_puts(&text, "---\ntitle: L\n---\n");
	for (int i = 0; i < 300; i++)
		kb_buf_fmt(&text, "## Part %d\n\n", i);
	long_doc[1] = text.data;
	tree_open(&tree, long_doc);
	for (size_t i = 0; i < KB_LEN(rows); i++)
		check(&tree, &rows[i], KB_NONE);
	tree_close(&tree);
}

static void ids_and_schemes(void **state)
{
	static const struct row rows[] = {
		{EN_A, "id:articles/care/b#two", KB_TARGET_DOCUMENT, 0, EN_B},
		{DE_A, "id:articles/care/b", KB_TARGET_DOCUMENT, 0, DE_B},
		{EN_A, "id:articles/care/c", KB_TARGET_BROKEN, KB_FAULT_ID,
			"articles/care/b"},
		{EN_A, "kb:resolved", KB_TARGET_END, 0, NULL},
		{EN_A, "https://other.example/a?b#c", KB_TARGET_EXTERNAL, 0,
			"https://other.example/a?b#c"},
		{EN_A, "mailto:a@b.example", KB_TARGET_EXTERNAL, 0, NULL},
		{EN_A, "tel:+49", KB_TARGET_EXTERNAL, 0, NULL},
		{EN_A, "JavaScript:alert(1)", KB_TARGET_BROKEN, KB_FAULT_SCHEME, NULL},
		{EN_A, "data:text/html,x", KB_TARGET_BROKEN, KB_FAULT_SCHEME, NULL},
		{EN_A, "{{shop.url}}/cart", KB_TARGET_EXTERNAL, 0,
			"https://shop.example/cart"},
		{EN_A, "{{shop.uri}}/cart", KB_TARGET_BROKEN, KB_FAULT_VARIABLE, NULL},
	};

	(void)state;
	check_all(rows, KB_LEN(rows));
}

static void site_paths(void **state)
{
	static const struct row rows[] = {
		{EN_A, "/en/articles/care/b/", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "/en/articles/care/b/index.html#two", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "/en/articles/care/b", KB_TARGET_DOCUMENT, 0, EN_B},
		{DE_A, "/en/articles/care/b", KB_TARGET_DOCUMENT, 0, DE_B},
		{EN_A, "https://help.example/en/articles/a/#second", KB_TARGET_DOCUMENT,
			0, EN_A},
		{EN_A, "http://HELP.example/en/articles/a/", KB_TARGET_DOCUMENT, 0, EN_A},
		{EN_A, "https://help.example", KB_TARGET_PAGE, 0, ""},
		{EN_A, "https://help.example.org/", KB_TARGET_EXTERNAL, 0, NULL},
		{DE_A, "/de-AT/articles/a/", KB_TARGET_DOCUMENT, 0, DE_A},
		{EN_A, "/help/b", KB_TARGET_DOCUMENT, 0, EN_B},
		{DE_A, "/help/b/", KB_TARGET_DOCUMENT, 0, DE_B},
		{EN_A, "/de/help/b/", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "/en/help/bee/", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "/old/", KB_TARGET_DOCUMENT, 0, EN_A},
		{DE_A, "/older", KB_TARGET_DOCUMENT, 0, DE_A},
		{EN_A, "/round/", KB_TARGET_BROKEN, KB_FAULT_SITE, NULL},
		{EN_A, "/", KB_TARGET_PAGE, 0, ""},
		{EN_A, "/de/", KB_TARGET_PAGE, 0, "de/"},
		{DE_A, "/en/contact/", KB_TARGET_PAGE, 0, "de/contact/"},
		{EN_A, "/en/faq/", KB_TARGET_BROKEN, KB_FAULT_SITE, NULL},
		{EN_A, "/sitemap.xml", KB_TARGET_PAGE, 0, "sitemap.xml"},
		{EN_A, "/en/img/Cup.png", KB_TARGET_FILE, 0, "en/img/Cup.png"},
		{EN_A, "/en/articles/care/b.md", KB_TARGET_DOCUMENT, 0, EN_B},
		{EN_A, "/en/articles/care/bb/", KB_TARGET_BROKEN, KB_FAULT_SITE,
			"/en/articles/care/b/"},
		{EN_A, "/articles/a/", KB_TARGET_BROKEN, KB_FAULT_SITE, NULL},
	};
	struct kb_target target;
	struct tree tree;

	(void)state;
	check_all(rows, KB_LEN(rows));
	tree_open(&tree, files);
	kb_link_resolve(tree.lib, tree.arena, tree_doc(&tree, EN_A), 0,
		KB_STR("/help/b/"), &target);
	assert_true(target.by_alias);
	kb_link_resolve(tree.lib, tree.arena, tree_doc(&tree, EN_A), 0,
		KB_STR("/en/articles/care/b/"), &target);
	assert_false(target.by_alias);
	kb_redirect_resolve(
		tree.lib, tree.arena, &tree.lib->config->redirects[1], &target);
	assert_int_equal(target.kind, KB_TARGET_DOCUMENT);
	kb_redirect_resolve(
		tree.lib, tree.arena, &tree.lib->config->redirects[2], &target);
	assert_int_equal(target.kind, KB_TARGET_BROKEN);
	tree_close(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relative),
		cmocka_unit_test(fragments),
		cmocka_unit_test(many_headings),
		cmocka_unit_test(ids_and_schemes),
		cmocka_unit_test(site_paths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
