#include "data.h"

#include "kb/embed.h"
#include "kb/hash.h"
#include "kb/tally.h"
#include "kb/value.h"

/* Lists of what the site has as data. They are small beside what they list, so all but
 * the replies are made in each run. */

#define SCHEMAS "schemas/api/"

static int write_json(struct site *site, const char *name, const struct kb_value *value,
	struct kb_error *err)
{
	_cleanup_buf_ kb_buf out = {0};

	kb_value_json(value, KB_JSON_LINE, &out);
	return output_write(site->out, kb_arena_fmt(site->arena, DATA_FOLDER "%s", name),
		kb_buf_view(&out), OUTPUT_PAGE, KB_STR(""), err);
}

struct document_pages {
	KB_VEC(const struct page *);
};

static int by_address(const void *a, const void *b)
{
	return kb_str_cmp((*(const struct page *const *)a)->address,
		(*(const struct page *const *)b)->address);
}

/* All, whether they are made or stay. */
static void find_documents(const struct site *site, struct document_pages *out)
{
	for (size_t i = 0; i < site->pages.len; i++) {
		const struct page *page = site->pages.items[i];

		if (page->kind == PAGE_DOCUMENT || page->kind == PAGE_KEPT)
			kb_vec_push(out, page);
	}
	if (out->len)
		qsort(out->items, out->len, sizeof(*out->items), by_address);
}

static struct kb_value *root_of(struct job *job)
{
	struct kb_value *root = v_map(job);

	v_set(job, root, "version", kb_value_int(job->arena, DATA_VERSION));
	return root;
}

/* The locales of the site by code, each with what ADD puts. */
static struct kb_value *names_of(struct job *job, const struct kb_l10n *name)
{
	const struct site *site = job->site;
	struct kb_value *map = v_map(job);

	for (uint32_t i = 0; i < site->nlocales; i++)
		kb_value_set_opt(job->arena, map, site->locales[i].code.data,
			kb_l10n_get(site->config, name, site->locales[i].index));
	return map;
}

/* Pages of documents, by type. */
static struct kb_value *counts_of(struct job *job, uint32_t locale)
{
	const struct site *site = job->site;
	struct kb_value *map = v_map(job);
	uint32_t counts[KB_TYPE_COUNT] = {0};

	for (size_t i = 0; i < site->pages.len; i++) {
		const struct page *page = site->pages.items[i];

		if ((page->kind == PAGE_DOCUMENT || page->kind == PAGE_KEPT) &&
			page->locale == locale)
			counts[page->doc->facts->type]++;
	}
	for (uint32_t type = 0; type < KB_SNIPPET; type++)
		v_set(job, map, kb_type_name((enum kb_type)type),
			kb_value_int(job->arena, counts[type]));
	return map;
}

static void add_locale(struct job *job, struct kb_value *list, uint32_t i)
{
	const struct site *site = job->site;
	const struct site_locale *locale = &site->locales[i];
	const struct kb_locale *it = &site->config->locales[locale->index];
	struct kb_value *map = kb_value_push_map(job->arena, list);

	v_str(job, map, "code", locale->code);
	v_str(job, map, "name", it->name);
	v_str(job, map, "direction", locale->dir);
	if (it->fallback != KB_NONE && site->published[it->fallback] != KB_NONE)
		v_str(job, map, "fallback", site->config->locales[it->fallback].code);
	v_str(job, map, "home", kb_arena_fmt(job->arena, "%.*s/", KB_ARG(locale->code)));
	v_set(job, map, "documents", counts_of(job, i));
}

static int write_index(struct job *job, struct kb_error *err)
{
	static const char *const files[][2] = {{"issues", "issues.json"},
		{"documents", "documents.json"}, {"replies", "replies.json"},
		{"changes", "changes.{locale}.json"},
		{"issue", "issues/{id}.{locale}.json"},
		{"document", "documents/{id}.{locale}.json"},
		{"workflow", "workflows/{id}.{locale}.json"}, {"schemas", "schemas/"}};
	const struct site *site = job->site;
	struct kb_value *root = root_of(job), *map, *list;

	v_set(job, root, "name", names_of(job, &site->config->name));
	v_str(job, root, "audience", site->config->audiences[site->audience]);
	kb_value_set_opt(job->arena, root, "base_url", site->own_url);
	list = kb_value_set_list(job->arena, root, "locales");
	for (uint32_t i = 0; i < site->nlocales; i++)
		add_locale(job, list, i);
	map = kb_value_set_map(job->arena, root, "files");
	for (size_t i = 0; i < KB_LEN(files); i++)
		v_str(job, map, files[i][0],
			kb_arena_fmt(job->arena, DATA_FOLDER "%s", files[i][1]));
	return write_json((struct site *)site, "index.json", root, err);
}

/* Where an issue is shown: its documents and its file, by locale. */
static bool add_shown(struct job *job, struct kb_value *map, uint32_t issue)
{
	const struct site *site = job->site;
	const struct site_locale *before = job->locale;
	struct kb_value *data = kb_value_set_map(job->arena, map, "data");
	struct kb_value *count = kb_value_set_map(job->arena, map, "documents");
	bool any = false;

	for (uint32_t i = 0; i < site->nlocales; i++) {
		const struct site_locale *locale = job->locale = &site->locales[i];

		if (!locale->issue_shown[issue])
			continue;
		any = true;
		kb_value_set_opt(job->arena, data, locale->code.data,
			data_path(job, "issues", site->lib->taxonomy->issues[issue].id));
		v_set(job, count, locale->code.data,
			kb_value_int(job->arena, locale->issue_count[issue]));
	}
	job->locale = before;
	return any;
}

/* The nearest issue above that some locale shows. */
static uint32_t parent_of(const struct site *site, uint32_t issue)
{
	uint32_t up = KB_NONE;

	for (uint32_t i = 0; i < site->nlocales && up == KB_NONE; i++)
		if (site->locales[i].issue_shown[issue])
			up = plan_parent(site, &site->locales[i], issue);
	return up;
}

static int write_issues(struct job *job, struct kb_error *err)
{
	const struct site *site = job->site;
	const struct kb_taxonomy *taxonomy = site->lib->taxonomy;
	struct kb_value *root = root_of(job);
	struct kb_value *list = kb_value_set_list(job->arena, root, "issues");

	for (uint32_t i = 0; i < taxonomy->len; i++) {
		struct kb_value *map = v_map(job);
		uint32_t up = parent_of(site, i);

		data_add_issue(job, map, i);
		v_set(job, map, "label", names_of(job, &taxonomy->issues[i].label));
		if (taxonomy->issues[i].description.n)
			v_set(job, map, "description",
				names_of(job, &taxonomy->issues[i].description));
		if (up != KB_NONE)
			v_str(job, map, "parent", taxonomy->issues[up].id);
		if (add_shown(job, map, i))
			kb_value_push(job->arena, list, map);
	}
	return write_json((struct site *)site, "issues.json", root, err);
}

/* Of the text that readers get. */
static kb_str revision_of(struct job *job, const struct page *page)
{
	if (page->kind == PAGE_DOCUMENT)
		return kb_str_of(page->doc->facts->blob);
	return kb_value_text(kb_value_get(data_record(job, page), KB_STR("revision")));
}

/* Of each document in each locale which text it is, so that a copy is kept up to date.
 * There are many, so none stays in memory but as JSON. */
static int write_documents(
	struct job *job, const struct document_pages *pages, struct kb_error *err)
{
	static const char end[] = "]}"; /* closes the list and the object around it */
	const struct site *site = job->site;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_value *root = root_of(job);
	_cleanup_buf_ kb_buf out = {0};

	kb_value_set_list(job->arena, root, "documents");
	kb_value_json(root, KB_JSON_LINE, &out);
	out.len -= strlen(end);
	job->arena = arena;
	for (size_t i = 0; i < pages->len; i++) {
		const struct page *page = pages->items[i];
		struct kb_value *map = v_map(job);

		job->locale = &site->locales[page->locale];
		v_str(job, map, "id", page->doc->id);
		v_str(job, map, "locale", job->locale->code);
		v_str(job, map, "type", kb_str_of(kb_type_name(page->doc->facts->type)));
		kb_value_set_opt(job->arena, map, "revision", revision_of(job, page));
		kb_value_set_opt(job->arena, map, "data",
			data_path(job, "documents", page->doc->id));
		kb_buf_puts(&out, i ? "," : "");
		kb_value_json(map, KB_JSON_LINE, &out);
		kb_arena_reset(arena);
	}
	kb_buf_puts(&out, end);
	job->arena = job->worker->arena;
	return output_write(site->out, KB_STR(DATA_FOLDER "documents.json"),
		kb_buf_view(&out), OUTPUT_PAGE, KB_STR(""), err);
}

/* Replies */

static struct kb_value *replies_value(struct job *job, const struct document_pages *pages)
{
	const struct site *site = job->site;
	struct kb_value *root = root_of(job);
	struct kb_value *list = kb_value_set_list(job->arena, root, "replies");

	for (size_t i = 0; i < pages->len; i++) {
		const struct page *page = pages->items[i];
		struct kb_value *record, *reply;

		if (page->doc->facts->type != KB_REPLY)
			continue;
		job->page = page;
		job->locale = &site->locales[page->locale];
		job->root = KB_STR("./");
		record = data_record(job, page);
		if (!record)
			continue;
		kb_value_push(job->arena, list, record);
		if (page->kind == PAGE_KEPT || !page->doc->reply)
			continue;
		reply = v_map(job);
		if (reply_put_parts(job, reply, page->doc) < 0)
			return NULL;
		data_add_reply(job, record, reply, page->doc);
	}
	return root;
}

static int write_replies(
	struct job *job, const struct document_pages *pages, struct kb_error *err)
{
	struct site *site = (struct site *)job->site;
	const kb_str path = KB_STR(DATA_FOLDER "replies.json");
	_cleanup_buf_ kb_buf all = {0};
	struct kb_value *value;
	uint64_t sign;

	job->signing = true;
	value = replies_value(job, pages);
	job->signing = false;
	if (!value)
		return -1;
	kb_buf_add(&all, &site->sign, sizeof(site->sign));
	kb_value_print(value, &all);
	sign = kb_hash64(kb_buf_view(&all)) | 1;
	if (!job->unknown && output_same(site->out, path, sign))
		return 0;
	value = replies_value(job, pages);
	if (!value || job->failed || write_json(site, "replies.json", value, err) < 0)
		return -1;
	output_sign(site->out, path, job->unknown ? 0 : sign);
	return 0;
}

static int write_schemas(struct site *site, struct kb_error *err)
{
	size_t n;
	const struct kb_embed *files = kb_embed_list(&n);

	for (size_t i = 0; i < n; i++) {
		kb_str path = kb_str_of(files[i].path);

		/* That of `kb case`. */
		if (kb_str_is(path, SCHEMAS "case.json"))
			continue;
		if (kb_str_starts(path, KB_STR(SCHEMAS)) &&
			output_write(site->out,
				kb_arena_fmt(site->arena, DATA_FOLDER "schemas/%.*s",
					KB_ARG(kb_str_sub(
						path, sizeof(SCHEMAS) - 1, path.len))),
				files[i].data, OUTPUT_PAGE, KB_STR(""), err) < 0)
			return -1;
	}
	return 0;
}

int data_write(struct site *site, struct kb_error *err)
{
	struct site_worker worker = {
		.arena = kb_arena_new(), .reader = kb_reader_new(site->lib->source)};
	struct job job = {.site = site,
		.worker = &worker,
		.arena = worker.arena,
		.locale = &site->locales[site->source],
		.root = KB_STR("./"),
		.err = err};
	struct document_pages pages = {0};
	int failed = 0;

	if (site->api)
		find_documents(site, &pages);
	kb_diags_init(&worker.diags, site->diags->severities);
	if (site->api)
		failed = write_index(&job, err) || write_issues(&job, err) ||
			 write_documents(&job, &pages, err) ||
			 write_replies(&job, &pages, err) || write_schemas(site, err);
	kb_vec_dispose(&pages);
	kb_vec_dispose(&job.shown);
	kb_vec_dispose(&job.names);
	kb_diags_dispose(&worker.diags);
	kb_reader_free(worker.reader);
	kb_arena_free(worker.arena);
	return failed ? -1 : 0;
}
