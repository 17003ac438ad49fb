/* kb link without a word: what it finds, and how that is printed. */
#ifndef KB_CMD_LINK_MATRIX_H
#define KB_CMD_LINK_MATRIX_H

#include "link.h"
#include "kb/report.h"

#include "kb/coverage.h"

enum flaw_kind {
	FLAW_GAP,	  /* the issue needs a document that is not there */
	FLAW_NO_ISSUE,	  /* the document is about none */
	FLAW_NO_DOCUMENT, /* neither the issue nor one below it has any */
	FLAW_FORMER,	  /* a document uses an issue's former id, */
	FLAW_RETIRED,	  /* or a retired issue, */
	FLAW_UNKNOWN,	  /* or what is none */
	FLAW_KINDS
};

struct flaw {
	enum flaw_kind kind;
	enum kb_severity severity;
	const struct kb_document *doc; /* NULL: about an issue */
	kb_str path;
	uint32_t line;	   /* 0: of the file as a whole */
	kb_str issue;	   /* an id as it is written there; empty: none */
	uint32_t locale;   /* KB_NONE: no certain one */
	enum kb_type type; /* KB_TYPE_COUNT: no certain one */
	kb_str message, fix;
};

struct matrix {
	const struct kb_library *lib;
	const struct link_values *values;
	struct kb_arena *arena;
	struct kb_coverage coverage;
	bool types[KB_TYPE_COUNT], *locales, *issues; /* which are looked at */
	struct {
		KB_VEC(struct flaw);
	} flaws; /* by kind */
	size_t counts[FLAW_KINDS];
};

/* link_matrix_report.c */
void link_matrix_sheet(const struct matrix *matrix, struct kb_report *sheet);
/* json and csv (kb_output_own_fn). */
bool link_matrix_own(void *matrix, kb_str format, kb_buf *out);

#endif
