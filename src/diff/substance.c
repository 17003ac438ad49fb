/* When documents last changed in substance. */
#include "kb/substance.h"

#include "kb/build.h"
#include "kb/library_diff.h"
#include "kb/memo.h"
#include "kb/pool.h"
#include "version.h"

enum { DEPTH_MAX = 8, CONFIGS_MAX = 100 };

/* The document for which a snippet was walked last, and how many levels below it. */
struct walked {
	const struct kb_document *by;
	unsigned depth;
};

struct substance {
	const struct kb_library *lib;
	const struct kb_history *history;
	unsigned audience;
	struct kb_hash settings; /* all but the histories that the dates depend on */
	struct kb_memo *memo;
	time_t *own;		    /* by document, without what it includes */
	time_t *variables;	    /* by variable, then by locale */
	struct walked *walked;	    /* by document */
	struct kb_reader **readers; /* by worker */
};

static struct kb_hash hash_settings(const struct kb_library *lib, unsigned audience)
{
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_puts(&all, kb_build_id());
	kb_buf_number(&all, audience);
	kb_buf_str(&all, kb_library_config_text(lib));
	return kb_hash128(kb_buf_view(&all));
}

static struct kb_hash key_of(const struct substance *s, kb_str path)
{
	_cleanup_buf_ kb_buf all = {0};

	kb_buf_add(&all, &s->settings, sizeof(s->settings));
	kb_buf_number(&all, kb_history_mark(s->history, path));
	kb_buf_str(&all, path);
	return kb_hash128(kb_buf_view(&all));
}

static bool get_kept(const struct substance *s, struct kb_hash key, time_t *out, size_t n)
{
	_cleanup_buf_ kb_buf kept = {0};

	if (!kb_memo_get(s->memo, key, &kept) || kept.len != n * sizeof(*out))
		return false;
	memcpy(out, kept.data, kept.len);
	return true;
}

static void keep(
	const struct substance *s, struct kb_hash key, const time_t *dates, size_t n)
{
	kb_memo_put(s->memo, key, (kb_str){(const char *)dates, n * sizeof(*dates)});
}

/* Documents */

static const struct kb_version *read_version(const struct substance *s,
	struct kb_arena *arena, const struct kb_document *doc, kb_str path, kb_str text)
{
	return version_for(arena,
		kb_version_read(
			arena, s->lib->config, doc->mount, doc->locale, path, text),
		NULL, s->audience);
}

/* The text of a version. Reading what the document says now from its file is far cheaper
 * than unpacking it from Git, where both are the same. */
static int read_text(const struct substance *s, const struct kb_document *doc,
	unsigned worker, const struct kb_history_version *version, kb_buf *out)
{
	char id[41];

	if (strcmp(version->blob, doc->facts->blob) == 0) {
		if (!s->readers[worker])
			s->readers[worker] = kb_reader_new(s->lib->source);
		if (kb_reader_read(s->readers[worker], doc->path, 0, out, NULL) == 0) {
			kb_blob_id(kb_buf_view(out), id);
			if (strcmp(id, version->blob) == 0)
				return 0;
		}
		kb_buf_clear(out);
	}
	return kb_history_blob(s->history, kb_str_of(version->blob), out, NULL);
}

static bool differs(const struct substance *s, const struct kb_document *doc,
	unsigned worker, const struct kb_history_version *now,
	const struct kb_history_version *then)
{
	_cleanup_arena_ struct kb_arena *arena = NULL;
	_cleanup_buf_ kb_buf was = {0}, is = {0};

	if (strcmp(now->blob, then->blob) == 0)
		return false;
	if (read_text(s, doc, worker, then, &was) < 0 ||
		read_text(s, doc, worker, now, &is) < 0 ||
		texts_reworded(kb_buf_view(&was), kb_buf_view(&is)))
		return true;
	arena = kb_arena_new();
	return kb_diff_is_substance(kb_diff_versions(arena,
		read_version(s, arena, doc, then->path, kb_buf_view(&was)),
		read_version(s, arena, doc, now->path, kb_buf_view(&is)), NULL));
}

static time_t find_date(const struct substance *s, const struct kb_document *doc,
	unsigned worker, const struct kb_history_version *versions, size_t n)
{
	for (size_t i = 0; i < n && versions[i].blob[0]; i++) {
		bool first = i + 1 == n;

		if (first && versions[i].kind == KB_VERSION_UNKNOWN)
			return 0;
		if (first || differs(s, doc, worker, &versions[i], &versions[i + 1]))
			return versions[i].commit.authored;
	}
	return 0;
}

static void find_own(void *ctx, size_t index, unsigned worker)
{
	struct substance *s = ctx;
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct kb_document *doc = s->lib->docs[index];
	struct kb_history_version *versions;
	time_t *date = &s->own[index];
	struct kb_hash key;
	size_t n;

	if (doc->facts->type == KB_SNIPPET
			? !kb_snippet_visible(s->lib, doc, s->audience, false)
			: !kb_document_visible(s->lib, doc, s->audience, false))
		return;
	n = kb_history_versions(s->history, arena, doc->path, &versions);
	if (n <= 1) {
		*date = find_date(s, doc, worker, versions, n);
		return;
	}
	key = key_of(s, doc->path);
	if (get_kept(s, key, date, 1))
		return;
	*date = find_date(s, doc, worker, versions, n);
	keep(s, key, date, 1);
}

/* Variables */

static const struct kb_config *read_config(const struct substance *s,
	struct kb_arena *arena, const struct kb_history_version *at)
{
	_cleanup_buf_ kb_buf text = {0};
	const struct kb_config *config = NULL;
	struct kb_diags diags;

	kb_diags_init(&diags, NULL);
	if (kb_history_blob(s->history, kb_str_of(at->blob), &text, NULL) == 0)
		config = kb_config_parse(
			arena, kb_arena_str(arena, kb_buf_view(&text)), at->path, &diags);
	kb_diags_dispose(&diags);
	return config;
}

/* What readers of one of today's locales get of a variable; false: nothing. */
static bool value_in(
	const struct kb_config *config, kb_str name, kb_str code, kb_str *out)
{
	const struct kb_variable *variable =
		config ? kb_config_variable(config, name) : NULL;
	uint32_t locale = config ? kb_config_locale(config, code) : KB_NONE;

	*out = KB_STR("");
	if (!variable || locale == KB_NONE)
		return false;
	*out = kb_l10n_get(config, &variable->value, locale);
	return true;
}

/* Dates that are not known yet, where a version of kb.yaml differs from the one before.
 */
static void compare_configs(const struct substance *s, struct kb_arena *arena,
	const struct kb_config *then, const struct kb_config *now, time_t date)
{
	const struct kb_config *config = s->lib->config;

	for (size_t i = 0; i < (size_t)config->nvariables * config->nlocales; i++) {
		kb_str name = config->variables[i / config->nlocales].name, was, is;
		kb_str code = config->locales[i % config->nlocales].code, why;

		if (s->variables[i] || !value_in(now, name, code, &is))
			continue;
		if (!value_in(then, name, code, &was) ||
			(!kb_str_eq(was, is) && kb_diff_text_weight(arena, was, is,
							&why) > KB_WEIGHT_TRIVIAL))
			s->variables[i] = date;
	}
}

static void find_variables(struct substance *s)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	const struct kb_config *config = s->lib->config, *now = NULL, *then;
	size_t len = (size_t)config->nvariables * config->nlocales;
	struct kb_hash key = key_of(s, config->path);
	struct kb_history_version *versions;
	size_t n =
		len ? kb_history_versions(s->history, arena, config->path, &versions) : 0;

	if (!n || get_kept(s, key, s->variables, len))
		return;
	for (size_t i = 0; i < n && i < CONFIGS_MAX && versions[i].blob[0]; i++) {
		bool last = i + 1 == n || !versions[i + 1].blob[0];

		if (last && versions[i].kind == KB_VERSION_UNKNOWN)
			break;
		now = now ? now : read_config(s, arena, &versions[i]);
		then = last ? NULL : read_config(s, arena, &versions[i + 1]);
		compare_configs(s, arena, then, now, versions[i].commit.authored);
		now = then;
	}
	keep(s, key, s->variables, len);
}

/* Together */

static void raise(time_t *date, time_t other)
{
	if (other > *date)
		*date = other;
}

static void raise_by_variable(
	const struct substance *s, kb_str name, uint32_t locale, time_t *date)
{
	const struct kb_config *config = s->lib->config;
	const struct kb_variable *variable = kb_config_variable(config, name);

	if (variable)
		raise(date, s->variables[(size_t)(variable - config->variables) *
						 config->nlocales +
					 locale]);
}

static void raise_by_line(
	const struct substance *s, kb_str line, uint32_t locale, time_t *date)
{
	_cleanup_arena_ struct kb_arena *arena = NULL;
	struct kb_ref *refs;
	size_t n;

	if (kb_str_find(line, KB_STR("{{")) == SIZE_MAX)
		return;
	arena = kb_arena_new();
	n = kb_md_refs(arena, line, 0, &refs);
	for (size_t i = 0; i < n; i++)
		raise_by_variable(s, refs[i].name, locale, date);
}

/* Whether SNIPPET is still to be walked for DOC, with DEPTH levels below it. Each is
 * walked once per level at most, however often it is included. */
static bool is_new(const struct substance *s, const struct kb_document *doc,
	const struct kb_document *snippet, unsigned depth)
{
	struct walked *walked = &s->walked[snippet->number];

	if (walked->by == doc && walked->depth >= depth)
		return false;
	*walked = (struct walked){doc, depth};
	return true;
}

static void raise_by_text(const struct substance *s, const struct kb_document *top,
	const struct kb_document *doc, unsigned depth, time_t *date)
{
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet;

		if (ref->audience > s->audience)
			continue;
		if (ref->kind == KB_REF_VARIABLE)
			raise_by_variable(s, ref->name, top->locale, date);
		snippet = ref->kind == KB_REF_INCLUDE
				  ? kb_library_snippet(s->lib, ref->name, top->locale)
				  : NULL;
		if (!snippet || !s->own[snippet->number] || !depth ||
			!is_new(s, top, snippet, depth))
			continue;
		raise(date, s->own[snippet->number]);
		raise_by_text(s, top, snippet, depth - 1, date);
	}
}

static time_t whole_date(const struct substance *s, const struct kb_document *doc)
{
	time_t date = s->own[doc->number];

	if (!date)
		return 0;
	raise_by_line(s, doc->facts->title, doc->locale, &date);
	raise_by_line(s, doc->facts->summary, doc->locale, &date);
	raise_by_text(s, doc, doc, DEPTH_MAX, &date);
	return date;
}

void kb_substance_dates(time_t *dates, const struct kb_library *lib,
	const struct kb_history *history, unsigned audience, unsigned threads)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct substance s = {.lib = lib,
		.history = history,
		.audience = audience,
		.settings = hash_settings(lib, audience)};
	kb_str name = kb_arena_fmt(arena, "substance-%u", audience), path;
	unsigned workers = kb_parallel_workers(threads, lib->ndocs);
	bool own;

	path = kb_source_cache(lib->source, arena, name.data, &own);
	s.memo = kb_memo_open(lib->stored && own ? path.data : NULL);
	s.own = kb_arena_array(arena, time_t, lib->ndocs);
	s.walked = kb_arena_array(arena, struct walked, lib->ndocs);
	s.variables = kb_arena_array(
		arena, time_t, (size_t)lib->config->nvariables * lib->config->nlocales);
	s.readers = kb_arena_array(arena, struct kb_reader *, workers);
	kb_parallel(threads, lib->ndocs, find_own, &s);
	for (unsigned i = 0; i < workers; i++)
		kb_reader_free(s.readers[i]);
	find_variables(&s);
	for (uint32_t i = 0; i < lib->ndocs; i++)
		dates[i] = lib->docs[i]->facts->type == KB_SNIPPET
				   ? 0
				   : whole_date(&s, lib->docs[i]);
	kb_memo_close(s.memo);
}
