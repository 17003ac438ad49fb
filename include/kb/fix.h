/*
 * Fixing: makes the edits of findings in their files.
 *
 * It goes in rounds, as what is fixed may bring out another finding, and edits in each
 * other's way wait for the next one: a library is loaded and checked, a round is made,
 * and the new texts are put into the source (kb_source_replace), from which the
 * next library is loaded. Only edits that are certain are made. YAML that could be
 * read, and could no more or gave new findings after a finding's edits, stays as it
 * is; a file whose fixes lead in a circle gets none.
 */
#ifndef KB_FIX_H
#define KB_FIX_H

#include "kb/library.h"
#include "kb/rewrite.h"

struct kb_fix {
	struct kb_arena *arena;
	KB_VEC(struct kb_fix_file *); /* in the order of their first fix */
	kb_map by_path;
	unsigned rounds; /* of kb_fix_content */
};

struct kb_fix_file {
	struct kb_rewrite rewrite; /* before == after: it did not change */
	size_t fixed;		   /* findings */
	kb_strs seen;		   /* the texts it had */
	bool circular;
};

void kb_fix_init(struct kb_fix *fix);
void kb_fix_dispose(struct kb_fix *fix);

/* Makes the edits of finished findings of one state; TEXT gives the files of that state.
 * Returns how many files changed. */
size_t kb_fix_round(struct kb_fix *fix, const struct kb_diag *const *findings, size_t n,
	kb_diag_text_fn *text, void *ctx);
/* A round on the content root's own files among PATHS, no links to others; LIB is NULL
 * when kb.yaml is broken. With HAS_CONFIG the configuration is not in the content root.
 * False: nothing was fixed, or enough rounds were made. */
bool kb_fix_content(struct kb_fix *fix, struct kb_source *source,
	const struct kb_library *lib, const struct kb_diags *findings,
	const kb_strs *paths, bool has_config);
/* The files that differ from what they were, sorted by path (in the fix's arena). */
size_t kb_fix_rewrites(struct kb_fix *fix, struct kb_rewrite **rewrites);
size_t kb_fix_count(const struct kb_fix *fix);

#endif
