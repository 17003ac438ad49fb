#include "kb/coverage.h"

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
	coverage->counts[cell(coverage, issue, doc->type, doc->locale)]++;
	for (uint32_t l = 0; l < nlocales; l++)
		if (kb_locale_serves(lib->config, doc->locale, l))
			coverage->served[(size_t)issue * nlocales + l] |= 1u << doc->type;
}

void kb_coverage_count(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_coverage *out)
{
	size_t cells = (size_t)lib->taxonomy->len * lib->config->nlocales;

	*out = (struct kb_coverage){.lib = lib};
	out->counts = kb_arena_array(arena, uint32_t, cells * KB_TYPE_COUNT + 1);
	out->served = kb_arena_array(arena, uint32_t, cells + 1);
	for (uint32_t d = 0; d < lib->ndocs; d++) {
		const struct kb_document *doc = lib->docs[d];

		if (doc->broken || doc->status != KB_PUBLISHED)
			continue;
		for (uint32_t i = 0; i < doc->issues.len; i++)
			count_document(out, doc, doc->issues.items[i]);
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

bool kb_coverage_lacks(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale)
{
	const struct kb_issue *it = &coverage->lib->taxonomy->issues[issue];

	return !it->retired && it->needs & 1u << type &&
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
