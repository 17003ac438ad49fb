/*
 * The trend: what an audit would have said at the end of each of the last months. It is
 * computed again from history, so it needs no records. Links and likenesses of texts are
 * left out, as they would take long.
 */
#ifndef KB_AUDIT_TREND_H
#define KB_AUDIT_TREND_H

#include "kb/audit.h"

enum { KB_TREND_MONTHS = 12 };

struct kb_audit_month {
	kb_str name; /* "2026-11" */
	bool known;  /* There was content, and the history has it. */
	size_t documents, findings;
	size_t counts[KB_AUDIT_KINDS];
	unsigned score;
};

/* The last one is the month of the library's clock, as things are now. */
void kb_audit_trend(const struct kb_library *lib, const struct kb_history *history,
	unsigned threads, struct kb_arena *arena,
	struct kb_audit_month months[KB_TREND_MONTHS]);

#endif
