/* Which requests count: docs/statistics.md says the rules. */
#ifndef USAGE_FILTER_H
#define USAGE_FILTER_H

#include "log_line.h"

enum request_visit {
	VISIT_OTHER,   /* Not a page that was shown: an error, a file, another method. */
	VISIT_PROGRAM, /* A robot's. */
	VISIT_PAGE,
	VISIT_VOTE,
	VISIT_SEARCH,
};

struct filter {
	struct kb_arena *arena;
	kb_map agents; /* to whether they are programs, of the first ones */
};

void filter_init(struct filter *filter);
void filter_dispose(struct filter *filter);
enum request_visit filter_visit(struct filter *filter, const struct log_request *request);
/* The words by which programs are known, and the ends of files that are not pages; N of
 * them. */
const char *const *filter_programs(size_t *n);
const char *const *filter_files(size_t *n);

/* The path of a request, without the query and the host. */
kb_str request_path(const struct log_request *request);
/* The value of a key of the query, decoded as a form; empty: none. */
kb_str request_value(
	const struct log_request *request, const char *key, struct kb_arena *arena);

#endif
