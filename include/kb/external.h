/*
 * External links: does what content links to on other sites still answer? Each address is
 * asked once, whatever the number of links to it, and each link gets the finding.
 */
#ifndef KB_EXTERNAL_H
#define KB_EXTERNAL_H

#include "kb/http.h"
#include "kb/library.h"

struct kb_external_options {
	struct kb_http_options http;
	/* A file that remembers which addresses answered, and for how long that is
	 * believed; NULL: none. It is made when it is missing, and one that cannot be
	 * read or written is left alone. */
	const char *cache;
	unsigned cache_hours;
	/* Only links of documents for which this is true; NULL: of all. */
	bool (*wants)(void *ctx, kb_str path);
	void *wants_ctx;
};

struct kb_external_report {
	size_t links, addresses;
	size_t asked;  /* the rest is known from the cache */
	size_t silent; /* of those asked: no server said anything */
};

/* -1 when libcurl is not there. */
int kb_check_external(const struct kb_library *lib,
	const struct kb_external_options *options, struct kb_diags *diags,
	struct kb_external_report *report, struct kb_error *err);

#endif
