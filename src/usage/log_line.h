/*
 * Lines of access logs: Apache's and nginx's combined and common format (with or without
 * a host in front), W3C's extended format as CloudFront and IIS write it, and JSON as
 * nginx, Caddy, CloudFront and Cloudflare write it. docs/statistics.md lists the fields.
 * Nobody's address is read.
 */
#ifndef USAGE_LOG_LINE_H
#define USAGE_LOG_LINE_H

#include <time.h>

#include "kb/stats.h"

struct log_request {
	time_t time;
	unsigned status;
	kb_str method, target; /* with the query */
	kb_str referer, agent;
	bool has_agent; /* The format has a field for it. */
};

enum log_result { LOG_REQUEST, LOG_NOTHING, LOG_BAD };

enum { W3C_FIELDS = 64 };

struct log_reader {
	enum kb_log_format format;
	struct kb_arena *arena;	    /* The memory of the last line. */
	uint8_t fields[W3C_FIELDS]; /* What each column holds. */
	size_t nfields;
	char separator;
};

void log_reader_init(struct log_reader *reader, enum kb_log_format format);
void log_reader_dispose(struct log_reader *reader);
/* The format of a file that begins with LINE; KB_LOG_AUTO: it is not a log. */
enum kb_log_format log_format_of(kb_str line);
/* Parts of the request are parts of LINE, or valid until the next call. With LOG_BAD,
 * *FAULT says why. */
enum log_result log_read(struct log_reader *reader, kb_str line,
	struct log_request *request, const char **fault);

#endif
