/* What the formats of `kb diff` are made from. */
#ifndef KB_CMD_DIFF_H
#define KB_CMD_DIFF_H

#include "cmd.h"
#include "session.h"

#include "kb/library_diff.h"

struct diff_report {
	const struct kb_library_diff *diff;
	struct kb_arena *arena;
	kb_str from, to; /* as people call them: a commit's id, "the work tree" */
	enum kb_weight least;
	bool color;
	bool operations; /* json: with blocks and operations */
};

/* diff_shown.c */
/* Of changes and notes that weigh at least REPORT's least. */
bool diff_counts(const struct diff_report *report, unsigned weight);
const char *diff_status(const struct kb_doc_diff *doc); /* "added" */
const struct kb_document *diff_document(const struct kb_doc_diff *doc);
/* "significant", "minor", "trivial" and how many: "2 significant, 1 minor" */
kb_str diff_counts_text(const struct diff_report *report, const struct kb_doc_diff *doc);
bool diff_shows(const struct diff_report *report, const struct kb_doc_diff *doc);
/* How many documents there are to be shown. */
size_t diff_shown(const struct diff_report *report);
/* "2 documents, and what changed touches 24 more, from 1a2b to the work tree." */
kb_str diff_headline(const struct diff_report *report);

void diff_text(const struct diff_report *report, bool color, kb_buf *out);
void diff_markdown(const struct diff_report *report, kb_buf *out);
void diff_html(const struct diff_report *report, kb_buf *out);
void diff_json(const struct diff_report *report, kb_buf *out);

#endif
