/* kb log: a document's versions, each with what changed in a line. */
#include "session.h"
#include "kb/operand.h"
#include "output.h"

#include <stdio.h>

#include "kb/diff.h"
#include "kb/history.h"
#include "kb/json.h"
#include "kb/moment.h"
#include "kb/mount.h"
#include "kb/unicode.h"

struct log_values {
	struct kb_read_values read;
	kb_strs reports, locales;
	const char *since, *until;
	unsigned most;
	int least; /* enum kb_weight */
};

static const char *const weights[] = {"none", "trivial", "minor", "significant", NULL};

#define AT(member) offsetof(struct log_values, member)
static const struct kb_option options[] = {
	{'n', "max-count", KB_OPT_NUMBER, AT(most), "N",
		"at most N versions of each document", NULL},
	{0, "since", KB_OPT_STRING, AT(since), "DATE",
		"only versions from then on: 2026-10-01, or '30 days ago'", NULL},
	{0, "until", KB_OPT_STRING, AT(until), "DATE", "only versions until then", NULL},
	{0, "min-weight", KB_OPT_CHOICE, AT(least), "WEIGHT",
		"only versions whose change weighs this and more: none (default), "
		"trivial, minor or significant",
		weights},
	{'l', "locale", KB_OPT_LIST, AT(locales), "CODE",
		"of an id, the document in this locale; may be repeated; all: in each",
		NULL},
	KB_OUTPUT_OPTIONS(struct log_values, reports, kb_output_formats, KB_OUTPUT_HELP),
	KB_READ_OPTIONS(struct log_values, read),
	KB_OPTION_END,
};

struct entry { /* a version that is shown */
	struct kb_history_version version;
	struct kb_commit_message message;
	kb_str summary;
	enum kb_weight weight;
};

struct listing { /* a document's */
	const struct kb_document *doc;
	struct entry *entries;
	size_t len;
};

struct log {
	const struct kb_session *session;
	const struct log_values *values;
	struct kb_history *history;
	struct kb_mounts *mounts;
	struct kb_arena *arena;
	time_t since, until; /* 0: no bound */
	struct listing *listings;
	size_t nlistings;
	size_t entries;
};

/* The version's text as a document; NULL: deleted, or not in this clone. */
static struct kb_version *read_version(struct log *log, struct kb_arena *arena,
	const struct kb_document *doc, const struct kb_history_version *version)
{
	const struct kb_config *config = log->session->lib->config;
	_cleanup_buf_ kb_buf text = {0};
	uint32_t locale = doc->locale;
	const struct kb_mount *mount =
		kb_mounts_match(log->mounts, version->path, &locale);
	if (!version->blob[0] ||
		kb_history_blob(log->history, kb_str_of(version->blob), &text, NULL))
		return NULL;
	return kb_version_read(arena, config, mount ? mount : doc->mount,
		mount ? locale : doc->locale, version->path, kb_buf_view(&text));
}

/* What is to be said beside what changed in the text. */
static kb_str remark(struct log *log, const struct kb_history_version *version)
{
	switch (version->kind) {
	case KB_VERSION_ADDED:
		return KB_STR("written");
	case KB_VERSION_DELETED:
		return version->from.len ? kb_arena_fmt(log->arena, "moved to %.*s",
						   KB_ARG(version->from))
					 : KB_STR("deleted");
	case KB_VERSION_RENAMED:
		return kb_arena_fmt(log->arena, "moved from %.*s", KB_ARG(version->from));
	case KB_VERSION_UNKNOWN:
		return KB_STR("it was there, and this clone does not reach further back");
	case KB_VERSION_MERGED:
		return KB_STR("merged by hand");
	default:
		return KB_STR("");
	}
}

static void summarize(struct log *log, const struct kb_document *doc,
	const struct kb_history_version *older, struct entry *entry)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_version *to = read_version(log, arena, doc, &entry->version);
	struct kb_version *from = older ? read_version(log, arena, doc, older) : NULL;
	kb_str said = remark(log, &entry->version), summary = KB_STR("");
	if (entry->version.kind == KB_VERSION_ADDED ||
		(entry->version.kind == KB_VERSION_DELETED && !entry->version.from.len))
		entry->weight = KB_WEIGHT_SIGNIFICANT;
	if (from && to) {
		struct kb_diff *diff = kb_diff_versions(arena, from, to,
			&(struct kb_diff_links){
				.to = log->session->lib, .history = log->history});
		summary = kb_diff_summary(arena, diff);
		entry->weight = diff->weight;
		if (!summary.len && !said.len)
			summary = KB_STR("nothing that readers see");
	}
	if (to && to->doc->facts->broken && kb_version_has_front(to))
		summary = kb_arena_fmt(arena,
			"%.*s%sits front matter could not be read then", KB_ARG(summary),
			summary.len ? "; " : "");
	entry->summary = kb_arena_fmt(log->arena, "%.*s%s%.*s", KB_ARG(said),
		said.len && summary.len ? "; " : "", KB_ARG(summary));
}

static bool is_wanted(const struct log *log, const struct kb_history_version *version)
{
	time_t t = version->commit.authored;
	return (!log->since || t >= log->since) && (!log->until || t < log->until);
}

static void list_versions(struct log *log, const struct kb_document *doc)
{
	struct listing *listing = &log->listings[log->nlistings++];
	struct kb_history_version *versions;
	size_t n = kb_history_versions(log->history, log->arena, doc->path, &versions);
	size_t most = log->values->most ? log->values->most : SIZE_MAX;
	*listing = (struct listing){.doc = doc};
	listing->entries = kb_arena_array(log->arena, struct entry, n);
	for (size_t i = 0; i < n && listing->len < most; i++) {
		if (!is_wanted(log, &versions[i]))
			continue;
		struct entry *entry = &listing->entries[listing->len];
		*entry = (struct entry){.version = versions[i]};
		summarize(log, doc, i + 1 < n ? &versions[i + 1] : NULL, entry);
		/* Nobody knows what one that is unknown changed. */
		if ((int)entry->weight < log->values->least &&
			versions[i].kind != KB_VERSION_UNKNOWN)
			continue;
		kb_history_message(log->history, log->arena,
			kb_str_of(versions[i].commit.id), &entry->message, NULL);
		listing->len++;
	}
	log->entries += listing->len;
}

static kb_str day_of(struct log *log, const struct entry *entry)
{
	return kb_day_format(log->arena, log->session->lib->config->timezone,
		entry->version.commit.authored);
}

/* Where a shallow clone ends, the commit is the one that was cloned, and no version's. */
static bool is_known(const struct entry *entry)
{
	return entry->version.kind != KB_VERSION_UNKNOWN;
}

static void fill_row(struct log *log, struct kb_report *sheet, const struct entry *entry)
{
	bool known = is_known(entry);
	kb_report_cell(sheet, known ? day_of(log, entry) : KB_STR("unknown"));
	kb_report_cell_fmt(sheet, "%.8s", known ? entry->version.commit.id : "");
	kb_report_cell(sheet, known ? entry->message.author : KB_STR_NULL);
	kb_report_cell(sheet, entry->summary);
}

static void fill_sheet(struct log *log, struct kb_report *sheet)
{
	for (size_t i = 0; i < log->nlistings; i++) {
		const struct listing *listing = &log->listings[i];
		if (!listing->len)
			continue;
		kb_report_heading(sheet, 2, "%.*s: %.*s", KB_ARG(listing->doc->path),
			KB_ARG(listing->doc->facts->title));
		kb_report_table(sheet, "Date|Commit|Author|What changed*");
		for (size_t k = 0; k < listing->len; k++) {
			fill_row(log, sheet, &listing->entries[k]);
		}
	}
	if (!log->entries)
		kb_report_paragraph(sheet, "There is no version to show.");
}

static void put_entry(struct log *log, struct kb_json *json, const struct entry *entry)
{
	kb_json_object(json);
	kb_json_pair(json, "commit", kb_str_of(entry->version.commit.id));
	if (is_known(entry)) {
		kb_json_pair(json, "date", day_of(log, entry));
		kb_json_pair(json, "author", entry->message.author);
		kb_json_pair(json, "email", entry->message.email);
		kb_json_pair(json, "subject", entry->message.subject);
	}
	kb_json_pair(json, "kind", kb_str_of(kb_version_kind_name(entry->version.kind)));
	kb_json_pair(json, "path", entry->version.path);
	if (entry->version.from.len)
		kb_json_pair(json, "from", entry->version.from);
	if (entry->version.blob[0])
		kb_json_pair(json, "blob", kb_str_of(entry->version.blob));
	kb_json_pair(json, "weight", kb_str_of(kb_weight_name(entry->weight)));
	kb_json_pair(json, "summary", entry->summary);
	kb_json_object_end(json);
}

static void put_json(struct log *log, kb_buf *out)
{
	const struct kb_config *config = log->session->lib->config;
	struct kb_json json;
	kb_json_init(&json, out, true);
	kb_json_object(&json);
	kb_json_key(&json, "version");
	kb_json_int(&json, 1);
	kb_json_key(&json, "documents");
	kb_json_array(&json);
	for (size_t i = 0; i < log->nlistings; i++) {
		const struct listing *listing = &log->listings[i];
		kb_json_object(&json);
		kb_json_pair(&json, "id", listing->doc->id);
		kb_json_pair(&json, "locale", config->locales[listing->doc->locale].code);
		kb_json_pair(&json, "path", listing->doc->path);
		kb_json_pair(&json, "title", listing->doc->facts->title);
		kb_json_key(&json, "versions");
		kb_json_array(&json);
		for (size_t k = 0; k < listing->len; k++)
			put_entry(log, &json, &listing->entries[k]);
		kb_json_array_end(&json);
		kb_json_object_end(&json);
	}
	kb_json_array_end(&json);
	kb_json_object_end(&json);
	kb_buf_putc(out, '\n');
}

static bool put_own(void *ctx, kb_str format, kb_buf *out)
{
	if (!kb_str_is(format, "json"))
		return false;
	put_json(ctx, out);
	return true;
}

static int read_moment(
	const struct log *log, const char *words, time_t *out, struct kb_error *err)
{
	const struct kb_library *lib = log->session->lib;
	if (!words ||
		!kb_moment_parse(kb_str_of(words), lib->config->timezone, lib->now, out))
		return 0;
	return kb_error_set(err, KB_E_USAGE,
		"'%s' is no date: write it as 2026-10-01, or '30 days ago'", words);
}

/* The documents that are asked for; without a word, all. */
static int find_documents(
	struct log *log, const kb_strs *operands, kb_docs *docs, struct kb_error *err)
{
	const struct kb_library *lib = log->session->lib;
	static const kb_str all = {"all", 3};
	kb_strs locales = log->values->locales;
	if (!locales.len)
		locales = (kb_strs){.items = (kb_str *)(uintptr_t)&all, .len = 1};
	for (size_t i = 0; i < operands->len; i++)
		if (kb_operand_documents(log->session->lib, log->arena,
			    operands->items[i], &locales, docs, err))
			return -1;
	for (uint32_t i = 0; i < lib->ndocs && !operands->len; i++)
		kb_vec_push(docs, lib->docs[i]);
	return 0;
}

static int show(const struct kb_cli *cli, struct log *log, const kb_strs *operands)
{
	struct kb_error err;
	struct kb_report sheet;
	kb_docs docs = {0};
	if (read_moment(log, log->values->since, &log->since, &err) ||
		read_moment(log, log->values->until, &log->until, &err) ||
		find_documents(log, operands, &docs, &err) ||
		kb_history_load(&log->history, log->session->source, &err)) {
		kb_vec_dispose(&docs);
		return kb_fail(&err);
	}
	log->mounts = kb_mounts_new(log->arena, log->session->lib->config);
	log->listings = kb_arena_array(log->arena, struct listing, docs.len);
	for (size_t i = 0; i < docs.len; i++)
		list_versions(log, docs.items[i]);
	kb_report_init(&sheet, "Versions");
	fill_sheet(log, &sheet);
	int failed =
		kb_output_report(cli, &log->values->reports, &sheet, put_own, log, &err);
	if (kb_history_shallow(log->history) && !cli->quiet)
		kb_complain("this clone lacks a part of the history: 'git fetch "
			    "--unshallow', or fetch-depth: 0 in CI, brings it");
	kb_report_dispose(&sheet);
	kb_mounts_dispose(log->mounts);
	kb_history_free(log->history);
	kb_vec_dispose(&docs);
	if (failed)
		return kb_fail(&err);
	return log->entries ? KB_EXIT_OK : KB_EXIT_FOUND;
}

static int run(const struct kb_cli *cli, void *opaque, const kb_strs *operands)
{
	struct log_values *values = opaque;
	struct kb_session session;
	struct kb_error err;
	int status;
	values->read.history = true;
	if (kb_session_open(cli, &session, &values->read, &err)) {
		status = kb_session_failed(cli, &session, &err);
	} else {
		struct log log = {
			.session = &session, .values = values, .arena = kb_arena_new()};
		status = show(cli, &log, operands);
		kb_arena_free(log.arena);
	}
	kb_session_dispose(&session);
	return status;
}

const struct kb_command kb_cmd_log = {
	.name = "log",
	.summary = "list the versions of documents, with what changed in each",
	.operands = "[PATH|ID...]",
	.options = options,
	.values_size = sizeof(struct log_values),
	.run = run,
};
