#include "kb/left_out.h"

enum reason {
	UNKNOWN_AUDIENCE,
	UNKNOWN_STATUS,
	DRAFT,
	REVIEW,
	EARLY,
	EXPIRED,
	NREASONS,
	SHOWN = NREASONS
};

/* %zu of one, and of more. */
static const char *const words[NREASONS][2] = {
	[UNKNOWN_AUDIENCE] = {"for an audience that kb.yaml does not have",
		"for an audience that kb.yaml does not have"},
	[UNKNOWN_STATUS] = {"with an unknown status", "with an unknown status"},
	[DRAFT] = {"draft", "drafts"},
	[REVIEW] = {"in review", "in review"},
	[EARLY] = {"before its publish_at", "before their publish_at"},
	[EXPIRED] = {"after its expires_at", "after their expires_at"},
};

static bool has_locale(
	const struct kb_library *lib, const kb_strs *codes, uint32_t locale)
{
	for (size_t i = 0; codes && i < codes->len; i++) {
		if (kb_config_locale(lib->config, codes->items[i]) == locale)
			return true;
	}
	return !codes || !codes->len;
}

static kb_str word_of(const struct kb_document *doc, const char *key)
{
	return kb_node_str(kb_node_get(kb_facts_meta(doc->facts), key));
}

static bool has_unknown_audience(
	const struct kb_library *lib, const struct kb_document *doc)
{
	kb_str word = word_of(doc, "audience");

	return word.len && kb_config_audience(lib->config, word) == KB_NONE;
}

/* A document with an unknown status stays a draft. */
static bool has_unknown_status(const struct kb_document *doc)
{
	kb_str word = word_of(doc, "status");

	return word.len && doc->facts->status == KB_DRAFT && !kb_str_is(word, "draft") &&
	       !kb_str_is(word, "review") && !kb_str_is(word, "published") &&
	       !kb_str_is(word, "archived");
}

static enum reason reason_of(const struct kb_library *lib,
	const struct kb_publish_options *options, const struct kb_document *doc)
{
	if (doc->facts->type == KB_SNIPPET || doc->facts->broken ||
		!has_locale(lib, options->locales, doc->locale))
		return SHOWN;
	if (doc->facts->audience > options->audience)
		return has_unknown_audience(lib, doc) ? UNKNOWN_AUDIENCE : SHOWN;
	if (has_unknown_status(doc) && !options->drafts)
		return UNKNOWN_STATUS;
	if (doc->facts->status == KB_DRAFT && !options->drafts)
		return DRAFT;
	if (doc->facts->status == KB_REVIEW && !options->drafts)
		return REVIEW;
	if (doc->facts->publish_at > lib->now)
		return EARLY;
	return doc->facts->expires_at && doc->facts->expires_at <= lib->now ? EXPIRED
									    : SHOWN;
}

void kb_left_out(kb_buf *out, const struct kb_library *lib,
	const struct kb_publish_options *options)
{
	const struct kb_document *first[NREASONS] = {NULL};
	size_t counts[NREASONS] = {0}, any = 0;

	for (uint32_t i = 0; i < lib->ndocs; i++) {
		enum reason reason = reason_of(lib, options, lib->docs[i]);

		if (reason != SHOWN && !counts[reason]++)
			first[reason] = lib->docs[i];
	}
	for (int i = 0; i < NREASONS; i++) {
		if (!counts[i])
			continue;
		kb_buf_fmt(out, "%s %zu %s (%s%.*s)",
			any++ ? "," : "Left out:", counts[i], words[i][counts[i] > 1],
			counts[i] > 1 ? "such as " : "", KB_ARG(first[i]->path));
	}
	kb_buf_puts(out, any ? ".\n" : "");
}
