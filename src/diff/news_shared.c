/* News of what many documents show: snippets and variables. */
#include "news.h"

enum { DEPTH_MAX = 8 };

static bool shows(const struct kb_library *lib, const struct kb_document *doc,
	uint32_t locale, const struct news_shared *shared, unsigned audience,
	unsigned depth)
{
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet;

		if (ref->audience > audience)
			continue;
		if (ref->kind == KB_REF_VARIABLE && shared->variable.len &&
			kb_str_eq(ref->name, shared->variable))
			return true;
		snippet = ref->kind == KB_REF_INCLUDE
				  ? kb_library_snippet(lib, ref->name, locale)
				  : NULL;
		if (!snippet || !kb_snippet_visible(lib, snippet, audience, false))
			continue;
		if (snippet == shared->snippet ||
			(depth &&
				shows(lib, snippet, locale, shared, audience, depth - 1)))
			return true;
	}
	return false;
}

static bool says(kb_str text, kb_str variable)
{
	_cleanup_arena_ struct kb_arena *arena = NULL;
	struct kb_ref *refs;
	size_t n;

	if (kb_str_find(text, KB_STR("{{")) == SIZE_MAX)
		return false;
	arena = kb_arena_new();
	n = kb_md_refs(arena, text, 0, &refs);
	for (size_t i = 0; i < n; i++)
		if (kb_str_eq(refs[i].name, variable))
			return true;
	return false;
}

bool news_shows(const struct kb_library *lib, const struct kb_document *doc,
	const struct news_shared *shared, unsigned audience)
{
	const kb_str lines[] = {doc->facts->title, doc->facts->summary,
		doc->facts->question, doc->facts->subject};

	if (doc->facts->type == KB_SNIPPET || doc->facts->broken)
		return false;
	for (size_t i = 0; shared->variable.len && i < KB_LEN(lines); i++)
		if (says(lines[i], shared->variable))
			return true;
	return shows(lib, doc, doc->locale, shared, audience, DEPTH_MAX);
}

size_t news_users(const struct news *n, const struct kb_library *lib,
	const struct news_shared *shared, uint32_t locale,
	const struct kb_document ***out)
{
	struct {
		KB_VEC(const struct kb_document *);
	} list = {0};
	unsigned audience = news_audience(n, lib);
	size_t len;

	for (uint32_t l = 0; l < lib->config->nlocales; l++)
		for (uint32_t i = 0; i < lib->ndocs; i++) {
			const struct kb_document *doc = lib->docs[i];

			if (doc->locale == l && (locale == KB_NONE || locale == l) &&
				news_reads(lib, doc, audience) && news_asked(n, doc) &&
				news_shows(lib, doc, shared, audience))
				kb_vec_push(&list, doc);
		}
	len = list.len;
	*out = kb_vec_freeze(&list, n->arena);
	return len;
}

/* Variables */

static bool same_values(const struct kb_l10n *a, const struct kb_l10n *b)
{
	if (a->n != b->n)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (!kb_str_eq(a->values[i].locale, b->values[i].locale) ||
			!kb_str_eq(a->values[i].value, b->values[i].value))
			return false;
	return true;
}

static const struct kb_config *read_config(
	const struct news *n, struct kb_arena *arena, const struct kb_history_version *at)
{
	_cleanup_buf_ kb_buf text = {0};
	const struct kb_config *config = NULL;
	struct kb_diags diags;

	kb_diags_init(&diags, NULL);
	if (at->blob[0] &&
		kb_history_blob(n->history, kb_str_of(at->blob), &text, NULL) == 0)
		config = kb_config_parse(
			arena, kb_arena_str(arena, kb_buf_view(&text)), at->path, &diags);
	kb_diags_dispose(&diags);
	return config;
}

void news_read_variables(struct news *n)
{
	_cleanup_arena_ struct kb_arena *arena = kb_arena_new();
	struct kb_history_version *versions;
	size_t len = kb_history_versions(
		n->history, arena, n->diff->to->config->path, &versions);
	const struct kb_config *newer = NULL, *older;

	for (size_t i = 0; i + 1 < len; i++, newer = older) {
		size_t commit =
			kb_history_find(n->history, kb_str_of(versions[i].commit.id));

		if (commit == SIZE_MAX || !n->since[commit])
			return;
		newer = newer ? newer : read_config(n, arena, &versions[i]);
		older = read_config(n, arena, &versions[i + 1]);
		for (uint32_t k = 0; newer && older && k < newer->nvariables; k++) {
			const struct kb_variable *is = &newer->variables[k];
			const struct kb_variable *was =
				kb_config_variable(older, is->name);

			if (was && !same_values(&was->value, &is->value))
				kb_vec_push(&n->variables,
					((struct news_variable){commit,
						kb_arena_str(n->arena, is->name)}));
		}
	}
}

/* The newest commit that changed it and says nothing of it; *TOLD: there are such that
 * do. */
static size_t variable_commit(const struct news *n, kb_str name, bool *told)
{
	*told = false;
	for (size_t i = 0; i < n->variables.len; i++) {
		const struct news_variable *v = &n->variables.items[i];

		if (!kb_str_eq(v->name, name))
			continue;
		if (!news_has_note(n, v->commit))
			return v->commit;
		*told = true;
	}
	return SIZE_MAX;
}

struct values {
	kb_str before, after;
};

static struct values values_in(const struct news *n, const struct kb_variable *was,
	const struct kb_variable *is, uint32_t locale)
{
	const struct kb_library *from = n->diff->from, *to = n->diff->to;
	uint32_t then = kb_config_locale(from->config, to->config->locales[locale].code);

	return (struct values){then == KB_NONE
				       ? KB_STR_NULL
				       : kb_l10n_get(from->config, &was->value, then),
		kb_l10n_get(to->config, &is->value, locale)};
}

/* One value for all locales is reported once. */
static void tell_variable(struct news *n, const struct kb_variable *was,
	const struct kb_variable *is, uint32_t locale)
{
	struct news_shared shared = {.variable = is->name};
	bool one = is->value.n == 1 && was->value.n == 1 &&
		   !is->value.values[0].locale.len && !was->value.values[0].locale.len;
	struct values v = values_in(n, was, is, locale);
	const struct kb_document **docs, **former;
	struct kb_news_item *item;
	size_t len, commit;
	kb_str reason;
	bool told;

	if ((one && locale) || kb_diff_text_weight(n->arena, v.before, v.after, &reason) <
				       KB_WEIGHT_SIGNIFICANT)
		return;
	commit = variable_commit(n, is->name, &told);
	if (commit == SIZE_MAX && told)
		return;
	len = news_users(n, n->diff->to, &shared, one ? KB_NONE : locale, &docs);
	if (!len || !news_users(n, n->diff->from, &shared, KB_NONE, &former))
		return;
	news_add_change(n, docs[0],
		news_key(n, kb_arena_fmt(n->arena, "%.*s/variable/%.*s",
				    KB_ARG(n->diff->to->config->locales[locale].code),
				    KB_ARG(is->name))),
		kb_arena_fmt(n->arena, "%.*s%s%.*s → %.*s",
			KB_ARG(n->trusted ? is->name : KB_STR("")),
			n->trusted ? ": " : "", KB_ARG(v.before), KB_ARG(v.after)),
		commit);
	item = &n->items.items[n->items.len - 1];
	item->variable = is->name;
	item->docs = docs;
	item->ndocs = (uint32_t)len;
}

void news_tell_variables(struct news *n)
{
	const struct kb_config *from = n->diff->from->config, *to = n->diff->to->config;

	for (uint32_t i = 0; i < to->nvariables; i++) {
		const struct kb_variable *is = &to->variables[i];
		const struct kb_variable *was = kb_config_variable(from, is->name);

		for (uint32_t l = 0;
			was && !same_values(&was->value, &is->value) && l < to->nlocales;
			l++)
			tell_variable(n, was, is, l);
	}
}
