/* kb find: search, and golden queries. */
#include "kb/file.h"
#include "kb/pages.h"
#include "kb/pick.h"
#include "output.h"
#include "session.h"

struct find_values {
	struct kb_read_values read;
	const char *locale, *region, *audience, *issue, *test;
	kb_strs types;
	unsigned most;
	kb_strs reports;
	bool drafts;
};

static const char *const formats[] = {"text", "markdown", "html", "json", NULL};
static const char *const types[] = {"article", "workflow", "reply", "reference", NULL};

#define AT(field) offsetof(struct find_values, field)
static const struct kb_option options[] = {
	{'l', "locale", KB_OPT_STRING, AT(locale), "LOCALE",
		"find what a reader of this locale sees, with fallbacks; default: "
		"documents in all locales",
		NULL},
	{'t', "type", KB_OPT_LIST, AT(types), "TYPE",
		"only article, workflow, reply or reference; may be repeated", types},
	{0, "issue", KB_OPT_STRING, AT(issue), "ISSUE",
		"only what is about this issue or one below it", NULL},
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"show what this audience can see; default: the most trusted one", NULL},
	{0, "region", KB_OPT_STRING, AT(region), "REGION", "for a reader in this region",
		NULL},
	{0, "drafts", KB_OPT_FLAG, AT(drafts), NULL,
		"include drafts and documents in "
		"review",
		NULL},
	{'n', "max-count", KB_OPT_NUMBER, AT(most), "N",
		"at most N results; default: 10, with --test 100", NULL},
	{0, "test", KB_OPT_STRING, AT(test), "FILE",
		"run the golden queries in FILE (search-tests.yaml) instead of QUERY",
		NULL},
	KB_OUTPUT_OPTIONS(struct find_values, reports, formats,
		"print text (default), markdown, html or json; may be repeated, each with "
		"--output"),
	KB_READ_OPTIONS(struct find_values, read),
	KB_OPTION_END,
};

/* By name; said twice, both. */
static unsigned types_of(const kb_strs *names)
{
	unsigned bits = 0;

	for (size_t i = 0; i < names->len; i++) {
		enum kb_type type;

		if (!kb_type_parse(names->items[i], &type))
			bits |= 1u << type;
	}
	return bits;
}

struct finder {
	const struct kb_cli *cli;
	const struct find_values *values;
	const struct kb_library *lib;
	struct kb_search *search;
	struct kb_arena *arena;
	struct kb_search_query query; /* as the options say */
};

static int read_query(struct finder *f, struct kb_error *err)
{
	const struct find_values *values = f->values;
	struct kb_search_query *query = &f->query;

	*query = (struct kb_search_query){.locale = KB_NONE,
		.most = values->most   ? values->most
			: values->test ? 100
				       : 10,
		.types = types_of(&values->types),
		.drafts = values->drafts};
	/* By default, a golden query is a customer's. */
	const char *audience = values->audience || !values->test
				       ? values->audience
				       : f->lib->config->audiences[0].data;
	if (kb_pick_audience(f->lib, audience, &query->audience, err) ||
		(values->locale &&
			kb_pick_locale(f->lib, values->locale, &query->locale, err)) ||
		kb_pick_region(f->lib, values->region, NULL, &query->region, err) ||
		(values->issue && kb_pick_issue_for(f->lib, kb_str_of(values->issue),
					  query->audience, &query->issue, err)))
		return -1;
	return 0;
}

static int find(struct finder *f, struct kb_error *err)
{
	struct kb_search_hit *hits;
	size_t n = kb_search_find(f->search, f->arena, &f->query, &hits);
	struct kb_report report;

	kb_report_hits(&report, f->lib, &f->query, hits, n);
	int failed =
		kb_output_report(f->cli, &f->values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	if (failed)
		return -1;
	if (n)
		return KB_EXIT_OK;
	kb_str meant = kb_search_meant(f->search, f->arena, &f->query);
	if (meant.len)
		kb_complain("nothing matches; did you mean '%.*s'?", KB_ARG(meant));
	else
		kb_complain("nothing matches");
	return KB_EXIT_FOUND;
}

static int test(struct finder *f, struct kb_error *err)
{
	kb_str path = kb_str_of(f->values->test);
	_cleanup_buf_ kb_buf text = {0};
	struct kb_golden golden;
	struct kb_report report;
	struct kb_diags diags;

	if (kb_file_read(path.data, 0, &text, err))
		return -1;
	kb_diags_init(&diags, NULL);
	int failed = kb_golden_run(f->search, f->lib, &f->query, kb_buf_view(&text), path,
		f->arena, &golden, &diags, err);
	kb_output_complain(f->cli, &diags, KB_INFO);
	kb_diags_dispose(&diags);
	if (failed)
		return -1;
	kb_report_golden(&report, f->lib, &golden);
	failed = kb_output_report(f->cli, &f->values->reports, &report, NULL, NULL, err);
	kb_report_dispose(&report);
	if (failed)
		return -1;
	return kb_golden_passed(&golden) ? KB_EXIT_OK : KB_EXIT_FOUND;
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	const struct find_values *values = opaque;

	return !operands->len == !values->test
		       ? kb_error_set(err, KB_E_USAGE,
				 "write what to find: 'kb find lost parcel', or 'kb "
				 "find --test search-tests.yaml'")
		       : 0;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	struct finder f = {.cli = session->cli,
		.values = opaque,
		.lib = session->lib,
		.search = session->search,
		.arena = session->arena};

	if (read_query(&f, err))
		return -1;
	for (size_t i = 0; i < operands->len; i++)
		kb_buf_fmt(&text, "%s%.*s", i ? " " : "", KB_ARG(operands->items[i]));
	f.query.text = kb_buf_view(&text);
	return f.values->test ? test(&f, err) : find(&f, err);
}

const struct kb_command kb_cmd_find = {
	.name = "find",
	.summary = "search the content in any locale",
	.operands = "QUERY...",
	.options = options,
	.values_size = sizeof(struct find_values),
	.check = check,
	.needs = KB_NEEDS_SEARCH,
	.read = AT(read),
	.work = work,
};
