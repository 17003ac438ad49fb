/*
 * The answer to a case: what an agent needs once it is known what the customer has come
 * with. Workflows first, then replies, articles, and the reference documents that are
 * related to any of them; an issue's own documents before its parents'.
 *
 * Each document is the one that the reader gets: the variant for the region, else the
 * general one, each in the nearest locale. Archived documents are left out.
 */
#ifndef KB_ANSWER_H
#define KB_ANSWER_H

#include "kb/library.h"
#include "kb/value.h"

struct kb_answer_query {
	const struct kb_issue *issue;
	uint32_t locale;
	kb_str region;			  /* empty: any */
	const struct kb_channel *channel; /* NULL: any */
	unsigned audience;
};

struct kb_answer_item {
	const struct kb_document *doc;
	const struct kb_issue *issue;	 /* that it is about: the case's own, or a parent;
					    NULL: it came by relation */
	const struct kb_family *general; /* it replaces that one in the region; or
					    NULL */
	bool fallback; /* its locale is not the one that was asked for */
};

struct kb_answer {
	struct kb_answer_query query;
	bool trusted; /* who reads it may know people, teams and support levels */
	const struct kb_person *owner; /* of the issue; NULL: none, unknown or not for
					  these readers */
	struct kb_answer_list {
		struct kb_answer_item *items;
		size_t len;
	} types[KB_TYPE_COUNT];
};

/* Lists are in ARENA, by issue (own first), weight and title. */
void kb_answer_find(const struct kb_library *lib, const struct kb_answer_query *query,
	struct kb_arena *arena, struct kb_answer *out);
/* What the reader gets of a family, whatever it is about: the variant for the region,
 * else the general document, each in the nearest locale and as the audience may see it;
 * or NULL. */
const struct kb_document *kb_answer_document(const struct kb_library *lib,
	const struct kb_answer_query *query, struct kb_family *family);
/* FAMILY (or NULL), if the query's audience may know of it; else NULL. */
const struct kb_family *kb_answer_known(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_family *family);
/* The next issue above that the query's audience may know of, or NULL. */
const struct kb_issue *kb_answer_parent(const struct kb_library *lib,
	const struct kb_answer_query *query, const struct kb_issue *issue);
/* How many documents the answer has, of all types. */
size_t kb_answer_count(const struct kb_answer *answer);

/* For which regions an item's document is, and what it replaces there, as a phrase such
 * as "only for AT, where it replaces 'care/descale'"; empty if there is nothing to say.
 */
kb_str kb_answer_regions(const struct kb_answer_query *query,
	const struct kb_document *doc, const struct kb_family *general,
	struct kb_arena *arena);
/* Sets the members of ROOT that schemas/api/case.json describes, with the texts of steps
 * and replies. Fails with KB_E_IO if a document cannot be read. */
int kb_answer_value(const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_answer *answer, struct kb_arena *arena, struct kb_value *root,
	struct kb_error *err);

#endif
