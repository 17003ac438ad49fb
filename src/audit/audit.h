/* What the audit's checks share; private to src/audit. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "kb/audit.h"
#include "kb/vec.h"

enum { AUDIT_DAY = 86400 };

struct auditor {
	const struct kb_library *lib;
	const struct kb_history *history;
	struct kb_arena *arena;	  /* of what is found */
	struct kb_arena *scratch; /* reset after each document */
	struct kb_mounts *mounts; /* for paths of former versions */
	struct {
		KB_VEC(struct kb_audit_finding);
	} found;
	uint32_t draft_days;
};

/* Adds a finding on a document; message and mend are formatted. */
struct kb_audit_finding *audit_add(struct auditor *a, const struct kb_document *doc,
	enum kb_audit_kind kind, enum kb_severity severity, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void audit_mend(struct auditor *a, struct kb_audit_finding *finding, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* "2026-08-10" */
kb_str audit_day(struct auditor *a, time_t t);
uint32_t audit_days_since(const struct auditor *a, time_t t);

/* audit_versions.c: what takes former versions. */
void audit_versions(struct auditor *a, const struct kb_document *doc);

#endif
