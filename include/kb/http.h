/*
 * Do web addresses answer? (libcurl's multi interface.)
 *
 * kb asks many addresses at once, but few per host. It sends HEAD first. If a server
 * answers that with an error, it sends GET and reads only the headers. After a temporary
 * failure (no answer, a reset, 429, 5xx) it waits as long as Retry-After says, within a
 * limit, and tries the host again. If a host answers for none of three pages, kb skips
 * the others. The environment's proxies are used. libcurl is loaded when it is needed.
 */
#ifndef KB_HTTP_H
#define KB_HTTP_H

#include "kb/error.h"
#include "kb/mem.h"

enum kb_http_outcome {
	KB_HTTP_OK,
	KB_HTTP_MOVED,	     /* it answers elsewhere, for good (301 or 308 all the way) */
	KB_HTTP_GONE,	     /* 404 or 410 */
	KB_HTTP_REFUSED,     /* 401, 403, 407: perhaps only to programs */
	KB_HTTP_UNREACHABLE, /* no answer, or none that is one */
	KB_HTTP_PRIVATE,     /* a private network address, which was not asked */
};

struct kb_http_probe {
	kb_str url; /* http: or https:, without a fragment */
	/* Set by kb_http_probe. */
	enum kb_http_outcome outcome;
	int status;	/* the last one; 0: none */
	kb_str moved;	/* KB_HTTP_MOVED: where to */
	kb_str message; /* why, as a phrase; empty when it is fine */
};

struct kb_http_options {
	unsigned parallel;	 /* 0: 16 */
	unsigned per_host;	 /* 0: 2 */
	unsigned timeout_ms;	 /* of one request; 0: 20,000 */
	unsigned retries;	 /* after the first try */
	unsigned retry_wait_ms;	 /* before the second try, doubled each time; 0: 1,000 */
	unsigned retry_limit_ms; /* what Retry-After may ask for; 0: 30,000 */
	bool allow_private;	 /* ask private network addresses, too */
	/* Called in the caller's thread, after each answer; may be NULL. */
	void (*progress)(void *ctx, size_t done, size_t n);
	void *ctx;
};

/* Asks for all addresses and sets their outcomes; strings are in ARENA. Fails if libcurl
 * is not installed. */
int kb_http_probe(struct kb_http_probe *probes, size_t n,
	const struct kb_http_options *options, struct kb_arena *arena,
	struct kb_error *err);

#endif
