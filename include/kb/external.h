/*
 * External links: do the addresses on other sites still answer? kb asks each address
 * once, and reports the finding at each link to it.
 */
#ifndef KB_EXTERNAL_H
#define KB_EXTERNAL_H

#include "kb/http.h"
#include "kb/library.h"

struct kb_external_options {
	struct kb_http_options http;
	/* A file that keeps which addresses answered, for CACHE_HOURS; NULL: none. kb
	 * creates it if it is missing, and ignores it if it cannot be read or written. */
	const char *cache;
	unsigned cache_hours;
	/* Only links of documents for which this is true; NULL: of all. */
	bool (*wants)(void *ctx, kb_str path);
	void *wants_ctx;
};

struct kb_external_report {
	size_t links, addresses;
	size_t asked;  /* the others were in the cache */
	size_t silent; /* of those asked: no server said anything */
};

/* Adds a finding for each link that is broken or has moved. Fails if libcurl is not
 * installed. */
int kb_check_external(const struct kb_library *lib,
	const struct kb_external_options *options, struct kb_diags *diags,
	struct kb_external_report *report, struct kb_error *err);

#endif
