/* The search for what depends on a subject: what its parts share. */
#ifndef KB_DIFF_TOUCH_H
#define KB_DIFF_TOUCH_H

#include "kb/impact.h"

#include "phrase.h"

struct impact_worker {
	struct kb_arena *arena;
	struct kb_reader *reader;
	kb_buf text;
};

struct impact_run {
	const struct kb_library *lib;
	const struct kb_subject *subject;
	struct kb_arena *arena;
	struct phrase *phrase;
	struct impact_worker *workers;
	struct touches {
		KB_VEC(struct kb_touch);
	} * found; /* by document */
	struct touches rest;
	bool *touched; /* by document: a snippet whose text depends on the subject */
};

struct impact_search { /* in one document */
	struct impact_run *run;
	const struct kb_document *doc;
	struct impact_worker *worker;
	struct touches *found;
};

struct kb_touch *touch_add(
	struct impact_search *s, enum kb_touch_kind kind, kb_range range);
/* Is it the document, or of the family, that is the subject? */
bool touch_is_subject(const struct impact_run *run, const struct kb_document *doc);
/* Does the target lead to the subject, as a reader of the link gets it? */
bool touch_leads_there(const struct impact_run *run, const struct kb_target *target);
/* Does an id in front matter or a map mean the subject, for a reader of LOCALE? */
bool touch_names(const struct impact_run *run, kb_str id, uint32_t locale);
/* Is it the subject, an issue, or one below it? *DETAIL: its present id. */
bool touch_is_issue(const struct impact_run *run, kb_str id, kb_str *detail);
bool touch_is_member(const struct kb_person *team, kb_str id);
/* The person by name, or a team of theirs, which then is the touch's detail. */
bool touch_is_person(const struct impact_run *run, kb_str id, kb_str *detail);
/* What a search passes on to phrases: CTX is a struct impact_search. */
void touch_say(void *ctx, kb_range range, kb_str words);

/* impact_files.c: everything but documents: kb.yaml, taxonomy, people, feedback, golden
 * queries. */
void touch_files(struct impact_run *run);

/* impact_sum.c: counts owners and documents. */
void touch_sum(struct kb_arena *arena, struct kb_impact *impact);

#endif
