/* Who owns which documents and issues. */
#ifndef KB_OWNERS_H
#define KB_OWNERS_H

#include "kb/operand.h"
#include "kb/value.h"

struct kb_owner {
	kb_str id;			/* empty: documents without an owner */
	const struct kb_person *person; /* NULL: not in people.yaml */
	struct {
		KB_VEC(const struct kb_document *);
	} docs, deputies; /* in the order of their paths */
	struct {
		KB_VEC(const struct kb_issue *);
	} issues;
	unsigned overdue, never; /* of docs */
};

/* What to report on; empty: everything. */
struct kb_owners_wanted {
	const kb_strs *words; /* paths and ids of documents; with some, no issues */
	kb_strs owners, types, locales;
};

struct kb_owners {
	const struct kb_library *lib;
	struct kb_arena *arena;
	const struct kb_owners_wanted *wanted;
	kb_strs paths;		   /* the paths to report on; empty: all */
	KB_VEC(struct kb_owner *); /* those in people.yaml first, in its order, then
				    * unknown ids, then no owner */
	kb_map by_id;
	struct kb_owner nobody;
};

/* Finds the owners. Fails if WANTED names something that does not exist; the message
 * suggests names. Dispose of OWNERS even if it fails. */
int kb_owners_find(struct kb_owners *owners, const struct kb_library *lib,
	const struct kb_owners_wanted *wanted, struct kb_arena *arena,
	struct kb_error *err);
/* Frees the lists; their strings are in the arena. */
void kb_owners_dispose(struct kb_owners *owners);
/* Sets ROOT's keys as schemas/output/owners.json has them. */
void kb_owners_value(
	const struct kb_owners *owners, struct kb_arena *arena, struct kb_value *root);

#endif
