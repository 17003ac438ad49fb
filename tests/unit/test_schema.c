#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "kb/buf.h"
#include "kb/schema.h"

struct run {
	struct kb_schema *schema;
	struct kb_arena *arena;
	struct kb_diags diags;
	bool ok;
};

static struct kb_schema *builtin(const char *name)
{
	struct kb_schema *schema = NULL;
	struct kb_error err;

	if (kb_schema_compile(&schema, kb_schema_builtin(kb_str_of(name)),
		    kb_str_of(name), NULL, NULL, &err))
		fail_msg("%s: %s", name, err.message);
	return schema;
}

static struct run run_with(
	struct kb_schema *schema, const char *yaml, enum kb_schema_rules rules)
{
	struct run run = {.schema = schema, .arena = kb_arena_new()};
	struct kb_node *root;

	kb_diags_init(&run.diags, NULL);
	root = kb_yaml_parse(run.arena, kb_str_of(yaml), 0, KB_STR("x"), &run.diags);
	if (!root)
		fail_msg("no YAML: %s", yaml);
	run.ok = kb_schema_check(schema, root, KB_STR("x"), rules, NULL);
	assert_int_equal(
		kb_schema_check(schema, root, KB_STR("x"), rules, &run.diags), run.ok);
	assert_int_equal(run.diags.len == 0, run.ok);
	return run;
}

static void run_end(struct run *run)
{
	kb_diags_dispose(&run->diags);
	kb_arena_free(run->arena);
	kb_schema_free(run->schema);
}

struct mistake {
	const char *schema, *yaml, *rule;
	const char *place;	    /* what the finding underlines */
	const char *message, *hint; /* parts of them */
};

static const struct mistake mistakes[] = {
	{"article", "titel: x\n", "schema-unknown-key", "titel", "'titel'", "'title'"},
	{"article", "summary: x\n", "schema-required", "", "'title' is missing",
		"title: ..."},
	{"article", "title:\n", "schema-required", "title", "'title' has no value",
		"colon"},
	{"article", "{}\n", "schema-required", "{}", "'title' is missing", ""},
	{"article", "title: ''\n", "schema-value", "''", "must not be empty", ""},
	{"article", "title: [Yes, signed]\n", "schema-type", "[Yes, signed]",
		"'title' must be text", "\"[Yes, signed]\""},
	{"article", "title: {x}\n", "schema-type", "{x}", "must be text", "\"{x}\""},
	{"article", "title: {a: b, c: \"d\"}\n", "schema-type", "{a: b, c: \"d\"}",
		"must be text", "\"{a: b, c: d}\""},
	{"article", "title:\n  - x\n", "schema-type", "title", "not a list",
		"only the value"},
	{"article", "title: x\ntags:\n  - Yes: signed\n", "schema-type", "Yes",
		"an item of 'tags'", "\"Yes: signed\""},
	{"article", "title: x\ntags:\n  - a\n  -\n", "schema-type", "", "is empty", ""},
	{"article", "title: x\nstatus: Draft\n", "schema-value", "Draft",
		"draft, review, published or archived", "'draft'"},
	{"article", "title: x\ntype: reply\n", "schema-value", "reply", "must be article",
		""},
	{"article", "title: x\nreviewed: 2026-02-29\n", "schema-value", "2026-02-29",
		"February 2026 has no day 29", ""},
	{"article", "title: x\nreview_every: 6 months\n", "schema-value", "6 months",
		"or 1y", "write 6m"},
	{"article", "title: x\nreview_every: Quarterly\n", "schema-value", "Quarterly",
		"or 1y", "write 3m"},
	{"article", "title: x\nreview_every: '1 Jahr'\n", "schema-value", "'1 Jahr'",
		"or 1y", "write 1y"},
	{"article", "title: x\nreviewed: 28.11.2026\n", "schema-value", "28.11.2026",
		"'reviewed': write a date", "write 2026-11-28"},
	{"article", "title: x\nexpires_at: 2026/1/2\n", "schema-value", "2026/1/2",
		"or a time like", "write 2026-01-02"},
	{"article", "title: x\nnotice: {date: 11/28/2026, text: x}\n", "schema-value",
		"11/28/2026", "write a date", "write 2026-11-28"},
	{"article", "title: x\nreviewed: 04/11/2026\n", "schema-value", "04/11/2026",
		"write a date", "write 2026-11-04 or 2026-04-11"},
	{"article", "title: x\npublish_at: 2026-02-01 10:00\n", "schema-value",
		"2026-02-01 10:00", "or a time like", ""},
	{"article", "title: x\nweight: \"10\"\n", "schema-type", "\"10\"",
		"a whole number", "without quotes"},
	{"article", "title: x\nweight: 1.5\n", "schema-type", "1.5", "a whole number",
		""},
	{"article", "title: x\npromoted: yes\n", "schema-type", "yes", "true or false",
		"write true"},
	{"article", "title: x\npromoted: Off\n", "schema-type", "Off", "true or false",
		"write false"},
	{"article", "title: x\nregions: [de]\n", "schema-value", "de", "in capitals", ""},
	{"article", "title: x\nnotice: soon\n", "schema-type", "soon", "a group of keys",
		"date, for and text"},
	{"article", "title: x\nnotice: {dat: 2026-01-01, text: x}\n",
		"schema-unknown-key", "dat", "'dat'", "'date'"},
	{"article", "title: x\ntranslation: {}\n", "schema-value", "{}",
		"'revision' or 'date'", ""},
	{"article", "title: x\nid: a b\n", "schema-value", "a b", "without spaces", ""},
	{"article", "title: x\nsubject: y\n", "schema-unknown-key", "subject",
		"not known", "kb schema article"},
	{"article", "title: x\nslug: a/b\n", "schema-value", "a/b", "without '/'", ""},
	{"workflow",
		"title: x\ncases:\n  - answers: [a, [Yes, signed]]\n    outcome: "
		"resolved\n",
		"schema-type", "[Yes, signed]", "an item of 'answers'",
		"\"[Yes, signed]\""},
	{"workflow", "title: x\ncases:\n  - answer: [a]\n    outcome: resolved\n",
		"schema-unknown-key", "answer", "'answer'", "'answers'"},
	{"workflow", "title: x\ncases: resolved\n", "schema-type", "resolved",
		"must be a list", "[resolved]"},
	{"reply", "title: x\nplaceholders:\n  order no: {description: y}\n",
		"schema-value", "order no", "without spaces", ""},
	{"reply", "title: x\nplaceholders:\n  a: {description: y, exmple: z}\n",
		"schema-unknown-key", "exmple", "'exmple'", "'example'"},
	{"reply", "title: x\nplaceholders:\n  a: {example: z}\n", "schema-required",
		"{example: z}", "'description' is missing", ""},
	{"kb", "locals: [en]\n", "config-unknown-key", "locals", "'locals'", "'locales'"},
	{"kb", "locales: [en_US]\n", "config-value", "en_US", "de-AT", ""},
	{"kb", "locales: [{code: en, adress: formal}]\n", "config-unknown-key", "adress",
		"", "'address'"},
	{"kb", "name: {en: [x]}\n", "config-value", "[x]", "'en' must be text",
		"\"[x]\""},
	{"kb", "rules: {link-alias: of}\n", "config-value", "of",
		"error, warning, info or off", "'off'"},
	{"kb", "variables: {a: {b: [x]}}\n", "config-value", "[x]", "text or a group",
		""},
	{"kb", "statistics: {votes: maybe}\n", "config-value", "maybe", "log, off", ""},
	{"kb", "audit: {helpfulness: 60}\n", "config-value", "60", "at most 1", ""},
	{"kb", "limits: {title_length: 0}\n", "config-value", "0", "at least 1", ""},
	{"kb", "privacy: {patterns: ['a(b']}\n", "config-value", "'a(b'",
		"a regular expression", ""},
	{"kb", "audiences: [a, b, a]\n", "config-value", "a", "is listed twice", ""},
	{"taxonomy", "issues:\n  - id: a\n    label: A\n    children:\n      - id: b\n",
		"config-value", "id", "'label' is missing", ""},
	{"taxonomy", "issues:\n  - id: a\n    label: A\n    needs: [articles]\n",
		"config-value", "articles", "article, workflow or reply", "'article'"},
	{"people", "x: {name: X, email: y}\n", "config-value", "y", "email", ""},
	{"people", "x: {name: X, away: [{from: 2026-01-01}]}\n", "config-value",
		"{from: 2026-01-01}", "'to' is missing", ""},
	{"style", "extends: existence\nmessage: x\n", "config-value", "",
		"'tokens' or 'raw'", ""},
	{"style", "extends: occurrence\nmessage: x\ntoken: y\n", "config-value", "",
		"'max' or 'min'", ""},
	{"style", "extends: spelling\nmessage: x\n", "config-value", "spelling",
		"existence", ""},
	{"feedback", "kind: wrong\ntext: x\n", "config-value", "", "'document'", ""},
	{"feedback", "kind: bad\ntext: x\nissue: y\n", "config-value", "bad", "wrong",
		""},
	{"search-tests", "tests: [{query: x}]\n", "config-value", "{query: x}",
		"'expect' is missing", ""},
};

static void mistakes_are_explained(void **state)
{
	(void)state;
	for (size_t i = 0; i < KB_LEN(mistakes); i++) {
		const struct mistake *mistake = &mistakes[i];
		bool config = strncmp(mistake->rule, "config", 6) == 0;
		struct run run = run_with(builtin(mistake->schema), mistake->yaml,
			config ? KB_SCHEMA_CONFIG : KB_SCHEMA_FRONT_MATTER);
		bool found = false;

		for (size_t j = 0; j < run.diags.len; j++) {
			const struct kb_diag *diag = &run.diags.items[j];
			kb_str place = {mistake->yaml + diag->range.off, diag->range.len};

			found |= kb_str_is(kb_str_of(kb_rule_info(diag->rule)->id),
					 mistake->rule) &&
				 kb_str_is(place, mistake->place) &&
				 kb_str_find(diag->message,
					 kb_str_of(mistake->message)) != SIZE_MAX &&
				 kb_str_find(diag->hint, kb_str_of(mistake->hint)) !=
					 SIZE_MAX;
		}
		if (!found && run.diags.len > 0)
			fail_msg("%s\n'%.*s' [%s] at %u+%u\nhint: %.*s", mistake->yaml,
				KB_ARG(run.diags.items[0].message),
				kb_rule_info(run.diags.items[0].rule)->id,
				run.diags.items[0].range.off,
				run.diags.items[0].range.len,
				KB_ARG(run.diags.items[0].hint));
		if (!found)
			fail_msg("no finding: %s", mistake->yaml);
		run_end(&run);
	}
}

/* No day or length of time is put into people's mouths. */
static void nothing_is_meant(void **state)
{
	static const char *const yaml[] = {"title: x\nid: 6 months\n",
		"title: x\nreviewed: 31.11.2026\n", "title: x\nreview_every: 0 days\n",
		"title: x\nreviewed: 1.2.26\n", "title: x\nreview_every: monthly 2\n"};

	(void)state;
	for (size_t i = 0; i < KB_LEN(yaml); i++) {
		struct run run =
			run_with(builtin("article"), yaml[i], KB_SCHEMA_FRONT_MATTER);

		assert_int_equal(run.diags.len, 1);
		assert_int_equal(run.diags.items[0].hint.len, 0);
		run_end(&run);
	}
}

static void clean_content(void **state)
{
	static const struct {
		const char *schema, *yaml;
	} clean[] = {
		{"article",
			"title: 1.10\nid: 360016495559\nissues: a.b\ntags: no\naliases:\n"
			"reviewed: 2026-09-01\nreview_every: 6m\nweight: -3\npromoted: "
			"true\n"
			"publish_at: 2026-09-01T10:00:00+02:00\nexpires_at: 2026-12-01\n"
			"question: yes\nkeywords: [1, 2.5, null-ish]\nregions: AT\n"
			"notice: {date: 2026-09-01, for: agents, text: x}\n"
			"translation: {revision: 1234567}\n"},
		{"workflow",
			"title: x\ncases:\n  - answers: Yes\n    outcome: escalate/a\n"},
		{"reply", "title: x\nsubject: '{{a}} b'\nplaceholders:\n  a:\n  b:\n"
			  "    description: x\n    example: 4711\n    values: [a, b]\n"},
		{"reference", "title: x\nrelated: y\n"},
		{"snippet", "title: x\n"},
		{"kb", "locales: [no, {code: de, fallback: no}]\nregions: {AT: , DE: "
		       "{en: Germany}}\n"
		       "variables: {a: 5, b: {c: {de: x}}}\nrules: {link-alias: off}\n"
		       "statistics: {votes: 'https://x.example/v', searches: off}\n"},
		{"taxonomy", "issues:\n  - {id: a, label: {en: A}, keywords: {en: x}, "
			     "tier: 2}\n"},
		{"people", "x: {name: X, until: 2026-12-31, members: [y]}\n"},
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(clean); i++) {
		struct run run = run_with(
			builtin(clean[i].schema), clean[i].yaml, KB_SCHEMA_FRONT_MATTER);

		if (!run.ok)
			fail_msg("%s: %.*s", clean[i].yaml,
				KB_ARG(run.diags.items[0].message));
		run_end(&run);
	}
}

static void builtins_compile(void **state)
{
	size_t n = 0;

	(void)state;
	for (; kb_schema_builtin_name(n); n++)
		kb_schema_free(builtin(kb_schema_builtin_name(n)));
	assert_true(n >= 11);
	assert_int_equal(kb_schema_builtin(KB_STR("../people")).len, 0);
	assert_int_equal(kb_schema_builtin(KB_STR("nothing")).len, 0);
}

static struct kb_schema *compile(const char *text)
{
	struct kb_schema *schema = NULL;
	struct kb_error err;

	if (kb_schema_compile(
		    &schema, kb_str_of(text), KB_STR("own.json"), NULL, NULL, &err))
		fail_msg("%s: %s", text, err.message);
	return schema;
}

/* Plain scalars take the type that the schema gives them. */
static void types_from_the_schema(void **state)
{
	static const struct {
		const char *schema, *yaml;
		bool ok;
	} cases[] = {
		{"{\"type\": \"string\", \"minLength\": 2}", "42", true},
		{"{\"type\": \"string\", \"minLength\": 3}", "42", false},
		{"{\"type\": [\"integer\", \"string\"], \"minLength\": 3}", "42", true},
		{"{\"type\": \"integer\"}", "'42'", false},
		{"{\"type\": \"boolean\"}", "no", false},
		{"{\"type\": \"string\"}", "no", true},
		{"{\"type\": \"string\"}", "[x]", false},
		{"{\"type\": \"number\", \"maximum\": 5}", "5.5", false},
		{"{\"enum\": [\"1.10\"]}", "1.10", true},
		{"{\"enum\": [1.1]}", "1.10", true},
		{"{\"enum\": [1.1]}", "'1.1'", false},
		{"{\"const\": true}", "true", true},
		{"{\"const\": \"true\"}", "true", true},
		{"{\"items\": {\"const\": null}}", "[~]", true},
		{"{\"items\": {\"const\": \"~\"}}", "[~]", false},
		{"{\"allOf\": [{\"type\": \"string\"}, {\"pattern\": \"^x\"}]}", "42",
			false},
		{"{\"type\": \"string\", \"allOf\": [{\"maximum\": 3}]}", "42", true},
		{"{\"maxLength\": 1}", "42", false},
		{"{\"maxLength\": 1}", "\xC3\xA9", true},
		{"{\"properties\": {\"a\": {\"type\": \"integer\"}}}", "{a: }", true},
		{"{\"required\": [\"a\"]}", "{a: }", false},
		{"{\"uniqueItems\": true}", "[a, 'a']", false},
		{"{\"uniqueItems\": true}", "[1, 1.0]", true},
		{"{\"definitions\": {\"a~b/c%\": {\"type\": \"integer\"}},"
		 " \"items\": {\"$ref\": \"#/definitions/a~0b~1c%25\"}}",
			"[x]", false},
		{"{\"definitions\": {\"a~b/c%\": {\"type\": \"integer\"}},"
		 " \"items\": {\"$ref\": \"#/definitions/a~0b~1c%25\"}}",
			"[1]", true},
		{"{\"format\": \"email\"}", "a.b@example.com", true},
		{"{\"format\": \"email\"}", "a..b@example.com", false},
		{"{\"format\": \"email\"}", "a b@example.com", false},
		{"{\"format\": \"hostname\"}", "a-b.example", true},
		{"{\"format\": \"hostname\"}", "a-.example", false},
		{"{\"format\": \"uri\"}", "https://x.example/a?b#c", true},
		{"{\"format\": \"uri\"}", "/a", false},
		{"{\"format\": \"uri-reference\"}", "../a%20b", true},
		{"{\"format\": \"uri-reference\"}", "a b", false},
		{"{\"format\": \"date\"}", "2024-02-29", true},
		{"{\"format\": \"date\"}", "2025-02-29", false},
		{"{\"format\": \"date-time\"}", "2025-02-28T10:00:00Z", true},
		{"{\"format\": \"date-time\"}", "2025-02-28", false},
		{"{\"format\": \"time\"}", "10:00:00+01:00", true},
		{"{\"format\": \"time\"}", "25:00:00Z", false},
		{"{\"format\": \"regex\"}", "'a(b'", false},
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		struct run run = run_with(
			compile(cases[i].schema), cases[i].yaml, KB_SCHEMA_FRONT_MATTER);

		if (run.ok != cases[i].ok)
			fail_msg("%s: %s", cases[i].schema, cases[i].yaml);
		run_end(&run);
	}
}

static void refusals(void **state)
{
	static const struct {
		const char *schema, *message;
	} cases[] = {
		{"{\"typ\": \"string\"}",
			"'#/typ': kb does not know the keyword 'typ'; did you mean"},
		{"{\"properties\": {\"a\": {\"x-y\": 1}}}", "'#/properties/a/x-y'"},
		{"{\"type\": \"text\"}", "'text' is not a type"},
		{"{\"format\": \"ipv7\"}", "format 'ipv7'"},
		{"{\"pattern\": \"a(b\"}", "'a(b' is wrong"},
		{"{\"pattern\": \"\\\\Aa\"}", "have '\\A'"},
		{"{\"minLength\": -1}", "less than 0"},
		{"{\"multipleOf\": 0}", "more than 0"},
		{"{\"required\": \"a\"}", "list of names"},
		{"{\"$ref\": \"#/definitions/a\"}",
			"refers to something that does not exist"},
		{"{\"$ref\": \"other.json\"}", "'other.json' does not exist"},
		{"{\"$ref\": \"https://example.com/x.json\"}",
			"'https://example.com/x.json' is on the web"},
		{"{\"$ref\": \"urn:x:y\"}", "'urn:x:y' does not exist"},
		{"{\"$ref\": \"#\"}", "endlessly"},
		{"{\"allOf\": [{\"anyOf\": [{\"$ref\": \"#\"}]}]}", "endlessly"},
		{"{\"anyOf\": {}}", "list of schemas"},
		{"[1]", "an object, true or false"},
		{"{", "not valid JSON"},
		{"{\"definitions\": {\"a\": {\"typ\": 1}}}", "'#/definitions/a/typ'"},
		{"{\"$defs\": {\"a\": {\"typ\": 1}}, \"$ref\": \"#/$defs/a\"}",
			"kb does not know the keyword 'typ'"},
		{"{\"parts\": {\"a\": {}}, \"$ref\": \"#/definitions/a\"}",
			"refers to something that does not exist"},
		{"{\"parts\": {\"a\": {}}, \"allOf\": [{\"$ref\": \"#/definitions/a\"}], "
		 "\"definitions\": {\"a\": true}}",
			"keyword 'parts'"},
	};

	(void)state;
	for (size_t i = 0; i < KB_LEN(cases); i++) {
		struct kb_schema *schema = NULL;
		struct kb_error err;

		if (!kb_schema_compile(&schema, kb_str_of(cases[i].schema),
			    KB_STR("own.json"), NULL, NULL, &err))
			fail_msg("compiles: %s", cases[i].schema);
		if (!strstr(err.message, cases[i].message) ||
			!strstr(err.message, "own.json"))
			fail_msg("%s: %s", cases[i].schema, err.message);
		assert_null(schema);
	}
}

/* A repository's own schema replaces the built-in one, or adds to it. */
static void own_schemas(void **state)
{
	static const char extends[] =
		"{\"allOf\": [{\"$ref\": \"kb:article\"}], \"required\": [\"severity\"],"
		" \"properties\": {\"severity\": {\"type\": \"integer\", \"maximum\": 4,"
		" \"errorMessage\": \"write 1 to 4\"}}}";
	struct run run = run_with(
		compile(extends), "title: x\nseverity: 3\n", KB_SCHEMA_FRONT_MATTER);

	(void)state;
	assert_true(run.ok);
	run_end(&run);
	run = run_with(compile(extends), "title: x\nseverity: 5\nsevrity: 1\n",
		KB_SCHEMA_FRONT_MATTER);
	assert_int_equal(run.diags.len, 2);
	assert_str(run.diags.items[0].message, "'severity': write 1 to 4");
	assert_str(run.diags.items[1].hint, "did you mean 'severity'?");
	run_end(&run);
	run = run_with(compile(extends), "severity: 1\n", KB_SCHEMA_FRONT_MATTER);
	assert_int_equal(run.diags.len, 1);
	run_end(&run);
	run = run_with(compile("{\"errorMessage\": {\"minItems\": \"two at least\"}, "
			       "\"minItems\": 2,"
			       " \"maxItems\": 1}"),
		"a: [x]\n", KB_SCHEMA_FRONT_MATTER);
	assert_true(run.ok);
	run_end(&run);
}

/* Schemas and values that ask for more than anybody waits for. */
static void bounded(void **state)
{
	kb_buf schema = {0}, yaml = {0};
	struct run run;

	(void)state;
	kb_buf_puts(&schema, "{\"definitions\": {\"d0\": {\"type\": \"integer\"}");
	for (int i = 1; i < 60; i++)
		kb_buf_fmt(&schema,
			", \"d%d\": {\"allOf\": [{\"$ref\": \"#/definitions/d%d\"},"
			" {\"$ref\": \"#/definitions/d%d\"}]}",
			i, i - 1, i - 1);
	kb_buf_puts(&schema, "}, \"allOf\": [{\"$ref\": \"#/definitions/d59\"}]}");
	run = run_with(compile(schema.data), "5\n", KB_SCHEMA_FRONT_MATTER);
	assert_false(run.ok);
	assert_non_null(strstr(run.diags.items[0].message.data, "too large"));
	run_end(&run);

	for (int i = 0; i < 20000; i++)
		kb_buf_fmt(&yaml, "- x%d\n", i);
	run = run_with(
		compile("{\"uniqueItems\": true}"), yaml.data, KB_SCHEMA_FRONT_MATTER);
	assert_true(run.ok);
	run_end(&run);
	for (int i = 0; i < 20000; i++)
		kb_buf_fmt(&yaml, "- [x%d]\n", i);
	run = run_with(
		compile("{\"uniqueItems\": true}"), yaml.data, KB_SCHEMA_FRONT_MATTER);
	assert_false(run.ok);
	assert_int_equal(run.diags.len, 1);
	run_end(&run);
	kb_buf_dispose(&schema);
	kb_buf_dispose(&yaml);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builtins_compile),
		cmocka_unit_test(mistakes_are_explained),
		cmocka_unit_test(nothing_is_meant),
		cmocka_unit_test(clean_content),
		cmocka_unit_test(types_from_the_schema),
		cmocka_unit_test(refusals),
		cmocka_unit_test(own_schemas),
		cmocka_unit_test(bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
