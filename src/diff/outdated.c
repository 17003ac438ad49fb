/* What changed in the sources of translations. */
#include "kb/outdated.h"

#include "kb/build.h"
#include "kb/unicode.h"
#include "library.h"
#include "version.h"

struct source_versions {
	struct kb_arena *arena;
	const struct kb_library *lib;
	const struct kb_history *history;
	struct kb_history_version *versions; /* of the source, newest first */
	size_t len;
};

/* A version of the source; the present one may be in no commit yet. */
struct former_version {
	const char *blob; /* NULL: nobody can know */
	kb_str path;
	size_t at; /* among the versions; 0: the newest, or in no commit yet */
};

static struct kb_version *read_former(const struct source_versions *r,
	const struct kb_document *source, const struct former_version *former)
{
	_cleanup_buf_ kb_buf text = {0};

	if (!former->blob[0] ||
		kb_history_blob(r->history, kb_str_of(former->blob), &text, NULL) < 0)
		return NULL;
	return kb_version_read(r->arena, r->lib->config, source->mount, source->locale,
		former->path, kb_buf_view(&text));
}

/* The version whose blob the abbreviated id means. */
static struct former_version by_id(
	const struct source_versions *r, const struct kb_document *source, const char *id)
{
	size_t n = strlen(id);

	if (strncmp(source->facts->blob, id, n) == 0)
		return (struct former_version){source->facts->blob, source->path, 0};
	for (size_t i = 0; i < r->len; i++)
		if (strncmp(r->versions[i].blob, id, n) == 0)
			return (struct former_version){
				r->versions[i].blob, r->versions[i].path, i};
	return (struct former_version){0};
}

/* The source as it stood then; before its first version, that one. */
static struct former_version by_time(const struct source_versions *r, time_t t)
{
	for (size_t i = 0; i < r->len; i++) {
		bool first = i + 1 == r->len && r->versions[i].kind != KB_VERSION_UNKNOWN;

		if (r->versions[i].commit.committed <= t || first)
			return (struct former_version){
				r->versions[i].blob, r->versions[i].path, i};
	}
	return (struct former_version){0};
}

/* The time that the document says; a day counts to its end. */
static time_t said_time(const struct source_versions *r, const struct kb_document *doc)
{
	kb_str date = kb_node_str(kb_node_get(
		kb_node_get(kb_facts_meta(doc->facts), "translation"), "date"));
	kb_str zone = r->lib->config->timezone;
	time_t t;
	bool is_day;

	if (kb_time_parse(date, zone, &t, &is_day) < 0)
		return doc->facts->translation.date;
	return is_day ? kb_day_start(zone, kb_day_number(zone, t) + 1) - 1 : t;
}

static time_t last_commit(const struct source_versions *r, const struct kb_document *doc)
{
	struct kb_history_version *versions;
	size_t n = kb_history_versions(r->history, r->arena, doc->path, &versions), i = 0;

	/* What is not committed is as new as can be. */
	if (!n || strcmp(versions[0].blob, doc->facts->blob) != 0)
		return r->lib->now;
	/* Nobody translates by moving a file. */
	while (i + 1 < n && strcmp(versions[i].blob, versions[i + 1].blob) == 0)
		i++;
	return versions[i].kind == KB_VERSION_UNKNOWN ? 0 : versions[i].commit.committed;
}

static kb_str day(const struct source_versions *r, time_t t)
{
	return kb_day_format(r->arena, r->lib->config->timezone, t);
}

/* Finds which version it translates. */
static struct former_version find_former(
	struct source_versions *r, struct kb_outdated *out, const struct kb_document *doc)
{
	const char *revision = doc->facts->translation.revision;
	struct former_version former = {0};
	kb_str lacks = KB_STR_NULL;

	if (revision[0])
		former = by_id(r, out->source, revision);
	if (former.blob) {
		out->since = kb_arena_fmt(r->arena, "revision %.10s", former.blob);
		return former;
	}
	if (revision[0]) {
		out->revision_unknown = true;
		lacks = kb_arena_fmt(
			r->arena, "; its revision %.10s is not in the history", revision);
	}
	if (doc->facts->translation.date) {
		out->basis = KB_OUTDATED_DATE;
		out->date = said_time(r, doc);
		out->since = kb_arena_fmt(
			r->arena, "%.*s%.*s", KB_ARG(day(r, out->date)), KB_ARG(lacks));
	} else {
		out->basis = KB_OUTDATED_ESTIMATE;
		out->date = last_commit(r, doc);
		out->since =
			kb_arena_fmt(r->arena, "%.*s (estimated: its last commit)%.*s",
				KB_ARG(day(r, out->date)), KB_ARG(lacks));
	}
	return out->date ? by_time(r, out->date) : former;
}

int kb_outdated_of(struct kb_outdated *out, struct kb_arena *arena,
	const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_history *history, const struct kb_document *doc,
	struct kb_error *err)
{
	struct source_versions r = {.arena = arena, .lib = lib, .history = history};
	_cleanup_buf_ kb_buf text = {0};
	struct kb_version *then = NULL, *now;
	struct former_version former;
	bool is_present;

	*out = (struct kb_outdated){.basis = KB_OUTDATED_REVISION};
	out->source = doc->facts->broken ? NULL : kb_document_source(lib, doc);
	if (!out->source)
		return 0;
	r.len = kb_history_versions(history, arena, out->source->path, &r.versions);
	former = find_former(&r, out, doc);
	if (former.at)
		memcpy(out->changed_in, r.versions[former.at - 1].commit.id,
			sizeof(out->changed_in));
	is_present = former.blob && strcmp(former.blob, out->source->facts->blob) == 0;
	if (former.blob && !is_present)
		then = read_former(&r, out->source, &former);
	if (!then && !is_present) {
		out->basis = KB_OUTDATED_UNKNOWN;
		return 0;
	}
	if (kb_reader_read(reader, out->source->path, 0, &text, err) < 0)
		return -1;
	now = kb_version_read(arena, lib->config, out->source->mount, out->source->locale,
		out->source->path, kb_buf_view(&text));
	out->diff = kb_diff_versions(arena, then ? then : now, now,
		&(struct kb_diff_links){.to = lib, .history = history});
	return 0;
}

static bool is_asked(const struct kb_library_diff_options *options,
	const struct kb_document *doc, const struct kb_document *source)
{
	return !options->selected || options->selected(options->ctx, doc->path) ||
	       (source && options->selected(options->ctx, source->path));
}

int kb_outdated_find(struct kb_library_diff **out, struct kb_arena *arena,
	const struct kb_library *lib, const struct kb_history *history,
	const struct kb_library_diff_options *options, struct kb_error *err)
{
	struct library_pair *l = kb_arena_new_of(arena, struct library_pair);
	struct kb_reader *reader = kb_reader_new(lib->source);
	int rc = 0;

	for (uint32_t i = 0; i < lib->ndocs && rc == 0; i++) {
		const struct kb_document *doc = lib->docs[i];
		const struct kb_document *source =
			doc->facts->broken ? NULL : kb_document_source(lib, doc);
		struct kb_outdated found;

		if (!source || !is_asked(options, doc, source))
			continue;
		rc = kb_outdated_of(&found, arena, lib, reader, history, doc, err);
		if (rc == 0 && found.diff && found.diff->weight != KB_WEIGHT_NONE)
			kb_vec_push(&l->docs,
				((struct kb_doc_diff){.from = found.diff->from->doc,
					.to = source,
					.diff = found.diff,
					.translation = doc,
					.since = found.since}));
		if (rc == 0 && found.diff && found.diff->weight > l->out.weight)
			l->out.weight = found.diff->weight;
	}
	kb_reader_free(reader);
	l->out.from = l->out.to = lib;
	l->out.ndocs = (uint32_t)l->docs.len;
	l->out.docs = kb_vec_freeze(&l->docs, arena);
	*out = &l->out;
	return rc;
}

/* All that the answer depends on; false: nobody knows. */
static bool behind_key(struct kb_hash *key, const struct source_versions *r,
	const struct kb_document *doc, const struct kb_document *source,
	const struct former_version *former, unsigned audience)
{
	kb_str parts[] = {kb_str_of(kb_build_id()), r->lib->config->audiences[audience],
		doc->path, source->path, kb_str_of(source->facts->blob), former->path,
		kb_str_of(former->blob)};
	_cleanup_buf_ kb_buf all = {0};
	struct kb_hash outline;

	if (!kb_library_outline(r->lib, &outline))
		return false;
	kb_buf_add(&all, &outline, sizeof(outline));
	for (size_t i = 0; i < KB_LEN(parts); i++) {
		kb_buf_str(&all, parts[i]);
		kb_buf_putc(&all, '\n');
	}
	kb_buf_str(&all, kb_library_config_text(r->lib));
	*key = kb_hash128(kb_buf_view(&all));
	return true;
}

static int compare_for(bool *behind, const struct source_versions *r,
	struct kb_reader *reader, const struct kb_document *source,
	const struct former_version *former, unsigned audience, struct kb_error *err)
{
	struct kb_version *then = read_former(r, source, former), *now;
	_cleanup_buf_ kb_buf text = {0};

	if (!then)
		return 0;
	if (kb_reader_read(reader, source->path, 0, &text, err) < 0)
		return -1;
	now = kb_version_read(r->arena, r->lib->config, source->mount, source->locale,
		source->path, kb_buf_view(&text));
	*behind = kb_diff_must_be_followed(
		kb_diff_versions(r->arena, version_for(r->arena, then, r->lib, audience),
			version_for(r->arena, now, r->lib, audience),
			&(struct kb_diff_links){.to = r->lib, .history = r->history}));
	return 0;
}

int kb_outdated_behind_for(bool *behind, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_history *history,
	const struct kb_document *doc, unsigned audience, struct kb_memo *memo,
	struct kb_error *err)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct source_versions r = {.arena = arena, .lib = lib, .history = history};
	struct kb_outdated found = {
		.source = doc->facts->broken ? NULL : kb_document_source(lib, doc)};
	_cleanup_buf_ kb_buf kept = {0};
	struct former_version former;
	struct kb_hash key;
	bool known;

	*behind = false;
	if (!found.source || found.source->facts->broken ||
		!kb_document_visible(lib, found.source, audience, false))
		return 0;
	r.len = kb_history_versions(history, arena, found.source->path, &r.versions);
	former = find_former(&r, &found, doc);
	if (!former.blob || strcmp(former.blob, found.source->facts->blob) == 0)
		return 0;
	known = memo && behind_key(&key, &r, doc, found.source, &former, audience);
	if (known && kb_memo_get(memo, key, &kept) && kept.len == 1) {
		*behind = kept.data[0] == '1';
		return 0;
	}
	if (compare_for(behind, &r, reader, found.source, &former, audience, err) < 0)
		return -1;
	if (known)
		kb_memo_put(memo, key, *behind ? KB_STR("1") : KB_STR("0"));
	return 0;
}
