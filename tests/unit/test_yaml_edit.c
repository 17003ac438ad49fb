#include "unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/file.h"
#include "kb/patch.h"
#include "kb/unidiff.h"
#include "kb/yaml_edit.h"
#include "scratch.h"

struct fixture {
	struct kb_arena *arena;
	struct kb_yaml_text yaml;
	struct kb_error err;
};

static void begin(struct fixture *f, const char *text, bool front)
{
	*f = (struct fixture){.arena = kb_arena_new()};
	if (kb_yaml_open(&f->yaml, f->arena, kb_str_of(text), front, &f->err))
		fail_msg("%s", f->err.message);
}

static void end(struct fixture *f, int rc, const char *wanted)
{
	if (rc < 0 && wanted)
		fail_msg("refused: %s", f->err.message);
	if (wanted)
		assert_str(f->yaml.file, wanted);
	else
		assert_int_equal(rc, -1);
	kb_arena_free(f->arena);
}

static void set(const char *text, const char *key, const char *value, const char *after,
	const char *wanted)
{
	struct fixture f;

	begin(&f, text, true);
	end(&f,
		kb_yaml_set(&f.yaml, f.yaml.root, kb_str_of(key), kb_str_of(value), after,
			&f.err),
		wanted);
}

static void test_set(void **state)
{
	(void)state;
	set("---\na: 1 # one\nb: 2\n---\nText\n", "a", "x", NULL,
		"---\na: x # one\nb: 2\n---\nText\n");
	set("---\r\na: 'o''ne'\r\n---\r\n", "a", "it's", NULL,
		"---\r\na: 'it''s'\r\n---\r\n");
	set("---\na: \"1\"\n---\n", "a", "say \"x\"", NULL,
		"---\na: \"say \\\"x\\\"\"\n---\n");
	set("---\na:\nb: 2\n---\n", "a", "x", NULL, "---\na: x\nb: 2\n---\n");
	set("---\na: # none\n---\n", "a", "x", NULL, "---\na: x # none\n---\n");
	set("---\na: >\n  long\n  text\n\nb: 2\n---\n", "a", "x", NULL,
		"---\na: x\n\nb: 2\n---\n");
	/* What must be quoted is, as the file quotes. */
	set("---\na: 1\nb: 'c'\n---\n", "a", "Returns: how to", NULL,
		"---\na: 'Returns: how to'\nb: 'c'\n---\n");
	set("---\na: 1\n---\n", "a", "no", NULL, "---\na: \"no\"\n---\n");
	set("---\na: 1\n---\n", "a", "", NULL, "---\na: \"\"\n---\n");
	set("---\na: 1\n---\n", "a", "Ticket #4711", NULL,
		"---\na: \"Ticket #4711\"\n---\n");
	set("---\na: 1\n---\n", "a", "two\nlines", NULL,
		"---\na: \"two\\x0alines\"\n---\n");
	set("---\n{a: 1, b: 2}\n---\n", "a", "x, y", NULL,
		"---\n{a: \"x, y\", b: 2}\n---\n");
}

static void test_set_new_key(void **state)
{
	(void)state;
	set("---\na: 1 # one\nb: 2\n---\n", "c", "x", "a",
		"---\na: 1 # one\nc: x\nb: 2\n---\n");
	set("---\na:\n  - 1\n\n# of b\nb: 2\n---\nText", "c", "x", NULL,
		"---\na:\n  - 1\n\n# of b\nb: 2\nc: x\n---\nText");
	set("---\r\na: 1\r\n---\r\n", "c", "x", "gone", "---\r\na: 1\r\nc: x\r\n---\r\n");
	set("\xEF\xBB\xBF---\na: 1\n---\n", "c", "x", NULL,
		"\xEF\xBB\xBF---\na: 1\nc: x\n---\n");
	set("---\n---\n", "c", "x", NULL, "---\nc: x\n---\n");
	set("---\n# nothing\n---\n", "c", "x", NULL, "---\n# nothing\nc: x\n---\n");
	set("---\n{a: 1}\n---\n", "c", "x", NULL, "---\n{a: 1, c: x}\n---\n");
	set("---\na: |+\n  text\n\nb: 1\n---\n", "c", "x", "a",
		"---\na: |+\n  text\n\nc: x\nb: 1\n---\n");
	set("---\na: b\n---", "c", "x", NULL, "---\na: b\nc: x\n---");
	set("---\ra: b\r---\r", "c", "x", NULL, "---\ra: b\rc: x\r---\r");
}

static void list(const char *text, const char *value, const char *wanted, bool and_drop)
{
	struct fixture f;
	kb_str values[] = {kb_str_of(value)};
	int rc;

	begin(&f, text, true);
	rc = kb_yaml_add(&f.yaml, f.yaml.root, KB_STR("issues"), values, 1, "a", &f.err);
	if (rc == 0 && and_drop) {
		struct kb_yaml_text added = f.yaml;

		assert_int_equal(
			kb_yaml_drop(&f.yaml, f.yaml.root, KB_STR("issues"),
				kb_node_get(f.yaml.root, "issues")->len - 1, &f.err),
			0);
		assert_str(f.yaml.file, text);
		f.yaml = added;
	}
	end(&f, rc, wanted);
}

static void test_set_refused(void **state)
{
	(void)state;
	set("---\na: &x one\nb: *x\n---\n", "a", "two", NULL, NULL);
	set("---\na:\n  b: 1\n---\n", "a", "x", NULL, NULL);
	list("---\nissues: &x [a]\nb: *x\n---\n", "x", NULL, false);
}

static void test_list_add(void **state)
{
	(void)state;
	list("---\na: 1\nb: 2\n---\n", "x", "---\na: 1\nissues: [x]\nb: 2\n---\n", true);
	list("---\na: 1\nb:\n- 2\n---\n", "x", "---\na: 1\nissues:\n- x\nb:\n- 2\n---\n",
		true);
	list("---\na: 1\nb:\r\n  - 2\r\n---\r\n", "x",
		"---\na: 1\nissues:\n  - x\nb:\r\n  - 2\r\n---\r\n", true);
	list("---\nissues: [a, b] # two\n---\n", "c:d",
		"---\nissues: [a, b, c:d] # two\n---\n", true);
	list("---\nissues: [a, b,]\n---\n", "x", "---\nissues: [a, b, x,]\n---\n", true);
	list("---\nissues: [\n  a,\n  b\n]\n---\n", "x",
		"---\nissues: [\n  a,\n  b,\n  x\n]\n---\n", true);
	list("---\nissues:\n  - a # one\n  # more to come\nb: 2\n---\n", "x",
		"---\nissues:\n  - a # one\n  - x\n  # more to come\nb: 2\n---\n", true);
	list("---\nissues: []\n---\n", "x", "---\nissues: [x]\n---\n", false);
	list("---\nissues: a\n---\n", "x", "---\nissues: [a, x]\n---\n", false);
	list("---\nissues: 'a'\n---\n", "x y", "---\nissues: ['a', x y]\n---\n", false);
	list("---\nissues:\n---\n", "x", "---\nissues: [x]\n---\n", false);
	list("---\nissues: {a: 1}\n---\n", "x", NULL, false);
}

static void drop(const char *text, uint32_t i, const char *wanted)
{
	struct fixture f;

	begin(&f, text, true);
	end(&f, kb_yaml_drop(&f.yaml, f.yaml.root, KB_STR("issues"), i, &f.err), wanted);
}

static void test_list_drop(void **state)
{
	(void)state;
	drop("---\nissues: [a, b, c]\n---\n", 0, "---\nissues: [b, c]\n---\n");
	drop("---\nissues: [a, b, c]\n---\n", 1, "---\nissues: [a, c]\n---\n");
	drop("---\nissues:\n  - a # one\n  - b\nc: 1\n---\n", 0,
		"---\nissues:\n  - b\nc: 1\n---\n");
	drop("---\na: 1\nissues:\n  - a\nc: 1\n---\n", 0, "---\na: 1\nc: 1\n---\n");
	drop("---\na: 1\nissues: a\n---\n", 0, "---\na: 1\n---\n");
	drop("---\nissues: a\n---\n", 0, "---\n---\n");
	drop("---\nissues: [a, # one\n  b]\n---\n", 1, NULL);
	drop("---\nissues: [a, # one\n  b]\n---\n", 0, NULL);
	drop("---\nissues: [a#x,\n  b#y]\n---\n", 1, "---\nissues: [a#x]\n---\n");
	drop("---\na: 1\n---\n", 0, NULL);
}

/* taxonomy.yaml: a tree of lists of maps, with or without an end to its last line. */
static void test_nested(void **state)
{
	static const char text[] =
		"issues:\n  - id: a\n    label: A\n    children:\n"
		"      - id: a.b\n        label: {en: B}\n        aliases: [c]";
	struct fixture f;
	const struct kb_node *issue;
	kb_str values[] = {KB_STR("old")};

	(void)state;
	begin(&f, text, false);
	issue = kb_node_get(f.yaml.root, "issues")->items[0];
	assert_int_equal(
		kb_yaml_add(&f.yaml, issue, KB_STR("aliases"), values, 1, "id", &f.err),
		0);
	issue = kb_node_get(kb_node_get(f.yaml.root, "issues")->items[0], "children")
			->items[0];
	assert_int_equal(
		kb_yaml_set(&f.yaml, issue, KB_STR("id"), KB_STR("x"), NULL, &f.err), 0);
	issue = kb_node_get(kb_node_get(f.yaml.root, "issues")->items[0], "children")
			->items[0];
	assert_int_equal(
		kb_yaml_set(&f.yaml, issue, KB_STR("tier"), KB_STR("2"), NULL, &f.err),
		0);
	issue = kb_node_get(kb_node_get(f.yaml.root, "issues")->items[0], "children")
			->items[0];
	assert_int_equal(kb_yaml_set_map(&f.yaml, issue, KB_STR("description"),
				 KB_STR("en"), KB_STR("x, y"), "label", &f.err),
		0);
	end(&f, 0,
		"issues:\n  - id: a\n    aliases: [old]\n    label: A\n    children:\n"
		"      - id: x\n        label: {en: B}\n        description: {en: \"x, y\"}\n"
		"        aliases: [c]\n        tier: 2");
}

/* An item that two keys share. */
static void test_shared(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "---\nissues: &x [a]\nb: *x\n---\n", true);
	end(&f,
		kb_yaml_replace(&f.yaml, kb_node_get(f.yaml.root, "issues")->items[0],
			KB_STR("c"), &f.err),
		NULL);
}

/* Many changes of one tree: of a node and of one below it, too. */
static void test_together(void **state)
{
	static const char text[] = "issues:\n  - id: a\n    label: A\n  - id: b\n";
	const kb_str old = KB_STR("old");
	struct fixture f;
	const struct kb_node *list;

	(void)state;
	begin(&f, text, false);
	list = kb_node_get(f.yaml.root, "issues");
	kb_yaml_together(&f.yaml);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(
			kb_yaml_replace(&f.yaml, kb_node_get(list->items[i], "id"),
				i ? KB_STR("z") : KB_STR("x"), &f.err),
			0);
		assert_int_equal(kb_yaml_add(&f.yaml, list->items[i], KB_STR("aliases"),
					 &old, 1, "id", &f.err),
			0);
	}
	assert_str(f.yaml.file, text);
	end(&f, kb_yaml_make(&f.yaml, &f.err),
		"issues:\n  - id: x\n    aliases: [old]\n    label: A\n  - id: z\n"
		"    aliases: [old]\n");
	begin(&f, text, false);
	list = kb_node_get(f.yaml.root, "issues");
	kb_yaml_together(&f.yaml);
	for (uint32_t i = 0; i < 2; i++)
		assert_int_equal(
			kb_yaml_replace(&f.yaml, kb_node_get(list->items[0], "id"),
				KB_STR("x"), &f.err),
			0);
	end(&f, kb_yaml_make(&f.yaml, &f.err), NULL);
}

static void test_remove_first_key(void **state)
{
	struct fixture f;
	const struct kb_node *issue;

	(void)state;
	begin(&f, "issues:\n  - id: a\n    label: A\n", false);
	issue = kb_node_get(f.yaml.root, "issues")->items[0];
	end(&f, kb_yaml_remove(&f.yaml, issue, KB_STR("id"), &f.err),
		"issues:\n  - label: A\n");
}

/* The last key of a file without a final line end goes with the line end before it. */
static void test_remove_last_key(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "a: 1\r\nb: 2\nc: 3", false);
	end(&f, kb_yaml_remove(&f.yaml, f.yaml.root, KB_STR("c"), &f.err),
		"a: 1\r\nb: 2");
	begin(&f, "a: 1\nb: 2\r\nc: 3", false);
	end(&f, kb_yaml_remove(&f.yaml, f.yaml.root, KB_STR("c"), &f.err), "a: 1\nb: 2");
}

static struct kb_edit edit(uint32_t off, uint32_t len, const char *text)
{
	return (struct kb_edit){.range = {off, len}, .text = kb_str_of(text)};
}

static void test_patch(void **state)
{
	struct kb_patch patch = {.text = KB_STR("one two three")};
	struct kb_edit whole = edit(4, 3, "2"), inside = edit(5, 1, "x"),
		       same_start = edit(4, 0, "y"), after = edit(7, 0, "!"),
		       beyond = edit(13, 1, "z");
	struct kb_edit group[] = {edit(0, 3, "1"), edit(6, 2, "no")};
	struct kb_edit other[] = {edit(8, 5, "3"), edit(0, 3, "1")};
	_cleanup_buf_ kb_buf out = {0};

	(void)state;
	assert_true(kb_patch_take(&patch, &whole, 1));
	assert_false(kb_patch_take(&patch, &inside, 1));
	assert_false(kb_patch_take(&patch, &same_start, 1));
	assert_false(kb_patch_take(&patch, &beyond, 1));
	assert_false(kb_patch_take(&patch, group, 2));
	assert_int_equal(patch.len, 1);
	assert_true(kb_patch_take(&patch, &after, 1));
	assert_true(kb_patch_take(&patch, other, 2));
	kb_patch_apply(&patch, &out);
	assert_str(kb_buf_view(&out), "1 2! 3");
	kb_patch_dispose(&patch);
}

/* Git takes what kb_unidiff writes, whatever the file's name and its line ends are. */
static void test_unidiff(void **state)
{
	static const char *const names[] = {
		"plain.md", "with space.md", "Grüße \"x\".md", "a\tb/c d.md", "日本.md"};
	_cleanup_buf_ kb_buf out = {0};
	struct kb_error err;
	char command[512];

	(void)state;
	scratch_run("git init -q apply");
	for (size_t i = 0; i < KB_LEN(names); i++) {
		const char *path = scratch_path("apply/%s", names[i]);

		assert_int_equal(kb_file_write(path, KB_STR("a\r\nb\n\nlast"), &err), 0);
		assert_int_equal(
			kb_unidiff(&out, kb_str_of(names[i]), KB_STR("a\r\nb\n\nlast"),
				KB_STR("A\r\nb\n\nlast\n"), &err),
			0);
	}
	assert_int_equal(
		kb_unidiff(&out, KB_STR("same.md"), KB_STR("x"), KB_STR("x"), &err), 0);
	assert_int_equal(
		kb_file_write(scratch_path("p.diff"), kb_buf_view(&out), &err), 0);
	scratch_run("cd apply; git apply --whitespace=nowarn ../p.diff");
	for (size_t i = 0; i < KB_LEN(names); i++) {
		_cleanup_buf_ kb_buf now = {0};

		assert_int_equal(
			kb_file_read(scratch_path("apply/%s", names[i]), 0, &now, &err),
			0);
		assert_str(kb_buf_view(&now), "A\r\nb\n\nlast\n");
	}
	snprintf(command, sizeof(command), "! grep -q same.md p.diff");
	scratch_run(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_set_new_key),
		cmocka_unit_test(test_set_refused),
		cmocka_unit_test(test_list_add),
		cmocka_unit_test(test_list_drop),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_together),
		cmocka_unit_test(test_remove_first_key),
		cmocka_unit_test(test_remove_last_key),
		cmocka_unit_test(test_patch),
		cmocka_unit_test(test_unidiff),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
