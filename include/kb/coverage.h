/*
 * Coverage: which issue has content of which type in which locale, and what it still
 * needs (`needs` in taxonomy.yaml). Published documents count; a locale that has
 * none of its own is served by a fallback of the same language.
 */
#ifndef KB_COVERAGE_H
#define KB_COVERAGE_H

#include "kb/library.h"

struct kb_coverage {
	const struct kb_library *lib;
	uint32_t *counts;  /* documents by issue, type and locale */
	uint32_t *served;  /* bit 1 << type, by issue and locale */
	unsigned audience; /* whose view is counted; KB_NONE: all documents */
};

/* Counts all; what it points to is in ARENA. */
void kb_coverage_count(
	const struct kb_library *lib, struct kb_arena *arena, struct kb_coverage *out);
/* Counts what the audience sees now. Only the most trusted one needs workflows and
 * replies: they are tools of agents. */
void kb_coverage_count_for(const struct kb_library *lib, unsigned audience,
	struct kb_arena *arena, struct kb_coverage *out);
/* Documents written in the locale. ISSUE: its index in the taxonomy. */
uint32_t kb_coverage_own(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale);
/* Does a reader of the locale get one in their own language? */
bool kb_coverage_serves(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale);
/* Does the issue need one? Retired ones need nothing. */
bool kb_coverage_needs(
	const struct kb_coverage *coverage, uint32_t issue, enum kb_type type);
/* Does the issue need one, and nothing serves the locale? */
bool kb_coverage_lacks(const struct kb_coverage *coverage, uint32_t issue,
	enum kb_type type, uint32_t locale);
/* The locales in which it lacks the type: "de, hu"; or empty. */
kb_str kb_coverage_gap(const struct kb_coverage *coverage, struct kb_arena *arena,
	uint32_t issue, enum kb_type type);

/* How to fill such a gap: a command if there is one. In ARENA. */
kb_str kb_coverage_fix(const struct kb_coverage *coverage, struct kb_arena *arena,
	uint32_t issue, enum kb_type type, uint32_t locale);

/*
 * Returns an array in ARENA with a value for each issue: true if the audience may see it.
 * Retired issues and issues of more trusted audiences are hidden. An audience other than
 * the most trusted one also needs a document, in any locale, that it may see and that is
 * about the issue or an issue below it.
 */
bool *kb_issues_shown(
	const struct kb_library *lib, unsigned audience, struct kb_arena *arena);

/* Whether documents of a type are about issues. */
bool kb_type_takes_issues(enum kb_type type);

/* What an id among a document's issues is. */
enum kb_issue_use {
	KB_USE_FINE,
	KB_USE_FORMER,	/* an alias of the issue */
	KB_USE_RETIRED, /* of a document that is not archived */
	KB_USE_UNKNOWN, /* and ISSUE is NULL */
};
enum kb_issue_use kb_issue_use(const struct kb_library *lib,
	const struct kb_document *doc, uint32_t i, const struct kb_issue **issue);

/* Is text of LOCALE in WANTED's language: its own locale, or one that it falls back to?
 */
bool kb_locale_serves(const struct kb_config *config, uint32_t locale, uint32_t wanted);

#endif
