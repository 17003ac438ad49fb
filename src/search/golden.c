#include "kb/golden.h"

#include "kb/pick.h"
#include "kb/schema.h"
#include "kb/yaml.h"

enum { WITHIN = 3 };

struct golden_run {
	struct kb_search *search;
	const struct kb_library *lib;
	const struct kb_search_query *defaults;
	struct kb_arena *arena;
	struct kb_golden *out;
	struct kb_error *err;
};

static kb_str text_of(const struct kb_node *test, const char *key)
{
	return kb_node_str(kb_node_get(test, key));
}

static bool is_expected(const struct kb_node *expect, kb_str id)
{
	if (expect->kind == KB_NODE_SCALAR)
		return kb_str_eq(kb_node_str(expect), id);
	for (uint32_t i = 0; i < expect->len; i++)
		if (kb_str_eq(kb_node_str(expect->items[i]), id))
			return true;
	return false;
}

/* "'a'", or "'a' or 'b'" */
static kb_str words_of(struct kb_arena *arena, const struct kb_node *expect)
{
	kb_str words = {0};

	if (expect->kind == KB_NODE_SCALAR)
		return kb_arena_fmt(arena, "'%.*s'", KB_ARG(kb_node_str(expect)));
	for (uint32_t i = 0; i < expect->len; i++)
		words = kb_arena_fmt(arena, "%.*s%s'%.*s'", KB_ARG(words),
			i ? " or " : "", KB_ARG(kb_node_str(expect->items[i])));
	return words;
}

/* What the test says itself, else the defaults. */
static int read_query(const struct golden_run *run, const struct kb_node *test,
	struct kb_search_query *query)
{
	kb_str locale = text_of(test, "locale"), audience = text_of(test, "audience"),
	       issue = text_of(test, "issue"), type = text_of(test, "type");
	enum kb_type only;

	*query = *run->defaults;
	query->text = text_of(test, "query");
	if (type.len && !kb_type_parse(type, &only))
		query->types = 1u << only;
	if (locale.len || query->locale == KB_NONE) {
		const char *tag =
			locale.len ? kb_arena_str(run->arena, locale).data : NULL;

		if (kb_pick_locale(run->lib, tag, &query->locale, run->err))
			return -1;
	}
	if (audience.len &&
		kb_pick_audience(run->lib, kb_arena_str(run->arena, audience).data,
			&query->audience, run->err))
		return -1;
	return issue.len ? kb_pick_issue(run->lib, issue, &query->issue, run->err) : 0;
}

static int run_test(const struct golden_run *run, const struct kb_node *test,
	struct kb_golden_test *out)
{
	const struct kb_node *expect = kb_node_get(test, "expect");
	struct kb_golden_tally *tally;
	struct kb_search_hit *hits;
	size_t n;

	*out = (struct kb_golden_test){
		.expect = words_of(run->arena, expect), .within = WITHIN};
	kb_node_int(kb_node_get(test, "within"), &out->within);
	if (read_query(run, test, &out->query))
		return -1;
	n = kb_search_find(run->search, run->arena, &out->query, &hits);
	for (size_t i = 0; i < n && !out->rank; i++)
		if (is_expected(expect, hits[i].doc->id))
			out->rank = i + 1;
	out->first = n ? hits[0].doc->id : KB_STR("");
	out->found = out->rank && (long long)out->rank <= out->within;
	tally = &run->out->locales[out->query.locale];
	tally->tests++;
	tally->found += out->found;
	tally->mean_reciprocal_rank += out->rank ? 1.0 / (double)out->rank : 0;
	return 0;
}

static bool get_text(void *text, kb_str path, kb_str *out)
{
	(void)path;
	*out = *(const kb_str *)text;
	return true;
}

/* The list of tests, or NULL with what is wrong with it in DIAGS. */
static const struct kb_node *read_tests(
	struct kb_arena *arena, kb_str text, kb_str path, struct kb_diags *diags)
{
	_cleanup_(kb_cleanup_schema) struct kb_schema *schema = NULL;
	kb_str name = KB_STR("search-tests");
	const struct kb_node *root = kb_yaml_parse(arena, text, 0, path, diags);

	kb_schema_compile(&schema, kb_schema_builtin(name), name, NULL, NULL, NULL);
	if (root && !kb_schema_check(schema, root, path, KB_SCHEMA_CONFIG, diags))
		root = NULL;
	if (!root)
		kb_diags_finish(diags, get_text, &text);
	return root ? kb_node_get(root, "tests") : NULL;
}

int kb_golden_run(struct kb_search *search, const struct kb_library *lib,
	const struct kb_search_query *defaults, kb_str text, kb_str path,
	struct kb_arena *arena, struct kb_golden *out, struct kb_diags *diags,
	struct kb_error *err)
{
	const struct golden_run run = {search, lib, defaults, arena, out, err};
	const struct kb_node *list = read_tests(arena, text, path, diags);
	uint32_t nlocales = lib->config->nlocales;

	if (!list)
		return kb_error_set(err, KB_E_USAGE,
			"no query was run: fix %.*s first; a test is written like '- "
			"{query: lost parcel, expect: parcel-missing}'",
			KB_ARG(path));
	if (!list->len)
		return kb_error_set(err, KB_E_USAGE,
			"%.*s has no list 'tests' of queries such as '- {query: lost "
			"parcel, expect: parcel-missing}'",
			KB_ARG(path));
	*out = (struct kb_golden){
		.tests = kb_arena_array(arena, struct kb_golden_test, list->len),
		.n = list->len,
		.locales = kb_arena_array(arena, struct kb_golden_tally, nlocales)};
	for (uint32_t i = 0; i < list->len; i++)
		if (run_test(&run, list->items[i], &out->tests[i]))
			return -1;
	for (uint32_t i = 0; i < nlocales; i++) {
		struct kb_golden_tally *tally = &out->locales[i];

		if (!tally->tests)
			continue;
		tally->recall = (double)tally->found / (double)tally->tests;
		tally->mean_reciprocal_rank /= (double)tally->tests;
	}
	return 0;
}

bool kb_golden_passed(const struct kb_golden *golden)
{
	for (size_t i = 0; i < golden->n; i++)
		if (!golden->tests[i].found)
			return false;
	return true;
}

static void push_test(const struct kb_library *lib, const struct kb_golden_test *test,
	struct kb_arena *arena, struct kb_value *list)
{
	struct kb_value *map = kb_value_push_map(arena, list);

	kb_value_set_str(arena, map, "query", test->query.text);
	kb_value_set_str(
		arena, map, "locale", lib->config->locales[test->query.locale].code);
	kb_value_set_int(arena, map, "within", test->within);
	kb_value_set_int(arena, map, "rank", (long long)test->rank);
	kb_value_set_str(arena, map, "first", test->first);
	kb_value_set_bool(arena, map, "found", test->found);
}

void kb_golden_value(const struct kb_library *lib, const struct kb_golden *golden,
	struct kb_arena *arena, struct kb_value *root)
{
	struct kb_value *list = kb_value_set_list(arena, root, "tests");

	for (size_t i = 0; i < golden->n; i++)
		push_test(lib, &golden->tests[i], arena, list);
	list = kb_value_set_list(arena, root, "locales");
	for (uint32_t i = 0; i < lib->config->nlocales; i++) {
		const struct kb_golden_tally *tally = &golden->locales[i];
		struct kb_value *map;

		if (!tally->tests)
			continue;
		map = kb_value_push_map(arena, list);
		kb_value_set_str(arena, map, "locale", lib->config->locales[i].code);
		kb_value_set_int(arena, map, "tests", (long long)tally->tests);
		kb_value_set_int(arena, map, "found", (long long)tally->found);
		kb_value_set_decimal(arena, map, "recall", tally->recall);
		kb_value_set_decimal(
			arena, map, "mean_reciprocal_rank", tally->mean_reciprocal_rank);
	}
}
