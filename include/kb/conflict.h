/*
 * Merge conflicts: if Git cannot merge two versions of a file, it leaves both in it,
 * between lines of '<<<<<<<', '=======' and '>>>>>>>'. Nobody has decided
 * which one is right, so kb uses nothing of such a file.
 */
#ifndef KB_CONFLICT_H
#define KB_CONFLICT_H

#include "kb/diag.h"

/* Finds the first line of the first conflict in TEXT, or the first marker that is left of
 * one outside fenced code. Returns false when TEXT has neither. A line of '=' without
 * the other markers is a heading. */
bool kb_conflict_find(kb_str text, kb_range *range);
/* The same; the finding (conflict-marker) goes to DIAGS. TEXT begins BASE bytes into the
 * file PATH. If the rule is switched off, the markers are content: it returns false. */
bool kb_conflict_check(kb_str text, uint32_t base, kb_str path, struct kb_diags *diags);

#endif
