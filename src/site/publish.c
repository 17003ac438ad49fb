#include "kb/site.h"

#include "assets.h"
#include "data.h"
#include "early.h"
#include "feedback.h"
#include "kb/pool.h"
#include "kb/unicode.h"
#include "marks.h"
#include "news.h"
#include "sign.h"
#include "site.h"
#include "values.h"

static void take_base_url(struct site *site)
{
	const struct kb_publish_options *options = site->options;
	kb_str url =
		options->base_url ? kb_str_of(options->base_url) : site->config->base_url;
	size_t at;

	while (url.len && url.data[url.len - 1] == '/')
		url.len--;
	site->base_url = kb_arena_str(site->arena, url);
	/* kb.yaml has the address of the public site. */
	site->own_url = site->open || options->base_url ? site->base_url : KB_STR("");
	site->base_path = KB_STR("/");
	at = kb_str_find(url, KB_STR("://"));
	if (at == SIZE_MAX)
		return;
	url = kb_str_sub(url, at + 3, url.len);
	at = kb_str_chr(url, '/');
	if (at == SIZE_MAX)
		return;
	_cleanup_buf_ kb_buf path = {0};
	for (size_t i = at; i < url.len; i++)
		if (strchr("<>\"'\\ ", url.data[i]))
			kb_buf_fmt(&path, "%%%02X", (unsigned char)url.data[i]);
		else
			kb_buf_putc(&path, url.data[i]);
	kb_buf_putc(&path, '/');
	site->base_path = kb_arena_str(site->arena, kb_buf_view(&path));
}

static bool wanted(const struct site *site, kb_str code)
{
	const kb_strs *locales = site->options->locales;

	if (!locales || locales->len == 0)
		return true;
	for (size_t i = 0; i < locales->len; i++)
		if (kb_config_locale(site->config, locales->items[i]) ==
			kb_config_locale(site->config, code))
			return true;
	return false;
}

static int check_locales(const struct site *site, struct kb_error *err)
{
	const kb_strs *locales = site->options->locales;

	for (size_t i = 0; locales && i < locales->len; i++)
		if (kb_config_locale(site->config, locales->items[i]) == KB_NONE)
			return kb_error_set(err, KB_E_USAGE,
				"kb.yaml has no locale '%.*s'",
				KB_ARG(locales->items[i]));
	return 0;
}

static int choose_locales(struct site *site, struct kb_error *err)
{
	const struct kb_config *config = site->config;

	if (check_locales(site, err) < 0)
		return -1;
	site->locales = kb_arena_array(site->arena, struct site_locale, config->nlocales);
	site->published = kb_arena_array(site->arena, uint32_t, config->nlocales);
	for (uint32_t i = 0; i < config->nlocales; i++) {
		struct site_locale *locale = &site->locales[site->nlocales];
		kb_str code = config->locales[i].code;

		site->published[i] = wanted(site, code) ? site->nlocales : KB_NONE;
		if (site->published[i] == KB_NONE)
			continue;
		*locale = (struct site_locale){.index = i, .code = code};
		locale->language = kb_str_sub(code, 0, kb_str_chr(code, '-'));
		locale->dir = locale_dir(site, i);
		site->nlocales++;
	}
	site->source = site->published[0] == KB_NONE ? 0 : site->published[0];
	return 0;
}

static void share_values(struct site *site, struct site_locale *locale)
{
	struct kb_arena *arena = site->arena;
	struct kb_value *shared = kb_value_map(arena), *t = kb_value_map(arena);
	kb_str origins = statistics_origins(site);

	for (size_t i = 0; i < locale->strings.len; i++) {
		const struct kb_map_entry *entry = &locale->strings.entries[i];

		kb_value_set_str(arena, t, kb_arena_str(arena, entry->key).data,
			*(const kb_str *)entry->value);
	}
	kb_value_set(arena, shared, "t", t);
	kb_value_set_str(arena, shared, "lang", locale->code);
	kb_value_set_str(arena, shared, "dir", locale->dir);
	kb_value_set_str(
		arena, shared, "language", site->config->locales[locale->index].name);
	kb_value_set_str(arena, shared, "csp",
		kb_arena_fmt(arena,
			"default-src 'none'; style-src 'self'; script-src 'self'; "
			"img-src 'self' data:; connect-src 'self'%.*s; form-action "
			"'self'; "
			"base-uri 'none'",
			KB_ARG(origins)));
	locale->shared = shared;
}

static int prepare(struct site *site, struct kb_error *err)
{
	struct kb_reader *reader = kb_reader_new(site->lib->source);
	int failed = kb_history_load(&site->history, site->lib->source, err);

	if (!failed)
		failed = theme_load(site, reader, err) || statistics_take(site, err);
	for (uint32_t i = 0; !failed && i < site->nlocales; i++) {
		failed = strings_load(site, &site->locales[i], reader, err);
		share_values(site, &site->locales[i]);
	}
	if (!failed)
		failed = widget_write(site, reader, err) ||
			 preview_write(site, reader, err);
	if (!failed)
		sign_site(site);
	kb_reader_free(reader);
	failed = failed || plan_make(site, err) || formers_write(site, err) ||
		 news_load(site, err);
	if (!failed) {
		feedback_read(site);
		marks_open(site);
	}
	return failed ? -1 : 0;
}

struct page_rendering {
	struct site *site;
	struct site_worker *workers;
};

/* The failure of the first page counts, whichever came first. */
static void note_failure(struct site *site, size_t index, const struct kb_error *err)
{
	pthread_mutex_lock(&site->lock);
	if (!atomic_load(&site->failed) || index < site->failed_at) {
		site->failed_at = index;
		site->error = *err;
	}
	atomic_store(&site->failed, true);
	pthread_mutex_unlock(&site->lock);
}

static void render_page(void *ctx, size_t index, unsigned number)
{
	struct page_rendering *rendering = ctx;
	struct site *site = rendering->site;
	struct site_worker *worker = &rendering->workers[number];
	struct kb_error err = {0};
	struct job job = {.site = site, .worker = worker, .err = &err};

	if (atomic_load(&site->failed))
		return;
	if (!worker->arena) {
		worker->arena = kb_arena_new();
		worker->kept = kb_arena_new();
		worker->reader = kb_reader_new(site->lib->source);
		kb_diags_init(&worker->diags, site->diags->severities);
	}
	job.arena = worker->arena;
	job.page = site->pages.items[index];
	job.locale = &site->locales[job.page->locale];
	if (page_render(&job) < 0)
		note_failure(site, index, &err);
	kb_map_dispose(&job.hrefs);
	kb_arena_reset(worker->arena);
}

static int render_all(struct site *site, struct kb_error *err)
{
	unsigned n = kb_parallel_workers(site->options->threads, site->pages.len);
	struct page_rendering rendering = {
		site, kb_xcalloc(n, sizeof(struct site_worker))};

	kb_parallel(site->options->threads, site->pages.len, render_page, &rendering);
	for (unsigned i = 0; i < n; i++) {
		struct site_worker *worker = &rendering.workers[i];

		if (!worker->arena)
			continue;
		site->signed_pages += worker->signed_pages;
		kb_diags_merge(site->diags, &worker->diags);
		kb_diags_dispose(&worker->diags);
		kb_reader_free(worker->reader);
		kb_arena_free(worker->arena);
		kb_map_dispose(&worker->dates);
		kb_arena_free(worker->kept);
		kb_buf_dispose(&worker->page);
	}
	free(rendering.workers);
	if (!atomic_load(&site->failed))
		return 0;
	if (err)
		*err = site->error;
	return -1;
}

/* What is written besides pages, in two parts that know nothing of each other. */
struct rest {
	struct site *site;
	int failed[2];
	struct kb_error errors[2];
};

static void write_part(void *ctx, size_t i, unsigned number)
{
	struct rest *rest = ctx;
	struct site *site = rest->site;
	struct kb_error *err = &rest->errors[i];

	(void)number;
	rest->failed[i] = i == 0 ? search_index_write(site, err)
				 : robots_write(site, err) < 0 ||
					   feeds_write(site, err) < 0 ||
					   data_write(site, err) < 0 ||
					   records_write(site, err) < 0;
}

static int write_rest(struct site *site, struct kb_error *err)
{
	struct rest rest = {.site = site};

	kb_parallel(site->options->threads, KB_LEN(rest.failed), write_part, &rest);
	for (size_t i = 0; i < KB_LEN(rest.failed); i++) {
		if (!rest.failed[i])
			continue;
		if (err)
			*err = rest.errors[i];
		return -1;
	}
	return 0;
}

static void count(const struct site *site, const struct output_counts *files,
	struct kb_publish_report *report)
{
	*report = (struct kb_publish_report){.written = files->written,
		.unchanged = files->unchanged + files->kept,
		.shallow = kb_history_shallow(site->history),
		.removed = files->removed,
		.bytes = files->bytes,
		.list = files->list,
		.assets = assets_count(site->assets),
		.locales = site->nlocales,
		.signed_pages = site->signed_pages,
		.renewed = site->renewed};
	report->redirects = (uint32_t)site->aliases.len;
	report->undrawn = site->undrawn;
	for (size_t i = 0; i < site->pages.len; i++) {
		const struct page *page = site->pages.items[i];

		report->pages += page->kind != PAGE_ALIAS;
	}
	for (uint32_t i = 0; i < site->lib->ndocs; i++) {
		const struct kb_document *doc = site->lib->docs[i];

		if (!doc->facts->broken && doc->facts->type != KB_SNIPPET &&
			plan_visible(site, doc) && plan_original(site, doc))
			report->documents[doc->facts->type]++;
		report->kept += site->kept.len && plan_is_kept(site, doc);
	}
}

static void site_free(struct site *site)
{
	for (uint32_t i = 0; i < site->nlocales; i++)
		kb_map_dispose(&site->locales[i].strings);
	output_close(site->out);
	assets_free(site->assets);
	kb_templates_free(site->templates);
	kb_history_free(site->history);
	kb_vec_dispose(&site->pages);
	kb_vec_dispose(&site->aliases);
	kb_map_dispose(&site->by_address);
	kb_map_dispose(&site->by_folded);
	kb_map_dispose(&site->faulty);
	kb_map_dispose(&site->kept);
	kb_buf_dispose(&site->search_keep);
	pthread_mutex_destroy(&site->lock);
	kb_library_free(site->overlay);
	kb_arena_free(site->arena);
}

static int publish(
	struct site *site, struct kb_publish_report *report, struct kb_error *err)
{
	struct output_options out = {.dir = site->options->out,
		.audience = site->config->audiences[site->audience],
		.clean = site->options->clean,
		.dry_run = site->options->dry_run,
		.atomic = site->options->atomic};
	struct output_counts files;

	take_base_url(site);
	early_settle(site->options->early);
	if (choose_locales(site, err) < 0 || output_open(&site->out, &out, err) < 0)
		return -1;
	records_restore(site);
	if (prepare(site, err) < 0 || render_all(site, err) < 0 ||
		write_rest(site, err) < 0)
		return -1;
	if (output_commit(site->out, &files, err) < 0)
		return -1;
	marks_keep(site);
	count(site, &files, report);
	if (site->options->arena)
		report->nfiles =
			output_files(site->out, site->options->arena, &report->files);
	return 0;
}

int kb_publish(const struct kb_library *lib, const struct kb_publish_options *options,
	struct kb_publish_report *report, struct kb_diags *diags, struct kb_error *err)
{
	struct site site = {.read = lib,
		.lib = lib,
		.config = lib->config,
		.options = options,
		.diags = diags,
		.arena = kb_arena_new(),
		.audience = options->audience,
		.open = options->audience == 0,
		.api = !options->no_api,
		.markdown = !options->no_markdown,
		.assets = assets_new()};
	int failed;

	site.trusted = !site.open && options->audience == lib->config->naudiences - 1;
	pthread_mutex_init(&site.lock, NULL);
	failed = publish(&site, report, err);
	site_free(&site);
	return failed;
}
