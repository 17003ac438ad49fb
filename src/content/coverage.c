#include "kb/coverage.h"

#include "kb/arena_str.h"

bool kb_locale_serves(const struct kb_config *config, uint32_t locale, uint32_t wanted)
{
	kb_str language = config->locales[wanted].code;

	language = kb_str_sub(language, 0, kb_str_chr(language, '-'));
	for (uint32_t at = wanted; at != KB_NONE; at = config->locales[at].fallback) {
		kb_str code = config->locales[at].code;

		if (!kb_str_eq(kb_str_sub(code, 0, kb_str_chr(code, '-')), language))
			return false;
		if (at == locale)
			return true;
	}
	return false;
}

static size_t cell(const struct kb_coverage *coverage, uint32_t issue, enum kb_type type,
	uint32_t locale)
{
	uint32_t nlocales = coverage->lib->config->nlocales;

	return ((size_t)issue * KB_TYPE_COUNT + type) * nlocales + locale;
}

static void count_document(
	struct kb_coverage *coverage, const struct kb_document *doc, kb_str id)
{
	const struct kb_library *lib = coverage->lib;
	const struct kb_issue *found = kb_taxonomy_find(lib->taxonomy, id);
	uint32_t nlocales = lib->config->nlocales, issue;

	if (!found)
		return;
	issue = kb_taxonomy_index(lib->taxonomy, found);
	coverage->counts[cell(coverage, issue, doc->facts->type, doc->locale)]++;
	for (uint32_t l = 0; l < nlocales; l++)
		if (kb_locale_serves(lib->config, doc->locale, l))
			coverage->served[(size_t)issue * nlocales + l] |=
				1u << doc->facts->type;
}

void kb_coverage_count(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_coverage *out)
{
	kb_coverage_count_for(lib, KB_NONE, arena, out);
}

static bool counts(const struct kb_coverage *coverage, const struct kb_document *doc)
{
	return !doc->facts->broken && doc->facts->status == KB_PUBLISHED &&
	       (coverage->audience == KB_NONE || kb_document_visible(coverage->lib, doc,
							 coverage->audience, false));
}

void kb_coverage_count_for(const struct kb_library *lib, unsigned audience,
	struct kb_arena *arena, struct kb_coverage *out)
{
	size_t cells = (size_t)lib->taxonomy->len * lib->config->nlocales;

	*out = (struct kb_coverage){.lib = lib, .audience = audience};
	out->counts = kb_arena_array(arena, uint32_t, cells * KB_TYPE_COUNT + 1);
	out->served = kb_arena_array(arena, uint32_t, cells + 1);
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		for (uint32_t i = 0; counts(out, doc) && i < doc->facts->issues.len; i++)
			count_document(out, doc, doc->facts->issues.items[i]);
	}
}

uint32_t kb_coverage_own(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale)
{
	return coverage->counts[cell(coverage, issue, type, locale)];
}

bool kb_coverage_serves(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale)
{
	uint32_t nlocales = coverage->lib->config->nlocales;

	return coverage->served[(size_t)issue * nlocales + locale] & 1u << type;
}

bool kb_coverage_needs(
	const struct kb_coverage *coverage, uint32_t issue, enum kb_type type)
{
	const struct kb_issue *it = &coverage->lib->taxonomy->issues[issue];

	return !it->retired && it->needs & 1u << type &&
	       (type == KB_ARTICLE ||
		       coverage->audience >= coverage->lib->config->naudiences - 1);
}

bool kb_coverage_lacks(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale)
{
	return kb_coverage_needs(coverage, issue, type) &&
	       !kb_coverage_serves(coverage, issue, type, locale);
}

kb_str kb_coverage_gap(const struct kb_coverage *coverage, struct kb_arena *arena,
	uint32_t issue, enum kb_type type)
{
	const struct kb_config *config = coverage->lib->config;
	kb_str list = KB_STR("");

	for (uint32_t l = 0; l < config->nlocales; l++)
		if (kb_coverage_lacks(coverage, issue, type, l))
			list = kb_arena_fmt(arena, "%.*s%s%.*s", KB_ARG(list),
				list.len ? ", " : "", KB_ARG(config->locales[l].code));
	return list;
}

/* What there is already: a draft in the locale, else one in the first of the others; or
 * NULL. */
static const struct kb_document *find_nearest(
	const struct kb_library *lib, uint32_t issue, enum kb_type type, uint32_t locale)
{
	const struct kb_document *found = NULL;

	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		if (doc->facts->type != type || doc->facts->status == KB_ARCHIVED ||
			!kb_issues_have(lib->taxonomy, &doc->facts->issues,
				&lib->taxonomy->issues[issue]))
			continue;
		if (doc->locale == locale)
			return doc;
		if (!found || doc->locale < found->locale)
			found = doc;
	}
	return found;
}

kb_str kb_coverage_fix(const struct kb_coverage *coverage, struct kb_arena *arena,
	uint32_t issue, enum kb_type type, uint32_t locale)
{
	const struct kb_library *lib = coverage->lib;
	const struct kb_document *near = find_nearest(lib, issue, type, locale),
				 *own = near ? near->family->by_locale[locale] : NULL;
	kb_str code = lib->config->locales[locale].code;
	kb_str id = kb_arena_shell_word(arena, lib->taxonomy->issues[issue].id);

	if (near && near == own)
		return kb_arena_fmt(arena, "%s %.*s",
			own->facts->status == KB_PUBLISHED
				? "check the audience and dates of"
				: "publish",
			KB_ARG(own->path));
	if (own)
		return kb_arena_fmt(arena, "kb link add %.*s %.*s",
			KB_ARG(kb_arena_shell_word(arena, own->path)), KB_ARG(id));
	if (near)
		return kb_arena_fmt(arena, "kb new --translate-of %.*s --locale %.*s",
			KB_ARG(kb_arena_shell_word(arena, near->id)), KB_ARG(code));
	return kb_arena_fmt(arena, "kb new %s ID --issue %.*s --locale %.*s",
		kb_type_name(type), KB_ARG(id), KB_ARG(code));
}

/* Marks the issues of a document, and those above them. */
static void mark_issues(
	const struct kb_library *lib, const struct kb_document *doc, bool *marks)
{
	const struct kb_taxonomy *taxonomy = lib->taxonomy;

	for (size_t i = 0; i < doc->facts->issues.len; i++) {
		const struct kb_issue *issue =
			kb_taxonomy_find(taxonomy, doc->facts->issues.items[i]);
		uint32_t at = issue ? kb_taxonomy_index(taxonomy, issue) : KB_NONE;

		for (; at != KB_NONE && !marks[at]; at = taxonomy->issues[at].parent)
			marks[at] = true;
	}
}

bool *kb_issues_shown(
	const struct kb_library *lib, unsigned audience, struct kb_arena *arena)
{
	const struct kb_taxonomy *taxonomy = lib->taxonomy;
	bool *shown = kb_arena_array(arena, bool, taxonomy->len + 1);
	bool all = audience + 1 >= lib->config->naudiences;

	for (uint32_t d = 0; !all && d < lib->ndocs; d++)
		if (lib->docs[d]->facts->status != KB_ARCHIVED &&
			kb_document_visible(lib, lib->docs[d], audience, false))
			mark_issues(lib, lib->docs[d], shown);
	for (uint32_t i = 0; i < taxonomy->len; i++) {
		const struct kb_issue *issue = &taxonomy->issues[i];

		shown[i] = (all || shown[i]) && !issue->retired &&
			   issue->audience <= audience;
	}
	return shown;
}

bool kb_type_takes_issues(enum kb_type type)
{
	return type == KB_ARTICLE || type == KB_WORKFLOW || type == KB_REPLY;
}

enum kb_issue_use kb_issue_use(const struct kb_library *lib,
	const struct kb_document *doc, uint32_t i, const struct kb_issue **issue)
{
	kb_str id = doc->facts->issues.items[i];

	*issue = kb_taxonomy_find(lib->taxonomy, id);
	if (!*issue)
		return KB_USE_UNKNOWN;
	if ((*issue)->retired && doc->facts->status != KB_ARCHIVED)
		return KB_USE_RETIRED;
	return kb_str_eq((*issue)->id, id) ? KB_USE_FINE : KB_USE_FORMER;
}
