/* What changed in the sources of translations. */
#include "kb/outdated.h"

#include "kb/unicode.h"
#include "library.h"

struct reading {
	struct kb_arena *arena;
	const struct kb_library *lib;
	const struct kb_history *history;
	struct kb_history_version *versions; /* of the source, newest first */
	size_t len;
};

static struct kb_version *read_blob(
	const struct reading *r, const struct kb_document *source, const char *blob)
{
	_cleanup_buf_ kb_buf text = {0};

	if (!blob[0] || kb_history_blob(r->history, kb_str_of(blob), &text, NULL) < 0)
		return NULL;
	return kb_version_read(r->arena, r->lib->config, source->mount, source->locale,
		source->path, kb_buf_view(&text));
}

/* The blob that the abbreviated id means, or NULL. */
static const char *blob_by_id(
	const struct reading *r, const struct kb_document *source, const char *id)
{
	size_t n = strlen(id);

	if (strncmp(source->blob, id, n) == 0)
		return source->blob;
	for (size_t i = 0; i < r->len; i++)
		if (strncmp(r->versions[i].blob, id, n) == 0)
			return r->versions[i].blob;
	return NULL;
}

/* The source as it stood then; before its first version, that one. */
static const char *blob_by_time(const struct reading *r, time_t t)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->versions[i].commit.committed <= t)
			return r->versions[i].blob;
	return r->len && r->versions[r->len - 1].kind != KB_VERSION_UNKNOWN
		       ? r->versions[r->len - 1].blob
		       : NULL;
}

/* The time that the document says; a day counts to its end. */
static time_t said_time(const struct reading *r, const struct kb_document *doc)
{
	kb_str date =
		kb_node_str(kb_node_get(kb_node_get(doc->meta, "translation"), "date"));
	kb_str zone = r->lib->config->timezone;
	time_t t;
	bool is_day;

	if (kb_time_parse(date, zone, &t, &is_day) < 0)
		return doc->translation.date;
	return is_day ? kb_day_start(zone, kb_day_number(zone, t) + 1) - 1 : t;
}

static time_t last_commit(const struct reading *r, const struct kb_document *doc)
{
	struct kb_history_version *versions;
	size_t n = kb_history_versions(r->history, r->arena, doc->path, &versions);

	/* What is not committed is as new as can be. */
	if (!n || strcmp(versions[0].blob, doc->blob) != 0)
		return r->lib->now;
	return versions[0].kind == KB_VERSION_UNKNOWN ? 0 : versions[0].commit.committed;
}

static kb_str day(const struct reading *r, time_t t)
{
	return kb_day_format(r->arena, r->lib->config->timezone, t);
}

/* Finds which version it translates; NULL: nobody can know. */
static const char *find_blob(
	struct reading *r, struct kb_outdated *out, const struct kb_document *doc)
{
	const char *revision = doc->translation.revision, *blob = NULL;
	kb_str lacks = KB_STR_NULL;

	if (revision[0])
		blob = blob_by_id(r, out->source, revision);
	if (blob) {
		out->since = kb_arena_fmt(r->arena, "revision %.10s", blob);
		return blob;
	}
	if (revision[0]) {
		out->revision_unknown = true;
		lacks = kb_arena_fmt(r->arena,
			"; revision %.10s, which it names, is not in the history",
			revision);
	}
	if (doc->translation.date) {
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
	return out->date ? blob_by_time(r, out->date) : NULL;
}

int kb_outdated_of(struct kb_outdated *out, struct kb_arena *arena,
	const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_history *history, const struct kb_document *doc,
	struct kb_error *err)
{
	struct reading r = {.arena = arena, .lib = lib, .history = history};
	_cleanup_buf_ kb_buf text = {0};
	struct kb_version *then, *now;
	const char *blob;

	*out = (struct kb_outdated){.basis = KB_OUTDATED_REVISION};
	out->source = doc->broken ? NULL : kb_document_source(lib, doc);
	if (!out->source)
		return 0;
	r.len = kb_history_versions(history, arena, out->source->path, &r.versions);
	blob = find_blob(&r, out, doc);
	then = blob ? strcmp(blob, out->source->blob) == 0
			       ? NULL
			       : read_blob(&r, out->source, blob)
		    : NULL;
	if (!blob || (!then && strcmp(blob, out->source->blob) != 0)) {
		out->basis = KB_OUTDATED_UNKNOWN;
		return 0;
	}
	if (kb_reader_read(reader, out->source->path, 0, &text, err) < 0)
		return -1;
	now = kb_version_read(arena, lib->config, out->source->mount, out->source->locale,
		out->source->path, kb_buf_view(&text));
	out->diff = kb_diff_versions(arena, then ? then : now, now);
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
	struct library *l = kb_arena_new_of(arena, struct library);
	struct kb_reader *reader = kb_reader_new(lib->source);
	int rc = 0;

	for (uint32_t i = 0; i < lib->ndocs && rc == 0; i++) {
		const struct kb_document *doc = lib->docs[i];
		const struct kb_document *source =
			doc->broken ? NULL : kb_document_source(lib, doc);
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
