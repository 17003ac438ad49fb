/*
 * What a run of publishing did, or a dry run would do, for reports.
 */
#ifndef KB_PUBLISHED_H
#define KB_PUBLISHED_H

#include "kb/next_change.h"
#include "kb/value.h"

struct kb_published {
	const struct kb_library *lib;
	const struct kb_publish_options *options; /* With an arena, files are listed, */
	bool reasons;				  /* and text says why. */
	struct kb_publish_report report;
	size_t counts[KB_ERROR + 1]; /* Of findings, by severity. */
	struct kb_turn *turns;	     /* What the clock changes next. */
	size_t nturns;
};

/* Sets ROOT's keys as schemas/output/publish.json has them. SITE: what was published, and
 * not just what changes next. */
void kb_published_value(const struct kb_published *published, bool site,
	struct kb_arena *arena, struct kb_value *root);

#endif
