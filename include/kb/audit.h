/*
 * The audit finds stale and missing content. It uses front matter, the taxonomy, people
 * and the history. Each finding names its owner and how to fix it.
 *
 * It is about the state of content at a moment (the library's `now`), never about the
 * person who wrote it. What a shallow clone does not know is left out.
 */
#ifndef KB_AUDIT_H
#define KB_AUDIT_H

#include "kb/history.h"
#include "kb/library.h"
#include "kb/value.h"

enum kb_audit_kind {
	KB_AUDIT_UNREADABLE,   /* a document's front matter */
	KB_AUDIT_TICKETS_GAP,  /* tickets on an issue that has no content */
	KB_AUDIT_TICKETS_STAY, /* many tickets although content exists */
	KB_AUDIT_NO_RESULTS,   /* searches that found nothing */
	KB_AUDIT_UNHELPFUL,    /* many votes, and few of them say that it helped */
	KB_AUDIT_NO_VIEWS,
	KB_AUDIT_FEEDBACK, /* open for too long */
	KB_AUDIT_OVERDUE,  /* its review is due */
	KB_AUDIT_NEVER,	   /* never reviewed */
	KB_AUDIT_CHANGED,  /* in substance since its review */
	KB_AUDIT_DRAFT,	   /* draft or in review for too long */
	KB_AUDIT_EXPIRED,  /* expires_at is over */
	KB_AUDIT_EMBARGO,  /* publish_at is over, and it is not published */
	KB_AUDIT_NO_OWNER,
	KB_AUDIT_OWNER_GONE, /* unknown, or has left; of an issue, too */
	KB_AUDIT_NO_DEPUTY,  /* the owner is away, and there is no deputy */
	KB_AUDIT_BROKEN_LINK,
	KB_AUDIT_TRANSLATION_BEHIND,
	KB_AUDIT_TRANSLATION_MISSING, /* audit.translations asks for it */
	KB_AUDIT_GAP,		      /* an issue lacks what it needs */
	KB_AUDIT_NUMBERS,   /* another document on the issue has other numbers */
	KB_AUDIT_DUPLICATE, /* another document has nearly the same text */
	KB_AUDIT_KINDS
};
/* A stable word ("review-overdue"), and a heading for people ("Review overdue"). */
const char *kb_audit_name(enum kb_audit_kind kind);
const char *kb_audit_title(enum kb_audit_kind kind);

struct kb_audit_finding {
	enum kb_audit_kind kind;
	enum kb_severity severity;
	const struct kb_document *doc; /* NULL: about an issue */
	const struct kb_issue *issue;  /* NULL: about a document */
	uint32_t locale; /* the document's, or the one that lacks something; KB_NONE */
	kb_str path;	 /* the file to look at; it fixes most of them */
	uint32_t line;	 /* 0: none */
	kb_str owner;	 /* an id; may be empty */
	kb_str message;	 /* without its subject: "its review was due on 2026-08-10" */
	kb_str fix;	 /* a command, or what to do */
	uint32_t days;	 /* for how many days; 0: unknown */
	uint64_t cases;	 /* tickets, searches or votes; 0: none */
};

struct kb_audit {
	struct kb_audit_finding *items; /* by severity, kind, cases, days, path */
	size_t len;
	size_t counts[KB_AUDIT_KINDS]; /* Set by kb_audit_choose, */
	size_t documents;	       /* and so is how many were looked at. */
};

/* Finds everything. BROKEN has validation's finished findings, for broken links; if it is
 * NULL, links and near-duplicates are not checked. HISTORY may be empty. Strings are in
 * ARENA or borrowed from LIB and BROKEN. */
void kb_audit_find(const struct kb_library *lib, const struct kb_history *history,
	const struct kb_diags *broken, unsigned threads, struct kb_arena *arena,
	struct kb_audit *out);

/* How well content is maintained: 100 without findings, less for each finding. */
struct kb_audit_score {
	const struct kb_document *doc; /* or NULL, */
	const struct kb_person *team;  /* of a team; NULL: of all documents */
	unsigned points;
	unsigned documents; /* of a team: how many count */
};
struct kb_audit_scores {
	struct kb_audit_score all;
	struct kb_audit_score *documents; /* those below 100, the lowest first */
	size_t ndocuments;
	struct kb_audit_score *teams; /* the lowest first */
	size_t nteams;
};
extern const char kb_audit_formula[];
/* Computes scores from all findings: call it before kb_audit_choose. People have no score
 * of their own; their documents count for their teams. */
void kb_audit_score(const struct kb_library *lib, const struct kb_audit *audit,
	struct kb_arena *arena, struct kb_audit_scores *out);

struct kb_audit_filter {
	const kb_strs *owners;	      /* None: whoever owns it. */
	const struct kb_issue *issue; /* This one and those below it; NULL: any. */
	uint32_t locale;	      /* KB_NONE: any. */
	enum kb_severity least;
};
/* Keeps only the findings that FILTER asks for, and counts them. */
void kb_audit_choose(const struct kb_library *lib, const struct kb_audit_filter *filter,
	struct kb_audit *audit);
/* Sets ROOT's keys as schemas/output/audit.json has them. SUMMARY: no findings and no
 * scores of documents. */
void kb_audit_value(const struct kb_library *lib, const struct kb_audit *audit,
	const struct kb_audit_scores *scores, bool summary, struct kb_arena *arena,
	struct kb_value *root);

#endif
