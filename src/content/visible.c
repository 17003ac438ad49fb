/* Which documents an audience sees. */
#include "kb/library.h"

static bool is_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	bool unfinished = doc->status == KB_DRAFT || doc->status == KB_REVIEW;

	return doc->audience <= audience && (drafts || !unfinished) &&
	       (!doc->publish_at || doc->publish_at <= lib->now) &&
	       (!doc->expires_at || lib->now < doc->expires_at);
}

bool kb_document_allowed(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return doc->type != KB_SNIPPET && is_allowed(lib, doc, audience, drafts);
}

bool kb_document_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return !doc->broken && kb_document_allowed(lib, doc, audience, drafts);
}

bool kb_snippet_visible(const struct kb_library *lib, const struct kb_document *doc,
	unsigned audience, bool drafts)
{
	return !doc->broken && doc->type == KB_SNIPPET &&
	       is_allowed(lib, doc, audience, drafts);
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
