/* kb find: search. Golden queries are in find_test.c. */
#include "find.h"
#include "session.h"

#include <stdio.h>

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
	{'n', "max-count", KB_OPT_NUMBER, AT(most), "N",
		"at most N hits; default: 10, with --test 100", NULL},
	{0, "test", KB_OPT_STRING, AT(test), "FILE",
		"run the golden queries of FILE (search-tests.yaml) in place of QUERY",
		NULL},
	{0, "format", KB_OPT_CHOICE, AT(format), "FORMAT", "print text (default) or json",
		formats},
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
	/* A golden query is a customer's where nothing else is said. */
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

static void put_passage(kb_buf *out, const struct kb_search_hit *hit)
{
	uint32_t at = 0;
	kb_buf_puts(out, "    ");
	for (size_t i = 0; i < hit->nmarks; i++) {
		kb_range mark = hit->marks[i];
		kb_buf_plain(out, kb_str_sub(hit->passage, at, mark.off));
		at = mark.off + mark.len;
		kb_buf_puts(out, KB_WARNING_STYLE);
		kb_buf_plain(out, kb_str_sub(hit->passage, mark.off, at));
		kb_buf_puts(out, KB_RESET);
	}
	kb_buf_plain(out, kb_str_sub(hit->passage, at, hit->passage.len));
	kb_buf_putc(out, '\n');
}

static kb_str title_of(const struct finder *f, const struct kb_document *doc)
{
	return kb_library_expand(f->lib, f->arena, doc->facts->title, doc->locale);
}

static void put_text(
	const struct finder *f, const struct kb_search_hit *hits, size_t n, kb_buf *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct kb_document *doc = hits[i].doc;
		kb_buf_puts(out, KB_BOLD);
		kb_buf_plain(out, title_of(f, doc));
		kb_buf_fmt(out, KB_RESET "  (%.*s, %s)\n    " KB_DIM, KB_ARG(doc->id),
			kb_type_name(doc->facts->type));
		kb_buf_plain(out, doc->path);
		kb_buf_puts(out, KB_RESET "\n");
		if (hits[i].passage.len)
			put_passage(out, &hits[i]);
	}
}

static void put_part(struct kb_json *json, kb_str text, bool mark)
{
	if (!text.len)
		return;
	kb_json_object(json);
	kb_json_pair(json, "text", text);
	kb_json_key(json, "mark");
	kb_json_bool(json, mark);
	kb_json_object_end(json);
}

static void put_json_passage(struct kb_json *json, const struct kb_search_hit *hit)
{
	uint32_t at = 0;
	kb_json_key(json, "passage");
	kb_json_array(json);
	for (size_t k = 0; k < hit->nmarks; k++) {
		kb_range mark = hit->marks[k];
		put_part(json, kb_str_sub(hit->passage, at, mark.off), false);
		at = mark.off + mark.len;
		put_part(json, kb_str_sub(hit->passage, mark.off, at), true);
	}
	put_part(json, kb_str_sub(hit->passage, at, hit->passage.len), false);
	kb_json_array_end(json);
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
		kb_json_pair(&json, "type", kb_str_of(kb_type_name(doc->facts->type)));
		kb_json_pair(&json, "locale", f->lib->config->locales[doc->locale].code);
		kb_json_pair(&json, "path", doc->path);
		kb_json_pair(&json, "title", title_of(f, doc));
		kb_json_key(&json, "score");
		kb_json_number(&json, hits[i].score);
		put_json_passage(&json, &hits[i]);
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
	if (f->values->format == 1)
		kb_put_bytes(stdout, kb_buf_view(&out));
	else
		kb_put(f->cli, stdout, kb_buf_view(&out));
	if (n)
		return KB_EXIT_OK;
	kb_str meant = kb_search_meant(f->search, f->arena, &f->query);
	if (meant.len)
		kb_complain("nothing matches; did you mean '%.*s'?", KB_ARG(meant));
	else
		kb_complain("nothing matches");
	return KB_EXIT_FOUND;
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
	status = f->values->test
			 ? kb_find_test(f, f->values->test, f->values->format == 1, &err)
			 : find(f);
	return status < 0 ? kb_fail(&err) : status;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct find_values *values = opaque;
	struct kb_session session;
	struct kb_error err;
	int status;
	if (!operands->len == !values->test) {
		kb_complain("say what to find: 'kb find lost parcel', or 'kb find --test "
			    "search-tests.yaml'");
		return KB_EXIT_FAILED;
	}
	values->read.search = true;
	if (kb_session_open(cli, &session, &values->read, &err)) {
		status = kb_session_failed(cli, &session, &err);
	} else {
		struct finder f = {.cli = cli,
			.values = values,
			.lib = session.lib,
			.search = session.search,
			.arena = kb_arena_new()};
		status = search(&f, operands);
		kb_arena_free(f.arena);
	}
	kb_session_dispose(&session);
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
