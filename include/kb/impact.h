/*
 * Impact: everything that a change would touch, so that it can be judged before it is
 * made. The change may be to a document or a snippet, a variable, an issue, a person or
 * team, or to a wording wherever it appears.
 *
 * What is found is a list of touches: a place in a file, and how it depends on the
 * subject, directly or through a snippet that it includes.
 */
#ifndef KB_IMPACT_H
#define KB_IMPACT_H

#include "kb/library.h"
#include "kb/tally.h"
#include "kb/value.h"

enum kb_subject_kind {
	KB_SUBJECT_DOCUMENT, /* a snippet, too */
	KB_SUBJECT_VARIABLE, /* or a group of them: "support" */
	KB_SUBJECT_ISSUE,    /* with those below it */
	KB_SUBJECT_PERSON,   /* or a team */
	KB_SUBJECT_PHRASE,
	KB_SUBJECT_KINDS
};

struct kb_subject {
	enum kb_subject_kind kind;
	kb_str name;			/* a variable's, an issue's id, the phrase */
	const struct kb_family *family; /* DOCUMENT */
	const struct kb_document *doc;	/* that one alone; NULL: the whole family */
	const struct kb_issue *issue;	/* ISSUE */
	const struct kb_person *person; /* PERSON */
};

enum kb_touch_kind {
	KB_TOUCH_LINK,
	KB_TOUCH_ANSWER, /* a workflow's answer hands the case over to it */
	KB_TOUCH_CALL,	 /* a workflow's step goes through it */
	KB_TOUCH_INCLUDE,
	KB_TOUCH_VARIABLE,
	KB_TOUCH_TRANSLATION, /* of it, or a locale's own version */
	KB_TOUCH_VARIANT,     /* replaces it in some regions */
	KB_TOUCH_RELATED,
	KB_TOUCH_MAP,	/* a process map or customer journey shows it */
	KB_TOUCH_ISSUE, /* is about it */
	KB_TOUCH_OWNER,
	KB_TOUCH_DEPUTY,
	KB_TOUCH_MEMBER,     /* a team that the person belongs to */
	KB_TOUCH_ESCALATION, /* a workflow hands cases to that team */
	KB_TOUCH_TEXT,	     /* says it */
	KB_TOUCH_REDIRECT,   /* kb.yaml leads an address to it */
	KB_TOUCH_TEST,	     /* a golden query wants it, or searches below it */
	KB_TOUCH_FEEDBACK,   /* an open report on it */
	KB_TOUCH_DEFAULT,    /* a mount of kb.yaml gives it to documents */
	KB_TOUCH_KINDS
};

struct kb_touch {
	enum kb_touch_kind kind;
	kb_str path;
	kb_range range;
	uint32_t line;		       /* from 1; 0: not known */
	const struct kb_document *doc; /* NULL: the file is not a document */
	const struct kb_document *via; /* the snippet through which, or NULL */
	kb_str owner;		       /* of the document or issue; may be empty */
	kb_str detail; /* the issue, team, variable or words in question */
};

struct kb_impact {
	struct kb_touch *items; /* by path, then place */
	size_t len;
	struct kb_count *owners; /* How many touches each has; an empty name: nobody. */
	size_t nowners;
	size_t documents; /* How many have a touch, */
	size_t through;	  /* and how many of these only through a snippet. */
};

/*
 * What WORD means: a document's path or id, a snippet's name, a variable, an issue (or
 * its alias), a person or team, else a phrase; *others is a set (1 << kind) of what
 * else it could mean, a phrase left out. KIND limits
 * the search to one kind; KB_SUBJECT_KINDS does not. Fails with KB_E_NOTFOUND if there is
 * no such subject.
 */
int kb_subject_find(const struct kb_library *lib, kb_str word, enum kb_subject_kind kind,
	struct kb_subject *out, unsigned *others, struct kb_error *err);

/* Finds all touches, with THREADS threads (0: one per core). Strings are in ARENA. */
void kb_impact_find(const struct kb_library *lib, const struct kb_subject *subject,
	unsigned threads, struct kb_arena *arena, struct kb_impact *out);

/* Sets ROOT's keys as schemas/output/impact.json has them. */
void kb_impact_value(const struct kb_library *lib, const struct kb_subject *subject,
	const struct kb_impact *impact, struct kb_arena *arena, struct kb_value *root);

/* The id or name of the subject, and its title, which may be empty. */
kb_str kb_subject_id(const struct kb_subject *subject);
kb_str kb_subject_title(const struct kb_library *lib, const struct kb_subject *subject);
/* "document", "variable", "issue", "person", "phrase". */
const char *kb_subject_name(enum kb_subject_kind kind);
/* A stable word ("link", "hand-over"), and a phrase for people ("links to it"). */
const char *kb_touch_name(enum kb_touch_kind kind);
const char *kb_touch_phrase(enum kb_touch_kind kind);

#endif
