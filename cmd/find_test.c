/* kb find --test: golden queries, which must keep finding what they should. */
#include "find.h"

#include <stdio.h>

#include "kb/file.h"
#include "kb/schema.h"
#include "kb/yaml.h"

enum { WITHIN = 3 };

struct tally { /* of one locale's queries */
	size_t tests, found;
	double reciprocal;
};

struct tests {
	struct finder *f;
	struct tally *tallies;
	kb_buf text;
	struct kb_json json;
	kb_buf json_text;
};

struct outcome {
	const struct kb_node *test;
	struct kb_search_query query;
	kb_str expect; /* for people */
	size_t rank;   /* from 1; 0: it is not there */
	long long within;
	kb_str first; /* of the hits; or empty */
	bool found;
};

static kb_str text_of(const struct outcome *o, const char *key)
{
	return kb_node_str(kb_node_get(o->test, key));
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
static kb_str expect_say(struct kb_arena *arena, const struct kb_node *expect)
{
	if (expect->kind == KB_NODE_SCALAR)
		return kb_arena_fmt(arena, "'%.*s'", KB_ARG(kb_node_str(expect)));
	kb_str said = {0};
	for (uint32_t i = 0; i < expect->len; i++)
		said = kb_arena_fmt(arena, "%.*s%s'%.*s'", KB_ARG(said), i ? " or " : "",
			KB_ARG(kb_node_str(expect->items[i])));
	return said;
}

/* What the test says itself, else what the options say. */
static int read_test(struct finder *f, struct outcome *o, struct kb_error *err)
{
	struct kb_search_query *query = &o->query;
	kb_str locale = text_of(o, "locale"), audience = text_of(o, "audience"),
	       issue = text_of(o, "issue"), type = text_of(o, "type");
	enum kb_type only;
	*query = f->query;
	query->text = text_of(o, "query");
	o->within = WITHIN;
	kb_node_int(kb_node_get(o->test, "within"), &o->within);
	o->expect = expect_say(f->arena, kb_node_get(o->test, "expect"));
	if (type.len && !kb_type_parse(type, &only))
		query->types = 1u << only;
	if (locale.len || query->locale == KB_NONE) {
		const char *tag = locale.len ? kb_arena_str(f->arena, locale).data : NULL;
		if (kb_pick_locale(f->lib, tag, &query->locale, err))
			return -1;
	}
	if (audience.len &&
		kb_pick_audience(f->lib, kb_arena_str(f->arena, audience).data,
			&query->audience, err))
		return -1;
	return issue.len ? kb_pick_issue(f->lib, issue, &query->issue, err) : 0;
}

static void ask(struct finder *f, struct outcome *o)
{
	struct kb_search_hit *hits;
	size_t n = kb_search_find(f->search, f->arena, &o->query, &hits);
	for (size_t i = 0; i < n && !o->rank; i++)
		if (is_expected(kb_node_get(o->test, "expect"), hits[i].doc->id))
			o->rank = i + 1;
	o->first = n ? hits[0].doc->id : KB_STR("");
	o->found = o->rank && (long long)o->rank <= o->within;
}

static kb_str locale_of(const struct finder *f, uint32_t locale)
{
	return f->lib->config->locales[locale].code;
}

static void put_failure(struct tests *t, const struct outcome *o)
{
	kb_buf *out = &t->text;
	kb_buf_fmt(out, "'%.*s' (%.*s): %.*s ", KB_ARG(o->query.text),
		KB_ARG(locale_of(t->f, o->query.locale)), KB_ARG(o->expect));
	if (o->rank)
		kb_buf_fmt(out, "is number %zu, not among the first %lld", o->rank,
			o->within);
	else
		kb_buf_puts(out, "is not found");
	if (o->first.len && o->rank != 1)
		kb_buf_fmt(out, "; the first is '%.*s'", KB_ARG(o->first));
	kb_buf_putc(out, '\n');
}

static void put_test(struct tests *t, const struct outcome *o)
{
	struct kb_json *json = &t->json;
	kb_json_object(json);
	kb_json_pair(json, "query", o->query.text);
	kb_json_pair(json, "locale", locale_of(t->f, o->query.locale));
	kb_json_key(json, "within");
	kb_json_int(json, o->within);
	kb_json_key(json, "rank");
	kb_json_int(json, (long long)o->rank);
	kb_json_pair(json, "first", o->first);
	kb_json_key(json, "found");
	kb_json_bool(json, o->found);
	kb_json_object_end(json);
}

static int run_test(struct tests *t, const struct kb_node *test, struct kb_error *err)
{
	struct outcome o = {.test = test};
	if (read_test(t->f, &o, err))
		return -1;
	ask(t->f, &o);
	struct tally *tally = &t->tallies[o.query.locale];
	tally->tests++;
	tally->found += o.found;
	tally->reciprocal += o.rank ? 1.0 / (double)o.rank : 0;
	if (!o.found)
		put_failure(t, &o);
	put_test(t, &o);
	return 0;
}

/* A locale's figures. */
static void put_tally(struct tests *t, uint32_t locale)
{
	const struct tally *tally = &t->tallies[locale];
	kb_str code = locale_of(t->f, locale);
	double n = (double)tally->tests;
	double recall = (double)tally->found / n, mrr = tally->reciprocal / n;
	kb_buf_fmt(&t->text,
		"%.*s: %zu of %zu found where wanted (recall %.3f), mean reciprocal rank "
		"%.3f\n",
		KB_ARG(code), tally->found, tally->tests, recall, mrr);
	kb_json_object(&t->json);
	kb_json_pair(&t->json, "locale", code);
	kb_json_key(&t->json, "tests");
	kb_json_int(&t->json, (long long)tally->tests);
	kb_json_key(&t->json, "found");
	kb_json_int(&t->json, (long long)tally->found);
	kb_json_key(&t->json, "recall");
	kb_json_number(&t->json, recall);
	kb_json_key(&t->json, "mean_reciprocal_rank");
	kb_json_number(&t->json, mrr);
	kb_json_object_end(&t->json);
}

static int put_tallies(struct tests *t)
{
	int status = KB_EXIT_OK;
	for (uint32_t l = 0; l < t->f->lib->config->nlocales; l++) {
		if (!t->tallies[l].tests)
			continue;
		put_tally(t, l);
		if (t->tallies[l].found < t->tallies[l].tests)
			status = KB_EXIT_FOUND;
	}
	return status;
}

static bool text_get(void *text, kb_str path, kb_str *out)
{
	(void)path;
	*out = kb_buf_view(text);
	return true;
}

/* The list of tests, or NULL after what is wrong with it was printed. */
static const struct kb_node *read_tests(const struct finder *f, kb_buf *text, kb_str path)
{
	_cleanup_(kb_cleanup_schema) struct kb_schema *schema = NULL;
	kb_str name = KB_STR("search-tests");
	struct kb_diags diags;
	kb_diags_init(&diags, NULL);
	kb_schema_compile(&schema, kb_schema_builtin(name), name, NULL, NULL, NULL);
	const struct kb_node *root =
		kb_yaml_parse(f->arena, kb_buf_view(text), 0, path, &diags);
	if (root && !kb_schema_check(schema, root, path, KB_SCHEMA_CONFIG, &diags))
		root = NULL;
	if (!root) {
		kb_diags_finish(&diags, text_get, text);
		kb_output_complain(f->cli, &diags, KB_INFO);
	}
	kb_diags_dispose(&diags);
	return root ? kb_node_get(root, "tests") : NULL;
}

static int run_tests(struct tests *t, const struct kb_node *list, struct kb_error *err)
{
	kb_json_object(&t->json);
	kb_json_key(&t->json, "version");
	kb_json_int(&t->json, 1);
	kb_json_key(&t->json, "tests");
	kb_json_array(&t->json);
	for (uint32_t i = 0; i < list->len; i++)
		if (run_test(t, list->items[i], err))
			return -1;
	kb_json_array_end(&t->json);
	kb_json_key(&t->json, "locales");
	kb_json_array(&t->json);
	int status = put_tallies(t);
	kb_json_array_end(&t->json);
	kb_json_object_end(&t->json);
	kb_buf_putc(&t->json_text, '\n');
	return status;
}

int kb_find_test(struct finder *f, const char *path, bool json, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	struct tests t = {.f = f};
	if (kb_file_read(path, 0, &text, err))
		return -1;
	const struct kb_node *list = read_tests(f, &text, kb_str_of(path));
	if (!list || !list->len)
		return kb_error_set(err, KB_E_USAGE,
			"%s holds no list 'tests' of queries as '- {query: lost parcel, "
			"expect: parcel-missing}'",
			path);
	t.tallies = kb_arena_array(f->arena, struct tally, f->lib->config->nlocales);
	kb_json_init(&t.json, &t.json_text, true);
	int status = run_tests(&t, list, err);
	if (status >= 0)
		(json ? kb_put_bytes(stdout, kb_buf_view(&t.json_text))
		      : kb_put(f->cli, stdout, kb_buf_view(&t.text)));
	kb_buf_dispose(&t.text);
	kb_buf_dispose(&t.json_text);
	return status;
}
