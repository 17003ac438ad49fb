/* What documents and issues belong to whom. */
#ifndef KB_OWNERS_H
#define KB_OWNERS_H

#include "kb/operand.h"
#include "kb/value.h"

struct kb_owner {
	kb_str id;			/* empty: documents of nobody */
	const struct kb_person *person; /* NULL: not in people.yaml */
	struct {
		KB_VEC(const struct kb_document *);
	} docs, deputies; /* in the order of their paths */
	struct {
		KB_VEC(const struct kb_issue *);
	} issues;
	unsigned overdue, never; /* of docs */
};

/* Which part is looked at; empty: all of it. */
struct kb_owners_wanted {
	const kb_strs *words; /* paths and ids of documents; with some, no issues */
	kb_strs owners, types, locales;
};

struct kb_owners {
	const struct kb_library *lib;
	struct kb_arena *arena;
	const struct kb_owners_wanted *wanted;
	kb_strs paths;		   /* the paths to report on; empty: all */
	KB_VEC(struct kb_owner *); /* those in people.yaml first and in its order, then
				    * who is not there, then nobody */
	kb_map by_id;
	struct kb_owner nobody;
};

/* Finds who owns something. -1: what is wanted is not there, and the message says what
 * may be meant. To be disposed of in any case. */
int kb_owners_find(struct kb_owners *owners, const struct kb_library *lib,
	const struct kb_owners_wanted *wanted, struct kb_arena *arena,
	struct kb_error *err);
void kb_owners_dispose(struct kb_owners *owners);
/* Sets ROOT's keys as schemas/output/owners.json has them. */
void kb_owners_value(
	const struct kb_owners *owners, struct kb_arena *arena, struct kb_value *root);

#endif
