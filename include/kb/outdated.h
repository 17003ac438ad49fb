/*
 * Translations that are behind: what changed in a source since the revision that was
 * translated.
 *
 * `translation` names that revision: a blob's id, which may be abbreviated, or a time; a
 * date counts to its end. If the history does not have the revision, kb says so and uses
 * the time. Without either, kb assumes the source at the time when the translation last
 * changed.
 */
#ifndef KB_OUTDATED_H
#define KB_OUTDATED_H

#include "kb/history.h"
#include "kb/library_diff.h"
#include "kb/memo.h"

enum kb_outdated_basis {
	KB_OUTDATED_REVISION,
	KB_OUTDATED_DATE,
	KB_OUTDATED_ESTIMATE, /* from the dates of commits */
	KB_OUTDATED_UNKNOWN,  /* a shallow clone, a broken source: nothing can be said */
};

struct kb_outdated {
	const struct kb_document *source; /* NULL: it is not a translation */
	enum kb_outdated_basis basis;
	bool revision_unknown; /* the one it names is not in the history */
	time_t date;	       /* of DATE and ESTIMATE */
	struct kb_diff *diff;  /* of the source, since then; NULL: unknown */
	kb_str since;	       /* the same in words */
	char changed_in[41];   /* the commit that changed it first after that; empty: none
				  has yet, or it is unknown */
};

/* Compares one document with its source. Fails if the source cannot be read. */
int kb_outdated_of(struct kb_outdated *out, struct kb_arena *arena,
	const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_history *history, const struct kb_document *doc,
	struct kb_error *err);
/* Must translations follow this difference of their source? They need not follow
 * typography, upkeep, or the example value of a placeholder. A document that cannot be
 * read gives false. */
bool kb_diff_must_be_followed(const struct kb_diff *diff);
/* The same of a translation's source; false when the difference is unknown. */
bool kb_outdated_behind(const struct kb_outdated *outdated);
/* The same as readers of AUDIENCE know it: what they cannot read does not count. False
 * when it is unknown, and when they cannot read the source. What was found out is kept in
 * MEMO, which may be NULL. -1: the source cannot be read. */
int kb_outdated_behind_for(bool *behind, const struct kb_library *lib,
	struct kb_reader *reader, const struct kb_history *history,
	const struct kb_document *doc, unsigned audience, struct kb_memo *memo,
	struct kb_error *err);
/* How much changed: "2 paragraphs", or "the front matter". It must have a diff. */
kb_str kb_outdated_extent(struct kb_arena *arena, const struct kb_outdated *outdated);
/* Has the translation's own text changed since its source did? Also true if
 * that is unknown. Fails if the translation cannot be read. */
int kb_outdated_touched(bool *touched, struct kb_arena *arena,
	const struct kb_library *lib, struct kb_reader *reader,
	const struct kb_history *history, const struct kb_document *doc,
	const struct kb_outdated *outdated, struct kb_error *err);
/* Finds all translations that are behind. Each is among the documents, with the
 * difference of its source. Free it with kb_library_diff_free. */
int kb_outdated_find(struct kb_library_diff **out, struct kb_arena *arena,
	const struct kb_library *lib, const struct kb_history *history,
	const struct kb_library_diff_options *options, struct kb_error *err);

#endif
