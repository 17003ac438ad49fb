/* kb find: search, and golden queries that must keep finding. */
#include "open.h"
#include "pick.h"

#include <stdio.h>

#include "kb/file.h"
#include "kb/search.h"

struct find_values {
	struct kb_read_values read;
	const char *locale, *region, *audience, *issue, *test;
	kb_strs types;
	unsigned most;
	bool drafts;
	int format;
};

static const char *const formats[] = {"text", "json", NULL};
static const char *const types[] = {"article", "workflow", "reply", "reference", NULL};

#define AT(field) offsetof(struct find_values, field)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"what a reader of this locale gets, fallbacks included; default: documents "
		"of every locale",
		NULL},
	{'t', "type", KB_OPT_LIST, AT(types), "TYPE",
		"only article, workflow, reply or reference; may be repeated", types},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"only what is about this issue, or one below it", NULL},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"what this audience may see; default: the most trusted one", NULL},
	{0, "region", KB_OPT_STRING, AT(region), "REGION", "for a reader in this region",
		NULL},
	{0, "drafts", KB_OPT_FLAG, AT(drafts), NULL, "drafts and reviews, too", NULL},
	{'n', "max-count", KB_OPT_NUMBER, AT(most), "N", "at most N hits; default: 10",
		NULL},
	{0, "test", KB_OPT_STRING, AT(test), "FILE",
		"run the golden queries of FILE (search-tests.yaml) in place of QUERY",
		NULL},
	{0, "format", KB_OPT_CHOICE, AT(format), "FORMAT", "print text (default) or json",
		formats},
	KB_READ_OPTIONS(struct find_values, read),
	KB_OPTION_END,
};

struct finder {
	const struct kb_cli *cli;
	const struct find_values *values;
	const struct kb_library *lib;
	struct kb_search *search;
	struct kb_arena *arena;
	struct kb_search_query query;
};

static int read_query(struct finder *f, struct kb_error *err)
{
	const struct find_values *values = f->values;
	struct kb_search_query *query = &f->query;
	*query = (struct kb_search_query){.locale = KB_NONE,
		.most = values->most ? values->most : 10,
		.drafts = values->drafts};
	if (kb_pick_audience(f->lib, values->audience, &query->audience, err) ||
		(values->locale &&
			kb_pick_locale(f->lib, values->locale, &query->locale, err)) ||
		kb_pick_region(f->lib, values->region, NULL, &query->region, err) ||
		(values->issue && kb_pick_issue(f->lib, kb_str_of(values->issue),
					  &query->issue, err)))
		return -1;
	for (size_t i = 0; i < values->types.len; i++) {
		enum kb_type type;
		if (!kb_type_parse(values->types.items[i], &type))
			query->types |= 1u << type;
	}
	return 0;
}

static void put_passage(kb_buf *out, const struct kb_search_hit *hit, bool color)
{
	uint32_t at = 0;
	kb_buf_puts(out, "    ");
	for (size_t i = 0; color && i < hit->nmarks; i++) {
		kb_range mark = hit->marks[i];
		kb_buf_str(out, kb_str_sub(hit->passage, at, mark.off));
		kb_buf_fmt(out, "\033[1;33m%.*s\033[0m", (int)mark.len,
			hit->passage.data + mark.off);
		at = mark.off + mark.len;
	}
	kb_buf_str(out, kb_str_sub(hit->passage, at, hit->passage.len));
	kb_buf_putc(out, '\n');
}

static kb_str title_of(const struct finder *f, const struct kb_document *doc)
{
	return kb_library_expand(f->lib, f->arena, doc->title, doc->locale);
}

static void put_text(
	const struct finder *f, const struct kb_search_hit *hits, size_t n, kb_buf *out)
{
	bool color = f->cli->color_out;
	for (size_t i = 0; i < n; i++) {
		const struct kb_document *doc = hits[i].doc;
		kb_buf_fmt(out, "%s%.*s%s  (%.*s, %s)\n    %s%.*s%s\n",
			color ? "\033[1m" : "", KB_ARG(title_of(f, doc)),
			color ? "\033[0m" : "", KB_ARG(doc->id), kb_type_name(doc->type),
			color ? "\033[2m" : "", KB_ARG(doc->path),
			color ? "\033[0m" : "");
		if (hits[i].passage.len)
			put_passage(out, &hits[i], color);
	}
}

static void put_json(
	const struct finder *f, const struct kb_search_hit *hits, size_t n, kb_buf *out)
{
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_pair(&json, "query", f->query.text);
	kb_json_key(&json, "hits");
	kb_json_array(&json);
	for (size_t i = 0; i < n; i++) {
		const struct kb_document *doc = hits[i].doc;
		kb_json_object(&json);
		kb_json_pair(&json, "id", doc->id);
		kb_json_pair(&json, "type", kb_str_of(kb_type_name(doc->type)));
		kb_json_pair(&json, "locale", f->lib->config->locales[doc->locale].code);
		kb_json_pair(&json, "path", doc->path);
		kb_json_pair(&json, "title", title_of(f, doc));
		kb_json_pair(
			&json, "score", kb_arena_fmt(f->arena, "%.3f", hits[i].score));
		kb_json_pair(&json, "passage", hits[i].passage);
		kb_json_key(&json, "marks");
		kb_json_array(&json);
		for (size_t k = 0; k < hits[i].nmarks; k++) {
			kb_range mark = hits[i].marks[k];
			kb_json_str(&json, kb_str_sub(hits[i].passage, mark.off,
						   mark.off + mark.len));
		}
		kb_json_array_end(&json);
		kb_json_object_end(&json);
	}
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

static int find(struct finder *f)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_search_hit *hits;
	size_t n = kb_search_find(f->search, f->arena, &f->query, &hits);
	if (f->values->format == 1)
		put_json(f, hits, n, &out);
	else
		put_text(f, hits, n, &out);
	kb_put(stdout, kb_buf_view(&out));
	if (n)
		return KB_EXIT_OK;
	kb_str meant = kb_search_meant(f->search, f->arena, &f->query);
	if (meant.len)
		kb_complain("nothing matches; did you mean '%.*s'?", KB_ARG(meant));
	else
		kb_complain("nothing matches");
	return KB_EXIT_FOUND;
}

struct tally { /* of one locale's golden queries */
	size_t tests, found;
	double reciprocal;
};

/* The place of a document among the hits, from 1; 0: it is not there. */
static size_t rank_of(const struct kb_search_hit *hits, size_t n, kb_str id)
{
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(hits[i].doc->id, id))
			return i + 1;
	return 0;
}

static int test_one(struct finder *f, const struct kb_node *test, struct tally *tallies,
	kb_buf *out, struct kb_error *err)
{
	struct kb_search_query query = f->query;
	struct kb_search_hit *hits;
	kb_str expect = kb_node_str(kb_node_get(test, "expect"));
	kb_str locale = kb_node_str(kb_node_get(test, "locale"));
	long long within = 3;
	query.text = kb_node_str(kb_node_get(test, "query"));
	query.most = 100;
	if (!query.text.len || !expect.len)
		return kb_error_set(
			err, KB_E_USAGE, "a test lacks its 'query' or what to 'expect'");
	if (kb_node_get(test, "within") &&
		(kb_node_int(kb_node_get(test, "within"), &within) || within < 1))
		return kb_error_set(err, KB_E_USAGE,
			"'within' of the test '%.*s' is no number from 1 on",
			KB_ARG(query.text));
	if (kb_pick_locale(f->lib,
		    locale.len ? kb_arena_str(f->arena, locale).data : f->values->locale,
		    &query.locale, err))
		return -1;
	size_t n = kb_search_find(f->search, f->arena, &query, &hits);
	size_t rank = rank_of(hits, n, expect);
	struct tally *tally = &tallies[query.locale];
	tally->tests++;
	tally->reciprocal += rank ? 1.0 / (double)rank : 0;
	if (rank && rank <= (size_t)within) {
		tally->found++;
		return 0;
	}
	kb_buf_fmt(out, "'%.*s' (%.*s): '%.*s' ", KB_ARG(query.text),
		KB_ARG(f->lib->config->locales[query.locale].code), KB_ARG(expect));
	if (rank)
		kb_buf_fmt(out, "is number %zu, not among the first %lld", rank, within);
	else
		kb_buf_puts(out, "is not found");
	if (n && rank != 1)
		kb_buf_fmt(out, "; the first is '%.*s'", KB_ARG(hits[0].doc->id));
	kb_buf_putc(out, '\n');
	return 0;
}

static int put_tallies(const struct finder *f, const struct tally *tallies, kb_buf *out)
{
	int status = KB_EXIT_OK;
	for (uint32_t l = 0; l < f->lib->config->nlocales; l++) {
		const struct tally *t = &tallies[l];
		if (!t->tests)
			continue;
		kb_buf_fmt(out,
			"%.*s: %zu of %zu found where wanted (recall %.3f), mean "
			"reciprocal rank %.3f\n",
			KB_ARG(f->lib->config->locales[l].code), t->found, t->tests,
			(double)t->found / (double)t->tests,
			t->reciprocal / (double)t->tests);
		if (t->found < t->tests)
			status = KB_EXIT_FOUND;
	}
	return status;
}

static int run_tests(struct finder *f, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0}, out = {0};
	struct kb_diags diags;
	struct tally *tallies =
		kb_arena_array(f->arena, struct tally, f->lib->config->nlocales);
	if (kb_file_read(f->values->test, 0, &text, err))
		return -1;
	kb_diags_init(&diags, f->lib->config->severities);
	struct kb_node *root = kb_yaml_parse(
		f->arena, kb_buf_view(&text), 0, kb_str_of(f->values->test), &diags);
	kb_diags_dispose(&diags);
	const struct kb_node *tests = root ? kb_node_get(root, "tests") : NULL;
	if (!tests || tests->kind != KB_NODE_SEQ || !tests->len)
		return kb_error_set(err, KB_E_USAGE,
			"%s holds no list 'tests' of queries: '- {query: lost parcel, "
			"expect: parcel-missing}'",
			f->values->test);
	for (uint32_t i = 0; i < tests->len; i++)
		if (test_one(f, tests->items[i], tallies, &out, err))
			return -1;
	int status = put_tallies(f, tallies, &out);
	kb_put(stdout, kb_buf_view(&out));
	return status;
}

static int search(struct finder *f, const kb_strs *operands)
{
	_cleanup_buf_ kb_buf text = {0};
	struct kb_error err;
	int status;
	if (read_query(f, &err))
		return kb_fail(&err);
	for (size_t i = 0; i < operands->len; i++)
		kb_buf_fmt(&text, "%s%.*s", i ? " " : "", KB_ARG(operands->items[i]));
	f->query.text = kb_buf_view(&text);
	status = f->values->test ? run_tests(f, &err) : find(f);
	return status < 0 ? kb_fail(&err) : status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct find_values *values = opaque;
	struct kb_opened opened;
	struct kb_error err;
	int status;
	if (!operands->len == !values->test) {
		kb_complain("say what to find: 'kb find lost parcel', or 'kb find --test "
			    "search-tests.yaml'");
		return KB_EXIT_FAILED;
	}
	values->read.search = true;
	if (kb_open(cli, &opened, &values->read, &err)) {
		status = kb_open_failed(cli, &opened, &err);
	} else {
		struct finder f = {.cli = cli,
			.values = values,
			.lib = opened.lib,
			.search = opened.search,
			.arena = kb_arena_new()};
		status = search(&f, operands);
		kb_arena_free(f.arena);
	}
	kb_opened_dispose(&opened);
	return status;
}

const struct kb_command kb_cmd_find = {
	.name = "find",
	.summary = "search the content, ranked, in any locale",
	.operands = "QUERY...",
	.options = options,
	.values_size = sizeof(struct find_values),
	.run = run,
};
