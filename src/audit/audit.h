/* What the audit's checks share; private to src/audit. */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "kb/audit.h"
#include "kb/vec.h"

/* One per thread. */
struct auditor {
	const struct kb_library *lib;
	const struct kb_history *history;
	const struct kb_diags *broken; /* what validation found; or NULL */
	unsigned threads;	       /* of the audit, 0: one per core */
	struct kb_reader *reader;
	struct kb_arena *arena;	  /* owns the findings */
	struct kb_arena *scratch; /* reset after each document */
	struct {
		KB_VEC(struct kb_audit_finding);
	} found;
};

/* audit_finding.c */
/* Adds a finding on a document, or on none; message and fix are formatted. */
struct kb_audit_finding *audit_add(struct auditor *a, const struct kb_document *doc,
	enum kb_audit_kind kind, enum kb_severity severity, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void audit_fix(struct auditor *a, struct kb_audit_finding *finding, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A path as a shell takes it. */
kb_str audit_word(struct auditor *a, kb_str path);
/* "2026-08-10" */
kb_str audit_day(struct auditor *a, time_t t);
/* Days from one time to the other, by the calendar. */
int64_t audit_days(const struct auditor *a, time_t from, time_t to);
bool audit_unfinished(const struct kb_document *doc);

/* audit_document.c: what front matter and people tell. */
void audit_document(struct auditor *a, const struct kb_document *doc);
/* Has left, as a team's members all have; or is not known. And in words. */
bool audit_is_gone(const struct auditor *a, kb_str owner);
const char *audit_gone_how(const struct auditor *a, kb_str owner);
/* audit_versions.c: what former versions tell. */
void audit_versions(struct auditor *a, const struct kb_document *doc);
/* audit_issues.c */
void audit_issues(struct auditor *a);
/* audit_usage.c: what views, votes, searches and tickets tell. */
void audit_usage(struct auditor *a);
/* audit_feedback.c */
void audit_feedback(struct auditor *a);
/* audit_texts.c: what documents say alike, and what they say of one matter. Nothing where
 * validation was not asked for. */
void audit_texts(struct auditor *a);
/* A finding about an issue, or with NULL about no issue. */
struct kb_audit_finding *audit_add_issue(struct auditor *a, const struct kb_issue *issue,
	enum kb_audit_kind kind, enum kb_severity severity, kb_str message);
/* The value of 'audit: KEY' in kb.yaml, or NULL. */
const struct kb_node *audit_setting(const struct auditor *a, const char *key);

#endif
