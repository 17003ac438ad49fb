/*
 * Findings for people, programs and CI servers.
 *
 * Text has the place, what is wrong, the line with the place underlined, and the hint;
 * long lines are cut to a window around the place. In the formats of forges, paths are
 * relative to the repository's root, as forges and editors expect; in text and JSON, to
 * the content root. Fingerprints depend on the rule, the path and the text of the line,
 * so they stay the same if lines move. Equal ones get a number.
 */
#ifndef KB_FINDINGS_H
#define KB_FINDINGS_H

#include "kb/buf.h"
#include "kb/diag.h"
#include "kb/error.h"
#include "kb/vec.h"

/* Finished findings that the user asked for. {0} has none; kb_vec_dispose frees the list.
 */
struct kb_findings {
	KB_VEC(const struct kb_diag *);
	size_t counts[KB_ERROR + 1]; /* By severity. */
	size_t documents;	     /* How many were checked. */
	bool fresh;		     /* Only what a change brought was asked for. */
	bool quiet;		     /* Text has no summary. */
	kb_str prefix;		     /* The content root's path in its repository. */
};

/* Adds a finding, which is borrowed, and counts it. */
void kb_findings_add(struct kb_findings *findings, const struct kb_diag *diag);

/* text, json, jsonl, sarif, github, gitlab, junit, checkstyle, rdjson; NULL ends them. */
extern const char *const kb_findings_formats[];
/* Appends FINDINGS in one of these formats, or returns -1. */
int kb_findings_write(const struct kb_findings *findings, kb_str format, kb_buf *out,
	struct kb_error *err);

#endif
