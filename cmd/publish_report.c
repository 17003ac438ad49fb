#include "publish_report.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "kb/json.h"
#include "kb/unicode.h"
#include "kb/left_out.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static kb_str audience_of(const struct publish_report *r)
{
	return r->lib->config->audiences[r->options->audience];
}

/* A moment in the time zone of kb.yaml. */
static kb_str moment(const struct publish_report *r, time_t at)
{
	return kb_time_format(r->arena, r->lib->config->timezone, at);
}

static void put_address(kb_buf *out, const char *folder)
{
	char path[PATH_MAX];
	_cleanup_buf_ kb_buf url = {0};
	if (!realpath(folder, path))
		return;
	kb_buf_url_path(&url, kb_str_of(path));
	kb_buf_fmt(out, "file://%.*s/index.html\n", KB_ARG(kb_buf_view(&url)));
}

static void put_file_lines(kb_buf *out, const struct publish_report *r)
{
	for (size_t i = 0; r->options->arena && i < r->report.nfiles; i++) {
		const struct kb_publish_file *file = &r->report.files[i];
		kb_buf_fmt(out, "%s %.*s", file->removed ? "remove" : "write ",
			KB_ARG(file->path));
		if (r->cli->verbose)
			kb_buf_fmt(out, ": %.*s", KB_ARG(file->reason));
		kb_buf_fmt(out, "\n");
	}
}

static void put_counts(kb_buf *out, const struct publish_report *r)
{
	const struct kb_publish_report *report = &r->report;
	kb_buf_fmt(out, "Validated %u document%s: %zu error%s, %zu warning%s.\n",
		r->lib->ndocs, plural(r->lib->ndocs), r->counts[KB_ERROR],
		plural(r->counts[KB_ERROR]), r->counts[KB_WARNING],
		plural(r->counts[KB_WARNING]));
	kb_buf_fmt(out,
		"%s for '%.*s': %u page%s in %u locale%s, %u redirect%s, %u image%s and "
		"other files, %.1f MB.\n",
		r->options->dry_run ? "Would publish" : "Published",
		KB_ARG(audience_of(r)), report->pages, plural(report->pages),
		report->locales, plural(report->locales), report->redirects,
		plural(report->redirects), report->assets, plural(report->assets),
		(double)report->bytes / 1e6);
	kb_buf_fmt(out, "Documents:");
	for (int type = 0, any = 0; type < KB_TYPE_COUNT; type++) {
		if (report->documents[type])
			kb_buf_fmt(out, "%s %s %u", any++ ? "," : "",
				kb_type_name((enum kb_type)type),
				report->documents[type]);
	}
	kb_buf_fmt(out, ".\nFiles: %u written, %u unchanged, %u removed.\n",
		report->written, report->unchanged, report->removed);
}

static void put_turn(kb_buf *out, const struct publish_report *r)
{
	if (!r->nturns)
		return;
	kb_buf_fmt(out, "Next change: %.*s, %.*s %s", KB_ARG(moment(r, r->turns[0].at)),
		KB_ARG(r->turns[0].doc->path), kb_turn_kind_words(r->turns[0].kind));
	if (r->nturns > 1)
		kb_buf_fmt(out, " (and %zu more)", r->nturns - 1);
	kb_buf_fmt(out, ".\n");
}

void publish_report_text(const struct publish_report *r, kb_buf *out)
{
	uint32_t kept = r->report.kept;
	put_file_lines(out, r);
	put_counts(out, r);
	kb_left_out(out, r->lib, r->options);
	if (kept)
		kb_buf_fmt(out,
			kept == 1 ? "%u document with errors: the last published "
				    "page stays, and its place in lists.\n"
				  : "%u documents with errors: their last published "
				    "pages stay, and their places in lists.\n",
			kept);
	if (r->report.renewed)
		kb_buf_fmt(out,
			"%u document%s with errors: the new text is published, because "
			"the last page shows what it withholds.\n",
			r->report.renewed, plural(r->report.renewed));
	put_turn(out, r);
	if (!r->options->dry_run)
		put_address(out, r->options->out);
}

static void put_number(struct kb_json *json, const char *key, uint64_t n)
{
	kb_json_key(json, key);
	kb_json_int(json, (long long)n);
}

static void put_next(struct kb_json *json, const struct publish_report *r)
{
	if (!r->nturns)
		return;
	kb_json_key(json, "next_change");
	kb_json_object(json);
	kb_json_pair(json, "at", moment(r, r->turns[0].at));
	kb_json_key(json, "documents");
	kb_json_array(json);
	for (size_t i = 0; i < r->nturns; i++) {
		kb_json_object(json);
		kb_json_pair(json, "path", r->turns[i].doc->path);
		kb_json_pair(
			json, "change", kb_str_of(kb_turn_kind_name(r->turns[i].kind)));
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
	kb_json_object_end(json);
}

static void put_files(struct kb_json *json, const struct publish_report *r)
{
	if (!r->options->arena)
		return;
	kb_json_key(json, "files");
	kb_json_array(json);
	for (size_t i = 0; i < r->report.nfiles; i++) {
		const struct kb_publish_file *file = &r->report.files[i];
		kb_json_object(json);
		kb_json_pair(json, "path", file->path);
		kb_json_pair(
			json, "action", kb_str_of(file->removed ? "remove" : "write"));
		kb_json_pair(json, "reason", file->reason);
		kb_json_object_end(json);
	}
	kb_json_array_end(json);
}

static void put_site(struct kb_json *json, const struct publish_report *r)
{
	const struct kb_publish_report *report = &r->report;
	kb_json_pair(json, "folder", kb_str_of(r->options->out));
	kb_json_key(json, "dry_run");
	kb_json_bool(json, r->options->dry_run);
	put_number(json, "errors", r->counts[KB_ERROR]);
	put_number(json, "warnings", r->counts[KB_WARNING]);
	kb_json_key(json, "documents");
	kb_json_object(json);
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		if (report->documents[type])
			put_number(json, kb_type_name((enum kb_type)type),
				report->documents[type]);
	kb_json_object_end(json);
	put_number(json, "kept", report->kept);
	put_number(json, "renewed", report->renewed);
	put_number(json, "pages", report->pages);
	put_number(json, "locales", report->locales);
	put_number(json, "redirects", report->redirects);
	put_number(json, "assets", report->assets);
	put_number(json, "bytes", report->bytes);
	put_number(json, "written", report->written);
	put_number(json, "unchanged", report->unchanged);
	put_number(json, "removed", report->removed);
	put_files(json, r);
}

static void print_json(const struct publish_report *r, bool site)
{
	_cleanup_buf_ kb_buf out = {0};
	struct kb_json json;
	kb_json_init(&json, &out, true);
	kb_json_object(&json);
	put_number(&json, "version", 1);
	kb_json_pair(&json, "audience", audience_of(r));
	kb_json_pair(&json, "now", moment(r, r->lib->now));
	if (site)
		put_site(&json, r);
	put_next(&json, r);
	kb_json_object_end(&json);
	kb_buf_putc(&out, '\n');
	kb_put_bytes(stdout, kb_buf_view(&out));
}

void publish_report_json(const struct publish_report *r)
{
	print_json(r, true);
}

void publish_report_next(const struct publish_report *r)
{
	if (r->json) {
		print_json(r, false);
		return;
	}
	for (size_t i = 0; i < r->nturns; i++)
		kb_say(stdout, "%.*s %.*s %s\n", KB_ARG(moment(r, r->turns[i].at)),
			KB_ARG(r->turns[i].doc->path),
			kb_turn_kind_words(r->turns[i].kind));
	if (!r->nturns)
		kb_say(stdout, "Nothing on this site appears or expires by itself.\n");
}
