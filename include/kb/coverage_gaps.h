/*
 * What is missing between content and taxonomy: documents that issues need, documents
 * about no issue, issues without documents, ids that are former, retired or unknown.
 */
#ifndef KB_COVERAGE_GAPS_H
#define KB_COVERAGE_GAPS_H

#include "kb/coverage.h"
#include "kb/value.h"

enum kb_gap_kind {
	KB_GAP_NEEDED,	    /* the issue needs a document that is not there */
	KB_GAP_NO_ISSUE,    /* the document is about no issue */
	KB_GAP_NO_DOCUMENT, /* no document is about the issue or one below it */
	KB_GAP_FORMER,	    /* a document uses an issue's former id, */
	KB_GAP_RETIRED,	    /* or a retired issue, */
	KB_GAP_UNKNOWN,	    /* or an id that is not an issue */
	KB_GAP_KINDS
};

struct kb_gap {
	enum kb_gap_kind kind;
	enum kb_severity severity;
	const struct kb_document *doc; /* NULL: about an issue */
	kb_str path;
	uint32_t line;	   /* 0: of the file as a whole */
	kb_str issue;	   /* an id as it is written there; empty: none */
	uint32_t locale;   /* KB_NONE: no certain one */
	enum kb_type type; /* KB_TYPE_COUNT: no certain one */
	kb_str message, fix;
};

/* What to report on; empty: everything. */
struct kb_gaps_wanted {
	kb_strs locales, issues, types; /* codes, ids (with those below), names */
	const char *audience;		/* what it sees; NULL: all that is published */
	bool gaps_only;			/* only what is needed and missing */
};

struct kb_gaps {
	const struct kb_library *lib;
	const struct kb_gaps_wanted *wanted;
	struct kb_arena *arena;
	struct kb_coverage coverage;
	bool types[KB_TYPE_COUNT], *locales, *issues; /* which are looked at */
	KB_VEC(struct kb_gap);			      /* by kind */
	size_t counts[KB_GAP_KINDS];
};

/* Finds the gaps. Texts are in ARENA. Dispose of GAPS with kb_vec_dispose even if it
 * fails. Fails if WANTED names something that does not exist; the message suggests names.
 */
int kb_gaps_find(struct kb_gaps *gaps, const struct kb_library *lib,
	const struct kb_gaps_wanted *wanted, struct kb_arena *arena,
	struct kb_error *err);

/* Is the issue's row of the matrix shown? */
bool kb_gaps_shows(const struct kb_gaps *gaps, uint32_t issue);
/* Sets ROOT's keys as schemas/output/link.json has them. */
void kb_gaps_value(
	const struct kb_gaps *gaps, struct kb_arena *arena, struct kb_value *root);

#endif
