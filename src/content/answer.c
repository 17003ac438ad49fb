#include "kb/answer.h"

#include <stdlib.h>

#include "kb/unicode.h"

struct answer_search {
	const struct kb_library *lib;
	const struct kb_answer_query *query;
	struct kb_arena *arena;
	struct {
		KB_VEC(struct kb_answer_item);
	} found[KB_TYPE_COUNT];
	kb_map seen; /* by path */
};

static bool lists(const kb_strs *list, kb_str word)
{
	for (size_t i = 0; i < list->len; i++)
		if (kb_str_eq(list->items[i], word))
			return true;
	return false;
}

/* Documents that name channels are for those, and replies for those that they have a
 * text for. */
static bool serves_channel(
	const struct kb_document *doc, const struct kb_channel *channel)
{
	if (!channel || !doc->facts->channels.len ||
		lists(&doc->facts->channels, channel->id))
		return true;
	return doc->reply && kb_reply_part(doc->reply, channel) &&
	       kb_reply_part(doc->reply, channel)->channel == channel;
}

/* The family's document in the nearest locale, as the audience sees it, or NULL. */
static const struct kb_document *nearest(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_family *family)
{
	const struct kb_config *config = lib->config;
	uint32_t at = query->locale;

	for (uint32_t i = 0; at != KB_NONE && i <= config->nlocales; i++) {
		const struct kb_document *doc = family->by_locale[at];

		if (doc && doc->facts->status != KB_ARCHIVED &&
			kb_document_visible(lib, doc, query->audience, false))
			return doc;
		at = config->locales[at].fallback;
	}
	return NULL;
}

const struct kb_document *kb_answer_document(const struct kb_library *lib,
	const struct kb_answer_query *query, struct kb_family *family)
{
	kb_str region = query->region;
	struct kb_family *variant =
		region.len ? kb_family_for_region(lib, family, region) : family;
	const struct kb_document *doc = nearest(lib, query, variant);

	if (!doc && variant != family)
		doc = nearest(lib, query, family);
	if (doc && region.len && doc->facts->regions.len &&
		!lists(&doc->facts->regions, region))
		return NULL;
	return doc;
}

const struct kb_family *kb_answer_known(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_family *family)
{
	return family && (kb_audience_trusted(lib->config, query->audience) ||
				 nearest(lib, query, family))
		       ? family
		       : NULL;
}

/* The same, if it serves the channel. */
static const struct kb_document *reader_gets(
	const struct answer_search *s, struct kb_family *family)
{
	const struct kb_document *doc = kb_answer_document(s->lib, s->query, family);

	return doc && serves_channel(doc, s->query->channel) ? doc : NULL;
}

static void add(
	struct answer_search *s, struct kb_family *family, const struct kb_issue *issue)
{
	const struct kb_document *doc = reader_gets(s, family);
	const struct kb_family *general;

	if (!doc || kb_map_has(&s->seen, doc->path))
		return;
	kb_map_put(&s->seen, doc->path, s);
	general = doc->family != family ? family : doc->family->general;
	kb_vec_push(&s->found[doc->facts->type],
		((struct kb_answer_item){.doc = doc,
			.issue = issue,
			.general = kb_answer_known(s->lib, s->query, general),
			.fallback = doc->locale != s->query->locale}));
}

const struct kb_issue *kb_answer_parent(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_issue *issue)
{
	const struct kb_issue *issues = lib->taxonomy->issues;

	while (issue->parent != KB_NONE) {
		issue = &issues[issue->parent];
		if (issue->audience <= query->audience)
			return issue;
	}
	return NULL;
}

/* The issue among a document's own that is nearest to the case's, or NULL. */
static const struct kb_issue *nearest_issue(
	const struct answer_search *s, const struct kb_document *doc, uint32_t *distance)
{
	const struct kb_taxonomy *taxonomy = s->lib->taxonomy;
	uint32_t at = kb_taxonomy_index(taxonomy, s->query->issue);

	for (*distance = 0; at != KB_NONE; at = taxonomy->issues[at].parent, ++*distance)
		for (size_t i = 0; i < doc->facts->issues.len; i++)
			if (taxonomy->issues[at].audience <= s->query->audience &&
				kb_taxonomy_find(taxonomy, doc->facts->issues.items[i]) ==
					&taxonomy->issues[at])
				return &taxonomy->issues[at];
	return NULL;
}

/* Families whose document is about the case, WANTED levels above it. */
static void add_by_issue(struct answer_search *s, uint32_t wanted)
{
	for (uint32_t i = 0; i < s->lib->nfamilies; i++) {
		struct kb_family *family = s->lib->families[i];
		const struct kb_document *doc = nearest(s->lib, s->query, family);
		uint32_t distance;
		const struct kb_issue *issue =
			doc && doc->facts->type != KB_REFERENCE &&
					doc->facts->type != KB_SNIPPET
				? nearest_issue(s, doc, &distance)
				: NULL;

		if (issue && distance == wanted)
			add(s, family, issue);
	}
}

static bool is_listed(const struct answer_search *s, kb_str id)
{
	for (int type = 0; type < KB_TYPE_COUNT; type++)
		for (size_t i = 0; type != KB_REFERENCE && i < s->found[type].len; i++)
			if (kb_str_eq(s->found[type].items[i].doc->id, id))
				return true;
	return false;
}

/* Reference documents come to a case by relation, from either side. */
static void add_reference(struct answer_search *s)
{
	for (int type = 0; type < KB_REFERENCE; type++)
		for (size_t i = 0; i < s->found[type].len; i++) {
			const kb_strs *ids = &s->found[type].items[i].doc->facts->related;

			for (size_t k = 0; k < ids->len; k++) {
				struct kb_family *family =
					kb_library_family(s->lib, ids->items[k]);
				const struct kb_document *doc =
					family ? reader_gets(s, family) : NULL;

				if (doc && doc->facts->type == KB_REFERENCE)
					add(s, family, NULL);
			}
		}
	for (uint32_t i = 0; i < s->lib->nfamilies; i++) {
		const struct kb_document *doc = reader_gets(s, s->lib->families[i]);

		for (size_t k = 0; doc && doc->facts->type == KB_REFERENCE &&
				   k < doc->facts->related.len;
			k++)
			if (is_listed(s, doc->facts->related.items[k]))
				add(s, s->lib->families[i], NULL);
	}
}

/* Of equal distance from the case's issue: by weight, then title. */
static int item_cmp(const void *pa, const void *pb)
{
	const struct kb_answer_item *a = pa, *b = pb;
	uint32_t da = a->issue ? UINT32_MAX - a->issue->depth : UINT32_MAX;
	uint32_t db = b->issue ? UINT32_MAX - b->issue->depth : UINT32_MAX;
	int c;

	if (da != db)
		return da < db ? -1 : 1;
	if (a->doc->facts->weight != b->doc->facts->weight)
		return a->doc->facts->weight < b->doc->facts->weight ? -1 : 1;
	c = kb_str_cmp(a->doc->facts->title, b->doc->facts->title);
	return c ? c : kb_str_cmp(a->doc->path, b->doc->path);
}

void kb_answer_find(const struct kb_library *lib, const struct kb_answer_query *query,
	struct kb_arena *arena, struct kb_answer *out)
{
	struct answer_search s = {.lib = lib, .query = query, .arena = arena};

	for (uint32_t distance = 0; distance <= query->issue->depth; distance++)
		add_by_issue(&s, distance);
	add_reference(&s);
	*out = (struct kb_answer){.query = *query,
		.trusted = kb_audience_trusted(lib->config, query->audience)};
	if (out->trusted)
		out->owner = kb_people_find(lib->people, query->issue->owner);
	for (int type = 0; type < KB_TYPE_COUNT; type++) {
		if (s.found[type].len)
			qsort(s.found[type].items, s.found[type].len,
				sizeof(*s.found[type].items), item_cmp);
		out->types[type].len = s.found[type].len;
		out->types[type].items = kb_vec_freeze(&s.found[type], arena);
	}
	kb_map_dispose(&s.seen);
}

size_t kb_answer_count(const struct kb_answer *answer)
{
	size_t n = 0;

	for (int type = 0; type < KB_TYPE_COUNT; type++)
		n += answer->types[type].len;
	return n;
}

kb_str kb_answer_regions(const struct kb_answer_query *query,
	const struct kb_document *doc, const struct kb_family *general,
	struct kb_arena *arena)
{
	const kb_strs *regions = &doc->facts->regions;
	kb_str text = KB_STR("");

	if (query->region.len)
		return general ? kb_arena_fmt(arena, "replaces '%.*s' in %.*s",
					 KB_ARG(general->id), KB_ARG(query->region))
			       : text;
	for (size_t i = 0; i < regions->len; i++)
		text = kb_arena_fmt(arena, "%.*s%s%.*s", KB_ARG(text),
			i ? ", " : "only for ", KB_ARG(regions->items[i]));
	return general && text.len ? kb_arena_fmt(arena, "%.*s, where it replaces '%.*s'",
					     KB_ARG(text), KB_ARG(general->id))
				   : text;
}
