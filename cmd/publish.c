#include "session.h"
#include "kb/pick.h"
#include "progress.h"
#include "kb/pages.h"

#include <stdio.h>

#include "kb/check.h"
#include "kb/last_publish.h"

struct publish_values {
	struct kb_read_values read;
	struct kb_publish_early *early;
	struct kb_publish_state state;
	const char *audience, *out, *base_url, *as_of, *look;
	int format;
	kb_strs locales;
	bool drafts, clean, atomic, dry_run, next_change, allow_broken, eject_theme,
		no_search, no_api, no_markdown;
};

static const char *const formats[] = {"text", "json", NULL};

#define AT(field) offsetof(struct publish_values, field)
static const struct kb_option publish_options[] = {
	{0, "audience", KB_OPT_STRING, AT(audience), "NAME",
		"publish the site for this audience; default: the most public one", NULL},
	{0, "locale", KB_OPT_LIST, AT(locales), "LOCALE",
		"publish only this locale; may be repeated", NULL},
	{0, "out", KB_OPT_STRING, AT(out), "DIR",
		"write the site to DIR; default: public, or public-NAME for another "
		"audience",
		NULL},
	{0, "base-url", KB_OPT_STRING, AT(base_url), "URL",
		"the address of the site, instead of base_url in kb.yaml", NULL},
	{0, "drafts", KB_OPT_FLAG, AT(drafts), NULL,
		"also publish drafts and documents in review", NULL},
	{0, "clean", KB_OPT_FLAG, AT(clean), NULL, "write every file again", NULL},
	{0, "atomic", KB_OPT_FLAG, AT(atomic), NULL,
		"build the site beside the folder, then exchange the two in one step",
		NULL},
	{'n', "dry-run", KB_OPT_FLAG, AT(dry_run), NULL,
		"write nothing; list what would be written and removed (with -v, why)",
		NULL},
	{0, "as-of", KB_OPT_STRING, AT(as_of), "DATE",
		"publish the site as of this date or time (2026-11-20, "
		"2026-11-20T08:00:00+01:00)",
		NULL},
	{0, "next-change", KB_OPT_FLAG, AT(next_change), NULL,
		"publish nothing; print when the next document appears or expires", NULL},
	{0, "format", KB_OPT_CHOICE, AT(format), "FORMAT", "print text (default) or json",
		formats},
	{0, "allow-broken", KB_OPT_FLAG, AT(allow_broken), NULL,
		"publish even if a document with errors was never published before",
		NULL},
	{0, "no-search", KB_OPT_FLAG, AT(no_search), NULL,
		"publish a site without search", NULL},
	{0, "no-api", KB_OPT_FLAG, AT(no_api), NULL,
		"publish a site without data for other programs (api/v1) and without embed.js",
		NULL},
	{0, "no-markdown", KB_OPT_FLAG, AT(no_markdown), NULL,
		"publish a site without the Markdown version of each page", NULL},
	{0, "eject-theme", KB_OPT_FLAG, AT(eject_theme), NULL,
		"publish nothing; write the built-in theme to theme/, so that you can "
		"change it",
		NULL},
	{0, "look", KB_OPT_STRING, AT(look), "NAME",
		"with --eject-theme: write only the files of another built-in look "
		"(paper)",
		NULL},
	KB_READ_OPTIONS(struct publish_values, read),
	KB_OPTION_END,
};

static int check_locales(
	const struct kb_config *config, const kb_strs *locales, struct kb_error *err)
{
	for (size_t i = 0; i < locales->len; i++) {
		if (kb_config_locale(config, locales->items[i]) == KB_NONE)
			return kb_locale_unknown(config, locales->items[i], err);
	}
	return 0;
}

/* Is it an address with http or https and a host, and nothing that pages cannot be below?
 */
static int check_base_url(const char *url, struct kb_error *err)
{
	kb_str rest = kb_str_of(url), secure = KB_STR("https://"),
	       plain = KB_STR("http://");
	bool is_secure = kb_str_starts(rest, secure);

	if (!url)
		return 0;
	if (is_secure || kb_str_starts(rest, plain)) {
		rest = kb_str_sub(rest, is_secure ? secure.len : plain.len, rest.len);
		if (rest.len && !strchr("/?#:@", rest.data[0]) && !strpbrk(url, " ?#"))
			return 0;
	}
	return kb_error_set(err, KB_E_USAGE,
		"'%s' is not the address of a site: --base-url requires one like "
		"https://help.example.org",
		url);
}

/* The folder that --out names, or the audience's own in the content root. */
static const char *output_folder(const struct kb_session *session, struct kb_arena *arena,
	const struct publish_values *values, unsigned audience)
{
	if (values->out)
		return values->out;
	kb_str root = kb_source_root(session->source);
	kb_str dir = root.len ? root : KB_STR(".");
	kb_str name = session->lib->config->audiences[audience];
	return audience ? kb_arena_fmt(
				  arena, "%.*s/public-%.*s", KB_ARG(dir), KB_ARG(name))
				  .data
			: kb_arena_fmt(arena, "%.*s/public", KB_ARG(dir)).data;
}

/* A site without a document is a mistake that would take the one that is there away. */
static int check_documents(const struct kb_session *session, struct kb_error *err)
{
	kb_str root = kb_source_root(session->source);

	if (session->lib->ndocs)
		return 0;
	return kb_error_set(err, KB_E_USAGE,
		"nothing to publish: no file in %.*s matches 'content' in kb.yaml; "
		"'kb validate' lists the Markdown files that do not match",
		KB_ARG(root.len ? root : KB_STR("this revision")));
}

static void print_errors(
	const struct kb_cli *cli, const struct kb_session *session, size_t *counts)
{
	for (size_t i = 0; i < session->diags.len; i++)
		counts[session->diags.items[i].severity]++;
	kb_output_complain(cli, &session->diags, KB_ERROR);
}

static int eject_theme(
	const struct kb_session *session, const char *look, struct kb_error *err)
{
	struct kb_rewrite *files;
	size_t n = kb_theme_files(session->arena, look, &files);

	if (!n)
		return kb_error_set(err, KB_E_NOTFOUND,
			"there is no look '%s': the built-in one besides the default is "
			"'paper'",
			look);
	if (kb_edit_apply(session->source, files, n, err))
		return -1;
	kb_say(stdout,
		look ? "%.*s/theme now contains the look '%s'. To go back, delete its "
		       "files.\n"
		     : "%.*s/theme now contains the built-in theme: keep what you change "
		       "and delete the rest.\n",
		KB_ARG(kb_source_root(session->source)), look);
	return KB_EXIT_OK;
}

static int check_values(const struct publish_values *values, struct kb_session *session,
	unsigned *audience, struct kb_error *err)
{
	const struct kb_config *config = session->lib->config;

	return kb_pick_audience(session->lib,
		       values->audience ? values->audience : config->audiences[0].data,
		       audience, err) ||
			       check_locales(config, &values->locales, err) ||
			       check_base_url(values->base_url, err)
		       ? -1
		       : 0;
}

static void complain_missing(
	const struct kb_session *session, const struct kb_publish_report *report)
{
	if (!kb_source_has_git(session->source) &&
		!kb_source_git_fault(session->source).len)
		kb_complain("this folder is not in a Git repository, so the dates of "
			    "changes are unknown");
	if (report->undrawn.code)
		kb_complain("links to the site have no picture: %s; the next run tries "
			    "again",
			report->undrawn.message);
	if (report->shallow)
		kb_complain("some dates are unknown because this clone lacks a part of "
			    "the history: fetch all of it (in CI: fetch-depth: 0)");
}

static void say(
	const struct kb_cli *cli, const struct publish_values *values, kb_str text)
{
	if (values->format == 1)
		kb_put_bytes(stdout, text);
	else if (values->next_change || !cli->quiet)
		kb_put(NULL, stdout, text);
}

/* What a run says that has nothing to do is kept for the next one. */
static int print(struct kb_session *session, const struct publish_values *values,
	const struct kb_published *p, size_t notes, struct kb_error *err)
{
	_cleanup_buf_ kb_buf text = {0};
	struct kb_report report;
	bool site = !values->next_change, json = values->format == 1;

	if (site)
		kb_report_published(&report, p);
	else
		kb_report_turns(&report, p);
	int failed = kb_report_write(&report, json ? KB_STR("json") : KB_STR("text"),
		&(struct kb_report_style){0}, &text, err);
	kb_report_dispose(&report);
	say(session->cli, values, kb_buf_view(&text));
	if (site && !notes && !p->counts[KB_ERROR] && !p->report.kept &&
		!p->report.shallow && !p->report.undrawn.code)
		kb_last_publish_put(p->lib, &values->state, p->options->out,
			p->report.list, p->nturns ? p->turns[0].at : 0,
			kb_buf_view(&text));
	return failed;
}

static int publish(struct kb_published *p, const struct publish_values *values,
	struct kb_session *session, struct kb_error *err)
{
	struct kb_check_options check_options = {.threads = values->read.jobs};

	kb_progress_phase(session->progress, "Checking");
	kb_check(session->lib, &check_options, &session->diags);
	kb_source_finish(session->source, &session->diags);
	kb_progress_phase(session->progress, "Publishing");
	struct kb_diags found;
	kb_diags_init(&found, session->lib->config->severities);
	int failed = kb_publish(session->lib, p->options, &p->report, &found, err);
	size_t notes = found.len;
	kb_progress_end(KB_TAKE(session->progress));
	if (notes) {
		kb_diags_merge(&session->diags, &found);
		kb_source_finish(session->source, &session->diags);
	}
	kb_diags_dispose(&found);
	print_errors(session->cli, session, p->counts);
	if (failed)
		return -1;
	if (!session->cli->quiet)
		complain_missing(session, &p->report);
	if (session->cli->verbose)
		kb_say(stderr, "signed: %u pages\n", p->report.signed_pages);
	if (print(session, values, p, notes, err))
		return -1;
	return p->counts[KB_ERROR] ? KB_EXIT_FOUND : KB_EXIT_OK;
}

static int work(struct kb_session *session, void *opaque, const kb_strs *operands,
	struct kb_error *err)
{
	const struct publish_values *values = opaque;
	struct kb_publish_options options = {.locales = &values->locales,
		.base_url = values->base_url,
		.drafts = values->drafts,
		.clean = values->clean,
		.atomic = values->atomic,
		.dry_run = values->dry_run,
		.allow_broken = values->allow_broken,
		.no_api = values->no_api,
		.no_markdown = values->no_markdown,
		.threads = values->read.jobs,
		.early = values->early,
		.search = session->search,
		.findings = &session->diags};
	struct kb_published p = {.reasons = session->cli->verbose,
		.lib = session->lib,
		.options = &options};

	(void)operands;
	if (values->eject_theme) {
		kb_progress_end(KB_TAKE(session->progress));
		return eject_theme(session, values->look, err);
	}
	if (check_values(values, session, &options.audience, err) ||
		(!values->next_change && check_documents(session, err)))
		return -1;
	options.out = output_folder(session, session->arena, values, options.audience);
	if (values->dry_run || session->cli->verbose)
		options.arena = session->arena;
	p.nturns = kb_next_change(session->lib, &options, session->arena, &p.turns);
	if (!values->next_change)
		return publish(&p, values, session, err);
	kb_progress_end(KB_TAKE(session->progress));
	return print(session, values, &p, 0, err) ? -1 : KB_EXIT_OK;
}

/* True: the site is as it would be, and the summary was printed. */
static bool is_unchanged(const struct kb_cli *cli, void *opaque)
{
	struct publish_values *values = opaque;
	const struct kb_publish_request request = {.audience = values->audience,
		.out = values->out,
		.base_url = values->base_url,
		.locales = &values->locales,
		.drafts = values->drafts,
		.no_search = values->no_search,
		.no_api = values->no_api,
		.no_markdown = values->no_markdown,
		.json = values->format == 1};
	_cleanup_buf_ kb_buf said = {0};

	if (cli->verbose || values->as_of || values->clean || values->dry_run ||
		values->next_change || values->eject_theme || values->read.rev ||
		values->read.config || values->read.no_cache ||
		kb_source_open(&values->read.source, ".", NULL, NULL, NULL))
		return false;
	kb_source_use_threads(values->read.source, values->read.jobs);
	values->state = kb_publish_state(values->read.source, &request);
	if (!kb_last_publish_get(values->read.source, &values->state, &said))
		return false;
	say(cli, values, kb_buf_view(&said));
	kb_source_free(values->read.source);
	return true;
}

static int check(void *opaque, const kb_strs *operands, struct kb_error *err)
{
	struct publish_values *values = opaque;

	(void)operands;
	(void)err;
	if (values->look && !values->eject_theme)
		return kb_error_set(
			err, KB_E_USAGE, "--look is for --eject-theme: type both");
	values->read.check = !values->eject_theme;
	values->read.as_of = values->as_of;
	values->read.no_cache |= values->clean;
	values->read.search =
		!values->no_search && !values->next_change && !values->eject_theme;
	values->read.no_index = true;
	values->early = kb_publish_early_new(
		values->audience, !values->no_markdown || !values->no_api);
	values->read.keeper = kb_publish_early_keeper(values->early);
	return 0;
}

static void dispose(void *opaque)
{
	struct publish_values *values = opaque;

	kb_publish_early_free(values->early);
}

const struct kb_command kb_cmd_publish = {
	.name = "publish",
	.summary = "write the static site for an audience",
	.operands = "",
	.options = publish_options,
	.values_size = sizeof(struct publish_values),
	.draws = true,
	.check = check,
	.shortcut = is_unchanged,
	.read = AT(read),
	.progress = "Reading",
	.work = work,
	.dispose = dispose,
};
