/*
 * Merge conflicts: where two versions of a file could not be joined, Git leaves both in
 * it, between lines of '<<<<<<<', '=======' and '>>>>>>>'. Nobody decided which of them
 * is right, so nothing of such a file can be used.
 */
#ifndef KB_CONFLICT_H
#define KB_CONFLICT_H

#include "kb/diag.h"

/* Finds the first line of the first conflict in TEXT, or the first marker that is left of
 * one outside fenced code. Returns false when TEXT has neither. A line of '=' alone is a
 * heading. */
bool kb_conflict_find(kb_str text, kb_range *range);
/* The same; the finding (conflict-marker) goes to DIAGS. TEXT begins BASE bytes into the
 * file PATH. Where the rule is switched off, the markers are content: false. */
bool kb_conflict_check(kb_str text, uint32_t base, kb_str path, struct kb_diags *diags);

#endif
