/*
 * Fixing: applies the edits of findings to their files.
 *
 * It works in rounds, because a fix may reveal another finding, and overlapping edits
 * wait for the next round. A library is loaded and checked, a round is applied, and the
 * new texts are put into the source (kb_source_replace), from which the next library is
 * loaded. Only certain edits are applied. If YAML could not be read or had new findings
 * after an edit, it stays as it was. A file whose fixes go in a circle is not changed.
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

/* Begins with no fixes. */
void kb_fix_init(struct kb_fix *fix);
/* Frees the fixes and the texts that they made. */
void kb_fix_dispose(struct kb_fix *fix);

/* Applies the edits of finished findings; TEXT gives the files that they are about.
 * Returns how many files changed. */
size_t kb_fix_round(struct kb_fix *fix, const struct kb_diag *const *findings, size_t n,
	kb_diag_text_fn *text, void *ctx);
/* A round on the content root's own files among PATHS, no links to others; LIB is NULL
 * when kb.yaml is broken. With HAS_CONFIG the configuration is not in the content root.
 * Returns false if nothing was fixed, or after the last round. */
bool kb_fix_content(struct kb_fix *fix, struct kb_source *source,
	const struct kb_library *lib, const struct kb_diags *findings,
	const kb_strs *paths, bool has_config);
/* The files that differ from what they were, sorted by path (in the fix's arena). */
size_t kb_fix_rewrites(struct kb_fix *fix, struct kb_rewrite **rewrites);
/* How many findings were fixed. */
size_t kb_fix_count(const struct kb_fix *fix);

#endif
