/*
 * Validation: everything that can be wrong with a library's content beyond what
 * reading it found. One file a rule family in src/check; a document's findings
 * depend on the library alone, so documents are checked in parallel.
 */
#ifndef KB_CHECK_H
#define KB_CHECK_H

#include "kb/library.h"

struct kb_check_options {
	unsigned threads;
};

/* Adds findings for the whole library; the caller picks those of the paths it wants. */
void kb_check(const struct kb_library *lib, const struct kb_check_options *options,
	struct kb_diags *diags);

#endif
