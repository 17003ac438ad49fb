/* The search for what depends on a subject: what its parts share. */
#ifndef KB_DIFF_HUNT_H
#define KB_DIFF_HUNT_H

#include "kb/impact.h"

#include "phrase.h"

struct worker {
	struct kb_arena *arena;
	struct kb_reader *reader;
	kb_buf text;
};

struct hunt {
	const struct kb_library *lib;
	const struct kb_subject *subject;
	struct kb_arena *arena;
	struct phrase *phrase;
	struct worker *workers;
	struct found {
		KB_VEC(struct kb_touch);
	} * found; /* by document */
	struct found rest;
	bool *touched; /* by document: a snippet whose text depends on the subject */
};

struct search { /* in one document */
	struct hunt *hunt;
	const struct kb_document *doc;
	struct worker *worker;
	struct found *found;
};

struct kb_touch *hunt_add(struct search *s, enum kb_touch_kind kind, kb_range range);
/* Is it the document, or of the family, that is the subject? */
bool hunt_is_subject(const struct hunt *hunt, const struct kb_document *doc);
/* Does the target lead to the subject, as a reader of the link gets it? */
bool hunt_leads_there(const struct hunt *hunt, const struct kb_target *target);
/* Does an id in front matter or a map mean the subject, for a reader of LOCALE? */
bool hunt_names(const struct hunt *hunt, kb_str id, uint32_t locale);
/* Is it the subject, an issue, or one below it? *DETAIL: its present id. */
bool hunt_is_issue(const struct hunt *hunt, kb_str id, kb_str *detail);
bool hunt_is_member(const struct kb_person *team, kb_str id);
/* The person by name, or a team of theirs, which then is the touch's detail. */
bool hunt_is_person(const struct hunt *hunt, kb_str id, kb_str *detail);
/* What a search passes on to phrases: CTX is a struct search. */
void hunt_say(void *ctx, kb_range range, kb_str words);

/* impact_files.c: everything but documents: kb.yaml, taxonomy, people, feedback, golden
 * queries. */
void hunt_files(struct hunt *hunt);

#endif
