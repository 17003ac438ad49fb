/*
 * Inside validation: what a rule family works with, and the families.
 *
 * A family looks at one document (or at the library as a whole) and adds
 * findings. It may use the scratch arena, which is reset after each document, and
 * the reader; both belong to its thread.
 */
#ifndef KB_CHECK_FAMILY_H
#define KB_CHECK_FAMILY_H

#include <pthread.h>

#include "kb/check.h"
#include "kb/memo.h"

/* What changed since an older version: asked for once, when it is needed. */
struct kb_check_moves {
	const struct kb_check_options *options;
	pthread_mutex_t lock;
	bool asked;
	const struct kb_path_changes *changes;
};

/* What linked files were found to be, by path: struct kb_error *. */
struct kb_check_files {
	struct kb_arena *arena;
	kb_map by_path;
	pthread_mutex_t lock;
};

struct kb_checker {
	const struct kb_library *lib;
	struct kb_diags *diags;
	struct kb_arena *scratch;
	struct kb_reader *reader;
	struct kb_check_moves *moves;
	struct kb_check_files *files;
	const struct style_rules *style;
	struct kb_memo *memo;
	char *linked;	  /* one per document: 1: nothing is wrong with its links */
	unsigned asked;	  /* about files that are linked to */
	unsigned guesses; /* made for the document so far */
};

void kb_check_audience(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_dates(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_diagrams(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_includes(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_links(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_locale(struct kb_checker *checker, const struct kb_document *doc);
/* Does the document of FAMILY in the locale, or in a fallback, have errors of its own, so
 * that it seems to be missing? */
bool kb_check_broken_there(
	struct kb_checker *checker, const struct kb_family *family, uint32_t locale);
/* Has a step of a translation the answers of its source's in another order? That is a
 * finding. Both have the same number of steps. */
bool kb_check_reordered(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_document *source);
void kb_check_people(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_reply(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_taxonomy(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_text(struct kb_checker *checker, const struct kb_document *doc);
void kb_check_workflow(struct kb_checker *checker, const struct kb_document *doc);

/* Of no one document: gaps in coverage, files of data, the theme, titles that are alike,
 * owners in the taxonomy, kb.yaml's redirects. */
void kb_check_coverage(struct kb_checker *checker);
void kb_check_data(struct kb_checker *checker);
void kb_check_names(struct kb_checker *checker);
void kb_check_theme(struct kb_checker *checker);
void kb_check_titles(struct kb_checker *checker);
void kb_check_owners(struct kb_checker *checker);
void kb_check_redirects(struct kb_checker *checker);

/* Answers that lead to a step that is gone were FOUND by reading: where it was renamed,
 * they get a hint and an edit. */
void kb_check_steps(struct kb_checker *checker, struct kb_diags *found);

/* What privacy.c looks for, as kb.yaml has it; faults of its expressions are findings. */
struct kb_privacy *kb_privacy_load(struct kb_checker *checker);
void kb_privacy_free(struct kb_privacy *privacy);
void kb_check_privacy_feedback(
	struct kb_checker *checker, const struct kb_privacy *privacy);

/* In one text, whose remarks these make: style goes to checker->diags. */
void kb_check_style(struct kb_checker *checker, const struct kb_document *doc,
	kb_str file, struct kb_md *md);
void kb_check_privacy(const struct kb_privacy *privacy, const struct kb_document *doc,
	struct kb_md *md, struct kb_arena *scratch, struct kb_diags *found);
/* Adds the finding for a remark of kb_check_privacy; false if it is another remark.
 */
bool kb_check_privacy_remark(struct kb_checker *checker, const struct kb_privacy *privacy,
	const struct kb_diag *remark);

/* texts.c: what the check that LIB was loaded with looks for, and what is wrong with its
 * rules. */
const struct kb_privacy *kb_check_texts_privacy(const struct kb_library *lib);
void kb_check_texts_report(const struct kb_library *lib, struct kb_diags *diags);

/* Adds what a broken target means, at RANGE of DOC; false when it is not broken. */
bool kb_check_target(struct kb_checker *checker, const struct kb_document *doc,
	kb_range range, const struct kb_target *target, kb_str dest, bool image);
/* Adds what it means that DOC, at RANGE, which AUDIENCE and those more trusted see, leads
 * to another document; replies and snippets have rules of their own. */
void kb_check_readers(struct kb_checker *checker, const struct kb_document *doc,
	kb_range range, unsigned audience, const struct kb_document *to);

/* hint.c */
/* May one more 'did you mean' be looked for in this document? Each takes a look at many
 * names, and after some dozens nobody reads them. */
bool kb_check_may_guess(struct kb_checker *checker);
/* Gives DIAG a hint with the name nearest to WORD (in FMT: %.*s); false: there is none.
 */
bool kb_check_hint_nearest(struct kb_checker *checker, struct kb_diag *diag,
	const char *fmt, kb_str word, const kb_str *names, size_t n);

/* Where the file went that DOC's link to PATH, a relative one, led to, as one writes it
 * in DOC; empty: it is not known. Not SURE: the one is only like the other. */
kb_str kb_check_moved(struct kb_checker *checker, const struct kb_document *doc,
	kb_str path, bool *sure);
/* The id of the heading that FRAGMENT named in DOC's older version, when DOC has the same
 * headings but for that one; empty: it is not known. */
kb_str kb_check_renamed(
	struct kb_checker *checker, const struct kb_document *doc, kb_str fragment);
/* What a link to ENTRY or an image of it means for readers. */
void kb_check_file(struct kb_checker *checker, const struct kb_document *doc,
	const struct kb_link *link, const struct kb_entry *entry, bool image);

/* cause.c: takes out what only follows from another finding. */
void kb_check_causes(struct kb_diags *diags);

#endif
