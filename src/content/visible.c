/* Which documents an audience sees. */
#include "index.h"
#include "kb/library.h"

static bool is_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	bool unfinished =
		doc->facts->status == KB_DRAFT || doc->facts->status == KB_REVIEW;

	return doc->facts->audience <= audience && (drafts || !unfinished) &&
	       (!doc->facts->publish_at || doc->facts->publish_at <= lib->now) &&
	       (!doc->facts->expires_at || lib->now < doc->facts->expires_at);
}

bool kb_document_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return doc->facts->type != KB_SNIPPET && is_allowed(lib, doc, audience, drafts);
}

bool kb_document_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return !doc->facts->broken && kb_document_allowed(lib, doc, audience, drafts);
}

bool kb_snippet_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return doc->facts->type == KB_SNIPPET && is_allowed(lib, doc, audience, drafts);
}

bool kb_snippet_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return !doc->facts->broken && kb_snippet_allowed(lib, doc, audience, drafts);
}

struct kb_document *kb_family_visible(const struct kb_library *lib,
	const struct kb_family *family, uint32_t locale, unsigned audience, bool drafts)
{
	for (; locale != KB_NONE; locale = lib->config->locales[locale].fallback) {
		struct kb_document *doc = family->by_locale[locale];

		if (doc && kb_document_visible(lib, doc, audience, drafts))
			return doc;
	}
	return NULL;
}

/* The search for a fragment as an audience sees it. */
struct fragment_view {
	const struct kb_library *lib;
	kb_str fragment;
	unsigned audience;
	bool drafts;
	uint32_t locale, visits;
};

enum { SIGHT_VISITS_MAX = 1000 };

/* Has the document's own text the fragment? *shown: for the audience, too. */
static bool has_fragment(
	const struct fragment_view *sight, const struct kb_md_facts *facts, bool *shown)
{
	bool found = false;

	*shown = false;
	for (uint32_t i = 0; i < facts->nheadings; i++)
		if (kb_str_eq(facts->headings[i].id, sight->fragment)) {
			*shown |= facts->headings[i].audience <= sight->audience;
			found = true;
		}
	for (uint32_t i = 0; i < facts->nanchors; i++)
		if (kb_str_eq(facts->anchors[i].id, sight->fragment)) {
			*shown |= facts->anchors[i].audience <= sight->audience;
			found = true;
		}
	return found;
}

static bool fragment_shown(
	struct fragment_view *sight, const struct kb_document *doc, uint32_t depth)
{
	bool shown;

	if (has_fragment(sight, &doc->facts->body, &shown) || depth == 0)
		return shown;
	for (uint32_t i = 0; i < doc->facts->body.nrefs; i++) {
		const struct kb_ref *ref = &doc->facts->body.refs[i];
		const struct kb_document *snippet;

		if (ref->kind != KB_REF_INCLUDE || ref->audience > sight->audience ||
			sight->visits++ >= SIGHT_VISITS_MAX)
			continue;
		snippet = kb_library_snippet(sight->lib, ref->name, sight->locale);
		if (snippet &&
			kb_snippet_visible(
				sight->lib, snippet, sight->audience, sight->drafts) &&
			fragment_shown(sight, snippet, depth - 1))
			return true;
	}
	return false;
}

bool kb_fragment_visible(const struct kb_library *lib, const struct kb_document *doc,
	kb_str fragment, unsigned audience, bool drafts)
{
	struct fragment_view sight = {lib, fragment, audience, drafts, doc->locale, 0};

	return kb_str_is(fragment, "top") || kb_str_starts(fragment, KB_STR(":~:")) ||
	       fragment_shown(&sight, doc, lib->config->limits.snippet_depth) ||
	       kb_fragment_is_title(lib, doc, fragment);
}

bool kb_target_visible(const struct kb_library *lib, const struct kb_document *doc,
	uint32_t locale, const struct kb_target *target, unsigned audience)
{
	switch (target->kind) {
	case KB_TARGET_EXTERNAL:
	case KB_TARGET_PAGE:
		return true;
	case KB_TARGET_FRAGMENT:
		return kb_fragment_visible(lib, doc, target->fragment, audience, false);
	case KB_TARGET_DOCUMENT:
		doc = target->family ? kb_family_visible(lib, target->family, locale,
					       audience, false)
				     : NULL;
		return doc && (!target->fragment.len ||
				      kb_fragment_visible(lib, doc, target->fragment,
					      audience, false));
	default:
		return kb_audience_trusted(lib->config, audience);
	}
}
